// Text of a recording on its way to somebody's terminal or spreadsheet. A title may hold escape sequences, a file name may
// hold characters that turn the reading direction: they are shown, never sent. What is written can be read back to what was meant:
// the rules are in docs/command-line.md, "Forms".

const HOSTILE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]|\\(?=u\{)/gu;

/**
 * One line of text with every control, zero-width and bidirectional control character written as `\u{1b}`. So is a backslash that
 * stands before `u{` in the text itself.
 */
export function visible(text: string): string {
  return text.replaceAll(HOSTILE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** What acts on a terminal, turns its reading direction, or is no text at the beginning of YAML, and that JSON leaves as it is. */
const ACTING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** JSON text that acts on no terminal: it has such characters inside quotes alone, where their escapes mean the same text. */
export function harmlessJson(json: string): string {
  return json.replaceAll(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What spreadsheets take for the beginning of a formula, full-width forms too, and the sign that is put before it. */
const FORMULA = /^[\s]*[=+\-@'\uff1d\uff0b\uff0d\uff20]/;

/** A cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula, whatever it takes for the end of a cell. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
