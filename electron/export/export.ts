// The door of export: one recording to one file, in pieces that are made when they are asked for. Nothing is written to disk here.

import { TEXT_LOG_DEFAULTS, type ExportRequest } from '../../shared/api/shapes.ts';
import type { Library } from '../library/library.ts';
import { textLog, type OpenedRecording } from '../replay/replay.ts';
import { castHeader, castLines, castWarnings } from './asciicast.ts';
import { jsonDocument } from './json-document.ts';
import { eventsInRange, type ExportRange } from './range.ts';

export { createGroupExport, type GroupExport, type GroupMember } from './group-export.ts';

export interface SessionExport {
  readonly fileName: string;
  readonly mediaType: string;
  /** What the form cannot hold, or what is missing, in sentences. */
  readonly warnings: readonly string[];
  /** The bytes, of about PIECE_BYTES at a time. */
  readonly pieces: Iterator<Uint8Array>;
}

export const PIECE_BYTES = 256 * 1024;

const encoder = new TextEncoder();

function* gathered(texts: Iterable<string>): Generator<Uint8Array> {
  let held: string[] = [];
  let length = 0;
  for (const text of texts) {
    held.push(text);
    length += text.length;
    if (length < PIECE_BYTES) continue;
    yield encoder.encode(held.join(''));
    held = [];
    length = 0;
  }
  if (length > 0) yield encoder.encode(held.join(''));
}

const FORMS: Readonly<Record<ExportRequest['format'], { readonly extension: string; readonly mediaType: string }>> = {
  text: { extension: 'txt', mediaType: 'text/plain; charset=utf-8' },
  json: { extension: 'json', mediaType: 'application/json' },
  'asciicast-v2': { extension: 'cast', mediaType: 'application/x-asciicast' },
  'asciicast-v3': { extension: 'cast', mediaType: 'application/x-asciicast' },
};

/** What of a range does not open: reads it once, where anything in the recording is encrypted. */
function sealedWarnings(recording: OpenedRecording, range: ExportRange): string[] {
  if (recording.session.sealedEvents === 0) return [];
  let sealed = 0;
  for (const event of eventsInRange(recording, range)) if (event.kind === 'sealed') sealed += 1;
  return sealed === 0
    ? []
    : [`${sealed === 1 ? '1 event is' : `${String(sealed)} events are`} encrypted and could not be opened`];
}

/**
 * Begins an export of a recording as far as it opens. `generatedAt` (RFC 3339, UTC) stands in forms that say when they were made;
 * `lock` is why no key opens the recording, or null.
 */
export function createExport(
  library: Library,
  recording: OpenedRecording,
  request: ExportRequest,
  generatedAt: string,
  lock: string | null,
): SessionExport {
  const { session } = recording;
  const range: ExportRange = { fromSeq: request.fromSeq ?? null, maxEvents: request.maxEvents ?? 0 };
  const { extension, mediaType } = FORMS[request.format];
  const form = { fileName: `${session.id}.${extension}`, mediaType };
  switch (request.format) {
    case 'text': {
      const given = Object.fromEntries(Object.entries(request.text ?? {}).filter(([, value]) => value !== undefined));
      const texts = textLog(recording, { ...TEXT_LOG_DEFAULTS, ...given }, range);
      return { ...form, warnings: sealedWarnings(recording, range), pieces: gathered(texts) };
    }
    case 'json':
      return {
        ...form,
        warnings: sealedWarnings(recording, range),
        pieces: gathered(jsonDocument(library, recording, range, generatedAt, lock)),
      };
    case 'asciicast-v2':
    case 'asciicast-v3': {
      const version = request.format === 'asciicast-v2' ? 2 : 3;
      const header = castHeader(recording);
      return {
        ...form,
        warnings: castWarnings(recording, version, range),
        pieces: gathered(castLines(recording, version, range, header)),
      };
    }
  }
}
