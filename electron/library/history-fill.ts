// The rows of recordings that were in a library before it had a history: made once, when it is brought up to schema 7.

import type { FormatName, SessionHeader } from '../../shared/recording/decoder.ts';
import { recordedFacts, recordingClues } from '../../shared/recording/history-recorded.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import { createHistoryRows } from './history-rows.ts';
import { contentKey, unseal } from './seal.ts';

type Column = 'nativeId' | 'title' | 'user' | 'server' | 'origin' | 'environment' | 'status' | 'startedAt' | 'exitStatus';

type Row = { readonly [name in Column]: Required<SessionHeader>[name] | null } & {
  readonly key: number;
  readonly ordinal: number;
  readonly format: FormatName;
  readonly duration: Micros;
  readonly contentKey: Buffer | null;
  readonly sealed: Buffer | null;
  readonly file: string | null;
};

export function fillHistory(database: Database): void {
  const rows = database.prepare<[], Row>(
    `SELECT s.key, s.ordinal, s.format, s.native_id nativeId, s.title, s.user, s.server, s.origin, s.environment, s.status,
       s.started_us startedAt, s.duration_us duration, s.exit_status exitStatus, a.content_key contentKey, m.sealed,
       (SELECT name FROM part p WHERE p.acquisition = a.key ORDER BY part LIMIT 1) file
     FROM session s JOIN acquisition a ON a.key = s.acquisition LEFT JOIN session_metadata m ON m.session = s.key
     WHERE s.id IS NOT NULL ORDER BY s.key`,
  );
  const history = createHistoryRows(database);
  for (const { key, ordinal, format, duration, contentKey: secret, sealed, file, ...columns } of rows.all()) {
    const metadata =
      secret === null || sealed === null ? '{}' : unseal(contentKey(secret), `metadata/${String(ordinal)}`, sealed).toString();
    const known = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null));
    const header: SessionHeader = { ...known, metadata, cols: 0, rows: 0, sizeAssumed: true };
    history.recording({
      session: key,
      facts: recordedFacts(format, header, duration, columns.exitStatus),
      clues: () => (format === 'rstream' ? [] : recordingClues(header, file ?? '')),
    });
  }
}
