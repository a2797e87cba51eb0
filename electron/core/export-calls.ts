// Calls that hand a recording out: an export is begun under a ticket and read in pieces, by whoever wants its bytes.

import { randomBytes } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { createExport } from '../export/export.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';

type Calls = 'export.open' | 'export.read' | 'export.close';

/** Exports that are open at the same time; the one begun first is given up for another. */
const MOST_OPEN = 32;

export function exportCalls(desk: Desk): Handlers<Calls> {
  const open = new Map<string, Iterator<Uint8Array>>();

  const find = (ticket: string): Iterator<Uint8Array> => {
    desk.library();
    const found = open.get(ticket);
    if (found === undefined) {
      throw new ExhibitError('not-found', 'export', 'there is no such export, or it was read already', 'begin it again');
    }
    return found;
  };

  return {
    'export.open': (request) => {
      const session = findSession(desk.library(), request.id);
      const { pieces, fileName, mediaType, warnings } = createExport(desk.library(), session, request, desk.now());
      const ticket = randomBytes(16).toString('hex');
      if (open.size >= MOST_OPEN) open.delete(open.keys().next().value!);
      open.set(ticket, pieces);
      const { id: _id, ...options } = request;
      return {
        output: { ticket, fileName, mediaType, warnings: [...warnings] },
        subject: session.id,
        details: { options: JSON.stringify(options) },
      };
    },
    'export.read': ({ ticket }) => {
      const next = find(ticket).next();
      if (next.done === true) open.delete(ticket);
      return { bytes: next.done === true ? null : next.value };
    },
    'export.close': ({ ticket }) => {
      open.delete(ticket);
      return null;
    },
  };
}
