// exhibit groups …, over the real core.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { GROUP_COMMANDS } from '../../../../../electron/shells/cli/group-commands.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore, type TestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

let core: TestCore;
let folder: string;

const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, GROUP_COMMANDS, words);

beforeEach(async () => {
  folder = temporaryFolder();
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  for (const id of ['one', 'two']) {
    const session = {
      id,
      tunnel_id: 't',
      group_id: 'g',
      status: 'closed',
      encryption_mode: 'managed',
      started_at: '2026-06-10T08:00:00Z',
    };
    const event = { id: 'e', session_id: id, seq: '1', created_at: '2026-06-10T08:00:01Z', type: 'data', stream_type: 'stdout' };
    const events = [{ ...event, payload_length: 5, payload_plaintext: Buffer.from('hello').toString('base64') }];
    writeFileSync(join(folder, `${id}.json`), JSON.stringify({ export_version: 1, session, events }));
  }
  await core.import([join(folder, 'one.json'), join(folder, 'two.json')], 'prod');
});

it('groups are listed and shown', async () => {
  const { out } = await exhibit('groups', 'list', '-o', 'json');
  expect(JSON.parse(out)).toMatchObject([{ id: 'g', source: 'prod', sessions: 2, started_at: '2026-06-10T08:00:00.000000Z' }]);
  expect((await exhibit('groups', 'list')).out).toMatch(/^g +prod +- +2 +2026-06-10 08:00:00/m);
  expect((await exhibit('groups', 'list', '--source', 'none')).out.trimEnd().split('\n')).toHaveLength(1);
  const shown = JSON.parse((await exhibit('groups', 'show', 'g', '-o', 'json')).out) as { members: unknown[]; metadata: unknown };
  expect(shown).toMatchObject({ id: 'g', metadata: {} });
  expect(shown.members).toHaveLength(2);
  expect((await exhibit('groups', 'show', 'none')).failure).toMatchObject({ kind: 'not-found' });
});

it('a group is exported as text, or as JSON into a file that only its owner reads', async () => {
  const text = await exhibit('groups', 'export', 'g', '--include-timestamps');
  expect(text.out.match(/^2026-06-10T08:00:01\.000000Z \[stdout\] hello$/gm)).toHaveLength(2);
  const file = join(folder, 'group.json');
  expect(await exhibit('groups', 'export', 'g', '--format', 'json', '--file', file)).toMatchObject({ out: '', failure: null });
  expect((JSON.parse(readFileSync(file, 'utf8')) as { sessions: unknown[] }).sessions).toHaveLength(2);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
