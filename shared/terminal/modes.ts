// Modes, and the cursor that is saved and restored. Modes that would reach a window (mouse, focus, held-back drawing, blinking)
// are kept as facts. The alternate screen is entered once and left once, as in tmux.

import type { Parameters } from './internals.ts';
import { isAlternate, screenLine, type Emulator, type SavedCursor } from './emulator.ts';
import { resizeBuffer } from './resizing.ts';

const MOUSE_TRACKING = new Set([9, 1000, 1002, 1003]);
const MOUSE_ENCODING = new Set([1005, 1006, 1015, 1016]);

export interface Modes {
  setPrivate(parameters: Parameters): boolean;
  resetPrivate(parameters: Parameters): boolean;
  setAnsi(parameters: Parameters): boolean;
  resetAnsi(parameters: Parameters): boolean;
  saveCursor(): boolean;
  restoreCursor(): boolean;
  softReset(parameters: Parameters): boolean;
}

/** Handlers for one terminal. `columnMode` is called when DECCOLM is set or reset. */
export function createModes(emulator: Emulator, columnMode: () => void): Modes {
  const { inner, own } = emulator;
  const { _inputHandler: input, _bufferService: size, _charsetService: charsets, coreService: core, buffers } = inner;
  const notice: Required<Emulator['watcher']>['notice'] = (event) => emulator.watcher.notice?.(event);

  const cursor = (): SavedCursor => {
    const { x, y } = input._activeBuffer;
    const { fg, bg, extended } = input._curAttrData;
    return { x, y, fg, bg, extended, charset: charsets.charset };
  };

  const placeCursor = ({ x, y, fg, bg, extended, charset }: SavedCursor): void => {
    Object.assign(input._activeBuffer, { x, y });
    Object.assign(input._curAttrData, { fg, bg, extended });
    charsets.charset = charset;
  };

  const saveCursor = (): boolean => {
    own.saved = cursor();
    return true;
  };

  const restoreCursor = (): boolean => {
    placeCursor(own.saved ?? { ...cursor(), x: 0, y: 0, fg: 0, bg: 0, charset: undefined });
    input._restrictCursor();
    return true;
  };

  const single = { params: [0], length: 1 };
  const pass = (mode: number, on: boolean): void => {
    single.params[0] = mode;
    if (on) input.setModePrivate(single);
    else input.resetModePrivate(single);
  };

  const enterAlternate = (withCursor: boolean): void => {
    if (isAlternate(emulator)) return;
    if (withCursor) own.savedOnEntry = cursor();
    // tmux clears the screen below the scrollback here, and with it the link between the two: a new width keeps them apart.
    const first = screenLine(buffers.normal, 0);
    if (first.isWrapped) emulator.watcher.joinLost?.(first);
    first.isWrapped = false;
    pass(1047, true);
    // Margins and tab stops belong to the terminal, not to one of its screens.
    const { scrollTop, scrollBottom, tabs } = buffers.normal;
    Object.assign(buffers.alt, { scrollTop, scrollBottom, tabs: { ...tabs } });
    notice({ kind: 'alternate-screen', entered: true });
  };

  const leaveAlternate = (withCursor: boolean): void => {
    const { normal, alt } = buffers;
    const leaves = isAlternate(emulator);
    const { scrollTop, scrollBottom, tabs } = alt;
    if (leaves) pass(1047, false);
    // Programs that were on the normal screen all along leave the alternate one too, and expect their cursor back.
    const saved = withCursor ? own.savedOnEntry : null;
    if (saved !== null) placeCursor(saved);
    else if (!leaves) return;
    normal.x = Math.min(normal.x, normal._cols - 1);
    normal.y = Math.min(normal.y, normal._rows - 1);
    if (normal._cols !== size.cols || normal._rows !== size.rows) resizeBuffer(emulator, normal, size.cols, size.rows);
    if (!leaves) return;
    Object.assign(normal, { scrollTop, scrollBottom, tabs });
    notice({ kind: 'alternate-screen', entered: false });
  };

  const setPrivateMode = (mode: number, on: boolean): void => {
    if (MOUSE_TRACKING.has(mode)) own.mouseTracking = on ? mode : 0;
    else if (MOUSE_ENCODING.has(mode)) own.mouseEncoding = on ? mode : 0;
    else if (mode === 3) {
      notice({ kind: 'window', text: on ? '132 columns' : '80 columns' });
      columnMode();
    } else if (mode === 12) core.decPrivateModes.cursorBlink = on;
    else if (mode === 47 || mode === 1047) (on ? enterAlternate : leaveAlternate)(false);
    else if (mode === 1049) (on ? enterAlternate : leaveAlternate)(true);
    else if (mode === 1048) (on ? saveCursor : restoreCursor)();
    else if (mode === 1004) core.decPrivateModes.sendFocus = on;
    else if (mode === 2026) own.synchronized = on;
    else pass(mode, on);
  };

  const eachMode = ({ params, length }: Parameters, set: (mode: number) => void): boolean => {
    for (let i = 0; i < length; i++) set(params[i]!);
    return true;
  };

  const setAnsiMode = (mode: number, on: boolean): void => {
    if (mode === 4) core.modes.insertMode = on;
    else if (mode === 20) inner.optionsService.rawOptions.convertEol = on;
  };

  return {
    setPrivate: (parameters) => eachMode(parameters, (mode) => setPrivateMode(mode, true)),
    resetPrivate: (parameters) => eachMode(parameters, (mode) => setPrivateMode(mode, false)),
    setAnsi: (parameters) => eachMode(parameters, (mode) => setAnsiMode(mode, true)),
    resetAnsi: (parameters) => eachMode(parameters, (mode) => setAnsiMode(mode, false)),
    saveCursor,
    restoreCursor,
    softReset: (parameters) => {
      input.softReset(parameters);
      own.saved = null;
      return true;
    },
  };
}
