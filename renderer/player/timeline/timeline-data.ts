// What the timeline shows of a recording, beside its activity: each lane's items in order of time.

import type { Severity } from '../../ui/annotation-text.ts';
import type { Labelled, LabelledSpan, Spanned } from './layout.ts';

export interface AnnotatedSpan extends LabelledSpan {
  readonly severity: Severity;
}

export interface SeenSpan extends Spanned {
  /** The slowest at which it was seen. */
  readonly speed: number;
}

/** What was written about the recording, and what of it was seen. */
export interface NoteLanes {
  readonly annotations: readonly AnnotatedSpan[];
  readonly redactions: readonly LabelledSpan[];
  readonly seen: readonly SeenSpan[];
}

export const NO_NOTES: NoteLanes = { annotations: [], redactions: [], seen: [] };

/** A mark with one of two signs. */
export interface SignedMark extends Labelled {
  /** A runbook beside commands; the database beside the terminal. */
  readonly second: boolean;
}

/** Who was there: which line of the lane, and whether they had control. */
export interface PresentSpan extends LabelledSpan {
  readonly row: number;
  readonly controls: boolean;
}

/** What is told around the recording, and is no part of its stream. */
export interface AroundLanes {
  readonly explicit: readonly SignedMark[];
  readonly audits: readonly SignedMark[];
  readonly presence: readonly PresentSpan[];
  readonly control: readonly Labelled[];
}

export const NOTHING_AROUND: AroundLanes = { explicit: [], audits: [], presence: [], control: [] };

export interface TimelineData extends NoteLanes, AroundLanes {
  readonly durationUs: number;
  /** Microseconds since 1970 UTC, or null where the start is not known. */
  readonly startUs: number | null;
  readonly commands: readonly Labelled[];
  readonly markers: readonly Labelled[];
  readonly discrepancies: readonly Labelled[];
  readonly resizes: readonly Labelled[];
  /** With the program that used it, where one is known. */
  readonly alternate: readonly LabelledSpan[];
  readonly idle: readonly Spanned[];
  readonly hidden: readonly LabelledSpan[];
  readonly hits: readonly Labelled[];
}
