// Hands the bytes of given files to the core, range by range, as the core asks for them.

import { describe, expect, test } from 'vitest';
import { offer, supply } from '../../../../renderer/sources/supply.ts';
import type { GivenFile } from '../../../../renderer/sources/file-tree.ts';
import type { Api, Input, Output } from '../../../../shared/api/contract.ts';

type Want = Output<'import.next'>['want'];

/** Asks for the given ranges one after the other, and keeps what it was told. */
function importer(wants: readonly Want[]): { api: Api; calls: { name: string; input: unknown }[] } {
  const calls: { name: string; input: unknown }[] = [];
  let next = 0;
  const call = (name: string, input: unknown): Promise<unknown> => {
    calls.push({ name, input });
    if (name === 'import.offer') return Promise.resolve({ job: 'j-1' });
    return Promise.resolve(name === 'import.next' ? { want: wants[next++] ?? null } : null);
  };
  return { api: { call: call as Api['call'], on: () => () => undefined }, calls };
}

const given = (name: string, text: string): GivenFile => ({ name, file: new File([text], name) });
const files = [given('a.cast', '0123456789'), given('folder/b.cast', 'abcdef')];

const supplied = (calls: readonly { name: string; input: unknown }[]): (string | null)[] =>
  calls
    .filter(({ name }) => name === 'import.next')
    .map(({ input }) => (input as Input<'import.next'>).supply)
    .map((answer) => (answer === null ? null : `${String(answer.request)} ${new TextDecoder().decode(answer.bytes)}`));

describe('offering', () => {
  test('names the files with their sizes and gives the job, without a byte', async () => {
    const { api, calls } = importer([]);
    expect(await offer(api, files)).toBe('j-1');
    expect(calls).toEqual([
      {
        name: 'import.offer',
        input: {
          files: [
            { name: 'a.cast', size: 10 },
            { name: 'folder/b.cast', size: 6 },
          ],
        },
      },
    ]);
  });
});

describe('supplying', () => {
  test('answers each wish with its range and number, in any order, until there is none', async () => {
    const { api, calls } = importer([
      { request: 1, file: 1, offset: 2, length: 3 },
      { request: 2, file: 0, offset: 8, length: 100 },
      { request: 7, file: 0, offset: 0, length: 0 },
    ]);
    await supply(api, 'j-1', files);
    expect(supplied(calls)).toEqual([null, '1 cde', '2 89', '7 ']);
    expect(calls.every(({ name }) => name === 'import.next')).toBe(true);
  });

  test('reads nothing ahead of a wish', async () => {
    const read: (readonly [number, number])[] = [];
    const watched = { slice: (from: number, to: number) => (read.push([from, to]), new Blob(['x'])) } as unknown as File;
    const { api } = importer([{ request: 1, file: 0, offset: 4, length: 2 }]);
    await supply(api, 'j-1', [{ name: 'a', file: watched }]);
    expect(read).toEqual([[4, 6]]);
  });

  test('ends the job when a file cannot be read any more, and says why', async () => {
    const gone = {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('the disk was removed')) }),
    } as unknown as File;
    const { api, calls } = importer([{ request: 1, file: 0, offset: 0, length: 2 }]);
    await expect(supply(api, 'j-1', [{ name: 'a', file: gone }])).rejects.toThrow('the disk was removed');
    expect(calls.at(-1)).toEqual({ name: 'jobs.cancel', input: { job: 'j-1' } });
  });

  test('ends the job when a file is asked for that was not offered', async () => {
    const { api, calls } = importer([{ request: 1, file: 5, offset: 0, length: 2 }]);
    await expect(supply(api, 'j-1', files)).rejects.toThrow('file 5 was not offered');
    expect(calls.at(-1)?.name).toBe('jobs.cancel');
  });
});
