// A picture of a screen as SVG: real text, each run and each unusual character at its own cell, so that nothing depends on the
// viewer's fonts, and no reader reorders or hides what a terminal shows in order. The same screen gives the same bytes.
// Invisible text is not drawn, and neither are characters that only steer text (bidirectional controls, zero-width marks).
// https://www.w3.org/TR/SVG2/text.html

import * as cells from '../../shared/terminal/cells.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { BACKGROUND, colourOf, FOREGROUND } from '../../shared/terminal/palette.ts';
import { cellText } from '../../shared/terminal/text.ts';

/** Size of a cell, and where its text stands, in pixels: those of the font below. */
const WIDTH = 9;
const HEIGHT = 18;
const BASELINE = 14;
const FONT = `font-family="DejaVu Sans Mono, monospace" font-size="15"`;

/** Characters that steer text without being seen, except the joiner and selectors inside emoji. */
const STEERING = /[\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char]!);

interface Look {
  readonly fg: string;
  readonly bg: string | null;
  /** Attributes of the text element. */
  readonly font: string;
  readonly hidden: boolean;
  readonly lines: string;
  readonly lineColour: string;
}

const UNDERLINE_STYLE_SHIFT = 26;

function lookOf(line: Line, x: number): Look {
  const fgBits = line._data[x * cells.CELL_SIZE + cells.FG]!;
  const bgBits = line._data[x * cells.CELL_SIZE + cells.BG]!;
  const extended = (bgBits & cells.BG_EXTENDED) === 0 ? undefined : line._extendedAttrs[x];
  const inverse = (fgBits & cells.FG_INVERSE) !== 0;
  const own = { fg: colourOf(fgBits), bg: colourOf(bgBits) };
  const fg = (inverse ? (own.bg ?? BACKGROUND) : own.fg) ?? FOREGROUND;
  const bg = inverse ? (own.fg ?? FOREGROUND) : own.bg;
  const underlined = (fgBits & cells.FG_UNDERLINE) !== 0;
  const style = underlined ? ((extended?._ext ?? 0) >> UNDERLINE_STYLE_SHIFT) & 7 || 1 : 0;
  return {
    fg,
    bg,
    font: [
      (fgBits & cells.FG_BOLD) === 0 ? '' : ' font-weight="bold"',
      (bgBits & cells.BG_ITALIC) === 0 ? '' : ' font-style="italic"',
      (bgBits & cells.BG_DIM) === 0 ? '' : ' fill-opacity="0.5"',
    ].join(''),
    hidden: (fgBits & cells.FG_INVISIBLE) !== 0,
    lines: [
      ['', 'single', 'double', 'curly', 'dotted', 'dashed'][style] ?? '',
      (fgBits & cells.FG_STRIKE) === 0 ? '' : 'strike',
      (bgBits & cells.BG_OVERLINE) === 0 ? '' : 'over',
    ].join(' '),
    lineColour: (extended === undefined ? null : colourOf(extended._ext)) ?? fg,
  };
}

const sameLook = (a: Look, b: Look): boolean =>
  a.fg === b.fg &&
  a.bg === b.bg &&
  a.font === b.font &&
  a.hidden === b.hidden &&
  a.lines === b.lines &&
  a.lineColour === b.lineColour;

/** Cells whose characters a run can hold: they take one column each, go from left to right and join nothing. */
function isPlain(text: string): boolean {
  const code = text.charCodeAt(0);
  return text === '' || (text.length === 1 && (code < 0xad || (code > 0xad && code < 0x300)));
}

function textElement(x: number, y: number, columns: number, text: string, look: Look, alone: boolean): string {
  if (look.hidden || text.trim() === '') return '';
  const fit = ` textLength="${String(columns * WIDTH)}"${alone ? ' lengthAdjust="spacingAndGlyphs" direction="ltr" unicode-bidi="bidi-override"' : ''}`;
  const place = `x="${String(x * WIDTH)}" y="${String(y * HEIGHT + BASELINE)}"`;
  return `<text ${place}${fit} fill="${look.fg}"${look.font}>${escapeXml(text)}</text>`;
}

