// The visible part of a recording and its picture: time to place and back, zoom, pan, the marks of the ruler. A recording without length
// is drawn as one microsecond, so that no share is ever NaN.

export interface View {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Closest zoom: a tenth of a millisecond across, so that events a microsecond apart are marks of their own. */
const SHORTEST = 100;

export const whole = (durationUs: number): View => ({ fromUs: 0, toUs: Math.max(1, durationUs) });

export const spanOf = ({ fromUs, toUs }: View): number => Math.max(1, toUs - fromUs);

export const xOf = (view: View, us: number, width: number): number => ((us - view.fromUs) / spanOf(view)) * width;

/** Time at a place, inside of the recording, in whole microseconds. */
export function usOf(view: View, x: number, width: number, durationUs: number): number {
  const us = view.fromUs + (width <= 0 ? 0 : x / width) * spanOf(view);
  return Math.max(0, Math.min(durationUs, Math.round(us)));
}

/** A view of that length around the same place, pushed back inside of the recording. */
function placed(fromUs: number, span: number, durationUs: number): View {
  const length = Math.max(1, durationUs);
  const size = Math.min(length, Math.max(Math.min(SHORTEST, length), Math.round(span)));
  const from = Math.max(0, Math.min(length - size, Math.round(fromUs)));
  return { fromUs: from, toUs: from + size };
}

/** Zooms by a factor (above 1: closer) so that `aroundUs` keeps its place. */
export function zoomed(view: View, factor: number, aroundUs: number, durationUs: number): View {
  const span = spanOf(view) / factor;
  const share = (aroundUs - view.fromUs) / spanOf(view);
  return placed(aroundUs - share * span, span, durationUs);
}

export const panned = (view: View, byUs: number, durationUs: number): View =>
  placed(view.fromUs + byUs, spanOf(view), durationUs);

/** The view with a time in it: unchanged when it is, else turned like a page. */
export function following(view: View, atUs: number, durationUs: number): View {
  if (atUs >= view.fromUs && atUs <= view.toUs) return view;
  const span = spanOf(view);
  return placed(atUs - span * 0.1, span, durationUs);
}

const STEPS: readonly number[] = [
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ms * 1000),
  ...[1, 2, 5, 10, 15, 30].map((s) => s * 1_000_000),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * 60_000_000),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((h) => h * 3_600_000_000),
];

export interface Ruler {
  readonly marks: readonly number[];
  /** Digits of the second that tell neighbours apart. */
  readonly digits: number;
}

/** Round times, at least `apart` pixels from each other. */
export function ruler(view: View, width: number, apart: number): Ruler {
  const least = (spanOf(view) * apart) / Math.max(1, width);
  const step = STEPS.find((one) => one >= least) ?? Math.ceil(least / STEPS.at(-1)!) * STEPS.at(-1)!;
  const marks: number[] = [];
  for (let at = Math.ceil(view.fromUs / step) * step; at <= view.toUs; at += step) marks.push(at);
  return { marks, digits: step >= 1_000_000 ? 0 : step >= 1000 ? 3 : 6 };
}
