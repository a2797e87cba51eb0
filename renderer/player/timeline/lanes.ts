// The lanes of the timeline, each a function that draws itself: it knows its place, its data and the colours, and nothing else.

import type { Severity } from '../../ui/annotation-text.ts';
import { formatOffset } from '../../ui/format.ts';
import { barHeight, OUTPUT_SHARE, placeLabels, placeSpans, type Labelled, type LabelledSpan, type Spanned } from './layout.ts';
import { ruler, xOf, type View } from './scale.ts';
import type { AnnotatedSpan, SeenSpan } from './timeline-data.ts';

export interface Colours {
  readonly output: string;
  readonly input: string;
  readonly command: string;
  readonly marker: string;
  readonly alternate: string;
  readonly idle: string;
  readonly discrepancy: string;
  readonly hit: string;
  readonly hidden: string;
  readonly change: string;
  readonly text: string;
  readonly line: string;
  readonly head: string;
  readonly viewed: string;
  readonly ground: string;
  readonly annotation: string;
  readonly redaction: string;
  readonly explicit: string;
  readonly audit: string;
  readonly participant: string;
  readonly control: string;
  readonly severity: Readonly<Record<Severity, string>>;
}

/** Where a lane draws: CSS pixels. */
export interface Lane {
  readonly context: CanvasRenderingContext2D;
  readonly view: View;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  readonly colours: Colours;
}

export const FACE = '11px system-ui, "DejaVu Sans", sans-serif';

/** Draws text in a room, cut at its end. */
export function label({ context }: Lane, text: string, x: number, middle: number, room: number): void {
  let shown = text;
  if (context.measureText(shown).width > room) {
    let low = 0;
    let high = shown.length;
    while (low < high) {
      const half = Math.ceil((low + high) / 2);
      if (context.measureText(`${text.slice(0, half)}…`).width <= room) low = half;
      else high = half - 1;
    }
    shown = low === 0 ? '' : `${text.slice(0, low)}…`;
  }
  context.fillText(shown, x, middle);
}

/** Times at the top, with lines through the lanes down to `bottom`. */
export function drawRuler(lane: Lane, bottom: number): void {
  const { context, view, width, top, height, colours } = lane;
  const { marks, digits } = ruler(view, width, 90);
  context.font = FACE;
  context.textBaseline = 'middle';
  for (const at of marks) {
    const x = Math.round(xOf(view, at, width)) + 0.5;
    context.fillStyle = colours.line;
    context.fillRect(x - 0.5, top, 1, bottom - top);
    context.fillStyle = colours.text;
    if (x < width - 30) context.fillText(formatOffset(at, digits), x + 4, top + height / 2);
  }
}

/** Grounds the lanes where nothing happened for long. */
export function drawIdle(lane: Lane, idle: readonly Spanned[]): void {
  const { context, view, width, top, height, colours } = lane;
  context.fillStyle = colours.idle;
  for (const span of placeSpans(idle, view, width)) context.fillRect(span.x, top, span.width, height);
}

/** Flags on the upper edge. */
export function drawFlags(lane: Lane, items: readonly Labelled[], colour: string): void {
  const { context, view, width, top, height } = lane;
  context.font = FACE;
  context.textBaseline = 'middle';
  for (const { item, x, room } of placeLabels(items, view, width)) {
    const at = Math.round(x);
    context.fillStyle = colour;
    context.fillRect(at, top, 1, height);
    context.beginPath();
    context.moveTo(at, top);
    context.lineTo(at + 7, top + 3.5);
    context.lineTo(at, top + 7);
    context.fill();
    if (room > 0) label(lane, items[item]!.text, Math.max(0, at + 10), top + height / 2, room - 8);
  }
}

/** Hits of a search. */
export function drawHits({ context, view, width, top, height, colours }: Lane, items: readonly Labelled[]): void {
  context.fillStyle = colours.hit;
  for (const { x } of placeLabels(items, view, width)) context.fillRect(Math.round(x) - 1, top, 3, height);
}

/** Triangles: a sign of their own, beside the colour. */
export function drawWarnings({ context, view, width, top, height, colours }: Lane, items: readonly Labelled[]): void {
  context.fillStyle = colours.discrepancy;
  for (const { x } of placeLabels(items, view, width)) {
    const at = Math.round(x);
    context.beginPath();
    context.moveTo(at, top + height - 9);
    context.lineTo(at + 5, top + height);
    context.lineTo(at - 5, top + height);
    context.fill();
  }
}

