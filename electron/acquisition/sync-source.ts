// Synchronises a source: asks for its sessions, passes over those that are kept and over, and reads the others, a few at a time. Live
// ones are followed until they end. A session that fails names its reason and stops no other; a source that does not answer stops all.

import { ExhibitError, asExhibitError, type Failure } from '../../shared/api/errors.ts';
import type { SyncedSession } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import type { Library } from '../library/library.ts';
import { SourceError, type Answer, type Rstream, type SessionFilter } from '../source/source.ts';
import type { Recipient } from './sync-documents.ts';
import { jcsDigest } from './sync-elements.ts';
import { hasEnded, sessionFingerprint, SessionKeeper } from './sync-keeper.ts';
import { SessionSync, type SessionDeps } from './sync-session.ts';

/** Sessions that are read at the same time. */
const CONCURRENCY = 4;

/** Milliseconds between two looks at a live session: the pause grows while nothing comes. */
const SHORTEST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

/** So many looks in a row at a live session may go unanswered: a source may be away for minutes. */
const MAX_MISSES = 20;

/** So many sessions in a row that fail because the source does not answer end the run. */
const MAX_SILENT = 8;

export interface SyncDeps {
  readonly library: Library;
  /** Name of the source. */
  readonly source: string;
  readonly client: Rstream;
  readonly filter: SessionFilter;
  /** Whether live sessions are read on until they end. */
  readonly follow: boolean;
  /** Whether sessions that are kept already are read again and compared. */
  readonly recheck: boolean;
  /** The keys of this machine that may open sessions of a workspace, or of none. */
  readonly recipients: (workspaceId: string | null) => readonly Recipient[];
  /** RFC 3339, UTC. */
  readonly now: () => string;
  readonly actor: string;
  readonly purpose: string;
  readonly signal: AbortSignal;
  /** Rejects when the signal ends it. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly progress: (change: SyncChange) => void;
  /** A session is new or has grown, and stands for now. */
  readonly changed: (id: string) => void;
}

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
}

interface Listed {
  readonly id: string;
  readonly object: JsonObject | null;
}

function listedSessions({ bytes }: Answer): Listed[] {
  const parsed = parseJson(bytes);
  const list: readonly unknown[] = parsed.kind === 'value' && Array.isArray(parsed.value) ? parsed.value : [];
  const found = new Map<string, Listed>();
  for (const object of list) {
    const id = isObject(object) ? textOf(object, 'id') : undefined;
    if (id !== undefined && !found.has(id)) found.set(id, { id, object: object as JsonObject });
  }
  return [...found.values()];
}

/** Whether the library has all of a session that is listed like this. */
function isKept(library: Library, source: string, { id, object }: Listed): boolean {
  const known = library.acquisitions.find(source, sessionFingerprint(id));
  if (known?.state === 'purged') return true;
  if (known?.state !== 'complete' || object === null || !hasEnded(object)) return false;
  const { growing, listed, kept } = library.synced.state(known.key);
  const digest = jcsDigest(object);
  return !growing && [listed, kept].some((before) => before !== null && digest.equals(before));
}

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

/** Throws where the list of sessions cannot be had. */
export async function syncSource(deps: SyncDeps): Promise<SyncResult> {
  const { library, source, client, signal } = deps;
  const listed = listedSessions(await client.sessions(deps.filter, signal));
  if (Object.values(deps.filter).every((value) => value === undefined)) {
    const known = new Set(listed.map(({ id }) => id));
    // What was begun and is not listed any more has ended at its source, or its retention has.
    for (const id of library.synced.unfinished(source)) if (!known.has(id)) listed.push({ id, object: null });
  }
  deps.progress({ total: listed.length });
  return new Run(deps, listed).run();
}

class Run {
  readonly #deps: SyncDeps;
  readonly #listed: readonly Listed[];
  readonly #gate = new Gate(CONCURRENCY);
  readonly #results = new Map<string, SyncedSession>();
  readonly #followers: Promise<void>[] = [];
  readonly #groups = new Map<string, Promise<Answer>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #failure: Failure | null = null;
  #silent = 0;

  constructor(deps: SyncDeps, listed: readonly Listed[]) {
    this.#deps = deps;
    this.#listed = listed;
    this.#signal = AbortSignal.any([deps.signal, this.#stop.signal]);
  }

