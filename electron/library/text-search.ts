// Candidates for a search from the full-text index, newest session first. A candidate block may hold no hit: trigrams say that
// the parts occur in it, not that they stand together, so the caller verifies the text.

import type { Database } from './database.ts';
import type { TextField } from './derived.ts';

export interface CandidateRequest {
  /** Folded literals that must all occur in a block; those under three characters cannot narrow and are ignored. */
  readonly literals: readonly string[];
  readonly fields: readonly TextField[];
  /** Session keys in scope. Null: all. */
  readonly sessions: readonly number[] | null;
}

export interface TextSearchStore {
  /** Keys of text blocks that may match, by session (newest start first), field and position. */
  candidates(request: CandidateRequest): Iterable<number>;
}

const TRIGRAM = 3;

/** The FTS5 expression for text that contains all literals: all their trigrams, each as a quoted string. */
export function trigramQuery(literals: readonly string[]): string | null {
  const trigrams = new Set<string>();
  for (const literal of literals) {
    const points = Array.from(literal);
    for (let i = 0; i + TRIGRAM <= points.length; i++) trigrams.add(points.slice(i, i + TRIGRAM).join(''));
  }
  if (trigrams.size === 0) return null;
  return [...trigrams].map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
}

/** Rows fetched at a time, so that no statement stays open while the caller works. */
const PAGE = 2000;

export function createTextSearch(database: Database): TextSearchStore {
  return {
    *candidates({ literals, fields, sessions }) {
      const match = trigramQuery(literals);
      const conditions = ['session.id IS NOT NULL', `text_block.field IN (${fields.map(() => '?').join(', ')})`];
      const values: (string | number)[] = [...fields];
      if (match !== null) {
        conditions.push('text_block.key IN (SELECT rowid FROM text_index WHERE text_index MATCH ?)');
        values.push(match);
      }
      if (sessions !== null) {
        conditions.push('session.key IN (SELECT value FROM json_each(?))');
        values.push(JSON.stringify(sessions));
      }
      const keys = database
        .prepare<unknown[], number>(
          `SELECT text_block.key FROM text_block JOIN session ON session.key = text_block.session WHERE ${conditions.join(' AND ')}
           ORDER BY coalesce(session.started_us, -9007199254740991) DESC, session.key, text_block.field, text_block.key LIMIT ? OFFSET ?`,
        )
        .pluck();
      for (let offset = 0; ; offset += PAGE) {
        const page = keys.all(...values, PAGE, offset);
        yield* page;
        if (page.length < PAGE) return;
      }
    },
  };
}
