// The bytes of one event, read sequence by sequence, as the emulator reads them (rules.ts): UTF-8, controls of 7 bits, ESC in the middle of
// anything begins anew, CAN and SUB end a sequence, strings run to their terminator. Nothing is acted on. Sequences and characters that
// began in an earlier event are given with what came before (`Head`); those that go on in a later one are marked open. One pass over the
// bytes, whatever they are: names and texts are cut, and so is the number of pieces.
// ECMA-48 5.2 to 5.6, https://vt100.net/emu/dec_ansi_parser, https://encoding.spec.whatwg.org/#utf-8-decoder

import { describeCsi, describeDcs, describeEscape, describeOsc } from './sequence-words.ts';
import { CONTROLS, TYPED_CONTROLS } from './sequence-names.ts';

export type PieceKind = 'text' | 'control' | 'escape' | 'csi' | 'osc' | 'dcs' | 'string' | 'invalid';

export interface Piece {
  readonly kind: PieceKind;
  /** Bytes of the event, [from, to). */
  readonly from: number;
  readonly to: number;
  /** `SGR 31`, `CSI ? 25 h`, `LF`; for text the text itself, cut. */
  readonly name: string;
  /** In words; empty where none are known. */
  readonly meaning: string;
  /** Bytes that came in earlier events. */
  readonly earlier: number;
  /** It does not end in this event. */
  readonly open: boolean;
}

/** What was open when the event began: its first bytes, and how many more there were. */
export interface Head {
  readonly bytes: Uint8Array;
  readonly skipped: number;
}

export interface Decoded {
  readonly pieces: readonly Piece[];
  /** Bytes at the end that are not in `pieces`. */
  readonly rest: number;
}

export const NO_HEAD: Head = { bytes: new Uint8Array(), skipped: 0 };

export const MAX_PIECES = 20_000;

/** Bytes that are kept of what was open. */
const MAX_HEAD = 4096;

/** Bytes of a sequence that are put into words. */
const MAX_WORDS = 512;

/** Characters of a run that are shown, and those that are named by number. */
const MAX_RUN = 1000;
const MAX_CODES = 16;

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const DEL = 0x7f;
const BACKSLASH = 0x5c;

const STRINGS: Readonly<Record<string, readonly [PieceKind, string, string]>> = {
  ']': ['osc', 'OSC', ''],
  P: ['dcs', 'DCS', ''],
  X: ['string', 'SOS', 'start of string: not shown'],
  '^': ['string', 'PM', 'privacy message: not shown'],
  _: ['string', 'APC', 'application program command: not shown'],
  k: ['string', 'screen title', ''],
};

