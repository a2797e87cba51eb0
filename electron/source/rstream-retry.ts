// Repeats what may pass: a bounded number of times, after pauses that grow and are random, so that many clients do not come back at
// once ("full jitter"), or after the pause that the server asked for (Retry-After, RFC 9110 section 10.2.3), within a bound.

import { SourceError, type SourceFault } from './rstream-fault.ts';
import type { RequestLimits } from './rstream-limits.ts';

/** Faults of a moment. */
const PASSING: readonly SourceFault[] = ['rate-limited', 'unavailable', 'timeout', 'connection', 'cut', 'not-json'];

export interface Pauses {
  readonly wallClock: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A fault of one attempt, and what the server said about when to come back. */
export class AttemptFault extends Error {
  readonly error: SourceError;
  readonly retryAfter: string | null;

  constructor(error: SourceError, retryAfter: string | null) {
    super(error.message);
    this.error = error;
    this.retryAfter = retryAfter;
  }
}

/** Milliseconds that a `Retry-After` asks for, or null where it cannot be read. */
export function readRetryAfter(value: string, now: number): number | null {
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * Runs `attempt` until it succeeds, fails in a way that stays, or was run `limits.attempts` times. One that may have changed
 * something at the server (`isRepeatable` false) is repeated only where the server said that it did nothing.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  isRepeatable: boolean,
  limits: RequestLimits,
  { wallClock, random, sleep }: Pauses,
  signal: AbortSignal,
): Promise<T> {
  for (let repetition = 1; ; repetition += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof AttemptFault)) throw thrown;
      const { error, retryAfter } = thrown;
      const mayPass = isRepeatable ? PASSING.includes(error.fault) : error.fault === 'rate-limited';
      if (!mayPass || repetition >= limits.attempts) throw repetition === 1 ? error : afterAll(error, repetition);
      const asked = retryAfter === null ? null : readRetryAfter(retryAfter, wallClock());
      const most = Math.min(limits.mostPauseMs, limits.pauseMs * 2 ** (repetition - 1));
      await sleep(asked === null ? random() * most : Math.min(asked, limits.mostRetryAfterMs), signal);
    }
  }
}

function afterAll({ fault, what, why, todo, status, cause }: SourceError, attempts: number): SourceError {
  return new SourceError(fault, what, `${why}; tried ${String(attempts)} times`, todo, status, cause);
}
