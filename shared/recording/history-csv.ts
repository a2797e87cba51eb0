// The tables of a CSV file: one or several, each under a row of names, with or without a title; blank rows and title rows part them. The
// separator is the one under which most names are known.

import { CsvReader, type CsvRow } from './csv-reader.ts';
import { bareName, isKnownName, rowKindOf, type RowKind } from './history-names.ts';
import type { HistoryRecord } from './history-record.ts';
import { TextFault } from './text-feed.ts';

export interface CsvHandler {
  row(record: HistoryRecord, section: RowKind | null, line: number): void;
  note(message: string, line: number): void;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** Characters at the start in which the separator and the first row of names are looked for. */
const HEAD = 65_536;
/** Rows that are looked at there. */
const HEAD_ROWS = 40;

/** Names of a row that are known. */
const knownIn = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '' && isKnownName(cell)).length;

const filled = (cells: readonly string[]): number => cells.filter((cell) => cell.trim() !== '').length;

/** Whether a row has names rather than values. */
function isHeader(cells: readonly string[], known: number): boolean {
  const names = filled(cells);
  return known >= 2 && known * 3 >= names && cells.every((cell) => cell.length <= 200);
}

export interface CsvForm {
  readonly separator: string;
  /** Known names in the row of names. */
  readonly known: number;
}

/** The form of a CSV text by its first characters; null where no row of names is there. */
export function csvFormOf(head: string): CsvForm | null {
  const told = /^sep=(.)\r?\n/.exec(head)?.[1];
  let best: CsvForm | null = null;
  for (const separator of told === undefined ? SEPARATORS : [told]) {
    let known = 0;
    let rows = 0;
    const reader = new CsvReader(separator, ({ cells }) => {
      rows += 1;
      if (rows > HEAD_ROWS || cells.length < 2) return;
      const here = knownIn(cells);
      if (isHeader(cells, here)) known = Math.max(known, here);
    });
    try {
      reader.push(head);
      reader.end();
    } catch (error) {
      // The head may end inside a cell; a fault of the file is met again when it is read.
      if (!(error instanceof TextFault)) throw error;
    }
    if (known > (best?.known ?? 1)) best = { separator, known };
  }
  return best;
}

export class HistoryCsv {
  readonly #handler: CsvHandler;
  #head: string | null = '';
  #reader: CsvReader | null = null;
  #names: readonly string[] | null = null;
  #section: RowKind | null = null;
  #parted = true;
  #before = 0;

  constructor(handler: CsvHandler) {
    this.#handler = handler;
  }

  /** Throws a TextFault. */
  push(text: string): void {
    if (this.#head === null) return this.#reader!.push(text);
    this.#head += text;
    if (this.#head.length >= HEAD) this.#begin();
  }

  end(): void {
    if (this.#head !== null) this.#begin();
    this.#reader!.end();
    if (this.#names === null) throw new TextFault('no row of column names was found; there is nothing to read', 1, 1);
  }

  #begin(): void {
    const head = this.#head!;
    this.#head = null;
    this.#reader = new CsvReader(csvFormOf(head.slice(0, HEAD))?.separator ?? ',', (row) => this.#row(row));
    this.#reader.push(head);
  }

  #row({ cells, line, strayQuote }: CsvRow): void {
    const names = filled(cells);
    if (names === 0) {
      this.#parted = true;
      return;
    }
    if (strayQuote !== null) {
      this.#handler.note(
        `a quote stands inside a cell that does not begin with one (column ${String(strayQuote.column)}); it is part of its text`,
        strayQuote.line,
      );
    }
    if (line === 1 && /^sep=.?$/.test(cells[0]!)) return;
    if (this.#isTitle(cells, names)) {
      this.#section = rowKindOf(cells.find((cell) => cell.trim() !== '')!.replace(/^[#\s]+/, ''));
      this.#parted = true;
      return;
    }
    const header = this.#isHeader(cells, names);
    if (header) {
      // A section without a title is what its rows are.
      if (this.#names !== null && !this.#parted) this.#section = null;
      this.#names = this.#columns(cells, line);
    } else if (this.#names === null) this.#before += 1;
    else this.#data(cells, this.#names, line);
    if (header && this.#before > 0) {
      this.#handler.note(`${String(this.#before)} rows before the column names were passed over`, line);
      this.#before = 0;
    }
    this.#parted = false;
  }

  #isHeader(cells: readonly string[], names: number): boolean {
    if (this.#names === null) return isHeader(cells, knownIn(cells));
    // In the middle of a table, all must be names; behind a blank row or a title, most.
    if (!this.#parted) return names >= 3 && cells.every((cell) => cell.trim() === '' || isKnownName(cell));
    const known = knownIn(cells);
    return known >= 3 && isHeader(cells, known);
  }

  /** One text alone, between tables or where it names what follows. */
  #isTitle(cells: readonly string[], names: number): boolean {
    if (names !== 1 || (this.#names !== null && this.#names.length === 1)) return false;
    const text = cells.find((cell) => cell.trim() !== '')!;
    if (text.startsWith('#')) return true;
    return (this.#parted || cells.length === 1) && (this.#names === null || rowKindOf(text) !== null);
  }

  #columns(cells: readonly string[], line: number): string[] {
    const seen = new Map<string, number>();
    return cells.map((cell, i) => {
      const name = cell.trim() === '' ? `column ${String(i + 1)}` : cell.trim();
      const times = (seen.get(bareName(name) || name) ?? 0) + 1;
      seen.set(bareName(name) || name, times);
      if (times === 1) return name;
      this.#handler.note(
        `the column name ${name} stands there more than once; column ${String(i + 1)} is kept as “${name} (${String(times)})”`,
        line,
      );
      return `${name} (${String(times)})`;
    });
  }

  #data(cells: readonly string[], names: readonly string[], line: number): void {
    const record: { [name: string]: string } = {};
    for (const [i, cell] of cells.entries()) {
      if (cell !== '') Object.defineProperty(record, names[i] ?? `column ${String(i + 1)}`, { value: cell, enumerable: true });
    }
    const beyond = cells.slice(names.length).filter((cell) => cell !== '').length;
    if (beyond > 0)
      this.#handler.note(
        `the row has ${String(cells.length)} cells for ${String(names.length)} columns; those beyond are kept by their number`,
        line,
      );
    if (cells.length < names.length)
      this.#handler.note(
        `the row has ${String(cells.length)} cells for ${String(names.length)} columns; the missing ones are taken for empty`,
        line,
      );
    this.#handler.row(record, this.#section, line);
  }
}
