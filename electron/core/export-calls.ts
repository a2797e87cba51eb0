// Calls that hand a recording out: an export is begun under a ticket and read in pieces, by whoever wants its bytes.

import { findSession, type Desk, type Handlers } from './desk.ts';
import { beginGroupExport } from './group-calls.ts';
import { beginExport, beginSessionsExport } from './session-export.ts';

type Calls = 'export.open' | 'export.openSessions' | 'export.openGroup' | 'export.text' | 'export.read' | 'export.close';

export function exportCalls(desk: Desk): Handlers<Calls> {
  const { tickets } = desk;
  return {
    'export.open': async (request) => {
      const session = findSession(desk.library(), request.id);
      const allowed = (): void => desk.rights().need(session, 'download', `export session ${request.id}`);
      const { pieces, fileName, mediaType, warnings } = await beginExport(desk, session, request);
      const { id: _id, ...options } = request;
      return {
        output: { ticket: tickets.begin(pieces, allowed), fileName, mediaType, warnings: [...warnings] },
        subject: session.id,
        details: { options: JSON.stringify(options) },
      };
    },
    'export.openSessions': async (request) => {
      const { pieces, allowed, fileName, mediaType, warnings } = await beginSessionsExport(desk, request);
      const output = { ticket: tickets.begin(pieces, allowed), fileName, mediaType, warnings: [...warnings] };
      return { output, subject: null, details: {} };
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
