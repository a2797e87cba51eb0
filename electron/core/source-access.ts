// A source by its name: its address from the library, its credential from the vault, and the client that speaks to it.

import { setTimeout as sleep } from 'node:timers/promises';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Workspace } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
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

/** The workspaces that the control plane lists; one without an id cannot be named to it and is left out. */
export async function readWorkspaces(rstream: Rstream, signal: AbortSignal): Promise<Workspace[]> {
  const parsed = parseJson((await rstream.workspaces(signal)).bytes);
  const list = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value['workspaces'] : null;
  return (Array.isArray(list) ? list.filter(isObject) : []).flatMap((one) => {
    const id = textOf(one, 'id');
    return id === undefined ? [] : [{ id, name: textOf(one, 'name') ?? null, type: textOf(one, 'type') ?? null }];
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
        const todo = 'get one; `exhibit sources set-token` gives it to the source';
        throw new ExhibitError('permission', `source ${name}`, 'the vault keeps no token for it', todo);
      }
      if (credential.kind === 'token') checkToken(credential.token, `source ${name}`, desk.wallClock());
      return connect(desk, { engine, apiUrl, credential });
    },
  };
}
