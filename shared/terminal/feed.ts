// Recorded events into a terminal, in their order, synchronously. Output of both streams is drawn, input never is, and a resize
// has the size that was recorded, within limits. Nothing is drawn on a page before `settle`.

import { MAX_COLS, MAX_ROWS } from '../recording/decoder.ts';
import type { RecordingEvent, StreamName } from '../recording/event.ts';
import type { Emulator } from './emulator.ts';

/** Code points that are decoded at a time, whatever the size of an event. */
const SLICE = 65_536;
const codes = new Uint32Array(SLICE);

/** Bytes of a stream, which may begin and end anywhere. */
export function feedBytes({ inner, utf8 }: Emulator, stream: StreamName, bytes: Uint8Array): void {
  const parser = inner._inputHandler._parser;
  for (let at = 0; at < bytes.length; at += SLICE) {
    const slice = bytes.length <= SLICE ? bytes : bytes.subarray(at, at + SLICE);
    parser.parse(codes, utf8.decode(stream, slice, codes));
  }
}

/** Gives the terminal the recorded size, as near to it as the limits of emulation allow. */
export function resizeTerminal({ terminal }: Emulator, cols: number, rows: number): void {
  const width = Math.min(Math.max(cols, 2), MAX_COLS);
  const height = Math.min(Math.max(rows, 1), MAX_ROWS);
  if (width !== terminal.cols || height !== terminal.rows) terminal.resize(width, height);
}

/** Applies one event: output of both streams and resizes; all others leave the terminal as it is. */
export function feedEvent(emulator: Emulator, event: RecordingEvent): void {
  if (event.kind === 'data') {
    if (event.stream !== 'stdin') feedBytes(emulator, event.stream, event.bytes);
  } else if (event.kind === 'resize') resizeTerminal(emulator, event.cols, event.rows);
}

/** Tells a terminal in a page that what it shows may have changed. */
export function settle({ inner }: Emulator): void {
  const { _inputHandler: input, _bufferService: size } = inner;
  input._dirtyRowTracker.clearRange();
  size._onScroll.fire(input._activeBuffer.ydisp);
  input._onRequestRefreshRows.fire(undefined);
}
