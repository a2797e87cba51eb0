// Events by position: fetched where somebody looks, one question at a time, let go far from there.

import { describe, expect, test } from 'vitest';
import { createEventBlocks } from '../../../../renderer/player/event-blocks.ts';
import { encodeEvents } from '../../../../shared/recording/event-chunk.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { micros } from '../../../../shared/recording/time.ts';

const sealed = (i: number): RecordingEvent => ({
  seq: String(i + 1),
  at: micros(i * 1000),
  record: i + 1,
  kind: 'sealed',
  stream: 'stdout',
  length: i,
  ciphertext: new Uint8Array(),
  crypto: 'null',
});

/** A core that answers from a position up to the end of its chunk. */
function opened(
  count: number,
  chunk: number,
): {
  readonly blocks: ReturnType<typeof createEventBlocks>;
  readonly asked: number[];
  readonly failures: unknown[];
  readonly settled: () => Promise<void>;
  fails: boolean;
} {
  const asked: number[] = [];
  const failures: unknown[] = [];
  const core = { fails: false };
  const blocks = createEventBlocks(
    (from) => {
      asked.push(from);
      if (core.fails) return Promise.reject(new Error('the library is locked'));
      const to = Math.min(count, (Math.floor(from / chunk) + 1) * chunk);
      const events = Array.from({ length: to - from }, (_, i) => sealed(from + i));
      return Promise.resolve({ runs: [{ firstIndex: from, count: events.length, bytes: encodeEvents(events, from) }], next: to });
    },
    () => undefined,
    (error) => failures.push(error),
  );
  return Object.assign(core, { blocks, asked, failures, settled: () => new Promise<void>((resolve) => setTimeout(resolve)) });
}

describe('events by position', () => {
  test('are there once they were wanted, with their sizes and no content', async () => {
    const { blocks, settled } = opened(2000, 1000);
    expect(blocks.at(300)).toBeUndefined();
    blocks.want(300);
    await settled();
    expect(blocks.at(300)).toMatchObject({ kind: 'sealed', length: 300, at: 300_000, seq: '301' });
    expect(blocks.at(1999)).toBeUndefined();
  });

  test('are asked for once, and from the beginning of their block', async () => {
    const { blocks, asked, settled } = opened(2000, 1000);
    blocks.want(300);
    blocks.want(301);
    blocks.want(302);
    await settled();
    blocks.want(299);
    await settled();
    expect(asked).toEqual([256]);
  });

  test('are asked for again where an answer ended inside of a block', async () => {
    const { blocks, asked, settled } = opened(2000, 300);
    blocks.want(290);
    await settled();
    blocks.want(310);
    await settled();
    expect(asked).toEqual([256, 310]);
    expect(blocks.at(310)?.seq).toBe('311');
  });

  test('follow the newest wish', async () => {
    const { blocks, asked, settled } = opened(20_000, 256);
    blocks.want(0);
    blocks.want(5000);
    blocks.want(10_000);
    await settled();
    expect(asked).toEqual([0, 9984]);
  });

  test('are let go far from what is looked at', async () => {
    const { blocks, settled } = opened(40_000, 256);
    for (let i = 0; i < 40_000; i += 256) {
      blocks.want(i);
      await settled();
    }
    expect(blocks.at(0)).toBeUndefined();
    expect(blocks.at(39_900)).toBeDefined();
  });

  test('are asked for no more after a failure, which is told once', async () => {
    const core = opened(2000, 1000);
    core.fails = true;
    core.blocks.want(1);
    await core.settled();
    core.blocks.want(1);
    core.blocks.want(900);
    await core.settled();
    expect(core.asked).toEqual([0]);
    expect(core.failures).toHaveLength(1);
  });

  test('that come after the list was closed are dropped', async () => {
    const { blocks, settled } = opened(2000, 1000);
    blocks.want(1);
    blocks.close();
    await settled();
    expect(blocks.at(1)).toBeUndefined();
  });
});
