// The full-text index as search asks it, and the sessions that a search looks at. A block that the index names may hold no hit:
// trigrams say that the parts occur in it, not that they stand together, so the caller verifies the text.

import { allOf, type Narrow } from '../../shared/query/narrow.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Database } from './database.ts';
import type { TextField } from './derived.ts';
import { filterCondition, type IndexState, type SessionFilter } from './sessions.ts';

/** What search knows of a session without opening anything of it. */
export interface SearchedSession {
  readonly key: number;
  readonly id: string;
  readonly user: string | null;
  readonly server: string | null;
  readonly source: string;
  readonly origin: string | null;
  readonly group: string | null;
  readonly environment: string | null;
  readonly status: string | null;
  readonly exitStatus: number | null;
  /** Microseconds since 1970-01-01 UTC. */
  readonly startedAt: Micros | null;
  readonly duration: Micros;
  readonly indexState: IndexState;
}

export interface BlockRef {
  readonly key: number;
  readonly session: number;
  readonly field: TextField;
}

/** Columns whose values a query can name. */
export const VALUE_COLUMNS = {
  user: 'user',
  server: 'server',
  source: 'source',
  origin: 'origin',
  group: 'session_group',
  environment: 'environment',
  status: 'status',
  exit: 'exit_status',
} as const;
export type ValueColumn = keyof typeof VALUE_COLUMNS;

export interface CandidateRequest {
  /** Those under three characters cannot narrow and are ignored. */
  readonly literals: readonly string[];
  readonly fields: readonly TextField[];
  readonly sessions: readonly number[];
}

export interface TextSearchStore {
  /** Sessions in a filter, newest start first, those without one last. `among`: only these. */
  sessions(filter: SessionFilter, among: readonly number[] | null): readonly SearchedSession[];
  /** Blocks that the index names in the whole library, in the order of their keys; null when there are more than `most`. */
  rare(match: string, fields: readonly TextField[], most: number): readonly BlockRef[] | null;
  /** Keys of all blocks of these fields in a session, in order. */
  blocks(session: number, fields: readonly TextField[]): readonly number[];
  /** Keys of blocks that the index names, from one key to another, in order: those of other sessions and fields too. */
  named(match: string, first: number, last: number): readonly number[];
  /** Keys of blocks that may hold all these folded literals, in sessions that are named. */
  candidates(request: CandidateRequest): Iterable<number>;
  /** Values of a column that stand anywhere in the library, the most frequent first. */
  values(column: ValueColumn, limit: number): readonly string[];
}

const TRIGRAM = 3;

/** Fewer characters make no trigram; NUL would end the expression. */
function trigrams(text: string): string[] {
  const points = Array.from(text);
  const found = new Set<string>();
  for (let i = 0; i + TRIGRAM <= points.length; i++) found.add(points.slice(i, i + TRIGRAM).join(''));
  return [...found].filter((trigram) => !trigram.includes('\0'));
}

/**
 * The FTS5 expression for what every matching line holds: trigrams as quoted strings. Null where the index cannot tell.
 * https://www.sqlite.org/fts5.html#the_trigram_tokenizer
 */
export function indexQuery(narrow: Narrow): string | null {
  if (narrow === null) return null;
  switch (narrow.kind) {
    case 'literal': {
      const quoted = trigrams(narrow.text).map((trigram) => `"${trigram.replaceAll('"', '""')}"`);
      return quoted.length === 0 ? null : quoted.join(' AND ');
    }
    case 'all': {
      const parts = narrow.items.map(indexQuery).filter((part) => part !== null);
      return parts.length === 0 ? null : parts.map((part) => `(${part})`).join(' AND ');
    }
    case 'any': {
      const parts = narrow.items.map(indexQuery);
      return parts.includes(null) ? null : parts.map((part) => `(${part!})`).join(' OR ');
    }
  }
}

/** What two ordered lists of keys share. */
export function common(a: readonly number[], b: readonly number[]): number[] {
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) i += 1;
    else if (a[i]! > b[j]!) j += 1;
    else {
      both.push(a[i]!);
      i += 1;
      j += 1;
    }
  }
  return both;
}

const SEARCHED = `key, id, user, server, source, origin, session_group "group", environment, status, exit_status exitStatus,
  started_us startedAt, duration_us duration, index_state indexState`;

export function createTextSearch(database: Database): TextSearchStore {
  const keysOf = database
    .prepare<[string, number], number>('SELECT rowid FROM text_index WHERE text_index MATCH ? LIMIT ?')
    .pluck();
  const byKeys = database.prepare<[string], BlockRef>(
    'SELECT key, session, field FROM text_block WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key',
  );
  // Answered from the index of the table alone: no block is touched.
  const ofSession = database
    .prepare<[number, string], number>('SELECT key FROM text_block WHERE session = ? AND field = ? ORDER BY key')
    .pluck();
  const keysWithin = database
    .prepare<[string, number, number], number>('SELECT rowid FROM text_index WHERE text_index MATCH ? AND rowid BETWEEN ? AND ?')
    .pluck();
  const blocks: TextSearchStore['blocks'] = (session, fields) => {
    const keys = fields.map((field) => ofSession.all(session, field));
    return keys.length === 1 ? keys[0]! : keys.flat().sort((a, b) => a - b);
  };
  const named: TextSearchStore['named'] = (match, first, last) => keysWithin.all(match, first, last);
  return {
    blocks,
    named,
    *candidates({ literals, fields, sessions }) {
      const match = indexQuery(allOf(literals.map((text) => ({ kind: 'literal', text }))));
      for (const session of sessions) {
        const keys = blocks(session, fields);
        const [first, last] = [keys[0], keys.at(-1)];
        if (first === undefined || last === undefined) continue;
        yield* match === null ? keys : common(keys, named(match, first, last));
      }
    },
    sessions: (filter, among) => {
      const { sql, values } = filterCondition(filter);
      const only = among === null ? '' : ' AND key IN (SELECT value FROM json_each(?))';
      return database
        .prepare<unknown[], SearchedSession>(
          `SELECT ${SEARCHED} FROM session WHERE ${sql}${only} ORDER BY coalesce(started_us, -9007199254740991) DESC, key DESC`,
        )
        .all(...values, ...(among === null ? [] : [JSON.stringify(among)]));
    },
    rare: (match, fields, most) => {
      const keys = keysOf.all(match, most + 1);
      return keys.length > most ? null : byKeys.all(JSON.stringify(keys)).filter(({ field }) => fields.includes(field));
    },
    values: (column, limit) => {
      const name = VALUE_COLUMNS[column];
      return database
        .prepare<[number], string>(
          `SELECT CAST(${name} AS TEXT) FROM session WHERE id IS NOT NULL AND ${name} IS NOT NULL
           GROUP BY ${name} ORDER BY count(*) DESC, ${name} LIMIT ?`,
        )
        .pluck()
        .all(limit);
    },
  };
}
