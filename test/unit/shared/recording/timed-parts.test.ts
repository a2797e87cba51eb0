// script and sudo: timing here, bytes there. What is missing, what is too much, and what is written in unusual ways.

import { describe, expect, it } from 'vitest';
import { MAX_RECORD_BYTES } from '../../../../shared/recording/decoder.ts';
import { scriptDecoder } from '../../../../shared/recording/script.ts';
import { parseScriptStart, parseTimingLine } from '../../../../shared/recording/script-timing.ts';
import { decode as decodeParts, streamBytes, type Decoded } from '../../../support/decoding.ts';
import { decodeFiles } from '../../../support/recording-files.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const kinds = ({ discrepancies }: Decoded): string[] => discrepancies.map(({ kind }) => kind);
const said = ({ discrepancies }: Decoded): string => discrepancies.map(({ message }) => message).join('\n');

function open(files: Readonly<Record<string, string>>): Decoded {
  const { grouping, decoded } = decodeFiles(Object.entries(files).map(([name, text]) => ({ name, bytes: encode(text) })));
  expect(grouping.refused).toEqual([]);
  return decoded[0]!;
}

const START =
  'Script started on 2026-11-21 03:00:00+00:00 [COMMAND="bash" TERM="xterm" TTY="/dev/pts/0" COLUMNS="90" LINES="30"]\n';
const DONE = '\nScript done on 2026-11-21 03:00:09+00:00 [COMMAND_EXIT_CODE="4"]\n';

