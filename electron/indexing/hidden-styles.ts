// Text that stands on the screen in a style that cannot be read: concealed, or in the colour of what is behind it. Only rows in which
// something was printed in such a style are looked at, at the end of each instant and as they leave, until it is gone.

import { BG, CELL_SIZE, COLOUR_MODE, CONTENT, FG, HAS_CONTENT, WIDTH_SHIFT } from '../../shared/terminal/cells.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cellText, rowText } from '../../shared/terminal/text.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextStep } from '../library/library.ts';
import type { StyleJudge, StyleVerdict } from './hidden-colours.ts';
import { lasted, MAX_TEXT, substance, type Instant, type Suspect } from './hidden-findings.ts';

/** A text that can be read within so short a time was not hidden but faded in. */
const FADE = 1_000_000;

const MAX_STEPS = 256;

/** Of the two numbers of a cell: the colour and its mode. */
const COLOURS = COLOUR_MODE | 0xffffff;

const NOTHING = { runs: [], shown: '' };

interface Run {
  readonly col: number;
  readonly verdict: Exclude<StyleVerdict, null>;
  readonly text: string;
}

interface Standing extends Run {
  row: number;
  text: string;
  end: number;
  /** The row, when it was last looked at, says nothing less for it. */
  harmless: boolean;
  readonly from: Instant;
  readonly steps: TextStep[];
}

const HOW: Readonly<Record<Exclude<StyleVerdict, null>, string>> = {
  concealed: 'concealed by SGR 8',
  'same-colour': 'in the colour of its background, or nearly',
};

export class HiddenStyles {
  readonly #emulator: Emulator;
  readonly #judge: StyleJudge;
  readonly #emit: (suspect: Suspect) => void;
  readonly #marked = new Set<Line>();
  readonly #standing = new Map<Line, Standing[]>();

  constructor(emulator: Emulator, judge: StyleJudge, emit: (suspect: Suspect) => void) {
    this.#emulator = emulator;
    this.#judge = judge;
    this.#emit = emit;
  }

  /** Something was printed in this row in a style that cannot be read. */
  mark(line: Line): void {
    this.#marked.add(line);
  }

  /** Whether there is anything to look at. */
  get watching(): boolean {
    return this.#marked.size > 0 || this.#standing.size > 0;
  }

