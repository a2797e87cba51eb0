import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordSpan } from '../../../../shared/recording/decoder.ts';
import { decodeEvents, encodeEvents, eventTimes, sliceEvents } from '../../../../shared/recording/event-chunk.ts';
import { STREAM_NAMES, type RecordingEvent } from '../../../../shared/recording/event.ts';
import { decodeRecords, encodeRecords } from '../../../../shared/recording/record-chunk.ts';
import { micros } from '../../../../shared/recording/time.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const stream = fc.constantFrom(...STREAM_NAMES);
const bytes = fc.uint8Array({ maxLength: 300 });

const body = fc.oneof(
  fc.record({ kind: fc.constant('data' as const), stream, bytes }),
  fc.record({ kind: fc.constant('sealed' as const), stream, length: fc.nat(2 ** 31), ciphertext: bytes, crypto: text }),
  fc.record({
    kind: fc.constant('resize' as const),
    cols: fc.integer({ min: 1, max: 2000 }),
    rows: fc.integer({ min: 1, max: 1000 }),
  }),
  fc.record({ kind: fc.constant('marker' as const), label: text }),
  fc.record({ kind: fc.constant('exit' as const), status: fc.option(fc.integer()), text }),
  fc.record({ kind: fc.constant('other' as const), code: text, text }),
);

const event = fc.record({
  body,
  step: fc.nat(10 ** 9),
  record: fc.nat(3),
  seq: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  time: fc.option(text, { nil: undefined }),
});

describe('event chunks', () => {
  test('whatever events go in come out again, all or some of them', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 40 }),
        fc.nat(10 ** 6),
        fc.boolean(),
        fc.nat(40),
        fc.nat(40),
        (drawn, firstIndex, ordinal, one, other) => {
          let at = 0;
          let record = 0;
          const events = drawn.map(({ body, step, record: more, seq, time }, i): RecordingEvent => {
            at += step;
            record += more;
            const base = { seq: ordinal ? String(firstIndex + i + 1) : String(seq), at: micros(at), record };
            return { ...base, ...(time === undefined ? {} : { time }), ...body };
          });
          const packed = encodeEvents(events, firstIndex);
          expect(decodeEvents(packed, firstIndex)).toEqual(events);
          expect(eventTimes(packed)).toEqual(events.map((event) => event.at));
          const [from, to] = [Math.min(one, other, events.length), Math.min(Math.max(one, other), events.length)];
          expect(decodeEvents(sliceEvents(packed, from, to), firstIndex + from)).toEqual(events.slice(from, to));
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  test('a cut or foreign chunk is refused, never misread in silence', () => {
    const whole = encodeEvents([{ kind: 'marker', seq: '1', at: micros(5), record: 1, label: 'here' }], 0);
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeEvents(whole.subarray(0, length), 0)).toThrow(RangeError);
    expect(() => decodeEvents(Uint8Array.of(9, 0, 0), 0)).toThrow('version 9');
  });
});

describe('record chunks', () => {
  test('whatever spans go in come out again', () => {
    const range = fc.record({ part: fc.nat(5), offset: fc.nat(2 ** 40), length: fc.nat(2 ** 30) });
    const span = fc.record({
      form: fc.constantFrom('raw' as const, 'jcs' as const),
      ranges: fc.array(range, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 50 }), (spans: RecordSpan[]) => {
        expect(decodeRecords(encodeRecords(spans))).toEqual(spans);
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
