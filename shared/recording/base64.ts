// Base64 in the three forms that rstream accepts: the standard alphabet with or without padding, and the URL alphabet without.
// Strict: the text must be what encoding the bytes gives back, so that one payload has one text (RFC 4648, 3.5).

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

/** The twelve bits of each two letters, by those two bytes read as one number, in whichever order this machine reads them; else -1. */
const PAIRS = new Int16Array(65_536).fill(-1);
const two = new Uint8Array(2);
const both = new Uint16Array(two.buffer);
for (two[0] = 0; two[0] < 128; two[0]++) {
  for (two[1] = 0; two[1] < 128; two[1]++) PAIRS[both[0]!] = (VALUES[two[0]]! << 6) | VALUES[two[1]]!;
}

const encoder = new TextEncoder();

/** Room for the letters of nearly every text: bytes are read several times faster than characters of a text. */
const room = new Uint8Array(16 * 1024);
const roomPairs = new Uint16Array(room.buffer);

const ownBytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);

/** The bytes, in what `allocate` gives for so many, or null where the text is in none of the three forms. */
export function decodeBase64(text: string, allocate = ownBytes): Uint8Array<ArrayBuffer> | null {
  const url = text.includes('-') || text.includes('_');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  const tail = length % 4;
  if (tail === 1 || (padding > 0 && (url || tail + padding !== 4)) || (url && /[+/]/.test(text))) return null;
  const letters = text.length > room.length ? new Uint8Array(text.length + (text.length % 2)) : room;
  // What is not ASCII either does not fit or has bytes without a value.
  if (encoder.encodeInto(text, letters).written !== text.length) return null;
  const pairs = letters === room ? roomPairs : new Uint16Array(letters.buffer);
  const bytes = allocate(Math.floor((length * 3) / 4));
  let at = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const four = (PAIRS[pairs[i >> 1]!]! << 12) | PAIRS[pairs[(i >> 1) + 1]!]!;
    if (four < 0) return null;
    bytes[at] = four >> 16;
    bytes[at + 1] = four >> 8;
    bytes[at + 2] = four;
    at += 3;
  }
  let bits = 0;
  let held = 0;
  for (; i < length; i++) {
    const value = VALUES[letters[i]!]!;
    if (value === -1) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}
