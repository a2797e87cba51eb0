// Which labels and marks of a lane are drawn where, so that nothing covers anything: pure, so that it can be tested.

import { xOf, type View } from './scale.ts';

export interface Labelled {
  readonly atUs: number;
  readonly text: string;
}

export interface PlacedLabel {
  /** Position in the list. */
  readonly item: number;
  readonly x: number;
  /** Room for its text, in pixels; 0 where only the mark is drawn. */
  readonly room: number;
}

/** Narrower than this, a label tells nothing. */
const LEAST_ROOM = 28;

/**
 * Marks of items (in order of time) in a view, with the room up to the next one. Marks that would fall on the pixel of the one before are
 * left out: `item` is then the first of them.
 */
export function placeLabels(items: readonly Labelled[], view: View, width: number): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  let from = 0;
  // The last one before the view may have its label reach into it.
  while (from < items.length && items[from]!.atUs < view.fromUs) from += 1;
  for (let i = Math.max(0, from - 1); i < items.length && items[i]!.atUs <= view.toUs; i++) {
    const x = xOf(view, items[i]!.atUs, width);
    const last = placed.at(-1);
    if (last !== undefined && x - last.x < 1) continue;
    if (last !== undefined) placed[placed.length - 1] = { ...last, room: room(last.x, x) };
    placed.push({ item: i, x, room: room(x, width) });
  }
  return placed;
}

const room = (x: number, next: number): number => {
  const free = next - Math.max(0, x) - 6;
  return free < LEAST_ROOM ? 0 : free;
};

export interface Spanned {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface LabelledSpan extends Spanned {
  readonly text: string;
}

/** Spans as pixels, at least one wide, joined where they would touch. */
export function placeSpans(
  spans: readonly Spanned[],
  view: View,
  width: number,
): readonly { readonly x: number; readonly width: number }[] {
  const placed: { x: number; width: number }[] = [];
  for (const span of spans) {
    if (span.toUs < view.fromUs || span.fromUs > view.toUs) continue;
    const x = Math.max(0, xOf(view, span.fromUs, width));
    const end = Math.min(width, Math.max(x + 1, xOf(view, span.toUs, width)));
    const last = placed.at(-1);
    if (last !== undefined && x - (last.x + last.width) < 0.5)
      placed[placed.length - 1] = { x: last.x, width: Math.max(last.width, end - last.x) };
    else placed.push({ x, width: end - x });
  }
  return placed;
}

/** Height of one line of those who were there, in pixels. */
export const PRESENT_ROW = 13;

/** Share of the activity lane that output has; input has the rest. */
export const OUTPUT_SHARE = 0.62;

/** Height of a bar for an amount: by square root, so that a keystroke is seen beside a screenful. */
export const barHeight = (amount: number, most: number, height: number): number =>
  amount <= 0 || most <= 0 ? 0 : Math.max(1, Math.sqrt(amount / most) * height);

/** The item nearest to a place, within `reach` pixels; null when there is none. */
export function nearest(items: readonly Labelled[], view: View, width: number, x: number, reach: number): number | null {
  let best: number | null = null;
  let distance = reach;
  for (const [i, { atUs }] of items.entries()) {
    const away = Math.abs(xOf(view, atUs, width) - x);
    if (away <= distance) {
      best = i;
      distance = away;
    }
  }
  return best;
}
