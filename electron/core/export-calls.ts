// Calls that hand a recording out: an export is begun under a ticket and read in pieces, by whoever wants its bytes.

import type { ExportRequest } from '../../shared/api/shapes.ts';
import { createExport, createReportExport, type SessionExport } from '../export/export.ts';
import type { SessionRow } from '../library/library.ts';
import type { OpenedRecording } from '../replay/replay.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { beginGroupExport } from './group-calls.ts';
import { sessionReport } from './report-source.ts';
import { sessionCalls } from './session-calls.ts';

type Calls = 'export.open' | 'export.openGroup' | 'export.text' | 'export.read' | 'export.close';

/** `lock`: why no key opens the recording, or null. */
async function begin(
  desk: Desk,
  session: SessionRow,
  recording: OpenedRecording,
  request: ExportRequest,
  lock: string | null,
): Promise<SessionExport> {
  const { format } = request;
  if (format !== 'html') return createExport(desk.library(), recording, { ...request, format }, desk.now(), lock);
  const detail = await sessionCalls(desk)['sessions.show']({ id: session.id });
  return createReportExport(recording, sessionReport(desk, session, recording, detail), request, desk.report);
}

export function exportCalls(desk: Desk): Handlers<Calls> {
  const { tickets } = desk;
  return {
    'export.open': async (request) => {
      const session = findSession(desk.library(), request.id);
      const allowed = (): void => desk.rights().need(session, 'download', `export session ${request.id}`);
      const opening = await desk.keys().look(session);
      // What was stored can be handed out by anybody; the other forms show content.
      const recording = await (request.format === 'json' ? desk.recordings().open(session) : desk.recordings().readable(session));
      const lock = opening.kind === 'locked' ? opening.error.why : null;
      const { pieces, fileName, mediaType, warnings } = await begin(desk, session, recording, request, lock);
      const { id: _id, ...options } = request;
      return {
        output: { ticket: tickets.begin(pieces, allowed), fileName, mediaType, warnings: [...warnings] },
        subject: session.id,
        details: { options: JSON.stringify(options) },
      };
    },
    'export.openGroup': async (request) => {
      const { pieces, fileName, mediaType, warnings, group, sessions, allowed } = await beginGroupExport(desk, request);
      return {
        output: { ticket: tickets.begin(pieces, allowed), fileName, mediaType, warnings: [...warnings] },
        subject: `group ${group.id}`,
        details: { source: group.source, sessions: [...sessions], options: JSON.stringify(request) },
      };
    },
    'export.text': ({ fileName, text }) => ({ ticket: tickets.begin([Buffer.from(text)].values()), fileName }),
    'export.read': async ({ ticket }) => ({ bytes: await tickets.read(ticket) }),
    'export.close': ({ ticket }) => {
      tickets.close(ticket);
      return null;
    },
  };
}
