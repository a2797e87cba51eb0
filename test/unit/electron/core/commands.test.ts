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
  (await core.api.call('sessions.commands', { id: result!.sessionIds[0]!, limit: 10_000 })).commands;

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

  const mark = (text: string): string => `\u001b]133;${text}\u0007`;

  it('are taken from the marks of the shell, with their exit status, where it makes them', async () => {
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

  const marked = `${mark('D;0')}${mark('A')}ops@web-1:~$ ${mark('B')}`;

  it('are found in a shell without marks, too, that runs in one with marks and does not end there', async () => {
    const found = await imported('nested-marks.cast', [
      [0.1, 'o', marked],
      [1, 'i', 'python3\r'],
      [1.1, 'o', `python3\r\n${mark('C')}>>> `],
      [2, 'i', 'import os\r'],
      [2.1, 'o', 'import os\r\n>>> '],
      [3, 'i', 'exit()\r'],
      [3.1, 'o', `exit()\r\n${mark('D;3')}${mark('A')}ops@web-1:~$ ${mark('B')}`],
      [4, 'i', 'id\r'],
      [4.1, 'o', `id\r\n${mark('C')}uid=0\r\n${marked}`],
      // The shell ends, and another one that does not mark its commands is below.
      [5, 'i', '\u0004'],
      [5.1, 'o', '\r\nlogout\r\nops@desk:~$ '],
      [6, 'i', 'w\r'],
      [6.1, 'o', 'w\r\nops@desk:~$ '],
    ]);
    expect(found.map(({ text, evidence, endUs, exitStatus }) => [text, evidence, endUs, exitStatus])).toEqual([
      ['python3', 'shell', 3_100_000, 3],
      ['import os', 'input', 2_100_000, null],
      ['exit()', 'input', 3_100_000, null],
      ['id', 'shell', 4_100_000, 0],
      ['w', 'input', 6_100_000, null],
    ]);
  });

  it('are taken from the marks where all of them come at once: from a search in history, and typed ahead', async () => {
    const events = [
      [0.1, 'o', marked],
      [1, 'i', '\u0012'],
      [1.1, 'o', "\r(reverse-i-search)`': "],
      [2, 'i', 'up'],
      [2.1, 'o', "\b\b\bup': uptime"],
      [3, 'i', '\r'],
      [3.1, 'o', `\r\u001b[K${mark('A')}ops@web-1:~$ ${mark('B')}uptime\b\b\r\n${mark('C')}up 3 days\r\n${marked}`],
      [4, 'i', 'sleep 1\recho ahead\r'],
      [4.1, 'o', `sleep 1\r\n${mark('C')}`],
      [5.1, 'o', `${marked}echo ahead\r\n${mark('C')}ahead\r\n${marked}l`],
      [6, 'i', 'l'],
      [6.1, 'o', `\u001b[2J\u001b[H${mark('A')}ops@web-1:~$ ${mark('B')}l`],
      [7, 'i', 's\r'],
      [7.1, 'o', `s\r\n${mark('C')}lib\r\n${marked}`],
    ] as const;
    const texts = (commands: readonly Command[]): unknown => commands.map(({ text, endUs }) => [text, endUs]);
    const expected = [
      ['uptime', 3_100_000],
      ['sleep 1', 5_100_000],
      ['echo ahead', 5_100_000],
      ['ls', 7_100_000],
    ];
    expect(texts(await imported('marks-at-once.cast', events))).toEqual(expected);
    const printed = events.filter(([, kind]) => kind === 'o');
    expect(texts(await imported('marks-without-input.cast', printed))).toEqual(expected);
  });

  it('are no commands where a program says so of a line that did not begin', async () => {
    const forged = '\u001b]633;E;rm -rf /\u0007\u001b]633;C\u0007';
    const found = await imported('marks-forged.cast', [
      [0.1, 'o', `motd ${forged}\r\n${marked}`],
      [1, 'i', 'cat x\r'],
      [1.1, 'o', `cat x\r\n${mark('C')}${forged}\r\n${marked}`],
    ]);
    expect(found.map(({ text }) => text)).toEqual(['cat x']);
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

  it('say whether the screen showed them: at Enter, soon after it, behind a prompt that was drawn again, or never', async () => {
    const prompt = 'ops@web-1:~$ ';
    const key = 'k'.repeat(3000);
    const found = await imported('echoed.cast', [
      [0.1, 'o', prompt],
      [1, 'i', 'ls'],
      [1.1, 'o', 'ls'],
      [1.2, 'i', '\r'],
      [1.3, 'o', `\r\nlib\r\n${prompt}`],
      [2, 'i', 'make\r'],
      [2.1, 'o', 'ma'],
      [2.2, 'o', `ke\r\nall done\r\n${prompt}`],
      [3, 'i', 'vi x'],
      [3.1, 'o', `\r[12:00:01] $ vi x`],
      [3.2, 'i', '\r'],
      [3.3, 'o', `\r\ntoken> `],
      [4, 'i', 'to\r'],
      [4.1, 'o', `\r\nto, or not\r\nkey> `],
      [5, 'i', `${key}\r`],
      [5.1, 'o', `\r\n${prompt}`],
      [6, 'i', 'pa'],
      [6.1, 'o', '**'],
      [6.2, 'i', '\r'],
      [6.3, 'o', `\r\n${prompt}`],
    ]);
    expect(found.map(({ text, echoed }) => [text, echoed])).toEqual([
      ['ls', true],
      ['make', true],
      ['vi x', true],
      ['to', false],
      [key, false],
      ['pa', false],
    ]);
  });

  it('were shown where the recorder notes Enter after the output that it caused', async () => {
    const found = await imported('late-enter.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'i', 'id'],
      [1.1, 'o', 'id'],
      [2, 'o', '\r\nuid=0'],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\nops@web-1:~$ '],
    ]);
    expect(found.map(({ text, echoed }) => [text, echoed])).toEqual([['id', true]]);
  });

  it('come in pages, by time', async () => {
    const path = join(folder, 'pages.cast');
    const events = [1, 2, 3].flatMap((n) => [
      [n, 'o', 'ops@web-1:~$ '] as const,
      [n + 0.1, 'i', `echo ${String(n)}\r`] as const,
      [n + 0.2, 'o', `echo ${String(n)}\r\n`] as const,
    ]);
    writeFileSync(path, cast(events));
    const [result] = await core.import([path]);
    const id = result!.sessionIds[0]!;
    const page = async (from: number): Promise<readonly [readonly string[], number | null]> => {
      const { commands, next } = await core.api.call('sessions.commands', { id, from, limit: 2 });
      return [commands.map(({ text }) => text), next];
    };
    expect([await page(0), await page(2), await page(3)]).toEqual([
      [['echo 1', 'echo 2'], 2],
      [['echo 3'], null],
      [[], null],
    ]);
  });

  it('are found behind ^D and ^C, which end what was reading: at the very beginning, of a program, of a shell in the shell', async () => {
    const found = await imported('ended.cast', [
      [0.1, 'i', '\u0004'],
      [0.2, 'o', 'ops@web-1:~$ '],
      [1, 'i', 'cat\r'],
      [1.1, 'o', 'cat\r\n'],
      [2, 'i', '\u0004'],
      [2.1, 'o', 'ops@web-1:~$ '],
      [3, 'i', 'su\r'],
      [3.1, 'o', 'su\r\nroot@web-1:/# '],
      [4, 'i', '\u0004'],
      [4.1, 'o', 'exit\r\nops@web-1:~$ '],
      [5, 'i', 'sleep 9\r'],
      [5.1, 'o', 'sleep 9\r\n'],
      [6, 'i', '\u0003'],
      [6.1, 'o', '^C\r\nops@web-1:~$ '],
      [7, 'i', 'id\r'],
      [7.1, 'o', 'id\r\nuid=0\r\nops@web-1:~$ '],
    ]);
    expect(found.map(({ text, prompt, typedUs, confidence }) => [text, prompt, typedUs! / 1e6, confidence])).toEqual([
      ['cat', 'ops@web-1:~$', 1, 0.95],
      ['su', 'ops@web-1:~$', 3, 0.95],
      ['sleep 9', 'ops@web-1:~$', 5, 0.95],
      ['id', 'ops@web-1:~$', 7, 0.95],
    ]);
  });

  const SEARCHED = [
    [0.1, 'o', 'ops@web-1:~$ '],
    [1, 'i', '\u0012'],
    [1.1, 'o', "\r(reverse-i-search)`': "],
    [2, 'i', 'up'],
    [2.1, 'o', "\b\b\bup': uptime\u001b[6D"],
    [3, 'i', '\r'],
    [3.1, 'o', '\r\u001b[Kops@web-1:~$ uptime\r\n'],
    [3.2, 'o', ' up 3 days\r\nops@web-1:~$ '],
  ] as const;

  it('are found where Enter took them from the search in history, a little less sure', async () => {
    const [found, ...others] = await imported('search.cast', SEARCHED);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ text: 'uptime', prompt: 'ops@web-1:~$', evidence: 'input' });
    expect(found).toMatchObject({ typedUs: 1_000_000, enteredUs: 3_000_000, endUs: 3_200_000 });
    expect(found!.confidence).toBeLessThan(0.95);
    const guessed = await imported(
      'search-without-input.cast',
      SEARCHED.filter(([, kind]) => kind === 'o'),
    );
    expect(guessed.map(({ text, evidence }) => [text, evidence])).toEqual([['uptime', 'prompt']]);
  });

  it('found by a search end where their row ends, though a longer line stood there before', async () => {
    const found = await imported('search-wrapped.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'i', '\u0012a'],
      [1.1, 'o', `\r(reverse-i-search)\`a': ${'a'.repeat(100)}\u001b[A`],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\u001b[80Pops@web-1:~$ ma'],
      [2.2, 'o', 'ke\r\nall done\r\nops@web-1:~$ '],
    ]);
    expect(found.map(({ text }) => text)).toEqual(['make']);
  });

  it('are none where a search was thrown away', async () => {
    const found = await imported('search-given-up.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'i', '\u0012u'],
      [1.1, 'o', "\r(reverse-i-search)`u': uptime"],
      [2, 'i', '\u0003'],
      [2.1, 'o', '^C\r\nops@web-1:~$ '],
      [3, 'i', '\r'],
      [3.1, 'o', '\r\nops@web-1:~$ '],
    ]);
    expect(found).toEqual([]);
  });

  it('are found where they were typed ahead, once the shell shows them, and not where a program took the line', async () => {
    const prompt = 'ops@web-1:~$ ';
    const found = await imported('ahead.cast', [
      [0.1, 'o', prompt],
      [1, 'i', 'head -1\r'],
      [1.1, 'o', 'head -1\r\n'],
      [2, 'i', 'for the program\r'],
      [2.1, 'o', 'for the program\r\nfor the program\r\n'],
      [3, 'o', prompt],
      [4, 'i', 'make\r'],
      [4.1, 'o', 'make\r\n'],
      [5, 'i', 'ls\r'],
      [5.1, 'o', 'ls\r\n'],
      [6, 'i', 'exit\r'],
      [6.1, 'o', 'exit\r\nall done\r\n'],
      [7, 'o', `${prompt}ls\r\nlib\r\n${prompt}ex`],
      [7.1, 'o', 'it\r\nlogout\r\n'],
    ]);
    expect(found.map(({ text, typedUs, enteredUs, endUs }) => [text, typedUs, enteredUs, endUs])).toEqual([
      ['head -1', 1_000_000, 1_000_000, 3_000_000],
      ['make', 4_000_000, 4_000_000, 7_000_000],
      ['ls', 5_000_000, 5_000_000, 7_100_000],
      ['exit', 6_000_000, 6_000_000, null],
    ]);
  });

  it('pasted at once are found line by line, as the shell shows them, also where a program took one and where they left the screen', async () => {
    const prompt = 'ops@web-1:~$ ';
    const texts = Array.from({ length: 40 }, (_line, i) => `echo ${String(i)}`);
    const found = await imported('pasted.cast', [
      [0.1, 'o', prompt],
      [1, 'i', `read x\rvalue\r${texts.join('\r')}\r`],
      [1.1, 'o', 'read x\r\nvalue\r\n'],
      [1.2, 'o', `${texts.map((text) => `${prompt}${text}\r\n${text.slice(5)}\r\n`).join('')}${prompt}`],
    ]);
    expect(found.map(({ text }) => text)).toEqual(['read x', ...texts]);
  });

  it('typed ahead are not taken for the same ones before, to which a program moves up', async () => {
    const prompt = 'ops@web-1:~$ ';
    const found = await imported('ahead-again.cast', [
      [0.1, 'o', prompt],
      [1, 'i', 'ls\r'],
      [1.1, 'o', `ls\r\nlib\r\n${prompt}`],
      [2, 'i', 'make\r'],
      [2.1, 'o', 'make\r\n10 %\r\n'],
      [3, 'i', 'ls\r'],
      [3.1, 'o', 'ls\r\n'],
      [4, 'o', '\u001b[2A20 %'],
    ]);
    expect(found.map(({ text, endUs }) => [text, endUs])).toEqual([
      ['ls', 1_100_000],
      ['make', null],
    ]);
  });

  /** A prompt with a clock at the right margin of 80 columns, as zsh draws it. */
  const clocked = (clock: string): string =>
    `\r\u001b[Jops@web-1 ~ # \u001b[K\u001b[${String(79 - 14 - clock.length)}C${clock}\u001b[65D`;

  it('have no right prompt of the shell in them, also not one that was drawn again with another time', async () => {
    const events = [
      [0.1, 'o', clocked('8:24:30')],
      [1, 'i', 'ls s'],
      [1.1, 'o', 'ls s'],
      [1.5, 'i', '\t'],
      [1.6, 'o', 'rc/'],
      [2, 'i', '\r'],
      [2.1, 'o', `\r\nlib\r\n${clocked('9:59:59')}`],
      [3, 'i', '\f'],
      [3.1, 'o', `\u001b[H\u001b[2J${clocked('10:00:00')}`],
      [4, 'i', '\u001b[A'],
      [4.1, 'o', 'echo 漢字'],
      [5, 'i', '\r'],
      [5.1, 'o', '\r\n'],
      [5.2, 'o', `漢字\r\n${clocked('10:00:02')}`],
    ] as const;
    const found = await imported('right.cast', events);
    expect(found.map(({ text, endUs }) => [text, endUs])).toEqual([
      ['ls src/', 2_100_000],
      ['echo 漢字', 5_200_000],
    ]);
    const guessed = await imported(
      'right-without-input.cast',
      events.filter(([, kind]) => kind === 'o'),
    );
    expect(guessed.map(({ text }) => text)).toContain('echo 漢字');
    expect(guessed.map(({ text }) => text).join()).not.toMatch(/\d:\d/);
  });

  it('have no right prompt in them where the shell marks them', async () => {
    const found = await imported('right-marked.cast', [
      [0.1, 'o', `${mark('A')}ops@web-1 ~ # ${mark('B')}\u001b[K\u001b[58C8:24:30\u001b[65D`],
      [1, 'i', '\u001b[A'],
      [1.1, 'o', 'uptime'],
      [2, 'i', '\r'],
      [2.1, 'o', `\r\n${mark('C')}up 3 days\r\n${mark('D;0')}`],
    ]);
    expect(found.map(({ text }) => text)).toEqual(['uptime']);
  });

  it('keep their own blanks, up to the right margin too', async () => {
    const far = `echo${' '.repeat(54)}8:24:30`;
    const found = await imported('blanks.cast', [
      [0.1, 'o', clocked('8:24:30')],
      [1, 'i', '\u001b[A'],
      // The right prompt gives way to what comes near it.
      [1.1, 'o', `\u001b[K${far}`],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\n8:24:30\r\nops@web-1 ~ # '],
      [3, 'i', '\u001b[A'],
      [3.1, 'o', far],
      [3.5, 'i', '\u001b[H'],
      [3.6, 'o', '\r\u001b[14C'],
      [4, 'i', '\r'],
      [4.1, 'o', '\r\n8:24:30\r\nops@web-1 ~ # '],
    ]);
    expect(found.map(({ text }) => text)).toEqual([far, far]);
  });

  it('wider than the screen are whole where the shell begins each of their rows itself, as zsh does', async () => {
    const text = `echo ${'abcdefghi '.repeat(18)}end`;
    const rows = `ops@web-1 ~ # ${text}`.match(/.{1,80}/g)!;
    // zsh writes the first character of the next row, or a blank, returns, and erases what it wrote.
    const events = [
      [0.1, 'o', 'ops@web-1 ~ # '],
      [1, 'i', text],
      [1.1, 'o', `${rows[0].slice(14)} \r\u001b[K`],
      [1.2, 'o', `${rows[1]!} \r\u001b[K`],
      [1.3, 'o', rows[2]!],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\n'],
      [2.2, 'o', 'done\r\nops@web-1 ~ # '],
    ] as const;
    const shown = (commands: readonly Command[]): unknown => commands.map(({ text: found, echoed }) => [found, echoed]);
    expect(shown(await imported('rows.cast', events))).toEqual([[text, true]]);
    const printed = events.filter(([, kind]) => kind === 'o');
    expect(shown(await imported('rows-without-input.cast', printed))).toEqual([[text, true]]);
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
