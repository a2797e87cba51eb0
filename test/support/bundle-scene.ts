// A case with recordings in a library of its own, of which bundles are made and unpacked.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleMade } from '../../shared/api/bundle-shapes.ts';
import type { Api } from '../../shared/api/contract.ts';
import { openZip } from '../../shared/evidence/bundle/open-zip.ts';
import { openTestCore, type TestCore } from './core.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const FIXTURES = new URL('../fixtures/recordings/', import.meta.url).pathname;
export const CAST = join(FIXTURES, 'incident-exec-1-nightly-backup.cast');
const SCRIPT = [join(FIXTURES, 'script-classic.typescript'), join(FIXTURES, 'script-classic.timing')];

export interface Scene {
  readonly folder: string;
  readonly core: TestCore;
  readonly api: Api;
  readonly case: string;
  readonly sessions: readonly string[];
  make(name: string, options?: object): Promise<BundleMade>;
  path(name: string): string;
}

/** Waits for a job, throwing its failure. */
export async function finish(api: Api, job: string): Promise<void> {
  const { failure } = await api.call('jobs.wait', { job });
  if (failure !== null) throw new Error(`${failure.kind}: ${failure.what}: ${failure.why}`);
}

export async function scene(paths: readonly string[] = [CAST, ...SCRIPT]): Promise<Scene> {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  const { api } = core;
  const sessions = (await core.import(paths)).flatMap(({ sessionIds }) => sessionIds);
  const { id } = await api.call('cases.create', {
    number: '2026/114',
    title: 'Shop servers',
    authority: 'order 7',
    purpose: 'inquiry',
    custodian: 'evidence desk',
    members: [],
  });
  await api.call('cases.addExhibits', { case: id, sessions });
  const path = (name: string): string => join(folder, name);
  const make = async (name: string, options: object = {}): Promise<BundleMade> => {
    const { job } = await api.call('bundle.create', {
      case: id,
      path: path(name),
      plaintext: true,
      redacted: false,
      intent: 'for the court',
      signer: 'Ana Lyst',
      signedAt: '2026-11-21T10:00:00Z',
      supersedes: null,
      ...options,
    });
    await finish(api, job);
    return api.call('bundle.made', { job });
  };
  return { folder, core, api, case: id, sessions, make, path };
}

/** Content of the files of a bundle by their paths under its top folder. */
export async function unpacked(path: string): Promise<Map<string, Buffer>> {
  const zip = readFileSync(path);
  const opened = await openZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)));
  if (opened.kind === 'fault') throw new Error(opened.fault.reason);
  const files = new Map<string, Buffer>();
  for (const [name, file] of opened.bag.files) files.set(name, Buffer.from(await file.read(0, file.size)));
  return files;
}

export async function annotate(api: Api, session: string, caseId: string, title: string, atUs = 1_000_000): Promise<string> {
  const input = { session, case: caseId, from: { kind: 'offset' as const, atUs }, body: { title } };
  return (await api.call('annotations.add', input)).id;
}
