// Secrets whose number and names are not fixed, beside the fixed ones of a library: credentials of sources, keys of devices.
// Each is cut into items of at most 2,400 bytes, since the Credential Manager of Windows takes 2,560. The item `index` names them:
//   index: {v, next, index: [n…], dead: [n…]}   items n of `index`, joined: [[name, [n…]], …]
// What must stay true: an item's number is never given twice, and one write of `index` makes a change, whole or not at all. So a
// crash loses no secret. It may leave items that nothing names: those numbered from `next` on and the dead; the next change
// removes them. Changes are reads that end in a write: whoever holds the items lets one call end before the next begins.

import { ExhibitError } from '../../shared/api/errors.ts';
import { parseJson } from '../../shared/recording/json-text.ts';
import type { SecretStore } from './secret-store.ts';

export const MAX_ITEM_BYTES = 2400;

const INDEX = 'index';

interface Head {
  readonly v: 1;
  /** First number that no item ever had. */
  readonly next: number;
  /** Items of the list of names. */
  readonly index: readonly number[];
  /** Items that nothing names any more, and that may be there still. */
  readonly dead: readonly number[];
}

type Names = ReadonlyMap<string, readonly number[]>;

export interface SecretItems {
  get(name: string): Promise<Buffer | null>;
  set(name: string, secret: Buffer): Promise<void>;
  delete(name: string): Promise<void>;
  /** In the order of their making. */
  names(): Promise<string[]>;
  /** Every item as it lies in the store, for a store that is to take this one's place. */
  all(): Promise<Map<string, Buffer>>;
  /** Removes every item. */
  clear(): Promise<void>;
}

const EMPTY: Head = { v: 1, next: 0, index: [], dead: [] };

const itemName = (number: number): string => `item-${String(number)}`;

function damaged(why: string): ExhibitError {
  return new ExhibitError('damaged', 'read vault', why, 'restore a backup that has a passphrase');
}

/** What this file wrote before. A parser's own message would quote it. */
function parsed(bytes: Buffer): unknown {
  const read = parseJson(bytes);
  if (read.kind === 'value') return read.value;
  throw damaged('the list of its secrets cannot be read');
}

function headBytes(head: Head): Buffer {
  const bytes = Buffer.from(JSON.stringify(head));
  if (bytes.length <= MAX_ITEM_BYTES) return bytes;
  throw new ExhibitError(
    'refused',
    'keep a secret',
    'the vault has no room for more',
    'remove sources or keys that are not needed',
  );
}

export function secretItems(store: SecretStore): SecretItems {
  const head = async (): Promise<Head> => {
    const bytes = await store.get(INDEX);
    if (bytes === null) return EMPTY;
    const read = parsed(bytes) as Head;
    if (read.v !== 1) throw new ExhibitError('schema', 'read vault', 'a newer Exhibit wrote its secrets', 'update Exhibit');
    return read;
  };

  const joined = async (numbers: readonly number[]): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for (const number of numbers) {
      const part = await store.get(itemName(number));
      if (part === null) throw damaged(`its item ${String(number)} is missing`);
      parts.push(part);
    }
    const whole = Buffer.concat(parts);
    for (const part of parts) part.fill(0);
    return whole;
  };

  const namesOf = async ({ index }: Head): Promise<Names> =>
    new Map(index.length === 0 ? [] : (parsed(await joined(index)) as [string, number[]][]));

  /** Writes a secret into items of fresh numbers. */
  const written = async (secret: Buffer, first: number): Promise<number[]> => {
    const numbers: number[] = [];
    for (let at = 0; at < secret.length || numbers.length === 0; at += MAX_ITEM_BYTES) {
      await store.set(itemName(first + numbers.length), secret.subarray(at, at + MAX_ITEM_BYTES));
      numbers.push(first + numbers.length);
    }
    return numbers;
  };

  /** Removes the items that a crash left behind. Those of a change that never ended stand in a row. */
  const sweep = async ({ next, dead }: Head): Promise<void> => {
    for (const number of dead) await store.delete(itemName(number));
    for (let number = next; (await store.get(itemName(number))) !== null; number++) await store.delete(itemName(number));
  };

  const change = async (name: string, secret: Buffer | null): Promise<void> => {
    const before = await head();
    await sweep(before);
    const names = new Map(await namesOf(before));
    const old = names.get(name);
    if (secret === null && old === undefined) return;
    names.delete(name);
    const items = secret === null ? [] : await written(secret, before.next);
    if (secret !== null) names.set(name, items);
    const index = await written(Buffer.from(JSON.stringify([...names])), before.next + items.length);
    const dead = [...before.index, ...(old ?? [])];
    const after: Head = { v: 1, next: before.next + items.length + index.length, index, dead };
    await store.set(INDEX, headBytes(after));
    await sweep(after);
    await store.set(INDEX, headBytes({ ...after, dead: [] }));
  };

  const named = async (now: Head): Promise<number[]> => [...now.index, ...[...(await namesOf(now)).values()].flat()];

  return {
    get: async (name) => {
      const numbers = (await namesOf(await head())).get(name);
      return numbers === undefined ? null : joined(numbers);
    },
    set: (name, secret) => change(name, secret),
    delete: (name) => change(name, null),
    names: async () => [...(await namesOf(await head())).keys()],
    all: async () => {
      const now = await head();
      const items = new Map<string, Buffer>();
      for (const number of await named(now)) items.set(itemName(number), await joined([number]));
      return items.set(INDEX, headBytes({ ...now, dead: [] }));
    },
    clear: async () => {
      const now = await head();
      await sweep({ ...now, dead: [...now.dead, ...(await named(now))] });
      await store.delete(INDEX);
    },
  };
}
