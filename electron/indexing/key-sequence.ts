// Keys that a terminal sends as sequences begin as the Escape key does. What follows belongs to it when it comes with it or at once, as
// terminal programs judge it by the same time: what is typed after that is typed by itself.

import { TextDecoder } from 'node:util';
import type { Now } from './line-builder.ts';

/** The longest time between two events with bytes of one sequence, in microseconds: most are one event, and a slow line may cut them. */
const ESCAPE_TIME = 50_000;

/**
 * How the report of a mouse goes on behind Escape where it has no encoding: three characters, which may be letters.
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html (mouse tracking)
 */
export const MOUSE = String.raw`\[M[^\u0000-\u001f]{3}`;
/** The beginning of one. */
export const MOUSE_BEGUN = String.raw`\[M[^\u0000-\u001f]{0,2}`;

/** Keys that are to be read together, and when they came. */
export interface Keys<T extends Now> {
  readonly text: string;
  readonly now: T;
}

/** Joins the beginning of a sequence with what comes at once behind it. */
export class KeyJoiner<T extends Now> {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #begun = '';
  #last: T | null = null;

  /** What an event brings. `escaped`: what was typed behind a lone Escape key, that key left out; null where there was none. */
  next(bytes: Uint8Array, now: T): { readonly escaped: Keys<T> | null; readonly keys: Keys<T> } {
    const text = this.#decoder.decode(bytes, { stream: true });
    const begun = this.#begun;
    const last = this.#last;
    this.#begun = '';
    this.#last = now;
    if (begun === '' || last === null || now.at - last.at <= ESCAPE_TIME)
      return { escaped: null, keys: { text: begun + text, now } };
    return { escaped: { text: begun.slice(1), now: last }, keys: { text, now } };
  }

  /** The keys end in the beginning of a sequence. */
  hold(begun: string): void {
    this.#begun = begun;
  }

  /** What was typed behind an Escape key of which nothing came any more. */
  rest(): string {
    return this.#begun.slice(1);
  }
}

/** A line without its last character, as backspace leaves it. */
export function withoutLast(line: string): string {
  return line.slice(0, /[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(-2)) ? -2 : -1);
}

/** A line without its last word and the blanks behind it, as ^W leaves it. From behind: an expression would begin at each sign of the line. */
export function withoutLastWord(line: string): string {
  let end = line.trimEnd().length;
  while (end > 0 && line[end - 1]!.trim() !== '') end -= 1;
  return line.slice(0, end);
}
