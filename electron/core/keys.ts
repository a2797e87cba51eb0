// Finds what opens the encrypted sessions of the library: the documents that a source gave about a session's keys, and the keys of
// this machine. What was found stays in memory until the library is locked, and never leaves the process. A session's lock is
// stored for lists to read; whether it opens is found out anew whenever somebody wants to look inside.

import { setImmediate } from 'node:timers/promises';
import { asExhibitError, ExhibitError } from '../../shared/api/errors.ts';
import type { SessionDetail } from '../../shared/api/shapes.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import { PURGED, purgedError, type Library, type SessionRow } from '../library/library.ts';
import { isRstream } from '../replay/replay.ts';
import {
  openSession,
  payloadOpener,
  refusalError,
  type LocalKeys,
  type OpenedSession,
  type PayloadKey,
  type PayloadOpener,
  type Recipient,
  type Refusal,
  type SessionGrants,
} from '../vault/vault.ts';
import { permissionError } from './rights.ts';

/** How a session stands: nothing of it is sealed, a key of this machine opens it, or none does, with the reason by name. */
export type Opening =
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'opened';
      readonly opener: PayloadOpener;
      /** For an index thread. */
      readonly key: PayloadKey;
      readonly with: NonNullable<SessionDetail['openedWith']>;
    }
  | { readonly kind: 'locked'; readonly code: string; readonly error: ExhibitError };

export interface KeysDeps {
  readonly library: Library;
  /** All keys of this machine, read anew at each call. */
  readonly localKeys: () => Promise<LocalKeys>;
  readonly actor: string;
  readonly purpose: () => string;
  /** These sessions open now and did not before, or the other way round: they are to be indexed anew. */
  readonly stale: (sessions: readonly number[]) => void;
  /** The lock of these sessions is another one now. */
  readonly changed: (sessions: readonly string[]) => void;
}

export interface Keys {
  /** How a session stands, for who only wants to know: no custody entry is written. Stores the lock where it is another one now. */
  look(session: SessionRow): Promise<Opening>;
  /** As `look`, for who is about to decrypt: the first time since unlock is written into the custody log. */
  open(session: SessionRow): Promise<Opening>;
  /**
   * Finds out anew whether sessions open, stores it, and queues those for which it changed for the index. Without an argument: all,
   * because the keys of this machine changed. Call it after a synchronisation and after an import with the sessions that came.
   */
  evaluateLocks(sessions?: readonly number[]): Promise<void>;
  /** Drops what is in memory: whether a source still lets it be used is asked anew. */
  drop(): void;
  /** Drops all keys; the library is being locked. */
  forget(): void;
}

const CLEAR: Opening = { kind: 'clear' };

/** Discrepancies that are looked through for payloads that the source kept back. */
const LOOKED_THROUGH = 1000;

const NO_GRANTS = {
  why: 'it is end-to-end encrypted, and nothing here says for which keys: it came as a file, without key grants',
  todo: 'synchronise the session from its source, which has the grants',
};

const NOT_RETURNED = 'managed_payload_not_returned';

/** Code of the lock of a recording that its source does not let be seen. It is stored nowhere: the newest answer holds. */
export const FORBIDDEN = 'forbidden';

/** Name under which the lock of a session that opens is stored. */
export const OPENS = 'open';

function objectIn(bytes: Uint8Array): JsonObject {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
}

function elementsIn(bytes: Uint8Array): readonly JsonObject[] {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && Array.isArray(parsed.value) ? parsed.value.filter(isObject) : [];
}

/**
 * What a source said of a session's keys, from the answers that were kept. Of a grant that was told several times the newest form
 * counts, and one that the newest list calls revoked is revoked. Null where a source was never asked.
 */
