// Recordings with their truth files, and the comparison of a screen with a truth: equal to the screen that tmux gave, or to
// that screen with the rows and the cursor of one other terminal. Zero-width characters may be kept or dropped.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { micros, ZERO } from '../../../../shared/recording/time.ts';
import type { Emulator } from '../../../../shared/terminal/emulator.ts';
import { joinedText, rowText } from '../../../../shared/terminal/text.ts';
import type { ShownScreen } from '../../../../shared/terminal/screen.ts';
import type { Line } from '../../../../shared/terminal/internals.ts';
import type { EventSource } from '../../../../electron/replay/event-source.ts';
import { decodeFiles, KEPT_RECORDINGS, loadFolder, RECORDINGS } from '../../../support/recording-files.ts';

interface Cursor {
  readonly row: number;
  readonly col: number;
  readonly visible: boolean;
  readonly pending_wrap: boolean;
}

export interface TruthScreen {
  readonly t: number;
  readonly events_applied?: number;
  readonly size: readonly [number, number];
  readonly screen: readonly string[];
  readonly cursor: Cursor;
  readonly alternate: boolean;
  readonly title: string;
  readonly others?: readonly { readonly rows?: Readonly<Record<string, string>>; readonly cursor?: Cursor }[];
}

export interface Truth {
  readonly files: readonly string[];
  readonly format: string;
  readonly duration: number;
  readonly events: Readonly<Record<string, number>>;
  readonly output_bytes: number;
  readonly instants: readonly TruthScreen[];
  readonly final: TruthScreen & {
    readonly scrollback: readonly string[];
    readonly scrollback_logical_lines?: readonly string[];
    readonly scrollback_truncated?: string;
  };
}

export interface TruthCase {
  readonly name: string;
  readonly truth: Truth;
  readonly source: EventSource;
}

/** A list of events as an opened recording, in runs of `run` events. */
export function sourceOf(events: readonly RecordingEvent[], cols: number, rows: number, run = 500): EventSource {
  return {
    count: events.length,
    cols,
    rows,
    piped: false,
    duration: events.at(-1)?.at ?? ZERO,
    *runs(from) {
      for (let at = from; at < events.length; at += run) yield { firstIndex: at, events: events.slice(at, at + run) };
    },
    countAt: (at) => {
      const later = events.findIndex((event) => event.at > at);
      return later < 0 ? events.length : later;
    },
    countAtSeq: (seq) => {
      const found = events.findIndex((event) => event.seq === seq);
      return found < 0 ? null : found + 1;
    },
  };
}

export const eventsOf = (source: EventSource): RecordingEvent[] => Array.from(source.runs(0)).flatMap(({ events }) => events);

/** All that are in a folder. Truth files name their files from there. */
export function truthsIn(folder: string): TruthCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => {
      const truth = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth;
      const names = truth.files.map((file) => basename(file));
      const first = join(folder, basename(truth.files[0]!));
      const files = statSync(first).isDirectory()
        ? loadFolder(first)
        : loadFolder(dirname(first), (file) => names.includes(file));
      const { events, header } = decodeFiles(files).decoded[0]!.sessions[0]!;
      return { name: name.slice(0, -'.truth.json'.length), truth, source: sourceOf(events, header.cols, header.rows) };
    });
}

/** Those kept with the project, and all others where they are at hand. */
export function allTruths(): TruthCase[] {
  const kept = truthsIn(KEPT_RECORDINGS);
  if (RECORDINGS === KEPT_RECORDINGS) return kept;
  const names = new Set(kept.map(({ name }) => name));
  const publicFolder = join(RECORDINGS, 'public');
  return [
    ...kept,
    ...truthsIn(RECORDINGS).filter(({ name }) => !names.has(name)),
    ...(existsSync(publicFolder) ? truthsIn(publicFolder) : []),
  ];
}

export const applied = (screen: TruthScreen, source: EventSource): number =>
  screen.events_applied ?? source.countAt(micros(Math.round(screen.t * 1e6)));

/** The title that tmux gives a pane before the recording gives one: the name of the machine that it ran on. */
const UNNAMED = 'vm';
/** tmux takes an application program command for a title; other terminals do not. */
const TITLE_BY_APC = 'secret in APC';
const ZERO_WIDTH = /\ufe0f|[\u200b-\u200f\u2060-\u2064\ufeff]/gu;
const plain = (rows: readonly string[]): string[] => rows.map((row) => row.replace(ZERO_WIDTH, '').normalize('NFC').trimEnd());

/** What is shown, and the screen of the truth that is nearest to it: equal when what is shown is right. */
export function compare(
  { cols, rows, screen, cursorRow, cursorCol, cursorVisible, pendingWrap, alternate, title }: ShownScreen,
  truth: TruthScreen,
): { readonly shown: unknown; readonly expected: unknown } {
  const shown = {
    size: [cols, rows],
    screen: plain(screen),
    cursor: { row: cursorRow, col: cursorCol, visible: cursorVisible, pending_wrap: pendingWrap },
    alternate,
    title,
  };
  const allowed = [{}, ...(truth.others ?? [])].map((other: NonNullable<TruthScreen['others']>[number]) => ({
    size: truth.size,
    screen: plain(truth.screen.map((row, y) => other.rows?.[y] ?? row)),
    cursor: { ...truth.cursor, ...other.cursor },
    alternate: truth.alternate,
    title: truth.title === UNNAMED ? '' : truth.title === TITLE_BY_APC ? title : truth.title,
  }));
  return { shown, expected: allowed.find((screen) => JSON.stringify(screen) === JSON.stringify(shown)) ?? allowed[0]! };
}

/** Rows of the normal screen with its scrollback, as the terminal has them and with wrapped ones joined. */
export function scrollbackOf({ inner }: Emulator): { readonly rows: string[]; readonly joined: string[] } {
  const { lines } = inner.buffers.normal;
  const all = Array.from({ length: lines.length }, (_, row) => lines.get(row)!);
  const groups: Line[][] = [];
  for (const line of all) {
    if (line.isWrapped && groups.length > 0) groups.at(-1)!.push(line);
    else groups.push([line]);
  }
  return { rows: plainRows(all.map((line) => rowText(line))), joined: plainRows(groups.map((group) => joinedText(group))) };
}

/** Without zero-width characters, blanks at the ends of rows and empty rows at the end. */
export function plainRows(rows: readonly string[]): string[] {
  const all = plain(rows);
  return all.slice(0, all.findLastIndex((row) => row !== '') + 1);
}
