// What the desktop window may not do, after Electron's security checklist, seen by its effects.

import type { ElectronApplication, Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';

/** What the stand-in wrote down (test/support/electron-standin/program.ts). */
interface Act {
  readonly what: string;
  readonly details: unknown;
}

async function acts(app: ElectronApplication, what: string): Promise<unknown[]> {
  const all = await app.evaluate((electron) => (electron as unknown as { acts: Act[] }).acts);
  return all.filter((act) => act.what === what).map(({ details }) => details);
}

async function stays(page: Page, leave: () => void): Promise<void> {
  const before = page.url();
  await page.evaluate(() => document.body.setAttribute('data-here', ''));
  await page.evaluate(leave);
  await page.waitForTimeout(500);
  expect(page.url()).toBe(before);
  await expect(page.locator('body[data-here]')).toHaveCount(1);
}

shellTest('the page cannot leave for another site', async ({ window: { page } }) => {
  await stays(page, () => {
    location.href = 'https://outside.invalid/';
  });
});

shellTest('the page cannot leave for a file or for text', async ({ window: { page } }) => {
  await stays(page, () => {
    location.href = 'data:text/html,<h1>elsewhere</h1>';
  });
});

shellTest('the page cannot leave for another address of its own', async ({ window: { page } }) => {
  await stays(page, () => {
    location.href = '/export/no-such-ticket/x.txt';
  });
});

shellTest('the page opens no second window', async ({ window: { page, app } }) => {
  await stays(page, () => {
    window.open('https://outside.invalid/');
    const link = Object.assign(document.createElement('a'), { href: '/', target: '_blank' });
    document.body.append(link);
    link.click();
  });
  expect(await app!.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await expect.poll(() => app!.windows().length).toBe(1);
});

shellTest('nothing but an export can be downloaded', async ({ window: { page, app } }) => {
  const started = await app!.evaluateHandle(({ session }) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    session.fromPartition('exhibit').once('will-download', (event) => resolve(event.defaultPrevented));
    return { promise };
  });
  await page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: 'data:text/plain,x', download: 'x.txt' });
    document.body.append(link);
    link.click();
  });
  expect(await started.evaluate(({ promise }) => promise)).toBe(true);
});

shellTest('the page can copy text, without any other permission', async ({ window: { page } }) => {
  const outcome = await page.evaluate(async () => {
    const { state } = await navigator.permissions.query({ name: 'clipboard-write' as PermissionName });
    return state;
  });
  expect(outcome).toBe('granted');
});

shellTest('spelling, devices and permissions are switched off before the page is there', async ({ shell, window: { app } }) => {
  shellTest.skip(shell !== 'standin', 'only the stand-in writes down what was switched');
  expect(await acts(app!, 'setSpellCheckerEnabled')).toEqual([false]);
  expect(await acts(app!, 'setDevicePermissionHandler')).toEqual([true]);
  expect(await acts(app!, 'setPermissionRequestHandler')).toEqual([true]);
});

shellTest('names do not resolve for the window, and no dump of it is written', async ({ window: { app } }) => {
  const switches = await app!.evaluate(({ app: { commandLine } }) => ({
    resolver: commandLine.getSwitchValue('host-resolver-rules'),
    dumps: commandLine.hasSwitch('disable-breakpad'),
  }));
  expect(switches).toEqual({ resolver: 'MAP * ~NOTFOUND', dumps: true });
});

shellTest('the menu has roles, and nothing of its own', async ({ window: { app } }) => {
  const entries = await app!.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()!.items.flatMap(({ submenu }) => submenu?.items.map(({ role, type }) => role ?? type) ?? []),
  );
  const roles = entries.map((entry) => entry.toLowerCase());
  expect(roles).toEqual(expect.arrayContaining(['copy', 'paste', 'zoomin', 'togglefullscreen']));
  expect(roles).not.toContain('normal');
});
