// asciicast, read and written: what the three versions say in their own ways, and that an export is the recording again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsciicastWriter, type CastHeader } from '../../../../shared/recording/asciicast-writer.ts';
import type { RecordingEvent, StreamName } from '../../../../shared/recording/event.ts';
import { micros, type Micros } from '../../../../shared/recording/time.ts';
import { bodies, streamBytes, type Decoded } from '../../../support/decoding.ts';
import { decodeFiles } from '../../../support/recording-files.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function open(content: string, name = 'a.cast'): Decoded {
  const { grouping, decoded } = decodeFiles([{ name, bytes: encode(content) }]);
  return decoded[0] ?? { sessions: [], discrepancies: [], refusal: grouping.refused[0]!.refusal };
}

const V2 = '{"version":2,"width":80,"height":24}\n';
const V3 = '{"version":3,"term":{"cols":100,"rows":30,"type":"xterm"},"timestamp":1795230000.25,"title":"t","command":"c"}\n';
const V1 = (events: string, rest = ''): string =>
  `{"version":1,"width":90,"height":20,"env":{"TERM":"vt100"},"duration":0.5${rest},"stdout":[${events}]}`;

describe('reading', () => {
  it('takes the header as the source wrote it', () => {
    const { header } = open(V3).sessions[0]!;
    expect(header).toEqual({
      title: 't',
      command: 'c',
      term: 'xterm',
      startedAt: 1_795_230_000_250_000,
      cols: 100,
      rows: 30,
      sizeAssumed: false,
      metadata: V3.trim(),
    });
    expect(open(V1('')).sessions[0]!.header).toMatchObject({ cols: 90, rows: 20, term: 'vt100' });
  });

  it('sums the intervals of version 3 to the last digit', () => {
    const { events } = open(
      `${V3}[0.1,"o","a"]\n[0.2,"o","b"]\n[0.0000004,"o","c"]\n[0.0000004,"o","d"]\n[1e-1,"o","e"]\n[0.0000002,"o","f"]\n`,
    ).sessions[0]!;
    expect(events.map(({ at }) => at)).toEqual([100_000, 300_000, 300_000, 300_000, 400_000, 400_001]);
  });

  it('sums the delays of version 1', () => {
    const { events } = open(V1('[0.1,"a"],[0.2,"b"],\n [0.2,"c"]')).sessions[0]!;
    expect(events.map(({ at }) => at)).toEqual([100_000, 300_000, 500_000]);
  });

  it('keeps the text of a time that is finer than a microsecond', () => {
    const { events } = open(`${V2}[0.1234567,"o","a"]\n[0.2,"o","b"]\n`).sessions[0]!;
    expect(events.map(({ at, time }) => [at, time])).toEqual([
      [123_456, '0.1234567'],
      [200_000, undefined],
    ]);
  });

  it('does not let intervals run beyond what a recording can last', () => {
    const year = 365 * 86_400;
    const { sessions, discrepancies } = open(`${V3}${`[${String(40 * year)},"o","x"]\n`.repeat(4)}`);
    expect(sessions[0]!.events.map(({ at }) => at / 1e6 / year)).toEqual([40, 80, 80, 80]);
    expect(discrepancies.map(({ kind }) => kind)).toEqual(['bad-time', 'bad-time']);
  });

  it('reads markers, sizes, exits and codes that it does not know', () => {
    const { events, header } = open(`${V3}[1,"m","label"]\n[1,"r","90x20"]\n[1,"q","?"]\n[1,"i","k"]\n[1,"x","3"]\n`)
      .sessions[0]!;
    expect(bodies(events, ['at'])).toEqual([
      { kind: 'marker', label: 'label' },
      { kind: 'resize', cols: 90, rows: 20 },
      { kind: 'other', code: 'q', text: '?' },
      { kind: 'data', stream: 'stdin', bytes: encode('k') },
      { kind: 'exit', status: 3, text: '3' },
    ]);
    expect(events.map(({ record }) => record)).toEqual([1, 2, 3, 4, 5]);
    expect(header.exitStatus).toBe(3);
  });

  it('keeps comments of version 3 as records, and calls them bad lines in version 2', () => {
    const v3 = open(`${V3}# one\n[1,"o","a"]\n`);
    expect(v3.discrepancies).toEqual([]);
    expect(v3.sessions[0]!.records.map(({ form }) => form)).toEqual(['jcs', 'raw', 'jcs']);
    expect(open(`${V2}# one\n`).discrepancies).toMatchObject([{ kind: 'bad-line', place: { line: 2 } }]);
  });

  it('joins a surrogate pair only where the next event is of the same stream', () => {
    const shown = (lines: string): string[] =>
      open(`${V2}${lines}`).sessions[0]!.events.map((event) => (event.kind === 'data' ? decode(event.bytes) : event.kind));
    expect(shown('[1,"o","\\ud83d"]\n[2,"o","\\udea2"]\n')).toEqual(['', '🚢']);
    expect(shown('[1,"o","a\\ud83d"]\n[2,"i","\\udea2"]\n')).toEqual(['a\ufffd', '\ufffd']);
    expect(shown('[1,"o","a\\ud83d"]\n[2,"m","x"]\n[3,"o","\\udea2"]\n')).toEqual(['a\ufffd', 'marker', '\ufffd']);
    expect(shown('[1,"o","a\\ud83d"]\n[2,"o","plain"]\n')).toEqual(['a\ufffd', 'plain']);
    expect(shown('[1,"o","a\\ud83d"]\n')).toEqual(['a\ufffd']);
    expect(shown('[1,"o","\\ud83d"]\n[2,"o","\\udea2\\ud83d"]\n[3,"o","\\udea2!"]\n')).toEqual(['', '🚢', '🚢!']);
    expect(
      open(V1('[1,"\\ud83d"],[2,"\\udea2"]')).sessions[0]!.events.map((event) =>
        event.kind === 'data' ? decode(event.bytes) : '',
      ),
    ).toEqual(['', '🚢']);
  });

  it('completes the header of version 1 from what follows the events', () => {
    const { sessions, discrepancies } = open('{"version":1,"stdout":[[1,"a"]],"height":30,"width":120,"title":"late"}');
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({ cols: 120, rows: 30, sizeAssumed: false, title: 'late' });
    expect(sessions[0]!.events).toHaveLength(1);
  });

  it('says that the header of version 1 has bytes that are not UTF-8, before its events and behind them', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
    for (const text of [
      '{"version":1,"width":80,"height":24,"title":"caf\u00e9","stdout":[[1,"a"]]}',
      '{"version":1,"width":80,"height":24,"stdout":[[1,"a"]],"title":"caf\u00e9"}',
    ]) {
      const { decoded } = decodeFiles([{ name: 'x.json', bytes: bytes(text) }]);
      expect(decoded[0]!.sessions[0]!.header.title).toBe('caf\ufffd');
      expect(decoded[0]!.discrepancies).toMatchObject([
        { kind: 'encoding', message: 'the header has bytes that are not UTF-8; they are shown as U+FFFD' },
      ]);
    }
  });

  it('reads version 1 as far as it goes', () => {
    const cut = open(V1('[1,"a"],[1,"b"').slice(0, -2));
    expect(cut.sessions[0]!.events).toHaveLength(1);
    expect(cut.discrepancies.map(({ kind }) => kind)).toContain('truncated');
    const broken = open(V1('[1,"a"] [1,"b"]'));
    expect(broken.sessions[0]!.events).toHaveLength(1);
    expect(broken.discrepancies).toContainEqual(
      expect.objectContaining({ kind: 'bad-line', message: expect.stringContaining('no JSON from here on') as string }),
    );
  });

  it('names a duration that is shorter than the events', () => {
    expect(open(V1('[1,"a"],[5,"b"]')).discrepancies).toMatchObject([
      { kind: 'inconsistent', message: expect.stringContaining('00:00:06') as string },
    ]);
    expect(open(V1('[0.1,"a"]')).discrepancies).toEqual([]);
  });

  it('says that a repeated name was read as JSON.parse reads it', () => {
    const { sessions, discrepancies } = open('{"version":3,"term":{"cols":10,"rows":5,"cols":20},"title":"a"}\n');
    expect(sessions[0]!.header.cols).toBe(20);
    expect(discrepancies).toMatchObject([
      { kind: 'bad-size', message: expect.stringContaining('term.cols more than once') as string },
    ]);
    expect(sessions[0]!.records[0]!.form).toBe('raw');
  });

  const said = (content: string): readonly (readonly [string, string])[] =>
    open(content).discrepancies.map(({ kind, message }) => [kind, message]);
  const withMembers = (members: string): string => `{"version":2,"width":80,"height":24,${members}}\n`;
  const noTime = (what: string): readonly [string, string] => ['bad-time', `${what}; the start is not known`];

  it.each([
    ['1e400', '1e400'],
    ['-1e15', '-1e15'],
    ['99999999999999999', '99999999999999999'],
    ['"now"', 'the text now'],
    ['"1795230000"', 'the text 1795230000'],
    ['[]', 'a list'],
    ['true', 'true'],
    [`"${'\u202e'.repeat(99)}"`, `the text "${'\\u202e'.repeat(40)}…"`],
    [`1${'0'.repeat(99)}`, `"1${'0'.repeat(39)}…"`],
  ])('says that the timestamp %s is no start, and where', (written, quoted) => {
    const content = withMembers(`"timestamp":${written}`);
    expect(said(content)).toEqual([noTime(`timestamp is ${quoted}, which is no time that can be used`)]);
    const { sessions, discrepancies } = open(content);
    expect(sessions[0]!.header).not.toHaveProperty('startedAt');
    expect(discrepancies[0]!.place).toMatchObject({ file: 'a.cast', line: 1, offset: 0 });
  });

  it('says that a duration is no time', () => {
    const message = 'duration is the text long, which is no time that can be used; the events are not compared with it';
    expect(said(withMembers('"duration":"long"'))).toEqual([['bad-time', message]]);
    expect(said(V1('').replace('0.5', '"long"'))).toEqual([['bad-time', message]]);
  });

  it('says that a text of the header is none', () => {
    const unused = (what: string): readonly [string, string] => ['bad-header', `${what} and not a text; it is not used`];
    expect(said(withMembers('"title":{"en":"x"},"command":["ls","-l"],"env":{"TERM":1e400}'))).toEqual([
      unused('title is an object'),
      unused('command is a list'),
      unused('TERM is 1e400'),
    ]);
    expect(said('{"version":3,"term":{"cols":9,"rows":9,"type":5},"title":1e400}\n')).toEqual([
      unused('title is 1e400'),
      unused('type is 5'),
    ]);
  });

  it('takes null, which recorders write where they know nothing, for nothing', () => {
    expect(said(withMembers('"timestamp":null,"duration":null,"title":null,"command":null,"env":{"TERM":null}'))).toEqual([]);
  });

  it('says that a half of a surrogate pair is shown as U+FFFD, in the header and in events that are no data', () => {
    const { sessions } = open(withMembers('"title":"\\ud800x\\udc00"'));
    expect(sessions[0]!.header.title).toBe('\ufffdx\ufffd');
    const half = (name: string): readonly [string, string] => [
      'encoding',
      `half of a surrogate pair stands alone in ${name}; it is shown as U+FFFD`,
    ];
    expect(said(withMembers('"title":"\\ud800x\\udc00","command":"\\udc00","env":{"TERM":"\\ud800"}'))).toEqual([
      half('title'),
      half('command'),
      half('TERM'),
    ]);
    expect(said(V1('', ',"title":"\\ud800"'))).toEqual([half('title')]);
    expect(said(withMembers('"title":"\\ud83d\\udea2"'))).toEqual([]);
    for (const event of ['[1,"m","\\ud800"]', '[1,"\\udc00","x"]', '[1,"x","\\ud800"]']) {
      expect(open(`${V2}${event}\n`).discrepancies).toMatchObject([{ kind: 'encoding', place: { line: 2 } }]);
    }
    expect(open(`${V2}[1,"m","\\ud83d\\udea2"]\n`).discrepancies).toEqual([]);
  });

  it('quotes a size as it is written', () => {
    expect(said('{"version":2,"width":1e400,"height":24.50}\n')).toEqual([
      ['bad-size', 'width is 1e400 and height is 24.50; 80x24 is assumed'],
    ]);
    expect(said('{"version":3,"term":{"cols":-1e400,"rows":24}}\n')).toEqual([
      ['bad-size', 'term.cols is -1e400; 80x24 is assumed'],
    ]);
  });
});

