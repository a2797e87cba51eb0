// The one clock of a case: its exhibits on an axis of real time on which long stretches without any of them are folded to a gap of fixed
// width, so that recordings of one hour stay readable beside one of last month. Pure. Times are microseconds since 1970 UTC.

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** A stretch in which exhibits lie, with its place on the axis as shares of its width, 0 to 1. */
export interface Stretch extends Span {
  readonly from: number;
  readonly to: number;
}

export interface Gap {
  readonly lengthUs: number;
  readonly from: number;
  readonly to: number;
}

export interface CaseAxis {
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly Gap[];
}

/** A pause is folded when it is longer than this share of all stretches together, and than this time. */
const FOLD_SHARE = 0.2;
const FOLD_LEAST = 60_000_000;

/** Width of a gap, and what all of them together may take. */
const GAP = 0.03;
const GAPS_MOST = 0.3;

/** The least width of a stretch, as a share of what stretches have: a short one is still seen. */
const LEAST = 0.03;

/** Overlapping spans made one, in order. */
function united(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const last = out.at(-1);
    if (last !== undefined && span.fromUs <= last.toUs) out[out.length - 1] = { ...last, toUs: Math.max(last.toUs, span.toUs) };
    else out.push(span);
  }
  return out;
}

const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);

export function caseAxis(spans: readonly Span[]): CaseAxis {
  const used = united(spans);
  if (used.length === 0) return { stretches: [], gaps: [] };
  const fold = Math.max(FOLD_LEAST, lengthOf(used) * FOLD_SHARE);
  const parts: Span[] = [];
  for (const span of used) {
    const last = parts.at(-1);
    if (last !== undefined && span.fromUs - last.toUs <= fold) parts[parts.length - 1] = { ...last, toUs: span.toUs };
    else parts.push(span);
  }
  const gapWidth = parts.length < 2 ? 0 : Math.min(GAP, GAPS_MOST / (parts.length - 1));
  const room = 1 - gapWidth * (parts.length - 1);
  // Something is always seen of a part, and what is left is shared by length.
  const least = Math.min(LEAST, 1 / parts.length / 2);
  const total = Math.max(1, lengthOf(parts));
  const widths = parts.map(({ fromUs, toUs }) => room * (least + (1 - least * parts.length) * ((toUs - fromUs) / total)));
  // Where nothing has a length, all are alike.
  const spare = room - widths.reduce((sum, width) => sum + width, 0);
  const stretches: Stretch[] = [];
  const gaps: Gap[] = [];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const before = parts[i - 1];
    if (before !== undefined) {
      gaps.push({ lengthUs: part.fromUs - before.toUs, from: at, to: at + gapWidth });
      at += gapWidth;
    }
    const width = widths[i]! + spare / parts.length;
    stretches.push({ ...part, from: at, to: at + width });
    at += width;
  }
  return { stretches, gaps };
}

/** Where a time lies, 0 to 1; a time inside of a gap lies at the gap's beginning. */
export function shareAt({ stretches }: CaseAxis, us: number): number {
  let share = 0;
  for (const { fromUs, toUs, from, to } of stretches) {
    if (us < fromUs) return share;
    share = us >= toUs ? to : from + ((us - fromUs) / Math.max(1, toUs - fromUs)) * (to - from);
    if (us < toUs) return share;
  }
  return share;
}

/** The time at a place; in a gap, the end of what lies before it. */
export function timeAt({ stretches }: CaseAxis, share: number): number {
  let us = stretches[0]?.fromUs ?? 0;
  for (const { fromUs, toUs, from, to } of stretches) {
    if (share < from) return us;
    us = share >= to ? toUs : Math.round(fromUs + ((share - from) / Math.max(Number.EPSILON, to - from)) * (toUs - fromUs));
    if (share < to) return us;
  }
  return us;
}

const SECOND = 1_000_000;
const DAY = 86_400;
/** Whole days above one, since months and years are not of one length: a week, and about a month, a quarter, a year and ten. */
const DAYS = [1, 2, 7, 14, 30, 91, 182, 365, 730, 1825, 3650].map((days) => days * DAY);
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, ...DAYS].map(
  (s) => s * SECOND,
);

/** Pixels by which marks may be nearer, since places are no whole pixels. */
const SLACK = 0.5;

export interface RulerMark {
  readonly us: number;
  readonly share: number;
}

/** Times to be named on an axis of so many pixels, at least `apart` pixels from each other: round ones where there is room, else beginnings. */
export function rulerMarks({ stretches }: CaseAxis, width: number, apart: number): readonly RulerMark[] {
  const marks: RulerMark[] = [];
  const add = (us: number, share: number): void => {
    const last = marks.at(-1);
    const x = share * width;
    if ((last === undefined || x - last.share * width >= apart - SLACK) && x + apart <= width) marks.push({ us, share });
  };
  for (const stretch of stretches) {
    const { fromUs, toUs, from, to } = stretch;
    const pixels = (to - from) * width;
    const step = STEPS.find((one) => (one / Math.max(1, toUs - fromUs)) * pixels >= apart);
    // What stands at the end of a stretch would cover the beginning of the next one.
    const last = toUs - (apart / Math.max(1, pixels)) * (toUs - fromUs);
    const first = step === undefined ? Infinity : Math.ceil(fromUs / step) * step;
    if (step === undefined || first > last) add(fromUs, from);
    else for (let us = first; us <= last; us += step) add(us, shareAt({ stretches: [stretch], gaps: [] }, us));
  }
  return marks;
}

/** The parts of `spans` inside of a range. */
export const clipped = <T extends Span>(spans: readonly T[], { fromUs, toUs }: Span): readonly T[] =>
  spans
    .filter((one) => one.toUs >= fromUs && one.fromUs <= toUs)
    .map((one) => ({ ...one, fromUs: Math.max(fromUs, one.fromUs), toUs: Math.min(toUs, one.toUs) }));
