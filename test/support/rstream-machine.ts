// Encrypted sessions of the vectors in a real library, and a machine with keys for them: exports imported as files, the source's
// answers about their keys kept beside them, and rstream's own folder with devices and identities.

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../electron/library/database.ts';
import { databaseFile } from '../../electron/library/library.ts';
import { contentKey, seal } from '../../electron/library/seal.ts';
import type { Api, Output } from '../../shared/api/contract.ts';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import { partName, type DocumentKind } from '../../shared/recording/rstream-parts.ts';
import type { Engine } from '../engine/start-engine.ts';
import { readVectors, VECTORS, type VectorCase } from '../engine/vectors.ts';
import { settled } from './core.ts';

const vectors = readVectors(VECTORS);

export const vectorCases = vectors.cases;

export function vectorCase(name: string): VectorCase {
  return vectorCases.find((one) => one.case === name)!;
}

/** The document that rstream's command line would have exported without decrypting; its case is in it, so that no two are the same file. */
export function exportOf({ session, events, case: name }: Pick<VectorCase, 'session' | 'events' | 'case'>): string {
  return JSON.stringify({ export_version: 1, generated_at: '2026-11-21T00:00:00Z', case: name, session, events });
}

/** Keys of a machine, as their files. */
export interface Machine {
  readonly devices: readonly JsonObject[];
  /** Terminal identity of a device, by device key id. */
  readonly deviceIdentities: Readonly<Record<string, JsonObject>>;
  readonly endpointIdentities: readonly JsonObject[];
}

export const NO_KEYS: Machine = { devices: [], deviceIdentities: {}, endpointIdentities: [] };

/** A machine that has all keys of the vectors. */
export function wholeMachine(): Machine {
  const identities = vectorCases.flatMap(({ identity }) => (identity === undefined || identity === null ? [] : [identity]));
  const deviceIdentities: Record<string, JsonObject> = {};
  for (const { device_key_id: id, webtty_key_id: key } of vectors.devices) {
    deviceIdentities[id as string] = identities.find((identity) => identity['key_id'] === key)!;
  }
  const endpointIdentities = identities.filter((identity) => 'encryption_key_id' in identity).slice(0, 1);
  return { devices: vectors.devices, deviceIdentities, endpointIdentities };
}

/** The machine of a vector about sessions that cannot be opened. */
export function machineOf({ local_state: state }: VectorCase): Machine {
  const {
    devices,
    device_identities: deviceIdentities,
    endpoint_identities: endpointIdentities,
  } = state as {
    devices: JsonObject[];
    device_identities: Record<string, JsonObject>;
    endpoint_identities: JsonObject[];
  };
  return { devices, deviceIdentities, endpointIdentities };
}

function writePrivate(file: string, value: JsonObject): void {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
}

/** Writes rstream's folder of a machine, in the place of any that is there. */
export function writeMachine(home: string, { devices, deviceIdentities, endpointIdentities }: Machine): void {
  const root = join(home, '.rstream');
  rmSync(root, { recursive: true, force: true });
  for (const device of devices) {
    const id = device['device_key_id'] as string;
    const workspace = join(root, 'workspaces', device['workspace_id'] as string);
    writePrivate(join(workspace, 'devices', `${id}.json`), device);
    const identity = deviceIdentities[id];
    if (identity !== undefined) writePrivate(join(workspace, 'webtty', 'identities', `${id}.identity.json`), identity);
  }
  for (const [i, identity] of endpointIdentities.entries()) {
    writePrivate(join(root, 'webtty', 'identities', `endpoint-${String(i)}.identity.json`), identity);
  }
}

/** Keeps answers of a source beside a session that came as a file, as a synchronisation does. */
export function addDocuments(
  folder: string,
  key: Uint8Array,
  sessionId: string,
  documents: readonly (readonly [DocumentKind, unknown])[],
): void {
  const database = openDatabase(databaseFile(folder), key, { create: false });
  try {
    const row = database
      .prepare<[string], { acquisition: number; content_key: Buffer; part: number }>(
        `SELECT acquisition, content_key, (SELECT max(part) + 1 FROM part WHERE acquisition = session.acquisition) part
         FROM session JOIN acquisition_key USING (acquisition) WHERE id = ?`,
      )
      .get(sessionId)!;
    const received = JSON.stringify({ request: 'GET /', date: null, at: '2026-11-21T00:00:00Z' });
    for (const [i, [kind, value]] of documents.entries()) {
      const part = row.part + i;
      const bytes = Buffer.from(JSON.stringify(value));
      const digest = createHash('sha256').update(bytes).digest();
      const number = documents.slice(0, i + 1).filter(([other]) => other === kind).length;
      database
        .prepare("INSERT INTO part (acquisition, part, name, role, size, sha256, received) VALUES (?, ?, ?, 'original', ?, ?, ?)")
        .run(row.acquisition, part, partName(kind, number), bytes.length, digest, received);
      database
        .prepare('INSERT INTO part_chunk (acquisition, part, chunk, sealed) VALUES (?, ?, 0, ?)')
        .run(row.acquisition, part, seal(contentKey(row.content_key), `part/${String(part)}/0`, bytes));
    }
  } finally {
    database.close();
  }
}

/** What a source answers about the keys of a case. */
export function documentsOf(one: VectorCase): [DocumentKind, unknown][] {
  return [
    ['session', one.session],
    ['key-grants', one.key_grants],
    ['decrypt-material', one.decrypt_material],
  ];
}

/** Synchronises from an engine that has the vectors, with all keys in this home, and gives what each session is then. */
export async function synchroniseVectors(
  api: Api,
  { url, token }: Pick<Engine, 'url' | 'token'>,
  home: string,
): Promise<readonly Output<'sessions.show'>[]> {
  writeMachine(home, wholeMachine());
  await api.call('sources.add', { name: 'engine', kind: 'rstream', engine: url, token });
  const { job } = await api.call('sync.start', { source: 'engine', follow: false });
  await api.call('jobs.wait', { job });
  await settled(api);
  const { sessions } = await api.call('sessions.list', { filter: {}, limit: 1000 });
  return Promise.all(sessions.map(({ id }) => api.call('sessions.show', { id })));
}
