// What the source room hands over: recordings found in files, part by part, as bytes. It reads and unpacks; it keeps nothing,
// writes nothing to disk, follows no link and trusts no name or length that it finds.

import { basename, isAbsolute } from 'node:path';
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

/** Where something was found. */
interface Where {
  readonly found: HowFound;
  /** Name for results and messages. */
  readonly name: string;
  /** The path given by the user under which it was found. */
  readonly path: string;
  /**
   * The folders before the name of what the user named, as `path` has them, with the slash behind them: where it lay on this machine, which is
   * no part of it. Left out for what is on no disk.
   */
  readonly home?: string;
}

export interface FoundRecording extends Where {
  readonly kind: 'recording';
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

export interface RefusedInput extends Where {
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

/** What a source told of sessions, as a file: no recording. */
export interface FoundHistory extends Where {
  readonly kind: 'history';
  readonly part: PartInput;
  readonly archive?: string;
}

export type Found = FoundRecording | FoundHistory | RefusedInput;

/** A name as it is kept with what was found: from the name of what the user named on. */
export function keptName({ home }: Found, name: string): string {
  if (home === undefined) return name;
  const below = name.startsWith(home) ? name.slice(home.length) : name;
  // A partner that lay beside a file that was named.
  return isAbsolute(below) ? basename(below) : below;
}