/** A byte order mark is a character like any other. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, Math.min(to, from + MAX_WORDS))) + (to - from > MAX_WORDS ? '…' : '');

/** Length of the character that a byte begins; 0 where it begins none. */
function utf8Length(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

/** Whether `byte` may follow as the second byte of a character that begins with `first`. */
function isSecond(first: number, byte: number): boolean {
  if (first === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
  if (first === 0xed) return byte >= 0x80 && byte <= 0x9f;
  if (first === 0xf0) return byte >= 0x90 && byte <= 0xbf;
  if (first === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  return byte >= 0x80 && byte <= 0xbf;
}

/** Bytes from `at` that are a character or the beginning of one; negative where that is cut off by the end, 0 where they are neither. */
function characterAt(bytes: Uint8Array, at: number): number {
  const length = utf8Length(bytes[at]!);
  for (let i = 1; i < length; i++) {
    if (at + i >= bytes.length) return -i;
    const byte = bytes[at + i]!;
    if (i === 1 ? !isSecond(bytes[at]!, byte) : byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}

interface Token {
  readonly kind: PieceKind;
  readonly to: number;
  readonly open: boolean;
  readonly name: string;
  readonly meaning: string;
}

const code = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;

function runToken(bytes: Uint8Array, from: number): Token {
  let to = from;
  let count = 0;
  while (to < bytes.length) {
    const byte = bytes[to]!;
    if (byte < 0x20 || byte === DEL) break;
    const length = byte < 0x80 ? 1 : characterAt(bytes, to);
    // U+0080 to U+009F are controls of their own.
    if (length <= 0 || (byte === 0xc2 && bytes[to + 1]! < 0xa0)) break;
    to += length;
    count += 1;
  }
  const shown = Array.from(decoder.decode(bytes.subarray(from, Math.min(to, from + MAX_RUN * 4))));
  const codes = shown.slice(0, MAX_CODES).map((character) => code(character.codePointAt(0)!));
  return {
    kind: 'text',
    to,
    open: false,
    name: shown.slice(0, MAX_RUN).join('') + (count > MAX_RUN ? '…' : ''),
    meaning: `${String(count)} ${count === 1 ? 'character' : 'characters'}: ${codes.join(' ')}${count > MAX_CODES ? ' …' : ''}`,
  };
}

function notAscii(bytes: Uint8Array, from: number): Token {
  const length = characterAt(bytes, from);
  if (length > 0 && bytes[from] === 0xc2 && bytes[from + 1]! < 0xa0) {
    return {
      kind: 'control',
      to: from + 2,
      open: false,
      name: code(bytes[from + 1]!),
      meaning: 'a control of 8 bits in UTF-8: left out',
    };
  }
  if (length > 0) return runToken(bytes, from);
  if (length < 0) {
    const whole = utf8Length(bytes[from]!);
    return {
      kind: 'text',
      to: bytes.length,
      open: true,
      name: '',
      meaning: `the first ${String(-length)} of the ${String(whole)} bytes of a character`,
    };
  }
  let to = from + 1;
  while (to < bytes.length && bytes[to]! >= 0x80 && characterAt(bytes, to) === 0) to += 1;
  return { kind: 'invalid', to, open: false, name: `${String(to - from)} B`, meaning: 'not UTF-8: left out' };
}

/** A string from its first byte of content on: to its terminator, or to what breaks it off. */
function stringToken(bytes: Uint8Array, from: number, introducer: string): Token {
  const [kind, name, meaning] = STRINGS[introducer]!;
  let end = from;
  while (end < bytes.length) {
    const byte = bytes[end]!;
    if (byte === ESC || byte === CAN || byte === SUB || (byte === BEL && kind === 'osc')) break;
    end += 1;
  }
  const cut = end >= bytes.length || (bytes[end] === ESC && end + 1 >= bytes.length);
  const closed = bytes[end] === BEL || (bytes[end] === ESC && bytes[end + 1] === BACKSLASH);
  const to = cut ? bytes.length : end + (bytes[end] === BEL ? 1 : closed ? 2 : 0);
  const said =
    kind === 'osc'
      ? describeOsc(textOf(bytes, from, end))
      : kind === 'dcs'
        ? describeDcs(textOf(bytes, from, end))
        : { name: `${name} ${textOf(bytes, from, end)}`, meaning };
  return { kind, to, open: cut, name: said.name, meaning: cut || closed ? said.meaning : `${said.meaning} (broken off)`.trim() };
}

function csiToken(bytes: Uint8Array, from: number, typed: boolean): Token {
  let end = from;
  let body = '';
  let inside = '';
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!;
    if (byte === ESC || byte === CAN || byte === SUB) {
      return { kind: 'csi', to: end, open: false, name: `CSI ${body}`, meaning: 'broken off' };
    }
    if (byte >= 0x40 && byte < DEL) break;
    if (byte >= 0x20 && byte < 0x40 && body.length < MAX_WORDS) body += String.fromCharCode(byte);
    else if (byte < 0x20 && inside.length < MAX_WORDS) inside += `, ${CONTROLS[byte]![0]} inside of it`;
  }
  if (end >= bytes.length) return { kind: 'csi', to: end, open: true, name: `CSI ${body}`, meaning: '' };
  const { name, meaning } = describeCsi(body, String.fromCharCode(bytes[end]!), typed);
  return { kind: 'csi', to: end + 1, open: false, name, meaning: meaning + inside };
}

function escapeToken(bytes: Uint8Array, from: number, typed: boolean): Token {
  const first = bytes[from + 1];
  if (first === undefined) return { kind: 'escape', to: from + 1, open: !typed, name: 'ESC', meaning: typed ? 'Esc' : '' };
  const letter = String.fromCharCode(first);
  if (first === 0x5b) return csiToken(bytes, from + 2, typed);
  if (!typed && Object.hasOwn(STRINGS, letter)) return stringToken(bytes, from + 2, letter);
  let end = from + 1;
  let body = '';
  while (end < bytes.length && bytes[end]! >= 0x20 && bytes[end]! < 0x30) {
    if (body.length < MAX_WORDS) body += String.fromCharCode(bytes[end]!);
    end += 1;
  }
  if (end >= bytes.length) return { kind: 'escape', to: end, open: true, name: `ESC ${body}`, meaning: '' };
  if (bytes[end]! < 0x30 || bytes[end]! >= DEL)
    return { kind: 'escape', to: end, open: false, name: 'ESC', meaning: 'broken off' };
  // SS3 brings one more character when a key is typed.
  const long = typed && letter === 'O' && bytes[end + 1] !== undefined && bytes[end + 1]! >= 0x20 ? 2 : 1;
  const final = String.fromCharCode(...bytes.subarray(end, end + long));
  return { kind: 'escape', to: end + long, open: false, ...describeEscape(body, final, typed) };
}

function tokenAt(bytes: Uint8Array, from: number, typed: boolean): Token {
  const byte = bytes[from]!;
  if (byte === ESC) return escapeToken(bytes, from, typed);
  if (byte >= 0x80) return notAscii(bytes, from);
  if (byte >= 0x20 && byte !== DEL) return runToken(bytes, from);
  const [name, meaning] = CONTROLS[byte]!;
  const key = TYPED_CONTROLS[byte] ?? (byte < 0x20 ? `Ctrl+${String.fromCharCode(byte + 0x40)}` : '');
  return { kind: 'control', to: from + 1, open: false, name, meaning: typed ? `key: ${key}` : meaning };
}

/** Reads the bytes of an event. `typed`: they are input, so sequences are keys. */
export function decodeSequences(event: Uint8Array, head: Head, typed: boolean): Decoded {
  const before = head.bytes.length;
  let bytes = event;
  if (before > 0) {
    bytes = new Uint8Array(before + event.length);
    bytes.set(head.bytes);
    bytes.set(event, before);
  }
  const pieces: Piece[] = [];
  let at = 0;
  while (at < bytes.length && pieces.length < MAX_PIECES) {
    const { to, ...token } = tokenAt(bytes, at, typed);
    const earlier = Math.max(0, before - at) + (at < before ? head.skipped : 0);
    if (to > before) pieces.push({ ...token, from: Math.max(0, at - before), to: to - before, earlier });
    at = to;
  }
  return { pieces, rest: bytes.length - at };
}

/**
 * What is open at the end of output. `before`: the last bytes of it, of both streams in their order; `all`: there were none before them.
 * Null: it cannot be told, because these bytes hold no point at which the emulator's state is known.
 */
export function openSequence(before: Uint8Array, all: boolean): Head | null {
  let from = before.length - 1;
  while (from >= 0 && before[from] !== ESC && before[from] !== CAN && before[from] !== SUB) from -= 1;
  if (from < 0) return all ? NO_HEAD : null;
  if (before[from] !== ESC) return NO_HEAD;
  const { open } = tokenAt(before, from, false);
  if (!open) return NO_HEAD;
  const bytes = before.slice(from, from + MAX_HEAD);
  return { bytes, skipped: before.length - from - bytes.length };
}

/** The character that the last bytes of one stream begin and do not end. */
export function openCharacter(before: Uint8Array): Head {
  for (let back = 1; back <= 3 && back <= before.length; back++) {
    const at = before.length - back;
    if (before[at]! < 0x80) return NO_HEAD;
    if (utf8Length(before[at]!) > 0) return characterAt(before, at) < 0 ? { bytes: before.slice(at), skipped: 0 } : NO_HEAD;
  }
  return NO_HEAD;
}
