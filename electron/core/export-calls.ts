// Calls that hand a recording out: an export is begun under a ticket and read in pieces, by whoever wants its bytes.

import { randomBytes } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { createExport } from '../export/export.ts';
import type { Library } from '../library/library.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { beginGroupExport } from './group-calls.ts';

type Calls = 'export.open' | 'export.openGroup' | 'export.read' | 'export.close';

/** Exports that are open at the same time; the one begun first is given up for another. */
const MOST_OPEN = 32;

type Pieces = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

interface OpenExport {
  readonly pieces: Pieces;
  /** What it reads from: after a lock, another one is open. */
  readonly library: Library;
}

export function exportCalls(desk: Desk): Handlers<Calls> {
  const open = new Map<string, OpenExport>();

  /** Returns the ticket. */
  const begin = (pieces: Pieces): string => {
    const ticket = randomBytes(16).toString('hex');
    if (open.size >= MOST_OPEN) open.delete(open.keys().next().value!);
    open.set(ticket, { pieces, library: desk.library() });
    return ticket;
  };

  const find = (ticket: string): Pieces => {
    const library = desk.library();
    const found = open.get(ticket);
    if (found === undefined)
      throw new ExhibitError('not-found', 'export', 'there is no such export, or it was read already', 'begin it again');
    if (found.library === library) return found.pieces;
    open.delete(ticket);
    throw new ExhibitError('not-found', 'export', 'the library was locked in the middle of it', 'begin it again');
  };

  return {
    'export.open': async (request) => {
      const session = findSession(desk.library(), request.id);
      const opening = await desk.keys().look(session);
      // What was stored can be handed out by anybody; the other forms show content.
      const recording = await (request.format === 'json' ? desk.recordings().open(session) : desk.recordings().readable(session));
      const lock = opening.kind === 'locked' ? opening.error.why : null;
      const { pieces, fileName, mediaType, warnings } = createExport(desk.library(), recording, request, desk.now(), lock);
      const { id: _id, ...options } = request;
      return {
        output: { ticket: begin(pieces), fileName, mediaType, warnings: [...warnings] },
        subject: session.id,
        details: { options: JSON.stringify(options) },
      };
    },
    'export.openGroup': (request) => {
      const { pieces, fileName, mediaType, warnings, group, sessions } = beginGroupExport(desk, request);
      return {
        output: { ticket: begin(pieces), fileName, mediaType, warnings: [...warnings] },
        subject: `group ${group.id}`,
        details: { source: group.source, sessions: [...sessions], options: JSON.stringify(request) },
      };
    },
    'export.read': async ({ ticket }) => {
      const pieces = find(ticket);
      let next: IteratorResult<Uint8Array, unknown>;
      try {
        next = await pieces.next();
      } catch (error) {
        // What failed has not ended: read again, it would look as if it had.
        open.delete(ticket);
        throw error;
      }
      if (next.done === true) open.delete(ticket);
      return { bytes: next.done === true ? null : next.value };
    },
    'export.close': ({ ticket }) => {
      open.delete(ticket);
      return null;
    },
  };
}
