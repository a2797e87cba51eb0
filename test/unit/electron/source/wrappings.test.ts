// Every format in every wrapping gives the same recording, from disk and from the page.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tar, zip } from './archives.ts';
import { offered, onDisk, read, RECORDINGS, write, type Files } from './inputs.ts';

type Packer = (bytes: Uint8Array) => Uint8Array;

/** Programs of the machine that pack what Node cannot. */
const byProgram =
  (program: string): Packer =>
  (input) =>
    spawnSync(program, ['-c'], { input, maxBuffer: 2 ** 28 }).stdout;
const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;

const PACKERS: Readonly<Record<string, Packer>> = {
  gz: (bytes) => gzipSync(bytes),
  zst: (bytes) => zstdCompressSync(bytes),
  ...(has('xz') ? { xz: byProgram('xz') } : {}),
  ...(has('bzip2') ? { bz2: byProgram('bzip2') } : {}),
};

const each = (files: Files, change: (name: string, bytes: Uint8Array) => [string, Uint8Array]): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => change(name, bytes)));
const entries = (files: Files): { name: string; bytes: Uint8Array }[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

const packed = Object.entries(PACKERS).map(([ending, pack]): [string, (files: Files) => Files] => [
  `.${ending}`,
  (files) => each(files, (name, bytes) => [`${name}.${ending}`, pack(bytes)]),
]);

const WRAPPINGS: readonly (readonly [string, (files: Files) => Files])[] = [
  ['plain', (files) => files],
  ...packed,
  ['zip', (files) => ({ 'a.zip': zip(entries(files)) })],
  ['zip, stored', (files) => ({ 'a.zip': zip(entries(files).map((entry) => ({ ...entry, method: 0 }))) })],
  ['zip, one folder deep', (files) => ({ 'a.zip': zip(entries(each(files, (name, bytes) => [`./deep/${name}`, bytes]))) })],
  ['tar', (files) => ({ 'a.tar': tar(entries(files)) })],
  [
    'tar of the form before ustar',
    (files) => ({ 'a.tar': tar([{ name: 'deep/' }, ...entries(files)].map((entry) => ({ ...entry, magic: '', type: '\0' }))) }),
  ],
  ['tar, one folder deep', (files) => ({ 'a.tar': tar(entries(each(files, (name, bytes) => [`deep/${name}`, bytes]))) })],
  ...Object.entries(PACKERS).map(([ending, pack]): [string, (files: Files) => Files] => [
    `tar.${ending}`,
    (files) => ({ [`a.tar.${ending}`]: pack(tar(entries(files))) }),
  ]),
  ...packed.flatMap(([name, wrap]): [string, (files: Files) => Files][] => [
    [`${name} in zip`, (files) => ({ 'a.zip': zip(entries(wrap(files))) })],
    [`${name} in tar.gz`, (files) => ({ 'a.tar.gz': gzipSync(tar(entries(wrap(files)))) })],
  ]),
];

describe.each(Object.entries(RECORDINGS))('%s', (_, files) => {
  test.each(WRAPPINGS)('%s', async (__, wrap) => {
    const plain = await offered(files);
    expect([plain.recordings.length, plain.refused]).toEqual([1, []]);
    const expected = await read(plain.recordings[0]!);
    const wrapped = wrap(files);
    const folder = temporaryFolder();
    write(join(folder, 'in'), wrapped);
    for (const seen of [await onDisk(join(folder, 'in')), await offered(wrapped)]) {
      expect(seen.refused).toEqual([]);
      expect(seen.recordings).toHaveLength(1);
      expect(await read(seen.recordings[0]!)).toEqual(expected);
    }
  });
});

test('a large member of a compressed tar, itself compressed, is read whole', async () => {
  const line = '[0.1, "o", "some output"]\n';
  const cast = Buffer.from(`{"version": 2, "width": 80, "height": 24}\n${line.repeat(400_000)}`);
  const plain = await read((await offered({ 'a.cast': cast })).recordings[0]!);
  // More than is held in memory, of bytes that do not pack: an archive holds a large member beside them.
  const noise = Buffer.alloc(70 * 1024 ** 2, 7);
  const both = gzipSync(
    tar([
      { name: 'a.cast.gz', bytes: gzipSync(cast, { level: 0 }) },
      { name: 'noise', bytes: noise },
    ]),
    { level: 1 },
  );
  const seen = await offered({ 'both.tar.gz': both });
  expect(await read(seen.recordings[0]!)).toEqual(plain);
});
