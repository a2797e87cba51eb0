// What the detectors of hidden text share: a piece of text that may have been hidden, when it counts for anything, and the list of
// what was found, which stays bounded whatever a recording does. The rules are in docs/hidden-text.md.

import type { HiddenCause, HiddenFinding } from '../../shared/api/shapes.ts';
import type { StreamName } from '../../shared/recording/event.ts';
import { ZERO, type Micros } from '../../shared/recording/time.ts';
import type { Fact, TextLine, TextStep } from '../library/library.ts';
import type { Now } from './line-builder.ts';

/** A finding as its fact holds it. */
export type FoundHidden = Omit<HiddenFinding, 'index' | 'fromUs' | 'toUs'>;

/** Where a detector stands. */
export interface Instant extends Now {
  readonly stream: StreamName;
  /** The event came with no time that could be placed: it stands at the time of the one before it. */
  readonly untimed?: boolean;
}

export interface Place {
  readonly row: number;
  readonly col: number;
}

export interface Suspect {
  readonly cause: HiddenCause;
  readonly text: string;
  /** When which part of the text came, where it grew; else all of it at `from`. */
  readonly steps?: readonly TextStep[];
  readonly from: Instant;
  readonly to: Micros;
  readonly place: Place | null;
  /** It has several rows from that place on: where a part of it stood is not known. */
  readonly isPage?: boolean;
  readonly note: string;
}

/** How long text must stand to count as readable, in microseconds: the bar that the requirement sets. */
export const READABLE = 100_000;

/** Longest text of a finding, in UTF-16 units. */
export const MAX_TEXT = 1000;

/** Different findings of one recording, and how many of those that are equal are kept one by one. */
const MAX_FINDINGS = 9000;
const MAX_EQUAL = 20;
/** Equal ones within this time are one, counted: a screen that is drawn anew says everything again. */
const SAME_TIME = 1_000_000;

const SPACE = /\s+/g;
const TOKEN = /[\p{L}\p{M}\p{N}]+/gu;
const LETTERS = /\p{L}{2,}/gu;
const HAS_LETTER = /\p{L}/u;
/** A number with the unit of a size, a rate, a share or a time. It begins at its first digit only, or all of its ends are tried at each. */
const MEASURE = /(?<![\p{L}\d]|\d[.,:]+)\d[\d.,:]*\s?(?:%|[kKMGT]?i?[Bb](?:\/s)?|[mµn]?s|h|m|ETA|eta)(?![\p{L}\d])/gu;
/** Shorter numbers count something. */
const LONG_NUMBER = 6;

/** What is looked at of a text that may shrink to that length, in UTF-16 units. */
export const MAX_SENT = 4 * MAX_TEXT;

/** One line without control characters, blanks as one, cut. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.slice(0, MAX_SENT).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return line.replaceAll(SPACE, ' ').trim().slice(0, MAX_TEXT).toWellFormed();
}

/** Letters, digits and marks of a text. */
export function substance(text: string): number {
  let count = 0;
  for (const [token] of text.matchAll(TOKEN)) count += token.length;
  return count;
}

/** Tokens of a text that tell something: words, codes, long numbers; not counters, sizes, times, bars and spinners. */
export const tokensOf = (text: string): string[] =>
  Array.from(text.replaceAll(MEASURE, ' ').matchAll(TOKEN), ([token]) => token).filter(
    (token) => token.length >= LONG_NUMBER || (token.length > 1 && HAS_LETTER.test(token)),
  );

/** Characters of a text that tell something. */
export const telling = (text: string): number => tokensOf(text).reduce((sum, { length }) => sum + length, 0);

/** Its words in lower case: two letters and more, which leaves out counters, bars and spinners. */
export const wordsOf = (text: string): Set<string> => new Set(Array.from(text.matchAll(LETTERS), ([word]) => word.toLowerCase()));

/** Numbers and no words: counters and columns of tables, which change from one drawing to the next. */
export const isNumber = (text: string): boolean => /\d/.test(text) && wordsOf(text).size === 0;

