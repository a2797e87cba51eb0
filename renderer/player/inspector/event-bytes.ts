// The bytes of an event for reading: rows of a hex dump, escaped text, and what was open when it began. Pure.

import type { RecordingEvent } from '../../../shared/recording/event.ts';
import { openCharacter, openSequence, type Head } from '../../../shared/terminal/sequences.ts';

/** Bytes of a row: as many as the panel's least width shows in hex and as characters. */
export const ROW_BYTES = 8;

/** Earlier output is searched this far for what may still be open. */
const BACK_BYTES = 64 * 1024;
const BACK_EVENTS = 4096;

const two = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The offset of a row, as wide as the event's last one. */
export const offsetText = (offset: number, length: number): string =>
  offset.toString(16).padStart(Math.max(4, Math.max(0, length - 1).toString(16).length), '0');

export const hexBytes = (bytes: Uint8Array): readonly string[] => Array.from(bytes, two);

/** Printable ASCII as it is, anything else as a dot. */
export const asciiBytes = (bytes: Uint8Array): readonly string[] =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'));

const NAMED: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  92: '\\\\',
};

/** Characters that would steer, hide or look like nothing (compare renderer/ui/recorded.tsx). */
const ODD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u;

/**
 * The first `most` bytes as text that a shell's `printf` or a C string would take: controls and what is not UTF-8 as escapes, odd characters
 * as `\u{…}`. A line feed ends a line here, too.
 */
export function escapedText(bytes: Uint8Array, most: number): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const end = Math.min(bytes.length, most);
  let text = '';
  for (let at = 0; at < end;) {
    const byte = bytes[at]!;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (length === 1) {
      text += NAMED[byte] ?? (byte < 0x20 || byte === 0x7f ? `\\x${two(byte)}` : String.fromCharCode(byte));
      if (byte === 10) text += '\n';
      at += 1;
      continue;
    }
    try {
      if (at + length > bytes.length) throw new RangeError();
      const character = decoder.decode(bytes.subarray(at, at + length));
      text += ODD.test(character) ? `\\u{${character.codePointAt(0)!.toString(16)}}` : character;
      at += length;
    } catch {
      text += `\\x${two(byte)}`;
      at += 1;
    }
  }
  return text;
}

export type Before =
  | { readonly kind: 'known'; readonly head: Head }
  /** Nothing near tells the state of the terminal's parser. */
  | { readonly kind: 'unknown' }
  /** This event has to be fetched first. */
  | { readonly kind: 'missing'; readonly index: number };

/** What was open when the event at `index` began. Output of both streams goes to one terminal; each stream has characters of its own. */
export function beforeEvent(eventAt: (index: number) => RecordingEvent | undefined, index: number): Before {
  const event = eventAt(index);
  if (event === undefined) return { kind: 'missing', index };
  if (event.kind !== 'data') return { kind: 'unknown' };
  const typed = event.stream === 'stdin';
  const parts: Uint8Array[] = [];
  let own: Uint8Array | null = null;
  let escape = typed;
  let length = 0;
  let at = index - 1;
  for (; at >= 0 && (own === null || !escape) && length < BACK_BYTES && index - at < BACK_EVENTS; at--) {
    const earlier = eventAt(at);
    if (earlier === undefined) return { kind: 'missing', index: at };
    if (earlier.kind !== 'data' || earlier.bytes.length === 0) continue;
    if (earlier.stream === event.stream) own ??= earlier.bytes;
    if (earlier.stream === 'stdin') continue;
    parts.unshift(earlier.bytes);
    length += earlier.bytes.length;
    escape ||= earlier.bytes.includes(0x1b);
  }
  const character = openCharacter(own ?? new Uint8Array());
  if (typed) return { kind: 'known', head: character };
  const before = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let put = 0;
  for (const part of parts) {
    before.set(part, put);
    put += part.length;
  }
  const sequence = openSequence(before, at < 0);
  if (sequence === null) return character.bytes.length > 0 ? { kind: 'known', head: character } : { kind: 'unknown' };
  return { kind: 'known', head: sequence.bytes.length > 0 ? sequence : character };
}
