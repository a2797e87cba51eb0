// Synchronises an rstream source: asks for its sessions, passes over those that are kept and over, and reads the others, those first that
// the source loses first. Live ones are followed until they end.

import type { Failure } from '../../shared/api/errors.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import { parseInstant, ZERO, type Micros } from '../../shared/recording/time.ts';
import type { Library, Packer } from '../library/library.ts';
import { SourceError, type Answer, type Rstream, type SessionFilter } from '../source/source.ts';
import { isFault, type Recipient } from './sync-documents.ts';
import { jsonDigest } from './sync-elements.ts';
import { hasEnded, sessionFingerprint, SessionKeeper } from './sync-keeper.ts';
import { listSessions, type Listed } from './sync-list.ts';
import { byLoss, type Loss } from './sync-order.ts';
import { NOTHING, SyncRun, type RunDeps, type SyncResult } from './sync-run.ts';
import { SessionSync, type SessionDeps } from './sync-session.ts';

/** Sessions that no key here opens of which a run asks again for grants and material. */
const MAX_LOCKED = 50;

/** Sessions that are asked for one by one in a run because the source does not list them any more. */
const MAX_ASKED = 100;

export interface SyncDeps extends RunDeps {
  readonly client: Rstream;
  readonly packer: Packer;
  readonly filter: SessionFilter;
  /** The keys of this machine that may open sessions of a workspace, or of none. */
  readonly recipients: (workspaceId: string | null) => readonly Recipient[];
}

/** Whether the library has all of a session that is listed like this. */
function isKept(library: Library, source: string, { id, session }: Listed): boolean {
  const known = library.acquisitions.find(source, sessionFingerprint(id));
  if (known?.state === 'purged') return true;
  if (known?.state !== 'complete' || session === null || !hasEnded(session.object)) return false;
  const { growing, listed, kept } = library.synced.state(known.key);
  const digest = jsonDigest(session.json);
  return !growing && [listed, kept].some((before) => before !== null && digest.equals(before));
}

/** How soon the source may lose a session: rstream tells no date, and keeps all of a project equally long. */
function lossOf({ session }: Listed): Loss {
  const moment = (name: string): Micros | null =>
    parseInstant((session === null ? undefined : textOf(session.object, name)) ?? '');
  return {
    until: null,
    ended: session === null || hasEnded(session.object) ? (moment('ended_at') ?? moment('started_at') ?? ZERO) : null,
  };
}

const lostFirst = (a: Listed, b: Listed): number => byLoss(lossOf(a), lossOf(b));

/** Throws where the list of sessions cannot be had. */
export async function syncSource(deps: SyncDeps): Promise<SyncResult> {
  const run = new Run(deps);
  return run.all(deps.only?.map((id) => ({ id, session: null })) ?? (await run.listed()));
}

class Run {
  readonly #deps: SyncDeps;
  readonly #run: SyncRun;
  readonly #groups = new Map<string, Promise<Answer>>();
  /** Sessions that wait for a key. */
  readonly #locked: ReadonlySet<string>;

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    this.#run = new SyncRun(deps);
    this.#locked = new Set(deps.library.synced.withoutKey(deps.source, MAX_LOCKED));
  }

  /** The sessions that are to be looked at. Only what the source says of one that it does not list tells whether it is gone. */
  async listed(): Promise<readonly Listed[]> {
    const { library, source, client, filter } = this.#deps;
    const { signal } = this.#run;
    const { sessions, lacks } = await listSessions(client, filter, signal);
    for (const lack of lacks) this.#run.lack(lack);
    if (Object.values(filter).some((value) => value !== undefined)) return sessions;
    const known = new Set(sessions.map(({ id }) => id));
    library.retention.listedAtSource(source, [...known]);
    const unfinished = library.synced.unfinished(source).filter((id) => !known.has(id));
    for (const id of unfinished) known.add(id);
    const found: Listed[] = [];
    let isAnswering = true;
    await this.#run.each(library.retention.notListedAtSource(source, [...known], MAX_ASKED), async (id) => {
      if (!isAnswering) return;
      try {
        const { bytes } = await client.session(id, signal);
        const parsed = parseJson(bytes);
        if (parsed.kind === 'value' && isObject(parsed.value) && parsed.value['id'] === id)
          found.push({ id, session: { object: parsed.value, json: bytes } });
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (isFault(error, 'not-found', 'gone')) library.retention.goneAtSource(source, id);
        isAnswering = error.status !== null;
      }
    });
    // What was begun and is not listed any more has ended at its source, or its retention has.
    return [...sessions, ...found, ...unfinished.map((id) => ({ id, session: null }))];
  }

  async all(listed: readonly Listed[]): Promise<SyncResult> {
    this.#deps.progress({ total: listed.length });
    await this.#run.each(listed.toSorted(lostFirst), (one) => this.#session(one));
    await this.#run.followed();
    return this.#run.result();
  }

  #sessionDeps(): SessionDeps {
    const { library, source, client, packer, now, actor, purpose, recipients, recheck, progress } = this.#deps;
    const { signal } = this.#run;
    const group = (id: string): Promise<Answer> => {
      const asked = this.#groups.get(id) ?? client.group(id, signal);
      this.#groups.set(id, asked);
      return asked;
    };
    const received = (events: number, bytes: number): void => progress({ events, bytes });
    return { library, source, client, packer, now, actor, purpose, recipients, recheck, signal, received, group };
  }

  async #session(listed: Listed): Promise<void> {
    const { library, source, recheck, follow, progress } = this.#deps;
    const { id, session } = listed;
    if (!recheck && !this.#locked.has(id) && isKept(library, source, listed)) {
      const known = library.acquisitions.find(source, sessionFingerprint(id));
      this.#run.tell({ ...NOTHING, nativeId: id, id: known?.sessionIds[0] ?? null, outcome: 'unchanged' });
      progress({ sessions: 1 });
      return;
    }
    let sync: SessionSync | null = null;
    try {
      const keeper = SessionKeeper.open(this.#sessionDeps(), id);
      if (keeper === null) {
        this.#run.tell({ ...NOTHING, nativeId: id, id: null, outcome: 'unchanged' });
        return;
      }
      const wasShown = keeper.id !== null;
      const reading = new SessionSync(this.#sessionDeps(), keeper, session === null ? null : jsonDigest(session.json));
      sync = reading;
      const { live, failure } = await reading.catchUp();
      this.#run.answered();
      this.#tell(id, reading, wasShown, failure);
      if (live && follow) this.#follow(id, reading, wasShown);
    } catch (error) {
      this.#run.fail(id, sync === null ? NONE : soFar(sync), error);
    } finally {
      progress({ sessions: 1 });
    }
  }

  #follow(id: string, sync: SessionSync, wasShown: boolean): void {
    const look = async (): Promise<{ over: boolean; news: boolean }> => {
      const { live, failure, events } = await sync.poll();
      if (events > 0 || !live) this.#tell(id, sync, wasShown, failure);
      return { over: !live, news: events > 0 };
    };
    this.#run.follow(id, look, () => soFar(sync));
  }

  #tell(id: string, sync: SessionSync, wasShown: boolean, failure: Failure | null): void {
    const outcome = wasShown ? (sync.isNews ? 'grown' : 'unchanged') : 'new';
    this.#run.tell({ nativeId: id, ...soFar(sync), outcome, failure });
  }
}

const NONE = { id: null, events: 0, discrepancies: 0 };

const soFar = ({
  libraryId,
  events,
  discrepancies,
}: SessionSync): typeof NONE | { id: string; events: number; discrepancies: number } => ({
  id: libraryId,
  events,
  discrepancies,
});
