// Lines of the timing files of script(1), util-linux: classic (`0.5 12`) and advanced (`O 0.5 12`, `H 0.0 TERM xterm`).
// Counts are bytes, although the manual says characters.
// https://github.com/util-linux/util-linux/blob/master/term-utils/script.1.adoc and lib/script-playutils.c

import type { StreamName } from './event.ts';
import { parseSeconds, type ExactSeconds } from './time.ts';

interface Delayed {
  /** Since the line before; null where the number is out of range. */
  readonly delay: ExactSeconds | null;
  readonly delayText: string;
}

export type TimingLine =
  | (Delayed & { readonly kind: 'bytes'; readonly stream: StreamName; readonly count: number })
  | (Delayed & { readonly kind: 'header'; readonly name: string; readonly value: string })
  | (Delayed & { readonly kind: 'signal'; readonly name: string; readonly details: string })
  | (Delayed & { readonly kind: 'unknown'; readonly letter: string; readonly rest: string })
  | { readonly kind: 'fault' };

/** A delay, as it is written: one that is negative or cannot be read takes nothing from what the rest of its line says. */
const DELAY = '[+-]?(?:\\d\\S*|[.,]\\d\\S*|nan|inf)';
const CLASSIC = new RegExp(`^(${DELAY}) +(\\d{1,15})\\s*$`);
const ADVANCED = new RegExp(`^([A-Za-z]) (${DELAY})(?: (.*))?$`, 's');
const SUDO = new RegExp(`^(\\d{1,4}) +(${DELAY}) +(.*)$`);

/** Event number, delay and rest of a timing line of a sudo I/O log, or null. */
export function parseSudoLine(text: string): ({ readonly number: string; readonly rest: string } & Delayed) | null {
  const match = SUDO.exec(text);
  return match === null ? null : { number: match[1]!, rest: match[3]!, ...delayOf(match[2]!) };
}

export function parseTimingLine(text: string): TimingLine {
  const classic = CLASSIC.exec(text);
  if (classic !== null) return { kind: 'bytes', stream: 'stdout', count: Number(classic[2]), ...delayOf(classic[1]!) };
  const advanced = ADVANCED.exec(text);
  if (advanced === null) return { kind: 'fault' };
  const [, letter = '', seconds = '', rest = ''] = advanced;
  const delayed = delayOf(seconds);
  const space = rest.indexOf(' ');
  const name = space === -1 ? rest : rest.slice(0, space);
  const value = space === -1 ? '' : rest.slice(space + 1);
  switch (letter) {
    case 'O':
    case 'I':
      if (!/^\d{1,15}$/.test(rest.trimEnd())) return { kind: 'fault' };
      return { kind: 'bytes', stream: letter === 'O' ? 'stdout' : 'stdin', count: Number(rest), ...delayed };
    case 'H':
      return { kind: 'header', name, value, ...delayed };
    case 'S':
      return { kind: 'signal', name, details: value, ...delayed };
    default:
      return { kind: 'unknown', letter, rest, ...delayed };
  }
}

const delayOf = (text: string): Delayed => ({ delay: parseSeconds(text.replace(/[.,]$/, '')), delayText: text });

/** Columns and rows of a window change (`ROWS=40 COLS=120`), NaN where they are missing. */
export function windowChange(details: string): { cols: number; rows: number } {
  const cols = /(?:^| )COLS=(\d{1,9})(?: |$)/.exec(details)?.[1];
  const rows = /(?:^| )ROWS=(\d{1,9})(?: |$)/.exec(details)?.[1];
  return { cols: Number(cols ?? NaN), rows: Number(rows ?? NaN) };
}

/** What the first line of a log of script says. */
export interface ScriptStart {
  readonly time?: string;
  readonly command?: string;
  readonly term?: string;
  readonly cols?: number;
  readonly rows?: number;
}

/**
 * What stands in the brackets of that line. Each may be missing; without a terminal it says so. Quotes inside the command are not
 * escaped: it ends where the rest of the line follows.
 */
const STARTED_WITH =
  /^(?:COMMAND="(.*?)" ?)?(?:TERM="([^"]*)" ?)?(?:TTY="[^"]*" ?)?(?:COLUMNS="(-?\d{1,9})" LINES="(-?\d{1,9})")?(?:<[^<>]*>)?\]$/s;

/** Reads `Script started on TIME [COMMAND="…" TERM="…" TTY="…" COLUMNS="80" LINES="24"]`, or returns null. */
export function parseScriptStart(line: string): ScriptStart | null {
  if (!line.startsWith(STARTED)) return null;
  const text = line.trimEnd();
  const bracket = text.indexOf(' [');
  if (bracket === -1) return { time: text.slice(STARTED.length) };
  const [, command, term, cols, rows] = STARTED_WITH.exec(text.slice(bracket + 2)) ?? [];
  return {
    time: text.slice(STARTED.length, bracket),
    ...(command === undefined ? {} : { command }),
    ...(term === undefined ? {} : { term }),
    // Both are -1 where script could not ask the terminal for its size.
    ...(cols === undefined || cols === '-1' ? {} : { cols: Number(cols), rows: Number(rows) }),
  };
}

export const STARTED = 'Script started on ';

/** Start of the last line of a log; an empty line stands before it. */
export const DONE = '\nScript done on ';

/** The exit code in a `Script done` line, if it has one. */
export function parseScriptDone(line: string): number | undefined {
  const code = /\[COMMAND_EXIT_CODE="(\d{1,9})"\]\s*$/.exec(line)?.[1];
  return code === undefined ? undefined : Number(code);
}
