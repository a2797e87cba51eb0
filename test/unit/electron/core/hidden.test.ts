// Hidden text through the whole core: kept, listed, on the timeline, and found by search as the findings say.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HiddenFinding } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { HIDDEN } from '../indexing/hidden-set.ts';

const ESC = '\u001b';
const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;
let id: string;
let findings: readonly HiddenFinding[];

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  // All cases one after the other, each on a terminal that was reset.
  const cases = HIDDEN.filter(({ steps }) => steps.every(([, code]) => code === 'o' || code === 'i'));
  const events = cases.flatMap(({ steps }, n) => [
    [n * 20, 'o', `${ESC}c`] as const,
    ...steps.map(([at, code, text]) => [n * 20 + 1 + at, code, text] as const),
  ]);
  const path = join(folder, 'hidden.cast');
  writeFileSync(path, cast(events));
  const [result] = await core.import([path]);
  id = result!.sessionIds[0]!;
  findings = await core.api.call('sessions.hidden', { id });
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

test('every case is found where it is, with its cause', () => {
  const cases = HIDDEN.filter(({ steps }) => steps.every(([, code]) => code === 'o' || code === 'i'));
  const missing = cases.filter(
    ({ cause, text }, n) =>
      !findings.some(
        (found) =>
          found.cause === cause &&
          found.text.includes(text) &&
          found.fromUs >= n * 20_000_000 &&
          found.fromUs < (n + 1) * 20_000_000,
      ),
  );
  expect(missing.map(({ cause, name }) => `${cause}: ${name}`)).toEqual([]);
  expect(findings).toHaveLength(cases.length);
});

test('the timeline has the same findings', async () => {
  expect((await core.api.call('replay.timeline', { id })).hidden).toEqual(findings);
});

test('a search in hidden text finds what the findings hold, and nothing else', async () => {
  for (const word of ['secret', 'the', 'key', 'of', 'password', 'cod.exe', 'nothing of this']) {
    const { hits } = await core.api.call('search.run', { query: `"${word}"`, in: ['hidden'], sessionId: id, limit: 1000 });
    const expected = findings.filter(({ text }) => text.toLowerCase().includes(word));
    expect([...new Set(hits.map(({ index }) => index))].toSorted((a, b) => a - b)).toEqual(
      [...new Set(expected.map(({ index }) => index))].toSorted((a, b) => a - b),
    );
    for (const hit of hits) {
      expect(hit.in).toBe('hidden');
      const found = expected.find(({ text, index }) => index === hit.index && text.includes(hit.text.slice(0, 40)))!;
      expect(hit.toUs).toBe(found.toUs);
      expect(hit.row === null).toBe(found.row === null);
    }
  }
});

test('reading the findings is in the custody log', async () => {
  const { entries } = await core.api.call('custody.list', { subject: id, action: 'open' });
  expect(entries.some(({ details }) => details.includes('hidden text'))).toBe(true);
});

test('a session with more than can be judged says so, and no search finds that', async () => {
  // Each stands for 50 ms and can be read nowhere: three questions for each that is kept.
  const fleeting = Array.from({ length: 4002 }, (_, n) => [
    [n, 'o', `decoy${String(n)} of ${Buffer.from(`${String(n)} word`).toString('hex')}`] as const,
    [n + 0.05, 'o', `\r${ESC}[K`] as const,
  ]).flat();
  // One question for each.
  const cut = Array.from(
    { length: 4000 },
    (_, n) => [5000 + n, 'o', `${ESC}[?7l\r\n${ESC}[78Gbeyond edge ${String(n)}.`] as const,
  );
  const events = [...fleeting, ...cut, [9000, 'o', `${ESC}_one question more${ESC}\\`] as const];
  const path = join(folder, 'flooded.cast');
  writeFileSync(path, cast(events));
  const [result] = await core.import([path]);
  const flooded = result!.sessionIds[0]!;
  const found = await core.api.call('sessions.hidden', { id: flooded });
  const unjudged = found.filter(({ cause }) => cause === 'not-searched');
  expect(unjudged.map(({ text, fromUs }) => [text, fromUs])).toEqual([
    ['readable text', 0],
    ['text that went too soon', 4_000_000_000],
  ]);
  const { hits } = await core.api.call('search.run', { query: 'text', in: ['hidden'], sessionId: flooded });
  expect(hits).toEqual([]);
});

test('the theme of the header says which text has the colour of its background', async () => {
  const theme = { fg: '#839496', bg: '#002b36', palette: Array.from({ length: 8 }, () => '#002b36').join(':') };
  const path = join(folder, 'theme.cast');
  const header = { version: 3, term: { cols: 80, rows: 24, theme } };
  writeFileSync(path, `${JSON.stringify(header)}\n${JSON.stringify([1, 'o', `${ESC}[31mred on red${ESC}[0m`])}\n`);
  const [result] = await core.import([path]);
  const found = await core.api.call('sessions.hidden', { id: result!.sessionIds[0]! });
  expect(found.map(({ cause, text }) => `${cause}: ${text}`)).toEqual(['same-colour: red on red']);
});
