// Lines and JSON values are found at the same places however the bytes are cut.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from '../../../../shared/recording/json-scanner.ts';
import { MAX_RECORD_BYTES } from '../../../../shared/recording/decoder.ts';
import { jsonFault, MAX_ELEMENTS, MAX_NESTING } from '../../../../shared/recording/json-check.ts';
import { eachMember, parseJson } from '../../../../shared/recording/json-text.ts';
import { isBlank, LineReader, type Line } from '../../../../shared/recording/line-reader.ts';
import { Turns } from '../../../../shared/recording/turns.ts';
import { collector, run } from '../../../support/decoding.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? encode('too long'));

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    pieces.push(bytes.slice(at, at + size));
    at += size;
  }
  return pieces;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe('lines', () => {
  const document = fc
    .array(fc.constantFrom('a', 'é', ' ', '\n', '\n', '\r\n', '\r', '\t', 'xyz', '[1]'), { maxLength: 40 })
    .map((parts) => parts.join(''));

  /** The obvious way: everything at once. */
  function oracle(text: string): unknown[] {
    const lines: unknown[] = [];
    let offset = 0;
    for (const [i, piece] of text.split('\n').entries()) {
      const ended = i < text.split('\n').length - 1;
      const line = ended ? piece.replace(/\r$/, '') : piece;
      if (!isBlank(encode(line))) lines.push({ line, offset, number: i + 1, ended });
      offset += encode(piece).length + 1;
    }
    return lines;
  }

  it('are those between the line ends', () => {
    fc.assert(
      fc.property(document, sizes, (text, pieces) => {
        const reader = new LineReader();
        const lines: unknown[] = [];
        const take = ({ bytes, offset, length, number, ended }: Line): void => {
          expect(bytes).toHaveLength(length);
          if (!isBlank(bytes!)) lines.push({ line: decode(bytes), offset, number, ended });
        };
        for (const piece of cut(encode(text), pieces)) reader.push(piece, take);
        reader.end(take);
        expect(lines).toEqual(oracle(text));
      }),
      { numRuns: 3000, seed: 4 },
    );
  });

  it('are the same for parts that are read in turns', () => {
    fc.assert(
      fc.property(document, sizes, (text, pieces) => {
        const lines: unknown[] = [];
        let i = 0;
        const decoder = new Turns(1, function* (turns) {
          for (let line = yield* turns.line(0); line !== null; line = yield* turns.line(0)) {
            const shown = line.ended ? decode(line.bytes).replace(/\r$/, '') : decode(line.bytes);
            if (!isBlank(encode(shown))) lines.push({ line: shown, offset: line.offset, number: line.number, ended: line.ended });
          }
        });
        run(decoder, [encode(text)], collector().sink, () => pieces[i++ % pieces.length]!);
        expect(lines).toEqual(oracle(text));
      }),
      { numRuns: 3000, seed: 5 },
    );
  });

  it('are reported without their bytes where they are too long, in one push or in many, and for parts read in turns', () => {
    const text = new Uint8Array(2 * MAX_RECORD_BYTES + 10).fill(0x61);
    text.set(encode('a\n'));
    text.set(encode('\nb'), text.length - 2);
    const expected = [
      [1, 0],
      [null, 2],
      [1, text.length - 1],
    ];
    for (const size of [text.length, 1 << 20]) {
      const lines: unknown[] = [];
      const take = ({ bytes, offset }: Line): unknown => lines.push([bytes?.length ?? null, offset]);
      const reader = new LineReader();
      for (let at = 0; at < text.length; at += size) reader.push(text.subarray(at, at + size), take);
      reader.end(take);
      expect(lines).toEqual(expected);

      const inTurns: unknown[] = [];
      const decoder = new Turns(1, function* (turns) {
        for (let line = yield* turns.line(0); line !== null; line = yield* turns.line(0))
          inTurns.push([line.bytes?.length ?? null, line.offset]);
      });
      run(decoder, [text], collector().sink, () => size);
      expect(inTurns).toEqual(expected);
    }
  });

  it('have no byte order mark', () => {
    const lines: Line[] = [];
    const reader = new LineReader();
    for (const byte of encode('\ufeffa\n\ufeffb\n'))
      reader.push(Uint8Array.of(byte), (line) => lines.push({ ...line, bytes: line.bytes!.slice() }));
    expect(lines.map(({ bytes, offset }) => [decode(bytes), offset])).toEqual([
      ['a', 3],
      ['b', 5],
    ]);
    expect(lines[1]!.length).toBe(4);
  });
});

