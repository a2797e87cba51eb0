// Every malformed or hostile input does what the index beside it says, as far as decoding is concerned. Archives are unpacked
// elsewhere; gzip that stops early is named by whoever unpacks it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES, type SessionHeader } from '../../../../shared/recording/decoder.ts';
import type { Discrepancy, Refusal } from '../../../../shared/recording/discrepancy.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { inChunksOf, streamBytes } from '../../../support/decoding.ts';
import { decodeFiles, KEPT_RECORDINGS, loadFolder } from '../../../support/recording-files.ts';

const folder = join(KEPT_RECORDINGS, 'malformed');

interface Entry {
  readonly file: string | null;
  readonly with?: string;
  readonly part_of?: string;
  readonly expect: 'reject' | 'reject-or-warn' | 'accept-with-warning' | 'accept' | 'neutralise';
  readonly message: string;
  readonly events_readable?: number | string;
  readonly duration?: number;
  readonly final_row_0?: string;
}

const index = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { files: readonly Entry[] }).files;
const entries = index.filter(
  (entry): entry is Entry & { file: string } =>
    entry.file !== null && entry.part_of === undefined && !/\.(zip|tar\.gz)$/.test(entry.file),
);

interface Outcome {
  readonly refusals: readonly Refusal[];
  readonly discrepancies: readonly Discrepancy[];
  readonly header: SessionHeader | undefined;
  readonly events: readonly RecordingEvent[];
}

function open(file: string, chunk = 65_536): Outcome {
  const entry = index.find((other) => other.file === file)!;
  const files = file.endsWith('/')
    ? loadFolder(join(folder, file))
    : loadFolder(folder, (name) => name === file || name === entry.with);
  const { grouping, decoded } = decodeFiles(files, inChunksOf(chunk));
  const sessions = decoded.flatMap((one) => one.sessions);
  expect(sessions.length).toBeLessThanOrEqual(1);
  return {
    refusals: [...grouping.refused.map(({ refusal }) => refusal), ...decoded.flatMap(({ refusal }) => refusal ?? [])],
    discrepancies: decoded.flatMap((one) => one.discrepancies),
    header: sessions[0]?.header,
    events: sessions[0]?.events ?? [],
  };
}

const said = ({ refusals, discrepancies }: Outcome): string =>
  [...refusals, ...discrepancies].map(({ message }) => message).join('\n');
const lines = ({ discrepancies }: Outcome): (number | undefined)[] => discrepancies.map(({ place }) => place.line);
const text = ({ events }: Outcome): string => new TextDecoder().decode(streamBytes(events));

