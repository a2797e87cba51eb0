// Which of the texts that went too soon to be read were hidden, and which are what programs do: spinners, bars and status lines that
// are drawn anew all the time, animations, a page that is paged away. Told by how often it happens in one place, and how much of it at
// one time; and at last by whether the text could be read at another time of the session.

import type { Line } from '../../shared/terminal/internals.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { piecesOf, telling, wordsOf, type Suspect } from './hidden-findings.ts';
import type { Departure, Fleeting } from './hidden-fleeting.ts';
import { isOrdinaryMessage } from './hidden-messages.ts';
import type { Readable } from './hidden-readable.ts';
import { lasted } from './hidden-styles.ts';

/** Letters and digits of a text below which it says nothing: parts of words that are drawn anew. */
const LEAST = 4;

/** What is more than this in a second in one row is redrawn, when it goes on saying some of the same. */
const REDRAWS = 3;
const SECOND = 1_000_000;
/** Losses of a row are remembered until all that they say something about was decided. */
const REMEMBERED = 4 * SECOND;
const MAX_REMEMBERED = 128;

/** Screens of rows that go within two seconds: more is an animation, or paging, which people do not read either. */
const FLOOD_SCREENS = 2;
const FLOOD_LEAST = 48;

/** Keys that a person types within 100 ms before the one that enters a line. */
const LAST_KEYS = 2;

/** Suspects that are kept until the session was read. */
const MAX_SUSPECTS = 4000;

const CAUSES = { erased: 'short-lived', covered: 'repainted', pushed: 'off-screen' } as const;

const WENT: Readonly<Record<Departure, string>> = {
  erased: 'was erased or overwritten',
  covered: 'was painted over',
  pushed: 'was pushed off the screen',
};

interface Recent {
  readonly at: number;
  readonly words: ReadonlySet<string>;
}

export class Flicker {
  readonly #emulator: Emulator;
  readonly #emit: (suspect: Suspect) => void;
  readonly #recent = new WeakMap<Line, Recent[]>();
  /** Rows that lost text, by the second. */
  readonly #losses = new Map<number, number>();
  #waiting: Fleeting[] = [];
  #suspects: Fleeting[] = [];

  constructor(emulator: Emulator, emit: (suspect: Suspect) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
  }

  add(fleeting: Fleeting): void {
    if (fleeting.text.length < LEAST) return;
    if (fleeting.goesOn) {
      this.#note(fleeting);
      return;
    }
    if (telling(fleeting.text) < LEAST) return;
    this.#note(fleeting);
    if (isOrdinaryMessage(fleeting.text) || this.#isRedrawn(fleeting)) return;
    const second = Math.floor(fleeting.gone.at / SECOND);
    this.#losses.set(second, (this.#losses.get(second) ?? 0) + 1);
    // More than a flood tells nothing.
    if (this.#waiting.length < this.#flood * 4) this.#waiting.push(fleeting);
  }

  get #flood(): number {
    return Math.max(FLOOD_LEAST, this.#emulator.terminal.rows * FLOOD_SCREENS);
  }

  /** Notes what a row lost. */
  #note({ text, line, gone }: Fleeting): void {
    const recent = (this.#recent.get(line) ?? []).filter(({ at }) => at + REMEMBERED > gone.at);
    recent.push({ at: gone.at, words: wordsOf(text) });
    this.#recent.set(line, recent.slice(-MAX_REMEMBERED));
  }

  /** A row that lost text again and again, before or after, and goes on with some of the same words. */
  #isRedrawn({ text, after, line, gone }: Fleeting): boolean {
    const near = (this.#recent.get(line) ?? []).filter(({ at }) => Math.abs(at - gone.at) < SECOND);
    if (near.length <= REDRAWS) return false;
    const words = Array.from(wordsOf(text));
    const shares = (other: ReadonlySet<string>): boolean => words.some((word) => other.has(word));
    return shares(wordsOf(after)) || near.some((one) => one.at !== gone.at && shares(one.words));
  }

  /** Decides what waited until the seconds around it were over. */
  settle(now: number): void {
    if (this.#losses.size === 0) return;
    const second = Math.floor(now / SECOND);
    const kept: Fleeting[] = [];
    for (const fleeting of this.#waiting) {
      const at = Math.floor(fleeting.gone.at / SECOND);
      if (at + 2 > second) {
        kept.push(fleeting);
        continue;
      }
      const lost = (when: number): number => this.#losses.get(when) ?? 0;
      const flood = lost(at) + Math.max(lost(at - 1), lost(at + 1)) > this.#flood;
      if (!flood && !this.#isRedrawn(fleeting) && this.#suspects.length < MAX_SUSPECTS) this.#suspects.push(fleeting);
    }
    this.#waiting = kept;
    for (const when of this.#losses.keys()) if (when + 4 < second) this.#losses.delete(when);
  }

  finish(readable: Readable): void {
    this.settle(Infinity);
    for (const { text, from, gone, row, col, how, after } of this.#suspects) {
      // The numbers of a table change from one drawing to the next.
      const goesOn = (piece: string): boolean => wordsOf(piece).size === 0 && /\d/.test(after);
      if (piecesOf(text).every((piece) => telling(piece) < LEAST || goesOn(piece) || wasRead(piece, readable))) continue;
      const stood = gone.at - from.at;
      const note = stood === 0 ? `Never stood: it ${WENT[how]} at once.` : `Stood for ${lasted(stood)}, then ${WENT[how]}.`;
      this.#emit({ cause: CAUSES[how], text, from, to: gone.at, place: { row, col }, note });
    }
  }
}

/** Whether a piece could be read, or was typed up to its last characters, or was a part of a line that said the same otherwise. */
function wasRead(piece: string, readable: Readable): boolean {
  const typed = piece.slice(0, -LAST_KEYS);
  return readable.text(piece) || (telling(typed) >= LEAST && readable.text(typed)) || readable.words(wordsOf(piece));
}
