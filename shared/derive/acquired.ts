// What deriving needs of acquisition.json, and the header of a playback: both read strictly, and nothing taken from them that is not in
// the one form that is written.

import type { Bag, BagFile } from '../evidence/bundle/bag.ts';
import { isCount, isText, members, object, strictLine, type JsonObject } from '../evidence/bundle/strict-json.ts';
import { AsciicastWriter, type CastHeader } from '../recording/asciicast-writer.ts';
import { MICROS_PER_SECOND } from '../recording/time.ts';
import type { OriginalPart, Screen } from './sources.ts';

export interface Acquired {
  readonly format: string;
  readonly ordinal: number;
  readonly screen: Screen;
  /** Null where not all that was read when it was acquired is in the bundle. */
  readonly parts: readonly OriginalPart[] | null;
}

/** Null where the document does not say it. `folder`: of the recording. */
export function acquired(document: JsonObject, folder: string, { files }: Bag): Acquired | null {
  const { format, ordinal, screen } = document;
  const { cols, rows, piped } = members(screen, ['cols', 'rows', 'piped']) ?? {};
  if (!isText(format) || !isCount(ordinal) || !isCount(cols) || !isCount(rows) || typeof piped !== 'boolean') return null;
  const parts = (Array.isArray(document['parts']) ? document['parts'] : []).map((value): OriginalPart | null => {
    const { role, name, file } = object(value) ?? {};
    const found = role === 'original' && isText(file) ? files.get(`${folder}${file}`) : undefined;
    return found === undefined || !isText(name) ? null : { name: name.slice(name.lastIndexOf('/') + 1), file: found };
  });
  const all = parts.filter((part) => part !== null);
  return { format, ordinal, screen: { cols, rows, piped }, parts: all.length === parts.length ? all : null };
}

const MAX_HEADER = 1024 * 1024;

/** The first line of a playback. */
export interface PlaybackStart {
  /** Where the first event begins. */
  readonly end: number;
  readonly said: CastHeader;
}

/** The first line of a playback, if it is exactly one that is written for a screen of that size; else null. */
export async function playbackStart(file: BagFile, { cols, rows }: Screen): Promise<PlaybackStart | null> {
  const bytes = await file.read(0, Math.min(file.size, MAX_HEADER));
  const end = bytes.indexOf(0x0a) + 1;
  const found = end === 0 ? null : strictLine(bytes.subarray(0, end - 1));
  if (found === null) return null;
  const { timestamp, title, command, env } = found;
  const term = object(env)?.['TERM'];
  if (![title, command, term].every((text) => text === undefined || isText(text))) return null;
  const said = {
    cols,
    rows,
    ...(title === undefined ? {} : { title }),
    ...(command === undefined ? {} : { command }),
    ...(term === undefined ? {} : { term }),
    ...(timestamp === undefined ? {} : { startedAt: Number(timestamp) * MICROS_PER_SECOND }),
  } as CastHeader;
  const again = new TextEncoder().encode(new AsciicastWriter(2).header(said));
  return again.length === end && again.every((byte, i) => byte === bytes[i]) ? { end, said } : null;
}

/** Whether a playback says of a recording what its original does. `isRedacted`: texts in it may be masked. */
export function saysAlike(said: CastHeader, original: CastHeader, isRedacted: boolean): boolean {
  const second = ({ startedAt }: CastHeader): number | null =>
    startedAt === undefined ? null : Math.floor(startedAt / MICROS_PER_SECOND);
  // A library keeps texts in UTF-8, which has no half of a pair.
  const isAlike = (name: 'title' | 'command' | 'term'): boolean => said[name] === original[name]?.toWellFormed();
  return second(said) === second(original) && (isRedacted || (['title', 'command', 'term'] as const).every(isAlike));
}
