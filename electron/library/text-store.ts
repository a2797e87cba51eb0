// Text with its moments, as the pass over a recording found it: the lines of all fields from one stretch of a recording are a group, which
// the text index points at, and one blob under the recording's key.

import type { KeyObject } from 'node:crypto';
import type { Narrow } from '../../shared/query/narrow.ts';
import { TermSet } from '../../shared/query/terms.ts';
import type { Database } from './database.ts';
import { seal, unseal } from './seal.ts';
import type { SessionRow } from './sessions.ts';
import { StoredGroup, TEXT_FIELDS, type GroupWriter, type TextField } from './text-group.ts';
import { createTextIndex } from './text-index.ts';

/** The lines of one stretch as they are stored, and what the index is told of them. */
export interface SealedGroup {
  readonly session: number;
  /** A bit for each field that has lines, in the order of TEXT_FIELDS. */
  readonly fields: number;
  readonly sealed: Buffer;
  readonly terms: Uint32Array;
}

export interface TextStore {
  /** Makes the lines of one stretch ready for {@link TextStore.put}: the most of the work, which needs no transaction. */
  seal(session: SessionRow, group: GroupWriter): SealedGroup;
  /** Keeps them; within the caller's transaction. They can be found at once, and quickly from the next `flush` on. */
  put(group: SealedGroup): void;
  flush(): void;
  /** Removes a session's text; within the caller's transaction. */
  clear(session: number): void;
  /** Null when there is no such group any more. */
  group(key: number): StoredGroup | null;
  /** Groups of a session, in their order. */
  groupsOf(session: number): readonly GroupRef[];
  /** Parts of the index that a session's text is in, for {@link candidates}. */
  segmentsOf(session: number): readonly number[];
  /** Groups of these parts of the index, by default of all, that may have lines for which `narrow` holds; null: any group may. */
  candidates(narrow: Narrow, segments?: readonly number[]): ReadonlySet<number> | null;
  /** These groups by session, those of each in their order. */
  located(groups: ReadonlySet<number>): ReadonlyMap<number, readonly GroupRef[]>;
  /** Takes what belongs to text that is gone out of the index. */
  scrub(): void;
  /** Makes the index smaller and quicker where it is worth the work: after a recording was indexed. */
  compact(): void;
}

export interface GroupRef {
  readonly key: number;
  /** Fields that it has lines of. */
  readonly fields: readonly TextField[];
}

/** A group as its row tells it: `fields` has a bit for each field. */
interface StoredRef {
  readonly key: number;
  readonly fields: number;
}

const refOf = ({ key, fields }: StoredRef): GroupRef => ({
  key,
  fields: TEXT_FIELDS.filter((_, bit) => (fields & (1 << bit)) !== 0),
});

/** `keyFor`: the key that a session's content is sealed under. */
export function createTextStore(database: Database, keyFor: (session: number) => KeyObject): TextStore {
  const sql = {
    put: database.prepare<[number, number]>('INSERT INTO text_group (session, fields) VALUES (?, ?)'),
    putLines: database.prepare<[number, Buffer]>('INSERT INTO text_lines (text_group, sealed) VALUES (?, ?)'),
    get: database.prepare<[number], { session: number; sealed: Buffer }>(
      'SELECT session, sealed FROM text_group JOIN text_lines ON text_group = key WHERE key = ?',
    ),
    dropLines: database.prepare<[number]>(
      'DELETE FROM text_lines WHERE text_group IN (SELECT key FROM text_group WHERE session = ?)',
    ),
    drop: database.prepare<[number]>('DELETE FROM text_group WHERE session = ?'),
    of: database.prepare<[number], StoredRef>('SELECT key, fields FROM text_group WHERE session = ? ORDER BY key'),
    located: database.prepare<[string], StoredRef & { readonly session: number }>(
      'SELECT session, key, fields FROM text_group WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key',
    ),
  };
  const index = createTextIndex(database);
  let terms: TermSet | null = null;

  return {
    seal: (session, group) => {
      terms ??= new TermSet();
      terms.clear();
      for (const text of group.texts) terms.add(text);
      const fields = group.fields.reduce((bits, field) => bits | (1 << TEXT_FIELDS.indexOf(field)), 0);
      const sealed = seal(keyFor(session.key), 'text', group.take());
      return { session: session.key, fields, sealed, terms: terms.terms.slice() };
    },
    put: ({ session, fields, sealed, terms: noted }) => {
      const key = Number(sql.put.run(session, fields).lastInsertRowid);
      sql.putLines.run(key, sealed);
      index.add(key, noted);
    },
    flush: index.flush,
    clear: (session) => {
      index.reset();
      index.without(session, () => {
        sql.dropLines.run(session);
        sql.drop.run(session);
      });
    },
    group: (key) => {
      const row = sql.get.get(key);
      if (row === undefined) return null;
      return new StoredGroup(unseal(keyFor(row.session), 'text', row.sealed));
    },
    groupsOf: (session) => sql.of.all(session).map(refOf),
    segmentsOf: index.segmentsOf,
    candidates: index.candidates,
    located: (groups) => {
      const rows = Map.groupBy(sql.located.all(JSON.stringify([...groups])), ({ session }) => session);
      return new Map(Array.from(rows, ([session, refs]) => [session, refs.map(refOf)]));
    },
    scrub: index.scrub,
    compact: index.compact,
  };
}
