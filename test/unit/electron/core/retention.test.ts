// Retention through the contract and the command line: policies, the sweep, holds, certificates, and a recording that is at work when its time ends.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RETENTION_COMMANDS } from '../../../../electron/shells/cli/retention-commands.ts';
import { SESSION_COMMANDS } from '../../../../electron/shells/cli/session-commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { runCommand } from '../../../support/commands.ts';
import { ask, libraryKey } from '../../../support/library-pages.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const OLD = Date.UTC(2025, 0, 1) / 1000;

function cast(title: string, lines = 3): string {
  const header = { version: 2, width: 80, height: 24, timestamp: OLD, title, env: {} };
  const events = Array.from({ length: lines }, (_, i) => [
    i / 100,
    'o',
    `${title} line ${String(i)} of many words that are there to be found\r\n`,
  ]);
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

async function opened(
  files: Readonly<Record<string, string>>,
): Promise<{ core: TestCore; folder: string; path: (name: string) => string }> {
  const folder = temporaryFolder();
  const core = await openTestCore(folder);
  onTestFinished(() => core.close());
  const place = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  return { core, folder, path: (name) => join(place, name) };
}

const KEY = { source: 'cloud', environment: 'production' } as const;
const set = ['retention', 'set', 'cloud', '--environment', 'production', '--reason', 'the rules'];

test('the command line sets policies, holds, sweeps, and gives certificates that it verifies', async () => {
  const { core, path, folder } = await opened({ 'a.cast': cast('one'), 'b.cast': cast('two') });
  const imported = await core.import([path('a.cast'), path('b.cast')], 'cloud');
  const [a, b] = imported.map(({ sessionIds }) => sessionIds[0]!) as [string, string];
  const run = (...words: readonly string[]): ReturnType<typeof runCommand> => runCommand(core, RETENTION_COMMANDS, words);

  const held = await run('retention', 'hold', '--session', a, '--reason', 'order of 3 May', '-o', 'json');
  expect(JSON.parse(held.out)).toMatchObject({ id: 'H-0001', sessions: 1, reason: 'order of 3 May', released: null });
  // What would be purged at once is said first, and has to be meant.
  expect((await run(...set, '--days', '30')).failure).toMatchObject({
    kind: 'refused',
    why: 'the next sweep would then purge 1 recording, and no purge can be taken back',
  });
  const told = await run(...set, '--days', '30', '--purges', '1', '-o', 'json');
  expect(JSON.parse(told.out)).toMatchObject({ days: 30, keeper: 'library', past: 1 });
  expect(told.err).toContain('the next sweep purges 1 recording');
  expect((await run('retention', 'due')).out).toContain('H-0001');

  const dry = await run('retention', 'sweep', '--dry-run', '-o', 'json');
  expect(JSON.parse(dry.out)).toMatchObject({
    dry_run: true,
    purged: [{ session: b }],
    held: [{ session: a, held_by: ['H-0001'] }],
  });
  expect((await core.api.call('sessions.show', { id: b })).retention).toMatchObject({
    purgedAt: null,
    libraryUntil: expect.stringContaining('2025-01-31') as string,
  });
  const swept = await run('retention', 'sweep', '-o', 'json');
  expect(JSON.parse(swept.out)).toMatchObject({ dry_run: false, purged: [{ session: b }], held: [{ session: a }] });
  expect((await core.api.call('sessions.show', { id: a })).retention).toMatchObject({ purgedAt: null, held: true });

  await run('retention', 'certificates', '--out', folder);
  const verified = await run('retention', 'verify-certificate', join(folder, `${b}.json`), '-o', 'json');
  expect(JSON.parse(verified.out)).toMatchObject({ valid: true, own: true });
  writeFileSync(join(folder, `${b}.json`), readFileSync(join(folder, `${b}.json`), 'utf8').replace('"records":', '"records": '));
  expect((await run('retention', 'verify-certificate', join(folder, `${b}.json`))).failure).toMatchObject({ kind: 'altered' });

  expect((await run('retention', 'hold', '--session', b, '--reason', 'too late')).failure).toMatchObject({ kind: 'refused' });
  expect((await run('retention', 'hold', '--session', a)).failure).toMatchObject({ kind: 'usage' });
  expect((await run('retention', 'hold', '--reason', 'nothing named')).failure).toMatchObject({ kind: 'usage' });
  expect((await run('retention', 'release', 'H-0001')).failure).toMatchObject({ kind: 'usage' });
  await run('retention', 'release', 'H-0001', '--reason', 'closed');
  expect((await run('retention', 'release', 'h-0001', '--reason', 'again')).failure).toMatchObject({ kind: 'refused' });
  expect((await run('retention', 'release', 'H-0009', '--reason', 'none')).failure).toMatchObject({ kind: 'not-found' });
  await run('retention', 'sweep');
  expect((await core.api.call('retention.show', null)).purged).toBe(2);
  const { entries } = await core.api.call('custody.list', {});
  expect(
    entries
      .map(({ action }) => action)
      .filter((action) => ['hold', 'release', 'policy', 'purge'].includes(action))
      .toReversed(),
  ).toEqual(['hold', 'policy', 'purge', 'release', 'purge']);
});

test('days of a plan are said by a person, stand beside what the source tells, and are taken back with a reason', async () => {
  const { core, path } = await opened({ 'a.cast': cast('one'), 'b.cast': cast('two') });
  const [a] = await core.import([path('a.cast'), path('b.cast')], 'cloud');
  const run = (...words: readonly string[]): ReturnType<typeof runCommand> => runCommand(core, RETENTION_COMMANDS, words);
  const plan = [...set, '--plan', 'Team', '--days', '30'];
  const cleared = ['retention', 'clear', 'CLOUD', '--environment', 'production', '--reason', 'the audit is over'];

  expect((await run(...plan)).failure).toMatchObject({ kind: 'usage' });
  for (const wrong of [
    { keeper: 'library', plan: 'Team' },
    { keeper: 'source', plan: ' ' },
  ] as const)
    await expect(core.api.call('retention.set', { ...KEY, ...wrong, days: 3, reason: 'r' })).rejects.toMatchObject({
      kind: 'usage',
    });
  await expect(
    core.api.call('retention.set', { ...KEY, source: 'cluod', keeper: 'library', days: 3, reason: 'r' }),
  ).rejects.toMatchObject({ kind: 'not-found', todo: 'write cloud' });
  await expect(
    core.api.call('retention.preview', { ...KEY, source: 'elsewhere', keeper: 'library', days: 3 }),
  ).rejects.toMatchObject({
    kind: 'not-found',
    todo: 'write one of cloud',
  });
  expect((await core.api.call('retention.show', null)).policies).toEqual([]);
  // Nothing was set yet that could be taken back.
  expect((await run(...cleared)).failure).toMatchObject({ kind: 'refused', why: 'no days of this library are set for it' });
  expect((await run(...cleared, '--keeper', 'source')).failure).toMatchObject({ kind: 'refused' });

  await run(...set, '--days', '36000');
  const told = await run(...plan, '--keeper', 'source', '-o', 'json');
  expect(JSON.parse(told.out)).toMatchObject({ days: 30, keeper: 'source', basis: 'plan', plan: 'Team', holds: true, past: 0 });
  expect((await run('retention', 'show', '-o', 'csv')).out).toMatch(/cloud,production,source,30 days,plan,Team,.*,yes/);
  // Without days of its own the library goes with the source, which purges both: it is said first, and has to be meant.
  expect((await run(...cleared)).failure).toMatchObject({
    kind: 'refused',
    what: 'clear retention of CLOUD',
    why: 'the next sweep would then purge 2 recordings, and no purge can be taken back',
  });
  expect((await run(...cleared, '--purges', '1')).failure).toMatchObject({ kind: 'refused' });
  expect((await core.api.call('retention.show', null)).policies).toHaveLength(2);
  const back = await run(...cleared, '--purges', '2', '-o', 'json');
  expect(JSON.parse(back.out)).toMatchObject({
    source: 'cloud',
    basis: 'cleared',
    days: null,
    plan: null,
    reason: 'the audit is over',
    past: 2,
  });
  expect(back.err).toContain('the next sweep purges 2 recordings');
  expect((await core.api.call('retention.show', null)).policies).toMatchObject([{ keeper: 'source', basis: 'plan' }]);
  const ever = JSON.parse((await run('retention', 'policies', 'cloud', '-o', 'json')).out) as { basis: string }[];
  expect(ever.map(({ basis }) => basis)).toEqual(['cleared', 'plan', 'set']);
  const { entries } = await core.api.call('custody.list', { action: 'policy' });
  expect(entries.map(({ details }) => JSON.parse(details) as unknown)).toEqual([
    { environment: 'production', keeper: 'library', basis: 'cleared', reason: 'the audit is over' },
    { environment: 'production', keeper: 'source', days: 30, basis: 'plan', plan: 'Team', reason: 'the rules' },
    { environment: 'production', keeper: 'library', days: 36_000, basis: 'set', reason: 'the rules' },
  ]);

  await run('retention', 'sweep');
  const { purges } = await core.api.call('purges.list', {});
  expect(purges).toHaveLength(2);
  expect(JSON.parse(purges.find(({ session }) => session === a!.sessionIds[0])!.certificate)).toMatchObject({
    policy: { keeper: 'source', days: 30, basis: 'plan', plan: 'Team' },
  });
  await run(...cleared, '--keeper', 'source');
  expect((await core.api.call('retention.show', null)).policies).toEqual([]);
});

test('the command line lists sessions by the time that is left, and says when it ends', async () => {
  const { core, path } = await opened({ 'a.cast': cast('one'), 'b.cast': cast('two'), 'c.cast': cast('three') });
  for (const [name, source, days] of [
    ['a.cast', 'long', 36_000],
    ['b.cast', 'none', null],
    ['c.cast', 'short', 35_000],
  ] as const) {
    await core.import([path(name)], source);
    const policy = { source, environment: 'production', keeper: 'library', days, reason: 'the rules' } as const;
    await core.api.call('retention.set', policy);
  }
  const list = async (...words: readonly string[]): Promise<string[]> => {
    const { out } = await runCommand(core, SESSION_COMMANDS, ['sessions', 'list', '-o', 'csv', ...words]);
    return out
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(',').slice(-4).join(' '));
  };
  expect(await list('--sort', 'libraryUntil')).toEqual([
    'source format locked kept until (UTC)',
    'short asciicast-v2  2120-10-30 00:00:00',
    'long asciicast-v2  2123-07-27 00:00:00',
    'none asciicast-v2  ',
  ]);
  expect(await list('--sort', 'libraryUntil', '--descending')).toMatchObject({ 1: 'none asciicast-v2  ' });
  expect((await list('--sort', 'sourceUntil'))[0]).toBe('source format locked at the source until (UTC)');
});