/** A time as people say it. */
export function lasted(us: number): string {
  if (us === 0) return 'no time';
  if (us < 1000) return `${String(us)} µs`;
  return us < 1_000_000 ? `${String(Math.round(us / 1000))} ms` : `${(us / 1_000_000).toFixed(1)} s`;
}

/** The words between wide gaps and lines of a drawing: what a person reads as one. */
export const piecesOf = (text: string): string[] =>
  text
    .split(/\s{2,}|[\u2500-\u259f|]+/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');

/** Where nothing is known of the time at which a bound was reached. */
const SOMEWHERE: Instant = { at: ZERO, index: 0, stream: 'stdout' };

/** Says among the findings that a bound was reached: `note` tells what that means. */
export const notSearched = (what: string, note: string, from: Instant = SOMEWHERE): Suspect => ({
  cause: 'not-searched',
  text: what,
  from,
  to: from.at,
  place: null,
  note,
});

interface Kept {
  readonly suspect: Suspect;
  times: number;
  /** When it went, and all that are counted with it. */
  to: Micros;
}

export class HiddenFindings {
  readonly #found: Kept[] = [];
  readonly #equal = new Map<string, { count: number; last: Kept | null }>();
  /** Bounds that were reached, each once. */
  readonly #bounds = new Map<string, Suspect>();

  add(suspect: Suspect): void {
    const text = plain(suspect.text);
    if (text === '') return;
    if (suspect.cause === 'not-searched') {
      if (!this.#bounds.has(text)) this.#bounds.set(text, suspect);
      return;
    }
    const key = `${suspect.cause} ${suspect.from.stream} ${text}`;
    const equal = this.#equal.get(key) ?? { count: 0, last: null };
    if (equal.count === 0 && this.#equal.size >= MAX_FINDINGS) {
      this.add(notSearched('further findings', `No more than ${String(MAX_FINDINGS)} different findings are listed.`));
      return;
    }
    this.#equal.set(key, equal);
    const { last } = equal;
    const again = last !== null && suspect.from.at - last.suspect.from.at < SAME_TIME;
    if (last !== null && (again || equal.count >= MAX_EQUAL || this.#found.length >= MAX_FINDINGS)) {
      last.times += 1;
      if (suspect.to > last.to) last.to = suspect.to;
      return;
    }
    const found = { suspect: { ...suspect, text }, times: 1, to: suspect.to };
    equal.count += 1;
    equal.last = found;
    this.#found.push(found);
  }

  /** All of them by time, as facts and as lines of text: one of each for each finding. A bound that was reached is no text. */
  take(cols: number, end: Micros): { readonly fact: Fact; readonly line: TextLine | null }[] {
    const bounds = Array.from(this.#bounds.values(), (suspect): Kept => ({ suspect, times: 1, to: end }));
    return [...this.#found, ...bounds]
      .toSorted(({ suspect: a }, { suspect: b }) => a.from.at - b.from.at || a.from.index - b.from.index)
      .map(({ suspect, times, to: last }) => {
        const { cause, text, from, to, place, isPage, note } = suspect;
        const lineAt = isPage === true ? null : place;
        const row = place?.row ?? null;
        const col = place?.col ?? null;
        const data: FoundHidden = { cause, text, row, col, stream: from.stream, note, times };
        return {
          fact: { lane: 'hidden', from: from.at, to: last, index: from.index, data: JSON.stringify(data) },
          line:
            cause === 'not-searched'
              ? null
              : {
                  text,
                  steps: stepsOf(suspect),
                  to,
                  row: lineAt?.row ?? -1,
                  col: lineAt?.col ?? -1,
                  cols: lineAt === null ? 0 : cols,
                },
        };
      });
  }
}

function stepsOf({ text, steps, from }: Suspect): readonly TextStep[] {
  const whole = { length: text.length, at: from.at, index: from.index };
  if (steps === undefined || steps.at(-1)?.length !== text.length) return [whole];
  return steps;
}
