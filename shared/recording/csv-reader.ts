// Rows of a CSV text while it goes by. RFC 4180, strictly: a cell that begins with a quote ends at its closing quote, which only a
// separator or the end of the line may follow; quotes inside it are doubled; line feeds in it are part of it. Beyond the RFC the separator
// may be another one, lines may end in a line feed or a carriage return alone, and a quote inside a cell that does not begin with one is
// itself. https://www.rfc-editor.org/rfc/rfc4180

import { MAX_RECORD_BYTES } from './decoder.ts';
import { TextFault } from './text-feed.ts';

/** Cells of one row. */
const MAX_CELLS = 10_000;

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export interface CsvRow {
  readonly cells: readonly string[];
  /** Of its first character. */
  readonly line: number;
  /** Of the first cell with a quote inside it although it does not begin with one, or null. */
  readonly strayQuote: { readonly line: number; readonly column: number } | null;
}

type State = 'start' | 'plain' | 'quoted' | 'closed';

export class CsvReader {
  readonly #separator: number;
  readonly #row: (row: CsvRow) => void;
  #state: State = 'start';
  #cells: string[] = [];
  /** What of the cell at hand came with earlier texts. */
  #pieces: string[] = [];
  #size = 0;
  #line = 1;
  #rowLine = 1;
  /** Column of the first character of the text at hand, less its index there. */
  #base = 1;
  /** Where the cell at hand begins. */
  #cellLine = 1;
  #cellColumn = 1;
  #stray: CsvRow['strayQuote'] = null;
  /** The last text ended in a carriage return: a line feed that follows belongs to it. */
  #return = false;

  constructor(separator: string, row: (row: CsvRow) => void) {
    this.#separator = separator.charCodeAt(0);
    this.#row = row;
  }

  /** Throws a {@link TextFault}. */
  push(text: string): void {
    let from = 0;
    let at = 0;
    while (at < text.length) {
      if (this.#return) {
        this.#return = false;
        if (text.charCodeAt(at) === LF) {
          at += 1;
          if (this.#state !== 'quoted') from = at;
          this.#base = 1 - at;
          continue;
        }
      }
      const code = text.charCodeAt(at);
      switch (this.#state) {
        case 'start':
          this.#cellLine = this.#line;
          this.#cellColumn = this.#base + at;
          if (code === QUOTE) {
            this.#state = 'quoted';
            at += 1;
            from = at;
            break;
          }
          this.#state = 'plain';
          from = at;
          break;
        case 'plain': {
          const end = this.#endOfPlain(text, at);
          at = end;
          if (end === text.length) break;
          if (text.charCodeAt(end) === QUOTE) {
            this.#stray ??= { line: this.#line, column: this.#base + end };
            at += 1;
          } else {
            this.#cell(text.slice(from, end));
            at = this.#separate(text, end);
            from = at;
          }
          break;
        }
        case 'quoted': {
          const end = this.#endOfQuoted(text, at);
          this.#hold(text.slice(from, end));
          at = end;
          from = end;
          if (end < text.length) {
            this.#state = 'closed';
            at += 1;
            from = at;
          }
          break;
        }
        case 'closed':
          if (code === QUOTE) {
            this.#hold('"');
            this.#state = 'quoted';
            at += 1;
            from = at;
          } else if (code === this.#separator || code === CR || code === LF) {
            this.#cell('');
            at = this.#separate(text, at);
            from = at;
          } else {
            throw new TextFault(
              'after a closing quote only a separator or the end of the line may follow',
              this.#line,
              this.#base + at,
            );
          }
          break;
      }
    }
    if (this.#state === 'plain') this.#hold(text.slice(from));
    this.#base += text.length;
  }

  /** Throws a {@link TextFault} where a quote is open. */
  end(): void {
    if (this.#state === 'quoted')
      throw new TextFault('the quote that opens here is never closed', this.#cellLine, this.#cellColumn);
    if (this.#state !== 'start' || this.#cells.length > 0) {
      this.#cell('');
      this.#finishRow();
    }
  }

  #endOfPlain(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === this.#separator || code === LF || code === CR || code === QUOTE) return at;
    }
    return text.length;
  }

  /** The next quote, counting the lines before it. */
  #endOfQuoted(text: string, from: number): number {
    const quote = text.indexOf('"', from);
    const end = quote === -1 ? text.length : quote;
    for (let at = from; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code !== LF && code !== CR) continue;
      if (code === CR && text.charCodeAt(at + 1) === LF && at + 1 < end) at += 1;
      else if (code === CR && at + 1 === text.length) this.#return = true;
      this.#line += 1;
      this.#base = -at;
    }
    return end;
  }

  #hold(piece: string): void {
    this.#size += piece.length;
    if (this.#size > MAX_RECORD_BYTES) {
      const message = `a cell has more than ${String(MAX_RECORD_BYTES)} characters; is a quote missing?`;
      throw new TextFault(message, this.#cellLine, this.#cellColumn);
    }
    if (piece !== '') this.#pieces.push(piece);
  }

  #cell(last: string): void {
    if (this.#cells.length >= MAX_CELLS) throw new TextFault(`a row has more than ${String(MAX_CELLS)} cells`, this.#rowLine, 1);
    this.#cells.push(this.#pieces.length === 0 ? last : this.#pieces.join('') + last);
    this.#pieces = [];
    this.#size = 0;
    this.#state = 'start';
  }

  /** Goes over a separator or the end of a line. */
  #separate(text: string, at: number): number {
    const code = text.charCodeAt(at);
    if (code === this.#separator) return at + 1;
    let next = at + 1;
    if (code === CR && text.charCodeAt(next) === LF) next += 1;
    else if (code === CR && next === text.length) this.#return = true;
    this.#finishRow();
    this.#base = 1 - next;
    return next;
  }

  #finishRow(): void {
    const row = { cells: this.#cells, line: this.#rowLine, strayQuote: this.#stray };
    this.#cells = [];
    this.#stray = null;
    this.#state = 'start';
    this.#line += 1;
    this.#rowLine = this.#line;
    this.#row(row);
  }
}
