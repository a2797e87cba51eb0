// A StackShift source through the contract and the command line, against the recordings server: added, tried, synchronised, and what it tells
// of rights and retention.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SOURCE_COMMANDS } from '../../../../electron/shells/cli/source-commands.ts';
import { SYNC_COMMANDS } from '../../../../electron/shells/cli/sync-commands.ts';
import { DOWNLOAD_RECORDING, VIEW_HISTORY, VIEW_RECORDING } from '../../../engine/stackshift-api.ts';
import { stackShiftSample } from '../../../engine/stackshift-sample.ts';
import type { Engine, StackShiftOptions } from '../../../engine/start-engine.ts';
import { runCommand, type Ran } from '../../../support/commands.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';

const NOW = Date.UTC(2026, 10, 21);

interface Bench {
  readonly core: TestCore;
  readonly engine: Engine;
  readonly exhibit: (...words: readonly string[]) => Promise<Ran>;
  readonly add: (...words: readonly string[]) => Promise<Ran>;
}

async function benchOf(options: StackShiftOptions = {}): Promise<Bench> {
  const folder = temporaryFolder();
  const engine = await engineOf({ now: () => NOW, stackshift: { ...stackShiftSample(8, NOW), ...options } });
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const token = join(folder, 'token');
  writeFileSync(token, `${engine.stackshift.token}\n`);
  const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, [...SOURCE_COMMANDS, ...SYNC_COMMANDS], words);
  const add = (...words: readonly string[]): Promise<Ran> =>
    exhibit('sources', 'add', 'stackshift', '--name', 'platform', '--engine', engine.url, '--token-file', token, ...words);
  return { core, engine, exhibit, add };
}

const withPermissions = (...permissions: readonly string[]): StackShiftOptions => ({
  tokens: [{ token: 'sspat_sample', permissions }],
});

