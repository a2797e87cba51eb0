// Recordings are verified again while nobody waits for anything: those verified longest ago first, a bounded amount at a time, when the
// library is opened and daily after that. A recording that is opened and was not verified for a day is verified then, once a run.
// What is found stands in the custody log, and on the proof card.

import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { verifySteps, type Library, type SessionRow, type TreeCheck } from '../library/library.ts';

const DAY_MS = 86_400_000;
/** A recording that was verified this long ago is verified again. */
const DUE_MS = 7 * DAY_MS;
/** Work of one sweep: what is left is the next one's. */
const SWEEP_RECORDINGS = 200;
const SWEEP_BYTES = 512 * 1024 * 1024;
/** How long other work, and whoever looks at recordings, is waited for before another look. */
const LOOK_MS = 1000;

export interface SweepDeps {
  readonly library: Library;
  /** Whether others are at work: the sweep waits. */
  readonly isBusy: () => boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallClock: () => number;
  readonly actor: string;
  readonly purpose: () => string;
  /** It ended by a fault of ours. */
  readonly failed: (error: unknown) => void;
  /** A recording was verified. */
  readonly verified: (session: SessionRow, check: TreeCheck) => void;
}

export interface Sweep {
  /** Something of a recording was asked for: somebody is looking at it, and may be seeking. */
  opened(session: SessionRow): void;
  /** Verifies what is due, now. */
  run(): Promise<void>;
  /** Ends it; resolves when nothing is read any more. */
  close(): Promise<void>;
}

/** Writes into the custody log that a recording was verified, and why. */
export function enterVerified(
  { library, actor, purpose }: Pick<SweepDeps, 'library' | 'actor' | 'purpose'>,
  session: SessionRow,
  { records, bytes, failures }: TreeCheck,
  cause: 'asked' | 'sweep' | 'opened',
): void {
  const details = { records, bytes, failures: failures.length, ...(cause === 'asked' ? {} : { cause }) };
  library.custody.append({ actor, action: 'verify', subject: session.id, purpose: purpose(), details });
}

export function createSweep(deps: SweepDeps): Sweep {
  const { library, isBusy, wallClock, verified } = deps;
  const closing = new AbortController();
  const { signal } = closing;
  const looked = new Set<number>();
  let work: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  /** Something was asked for since the last look. */
  let asked = false;

  const before = (ms: number): string => new Date(wallClock() - ms).toISOString();

  const isQuiet = async (): Promise<boolean> => {
    await turn();
    while ((isBusy() || asked) && !signal.aborted) {
      asked = false;
      await pause(LOOK_MS, undefined, { ref: false, signal }).catch(() => undefined);
    }
    return !signal.aborted;
  };

  /** Null where it was ended before. */
  const verify = async (listed: SessionRow, cause: 'sweep' | 'opened'): Promise<TreeCheck | null> => {
    const session = library.sessions.byKey(listed.key) ?? listed;
    const steps = verifySteps(library, session);
    while (await isQuiet()) {
      const { done, value } = steps.next();
      if (done !== true) continue;
      // A session that is being followed may have grown meanwhile: what was compared was no longer all of it.
      if (library.sessions.byKey(session.key)?.records !== session.records) return value;
      enterVerified(deps, session, value, cause);
      verified(session, value);
      return value;
    }
    return null;
  };

  const sweep = async (): Promise<void> => {
    let bytes = 0;
    for (const key of library.verified.due(before(DUE_MS), SWEEP_RECORDINGS)) {
      const session = library.sessions.byKey(key);
      if (bytes > SWEEP_BYTES || signal.aborted) return;
      if (session !== null) bytes += (await verify(session, 'sweep'))?.bytes ?? 0;
    }
  };

  /** One thing at a time. What is wrong with stored bytes is a finding; any other fault ends this piece of work. */
  const then = (next: () => Promise<unknown>): Promise<void> => {
    const earlier = work;
    const run = async (): Promise<void> => {
      await earlier;
      try {
        if (!signal.aborted) await next();
      } catch (error) {
        deps.failed(error);
      }
    };
    work = run();
    return work;
  };

  const schedule = (ms: number): void => {
    timer = setTimeout(() => {
      void then(sweep);
      schedule(DAY_MS);
    }, ms);
    // It keeps no program from ending.
    timer.unref();
  };
  schedule(LOOK_MS);

  return {
    opened: (session) => {
      asked = true;
      if (looked.has(session.key)) return;
      looked.add(session.key);
      const last = library.verified.last(session.id)?.at ?? session.acquiredAt;
      if (last < before(DAY_MS)) void then(() => verify(session, 'opened'));
    },
    run: () => then(sweep),
    close: async () => {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
      await work;
    },
  };
}
