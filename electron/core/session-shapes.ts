// Rows of the library as the contract shows them.

import type { Lock, Session } from '../../shared/api/shapes.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import type { SessionRow } from '../library/library.ts';

const OPEN: Lock = { state: 'open', reason: '', todo: '' };

export function lockOf(session: SessionRow): Lock {
  if (session.sealedEvents === 0) return OPEN;
  return {
    state: 'locked',
    reason: `${String(session.sealedEvents)} of its events are end-to-end encrypted and no key on this device opens them`,
    todo: 'import the identity it was encrypted for, or ask for a key grant to this device',
  };
}

export function sessionShape(session: SessionRow): Session {
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
    lock: lockOf(session),
    index: session.indexState,
  };
}
