// The obvious search, slow and without an index: every screen after every event, by the terminal engine; every stream as text;
// keys as lines. Shares with the product the engine and the folding of text, and nothing of how text is gathered or found.

import { createTerminal } from '../../electron/replay/replay.ts';
import { fold, foldWithPositions, originalRange } from '../../shared/query/fold.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { feedEvent } from '../../shared/terminal/feed.ts';
import { screenLine } from '../../shared/terminal/emulator.ts';
import { joinedText } from '../../shared/terminal/text.ts';

/** A line on the screen: its text without blanks at its ends, and where the row that it begins in stands. */
export interface OracleLine {
  readonly text: string;
  readonly lead: number;
  readonly row: number;
}

export interface OracleScreen {
  /** Position of the event that made it, and its time. */
  readonly index: number;
  readonly at: number;
  readonly cols: number;
  readonly lines: readonly OracleLine[];
}

export interface OracleText {
  readonly screens: readonly OracleScreen[];
  readonly printed: readonly string[];
  readonly typed: readonly string[];
}

export type OracleNeedle = { readonly word: string } | { readonly source: string; readonly flags: string };

const WIDE = /[^\u0000-\u007f]/gu;
const SIGN = /[\\^$.*+?()[\]{}|/]/g;

/** At how many places a needle stands in a line. A line stands among blanks; a character with its marks is one place. */
export function occurrences(line: string, needle: OracleNeedle): number {
  const folded = foldWithPositions(line, 'word' in needle);
  const places = new Set<number>();
  if ('word' in needle) {
    const wanted = fold(needle.word);
    const before = wanted.length - wanted.trimStart().length;
    const hay = `${' '.repeat(before)}${folded.text}${' '.repeat(wanted.length - wanted.trimEnd().length)}`;
    let at = 0;
    for (const piece of hay.split(wanted).slice(0, -1)) {
      at += piece.length;
      places.add(originalRange(folded, Math.max(0, at - before), at + 1 - before).start);
      at += wanted.length;
    }
  } else {
    // Letters of an expression are composed as those of lines are: a quantifier behind a mark counts the letter with it, and a sign that
    // composing makes is taken literally.
    const source = needle.source.normalize('NFC').replaceAll(WIDE, (point) => point.normalize('NFKC').replaceAll(SIGN, '\\$&'));
    const expression = new RegExp(source.normalize('NFC'), `gu${needle.flags}`);
    for (const { 0: match, index } of folded.text.matchAll(expression)) {
      if (match !== '') places.add(originalRange(folded, index, index + match.length).start);
    }
  }
  return places.size;
}

interface Size {
  readonly cols: number;
  readonly rows: number;
  readonly piped: boolean;
}

function screensOf(events: readonly RecordingEvent[], { cols, rows, piped }: Size): OracleScreen[] {
  const emulator = createTerminal(cols, rows, { piped });
  const screens: OracleScreen[] = [];
  for (const [index, event] of events.entries()) {
    feedEvent(emulator, event);
    if (event.kind !== 'resize' && !(event.kind === 'data' && event.stream !== 'stdin')) continue;
    const { terminal, inner } = emulator;
    const buffer = inner.buffers.active;
    const lines: OracleLine[] = [];
    for (let row = 0; row < terminal.rows;) {
      let end = row + 1;
      while (end < terminal.rows && screenLine(buffer, end).isWrapped) end += 1;
      const text = joinedText(
        Array.from({ length: end - row }, (_, i) => screenLine(buffer, row + i)),
        terminal.cols,
      ).trimEnd();
      const bare = text.trimStart();
      if (bare !== '') lines.push({ text: bare.toWellFormed(), lead: text.length - bare.length, row });
      row = end;
    }
    screens.push({ index, at: event.at, cols: terminal.cols, lines });
  }
  return screens;
}

// oxlint-disable-next-line no-control-regex
const STRINGS = /(?:\u001b[P\]X^_k]|[\u0090\u0098\u009d\u009e\u009f])[\s\S]*?(?:\u0007|\u009c|\u0018|\u001a|\u001b\\)/g;
// oxlint-disable-next-line no-control-regex
const SEQUENCES = /(?:\u001b\[|\u009b)([0-?]*[ -/]*[@-~])|\u001b([ -/]*[0-~])/g;
/** Cursor movements, tabulations and REP; lines and columns that go elsewhere; margins; the saved cursor. */
const MOVES = /^[\d:;]*(?:[A-HZ`adefI]|b|[LMST]| [@A]|r|u)$/;
const MOVING_MODES = /^\?(?:[\d;]*;)?(?:(?:3|6|47|1047|1049)(?:;[\d;]*)?[hl]|1048(?:;[\d;]*)?l)$/;
/** Index, next line, reverse index, restored cursor, reset, alignment pattern. */
const MOVING_ESCAPES = /^(?:[DEM8c]|#8)$/;
// oxlint-disable-next-line no-control-regex
const LINE_ENDS = /[\u0008\u000a-\u000d\u0084\u0085\u008d]/;
// oxlint-disable-next-line no-control-regex
const OTHER_CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;

const kept = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim().toWellFormed()).filter((line) => line !== '');

function printedOf(events: readonly RecordingEvent[]): string[] {
  const decoders = {
    stdout: new TextDecoder('utf-8', { ignoreBOM: true }),
    stderr: new TextDecoder('utf-8', { ignoreBOM: true }),
  };
  let text = '';
  for (const event of events) {
    if (event.kind === 'data' && event.stream !== 'stdin') text += decoders[event.stream].decode(event.bytes, { stream: true });
  }
  const plain = text
    .replaceAll(STRINGS, '')
    .replaceAll(SEQUENCES, (_, control: string | undefined, escape: string | undefined) =>
      MOVES.test(control ?? '') || MOVING_MODES.test(control ?? '') || MOVING_ESCAPES.test(escape ?? '') ? '\n' : '',
    );
  return kept(plain.split(LINE_ENDS).map((line) => line.replaceAll(OTHER_CONTROLS, '')));
}

// oxlint-disable-next-line no-control-regex
const KEYS = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O\u0000-\u001f\u007f])/g;
/** Microseconds after which what follows an Escape is no part of it. */
const APART = 50_000;

function typedOf(events: readonly RecordingEvent[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let last = 0;
  for (const event of events) {
    if (event.kind !== 'data' || event.stream !== 'stdin') continue;
    // A control character that is no key: no sequence goes on behind it.
    if (event.at - last > APART) text += '\u0000';
    text += decoder.decode(event.bytes, { stream: true });
    last = event.at;
  }
  // oxlint-disable-next-line no-control-regex
  const lines = text.replaceAll(KEYS, '').split(/[\r\n\u0003\u0004\u0007\u0015]/);
  return lines.flatMap((keys) => {
    // oxlint-disable-next-line no-control-regex
    const raw = keys.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').trim();
    let edited = '';
    for (const key of keys) {
      if (key === '\b' || key === '\u007f') edited = Array.from(edited).slice(0, -1).join('');
      else if (key === '\u0017') edited = edited.replace(/\S*\s*$/, '');
      else if (key === '\t' || key >= ' ') edited += key;
    }
    return kept(edited.trim() === '' || raw.includes(edited.trim()) ? [raw] : [raw, edited]);
  });
}

export function oracleText(events: readonly RecordingEvent[], size: Size): OracleText {
  return { screens: screensOf(events, size), printed: printedOf(events), typed: typedOf(events) };
}
