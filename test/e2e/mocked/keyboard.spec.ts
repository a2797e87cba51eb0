// The window by keyboard alone: every part is reached, worked and left; what has the focus is seen; what can be done is listed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';
import { ROOT } from '../../support/desktop-app.ts';

const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

/** The list is there, with the details of its first session. */
const listed = async (page: Page): Promise<void> => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await page.getByText('What is proven').waitFor();
};

/** Opens the first session that fits, and waits for its picture. */
const opened = async (page: Page, filter: string): Promise<void> => {
  await listed(page);
  await press(page, '/');
  await page.keyboard.type(filter);
  await page.getByText(/fits? the filter/).waitFor();
  await press(page, 'Enter', 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  await page.locator('.xterm-rows').waitFor();
};

/** Where the player stands, in milliseconds, once it stands. */
const position = async (page: Page): Promise<number> => {
  await page.locator('.stage-box[aria-busy="false"]').waitFor();
  return Number(await page.getByRole('slider', { name: 'Position in the recording' }).getAttribute('aria-valuenow'));
};

const heading = (page: Page): Promise<string | null> => page.locator('.player h1').textContent();

shellTest('the list is filtered, walked through, sorted, selected from and opened', async ({ window: { page } }) => {
  await listed(page);
  const status = page.getByRole('status').first();
  await expect(status).toHaveText('60 sessions');
  await press(page, '/');
  await page.keyboard.type('user:ana server:db1');
  await expect(status).toHaveText('5 sessions fit the filter');
  await press(page, 'Enter');
  await expect(page.getByRole('grid', { name: 'Sessions' })).toBeFocused();
  const active = page.locator('.session-table .row.active');
  const first = await active.textContent();
  await press(page, 'ArrowDown', 'ArrowDown', 'ArrowUp');
  await expect(active).not.toHaveText(first!);
  await press(page, 'Home', 'x', 'Shift+ArrowDown');
  await expect(page.getByText('2 selected')).toBeVisible();
  await press(page, 'Control+K');
  await page.keyboard.type('sort by duration');
  await press(page, 'Enter');
  await expect(page.getByRole('columnheader', { name: 'Duration' })).toHaveAttribute('aria-sort', 'descending');
  await press(page, 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  expect(await heading(page)).toContain('db1');
  await press(page, 'Escape');
  await expect(page.getByRole('grid', { name: 'Sessions' })).toBeVisible();
  await expect(status).toHaveText('5 sessions fit the filter');
});

shellTest('the player plays, pauses, steps, hops, changes its speed and stands at a moment', async ({ window: { page } }) => {
  await opened(page, 's-0001');
  await press(page, 'Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => position(page)).toBeGreaterThan(200);
  await press(page, 'Space');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  await press(page, 'Home');
  await expect.poll(() => position(page)).toBe(0);
  await press(page, 'ArrowRight');
  await expect.poll(() => position(page)).toBe(5000);
  await press(page, 'Shift+ArrowLeft');
  await expect.poll(() => position(page)).toBe(4000);
  await press(page, 'g');
  await page.keyboard.type('0:02.5');
  await press(page, 'Enter');
  await expect.poll(() => position(page)).toBe(2500);

  await press(page, ']');
  await expect.poll(() => position(page)).toBeGreaterThan(2500);
  const command = await position(page);
  await press(page, 'Alt+ArrowRight');
  await expect.poll(() => position(page)).toBeGreaterThan(command);
  await press(page, '[');
  await expect.poll(() => position(page)).toBe(command);
  await press(page, ',');
  await expect.poll(() => position(page)).toBeLessThan(command);
  const change = await position(page);
  await press(page, '.');
  await expect.poll(() => position(page)).toBeGreaterThan(change);
  await press(page, 'End');
  await expect.poll(() => position(page)).toBeGreaterThan(15_000);

  await press(page, '>', '>');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('2');
  await press(page, '<');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('1.5');
  await press(page, 'i');
  await expect(page.getByRole('button', { name: 'Idle ≤ 2 s' })).toBeVisible();
  await press(page, 'v');
  await expect(page.getByRole('tab', { name: 'Events' })).toHaveAttribute('aria-selected', 'true');
  await press(page, 'd');
  await expect(page.getByRole('tab', { name: 'Details' })).toHaveAttribute('aria-selected', 'true');
  await press(page, '\\');
  await expect(page.getByRole('complementary', { name: 'About the recording' })).toHaveCount(0);
});

shellTest('text is found in the recording and in the library, and a hit leads to its moment', async ({ window: { page } }) => {
  await opened(page, 's-0001');
  await press(page, '/');
  await page.keyboard.type('PostgreSQL');
  await press(page, 'Enter');
  await expect(page.getByText('1 of 1 hit', { exact: true })).toBeVisible();
  await expect.poll(() => position(page)).toBeGreaterThan(0);
  const place = await position(page);

  await press(page, 'Escape');
  await page.locator('#content').focus();
  await press(page, 's');
  await page.keyboard.type('PostgreSQL');
  await press(page, 'Enter');
  const hits = page.getByRole('listbox', { name: 'Hits' });
  await hits.waitFor();
  await expect(hits).toBeFocused();
  await press(page, 'ArrowDown', 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  await expect.poll(() => position(page)).toBeGreaterThan(0);
  expect(place).toBeGreaterThan(0);
});

shellTest('an export is chosen and saved', async ({ window: { page, download } }) => {
  await opened(page, 's-0001');
  await press(page, 'e');
  const dialog = page.getByRole('dialog', { name: 'Export session' });
  await expect(dialog.getByRole('radio', { name: /^Text/ })).toBeFocused();
  await press(page, 'ArrowDown', 'ArrowUp');
  await dialog.getByRole('button', { name: 'Export', exact: true }).focus();
  const path = await download(() => press(page, 'Enter'));
  expect(readFileSync(path, 'utf8')).toContain('PostgreSQL RDBMS');
  await press(page, 'Escape');
  await expect(dialog).toHaveCount(0);
});

shellTest('files are imported', async ({ window: { page, app } }) => {
  shellTest.skip(app !== null, 'the choice of files is the system’s own there');
  await listed(page);
  const chooser = page.waitForEvent('filechooser');
  await page.waitForTimeout(100);
  await press(page, 'Control+O');
  await (await chooser).setFiles(join(ROOT, 'build/sample/incident-exec-3-audit-verify.cast'));
  const dialog = page.getByRole('dialog', { name: 'Import' });
  await expect(dialog.getByText('1 session imported')).toBeVisible();
  await press(page, 'Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('status').first()).toHaveText('61 sessions');
});

shellTest('every shortcut is in the sheet, and every action that it names is in the palette', async ({ window: { page } }) => {
  await opened(page, 's-0001');
  await press(page, '?');
  const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
  const named = await sheet.locator('dt').allTextContents();
  expect(named.length).toBeGreaterThan(35);
  await press(page, 'Escape');
  await press(page, 'Control+K');
  const listedActions = await page
    .getByRole('listbox', { name: 'Commands' })
    .getByRole('option')
    .locator('.cut')
    .allTextContents();
  // Nothing is found yet: there is no hit to go to.
  const resting = ['Next hit', 'Previous hit'];
  expect(named.filter((label) => !listedActions.includes(label) && !resting.includes(label))).toEqual([]);
});

shellTest('the palette leads to every part of the window, and Escape leads back', async ({ window: { page } }) => {
  await listed(page);
  for (const part of ['Search', 'Custody', 'Settings']) {
    await press(page, 'Control+K');
    await page.keyboard.type(`go to ${part}`);
    await press(page, 'Enter');
    await expect(page).toHaveTitle(`${part} · Exhibit`);
    await press(page, 'Escape');
    await expect(page).toHaveTitle('Sessions · Exhibit');
  }
});

shellTest('whatever has the focus shows it, all the way round', async ({ window: { page } }) => {
  await listed(page);
  for (const part of ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'player']) {
    if (part === 'player') {
      await press(page, 'Alt+1');
      await opened(page, 's-0001');
    } else await press(page, part);
    const unseen: string[] = [];
    const met = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await press(page, 'Tab');
      const focus = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const shown = (one: Element | null): boolean =>
          one !== null && getComputedStyle(one).outlineStyle !== 'none' && getComputedStyle(one).outlineWidth !== '0px';
        const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
        const name = element.outerHTML.slice(0, 160);
        return { name, seen: shown(element) || shown(element.closest('.field')) || shown(active) };
      });
      if (focus === null || met.has(focus.name)) continue;
      met.add(focus.name);
      if (!focus.seen) unseen.push(focus.name);
    }
    expect(unseen, part).toEqual([]);
    expect(met.size, part).toBeGreaterThan(5);
  }
});