  /** Looks at what an instant left. */
  settle(now: Instant): void {
    for (const line of this.#standing.keys()) this.#marked.add(line);
    if (this.#marked.size === 0) return;
    const scrollback = this.#scrollback();
    for (const line of this.#marked) {
      const near = this.#standing.get(line)?.[0]?.row ?? this.#emulator.inner.buffers.active.y;
      const row = this.#rowOf(line, near);
      this.#look(line, row, now, row >= 0 || scrollback(line));
    }
    this.#marked.clear();
  }

  /** A line was wrapped anew, and this row of it is another object now. */
  moves(from: Line, to: Line): void {
    const standing = this.#standing.get(from);
    if (standing !== undefined) this.#standing.set(to, standing);
    this.#standing.delete(from);
    if (this.#marked.delete(from)) this.#marked.add(to);
  }

  /** The oldest row of the scrollback is about to go. */
  leaves(line: Line, now: Instant): void {
    if (this.#marked.delete(line) || this.#standing.has(line)) this.#look(line, -1, now, true);
  }

  /** Tells which rows are above the screen; the last ones are looked at first, and each once. */
  #scrollback(): (line: Line) => boolean {
    const { lines, ybase } = this.#emulator.inner.buffers.active;
    const seen = new Set<Line>();
    let next = isAlternate(this.#emulator) ? -1 : ybase - 1;
    return (line) => {
      while (next >= 0 && !seen.has(line)) seen.add(lines.get(next--)!);
      return seen.has(line);
    };
  }

  #rowOf(line: Line, near: number): number {
    const { terminal, inner } = this.#emulator;
    const buffer = inner.buffers.active;
    if (near < terminal.rows && screenLine(buffer, near) === line) return near;
    for (let y = 0; y < terminal.rows; y++) if (screenLine(buffer, y) === line) return y;
    return -1;
  }

  /** `row`: on the screen, or -1. `isWhole`: it was not erased, and stands there or above it. */
  #look(line: Line, row: number, now: Instant, isWhole: boolean): void {
    const before = this.#standing.get(line) ?? [];
    const { runs, shown } = isWhole ? this.#runs(line) : NOTHING;
    const after: Standing[] = [];
    for (const run of runs) {
      const end = run.col + run.text.length;
      const known = before.find(
        ({ col, verdict, text }) => col === run.col && verdict === run.verdict && run.text.startsWith(text),
      );
      const harmless = run.verdict === 'same-colour' && isHarmless(run.text, runs.length, shown);
      const step = { length: run.text.length, at: now.at, index: now.index };
      if (known === undefined) {
        after.push({ ...run, row: Math.max(row, 0), end, harmless, from: now, steps: [step] });
        continue;
      }
      if (run.text !== known.text) {
        if (known.steps.length >= MAX_STEPS) known.steps.pop();
        known.steps.push(step);
      }
      known.text = run.text;
      known.end = end;
      known.harmless = harmless;
      if (row >= 0) known.row = row;
      after.push(known);
    }
    for (const gone of before) if (!after.includes(gone)) this.#end(gone, now.at, isWhole ? line : null);
    if (row < 0) for (const gone of after) this.#end(gone, now.at, null);
    if (after.length === 0 || row < 0) this.#standing.delete(line);
    else this.#standing.set(line, after);
  }

  /** Runs of cells that hold text in a style that cannot be read, blanks between them included; and what can be read in the row. */
  #runs(line: Line): { readonly runs: readonly Run[]; readonly shown: string } {
    let shown = '';
    const runs: { readonly col: number; readonly verdict: Exclude<StyleVerdict, null>; text: string }[] = [];
    const { _data: data } = line;
    let run: { readonly col: number; readonly verdict: Exclude<StyleVerdict, null>; text: string } | undefined;
    for (let x = 0; x < line.length; x++) {
      const at = x * CELL_SIZE;
      const content = data[at + CONTENT]!;
      const written = (content & HAS_CONTENT) !== 0;
      if (!written && content >>> WIDTH_SHIFT === 0) continue;
      const verdict = written ? this.#judge.verdict(data[at + FG]!, data[at + BG]!) : null;
      shown += verdict === null ? cellText(line, x) || ' ' : '\n';
      if (verdict !== null && run !== undefined && run.verdict === verdict) run.text += cellText(line, x);
      else {
        run = verdict === null ? undefined : { col: x, verdict, text: cellText(line, x) };
        if (run !== undefined) runs.push(run);
      }
    }
    const found = runs
      .map(({ col, verdict, text }) => ({ verdict, col: col + text.length - text.trimStart().length, text: text.trim() }))
      .filter(({ verdict, col, text }) => substance(text) > 0 && !(verdict === 'same-colour' && isColourTable(line, col, text)));
    return { runs: found, shown };
  }

  #end({ verdict, text, steps, from, row, col, end, harmless }: Standing, to: Micros, line: Line | null): void {
    if (harmless) return;
    // The same text in the same cells, in another style.
    const revealed = line !== null && rowText(line, Math.min(end, line.length)).endsWith(text);
    if (revealed && to - from.at < FADE) return;
    const then = revealed ? 'then it was shown' : 'then it went';
    const note =
      to === from.at ? `Scrolled away at once, ${HOW[verdict]}.` : `Stood for ${lasted(to - from.at)} ${HOW[verdict]}; ${then}.`;
    this.#emit({
      cause: verdict,
      text: text.slice(0, MAX_TEXT),
      steps: text.length > MAX_TEXT ? [] : steps,
      from,
      to,
      place: { row, col },
      note,
    });
  }

  finish(to: Micros): void {
    for (const runs of this.#standing.values()) for (const run of runs) this.#end(run, to, null);
    this.#standing.clear();
  }
}

/**
 * Text in the colour of its background that hides nothing: one letter alone in its row, on which the column of a cursor lies, or
 * text that can also be read in its row, as in a table of colours.
 */
const isHarmless = (text: string, runs: number, shown: string): boolean =>
  (runs === 1 && substance(text) === 1) || shown.includes(text);

const COLOUR_NUMBERS = /^\d{1,3}(?:;\d{1,3})*$/;

/** Whether a text is of numbers of colours: several in the row, and each in colours that no other one has. */
function isColourTable(line: Line, col: number, text: string): boolean {
  if (!/^[\d;\s]+$/.test(text)) return false;
  const swatches: { readonly colours: string; readonly col: number; text: string }[] = [];
  for (let x = 0; x < line.length; x++) {
    const at = x * CELL_SIZE;
    const colours = `${String(line._data[at + FG]! & COLOURS)} ${String(line._data[at + BG]! & COLOURS)}`;
    const swatch = swatches.at(-1);
    if (swatch?.colours === colours) swatch.text += cellText(line, x) || ' ';
    else swatches.push({ colours, col: x, text: cellText(line, x) || ' ' });
  }
  const numbered = swatches.filter((swatch) => COLOUR_NUMBERS.test(swatch.text.trim()));
  const own = numbered.filter((swatch) => swatch.col < col + text.length && swatch.col + swatch.text.length > col);
  return (
    numbered.length > 1 &&
    own.length > 0 &&
    own.map((swatch) => swatch.text.trim()).join('') === text.replaceAll(/\s/g, '') &&
    own.every(
      (swatch) =>
        swatch.text.split(';').every((number) => Number(number) < 256) &&
        numbered.every((other) => other === swatch || other.colours !== swatch.colours),
    )
  );
}
