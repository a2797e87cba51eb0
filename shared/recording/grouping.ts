// The files of a folder, sorted into recordings: what goes into the sorting (detect.ts) and what comes out of it.

import type { Content } from './content.ts';
import type { Decoder, FormatName } from './decoder.ts';
import type { Discrepancy, Refusal } from './discrepancy.ts';

/** A file of one folder, by its name there. */
export interface OfferedFile {
  readonly name: string;
  /** What its beginning says, unpacked (content.ts). */
  readonly content: Content;
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
export interface SortedFile extends OfferedFile {
  readonly index: number;
}
