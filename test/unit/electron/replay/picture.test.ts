// Pictures of screens, drawn and then read back pixel by pixel: each character in its own cell, nothing left out, nothing over a neighbour.

import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { renderPng, stillOf } from '../../../../electron/replay/replay.ts';
import { createTerminal } from '../../../../electron/replay/terminal.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';

/** Pixels of a cell in the picture: twice those of the SVG. */
const CELL = { width: 18, height: 36 };
const BACKGROUND = [0x16, 0x18, 0x1d];
const HIDE_CURSOR = '\u001b[?25l';

interface Picture {
  readonly width: number;
  readonly height: number;
  pixel(x: number, y: number): readonly number[];
}

const paeth = (a: number, b: number, c: number): number => {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** Reads a PNG of 8 bits a channel, RGBA and not interlaced (https://www.w3.org/TR/png-3/). */
function readPng(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect([...bytes.subarray(24, 29)]).toEqual([8, 6, 0, 0, 0]);
  const packed = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : rows[y * stride + x - 4]!;
      const above = y === 0 ? 0 : rows[(y - 1) * stride + x]!;
      const corner = x < 4 || y === 0 ? 0 : rows[(y - 1) * stride + x - 4]!;
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!;
      rows[y * stride + x] = packed[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  return { width, height, pixel: (x, y) => [...rows.subarray(y * stride + x * 4, y * stride + x * 4 + 3)] };
}

function still(output: string, cols = 20, rows = 3): string {
  const terminal = createTerminal(cols, rows);
  const bytes = new TextEncoder().encode(HIDE_CURSOR + output);
  feedEvent(terminal, { kind: 'data', stream: 'stdout', seq: '1', at: micros(0), record: 0, bytes });
  return stillOf(terminal);
}

const draw = async (output: string): Promise<Picture> => readPng(await renderPng(still(output)));

/** Columns of a row in which something is drawn; the pale fringe that a glyph may have beyond its cell is not counted. */
function inked({ width, pixel }: Picture, row: number): number[] {
  const columns = new Set<number>();
  for (let x = 0; x < width; x++) {
    for (let y = row * CELL.height; y < (row + 1) * CELL.height; y++) {
      if (pixel(x, y).some((value, i) => Math.abs(value - BACKGROUND[i]!) > 60)) columns.add(Math.floor(x / CELL.width));
    }
  }
  return [...columns].sort((a, b) => a - b);
}

describe('the picture of a screen', () => {
  it('has two pixels for each of the still, and is the same each time', async () => {
    const svg = still('the same');
    const png = await renderPng(svg);
    const { width, height } = readPng(png);
    expect({ width, height }).toEqual({ width: 20 * CELL.width, height: 3 * CELL.height });
    expect(await renderPng(svg)).toEqual(png);
  });

  it.each([
    ['a letter', 'W', 1],
    ['a line of a box', '─', 1],
    ['a block', '█', 1],
    ['a letter and a mark', 'e\u0301', 1],
    ['a Braille pattern', '⣿', 1],
    ['a Hebrew letter', 'ש', 1],
    ['a private character', '\ue0b0', 1],
    ['a Han character', '漢', 2],
    ['an emoji', '😀', 2],
    ['an emoji of three', '👨\u200d👩\u200d👧', 2],
    ['a letter and a mark that the fonts lack', '\u0e01\u0e48', 1],
  ])('draws %s in its own columns and nowhere else', async (_what, text, columns) => {
    const own = Array.from({ length: columns }, (_, i) => 3 + i);
    expect(inked(await draw(`\r\n\u001b[4G${text}`), 1)).toEqual(own);
  });

  it('keeps a long row in its columns', async () => {
    const picture = await draw('i'.repeat(9) + ' ' + 'W'.repeat(10));
    expect(inked(picture, 0)).toEqual([...Array(9).keys(), ...Array.from({ length: 10 }, (_, i) => 10 + i)]);
  });

  it('draws one box for every character that the fonts lack', async () => {
    expect(await renderPng(still('漢'))).toEqual(await renderPng(still('字')));
    expect(await renderPng(still('漢'))).not.toEqual(await renderPng(still('  ')));
  });

  it('takes from the sans face what the mono faces lack', async () => {
    expect(await renderPng(still('⣿'))).not.toEqual(await renderPng(still('\ue0b0')));
  });

  it('fills the background of a cell to its edges, in the colour given', async () => {
    const { pixel } = await draw('\r\n \u001b[48;2;10;200;30m \u001b[0m');
    const [x, y] = [CELL.width, CELL.height];
    for (const [dx, dy] of [
      [0, 0],
      [CELL.width - 1, 0],
      [0, CELL.height - 1],
      [CELL.width - 1, CELL.height - 1],
    ] as const)
      // prettier-ignore
      expect(pixel(x + dx, y + dy)).toEqual([10, 200, 30]);
    for (const [px, py] of [
      [x - 1, y],
      [x + CELL.width, y],
      [x, y - 1],
      [x, y + CELL.height],
    ] as const)
      // prettier-ignore
      expect(pixel(px, py)).toEqual(BACKGROUND);
  });

  it('draws bold, italic and both with faces of their own', async () => {
    const looks = ['0', '1', '3', '1;3'].map((sgr) => renderPng(still(`\u001b[${sgr}mag`)));
    const drawn = (await Promise.all(looks)).map((png) => Buffer.from(png).toString('base64'));
    expect(new Set(drawn).size).toBe(4);
  });

  it('is refused where it would be too large to draw', async () => {
    await expect(renderPng(still('', 2000, 1000))).rejects.toMatchObject({ kind: 'refused', todo: 'take it as svg' });
  });
});
