// The private parts of xterm.js that this room needs, and nothing else of them. A keyframe has to hold the whole state of a
// terminal, and a recording must not reach what the public interface leaves open (answers, the clipboard, ten megabytes of
// one string), so the public interface is not enough. Both packages are pinned to the same exact version and are built from
// one code base; `internalsOf` looks for every name that is listed here when a terminal is made, and a test does so for both.
// Sources: @xterm/xterm/src/common (InputHandler.ts, parser/, buffer/, services/).

import type { TerminalLike } from './terminal-like.ts';

/** Attributes beyond colours and flags, shared by cells and never changed in place. */
export interface ExtendedAttributes {
  _ext: number;
  _urlId: number;
  clone(): ExtendedAttributes;
}

/** Foreground and background hold colours and flags: see cells.ts. */
export interface Attributes {
  fg: number;
  bg: number;
  extended: ExtendedAttributes;
  updateExtended(): void;
}

/** One row: three numbers a cell, texts of joined characters and extended attributes by column. */
export interface Line {
  length: number;
  isWrapped: boolean;
  /** Not of xterm.js: see used.ts. */
  used?: number;
  _data: Uint32Array;
  _combined: Record<number, string>;
  _extendedAttrs: Record<number, ExtendedAttributes | undefined>;
  insertCells(at: number, count: number, fill: unknown): void;
  copyFrom(line: Line): void;
}

/** A ring of rows: the oldest goes when it is full. */
export interface LineList {
  length: number;
  maxLength: number;
  get(index: number): Line | undefined;
  set(index: number, line: Line): void;
  push(line: Line): void;
  recycle(): Line;
  splice(start: number, remove: number, ...lines: Line[]): void;
  trimStart(count: number): void;
}

/** The normal or the alternate screen. Rows from `ybase` on are the visible ones. */
export interface ScreenBuffer {
  lines: LineList;
  x: number;
  y: number;
  ybase: number;
  ydisp: number;
  scrollTop: number;
  scrollBottom: number;
  tabs: Record<number, boolean | undefined>;
  /** The size that the buffer has: the normal one keeps its own while the alternate one is shown. */
  _cols: number;
  _rows: number;
  getBlankLine(attributes: Attributes, wrapped?: boolean): Line;
  getNullCell(attributes: Attributes): unknown;
  setupTabStops(from?: number): void;
}

/** Parameters of a control sequence: borrowed during a call. */
export interface Parameters {
  readonly params: ArrayLike<number>;
  readonly length: number;
}

/** The first parameter as a number of times: once where it is missing or 0. */
export const countOf = ({ params }: Parameters): number => params[0]! || 1;

/** The parser's own store of parameters, to be saved and restored in the middle of a sequence. */
export interface ParameterStore extends Parameters {
  params: Int32Array;
  length: number;
  _subParams: Int32Array;
  _subParamsLength: number;
  _subParamsIdx: Uint16Array;
  _rejectDigits: boolean;
  _rejectSubDigits: boolean;
  _digitIsSub: boolean;
}

export interface SequenceName {
  readonly prefix?: string;
  readonly intermediates?: string;
  readonly final: string;
}

export type CsiHandler = (parameters: Parameters) => boolean;
export type StringAction = 'START' | 'HOOK' | 'PUT' | 'END' | 'UNHOOK';

export interface Parser {
  currentState: number;
  /** What xterm.js keeps for REP. Here: the code point printed last, 0 after any control. */
  precedingJoinState: number;
  _collect: number;
  _params: ParameterStore;
  _transitions: { readonly table: Uint8Array };
  _oscParser: {
    _state: number;
    _id: number;
    _handlers: Record<number, unknown>;
    put(codes: Uint32Array, start: number, end: number): void;
    end(success: boolean): unknown;
  };
  _dcsParser: { _ident: number; _handlers: Record<number, unknown> };
  parse(codes: Uint32Array, length: number): unknown;
  reset(): void;
  _printHandler(codes: Uint32Array, start: number, end: number): void;
  setPrintHandler(handler: (codes: Uint32Array, start: number, end: number) => void): void;
  setExecuteHandler(control: string, handler: () => boolean): void;
  setErrorHandler(handler: (state: unknown) => unknown): void;
  setCsiHandlerFallback(handler: (name: number, parameters: Parameters) => void): void;
  setOscHandlerFallback(handler: (name: number, action: StringAction, payload: string | boolean | undefined) => void): void;
  setDcsHandlerFallback(handler: (name: number, action: StringAction, payload: unknown) => void): void;
  clearCsiHandler(name: SequenceName): void;
  registerCsiHandler(name: SequenceName, handler: CsiHandler): unknown;
  registerEscHandler(name: SequenceName, handler: () => boolean): unknown;
}

export type Charset = Record<string, string> | undefined;

export interface InputHandler {
  readonly _parser: Parser;
  readonly _dirtyRowTracker: {
    readonly start: number;
    readonly end: number;
    clearRange(): void;
    markDirty(row: number): void;
    markRangeDirty(from: number, to: number): void;
    markAllDirty(): void;
  };
  readonly _onRequestRefreshRows: { fire(rows: undefined): void };
  readonly _activeBuffer: ScreenBuffer;
  _curAttrData: Attributes;
  _eraseAttrData(): Attributes;
  _restrictCursor(maxCol?: number): void;
  _setCursor(x: number, y: number): void;
  _eraseInBufferLine(row: number, from: number, to: number, endWrap?: boolean, keepProtected?: boolean): void;
  _resetBufferLine(row: number, keepProtected?: boolean): void;
  setModePrivate(parameters: Parameters): boolean;
  resetModePrivate(parameters: Parameters): boolean;
  insertChars(parameters: Parameters): boolean;
  deleteChars(parameters: Parameters): boolean;
  eraseChars(parameters: Parameters): boolean;
  screenAlignmentPattern(): boolean;
  cursorForwardTab(parameters: Parameters): boolean;
  cursorBackwardTab(parameters: Parameters): boolean;
  softReset(parameters: Parameters): boolean;
  selectCharset(collectAndFlag: string): boolean;
  reset(): void;
}

