// Parts of one recording: found beside each other, named together, or found because one of them was named.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { offered, onDisk, read, RECORDINGS, small, text, write, type Files } from './inputs.ts';

const whole = async (files: Files): Promise<unknown> => (await read((await offered(files)).recordings[0]!)).parts;
const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));

const ofSeveralParts = ['script, classic', 'script, advanced', 'script, one log', 'sudo-iolog'] as const;

describe.each(ofSeveralParts)('%s', (format) => {
  const files = RECORDINGS[format]!;
  const names = Object.keys(files);

  test('named together on the command line is one recording, in any order and from several folders', async () => {
    const folder = temporaryFolder();
    for (const [i, name] of names.entries()) write(join(folder, String(i)), { [name]: files[name]! });
    const paths = names.map((name, i) => join(folder, String(i), name));
    for (const order of [paths, paths.toReversed()]) {
      const { recordings, refused } = await onDisk(...order);
      expect(refused).toEqual([]);
      expect(recordings).toHaveLength(1);
      expect(recordings[0]!.found).toBe('named');
      expect((await read(recordings[0]!)).parts).toEqual(await whole(files));
    }
  });

  test('lies among other recordings of its folder, also gzipped', async () => {
    const folder = temporaryFolder();
    write(folder, { ...files, 'other.cast': small(), 'another.cast': small('another') });
    write(folder, Object.fromEntries(Object.entries(gzipped(files)).map(([name, bytes]) => [`packed/${name}`, bytes])));
    const { recordings, refused } = await onDisk(folder);
    expect(refused).toEqual([]);
    expect(recordings).toHaveLength(4);
    const parts = await Promise.all(recordings.filter((one) => one.parts.length > 1).map(read));
    expect(parts.map((one) => one.parts)).toEqual([await whole(files), await whole(files)]);
  });
});

test.each([
  ['script, classic', 'script-classic.typescript'],
  ['script, classic', 'script-classic.timing'],
  ['script, advanced', 'script-advanced.timing'],
  ['script, advanced', 'script-advanced.out'],
  ['script, one log', 'script-io.timing'],
  ['sudo-iolog', 'timing'],
  ['sudo-iolog', 'log.json'],
])('%s: naming %s alone finds the others beside it', async (format, name) => {
  const folder = temporaryFolder();
  const files = RECORDINGS[format]!;
  write(folder, { ...files, 'not-asked-for.cast': small() });
  const { recordings, refused } = await onDisk(join(folder, name));
  expect(refused).toEqual([]);
  expect(recordings).toHaveLength(1);
  expect((await read(recordings[0]!)).parts).toEqual(await whole(files));
});

test('two recordings of script in one folder do not mix, also when a packed copy lies beside each', async () => {
  const folder = temporaryFolder();
  const pair = (name: string, output: string): Files => ({
    [`${name}.typescript`]: text(`Script started on 2026-11-21\n${output}`),
    [`${name}.timing`]: text(`0.500000 ${String(output.length)}\n`),
  });
  const [one, two] = [pair('one', 'first'), pair('two', 'second!')];
  write(folder, { ...one, ...two });
  const { recordings, refused } = await onDisk(folder);
  expect(refused).toEqual([]);
  expect(recordings.map(({ parts }) => parts.map(({ name }) => name.slice(folder.length + 1)))).toEqual([
    ['one.timing', 'one.typescript'],
    ['two.timing', 'two.typescript'],
  ]);
  write(folder, gzipped(one));
  const again = await onDisk(folder);
  expect(again.refused).toEqual([]);
  const plain = again.recordings.filter(({ parts }) => parts.every((part) => part.unpacked === undefined));
  expect(await Promise.all(plain.map(async (found) => (await read(found)).parts))).toEqual([await whole(one), await whole(two)]);
});

test('two folders with files of the same names are two recordings when all of them are named', async () => {
  const folder = temporaryFolder();
  const files = RECORDINGS['script, classic']!;
  const paths = ['a', 'b'].flatMap((name) => {
    write(join(folder, name), files);
    return Object.keys(files).map((file) => join(folder, name, file));
  });
  const { recordings, refused } = await onDisk(...paths);
  expect([recordings.length, refused]).toEqual([2, []]);
});

test('a folder that the page offers is sorted folder by folder', async () => {
  const files = RECORDINGS['sudo-iolog']!;
  const inside = (folder: string): Files =>
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  const { recordings, refused } = await offered({ ...inside('io/00/01'), ...inside('io/00/02'), 'single.cast': small() });
  expect(refused).toEqual([]);
  expect(recordings.map(({ name, found }) => [name, found])).toEqual([
    ['io/00/01', 'walked'],
    ['io/00/02', 'walked'],
    ['single.cast', 'named'],
  ]);
});

test('a link that the user names is followed, and parts are found where it leads', async () => {
  const folder = temporaryFolder();
  write(join(folder, 'real'), RECORDINGS['script, classic']!);
  mkdirSync(join(folder, 'desk'));
  symlinkSync(join(folder, 'real', 'script-classic.timing'), join(folder, 'desk', 'timing'));
  const { recordings, refused } = await onDisk(join(folder, 'desk', 'timing'));
  expect(refused).toEqual([]);
  expect((await read(recordings[0]!)).parts).toEqual(await whole(RECORDINGS['script, classic']!));
});
