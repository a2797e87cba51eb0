// Lists of the text index after a purge: a part of the index is shared by many sessions, and none of it points to what is gone.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { GroupWriter, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import { listsIn } from '../../../../electron/library/text-postings.ts';
import { TERMS } from '../../../../shared/query/terms.ts';
import type { Micros } from '../../../../shared/recording/time.ts';
import { keepRecordings } from '../../../support/kept-recordings.ts';
import { temporaryLibrary } from '../../../support/library.ts';

const AT = '2026-11-21T10:00:00Z';
const WORDS = ['harbour', 'lantern', 'quarry', 'mossy', 'thimble', 'gravel', 'orchard', 'zephyr', 'cobalt', 'walnut'];

function group(text: string): GroupWriter {
  const line = { text, steps: [{ length: text.length, at: 0 as Micros, index: 0 }], to: 1 as Micros, row: 0, col: 0, cols: 80 };
  const writer = new GroupWriter();
  writer.add('printed', line);
  return writer;
}

const candidates = ({ derived }: Library, text: string): readonly number[] =>
  [...(derived.text.candidates({ kind: 'literal', text }) ?? [])].toSorted((a, b) => a - b);

test('a part of the index that sessions share loses what was purged, and answers for the others as before', () => {
  const { library, folder, key } = temporaryLibrary();
  const { text } = library.derived;
  const rows = WORDS.map((word, i) => {
    const [id] = keepRecordings(library, i % 2 === 0 ? 'gone' : 'kept', AT, [{ startedAt: 0 as Micros }]);
    const row = library.sessions.find(id!) as SessionRow;
    for (let n = 0; n < 20; n++) text.put(text.seal(row, group(`${word} and what all of them have, number ${String(n)}`)));
    return row;
  });
  text.flush();
  const groupsOf = (row: SessionRow): number[] => text.groupsOf(row.key).map((group) => group.key);
  const before = new Map(rows.map((row, i) => [row.id, candidates(library, WORDS[i]!)]));
  const policy = { source: 'gone', environment: 'production', keeper: 'library', days: 1, basis: 'set' } as const;
  library.retention.setPolicy({ ...policy, plan: null, by: 'tester', at: AT, reason: 'because' });
  const now = (Date.UTC(2026, 0, 1) * 1000) as Micros;
  const gone = new Set(rows.filter((_, i) => i % 2 === 0).flatMap(groupsOf));
  for (const acquisition of library.purges.purgeable(now)) {
    const act = {
      at: AT,
      custody: ({ session }: { readonly session: string }) => ({
        actor: 'tester',
        action: 'purge' as const,
        subject: session,
        purpose: '',
        details: {},
      }),
      certify: () => ({ certificate: '{}', signature: '' }),
    };
    expect(library.purges.purge(acquisition, now, act)).toHaveLength(1);
  }
  const left = (): number[] => {
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    const stored = database.prepare<[], { key: number; lists: Buffer }>('SELECT key, lists FROM text_posting').all();
    database.close();
    return stored
      .flatMap(({ key: at, lists }) => [...listsIn({ term: at % TERMS, lists })].flatMap(({ groups }) => [...groups]))
      .filter((group) => gone.has(group));
  };
  expect(left().length).toBeGreaterThan(100);
  expect(library.purges.uncleanSince()).toBe(now);
  expect(library.purges.clean({ pages: true })).toBe(true);
  expect(left()).toEqual([]);
  expect(library.purges.uncleanSince()).toBeNull();
  for (const [i, row] of rows.entries()) {
    expect(candidates(library, WORDS[i]!)).toEqual(i % 2 === 0 ? [] : before.get(row.id));
  }
  expect(candidates(library, 'what all of them have')).toEqual(rows.filter((_, i) => i % 2 === 1).flatMap(groupsOf));
  // And it can still be joined and written anew.
  text.compact();
  expect(candidates(library, 'walnut')).toEqual(before.get(rows[9]!.id));
});
