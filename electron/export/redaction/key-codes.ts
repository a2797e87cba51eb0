// Keys that come as CSI sequences with their numbers, and not as the characters that they make: of the kitty keyboard protocol (and of
// CSI u, which it grew from), of xterm's modifyOtherKeys, and of win32-input-mode. https://sw.kovidgoyal.net/kitty/keyboard-protocol/
// https://invisible-island.net/xterm/modified-keys.html
// https://github.com/microsoft/terminal/blob/main/doc/specs/%234999%20-%20Improved%20keyboard%20handling%20in%20Conhost.md

/** Code points that a key makes, or the sequence, without its ESC, that it would send without these protocols. */
export type PlainKeys = readonly number[] | string;

export interface ReportedKey {
  /** Which key it is: the same for its press, its repeats and its release. */
  readonly key: number;
  readonly keys: PlainKeys;
  /** `modifier`: a press of Shift and its kin, which belongs to the key that it is held for. */
  readonly kind: 'pressed' | 'modifier' | 'released';
}

/** Longest body of a sequence that is read as a key. */
export const MAX_KEY = 256;

const KITTY = /^\[(\d+)(?::(\d*)(?::\d*)?)?(?:;(\d*)(?::(\d*))?(?:;([\d:]*))?)?u$/;
/** Cursor and function keys in the form of kitty, with modifiers and perhaps what happened to the key. */
const FUNCTION = /^\[(\d+);(\d+)(?::(\d+))?([A-FHPQS~])$/;
const OTHER_KEYS = /^\[27;(\d+);(\d+)~$/;
const WIN32 = /^\[(\d*)(?:;(\d*))?(?:;(\d*))?(?:;(\d*))?(?:;(\d*))?(?:;(\d*))?_$/;

/** Bits of modifiers, of which sequences tell the sum and one more. */
const SHIFT = 1;
const ALT = 2;
const CTRL = 4;
const CAPS_LOCK = 64;
/** Alt, Ctrl, Super, Hyper and Meta: with them a key makes no text. */
const COMMANDS = ALT | CTRL | 8 | 16 | 32;
/** What happened to a key. */
const RELEASED = 3;

/** Kitty's numbers: of the keypad with characters, of its cursor keys, of Shift and its kin. */
const KEYPAD_FIRST = 57399;
const KEYPAD = '0123456789./*-+\r=,';
const KEYPAD_CURSOR: Readonly<Record<number, string>> = { 57417: '[D', 57418: '[C', 57423: '[H', 57424: '[F', 57426: '[3~' };
const isKittyModifier = (key: number): boolean => (key >= 57358 && key <= 57360) || (key >= 57441 && key <= 57454);

/** Numbers of Windows: cursor keys, Shift and its kin, Alt, and the key of characters that no key has. */
const WINDOWS_CURSOR: Readonly<Record<number, string>> = { 35: '[F', 36: '[H', 37: '[D', 39: '[C', 46: '[3~' };
const WINDOWS_MODIFIERS: ReadonlySet<number> = new Set([16, 17, 18, 20, 91, 92, 144, 145, 160, 161, 162, 163, 164, 165]);
const WINDOWS_ALT = 18;
const WINDOWS_PACKET = 231;
const MOST_REPEATS = 1024;

/** Where keys of Windows and of functions are told from characters. */
const WINDOWS_KEYS = 0x200000;
const FUNCTION_KEYS = 0x400000;

/** Where Unicode has no characters, kitty has other keys. */
const isOtherKey = (code: number): boolean => code === 0 || code > 0x10ffff || (code >= 0xe000 && code <= 0xf8ff);

/** The key that makes a character, as its release names it: that without Shift, where it is a letter. */
export function keyOf(code: number): number {
  return String.fromCodePoint(code).toLowerCase().codePointAt(0)!;
}

const modifiersOf = (text: string | undefined): number => Math.max(0, Number(text ?? '') - 1);

/** One character with modifiers. */
function character(code: number, modifiers: number): PlainKeys {
  if (isOtherKey(code)) return [];
  const commands = modifiers & COMMANDS;
  if (commands === 0 || code < 0x20 || code === 0x7f) return [code];
  if (commands === CTRL && code >= 0x40 && code < 0x7f) return [code & 0x1f];
  return commands === ALT ? String.fromCodePoint(code) : [];
}

function kittyKeys([, number, shifted, modifiers, , text]: RegExpExecArray): PlainKeys {
  const made = (text ?? '')
    .split(':')
    .filter((code) => code !== '')
    .map(Number);
  if (made.length > 0) return made.filter((code) => !isOtherKey(code));
  const key = Number(number);
  const cursor = KEYPAD_CURSOR[key];
  if (cursor !== undefined) return cursor;
  const held = modifiersOf(modifiers);
  const code = KEYPAD.codePointAt(key - KEYPAD_FIRST) ?? key;
  if ((held & (SHIFT | CAPS_LOCK)) === 0 || isOtherKey(code)) return character(code, held);
  if ((held & SHIFT) !== 0 && Number(shifted ?? '') > 0) return character(Number(shifted), held);
  const upper = Array.from(String.fromCodePoint(code).toUpperCase());
  return character(upper.length === 1 ? upper[0]!.codePointAt(0)! : code, held);
}

function kittyKey(read: RegExpExecArray): ReportedKey {
  const number = Number(read[1]);
  const key = isOtherKey(number) ? number : keyOf(number);
  if (Number(read[4]) === RELEASED) return { key, keys: [], kind: 'released' };
  return isKittyModifier(number) ? { key, keys: [], kind: 'modifier' } : { key, keys: kittyKeys(read), kind: 'pressed' };
}

function functionKey([, number, modifiers, event, final]: RegExpExecArray): ReportedKey {
  const key = FUNCTION_KEYS + Math.min(Number(number), 0xffff) * 0x80 + final!.charCodeAt(0);
  if (Number(event) === RELEASED) return { key, keys: [], kind: 'released' };
  const held = modifiersOf(modifiers) & (SHIFT | COMMANDS);
  const name = final === '~' || held !== 0 ? number! : '';
  return { key, keys: `[${name}${held === 0 ? '' : `;${String(held + 1)}`}${final!}`, kind: 'pressed' };
}

function windowsKey([, number, , unit, down, , repeats]: RegExpExecArray): ReportedKey {
  const virtual = Number(number ?? '');
  const code = Number(unit ?? '');
  const key = WINDOWS_KEYS + Math.min(virtual === 0 || virtual === WINDOWS_PACKET ? 0x10000 + code : virtual, 0x1ffff);
  if (Number(down ?? '') === 0) {
    // A character whose number was typed with Alt is made when Alt is let go.
    return virtual === WINDOWS_ALT && code > 0 && code <= 0xffff
      ? { key, keys: [code], kind: 'pressed' }
      : { key, keys: [], kind: 'released' };
  }
  if (WINDOWS_MODIFIERS.has(virtual)) return { key, keys: [], kind: 'modifier' };
  if (code === 0 || code > 0xffff) return { key, keys: WINDOWS_CURSOR[virtual] ?? [], kind: 'pressed' };
  // A UTF-16 unit: two keys make a character beyond the first plane.
  const times = Math.min(MOST_REPEATS, Math.max(1, Number(repeats ?? '')));
  return { key, keys: Array.from({ length: times }, () => code), kind: 'pressed' };
}

/** What a sequence from the keyboard, without its ESC, says in one of these protocols; null where it is of none of them. */
export function reportedKey(sequence: string): ReportedKey | null {
  const kitty = KITTY.exec(sequence);
  if (kitty !== null) return kittyKey(kitty);
  const other = OTHER_KEYS.exec(sequence);
  if (other !== null) {
    const code = Number(other[2]);
    const keys = character(code, modifiersOf(other[1]));
    return { key: isOtherKey(code) ? code : keyOf(code), keys, kind: 'pressed' };
  }
  const cursor = FUNCTION.exec(sequence);
  if (cursor !== null) return functionKey(cursor);
  const windows = WIN32.exec(sequence);
  return windows === null ? null : windowsKey(windows);
}

/** What the keys in a text make, sequences of these protocols read as their characters; null where it has none of them. */
export function typedAs(text: string): string | null {
  let any = false;
  // oxlint-disable-next-line no-control-regex
  const typed = text.replaceAll(/\u001b(\[[\d;:]{1,256}[u~_])/g, (whole, sequence: string) => {
    const reported = reportedKey(sequence);
    if (reported === null) return whole;
    any = true;
    return typeof reported.keys === 'string' ? '' : String.fromCodePoint(...reported.keys);
  });
  return any ? typed : null;
}
