// The door of export: one recording to one file, in pieces that are made when they are asked for. Nothing is written to disk here.

import { some } from '../../shared/api/counts.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { TEXT_LOG_DEFAULTS, type ExportRequest } from '../../shared/api/shapes.ts';
import type { Library } from '../library/library.ts';
import { textLog, type OpenedRecording } from '../replay/replay.ts';
import { castExtras, castHeader, castLines, castWarnings } from './asciicast.ts';
import { harmlessName } from './file-name.ts';
import { inPieces } from './group-export.ts';
import { jsonDocument } from './json-document.ts';
import { eventsInRange, isWhole, type ExportRange } from './range.ts';
import { readPlayer } from './report/player-files.ts';
import type { ReportInput } from './report/report-input.ts';
import { reportPieces } from './report/report.ts';

export { readPlayer, type PlayerFiles } from './report/player-files.ts';
export { reportPieces } from './report/report.ts';
export type {
  ReportCustody,
  ReportFinding,
  ReportFrame,
  ReportInput,
  ReportPlayback,
  ReportRecording,
  ReportRedaction,
  ReportText,
} from './report/report-input.ts';
export { lastScreen, playbackOf, shownCommands, transcriptOf } from './report/session-texts.ts';
export { startHere, type StartHereInput } from './report/start-here.ts';
export { pemCertificates } from '../../shared/evidence/time-stamp-signature.ts';
export { Cancelled } from '../../shared/evidence/bundle/bag.ts';
export { NODE_EFFECTS } from './verify/node-effects.ts';
export { withThreads } from './verify/pool.ts';
export { verifyBundleAt, verifyOptions, type BundleReport, type VerifyFile } from './verify/verify.ts';
export { makeBundle, bundleName, type BundleSource } from './bundle/make.ts';
export type { CaseRecording } from './bundle/shown.ts';
export type { CaseContent } from './bundle/case-files.ts';
export { createWholeFile, openBundleFile, type BundleBytes } from './whole-file.ts';
export { createWaitingFile } from './bundle/waiting-file.ts';
export { BLOCK } from './redaction/matching.ts';
export { BUNDLE_DETAIL } from './bundle/custody-lines.ts';
export { readVerifier } from './bundle/verifier-files.ts';
export { fingerprintOf, type Signer } from './bundle/statement.ts';
export { digestOf, firstFailure, refuseWithheld, verifyBundle } from './bundle/check.ts';
export { readBundle, readStatement, statementDigest, type ReadBundle } from './bundle/read.ts';
export { countersign, joinTimeStamp, rewriteBundle, signatureOf, timeRequest, type Additions } from './bundle/rewrite.ts';
export type { ZipTarget } from './bundle/zip-writer.ts';
export { readAnnotationFile, writeAnnotationFile } from './bundle/annotation-file.ts';
export { certificateText, checkFrame, frameAt, type Frame, type FrameOf } from './frames.ts';
export { createHistoryExport } from './history-export.ts';
export { createSessionsArchive, type SessionsArchive } from './sessions-archive.ts';
export { createGroupExport, type GroupExport, type GroupMember } from './group-export.ts';

export interface SessionExport {
  readonly fileName: string;
  readonly mediaType: string;
  /** What the form cannot hold, or what is missing, in sentences. */
  readonly warnings: readonly string[];
  /** The bytes, of about PIECE_BYTES at a time. */
  readonly pieces: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
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

/** Every form but the report, which is made from more than the recording. */
export type PlainRequest = ExportRequest & { readonly format: Exclude<ExportRequest['format'], 'html'> };

const FORMS: Readonly<Record<PlainRequest['format'], { readonly extension: string; readonly mediaType: string }>> = {
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
    : [`${sealed === 1 ? '1 event is' : `${some(sealed, 'event')} are`} encrypted and could not be opened`];
}

/**
 * Begins an export of a recording as far as it opens. `generatedAt` (RFC 3339, UTC) stands in forms that say when they were made;
 * `lock` is why no key opens the recording, or null.
 */
export function createExport(
  library: Library,
  recording: OpenedRecording,
  request: PlainRequest,
  generatedAt: string,
  lock: string | null,
): SessionExport {
  const { session } = recording;
  const range: ExportRange = { fromSeq: request.fromSeq ?? null, maxEvents: request.maxEvents ?? 0 };
  const { extension, mediaType } = FORMS[request.format];
  const form = { fileName: `${harmlessName(session.id)}.${extension}`, mediaType };
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
      const { extras, lost } = castExtras(recording, library.sessions.metadata(session), version);
      const header = { ...castHeader(recording), extras };
      return {
        ...form,
        warnings: castWarnings(recording, version, range, lost),
        pieces: gathered(castLines(recording, version, range, header)),
      };
    }
  }
}

/**
 * Begins the report of one recording. `player`: folder of the report's player in this installation. Throws kinds `usage` where only a
 * part of the recording is asked for, `not-found` where the installation has no player.
 */
export function createReportExport(
  recording: OpenedRecording,
  input: ReportInput,
  request: ExportRequest,
  player: string,
): SessionExport {
  const range: ExportRange = { fromSeq: request.fromSeq ?? null, maxEvents: request.maxEvents ?? 0 };
  if (!isWhole(range)) {
    const todo = 'leave out the range, or choose another format';
    throw new ExhibitError('usage', 'export report', 'a report is of a whole recording', todo);
  }
  return {
    fileName: `${harmlessName(recording.session.id)}.html`,
    mediaType: 'text/html; charset=utf-8',
    warnings: sealedWarnings(recording, range),
    pieces: inPieces(reportPieces(input, readPlayer(player))),
  };
}
