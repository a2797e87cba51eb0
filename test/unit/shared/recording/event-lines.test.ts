import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AsciicastWriter } from '../../../../shared/recording/asciicast-writer.ts';
import { readEventLine, writeEventLine } from '../../../../shared/recording/event-lines.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { JsonBytes } from '../../../../shared/recording/json-bytes.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new Uint8Array(Buffer.from(text))),
  fc
    .string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u001b', '\u007f', 'é', '🙂', '\u2028') })
    .map((text) => new Uint8Array(Buffer.from(text))),
  fc.constant(new Uint8Array(12_000).fill(1)),
);
const text = fc.string({ unit: 'binary', maxLength: 10 });
const stream = fc.constantFrom('stdin', 'stdout', 'stderr');
const count = fc.oneof(fc.nat(), fc.maxSafeNat());
const body = fc.oneof(
  fc.record({ kind: fc.constant('data'), stream, bytes }),
  fc.record({ kind: fc.constant('resize'), cols: fc.nat(), rows: fc.nat() }),
  fc.record({ kind: fc.constant('marker'), label: text }),
  fc.record({ kind: fc.constant('exit'), status: fc.option(fc.integer()), text }),
  fc.record({ kind: fc.constant('other'), code: text, text }),
  fc
    .record({ kind: fc.constant('sealed'), stream, length: fc.nat(), refusal: fc.option(text, { nil: undefined }) })
    .map(({ refusal, ...rest }) => ({
      ...rest,
      crypto: '',
      ciphertext: new Uint8Array(0),
      ...(refusal === undefined ? {} : { refusal }),
    })),
);
const event = fc
  .tuple(body, fc.record({ seq: text, at: count, record: count }), fc.option(text, { nil: undefined }))
  .map(([own, base, time]) => ({ ...own, ...base, ...(time === undefined ? {} : { time }) }) as RecordingEvent);

/** What a line has in the form that JSON.stringify gives it. */
function members(one: RecordingEvent): object {
  const { seq, at, record, kind, time, ...rest } = one;
  const { bytes: data, crypto: _crypto, ciphertext: _ciphertext, ...said } = rest as Record<string, unknown>;
  const payload = data instanceof Uint8Array ? { stream: said['stream'], ...asText(Buffer.from(data)) } : said;
  return { seq, at, record, kind, ...payload, ...(time === undefined ? {} : { time }) };
}

const asText = (data: Buffer): object =>
  Buffer.from(data.toString('utf8')).equals(data) ? { utf8: data.toString('utf8') } : { base64: data.toString('base64') };

function lineOf(one: RecordingEvent): Buffer {
  const into = new JsonBytes();
  writeEventLine(into, one);
  return Buffer.from(into.take());
}

test('a line is what JSON.stringify gives for the event, and is read back to the same', () => {
  fc.assert(
    fc.property(event, (one) => {
      const line = lineOf(one);
      expect(line.toString('utf8')).toBe(`${JSON.stringify(members(one))}\n`);
      const read = readEventLine(line.subarray(0, -1));
      expect(read === null ? null : lineOf(read).equals(line)).toBe(true);
    }),
    { seed: 4627, numRuns: 1000 },
  );
});

test('a line in any other form is none', () => {
  const line = '{"seq":"1","at":2,"record":3,"kind":"data","stream":"stdout","utf8":"a\\u001b"}';
  expect(readEventLine(Buffer.from(line))).toMatchObject({ kind: 'data', at: 2, record: 3 });
  for (const other of [
    line.replace(':2', ':2.0'),
    line.replace(':2', ':-2'),
    line.replace(',"at"', ', "at"'),
    line.replace('\\u001b', '\\u001B'),
    line.replace('stdout', 'stdwho'),
    line.replace('"utf8":"a\\u001b"', '"base64":"YQ=="'),
    line.replace('"kind":"data"', '"kind":"date"'),
    line.replace('{', '{"more":1,'),
    line.slice(0, -1),
    `[${line}]`,
    '',
  ])
    expect(readEventLine(Buffer.from(other)), other).toBeNull();
});

test('the line of a playback is the same as bytes and as text', () => {
  const events = fc.array(event, { maxLength: 20 });
  fc.assert(
    fc.property(events, fc.constantFrom(2 as const, 3 as const), (all, version) => {
      const [asBytes, asString] = [new AsciicastWriter(version), new AsciicastWriter(version)];
      const into = new JsonBytes();
      let texts = '';
      let at = 0;
      for (const one of all) {
        const next = { ...one, at: (at += one.at % 1_000_000) } as RecordingEvent;
        asBytes.write(into, next);
        texts += asString.event(next);
      }
      into.text(asBytes.end());
      expect(Buffer.from(into.take()).toString('utf8')).toBe(texts + asString.end());
      expect(asBytes.losses).toEqual(asString.losses);
    }),
    { seed: 4627, numRuns: 500 },
  );
});
