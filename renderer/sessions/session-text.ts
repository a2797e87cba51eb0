// How a session is named and described, in lists and headings.

import type { Session } from '../../shared/api/shapes.ts';
import { plainRecorded } from '../ui/recorded.tsx';
import { sessionName } from '../ui/session-name.ts';

/** `root on db1`, as far as it is known. */
export function whoWhere({ user, server }: Pick<Session, 'user' | 'server'>): string {
  if (user !== null && server !== null) return `${user} on ${server}`;
  return user ?? server ?? '';
}

export const plainName = (session: Session): string => plainRecorded(sessionName(session));

export const INDEX_WORDS: Readonly<Record<Session['index'], string>> = {
  waiting: 'Waiting to be indexed',
  running: 'Being indexed',
  done: 'Indexed',
  failed: 'Indexing failed',
  locked: 'Not indexed: locked',
};
