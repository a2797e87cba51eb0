// A bundle of the real core, for tests that change what it holds and sign it anew.

import { join, resolve } from 'node:path';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { Api } from '../../shared/api/contract.ts';
import { unpackBundle, type BundleFiles } from './bundle.ts';
import { openTestCore } from './core.ts';

const FIXTURES = new URL('../fixtures/recordings/', import.meta.url).pathname;

/** Makes a case of these sessions and its bundle at `path`. `redact`: a text that is withheld. */
export async function makeBundleOf(api: Api, sessions: readonly string[], path: string, redact?: string): Promise<void> {
  const number = path.slice(path.lastIndexOf('/') + 1, -'.zip'.length);
  const fields = { title: 'Derived', authority: '', purpose: '', custodian: '', members: [] };
  const { id } = await api.call('cases.create', { number, ...fields });
  await api.call('cases.addExhibits', { case: id, sessions: [...sessions] });
  if (redact !== undefined)
    await api.call('redactions.add', {
      case: id,
      rule: { kind: 'text', text: redact, matchCase: false },
      reason: 'not of this matter',
    });
  const { job } = await api.call('bundle.create', {
    case: id,
    path,
    plaintext: true,
    redacted: redact !== undefined,
    intent: '',
    signer: 'Ana',
    signedAt: '2026-11-21T10:00:00Z',
    supersedes: null,
  });
  const { failure } = await api.call('jobs.wait', { job });
  if (failure !== null) throw new Error(`${failure.kind}: ${failure.why}`);
}

/** The files of a bundle of these recordings, by their paths or by their names in the fixtures, made in a folder below `place`, and the ids of their sessions. */
export async function bundleOfFixtures(
  place: string,
  names: readonly string[],
  redact?: string,
): Promise<{ readonly files: BundleFiles; readonly sessions: readonly string[] }> {
  const folder = mkdtempSync(join(place, 'made-'));
  const core = await openTestCore(join(folder, 'library'));
  try {
    const found = await core.import(names.map((name) => resolve(FIXTURES, name)));
    const sessions = found.flatMap(({ sessionIds }) => sessionIds);
    const path = join(folder, 'made.zip');
    await makeBundleOf(core.api, sessions, path, redact);
    return { files: await unpackBundle(readFileSync(path)), sessions };
  } finally {
    await core.close();
  }
}
