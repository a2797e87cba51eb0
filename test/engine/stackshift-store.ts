// What the StackShift form of the engine holds: sessions as their history tells of them, the asciicast recordings of some, and audit events.
// Retention, live and dropped sessions are decided here, so that every endpoint sees the same.

import { isObject, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { Refusal } from './endpoint.ts';

export interface StackShiftSession {
  /** Snake-case members as the API gives them, without `status`, `ended_at` and `recording`, which are worked out. */
  readonly record: JsonObject & { readonly id: string };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Null for a live one. */
  readonly endedAt: number | null;
  /** Null where nothing was recorded. */
  readonly cast: Uint8Array | null;
}

export interface StackShiftPolicy {
  readonly production_retention_days: number | null;
  readonly nonproduction_retention_days: number | null;
  readonly reconnect_grace_seconds: number;
}

export interface SessionQuery {
  readonly status?: string | undefined;
  readonly origin?: string | undefined;
  readonly initiator?: string | undefined;
  /** Milliseconds since 1970; both are included. */
  readonly startedFrom?: number | undefined;
  readonly startedTo?: number | undefined;
}

interface Held {
  readonly session: StackShiftSession;
  endedAt: number | null;
  disconnectedAt: number | null;
  /** Members that came later: why it was closed. */
  members: JsonObject;
  purged: boolean;
}

const DAY = 86_400_000;

const instant = (at: number): string => new Date(at).toISOString();

const initiatorOf = ({ session }: Held): string => {
  const { initiator } = session.record;
  return isObject(initiator) ? (textOf(initiator, 'id') ?? '') : '';
};

export class StackShiftStore {
  readonly #held = new Map<string, Held>();
  readonly #events: JsonObject[] = [];
  readonly #now: () => number;
  policy: StackShiftPolicy;

  constructor(policy: StackShiftPolicy, now: () => number) {
    this.policy = policy;
    this.#now = now;
  }

  put(session: StackShiftSession): void {
    this.#held.set(session.record.id, { session, endedAt: session.endedAt, disconnectedAt: null, members: {}, purged: false });
  }

  putEvent(event: JsonObject): void {
    this.#events.push(event);
  }

  /** The session is not found from now on. */
  remove(id: string): void {
    this.#must(id);
    this.#held.delete(id);
  }

  update(id: string, members: JsonObject): void {
    const held = this.#must(id);
    held.members = { ...held.members, ...members };
  }

  /** The recording's retention has ended. */
  purge(id: string): void {
    this.#must(id).purged = true;
  }

  end(id: string, closeReason: string): void {
    const held = this.#live(id);
    held.endedAt = this.#now();
    held.disconnectedAt = null;
    held.members = { ...held.members, close_reason: closeReason };
  }

  /** Its user's connection is lost. */
  drop(id: string): void {
    this.#live(id).disconnectedAt = this.#now();
  }

  /** Takes up a dropped session again. Returns when its ticket ends. */
  reconnect(id: string, user: string): number {
    const held = this.#live(id);
    if (initiatorOf(held) !== user) throw new Refusal(403, 'only who began a session takes it up again', 'NOT_OWNER');
    if (held.disconnectedAt === null) throw new Refusal(409, 'the session is connected', 'SESSION_CONNECTED');
    held.disconnectedAt = null;
    return this.#now() + 60_000;
  }

  /** Records, those first that began first. */
  sessions({ status, origin, initiator, startedFrom = -Infinity, startedTo = Infinity }: SessionQuery): JsonObject[] {
    const all = [...this.#held.values()];
    for (const held of all) this.#endDropped(held);
    return all
      .filter(({ session }) => session.startedAt >= startedFrom && session.startedAt <= startedTo)
      .filter((held) => initiator === undefined || initiatorOf(held) === initiator)
      .filter(({ session }) => origin === undefined || session.record['origin'] === origin)
      .toSorted((a, b) => a.session.startedAt - b.session.startedAt || (a.session.record.id < b.session.record.id ? -1 : 1))
      .map((held) => this.#record(held))
      .filter((record) => status === undefined || record['status'] === status);
  }

  session(id: string): JsonObject {
    return this.#record(this.#must(id));
  }

  recording(id: string): Uint8Array {
    const held = this.#must(id);
    const { cast } = held.session;
    if (cast === null) throw new Refusal(404, 'the session was not recorded', 'NOT_RECORDED');
    if (held.endedAt === null) throw new Refusal(409, 'the session goes on', 'RECORDING_IN_PROGRESS');
    if (this.#isPurged(held)) throw new Refusal(410, 'the retention of the recording has ended', 'RECORDING_PURGED');
    return cast;
  }

  events(): readonly JsonObject[] {
    return this.#events;
  }

  #must(id: string): Held {
    const held = this.#held.get(id);
    if (held === undefined) throw new Refusal(404, 'there is no such session', 'SESSION_NOT_FOUND');
    this.#endDropped(held);
    return held;
  }

  /** A dropped session ends when nobody takes it up again in time. */
  #endDropped(held: Held): void {
    if (held.endedAt !== null || held.disconnectedAt === null) return;
    const end = held.disconnectedAt + this.policy.reconnect_grace_seconds * 1000;
    if (end > this.#now()) return;
    held.endedAt = end;
    held.disconnectedAt = null;
    held.members = { ...held.members, close_reason: 'connection_lost' };
  }

  #live(id: string): Held {
    const held = this.#must(id);
    if (held.endedAt !== null) throw new Refusal(409, 'the session is over', 'SESSION_ENDED');
    return held;
  }

  /** When the recording is purged; null for a live session and for retention without end. */
  #expiry({ session, endedAt }: Held): number | null {
    const { environment } = session.record;
    const isProduction = environment === undefined || environment === 'production';
    const days = isProduction ? this.policy.production_retention_days : this.policy.nonproduction_retention_days;
    return endedAt === null || days === null ? null : endedAt + days * DAY;
  }

  #isPurged(held: Held): boolean {
    const expiry = this.#expiry(held);
    return held.purged || (expiry !== null && expiry <= this.#now());
  }

  #record(held: Held): JsonObject {
    const { session, endedAt, disconnectedAt, members } = held;
    const expiry = this.#expiry(held);
    const recording =
      session.cast === null
        ? { status: 'none' }
        : endedAt === null
          ? { status: 'recording' }
          : this.#isPurged(held)
            ? { status: 'purged', ...(expiry === null ? {} : { expires_at: instant(expiry) }) }
            : { status: 'available', size: session.cast.length, ...(expiry === null ? {} : { expires_at: instant(expiry) }) };
    return {
      ...session.record,
      status: endedAt !== null ? 'ended' : disconnectedAt !== null ? 'disconnected' : 'active',
      started_at: instant(session.startedAt),
      ...(endedAt === null ? {} : { ended_at: instant(endedAt), duration_seconds: (endedAt - session.startedAt) / 1000 }),
      ...(disconnectedAt === null ? {} : { disconnected_at: instant(disconnectedAt) }),
      recording,
      ...members,
    };
  }
}
