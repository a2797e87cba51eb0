// The schema, by numbered steps. A step that was released is never edited: a later one changes what it made. Each runs in one
// transaction with the version that it leads to, so a crash leaves the old schema or the new one.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { Database } from './database.ts';
import { FOUNDATION } from './schema/001-foundation.ts';
import { SOURCES } from './schema/002-sources.ts';
import { TEXT_INDEX } from './schema/003-text-index.ts';
import { CASES } from './schema/004-cases.ts';
import { WATCHLISTS } from './schema/005-watchlists.ts';
import { TEXT_LINES } from './schema/006-text-lines.ts';
import { fillHistory } from './history-fill.ts';
import { HISTORY } from './schema/007-history.ts';
import { RETENTION } from './schema/008-retention.ts';
import { TEXT_ONCE } from './schema/009-text-once.ts';
import { DISCREPANCY_COUNTS } from './schema/010-discrepancy-counts.ts';
import { ANNOTATION_WORDS } from './schema/011-annotation-words.ts';

export interface Migration {
  /** Schema version that this step leads to. */
  readonly version: number;
  readonly sql: string;
  /** What SQL alone cannot do, in the same transaction behind it. */
  readonly fill?: (database: Database) => void;
}

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: FOUNDATION },
  { version: 2, sql: SOURCES },
  { version: 3, sql: TEXT_INDEX },
  { version: 4, sql: CASES },
  { version: 5, sql: WATCHLISTS },
  { version: 6, sql: TEXT_LINES },
  { version: 7, sql: HISTORY, fill: fillHistory },
  { version: 8, sql: RETENTION },
  { version: 9, sql: TEXT_ONCE },
  { version: 10, sql: DISCREPANCY_COUNTS },
  { version: 11, sql: ANNOTATION_WORDS },
];

export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.version;

export function schemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Brings the schema up to date. Throws an ExhibitError of kind `schema` when a newer Exhibit wrote the library. */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const current = schemaVersion(database);
  const newest = migrations.at(-1)!.version;
  if (current > newest) {
    throw new ExhibitError(
      'schema',
      'open library',
      `it was written by a newer Exhibit (schema ${String(current)}, this one reads up to ${String(newest)})`,
      'update Exhibit',
    );
  }
  for (const { version, sql, fill } of migrations) {
    if (version <= current) continue;
    database.transaction(() => {
      database.exec(sql);
      fill?.(database);
      database.pragma(`user_version=${String(version)}`);
    })();
  }
}
