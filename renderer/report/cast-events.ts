// The playback of a report: asciicast version 2 in the page's own data blocks, as Exhibit wrote it, read into events. What does not read is
// a damaged report, and the reader stops there and says so.
// https://docs.asciinema.org/manual/asciicast/v2/

import type { RecordingEvent } from '../../shared/recording/event.ts';
import { parseSize } from '../../shared/recording/screen-size.ts';
import { parseSeconds, type Micros } from '../../shared/recording/time.ts';

export interface Cast {
  readonly cols: number;
  readonly rows: number;
  readonly events: readonly RecordingEvent[];
}

const encoder = new TextEncoder();

function damaged(line: number): never {
  throw new Error(`the playback in this report is damaged at its line ${String(line)}`);
}

type Body = Pick<RecordingEvent, 'kind'> & Partial<RecordingEvent>;

function bodyOf(code: string, text: string): Body {
  switch (code) {
    case 'o':
      return { kind: 'data', stream: 'stdout', bytes: encoder.encode(text) };
    case 'i':
      return { kind: 'data', stream: 'stdin', bytes: encoder.encode(text) };
    case 'm':
      return { kind: 'marker', label: text };
    case 'r': {
      const size = parseSize(text, 'x');
      return size === null ? { kind: 'other', code, text } : { kind: 'resize', ...size };
    }
    default:
      return { kind: 'other', code, text };
  }
}

/** Reads a whole file. `breathe` is awaited now and then, so that the page stays awake. Throws an Error with the line that does not read. */
export async function readCast(text: string, breathe: () => Promise<void>): Promise<Cast> {
  const events: RecordingEvent[] = [];
  let size = { cols: 80, rows: 24 };
  let last = 0;
  let number = 0;
  for (let from = 0; from < text.length; number++) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end === -1 ? text.length : end);
    from += line.length + 1;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      damaged(number + 1);
    }
    if (number === 0) {
      const { width, height } = value as { readonly width?: unknown; readonly height?: unknown };
      if (typeof width !== 'number' || typeof height !== 'number') damaged(1);
      size = { cols: width, rows: height };
      continue;
    }
    const [, code, data] = Array.isArray(value) ? (value as unknown[]) : [];
    const at = parseSeconds(line.slice(1, line.indexOf(',')))?.micros ?? -1;
    if (typeof code !== 'string' || typeof data !== 'string' || at < last) damaged(number + 1);
    last = at;
    events.push({ ...bodyOf(code, data), seq: String(number), at: at as Micros, record: number } as RecordingEvent);
    if (number % 2000 === 0) await breathe();
  }
  return { ...size, events };
}
