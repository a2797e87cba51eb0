// Bundles of synchronised sessions that are end-to-end encrypted: with the plaintext that a key of this machine opens, without it, redacted.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BundleMade } from '../../../../shared/api/bundle-shapes.ts';
import { openZip } from '../../../../shared/evidence/bundle/open-zip.ts';
import { startEngine } from '../../../engine/start-engine.ts';
import { vectorRecordings } from '../../../engine/vectors.ts';
import { openTestCore } from '../../../support/core.ts';
import { synchroniseVectors, vectorCases } from '../../../support/rstream-machine.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function textOf(path: string, name: RegExp): Promise<string> {
  const zip = readFileSync(path);
  const opened = await openZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)));
  if (opened.kind === 'fault') throw new Error(opened.fault.reason);
  let text = '';
  for (const [path_, file] of opened.bag.files)
    if (name.test(path_)) text += Buffer.from(await file.read(0, file.size)).toString();
  return text;
}

test('an encrypted case: plaintext on demand, ciphertext that verifies without it, and what is redacted in neither', async () => {
  const folder = temporaryFolder();
  const engine = await startEngine({ recordings: vectorRecordings(vectorCases) });
  const core = await openTestCore(join(folder, 'library'));
  try {
    const { api } = core;
    const details = await synchroniseVectors(api, engine, `${join(folder, 'library')}-home`);
    const sealed = details.find(({ openedWith, events }) => openedWith !== null && events > 1)!;
    const locked = details.find(({ lock }) => lock.state === 'locked')!;
    expect([sealed, locked].every((one) => one !== undefined)).toBe(true);
    const fields = { title: 'Encrypted', authority: '', purpose: '', custodian: '', members: [] };
    const { id } = await api.call('cases.create', { number: 'E-1', ...fields });
    await api.call('cases.addExhibits', { case: id, sessions: [sealed.id, locked.id] });
    const make = async (name: string, options: object): Promise<BundleMade> => {
      const request = {
        case: id,
        path: join(folder, name),
        intent: '',
        signer: 'Ana',
        signedAt: '2026-11-21T10:00:00Z',
        supersedes: null,
      };
      const begun = await api.call('bundle.create', { ...request, plaintext: true, redacted: false, ...options });
      const { failure } = await api.call('jobs.wait', { job: begun.job });
      if (failure !== null) throw new Error(`${failure.kind}: ${failure.why}`);
      return api.call('bundle.made', { job: begun.job });
    };
    const whole = await make('whole.zip', {});
    const closed = await make('closed.zip', { plaintext: false });
    expect([whole.verdict, closed.verdict]).toEqual(['TRUSTED', 'TRUSTED']);
    expect(whole.warnings.join()).toContain(`recording ${locked.id} does not open`);
    expect(closed.recordings.map(({ root }) => root)).toEqual(whole.recordings.map(({ root }) => root));
    // What is encrypted is there, byte for byte, with or without its plaintext.
    const own = closed.recordings.find((one) => one.id === sealed.id)!;
    expect(own.withheld).toBe(0);
    expect(await textOf(join(folder, 'closed.zip'), new RegExp(`${sealed.id}/records`))).toContain('payload_ciphertext');
    expect(await textOf(join(folder, 'closed.zip'), /decrypted|playback|transcript|report/)).toBe('');
    const lines = (await textOf(join(folder, 'whole.zip'), new RegExp(`${sealed.id}/decrypted`))).split('\n');
    const plain = lines.flatMap((line) => /"utf8":"([^"\\]{8,})/.exec(line)?.[1] ?? []);
    expect(plain.length).toBeGreaterThan(0);
    const bytes = readFileSync(join(folder, 'closed.zip'));
    for (const text of plain) expect([text, bytes.includes(text)]).toEqual([text, false]);

    // Elsewhere, without the key: what was in clear plays, what was not is named.
    const other = await openTestCore(join(folder, 'other'));
    const opening = await other.api.call('bundle.open', { path: join(folder, 'whole.zip') });
    expect((await other.api.call('jobs.wait', { job: opening.job })).failure).toBeNull();
    const there = await other.api.call('bundle.opened', { job: opening.job });
    expect(there.recordings.find((one) => one.id === sealed.id)).toMatchObject({ root: own.root, from: 'playback' });
    expect(there.recordings.find((one) => one.id === locked.id)).toMatchObject({ session: null, from: null });
    await other.close();

    await api.call('redactions.add', { case: id, rule: { kind: 'text', text: plain[0]!, matchCase: true }, reason: 'private' });
    await expect(make('refused.zip', { redacted: true })).rejects.toThrow(
      `no-key: what it withholds cannot be looked for in session ${locked.id}`,
    );
    await api.call('cases.withdrawExhibit', { case: id, exhibit: 'EX-002', reason: 'it does not open' });
    const redacted = await make('redacted.zip', { redacted: true });
    expect(redacted.recordings).toMatchObject([{ id: sealed.id, root: own.root, records: own.records }]);
    expect(redacted.recordings[0]!.withheld).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'redacted.zip')).includes(plain[0]!)).toBe(false);

    // A text that stands in the session's own record alone: without that record, when it began follows from the events.
    const [, ...others] = (await textOf(join(folder, 'closed.zip'), new RegExp(`${sealed.id}/records`))).split('\n');
    const named = [...sealed.metadata.matchAll(/"([A-Za-z][\w .-]{5,40})"(?=[,}])/g)].map(([, text]) => text!);
    const alone = named.find((text) => !others.join().includes(text) && !text.includes('http'))!;
    await api.call('redactions.add', { case: id, rule: { kind: 'text', text: alone, matchCase: true }, reason: 'private' });
    const headless = await make('headless.zip', { redacted: true });
    expect(headless).toMatchObject({ verdict: 'TRUSTED', recordings: [{ root: own.root }] });
    expect(await textOf(join(folder, 'headless.zip'), new RegExp(`${sealed.id}/records`))).toMatch(/^{"index":0,"leaf":/);
  } finally {
    await core.close();
    await engine.close();
  }
}, 300_000);
