// When recordings were last found to be what was acquired, by the custody log: what is due to be verified again.

import type { Database } from './database.ts';

export interface VerifiedStore {
  /** Keys of recordings that were neither acquired nor verified since `before` (RFC 3339), those longest ago first. */
  due(before: string, limit: number): readonly number[];
  /** When a recording was verified last, and how many places were not what was acquired; null where it never was. */
  last(id: string): { readonly at: string; readonly failures: number } | null;
}

export function createVerifiedStore(database: Database): VerifiedStore {
  const due = database.prepare<[string, number], { key: number }>(
    `SELECT session.key FROM session
       LEFT JOIN (SELECT subject, max(seq) AS seq FROM custody WHERE action = 'verify' GROUP BY subject) AS newest
         ON newest.subject = session.id
       LEFT JOIN custody ON custody.seq = newest.seq
      WHERE session.id IS NOT NULL AND (SELECT state FROM acquisition WHERE key = session.acquisition) <> 'purged'
        AND coalesce(json_extract(custody.text, '$.at.wall'), session.acquired_at) < ?
      ORDER BY coalesce(json_extract(custody.text, '$.at.wall'), session.acquired_at), session.key
      LIMIT ?`,
  );
  const last = database.prepare<[string], { at: string; failures: number | null }>(
    `SELECT json_extract(text, '$.at.wall') AS at, json_extract(text, '$.details.failures') AS failures
       FROM custody WHERE subject = ? AND action = 'verify' ORDER BY seq DESC LIMIT 1`,
  );
  return {
    due: (before, limit) => due.all(before, limit).map(({ key }) => key),
    last: (id) => {
      const found = last.get(id);
      return found === undefined ? null : { at: found.at, failures: found.failures ?? 0 };
    },
  };
}
