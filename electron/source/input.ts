// What the source room hands over: recordings found in files, part by part, as bytes. It reads and unpacks; it keeps nothing,
// writes nothing to disk, follows no link and trusts no name or length that it finds.

import type { Decoder, FormatName } from '../../shared/recording/decoder.ts';
import type { Discrepancy, Refusal } from '../../shared/recording/discrepancy.ts';

/** A file that somebody offered: on disk, or held by the page and read through it. */
export interface InputFile {
  /** Path as the user knows it, with `/` between folders. */
  readonly name: string;
  readonly size: number;
  /** At most `length` bytes from `offset`; fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** One part of a recording, as a stream that can be opened more than once and gives the same bytes each time. */
export interface PartInput {
  /** Name as the user knows it; inside an archive: `archive.zip/folder/name`. */
  readonly name: string;
  /** Bytes exactly as they stand in the file (or in the archive member). */
  readonly original: () => AsyncIterable<Uint8Array>;
  /** Bytes for the decoder where the part is compressed by itself, unpacked. Absent when they are the original. */
  readonly unpacked?: () => AsyncIterable<Uint8Array>;
  /** Size of the original, where known beforehand. */
  readonly size?: number;
  /** What was wrong with the bytes, known once they were read to their end: a compressed file that stops early. */
  readonly problems?: () => readonly Discrepancy[];
}

/** `named`: by the user. `walked`: come upon in a folder or an archive. */
export type HowFound = 'named' | 'walked';

export interface FoundRecording {
  readonly kind: 'recording';
  readonly found: HowFound;
  /** Name for results and messages. */
  readonly name: string;
  /** The path given by the user under which it was found. */
  readonly path: string;
  readonly format: FormatName;
  /** In the order of the decoder's part numbers. */
  readonly parts: readonly PartInput[];
  /** A fresh decoder for these parts. Called again when an import is resumed. */
  readonly decoder: () => Decoder;
  /** Seen while looking: a part that is missing, an archive entry that was refused beside it. */
  readonly discrepancies: readonly Discrepancy[];
  /** Archive the parts come from, where they do. */
  readonly archive?: string;
}

export interface RefusedInput {
  readonly kind: 'refused';
  readonly found: HowFound;
  readonly name: string;
  readonly path: string;
  readonly refusal: Refusal;
}

/** What a source told of sessions, as a file: no recording. */
export interface FoundHistory {
  readonly kind: 'history';
  readonly found: HowFound;
  readonly name: string;
  readonly path: string;
  readonly part: PartInput;
  readonly archive?: string;
}

export type Found = FoundRecording | FoundHistory | RefusedInput;