/** DEC private modes that xterm.js keeps. */
export interface PrivateModes {
  applicationCursorKeys: boolean;
  applicationKeypad: boolean;
  bracketedPasteMode: boolean;
  cursorBlink: boolean | undefined;
  cursorStyle: 'block' | 'underline' | 'bar' | undefined;
  origin: boolean;
  reverseWraparound: boolean;
  sendFocus: boolean;
  synchronizedOutput: boolean;
  wraparound: boolean;
}

export interface Internals {
  readonly _inputHandler: InputHandler;
  readonly _bufferService: {
    readonly cols: number;
    readonly rows: number;
    isUserScrolling: boolean;
    readonly _onScroll: { fire(row: number): void };
    resize(cols: number, rows: number): void;
    scroll(attributes: Attributes, wrapped?: boolean): void;
  };
  readonly _charsetService: {
    charset: Charset;
    glevel: number;
    _charsets: Charset[];
    reset(): void;
    setgLevel(level: number): void;
    setgCharset(level: number, charset: Charset): void;
  };
  readonly coreService: {
    isCursorInitialized: boolean;
    isCursorHidden: boolean;
    readonly modes: { insertMode: boolean };
    readonly decPrivateModes: PrivateModes;
    reset(): void;
  };
  readonly optionsService: { readonly rawOptions: { convertEol: boolean; readonly scrollback: number } };
  readonly buffers: {
    readonly normal: ScreenBuffer;
    readonly alt: ScreenBuffer;
    readonly active: ScreenBuffer;
    resize(cols: number, rows: number): void;
    setupTabStops(): void;
  };
}

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Every name that is used, by the path to the object that has it. `charset` is left out: it is not set at first. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  '': ['_inputHandler', '_bufferService', '_charsetService', 'coreService', 'optionsService', 'buffers'],
  _inputHandler: names(`
    _parser _dirtyRowTracker _onRequestRefreshRows _activeBuffer _curAttrData _eraseAttrData _restrictCursor
    _setCursor _eraseInBufferLine _resetBufferLine setModePrivate resetModePrivate insertChars deleteChars eraseChars
    screenAlignmentPattern cursorForwardTab cursorBackwardTab softReset selectCharset reset`),
  '_inputHandler._curAttrData': ['fg', 'bg', 'extended', 'updateExtended'],
  '_inputHandler._curAttrData.extended': ['_ext', '_urlId', 'clone'],
  '_inputHandler._dirtyRowTracker': ['start', 'end', 'clearRange', 'markDirty', 'markRangeDirty', 'markAllDirty'],
  '_inputHandler._onRequestRefreshRows': ['fire'],
  '_inputHandler._parser': names(`
    currentState precedingJoinState _collect _params _transitions _oscParser _dcsParser parse reset
    _printHandler setPrintHandler setExecuteHandler setErrorHandler setCsiHandlerFallback setOscHandlerFallback
    setDcsHandlerFallback clearCsiHandler registerCsiHandler registerEscHandler`),
  '_inputHandler._parser._params': names(`
    params length _subParams _subParamsLength _subParamsIdx _rejectDigits _rejectSubDigits _digitIsSub`),
  '_inputHandler._parser._transitions': ['table'],
  '_inputHandler._parser._oscParser': ['_state', '_id', '_handlers', 'put', 'end'],
  '_inputHandler._parser._dcsParser': ['_ident', '_handlers'],
  _bufferService: ['cols', 'rows', 'isUserScrolling', '_onScroll', 'resize', 'scroll'],
  _charsetService: ['glevel', '_charsets', 'reset', 'setgLevel', 'setgCharset'],
  coreService: ['isCursorInitialized', 'isCursorHidden', 'modes', 'decPrivateModes', 'reset'],
  'coreService.modes': ['insertMode'],
  'coreService.decPrivateModes': names(`
    applicationCursorKeys applicationKeypad bracketedPasteMode cursorBlink cursorStyle origin
    reverseWraparound sendFocus synchronizedOutput wraparound`),
  'optionsService.rawOptions': ['convertEol', 'scrollback'],
  buffers: ['normal', 'alt', 'active', 'resize', 'setupTabStops'],
  'buffers.normal': names(`
    lines x y ybase ydisp scrollTop scrollBottom tabs _cols _rows getBlankLine getNullCell setupTabStops`),
  'buffers.normal.lines': ['length', 'maxLength', 'get', 'set', 'push', 'recycle', 'splice', 'trimStart'],
  'buffers.normal.lines.0': ['length', 'isWrapped', '_data', '_combined', '_extendedAttrs', 'insertCells', 'copyFrom'],
};

function step(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return name === '0' ? (object as LineList).get(0) : (object as Record<string, unknown>)[name];
}

/** The private parts of a terminal. Throws when one is missing: then the package is not the version that this was written for. */
export function internalsOf(terminal: TerminalLike): Internals {
  const core = step(terminal, '_core');
  for (const [path, names] of Object.entries(NAMES)) {
    const owner = path === '' ? core : path.split('.').reduce(step, core);
    const missing = names.filter((name) => typeof owner !== 'object' || owner === null || !(name in owner));
    if (missing.length > 0) throw new Error(`this is not the xterm.js that was expected: ${path} has no ${missing.join(', ')}`);
  }
  return core as Internals;
}
