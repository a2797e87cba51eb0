// The lanes of what is told around the recording: explicit acts, audit events, who was there.

import { FACE, label, type Lane } from './lanes.ts';
import { PRESENT_ROW, placeLabels } from './layout.ts';
import { xOf } from './scale.ts';
import type { PresentSpan, SignedMark } from './timeline-data.ts';

/** Half the size of a sign. */
const SIGN = 3.5;

/** Signs with their text in the room behind them: a full square, or, for the second of two kinds, an open one. */
export function drawSigns(lane: Lane, items: readonly SignedMark[], colour: string): void {
  const { context, view, width, top, height, colours } = lane;
  const middle = top + height / 2;
  context.font = FACE;
  context.textBaseline = 'middle';
  context.lineWidth = 1.5;
  for (const { item, x, room } of placeLabels(items, view, width)) {
    const at = Math.round(x);
    const { second, text } = items[item]!;
    context.beginPath();
    context.rect(at - SIGN, middle - SIGN, 2 * SIGN, 2 * SIGN);
    context.fillStyle = second ? colours.ground : colour;
    context.fill();
    context.strokeStyle = colour;
    context.stroke();
    context.fillStyle = colours.text;
    if (room > 0) label(lane, text, Math.max(0, at) + 8, middle, room - 6);
  }
}

/** Who was there, a line for each at a time: full for who had control. */
export function drawPresence(lane: Lane, spans: readonly PresentSpan[]): void {
  const { context, view, width, top, colours } = lane;
  context.font = FACE;
  context.textBaseline = 'middle';
  for (const { fromUs, toUs, text, row, controls } of spans) {
    if (toUs < view.fromUs || fromUs > view.toUs) continue;
    const x = Math.max(-4, xOf(view, fromUs, width));
    const wide = Math.max(2, Math.min(width + 4, xOf(view, toUs, width)) - x);
    const line = top + row * PRESENT_ROW;
    context.fillStyle = colours.participant;
    context.globalAlpha = controls ? 0.34 : 0.14;
    context.fillRect(x, line, wide, PRESENT_ROW - 1);
    context.globalAlpha = 1;
    context.fillRect(x, line, 2, PRESENT_ROW - 1);
    if (controls) context.fillRect(x, line + PRESENT_ROW - 3, wide, 2);
    context.fillStyle = colours.text;
    if (wide > 24) label(lane, text, Math.max(0, x) + 6, line + (PRESENT_ROW - 2) / 2, wide - 10);
  }
}
