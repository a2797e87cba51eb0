// xterm.js in the page, made a picture: it shows, lets the user select and copy, and takes nothing in.
//
// Direction of text: a terminal is a grid, and a browser must not reorder its cells. The row elements are set to the order of their
// characters (screen.css: unicode-bidi). Explicit direction controls in a cell would still override that for the rest of their element, so a
// cell that holds one gets an element of its own (Unicode Standard Annex 9: an override ends with its isolate).
//
// Widths of glyphs: xterm.js lays the page out for each glyph that it meets, and forgets all of them when the size of the face changes, as it
// does between screens of different sizes. glyphs.ts tells the same widths.
//
// Colours of 24 bits: xterm.js sets them as style attributes, which the page's content policy forbids. The same declarations through the
// object model are allowed; so spans take them that way.
//
// When it draws: xterm.js puts off most drawing to the next picture of the browser, because its input comes in pieces, and some of it not at
// all: a new size lays out and draws every row there and then. Here whoever feeds it knows when a moment is complete. Until then nothing is
// drawn (`hold`), however many sizes are passed on the way; then all of it, once, in time for this picture (`draw`).

import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { TERMINAL_OPTIONS } from '../../shared/terminal/rules.ts';
import type { Box } from './fit.ts';
import { FONT, widthOf } from './glyphs.ts';

/** Marks, embeddings, overrides and isolates of direction. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Fixed, whatever the theme: recordings are made for dark terminals and name their colours by number. */
export const COLOURS = {
  background: '#11151a',
  foreground: '#d5dae0',
  cursor: '#e8ecf1',
  cursorAccent: '#11151a',
  scrollbarSliderBackground: '#ffffff1c',
  scrollbarSliderHoverBackground: '#ffffff33',
  scrollbarSliderActiveBackground: '#ffffff44',
  selectionBackground: '#3c5f94',
  selectionInactiveBackground: '#3c5f94',
  black: '#1d232a',
  red: '#e0675f',
  green: '#7fb96c',
  yellow: '#d9ab4e',
  blue: '#6a9fe0',
  magenta: '#b98adb',
  cyan: '#5cb5b5',
  white: '#c9cfd6',
  brightBlack: '#77818c',
  brightRed: '#f28b82',
  brightGreen: '#a0d68c',
  brightYellow: '#f2cb7c',
  brightBlue: '#94bff2',
  brightMagenta: '#d3adef',
  brightCyan: '#86d4d4',
  brightWhite: '#f4f6f8',
} as const;

function allowColours(): void {
  const proto = HTMLSpanElement.prototype;
  if (Object.hasOwn(proto, 'setAttribute')) return;
  Object.defineProperty(proto, 'setAttribute', {
    configurable: true,
    value(this: HTMLSpanElement, name: string, value: string): void {
      if (name === 'style') this.style.cssText = value;
      else Element.prototype.setAttribute.call(this, name, value);
    },
  });
}

/** Ranges of one cell each, for cells with a direction control: [start, end) in the row's text. */
export function directionCells(text: string): [number, number][] {
  if (!DIRECTION.test(text)) return [];
  const ranges: [number, number][] = [];
  let cell = 0;
  for (const { 0: cluster, index } of text.matchAll(/[^\p{M}\p{Cf}][\p{M}\p{Cf}]*|[\p{M}\p{Cf}]+/gu)) {
    cell = index;
    if (DIRECTION.test(cluster)) ranges.push([cell, index + cluster.length]);
  }
  return ranges;
}

/** A terminal for the page, not yet shown. */
export function createTerminal(cols: number, rows: number): Terminal {
  return new Terminal({
    ...TERMINAL_OPTIONS,
    cols,
    rows,
    fontFamily: FONT,
    fontSize: 13,
    theme: COLOURS,
    cursorInactiveStyle: 'block',
    cursorBlink: false,
    // What a recording links to is text, never a place to go.
    linkHandler: { activate: () => undefined },
    rightClickSelectsWord: false,
    fastScrollSensitivity: 5,
  });
}

/**
 * The private parts of xterm.js that are used here (src/browser/renderer/dom/DomRenderer.ts, WidthCache.ts, services/RenderService.ts,
 * RenderDebouncer.ts; src/common/services/BufferService.ts).
 */
