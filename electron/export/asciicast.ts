// A recording as asciicast version 2 or 3. What the format has no place for is counted beforehand, so that it is said before
// anything is written.

import type { SessionHeader } from '../../shared/recording/decoder.ts';
import { AsciicastWriter, type CastExtras, type CastHeader } from '../../shared/recording/asciicast-writer.ts';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
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

/** Members of a header that stand in {@link castHeader}, are in the events, or tell of the file alone. */
const SAID = new Set(['version', 'width', 'height', 'timestamp', 'title', 'command', 'duration', 'stdout', 'env', 'term']);
const SAID_OF_TERM = new Set(['cols', 'rows', 'type']);

/** What the header of a recording that is an asciicast says besides, and the names of what `version` has no place for. */
export function castExtras(
  { session: { format } }: OpenedRecording,
  metadata: string,
  version: 2 | 3,
): { readonly extras: CastExtras; readonly lost: readonly string[] } {
  const value: unknown = format.startsWith('asciicast') ? JSON.parse(metadata) : null;
  if (!isObject(value)) return { extras: {}, lost: [] };
  const { idle_time_limit: idleTimeLimit, theme, tags, ...others } = value;
  const term = isObject(value['term']) ? value['term'] : {};
  const { version: termVersion, theme: termTheme, ...othersOfTerm } = term;
  const { TERM: _, ...env } = isObject(value['env']) ? value['env'] : ({} as JsonObject);
  const given = (members: JsonObject): readonly string[] =>
    Object.keys(members).filter((name) => (members[name] ?? null) !== null);
  return {
    extras: {
      idleTimeLimit,
      theme: termTheme ?? theme,
      ...(Object.keys(env).length === 0 ? {} : { env }),
      tags,
      termVersion,
    },
    lost: [
      ...given(version === 2 ? { tags, 'term.version': termVersion } : {}),
      ...given(others).filter((name) => !SAID.has(name)),
      ...given(othersOfTerm).flatMap((name) => (SAID_OF_TERM.has(name) ? [] : [`term.${name}`])),
    ],
  };
}

/** The exit status of a session whose end is in the range. */
const exitStatus = ({ session }: OpenedRecording, { maxEvents }: ExportRange): number | null =>
  maxEvents === 0 ? session.exitStatus : null;

/** Lines of the file, in pieces. */
export function* castLines(
  recording: OpenedRecording,
  version: 2 | 3,
  range: ExportRange,
  header: CastHeader,
): Generator<string> {
  const writer = new AsciicastWriter(version);
  let exits = false;
  yield writer.header(header);
  for (const event of eventsInRange(recording, range)) {
    exits ||= event.kind === 'exit';
    yield writer.event(event);
  }
  yield writer.end();
  const status = exitStatus(recording, range);
  if (version === 3 && !exits && status !== null) yield writer.exit(recording.session.duration, status);
}

/** What will not come through, `lost` of the header among it: reads the whole range once. */
export function castWarnings(recording: OpenedRecording, version: 2 | 3, range: ExportRange, lost: readonly string[]): string[] {
  const writer = new AsciicastWriter(version);
  let stderr = 0;
  for (const event of eventsInRange(recording, range)) {
    if (event.kind === 'data' && event.stream === 'stderr') stderr += 1;
    writer.event(event);
  }
  writer.end();
  const { omitted, replaced } = writer.losses;
  const exitLost = version === 2 && (omitted.exit > 0 || exitStatus(recording, range) !== null);
  return [
    lost.length === 0 ? '' : `of the header left out: ${lost.join(', ')}`,
    omitted.sealed === 0 ? '' : `${count(omitted.sealed, 'event')} could not be opened and left out`,
    omitted.other === 0 ? '' : `${count(omitted.other, 'event')} that the format has no code for left out`,
    exitLost ? 'the exit status left out: version 2 has no code for it' : '',
    stderr === 0 ? '' : `${count(stderr, 'event')} of stderr written as output: the format has one output stream`,
    replaced === 0 ? '' : `${count(replaced, 'place')} with bytes that are not UTF-8 written as U+FFFD`,
  ].filter((warning) => warning !== '');
}
