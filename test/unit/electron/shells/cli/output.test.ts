// What JSON and YAML print holds nothing that acts on a terminal, and is the same value when it is read; what tables tell people otherwise.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GivenJson, csv, json, jsonLine, table, yaml } from '../../../../../electron/shells/cli/output.ts';
import { SESSION_COLUMNS, clockColumn } from '../../../../../electron/shells/cli/session-commands.ts';
import type { Session } from '../../../../../shared/api/shapes.ts';

const ACTING = /[\u007f-\u009f\u2028\u2029\ufeff]|\p{Bidi_Control}/u;
/** Line feeds stand between lines alone: JSON and quoted YAML have none in a text. */
const CONTROL = /(?!\n)\p{Cc}/u;

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u007f', '\u0085', '\u009b', '\u061c', '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202e'),
    fc.constantFrom('\u2066', '\u2069', '\u001b', '\n', ' ', '\\', '"', "'", '#', ':', '-', '&', '\ud83d\udea2', '\ufeff'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 120,
});
/** Names that the script's shape leaves as they are. */
const name = text.filter((one) => !/[A-Z]|Us$/.test(one) && one !== '__proto__');
const value = fc.oneof(
  text,
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.dictionary(name, fc.oneof(text, fc.dictionary(name, text, { maxKeys: 3 })), { maxKeys: 3 }), { maxLength: 3 }),
);

describe.each([
  ['JSON', json, (printed: string): unknown => JSON.parse(printed)],
  ['a line of JSON', jsonLine, (printed: string): unknown => JSON.parse(printed)],
  ['YAML', yaml, (printed: string): unknown => parse(printed) as unknown],
] as const)('%s', (_, write, read) => {
  it('has no control or bidirectional character, and is the same value when it is read', () => {
    fc.assert(
      fc.property(value, (one) => {
        const printed = write(one);
        expect(printed).not.toMatch(ACTING);
        expect(printed).not.toMatch(CONTROL);
        expect(read(printed)).toEqual(one);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});

it('a title, a name of metadata and a text of several lines are escaped where they stand', () => {
  const session = { title: 'a\u009b31mb\u202e', 'na\u2066me': 'plain', note: 'one\n\u200ftwo\n' };
  expect(json(session)).toBe(
    '{\n  "title": "a\\u009b31mb\\u202e",\n  "na\\u2066me": "plain",\n  "note": "one\\n\\u200ftwo\\n"\n}\n',
  );
  expect(yaml(session)).toBe('title: "a\\u009b31mb\\u202e"\n"na\\u2066me": plain\nnote: "one\\n\\u200ftwo\\n"\n');
});

it('what does not act is printed as it is', () => {
  expect(json({ title: 'Grüße 🚢 日本' })).toBe('{\n  "title": "Grüße 🚢 日本"\n}\n');
  expect(yaml([{ title: 'Grüße 🚢 日本', lines: 'a\nb\n', none: null, n: 1.5 }])).toBe(
    '- title: Grüße 🚢 日本\n  lines: |\n    a\n    b\n  none: null\n  n: 1.5\n',
  );
});

describe('lengths of time', () => {
  const columns = [clockColumn('length', (us: number | null) => us)];
  const rows = [3_456_003_000_000, 10_500_000, null];

  it('have their days in tables, and hours that grow in what programs read', () => {
    expect(
      table(rows, columns)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['length', '40 d 00:00:03', '00:00:10.5', '-', '']);
    expect(csv(rows, columns)).toBe('length\r\n960:00:03\r\n00:00:10.5\r\n\r\n');
  });

  it('are not told of a session whose events have no times', () => {
    const duration = SESSION_COLUMNS.find(({ head }) => head === 'duration')!;
    const session = { durationUs: 0 } as Session;
    expect([duration.told!(session), duration.value(session)]).toEqual([null, '00:00:00']);
  });
});

describe('what a source wrote', () => {
  const text =
    '{"env":{"A":"upper","_a":"lower","TERM":"xterm"},"delayUs":2500000,"campUs":"north","statUs":null,"n":[1.0,1e3,9007199254740993]}';

  it('keeps its names and its numbers as JSON', () => {
    const printed = json({ nativeId: 'x', durationUs: 1, metadata: new GivenJson(text) });
    expect(printed.replaceAll(/\s/g, '')).toBe(`{"native_id":"x","duration":0.000001,"metadata":${text}}\n`.trim());
  });

  it('keeps its names and its whole numbers as YAML', () => {
    expect(yaml({ metadata: new GivenJson(text) })).toContain('9007199254740993');
    expect(parse(yaml({ metadata: new GivenJson(text) }))).toEqual({ metadata: JSON.parse(text) as unknown });
  });
});
