// The text log of an opened recording (shared/terminal/text-log.ts), or of a range of its events.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { TextLogOptions } from '../../shared/recording/text-log-options.ts';
import { ClearFinder, TextLog, wants } from '../../shared/terminal/text-log.ts';
import type { EventSource } from './event-source.ts';
import { createTerminal } from './terminal.ts';

export interface TextLogRange {
  /** First sequence number wanted, inclusive; null: from the start. */
  readonly fromSeq: string | null;
  /** Events to take, whatever they are; 0: all. */
  readonly maxEvents: number;
}

/** Text is given out in pieces of about this many UTF-16 units. */
const PIECE = 65_536;

/** The events of a range, and the size that the screen has when they begin. */
function* inRange(
  source: EventSource,
  { fromSeq, maxEvents }: TextLogRange,
  sized: (cols: number, rows: number) => void,
): Generator<RecordingEvent> {
  const first = fromSeq === null ? null : BigInt(fromSeq);
  let begun = first === null;
  let left = maxEvents === 0 ? Infinity : maxEvents;
  for (const { events } of source.runs(0)) {
    for (const event of events) {
      begun ||= BigInt(event.seq) >= first!;
      if (begun) {
        yield event;
        left -= 1;
        if (left === 0) return;
      } else if (event.kind === 'resize') sized(event.cols, event.rows);
    }
  }
}

/** How often the recording drops its scrollback. Only what comes after the last time is in the log. */
function clearsIn(source: EventSource, options: TextLogOptions, range: TextLogRange): number {
  const finder = new ClearFinder();
  for (const event of inRange(source, range, () => undefined)) {
    if (event.kind === 'data' && wants(options, event.stream)) finder.push(event.bytes);
    if (finder.found) break;
  }
  if (!finder.found) return 0;
  let clears = 0;
  const log = new TextLog(createTerminal, source, options, 0, () => (clears += 1));
  for (const event of inRange(source, range, log.resize)) {
    log.add(event);
    log.take();
  }
  return clears;
}

/**
 * The text log of a recording in pieces. `range` limits it to some of its events; the terminal then starts empty there.
 * Events that could not be opened are counted in a line of their own where they stand. `mayClear`: false where {@link ClearFinder}
 * found nothing in what belongs into the log.
 */
export function* textLog(source: EventSource, options: TextLogOptions, range: TextLogRange, mayClear = true): Generator<string> {
  const log = new TextLog(createTerminal, source, options, mayClear ? clearsIn(source, options, range) : 0);
  for (const event of inRange(source, range, log.resize)) {
    log.add(event);
    if (log.length < PIECE) continue;
    const piece = log.take();
    if (piece !== '') yield piece;
  }
  yield log.end();
}
