// Text of a recording on its way to the user's own terminal or spreadsheet. A title may hold escape sequences, a file name may
// hold characters that turn the reading direction: they are shown, never sent.

const HOSTILE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** One line of text with every control, zero-width and bidirectional control character written as `\u{1b}`. */
export function visible(text: string): string {
  return text.replaceAll(HOSTILE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** A cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
