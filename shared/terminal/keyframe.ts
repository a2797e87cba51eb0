// The whole state of a terminal as bytes, and back without parsing anything: both screens with the scrollback, cursor, saved cursors,
// margins, tab stops, modes, pen, character sets, title, links, and a sequence or a character that has only begun, so that a
// keyframe can be taken anywhere. Exact by construction: equal states have equal bytes, and a reader refuses another version,
// another emulator, and bytes that were changed: the last four are a sum over the others.

import { BG_EXTENDED } from './cells.ts';
import { blankRow, isAlternate, type Emulator, type SavedCursor } from './emulator.ts';
import type { Attributes, Charset, ExtendedAttributes, Parser, ScreenBuffer } from './internals.ts';
import { packLines, StyleTable, unpackLines, type Style } from './line-codec.ts';
import { EMULATOR } from './rules.ts';
import { StateReader, StateWriter, type StateIO } from './state-io.ts';

const VERSION = 2;
const GROUND = 0;
const CURSOR_STYLES = [undefined, 'block', 'underline', 'bar'] as const;
const CURSOR_BLINKS = [undefined, false, true] as const;

const SUM_BYTES = 4;

/** FNV-1a: no change of a single byte gives the same sum. http://www.isthe.com/chongo/tech/comp/fnv/ */
function sumOf(bytes: Uint8Array, end: number): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < end; at++) sum = Math.imul(sum ^ bytes[at]!, 0x01000193);
  return sum >>> 0;
}

type Pen = Pick<Attributes, 'fg' | 'bg' | 'extended'>;

function pen(io: StateIO, owner: Pen): void {
  const extended = owner.extended.clone();
  io.bits(owner, 'fg', 'bg');
  io.bits(extended, '_ext');
  io.numbers(extended, '_urlId');
  if (io.reading) owner.extended = extended;
}

function savedCursor(io: StateIO, emulator: Emulator, key: 'saved' | 'savedOnEntry', sets: readonly Charset[]): void {
  const { own, inner } = emulator;
  const present = { is: own[key] !== null };
  io.switches(present, 'is');
  const saved: SavedCursor = own[key] ?? { x: 0, y: 0, charset: undefined, ...inner._inputHandler._curAttrData };
  if (present.is) {
    io.numbers(saved, 'x', 'y');
    pen(io, saved);
    io.choice(saved, 'charset', sets);
  }
  if (io.reading) own[key] = present.is ? saved : null;
}

/** A sequence that has begun. Between sequences nothing of it matters. */
function sequence(io: StateIO, parser: Parser): void {
  io.numbers(parser, 'precedingJoinState', 'currentState');
  if (parser.currentState === GROUND) return;
  const parameters = parser._params;
  io.numbers(parser, '_collect');
  io.numbers(parser._oscParser, '_state', '_id');
  io.numbers(parser._dcsParser, '_ident');
  io.numbers(parameters, 'length', '_subParamsLength');
  for (let i = 0; i < parameters.length; i++) {
    io.numbers(parameters.params, i);
    io.numbers(parameters._subParamsIdx, i);
  }
  for (let i = 0; i < parameters._subParamsLength; i++) io.numbers(parameters._subParams, i);
  io.switches(parameters, '_rejectDigits', '_rejectSubDigits', '_digitIsSub');
}

function screen(io: StateIO, buffer: ScreenBuffer): void {
  io.numbers(buffer, 'x', 'y', 'ybase', 'scrollTop', 'scrollBottom');
  const stops = Object.keys(buffer.tabs).map(Number);
  const read = io.ascending(stops.filter((column) => buffer.tabs[column] === true));
  if (io.reading) buffer.tabs = Object.fromEntries(read.map((column) => [column, true]));
}

/** Everything but the sizes and the rows. */
function state(io: StateIO, emulator: Emulator): void {
  const { inner, own, utf8 } = emulator;
  const { coreService: core, _charsetService: charsets, _inputHandler: input, buffers } = inner;
  const modes = core.decPrivateModes;
  const sets = Array.from(new Set([undefined, ...emulator.charsets.values()]));

  io.switches(core, 'isCursorHidden');
  io.switches(core.modes, 'insertMode');
  io.switches(inner.optionsService.rawOptions, 'convertEol');
  io.switches(
    modes,
    'applicationCursorKeys',
    'applicationKeypad',
    'bracketedPasteMode',
    'origin',
    'reverseWraparound',
    'sendFocus',
  );
  io.switches(modes, 'wraparound');
  io.choice(modes, 'cursorStyle', CURSOR_STYLES);
  io.choice(modes, 'cursorBlink', CURSOR_BLINKS);
  io.switches(own, 'piped', 'synchronized');
  io.numbers(own, 'mouseTracking', 'mouseEncoding', 'scrolled');

  io.numbers(charsets, 'glevel');
  io.choice(charsets, 'charset', sets);
  for (let level = 0; level < 4; level++) io.choice(charsets._charsets, level, sets);

  pen(io, input._curAttrData);
  savedCursor(io, emulator, 'saved', sets);
  savedCursor(io, emulator, 'savedOnEntry', sets);
  io.string(own, 'title');
  io.strings(own.titles);
  io.strings(own.links);
  io.string(own.string, 'text');
  io.numbers(own.string, 'length');
  for (const begun of utf8.states) io.numbers(begun, 'code', 'missing', 'lower', 'upper');
  sequence(io, input._parser);
  screen(io, buffers.normal);
  if (isAlternate(emulator)) screen(io, buffers.alt);
}

