// Search against the obvious way to search: nothing missed, nothing false, at every moment. Queries at random, from a seed that is
// printed; SEARCH_ORACLE_SEED takes another, SEARCH_ORACLE_QUERIES makes it longer, SEARCH_ORACLE_FOLDER takes other recordings.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input, Output } from '../../../../shared/api/contract.ts';
import type { SearchHit } from '../../../../shared/api/search-shapes.ts';
import type { HiddenFinding, Session } from '../../../../shared/api/shapes.ts';
import { printText } from '../../../../shared/query/print.ts';
import { decodeEvents } from '../../../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { createRandom, type Random } from '../../../support/random.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';
import { occurrences, oracleText, type OracleNeedle, type OracleText } from '../../../support/search-oracle.ts';

const SEED = Number(process.env['SEARCH_ORACLE_SEED'] ?? 261_121);
const QUERIES = Number(process.env['SEARCH_ORACLE_QUERIES'] ?? 300);
const FOLDER = process.env['SEARCH_ORACLE_FOLDER'] ?? KEPT_RECORDINGS;

type Kind = 'visible' | 'printed' | 'typed' | 'hidden';
const KINDS: readonly Kind[] = ['visible', 'printed', 'typed', 'hidden'];

interface Known {
  readonly session: Session;
  readonly text: OracleText;
  readonly lines: Readonly<Record<Kind, readonly string[]>>;
  readonly hidden: readonly HiddenFinding[];
}

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
const sessions: Known[] = [];
let core: TestCore;

