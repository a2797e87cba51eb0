// Exports of sessions, begun: one as its file, or several in one archive.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { ExportRequest, SessionsExportRequest } from '../../shared/api/shapes.ts';
import {
  createExport,
  createReportExport,
  createSessionsArchive,
  type SessionExport,
  type SessionsArchive,
} from '../export/export.ts';
import { PURGED, purgedError, type SessionRow } from '../library/library.ts';
import { findSession, type Desk } from './desk.ts';
import { sessionReport } from './report-source.ts';
import { sessionCalls } from './session-calls.ts';
import { withoutHead } from './session-shapes.ts';

/** Begins the export of one session. Throws the error of its lock where the form shows content and nothing of it can be shown. */
export async function beginExport(desk: Desk, session: SessionRow, request: ExportRequest): Promise<SessionExport> {
  const { format } = request;
  const opening = await desk.keys().look(session);
  // What was stored can be handed out by anybody; the other forms show content.
  const recording = await (format === 'json' ? desk.recordings().open(session) : desk.recordings().readable(session));
  const lock = opening.kind === 'locked' ? opening.error.why : null;
  if (format !== 'html') return createExport(desk.library(), recording, { ...request, format }, desk.now(), lock);
  const detail = await sessionCalls(desk)['sessions.show']({ id: session.id });
  return createReportExport(recording, sessionReport(desk, session, recording, detail), request, desk.report);
}

export interface BegunSessionsExport extends SessionsArchive {
  readonly warnings: readonly string[];
  /** Throws kind `permission` where the source of the session that is being handed out refuses it by now. */
  readonly allowed: () => void;
}

/** Errors that are about one session, and leave the others as they are. */
const OF_ONE: ReadonlySet<string> = new Set(['not-found', 'refused', 'permission', 'no-key', 'damaged']);

/** Throws where the session may not be handed out, or is not there any more. */
function needExport(desk: Desk, session: SessionRow): void {
  const what = `export session ${session.id}`;
  desk.rights().need(session, 'download', what);
  desk.rights().need(session, 'recording', what);
  if (session.lockCode === PURGED) throw purgedError(what);
}

/** The error that `work` throws where it is about one session. */
async function errorOf(work: () => void | Promise<void>): Promise<ExhibitError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ExhibitError && OF_ONE.has(error.kind)) return error;
    throw error;
  }
}

/**
 * Begins the export of several sessions; each is opened, and entered in the custody log, when its turn comes. Throws where a session may
 * not even be listed, and where none of them can be exported.
 */
export async function beginSessionsExport(desk: Desk, { ids, ...options }: SessionsExportRequest): Promise<BegunSessionsExport> {
  const sessions = [...new Map(ids.map((id) => findSession(desk.library(), id)).map((row) => [row.key, row])).values()];
  for (const session of sessions) desk.rights().need(session, 'history', `export session ${session.id}`);
  const refusals: ExhibitError[] = [];
  for (const session of sessions) {
    const refusal = await errorOf(() => needExport(desk, session));
    if (refusal !== null) refusals.push(refusal);
  }
  if (refusals.length === sessions.length) throw refusals[0]!;
  let current: SessionRow | null = null;
  const members = sessions.map((session) => ({
    session: withoutHead(session, desk.library().rights),
    begin: async (): Promise<SessionExport | { readonly refusal: string }> => {
      let begun: SessionExport | undefined;
      const refusal = await errorOf(async () => {
        const row = findSession(desk.library(), session.id);
        needExport(desk, row);
        begun = await beginExport(desk, row, { ...options, id: row.id });
        current = row;
      });
      if (refusal !== null) return { refusal: refusal.why };
      desk.library().custody.append({
        actor: desk.actor,
        action: 'export',
        subject: session.id,
        purpose: desk.purpose(),
        details: { options: JSON.stringify(options), file: archive.fileName },
      });
      return begun!;
    },
  }));
  const archive = createSessionsArchive(members, desk.now());
  return {
    ...archive,
    allowed: () => {
      if (current !== null) desk.rights().need(current, 'download', `export session ${current.id}`);
    },
    warnings:
      refusals.length === 0
        ? []
        : [
            `${String(refusals.length)} of ${String(sessions.length)} sessions cannot be exported: index.csv in the archive says why`,
          ],
  };
}
