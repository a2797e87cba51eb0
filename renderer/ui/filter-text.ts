// A filter as one line of text: words, and fields as `name:value` or `name:"a value"`. One text is the only truth: the panel of fields
// edits it, so what is filtered is always readable, typed, copied. Dates are read in the zone that the window shows.

import type { Zone } from './format.ts';

export const FILTER_NAMES = [
  'user',
  'server',
  'source',
  'origin',
  'group',
  'status',
  'environment',
  'format',
  'case',
  'tag',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type FieldName = FilterName | 'from' | 'to';

/** The shape of the contract's session filter (shared/api/shapes.ts). */
export type Filter = { readonly [N in FilterName]?: string } & {
  readonly text?: string;
  readonly startedFrom?: string;
  readonly startedTo?: string;
};

export interface ParsedFilter {
  readonly filter: Filter;
  readonly fields: readonly { readonly name: FieldName; readonly value: string }[];
  /** What was not understood, in words; the rest counts. */
  readonly problems: readonly string[];
}

const TOKEN = /([a-z]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+)/g;

const isField = (name: string): name is FieldName =>
  (FILTER_NAMES as readonly string[]).includes(name) || name === 'from' || name === 'to';

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?$/;

/** The first or, for `end`, the last moment of a day or minute; null when the text is neither. */
export function dateBound(text: string, end: boolean, zone: Zone): string | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute] = match.slice(1).map((part) => (part === undefined ? null : Number(part)));
  const parts = [year!, month! - 1, day!, hour ?? (end ? 23 : 0), minute ?? (end ? 59 : 0), end ? 59 : 0, end ? 999 : 0] as const;
  const date = zone === 'utc' ? new Date(Date.UTC(...parts)) : new Date(...parts);
  // A month 13 or a minute 75 would lead into the next one.
  const exists =
    parts[1] >= 0 && parts[1] <= 11 && parts[4] <= 59 && (zone === 'utc' ? date.getUTCDate() : date.getDate()) === day;
  return Number.isNaN(date.getTime()) || !exists ? null : date.toISOString();
}

export function parseFilter(text: string, zone: Zone): ParsedFilter {
  const words: string[] = [];
  const fields: { name: FieldName; value: string }[] = [];
  const problems: string[] = [];
  const filter: Record<string, string> = {};
  for (const [whole, name, quoted, plain, quotedWords, word] of text.matchAll(TOKEN)) {
    if (name === undefined || !isField(name)) {
      words.push(quotedWords ?? word ?? whole);
      continue;
    }
    const value = quoted ?? plain ?? '';
    // Somebody is still typing: `user:` filters nothing yet.
    if (value === '') continue;
    if (name !== 'from' && name !== 'to') {
      filter[name] = value;
    } else {
      const bound = dateBound(value, name === 'to', zone);
      if (bound === null) {
        problems.push(`${name}: give a date such as 2026-11-21, or 2026-11-21T09:30`);
        continue;
      }
      filter[name === 'from' ? 'startedFrom' : 'startedTo'] = bound;
    }
    fields.push({ name, value });
  }
  const joined = words.join(' ').trim();
  if (joined !== '') filter['text'] = joined.slice(0, 500);
  return { filter, fields, problems };
}

/** The text with a field set to a value, or without it (null). Everything else stays as it was typed. */
export function withField(text: string, name: FieldName, value: string | null): string {
  const kept = Array.from(text.matchAll(TOKEN))
    .filter(([, token]) => token !== name)
    // A quote that is still open would take in what follows.
    .map(([whole]) => (/^(?:[a-z]+:)?"[^"]*$/.test(whole) ? `${whole}"` : whole))
    .join(' ');
  if (value === null || value === '') return kept;
  const written = /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
  return kept === '' ? `${name}:${written}` : `${kept} ${name}:${written}`;
}
