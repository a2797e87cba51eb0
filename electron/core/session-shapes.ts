// Rows of the library as the contract shows them.

import type { Lock, Participant, Session } from '../../shared/api/shapes.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import { refusalReason, type Library, type RightsStore, type SessionRow } from '../library/library.ts';
import { FORBIDDEN, OPENS, type Opening } from './keys.ts';
import { askAgain } from './rights.ts';

const OPEN: Lock = { state: 'open', code: null, reason: '', todo: '' };

/** As it is now. */
export function lockNow(opening: Opening): Lock {
  if (opening.kind !== 'locked') return OPEN;
  const { code, error } = opening;
  return { state: 'locked', code, reason: error.why, todo: error.todo };
}

/** As it was when keys were last tried, which lists do not try; what its source forbids comes first. */
export function lockOf(session: SessionRow, rights: RightsStore): Lock {
  const { lockCode, lockDetail } = session;
  const refusal = rights.refusal(session, 'recording');
  if (refusal !== null)
    return { state: 'locked', code: FORBIDDEN, reason: refusalReason(refusal), todo: askAgain(refusal.source) };
  if (lockCode === OPENS || (lockCode === null && session.sealedEvents === 0)) return OPEN;
  if (lockCode === null) {
    return {
      state: 'locked',
      code: 'not_tried',
      reason: 'it is end-to-end encrypted, and no key was tried on it yet',
      todo: 'open it, and the keys of this machine are tried',
    };
  }
  const { why, todo } = JSON.parse(lockDetail!) as { why: string; todo: string };
  return { state: 'locked', code: lockCode, reason: why, todo };
}

/**
 * The session without what the head of its recording says, where its source does not let that be seen. What rstream says of a session
 * it says beside the recording.
 */
export function withoutHead(session: SessionRow, rights: RightsStore): SessionRow {
  const isHidden = session.format !== 'rstream' && rights.refusal(session, 'recording') !== null;
  return isHidden ? { ...session, title: null, command: null, term: null } : session;
}

/** Rows of a list, with one query for the marks of all of them. */
export function sessionShapes({ reviews, rights, retention }: Library, sessions: readonly SessionRow[]): Session[] {
  const reviewers = reviews.reviewers(sessions.map(({ id }) => id));
  const marks = retention.marks(sessions);
  return sessions.map((session) => ({
    ...shapeOf(withoutHead(session, rights), lockOf(session, rights), reviewers.get(session.id) ?? []),
    retention: marks.get(session.key)!,
  }));
}

function shapeOf(session: SessionRow, lock: Lock, reviewedBy: readonly string[]): Omit<Session, 'retention'> {
  return {
    id: session.id,
    nativeId: session.nativeId,
    source: session.source,
    format: session.format,
    title: session.title,
    command: session.command,
    user: session.user,
    server: session.server,
    origin: session.origin,
    environment: session.environment,
    group: session.group,
    status: session.status,
    startedAt: session.startedAt === null ? null : formatInstant(session.startedAt),
    durationUs: session.duration,
    cols: session.cols,
    rows: session.rows,
    sizeAssumed: session.sizeAssumed === 1,
    events: session.events,
    stdinBytes: session.stdinBytes,
    stdoutBytes: session.stdoutBytes,
    stderrBytes: session.stderrBytes,
    exitStatus: session.exitStatus,
    discrepancies: session.discrepancies,
    acquiredAt: session.acquiredAt,
    reviewedBy: [...reviewedBy],
    lock,
    index: session.indexState,
  };
}

/** A participant object as rstream gives it (docs/rstream.md); what it does not say, or says in another form, is null. */
export function participantShape(text: string): Participant {
  const parsed = parseJson(encodeUtf8(text));
  const object = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
  return {
    id: textOf(object, 'id') ?? '',
    user: textOf(object, 'user_id') ?? null,
    role: textOf(object, 'role') ?? '',
    attachedAt: textOf(object, 'attached_at') ?? null,
    detachedAt: textOf(object, 'detached_at') ?? null,
    device: textOf(object, 'device_id') ?? textOf(object, 'browser_id') ?? null,
  };
}
