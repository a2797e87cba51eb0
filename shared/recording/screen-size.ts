// Sizes of the screen as sources give them: what is believed, what is cut to the largest size that is emulated, and what is
// said about the rest. A start must have some size, so 80x24 stands in; a resize that makes no sense is not applied.

import { DEFAULT_COLS, DEFAULT_ROWS, MAX_COLS, MAX_ROWS } from './decoder.ts';
import { shown } from './json-text.ts';

export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

export interface StartSize extends ScreenSize {
  readonly sizeAssumed: boolean;
  /** What is wrong with the size that the source gives; absent where nothing is. */
  readonly fault?: string;
}

/** 80x24, for formats and files that give no size. */
export const ASSUMED_SIZE: StartSize = { cols: DEFAULT_COLS, rows: DEFAULT_ROWS, sizeAssumed: true };

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

/**
 * The size at the start, from two JSON values that may be anything. `names` are the source's names of the fields, `said` the
 * values for messages.
 */
export function startSize(
  cols: unknown,
  rows: unknown,
  names: readonly [string, string],
  said: readonly [string, string] = [shown(cols), shown(rows)],
): StartSize {
  const bad = [...(isCount(cols) ? [] : [`${names[0]} is ${said[0]}`]), ...(isCount(rows) ? [] : [`${names[1]} is ${said[1]}`])];
  if (!isCount(cols) || !isCount(rows)) {
    return { ...ASSUMED_SIZE, fault: `${bad.join(' and ')}; ${String(DEFAULT_COLS)}x${String(DEFAULT_ROWS)} is assumed` };
  }
  if (cols <= MAX_COLS && rows <= MAX_ROWS) return { cols, rows, sizeAssumed: false };
  const cut = { cols: Math.min(cols, MAX_COLS), rows: Math.min(rows, MAX_ROWS) };
  return {
    ...cut,
    sizeAssumed: false,
    fault: `the size ${String(cols)}x${String(rows)} is beyond ${String(MAX_COLS)}x${String(MAX_ROWS)}; it is cut to ${String(cut.cols)}x${String(cut.rows)}`,
  };
}

/** The size of a resize, or null where it is none that can be shown. */
export function resizeSize(cols: number, rows: number): ScreenSize | null {
  return isCount(cols) && isCount(rows) && cols <= MAX_COLS && rows <= MAX_ROWS ? { cols, rows } : null;
}

/** Reads `COLSxROWS`, or with another separator `COLS:ROWS`. */
export function parseSize(text: string, separator: 'x' | ':'): ScreenSize | null {
  const match = /^(\d{1,9})([x:])(\d{1,9})$/.exec(text);
  return match !== null && match[2] === separator ? resizeSize(Number(match[1]), Number(match[3])) : null;
}