/** The state as it is now. */
export function takeKeyframe(emulator: Emulator): Uint8Array {
  const { terminal, inner } = emulator;
  const { normal, alt } = inner.buffers;
  const alternate = isAlternate(emulator);
  const io = new StateWriter();
  io.byte(VERSION);
  io.string({ name: EMULATOR }, 'name');
  const head = { cols: terminal.cols, rows: terminal.rows, scrollback: inner.optionsService.rawOptions.scrollback, alternate };
  io.numbers(head, 'cols', 'rows', 'scrollback');
  io.switches(head, 'alternate');
  io.numbers(normal, '_cols', '_rows');
  state(io, emulator);

  const table = new StyleTable();
  const rows = [normal, ...(alternate ? [alt] : [])].map(({ lines }) => ({
    count: lines.length,
    bytes: packLines(lines, terminal.cols, table),
  }));
  io.varint(table.styles.length);
  for (const style of table.styles) for (const value of style) io.varint(value);
  for (const { count, bytes } of rows) {
    io.varint(count);
    io.bytes(bytes);
  }
  const length = io.length;
  io.bytes(new Uint8Array(SUM_BYTES));
  const taken = io.take();
  new DataView(taken.buffer).setUint32(length, sumOf(taken, length));
  return taken;
}

function extendedOf([, bg, ext, link]: Style, model: ExtendedAttributes): ExtendedAttributes | undefined {
  return (bg & BG_EXTENDED) === 0 ? undefined : Object.assign(model.clone(), { _ext: ext | 0, _urlId: link });
}

/**
 * Puts a terminal into the state of a keyframe, whatever it showed before.
 * Throws a RangeError when the bytes are no keyframe of this emulator; the terminal is then of no further use.
 */
export function restoreKeyframe(emulator: Emulator, bytes: Uint8Array): void {
  const { terminal, inner } = emulator;
  const { _inputHandler: input, buffers, coreService: core, _charsetService: charsets } = inner;
  const { normal, alt } = buffers;
  const length = bytes.length - SUM_BYTES;
  if (length < 0 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(length) !== sumOf(bytes, length)) {
    throw new RangeError('the keyframe is damaged');
  }
  const io = new StateReader(bytes.subarray(0, length));
  if (io.byte() !== VERSION) throw new RangeError('a keyframe of another version');
  const head = { name: '', cols: 0, rows: 0, scrollback: 0, alternate: false };
  io.string(head, 'name');
  if (head.name !== EMULATOR) throw new RangeError(`a keyframe of another emulator: ${head.name}`);
  io.numbers(head, 'cols', 'rows', 'scrollback');
  io.switches(head, 'alternate');

  input._parser.reset();
  input.reset();
  core.reset();
  charsets.reset();
  input.resetModePrivate({ params: [1047], length: 1 });
  const spare = Array.from({ length: normal.lines.length }, (_, row) => normal.lines.get(row)!);
  normal.lines.length = 0;
  terminal.options.scrollback = head.scrollback;
  if (terminal.cols !== head.cols || terminal.rows !== head.rows) terminal.resize(head.cols, head.rows);
  if (head.alternate) input.setModePrivate({ params: [1047], length: 1 });
  alt.lines.length = 0;
  io.numbers(normal, '_cols', '_rows');
  normal.lines.maxLength = normal._rows + head.scrollback;
  state(io, emulator);

  const styles = Array.from({ length: io.varint() }, (): Style => [io.varint(), io.varint(), io.varint(), io.varint()]);
  const extended = styles.map((style) => extendedOf(style, input._curAttrData.extended));
  const blank = blankRow(normal);
  for (const buffer of head.alternate ? [normal, alt] : [normal]) {
    unpackLines(io, io.varint(), buffer.lines, blank, styles, extended, spare);
    buffer.ydisp = buffer.ybase;
  }
}

/** Whether two keyframes hold the same state. */
export function sameState(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
