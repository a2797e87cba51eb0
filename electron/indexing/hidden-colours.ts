// Whether text in a style can be told from what is behind it. Two measures must both say no: the contrast of luminance, by which
// WCAG 2.2 sets what can be read (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), and the distance in CIE 1976 L*a*b*, since
// equally bright colours can still be told by their hue (https://en.wikipedia.org/wiki/Color_difference#CIE76). Which colours a
// person's terminal had is told by the theme of the recording; where there is none, both the palette of this viewer and that of xterm
// are tried, on a dark screen. Bold text has the bright colours.

import {
  BG_DIM,
  COLOUR_16,
  COLOUR_256,
  COLOUR_MODE,
  COLOUR_RGB,
  FG_BOLD,
  FG_INVERSE,
  FG_INVISIBLE,
} from '../../shared/terminal/cells.ts';
import type { Theme } from '../../shared/recording/asciicast-theme.ts';
import { ANSI, BACKGROUND, FOREGROUND, indexedColour } from '../../shared/terminal/palette.ts';
import { parseColour, type Colour } from './x-colour.ts';

export type StyleVerdict = 'concealed' | 'same-colour' | null;

/** WCAG asks for 4.5 and, at the least, 3; dim and grey text on a dark screen has 1.8 and more. */
const MIN_CONTRAST = 1.25;
/** A just noticeable difference is 2.3 (Mahy and others, 1994); strokes of letters need several of them. */
const MIN_DISTANCE = 10;

type Palette = Required<Theme>;

/** https://invisible-island.net/xterm/manpage/xterm.html, resources color0 to color15. */
const XTERM =
  '#000000 #cd0000 #00cd00 #cdcd00 #0000ee #cd00cd #00cdcd #e5e5e5 #7f7f7f #ff0000 #00ff00 #ffff00 #5c5cff #ff00ff #00ffff #ffffff';

const PALETTES: readonly Palette[] = [
  { colours: ANSI, foreground: FOREGROUND, background: BACKGROUND },
  { colours: XTERM.split(' '), foreground: '#e5e5e5', background: '#000000' },
];

const parse = (hex: string): Colour => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;

const linear = (part: number): number => (part <= 10.31475 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);

const luminance = ([red, green, blue]: Colour): number => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** sRGB to L*a*b* with the white of D65. */
function lab(colour: Colour): readonly [number, number, number] {
  const [r, g, b] = colour.map(linear) as unknown as Colour;
  const curve = (t: number): number => (t > 216 / 24_389 ? Math.cbrt(t) : (t * 24_389) / 27 / 116 + 16 / 116);
  const x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = curve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = curve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

export function distance(one: Colour, other: Colour): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const nearEqual = (text: Colour, paper: Colour): boolean =>
  contrast(text, paper) < MIN_CONTRAST && distance(text, paper) < MIN_DISTANCE;

const half = (text: Colour, paper: Colour): Colour => text.map((part, i) => (part + paper[i]!) / 2) as unknown as Colour;

/** Foregrounds, and backgrounds of each, that are remembered; a recording that uses more of them pays for each anew. */
const MAX_KNOWN = 256;
const MAX_BACKGROUNDS = 16;

/** Judges styles by the two numbers of a cell. Knows the colours that the recording itself has set. */
export class StyleJudge {
  /** By foreground, then background. */
  readonly #known = new Map<number, Map<number, StyleVerdict>>();
  /** Colours set by OSC 4 (by number), 10 (`text`) and 11 (`paper`). */
  readonly #set = new Map<number | 'text' | 'paper', Colour>();
  readonly #palettes: readonly Palette[];
  #reversed = false;

  /** `theme`: what the recording says of its colours. */
  constructor(theme: Theme = {}) {
    this.#palettes = PALETTES.map((palette) => ({ ...palette, ...theme }));
  }

  /** `fg` and `bg` as cells.ts packs them. */
  verdict(fg: number, bg: number): StyleVerdict {
    if ((fg & FG_INVISIBLE) !== 0) return 'concealed';
    // The default colours as the person had chosen them could be read, whatever a header says of them.
    if (((fg | bg) & COLOUR_MODE) === 0 && !this.#set.has('text') && !this.#set.has('paper')) return null;
    let known = this.#known.get(fg);
    if (known === undefined || known.size >= MAX_BACKGROUNDS) {
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(fg, (known = new Map()));
    }
    let verdict = known.get(bg);
    if (verdict === undefined) {
      verdict = this.#palettes.some((palette) => this.#unreadable(fg, bg, palette)) ? 'same-colour' : null;
      known.set(bg, verdict);
    }
    return verdict;
  }

  #unreadable(fg: number, bg: number, palette: Palette): boolean {
    const bold = (fg & FG_BOLD) !== 0;
    const inverse = (fg & FG_INVERSE) !== 0;
    const first = this.#colour(fg, 'text', bold && !inverse, palette);
    const second = this.#colour(bg, 'paper', false, palette);
    const [text, paper] = inverse ? [second, first] : [first, second];
    return nearEqual((bg & BG_DIM) === 0 ? text : half(text, paper), paper);
  }

  #colour(packed: number, side: 'text' | 'paper', bright: boolean, palette: Palette): Colour {
    switch (packed & COLOUR_MODE) {
      case COLOUR_RGB:
        return [(packed >> 16) & 0xff, (packed >> 8) & 0xff, packed & 0xff];
      case COLOUR_16:
      case COLOUR_256: {
        const named = packed & 0xff;
        const index = bright && named < 8 ? named + 8 : named;
        return this.#set.get(index) ?? parse(palette.colours[index] ?? indexedColour(index));
      }
      default: {
        const shown = (side === 'text') === this.#reversed ? 'paper' : 'text';
        return this.#set.get(shown) ?? parse(shown === 'text' ? palette.foreground : palette.background);
      }
    }
  }

  /** RIS: the recording has set nothing. */
  reset(): void {
    this.#set.clear();
    this.reverse(false);
  }

  /** DECSCNM: whether text has the default background's colour, and its background that of text. */
  reverse(on: boolean): void {
    this.#reversed = on;
    this.#known.clear();
  }

  /** An operating system command: gives whether it sets colours. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
  command(code: number, text: string): boolean {
    const parts = text.split(';');
    if (code === 4) {
      for (let i = 0; i + 1 < parts.length; i += 2) this.#put(Number(parts[i]), parts[i + 1]!);
    } else if (code === 10 || code === 11) {
      this.#put(code === 10 ? 'text' : 'paper', parts[0]!);
      if (code === 10 && parts[1] !== undefined) this.#put('paper', parts[1]);
    } else if (code === 104) {
      const all = text === '';
      for (const key of this.#set.keys())
        if (typeof key === 'number' && (all || parts.includes(String(key)))) this.#set.delete(key);
    } else if (code === 110) this.#set.delete('text');
    else if (code === 111) this.#set.delete('paper');
    else return false;
    this.#known.clear();
    return true;
  }

  #put(key: number | 'text' | 'paper', specification: string): void {
    const colour = parseColour(specification);
    if (colour !== null && (typeof key === 'string' || (key >= 0 && key < 256))) this.#set.set(key, colour);
  }
}
