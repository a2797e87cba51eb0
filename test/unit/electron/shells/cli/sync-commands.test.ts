// exhibit sync, over the real core and the recordings server.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { SOURCE_COMMANDS } from '../../../../../electron/shells/cli/source-commands.ts';
import { SYNC_COMMANDS } from '../../../../../electron/shells/cli/sync-commands.ts';
import type { Engine } from '../../../../engine/start-engine.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore, type TestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { engineOf } from '../../../engine/client.ts';
import { sampleRecording } from '../../../engine/sample.ts';

let core: TestCore;
let engine: Engine;

beforeEach(async () => {
  const folder = temporaryFolder();
  engine = await engineOf({ recordings: [sampleRecording('s', { sealing: 'managed' })] });
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const token = join(folder, 'token');
  writeFileSync(token, `${engine.token}\n`);
  const words = ['sources', 'add', 'rstream', '--name', 'trial', '--engine', engine.url, '--token-file', token];
  expect(await runCommand(core, SOURCE_COMMANDS, words)).toMatchObject({ failure: null });
});

const sync = (...words: readonly string[]): Promise<Ran> => runCommand(core, SYNC_COMMANDS, ['sync', 'trial', ...words]);

it('what ends a synchronisation is its failure, and is not said before as well', async () => {
  for (const at of ['sessions', 'session'] as const) {
    const mend = engine.misbehave({ at, fault: { kind: 'status', status: 401 } });
    const { failure, err } = await sync();
    expect(failure).toMatchObject({ kind: 'permission', why: expect.stringContaining('status 401') as unknown });
    expect(err).not.toContain('401');
    mend();
  }
  expect(await sync()).toMatchObject({ failure: null, err: expect.stringContaining('1 new') as unknown });
});
