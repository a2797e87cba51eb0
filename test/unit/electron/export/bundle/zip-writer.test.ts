import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWholeFile } from '../../../../../electron/export/whole-file.ts';
import { createWaitingFile } from '../../../../../electron/export/bundle/waiting-file.ts';
import { ZipWriter, type ZipTarget } from '../../../../../electron/export/bundle/zip-writer.ts';
import { openZip } from '../../../../../shared/evidence/bundle/open-zip.ts';
import { recordingsInZip } from '../../../../../electron/source/zip.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** Holds every byte, wherever it is written. */
function memoryTarget(): ZipTarget & { bytes(): Buffer } {
  let held = Buffer.alloc(0);
  return {
    write: (bytes, position) => {
      if (position + bytes.length > held.length)
        held = Buffer.concat([held, Buffer.alloc(position + bytes.length - held.length)]);
      held.set(bytes, position);
    },
    read: (position, length) => Buffer.from(held.subarray(position, position + length)),
    bytes: () => held,
  };
}

async function filesOf(zip: Buffer): Promise<Map<string, Buffer>> {
  const opened = await openZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)));
  if (opened.kind === 'fault') throw new Error(opened.fault.reason);
  const files = new Map<string, Buffer>();
  for (const [name, file] of opened.bag.files) files.set(name, Buffer.from(await file.read(0, file.size)));
  return files;
}

const contents = fc.uniqueArray(
  fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/), fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 })),
  { minLength: 1, maxLength: 8, selector: ([name]) => name },
);

test('what is written piece by piece is read back whole, by the reader that takes one form only', async () => {
  await fc.assert(
    fc.asyncProperty(contents, async (files) => {
      const target = memoryTarget();
      const zip = new ZipWriter(target);
      const sorted = files.toSorted(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, pieces] of sorted) {
        zip.begin(`top/${name}`);
        for (const piece of pieces) zip.write(piece);
        zip.end();
      }
      zip.finish();
      const read = await filesOf(target.bytes());
      expect([...read]).toEqual(sorted.map(([name, pieces]) => [name, Buffer.concat(pieces)]));
    }),
    { seed: 6, numRuns: 60 },
  );
});

test('an entry whose place was kept is read back like any other', async () => {
  const target = memoryTarget();
  const zip = new ZipWriter(target);
  const fill = zip.reserve('top/a', 5);
  zip.begin('top/b');
  zip.write(Buffer.from('later'));
  zip.end();
  fill(Buffer.from('first'));
  zip.finish();
  expect(Object.fromEntries(await filesOf(target.bytes()))).toEqual({ a: Buffer.from('first'), b: Buffer.from('later') });
  expect(() => zip.reserve('top/c', 2)(Buffer.from('more'))).toThrow('has 4 bytes, not 2');
});

/** Keeps what is small, and of what is large only that it is zeros: gigabytes without their memory. */
function sparseTarget(): ZipTarget & { at(position: number, length: number): Buffer } {
  const zeros = Buffer.alloc(1024 * 1024);
  const small: [number, Uint8Array][] = [];
  const at = (position: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    for (const [from, content] of small) {
      for (let i = Math.max(from, position); i < Math.min(from + content.length, position + length); i++)
        bytes[i - position] = content[i - from]!;
    }
    return bytes;
  };
  return {
    at,
    read: (position, length) => (length > 4096 ? zeros.subarray(0, length) : at(position, length)),
    write: (bytes, position) => {
      if (bytes.length <= 4096) small.push([position, Uint8Array.from(bytes)]);
    },
  };
}

test('an entry of four gigabytes gets its sizes in ZIP64 and its header makes room for them', async () => {
  const target = sparseTarget();
  const zip = new ZipWriter(target);
  const block = Buffer.alloc(64 * 1024 * 1024);
  zip.begin('top/large');
  for (let i = 0; i < 64; i++) zip.write(block);
  zip.end();
  zip.begin('top/next');
  zip.write(Buffer.from('behind it'));
  zip.end();
  zip.finish();
  const opened = await openZip(zip.position, (from, to) => Promise.resolve(target.at(from, to - from)));
  if (opened.kind === 'fault') throw new Error(opened.fault.reason);
  const { files } = opened.bag;
  expect(files.get('large')!.size).toBe(2 ** 32);
  expect(Buffer.from(await files.get('next')!.read(0, 9)).toString()).toBe('behind it');
});

test('other programs read it: unzip, the zip module of Python, and the reader that imports archives', async (context) => {
  const folder = temporaryFolder();
  const path = join(folder, 'made.zip');
  const file = createWholeFile(path);
  const zip = new ZipWriter(file);
  const cast = '{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "hello"]\n';
  zip.begin('top/a.cast');
  zip.write(Buffer.from(cast));
  zip.end();
  zip.finish();
  file.commit();
  const bytes = readFileSync(path);
  const input = {
    name: 'made.zip',
    size: bytes.length,
    read: (from: number, length: number) => Promise.resolve(bytes.subarray(from, from + length)),
  };
  const found = [];
  for await (const one of recordingsInZip(input, 'named')) found.push(one);
  expect(JSON.stringify(found)).toContain('a.cast');
  const tools = [
    ['unzip', ['-tq', path]],
    [
      'python3',
      ['-c', `import zipfile;z=zipfile.ZipFile(${JSON.stringify(path)});assert z.testzip() is None;assert z.read('top/a.cast')`],
    ],
  ] as const;
  for (const [tool, words] of tools) {
    const { error, status, stderr } = spawnSync(tool, words, { encoding: 'utf8' });
    if (error === undefined) expect([status, stderr]).toEqual([0, '']);
    else void context.annotate(`${tool} is not here: not checked with it`);
  }
});

test('a file that is given up leaves nothing, under its name or another', () => {
  const folder = temporaryFolder();
  const file = createWholeFile(join(folder, 'made.zip'));
  file.write(Buffer.from('half'), 0);
  expect(readdirSync(folder)).toHaveLength(1);
  expect(existsSync(join(folder, 'made.zip'))).toBe(false);
  file.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

test('what waits to be fetched is on the disk under a key only, and gone when it was read', () => {
  const folder = temporaryFolder();
  const file = createWaitingFile(folder);
  const text = 'a plain text that is known '.repeat(1000);
  file.write(Buffer.from(text.slice(0, 1003)), 0);
  file.write(Buffer.from(text.slice(1003)), 1003);
  expect(Buffer.from(file.read(7, 30)).toString()).toBe(text.slice(7, 37));
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes('plain text')).toBe(false);
  const pieces = file.pieces();
  let read = '';
  for (let next = pieces.next(); next.done !== true; next = pieces.next()) read += Buffer.from(next.value).toString();
  expect(read).toBe(text);
  expect(readdirSync(folder)).toEqual([]);
});
