// What a recording says of its session, in the columns of the history, and the texts by which a record of a history may know it again.

import type { FormatName, SessionHeader } from './decoder.ts';
import { readSession } from './history-fields.ts';
import { NO_FACTS, type SessionFacts } from './history-record.ts';
import { isObject, parseJson, type JsonObject } from './json-text.ts';
import type { Micros } from './time.ts';
import { encodeUtf8 } from './utf8.ts';

/** Formats whose header is an object with what its system says of the session. */
const TELLING: ReadonlySet<FormatName> = new Set(['rstream', 'rstream-json', 'asciicast-v1', 'asciicast-v2', 'asciicast-v3']);

/** Clues of one recording, and characters of one of them. */
const MAX_CLUES = 100;
const MAX_CLUE = 200;

function metadataOf(header: Pick<SessionHeader, 'metadata'>): JsonObject {
  const parsed = parseJson(encodeUtf8(header.metadata));
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
}

/** `duration` of the recording, `exitStatus` as it was told in it. */
export function recordedFacts(
  format: FormatName,
  header: SessionHeader,
  duration: Micros,
  exitStatus: number | null,
): SessionFacts {
  const told = TELLING.has(format) ? readSession(metadataOf(header)).facts : NO_FACTS;
  const startedAt = header.startedAt ?? told.startedAt;
  return {
    ...told,
    nativeId: header.nativeId ?? null,
    target: header.server ?? told.target,
    environment: header.environment ?? told.environment,
    initiator: header.user ?? told.initiator,
    origin: header.origin ?? told.origin,
    status: header.status ?? told.status,
    startedAt,
    endedAt: told.endedAt ?? (startedAt === null ? null : ((startedAt + duration) as Micros)),
    duration: told.endedAt === null || told.duration === null ? duration : told.duration,
    exitStatus: exitStatus ?? told.exitStatus,
    atSource: 'unknown',
    until: null,
  };
}

/** Texts of its header and its file's name, whole and word by word, as they stand and in lower case. */
export function recordingClues(header: SessionHeader, fileName: string): readonly string[] {
  const found = new Set<string>();
  const add = (text: string): void => {
    const bare = text.trim();
    if (bare.length < 2 || bare.length > MAX_CLUE || found.size >= MAX_CLUES) return;
    found.add(bare);
    found.add(bare.toLowerCase());
  };
  const take = (text: string): void => {
    add(text);
    for (const word of text.slice(0, 2000).split(/[\s,;|()[\]{}"'<>=·]+/)) {
      add(word);
      if (word.includes('@')) for (const part of word.split('@')) add(part);
    }
  };
  const { nativeId, title, user, server } = header;
  for (const text of [nativeId, user, server, title]) if (text !== undefined) take(text);
  const stem = fileName
    .split(/[/\\]/)
    .at(-1)!
    .replace(/(?:\.(?:cast|json|txt|log|gz|xz|bz2|zst|ttyrec|tty))+$/i, '');
  take(stem);
  for (const word of stem.split(/[_.]+/)) add(word);
  // An id behind the words that such files begin with: `session-…`, `terminal_session_…`, `recording-…`.
  add(stem.replace(/^(?:(?:stackshift|terminal|session|recording|asciicast)[-_. ]+)+/i, ''));
  const look = (value: unknown, depth: number): void => {
    if (typeof value === 'string') take(value);
    else if (typeof value === 'number' && depth > 0 && Number.isSafeInteger(value)) add(String(value));
    else if (isObject(value) && depth < 5) for (const member of Object.values(value)) look(member, depth + 1);
  };
  const { theme: _theme, stdout: _stdout, ...metadata } = metadataOf(header);
  for (const [name, value] of Object.entries(metadata))
    if (!['version', 'width', 'height', 'timestamp', 'duration'].includes(name)) look(value, 0);
  return [...found];
}
