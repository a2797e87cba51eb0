// A line of text while it grows: which part of it was there from when on. Search can then say of a word, not only of its line,
// when it appeared.

import type { Micros } from '../../shared/recording/time.ts';
import { cellOf } from '../../shared/terminal/places.ts';
import type { TextLine, TextStep } from '../library/library.ts';

/** Where the pass stands. */
export interface Now {
  readonly at: Micros;
  /** Position of the event. */
  readonly index: number;
}

/** Longest line that is indexed as one, in UTF-16 units. A longer one is cut: a word across the cut is found in neither part. */
export const MAX_LINE = 8192;

/** A step of a line that still grows. */
export type GrowingStep = { -readonly [key in keyof TextStep]: TextStep[key] };

/** Steps that a line keeps at most. One that grows by a character a million times keeps fewer, spread over all of it. */
const MAX_STEPS = 4096;

/** Notes that a line has grown to a length. */
export function addStep(steps: GrowingStep[], length: number, { at, index }: Now): void {
  const last = steps.at(-1);
  if (last?.index === index) {
    last.length = length;
    last.at = at;
    return;
  }
  if (steps.length >= MAX_STEPS) thin(steps);
  steps.push({ length, at, index });
}

/** Leaves the last step of each stretch of the line, which is less than a thousandth of it: no text is told later by more than that. */
function thin(steps: GrowingStep[]): void {
  const stretch = 2 ** Math.ceil(Math.log2((2 * steps.at(-1)!.length) / MAX_STEPS));
  const stretchOf = (step: TextStep | undefined): number => Math.floor((step?.length ?? Infinity) / stretch);
  const kept = steps.filter((step, i) => stretchOf(step) !== stretchOf(steps[i + 1]));
  steps.splice(0, steps.length, ...kept);
}

export class LineBuilder {
  #text = '';
  #steps: GrowingStep[] = [];

  get text(): string {
    return this.#text;
  }

  append(text: string, now: Now): void {
    this.#text += text;
    addStep(this.#steps, this.#text.length, now);
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
  return {
    text: bare.toWellFormed(),
    steps: steps.length === 1 && steps[0]!.length === bare.length ? steps : stepsWithin(steps, lead, bare.length),
    to,
    row: place?.row ?? -1,
    col: place === null ? -1 : cellOf(text.slice(0, lead), lead, 0, place.cols),
    cols: place?.cols ?? 0,
  };
}

/** The same steps of a line that lost so many units before it, and is only so long. */
function stepsWithin(steps: readonly TextStep[], lead: number, most: number): TextStep[] {
  const kept: TextStep[] = [];
  let last = 0;
  for (const { length: before, at, index } of steps) {
    const length = Math.min(before - lead, most);
    if (length <= last) continue;
    kept.push({ length, at, index });
    last = length;
  }
  return kept;
}
