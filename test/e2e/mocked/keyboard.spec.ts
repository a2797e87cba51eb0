// The window by keyboard alone: every part is reached, worked and left; what has the focus is seen; what can be done is listed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';
import { ROOT } from '../../support/desktop-app.ts';
import { openedByKeys, position, press } from '../../support/page-keyboard.ts';
import { listed } from '../../support/page-scenes-common.ts';

const heading = (page: Page): Promise<string | null> => page.locator('.player h1').textContent();

/** Does what the palette finds for the words. */
const command = async (page: Page, words: string): Promise<void> => {
  await press(page, 'Control+K');
  await page.keyboard.type(words);
  await press(page, 'Enter');
};

/** Opens the group of the first session that has one. */
const grouped = async (page: Page): Promise<void> => {
  await press(page, '/');
  await page.keyboard.type('group:release-2026.10.2');
  await page.getByText('7 sessions fit the filter').waitFor();
  await press(page, 'Enter', 'g');
  await expect(page.getByRole('listbox', { name: 'Sessions of the group' })).toBeFocused();
};

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

shellTest('nothing is done to a list that is not yet what was typed', async ({ window: { page, api } }) => {
  await listed(page);
  await api.call('settings.set', { key: 'fake.hang', value: 'sessions.list' });
  await press(page, '/');
  await page.keyboard.type('s-0001');
  await press(page, 'Enter', 'Enter', 'h');
  await expect(page.getByRole('status').first()).toHaveText('Loading …');
  await expect(page.getByRole('searchbox', { name: 'Filter sessions' })).toBeFocused();
  await expect(page.getByRole('grid', { name: 'Sessions' })).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();
});

