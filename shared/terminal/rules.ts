// What a recording may and may not do to a terminal. It may draw inside the emulated screen. It may not answer, reach a
// clipboard, follow a link, name a window, ring, resize, change the palette, or make a sequence cost more than a pass over the
// screen: such wishes are reported as notices (notice.ts) and go no further. The same rules hold for both packages of xterm.js,
// so that what was indexed is what is shown.

import type { Emulator, OwnState } from './emulator.ts';
import { createErasing } from './erasing.ts';
import { internalsOf, type Charset, type Internals, type Parameters, type Parser, type SequenceName } from './internals.ts';
import { createModes } from './modes.ts';
import type { Watcher } from './notice.ts';
import { createPrinter } from './print.ts';
import { createResizer } from './resizing.ts';
import { createScrolling } from './scrolling.ts';
import { createStrings, type Strings } from './strings.ts';
import type { TerminalLike, UnicodeProvider } from './terminal-like.ts';
import { Utf8Streams } from './utf8-streams.ts';
import { widthOf, WIDTHS_VERSION } from './widths.ts';

/** Name of the emulator and its rules. Keyframes carry it; it changes when a recording could come out differently. */
export const EMULATOR = `xterm.js 6.0.0, ${WIDTHS_VERSION}, rules 3`;

/** Rows that a terminal keeps above its screen, and a keyframe with it. */
export const SCROLLBACK = 1000;

/** Options that the constructor of either package must be given, beside the size; a window adds its looks. */
export const TERMINAL_OPTIONS = { allowProposedApi: true, scrollback: SCROLLBACK, disableStdin: true, logLevel: 'off' } as const;

// Parser states and actions of xterm.js (parser/Constants.ts).
const ESCAPE = 1;
const DCS_IGNORE = 11;
const DCS_PASSTHROUGH = 13;
const SOS_PM_APC_STRING = 7;
const IGNORE = 0;
const DCS_HOOK = 12;
/** Of an operating system command that has no number. */
const OSC_ABORT = 3;
const ACTION_SHIFT = 4;
const STATE_MASK = 15;
const STATE_SHIFT = 8;
/** The column of the transition table that stands for every character from U+00A0 on. */
const NOT_ASCII = 0xa0;
/** Sequences whose parameters or names are being read: escape, its intermediates, four of CSI, four of DCS. */
const IN_A_NAME = [1, 2, 3, 4, 5, 6, 9, 10, 11, 12];

/**
 * The parser's table with two changes, both as in tmux. A character that cannot be in a sequence is left out of it instead of
 * ending it. The strings that no terminal shows (SOS, PM, APC, and screen's title) run to their end whatever is in them, and
 * are handed over like device control strings; so are those of them that are malformed.
 */
function transitions(table: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(table);
  for (const state of IN_A_NAME) changed[(state << STATE_SHIFT) | NOT_ASCII] = (IGNORE << ACTION_SHIFT) | state;
  changed[(SOS_PM_APC_STRING << STATE_SHIFT) | NOT_ASCII] = (IGNORE << ACTION_SHIFT) | SOS_PM_APC_STRING;
  for (const byte of 'X^_k') changed[(ESCAPE << STATE_SHIFT) | byte.charCodeAt(0)] = (DCS_HOOK << ACTION_SHIFT) | DCS_PASSTHROUGH;
  for (const [at, entry] of changed.entries())
    if (at >> STATE_SHIFT !== DCS_IGNORE && (entry & STATE_MASK) === DCS_IGNORE)
      changed[at] = (DCS_HOOK << ACTION_SHIFT) | DCS_PASSTHROUGH;
  return changed;
}

