// What the row of a recording says of it (its times, names, sizes, metadata), as the custody log commits to it: by a digest under the seed of
// its salts. A purge destroys that seed, so nothing in the log proves a guess at a title or a command line that is gone.

import { createHmac } from 'node:crypto';
import type { Database } from './database.ts';
import { contentKey, unseal } from './seal.ts';

/** What the custody log says of a recording when it is acquired, beside its root. */
export interface Described {
  /** In hexadecimal digits. */
  readonly described: string;
  /** When it was acquired first, RFC 3339. */
  readonly acquiredAt: string;
}

/** Columns that say what was acquired. Index, locks, retention and what is looked through follow from them, or from other things. */
const COLUMNS = `id, native_id, source, format, title, command, user, server, origin, environment, session_group, status, started_us,
  duration_us, cols, rows, size_assumed, term, events, stdin_bytes, stdout_bytes, stderr_bytes, exit_status, discrepancies,
  sealed_events, acquired_at`;

/** Describes the session of a key; null for one that was purged. */
export function createDescriber(database: Database): (session: number) => Described | null {
  const columns = database.prepare<[number], (string | number | null)[]>(`SELECT ${COLUMNS} FROM session WHERE key = ?`).raw();
  const sealedOf = database.prepare<
    [number],
    { acquiredAt: string; ordinal: number; sealed: Buffer; contentKey: Buffer; seed: Buffer }
  >(
    `SELECT acquired_at acquiredAt, ordinal, sealed, content_key contentKey, salt_seed seed
     FROM session JOIN session_metadata ON session = key JOIN acquisition_key USING (acquisition) WHERE key = ?`,
  );
  return (session) => {
    const found = sealedOf.get(session);
    if (found === undefined) return null;
    const metadata = unseal(contentKey(found.contentKey), `metadata/${String(found.ordinal)}`, found.sealed).toString('utf8');
    const text = JSON.stringify([...columns.get(session)!, metadata]);
    return { described: createHmac('sha256', found.seed).update(text).digest('hex'), acquiredAt: found.acquiredAt };
  };
}
