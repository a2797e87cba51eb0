// Calls about sources: added with an address and a token, listed, tried, given another token, removed. The token goes into the vault and into no answer.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { Source } from '../../shared/api/source-shapes.ts';
import type { NewSource, SourceRow } from '../library/library.ts';
import {
  checkPaths,
  checkToken,
  engineOfProject,
  ownPaths,
  readRstreamSettings,
  serverAddress,
  tokenExpiry,
  type Credential,
} from '../source/source.ts';
import type { Desk, Handlers } from './desk.ts';
import { objectIn, tryRstream } from './rstream-trial.ts';
import { connect, readWorkspaces, sourceAccess } from './source-access.ts';
import { tryStackShift } from './stackshift-trial.ts';

type Calls =
  | 'sources.list'
  | 'sources.add'
  | 'sources.addFromRstream'
  | 'sources.remove'
  | 'sources.setToken'
  | 'sources.test'
  | 'sources.workspaces';

export function sourceCalls(desk: Desk, sources = sourceAccess(desk)): Handlers<Calls> {
  const { home, environment, wallClock, custodian } = desk;
  const ever = new AbortController().signal;

  const find = (name: string): SourceRow => {
    const row = desk.library().sources.find(name);
    if (row !== null) return row;
    throw new ExhibitError('not-found', `source ${name}`, 'there is no such source', '`exhibit sources list` shows them');
  };

  const shape = async ({ name, kind, engine, apiUrl, paths, addedAt, sessions, lastSync }: SourceRow): Promise<Source> => {
    const credential = await custodian.vault.sourceToken(name);
    const expiry = credential?.kind === 'token' ? tokenExpiry(credential.token) : null;
    return {
      name,
      kind,
      engine,
      apiUrl,
      paths: ownPaths(paths),
      addedAt,
      token: { present: credential !== null, expiresAt: expiry === null ? null : new Date(expiry).toISOString() },
      sessions,
      lastSync: lastSync === null ? null : (JSON.parse(lastSync) as Source['lastSync']),
    };
  };

  const add = async (row: Omit<NewSource, 'addedAt'>, credential: Credential): Promise<Source> => {
    const { sources: rows } = desk.library();
    const { name } = row;
    desk.rights().mayTakeName(name, row.engine);
    // A source of this name keeps its own token.
    if (rows.find(name) === null) await custodian.vault.setSourceToken(name, credential);
    rows.add({ ...row, addedAt: desk.now() });
    desk.emit('sources', {});
    return shape(find(name));
  };

  return {
    'sources.list': () => Promise.all(desk.library().sources.list().map(shape)),

    'sources.add': ({ name, kind, engine, apiUrl, paths, token: given }) => {
      const token = given.trim();
      const what = `add source ${name}`;
      checkToken(token, what, wallClock());
      const credential: Credential = { kind: 'token', token };
      const plane = apiUrl?.trim() ?? '';
      switch (kind) {
        case 'rstream': {
          if (paths !== undefined) throw new ExhibitError('usage', what, 'the paths of rstream are public and not to be set');
          const api = plane === '' ? null : serverAddress(plane, 'address of the control plane');
          return add(
            { name, kind, engine: serverAddress(engine.trim(), 'address of the engine'), apiUrl: api, paths: null },
            credential,
          );
        }
        case 'stackshift': {
          if (plane !== '')
            throw new ExhibitError('usage', what, 'StackShift has one address and no control plane', 'leave out the second');
          const own = Object.entries(checkPaths(paths ?? {}));
          const kept = own.length === 0 ? null : JSON.stringify(Object.fromEntries(own));
          return add(
            { name, kind, engine: serverAddress(engine.trim(), 'address of StackShift'), apiUrl: null, paths: kept },
            credential,
          );
        }
      }
    },

    'sources.addFromRstream': async ({ name, context }) => {
      desk.library();
      const settings = await readRstreamSettings(home, environment, wallClock(), context);
      const { apiUrl, credential, projectEndpoint } = settings;
      const resolve = async (): Promise<string> => {
        // The settings say that one of the two is there.
        const rstream = connect(desk, { engine: apiUrl!, apiUrl, credential });
        try {
          return engineOfProject(objectIn(await rstream.resolveProject(projectEndpoint!, ever)));
        } finally {
          rstream.close();
        }
      };
      return add({ name, kind: 'rstream', engine: settings.engine ?? (await resolve()), apiUrl, paths: null }, credential);
    },

    'sources.remove': async ({ name: asked }) => {
      const { name } = find(asked);
      await custodian.vault.removeSourceToken(name);
      desk.library().sources.remove(name);
      desk.emit('sources', {});
      return null;
    },

    'sources.setToken': async ({ name: asked, token: given }) => {
      const row = find(asked);
      const token = given.trim();
      checkToken(token, `set token of source ${row.name}`, wallClock());
      await custodian.vault.setSourceToken(row.name, { kind: 'token', token });
      desk.emit('sources', {});
      return shape(row);
    },

    'sources.workspaces': async ({ name }) => {
      const rstream = await sources.rstream(name);
      try {
        return await readWorkspaces(rstream, ever);
      } finally {
        rstream.close();
      }
    },

    'sources.test': async ({ name }) => {
      const row = find(name);
      const source = await sources.open(name);
      try {
        return await (source.kind === 'rstream'
          ? tryRstream(source.client, row, wallClock, ever)
          : tryStackShift(source.client, row, wallClock, ever));
      } finally {
        source.client.close();
      }
    },
  };
}
