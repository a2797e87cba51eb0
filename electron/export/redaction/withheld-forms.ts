// The last gate: every form in which a withheld text could stand in a file, and a search for all of them in one pass over its bytes,
// whatever the file is. A bundle in which one of them is found is not handed out. Specification: docs/redaction.md.

import { Automaton } from './automaton.ts';
import { LONGEST_ESCAPE, unescaped, unescapings, type Unescaping } from './escapes.ts';
import { readKeyedText, type KeyHeard } from './keyed-text.ts';

/** One way in which a text could stand in a file. */
export interface WithheldForm {
  /** Which of the texts that were given. */
  readonly text: number;
  /** `raw`, `escaped`, `base64+1` …: for messages, beside a place; the text itself is never told. */
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

export interface WithheldHit {
  readonly text: number;
  readonly encoding: string;
  /** First and one past the last byte in the file. */
  readonly from: number;
  readonly to: number;
}

/** Shorter texts stand in every file by chance: nothing can be said of them. In bytes. */
export const MIN_TEXT_BYTES = 4;

/** Digits of hexadecimal and of base64 that do not stand in digests and payloads by chance. */
const MIN_HEX = 10;
const MIN_BASE64 = 7;

const encoder = new TextEncoder();

/** The characters of base64 that a run of bytes decides alone, where `before` bytes of a group stand before it. */
function base64At(bytes: Uint8Array, before: number, alphabet: 'base64' | 'base64url'): string {
  const whole = new Uint8Array(before + bytes.length);
  whole.set(bytes, before);
  const text = Buffer.from(whole).toString(alphabet);
  return text.slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6));
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  return bytes;
}

/** What a text looks like in writing without escapes, by the name of the encoding, where it is long enough to be told from chance. */
export function writtenForms(text: string): readonly (readonly [string, string])[] {
  if (encoder.encode(text).length < MIN_TEXT_BYTES) return [];
  return allForms(text).filter(([encoding, form]) => form.length >= leastOf(encoding));
}

function leastOf(encoding: string): number {
  return encoding === 'hex' ? MIN_HEX : encoding.startsWith('base64') ? MIN_BASE64 : 0;
}

function allForms(text: string): readonly (readonly [string, string])[] {
  const bytes = encoder.encode(text);
  const hex = Buffer.from(bytes).toString('hex');
  return [
    ['raw', text],
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ...[0, 1, 2].flatMap((before): (readonly [string, string])[] =>
      (['base64', 'base64url'] as const).flatMap((alphabet) => [
        [`${alphabet}+${String(before)}`, base64At(bytes, before, alphabet)],
        [`${alphabet} of utf-16+${String(before)}`, base64At(utf16(text, true), before, alphabet)],
      ]),
    ),
  ];
}

/** Every form in which a text could stand in a file; `text` is its position in the list that it comes from. */
export function withheldTextForms(text: string, position = 0): readonly WithheldForm[] {
  const written = writtenForms(text).map(([encoding, form]) => ({ encoding, bytes: encoder.encode(form) }));
  if (written.length === 0) return [];
  const wide = [true, false].map((little) => ({ encoding: little ? 'utf-16le' : 'utf-16be', bytes: utf16(text, little) }));
  const seen = new Set<string>();
  return [...written, ...wide].flatMap(({ encoding, bytes }) => {
    const key = Buffer.from(bytes).toString('latin1');
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ text: position, encoding, bytes }];
  });
}

/** Bytes of a file from which a search goes on, as one unit each, and where they begin in it. */
interface Held {
  readonly text: string;
  readonly from: number;
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f]/;
const isWide = ({ encoding }: WithheldForm): boolean => encoding === 'utf-16le' || encoding === 'utf-16be';
const unitsOf = (text: string): number[] => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Looks for forms in the bytes of files. */
class WithheldSearch {
  readonly #forms: readonly WithheldForm[];
  readonly #automaton: Automaton;
  /** The texts themselves, for what keys make. */
  readonly #texts: readonly WithheldForm[];
  readonly #keyed: Automaton;
  /** What is written, as texts, for what stands in escapes. */
  readonly #written: readonly { readonly text: number; readonly form: string; readonly raw: string }[];
  readonly #escaped: Automaton;
  readonly #unescapings: readonly Unescaping[];
  /** Bytes that the longest of these may take. */
  readonly #reach: number;

