// What the engine holds: sessions with their events as JSON texts, and the questions that the API asks about them. Retention and
// sessions that are still being recorded are decided here, so that every endpoint sees the same.

import { isObject, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { parseInstant } from '../../shared/recording/time.ts';
import type { Recording } from './recordings.ts';

export interface SessionFilters {
  readonly server_id?: string;
  readonly tunnel_id?: string;
  readonly user_id?: string;
  readonly group_id?: string;
  readonly origin?: string;
  readonly status?: string;
  /** RFC 3339; both ends are included. */
  readonly started_from?: string;
  readonly started_to?: string;
}

export interface GroupFilters {
  readonly initiator_user_id?: string;
  readonly origin?: string;
  readonly created_from?: string;
  readonly created_to?: string;
}

interface Held {
  session: JsonObject;
  readonly seqs: bigint[];
  /** JSON of each event, as it is served. */
  readonly texts: string[];
  /** How many of the events are recorded so far; null where all are. */
  shown: number | null;
  readonly keyGrants: readonly JsonObject[];
  readonly decryptMaterial: readonly JsonObject[];
  readonly participants: readonly JsonObject[];
}

const originOf = (object: JsonObject): string | undefined =>
  isObject(object['context']) ? textOf(object['context'], 'origin') : undefined;

const instantOf = (object: JsonObject, name: string): number => parseInstant(textOf(object, name) ?? '') ?? 0;

const within = (at: number, from: string | undefined, to: string | undefined): boolean =>
  at >= (parseInstant(from ?? '') ?? -Infinity) && at <= (parseInstant(to ?? '') ?? Infinity);

const same = (wanted: string | undefined, value: unknown): boolean => wanted === undefined || wanted === value;

/** Newest first, then by id: the engine's own order is not public. */
const newestFirst =
  (member: string) =>
  (a: JsonObject, b: JsonObject): number =>
    instantOf(b, member) - instantOf(a, member) || (String(a['id']) < String(b['id']) ? -1 : 1);

function participantsOf(session: JsonObject, events: readonly JsonObject[]): JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const event of events) {
    const id = textOf(event, 'participant_id');
    if (id === undefined || found.has(id)) continue;
    const controller = found.size === 0;
    found.set(id, {
      id,
      session_id: session['id'],
      ...(textOf(session, 'initiator_user_id') === undefined ? {} : { user_id: session['initiator_user_id'] }),
      role: controller ? 'controller' : 'spectator',
      attached_at: event['created_at'],
      ...(textOf(session, 'ended_at') === undefined ? {} : { detached_at: session['ended_at'] }),
      controller,
    });
  }
  return [...found.values()];
}

export class Store {
  readonly #held = new Map<string, Held>();
  readonly #groups = new Map<string, JsonObject>();
  readonly #retentionMs: number;
  readonly #now: () => number;

  /** A recording is gone `retentionMs` after it ended. `now` is in milliseconds since 1970. */
  constructor(retentionMs: number, now: () => number) {
    this.#retentionMs = retentionMs;
    this.#now = now;
  }

  /** Adds a recording, or puts it in the place of the one with the same id. */
  put(recording: Recording): void {
    const { session, events, keyGrants, decryptMaterial } = recording;
    const held: Held = {
      session,
      seqs: [],
      texts: [],
      shown: null,
      keyGrants,
      decryptMaterial,
      participants: recording.participants ?? participantsOf(session, events),
    };
    for (const event of events) add(held, event);
    this.#held.set(session.id, held);
  }

  putGroup(group: JsonObject): void {
    this.#groups.set(String(group['id']), group);
  }

  remove(id: string): void {
    this.#mustHold(id);
    this.#held.delete(id);
  }

  /** Adds events at the end of a session. Throws a RangeError where a number does not follow. */
  append(id: string, events: readonly JsonObject[]): void {
    const held = this.#mustHold(id);
    for (const event of events) add(held, event);
  }

  /** Changes members of a session object, as its end does; a member that is undefined goes. */
  update(id: string, members: JsonObject): void {
    const held = this.#mustHold(id);
    held.session = { ...held.session, ...members };
  }

  /** The session is live and has its first `shown` events only, until {@link release}. */
  hold(id: string, shown: number): void {
    this.#mustHold(id).shown = shown;
  }

  /** So many more of the held events are recorded. With the last, the session is what its recording says. Returns how many are left. */
  release(id: string, count: number): number {
    const held = this.#mustHold(id);
    const left = Math.max(0, held.texts.length - (held.shown ?? Infinity) - count);
    held.shown = left === 0 ? null : held.texts.length - left;
    return left;
  }