describe('script', () => {
  it('takes its header from the first line of the log, and its exit status from the last', () => {
    const { sessions, discrepancies } = open({ 'a.timing': '0.5 3\n0.25 2\n', 'a.typescript': `${START}héab${DONE}` });
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({
      command: 'bash',
      term: 'xterm',
      cols: 90,
      rows: 30,
      sizeAssumed: false,
      startedAt: 1_795_230_000_000_000,
      exitStatus: 4,
    });
    expect(sessions[0]!.events.map((event) => (event.kind === 'data' ? [event.at, decode(event.bytes)] : null))).toEqual([
      [500_000, 'hé'],
      [750_000, 'ab'],
    ]);
    expect(sessions[0]!.records[1]!.ranges).toEqual([
      { part: 0, offset: 0, length: 5 },
      { part: 1, offset: START.length, length: 3 },
    ]);
  });

  it('uses the count of a line whose delay is none, wherever that line stands', () => {
    for (const delay of ['-0.500000', '1e99', 'nan']) {
      for (const lines of [
        ['0.5 3', `${delay} 2`, '0.25 4'],
        [`${delay} 3`, '0.5 2', '0.25 4'],
      ]) {
        const files = { timing: `${lines.join('\n')}\n`, typescript: `${START}onetwfour${DONE}` };
        const read = open(files);
        expect(kinds(read)).toEqual(['bad-time']);
        const shown = read.sessions[0]!.events.map((event) => (event.kind === 'data' ? decode(event.bytes) : null));
        expect(shown).toEqual(['one', 'tw', 'four']);
      }
    }
    expect(kinds(open({ 'a.timing': 'O 0.5 1\nO -0.5 1\n', 'a.out': `${START}ab` }))).toEqual(['bad-time']);
  });

  it('is known by one good timing line where its log lies beside it, and is no timing file elsewhere', () => {
    const timing = '#garbage\n0.5 3\n0.25 2\n';
    const read = open({ timing, typescript: `${START}heyab${DONE}` });
    expect(kinds(read)).toEqual(['bad-line']);
    expect(read.sessions[0]!.events.map(({ at }) => at)).toEqual([500_000, 750_000]);
    const { grouping } = decodeFiles([{ name: 'notes', bytes: encode(timing) }]);
    expect(grouping.refused.map(({ refusal }) => refusal.kind)).toEqual(['not-a-recording']);
  });

  it('is read with a log that has no first line, also where only the two files say that they belong together', () => {
    const read = open({ timing: '0.5 3\n0.25 2\n', typescript: `hello\nheyab` });
    expect(kinds(read)).toEqual(['missing-header']);
  });

  it('sums intervals without losing digits', () => {
    const { sessions } = open({ 'a.timing': '0.1 1\n'.repeat(10), 'a.typescript': `${START}${'x'.repeat(10)}` });
    expect(sessions[0]!.events.at(-1)!.at).toBe(1_000_000);
  });

  it('counts the time of entries that have no effect on the screen', () => {
    const timing =
      'H 0.0 COLUMNS 100\nH 0.0 LINES 40\nO 0.5 1\nS 0.5 SIGTSTP\nI 0.5 1\nS 0.5 SIGWINCH ROWS=20 COLS=50\nH 0.5 EXIT_CODE 7\nO 0.5 1\n';
    const { sessions, discrepancies } = open({ 'a.timing': timing, 'a.out': `${START}ab`, 'a.in': `${START}k` });
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({ cols: 100, rows: 40, exitStatus: 7 });
    expect(sessions[0]!.events.map(({ kind, at }) => [kind, at])).toEqual([
      ['data', 500_000],
      ['other', 1_000_000],
      ['data', 1_500_000],
      ['resize', 2_000_000],
      ['data', 3_000_000],
    ]);
    expect(decode(streamBytes(sessions[0]!.events, ['stdin']))).toBe('k');
  });

  it('plays a log without timing at the start, and says so', () => {
    const body = 'x'.repeat(200_000);
    const { sessions, discrepancies } = open({ typescript: `${START}${body}${DONE}` });
    expect(decode(streamBytes(sessions[0]!.events))).toBe(body);
    expect(sessions[0]!.events.every(({ at }) => at === 0)).toBe(true);
    expect(sessions[0]!.header.exitStatus).toBe(4);
    expect(discrepancies).toMatchObject([
      { kind: 'inconsistent-parts', message: expect.stringContaining('no timing file') as string },
    ]);
    expect(decode(streamBytes(open({ 'a.in': `${START}typed${DONE}` }).sessions[0]!.events, ['stdin']))).toBe('typed');
  });

  it('names a log that does not begin as one', () => {
    const read = open({ 'a.timing': '0.5 2\n', 'a.typescript': 'whatever\nok' });
    expect(kinds(read)).toEqual(['missing-header']);
    expect(decode(streamBytes(read.sessions[0]!.events))).toBe('ok');
  });

  it('names timing lines that are none, and one that is cut', () => {
    const read = open({ 'a.timing': '0.5 1\n0.5 2\n0.5 1\nnonsense\nx1 5\n0.5', 'a.typescript': `${START}abcd` });
    expect(kinds(read)).toEqual(['bad-line', 'bad-line', 'truncated']);
    expect(read.discrepancies.map(({ place }) => place.line)).toEqual([4, 5, 6]);
    expect(
      open({ 'a.timing': 'O 0.5 1\nO -3 1\nS 1 SIGWINCH ROWS=0 COLS=5\n', 'a.out': `${START}ab` }).discrepancies.map(
        ({ kind }) => kind,
      ),
    ).toEqual(['bad-time', 'bad-size']);
  });

  it('cuts what one line asks for where it is more than a record may hold', () => {
    const size = MAX_RECORD_BYTES + 10;
    const log = new Uint8Array(START.length + size).fill(0x61);
    log.set(encode(START));
    const decoder = scriptDecoder({ names: ['t', 'l'], timing: 0, output: 1, input: null });
    const { sessions, discrepancies } = decodeParts(decoder, [encode(`0.5 ${String(size)}\n`), log]);
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.events.map((event) => [event.at, event.kind === 'data' && event.bytes.length])).toEqual([
      [500_000, MAX_RECORD_BYTES],
      [500_000, 10],
    ]);
  });

  it('reads a command with quotes in it from its ends', () => {
    expect(
      parseScriptStart('Script started on X [COMMAND="echo "a" TERM="b"" TERM="xterm" TTY="/dev/pts/0" COLUMNS="80" LINES="24"]'),
    ).toEqual({
      time: 'X',
      command: 'echo "a" TERM="b"',
      term: 'xterm',
      cols: 80,
      rows: 24,
    });
    expect(parseScriptStart('Script started on X [COMMAND="grep "a"" <not executed on terminal>]')).toEqual({
      time: 'X',
      command: 'grep "a"',
    });
    expect(parseScriptStart('Script started on X [COMMAND="a [b]" TTY="/dev/pts/0" COLUMNS="90" LINES="20"]')).toEqual({
      time: 'X',
      command: 'a [b]',
      cols: 90,
      rows: 20,
    });
    expect(parseScriptStart('Script started on X [COMMAND="a" TERM="b" TTY="c" COLUMNS="-1" LINES="-1"]')).toEqual({
      time: 'X',
      command: 'a',
      term: 'b',
    });
    expect(parseScriptStart('Script started on X [TERM="xterm" TTY="/dev/pts/0" COLUMNS="80" LINES="24"]')).toEqual({
      time: 'X',
      term: 'xterm',
      cols: 80,
      rows: 24,
    });
    expect(parseScriptStart('Script started on X [COMMAND="cut off')).toEqual({ time: 'X' });
    expect(parseScriptStart('Script started on X [<not executed on terminal>]')).toEqual({ time: 'X' });
    expect(parseScriptStart('Script started on Thu 21 Nov 2026')).toEqual({ time: 'Thu 21 Nov 2026' });
    expect(parseScriptStart('something else')).toBeNull();
  });

  it('reads each kind of timing line', () => {
    expect(parseTimingLine('1,5 7')).toMatchObject({ kind: 'bytes', stream: 'stdout', count: 7, delay: { micros: 1_500_000 } });
    expect(parseTimingLine('I 0.1 3')).toMatchObject({ kind: 'bytes', stream: 'stdin', count: 3 });
    expect(parseTimingLine('H 0.0 COMMAND ls -la  x')).toMatchObject({ kind: 'header', name: 'COMMAND', value: 'ls -la  x' });
    expect(parseTimingLine('Z 0.1')).toMatchObject({ kind: 'unknown', letter: 'Z', rest: '' });
    for (const text of ['', 'O 0.1 x', 'O 0.1', '0.5 9999999999999999', 'a b c', '1 2 3'])
      expect([text, parseTimingLine(text).kind]).toEqual([text, 'fault']);
  });
});

