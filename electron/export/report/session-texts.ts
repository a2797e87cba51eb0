// Playback, transcript, last screen and commands of one recording, as a report has them. What was typed and not echoed is in none of them: it is
// mostly a password, and the screen shows the rest.

import { AsciicastWriter } from '../../../shared/recording/asciicast-writer.ts';
import { TEXT_LOG_DEFAULTS, type Command } from '../../../shared/api/shapes.ts';
import { readScreen } from '../../../shared/terminal/screen.ts';
import { stillOf, textLog, type EventSource, type OpenedRecording, type Standing } from '../../replay/replay.ts';
import { castHeader } from '../asciicast.ts';
import type { ReportCommands, ReportFrame, ReportPlayback, ReportText } from './report-input.ts';

/** Commands that a report lists one by one. */
const COMMANDS = 2000;

function* outputLines(recording: OpenedRecording): Generator<string> {
  const writer = new AsciicastWriter(2);
  yield writer.header(castHeader(recording));
  for (const { events } of recording.runs(0)) {
    let text = '';
    for (const event of events) if (event.kind !== 'data' || event.stream !== 'stdin') text += writer.event(event);
    yield text;
  }
  yield writer.end();
}

/** Reads the recording once to measure it. */
export function playbackOf(recording: OpenedRecording): ReportPlayback {
  let size = 0;
  for (const piece of outputLines(recording)) size += Buffer.byteLength(piece);
  return { size, pieces: () => outputLines(recording), file: null };
}

export function transcriptOf(recording: OpenedRecording): ReportText {
  return { pieces: () => textLog(recording, TEXT_LOG_DEFAULTS, { fromSeq: null, maxEvents: 0 }), file: null };
}

/** The screen at the end of a recording; `standing` is that end. */
export function lastScreen(source: EventSource, { emulator, last }: Standing): ReportFrame {
  const { cols, rows, screen } = readScreen(emulator);
  const seq = last?.seq ?? null;
  const text = screen.map((row) => `${row}\n`).join('');
  return { svg: stillOf(emulator), text, atUs: source.duration, seq, cols, rows, screen: null, file: null };
}

export function shownCommands(commands: Iterable<Pick<Command, 'enteredUs' | 'text' | 'echoed'>>): ReportCommands {
  const listed: ReportCommands['listed'][number][] = [];
  let more = 0;
  let unseen = 0;
  for (const { enteredUs, text, echoed } of commands) {
    if (!echoed) unseen += 1;
    else if (listed.length < COMMANDS) listed.push({ atUs: enteredUs, text });
    else more += 1;
  }
  return { listed, more, unseen };
}