  async run(): Promise<SyncResult> {
    const waiting = this.#listed.values();
    const worker = async (): Promise<void> => {
      for (const listed of waiting) {
        if (this.#signal.aborted) return;
        await this.#gate.pass(() => this.#session(listed));
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    await Promise.all(this.#followers);
    if (this.#deps.signal.aborted) this.#failure ??= CANCELLED.failure;
    return { sessions: [...this.#results.values()], failure: this.#failure };
  }

  #sessionDeps(): SessionDeps {
    const { library, source, client, now, actor, purpose, recipients, recheck, progress } = this.#deps;
    const signal = this.#signal;
    const group = (id: string): Promise<Answer> => {
      const asked = this.#groups.get(id) ?? client.group(id, signal);
      this.#groups.set(id, asked);
      return asked;
    };
    const received = (events: number, bytes: number): void => progress({ events, bytes });
    return { library, source, client, now, actor, purpose, recipients, recheck, signal, received, group };
  }

  async #session(listed: Listed): Promise<void> {
    const { library, source, recheck, follow, progress } = this.#deps;
    const { id, object } = listed;
    if (!recheck && isKept(library, source, listed)) {
      const known = library.acquisitions.find(source, sessionFingerprint(id));
      this.#results.set(id, { ...NOTHING, source, nativeId: id, id: known?.sessionIds[0] ?? null, outcome: 'unchanged' });
      progress({ sessions: 1 });
      return;
    }
    let sync: SessionSync | null = null;
    let wasShown = false;
    try {
      const keeper = SessionKeeper.open(this.#sessionDeps(), id);
      if (keeper === null) {
        this.#results.set(id, { ...NOTHING, source, nativeId: id, id: null, outcome: 'unchanged' });
        return;
      }
      wasShown = keeper.id !== null;
      sync = new SessionSync(this.#sessionDeps(), keeper, object === null ? null : jcsDigest(object));
      const { live, failure } = await sync.catchUp();
      this.#silent = 0;
      this.#tell(id, sync, wasShown, failure);
      if (live && follow) this.#followers.push(this.#follow(id, sync, wasShown));
    } catch (error) {
      this.#fail(id, sync, error);
    } finally {
      progress({ sessions: 1 });
    }
  }

  async #follow(id: string, sync: SessionSync, wasShown: boolean): Promise<void> {
    const { sleep, progress } = this.#deps;
    progress({ following: 1 });
    try {
      let misses = 0;
      for (let pause = SHORTEST_PAUSE; ;) {
        await sleep(pause, this.#signal);
        const seen = await this.#gate
          .pass(() => sync.poll())
          .catch((error: unknown) => {
            misses += 1;
            if (isSilence(error) && misses < MAX_MISSES && !this.#signal.aborted) return null;
            throw error;
          });
        if (seen === null) {
          pause = LONGEST_PAUSE;
          continue;
        }
        misses = 0;
        const { live, failure, events } = seen;
        if (events > 0 || !live) this.#tell(id, sync, wasShown, failure);
        if (!live) return;
        pause = events > 0 ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, pause * 1.5);
      }
    } catch (error) {
      // Whoever ends the run ends the following only: the session was read as far as it had come.
      if (!this.#signal.aborted) this.#fail(id, sync, error);
    } finally {
      progress({ following: -1 });
    }
  }

  #tell(id: string, sync: SessionSync, wasShown: boolean, failure: Failure | null): void {
    const { events, discrepancies, libraryId } = sync;
    const outcome = wasShown ? (sync.isNews ? 'grown' : 'unchanged') : 'new';
    this.#results.set(id, { source: this.#deps.source, nativeId: id, id: libraryId, outcome, events, discrepancies, failure });
    if (failure !== null) this.#deps.progress({ failed: 1 });
    if (libraryId !== null && outcome !== 'unchanged') this.#deps.changed(libraryId);
  }

  #fail(id: string, sync: SessionSync | null, thrown: unknown): void {
    const cancelled = this.#signal.aborted;
    const error = cancelled ? CANCELLED : asExhibitError(thrown, `synchronise session ${id}`);
    const { events, discrepancies, libraryId } = sync ?? { events: 0, discrepancies: 0, libraryId: null };
    this.#results.set(id, {
      source: this.#deps.source,
      nativeId: id,
      id: libraryId,
      outcome: cancelled ? 'cancelled' : 'failed',
      events,
      discrepancies,
      failure: error.failure,
    });
    if (libraryId !== null && events > 0) this.#deps.changed(libraryId);
    if (cancelled) return;
    this.#deps.progress({ failed: 1 });
    this.#silent = isSilence(error) ? this.#silent + 1 : 0;
    const isHopeless = error instanceof SourceError && error.fault === 'unauthorized';
    if (isHopeless || this.#silent >= MAX_SILENT || error.kind === 'disk' || error.kind === 'damaged') {
      this.#failure ??= error.failure;
      this.#stop.abort();
    }
  }
}

/** Faults that say that the source does not answer. */
const SILENT: ReadonlySet<SourceError['fault']> = new Set(['connection', 'timeout', 'tls', 'unavailable', 'rate-limited']);

const isSilence = (error: unknown): boolean => error instanceof SourceError && SILENT.has(error.fault);

const CANCELLED = new ExhibitError('cancelled', 'synchronise', 'it was ended', 'synchronise again: it goes on where it stood');

const NOTHING = { events: 0, discrepancies: 0, failure: null } as const;