  constructor(forms: readonly WithheldForm[]) {
    this.#forms = forms;
    this.#automaton = new Automaton(forms.map(({ bytes }) => bytes));
    this.#texts = forms.filter(({ encoding }) => encoding === 'utf-16le');
    this.#keyed = new Automaton(this.#texts.map(({ bytes }) => new Uint16Array(Uint8Array.from(bytes).buffer)));
    this.#written = forms
      .filter((form) => !isWide(form))
      .map(({ text, bytes }) => ({ text, form: decoder.decode(bytes), raw: Buffer.from(bytes).toString('latin1') }));
    this.#escaped = new Automaton(this.#written.map(({ form }) => unitsOf(form)));
    this.#reach = this.#written.reduce((most, { form }) => Math.max(most, form.length), 0) * LONGEST_ESCAPE;
    const texts = this.#written.map(({ form }) => form);
    this.#unescapings = unescapings(
      texts,
      this.#reach,
      texts.some((text) => CONTROL.test(text)),
    );
  }

  /** Hears the keys of a file, and tells of texts that they make. */
  #hearing(encoding: string, tell: (hit: Omit<WithheldHit, 'to'>) => void): KeyHeard {
    const automaton = this.#keyed;
    const longest = this.#texts.reduce((most, { bytes }) => Math.max(most, bytes.length / 2), 0);
    const places: number[] = [];
    let heard = 0;
    let state = 0;
    return (unit, from) => {
      places[heard % longest] = from;
      heard += 1;
      state = automaton.next(state, unit);
      if (state === 0) return;
      for (const word of automaton.wordsAt(state)) {
        const { text, bytes } = this.#texts[word]!;
        tell({ text, encoding, from: places[(heard - bytes.length / 2) % longest]! });
      }
    };
  }

  /** What ends in the last bytes and stands there in escapes. */
  *#inEscapes({ text: held, from }: Held, lastBytes: number): Generator<WithheldHit, void> {
    const automaton = this.#escaped;
    const known = held.length - lastBytes;
    for (const way of this.#unescapings) {
      for (const { text: shown, starts } of unescaped(held, way, true)) {
        let state = 0;
        for (let i = 0; i < shown.length; i++) {
          state = automaton.next(state, shown.charCodeAt(i));
          if (state === 0) continue;
          for (const word of automaton.wordsAt(state)) {
            const { text, form, raw } = this.#written[word]!;
            const begin = starts[i + 1 - form.length]!;
            const end = starts[i + 1]!;
            if (end > known && held.slice(begin, end) !== raw)
              yield { text, encoding: 'escaped', from: from + begin, to: from + end };
          }
        }
      }
    }
  }

  /** A search through one file: give it the bytes in order. What it returns ended in these bytes. */
  begin(): (bytes: Uint8Array) => readonly WithheldHit[] {
    const automaton = this.#automaton;
    let state = 0;
    let before = 0;
    let hits: WithheldHit[] = [];
    let at = 0;
    let held: Held = { text: '', from: 0 };
    const tell = (hit: Omit<WithheldHit, 'to'>): unknown => hits.push({ ...hit, to: at + 1 });
    const readKeys = readKeyedText(this.#hearing('keys', tell), this.#hearing('keys in base64', tell));
    return (bytes) => {
      hits = [];
      for (let i = 0; i < bytes.length; i++) {
        at = before + i;
        readKeys(bytes[i]!, at);
        state = automaton.next(state, bytes[i]!);
        if (state === 0) continue;
        for (const word of automaton.wordsAt(state)) {
          const { text, encoding, bytes: form } = this.#forms[word]!;
          const to = at + 1;
          hits.push({ text, encoding, from: to - form.length, to });
        }
      }
      before += bytes.length;
      const left = held.text.slice(Math.max(0, held.text.length - this.#reach));
      held = { text: left + Buffer.from(bytes).toString('latin1'), from: before - bytes.length - left.length };
      hits.push(...this.#inEscapes(held, bytes.length));
      return hits;
    };
  }
}

/** Searches by the list that they were made from: most often many files are searched for one list. */
const searches = new WeakMap<readonly WithheldForm[], WithheldSearch>();

function searchFor(forms: readonly WithheldForm[]): WithheldSearch {
  const search = searches.get(forms) ?? new WithheldSearch(forms);
  searches.set(forms, search);
  return search;
}

/** Looks for forms in the bytes of one file, given in pieces of any size. At most `limit` hits are given, none that `isHarmless`. */
export async function findWithheld(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  forms: readonly WithheldForm[],
  limit = 1,
  isHarmless?: (hit: WithheldHit) => Promise<boolean>,
): Promise<readonly WithheldHit[]> {
  const look = searchFor(forms).begin();
  const hits: WithheldHit[] = [];
  for await (const chunk of chunks) {
    for (const hit of look(chunk)) {
      if ((await isHarmless?.(hit)) === true) continue;
      hits.push(hit);
      if (hits.length >= limit) return hits;
    }
  }
  return hits;
}