/** Has the strings told of operating system commands without a number, which xterm.js drops. */
function keepNameless(osc: Parser['_oscParser'], strings: Strings): void {
  const put = osc.put.bind(osc);
  const end = osc.end.bind(osc);
  osc.put = (codes, start, to) => {
    const goesOn = osc._state === OSC_ABORT;
    put(codes, start, to);
    if (osc._state !== OSC_ABORT) return;
    let from = start;
    // Digits that came before are in the number.
    while (!goesOn && codes[from]! >= 0x30 && codes[from]! <= 0x39) from += 1;
    let text = goesOn || osc._id < 0 ? '' : String(osc._id);
    for (const code of codes.subarray(from, to)) text += String.fromCodePoint(code);
    strings.nameless('PUT', text);
  };
  osc.end = (success) => {
    if (osc._state === OSC_ABORT) strings.nameless('END', '');
    return end(success);
  };
}

const CHARSET_NAMES = Array.from('0AB4C5RQKYE6ZH7=');

/** The character sets are constants inside xterm.js: designates each one in turn and looks. */
function charsetsOf({ _inputHandler: input, _charsetService: service }: Internals): Map<string, Charset> {
  const sets = new Map<string, Charset>();
  for (const name of CHARSET_NAMES) {
    input.selectCharset(`(${name}`);
    sets.set(name, service._charsets[0]);
  }
  service.reset();
  return sets;
}

/** Questions. The first group is what xterm.js would answer. */
const QUERIES: readonly SequenceName[] = [
  ...['c', 'n'].map((final) => ({ final })),
  ...['>', '='].map((prefix) => ({ prefix, final: 'c' })),
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 'x' },
  { prefix: '>', final: 'q' },
  { prefix: '?', final: 'u' },
  { intermediates: '*', final: 'y' },
];

const sequence = ({ prefix = '', intermediates = '', final }: SequenceName, { params, length }: Parameters): string =>
  `CSI ${[prefix, Array.from(params).slice(0, length).join(';'), intermediates, final].filter((part) => part !== '').join(' ')}`;

/** Titles that CSI 22 t can keep. */
const MAX_TITLES = 10;

function titleStack(own: OwnState, push: boolean): void {
  if (push) {
    if (own.titles.length === MAX_TITLES) own.titles.shift();
    own.titles.push(own.title);
  } else own.title = own.titles.pop() ?? own.title;
}

/** Widths for what asks xterm.js (selections, renderers); print.ts asks the table itself. Value: width << 1 | joins. */
const WIDTHS: UnicodeProvider = {
  version: WIDTHS_VERSION,
  wcwidth: widthOf,
  charProperties: (code, preceding) => {
    const width = widthOf(code);
    const joins = width === 0 && preceding !== 0;
    return ((joins ? (preceding >> 1) & 3 : width) << 1) | Number(joins);
  },
};

/** A count that is no larger than anything on the screen. */
const bounded =
  (handler: (parameters: Parameters) => boolean, limit: () => number) =>
  ({ params }: Parameters): boolean =>
    handler({ params: [Math.min(params[0]!, limit())], length: 1 });

