// A source by its name: its address from the library, its credential from the vault, and the client that speaks to it.

import { setTimeout as sleep } from 'node:timers/promises';
import { ExhibitError } from '../../shared/api/errors.ts';
import { checkToken, openRstream, type Rstream, type RstreamAddress } from '../source/source.ts';
import type { Desk } from './desk.ts';

export interface SourceAccess {
  names(): readonly string[];
  /** To be closed by who opened it. Throws kinds `not-found` and `permission` (no token is kept for it, or it has ended). */
  open(name: string): Promise<Rstream>;
}

/** The client of an address, on this machine's clock. To be closed by who opened it. */
export function connect({ wallClock }: Desk, address: RstreamAddress): Rstream {
  return openRstream(address, {
    wallClock,
    random: Math.random,
    sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
  });
}

/** The sources of the open library. */
export function sourceAccess(desk: Desk): SourceAccess {
  return {
    names: () =>
      desk
        .library()
        .sources.list()
        .map(({ name }) => name),
    open: async (asked) => {
      const row = desk.library().sources.find(asked);
      if (row === null) {
        throw new ExhibitError('not-found', `source ${asked}`, 'there is no such source', '`exhibit sources list` shows them');
      }
      const { name, engine, apiUrl } = row;
      const credential = await desk.custodian.vault.sourceToken(name);
      if (credential === null) {
        const todo = 'remove the source and add it again with its token';
        throw new ExhibitError('permission', `source ${name}`, 'the vault keeps no token for it', todo);
      }
      if (credential.kind === 'token') checkToken(credential.token, `source ${name}`, desk.wallClock());
      return connect(desk, { engine, apiUrl, credential });
    },
  };
}
