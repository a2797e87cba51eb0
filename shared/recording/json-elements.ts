// Where the elements of a JSON list stand in its text, and how deep it goes, found without reading it: brackets are counted and
// texts are jumped over. What that tells is bounded for any text, and right where the text is JSON, which is for JSON.parse to say
// next. A page of events is crossed in a third of the time that jsonFault takes, which must say the same of it.

import { MAX_ELEMENTS, MAX_NESTING, TOO_DEEP, TOO_MANY } from './json-check.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export interface ListElements {
  /** Offsets, in the text, of the first and behind the last character of each element, in turn; none where it is no list. */
  readonly ranges: readonly number[];
  /** How many members all objects have together, as they are written: colons. */
  readonly members: number;
}

/**
 * Finds the elements of a list. A text where
 * there are more than `most`, or that is nested too deeply for JSON.parse, is a fault.
 */
export function listElements(text: string, most = MAX_ELEMENTS): ListElements | { readonly fault: string } {
  const found: number[] = [];
  let isList = false;
  let depth = 0;
  let members = 0;
  /** Where the element at hand begins, or -1, and behind what of it was crossed. */
  let start = -1;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20) continue;
    if (depth === 1 && isList) {
      if (code === COMMA || code === CLOSE_ARRAY) {
        if (start !== -1) found.push(start, end);
        start = -1;
      } else if (start === -1) {
        if (found.length === 2 * most) return { fault: TOO_MANY };
        start = at;
      }
    }
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (depth === 0) isList = code === OPEN_ARRAY;
      depth += 1;
      if (depth > MAX_NESTING) return { fault: TOO_DEEP };
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
    else if (code === COLON) members += 1;
    end = at + 1;
  }
  return { ranges: found, members };
}

/** Where the text that begins at a quote ends: at the next quote before which backslashes come in pairs. */
export function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}
