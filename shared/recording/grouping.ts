// The files of a folder, sorted into recordings: what goes into the sorting (detect.ts) and what comes out of it.

import type { Content } from './content.ts';
import type { Decoder, FormatName } from './decoder.ts';
import type { Discrepancy, Refusal } from './discrepancy.ts';

/** A file of one folder, by its name there. */
export interface OfferedFile {
  readonly name: string;
  /** The first `HEAD_BYTES` (content.ts) after unpacking, or all. */
  readonly head: Uint8Array;
  /** Bytes of the whole file after unpacking, where known. */
  readonly size?: number;
}

export interface Group {
  readonly format: FormatName;
  /** Indexes of the files, in the order of the decoder's parts. */
  readonly files: readonly number[];
  /** A fresh decoder. It names files in messages as they were offered. */
  readonly decoder: () => Decoder;
  readonly discrepancies: readonly Discrepancy[];
}

export interface RefusedFile {
  readonly file: number;
  readonly refusal: Refusal;
}

export interface Grouping {
  readonly groups: readonly Group[];
  readonly refused: readonly RefusedFile[];
}

/** A file with its content, while groups are formed. */
export interface SortedFile {
  readonly index: number;
  readonly name: string;
  readonly content: Content;
}
