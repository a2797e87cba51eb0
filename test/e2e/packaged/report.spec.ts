// A report in a real browser, from a file, with the network off: the player that the build makes, the links of findings, the keys, and
// what a reader meets who sees no colours, or nothing.

import type { BrowserContext, Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { axeFaults } from '../../support/axe.ts';
import { ROOT } from '../../support/desktop-app.ts';
import { expect, shellTest } from '../fixtures.ts';

shellTest.describe.configure({ mode: 'default' });

let folder = '';

shellTest.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exhibit-e2e-'));
  execFileSync(process.execPath, [join(ROOT, 'test/support/write-reports.ts'), folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
});

shellTest.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const address = (name: string): string => pathToFileURL(join(folder, name)).href;

/** test/support/write-reports.ts */
interface Screens {
  readonly screens: Readonly<Record<string, readonly string[]>>;
  readonly next: number;
  readonly end: number;
}

interface Opened {
  readonly page: Page;
  /** Addresses that were asked for beside the file itself, and what the browser complained of. */
  readonly complaints: readonly string[];
}

async function openFile(context: BrowserContext, name: string): Promise<Opened> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address(name)) complaints.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  await page.goto(address(name));
  return { page, complaints };
}

const rows = async (page: Page): Promise<string[]> =>
  (await page.locator('.xterm-rows > div').allInnerTexts()).map((row) => row.replaceAll('\u00a0', ' ').trimEnd());

const at = (page: Page): Promise<string | null> => page.locator('#playback-1').getAttribute('data-at');

shellTest('a finding leads to its moment in the player, offline', async ({ browser }) => {
  const { screens, next, end } = JSON.parse(readFileSync(join(folder, 'screens.json'), 'utf8')) as Screens;
  const shown = (us: number): readonly string[] => screens[String(us)]!;
  const context = await browser.newContext({ offline: true });
  const { page, complaints } = await openFile(context, 'report.html');
  await page.locator('#finding-1 a.jump').first().click();
  await expect.poll(() => rows(page)).toEqual(shown(117_000_000));
  await expect(page.getByRole('group', { name: 'Recorded screen' })).toBeFocused();

  await page.keyboard.press('ArrowRight');
  await expect.poll(() => at(page)).toBe('122000000');
  await expect.poll(() => rows(page)).toEqual(shown(122_000_000));
  await page.keyboard.press('.');
  await expect.poll(() => at(page)).toBe(String(next));
  await page.keyboard.press('>');
  await expect(page.getByLabel('Speed')).toHaveValue('1.5');
  await page.keyboard.press('Space');
  await expect.poll(async () => Number(await at(page))).toBeGreaterThan(next);
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  await expect.poll(() => rows(page)).toEqual(shown(end));
  expect(complaints).toEqual([]);
  await context.close();
});

for (const scheme of ['light', 'dark'] as const) {
  shellTest(`axe finds nothing in a report and the first page of a bundle, ${scheme}`, async ({ browser }) => {
    const context = await browser.newContext({ offline: true, colorScheme: scheme, bypassCSP: true });
    const { page } = await openFile(context, 'report.html');
    await page.locator('#finding-1 a.jump').first().click();
    await page.locator('figure.player.open').waitFor();
    for (const details of await page.locator('#finding-1 summary, #recording-2 summary').all()) await details.click();
    expect(await axeFaults(page, '.xterm')).toEqual([]);
    await page.goto(address('START-HERE.html'));
    expect(await axeFaults(page, '.xterm')).toEqual([]);
    await context.close();
  });
}

shellTest('nothing in a hostile report becomes markup, script, a link or a request', async ({ browser }) => {
  const context = await browser.newContext({ offline: true });
  const { page, complaints } = await openFile(context, 'hostile.html');
  await page.locator('#finding-1 a.jump').first().click();
  await page.locator('figure.player.open').waitFor();
  await page.keyboard.press('End');
  await expect.poll(async () => (await rows(page)).join('')).toContain('click');
  expect(await page.evaluate(() => 'harmed' in globalThis)).toBe(false);
  expect(await page.locator('img, iframe, object, embed, form, base, link, a:not([href^="#"])').count()).toBe(0);
  expect(await page.locator('script:not([type])').count()).toBe(1);
  expect(await page.evaluate(() => document.title)).not.toMatch(/\u202e/);
  expect(complaints).toEqual([]);
  await context.close();
});

shellTest('a report prints on pages with its frames, without the player', async ({ browser }) => {
  const context = await browser.newContext({ offline: true });
  const { page } = await openFile(context, 'report.html');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('#finding-1 .frame svg')).toBeVisible();
  await expect(page.locator('#playback-1')).toBeHidden();
  await expect(page.getByRole('navigation', { name: 'Contents' })).toBeHidden();
  const pages = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(3);
  await context.close();
});
