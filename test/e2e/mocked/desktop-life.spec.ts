// The desktop program's life: the core in a process of its own, one instance, an end that leaves nothing behind.

import { readFileSync, readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, shellTest } from '../fixtures.ts';
import { STANDIN } from '../../support/desktop-app.ts';

/** Processes below this one, of any depth (Linux only). */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      // The name in parentheses may hold anything; the parent is the second field after it.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

const isRunning = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\)/s, '')
      .trim()
      .startsWith('Z');
  } catch {
    return false;
  }
};

shellTest('a core that ends unasked is shown to the user, and calls fail instead of waiting', async ({ window }) => {
  const { app, api } = window;
  await app!.evaluate(({ dialog }) => {
    const shown = globalThis as unknown as { shown: unknown[] };
    shown.shown = [];
    dialog.showMessageBox = (...args: unknown[]) => {
      shown.shown.push(args.at(-1));
      return new Promise(() => undefined);
    };
  });
  await api.call('settings.set', { key: 'fake.hang', value: 'jobs.list' });
  const waiting = api.call('jobs.list', null).then(
    () => 'answered',
    (error: Error) => error.message,
  );
  await api.call('settings.set', { key: 'fake.exit', value: '' }).catch(() => undefined);
  expect(await waiting).toContain('the connection to the core was lost');
  const shown = await app!.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown);
  expect(shown).toMatchObject([
    {
      type: 'error',
      message: 'The core of Exhibit has ended.',
      detail: expect.stringContaining('Its process ended with code 7'),
    },
  ]);
});

shellTest('a page whose process ends is shown to the user, with a way to bring it back', async ({ window: { page, app } }) => {
  await app!.evaluate(({ dialog }) => {
    const shown = globalThis as unknown as { shown: unknown[] };
    shown.shown = [];
    dialog.showMessageBox = (...args: unknown[]) => {
      shown.shown.push(args.at(-1));
      return new Promise(() => undefined);
    };
  });
  const devtools = await page.context().newCDPSession(page);
  void devtools.send('Page.crash').catch(() => undefined);
  await expect
    .poll(() => app!.evaluate(() => (globalThis as unknown as { shown: unknown[] }).shown))
    .toMatchObject([{ type: 'error', message: 'The window of Exhibit has ended.', buttons: ['Show it again', 'Quit'] }]);
});

shellTest('closing the window ends the program with the core and the browser', async ({ window: { app } }) => {
  shellTest.skip(process.platform !== 'linux', 'looks at /proc');
  const program = app!.process();
  const below = descendants(program.pid!);
  expect(below.length).toBeGreaterThan(1);
  const ended = new Promise((resolve) => program.once('exit', resolve));
  await app!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  expect(await ended).toBe(0);
  await expect.poll(() => below.filter(isRunning)).toEqual([]);
});

shellTest('a program that is killed leaves neither core nor browser behind', async ({ window: { app } }) => {
  shellTest.skip(process.platform !== 'linux', 'looks at /proc');
  const below = descendants(app!.process().pid!);
  expect(below.length).toBeGreaterThan(1);
  app!.process().kill('SIGKILL');
  await expect.poll(() => below.filter(isRunning)).toEqual([]);
});

shellTest('a second start brings the first window to the front and ends', async ({ shell, window: { app }, fakeApp, folder }) => {
  await app!.evaluate(({ app: program }) => {
    const counted = globalThis as unknown as { second: number };
    counted.second = 0;
    program.on('second-instance', () => (counted.second += 1));
  });
  const executable = shell === 'standin' ? join(STANDIN, 'electron') : (createRequire(import.meta.url)('electron') as string);
  const second = spawn(executable, ['--no-sandbox', fakeApp, `--user-data-dir=${join(folder, 'electron')}`], {
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  await expect.poll(() => app!.evaluate(() => (globalThis as unknown as { second: number }).second)).toBe(1);
});
