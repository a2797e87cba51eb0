// The detector of hidden text: stands beside the emulator in the one pass, learns what is about to be printed, erased or moved, and
// gives at the end what was transmitted and could not be read at the screen. Its unit of time is the instant: events of one time
// are one, so that nothing depends on how output was cut into events. Plain text costs it one look at each code point and one entry
// a row. The rules and what they rest on: docs/hidden-text.md.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { Theme } from '../../shared/recording/asciicast-theme.ts';
import { parseSeconds, ZERO, type Micros } from '../../shared/recording/time.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line, Parameters } from '../../shared/terminal/internals.ts';
import type { Notice } from '../../shared/terminal/notice.ts';
import { widthOf } from '../../shared/terminal/widths.ts';
import type { Fact, TextLine } from '../library/library.ts';
import { isSuspicious } from './hidden-characters.ts';
import { StyleJudge, type StyleVerdict } from './hidden-colours.ts';
import { HiddenFindings, notSearched, type Instant } from './hidden-findings.ts';
import { FleetingText } from './hidden-fleeting.ts';
import { Flicker } from './hidden-flicker.ts';
import { HiddenLines } from './hidden-lines.ts';
import type { Readable } from './hidden-readable.ts';
import { HiddenStrings } from './hidden-strings.ts';
import { HiddenStyles } from './hidden-styles.ts';
import { HiddenTyped } from './hidden-typed.ts';
import { Overflow } from './hidden-overflow.ts';

const ASCII_END = 0x7f;
/** Below this nothing is invisible that is printed. */
const FIRST_SUSPICIOUS = 0xad;

const ALTERNATE_MODES = new Set([47, 1047, 1049]);
const COLUMN_MODE = 3;
const REVERSE_MODE = 5;

export class HiddenText {
  readonly #emulator: Emulator;
  readonly #findings = new HiddenFindings();
  readonly #judge: StyleJudge;
  readonly #styles: HiddenStyles;
  readonly #fleeting: FleetingText;
  readonly #flicker: Flicker;
  readonly #strings: HiddenStrings;
  readonly #typed: HiddenTyped;
  readonly #lines: HiddenLines;
  readonly #overflow: Overflow;
  #first: Micros | null = null;
  #now: Instant = { at: ZERO, index: 0, stream: 'stdout' };
  #fg = 0;
  #bg = 0;
  #verdict: StyleVerdict = null;
  /** Columns of the run under way that the next rows have still to take. */
  #rest = 0;
  readonly #piped: boolean;

  /** `piped`: the session had no terminal. `theme`: the colours of the one it had, as far as they are known. */
  constructor(emulator: Emulator, piped: boolean, theme?: Theme) {
    const emit = this.#findings.add.bind(this.#findings);
    this.#emulator = emulator;
    this.#piped = piped;
    this.#judge = new StyleJudge(theme);
    this.#styles = new HiddenStyles(emulator, this.#judge, emit);
    this.#flicker = new Flicker(emulator, emit);
    this.#fleeting = new FleetingText(emulator, (fleeting) => this.#flicker.add(fleeting));
    this.#strings = new HiddenStrings(emit);
    this.#typed = new HiddenTyped(emulator, emit);
    this.#lines = new HiddenLines(emulator, emit);
    this.#overflow = new Overflow(emit);
    const { notice, rowLeft, rowMoved } = emulator.watcher;
    emulator.watcher = {
      ...emulator.watcher,
      notice: (told) => {
        notice?.(told);
        this.#notice(told);
      },
      printed: (codes, start, end) => this.#print(codes, start, end),
      wrapped: () => this.#wrap(),
      rowLeft: (row, next) => {
        rowLeft?.(row, next);
        this.#styles.leaves(row, this.#now);
      },
      rowMoved: (from, to) => {
        rowMoved?.(from, to);
        this.#styles.moves(from, to);
      },
    };
    this.#watchSequences();
  }