const header: CastHeader = {
  cols: 100,
  rows: 30,
  title: 'a "title"',
  command: 'bash',
  term: 'xterm',
  startedAt: micros(1_795_230_000_000_000),
};

function write(version: 2 | 3, events: readonly RecordingEvent[]): { readonly text: string; readonly writer: AsciicastWriter } {
  const writer = new AsciicastWriter(version);
  return { text: [writer.header(header), ...events.map((event) => writer.event(event)), writer.end()].join(''), writer };
}

const base = (at: number): { seq: string; at: Micros; record: number } => ({ seq: '1', at: micros(at), record: 0 });

const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('data' as const),
      stream: fc.constantFrom<StreamName>('stdin', 'stdout', 'stderr'),
      text: fc.string({ unit: 'binary', maxLength: 6 }),
    }),
  },
  fc.record({
    kind: fc.constant('resize' as const),
    cols: fc.integer({ min: 1, max: 2000 }),
    rows: fc.integer({ min: 1, max: 1000 }),
  }),
  fc.record({ kind: fc.constant('marker' as const), label: fc.string({ unit: 'grapheme' }) }),
);

describe.each([2, 3] as const)('writing version %i', (version) => {
  it('and reading it back gives the same bytes, times, sizes and markers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000_000 }), body), { maxLength: 30 }),
        fc.integer({ min: 0, max: 3 }),
        (steps, shift) => {
          let at = 0;
          // Characters are cut at arbitrary bytes: what is over goes into the next event of the stream.
          const over: Record<string, Uint8Array> = {};
          const events = steps.map(([step, one]): RecordingEvent => {
            at += step;
            if (one.kind !== 'data') return { ...base(at), ...one };
            const bytes = Uint8Array.of(...(over[one.stream] ?? []), ...encode(one.text));
            const cut = Math.max(0, bytes.length - shift);
            over[one.stream] = bytes.slice(cut);
            return { ...base(at), kind: 'data', stream: one.stream, bytes: bytes.slice(0, cut) };
          });
          for (const stream of ['stdin', 'stdout', 'stderr'] as const) {
            if (over[stream] !== undefined) events.push({ ...base(at), kind: 'data', stream, bytes: over[stream] });
          }
          const { text, writer } = write(version, events);
          expect(writer.losses).toEqual({ omitted: { sealed: 0, other: 0, exit: 0 }, replaced: 0 });
          const { sessions, discrepancies } = open(text);
          expect(discrepancies).toEqual([]);
          const read = sessions[0]!;
          expect(read.header).toMatchObject(header);
          expect(read.events.map((event) => [event.at, event.kind])).toEqual(events.map((event) => [event.at, event.kind]));
          expect(bodies(read.events.filter(({ kind }) => kind !== 'data'))).toEqual(
            bodies(events.filter(({ kind }) => kind !== 'data')),
          );
          expect(streamBytes(read.events, ['stdin'])).toEqual(streamBytes(events, ['stdin']));
          const output = (list: readonly RecordingEvent[]): number => streamBytes(list).length;
          expect(output(read.events)).toBe(output(events));
          for (const stream of ['stdout', 'stderr'] as const) {
            if (events.every((event) => event.kind !== 'data' || event.stream === 'stdin' || event.stream === stream)) {
              expect(streamBytes(read.events)).toEqual(streamBytes(events, [stream]));
            }
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });

  it('counts what an asciicast has no place for', () => {
    const { text, writer } = write(version, [
      { ...base(0), kind: 'sealed', stream: 'stdout', length: 3, ciphertext: encode('xyz'), crypto: '{}' },
      { ...base(1), kind: 'other', code: 'signal', text: 'TSTP' },
      { ...base(2), kind: 'data', stream: 'stdout', bytes: Uint8Array.of(0x61, 0xff, 0xef, 0xbf, 0xbd, 0xc3) },
      { ...base(3), kind: 'exit', status: 4, text: '4' },
    ]);
    expect(writer.losses).toEqual({ omitted: { sealed: 1, other: 1, exit: version === 2 ? 1 : 0 }, replaced: 2 });
    const { events } = open(text).sessions[0]!;
    expect(decode(streamBytes(events))).toBe('a\ufffd\ufffd\ufffd');
    expect(events.filter(({ kind }) => kind === 'exit')).toHaveLength(version === 2 ? 0 : 1);
  });

  it('writes a character whole when all of it has come', () => {
    const parts = [Uint8Array.of(0xf0), Uint8Array.of(0x9f, 0x9a), Uint8Array.of(0xa2, 0x21)];
    const { text } = write(
      version,
      parts.map((bytes, i) => ({ ...base(i), kind: 'data', stream: 'stdout', bytes })),
    );
    expect(open(text).sessions[0]!.events.map((event) => (event.kind === 'data' ? decode(event.bytes) : ''))).toEqual([
      '',
      '',
      '🚢!',
    ]);
  });
});
