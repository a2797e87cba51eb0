// All sessions of a group as one file, made piece by piece: one session is open at a time. As text, each session stands under a heading,
// by start; times, where they are asked for, are all in UTC, so that what happened in two sessions can be put in order. As JSON, each
// session is the document that its own export would be.

import { quoted } from '../../shared/recording/json-text.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { formatInstant, tellClock, type Micros } from '../../shared/recording/time.ts';
import { TEXT_LOG_DEFAULTS, type GroupExportRequest, type TextLogOptions } from '../../shared/api/shapes.ts';
import type { Library, SessionRow } from '../library/library.ts';
import { textLog, type EventSource, type OpenedRecording } from '../replay/replay.ts';
import { jsonDocument } from './json-document.ts';
import { harmlessName } from './file-name.ts';
import type { ExportRange } from './range.ts';

export interface GroupMember {
  readonly session: SessionRow;
  /** The recording as far as it opens, and why no key opens it, or null. */
  open(): Promise<{ readonly recording: OpenedRecording; readonly lock: string | null }>;
}

export interface ExportedGroup {
  readonly id: string;
  /** The group object as its source gave it, JSON text, or null. */
  readonly object: string | null;
  /** By start. */
  readonly members: readonly GroupMember[];
}

export interface GroupExport {
  readonly fileName: string;
  readonly mediaType: string;
  readonly pieces: AsyncIterator<Uint8Array>;
}

const WHOLE: ExportRange = { fromSeq: null, maxEvents: 0 };

const PIECE_BYTES = 256 * 1024;

/** Texts as bytes, of about PIECE_BYTES at a time. */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let held: string[] = [];
  let length = 0;
  for await (const text of texts) {
    held.push(text);
    length += text.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.from(held.join(''));
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(held.join(''));
}

const shortened = (text: string): string => quoted(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** What stands above a session: who it is, and when it was. A source's own words are quoted. */
function heading(session: SessionRow, position: string): string {
  const { id, nativeId, user, server, title, command, startedAt, duration } = session;
  const named = (name: string, value: string | null): string => (value === null ? '' : `, ${name} ${shortened(value)}`);
  const what = named('own id', nativeId) + named('user', user) + named('server', server) + named('title', title ?? command);
  const started = startedAt === null ? 'start unknown: times count from its own start' : `started ${formatInstant(startedAt)}`;
  const lasted = duration === 0 ? 'length not known' : `lasted ${tellClock(duration, 6)}`;
  return `[exhibit] session ${position}: ${id}${what}\n[exhibit] ${started}, ${lasted}\n`;
}

/** A recording whose events tell their time in UTC, whatever zone their source wrote; those without a time have none there either. */
function onOneClock(recording: OpenedRecording): EventSource {
  const { count, cols, rows, piped, duration, session } = recording;
  const { startedAt } = session;
  const shifted = (event: RecordingEvent): RecordingEvent =>
    startedAt === null || event.time === '' ? event : { ...event, time: formatInstant((startedAt + event.at) as Micros) };
  return {
    count,
    cols,
    rows,
    piped,
    duration,
    countAt: (at) => recording.countAt(at),
    countAtSeq: (seq) => recording.countAtSeq(seq),
    *runs(from) {
      for (const { firstIndex, events } of recording.runs(from)) yield { firstIndex, events: events.map(shifted) };
    },
  };
}

async function* groupText(group: ExportedGroup, options: TextLogOptions): AsyncGenerator<string> {
  yield `[exhibit] group ${shortened(group.id)}, sessions: ${String(group.members.length)}\n`;
  for (const [at, { session, open }] of group.members.entries()) {
    yield `\n${heading(session, `${String(at + 1)} of ${String(group.members.length)}`)}`;
    const { recording, lock } = await open();
    if (lock !== null) yield `[exhibit] locked: ${lock}\n`;
    yield '\n';
    let last = '\n';
    for (const text of textLog(onOneClock(recording), options, WHOLE)) {
      if (text === '') continue;
      yield text;
      last = text;
    }
    if (!last.endsWith('\n')) yield '\n';
  }
}

async function* groupJson(library: Library, group: ExportedGroup, generatedAt: string): AsyncGenerator<string> {
  const object = group.object ?? JSON.stringify({ id: group.id });
  yield `{\n"export_version": 1,\n"generated_at": ${JSON.stringify(generatedAt)},\n"group": ${object.trim()},\n"sessions": [`;
  let separator = '\n';
  for (const { open } of group.members) {
    const { recording, lock } = await open();
    yield separator;
    yield* jsonDocument(library, recording, WHOLE, generatedAt, lock);
    separator = ',\n';
  }
  yield ']\n}\n';
}

/** Begins the export of a group. `generatedAt`: RFC 3339, UTC. */
export function createGroupExport(
  library: Library,
  group: ExportedGroup,
  { format, text }: GroupExportRequest,
  generatedAt: string,
): GroupExport {
  const base = harmlessName(`group-${group.id}`);
  switch (format) {
    case 'text': {
      const given = Object.fromEntries(Object.entries(text ?? {}).filter(([, value]) => value !== undefined));
      const options = { ...TEXT_LOG_DEFAULTS, ...given };
      return {
        fileName: `${base}.txt`,
        mediaType: 'text/plain; charset=utf-8',
        pieces: inPieces(groupText(group, options)),
      };
    }
    case 'json':
      return {
        fileName: `${base}.json`,
        mediaType: 'application/json',
        pieces: inPieces(groupJson(library, group, generatedAt)),
      };
  }
}
