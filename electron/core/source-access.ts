// A source by its name: its address from the library, its credential from the vault, and the client that speaks to it.

import { setTimeout as sleep } from 'node:timers/promises';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Workspace } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, textOf } from '../../shared/recording/json-text.ts';
import type { SourceRow } from '../library/library.ts';
import {
  checkToken,
  openRstream,
  openStackShift,
  pathsOf,
  type Credential,
  type Rstream,
  type RstreamAddress,
  type RstreamDeps,
  type StackShift,
} from '../source/source.ts';
import type { Desk } from './desk.ts';

/** A source that can be asked. To be closed by who opened it. */
export type OpenSource =
  | { readonly kind: 'rstream'; readonly name: string; readonly client: Rstream }
  | { readonly kind: 'stackshift'; readonly name: string; readonly client: StackShift };

/** What opens a source throws kinds `not-found` and `permission` (no token is kept for it, or it has ended). */
export interface SourceAccess {
  /** Of one kind, or of all. */
  names(kind?: SourceRow['kind']): readonly string[];
  open(name: string): Promise<OpenSource>;
  /** Throws also kind `usage`, where it is one of another kind. */
  rstream(name: string): Promise<Rstream>;
  stackshift(name: string): Promise<StackShift>;
}

/** `source`: the one whose answers tell how late it is; null for an address that is none yet. */
const clientDeps = (desk: Desk, source: string | null): RstreamDeps => ({
  wallClock: desk.wallClock,
  ...(source === null ? {} : { dated: (date: string) => desk.retention().told(source, date) }),
  random: Math.random,
  sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
});

/** The client of an address, on this machine's clock. To be closed by who opened it. */
export function connect(desk: Desk, address: RstreamAddress, source: string | null = null): Rstream {
  return openRstream(address, clientDeps(desk, source));
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

function stackShift(desk: Desk, { name, engine, paths }: SourceRow, credential: Credential): StackShift {
  if (credential.kind === 'certificate')
    throw new ExhibitError(
      'permission',
      `source ${name}`,
      'StackShift takes a token, and the vault keeps a certificate for it',
      SET,
    );
  return openStackShift({ engine, token: credential.token, paths: pathsOf(paths) }, clientDeps(desk, name));
}

const SET = 'get one; `exhibit sources set-token` gives it to the source';

/** The sources of the open library. */
export function sourceAccess(desk: Desk): SourceAccess {
  const open = async (asked: string, only?: SourceRow['kind']): Promise<OpenSource> => {
    const row = desk.library().sources.find(asked);
    if (row === null) {
      throw new ExhibitError('not-found', `source ${asked}`, 'there is no such source', '`exhibit sources list` shows them');
    }
    const { name, kind, engine, apiUrl } = row;
    if (only !== undefined && kind !== only)
      throw new ExhibitError('usage', `source ${name}`, `it is a source of the kind ${kind}, and this is of ${only} alone`);
    const credential = await desk.custodian.vault.sourceToken(name);
    if (credential === null) throw new ExhibitError('permission', `source ${name}`, 'the vault keeps no token for it', SET);
    if (credential.kind === 'token') checkToken(credential.token, `source ${name}`, desk.wallClock());
    return kind === 'rstream'
      ? { kind, name, client: connect(desk, { engine, apiUrl, credential }, name) }
      : { kind, name, client: stackShift(desk, row, credential) };
  };
  return {
    names: (only) =>
      desk
        .library()
        .sources.list()
        .filter(({ kind }) => only === undefined || kind === only)
        .map(({ name }) => name),
    open: async (name) => open(name),
    rstream: async (name) => (await open(name, 'rstream')).client as Rstream,
    stackshift: async (name) => (await open(name, 'stackshift')).client as StackShift,
  };
}
