// Findings of texts that went too soon to be read: one for each, or one for many rows that a program drew and took away at once, such
// as a page that it drew and drew over.

import { lasted, MAX_TEXT, type Suspect } from './hidden-findings.ts';
import type { Departure, Fleeting } from './hidden-fleeting.ts';

/** Within this time a screen is drawn, in microseconds. */
const DRAWING = 20_000;

/** From so many rows on they are a page. */
const PAGE = 4;

const CAUSES = { erased: 'short-lived', covered: 'repainted', pushed: 'off-screen' } as const;

const WENT: Readonly<Record<Departure, string>> = {
  erased: 'erased or overwritten',
  covered: 'painted over',
  pushed: 'pushed off the screen',
};

/** What came together and went together, by time. */
export function drawingsOf(all: readonly Fleeting[]): Fleeting[][] {
  const drawings: Fleeting[][] = [];
  for (const one of all.toSorted((a, b) => a.gone.at - b.gone.at)) {
    const first = drawings.at(-1)?.[0];
    const together =
      first !== undefined &&
      one.gone.at - first.gone.at <= DRAWING &&
      Math.abs(one.from.at - first.from.at) <= DRAWING &&
      (one.how === 'pushed') === (first.how === 'pushed');
    if (together) drawings.at(-1)!.push(one);
    else drawings.push([one]);
  }
  return drawings;
}

/** The findings of one drawing; a page that is longer than a finding may be is several. */
export function findingsOf(drawing: readonly Fleeting[]): Suspect[] {
  const rows = new Set(drawing.map(({ row }) => row)).size;
  if (rows < PAGE)
    return drawing.map((one) => {
      const stood = stoodOf(one);
      const note =
        stood === 0 ? `Never stood: it was ${WENT[one.how]} at once.` : `Stood for ${lasted(stood)}, then was ${WENT[one.how]}.`;
      return { ...suspectOf([one]), note };
    });
  const how = drawing.find((one) => one.how === 'covered')?.how ?? drawing[0]!.how;
  const stood = Math.max(...drawing.map(stoodOf));
  const time = stood === 0 ? 'never stood: they' : `stood for ${lasted(stood)} at most, then`;
  const note = `${String(rows)} rows that ${time} were ${WENT[how]} at once.`;
  return partsOf(drawing).map((part) => ({ ...suspectOf(part), cause: CAUSES[how], isPage: true, note }));
}

/** Rows from top to bottom, in parts that are no longer than the text of a finding. */
function partsOf(drawing: readonly Fleeting[]): Fleeting[][] {
  const parts: Fleeting[][] = [];
  let length = Infinity;
  for (const one of drawing.toSorted((a, b) => a.row - b.row || a.col - b.col)) {
    length += 1 + one.text.length;
    if (length > MAX_TEXT) {
      parts.push([]);
      length = one.text.length;
    }
    parts.at(-1)!.push(one);
  }
  return parts;
}

const stoodOf = ({ from, gone }: Fleeting): number => gone.at - from.at;

function suspectOf(part: readonly Fleeting[]): Omit<Suspect, 'note'> {
  const { row, col, how } = part[0]!;
  const from = part.map((one) => one.from).reduce((a, b) => (b.at < a.at ? b : a));
  const gone = part.map((one) => one.gone).reduce((a, b) => (b.at > a.at ? b : a));
  const text = part.map((one) => one.text).join(' ');
  return { cause: CAUSES[how], text, from, to: gone.at, place: { row, col } };
}