test('a sweep runs when the library is opened, before anything can be asked of it', async () => {
  const folder = temporaryFolder();
  const first = await openTestCore(folder);
  const file = join(temporaryFolder(), 'a.cast');
  writeFileSync(file, cast('one'));
  const [result] = await first.import([file], 'cloud');
  const id = result!.sessionIds[0]!;
  await first.api.call('retention.set', {
    source: 'cloud',
    environment: 'production',
    keeper: 'library',
    days: 30,
    reason: 'the rules',
  });
  await first.close();
  const core = await openTestCore(folder, { create: false });
  onTestFinished(() => core.close());
  await core.api.call('vault.unlock', { passphrase: 'mossy lantern quarry' });
  await expect(core.api.call('sessions.events', { id })).rejects.toThrow('purged');
  expect((await core.api.call('custody.list', { subject: id, action: 'purge' })).total).toBe(1);
});

test('a recording whose time ends while it is indexed is gone as any other, and the index works on', async () => {
  const { core, folder, path } = await opened({
    'first.cast': cast('first'),
    'long.cast': cast('long', 40_000),
    'b.cast': cast('other'),
  });
  await core.import([path('first.cast')], 'cloud');
  await core.api.call('retention.set', {
    source: 'cloud',
    environment: 'production',
    keeper: 'library',
    days: 30,
    reason: 'the rules',
  });
  const { job } = await core.api.call('import.paths', { paths: [path('long.cast')], source: 'cloud' });
  await core.api.call('jobs.wait', { job });
  const [result] = await core.api.call('import.results', { job });
  const id = result!.sessionIds[0]!;
  // The index thread has begun to write.
  for (;;) {
    const { index } = await core.api.call('sessions.show', { id });
    if (index !== 'waiting') break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { job: sweep } = await core.api.call('retention.sweep', {});
  expect((await core.api.call('jobs.wait', { job: sweep })).failure).toBeNull();
  await settled(core.api);
  const [other] = await core.import([path('b.cast')], 'files');
  expect((await core.api.call('sessions.show', { id: other!.sessionIds[0]! })).index).toBe('done');
  expect(await core.api.call('sessions.show', { id })).toMatchObject({ index: 'locked', lock: { code: 'purged' } });
  expect((await core.api.call('search.run', { query: 'words' })).hits.map(({ sessionId }) => sessionId)).not.toContain(id);
  const { job: again } = await core.api.call('retention.sweep', {});
  await core.api.call('jobs.wait', { job: again });
  await core.close();
  const key = await libraryKey(folder);
  for (const table of ['text_group', 'fact', 'keyframe', 'event_chunk', 'activity']) {
    expect(ask(folder, key, `SELECT 1 FROM ${table} WHERE session = (SELECT key FROM session WHERE id = ?)`, id), table).toEqual(
      [],
    );
  }
});

test('what retention goes by cannot be set as a setting, and policies take whole days alone', async () => {
  const { core, path } = await opened({ 'a.cast': cast('one') });
  await core.import([path('a.cast')], 'cloud');
  const before = await core.api.call('retention.show', null);
  await core.api.call('settings.set', { key: 'clock', value: JSON.stringify({ confirmed: 9e12 }) });
  await core.api.call('settings.set', { key: 'retention.clock', value: JSON.stringify({ confirmed: 9e12 }) });
  const after = await core.api.call('retention.show', null);
  expect(Date.parse(after.clock.confirmed) - Date.parse(before.clock.confirmed)).toBeLessThan(60_000);
  const given = { source: 'cloud', environment: 'production', keeper: 'library', reason: 'r' } as const;
  for (const days of [0, -1, 1.5, 36_501])
    await expect(core.api.call('retention.set', { ...given, days })).rejects.toMatchObject({ kind: 'usage' });
  await expect(core.api.call('retention.set', { ...given, days: 3, reason: ' ' })).rejects.toMatchObject({ kind: 'usage' });
  expect(
    await core.api.call('retention.preview', { source: 'cloud', environment: 'production', keeper: 'library', days: 1 }),
  ).toEqual({ past: 1, held: 0 });
  // Taking back what was never set means nothing, and is looked at all the same.
  expect(await core.api.call('retention.preview', { ...KEY, keeper: 'library' })).toEqual({ past: 0, held: 0 });
  expect((await core.api.call('retention.policies', {})).length).toBe(0);
});
