// What an entry of the custody log says of an act, for people: its fields in words, times as clocks, and nothing where nothing was said.
// The text itself, which is what the chain proves, is a click away. Pure.

import { formatCount, formatOffset } from '../ui/format.ts';

/** `from_us` and `fromUs` as `from`: names are words, and a time shows its unit itself. */
function words(name: string): string {
  const spaced = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/ us$/, '');
  return spaced.trim() === '' ? name : spaced;
}

const isTime = (name: string): boolean => /(_us|Us)$/.test(name);

/** A value of a field in words; null where it says nothing: an empty list, an empty filter, an empty text. */
function valueText(name: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return isTime(name) ? formatOffset(value) : formatCount(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const texts = value.map((one) => valueText(name, one)).filter((text) => text !== null);
    return texts.length === 0 ? null : texts.join(value.some((one) => typeof one === 'object') ? '; ' : ', ');
  }
  return fieldsText(value);
}

function fieldsText(value: object): string | null {
  const rest = Object.entries(value);
  const from = rest.find(([name]) => name === 'from_us' || name === 'fromUs')?.[1] as unknown;
  const to = rest.find(([name]) => name === 'to_us' || name === 'toUs')?.[1] as unknown;
  const isRange = typeof from === 'number' && typeof to === 'number';
  const texts = rest
    .filter(([name]) => !isRange || !/^(from|to)(_us|Us)$/.test(name))
    .map(([name, one]) => [name, valueText(name, one)] as const)
    .filter(([, text]) => text !== null)
    .map(([name, text]) => `${words(name)}: ${text!}`);
  if (isRange) texts.unshift(`${formatOffset(from)} to ${formatOffset(to)}`);
  return texts.length === 0 ? null : texts.join(', ');
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly items: readonly string[];
}

export interface EntryText {
  /** What was done, where the entry says it in a word of its own: `case made`. */
  readonly what: string | null;
  /** Names and values, in the entry's order; of a list its items too, each in words. */
  readonly facts: readonly Fact[];
}

/** Details of an entry; null where they are no JSON object, and are to be shown as they stand. */
export function entryText(details: string): EntryText | null {
  let given: unknown;
  try {
    given = JSON.parse(details);
  } catch {
    return null;
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { what, ...rest } = given as { readonly what?: unknown };
  const named = typeof what === 'string' && what !== '' ? what : null;
  const facts = Object.entries(named === null ? given : rest).flatMap(([name, value]): readonly Fact[] => {
    const text = valueText(name, value);
    const items = Array.isArray(value) ? value.map((one) => valueText(name, one)).filter((one) => one !== null) : [];
    return text === null ? [] : [{ name: words(name), value: text, items }];
  });
  return { what: named, facts };
}
