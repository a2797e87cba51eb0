// What is handed out waits under a ticket and is read in pieces, by whoever wants its bytes. A ticket is good for one reading.

import { randomBytes } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Library } from '../library/library.ts';

/** Exports that are open at the same time; the one begun first is given up for another. */
const MOST_OPEN = 32;

export type Pieces = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

export interface Tickets {
  /** Returns the ticket. `allowed` throws where what is handed out may be so no more; it is asked before each reading. */
  begin(pieces: Pieces, allowed?: () => void): string;
  /** The next bytes; null when all were read. Throws kind `not-found` where there is no such export, or the library was locked. */
  read(ticket: string): Promise<Uint8Array | null>;
  close(ticket: string): void;
  /** Gives up what may not be handed out any more: who reads on is told why. */
  recheck(): void;
}

interface OpenExport {
  readonly pieces: Pieces;
  readonly allowed: () => void;
  /** What it reads from: after a lock, another one is open. */
  readonly library: Library;
}

/** `openLibrary` gives the open library, or throws. */
export function createTickets(openLibrary: () => Library): Tickets {
  const open = new Map<string, OpenExport>();

  /** What was begun and is not wanted any more may hold a file. */
  const giveUp = (ticket: string): void => {
    const found = open.get(ticket);
    open.delete(ticket);
    void found?.pieces.return?.();
  };

  const find = (ticket: string): OpenExport => {
    const library = openLibrary();
    const found = open.get(ticket);
    if (found === undefined)
      throw new ExhibitError('not-found', 'export', 'there is no such export, or it was read already', 'begin it again');
    if (found.library !== library) {
      giveUp(ticket);
      throw new ExhibitError('not-found', 'export', 'the library was locked in the middle of it', 'begin it again');
    }
    return found;
  };

  return {
    begin: (pieces, allowed = () => undefined) => {
      const ticket = randomBytes(16).toString('hex');
      if (open.size >= MOST_OPEN) giveUp(open.keys().next().value!);
      open.set(ticket, { pieces, allowed, library: openLibrary() });
      return ticket;
    },
    read: async (ticket) => {
      const { pieces, allowed } = find(ticket);
      let next: IteratorResult<Uint8Array, unknown>;
      try {
        allowed();
        next = await pieces.next();
      } catch (error) {
        // What failed has not ended: read again, it would look as if it had.
        giveUp(ticket);
        throw error;
      }
      if (next.done !== true) return next.value;
      open.delete(ticket);
      return null;
    },
    close: giveUp,
    recheck: () => {
      for (const [ticket, { pieces, allowed, library }] of open) {
        try {
          allowed();
        } catch (error) {
          void pieces.return?.();
          const refusing = (): never => {
            throw error;
          };
          open.set(ticket, { pieces: { next: refusing }, allowed, library });
        }
      }
    },
  };
}
