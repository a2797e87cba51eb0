// xterm.js in the page, made a picture: it shows, lets the user select and copy, and takes nothing in.
//
// Direction of text: a terminal is a grid, and a browser must not reorder its cells. The row elements are set to the order of their
// characters (screen.css: unicode-bidi). Explicit direction controls in a cell would still override that for the rest of their element, so a
// cell that holds one gets an element of its own (Unicode Standard Annex 9: an override ends with its isolate).
//
// Widths of glyphs: xterm.js lays the page out for each glyph that it meets, and forgets all of them when the size of the face changes, as it
// does between screens of different sizes. A canvas tells the same widths without any layout.
//
// Colours of 24 bits: xterm.js sets them as style attributes, which the page's content policy forbids. The same declarations through the
// object model are allowed; so spans take them that way.
//
// When it draws: xterm.js puts off every drawing to the next picture of the browser, because its input comes in pieces. Here whoever feeds it
// knows when a moment is complete, and has it drawn there and then (`draw`), in time for this picture.

import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { TERMINAL_OPTIONS } from '../../shared/terminal/rules.ts';

/** Marks, embeddings, overrides and isolates of direction. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export const FONT = "'DejaVu Mono', 'DejaVu Sans Mono', 'Noto Sans Mono', ui-monospace, monospace";

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
 * The private parts of xterm.js's renderer that are used here (src/browser/renderer/dom/WidthCache.ts, services/RenderService.ts,
 * RenderDebouncer.ts).
 */
interface Rendering {
  readonly _core: {
    readonly _renderService: {
      readonly _renderDebouncer: {
        /** Takes back what was asked of the next picture. */
        dispose(): void;
        /** Draws the rows that were asked for, if any. */
        _innerRefresh(): void;
      };
      readonly dimensions: { readonly css: { readonly cell: { readonly width: number; readonly height: number } } };
      readonly _renderer: { readonly value: { readonly _widthCache: WidthCache } };
    };
  };
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
  const ruler = document.createElement('canvas').getContext('2d');
  if (ruler === null) return;
  cache._measure = (text, variant) => {
    const weight = (variant & BOLD) === 0 ? cache._weight : cache._weightBold;
    ruler.font = `${(variant & ITALIC) === 0 ? '' : 'italic '}${weight} ${String(cache._fontSize)}px ${cache._font}`;
    return ruler.measureText(text).width;
  };
}

export interface MountedTerminal {
  readonly terminal: Terminal;
  /** Size of a cell in CSS pixels. */
  cell(): { readonly width: number; readonly height: number };
  /** Draws now what waits for the next picture. */
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
  const { _renderService: rendering } = (terminal as unknown as Rendering)._core;
  measureByCanvas(rendering._renderer.value._widthCache);
  return {
    terminal,
    cell: () => rendering.dimensions.css.cell,
    draw: () => {
      rendering._renderDebouncer.dispose();
      rendering._renderDebouncer._innerRefresh();
    },
    dispose: () => terminal.dispose(),
  };
}
