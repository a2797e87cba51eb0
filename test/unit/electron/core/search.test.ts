// Search against a slow oracle: what was on the screen after each event, looked at as a whole.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input, Output } from '../../../../shared/api/contract.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function imported(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return (await core.import([path]))[0]!.sessionIds[0]!;
}

const search = (request: Input<'search.run'>): Promise<Output<'search.run'>> => core.api.call('search.run', request);

describe('the text that stood on the screen', () => {
  it.each([
    ['a mark', ['order cafe', '\u0301', ' noir\r\n'], 'cafe', 'caf\u00e9'],
    ['a voiced mark', ['\uff76\uff8a', '\uff9f', '\uff9d\r\n'], '\u30cf', '\u30d1\u30f3'],
    ['a jamo', ['\u1112\u1161', '\u11ab', '!\r\n'], '\ud558', '\ud55c!'],
  ] as const)('is found as it was before %s joined it, and after', async (name, [first, second, third], before, after) => {
    const id = await imported(
      `${name}.cast`,
      cast([
        [1, 'o', first],
        [3, 'o', second],
        [5, 'o', third],
      ]),
    );
    const seen = async (query: string): Promise<(readonly [number, number])[]> => {
      const { hits } = await search({ query: `"${query}"`, sessionId: id, in: ['visible'], limit: 10 });
      return hits.map(({ fromUs, toUs }) => [fromUs, toUs]);
    };
    expect(await seen(before)).toEqual([[1_000_000, 3_000_000]]);
    expect(await seen(after)).toEqual([[name === 'a mark' ? 3_000_000 : 5_000_000, 5_000_000]]);
  });

  it.each(['python-repl.cast', 'resize.cast', 'incident-exec-1-nightly-backup.cast'])(
    'is found when it appeared, and nothing else is: %s',
    async (name) => {
      const id = await imported(name, readFileSync(join(KEPT_RECORDINGS, name)));
      const { events } = await core.api.call('sessions.show', { id });
      const screens: { readonly atUs: number; readonly text: string }[] = [];
      for (let seq = 1; seq <= events; seq++) {
        const { screen, atUs, cols } = await core.api.call('sessions.screen', { id, at: { kind: 'seq', seq: String(seq) } });
        // Rows as one text: a word may go on in the next row.
        screens.push({
          atUs,
          text: screen
            .map((row) => row.padEnd(cols))
            .join('')
            .toLowerCase(),
        });
      }
      const words = new Map<string, number>();
      for (const word of new Set(screens.flatMap(({ text }) => text.match(/[a-z_]{4,}/g) ?? []))) {
        words.set(word, screens.find(({ text }) => text.includes(word))!.atUs);
      }
      expect(words.size).toBeGreaterThan(8);
      for (const [word, atUs] of words) {
        const { hits } = await search({ query: word, sessionId: id, in: ['visible'], limit: 1000 });
        const first = Math.min(...hits.map(({ fromUs }) => fromUs));
        expect({ word, atUs: first }).toEqual({ word, atUs });
      }
    },
  );

  it('is where the hit says, at the moment that it says', async () => {
    const id = await imported('place.cast', readFileSync(join(KEPT_RECORDINGS, 'python-repl.cast')));
    const { hits } = await search({ query: 'print', sessionId: id, in: ['visible'] });
    expect(hits.length).toBeGreaterThan(0);
    const first = hits.toSorted((a, b) => a.fromUs - b.fromUs)[0]!;
    const { screen } = await core.api.call('sessions.screen', { id, at: { kind: 'seq', seq: String(first.index + 1) } });
    expect(screen[first.row!]!.slice(first.col!).toLowerCase()).toMatch(/^print/);
  });

  it('ends when it is overwritten', async () => {
    const id = await imported(
      'gone.cast',
      cast([
        [1, 'o', 'temporary'],
        [2, 'o', '\r\u001b[Kfinal'],
        [9, 'o', '!'],
      ]),
    );
    const { hits } = await search({ query: 'temporary', sessionId: id, in: ['visible'] });
    expect(hits.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([[1_000_000, 2_000_000]]);
  });

  it('is found across wrapped rows, and its place is that of its first character', async () => {
    const id = await imported('wrap.cast', cast([[1, 'o', `${'x'.repeat(36)} needle in hay`]], { width: 40, height: 5 }));
    const { hits } = await search({ query: '"needle in hay"', sessionId: id, in: ['visible'] });
    expect(hits.map(({ row, col }) => [row, col])).toEqual([[0, 37]]);
  });

  it('is not what was printed and erased within one event', async () => {
    const id = await imported('flash.cast', cast([[1, 'o', 'invisible\r\u001b[Kshown']]));
    expect((await search({ query: 'invisible', sessionId: id, in: ['visible'] })).total).toBe(0);
    expect((await search({ query: 'invisible', sessionId: id, in: ['printed'] })).total).toBe(1);
  });
});

describe('a query', () => {
  it('finds words in any order, phrases in theirs, without regard to case or width', async () => {
    const id = await imported('words.cast', cast([[1, 'o', 'Ｄｒｏｐ TABLE Customers\r\n']]));
    const total = async (query: string): Promise<number> => (await search({ query, sessionId: id, in: ['visible'] })).total;
    expect(await total('customers drop')).toBeGreaterThan(0);
    expect(await total('"drop table"')).toBe(1);
    expect(await total('"table drop"')).toBe(0);
  });

  it('can be a regular expression', async () => {
    const id = await imported('regex.cast', cast([[1, 'o', 'port 5432 open\r\nport 80 closed\r\n']]));
    const { hits } = await search({ query: 'port \\d{4}', regex: true, sessionId: id, in: ['visible'] });
    expect(hits.map(({ text, matchStart, matchLength }) => text.slice(matchStart, matchStart + matchLength))).toEqual([
      'port 5432',
    ]);
    await expect(search({ query: '(', regex: true })).rejects.toMatchObject({ kind: 'usage' });
  });

  it('finds what was typed and not echoed', async () => {
    const id = await imported(
      'typed.cast',
      cast([
        [1, 'o', 'Password: '],
        [2, 'i', 'hunter2\r'],
        [3, 'o', '\r\nok\r\n'],
      ]),
    );
    expect((await search({ query: 'hunter2', sessionId: id, in: ['visible', 'printed'] })).total).toBe(0);
    const { hits } = await search({ query: 'hunter2', sessionId: id, in: ['typed'] });
    expect(hits.map(({ in: field, fromUs }) => [field, fromUs])).toEqual([['typed', 2_000_000]]);
  });

  it('counts every hit and gives them page by page', async () => {
    const lines = Array.from({ length: 250 }, (_, i) => [i + 1, 'o', `line ${String(i)} marker\r\n`] as const);
    const id = await imported('pages.cast', cast(lines));
    const page = async (offset: number): Promise<readonly number[]> => {
      const { total, hits } = await search({ query: 'marker', sessionId: id, in: ['printed'], offset, limit: 100 });
      expect(total).toBe(250);
      return hits.map(({ fromUs }) => fromUs);
    };
    const all = [...(await page(0)), ...(await page(100)), ...(await page(200))];
    expect(all).toEqual(lines.map(([at]) => at * 1_000_000));
  });
});