async function eventsOf(id: string): Promise<readonly RecordingEvent[]> {
  const events: RecordingEvent[] = [];
  for (let from: number | null = 0; from !== null;) {
    const { runs, next }: Output<'replay.events'> = await core.api.call('replay.events', { id, from, maxBytes: 4 * 1024 * 1024 });
    for (const { firstIndex, bytes } of runs) events.push(...decodeEvents(bytes, firstIndex));
    from = next;
  }
  return events;
}

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  const files = readdirSync(FOLDER)
    .filter((name) => !/\.truth\.json$|^malformed$|^README|^index\.json$|\.mjs$|\.md$|^large$/.test(name))
    .map((name) => join(FOLDER, name));
  await core.import(files, 'oracle');
  for (let cursor: string | null = null; ;) {
    const page: Output<'sessions.list'> = await core.api.call('sessions.list', { filter: {}, limit: 500, cursor });
    for (const session of page.sessions) {
      const { piped } = await core.api.call('sessions.show', { id: session.id });
      const text = oracleText(await eventsOf(session.id), { cols: session.cols, rows: session.rows, piped });
      const visible = [...new Set(text.screens.flatMap(({ lines }) => lines.map((line) => line.text)))];
      const hidden = await core.api.call('sessions.hidden', { id: session.id });
      const found = hidden.map((finding) => finding.text.trim().toWellFormed());
      sessions.push({ session, text, hidden, lines: { visible, printed: text.printed, typed: text.typed, hidden: found } });
    }
    cursor = page.next;
    if (cursor === null) break;
  }
}, 600_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function allHits(request: Input<'search.run'>): Promise<readonly SearchHit[]> {
  const hits: SearchHit[] = [];
  for (;;) {
    const answer = await core.api.call('search.run', { ...request, offset: hits.length, limit: 1000 });
    hits.push(...answer.hits);
    if (hits.length >= answer.total || answer.hits.length === 0) {
      expect(hits.length).toBe(answer.total);
      return hits;
    }
  }
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Sessions to ask: few have hidden text, and those mostly are asked for it. */
function telling(random: Random, kind: Kind): readonly Known[] {
  const some = kind === 'hidden' && random.next() < 0.8 ? sessions.filter(({ hidden }) => hidden.length > 0) : [];
  return some.length > 0 ? some : sessions;
}

/** A piece of a line, or of nothing, as somebody may look for it. */
function randomPiece(random: Random, kind: Kind): string {
  const { lines } = random.pick(telling(random, kind));
  const from = lines[kind].length > 0 ? lines[kind] : lines.printed;
  const points = Array.from(from.length > 0 ? random.pick(from) : 'nothing');
  const start = random.below(points.length);
  const piece = points.slice(start, start + 1 + random.below(random.pick([2, 4, 8, 30]))).join('');
  return piece.trim() === '' ? 'x' : random.next() < 0.3 ? piece.toUpperCase() : piece;
}

function randomExpression(random: Random, kind: Kind): OracleNeedle {
  let source = '';
  for (const point of randomPiece(random, kind)) {
    const choice = random.next();
    if (choice < 0.1) source += '.';
    else if (choice < 0.2 && /[0-9]/.test(point)) source += '\\d';
    else if (choice < 0.25 && /[a-z]/.test(point)) source += random.pick(['[a-z]', '\\w', '[^b]', '(?:x|[a-z])']);
    else if (choice < 0.3) source += `${escaped(point)}${random.pick(['+', '*', '?', '{1,2}', '+?'])}`;
    else if (choice < 0.33) source += '.*';
    else source += escaped(point);
  }
  if (random.next() < 0.1) source = `${source}|${escaped(randomPiece(random, kind))}`;
  else {
    if (random.next() < 0.1) source = random.pick(['^', '\\b']) + source;
    if (random.next() < 0.15) source += random.pick(['$', '\\b']);
  }
  return { source, flags: random.pick(['', 'i']) };
}

const written = (needle: OracleNeedle): string =>
  'word' in needle ? printText(needle.word) : `/${needle.source}/${needle.flags}`;

/** How often the needle stands on each screen. */
function onScreens({ text: { screens } }: Known, needle: OracleNeedle): readonly number[] {
  const known = new Map<string, number>();
  return screens.map(({ lines }) => {
    let sum = 0;
    for (const { text } of lines) {
      let count = known.get(text);
      if (count === undefined) {
        count = occurrences(text, needle);
        known.set(text, count);
      }
      sum += count;
    }
    return sum;
  });
}

/** What is wrong with hits of visible text; empty when nothing is. */
function visibleFaults(known: Known, needle: OracleNeedle, hits: readonly SearchHit[]): string[] {
  const { screens } = known.text;
  const faults: string[] = [];
  const expected = onScreens(known, needle);
  for (const [i, { index, at }] of screens.entries()) {
    const lastOfItsTime = i + 1 < screens.length && screens[i + 1]!.at > at;
    const standing = hits.filter(({ fromUs, toUs }) => fromUs <= at && (lastOfItsTime ? at < toUs : at <= toUs)).length;
    if (lastOfItsTime ? standing !== expected[i]! : standing < Math.min(1, expected[i]!)) {
      faults.push(`after event ${String(index)}: ${String(expected[i])} on the screen, ${String(standing)} found`);
    }
  }
  const byIndex = new Map(screens.map((screen) => [screen.index, screen]));
  for (const hit of hits) {
    const screen = byIndex.get(hit.index);
    const line = screen?.lines.findLast(({ row }) => row <= hit.row!);
    const matched = hit.text.slice(hit.matchStart, hit.matchStart + hit.matchLength);
    if (screen === undefined || line === undefined || occurrences(line.text, needle) === 0) {
      faults.push(`a hit in event ${String(hit.index)}, row ${String(hit.row)}, where it does not stand`);
    } else if (/^[ -~]*$/.test(line.text)) {
      const offset = (hit.row! - line.row) * screen.cols + hit.col! - line.lead;
      const there = line.text.slice(offset, offset + matched.length);
      // An expression may have matched less when it first did; blanks at the end of a phrase may have been those behind the line.
      const less = 'source' in needle || needle.word.endsWith(' ');
      if (there === '' || (there !== matched && !(less && matched.startsWith(there))))
        faults.push(`at its place stands ${there}, not ${matched}`);
    }
  }
  return faults;
}

/**
 * Each finding is one line, there until its end; what was printed behind it later is there from then on. What an expression asks to stand
 * behind its match, and the blank at the end of a phrase, may stand there until then alone; so may a match that gave way to a longer one.
 */
function hiddenFaults({ hidden, lines }: Known, needle: OracleNeedle, hits: readonly SearchHit[]): string[] {
  const untilMore = ({ fromUs, toUs, text, matchStart, matchLength }: SearchHit): boolean =>
    ('source' in needle || needle.word.endsWith(' ')) &&
    occurrences(text.slice(0, matchStart + matchLength), needle) > 0 &&
    hidden.some((one, i) => lines.hidden[i] === text && one.fromUs <= fromUs && toUs < one.toUs);
  const left = hidden.flatMap((finding, i) => Array.from({ length: occurrences(lines.hidden[i]!, needle) }, () => finding));
  const wrong = hits.filter((hit) => {
    const { fromUs, toUs, index } = hit;
    const at = left.findIndex((one) => one.fromUs <= fromUs && one.toUs === toUs && one.index <= index);
    if (at >= 0) left.splice(at, 1);
    return at < 0 && !untilMore(hit);
  });
  return [
    ...wrong.map(({ index }) => `a hit in event ${String(index)}, where nothing like it is hidden`),
    ...left.map(({ index }) => `nothing found in what is hidden since event ${String(index)}`),
  ];
}

function faultsOf(known: Known, kind: Kind, needle: OracleNeedle, hits: readonly SearchHit[]): string[] {
  if (kind === 'visible') return visibleFaults(known, needle, hits);
  if (kind === 'hidden') return hiddenFaults(known, needle, hits);
  const expected = known.lines[kind].reduce((sum, line) => sum + occurrences(line, needle), 0);
  return expected === hits.length ? [] : [`${String(expected)} in the stream, ${String(hits.length)} found`];
}

describe(`search, by the obvious way to search (seed ${String(SEED)})`, () => {
  it(
    'finds every word and every expression, in every kind of text, at every moment, and nothing else',
    { timeout: 3_600_000 },
    async () => {
      const random = createRandom(SEED);
      const wrong: string[] = [];
      let found = 0;
      for (let i = 0; i < QUERIES && wrong.length < 20; i++) {
        const kind = random.pick(KINDS);
        const needle = random.next() < 0.6 ? { word: randomPiece(random, kind) } : randomExpression(random, kind);
        const query = written(needle);
        const known = random.pick(telling(random, kind));
        const hits = await allHits({ query, in: [kind], sessionId: known.session.id });
        if (hits.length > 0) found += 1;
        for (const fault of faultsOf(known, kind, needle, hits).slice(0, 2)) {
          wrong.push(`${known.session.title ?? known.session.id} ${known.session.format} in:${kind} ${query}: ${fault}`);
        }
      }
      console.log(
        `search oracle: seed ${String(SEED)}, ${String(QUERIES)} queries, ${String(sessions.length)} sessions, ${String(found)} with hits`,
      );
      expect(wrong).toEqual([]);
    },
  );

  it('finds the same in the whole library as in its sessions', { timeout: 3_600_000 }, async () => {
    const random = createRandom(SEED + 1);
    for (let i = 0; i < QUERIES / 20; i++) {
      const kind = random.pick(KINDS);
      const needle = random.next() < 0.6 ? { word: randomPiece(random, kind) } : randomExpression(random, kind);
      const query = written(needle);
      const { total, sessions: counts, facets } = await core.api.call('search.run', { query, in: [kind], limit: 1 });
      let sum = 0;
      for (const { session } of sessions) {
        const one = await core.api.call('search.run', { query, in: [kind], limit: 1, sessionId: session.id });
        sum += one.total;
        expect([query, counts.find(({ id }) => id === session.id)?.hits ?? 0]).toEqual([query, one.total]);
      }
      expect([query, total]).toEqual([query, sum]);
      const bySource = facets.find(({ name }) => name === 'source')!;
      expect(bySource.values.reduce((all, { hits }) => all + hits, 0)).toBe(total);
    }
  });
});
