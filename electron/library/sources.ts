// Sources that recordings are synchronised from: names and addresses. What opens them (a token) is in the vault and never here.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { Database } from './database.ts';

export interface NewSource {
  readonly name: string;
  readonly kind: 'rstream' | 'stackshift';
  /** Address of the engine, or of the StackShift interface. */
  readonly engine: string;
  /** Address of rstream's control plane. */
  readonly apiUrl: string | null;
  /** Paths of the StackShift interface that differ from the usual ones, as JSON; null where none does. */
  readonly paths: string | null;
  /** RFC 3339, UTC. */
  readonly addedAt: string;
}

export interface SourceRow extends NewSource {
  /** How the last synchronisation ended, as JSON in the form of shapes.ts `syncOutcome`. */
  readonly lastSync: string | null;
  /** Sessions in the library that are listed under its name. */
  readonly sessions: number;
}

export interface SourceStore {
  /** By name. */
  list(): readonly SourceRow[];
  /** Names of all sources that there are or were: those of recordings, histories and policies among them. */
  names(): readonly string[];
  /** Names differ by more than the case of their letters. */
  find(name: string): SourceRow | null;
  /** Throws kind `refused` where there is one of that name. */
  add(source: NewSource): void;
  /** Forgets it; what was acquired from it stays. Throws kind `not-found`. */
  remove(name: string): void;
  setLastSync(name: string, outcome: string): void;
}

const COLUMNS = `name, kind, engine, api_url apiUrl, paths, added_at addedAt, last_sync lastSync,
  (SELECT count(*) FROM session WHERE session.source = source.name COLLATE NOCASE AND id IS NOT NULL) sessions`;

export function createSourceStore(database: Database): SourceStore {
  const all = database.prepare<[], SourceRow>(`SELECT ${COLUMNS} FROM source ORDER BY name`);
  const one = database.prepare<[string], SourceRow>(`SELECT ${COLUMNS} FROM source WHERE name = ?`);
  const insert = database.prepare<[string, string, string, string | null, string | null, string]>(
    'INSERT INTO source (name, kind, engine, api_url, paths, added_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const names = database
    .prepare<[], string>('SELECT name FROM source UNION SELECT source FROM acquisition UNION SELECT source FROM retention_policy')
    .pluck();
  const remove = database.prepare<[string]>('DELETE FROM source WHERE name = ?');
  const lastSync = database.prepare<[string, string]>('UPDATE source SET last_sync = ? WHERE name = ?');

  return {
    list: () => all.all(),
    names: () => names.all(),
    find: (name) => one.get(name) ?? null,
    add: ({ name, kind, engine, apiUrl, paths, addedAt }) => {
      if (insert.run(name, kind, engine, apiUrl, paths, addedAt).changes === 0) {
        throw new ExhibitError('refused', `add source ${name}`, 'there is a source of this name already', 'choose another name');
      }
    },
    remove: (name) => {
      if (remove.run(name).changes === 0) {
        throw new ExhibitError('not-found', `source ${name}`, 'there is no such source', '`exhibit sources list` shows them');
      }
    },
    setLastSync: (name, outcome) => {
      lastSync.run(outcome, name);
    },
  };
}