describe.each(entries)('$file', (entry) => {
  let outcome: Outcome;
  beforeAll(() => {
    outcome = open(entry.file);
  });

  it(`is handled as its index says: ${entry.expect}, ${entry.message}`, () => {
    const kinds = [...outcome.refusals, ...outcome.discrepancies].map(({ kind }) => kind);
    if (entry.expect === 'reject') expect(outcome.header).toBeUndefined();
    if (entry.expect === 'reject' || outcome.header === undefined) expect(outcome.refusals).toHaveLength(1);
    else expect(outcome.refusals).toEqual([]);
    // The message on a cut gzip stream is that of the room that unpacks it.
    if (entry.file === 'gzip-truncated.cast.gz') return;
    if (entry.message === 'none') expect(kinds).toEqual([]);
    else expect(kinds).toContain(entry.message);
  });

  it('gives the same one byte at a time', () => {
    if (!/^(bomb|zero|osc-very|deep)/.test(entry.file)) expect(open(entry.file, 1)).toEqual(outcome);
  });

  it('names a file in every message, and only real lines', () => {
    for (const { place, message } of [...outcome.refusals, ...outcome.discrepancies]) {
      expect(place.file).toBeDefined();
      expect(place.line ?? 1).toBeGreaterThan(0);
      expect(message).not.toMatch(/\.$|undefined|NaN|\[object/);
    }
  });

  it('gives the events that are readable', () => {
    const known = outcome.events.filter(({ kind }) => kind !== 'other').length;
    const { events_readable: readable, duration, final_row_0: row } = entry;
    if (typeof readable === 'number') expect(known).toBe(readable);
    if (readable === '7 to 9' || readable === '7 or 8') expect([7, 8, 9]).toContain(known);
    if (readable === '7 known, 4 other') expect([known, outcome.events.length]).toEqual([7, 11]);
    if (duration !== undefined) expect(outcome.events.at(-1)?.at ?? 0).toBe(duration * 1e6);
    if (row !== undefined && !/equal/.test(row)) expect(text(outcome).trimEnd()).toBe(row);
  });
});

describe('what the index asks for', () => {
  it('says how many bytes an incomplete last line has', () => {
    expect(said(open('truncated-last-line.cast'))).toMatch(/last line is incomplete: it has 21 bytes/);
  });

  it('names the unreadable line', () => {
    expect(lines(open('broken-line-in-middle.cast'))).toEqual([6]);
    expect(lines(open('invalid-utf8.cast'))).toEqual([6]);
    expect(lines(open('nan-time.cast'))).toEqual([5, 6, 7]);
    expect(lines(open('time-is-text.cast'))).toEqual([5, 6, 7]);
    expect(lines(open('events-not-arrays.cast'))).toHaveLength(5);
    expect(lines(open('data-not-text.cast'))).toHaveLength(5);
    expect(lines(open('decreasing-times.cast'))).toEqual([4, 6]);
  });

  it('says why a header is refused', () => {
    expect(open('missing-header.cast').refusals[0]).toMatchObject({
      message: expect.stringContaining('not a header') as string,
      place: { line: 1 },
    });
    expect(said(open('header-not-object.cast'))).toMatch(/header must be an object/);
    expect(said(open('version-9.cast'))).toMatch(/version 9 is not read; versions 1, 2 and 3 are/);
    expect(said(open('version-missing.cast'))).toMatch(/version is missing/);
    expect(said(open('version-is-text.cast'))).toMatch(/version/);
    expect(said(open('v1-without-stdout.json'))).toMatch(/stdout.* is missing/);
    expect(said(open('v3-without-term.cast'))).toMatch(/term\.cols and term\.rows.* missing/);
  });

  it('says what is read when a file is no recording', () => {
    expect(said(open('empty.cast'))).toMatch(/file is empty/);
    expect(said(open('only-blank-lines.cast'))).toMatch(/no recording/);
    expect(said(open('not-a-recording.cast'))).toMatch(
      /not a recording; what is read: asciicast .*ttyrec.*tlog.*sudo.*Teleport.*rstream/,
    );
    expect(said(open('html-page.cast'))).toMatch(/not a recording/);
    expect(said(open('utf16.cast'))).toMatch(/UTF-16/);
  });

  it('keeps stored times that cannot be used', () => {
    expect(open('negative-time.cast').events[0]).toMatchObject({ at: 0, time: '-5.0' });
    expect(open('huge-time.cast').events.slice(-2)).toMatchObject([
      { at: 3e6, time: '1e308' },
      { at: 3e6, time: '1e309' },
    ]);
    expect(open('decreasing-times.cast').events.map(({ at, time }) => [at, time])).toEqual([
      [100_000, undefined],
      [5_000_000, undefined],
      [5_000_000, '2.0'],
      [6_000_000, undefined],
      [6_000_000, '5.5'],
    ]);
    expect(open('v3-negative-interval.cast').events.map(({ at, time }) => [at, time])).toEqual([
      [500_000, undefined],
      [500_000, '-0.3'],
      [700_000, undefined],
      [800_000, undefined],
    ]);
    expect(open('clock-back.ttyrec').events.map(({ time }) => time)).toContain('1795229950');
  });

  it('opens at 80x24 or at a stated limit where the size is no size', () => {
    const size = (file: string): unknown => {
      const { header } = open(file);
      return [header?.cols, header?.rows, header?.sizeAssumed];
    };
    expect(size('size-zero.cast')).toEqual([80, 24, true]);
    expect(size('size-negative.cast')).toEqual([80, 24, true]);
    expect(size('size-is-text.cast')).toEqual([80, 24, true]);
    expect(size('width-huge.cast')).toEqual([2000, 24, false]);
    expect(size('duplicate-keys.cast')).toEqual([2000, 24, false]);
    expect(said(open('size-zero.cast'))).toMatch(/80x24 is assumed/);
    expect(said(open('size-negative.cast'))).toMatch(/width is -80/);
    expect(said(open('size-is-text.cast'))).toMatch(/width is the text 80 and height is a list/);
  });

  it('applies the one good resize, and names and keeps the bad ones', () => {
    const outcome = open('resize-bad.cast');
    expect(outcome.events.filter(({ kind }) => kind === 'resize')).toMatchObject([{ cols: 100, rows: 30 }]);
    expect(lines(outcome)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(outcome.events.filter(({ kind }) => kind === 'other')).toHaveLength(6);
  });

  it('shows U+FFFD for each lone surrogate, and joins a pair that two events share', () => {
    expect(text(open('lone-surrogates.cast'))).toContain('ship \ufffd here \ufffd and \ufffd\ufffd\r\n');
    const { events } = open('split-surrogate-pair.cast');
    expect(events.map((event) => (event.kind === 'data' ? new TextDecoder().decode(event.bytes) : ''))).toEqual([
      'ship ',
      '🚢 ok\r\n',
    ]);
  });

  it('shows U+FFFD where bytes are not UTF-8', () => {
    expect(text(open('invalid-utf8.cast'))).toContain('caf\ufffd \ufffd\ufffd \ufffd( end');
  });

  it('is not touched by names such as __proto__', () => {
    const { header } = open('prototype-keys.cast');
    expect(header).not.toHaveProperty('title');
    expect(header).not.toHaveProperty('term');
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('keeps what follows an exit', () => {
    const outcome = open('v3-after-exit.cast');
    expect(text(outcome)).toBe('before after exit\r\n');
    expect(outcome.events.filter(({ kind }) => kind === 'exit')).toMatchObject([{ status: 0 }, { status: 137 }]);
  });

  it('shows the good frames of a damaged ttyrec', () => {
    expect(open('lying-length.ttyrec').header).toMatchObject({ cols: 80, rows: 24, sizeAssumed: true });
    expect(text(open('clock-back.ttyrec'))).toBe('abcd\r\n');
  });

  it('counts bytes that a timing file asks for in vain, and bytes that it forgets', () => {
    const longer = open('timing-longer.typescript');
    expect(streamBytes(longer.events)).toHaveLength(23);
    expect(said(longer)).toMatch(/501 bytes past the end/);
    const shorter = open('timing-shorter.typescript');
    expect(streamBytes(shorter.events)).toHaveLength(23);
    expect(said(shorter)).toMatch(/^26 bytes/);
    expect(shorter.header).toMatchObject({ exitStatus: 0 });
  });

  it('never opens a file that is named inside a file', () => {
    const outcome = open('timing-path.timing');
    expect(said(outcome)).toMatch(/never opened; give the log together with the timing file/);
    expect(said(outcome)).toMatch(/Z is no timing entry/);
    expect(streamBytes(outcome.events)).toHaveLength(0);
  });

  it('shows what tlog messages have, and names the message whose timing asks for more', () => {
    expect(said(open('overrun.tlog'))).toMatch(/message 2: its timing asks for 500 characters more/);
    const bytes = open('bad-bytes.tlog');
    expect(said(bytes)).toMatch(/message 3 is missing/);
    expect(said(bytes)).toMatch(/version 9\.0 of the tlog format; version 2 is read/);
    expect(said(bytes)).toMatch(/3 values that are no bytes/);
    expect([...streamBytes(bytes.events)]).not.toContain(44);
  });

  it('names the three faults of a damaged sudo I/O log and shows the rest', () => {
    const outcome = open('bad-iolog/');
    expect(text(outcome)).toBe('# id\r\nuid=0(root)\r\n');
    expect(outcome.events).toContainEqual(expect.objectContaining({ kind: 'resize', cols: 100, rows: 30 }));
    expect(said(outcome)).toMatch(/event 9 is not known/);
    expect(said(outcome)).toMatch(/9986 bytes past the end/);
    expect(said(outcome)).toMatch(/last timing line is incomplete: it has 5 bytes/);
  });

  it('keeps hostile titles, commands and labels as text', () => {
    const { header, events } = open('hostile-header.cast');
    expect(header?.title).toContain('../../../../tmp/x\0.cast\u001b]52;');
    expect(events.filter(({ kind }) => kind === 'marker')).toHaveLength(2);
  });
});

describe('inputs too large to keep', () => {
  const header = '{"version": 2, "width": 80, "height": 24, "timestamp": 1795230000}\n';
  const openText = (content: string): Outcome => {
    const { grouping, decoded } = decodeFiles([{ name: 'large.cast', bytes: new TextEncoder().encode(content) }]);
    expect(grouping.refused).toEqual([]);
    const [{ sessions, discrepancies }] = decoded as [(typeof decoded)[number]];
    return { refusals: [], discrepancies, header: sessions[0]!.header, events: sessions[0]!.events };
  };

  it('reads an event of ten megabytes', () => {
    const { events, discrepancies } = openText(
      `${header}[0.1, "o", "${'abcdefghij'.repeat(1_048_576)}"]\n[0.2, "o", "after the long line\\r\\n"]\n`,
    );
    expect(discrepancies).toEqual([]);
    expect(events.map((event) => (event.kind === 'data' ? event.bytes.length : 0))).toEqual([10_485_760, 21]);
  });

  it('skips a line beyond the stated limit, names its place, and reads on', () => {
    const long = 'x'.repeat(MAX_RECORD_BYTES);
    const { events, discrepancies } = openText(`${header}[0.1, "o", "${long}"]\n[0.2, "o", "after"]\n`);
    expect(events).toHaveLength(1);
    expect(discrepancies).toMatchObject([
      { kind: 'bad-line', place: { line: 2, offset: header.length, length: long.length + 14 } },
    ]);
  });

  it('reports a last line beyond the limit', () => {
    const { events, discrepancies } = openText(`${header}[0.1, "o", "${'x'.repeat(2 * MAX_RECORD_BYTES)}`);
    expect(events).toHaveLength(0);
    expect(discrepancies).toMatchObject([{ kind: 'bad-line', place: { line: 2 } }]);
  });
});
