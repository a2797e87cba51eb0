// A screen's SVG as PNG: the same SVG gives the same bytes on every machine. Fonts and renderer travel with Exhibit, and neither the
// system's fonts nor the network are asked. A character that the fonts lack is drawn as a box: a picture never leaves out what was shown.
// https://www.w3.org/TR/png-3/ and https://github.com/linebender/resvg (the renderer, compiled to WebAssembly)

import { Resvg, initWasm } from '@resvg/resvg-wasm';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExhibitError } from '../../shared/api/errors.ts';

const WASM = '@resvg/resvg-wasm/index_bg.wasm';

const FAMILY = 'DejaVu Sans Mono';

/** The faces that a still asks for. Those of DejaVu Sans Mono cover box drawing, blocks and most of what programs print. */
const FONTS = ['', '-Bold', '-Oblique', '-BoldOblique'].map((face) => `dejavu-fonts-ttf/ttf/DejaVuSansMono${face}.ttf`);

/** Drawn at this many times the size of the SVG, so that text stays sharp where it is enlarged or printed. */
const SCALE = 2;

/** A drawing holds four bytes a pixel in memory, twice while it is packed: 64 Mi pixels are 256 MiB. */
const MAX_PIXELS = 64 * 1024 * 1024;

/**
 * Reads a file of a package: from here upwards, the first `picture/FILE` (how dist/ holds it, see build/bundle.ts) or
 * `node_modules/PACKAGE/FILE` (a checkout).
 */
async function readAsset(path: string): Promise<Uint8Array> {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const found = [`picture/${basename(path)}`, `node_modules/${path}`].map((name) => new URL(name, folder)).find((url) => existsSync(url));
    if (found !== undefined) return readFile(found);
    if (folder.pathname === new URL('..', folder).pathname) throw new Error(`${path} is missing from this installation`);
  }
}

async function load(): Promise<readonly Uint8Array[]> {
  const [wasm, ...fonts] = await Promise.all([WASM, ...FONTS].map(readAsset));
  await initWasm(wasm!.slice());
  return fonts;
}

let loaded: ReturnType<typeof load> | null = null;

/** A still as PNG. Throws kind `refused` where the screen is too large for a picture. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const fontBuffers = [...(await (loaded ??= load()))];
  const drawing = new Resvg(svg, {
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
