// A long list by position over pages that only know the one after them.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createPageCache,
  type Page,
  type PageCache,
  type PageCacheOptions,
  type PageRequest,
} from '../../../../renderer/ui/page-cache.ts';

const SIZES: PageCacheOptions = { block: 10, leap: 50, keep: 200 };

const settled = async (): Promise<void> => {
  for (let i = 0; i < 2000; i++) await Promise.resolve();
};

interface Listed {
  readonly cache: PageCache<number>;
  readonly requests: PageRequest[];
  /** Answers still to be given, while the list holds them. */
  readonly open: (() => Promise<void>)[];
  readonly changes: () => number;
  hold(held: boolean): void;
  fail(error: unknown): void;
}

/** A list of the numbers from 0; a cursor is the position in the direction asked for. */
function list(length: number, sizes = SIZES, promised = length): Listed {
  const requests: PageRequest[] = [];
  const open: (() => Promise<void>)[] = [];
  let holding = false;
  let failure: unknown = null;
  let changes = 0;
  const page = ({ cursor, limit, reversed }: PageRequest): Page<number> => {
    const from = cursor === null ? 0 : Number(cursor);
    const to = Math.min(length, from + limit);
    const items = Array.from({ length: to - from }, (_, i) => (reversed ? length - 1 - from - i : from + i));
    return { total: promised, items, next: to < length ? String(to) : null };
  };
  const fetch = (request: PageRequest): Promise<Page<number>> => {
    requests.push(request);
    const { promise, resolve, reject } = Promise.withResolvers<Page<number>>();
    const answer = (): Promise<void> => {
      if (failure === null) resolve(page(request));
      else reject(failure);
      return settled();
    };
    if (holding) open.push(answer);
    else void answer();
    return promise;
  };
  const cache = createPageCache(
    fetch,
    () => {
      changes += 1;
    },
    sizes,
  );
  return {
    cache,
    requests,
    open,
    changes: () => changes,
    hold: (held) => {
      holding = held;
    },
    fail: (error) => {
      failure = error;
    },
  };
}

