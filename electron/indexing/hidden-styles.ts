// Text that stands on the screen in a style that cannot be read: concealed, or in the colour of what is behind it. Only rows in which
// something was printed in such a style are looked at, at the end of each instant, until it is gone.

import { BG, CELL_SIZE, CONTENT, FG, HAS_CONTENT, WIDTH_SHIFT } from '../../shared/terminal/cells.ts';
import { screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cellText, rowText } from '../../shared/terminal/text.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextStep } from '../library/library.ts';
import type { StyleJudge, StyleVerdict } from './hidden-colours.ts';
import { lasted, MAX_TEXT, substance, type Instant, type Suspect } from './hidden-findings.ts';

/** A text that can be read within so short a time was not hidden but faded in. */
const FADE = 1_000_000;

const MAX_STEPS = 256;

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
    for (const line of this.#marked) this.#look(line, now);
    this.#marked.clear();
  }

  #rowOf(line: Line, near: number): number {
    const { terminal, inner } = this.#emulator;
    const buffer = inner.buffers.active;
    if (near < terminal.rows && screenLine(buffer, near) === line) return near;
    for (let y = 0; y < terminal.rows; y++) if (screenLine(buffer, y) === line) return y;
    return -1;
  }

  #look(line: Line, now: Instant): void {
    const before = this.#standing.get(line) ?? [];
    const row = this.#rowOf(line, before[0]?.row ?? this.#emulator.inner.buffers.active.y);
    const runs = row < 0 ? [] : this.#runs(line);
    const after: Standing[] = [];
    for (const run of runs) {
      const end = run.col + run.text.length;
      const known = before.find(
        ({ col, verdict, text }) => col === run.col && verdict === run.verdict && run.text.startsWith(text),
      );
      const harmless = run.verdict === 'same-colour' && isHarmless(run.text, runs.length, line);
      const step = { length: run.text.length, at: now.at, index: now.index };
      if (known === undefined) {
        after.push({ ...run, row, end, harmless, from: now, steps: [step] });
        continue;
      }
      if (run.text !== known.text) {
        if (known.steps.length >= MAX_STEPS) known.steps.pop();
        known.steps.push(step);
      }
      known.text = run.text;
      known.end = end;
      known.harmless = harmless;
      known.row = row;
      after.push(known);
    }
    for (const gone of before) if (!after.includes(gone)) this.#end(gone, now.at, row < 0 ? null : line);
    if (after.length === 0) this.#standing.delete(line);
    else this.#standing.set(line, after);
  }

  /** Runs of cells that hold text in a style that cannot be read; blanks between them belong to them. */
  #runs(line: Line): Run[] {
    const runs: { readonly col: number; readonly verdict: Exclude<StyleVerdict, null>; text: string }[] = [];
    const { _data: data } = line;
    let run: { readonly col: number; readonly verdict: Exclude<StyleVerdict, null>; text: string } | undefined;
    for (let x = 0; x < line.length; x++) {
      const at = x * CELL_SIZE;
      const content = data[at + CONTENT]!;
      const written = (content & HAS_CONTENT) !== 0;
      if (!written && content >>> WIDTH_SHIFT === 0) continue;
      const verdict = written ? this.#judge.verdict(data[at + FG]!, data[at + BG]!) : null;
      if (verdict !== null && run !== undefined && run.verdict === verdict) run.text += cellText(line, x);
      else {
        run = verdict === null ? undefined : { col: x, verdict, text: cellText(line, x) };
        if (run !== undefined) runs.push(run);
      }
    }
    return runs
      .map(({ col, verdict, text }) => ({ verdict, col: col + text.length - text.trimStart().length, text: text.trim() }))
      .filter(({ verdict, text }) => substance(text) > 0 && !(verdict === 'same-colour' && isColourTable(text)));
  }

  #end({ verdict, text, steps, from, row, col, end, harmless }: Standing, to: Micros, line: Line | null): void {
    if (harmless) return;
    // The same text in the same cells, in another style.
    const revealed = line !== null && rowText(line, Math.min(end, line.length)).endsWith(text);
    if (revealed && to - from.at < FADE) return;
    const then = revealed ? 'then it was shown' : 'then it went';
    this.#emit({
      cause: verdict,
      text: text.slice(0, MAX_TEXT),
      steps: text.length > MAX_TEXT ? [] : steps,
      from,
      to,
      place: { row, col },
      note: `Stood for ${lasted(to - from.at)} ${HOW[verdict]}; ${then}.`,
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
function isHarmless(text: string, runs: number, line: Line): boolean {
  const row = rowText(line);
  return (runs === 1 && substance(text) === 1) || row.indexOf(text) !== row.lastIndexOf(text);
}

/** The numbers of colours, each on its own colour. */
const isColourTable = (text: string): boolean =>
  text.split(/\D+/).every((number) => Number(number) < 256) && /^[\d\W]*$/.test(text);