  sessions(filters: SessionFilters, limit: number, isOldestFirst = false): JsonObject[] {
    const found = this.#all()
      .filter(
        (session) =>
          same(filters.server_id, session['server_id']) &&
          same(filters.tunnel_id, session['tunnel_id']) &&
          same(filters.user_id, session['initiator_user_id']) &&
          same(filters.group_id, session['group_id']) &&
          same(filters.origin, originOf(session)) &&
          same(filters.status, session['status']) &&
          within(instantOf(session, 'started_at'), filters.started_from, filters.started_to),
      )
      .sort(newestFirst('started_at'));
    return (isOldestFirst ? found.toReversed() : found).slice(0, limit);
  }

  groups(filters: GroupFilters, limit: number): JsonObject[] {
    return [...this.#groups.values()]
      .filter(
        (group) =>
          same(filters.initiator_user_id, group['initiator_user_id']) &&
          same(filters.origin, originOf(group)) &&
          within(instantOf(group, 'created_at'), filters.created_from, filters.created_to),
      )
      .sort(newestFirst('created_at'))
      .slice(0, limit);
  }

  group(id: string): JsonObject | null {
    return this.#groups.get(id) ?? null;
  }

  session(id: string): JsonObject | null {
    const held = this.#find(id);
    return held === null ? null : present(held);
  }

  participants(id: string): readonly JsonObject[] | null {
    return this.#find(id)?.participants ?? null;
  }

  keyGrants(id: string): readonly JsonObject[] | null {
    return this.#find(id)?.keyGrants ?? null;
  }

  decryptMaterial(id: string, recipientId: string | undefined, recipientKind: string | undefined): JsonObject[] | null {
    const material = this.#find(id)?.decryptMaterial ?? null;
    return (
      material?.filter((one) => same(recipientId, one['recipient_id']) && same(recipientKind, one['recipient_kind'])) ?? null
    );
  }

  /** JSON of the events from a number on, `limit` at most. */
  events(id: string, from: bigint, limit: number): string[] | null {
    const held = this.#find(id);
    if (held === null) return null;
    let low = 0;
    let high = held.seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (held.seqs[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return held.texts.slice(low, Math.min(low + limit, held.shown ?? Infinity));
  }

  /** Workspaces and projects that sessions name, and the servers of each project. */
  places(): { readonly workspaceId: string; readonly projectId: string; readonly servers: readonly string[] }[] {
    const found = new Map<string, { workspaceId: string; projectId: string; servers: Set<string> }>();
    for (const session of this.#all()) {
      const workspaceId = textOf(session, 'workspace_id');
      const projectId = textOf(session, 'project_id');
      const server = textOf(session, 'server_id');
      if (workspaceId === undefined || projectId === undefined) continue;
      const place = found.get(projectId) ?? { workspaceId, projectId, servers: new Set<string>() };
      if (server !== undefined) place.servers.add(server);
      found.set(projectId, place);
    }
    return [...found.values()].map((place) => ({ ...place, servers: [...place.servers] }));
  }

  #all(): JsonObject[] {
    return [...this.#held.values()].filter((held) => !this.#isGone(held)).map(present);
  }

  #find(id: string): Held | null {
    const held = this.#held.get(id);
    return held === undefined || this.#isGone(held) ? null : held;
  }

  #isGone({ session, shown }: Held): boolean {
    const ended = parseInstant(textOf(session, 'ended_at') ?? '');
    return shown === null && ended !== null && ended / 1000 + this.#retentionMs < this.#now();
  }

  #mustHold(id: string): Held {
    const held = this.#held.get(id);
    if (held === undefined) throw new RangeError(`no session ${id}`);
    return held;
  }
}

/** The session object as it is now: a held one is still going on. */
function present({ session, shown }: Held): JsonObject {
  if (shown === null) return session;
  const { ended_at: _ended, exit_code: _exit, error_code: _code, error_message: _message, ...rest } = session;
  const live = { available: true, attachable: false, participant_count: 1, has_upstream: true };
  return { ...rest, status: 'active', live };
}

function add(held: Held, event: JsonObject): void {
  const seq = BigInt(String(event['seq']));
  if (seq <= (held.seqs.at(-1) ?? -1n)) throw new RangeError(`event ${String(seq)} does not follow`);
  held.seqs.push(seq);
  held.texts.push(JSON.stringify(event));
}
