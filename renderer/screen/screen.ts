// A recorded screen in the page: state goes in by keyframe and events, what can be seen comes out. Feeding is synchronous; `settle`
// draws. The rules for recordings hold (shared/terminal/rules.ts): nothing leaves the screen.

import type { Terminal } from '@xterm/xterm';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { isAlternate, type Emulator } from '../../shared/terminal/emulator.ts';
import { feedEvent, resizeTerminal, settle } from '../../shared/terminal/feed.ts';
import { restoreKeyframe, takeKeyframe } from '../../shared/terminal/keyframe.ts';
import { prepareTerminal } from '../../shared/terminal/rules.ts';
import { createSight } from '../../shared/terminal/sight.ts';
import { fontSizeFor, type Box } from './fit.ts';
import { cellAt } from './glyphs.ts';
import { drawPicture } from './picture.ts';
import { findText, readRow, type Place, type Row } from './screen-text.ts';
import { createTerminal, mountTerminal, type MountedTerminal } from './terminal-dom.ts';

export interface Screen {
  /** Empties the screen, at the size that the recording begins with. */
  reset(): void;
  /** Stands where a keyframe stands. */
  restore(keyframe: Uint8Array): void;
  apply(event: RecordingEvent): void;
  /** Events were applied: draws the screen as it stands. */
  settle(): void;
  /** Whether something else is to be seen than at the last call (shared/terminal/sight.ts); true at the first. */
  changed(): boolean;
  state(): ScreenState;
  rows(): readonly Row[];
  find(text: string): readonly Place[];
  /** Draws in `parent`, at the size that fits `box`; with `least`, a face smaller than people read, for a glance. */
  show(parent: HTMLElement, box: Box, least?: number): void;
  /** Draws the visible screen once, small, as it fits the box. */
  draw(canvas: HTMLCanvasElement, box: Box): void;
  /** Scrolls through what has left the screen at its top; negative: back. */
  scroll(pages: number): void;
  /** Rows that the view stands above the screen; 0 where nothing was scrolled. */
  scrolled(): number;
  /** The text that is selected, with the cells that it lies in; null where nothing is. */
  selection(): Selection | null;
  /** Size of a cell as drawn, in CSS pixels; null while not shown. */
  cell(): { readonly width: number; readonly height: number } | null;
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

/** Cells of the screen; rows and columns count from 0. */
export interface Region {
  readonly row: number;
  readonly col: number;
  readonly rows: number;
  readonly cols: number;
}

export interface Selection {
  readonly text: string;
  /** Null where some of it has left the screen at its top. */
  readonly region: Region | null;
}

export interface ScreenState {
  readonly cols: number;
  readonly rows: number;
  readonly alternate: boolean;
  readonly title: string;
}

/** A screen of a recording's size at the start; `piped` where the session had no terminal. */
export function createScreen(cols: number, rows: number, piped: boolean): Screen {
  const listeners = new Set<() => void>();
  const sight = createSight();
  let mounted: MountedTerminal | null = null;
  let place: { parent: HTMLElement; box: Box; least: number | undefined } | null = null;
  let emulator: Emulator = begin();
  const beginning = takeKeyframe(emulator);

  function begin(): Emulator {
    const terminal = createTerminal(80, 24);
    const made = prepareTerminal(terminal, {}, piped);
    resizeTerminal(made, cols, rows);
    return made;
  }

  const terminal = (): Terminal => emulator.terminal as unknown as Terminal;

  /** Gives the face the size with which the recorded screen fits its place. */
  const fit = (): void => {
    if (place === null) return;
    const { box, least } = place;
    const { cols: wide, rows: high, options } = terminal();
    const size = fontSizeFor(box, wide, high, cellAt, least);
    if (options.fontSize !== size) options.fontSize = size;
  };

  /** To be called before the terminal changes. */
  const hold = (): void => {
    if (mounted?.terminal === terminal()) mounted.hold();
  };

  const scrolled = (): number => terminal().buffer.active.baseY - terminal().buffer.active.viewportY;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  const mount = (): void => {
    if (place === null) return;
    const before = mounted;
    let shownAt = 0;
    terminal().onRender(() => {
      if (scrolled() === shownAt) return;
      shownAt = scrolled();
      tell();
    });
    terminal().onSelectionChange(tell);
    fit();
    mounted = mountTerminal(terminal(), place.parent);
    before?.dispose();
  };

  const draw = (): void => {
    hold();
    settle(emulator);
    fit();
    mounted?.draw();
    tell();
  };

  const restore = (keyframe: Uint8Array): void => {
    hold();
    // Who has looked back through the rows above the screen sees the screen again.
    emulator.inner._bufferService.isUserScrolling = false;
    try {
      restoreKeyframe(emulator, keyframe);
    } catch (error) {
      // A keyframe that cannot be read leaves its terminal unusable.
      emulator = begin();
      throw error;
    }
  };

  return {
    reset: () => restore(beginning),
    restore,
    apply: (event) => {
      hold();
      feedEvent(emulator, event);
    },
    settle: () => {
      if (place !== null && mounted?.terminal !== terminal()) mount();
      draw();
    },
    changed: () => sight.look(emulator) > 0,
    state: () => ({
      cols: emulator.terminal.cols,
      rows: emulator.terminal.rows,
      alternate: isAlternate(emulator),
      title: emulator.own.title,
    }),
    rows: () => Array.from({ length: emulator.terminal.rows }, (_, y) => readRow(terminal(), y)),
    find: (text) =>
      findText(
        Array.from({ length: emulator.terminal.rows }, (_, y) => readRow(terminal(), y)),
        text,
      ),
    show: (parent, box, least) => {
      const moved = place?.parent !== parent;
      place = { parent, box, least };
      if (moved || mounted === null) mount();
      draw();
    },
    draw: (canvas, box) => drawPicture(emulator, canvas, box),
    scroll: (pages) => terminal().scrollPages(pages),
    scrolled,
    selection: () => {
      const range = terminal().getSelectionPosition();
      const text = terminal().getSelection();
      if (range === undefined || text.trim() === '') return null;
      const { start, end } = range;
      const row = start.y - terminal().buffer.active.baseY;
      const rows = end.y - start.y + 1;
      // From line to line, what is selected has no left and right edge of its own.
      const [col, cols] = rows === 1 ? [start.x, end.x - start.x] : [0, terminal().cols];
      return { text, region: row < 0 || cols < 1 ? null : { row, col, rows, cols } };
    },
    cell: () => mounted?.cell() ?? null,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => {
      mounted?.dispose();
      if (mounted?.terminal !== terminal()) terminal().dispose();
      mounted = null;
      place = null;
    },
  };
}