shellTest('the player plays, pauses, steps, hops, changes its speed and stands at a moment', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0001');
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
  await openedByKeys(page, 's-0001');
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

shellTest('who comes to the search can type at once', async ({ window: { page } }) => {
  await listed(page);
  await press(page, 'Alt+3');
  await expect(page.getByRole('combobox', { name: 'Search for' })).toBeFocused();
  await page.keyboard.type('PostgreSQL');
  await press(page, 'Enter');
  await expect(page.getByRole('listbox', { name: 'Hits' })).toBeFocused();
});

shellTest('an export is chosen and saved', async ({ window: { page, download } }) => {
  await openedByKeys(page, 's-0001');
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

shellTest('several sessions are exported as one archive', async ({ window: { page, download } }) => {
  await listed(page);
  await page.getByRole('grid', { name: 'Sessions' }).focus();
  await press(page, 'Shift+ArrowDown', 'Shift+ArrowDown', 'e');
  const dialog = page.getByRole('dialog', { name: /^Export \d sessions$/ });
  await dialog.getByRole('button', { name: 'Export', exact: true }).focus();
  const path = await download(() => press(page, 'Enter'));
  expect(readFileSync(path, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(1);
  await expect(dialog.getByRole('status')).toHaveText('1 file handed to your downloads.');
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
  // What a menu opened gives the focus back to the menu's button.
  const jobs = page.getByRole('button', { name: 'Jobs' });
  await jobs.focus();
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Jobs' }).getByRole('button', { name: 'Show' }).first().focus();
  await press(page, 'Enter');
  await expect(dialog).toBeVisible();
  await press(page, 'Escape');
  await expect(jobs).toBeFocused();
});

shellTest('every shortcut is in the sheet, and every action that it names is in the palette', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0001');
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
  // Nothing is found yet, nothing is being looked for, no mark is begun, and the session has ended.
  const resting = [
    'Next hit',
    'Previous hit',
    'Next session of the search',
    'Previous session of the search',
    'Stop looking for a visible change',
    'Follow live, or not',
    'Keep the mark as a moment',
    'Drop the mark',
  ];
  expect(named.filter((label) => !listedActions.includes(label) && !resting.includes(label))).toEqual([]);
});

shellTest('the palette leads to every part of the window, and Escape leads back', async ({ window: { page } }) => {
  await listed(page);
  for (const part of ['Search', 'Cases', 'Sources', 'Custody', 'Settings']) {
    await press(page, 'Control+K');
    await page.keyboard.type(`go to ${part}`);
    await press(page, 'Enter');
    await expect(page).toHaveTitle(`${part} · Exhibit`);
    // The field that the search begins in is left first.
    await press(page, ...(part === 'Search' ? ['Escape', 'Escape'] : ['Escape']));
    await expect(page).toHaveTitle('Sessions · Exhibit');
  }
});

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { id, tagName, className, textContent } = document.activeElement!;
    return [tagName, id, className, document.activeElement!.getAttribute('aria-label') ?? textContent.slice(0, 40)].join(' ');
  });

shellTest('a dialog that closes gives the focus back, in every part of the window', async ({ window: { page } }) => {
  await listed(page);
  for (const part of ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'Alt+5', 'Alt+6', 'Alt+7', 'Alt+8', 'player']) {
    await page.locator('#content').focus();
    if (part === 'player') {
      await press(page, 'Alt+1');
      await openedByKeys(page, 's-0001');
    } else await press(page, part);
    await page.locator('#content').focus();
    await press(page, 'Tab');
    const before = await focused(page);
    expect(before, part).not.toContain('BODY');
    for (const [opening, dialog] of [
      ['Control+K', page.getByRole('dialog', { name: 'Command palette' })],
      ['?', page.getByRole('dialog', { name: 'Shortcuts' })],
    ] as const) {
      if (opening === '?' && /^(INPUT|SELECT)/.test(before)) continue;
      await press(page, opening);
      await expect(dialog).toBeVisible();
      await press(page, 'Escape');
      await expect(dialog).toHaveCount(0);
      expect(await focused(page), `${part} ${opening}`).toBe(before);
    }
  }
  // The palette hands it on: what it opens gives it back to what had it before both.
  await press(page, 'd');
  await page.getByRole('tab', { name: 'Details' }).focus();
  await command(page, 'export');
  await expect(page.getByRole('dialog', { name: 'Export session' })).toBeVisible();
  await press(page, 'Escape');
  await expect(page.getByRole('tab', { name: 'Details' })).toBeFocused();
});

shellTest('who unlocks the library is in the window', async ({ window: { page } }) => {
  await listed(page);
  await expect.poll(() => focused(page)).not.toContain('BODY');
});

shellTest('Escape closes the menu, then leaves the field, and only then the page', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0001');
  await press(page, 'ArrowRight', 'g');
  const goTo = page.getByRole('dialog', { name: 'Go to a moment (G)' });
  await expect(goTo).toBeVisible();
  await page.keyboard.type('0:02');
  await press(page, 'Escape');
  await expect(goTo).toBeHidden();
  await press(page, '/');
  await page.keyboard.type('post');
  const find = page.getByRole('searchbox', { name: 'Find in the recording' });
  await press(page, 'Escape');
  await expect(find).toHaveValue('');
  await expect(find).toBeFocused();
  await press(page, 'Escape');
  await expect(page.locator('#content')).toBeFocused();
  await page.getByRole('combobox', { name: 'Speed' }).focus();
  await press(page, 'Escape');
  await expect(page).toHaveTitle('Player · Exhibit');
  await expect.poll(() => position(page)).toBe(5000);

  // The menus of a page stay with it, and the place in a recording is found again.
  await page.getByRole('button', { name: 'Jobs' }).click();
  const jobs = page.getByRole('dialog', { name: 'Jobs' });
  await expect(jobs).toBeVisible();
  await press(page, 'Alt+6');
  await expect(page).toHaveTitle('Custody · Exhibit');
  await expect(jobs).toBeHidden();
  await press(page, 'Escape');
  await expect(page).toHaveTitle('Player · Exhibit');
  await expect.poll(() => position(page)).toBe(5000);
  await press(page, 'Escape');
  await expect(page).toHaveTitle('Sessions · Exhibit');
});

