// What the timeline shows of a recording, beside its activity: each lane's items in order of time.

import type { Labelled, LabelledSpan, Spanned } from './layout.ts';

export interface TimelineData {
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