export function drawCommands(lane: Lane, items: readonly Labelled[]): void {
  const { context, view, width, top, height, colours } = lane;
  context.font = '11px "DejaVu Mono", "DejaVu Sans Mono", monospace';
  context.textBaseline = 'middle';
  for (const { item, x, room } of placeLabels(items, view, width)) {
    const at = Math.round(x);
    context.fillStyle = colours.command;
    context.fillRect(at, top + 2, 2, height - 4);
    context.fillStyle = colours.text;
    if (room > 0) label(lane, items[item]!.text, Math.max(0, at) + 5, top + height / 2, room);
  }
}

export interface Activity {
  readonly fromUs: number;
  readonly toUs: number;
  readonly output: readonly number[];
  readonly input: readonly number[];
  readonly change: readonly number[];
}

/** The bucket that a time falls into. */
export const bucketAt = ({ fromUs, toUs, output }: Activity, atUs: number): number =>
  Math.max(0, Math.min(output.length - 1, Math.floor(((atUs - fromUs) * output.length) / Math.max(1, toUs - fromUs))));

const most = (amounts: readonly number[]): number => amounts.reduce((sum, one) => Math.max(sum, one), 0);

/** So many bytes of input fill the lower half: single keys stay low. */
const SOME_KEYS = 8;

/** Output above the middle, input below it. */
export function drawActivity(
  { context, view, width, top, height, colours }: Lane,
  { fromUs, toUs, output, input }: Pick<Activity, 'fromUs' | 'toUs' | 'output' | 'input'>,
): void {
  const up = Math.floor(height * OUTPUT_SHARE);
  const middle = top + up;
  const count = output.length;
  const mostOut = most(output);
  const mostIn = Math.max(SOME_KEYS, most(input));
  const size = (toUs - fromUs) / Math.max(1, count);
  for (let i = 0; i < count; i++) {
    const x = Math.floor(xOf(view, fromUs + i * size, width));
    const end = Math.min(Math.ceil(width), Math.max(x + 1, Math.floor(xOf(view, fromUs + (i + 1) * size, width))));
    if (end < 0 || x >= width) continue;
    const outHeight = barHeight(output[i]!, mostOut, up - 1);
    const inHeight = barHeight(input[i]!, mostIn, height - up - 1);
    context.fillStyle = colours.output;
    context.fillRect(x, middle - outHeight, end - x, outHeight);
    context.fillStyle = colours.input;
    context.fillRect(x, middle + 1, end - x, inHeight);
  }
  context.fillStyle = colours.line;
  context.fillRect(0, middle, width, 1);
}

/** How much of the screen changed: bars from the lane's floor. */
export function drawChange(
  { context, view, width, top, height, colours }: Lane,
  { fromUs, toUs, change }: Pick<Activity, 'fromUs' | 'toUs' | 'change'>,
): void {
  const highest = most(change);
  const size = (toUs - fromUs) / Math.max(1, change.length);
  context.fillStyle = colours.change;
  for (const [i, cells] of change.entries()) {
    const x = Math.floor(xOf(view, fromUs + i * size, width));
    const end = Math.min(Math.ceil(width), Math.max(x + 1, Math.floor(xOf(view, fromUs + (i + 1) * size, width))));
    if (cells === 0 || end < 0 || x >= width) continue;
    const bar = barHeight(cells, highest, height);
    context.fillRect(x, top + height - bar, end - x, bar);
  }
  context.fillStyle = colours.line;
  context.fillRect(0, top + height, width, 1);
}

/** Spans with a text in the room up to the next one. */
function drawLabelledSpans(lane: Lane, spans: readonly LabelledSpan[], colour: string, bar: number): void {
  const { context, view, width, top, height, colours } = lane;
  context.fillStyle = colour;
  for (const span of placeSpans(spans, view, width)) {
    const wide = Math.max(3, span.width);
    context.fillRect(span.x, top + height - bar, wide, bar);
  }
  context.font = FACE;
  context.textBaseline = 'middle';
  const starts = spans.map(({ fromUs, text }) => ({ atUs: fromUs, text }));
  for (const { item, x, room } of placeLabels(starts, view, width)) {
    const { toUs, text } = spans[item]!;
    context.fillStyle = colour;
    if (x >= -3) context.fillRect(Math.round(x), top, 2, height);
    if (room === 0 || (x < 0 && toUs < view.fromUs)) continue;
    context.fillStyle = colours.text;
    label(lane, text, Math.max(0, Math.round(x)) + 6, top + (height - bar) / 2, room - 4);
  }
}

/** Text that could not be read at the screen, for as long as it stood. */
export const drawHidden = (lane: Lane, hidden: readonly LabelledSpan[]): void =>
  drawLabelledSpans(lane, hidden, lane.colours.hidden, 2);

