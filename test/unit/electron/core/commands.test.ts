// The commands of real sessions against what the driver of the recordings is known to have typed.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command, ImportResult } from '../../../../shared/api/shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { RECORDINGS } from '../../../support/recording-files.ts';
import { cast } from '../../../support/recordings.ts';

interface Truth {
  readonly files?: readonly string[];
  readonly commands?: readonly { readonly text: string; readonly entered: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
const truths = readdirSync(RECORDINGS)
  .filter((name) => name.endsWith('.truth.json'))
  .map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')) as Truth)
  .filter(({ commands, files }) => commands !== undefined && files !== undefined);
let core: TestCore;

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const commandsOf = async ([result]: readonly ImportResult[]): Promise<readonly Command[]> =>
  core.api.call('sessions.commands', { id: result!.sessionIds[0]! });

describe('the commands of a session', () => {
  it('are those that were typed, when they were entered: nine of ten at least, over all recordings whose commands are known', async () => {
    let known = 0;
    const missing: string[] = [];
    for (const { files, commands } of truths) {
      const found = await commandsOf(
        await core.import(files!.map((name) => join(RECORDINGS, name)).filter((path) => existsSync(path))),
      );
      for (const { text, entered } of commands!) {
        known += 1;
        const same = (command: Command): boolean =>
          command.text.trim() === text.trim() && Math.abs(command.enteredUs / 1e6 - entered) < 0.15;
        if (!found.some(same)) missing.push(`${files![0]!} ${String(entered)} ${text}`);
      }
    }
    expect(known).toBeGreaterThan(20);
    expect(missing.length / known, missing.join('\n')).toBeLessThan(0.1);
  });

  const imported = async (name: string, events: readonly (readonly [number, string, string])[]): Promise<readonly Command[]> => {
    const path = join(folder, name);
    writeFileSync(path, cast(events));
    return commandsOf(await core.import([path]));
  };

  it('are taken from the marks of the shell, with their exit status, where it makes them', async () => {
    const mark = (text: string): string => `\u001b]133;${text}\u0007`;
    const found = await imported('marks.cast', [
      [0.1, 'o', `${mark('A')}anything ⟩ ${mark('B')}`],
      [1, 'i', 'x'],
      [1.1, 'o', 'history-line'],
      [2, 'i', '\t\r'],
      [2.1, 'o', `\r\n${mark('C')}output\r\n`],
      [3, 'o', `${mark('D;7')}${mark('A')}anything ⟩ ${mark('B')}`],
    ]);
    expect(found).toMatchObject([
      {
        text: 'history-line',
        prompt: 'anything ⟩',
        enteredUs: 2_100_000,
        endUs: 3_000_000,
        exitStatus: 7,
        evidence: 'shell',
        confidence: 1,
      },
    ]);
  });

  it('are what the keys say even where nothing was echoed, and never an answer to a question', async () => {
    const found = await imported('blind.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'i', 'unsen\u007fen\r'],
      [2, 'o', '\r\n[sudo] password for ops: '],
      [3, 'i', 'hunter2\r'],
      [4, 'o', '\r\nops@web-1:~$ '],
    ]);
    expect(found.map(({ text, evidence, endUs }) => [text, evidence, endUs])).toEqual([['unseen', 'input', 4_000_000]]);
  });

  it('are guessed from the prompt where input was not recorded, and say so', async () => {
    const found = await imported('guess.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'o', 'ls > 100% done.txt'],
      [2, 'o', '\r\n'],
      [3, 'o', 'ops@web-1:~$ '],
    ]);
    expect(found).toMatchObject([
      { text: 'ls > 100% done.txt', prompt: 'ops@web-1:~$', evidence: 'prompt', typedUs: 100_000, endUs: 3_000_000 },
    ]);
    expect(found[0]!.confidence).toBeLessThan(0.8);
  });
});
