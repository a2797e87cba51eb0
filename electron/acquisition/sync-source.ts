// Synchronises an rstream source: asks for its sessions, passes over those that are kept and over, and reads the others, those first that
// the source loses first. Live ones are followed until they end.

import type { Failure } from '../../shared/api/errors.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { parseInstant, ZERO, type Micros } from '../../shared/recording/time.ts';
import type { Library, Packer } from '../library/library.ts';
import type { Answer, Rstream, SessionFilter } from '../source/source.ts';
import type { Recipient } from './sync-documents.ts';
import { jcsDigest } from './sync-elements.ts';
import { hasEnded, sessionFingerprint, SessionKeeper } from './sync-keeper.ts';
import { byLoss, type Loss } from './sync-order.ts';
import { NOTHING, SyncRun, type RunDeps, type SyncResult } from './sync-run.ts';
import { SessionSync, type SessionDeps } from './sync-session.ts';

export interface SyncDeps extends RunDeps {
  readonly client: Rstream;
  readonly packer: Packer;
  readonly filter: SessionFilter;
  /** The keys of this machine that may open sessions of a workspace, or of none. */
  readonly recipients: (workspaceId: string | null) => readonly Recipient[];
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

/** How soon the source may lose a session: rstream tells no date, and keeps all of a project equally long. */
function lossOf({ object }: Listed): Loss {
  const moment = (name: string): Micros | null => parseInstant((object === null ? undefined : textOf(object, name)) ?? '');
  return {
    until: null,
    ended: object === null || hasEnded(object) ? (moment('ended_at') ?? moment('started_at') ?? ZERO) : null,
  };
}

const lostFirst = (a: Listed, b: Listed): number => byLoss(lossOf(a), lossOf(b));

/** Throws where the list of sessions cannot be had. */
export async function syncSource(deps: SyncDeps): Promise<SyncResult> {
  const { library, source, client, signal } = deps;
  const listed =
    deps.only?.map((id): Listed => ({ id, object: null })) ?? listedSessions(await client.sessions(deps.filter, signal));
  if (deps.only === undefined && Object.values(deps.filter).every((value) => value === undefined)) {
    const known = new Set(listed.map(({ id }) => id));
    library.retention.listedAtSource(source, [...known]);
    // What was begun and is not listed any more has ended at its source, or its retention has.
    for (const id of library.synced.unfinished(source)) if (!known.has(id)) listed.push({ id, object: null });
  }
  deps.progress({ total: listed.length });
  return new Run(deps).all(listed.toSorted(lostFirst));
}

class Run {
  readonly #deps: SyncDeps;
  readonly #run: SyncRun;
  readonly #groups = new Map<string, Promise<Answer>>();

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    this.#run = new SyncRun(deps);
  }

  async all(listed: readonly Listed[]): Promise<SyncResult> {
    await this.#run.each(listed, (one) => this.#session(one));
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
    const { id, object } = listed;
    if (!recheck && isKept(library, source, listed)) {
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
      const reading = new SessionSync(this.#sessionDeps(), keeper, object === null ? null : jcsDigest(object));
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
