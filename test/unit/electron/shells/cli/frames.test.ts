// exhibit sessions screen --certificate and sessions check-frame, over the real core.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { exitCode } from '../../../../../shared/api/errors.ts';
import { SCREEN_COMMANDS } from '../../../../../electron/shells/cli/screen-commands.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore } from '../../../../support/core.ts';
import { cast } from '../../../../support/recordings.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

it('a still comes with a certificate, which holds for its files and for no others', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const file = join(folder, 'server.cast');
  writeFileSync(
    file,
    cast([
      [1, 'o', 'one\r\n'],
      [4, 'o', 'two\r\n'],
    ]),
  );
  const id = (await core.import([file]))[0]!.sessionIds[0]!;
  const run = (...words: string[]): Promise<Ran> => runCommand(core, SCREEN_COMMANDS, words);
  const certificate = join(folder, 'frame.json');

  for (const format of ['text', 'svg', 'png']) {
    const image = join(folder, `frame.${format}`);
    const made = await run(
      'sessions',
      'screen',
      id,
      '--at',
      '2',
      '--format',
      format,
      '--file',
      image,
      '--certificate',
      certificate,
    );
    expect(made.failure).toBeNull();
    expect((await run('sessions', 'check-frame', id, certificate, image)).failure, format).toBeNull();
  }
  expect(JSON.parse(readFileSync(certificate, 'utf8'))).toMatchObject({
    schema: 'exhibit-frame/1',
    recording: id,
    event: 0,
    at_us: 1_000_000,
  });

  const other = join(folder, 'other.txt');
  await run('sessions', 'screen', id, '--at', 'end', '--file', other);
  const checked = await run('sessions', 'check-frame', id, certificate, other, '-o', 'json');
  expect(checked.failure).toMatchObject({ kind: 'altered' });
  expect(exitCode('altered')).toBe(3);
  expect(JSON.parse(checked.out)).toMatchObject({ holds: false });

  writeFileSync(other, readFileSync(certificate, 'utf8').replace('"event": 0', '"event": 1'));
  expect((await run('sessions', 'check-frame', id, other)).failure).toMatchObject({ kind: 'altered' });
  writeFileSync(other, readFileSync(certificate, 'utf8').replace('"event": 0', '"event": 1,\n  "event": 0'));
  const twice = (await run('sessions', 'check-frame', id, other)).failure as { kind: string; why: string };
  expect(twice.kind).toBe('usage');
  expect(twice.why).toMatch(/^it has "event" twice in one object, again at line \d+, column 3$/);
  writeFileSync(other, '{}');
  expect((await run('sessions', 'check-frame', id, other)).failure).toMatchObject({ kind: 'usage' });
  const wrong = ['sessions', 'screen', id, '--format', 'json', '--certificate', certificate];
  expect((await run(...wrong)).failure).toMatchObject({ kind: 'usage' });
});
