// What of a terminal can be seen, as a number that differs when the sight does: cells with their attributes, the cursor, the size. 32 bits of
// FNV-1a: two sights that follow each other share it once in four thousand million.

import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const mix = (hash: number, value: number): number => Math.imul(hash ^ value, PRIME);

export function sightOf(emulator: Emulator): number {
  const { inner } = emulator;
  const buffer = inner.buffers.active;
  const { cols, rows } = inner._bufferService;
  let hash = mix(mix(OFFSET, cols), rows);
  hash = inner.coreService.isCursorHidden ? mix(hash, 1) : mix(mix(mix(hash, 2), buffer.x), buffer.y);
  hash = mix(hash, Number(isAlternate(emulator)));
  for (let y = 0; y < rows; y++) {
    const { _data: data, _combined: combined } = screenLine(buffer, y);
    for (let i = 0; i < data.length; i++) hash = mix(hash, data[i]!);
    for (const text of Object.values(combined)) for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  }
  return hash >>> 0;
}