const LOG = '1795230000:ops:root:wheel:/dev/pts/0:30:100\n/home/ops\n/bin/bash -l\n';

describe('sudo I/O logs', () => {
  it('take their header from the three lines of log where there is no log.json', () => {
    const { sessions, discrepancies } = open({
      log: LOG,
      timing: '4 0.5 2\n3 0.5 1\n0 0.1 1\n1 0.1 1\n2 0.1 1\n',
      ttyout: 'ab',
      ttyin: 'k',
      stdin: 'i',
      stdout: 'o',
      stderr: 'e',
    });
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({
      user: 'ops',
      command: '/bin/bash -l',
      cols: 100,
      rows: 30,
      startedAt: 1_795_230_000_000_000,
    });
    expect(sessions[0]!.events.map((event) => event.kind === 'data' && [event.stream, decode(event.bytes)])).toEqual([
      ['stdout', 'ab'],
      ['stdin', 'k'],
      ['stdin', 'i'],
      ['stdout', 'o'],
      ['stderr', 'e'],
    ]);
  });

  const FILES = { timing: '4 0.5 2\n', ttyout: 'ab' };
  const JSON_LOG = {
    timestamp: { seconds: 1_795_230_000, nanoseconds: 0 },
    submituser: 'ops',
    runuser: 'root',
    rungroup: 'wheel',
    ttyname: '/dev/pts/0',
    command: '/bin/sh',
    runargv: ['sh', '-c', 'a\nb'],
    lines: 30,
    columns: 100,
  };
  const described = (log: string, json: object): Decoded => open({ ...FILES, log, 'log.json': JSON.stringify(json) });
  const AGREEING = '1795230000:ops:root:wheel:/dev/pts/0:30:100\n/home/ops\n/bin/sh -c a\nb\n';

  it('say where log and log.json do not agree, and use log.json', () => {
    expect(described(AGREEING, JSON_LOG).discrepancies).toEqual([]);
    const { ttyname: _, runuser: __, ...less } = JSON_LOG;
    const silent = AGREEING.replace('/dev/pts/0', 'unknown').replace(':wheel', ':');
    expect(described(silent, less).discrepancies).toEqual([]);
    const other = '1795230000:eve:www:staff:/dev/pts/9:30:100\n/home/ops\n/bin/sh -c rm\n';
    const read = described(other, JSON_LOG);
    expect(read.sessions[0]!.header).toMatchObject({ user: 'ops', command: '/bin/sh -c a\nb' });
    const used = (what: string, log: string, json: string): unknown => ({
      kind: 'inconsistent-parts',
      message: `the ${what} is ${log} in log and ${json} in log.json, which is used`,
      place: { file: 'log' },
    });
    expect(read.discrepancies).toMatchObject([
      used('user', 'eve', 'ops'),
      used('user run as', 'www', 'root'),
      used('group run as', 'staff', 'wheel'),
      used('terminal', '"/dev/pts/9"', '"/dev/pts/0"'),
      used('command', '"/bin/sh -c rm"', '"/bin/sh -c a"'),
    ]);
  });

  it('say what of their header is no text, not whole, or no time', () => {
    const lone = '\ud800';
    const bad = { ...JSON_LOG, submituser: lone, runargv: ['sh', lone], ttyname: 5, timestamp: { seconds: 'soon' } };
    const read = described(AGREEING.replace('ops', '\ufffd').replace('-c a', '\ufffd'), bad);
    expect(read.sessions[0]!.header).toMatchObject({ user: '\ufffd', command: '/bin/sh \ufffd' });
    expect(read.discrepancies.map(({ kind, message, place }) => [kind, message, place.file])).toEqual([
      ['encoding', 'half of a surrogate pair stands alone in submituser; it is shown as U+FFFD', 'log.json'],
      ['bad-header', 'ttyname is 5 and not a text; it is not used', 'log.json'],
      ['encoding', 'half of a surrogate pair stands alone in runargv; it is shown as U+FFFD', 'log.json'],
      ['bad-time', 'timestamp is an object, which is no time that can be used; the start is not known', 'log.json'],
    ]);
    const bytes = (name: string, text: string): { name: string; bytes: Uint8Array } => ({
      name,
      bytes: Buffer.from(text, 'latin1'),
    });
    const { decoded } = decodeFiles([
      bytes('log', AGREEING.replace('ops', 'caf\u00e9')),
      bytes('log.json', JSON.stringify({ ...JSON_LOG, submituser: 'caf\u00e9' })),
      ...Object.entries(FILES).map(([name, text]) => bytes(name, text)),
    ]);
    const message = 'the description has bytes that are not UTF-8; they are shown as U+FFFD';
    expect(decoded[0]!.discrepancies).toMatchObject([
      { kind: 'encoding', message, place: { file: 'log.json' } },
      { kind: 'encoding', message, place: { file: 'log' } },
    ]);
  });

  it('subtract two from all events once event 6 shows sudo 1.8.7', () => {
    const { sessions, discrepancies } = open({
      log: LOG,
      timing: '6 0.5 2\n5 0.5 1\n6 0.1 1\n7 0.1 40 120\n',
      ttyout: 'abc',
      ttyin: 'k',
    });
    expect(discrepancies).toEqual([]);
    expect(decode(streamBytes(sessions[0]!.events))).toBe('abc');
    expect(decode(streamBytes(sessions[0]!.events, ['stdin']))).toBe('k');
    expect(sessions[0]!.events.at(-1)).toMatchObject({ kind: 'resize', cols: 120, rows: 40 });
  });

  it('use the count of a line whose delay is none', () => {
    const read = open({ ...FILES, timing: '4 0.5 1\n4 -0.5 1\n', ttyout: 'ab' });
    expect(kinds(read)).toContain('bad-time');
    expect(decode(streamBytes(read.sessions[0]!.events))).toBe('ab');
  });

  it('keep nanoseconds, a comma for the point, and suspensions', () => {
    const { sessions, discrepancies } = open({
      log: LOG,
      timing: '4 0.000000600 1\n4 0,000000600 1\n7 1.0 TSTP\n',
      ttyout: 'ab',
    });
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.events.map(({ at }) => at)).toEqual([0, 1, 1_000_001]);
    expect(sessions[0]!.events[2]).toMatchObject({ kind: 'other', code: 'suspend', text: 'TSTP' });
  });

  it('say which file is missing, and which bytes no line accounts for', () => {
    const read = open({ log: LOG, timing: '4 0.5 2\n3 0.5 5\n5 0.1 0 0\n', ttyout: 'abXYZ' });
    expect(said(read)).toMatch(/5 bytes of ttyin are not there/);
    expect(said(read)).toMatch(/3 bytes of this log are in no timing line/);
    expect(kinds(read)).toEqual(['bad-size', 'inconsistent-parts', 'inconsistent-parts']);
  });

  it('are read without a description, and say so', () => {
    const read = open({ timing: '4 0.5 2\n', ttyout: 'ab' });
    expect(said(read)).toMatch(/log and log\.json are missing/);
    expect(read.sessions[0]!.header).toMatchObject({ cols: 80, rows: 24, sizeAssumed: true });
    expect(kinds(open({ timing: '4 0.5 2\n', ttyout: 'ab', 'log.json': '[1]', log: 'x' }))).toEqual(['bad-header', 'bad-header']);
  });
});