function setHandlers(emulator: Emulator, parser: Parser): void {
  const { inner, own } = emulator;
  const { _inputHandler: input, _bufferService: size } = inner;
  const scrolling = createScrolling(emulator);
  const print = createPrinter(emulator, scrolling.scroll);
  const erasing = createErasing(emulator, scrolling, print);
  const modes = createModes(emulator, erasing.columnMode);
  const strings = createStrings(emulator);
  const csi = (name: string | SequenceName, handler: (parameters: Parameters) => boolean): void => {
    const full = typeof name === 'string' ? { final: name } : name;
    parser.clearCsiHandler(full);
    parser.registerCsiHandler(full, handler);
  };

  parser.setPrintHandler(print);
  parser.setErrorHandler((state) => state);
  parser.setCsiHandlerFallback(() => undefined);
  for (const control of '\n\v\f') parser.setExecuteHandler(control, scrolling.lineFeed);
  parser.setExecuteHandler('\x07', () => {
    emulator.watcher.notice?.({ kind: 'bell' });
    return true;
  });
  parser.setExecuteHandler('\x05', () => {
    emulator.watcher.notice?.({ kind: 'query', text: 'ENQ' });
    return true;
  });

  parser._oscParser._handlers = {};
  parser._dcsParser._handlers = {};
  parser.setOscHandlerFallback(strings.osc);
  parser.setDcsHandlerFallback(strings.dcs);
  keepNameless(parser._oscParser, strings);

  csi('J', erasing.eraseInDisplay);
  csi('b', erasing.repeat);
  csi('@', erasing.insertCharacters);
  csi('P', erasing.deleteCharacters);
  csi('X', erasing.eraseCharacters);
  csi('L', scrolling.insertLines);
  csi('M', scrolling.deleteLines);
  csi('S', scrolling.scrollUp);
  csi('T', scrolling.scrollDown);
  csi(
    'I',
    bounded(
      (parameters) => input.cursorForwardTab(parameters),
      () => size.cols,
    ),
  );
  csi(
    'Z',
    bounded(
      (parameters) => input.cursorBackwardTab(parameters),
      () => size.cols,
    ),
  );
  csi('h', modes.setAnsi);
  csi('l', modes.resetAnsi);
  csi({ prefix: '?', final: 'h' }, modes.setPrivate);
  csi({ prefix: '?', final: 'l' }, modes.resetPrivate);
  csi('s', modes.saveCursor);
  csi('u', modes.restoreCursor);
  csi({ intermediates: '!', final: 'p' }, modes.softReset);
  csi('t', (parameters) => {
    const operation = parameters.params[0]!;
    const which = parameters.length > 1 ? parameters.params[1]! : 0;
    if (operation === 22 || operation === 23) {
      if (which === 0 || which === 2) titleStack(own, operation === 22);
    } else {
      const kind = operation >= 11 && operation <= 21 ? 'query' : 'window';
      emulator.watcher.notice?.({ kind, text: sequence({ final: 't' }, parameters) });
    }
    return true;
  });
  for (const name of QUERIES) {
    csi(name, (parameters) => {
      emulator.watcher.notice?.({ kind: 'query', text: sequence(name, parameters) });
      return true;
    });
  }

  const esc = (final: string, handler: () => boolean): unknown => parser.registerEscHandler({ final }, handler);
  parser.registerEscHandler({ intermediates: '#', final: '8' }, erasing.alignmentPattern);
  esc('7', modes.saveCursor);
  esc('8', modes.restoreCursor);
  esc('c', erasing.fullReset);
  esc('D', scrolling.index);
  esc('M', scrolling.reverseIndex);
  esc('E', () => {
    input._activeBuffer.x = 0;
    return scrolling.index();
  });
}

/**
 * Prepares a new terminal of either package, made with TERMINAL_OPTIONS, for a recording. From now on only feed.ts may write to it.
 * `piped`: the session had no terminal, so that its line feeds begin a new line.
 */
export function prepareTerminal(terminal: TerminalLike, watcher: Watcher = {}, piped = false): Emulator {
  const inner = internalsOf(terminal);
  const parser = inner._inputHandler._parser;
  const emulator: Emulator = {
    terminal,
    inner,
    own: {
      piped,
      title: '',
      titles: [],
      saved: null,
      savedOnEntry: null,
      mouseTracking: 0,
      mouseEncoding: 0,
      synchronized: false,
      scrolled: 0,
      links: [],
      string: { text: '', length: 0 },
    },
    utf8: new Utf8Streams(),
    charsets: charsetsOf(inner),
    watcher,
    scrolling: false,
  };
  terminal.options.disableStdin = true;
  terminal.options.logLevel = 'off';
  terminal.unicode.register(WIDTHS);
  terminal.unicode.activeVersion = WIDTHS_VERSION;
  inner.coreService.isCursorInitialized = true;
  inner.optionsService.rawOptions.convertEol = piped;
  parser._transitions = { table: transitions(parser._transitions.table) };
  inner.buffers.resize = createResizer(emulator);
  setHandlers(emulator, parser);
  return emulator;
}