function storedGrants({ documents }: Library, session: SessionRow): SessionGrants | null {
  const list = documents.latest(session, 'key-grants');
  const answers = documents.all(session, 'decrypt-material').toReversed();
  if (list === null && answers.length === 0) return null;
  const listed = list === null ? [] : elementsIn(list.bytes());
  const revokedAt = new Map(listed.map((grant) => [grant['id'], grant['revoked_at'] ?? null]));
  const newest = new Map<string, JsonObject>();
  for (const material of answers.flatMap((answer) => elementsIn(answer.bytes()))) {
    const { id, recipient_id: recipient, recipient_kind: kind } = material;
    const name = JSON.stringify([id, kind, recipient]);
    if (newest.has(name)) continue;
    newest.set(name, { ...material, revoked_at: material['revoked_at'] ?? revokedAt.get(id) ?? null });
  }
  return {
    material: ({ id, kind }: Recipient) =>
      Promise.resolve([...newest.values()].filter((one) => one['recipient_id'] === id && one['recipient_kind'] === kind)),
    ofDevices: () => Promise.resolve([...newest.values()].filter((one) => one['recipient_kind'] === 'workspace_device')),
    list: () => Promise.resolve(listed),
  };
}

export function createKeys(deps: KeysDeps): Keys {
  const { library } = deps;
  const held = new Map<number, Extract<Opening, { kind: 'opened' }>>();
  const noted = new Set<number>();
  let gone = false;

  const what = ({ id }: SessionRow): string => `open of session ${id}`;

  const locked = (session: SessionRow, outcome: Refusal): Opening => ({
    kind: 'locked',
    code: outcome.reason,
    error: refusalError(outcome, what(session)),
  });

  /** A source that does not let a recording be seen authorises nobody to decrypt it, here or in another form. */
  const forbidden = (session: SessionRow): Opening | null => {
    const refusal = library.rights.refusal(session, 'recording');
    return refusal === null ? null : { kind: 'locked', code: FORBIDDEN, error: permissionError(what(session), refusal) };
  };

  /** The session that the grants belong to: this one, or the same one as a source gave it. */
  const granted = (session: SessionRow): { readonly of: SessionRow; readonly grants: SessionGrants } | null => {
    const { nativeId } = session;
    const same = nativeId === null ? [] : library.sessions.withNativeId(nativeId);
    for (const of of [
      session,
      ...same.filter(({ key, format, lockCode }) => key !== session.key && format === 'rstream' && lockCode !== PURGED),
    ]) {
      const grants = forbidden(of) === null ? storedGrants(library, of) : null;
      if (grants !== null) return { of, grants };
    }
    return null;
  };

  const refusal = (reason: Refusal['reason']): Refusal => ({ kind: 'refused', reason, detail: '' });

  const withheld = (session: SessionRow): Opening => {
    if (session.discrepancies === 0 || !isRstream(session)) return CLEAR;
    if (objectIn(encodeUtf8(library.sessions.metadata(session)))['encryption_mode'] !== 'managed') return CLEAR;
    const found = library.sessions.discrepancies(session, LOOKED_THROUGH);
    return found.some(({ kind }) => kind === 'not-decrypted') ? locked(session, refusal(NOT_RETURNED)) : CLEAR;
  };

  const hold = (session: SessionRow, { key, recipient, grant }: OpenedSession): Opening => {
    const opening = {
      kind: 'opened',
      opener: payloadOpener(key),
      key,
      with: { suite: key.suite, recipientKind: recipient.kind, recipientId: recipient.id, grant },
    } as const;
    held.set(session.key, opening);
    return opening;
  };

  /** Keys that cannot be had are a reason of their own: nobody may take the session for one without a key. */
  const tried = async (
    object: JsonObject,
    grants: SessionGrants,
    local: () => Promise<LocalKeys>,
  ): Promise<OpenedSession | Refusal> => {
    let keys: LocalKeys;
    try {
      keys = await local();
    } catch (error) {
      return { ...refusal('key_not_tried'), cause: asExhibitError(error, 'reading the keys of this machine') };
    }
    return openSession(object, grants, keys);
  };

  const find = async (session: SessionRow, local: () => Promise<LocalKeys>): Promise<Opening> => {
    if (session.lockCode === PURGED) return { kind: 'locked', code: PURGED, error: purgedError(what(session)) };
    if (session.sealedEvents === 0) return withheld(session);
    const known = held.get(session.key);
    if (known !== undefined) return known;
    const from = granted(session);
    const told = from === null ? null : library.documents.latest(from.of, 'session');
    const object = objectIn(told?.bytes() ?? encodeUtf8(library.sessions.metadata(from?.of ?? session)));
    if (object['encryption_mode'] === 'managed') return locked(session, refusal(NOT_RETURNED));
    if (from === null) {
      return {
        kind: 'locked',
        code: 'no_grants_here',
        error: new ExhibitError('no-key', what(session), NO_GRANTS.why, NO_GRANTS.todo),
      };
    }
    const outcome = await tried(object, from.grants, local);
    if (gone) throw new ExhibitError('locked', what(session), 'the library was locked meanwhile', 'unlock it first');
    return outcome.kind === 'opened' ? hold(session, outcome) : locked(session, outcome);
  };

  /** Stores how a session stands, where that is new, and queues what opens now and did not, or did and does not. */
  const settle = (standings: readonly (readonly [SessionRow, Opening])[]): void => {
    const changed: string[] = [];
    const stale: number[] = [];
    for (const [session, opening] of standings) {
      const code = opening.kind === 'clear' ? null : opening.kind === 'opened' ? OPENS : opening.code;
      const detail = opening.kind === 'locked' ? JSON.stringify({ why: opening.error.why, todo: opening.error.todo }) : null;
      if (code === session.lockCode && detail === session.lockDetail) continue;
      library.sessions.setLock(session, code, detail);
      changed.push(session.id);
      const opens = code === OPENS;
      // Nothing here reads it any more: its text does not stay to be searched. Keys that could not be looked at take nothing away.
      const closes = session.lockCode === OPENS && opening.kind === 'locked' && code !== 'key_not_tried';
      if (closes) library.derived.clear(session);
      if (!(opens || closes) || (session.indexState !== 'locked' && session.indexState !== 'done')) continue;
      library.derived.setIndexState(session, 'waiting', 0, null);
      stale.push(session.key);
    }
    if (stale.length > 0) deps.stale(stale);
    if (changed.length > 0) deps.changed(changed);
  };

  const look = async (session: SessionRow): Promise<Opening> => {
    const refused = forbidden(session);
    if (refused !== null) return refused;
    const opening = await find(session, deps.localKeys);
    settle([[session, opening]]);
    return opening;
  };

  /** These sessions, and what came of them as files: grants of the one open the other. */
  const withFiles = (keys: readonly number[]): Set<number> => {
    const all = new Set(keys);
    for (const key of keys) {
      const nativeId = library.sessions.byKey(key)?.nativeId ?? null;
      if (nativeId === null) continue;
      for (const twin of library.sessions.withNativeId(nativeId)) if (twin.sealedEvents > 0) all.add(twin.key);
    }
    return all;
  };

  return {
    look,
    open: async (session) => {
      const opening = await look(session);
      if (opening.kind !== 'opened' || noted.has(session.key)) return opening;
      noted.add(session.key);
      const { suite, recipientKind, recipientId, grant } = opening.with;
      library.custody.append({
        actor: deps.actor,
        action: 'open',
        subject: session.id,
        purpose: deps.purpose(),
        details: { suite, recipient_kind: recipientKind, recipient_id: recipientId, grant },
      });
      return opening;
    },
    evaluateLocks: async (sessions) => {
      if (sessions === undefined) held.clear();
      let local: Promise<LocalKeys> | null = null;
      const keys = (): Promise<LocalKeys> => (local ??= deps.localKeys());
      const standings: [SessionRow, Opening][] = [];
      for (const key of sessions === undefined ? library.sessions.lockable() : withFiles(sessions)) {
        // Opening a session is a millisecond of arithmetic: others get their turn in between.
        await setImmediate();
        if (gone) return;
        const session = library.sessions.byKey(key);
        // What a source forbids may be allowed again: its lock and its index wait for that.
        if (session !== null && forbidden(session) === null) standings.push([session, await find(session, keys)]);
      }
      settle(standings);
    },
    drop: () => held.clear(),
    forget: () => {
      gone = true;
      held.clear();
      noted.clear();
    },
  };
}