interface Rendering {
  readonly _core: {
    readonly _bufferService: { readonly _onResize: Emitter<Resize>; readonly _onScroll: Emitter<number> };
    readonly _renderService: {
      readonly _renderDebouncer: {
        /** Takes back what was asked of the next picture. */
        dispose(): void;
        /** Draws the rows that were asked for, if any, and sets the scroll bar. */
        _innerRefresh(): void;
      };
      readonly dimensions: { readonly css: { readonly cell: Box } };
      readonly _renderer: { readonly value: Renderer };
    };
  };
}

interface Emitter<T> {
  fire(value: T): void;
}

interface Resize {
  readonly cols: number;
  readonly rows: number;
  readonly colsChanged: boolean;
  readonly rowsChanged: boolean;
}

interface Renderer {
  readonly _widthCache: WidthCache;
  readonly _rowContainer: HTMLElement;
  renderRows(start: number, end: number): void;
  /** Empties all rows, before all of them are drawn. */
  clear(): void;
  /** Writes the style sheet: colours, and the face with its size. */
  _injectCss(): void;
}

interface WidthCache {
  readonly _font: string;
  readonly _fontSize: number;
  readonly _weight: string;
  readonly _weightBold: string;
  _measure(text: string, variant: number): number;
}

const BOLD = 1;
const ITALIC = 2;

function measureByCanvas(cache: WidthCache): void {
  cache._measure = (text, variant) => {
    const weight = (variant & BOLD) === 0 ? cache._weight : cache._weightBold;
    return widthOf(`${(variant & ITALIC) === 0 ? '' : 'italic '}${weight} ${String(cache._fontSize)}px ${cache._font}`, text);
  };
}

export interface MountedTerminal {
  readonly terminal: Terminal;
  /** Size of a cell in CSS pixels. */
  cell(): Box;
  /** The terminal is about to change: from now on the page stays as it is, until `draw`. */
  hold(): void;
  /** Draws the rows that were asked for, as they stand now. */
  draw(): void;
  dispose(): void;
}

/** Shows a terminal in `parent`. */
export function mountTerminal(terminal: Terminal, parent: HTMLElement): MountedTerminal {
  allowColours();
  terminal.open(parent);
  terminal.registerCharacterJoiner(directionCells);
  // Keys belong to the window's shortcuts; the terminal's own field only holds the selection that is copied.
  terminal.attachCustomKeyEventHandler(() => false);
  const field = terminal.textarea!;
  field.tabIndex = -1;
  field.setAttribute('aria-hidden', 'true');
  const { _bufferService: buffers, _renderService: rendering } = (terminal as unknown as Rendering)._core;
  const { _renderDebouncer: debouncer } = rendering;
  const renderer = rendering._renderer.value;
  measureByCanvas(renderer._widthCache);

  let held = false;
  let resized: Resize | null = null;
  let scrolledTo: number | null = null;
  const tellResize = buffers._onResize.fire.bind(buffers._onResize);
  const tellScroll = buffers._onScroll.fire.bind(buffers._onScroll);
  const refresh = debouncer._innerRefresh.bind(debouncer);
  const render = renderer.renderRows.bind(renderer);
  buffers._onResize.fire = (size) => {
    if (!held) tellResize(size);
    else
      resized = {
        ...size,
        colsChanged: size.colsChanged || resized?.colsChanged === true,
        rowsChanged: size.rowsChanged || resized?.rowsChanged === true,
      };
  };
  buffers._onScroll.fire = (row) => {
    if (!held) tellScroll(row);
    else scrolledTo = row;
  };
  debouncer._innerRefresh = () => {
    if (!held) refresh();
  };
  renderer.renderRows = (start, end) => {
    if (!held) render(start, end);
  };
  renderer.clear = () => undefined;
  // Colours and face never change, and a sheet that is written anew has every style of the page worked out again.
  renderer._injectCss = () => {
    renderer._rowContainer.style.fontSize = `${String(terminal.options.fontSize)}px`;
  };

  return {
    terminal,
    cell: () => rendering.dimensions.css.cell,
    hold: () => {
      held = true;
    },
    draw: () => {
      if (resized !== null) tellResize(resized);
      if (scrolledTo !== null) tellScroll(scrolledTo);
      resized = null;
      scrolledTo = null;
      held = false;
      debouncer.dispose();
      refresh();
    },
    dispose: () => terminal.dispose(),
  };
}
