// What every synchronisation has in common: a few sessions at a time, live ones looked at again and again, results by session, and an end
// where the source does not answer or nothing can be kept. A session that fails names its reason and stops no other.

import { ExhibitError, asExhibitError, type Failure } from '../../shared/api/errors.ts';
import type { SyncedSession } from '../../shared/api/source-shapes.ts';
import { SourceError } from '../source/source.ts';
import type { Acquirer } from './input-slices.ts';

/** Sessions that are read at the same time. */
const CONCURRENCY = 4;

/** Milliseconds between two looks at a live session: the pause grows while nothing comes. */
const SHORTEST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

/** So many looks in a row at a live session may go unanswered: a source may be away for minutes. */
const MAX_MISSES = 20;

/** So many sessions in a row that fail because the source does not answer end the run. */
const MAX_SILENT = 8;

/** Numbers to add to those before; `total` is told once. */
export interface SyncChange {
  readonly total?: number;
  readonly sessions?: number;
  readonly events?: number;
  readonly bytes?: number;
  readonly following?: number;
  readonly failed?: number;
}

export interface SyncResult {
  readonly sessions: readonly SyncedSession[];
  /** Why the run ended before its end, or null. */
  readonly failure: Failure | null;
  /** What the source does not give at all, where the rest came: a right that is missing. */
  readonly lacks: readonly Failure[];
}

export interface RunDeps extends Acquirer {
  /** Reads these sessions alone, by their ids at the source, without asking for a list. */
  readonly only?: readonly string[] | undefined;
  /** Whether live sessions are read on, or waited for, until they end. */
  readonly follow: boolean;
  /** Whether what is kept already is read again and compared. */
  readonly recheck: boolean;
  readonly signal: AbortSignal;
  /** Rejects when the signal ends it. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly progress: (change: SyncChange) => void;
  /** A session is new or has grown, and stands for now. */
  readonly changed: (id: string) => void;
}

/** What came of a session up to a failure. */
type SoFar = Pick<SyncedSession, 'id' | 'events' | 'discrepancies'>;

/** Lets so many in at a time. */
class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(free: number) {
    this.#free = free;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** Faults that say that the source does not answer. */
const SILENT: ReadonlySet<SourceError['fault']> = new Set(['connection', 'timeout', 'tls', 'unavailable', 'rate-limited']);

const isSilence = (error: unknown): boolean => error instanceof SourceError && SILENT.has(error.fault);

const CANCELLED = new ExhibitError('cancelled', 'synchronise', 'it was ended', 'synchronise again: it goes on where it stood');

export const NOTHING = { events: 0, discrepancies: 0, failure: null } as const;

export class SyncRun {
  /** Ends with the run, whatever ends it. */
  readonly signal: AbortSignal;
  readonly #deps: RunDeps;
  readonly #gate = new Gate(CONCURRENCY);
  readonly #results = new Map<string, SyncedSession>();
  readonly #followers: Promise<void>[] = [];
  readonly #lacks = new Map<string, Failure>();
  readonly #stop = new AbortController();
  #failure: Failure | null = null;
  #silent = 0;

  constructor(deps: RunDeps) {
    this.#deps = deps;
    this.signal = AbortSignal.any([deps.signal, this.#stop.signal]);
  }

  /** Works on all of them in their order, a few at a time, as long as the run goes on. */
  async each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const waiting = items.values();
    const worker = async (): Promise<void> => {
      for (const item of waiting) {
        if (this.signal.aborted) return;
        await this.#gate.pass(() => work(item));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  /** Looks at a live session until `look` says that it is over; a source that is away for minutes ends nothing. */
  follow(nativeId: string, look: () => Promise<{ readonly over: boolean; readonly news: boolean }>, soFar: () => SoFar): void {
    this.#followers.push(this.#looked(nativeId, look, soFar));
  }

  async #looked(
    nativeId: string,
    look: () => Promise<{ readonly over: boolean; readonly news: boolean }>,
    soFar: () => SoFar,
  ): Promise<void> {
    const { sleep, progress } = this.#deps;
    progress({ following: 1 });
    try {
      let misses = 0;
      for (let pause = SHORTEST_PAUSE; ;) {
        await sleep(pause, this.signal);
        const seen = await this.#gate.pass(look).catch((error: unknown) => {
          misses += 1;
          if (isSilence(error) && misses < MAX_MISSES && !this.signal.aborted) return null;
          throw error;
        });
        if (seen === null) {
          pause = LONGEST_PAUSE;
          continue;
        }
        misses = 0;
        if (seen.over) return;
        pause = seen.news ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, pause * 1.5);
      }
    } catch (error) {
      // Whoever ends the run ends the following only: the session was read as far as it had come.
      if (!this.signal.aborted) this.fail(nativeId, soFar(), error);
    } finally {
      progress({ following: -1 });
    }
  }

  /** The source answered about a session. */
  answered(): void {
    this.#silent = 0;
  }

  tell(session: Omit<SyncedSession, 'source'>): void {
    const { id, outcome, failure } = session;
    this.#results.set(session.nativeId, { source: this.#deps.source, ...session });
    if (failure !== null) this.#deps.progress({ failed: 1 });
    if (id !== null && (outcome === 'new' || outcome === 'grown')) this.#deps.changed(id);
  }

  fail(nativeId: string, soFar: SoFar, thrown: unknown): void {
    const cancelled = this.signal.aborted;
    const error = cancelled ? CANCELLED : asExhibitError(thrown, `synchronise session ${nativeId}`);
    const outcome = cancelled ? 'cancelled' : 'failed';
    this.#results.set(nativeId, { source: this.#deps.source, nativeId, ...soFar, outcome, failure: error.failure });
    if (soFar.id !== null && soFar.events > 0) this.#deps.changed(soFar.id);
    if (cancelled) return;
    this.#deps.progress({ failed: 1 });
    this.#silent = isSilence(error) ? this.#silent + 1 : 0;
    const isHopeless = error instanceof SourceError && error.fault === 'unauthorized';
    if (isHopeless || this.#silent >= MAX_SILENT || error.kind === 'disk' || error.kind === 'damaged') {
      this.#failure ??= error.failure;
      this.#stop.abort();
    }
  }

  /** Something that the source does not give at all, said once. */
  lack(error: ExhibitError): void {
    this.#lacks.set(error.message, error.failure);
  }

  /** Resolves when nothing is followed any more. */
  async followed(): Promise<void> {
    await Promise.all(this.#followers);
  }

  result(): SyncResult {
    if (this.#deps.signal.aborted) this.#failure ??= CANCELLED.failure;
    return { sessions: [...this.#results.values()], failure: this.#failure, lacks: [...this.#lacks.values()] };
  }
}