  /** An event is about to be applied. */
  before(event: RecordingEvent, index: number): void {
    if (event.at > this.#now.at) this.#settle(event.at);
    this.#strings.under(this.#emulator.own.string, this.#now);
    const stream = event.kind === 'data' ? event.stream : this.#now.stream;
    const untimed = event.time !== undefined && event.at === this.#now.at && parseSeconds(event.time)?.micros !== event.at;
    this.#now = { at: event.at, index, stream, untimed };
    this.#first ??= event.at;
    if (event.kind !== 'data' || this.#piped) return;
    if (stream !== 'stdin') this.#typed.answered(event.bytes);
    else if (this.#typed.typed(event.bytes, this.#now)) this.#fleeting.keyed(this.#now);
  }

  #settle(next: Micros): void {
    this.#fleeting.settle(this.#now, next);
    if (this.#styles.watching) this.#styles.settle(this.#now);
    this.#flicker.settle(next);
  }

  #notice(notice: Notice): void {
    if (notice.kind === 'osc' && this.#judge.command(notice.code, notice.text)) this.#recolours();
    this.#strings.notice(notice, this.#now);
  }

  #print(codes: Uint32Array, start: number, end: number): void {
    const { inner } = this.#emulator;
    const { _curAttrData: attributes, _activeBuffer: buffer } = inner._inputHandler;
    const { fg, bg } = attributes;
    if (fg !== this.#fg || bg !== this.#bg) {
      this.#fg = fg;
      this.#bg = bg;
      this.#verdict = this.#judge.verdict(fg, bg);
    }
    const cells = this.#measure(codes, start, end, buffer.y, buffer.x);
    if (cells === 0) return;
    const line = screenLine(buffer, buffer.y);
    const { cols } = inner._bufferService;
    let { x } = buffer;
    if (!inner.coreService.decPrivateModes.wraparound) {
      this.#overflow.printed(line, buffer.y, x, codes, start, end, cols, this.#now);
      x = Math.min(x, cols - 1);
      this.#cover(line, x, Math.min(cells, cols - x), buffer.y);
      return;
    }
    const here = Math.min(cells, cols - x);
    this.#rest = cells - here;
    if (here <= 0) return;
    if (inner.coreService.modes.insertMode) this.#fleeting.erases(buffer.y, x, cols, this.#now);
    this.#cover(line, x, here, buffer.y);
  }

  /** Columns that a run takes at most. On the way it is looked through for what no screen shows. */
  #measure(codes: Uint32Array, start: number, end: number, row: number, x: number): number {
    let highest = 0;
    for (let i = start; i < end; i++) if (codes[i]! > highest) highest = codes[i]!;
    const watched = this.#lines.open;
    if (highest < ASCII_END && !watched) return end - start;
    let cells = 0;
    let suspicious = false;
    for (let i = start; i < end; i++) {
      const code = codes[i]!;
      cells += widthOf(code);
      if (code >= FIRST_SUSPICIOUS && !suspicious) suspicious = isSuspicious(code);
    }
    if (suspicious || watched) {
      const line = screenLine(this.#emulator.inner._inputHandler._activeBuffer, row);
      this.#lines.printed(line, row, x, codes.subarray(start, end), suspicious, this.#now);
    }
    return cells;
  }

  /** The row was full, and the run goes on in the one that the cursor is now on. */
  #wrap(): void {
    const { inner } = this.#emulator;
    const buffer = inner._inputHandler._activeBuffer;
    const here = Math.min(this.#rest, inner._bufferService.cols);
    this.#rest -= here;
    if (here > 0) this.#cover(screenLine(buffer, buffer.y), 0, here, buffer.y);
  }

  #cover(line: Line, x: number, cells: number, row: number): void {
    this.#fleeting.printed(line, x, cells, row, this.#now);
    if (this.#verdict !== null) this.#styles.mark(line);
  }

  /** Learns of sequences before they act: a handler that returns false leaves the rest to the one before it. */
  #watchSequences(): void {
    const { _inputHandler: input, _bufferService: size, buffers } = this.#emulator.inner;
    const { _parser: parser } = input;
    const fleeting = this.#fleeting;
    const csi = (
      final: string,
      watch: (first: number) => void,
      prefixes: readonly (string | undefined)[] = [undefined],
    ): void => {
      for (const prefix of prefixes)
        parser.registerCsiHandler(prefix === undefined ? { final } : { prefix, final }, ({ params }) => {
          watch(params[0]!);
          return false;
        });
    };
    const PLAIN_AND_SELECTIVE = [undefined, '?'] as const;
    const { rows, cols } = { rows: () => size.rows, cols: () => size.cols };
    const here = (): typeof buffers.active => input._activeBuffer;
    const inRegion = (): boolean => here().y >= here().scrollTop && here().y <= here().scrollBottom;
    const eraseInLine = (what: number): void => {
      const { x, y } = here();
      fleeting.erases(y, what === 0 ? x : 0, what === 1 ? x + 1 : cols(), this.#now);
    };
    const eraseInDisplay = (what: number): void => {
      const { x, y } = here();
      if (what === 3) fleeting.clearsScrollback(this.#now);
      else if (what === 2 || (what === 0 && x === 0 && y === 0)) this.#clears();
      else if (what === 0 || what === 1) {
        fleeting.erases(y, what === 0 ? x : 0, what === 1 ? x + 1 : cols(), this.#now);
        for (let row = what === 0 ? y + 1 : 0; row < (what === 0 ? rows() : y); row++) fleeting.erases(row, 0, cols(), this.#now);
      }
    };
    // DECSEL and DECSED, too: what is protected from them still stands at the end of the instant.
    csi('K', eraseInLine, PLAIN_AND_SELECTIVE);
    csi('J', eraseInDisplay, PLAIN_AND_SELECTIVE);
    for (const final of 'XP@') csi(final, () => fleeting.erases(here().y, here().x, cols(), this.#now));
    csi('L', (count) => {
      const { y, scrollBottom } = here();
      if (inRegion()) fleeting.removes(Math.max(y, scrollBottom + 1 - (count || 1)), scrollBottom + 1, 'pushed', this.#now);
    });
    csi('M', (count) => {
      const { y, scrollBottom } = here();
      if (inRegion()) fleeting.removes(y, Math.min(scrollBottom + 1, y + (count || 1)), 'pushed', this.#now);
    });
    csi('S', (count) => {
      const { scrollTop, scrollBottom } = here();
      // What leaves the top of the normal screen is in the scrollback.
      if (isAlternate(this.#emulator) || scrollTop > 0)
        fleeting.removes(scrollTop, Math.min(scrollBottom + 1, scrollTop + (count || 1)), 'pushed', this.#now);
    });
    csi('T', (count) => {
      const { scrollTop, scrollBottom } = here();
      fleeting.removes(Math.max(scrollTop, scrollBottom + 1 - (count || 1)), scrollBottom + 1, 'pushed', this.#now);
    });
    for (const final of 'Hfd') csi(final, () => fleeting.addressed(this.#now));
    const modes = (final: 'h' | 'l'): unknown =>
      parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
        this.#changesMode(parameters, final === 'h');
        return false;
      });
    modes('h');
    modes('l');
    const esc = (name: { readonly final: string; readonly intermediates?: string }, watch: () => void): unknown =>
      parser.registerEscHandler(name, () => {
        watch();
        return false;
      });
    esc({ final: 'M' }, () => {
      const { y, scrollTop, scrollBottom } = here();
      if (y === scrollTop) fleeting.removes(scrollBottom, scrollBottom + 1, 'pushed', this.#now);
    });
    esc({ final: 'c' }, () => {
      this.#clears();
      this.#judge.reset();
      this.#recolours();
    });
    esc({ intermediates: '#', final: '8' }, () => this.#clears());
  }

  #clears(): void {
    this.#fleeting.addressed(this.#now);
    this.#fleeting.removes(0, this.#emulator.terminal.rows, 'erased', this.#now);
  }

  /** DECSCNM: the default colours change places. */
  #reverses(on: boolean): void {
    this.#judge.reverse(on);
    this.#recolours();
  }

  /** Colours have changed, of what stands on the screen too: what was printed so lately may never have been readable. */
  #recolours(): void {
    this.#verdict = this.#judge.verdict(this.#fg, this.#bg);
    for (const line of this.#fleeting.young(this.#now.at)) this.#styles.mark(line);
  }

  #changesMode({ params, length }: Parameters, on: boolean): void {
    for (let i = 0; i < length; i++) {
      const mode = params[i]!;
      if (mode === COLUMN_MODE) this.#clears();
      if (mode === REVERSE_MODE) this.#reverses(on);
      if (!ALTERNATE_MODES.has(mode) || isAlternate(this.#emulator) === on) continue;
      if (on) this.#fleeting.enters();
      else this.#fleeting.leaves(this.#now);
    }
  }

  /** Everything that was found, when the recording has ended and all that stood on the screen can be asked for. */
  finish(end: Micros, readable: Readable): { readonly fact: Fact; readonly line: TextLine | null }[] {
    this.#settle(end);
    this.#fleeting.finish(this.#now);
    this.#flicker.finish(readable, end !== this.#first);
    this.#styles.finish(end);
    this.#lines.flush(this.#now.at);
    this.#overflow.finish(readable);
    this.#strings.under(this.#emulator.own.string, this.#now);
    this.#strings.finish(end, readable);
    this.#typed.finish(readable);
    if (readable.exceeded) {
      this.#findings.add(notSearched('readable text', 'Not every text could be looked up: what could not counts as readable.'));
    }
    return this.#findings.take(this.#emulator.terminal.cols, end);
  }
}
