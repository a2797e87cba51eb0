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
    const ended = (commands: readonly Command[]): unknown => commands.map(({ text, endUs }) => [text, endUs]);
    const expected = [
      ['uptime', 3_100_000],
      ['sleep 1', 5_100_000],
      ['echo ahead', 5_100_000],
      ['ls', 7_100_000],
    ];
    expect(ended(await imported('marks-at-once.cast', events))).toEqual(expected);
    const printed = events.filter(([, kind]) => kind === 'o');
    expect(ended(await imported('marks-without-input.cast', printed))).toEqual(expected);
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

  const texts = (commands: readonly Command[]): unknown => commands.map(({ text }) => text);

  /** A session of these lines, each typed behind what is printed before it and entered a tenth of a second later. */
  const session = (...steps: readonly (readonly [shown: string, typed?: string])[]): (readonly [number, string, string])[] =>
    steps.flatMap(([shown, typed], n) => [
      [n + 0.1, 'o', shown] as const,
      ...(typed === undefined
        ? []
        : ([
            [n + 0.5, 'i', typed],
            [n + 0.6, 'o', typed],
            [n + 0.7, 'i', '\r'],
            [n + 0.8, 'o', '\r\n'],
          ] as const)),
    ]);

  const both = async (
    name: string,
    events: readonly (readonly [number, string, string])[],
  ): Promise<readonly [readonly Command[], readonly Command[]]> => [
    await imported(`${name}.cast`, events),
    await imported(
      `${name}-without-input.cast`,
      events.filter(([, kind]) => kind === 'o'),
    ),
  ];

  it('pasted into a shell that does not show them again are found by its prompts, and only where there is one for each line', async () => {
    const pasted = (lines: string): readonly (readonly [number, string, string])[] => [
      [0.1, 'o', '$ '],
      [1, 'i', lines],
      [1.1, 'o', lines.replaceAll('\r', '\r\n')],
    ];
    const each = await imported('cooked.cast', [
      ...pasted('echo one\rcd /tmp\rfor i in 1 2\rdo echo $i\rdone\rpwd\r'),
      [1.2, 'o', 'one\r\n$ '],
      [2, 'o', '$ > > 1\r\n2\r\n$ '],
      [3, 'o', '/tmp\r\n$ '],
      [4, 'i', 'id\r'],
      [4.1, 'o', 'id\r\nuid=0\r\n$ '],
    ]);
    expect(each.map(({ text, endUs, echoed }) => [text, endUs! / 1e6, echoed])).toEqual([
      ['echo one', 1.2, true],
      ['cd /tmp', 2, true],
      ['for i in 1 2\ndo echo $i\ndone', 2, true],
      ['pwd', 3, true],
      ['id', 4.1, true],
    ]);
    // The second line was the input of the first, and is what the third printed behind its prompt.
    const read = await imported('cooked-read.cast', [
      ...pasted('read x\rvalue\recho "$x"\r'),
      [1.2, 'o', '$ value\r\n$ '],
      [4, 'i', 'id\r'],
      [4.1, 'o', 'id\r\nuid=0\r\n$ '],
    ]);
    expect(texts(read)).toEqual(['read x', 'id']);
  });

  it('are taken from the marks where the shell does not say that a command runs: by Enter, or where the cursor left the line', async () => {
    const prompt = (status: string): string => `${status}${mark('A')}ops@web-1:~$ ${mark('B')}`;
    const events = (after: (status: number) => string): readonly (readonly [number, string, string])[] => [
      [0.1, 'o', after(0)],
      [1, 'i', 'id'],
      [1.1, 'o', 'id'],
      [1.5, 'i', '\r'],
      [1.6, 'o', `\r\nuid=0\r\n${after(0)}`],
      [2, 'i', 'shutdown'],
      [2.1, 'o', 'shutdown'],
      [2.5, 'i', '\u0003'],
      [2.6, 'o', `^C\r\n${after(130)}`],
      [3, 'i', 'for i in 1; do'],
      [3.1, 'o', 'for i in 1; do'],
      [3.5, 'i', '\r'],
      [3.6, 'o', `\r\n${mark('A;k=s')}> ${mark('B')}`],
      [4, 'i', 'false; done'],
      [4.1, 'o', 'false; done'],
      [4.5, 'i', '\r'],
      [4.6, 'o', `\r\n${after(1)}`],
      [5, 'i', 'ssh db'],
      [5.1, 'o', 'ssh db'],
      [5.5, 'i', '\r'],
      [5.6, 'o', '\r\nops@db:~$ '],
      [6, 'i', 'exit'],
      [6.1, 'o', 'exit'],
      [6.5, 'i', '\r'],
      [6.6, 'o', `\r\nlogout\r\n${after(7)}`],
    ];
    const facts = (commands: readonly Command[]): unknown =>
      commands.map(({ text, enteredUs, endUs, exitStatus, evidence }) => [
        text,
        enteredUs / 1e6,
        endUs! / 1e6,
        exitStatus,
        evidence,
      ]);
    const [ended, shown] = await both(
      'marks-ab-d',
      events((status) => prompt(mark(`D;${String(status)}`))),
    );
    expect(facts(ended)).toEqual([
      ['id', 1.5, 1.6, 0, 'shell'],
      ['for i in 1; do\nfalse; done', 4.5, 4.6, 1, 'shell'],
      ['ssh db', 5.5, 6.6, 7, 'shell'],
      ['exit', 6.5, 6.6, null, 'input'],
    ]);
    expect(texts(shown)).toEqual(['id', 'for i in 1; do\nfalse; done', 'ssh db']);
    expect(Math.max(...shown.map(({ confidence }) => confidence))).toBeLessThan(0.8);
    const [unended] = await both(
      'marks-ab',
      events(() => prompt('')),
    );
    expect(unended.map(({ text, exitStatus }) => [text, exitStatus])).toEqual([
      ['id', null],
      ['for i in 1; do\nfalse; done', null],
      ['ssh db', null],
      ['exit', null],
    ]);
  });

  it('of several lines are whole where the shell marks the prompt for more, also where it was not typed', async () => {
    const [typed, shown] = await both('marks-secondary', [
      [0.1, 'o', marked],
      [1, 'i', 'cat <<EOF'],
      [1.1, 'o', 'cat <<EOF'],
      [1.5, 'i', '\r'],
      [1.6, 'o', `\r\n${mark('A;k=s')}> ${mark('B')}`],
      [2, 'i', 'EOF'],
      [2.1, 'o', 'EOF'],
      [2.5, 'i', '\r'],
      [2.6, 'o', `\r\n${mark('C')}${marked}`],
    ]);
    expect([typed, shown].map(texts)).toEqual([['cat <<EOF\nEOF'], ['cat <<EOF\nEOF']]);
  });

  it('are as the shell says where it marks no end of its prompt but tells the command: fish and kitty', async () => {
    const events = [
      [0.1, 'o', `${mark('A;special_key=1')}ops@web-1 ~> `],
      [1, 'i', 'echo ä; l'],
      [1.1, 'o', 'echo ä; l'],
      [1.5, 'i', '\t\r'],
      [1.6, 'o', `s\r\n${mark('C;cmdline_url=echo%20%C3%A4%3B%20ls')}ä\r\n${mark('D;3')}${mark('A')}ops@web-1 ~> `],
      [2, 'i', "printf '%s'\r"],
      [
        2.1,
        'o',
        `printf '%s'\r\n${mark("C;cmdline=printf\\ $'a;\\'b\\n'")}${mark('C;cmdline=rm')}\r\n${mark('D;0')}${mark('A')}ops@web-1 ~> `,
      ],
      [3, 'i', 'id\r'],
      [3.1, 'o', `id\r\n${mark('C')}uid=0\r\n${mark('D;0')}${mark('A')}ops@web-1 ~> `],
    ] as const;
    const facts = (commands: readonly Command[]): unknown =>
      commands.map(({ text, evidence, exitStatus, prompt }) => [text, evidence, exitStatus, prompt]);
    const [typed, shown] = await both('marks-told', events);
    expect(facts(typed)).toEqual([
      ['echo ä; ls', 'shell', 3, 'ops@web-1 ~>'],
      ["printf a;'b", 'shell', 0, 'ops@web-1 ~>'],
      ['id', 'input', 0, 'ops@web-1 ~>'],
    ]);
    expect(texts(shown)).toEqual(['echo ä; ls', "printf a;'b", 'id']);
  });

  it('have their signs back that VS Code writes otherwise', async () => {
    const code = (text: string): string => `\u001b]633;${text}\u0007`;
    const found = await imported('marks-code.cast', [
      [0.1, 'o', `${code('A')}$ ${code('B')}`],
      [1, 'i', 'x'],
      [
        1.1,
        'o',
        `\r\n${code('E;echo a\\x3b printf \\\\x3b\\x0aid;nonce')}${code('C')}a\r\n${code('D;2')}${code('P;Cwd=/tmp')}${code('A')}`,
      ],
    ]);
    expect(found.map(({ text, exitStatus }) => [text, exitStatus])).toEqual([['echo a; printf \\x3b\nid', 2]]);
  });

  it('have no keys in them that a program took before, nor lose those that the shell takes', async () => {
    const prompt = 'ops@web-1:~$ ';
    const found = await imported('keys-before.cast', [
      [0.1, 'o', prompt],
      [1, 'i', 'seq 99 | more\r'],
      [1.1, 'o', 'seq 99 | more\r\n1\r\n--More--'],
      [2, 'i', 'q'],
      [2.1, 'o', `\r\u001b[K${prompt}`],
      [3, 'i', 'read -n1 -p "Any key " x\r'],
      [3.1, 'o', 'read -n1 -p "Any key " x\r\nAny key '],
      [4, 'i', 'y'],
      [4.1, 'o', `y\r\n${prompt}`],
      [5, 'i', 'sleep 9\r'],
      [5.1, 'o', 'sleep 9\r\n'],
      [6, 'i', '\u001a'],
      [6.1, 'o', `^Z\r\n[1]+ Stopped\r\n${prompt}`],
      [7, 'i', 'fg\r'],
      [7.1, 'o', 'fg\r\nsleep 9\r\n'],
      [8, 'i', 'ec'],
      [8.1, 'o', 'ec'],
      [9, 'o', `\r${prompt}ec`],
      [10, 'i', 'ho a\r'],
      [10.1, 'o', `ho a\r\na\r\n${prompt}`],
      [11, 'i', 'id\r'],
      [11.1, 'o', `id\r\nuid=0\r\n${prompt}`],
    ]);
    expect(texts(found)).toEqual(['seq 99 | more', 'read -n1 -p "Any key " x', 'sleep 9', 'fg', 'echo a', 'id']);
  });

  it('begun before the prompt stood are whole where the shell marks them, without its right prompt', async () => {
    const found = await imported('marks-begun.cast', [
      [0.1, 'o', marked],
      [1, 'i', 'sleep 2\r'],
      [1.1, 'o', `sleep 2\r\n${mark('C')}`],
      [2, 'i', 'ech'],
      [2.1, 'o', 'ech'],
      [3, 'o', `\r${marked}\u001b[K\u001b[59C10:00:00\u001b[67D`],
      [3.1, 'o', 'ech'],
      [3.2, 'o', `\r\u001b[J${mark('A')}ops@web-1:~$ ${mark('B')}ech\u001b[K\u001b[55C10:00:00\u001b[63D`],
      [4, 'i', 'o a'],
      [4.1, 'o', 'o a'],
      [4.5, 'i', '\r'],
      [4.6, 'o', `\r\n${mark('C')}a\r\n${marked}`],
    ]);
    expect(texts(found)).toEqual(['sleep 2', 'echo a']);
  });

  it('without input that fill their row have nothing of their output in them', async () => {
    const text = `echo ${'x'.repeat(62)}`;
    const found = await imported('filled.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'o', text],
      [1.1, 'o', ' \r'],
      [2, 'o', `\u001b[A\u001b[80C\r\n${'x'.repeat(62)}\r\nops@web-1:~$ `],
    ]);
    expect(texts(found)).toEqual([text]);
  });

  it('pasted between the marks of a paste are one command, entered by the Enter behind it', async () => {
    const found = await imported('bracketed.cast', [
      [0.1, 'o', 'ops@web-1:~$ '],
      [1, 'i', '\u001b[200~echo one\recho two\u001b[201~'],
      [1.1, 'o', '\u001b[7mecho one\u001b[27m\r\n\u001b[7mecho two\u001b[27m'],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\none\r\ntwo\r\nops@web-1:~$ '],
    ]);
    expect(found).toMatchObject([
      { text: 'echo one\necho two', typedUs: 1_000_000, enteredUs: 2_000_000, endUs: 2_100_000, echoed: true },
    ]);
  });

  it('typed ahead are found behind a prompt that shows another folder or time by then', async () => {
    const found = await imported('ahead-elsewhere.cast', [
      [0.1, 'o', '[10:00:00] ops@web-1:~$ '],
      [1, 'i', 'cd /tmp; sleep 5\r'],
      [1.1, 'o', 'cd /tmp; sleep 5\r\n'],
      [2, 'i', 'pwd\r'],
      [2.1, 'o', 'pwd\r\n'],
      [6, 'o', '[10:00:05] ops@web-1:/tmp$ pwd\r\n/tmp\r\n[10:00:05] ops@web-1:/tmp$ '],
    ]);
    expect(found.map(({ text, prompt }) => [text, prompt])).toEqual([
      ['cd /tmp; sleep 5', '[10:00:00] ops@web-1:~$'],
      ['pwd', '[10:00:05] ops@web-1:/tmp$'],
    ]);
  });

  it('of several lines are one command, entered with the last of them: in sh, zsh and for a here-document', async () => {
    const events = session(
      ['ops@web-1:~$ ', 'for i in 1 2; do'],
      ['> ', '  echo $i'],
      ['> ', 'done'],
      ['1\r\n2\r\nops@web-1:~$ ', 'cat <<EOF'],
      ['> ', 'rm -rf /'],
      ['> ', 'ops@db:~$ id'],
      ['> ', ''],
      ['> ', 'EOF'],
      ['rm -rf /\r\nops@db:~$ id\r\n\r\nops@web-1:~$ ', 'zsh'],
      ['web-1 ~ % ', 'echo "a'],
      ['dquote> ', 'b" | if true; then'],
      ['pipe then> ', 'cat; fi'],
      ['a\r\nb\r\nweb-1 ~ % ', 'id'],
    );
    const expected = [
      ['for i in 1 2; do\n  echo $i\ndone', 0.5, 2.7],
      ['cat <<EOF\nrm -rf /\nops@db:~$ id\n\nEOF', 3.5, 7.7],
      ['zsh', 8.5, 8.7],
      ['echo "a\nb" | if true; then\ncat; fi', 9.5, 11.7],
      ['id', 12.5, 12.7],
    ];
    const [typed, shown] = await both('several-lines', events);
    expect(typed.map(({ text, typedUs, enteredUs }) => [text, typedUs! / 1e6, enteredUs / 1e6])).toEqual(expected);
    expect(typed.every(({ echoed }) => echoed)).toBe(true);
    expect(
      shown
        .map(({ text }) => text)
        .join('#')
        .replaceAll(/\n +/g, '\n'),
    ).toBe(expected.map(([text]) => String(text).replaceAll(/\n +/g, '\n')).join('#'));
  });

  it('of several lines in fish, which shows no prompt for more but indents', async () => {
    const found = await imported('fish-lines.cast', [
      [0.1, 'o', 'ops@web-1 ~> '],
      [1, 'i', 'for i in 1 2'],
      [1.1, 'o', 'for i in 1 2'],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\n                 '],
      [3, 'i', 'echo $i'],
      [3.1, 'o', 'echo $i'],
      [4, 'i', '\r'],
      [4.1, 'o', '\r\n                 '],
      [5, 'i', 'end'],
      [5.1, 'o', '\b\b\b\bend\u001b[K'],
      [6, 'i', '\r'],
      [6.1, 'o', '\r\n1\r\n2\r\nops@web-1 ~> '],
    ]);
    expect(found.map(({ text, endUs }) => [text, endUs])).toEqual([['for i in 1 2\necho $i\nend', 6_100_000]]);
  });

  it('are none where ^C throws an unfinished one away', async () => {
    const prompt = 'ops@web-1:~$ ';
    const [typed, shown] = await both('thrown-away', [
      ...session([prompt, 'for i in 1 2; do'], ['> ', 'rm -rf $i']),
      [3, 'o', '> '],
      [3.5, 'i', '\u0003'],
      [3.6, 'o', `^C\r\n${prompt}`],
      [4, 'i', 'shutdown'],
      [4.1, 'o', 'shutdown'],
      [4.5, 'i', '\u0003'],
      [4.6, 'o', `^C\r\n${prompt}`],
      [5, 'i', 'id'],
      [5.1, 'o', 'id'],
      [5.5, 'i', '\r'],
      [5.6, 'o', `\r\nuid=0\r\n${prompt}`],
    ]);
    expect([texts(typed), texts(shown)]).toEqual([['id'], ['id']]);
  });

  it('typed in a program that is no shell are not said to be sure, and have their further lines', async () => {
    const [found] = await both(
      'programs',
      session(
        ['ops@web-1:~$ ', 'python3 -q'],
        ['>>> ', 'def f():'],
        ['... ', '    return 1'],
        ['... ', ''],
        ['>>> ', 'exit()'],
        ['ops@web-1:~$ ', 'psql'],
        ['psql (15)\r\nprod=# ', 'select *'],
        ['prod-# ', 'from users;'],
        ['(1 row)\r\nprod=# ', 'quit'],
        ['ops@web-1:~$ ', 'mysql'],
        ['Welcome\r\nMariaDB [shop]> ', 'select 1'],
        ['    -> ', ';'],
        ['1\r\nMariaDB [shop]> ', 'quit'],
        ['ops@web-1:~$ ', 'sqlite3'],
        ['SQLite\r\nsqlite> ', 'select 1'],
        ['   ...> ', ';'],
        ['1\r\nsqlite> ', '.quit'],
        ['ops@web-1:~$ ', 'node'],
        ['Welcome\r\n> ', '1 + 1'],
        ['2\r\n> ', 'var x'],
        ['> ', '.exit'],
        ['ops@web-1:~$ ', 'R -q'],
        ['> ', 'q()'],
        ['ops@web-1:~$ '],
      ),
    );
    expect(found.map(({ text, confidence }) => [text, confidence > 0.5])).toEqual([
      ['python3 -q', true],
      ['def f():\n    return 1', false],
      ['exit()', false],
      ['psql', true],
      ['select *\nfrom users;', false],
      ['quit', false],
      ['mysql', true],
      ['select 1\n;', false],
      ['quit', false],
      ['sqlite3', true],
      ['select 1\n;', false],
      ['.quit', false],
      ['node', true],
      ['1 + 1', false],
      ['var x', false],
      ['.exit', false],
      ['R -q', true],
      ['q()', false],
    ]);
  });

  it('are found at prompts of two lines, with a branch or the time, where their output comes at once', async () => {
    for (const [name, prompt] of [
      ['starship', '\r\n~/src on main\r\n❯ '],
      ['kali', '┌──(ops㉿web)-[~]\r\n└─$ '],
      ['branch', '~/src (main) $ '],
      ['clock', '[10:00:00] ops ~ > '],
    ] as const) {
      const [, shown] = await both(name, [
        [0.1, 'o', prompt],
        [1, 'o', 'id'],
        [2, 'o', `\r\nuid=0\r\n${prompt}`],
        [3, 'o', 'pwd'],
        [4, 'o', `\r\n/tmp\r\n${prompt}`],
      ]);
      expect(
        shown.map(({ text, endUs }) => [text, endUs]),
        name,
      ).toEqual([
        ['id', 2_000_000],
        ['pwd', 4_000_000],
      ]);
    }
  });

  it('have no suggestion in them that the shell takes away at Enter, and no right prompt at the very edge', async () => {
    const found = await imported('suggested.cast', [
      [0.1, 'o', `ops@web-1 ~> \u001b[K\u001b[80G\u001b[8D10:00:00|\r\u001b[13C`],
      [1, 'o', 'ls\u001b[90m --all\u001b[m\r\u001b[15C'],
      [2, 'o', '\u001b[K\u001b[80G\u001b[8D10:00:00|\r\n\u001b[Jlib\r\nops@web-1 ~> '],
    ]);
    expect(texts(found)).toEqual(['ls']);
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
