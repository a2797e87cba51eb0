// Events that are here and not yet applied: in order, without a gap, and let go once applied.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventQueue } from '../../../../renderer/player/event-queue.ts';
import { printed, runOf } from './fake-recording.ts';

const events = Array.from({ length: 10_000 }, (_, i) => printed(i, i * 10, 'x'.repeat(i % 7)));
const sizeOf = (from: number, to: number): number => events.slice(from, to).reduce((sum, { bytes }) => sum + bytes.length, 0);

describe('the queue', () => {
  test('gives events in order and knows where it stands', () => {
    const queue = createEventQueue();
    queue.clear(3);
    queue.add([runOf(events, 3, 5), runOf(events, 5, 8)]);
    expect([queue.index, queue.end]).toEqual([3, 8]);
    expect(queue.take().seq).toBe('4');
    expect([queue.index, queue.end, queue.head()?.seq]).toEqual([4, 8, '5']);
  });

  test('leaves out what it has already', () => {
    const queue = createEventQueue();
    queue.add([runOf(events, 0, 5)]);
    queue.take();
    queue.add([runOf(events, 2, 8)]);
    expect(queue.end).toBe(8);
    expect(Array.from({ length: 7 }, () => queue.take().seq)).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    expect(queue.bytes).toBe(0);
  });

  test('refuses a run that leaves events out, and names the gap', () => {
    const queue = createEventQueue();
    queue.add([runOf(events, 0, 5)]);
    expect(() => queue.add([runOf(events, 6, 8)])).toThrow('events 5 to 6 are missing');
  });

  test('refuses to give what it does not have', () => {
    expect(() => createEventQueue().take()).toThrow(RangeError);
  });

  test('begins anew at a position with nothing held', () => {
    const queue = createEventQueue();
    queue.add([runOf(events, 0, 50)]);
    queue.clear(7);
    expect([queue.index, queue.end, queue.bytes, queue.head()]).toEqual([7, 7, 0, null]);
  });

  test('counts the bytes up to a time, that time included, and only when later events are here', () => {
    const queue = createEventQueue();
    queue.add([runOf(events, 0, 10)]);
    queue.take();
    expect(queue.bytesUntil(40)).toBe(sizeOf(1, 5));
    expect(queue.bytesUntil(0)).toBe(0);
    expect(queue.bytesUntil(90)).toBeNull();
  });

  test('keeps position, order and bytes over any number of events taken and added', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3000 })), { maxLength: 12 }), (acts) => {
        const queue = createEventQueue();
        let taken = 0;
        let added = 0;
        for (const [adds, count] of acts) {
          if (adds) {
            const to = Math.min(events.length, added + count);
            queue.add([runOf(events, added, to)]);
            added = to;
          } else {
            for (let i = 0; i < count && taken < added; i++) expect(queue.take().seq).toBe(String(++taken));
          }
          expect([queue.index, queue.end, queue.bytes]).toEqual([taken, added, sizeOf(taken, added) + 64 * (added - taken)]);
          expect(queue.head()?.seq).toBe(taken < added ? String(taken + 1) : undefined);
        }
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});
