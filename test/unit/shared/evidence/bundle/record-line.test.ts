import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordReader, readRecord, type BundleRecord } from '../../../../../shared/evidence/bundle/record-line.ts';

const reader = new RecordReader();

/** As a value that can be compared: what a reader gives of a line is good until the next one. */
function held(record: BundleRecord | null): unknown {
  if (record?.kind !== 'shown') return record;
  return { ...record, salt: Buffer.from(record.salt).toString('hex'), bytes: Buffer.from(record.bytes).toString('hex') };
}

const both = (line: Uint8Array): readonly [unknown, unknown] => [held(reader.read(line)), held(readRecord(line))];

const count = fc.oneof(fc.nat(), fc.maxSafeNat());
const record = fc.record({
  index: count,
  salt: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((salt) => Buffer.from(salt).toString('hex')),
  form: fc.constantFrom('jcs', 'raw'),
  utf8: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u007f', 'é', '🙂', 'u') }),
  ),
  ranges: fc.array(fc.tuple(count, count, count), { maxLength: 3 }),
});
/** A line as it is written; of a raw record it may be one of several. */
const written = fc
  .tuple(record, fc.boolean())
  .map(([given, more]) => (more && given.form === 'raw' ? { ...given, more } : given));

test('a line as it is written is read to the bytes that it was written from', () => {
  fc.assert(
    fc.property(written, (given) => {
      const [read, slow] = both(Buffer.from(JSON.stringify(given)));
      const { utf8, ...rest } = given;
      expect(read).toEqual({ kind: 'shown', more: false, ...rest, bytes: Buffer.from(utf8).toString('hex') });
      expect(read).toEqual(slow);
    }),
    { seed: 9162, numRuns: 2000 },
  );
});

test('whatever is changed in a line, both ways of reading it say the same', () => {
  const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 2 }), put: fc.oneof(fc.uint8Array({ maxLength: 2 }), piece()) });
  fc.assert(
    fc.property(written, change, (given, { at, cut, put }) => {
      const line = Buffer.from(JSON.stringify(given));
      const from = at % (line.length + 1);
      const changed = Buffer.concat([line.subarray(0, from), put, line.subarray(from + cut)]);
      const [read, slow] = both(changed);
      expect(read).toEqual(slow);
    }),
    { seed: 9162, numRuns: 5000 },
  );
});

/** What another writer of JSON might write. */
function piece(): fc.Arbitrary<Uint8Array> {
  return fc
    .constantFrom(
      '"',
      '\\',
      '\\"',
      '\\/',
      '\\u0041',
      '\\u000a',
      '\\u001F',
      '\\u001f',
      '\\ud83d',
      ' ',
      '0',
      '1e3',
      ',',
      '[',
      ']',
      '{}',
      '-',
      '.0',
    )
    .map((text) => Buffer.from(text));
}

test('each form that is not the one that is written is none', () => {
  const line = (utf8: string, index = '7', ranges = '[[0,1,2]]'): Buffer =>
    Buffer.from(`{"index":${index},"salt":"${'0a'.repeat(16)}","form":"jcs","utf8":"${utf8}","ranges":${ranges}}`);
  expect(held(reader.read(line('a\\n\\u001f\\"')))).toMatchObject({ index: 7, bytes: '610a1f22' });
  for (const utf8 of ['\\u000a', '\\u001F', '\\/', '\\u0041', '\\ud83d', '\\ud83d\\ude42', '\t', '\\x', '\\'])
    expect(reader.read(line(utf8)), utf8).toBeNull();
  for (const index of ['07', '-1', '1.0', '1e1', '9007199254740993', '']) expect(reader.read(line('a', index)), index).toBeNull();
  for (const ranges of ['[[0,1]]', '[[0,1,2],]', '[,[0,1,2]]', '[ [0,1,2]]', '[[0,1,02]]', '[[0,1,2]', '[[0,1,2][0,1,2]]'])
    expect(reader.read(line('a', '7', ranges)), ranges).toBeNull();
  for (const more of [',"more":false', ',"more":1', ',"more": true', ',"more":true,"more":true', ',"More":true'])
    expect(both(Buffer.from(line('a').toString().replace('"jcs"', '"raw"').replace(']]}', `]]${more}}`))), more).toEqual([
      null,
      null,
    ]);
  expect(both(Buffer.from(line('a').toString().replace(']]}', ']],"more":true}')))).toEqual([null, null]);
  const bad = line('a??');
  bad.set([0xc3, 0x28], bad.indexOf('??'));
  expect(reader.read(bad)).toBeNull();
});
