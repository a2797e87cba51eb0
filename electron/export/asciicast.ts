// A recording as asciicast version 2 or 3. What the format has no place for is counted beforehand, so that it is said before
// anything is written.

import type { SessionHeader } from '../../shared/recording/decoder.ts';
import { AsciicastWriter, type CastHeader } from '../../shared/recording/asciicast-writer.ts';
import type { OpenedRecording } from '../replay/replay.ts';
import { eventsInRange, type ExportRange } from './range.ts';

const count = (n: number, one: string, many = `${one}s`): string => `${String(n)} ${n === 1 ? one : many}`;

export function castHeader({ session }: OpenedRecording): CastHeader {
  const { cols, rows, title, command, startedAt, term } = session;
  const header: Partial<SessionHeader> = {
    ...(title === null ? {} : { title }),
    ...(command === null ? {} : { command }),
    ...(startedAt === null ? {} : { startedAt }),
    ...(term === null ? {} : { term }),
  };
  return { ...header, cols, rows };
}

/** Lines of the file, in pieces. */
export function* castLines(
  recording: OpenedRecording,
  version: 2 | 3,
  range: ExportRange,
  header: CastHeader,
): Generator<string> {
  const writer = new AsciicastWriter(version);
  yield writer.header(header);
  for (const event of eventsInRange(recording, range)) yield writer.event(event);
  yield writer.end();
}

/** What will not come through: reads the whole range once. */
export function castWarnings(recording: OpenedRecording, version: 2 | 3, range: ExportRange): string[] {
  const writer = new AsciicastWriter(version);
  let stderr = 0;
  for (const event of eventsInRange(recording, range)) {
    if (event.kind === 'data' && event.stream === 'stderr') stderr += 1;
    writer.event(event);
  }
  writer.end();
  const { omitted, replaced } = writer.losses;
  return [
    omitted.sealed === 0 ? '' : `${count(omitted.sealed, 'event')} could not be opened and left out`,
    omitted.other === 0 ? '' : `${count(omitted.other, 'event')} that the format has no code for left out`,
    omitted.exit === 0 ? '' : 'the exit status left out: version 2 has no code for it',
    stderr === 0 ? '' : `${count(stderr, 'event')} of stderr written as output: the format has one output stream`,
    replaced === 0 ? '' : `${count(replaced, 'place')} with bytes that are not UTF-8 written as U+FFFD`,
  ].filter((warning) => warning !== '');
}