const rows = ({ cache }: Listed, from: number, to: number): (number | undefined)[] =>
  Array.from({ length: to - from }, (_, i) => cache.at(from + i));

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('a list by position', () => {
  test('knows nothing before the first answer and asks for the first rows at once', async () => {
    const listed = list(1000);
    expect([listed.cache.total(), listed.cache.at(0), listed.requests.length]).toEqual([null, undefined, 1]);
    await settled();
    expect(listed.cache.total()).toBe(1000);
    expect(rows(listed, 0, 10)).toEqual(numbers(0, 10));
    expect(listed.changes()).toBeGreaterThan(0);
  });

  test('fetches one block ahead of the view', async () => {
    const listed = list(1000);
    await settled();
    expect(rows(listed, 0, 20)).toEqual(numbers(0, 20));
    expect(listed.cache.at(20)).toBeUndefined();
    expect(listed.requests).toHaveLength(2);
  });

  test('reaches its end from the back, with one request', async () => {
    const listed = list(1000);
    await settled();
    const before = listed.requests.length;
    listed.cache.want(990, 1000);
    await settled();
    expect(rows(listed, 990, 1000)).toEqual(numbers(990, 1000));
    expect(listed.requests.slice(before)).toEqual([{ cursor: null, limit: 10, reversed: true }]);
  });

  test('leaps to a far place with large requests from the nearer end', async () => {
    const listed = list(1000);
    await settled();
    const before = listed.requests.length;
    listed.cache.want(700, 710);
    await settled();
    expect(rows(listed, 700, 710)).toEqual(numbers(700, 710));
    const asked = listed.requests.slice(before);
    expect(asked.every(({ reversed }) => reversed)).toBe(true);
    expect(asked.map(({ limit }) => limit)).toEqual([50, 50, 50, 50, 50, 10, 10, 10, 10, 10]);
  });

  test('asks for one thing at a time, and the newest wish is next', async () => {
    const listed = list(1000);
    await settled();
    listed.hold(true);
    const before = listed.requests.length;
    listed.cache.want(40, 50);
    listed.cache.want(300, 310);
    listed.cache.want(985, 995);
    expect(listed.requests.length).toBe(before + 1);
    await listed.open.shift()!();
    expect(listed.requests.at(-1)).toMatchObject({ reversed: true });
  });

  test('asks for nothing that is here', async () => {
    const listed = list(1000);
    await settled();
    listed.cache.want(0, 10);
    listed.cache.want(2, 9);
    await settled();
    expect(listed.requests).toHaveLength(2);
  });

  test('lets rows far from the view go and fetches them again by their own cursor', async () => {
    const listed = list(5000);
    for (let from = 0; from < 1000; from += 10) {
      listed.cache.want(from, from + 10);
      await settled();
      expect(listed.cache.held()).toBeLessThanOrEqual(SIZES.keep);
    }
    expect(listed.cache.at(0)).toBeUndefined();
    const before = listed.requests.length;
    listed.cache.want(0, 10);
    await settled();
    expect(rows(listed, 0, 20)).toEqual(numbers(0, 20));
    expect(listed.requests.slice(before).map(({ cursor }) => cursor)).toEqual([null, '10']);
  });

  test('shows the row of each position, wherever one scrolls, and comes to rest', async () => {
    const wish = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 40 }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 700 }), fc.array(wish, { maxLength: 8 }), async (length, wishes) => {
        const listed = list(length);
        await settled();
        for (const [share, size] of wishes) {
          const from = Math.floor(share * length);
          const to = Math.min(length, from + size);
          listed.cache.want(from, to);
          await settled();
          expect(rows(listed, from, to)).toEqual(numbers(from, to));
          expect(listed.cache.held()).toBeLessThanOrEqual(SIZES.keep);
          for (const [i, row] of rows(listed, 0, length).entries()) if (row !== undefined) expect(row).toBe(i);
          const asked = listed.requests.length;
          listed.cache.want(from, to);
          await settled();
          expect(listed.requests.length).toBe(asked);
        }
        expect(listed.cache.total()).toBe(length);
      }),
      { seed: 41, numRuns: 60 },
    );
  });
});

describe('trouble', () => {
  test('an empty list is known to be empty', async () => {
    const listed = list(0);
    await settled();
    expect([listed.cache.total(), listed.cache.at(0), listed.requests.length]).toEqual([0, undefined, 1]);
  });

  test('a failure stops the walk and is told, until somebody tries again', async () => {
    const listed = list(100);
    await settled();
    listed.fail(new Error('the library is locked'));
    listed.cache.want(50, 60);
    await settled();
    const asked = listed.requests.length;
    listed.cache.want(30, 40);
    await settled();
    expect(String(listed.cache.failure())).toContain('the library is locked');
    expect(listed.requests.length).toBe(asked);
    listed.fail(null);
    listed.cache.retry();
    expect(listed.cache.failure()).toBeNull();
    await settled();
    expect(rows(listed, 30, 40)).toEqual(numbers(30, 40));
  });

  test('a list that became shorter meanwhile has the rows that were found', async () => {
    const listed = list(35, SIZES, 1000);
    await settled();
    listed.cache.want(20, 60);
    await settled();
    expect(listed.cache.total()).toBe(35);
    expect(rows(listed, 20, 35)).toEqual(numbers(20, 35));
  });

  test('an answer after closing changes nothing', async () => {
    const listed = list(100);
    await settled();
    listed.hold(true);
    listed.cache.want(50, 60);
    const before = [listed.changes(), listed.cache.held()];
    listed.cache.close();
    await listed.open.shift()!();
    listed.cache.want(70, 80);
    expect([listed.changes(), listed.cache.held()]).toEqual(before);
    expect(listed.open).toEqual([]);
  });
});
