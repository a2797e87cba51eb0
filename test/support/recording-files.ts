// Files as the source room offers them: read from disk and, where they are gzip or zlib data, unpacked.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, constants, inflateSync } from 'node:zlib';
import { contentOf, HEAD_BYTES } from '../../shared/recording/content.ts';
import { groupFiles } from '../../shared/recording/detect.ts';
import type { Grouping } from '../../shared/recording/grouping.ts';
import { decode, type Decoded, type Split } from './decoding.ts';

/** All recordings with their truths where they are at hand, and else those that are kept with the project. */
const everything = new URL('../../../shared/recordings', import.meta.url).pathname;
export const KEPT_RECORDINGS = new URL('../fixtures/recordings', import.meta.url).pathname;
export const RECORDINGS = existsSync(everything) ? everything : KEPT_RECORDINGS;

export interface LoadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function unpack(bytes: Buffer): Uint8Array {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  if (bytes[0] === 0x78 && (bytes[0] * 256 + bytes[1]!) % 31 === 0)
    return inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  return bytes;
}

/** The files of a folder, without those of its folders. */
export function loadFolder(folder: string, keep: (name: string) => boolean = () => true): LoadedFile[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile() && keep(name))
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(unpack(readFileSync(join(folder, name)))) }));
}

export function group(files: readonly LoadedFile[]): Grouping {
  return groupFiles(files.map(({ name, bytes }) => ({ name, content: contentOf(bytes.subarray(0, HEAD_BYTES), bytes.length) })));
}

/** Groups and decodes the files of one recording. What is said while grouping stands first. */
export function decodeFiles(
  files: readonly LoadedFile[],
  split?: Split,
): { readonly grouping: Grouping; readonly decoded: readonly Decoded[] } {
  const grouping = group(files);
  const decoded = grouping.groups.map(({ files: indexes, decoder, discrepancies }) => {
    const result = decode(
      decoder(),
      indexes.map((index) => files[index]!.bytes),
      split,
    );
    return { ...result, discrepancies: [...discrepancies, ...result.discrepancies] };
  });
  return { grouping, decoded };
}