function decoration(x: number, y: number, columns: number, { lines, lineColour, fg }: Look): string {
  const left = x * WIDTH;
  const right = left + columns * WIDTH;
  const top = y * HEIGHT;
  const stroke = (dy: number, colour: string, more = ''): string =>
    `<path d="M${String(left)} ${String(top + dy)}H${String(right)}" stroke="${colour}" fill="none"${more}/>`;
  const drawn: Readonly<Record<string, () => string>> = {
    single: () => stroke(16.5, lineColour),
    double: () => stroke(15.5, lineColour) + stroke(17.5, lineColour),
    dotted: () => stroke(16.5, lineColour, ' stroke-dasharray="1 2"'),
    dashed: () => stroke(16.5, lineColour, ' stroke-dasharray="4 2"'),
    curly: () => {
      const waves = Array.from(
        { length: columns * 2 },
        (_, i) => `q${String(WIDTH / 4)} ${i % 2 === 0 ? '-3' : '3'} ${String(WIDTH / 2)} 0`,
      );
      return `<path d="M${String(left)} ${String(top + 16.5)}${waves.join('')}" stroke="${lineColour}" fill="none"/>`;
    },
    strike: () => stroke(9.5, fg),
    over: () => stroke(0.5, fg),
  };
  return lines
    .split(' ')
    .map((kind) => drawn[kind]?.() ?? '')
    .join('');
}

function drawRow(line: Line, y: number, cols: number): string {
  const out: string[] = [];
  for (let x = 0; x < cols;) {
    const look = lookOf(line, x);
    const first = cellText(line, x);
    const from = x;
    let text = '';
    const alone = !isPlain(first);
    if (alone) {
      text = first.replace(STEERING, '');
      x += Math.max(1, line._data[x * cells.CELL_SIZE]! >>> cells.WIDTH_SHIFT);
    } else {
      while (x < cols && isPlain(cellText(line, x)) && sameLook(look, lookOf(line, x))) text += cellText(line, x++) || ' ';
    }
    const columns = Math.min(x, cols) - from;
    if (look.bg !== null) {
      const box = [from * WIDTH, y * HEIGHT, columns * WIDTH, HEIGHT].map(String);
      out.push(`<rect x="${box[0]!}" y="${box[1]!}" width="${box[2]!}" height="${box[3]!}" fill="${look.bg}"/>`);
    }
    // Blanks at the end of a run would only stretch it.
    const shown = alone ? text : text.trimEnd();
    out.push(textElement(from, y, alone ? columns : shown.length, shown, look, alone), decoration(from, y, columns, look));
  }
  return out.join('');
}

function drawCursor({ inner, terminal }: Emulator): string {
  if (inner.coreService.isCursorHidden) return '';
  const { x, y } = inner.buffers.active;
  const place = `x="${String(Math.min(x, terminal.cols - 1) * WIDTH + 0.5)}" y="${String(y * HEIGHT + 0.5)}"`;
  return `<rect ${place} width="${String(WIDTH - 1)}" height="${String(HEIGHT - 1)}" fill="none" stroke="${FOREGROUND}"/>`;
}

/** The screen of a terminal as an SVG document. */
export function stillOf(emulator: Emulator): string {
  const { cols, rows } = emulator.terminal;
  const buffer = emulator.inner.buffers.active;
  const size = { width: cols * WIDTH, height: rows * HEIGHT };
  const drawn = Array.from({ length: rows }, (_, y) => drawRow(screenLine(buffer, y), y, cols)).filter((row) => row !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(size.width)}" height="${String(size.height)}"`,
    ` viewBox="0 0 ${String(size.width)} ${String(size.height)}" data-screen="${isAlternate(emulator) ? 'alternate' : 'normal'}">\n`,
    `<rect width="100%" height="100%" fill="${BACKGROUND}"/>\n<g ${FONT} xml:space="preserve">\n`,
    ...drawn.map((row) => `${row}\n`),
    `${drawCursor(emulator)}</g>\n</svg>\n`,
  ].join('');
}
