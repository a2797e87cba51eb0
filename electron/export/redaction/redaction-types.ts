// What a redaction is made from, and what it gives: the redacted stream, what must be withheld with it, and where that is, without ever
// repeating the text. Specification: docs/redaction.md.

import type { RedactionRule } from '../../../shared/api/case-shapes.ts';
import type { Micros } from '../../../shared/recording/time.ts';
import type { EventSource } from '../../replay/replay.ts';

/** One redaction of a case, as far as finding needs it. */
export interface NamedRule {
  /** `R-0003`: what records.jsonl and redactions.json name. */
  readonly id: string;
  readonly rule: RedactionRule;
}

/** A record of the acquisition tree. */
export interface RecordBytes {
  readonly index: number;
  /** Reads the bytes that were hashed; null for one that is too long to be looked through: it is withheld. */
  readonly bytes: () => Uint8Array | null;
  /** Parts of the acquisition that it stands in. */
  readonly parts: readonly number[];
}

export interface RedactionRequest {
  readonly source: EventSource;
  /** Only those that apply to this recording. */
  readonly rules: readonly NamedRule[];
  /** Every record of the recording, ascending, read once. What stands in a record and in no event is found here. */
  readonly records: () => Iterable<RecordBytes>;
  /** The first record tells of the recording and holds nothing of its streams. */
  readonly headed: boolean;
}

/** How far the work is: events read, all passes together. `of` grows where one more pass is needed. */
export interface RedactionProgress {
  readonly done: number;
  readonly of: number;
}

/** Events in a row of which something is withheld by one redaction. */
export interface WithheldRange {
  readonly fromEvent: number;
  readonly toEvent: number;
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** Events in the range that have something withheld. */
  readonly events: number;
}

export interface WithheldBy {
  readonly id: string;
  /** Places found on screens and in streams, each counted once. 0 for rules that name events or cells themselves. */
  readonly matches: number;
  readonly events: number;
  readonly records: number;
  /** At most MAX_RANGES; neighbours are joined beyond. */
  readonly ranges: readonly WithheldRange[];
  /** More different texts were found than are kept in `texts`. */
  readonly textsCut: boolean;
}

export interface Redacted {
  /** The redacted stream: as many events, at the same times, of the same records. */
  readonly source: EventSource;
  /** Records that may not be shown, ascending, with the redaction that withholds each: the first one that found something. */
  readonly records: ReadonlyMap<number, string>;
  /** Texts that may stand nowhere in a bundle: those of the text rules, and what patterns and secrets found. Sorted. Never to be written. */
  readonly texts: readonly string[];
  readonly by: readonly WithheldBy[];
  /** Code points of the streams that are withheld. */
  readonly characters: number;
  /** Times the redacted stream was read again because something still was to be found, and events that were withheld whole for it. */
  readonly rounds: number;
  readonly wholeEvents: number;
  /** A text about the recording (title, note, custody entry) with every match made blocks; the same text where nothing is to be withheld. */
  clean(text: string): string;
}
