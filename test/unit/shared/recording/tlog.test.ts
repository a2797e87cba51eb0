// tlog: several recordings in one file, journal entries, messages out of order, and counts that do not fit.

import { describe, expect, it } from 'vitest';
import { bodies, streamBytes, type Decoded } from '../../../support/decoding.ts';
import { decodeFiles } from '../../../support/recording-files.ts';
import { tlogMessage as message, type TlogFields } from '../../../support/tlog.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function open(...lines: readonly (TlogFields | string)[]): Decoded {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const { grouping, decoded } = decodeFiles([{ name: 'x.tlog', bytes: encode(text) }]);
  return decoded[0] ?? { sessions: [], discrepancies: [], refusal: grouping.refused[0]!.refusal };
}

const shown = ({ sessions }: Decoded, index = 0): string => decode(streamBytes(sessions[index]!.events));
const kinds = ({ discrepancies }: Decoded): string[] => discrepancies.map(({ kind }) => kind);

describe('messages', () => {
  it('give their session, and pieces of input, output and sizes at their times', () => {
    const { sessions, discrepancies } = open(
      message(1, '=100x30+5>2<1+10]2/3[1/1', 'é😀\ufffd\ufffd', {
        in_txt: 'k\ufffd',
        in_bin: [7],
        out_bin: [255, 254, 253],
        pos: 40,
        time: 1_795_230_000.04,
      }),
    );
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({
      nativeId: 'a-1',
      server: 'web-2',
      user: 'ops',
      term: 'xterm',
      cols: 100,
      rows: 30,
      startedAt: 1_795_230_000_000_000,
    });
    expect(JSON.parse(sessions[0]!.header.metadata)).toMatchObject({ ver: '2.3', session: 3 });
    expect(bodies(sessions[0]!.events)).toEqual([
      { kind: 'resize', cols: 100, rows: 30, at: 40_000 },
      { kind: 'data', stream: 'stdout', bytes: encode('é😀'), at: 45_000 },
      { kind: 'data', stream: 'stdin', bytes: encode('k'), at: 45_000 },
      { kind: 'data', stream: 'stdout', bytes: Uint8Array.of(255, 254, 253), at: 55_000 },
      { kind: 'data', stream: 'stdin', bytes: Uint8Array.of(7), at: 55_000 },
    ]);
  });

  it('say what of their header is no text, not whole, or no time', () => {
    const lone = '\ud800';
    const read = open(message(1, '>1', 'a', { host: `h${lone}`, rec: `r${lone}`, user: lone, term: 7, time: 'soon' }));
    expect(read.sessions[0]!.header).toMatchObject({ server: 'h\ufffd', nativeId: 'r\ufffd', user: '\ufffd' });
    expect(read.discrepancies.map(({ kind, message: text, place }) => [kind, text, place.line])).toEqual([
      ['encoding', 'half of a surrogate pair stands alone in host; it is shown as U+FFFD', 1],
      ['encoding', 'half of a surrogate pair stands alone in rec; it is shown as U+FFFD', 1],
      ['encoding', 'half of a surrogate pair stands alone in user; it is shown as U+FFFD', 1],
      ['bad-header', 'term is 7 and not a text; it is not used', 1],
      ['bad-time', 'time is the text soon, which is no time that can be used; the start is not known', 1],
    ]);
    expect(kinds(open(message(1, '>1', 'a', { time: undefined, term: null })))).toEqual([]);
  });

  it('of several recordings are several sessions', () => {
    const read = open(
      message(1, '=80x24>1', 'a'),
      message(1, '>1', 'x', { rec: 'b-2' }),
      message(2, '>1', 'b'),
      message(1, '>1', 'p', { host: 'db-1' }),
      message(2, '>1', 'y', { rec: 'b-2' }),
    );
    expect(read.discrepancies).toEqual([]);
    expect(read.sessions.map((_, i) => shown(read, i))).toEqual(['ab', 'xy', 'p']);
    expect(read.sessions.map(({ header }) => [header.server, header.nativeId])).toEqual([
      ['web-2', 'a-1'],
      ['web-2', 'b-2'],
      ['db-1', 'a-1'],
    ]);
  });

  it('may be inside journal entries, as text or as bytes', () => {
    const entry = (inner: TlogFields, bytes: boolean): TlogFields => ({
      __CURSOR: 's=1',
      MESSAGE: bytes ? [...encode(JSON.stringify(inner))] : JSON.stringify(inner),
      _PID: '1',
    });
    const read = open(
      { MESSAGE: 'Started Session 3.', _PID: '1' },
      entry(message(1, '=80x24>1', 'a'), false),
      entry(message(2, '>1', 'é'), true),
      { MESSAGE: null },
    );
    expect(shown(read)).toBe('aé');
    expect(kinds(read)).toEqual(['bad-line', 'bad-line']);
    // The lines that are no messages are in the tree all the same.
    expect(read.sessions[0]!.records.map(({ form, ranges }) => [form, ranges.length])).toEqual([
      ['raw', 0],
      ['raw', 1],
      ['jcs', 1],
      ['jcs', 1],
      ['raw', 1],
    ]);
  });

  it('keep the lines before the first of them as one record', () => {
    const { sessions } = open(
      '{"MESSAGE":"one"}',
      '{"MESSAGE":"two"}',
      JSON.stringify({ MESSAGE: JSON.stringify(message(1, '=80x24>1', 'a')) }),
    );
    expect(sessions[0]!.records[1]).toEqual({ form: 'raw', ranges: [{ part: 0, offset: 0, length: 35 }] });
  });

  it('are put in the order of their ids within a window', () => {
    const read = open(message(2, '>1', 'b'), message(1, '=80x24>1', 'a'), message(4, '>1', 'd'), message(3, '>1', 'c'));
    expect(shown(read)).toBe('abcd');
    expect(read.discrepancies).toEqual([]);
  });

  it('that never come are said, and nothing waits for them for ever', () => {
    const late = Array.from({ length: 200 }, (_, i) => message(i + 3, '>1', String(i % 10)));
    const read = open(message(1, '=80x24>1', 'a'), ...late, message(2, '>1', 'b'));
    expect(shown(read)).toHaveLength(201);
    expect(kinds(read)).toEqual(['sequence-gap', 'sequence-repeat']);
    expect(read.discrepancies.map(({ message: text }) => text).join('\n')).toMatch(
      /^message 2 is missing before message 3.*\nmessage 2 comes again, or too late/,
    );
    expect(read.sessions[0]!.records).toHaveLength(203);
  });

  it('that come again are kept and not shown', () => {
    const read = open(
      message(1, '=80x24>1', 'a'),
      message(1, '>1', 'a'),
      message(3, '>1', 'c'),
      message(3, '>1', 'c'),
      message(2, '>1', 'b'),
    );
    expect(shown(read)).toBe('abc');
    expect(kinds(read)).toEqual(['sequence-repeat', 'sequence-repeat']);
  });

  it('are named where their counts do not fit their text', () => {
    const read = open(
      message(1, '>5', 'abc'),
      message(2, '>1', 'abc'),
      message(3, ']0/2', '', { out_bin: [1] }),
      message(4, '>1?>1', 'ab'),
      message(5, '=0x0', ''),
    );
    expect(shown(read)).toBe('abca\u0001a');
    expect(read.discrepancies.map(({ message: text }) => text)).toEqual([
      'message 1: its timing asks for 2 characters more than out_txt has',
      'message 2: out_txt has text that its timing does not account for; it is not shown',
      'message 3: its timing asks for 1 bytes more than out_bin has',
      'message 4: its timing cannot be read from character 3 on',
      'message 4: out_txt has text that its timing does not account for; it is not shown',
      'the size 0x0 is no size that can be shown; the resize is kept and not applied',
    ]);
  });

  it('of another version alone are refused, and so is a file without any', () => {
    expect(open(message(1, '>1', 'a', { ver: '9.0' })).refusal).toMatchObject({
      kind: 'unsupported-version',
      message: expect.stringContaining('9.0') as string,
    });
    expect(open({ MESSAGE: 'one' }, { MESSAGE: 'two' }).refusal).toMatchObject({ kind: 'not-a-recording' });
    expect(open({ ...message(1, '', ''), id: 0 }).refusal).toMatchObject({ kind: 'not-a-recording' });
  });

  it('that are cut are named as such', () => {
    const whole = encode(`${JSON.stringify(message(1, '=80x24>1', 'a'))}\n{"ver":"2.3","ho`);
    const { decoded } = decodeFiles([{ name: 'x.tlog', bytes: whole }]);
    expect(decoded[0]!.discrepancies).toMatchObject([{ kind: 'truncated', place: { line: 2, length: 16 } }]);
  });
});
