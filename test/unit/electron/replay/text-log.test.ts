// The text log over recordings of the rstream engine (texts of its SDK and of a terminal), and over the recordings with truths.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TEXT_LOG_DEFAULTS, type TextLogOptions } from '../../../../shared/api/shapes.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { RstreamJson } from '../../../../shared/recording/rstream-json.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { textLog, type TextLogRange } from '../../../../electron/replay/text-log.ts';
import { decode } from '../../../support/decoding.ts';
import { allTruths, plainRows, sourceOf } from './truths.ts';

interface Vector {
  readonly case: string;
  readonly plain: boolean;
  readonly piped: boolean;
  readonly events: readonly unknown[];
  readonly logs: Readonly<Record<string, string>>;
  readonly reference: { readonly main: string; readonly alternate: string | null };
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../fixtures/rstream/text-logs.json', import.meta.url), 'utf8'),
) as readonly Vector[];

const OPTION_SETS: Readonly<Record<string, Partial<TextLogOptions>>> = {
  default: {},
  active_alternate_screen_off: { activeAlternateScreen: false },
  resize_markers: { includeResizeMarkers: true },
  mode_markers_off: { terminalModeMarkers: false },
  stderr_off: { includeStderr: false },
  no_markers_no_alternate: { terminalModeMarkers: false, activeAlternateScreen: false },
};

const WHOLE: TextLogRange = { fromSeq: null, maxEvents: 0 };

type Source = Parameters<typeof textLog>[0];

const logOf = (source: Source, options: Partial<TextLogOptions> = {}, range: TextLogRange = WHOLE): string =>
  Array.from(textLog(source, { ...TEXT_LOG_DEFAULTS, ...options }, range)).join('');

function sourceOfVector({ events, piped }: Vector): Source {
  const bytes = new TextEncoder().encode(
    JSON.stringify({ export_version: 1, session: { id: 'x', started_at: '2026-06-01T00:00:00Z' }, events }),
  );
  const { header, events: read } = decode(new RstreamJson('x.json'), [bytes]).sessions[0]!;
  return { ...sourceOf(read, header.cols, header.rows), piped };
}

describe.each(vectors)('$case', (vector) => {
  const source = sourceOfVector(vector);

  it.each(Object.entries(vector.logs).filter(([name]) => name in OPTION_SETS))(
    'has the bytes of the SDK with %s',
    (name, text) => {
      expect(logOf(source, OPTION_SETS[name])).toBe(text);
    },
  );

  it('has the lines that a terminal keeps', () => {
    const lines = plainRows(logOf(source, { terminalModeMarkers: false, activeAlternateScreen: false }).split('\n'));
    const reference = plainRows(vector.reference.main.split('\n'));
    // The reference drops a screen that is erased as a whole; here, as in tmux, it moves into the scrollback.
    if (vector.case === 'e2e-p256-device') expect(isWithin(reference, lines)).toBe(true);
    else expect(lines).toEqual(reference);
  });
});

/** Whether all of some lines are among others, in their order. */
function isWithin(some: readonly string[], others: readonly string[]): boolean {
  let found = 0;
  for (const line of others) if (line === some[found]) found += 1;
  return found === some.length;
}

const event = (body: object, i: number): RecordingEvent =>
  ({ seq: String(i + 1), at: micros(i * 1_000_000), record: i + 1, ...body }) as RecordingEvent;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const out = (text: string, stream = 'stdout'): object => ({ kind: 'data', stream, bytes: bytes(text) });
const sealed = (stream = 'stdout'): object => ({ kind: 'sealed', stream, length: 3, ciphertext: bytes('???'), crypto: '{}' });
const resize = (cols: number, rows: number): object => ({ kind: 'resize', cols, rows });
const listOf = (bodies: readonly object[], cols = 20, rows = 4): Source => sourceOf(bodies.map(event), cols, rows);

const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?1049l';

