// Which of the texts that went too soon to be read were hidden, and which are what programs do: spinners, bars and status lines that
// are drawn anew all the time, animations, a page that is paged away. Told by how often it happens in one place, and how much of it at
// one time; and at last by whether the text could be read at another time of the session.

import type { Line } from '../../shared/terminal/internals.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import { isNumber, notSearched, piecesOf, telling, tokensOf, wordsOf, type Suspect } from './hidden-findings.ts';
import type { Fleeting } from './hidden-fleeting.ts';
import { isOrdinaryMessage } from './hidden-messages.ts';
import { drawingsOf, findingsOf } from './hidden-drawings.ts';
import type { Readable } from './hidden-readable.ts';

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
const FLEETING = 'text that went too soon';
const UNTIMED = 'text that went at unknown times';

/** Numbers of a row from which on it is a row of a table. */
const TABLE_NUMBERS = 4;
const NUMBER = /(?<![\p{L}\p{N}]|\d[.,:]+)\d(?:[\d.,:]*\d)?[kKMGT%]?(?![\p{L}\p{N}])/gu;

interface Recent {
  readonly at: number;
  readonly col: number;
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
    if (fleeting.goesOn || fleeting.byKey) {
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
  #note({ text, line, gone, col }: Fleeting): void {
    const recent = (this.#recent.get(line) ?? []).filter(({ at }) => at + REMEMBERED > gone.at);
    recent.push({ at: gone.at, col, words: wordsOf(text) });
    this.#recent.set(line, recent.slice(-MAX_REMEMBERED));
  }

  /** A row that lost text again and again, before or after, and goes on with some of the same words, or behind the same label. */
  #isRedrawn({ text, after, before, line, gone, col }: Fleeting): boolean {
    const near = (this.#recent.get(line) ?? []).filter(({ at }) => Math.abs(at - gone.at) < SECOND);
    if (near.length <= REDRAWS) return false;
    if (telling(before) >= LEAST && near.every((one) => one.col === col)) return true;
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
      if (flood || this.#isRedrawn(fleeting)) continue;
      if (this.#suspects.length < MAX_SUSPECTS) this.#suspects.push(fleeting);
      else
        this.#emit(
          notSearched(FLEETING, `From here on it is not judged: ${String(MAX_SUSPECTS)} pieces of it are.`, fleeting.from),
        );
    }
    this.#waiting = kept;
    for (const when of this.#losses.keys()) if (when + 4 < second) this.#losses.delete(when);
  }

  /** `isTimed`: time passes in the recording. */
  finish(readable: Readable, isTimed: boolean): void {
    this.settle(Infinity);
    const hidden = this.#suspects.filter((fleeting) => !wasRead(fleeting, readable));
    const knows = ({ from, gone }: Fleeting): boolean => isTimed && from.untimed !== true && gone.untimed !== true;
    const unknown = hidden.find((fleeting) => !knows(fleeting));
    if (unknown !== undefined) {
      const which = isTimed ? 'Some events have no time that can be placed' : 'All events stand at one time';
      this.#emit(notSearched(UNTIMED, `${which}: how long their text stood is not known.`, unknown.from));
    }
    for (const drawing of drawingsOf(hidden.filter(knows))) findingsOf(drawing).forEach(this.#emit);
  }
}

/** Numbers of a table change from one drawing to the next; its words are what it says. */
const isTableRow = (text: string): boolean => wordsOf(text).size > 0 && Array.from(text.matchAll(NUMBER)).length >= TABLE_NUMBERS;

/** Whether all that a text tells could be read, or goes on as other numbers. */
function wasRead({ text, instead }: Fleeting, readable: Readable): boolean {
  const inTable = isTableRow(text);
  return piecesOf(text).every((piece) => {
    if (telling(piece) < LEAST) return true;
    const at = text.indexOf(piece);
    if (isNumber(piece) && (inTable || isNumber(instead.slice(at, at + piece.length)))) return true;
    // Typed up to its last characters, or a part of a line that said the same otherwise.
    const typed = piece.slice(0, -LAST_KEYS);
    if (readable.text(piece) || (telling(typed) >= LEAST && readable.text(typed))) return true;
    return readable.words(inTable ? wordsOf(piece) : new Set([...wordsOf(piece), ...tokensOf(piece)]));
  });
}
