// The histogram of a recording: bytes by direction, and cells that changed, a bucket.

import { describe, expect, test } from 'vitest';
import { ActivityCounter, readActivity } from '../../../../electron/indexing/activity.ts';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';

const encoder = new TextEncoder();
const data = (atMs: number, text: string, stream: 'stdin' | 'stdout' = 'stdout'): RecordingEvent => ({
  kind: 'data',
  seq: '1',
  at: micros(atMs * 1000),
  record: 1,
  stream,
  bytes: encoder.encode(text),
});

function counted(events: readonly RecordingEvent[], cols = 20, rows = 5): ReturnType<typeof readActivity>['filled'] {
  const emulator = createTerminal(cols, rows);
  const counter = new ActivityCounter(events.at(-1)!.at, emulator);
  for (const event of events) {
    counter.event(event);
    feedEvent(emulator, event);
  }
  return readActivity(counter.take()).filled;
}

describe('a bucket', () => {
  test('holds the bytes of its time, and the cells that look different after it', () => {
    expect(counted([data(0, 'ab'), data(0, 'k', 'stdin'), data(5, 'cd'), data(5, '\rxx'), data(9, '\x1b[5;5H')])).toEqual([
      { bucket: 0, output: 2, input: 1, change: 2 },
      { bucket: 5, output: 5, input: 0, change: 4 },
      { bucket: 9, output: 6, input: 0, change: 0 },
    ]);
  });

  test('counts a cell that came and went within it as unchanged', () => {
    expect(counted([data(0, 'secret'), data(0, '\r\x1b[K')])).toEqual([{ bucket: 0, output: 10, input: 0, change: 0 }]);
  });

  test('of a resize tells that the whole screen changed', () => {
    const resize: RecordingEvent = { kind: 'resize', seq: '2', at: micros(4000), record: 2, cols: 10, rows: 4 };
    expect(counted([data(0, 'ab'), resize])).toEqual([
      { bucket: 0, output: 2, input: 0, change: 2 },
      { bucket: 4, output: 0, input: 0, change: 40 },
    ]);
  });

  test('of a huge screen is looked at now and then, and nothing of the change is lost', () => {
    const events = Array.from({ length: 40 }, (_, i) => data(i, 'x'));
    const filled = counted(events, 1000, 100);
    expect(filled.reduce((sum, { change }) => sum + change, 0)).toBe(40);
    expect(filled.filter(({ change }) => change > 0).length).toBeLessThan(6);
  });
});
