// A screen's SVG as PNG: the same SVG gives the same bytes on every machine. Fonts and renderer travel with Exhibit, and neither the
// system's fonts nor the network are asked. A character that the fonts lack is drawn as a box: a picture never leaves out what was shown,
// and no character is drawn over its neighbours.
// https://www.w3.org/TR/png-3/ and https://github.com/linebender/resvg (the renderer, compiled to WebAssembly)

import { Resvg, initWasm } from '@resvg/resvg-wasm';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';

const WASM = '@resvg/resvg-wasm/index_bg.wasm';

const FAMILY = 'DejaVu Sans Mono';

/** The faces that a still asks for, and the sans face for what they lack: Braille patterns, which monitors draw with, and more scripts. */
const FONTS = ['SansMono', 'SansMono-Bold', 'SansMono-Oblique', 'SansMono-BoldOblique', 'Sans'].map(
  (face) => `dejavu-fonts-ttf/ttf/DejaVu${face}.ttf`,
);

/** Drawn at this many times the size of the SVG, so that text stays sharp where it is enlarged or printed. */
const SCALE = 2;

/** A drawing holds four bytes a pixel in memory, twice while it is packed: 64 Mi pixels are 256 MiB. */
const MAX_PIXELS = 64 * 1024 * 1024;

/**
 * Reads a file of a package: from here upwards, the first `picture/FILE` (how dist/ holds it, see build/bundle.ts) or
 * `node_modules/PACKAGE/FILE` (a checkout).
 */
async function readAsset(path: string): Promise<Uint8Array> {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const places = [join(folder, 'picture', basename(path)), join(folder, 'node_modules', path)];
    const found = places.find((place) => existsSync(place));
    if (found !== undefined) return readFile(found);
    if (folder === dirname(folder)) throw new Error(`${path} is missing from this installation`);
  }
}

async function load(): Promise<readonly Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all([WASM, ...FONTS].map(readAsset));
  await initWasm(wasm!.slice());
  return fonts;
}

let loaded: ReturnType<typeof load> | null = null;

/** A text of one cell that is to be squeezed into its columns, as a still writes it (still.ts). */
const CELL = /<text x="([\d.]+)" (y="[\d.]+" textLength="([\d.]+)" lengthAdjust="spacingAndGlyphs"[^>]*>)([^<]*)<\/text>/g;

/**
 * The renderer squeezes glyphs and not the steps between them, so that several glyphs in one cell (an emoji of three that the fonts
 * lack) would run into the next cells. Such a text is cut at the edges of its own.
 */
function cutAtCells(svg: string): string {
  return svg.replaceAll(CELL, (whole, x: string, rest: string, width: string, text: string) =>
    Array.from(text).length === 1
      ? whole
      : `<svg x="${x}" width="${width}" height="100%"><text x="0" ${rest}${text}</text></svg>`,
  );
}

/** A still as PNG. Throws kind `refused` where the screen is too large for a picture. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const fontBuffers = [...(await (loaded ??= load()))];
  const drawing = new Resvg(cutAtCells(svg), {
    font: { fontBuffers, defaultFontFamily: FAMILY, monospaceFamily: FAMILY },
    fitTo: { mode: 'zoom', value: SCALE },
  });
  try {
    if (drawing.width * drawing.height * SCALE ** 2 > MAX_PIXELS) {
      const size = `${String(drawing.width * SCALE)}x${String(drawing.height * SCALE)}`;
      throw new ExhibitError('refused', 'draw screen', `it would be a picture of ${size} pixels`, 'take it as svg');
    }
    const image = drawing.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    drawing.free();
  }
}
