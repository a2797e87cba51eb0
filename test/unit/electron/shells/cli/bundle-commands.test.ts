import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUNDLE_COMMANDS } from '../../../../../electron/shells/cli/bundle-commands.ts';
import { VERIFY_COMMANDS } from '../../../../../electron/shells/cli/verify-command.ts';
import { PRODUCER, packBundle, signedAnew, unpackBundle } from '../../../../support/bundle.ts';
import { runCommand } from '../../../../support/commands.ts';
import { openTestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const CAST = new URL('../../../../fixtures/recordings/incident-exec-1-nightly-backup.cast', import.meta.url).pathname;

test('a case becomes a bundle, its successor names it, and comments go and come as files', async () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  const core = await openTestCore(path('library'));
  const [{ sessionIds } = { sessionIds: [] }] = await core.import([CAST]);
  const fields = { title: 'Backup', authority: '', purpose: '', custodian: '', members: [] };
  const { id } = await core.api.call('cases.create', { number: 'B-1', ...fields });
  await core.api.call('cases.addExhibits', { case: id, sessions: [...sessionIds] });
  const run = async (...words: string[]): Promise<unknown> => {
    const { out, failure } = await runCommand(core, BUNDLE_COMMANDS, [...words, '-o', 'json']);
    if (failure !== null) throw failure as Error;
    return out === '' ? null : (JSON.parse(out) as unknown);
  };
  const sign = ['--signer', 'Ana', '--signed-at', '2026-11-21T10:00:00Z'];
  const first = (await run('bundle', 'create', '--case', 'b-1', '--out', path('a.zip'), ...sign)) as {
    statement: { sha256: string };
  };
  expect(first).toMatchObject({ path: path('a.zip'), verdict: 'TRUSTED', recordings: [{ id: sessionIds[0], withheld: 0 }] });
  const sealed = await run(
    'bundle',
    'create',
    '--case',
    'B-1',
    '--out',
    path('b.zip'),
    '--plaintext=false',
    '--supersedes',
    path('a.zip'),
    ...sign,
  );
  expect(sealed).toMatchObject({ verdict: 'TRUSTED' });
  expect(readFileSync(path('b.zip')).includes(`"supersedes": "${first.statement.sha256}"`)).toBe(true);

  // The same in a verification of either: which bundle takes the place of which.
  const verified = async (name: string): Promise<unknown> => {
    const { out, failure } = await runCommand(core, VERIFY_COMMANDS, ['bundle', 'verify', path(name), '-o', 'json']);
    if (failure !== null) throw failure as Error;
    return JSON.parse(out) as unknown;
  };
  const { statement: newer } = sealed as { statement: { sha256: string } };
  const older = first.statement;
  expect(await verified('b.zip')).toMatchObject({ statement: newer.sha256, supersedes: older.sha256, supersededBy: null });
  expect(await verified('a.zip')).toMatchObject({ statement: older.sha256, supersedes: null, supersededBy: newer.sha256 });
  const { out: told } = await runCommand(core, VERIFY_COMMANDS, ['bundle', 'verify', path('a.zip')]);
  expect(told).toContain(`But this library knows of a bundle that takes its place: statement ${newer.sha256}.`);
  const { out: named } = await runCommand(core, VERIFY_COMMANDS, ['bundle', 'verify', path('b.zip')]);
  expect(named).toContain(`It takes the place of another bundle: statement ${older.sha256}.`);

  // Only a bundle of the same case, as it was signed, can be superseded.
  const other = await core.api.call('cases.create', { number: 'B-2', ...fields });
  await core.api.call('cases.addExhibits', { case: other.id, sessions: [...sessionIds] });
  await expect(
    run('bundle', 'create', '--case', 'B-2', '--out', path('d.zip'), '--supersedes', path('a.zip'), ...sign),
  ).rejects.toMatchObject({ kind: 'refused', why: 'it is a bundle of another case (B-1), not of B-2' });
  const changed = await unpackBundle(readFileSync(path('a.zip')));
  const transcript = `data/recordings/${sessionIds[0]!}/transcript.txt`;
  const forged = signedAnew(changed, new Map([[transcript, Buffer.from('nothing\n')]]), PRODUCER);
  writeFileSync(path('forged.zip'), packBundle(forged, 'exhibit-B-1').zip);
  await expect(
    run('bundle', 'create', '--case', 'B-1', '--out', path('d.zip'), '--supersedes', path('forged.zip'), ...sign),
  ).rejects.toMatchObject({ kind: 'altered', what: 'bundle forged.zip' });
  expect(existsSync(path('d.zip'))).toBe(false);

  await run('bundle', 'timestamp', path('a.zip'), '--request', path('a.tsq'));
  expect(readFileSync(path('a.tsq'))[0]).toBe(0x30);
  await expect(run('bundle', 'timestamp', path('a.zip'))).rejects.toThrow('either --request or --response');
  await expect(run('bundle', 'create', '--out', path('c.zip'))).rejects.toThrow('--case is missing');
  await expect(run('bundle', 'create', '--case', 'B-1', '--out', path('c.zip'), '--signed-at', 'noon')).rejects.toThrow(
    'is no moment',
  );
  await expect(run('bundle', 'countersign', path('a.tsq'), ...sign)).rejects.toMatchObject({
    kind: 'altered',
    what: 'bundle a.tsq',
  });

  // A reviewer is a second person. Who made the bundle may say that it came back.
  await expect(run('bundle', 'countersign', path('a.zip'), ...sign)).rejects.toMatchObject({
    kind: 'refused',
    what: 'countersign',
    why: 'the key of this library made the bundle, and a reviewer is somebody else',
  });
  const back = await run('bundle', 'countersign', path('a.zip'), '--role', 'recipient', '--out', path('back.zip'), ...sign);
  expect(back).toMatchObject({ statement: { file: 'signatures/02-recipient.json' } });

  const at = { kind: 'offset', atUs: 0 } as const;
  await core.api.call('annotations.add', { session: sessionIds[0]!, case: id, from: at, body: { title: 'begun by hand' } });
  await run('annotate', 'export', '--case', 'B-1', '--out', path('mine.json'), ...sign);
  expect(await run('annotate', 'import', path('mine.json'))).toMatchObject({
    added: [],
    known: [expect.any(String)],
    conflicts: [],
  });
  // A name that stands twice: another reader would believe the first one.
  const mine = readFileSync(path('mine.json'), 'utf8');
  writeFileSync(path('no.json'), mine.replace('\n', '\n  "payload": "{}",\n'));
  await expect(run('annotate', 'import', path('no.json'))).rejects.toThrow(
    'it has "payload" twice in one object, again at line 4, column 3',
  );
  writeFileSync(path('no.json'), mine.replace('\\"title\\": \\"begun', '\\"title\\": \\"x\\", \\"title\\": \\"begun'));
  await expect(run('annotate', 'import', path('no.json'))).rejects.toThrow(
    'what is signed in it has "title" twice in one object',
  );
  writeFileSync(path('no.json'), '{}');
  await expect(run('annotate', 'import', path('no.json'))).rejects.toThrow('it is no signed annotation file');
  await core.close();
});