shellTest('whatever has the focus shows it, all the way round', async ({ window: { page } }) => {
  await listed(page);
  for (const part of ['Alt+1', 'Alt+3', 'Alt+4', 'Alt+5', 'device', 'Alt+6', 'Alt+8', 'Alt+2', 'group', 'player']) {
    // Wherever the round before has ended: in a field, a key would be a letter.
    await page.locator('#content').focus();
    if (part === 'player') {
      await press(page, 'Alt+1');
      await openedByKeys(page, 's-0001');
    } else if (part === 'device') {
      await command(page, 'keys of this device');
      await page.getByRole('button', { name: 'Public keys …' }).waitFor();
    } else if (part === 'group') {
      await press(page, 'Alt+1');
      await listed(page);
      await grouped(page);
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
        const frame = element.closest('.field, .group-screen');
        return { name, seen: shown(element) || shown(frame) || shown(active) };
      });
      if (focus === null || met.has(focus.name)) continue;
      met.add(focus.name);
      if (!focus.seen) unseen.push(focus.name);
    }
    expect(unseen, part).toEqual([]);
    expect(met.size, part).toBeGreaterThan(5);
  }
});

shellTest('a source is added, tested, synchronised, reported on and removed', async ({ window: { page } }) => {
  await listed(page);
  await press(page, 'Alt+5');
  await page.getByRole('region', { name: 'Source production' }).waitFor();
  await press(page, 'n');
  const adding = page.getByRole('dialog', { name: 'Add a source' });
  await expect(adding.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('audit');
  await press(page, 'Tab', 'Tab');
  await page.keyboard.type('edge.example:443');
  await press(page, 'Tab');
  await expect(adding.getByLabel('Token', { exact: true })).toHaveAttribute('type', 'password');
  await page.keyboard.type('wrong');
  await press(page, 'Enter');
  await expect(adding.getByRole('alert')).toContainText('it does not know the token');
  await press(page, 'Control+A');
  await page.keyboard.type('right');
  await press(page, 'Enter');
  await expect(adding).toHaveCount(0);
  const source = page.getByRole('region', { name: 'Source audit' });
  await expect(source.getByRole('row', { name: /Groups read/ })).toContainText('No');
  await expect(source.getByText('Nothing was fetched')).toBeVisible();

  await press(page, 'y');
  const strip = page.getByRole('region', { name: 'Latest synchronisation' });
  await expect(strip.getByRole('progressbar')).toBeVisible();
  await strip.getByRole('button', { name: 'Show the report' }).focus();
  await press(page, 'Enter');
  const report = page.getByRole('dialog', { name: 'Synchronisation' });
  await expect(report.getByText('1 session failed, 2 new, 1 grown, 5 unchanged')).toBeVisible();
  await expect(report.getByRole('row', { name: /cut off three times/ })).toBeVisible();
  await press(page, 'Escape');
  await expect(source.getByText('47, 1 could not be read')).toBeVisible();

  await source.getByRole('button', { name: 'Remove …' }).focus();
  await press(page, 'Enter');
  const removing = page.getByRole('dialog', { name: 'Remove the source' });
  await expect(removing).toContainText('stays in the library');
  // Enter alone removes nothing.
  await press(page, 'Enter');
  await expect(removing).toBeVisible();
  await removing.getByRole('button', { name: 'Remove the source' }).focus();
  await press(page, 'Enter');
  await expect(page.getByRole('option', { name: /audit/ })).toHaveCount(0);
});

shellTest('a source whose token ended is given another one', async ({ window: { page } }) => {
  await listed(page);
  await press(page, 'Alt+5');
  await page.getByRole('listbox', { name: 'Sources' }).focus();
  await press(page, 'ArrowDown');
  const source = page.getByRole('region', { name: 'Source staging' });
  await expect(source).toContainText('The token of this source has ended.');
  await source.getByRole('button', { name: 'Replace token …' }).focus();
  await press(page, 'Enter');
  const replacing = page.getByRole('dialog', { name: 'Replace the token' });
  await expect(replacing.getByLabel('Token', { exact: true })).toBeFocused();
  await expect(replacing.getByLabel('Token', { exact: true })).toHaveAttribute('type', 'password');
  await page.keyboard.type('wrong');
  await press(page, 'Enter');
  await expect(replacing.getByRole('alert')).toContainText('it does not know the token');
  await press(page, 'Control+A');
  await page.keyboard.type('right');
  await press(page, 'Enter');
  await expect(replacing).toHaveCount(0);
  await expect(source).not.toContainText('The token of this source');
  await expect(source.getByRole('row', { name: /Groups read/ })).toBeVisible();
  await expect(source.getByText('Token kept')).toBeVisible();
});

shellTest('a synchronisation is narrowed, followed in the jobs, and cancelled', async ({ window: { page } }) => {
  await listed(page);
  await press(page, 'Alt+5');
  await page.getByRole('region', { name: 'Source production' }).waitFor();
  await press(page, 'o');
  const options = page.getByRole('dialog', { name: 'Synchronise' });
  await options.getByText('Only some sessions').focus();
  await press(page, 'Enter');
  await options.getByRole('textbox', { name: 'Most sessions' }).focus();
  await page.keyboard.type('0');
  await expect(options.getByRole('button', { name: 'Synchronise' })).toBeDisabled();
  await press(page, 'Backspace');
  await page.keyboard.type('5');
  await options.getByRole('button', { name: 'Synchronise' }).focus();
  await press(page, 'Enter');
  await expect(options).toHaveCount(0);
  const strip = page.getByRole('region', { name: 'Latest synchronisation' });
  await strip.getByRole('button', { name: 'Cancel' }).focus();
  await press(page, 'Enter');
  await expect(strip).toContainText('The synchronisation was cancelled');
  await page.getByRole('button', { name: 'Jobs' }).focus();
  await press(page, 'Enter');
  await expect(page.getByRole('dialog', { name: 'Jobs' })).toContainText('Cancelled');
});

shellTest('a locked session says why and what helps, and leads to the enrolment of this device', async ({ window: { page } }) => {
  await listed(page);
  await press(page, '/');
  await page.keyboard.type('s-0008');
  await page.getByText('1 session fits the filter').waitFor();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Locked: no trusted device');
  await press(page, 'Enter', 'Enter');
  const card = page.getByRole('region', { name: 'Why this recording is locked' });
  await expect(card).toContainText('no device on this machine is trusted');

  // Its course is told without its content.
  const events = page.getByRole('listbox', { name: 'Events, sealed' });
  await expect(events.getByRole('option').first()).toContainText(/Output\s*\d+ B/);
  await press(page, 'ArrowRight');
  const slider = page.getByRole('slider', { name: 'Position in the recording' });
  await expect(slider).toHaveAttribute('aria-valuenow', '5000');
  await expect(events.locator('.current')).toContainText('00:04.880');
  await events.focus();
  await press(page, 'ArrowDown', 'Enter');
  await expect(slider).not.toHaveAttribute('aria-valuenow', '5000');

  await card.getByRole('button', { name: 'Enrol this device …' }).focus();
  await press(page, 'Enter');
  const enrolling = page.getByRole('dialog', { name: 'Enrol this device' });
  await expect(enrolling.getByRole('combobox', { name: 'Source' })).toHaveValue('production');
  const workspace = enrolling.getByRole('combobox', { name: 'Workspace' });
  await expect(workspace.getByRole('option')).toHaveText([
    'Choose one …',
    'Harbour Operations (enterprise, ws_2f81c0d4)',
    'Ana Duarte (personal, ws_77e0a1b3)',
  ]);
  await expect(enrolling.getByRole('button', { name: 'Enrol', exact: true })).toBeDisabled();
  await enrolling.getByRole('combobox', { name: 'Source' }).selectOption('staging');
  await expect(enrolling).toContainText('could not be listed: the source has no address of a control plane');
  await expect(enrolling.getByRole('textbox', { name: 'Workspace' })).toBeVisible();
  await enrolling.getByRole('combobox', { name: 'Source' }).selectOption('production');
  await workspace.selectOption('ws_2f81c0d4');
  await enrolling.getByRole('button', { name: 'Enrol', exact: true }).focus();
  await press(page, 'Enter');
  const key = page.getByRole('region', { name: 'Key this-machine' });
  await expect(key.locator('.groups')).toContainText('H N 4 T, 2 Q X E, K W 7 B');
  await expect(key).toContainText('Asked last at');
  // It is left and come back to.
  await press(page, 'Escape');
  await expect(page).toHaveTitle('Player · Exhibit');
  await command(page, 'keys of this device');
  await expect(key.locator('.groups')).toBeVisible();
  await expect(key.getByText('The workspace trusts this device.')).toBeVisible();
});

shellTest('a key is created, its public half shown and saved, and removed', async ({ window: { page, download } }) => {
  await listed(page);
  await press(page, 'Alt+5');
  await page.getByRole('tab', { name: 'Sources' }).focus();
  await press(page, 'ArrowRight');
  await expect(page.getByRole('tab', { name: 'This device' })).toBeFocused();
  await page.getByRole('region', { name: 'Key ana-laptop' }).waitFor();
  await expect(page.getByText('others on this machine may read it')).toBeVisible();
  await expect(page.getByText('exhibit device import FILE')).toBeVisible();
  await command(page, 'create a key');
  const creating = page.getByRole('dialog', { name: 'Create a key' });
  await creating.getByRole('textbox', { name: 'Label' }).waitFor();
  await page.keyboard.type('desk');
  await press(page, 'Enter');
  const key = page.getByRole('region', { name: 'Key desk' });
  await expect(key).toContainText('Not enrolled');
  await key.getByRole('button', { name: 'Public key …' }).focus();
  await press(page, 'Enter');
  await expect(page.getByRole('region', { name: 'Public keys' })).toContainText('"label": "desk"');
  await page.getByRole('button', { name: 'Save …' }).focus();
  for (let i = 0; i < 2; i++) {
    const path = await download(() => press(page, 'Enter'));
    expect(readFileSync(path, 'utf8')).toContain('"label": "desk"');
  }
  await press(page, 'Escape');
  await key.getByRole('button', { name: 'Remove …' }).focus();
  await press(page, 'Enter');
  await page.getByRole('button', { name: 'Remove the key' }).focus();
  await press(page, 'Enter');
  await expect(key).toHaveCount(0);
});

shellTest('a group is walked on one clock, opened at a moment, listed and exported', async ({ window: { page, download } }) => {
  await listed(page);
  await grouped(page);
  const clock = page.getByRole('slider', { name: 'Moment on the group’s clock' });
  // The first session runs from the beginning; the second begins 23 seconds later and is opened inside of it.
  await press(page, ']', ']');
  await expect(clock).toHaveAttribute('aria-valuenow', '53247');
  await press(page, 'ArrowDown', 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  expect(await heading(page)).toContain('part 42');
  await expect.poll(() => position(page)).toBe(30_247);
  await press(page, 'Escape');
  // Back where it was left: the same session, the same moment.
  await expect(page.getByRole('listbox', { name: 'Sessions of the group' })).toBeFocused();
  await expect(clock).toHaveAttribute('aria-valuenow', '53247');
  await expect(page.getByRole('option', { name: /part 42/ })).toHaveAttribute('aria-selected', 'true');

  await press(page, 'e');
  const dialog = page.getByRole('dialog', { name: 'Export session group' });
  await expect(dialog.getByRole('radio', { name: /^Text/ })).toBeFocused();
  await dialog.getByRole('button', { name: 'Export', exact: true }).focus();
  const path = await download(() => press(page, 'Enter'));
  expect(readFileSync(path, 'utf8')).toContain('part 47');
  await press(page, 'Escape');
  await press(page, 'l');
  await expect(page.getByRole('status').first()).toHaveText('7 sessions fit the filter');
  await expect(page.getByRole('list', { name: 'Fields in force' })).toContainText('Session group: release-2026.10.2');
});

shellTest('what cannot be had from a source is said in place, and asked for again', async ({ window: { page, api } }) => {
  await listed(page);
  for (const [name, way] of [
    ['sources.list', 'Alt+5'],
    ['groups.list', 'groups'],
  ] as const) {
    await api.call('settings.set', { key: 'fake.fail', value: `${name} network` });
    if (way === 'groups') await command(page, 'session groups');
    else await press(page, way);
    const alert = page.getByRole('alert').first();
    await expect(alert).toContainText('the fake was told to fail');
    await alert.getByRole('button', { name: 'Try again' }).focus();
    await press(page, 'Enter');
    await expect(alert).toHaveCount(0);
  }
  await expect(page.getByRole('listbox', { name: 'Session groups' })).toBeVisible();
});