describe('members and elements', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const document = fc.record({
    before: fc.dictionary(fc.string(), value, { maxKeys: 4 }),
    list: fc.option(fc.array(value, { maxLength: 6 }), { nil: undefined }),
    after: fc.dictionary(fc.string(), value, { maxKeys: 3 }),
    indent: fc.constantFrom(undefined, 1, '\t'),
  });

  it('are those that JSON.parse finds', () => {
    fc.assert(
      fc.property(document, sizes, ({ before, list, after, indent }, pieces) => {
        const object = { ...before, ...(list === undefined ? {} : { 'the "list"': list }), ...after };
        const text = encode(JSON.stringify(object, null, indent));
        const members: [string, unknown][] = [];
        let elements: unknown[] | null = null;
        const scanner = new JsonScanner('the "list"');
        const take = (piece: { bytes: Uint8Array | null; offset: number; length: number }): unknown => {
          expect(text.slice(piece.offset, piece.offset + piece.length)).toEqual(Uint8Array.from(piece.bytes!));
          return JSON.parse(decode(piece.bytes));
        };
        for (const piece of cut(text, pieces)) {
          scanner.push(piece, {
            member: (name, found) => members.push([name!, take(found)]),
            arrayStart: (offset) => {
              expect(text[offset]).toBe(0x5b);
              elements = [];
            },
            element: (found) => elements!.push(take(found)),
            arrayEnd: (offset) => expect(text[offset - 1]).toBe(0x5d),
          });
        }
        expect(scanner.done).toBe(true);
        expect(members).toEqual(
          Object.entries(JSON.parse(JSON.stringify(object)) as object).filter(
            ([name]) => name !== 'the "list"' || list === undefined,
          ),
        );
        expect(elements).toEqual(list === undefined ? null : JSON.parse(JSON.stringify(list)));
      }),
      { numRuns: 2000, seed: 6 },
    );
  });

  it('end at the byte that cannot stand where it stands', () => {
    for (const [text, at] of [
      ['{"a":1 2}', 7],
      ['{"a" 1}', 5],
      ['{"list":[1,,2]}', 11],
      ['{"list":[1 2]}', 11],
      ['{"a":1,}', 7],
      ['{"a":1} x', 8],
      ['[1]', 0],
      ['{"a":}', 5],
    ] as const) {
      const scanner = new JsonScanner('list');
      scanner.push(encode(text), { member: () => {} });
      expect([text, scanner.broken, scanner.offset]).toEqual([text, true, at]);
    }
  });

  it('are cut where the document is cut', () => {
    const scanner = new JsonScanner('list');
    scanner.push(encode('{"list":[1,{"b":"}]'), { member: () => {} });
    expect([scanner.done, scanner.broken, scanner.offset]).toEqual([false, false, 11]);
  });

  it('show names that stand twice', () => {
    const seen: unknown[] = [];
    eachMember(encode('{"a":1,"a":{"b":2},"\\u0061":3.10}'), (name, text) => seen.push([name, text()]));
    expect(seen).toEqual([
      ['a', '1'],
      ['a', '{"b":2}'],
      ['a', '3.10'],
    ]);
  });

  it('never nest deeper than is safe', () => {
    const nested = (depth: number): Uint8Array => encode(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(parseJson(nested(MAX_NESTING)).kind).toBe('value');
    expect(parseJson(nested(MAX_NESTING + 1))).toMatchObject({ kind: 'fault', fault: expect.stringContaining('512') as string });
    expect(parseJson(encode(`"${'['.repeat(10_000)}"`)).kind).toBe('value');
    expect(parseJson(nested(5_000_000)).kind).toBe('fault');
  });
});

describe('the check of JSON', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '\\u00e9',
    '\\n',
    '1',
    '0',
    '-',
    '.5',
    'e3',
    'E+',
    'true',
    'null',
    'fals',
    ' ',
    '\t',
    '\n',
    '\u0001',
    'é',
    '01',
  );
  const nearly = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(), piece)
      .map(([text, at, other]) => `${text.slice(0, at % (text.length + 1))}${other}${text.slice(at % (text.length + 1))}`),
    fc.tuple(fc.json(), fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
    fc.jsonValue().map((value) => JSON.stringify(value, null, 1)),
  );

  it('says what JSON.parse would say, without throwing', () => {
    let good = 0;
    fc.assert(
      fc.property(nearly, (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect([text, jsonFault(encode(text)) === null]).toEqual([text, parses]);
        if (parses) good += 1;
      }),
      { numRuns: 30_000, seed: 8 },
    );
    expect(good).toBeGreaterThan(3000);
  });

  it('takes in the places of so many elements and no more', () => {
    const list = (length: number): Uint8Array => encode(`[${'0,'.repeat(length - 1)}0]`);
    const places: number[] = [];
    expect(jsonFault(list(MAX_ELEMENTS), places)).toBeNull();
    expect(places).toHaveLength(2 * MAX_ELEMENTS);
    expect(jsonFault(list(MAX_ELEMENTS + 1), [])).toContain('100000 elements');
    expect(jsonFault(list(MAX_ELEMENTS + 1))).toBeNull();
  });

  it('says where the elements of a list stand, and of nothing else', () => {
    const ranges = (text: string): number[] => {
      const found: number[] = [];
      expect(jsonFault(encode(text), found)).toBeNull();
      return found;
    };
    expect(ranges(' [1, [2,[]] ,{"a":[3]},"]" ] ')).toEqual([2, 3, 5, 11, 13, 22, 23, 26]);
    expect(ranges('[]')).toEqual([]);
    expect(ranges('{"a":[1,2]}')).toEqual([]);
    expect(ranges('7')).toEqual([]);
  });
});
