// A line of text while it grows: which part of it was there from when on. Search can then say of a word, not only of its line,
// when it appeared.

import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine, TextStep } from '../library/library.ts';

/** Where the pass stands. */
export interface Now {
  readonly at: Micros;
  /** Position of the event. */
  readonly index: number;
}

/** Longest line that is indexed as one, in UTF-16 units. A longer one is cut: a word across the cut is found in neither part. */
export const MAX_LINE = 8192;

/** Steps that a line keeps. One that grows by a character a million times keeps the first ones and the last. */
const MAX_STEPS = 4096;

export class LineBuilder {
  #text = '';
  #steps: TextStep[] = [];

  get text(): string {
    return this.#text;
  }

  append(text: string, { at, index }: Now): void {
    this.#text += text;
    const last = this.#steps.at(-1);
    const step = { length: this.#text.length, at, index };
    if (last !== undefined && (last.index === index || this.#steps.length >= MAX_STEPS))
      this.#steps[this.#steps.length - 1] = step;
    else this.#steps.push(step);
  }

  /** The line as it stands, without blanks at its ends, or null when nothing is left; the builder is empty afterwards. */
  take(to: Micros, place: { readonly row: number; readonly cols: number } | null): TextLine | null {
    const text = this.#text;
    const steps = this.#steps;
    this.#text = '';
    this.#steps = [];
    return trimmedLine(text, steps, to, place);
  }
}

export function trimmedLine(
  text: string,
  steps: readonly TextStep[],
  to: Micros,
  place: { readonly row: number; readonly cols: number } | null,
): TextLine | null {
  const end = text.trimEnd();
  const bare = end.trimStart();
  if (bare === '') return null;
  const lead = end.length - bare.length;
  const kept: TextStep[] = [];
  for (const step of steps) {
    const length = Math.min(step.length - lead, bare.length);
    if (length > 0 && length > (kept.at(-1)?.length ?? 0)) kept.push({ ...step, length });
  }
  return {
    text: bare.toWellFormed(),
    steps: kept,
    to,
    row: place?.row ?? -1,
    col: place === null ? -1 : lead,
    cols: place?.cols ?? 0,
  };
}
