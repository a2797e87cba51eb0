// UTF-8, with U+FFFD where bytes are none, and always saying so.
// https://encoding.spec.whatwg.org/#utf-8-decoder

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

export interface DecodedText {
  readonly text: string;
  /** How many U+FFFD in the text stand for bytes that are not UTF-8. */
  readonly replaced: number;
}

/** Never throws: a decoder that does takes microseconds for it. */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const text = decoder.decode(bytes);
  let replaced = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', at + 1)) replaced += 1;
  if (replaced === 0) return { text, replaced };
  // Those that the bytes themselves say: EF BF BD, which cannot be part of anything else.
  for (let at = bytes.indexOf(0xef); at !== -1; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) replaced -= 1;
  }
  return { text, replaced };
}

/** Text as UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * How many bytes at the end (0 to 3) begin a character that is not whole yet, and could still become one: what a writer of
 * text keeps back for the next event of the stream. Unicode, table 3-7.
 */
export function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const lead = bytes[bytes.length - back]!;
    if ((lead & 0xc0) === 0x80) continue;
    const size = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xc2 && lead <= 0xdf ? 2 : 0;
    const second = back > 1 ? bytes[bytes.length - back + 1]! : undefined;
    return size > back && (second === undefined || canFollow(lead, second)) ? back : 0;
  }
  return 0;
}

/** Whether a second byte may follow a lead byte: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function canFollow(lead: number, second: number): boolean {
  if (second < 0x80 || second > 0xbf) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second <= 0x8f;
}

/** Bytes of the well-formed sequence that starts at `at`, or 0 (Unicode, table 3-7). */
export function utf8Size(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const size = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (size === 0 || !canFollow(first, bytes[at + 1] ?? 0)) return 0;
  for (let i = 2; i < size; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return size;
}