describe('a source of the kind StackShift', () => {
  it('is added with paths of its own, listed without its token, and tried path by path', async () => {
    const { add, exhibit, engine } = await benchOf();
    expect(
      await add('--path', 'policy=/api/v1/terminal/rules', '--path', 'session=/api/v1/terminal/sessions/{id}'),
    ).toMatchObject({
      failure: null,
    });
    const listed = await exhibit('sources', 'list', '-o', 'json');
    expect(JSON.parse(listed.out)).toMatchObject([
      { name: 'platform', kind: 'stackshift', engine: engine.url, api_url: null, paths: { policy: '/api/v1/terminal/rules' } },
    ]);
    const json = JSON.parse((await exhibit('sources', 'test', 'platform', '-o', 'json')).out) as {
      paths: { name: string; tried: string; own: boolean }[];
      abilities: { operation: string; allowed: string }[];
    };
    expect(json.paths.map(({ name, tried, own }) => [name, tried, own])).toEqual([
      ['permissions', 'yes', false],
      ['policy', 'failed', true],
      ['sessions', 'yes', false],
      ['session', 'yes', false],
      ['events', 'yes', false],
      ['recording', 'yes', false],
      ['revoke', 'no', false],
      ['reconnect', 'no', false],
    ]);
    expect(json.abilities.every(({ allowed }) => allowed === 'yes')).toBe(true);
    const { out, err } = await exhibit('sources', 'test', 'platform');
    expect(err).toContain("the paths of StackShift's terminal interface are not public");
    expect(out).toContain('/api/v1/terminal/rules (set for this source)');
    expect([listed.out, out, err].join('')).not.toContain(engine.stackshift.token);
  });

  it('is not added with paths that are none, and is asked for nothing that only rstream has', async () => {
    const { add, exhibit, core } = await benchOf();
    for (const [path, why] of [
      ['policy', 'must be NAME=PATH'],
      ['rules=/x', 'there is no such path'],
      ['session=/x', 'it must have {id} once'],
    ] as const) {
      const { failure } = await add('--path', path);
      expect(failure).toMatchObject({ kind: 'usage' });
      expect(String(failure)).toContain(why);
    }
    expect(await core.api.call('sources.list', null)).toEqual([]);
    await add();
    expect((await exhibit('sync', 'platform', '--server-id', 'srv')).failure).toMatchObject({ kind: 'usage' });
    await expect(core.api.call('sources.workspaces', { name: 'platform' })).rejects.toMatchObject({ kind: 'usage' });
    const source = {
      name: 'x',
      kind: 'stackshift',
      engine: 'https://e.example',
      apiUrl: 'https://a.example',
      token: 'sspat_x',
    } as const;
    await expect(core.api.call('sources.add', source)).rejects.toMatchObject({ kind: 'usage' });
    const rstream = { name: 'x', kind: 'rstream', engine: 'https://e.example', paths: { policy: '/x' }, token: 'x' } as const;
    await expect(core.api.call('sources.add', rstream)).rejects.toMatchObject({ kind: 'usage' });
  });

  it('is synchronised: its sessions, its rights and its policy are here afterwards', async () => {
    const { add, exhibit, core } = await benchOf();
    await add();
    const { failure, err, out } = await exhibit('sync', 'platform', '-o', 'json');
    expect(failure).toBeNull();
    expect(err).toBe('');
    const report = JSON.parse(out) as { sources: unknown[]; sessions: { outcome: string }[] };
    expect(report.sources).toEqual([{ name: 'platform', outcome: 'done', failure: null }]);
    expect(report.sessions.map(({ outcome }) => outcome).toSorted()).toEqual([
      'history',
      ...Array.from({ length: 7 }, () => 'new'),
    ]);
    await settled(core.api);
    const [source] = await core.api.call('sources.list', null);
    expect(source).toMatchObject({ sessions: 7, lastSync: { outcome: 'done', sessions: 8, failed: 0, failure: null } });
    const policies = (await core.api.call('retention.show', null)).policies.filter(({ basis }) => basis === 'told');
    expect(policies.map(({ environment, keeper, days }) => [environment, keeper, days])).toEqual([
      ['production', 'source', 90],
      ['non-production', 'source', 30],
    ]);
    const rights = await core.api.call('rights.list', null);
    expect(rights).toMatchObject([{ source: 'platform', rights: [{ allowed: 'yes' }, { allowed: 'yes' }, { allowed: 'yes' }] }]);
    // What people say of the source stands beside what it tells, and is not overwritten by it.
    const said = {
      source: 'platform',
      environment: 'production',
      keeper: 'source',
      plan: 'Team',
      reason: 'its contract',
    } as const;
    expect((await core.api.call('retention.set', { ...said, days: 120 })).policy.holds).toBe(false);
    expect((await core.api.call('retention.set', { ...said, days: 20 })).policy.holds).toBe(true);
    const production = async (): Promise<unknown> =>
      (await core.api.call('retention.show', null)).policies
        .filter(({ environment }) => environment === 'production')
        .map(({ basis, days, holds }) => [basis, days, holds]);
    const both = [
      ['plan', 20, true],
      ['told', 90, false],
    ];
    expect(await production()).toEqual(both);
    // Told again, the same policy is no news.
    const policyEntries = async (): Promise<number> => (await core.api.call('custody.list', { action: 'policy' })).entries.length;
    const before = await policyEntries();
    await exhibit('sync', 'platform', '--index=false');
    expect(await policyEntries()).toBe(before);
    expect(await production()).toEqual(both);
  });

  it('that shows its history alone gives that, and the missing right is said once', async () => {
    const { add, exhibit, core } = await benchOf(withPermissions(VIEW_HISTORY));
    await add();
    const { failure, err } = await exhibit('sync', 'platform');
    expect(failure).toBeNull();
    expect(err.match(/terminal\.view_recording is missing/g)).toHaveLength(1);
    expect(err).toContain('8 history alone');
    const [source] = await core.api.call('sources.list', null);
    expect(source).toMatchObject({ sessions: 0, lastSync: { outcome: 'partial', failed: 0, failure: { kind: 'permission' } } });
    expect((await core.api.call('history.list', { filter: {}, limit: 10 })).total).toBe(8);
  });

  it('that refuses the history, or the token, ends the run with its words', async () => {
    const { add, exhibit, engine } = await benchOf(withPermissions(VIEW_RECORDING, DOWNLOAD_RECORDING));
    await add();
    const { failure } = await exhibit('sync', 'platform');
    expect(failure).toMatchObject({ kind: 'permission', todo: expect.stringContaining('terminal.view_history') as string });
    engine.misbehave({ at: 'all', fault: { kind: 'status', status: 401 } });
    expect((await exhibit('sync', 'platform')).failure).toMatchObject({
      kind: 'permission',
      why: expect.stringContaining('401') as string,
    });
    expect((await exhibit('sources', 'test', 'platform')).failure).toMatchObject({ kind: 'permission' });
  });
});
