// Secrets without fixed names: kept whole in items that every keychain takes, and never lost to a crash.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ITEM_BYTES, secretItems } from '../../../../electron/vault/secret-items.ts';
import { MemoryStore, PowerCut } from '../../../support/memory-store.ts';

const text = async (store: MemoryStore, name: string): Promise<string | null> =>
  (await secretItems(store).get(name))?.toString() ?? null;

describe('secrets by name', () => {
  test('come back as they were, in items that every keychain takes', async () => {
    const store = new MemoryStore();
    const items = secretItems(store);
    const long = Buffer.alloc(9999, 'long secret ');
    await items.set('source-token/prod', Buffer.from('first'));
    await items.set('key/a', long);
    await items.set('empty', Buffer.alloc(0));
    await items.set('source-token/prod', Buffer.from('second'));
    expect(await items.names()).toEqual(['key/a', 'empty', 'source-token/prod']);
    expect(await text(store, 'source-token/prod')).toBe('second');
    expect(await items.get('key/a')).toEqual(long);
    expect(await items.get('empty')).toEqual(Buffer.alloc(0));
    expect(await items.get('source-token/other')).toBeNull();
    expect(Math.max(...Array.from(store.items.values(), ({ length }) => length))).toBeLessThanOrEqual(MAX_ITEM_BYTES);
  });

  test('leave nothing behind when they are replaced and removed', async () => {
    const store = new MemoryStore();
    const items = secretItems(store);
    await items.set('a', Buffer.alloc(5000, 'alpha'));
    await items.set('a', Buffer.from('beta'));
    expect(Buffer.concat([...store.items.values()]).toString()).not.toContain('alpha');
    await items.delete('a');
    await items.delete('a');
    expect(await items.names()).toEqual([]);
    expect(Buffer.concat([...store.items.values()]).toString()).not.toContain('beta');
    await items.clear();
    expect([...store.items]).toEqual([]);
  });

  test('are more than one item can name', async () => {
    const store = new MemoryStore();
    const items = secretItems(store);
    const names = Array.from({ length: 150 }, (_, i) => `source-token/${'x'.repeat(30)}${String(i)}`);
    for (const name of names) await items.set(name, Buffer.from(name.slice(-4)));
    expect(await items.names()).toEqual(names);
    for (const name of names) expect(await text(store, name)).toBe(name.slice(-4));
  });

  test('of odd names stay apart', async () => {
    const store = new MemoryStore();
    const items = secretItems(store);
    for (const name of ['__proto__', 'constructor', '', '7']) await items.set(name, Buffer.from(`of ${name}`));
    for (const name of ['__proto__', 'constructor', '', '7']) expect(await text(store, name)).toBe(`of ${name}`);
    expect(await items.get('toString')).toBeNull();
  });

  test('are called damaged where an item is gone or no list, and nothing of them is quoted', async () => {
    const store = new MemoryStore();
    const items = secretItems(store);
    await items.set('a', Buffer.from('secret'));
    store.items.delete('item-0');
    await expect(items.get('a')).rejects.toMatchObject({ kind: 'damaged' });
    store.items.set('index', Buffer.from('secret text'));
    await expect(items.get('a')).rejects.toMatchObject({ kind: 'damaged', message: expect.not.stringContaining('secret text') });
  });

  test('survive a loss of power before any write of any change, whole or as before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ name: fc.constantFrom('a', 'b', 'c'), size: fc.option(fc.nat(8000)), left: fc.option(fc.nat(14)) }),
          { minLength: 1, maxLength: 12 },
        ),
        async (steps) => {
          const store = new MemoryStore();
          const kept = new Map<string, Buffer>();
          for (const [i, { name, size, left }] of steps.entries()) {
            const items = secretItems(store);
            const fresh = size === null ? null : Buffer.alloc(size, `${String(i)} `);
            store.left = left ?? Infinity;
            let cut = false;
            try {
              await (fresh === null ? items.delete(name) : items.set(name, fresh));
            } catch (error) {
              if (!(error instanceof PowerCut)) throw error;
              cut = true;
            }
            store.left = Infinity;
            const now = await secretItems(store).get(name);
            const before = kept.get(name) ?? null;
            if (!cut) expect(now).toEqual(fresh);
            else expect([before, fresh]).toContainEqual(now);
            if (now === null) kept.delete(name);
            else kept.set(name, now);
            for (const [other, secret] of kept) expect(await secretItems(store).get(other)).toEqual(secret);
          }
          // The next change that is whole has removed whatever the others left.
          await secretItems(store).set('d', Buffer.from('d'));
          const sizes = [...kept.values()].map(({ length }) => Math.max(1, Math.ceil(length / MAX_ITEM_BYTES)));
          expect(store.items.size).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + size, 0) + 3);
        },
      ),
      { seed: 20261121, numRuns: 150 },
    );
  });
});
