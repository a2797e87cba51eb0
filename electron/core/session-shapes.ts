// Rows of the library as the contract shows them.

import type { Lock, Participant, Session } from '../../shared/api/shapes.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import type { Library, SessionRow } from '../library/library.ts';
import { OPENS, type Opening } from './keys.ts';

const OPEN: Lock = { state: 'open', code: null, reason: '', todo: '' };

/** As it is now. */
export function lockNow(opening: Opening): Lock {
  if (opening.kind !== 'locked') return OPEN;
  const { code, error } = opening;
  return { state: 'locked', code, reason: error.why, todo: error.todo };
}

/** As it was when keys were last tried: lists do not try them. */
export function lockOf(session: SessionRow): Lock {
  const { lockCode, lockDetail } = session;
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

/** Rows of a list, with one query for the marks of all of them. */
export function sessionShapes({ reviews }: Library, sessions: readonly SessionRow[]): Session[] {
  const reviewers = reviews.reviewers(sessions.map(({ id }) => id));
  return sessions.map((session) => shapeOf(session, reviewers.get(session.id) ?? []));
}

function shapeOf(session: SessionRow, reviewedBy: readonly string[]): Session {
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
    lock: lockOf(session),
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
