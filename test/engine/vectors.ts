// Reads a folder of rstream vectors (`*.json`, `*.json.gz`): recordings as the engine returns them, with keys and with what must come
// out. test/fixtures/rstream-vectors holds those of the project, packed.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import type { Recording } from './recordings.ts';

/** The folder of vectors that the project carries. */
export const VECTORS = join(import.meta.dirname, '../fixtures/rstream-vectors');

/** One case of a vector file. `identity`, `workspace_device` and `local_state` belong to the reader's machine, not to the engine. */
export interface VectorCase {
  readonly case: string;
  readonly session: JsonObject & { readonly id: string };
  readonly events: readonly (JsonObject & { readonly seq: string })[];
  readonly key_grants: readonly JsonObject[];
  readonly decrypt_material_query?: { readonly recipient_id: string; readonly recipient_kind: string };
  readonly decrypt_material: readonly JsonObject[];
  readonly identity?: JsonObject | null;
  readonly workspace_device?: JsonObject;
  readonly local_state?: JsonObject;
  readonly suite?: 'x25519' | 'p256';
  readonly expected: {
    readonly plaintext_sha256: Readonly<Record<string, string>>;
    readonly failure: { readonly kind: string; readonly stage?: 'key' | 'event'; readonly seq?: string } | null;
  };
}

export interface Vectors {
  readonly cases: readonly VectorCase[];
  readonly groups: readonly JsonObject[];
  /** Files of workspace devices, the first one of each id. */
  readonly devices: readonly JsonObject[];
}

type VectorFile = Partial<VectorCase> & {
  readonly members?: readonly VectorCase[];
  readonly variants?: readonly VectorCase[];
  readonly group?: JsonObject;
  readonly device_file?: JsonObject;
  readonly p256_device?: { readonly device_file: JsonObject };
};

/** Text of one vector file, packed or not. */
export function readVectorText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Reads every vector of a folder, in the order of the names. */
export function readVectors(folder: string): Vectors {
  const files = readdirSync(folder)
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .sort()
    .map((name) => JSON.parse(readVectorText(join(folder, name))) as VectorFile);
  const cases = files.flatMap((file) => file.members ?? file.variants ?? (file.events === undefined ? [] : [file as VectorCase]));
  const devices = new Map<unknown, JsonObject>();
  for (const file of files) {
    for (const device of [file.workspace_device, file.device_file, file.p256_device?.device_file]) {
      if (device !== undefined && !devices.has(device['device_key_id'])) devices.set(device['device_key_id'], device);
    }
  }
  return {
    cases,
    groups: files.map(({ group }) => group).filter((group) => group !== undefined),
    devices: [...devices.values()],
  };
}

/** A case as a recording, member for member. */
export function vectorRecording(one: VectorCase): Recording {
  return {
    session: one.session,
    events: one.events,
    keyGrants: one.key_grants,
    decryptMaterial: one.decrypt_material,
  };
}

/**
 * All cases as recordings that one engine can serve side by side. Cases that tell different stories of one session share its id: the
 * first keeps it, the others get `{id}.{case}`, and so do their events and grants. Ciphertext does not cover the session's id.
 */
export function vectorRecordings(cases: readonly VectorCase[]): Recording[] {
  const seen = new Set<string>();
  return cases.map((one) => {
    const recording = vectorRecording(one);
    const { id } = recording.session;
    if (!seen.has(id)) {
      seen.add(id);
      return recording;
    }
    const other = `${id}.${one.case}`;
    const moved = (list: readonly JsonObject[]): JsonObject[] => list.map((member) => ({ ...member, session_id: other }));
    return {
      session: { ...recording.session, id: other },
      events: moved(recording.events),
      keyGrants: moved(recording.keyGrants),
      decryptMaterial: moved(recording.decryptMaterial),
    };
  });
}
