// Nothing of an input is outside the acquisition tree: every byte that says something lies in exactly one record.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeFiles, KEPT_RECORDINGS, loadFolder, type LoadedFile } from '../../../support/recording-files.ts';

/** Line ends, blanks, a byte order mark, and the commas between the elements of a list. */
const SILENT = new Set([0x0a, 0x0d, 0x20, 0x09, 0x2c, 0xef, 0xbb, 0xbf]);

function folders(): [string, LoadedFile[]][] {
  const malformed = join(KEPT_RECORDINGS, 'malformed');
  const nested = [KEPT_RECORDINGS, malformed].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const isRecording = (name: string): boolean => !/truth\.json$|index\.json|\.mjs$|\.zip$|\.tar\.gz$/.test(name);
  return [KEPT_RECORDINGS, ...nested.filter((path) => statSync(path).isDirectory())].map((folder) => [
    folder.slice(KEPT_RECORDINGS.length) || '/',
    loadFolder(folder, isRecording),
  ]);
}

describe.each(folders())('folder %s', (_, files) => {
  const { grouping, decoded } = decodeFiles(files);

  it.each(
    grouping.groups.map((group, i) => ({
      name: group.files.map((file) => files[file]!.name).join(' + '),
      group,
      result: decoded[i]!,
    })),
  )('$name lies in its records', ({ group, result }) => {
    if (result.refusal !== null) return;
    const counts = group.files.map((file) => new Uint8Array(files[file]!.bytes.length));
    for (const { records } of result.sessions) {
      expect(records.length).toBeGreaterThan(0);
      for (const { ranges } of records) {
        for (const { part, offset, length } of ranges) {
          expect(offset + length).toBeLessThanOrEqual(counts[part]!.length);
          const covered = counts[part]!.subarray(offset, offset + length);
          for (const [at, times] of covered.entries()) covered[at] = times + 1;
        }
      }
    }
    for (const [part, count] of counts.entries()) {
      const { bytes, name } = files[group.files[part]!]!;
      const bad = count.findIndex((times, at) => times > 1 || (times === 0 && !SILENT.has(bytes[at]!)));
      expect(bad === -1 ? 'every byte once' : `byte ${String(bad)} of ${name}: ${String(count[bad])} times`).toBe(
        'every byte once',
      );
    }
  });

  it('gives each file to one group, or refuses it', () => {
    const used = [...grouping.groups.flatMap((group) => group.files), ...grouping.refused.map(({ file }) => file)];
    expect(used.sort((a, b) => a - b)).toEqual(files.map((__, i) => i));
  });
});
