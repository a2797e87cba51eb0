// Numbers and verdicts in words, as the window says them.

import type { Proof } from '../../../shared/api/shapes.ts';
import type { Severity } from '../../../shared/api/case-shapes.ts';
import { tellClock, parseInstant, type Micros } from '../../../shared/recording/time.ts';

export const PROPERTIES: Readonly<Record<Proof['property'], string>> = {
  content: 'Content',
  order: 'Order',
  uniqueness: 'Uniqueness',
  time: 'Time',
  completeness: 'Completeness',
  custody: 'Custody',
};

/** Each verdict has its own sign and its own word, never colour alone. */
export const VERDICTS: Readonly<Record<Proof['verdict'], { readonly word: string; readonly sign: string }>> = {
  proven: { word: 'Proven', sign: '✓' },
  'not-proven': { word: 'Not proven', sign: '○' },
  failed: { word: 'Failed', sign: '✕' },
};

export const SEVERITY: Readonly<Record<Severity, string>> = {
  info: 'Information',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

export { some } from '../../../shared/api/counts.ts';

/** `00:01:23.456`: milliseconds, cut off. */
export const offset = (us: number): string => tellClock(us as Micros, 3);

/** `7 min 33 s`: at most two units, cut off. */
export function duration(us: number): string {
  if (us < 1_000_000) return `${String(Math.floor(us / 1000))} ms`;
  const seconds = Math.floor(us / 1_000_000);
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  const [size, name] = units[first]!;
  const below = units[first + 1];
  const rest = below === undefined ? 0 : Math.floor((seconds % size) / below[0]);
  return `${String(Math.floor(seconds / size))} ${name}${rest === 0 ? '' : ` ${String(rest)} ${below![1]}`}`;
}

/** Decimal units, as storage is sold and files are listed. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? String(value) : (Math.floor(value * 10) / 10).toFixed(1)} ${units[unit]!}`;
}

/** Microseconds since 1970-01-01 UTC as `2026-11-21 03:38:57` with `digits` of the second, cut off. */
export function wall(epochUs: number, digits = 0): string {
  const text = new Date(Math.floor(epochUs / 1000)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, digits === 0 ? 19 : 20 + Math.min(3, digits))}`;
}

/** RFC 3339 as wall time in UTC with its zone; as it stands where it cannot be read. */
export function instant(text: string, digits = 0): string {
  const at = parseInstant(text);
  return at === null ? text : `${wall(at, digits)} UTC`;
}

/** Microseconds since 1970-01-01 UTC, or null. */
export const epoch = (text: string | null): number | null => (text === null ? null : parseInstant(text));
