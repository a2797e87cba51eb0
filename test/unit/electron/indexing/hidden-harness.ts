// The detector on events made for a test, with a slow oracle for what could be read: every line that stood, as the screen's text says.

import { HiddenText } from '../../../../electron/indexing/hidden-text.ts';
import { ScreenText } from '../../../../electron/indexing/screen-text.ts';
import type { FoundHidden } from '../../../../electron/indexing/hidden-findings.ts';
import type { TextLine } from '../../../../electron/library/library.ts';
import { createTerminal } from '../../../../electron/replay/replay.ts';
import type { Theme } from '../../../../shared/recording/asciicast-theme.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { micros, ZERO } from '../../../../shared/recording/time.ts';
import { feedEvent } from '../../../../shared/terminal/feed.ts';

/** Seconds, `o` output, `e` error output, `i` typed, `r` a new size `COLSxROWS`; and the text. */
export type Step = readonly [number, 'o' | 'e' | 'i' | 'r', string];

export interface Found extends FoundHidden {
  readonly index: number;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly line: TextLine | null;
}

const STREAMS = { o: 'stdout', e: 'stderr', i: 'stdin' } as const;
const encoder = new TextEncoder();

export function eventOf([seconds, code, text]: Step, i: number): RecordingEvent {
  const place = { seq: String(i + 1), at: micros(Math.round(seconds * 1e6)), record: i };
  if (code !== 'r') return { ...place, kind: 'data', stream: STREAMS[code], bytes: encoder.encode(text) };
  const [cols = 80, rows = 24] = text.split('x').map(Number);
  return { ...place, kind: 'resize', cols, rows };
}

/** Each event cut into single bytes at the same time. */
export function byteByByte(events: readonly RecordingEvent[]): RecordingEvent[] {
  return events.flatMap((event) =>
    event.kind === 'data' && event.bytes.length > 0
      ? Array.from(event.bytes, (byte) => ({ ...event, bytes: Uint8Array.of(byte) }))
      : [event],
  );
}

/** What is hidden in events as they are. */
export function run(events: readonly RecordingEvent[], cols = 80, rows = 24, theme?: Theme): Found[] {
  const emulator = createTerminal(cols, rows);
  const lines: TextLine[] = [];
  const visible = new ScreenText(emulator, (line) => lines.push(line));
  const hidden = new HiddenText(emulator, false, theme);
  let end = ZERO;
  for (const [index, event] of events.entries()) {
    end = event.at;
    hidden.before(event, index);
    feedEvent(emulator, event);
    if (event.kind === 'resize') visible.resized();
    visible.after({ at: event.at, index });
  }
  visible.finish(end);
  const stood = (holds: (line: string) => boolean): boolean =>
    lines.some(
      ({ text, steps, to }) =>
        holds(text.toLowerCase()) &&
        steps.some(({ length, at }) => to - at >= 100_000 && holds(text.slice(0, length).toLowerCase())),
    );
  const readable = {
    text: (text: string): boolean => stood((line) => line.includes(text.trim().toLowerCase())),
    words: (words: Iterable<string>): boolean => {
      const wanted = Array.from(words);
      return wanted.length > 0 && stood((line) => wanted.every((word) => line.includes(word.toLowerCase())));
    },
    exceeded: false,
  };
  return hidden.finish(end, readable).map(({ fact, line }) => ({
    ...(JSON.parse(fact.data) as FoundHidden),
    index: fact.index,
    from: fact.from / 1000,
    to: fact.to / 1000,
    line,
  }));
}

/** What is hidden in these steps, on a screen of 80 by 24. The recording ends two seconds after the last one. */
export function hiddenIn(
  steps: readonly Step[],
  { cols = 80, rows = 24, theme }: { readonly cols?: number; readonly rows?: number; readonly theme?: Theme } = {},
): Found[] {
  return run(withEnd(steps), cols, rows, theme);
}

/** The same with every event cut into bytes. */
export function hiddenInBytes(steps: readonly Step[]): Found[] {
  return run(byteByByte(withEnd(steps)), 80, 24);
}

const withEnd = (steps: readonly Step[]): RecordingEvent[] =>
  [...steps, [(steps.at(-1)?.[0] ?? 0) + 2, 'o', ''] as Step].map(eventOf);