describe('ttyrec', () => {
  const frame = (seconds: number, text: string): Uint8Array => {
    const bytes = new Uint8Array(12 + text.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, seconds, true);
    view.setUint32(8, text.length, true);
    bytes.set(encode(text), 12);
    return bytes;
  };
  const openFrames = (...frames: readonly Uint8Array[]): Decoded =>
    decodeFiles([{ name: 'a.ttyrec', bytes: Uint8Array.from(frames.flatMap((one) => [...one])) }]).decoded[0]!;

  it('takes its size from the first frame, if that asks for one', () => {
    expect(openFrames(frame(5, '\u001b[8;40;120thello'), frame(6, 'x')).sessions[0]!.header).toMatchObject({
      cols: 120,
      rows: 40,
      sizeAssumed: false,
      startedAt: 5_000_000,
    });
    expect(openFrames(frame(5, 'hello'), frame(6, '\u001b[8;40;120t')).sessions[0]!.header).toMatchObject({
      cols: 80,
      rows: 24,
      sizeAssumed: true,
    });
    expect(kinds(openFrames(frame(5, '\u001b[8;0;120t')))).toEqual(['bad-size']);
  });

  it('does not believe a clock that leaps a century', () => {
    const { sessions, discrepancies } = openFrames(frame(0, 'a'), frame(4_000_000_000, 'b'), frame(1, 'c'));
    expect(sessions[0]!.events.map(({ at, time }) => [at, time])).toEqual([
      [0, undefined],
      [0, '4000000000'],
      [1_000_000, undefined],
    ]);
    expect(discrepancies.map(({ kind }) => kind)).toEqual(['bad-time']);
  });
});
