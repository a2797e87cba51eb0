// A string sequence as text: as it stands, and what it decodes to. Base64 of OSC 52, hexadecimal of device controls, percent signs of
// addresses, other escapes, and keys with their numbers are read back before they are searched.

import { decodeUtf8 } from '../../../shared/recording/utf8.ts';
import { unescaped, unescapings } from './escapes.ts';
import { typedAs } from './key-codes.ts';
import type { Matcher } from './matching.ts';

const BASE64 = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
const HEX = /[0-9A-Fa-f]{8,}/g;

/** What a text may hold in other writing. */
export function decodings(text: string): string[] {
  const decoded: string[] = [];
  const bytes = (buffer: Buffer): void => {
    decoded.push(decodeUtf8(buffer).text);
    if (buffer.includes(0)) decoded.push(buffer.toString('utf16le'), buffer.toString('latin1').replaceAll('\0', ''));
  };
  const joined = text.replaceAll(/\s+/g, '');
  for (const [run] of joined.matchAll(BASE64)) {
    // A run may begin with signs of another kind, such as the name of a selection.
    for (let skip = 0; skip < 4; skip++) bytes(Buffer.from(run.slice(skip), 'base64'));
  }
  for (const [run] of joined.matchAll(HEX)) for (const skip of [0, 1]) bytes(Buffer.from(run.slice(skip), 'hex'));
  for (const way of unescapings([], text.length, true)) for (const piece of unescaped(text, way)) decoded.push(piece.text);
  const typed = typedAs(text);
  return typed === null ? decoded : [...decoded, typed];
}

/** The rule that finds something in a text or in what it decodes to, or null; `told` hears what was found. */
export function ruleIn(text: string, matcher: Matcher, told: (text: string, rule: number) => void): number | null {
  let first: number | null = null;
  for (const form of [text, ...decodings(text)]) {
    for (const { start, end, rule } of matcher.find(form, true)) {
      first ??= rule;
      told(form.slice(start, end), rule);
    }
  }
  return first;
}