/** Spans of the alternate screen with their program, changes of the size as diamonds on them. */
export function drawScreens(lane: Lane, alternate: readonly LabelledSpan[], resizes: readonly Labelled[]): void {
  const { context, view, width, top, height, colours } = lane;
  const middle = top + height - 4;
  drawLabelledSpans(lane, alternate, colours.alternate, 3);
  for (const { x } of placeLabels(resizes, view, width)) {
    const at = Math.round(x);
    context.beginPath();
    context.moveTo(at, middle - 4);
    context.lineTo(at + 4, middle);
    context.lineTo(at, middle + 4);
    context.lineTo(at - 4, middle);
    context.closePath();
    context.fillStyle = colours.ground;
    context.fill();
    context.strokeStyle = colours.text;
    context.lineWidth = 1;
    context.stroke();
  }
}

/** Annotations: a diamond where each begins, a bar along the floor for as long as it lasts, its title in the room behind it. */
export function drawAnnotations(lane: Lane, items: readonly AnnotatedSpan[]): void {
  const { context, view, width, top, height, colours } = lane;
  const middle = top + height / 2 - 1;
  for (const one of items) {
    if (one.toUs <= one.fromUs || one.toUs < view.fromUs || one.fromUs > view.toUs) continue;
    const from = Math.max(-4, xOf(view, one.fromUs, width));
    const to = Math.min(width + 4, Math.max(from + 2, xOf(view, one.toUs, width)));
    context.fillStyle = colours.severity[one.severity];
    context.globalAlpha = 0.22;
    context.fillRect(from, top + 1, to - from, height - 2);
    context.globalAlpha = 1;
    context.fillRect(from, top + height - 2, to - from, 2);
  }
  context.font = FACE;
  context.textBaseline = 'middle';
  for (const { item, x, room } of placeLabels(
    items.map(({ fromUs, text }) => ({ atUs: fromUs, text })),
    view,
    width,
  )) {
    const at = Math.round(x);
    const { severity, text } = items[item]!;
    context.fillStyle = colours.severity[severity];
    context.beginPath();
    context.moveTo(at, middle - 5);
    context.lineTo(at + 5, middle);
    context.lineTo(at, middle + 5);
    context.lineTo(at - 5, middle);
    context.fill();
    context.fillStyle = colours.text;
    if (room > 0) label(lane, text, Math.max(0, at) + 8, middle, room - 6);
  }
}

/** A mark that waits for its end: from where it was set to where one stands. */
export function drawPending({ context, view, width, top, height, colours }: Lane, fromUs: number, toUs: number): void {
  const a = xOf(view, Math.min(fromUs, toUs), width);
  const b = xOf(view, Math.max(fromUs, toUs), width);
  context.fillStyle = colours.hit;
  context.globalAlpha = 0.3;
  context.fillRect(a, top, Math.max(1, b - a), height);
  context.globalAlpha = 1;
  context.fillRect(Math.round(xOf(view, fromUs, width)) - 1, top, 2, height);
}

/** Parts that are to be withheld. */
export const drawRedactions = (lane: Lane, redactions: readonly LabelledSpan[]): void =>
  drawLabelledSpans(lane, redactions, lane.colours.redaction, 4);

/** Share of the lane's height for a speed: what was seen at its own pace fills it, what flew by is low. */
export const seenShare = (speed: number): number => (speed <= 1 ? 1 : speed <= 2 ? 0.75 : speed <= 4 ? 0.5 : 0.3);

/** What was seen, the higher the slower; what was not stays plain. */
export function drawSeen({ context, view, width, top, height, colours }: Lane, seen: readonly SeenSpan[]): void {
  context.fillStyle = colours.viewed;
  for (const { fromUs, toUs, speed } of seen) {
    if (toUs < view.fromUs || fromUs > view.toUs) continue;
    const x = Math.max(0, xOf(view, fromUs, width));
    const end = Math.min(width, Math.max(x + 1, xOf(view, toUs, width)));
    const high = Math.max(2, Math.round(height * seenShare(speed)));
    context.fillRect(x, top + height - high, end - x, high);
  }
}

/** The whole recording, with the visible part as a window. */
export function drawOverview(lane: Lane, all: Activity | null, visible: View): void {
  const { context, width, top, height, colours, view } = lane;
  if (all !== null) {
    const highest = most(all.output);
    context.fillStyle = colours.output;
    const size = width / Math.max(1, all.output.length);
    for (const [i, amount] of all.output.entries()) {
      const bar = barHeight(amount, highest, height - 2);
      context.fillRect(i * size, top + height - bar, Math.max(1, size), bar);
    }
  }
  const from = xOf(view, visible.fromUs, width);
  const to = xOf(view, visible.toUs, width);
  context.globalAlpha = 0.55;
  context.fillStyle = colours.idle;
  context.fillRect(0, top, from, height);
  context.fillRect(to, top, width - to, height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.strokeRect(Math.max(0.5, from + 0.5), top + 0.5, Math.max(3, Math.min(width - 1, to - from - 1)), height - 1);
}
