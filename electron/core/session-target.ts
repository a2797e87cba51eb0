// The session that somebody means, by whichever id: a recording of this library, or a session that only the history of its source tells of.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { HistoryRow, Library, SessionRow } from '../library/library.ts';

export interface SessionTarget {
  /** As it was asked for. */
  readonly id: string;
  /** For the custody log: the session's id here, or that of its row in the history. */
  readonly subject: string;
  readonly source: string;
  /** The session's id at its source. */
  readonly nativeId: string | null;
  /** As the gate of rights has it: 0 for what came as a file. */
  readonly governed: 0 | 1;
  readonly title: string | null;
  /** Its recording here. */
  readonly session: SessionRow | null;
  /** Where there is none: what the history knows of it. */
  readonly history: HistoryRow | null;
}

function ofRecording(id: string, session: SessionRow): SessionTarget {
  const { source, nativeId, title, governed } = session;
  return { id, subject: session.id, source, nativeId, governed, title, session, history: null };
}

/** Null where nothing of this id is known. Throws kind `not-found` where more than one session fits. */
export function findTarget({ sessions, history }: Library, id: string): SessionTarget | null {
  const found = sessions.find(id);
  if (found === 'ambiguous')
    throw new ExhibitError('not-found', `session ${id}`, 'more than one session fits', 'give more of the id');
  if (found !== null) return ofRecording(id, found);
  const row = history.find(id);
  if (row === null) return null;
  const session = row.session === null ? null : sessions.byKey(row.session);
  if (session !== null) return ofRecording(id, session);
  const { source, nativeId, governed, target } = row;
  return { id, subject: row.id, source, nativeId, governed, title: target, session: null, history: row };
}