describe('the text log', () => {
  it('takes no standard input unless asked to', () => {
    const source = listOf([out('$ '), out('ls', 'stdin'), out('ls\r\n'), out('oops\r\n', 'stderr')]);
    expect(logOf(source)).toBe('$ ls\noops\n');
    expect(logOf(source, { includeStdin: true })).toBe('$ lsls\noops\n');
    expect(logOf(source, { includeStdin: true, includeStdout: false, includeStderr: false })).toBe('ls');
    expect(logOf(source, { includeStderr: false })).toBe('$ ls\n');
    expect(logOf(source, { includeStdout: false })).toBe('oops\n');
  });

  it('puts the time and the stream before each line, and the source’s own text where there is one', () => {
    const source = listOf([
      { ...out('one '), time: '2026-06-10T08:00:01.25Z' },
      out('line\r\n\r\ntwo\r\n'),
      out('a line of more than twenty columns\r\n', 'stderr'),
      { ...resize(30, 4), time: 'then' },
      out('three\r\n'),
      { ...out('four'), time: '' },
    ]);
    expect(logOf(source, { includeTimestamps: true, includeResizeMarkers: true })).toBe(
      [
        '2026-06-10T08:00:01.25Z [stdout] one line',
        '',
        '00:00:01.000000 [stdout] two',
        '00:00:02.000000 [stderr] a line of more than twenty columns',
        'then [webtty] terminal resized to 30x4',
        '00:00:04.000000 [stdout] three',
        'no time [stdout] four',
      ].join('\n'),
    );
  });

  it('gives a line the time at which what stands there was begun', () => {
    const source = listOf([out('old'), out('\r\x1b[Knew\r\n')]);
    expect(logOf(source, { includeTimestamps: true })).toBe('00:00:01.000000 [stdout] new\n');
  });

  it('marks the alternate screen at the start of a line, and shows one that is open at the end', () => {
    const source = listOf([
      out(`$ vim${ENTER}`),
      out('\x1b[Htext\x1b[K'),
      out(LEAVE),
      out('\r\n$ '),
      out(`${ENTER}\x1b[2;3Hopen`),
    ]);
    const marked = '$ vim\n[webtty] terminal alternate screen entered\n[webtty] terminal alternate screen left\n';
    const last = '$ \n[webtty] terminal alternate screen entered\n';
    expect(logOf(source)).toBe(`${marked}${last}[webtty] terminal alternate screen active\n\n  open\n\n`);
    expect(logOf(source, { activeAlternateScreen: false })).toBe(marked + last);
    expect(logOf(source, { terminalModeMarkers: false })).toBe('$ vim\n$ \n\n  open\n\n');
    expect(logOf(source, { terminalModeMarkers: false, activeAlternateScreen: false })).toBe('$ vim\n$ ');
  });

  it('joins a line that the top of the screen parts when the alternate screen is entered', () => {
    const source = listOf([
      out('a line of more than twenty columns\r\n2\r\n3\r\n4'),
      out(ENTER),
      resize(40, 4),
      out(`${LEAVE}\r\n5`),
    ]);
    expect(logOf(source, { terminalModeMarkers: false })).toBe('a line of more than twenty columns\n2\n3\n4\n5');
  });

  it('begins a new line where a line editor left the rest of a full row blank', () => {
    const source = listOf([out('$ 345678901234567890 \r\x1b[A\x1b[19C0'), out('\r\nresult\r\n')]);
    expect(logOf(source)).toBe('$ 345678901234567890\nresult\n');
  });

  it('marks a sequence that two events share, and puts the time before the marker', () => {
    const source = listOf([out('\x1b[?10'), out('49h')]);
    expect(logOf(source, { includeTimestamps: true, activeAlternateScreen: false })).toBe(
      '00:00:01.000000 [webtty] terminal alternate screen entered\n',
    );
  });

  it('says how many events could not be opened, where they stand', () => {
    const withheld = { kind: 'other', code: 'data', text: '{"stream_type":"stdout","payload_length":3}' };
    const source = listOf([out('one\r\n'), sealed(), sealed('stdin'), withheld, sealed('stderr'), out('two'), sealed()]);
    expect(logOf(source)).toBe('one\n[exhibit] 3 events could not be opened\ntwo\n[exhibit] 1 event could not be opened\n');
    expect(logOf(source, { includeStdin: true })).toContain('[exhibit] 4 events could not be opened\n');
    expect(logOf(listOf([sealed()]))).toBe('[exhibit] 1 event could not be opened\n');
  });

  it('begins at a sequence number, with the size of the screen at that moment, and ends after as many events as wanted', () => {
    const source = listOf([out('one\r\n'), resize(10, 4), out('two\r\n'), out('123456789012\rX\r\n'), out('last')]);
    expect(logOf(source, {}, { fromSeq: '3', maxEvents: 0 })).toBe('two\n1234567890X2\nlast');
    expect(logOf(source, {}, { fromSeq: '3', maxEvents: 1 })).toBe('two\n');
    expect(logOf(source, {}, { fromSeq: null, maxEvents: 2 })).toBe('one\n');
    expect(logOf(source, {}, { fromSeq: '18446744073709551615', maxEvents: 0 })).toBe('');
  });

  it('leaves out what the recording dropped from its scrollback, but not that events could not be opened', () => {
    const clear = '\x1b[H\x1b[2J\x1b[3J';
    const source = listOf([
      out('1\r\n2\r\n3\r\n4\r\n5\r\n'),
      sealed(),
      out(`$ ${clear}`),
      out('after\r\n\x1b['),
      out('3'),
      out('J'),
    ]);
    expect(logOf(source)).toBe('[exhibit] 1 event could not be opened\nafter\n');
    expect(logOf(listOf([out('1\r\n2\r\n3\r\n4\r\n5\r\n\x1b['), out('3'), out('J6')]))).toBe('3\n4\n5\n6');
  });

  it('gives a long log in pieces of bounded size, and a line without end as well', () => {
    const lines = listOf(
      Array.from({ length: 2000 }, (_, i) => out(`${String(i)} ${'x'.repeat(100)}\r\n`)),
      200,
      10,
    );
    const pieces = Array.from(textLog(lines, TEXT_LOG_DEFAULTS, WHOLE));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(180_000);
    expect(pieces.join('')).toBe(Array.from({ length: 2000 }, (_, i) => `${String(i)} ${'x'.repeat(100)}\n`).join(''));
    const endless = Array.from(
      textLog(listOf(Array.from({ length: 300 }, () => out('y'.repeat(4000)))), TEXT_LOG_DEFAULTS, WHOLE),
    );
    expect(endless.length).toBeGreaterThan(5);
    expect(endless.join('')).toBe('y'.repeat(1_200_000));
  });

  it('keeps no more than a bounded number of markers waiting', () => {
    const toggles = listOf([out('$ '), ...Array.from({ length: 3000 }, () => out(ENTER + LEAVE)), out('done')]);
    const lines = logOf(toggles).split('\n');
    expect(lines.filter((line) => line.startsWith('[webtty]'))).toHaveLength(6000);
    expect(lines.filter((line) => !line.startsWith('[webtty]'))).toEqual(['$ done', '']);
  });

  it('keeps markers with their lines when these are wrapped anew', () => {
    const source = listOf([out(`first line of text\r\n$ vim${ENTER}`), resize(8, 4), out(`${LEAVE}\r\nend`), resize(30, 4)]);
    expect(logOf(source)).toBe(
      'first line of text\n$ vim\n[webtty] terminal alternate screen entered\n[webtty] terminal alternate screen left\nend',
    );
  });
});

describe('the text log of a recording', () => {
  const halves = (line: string): string => line.replace(/^(漢| )x字/, 'x字');
  const whole = allTruths().filter(
    ({ name, truth }) =>
      truth.events['r'] === undefined && truth.final.scrollback_truncated === undefined && !name.startsWith('psql-wide'),
  );

  it.each(whole)('has the scrollback that the truth file says: $name', ({ truth, source }) => {
    const log = logOf(source, { terminalModeMarkers: false, activeAlternateScreen: false });
    const { scrollback, scrollback_logical_lines: lines = scrollback } = truth.final;
    expect(plainRows(log.split('\n')).map(halves)).toEqual(plainRows(lines).map(halves));
  });
});
