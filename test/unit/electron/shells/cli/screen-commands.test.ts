// exhibit sessions screen as text: a terminal is sent nothing that acts on it, and everything else gets the rows as they are.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { parseCall } from '../../../../../electron/shells/cli/arguments.ts';
import { createContext } from '../../../../../electron/shells/cli/context.ts';
import { SCREEN_COMMANDS } from '../../../../../electron/shells/cli/screen-commands.ts';
import { runCommand } from '../../../../support/commands.ts';
import { openTestCore } from '../../../../support/core.ts';
import { cast } from '../../../../support/recordings.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

it('a moment before the start or behind the end is told, and so is a name to write to that is not UTF-8', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const file = join(folder, 'server.cast');
  writeFileSync(
    file,
    cast(
      [
        [1, 'o', 'one'],
        [65, 'o', ' two'],
      ],
      { timestamp: 1_700_000_000 },
    ),
  );
  const id = (await core.import([file]))[0]!.sessionIds[0]!;
  const screen = (...words: string[]): ReturnType<typeof runCommand> =>
    runCommand(core, SCREEN_COMMANDS, ['sessions', 'screen', id, ...words]);
  const behind = 'the recording ends before that moment, at 00:01:05';
  for (const [at, said] of [
    ['99', behind],
    ['2030-01-01T00:00:00Z', behind],
    ['2001-01-01T00:00:00Z', 'the recording begins after that moment'],
  ] as const) {
    for (const format of ['text', 'svg']) expect((await screen('--at', at, '--format', format)).err, at).toContain(said);
  }
  for (const at of ['0', '1', '65', 'end', '#1', '2023-11-14T22:13:21Z']) expect((await screen('--at', at)).err, at).toBe('');
  expect((await screen('--file', join(folder, 'o\ufffd.txt'))).failure).toMatchObject({
    kind: 'usage',
    why: 'its name is not UTF-8',
  });
});

it('characters that turn the reading direction are sent to a pipe and to a file, and shown on a terminal', async () => {
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const file = join(folder, 'server.cast');
  writeFileSync(file, cast([[1, 'o', 'rm \u2066a\u200f\u202cb\r\nplain']]));
  const id = (await core.import([file]))[0]!.sessionIds[0]!;
  const command = SCREEN_COMMANDS.find(({ path }) => path[1] === 'screen')!;

  const screen = async (isTTY: boolean, ...words: string[]): Promise<string> => {
    const stdout = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
    const context = createContext({ stdout, stderr: stdout, openCore: () => Promise.resolve(core) });
    const shared = [{ name: 'output', short: 'o', value: 'FORMAT', help: '' }];
    await command.run(context, parseCall(command, shared, [id, ...words]));
    return String(stdout.read() ?? '').trimEnd();
  };

  const raw = 'rm \u2066a\u200f\u202cb\nplain';
  const safe = 'rm \\u{2066}a\\u{200f}\\u{202c}b\nplain';
  expect(await screen(false)).toBe(raw);
  expect(await screen(true)).toBe(safe);
  expect(await screen(true, '--file', '-')).toBe(safe);
  const other = join(folder, 'screen.txt');
  expect(await screen(true, '--file', other)).toBe('');
  expect(readFileSync(other, 'utf8').trimEnd()).toBe(raw);
  expect(await screen(false, '-o', 'json')).toContain('"rm \\u2066a\\u200f\\u202cb"');
});
