// The history by keyboard: rows, groups, facets, views that are kept, joining and parting, the export; and what the player shows of it.

import type { Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';
import { openFakeCore } from '../../support/fake-core.ts';
import { historyShown } from '../../support/history-scenes.ts';
import { openedByKeys, position, press } from '../../support/page-keyboard.ts';
import { buildPage, servePage } from '../../support/page-window.ts';

const status = (page: Page) => page.locator('.history > .status [role="status"]');
const pane = (page: Page) => page.locator('.history .pane');

shellTest(
  'the history is reached by one key, walked by arrows, and leads into a recording and back',
  async ({ window: { page } }) => {
    await historyShown(page);
    await expect(page).toHaveTitle('History · Exhibit');
    await page.getByRole('grid', { name: 'History' }).focus();
    await expect(status(page)).toHaveText('120 sessions');
    await press(page, '/');
    await page.keyboard.type('s-0005');
    await expect(status(page)).toHaveText('1 session fits the view');
    await press(page, 'Enter');
    await expect(page.getByRole('grid', { name: 'History' })).toBeFocused();
    await expect(pane(page).getByText('Matched by')).toBeVisible();
    await press(page, 'Enter');
    await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
    await press(page, 'Escape');
    await expect(page).toHaveTitle('History · Exhibit');
    await expect(page.getByRole('searchbox', { name: 'Filter the history' })).toHaveValue('s-0005');
  },
);

shellTest(
  'rows are grouped with their counts, opened and closed by arrows, and a group is shown alone',
  async ({ window: { page } }) => {
    await historyShown(page);
    await press(page, 'g');
    const by = page.getByRole('combobox', { name: 'Group by' });
    await expect(by).toBeFocused();
    await by.selectOption('environment');
    const grid = page.getByRole('treegrid', { name: 'History' });
    await grid.focus();
    await expect(status(page)).toHaveText(/120 sessions in \d groups/);
    const first = page.getByRole('row', { name: /Environment production/ });
    const count = Number(/(\d+) sessions/.exec((await first.textContent()) ?? '')?.[1]);
    await press(page, 'ArrowRight');
    await expect(first).toHaveAttribute('aria-expanded', 'true');
    const row = page.locator('[role="row"][aria-level="2"]').first();
    await expect(row).toHaveAttribute('aria-setsize', String(count));
    await press(page, 'ArrowRight', 'ArrowDown', 'ArrowLeft');
    await expect(first).toHaveAttribute('aria-selected', 'true');
    await press(page, 'ArrowLeft');
    await expect(first).toHaveAttribute('aria-expanded', 'false');
    await pane(page).getByRole('button', { name: 'Only these' }).click();
    await expect(status(page)).toHaveText(`${String(count)} sessions fit the view`);
    await page.getByRole('button', { name: 'Remove Environment: production' }).click();
    await expect(status(page)).toHaveText('120 sessions');
  },
);

shellTest('facets narrow, their own counts stay, and a view of them is kept and taken away', async ({ window: { page } }) => {
  await historyShown(page);
  await press(page, 'f');
  const facets = page.getByRole('region', { name: 'Narrow the history' });
  await expect(facets).toBeFocused();
  const production = facets.getByRole('checkbox', { name: /^production/ });
  const staging = await facets.locator('label', { hasText: 'staging' }).textContent();
  await production.focus();
  await press(page, 'Space');
  await expect(status(page)).toHaveText(/^(?!120 )\d+ sessions fit the view$/);
  const narrowed = (await status(page).textContent())!;
  await expect(facets.locator('label', { hasText: 'staging' })).toHaveText(staging!);

  await page.locator('#content').focus();
  await press(page, 'v');
  await page.getByRole('textbox', { name: 'Save this view as' }).focus();
  await page.keyboard.type('Production');
  await press(page, 'Enter');
  const views = page.locator('.views-button');
  await expect(views).toHaveText('Production');
  await page.locator('#content').focus();
  await press(page, 'v');
  await page.getByRole('button', { name: 'All sessions' }).click();
  await expect(status(page)).toHaveText('120 sessions');
  await page.reload();
  await historyShown(page);
  await press(page, 'v');
  await page.getByRole('button', { name: 'Production', exact: true }).click();
  await expect(status(page)).toHaveText(narrowed);
  await page.locator('#content').focus();
  await press(page, 'v');
  await page.getByRole('button', { name: 'Remove the view Production' }).click();
  await expect(views).toHaveText('Unsaved view');
});

shellTest('what was matched is parted and joined again, each with a reason', async ({ window: { page } }) => {
  await historyShown(page);
  await page.getByRole('searchbox', { name: 'Filter the history' }).fill('h-s-0005');
  await expect(status(page)).toHaveText('1 session fits the view');
  await pane(page).getByRole('button', { name: 'Part …' }).click();
  const parting = page.getByRole('dialog', { name: 'Part recording and record' });
  await expect(parting.getByRole('button', { name: 'Part', exact: true })).toBeDisabled();
  await page.keyboard.type('Another session of that hour');
  await press(page, 'Control+Enter');
  await expect(parting).toHaveCount(0);
  await pane(page).getByRole('button', { name: 'Join a recording …' }).click();
  const joining = page.getByRole('dialog', { name: 'Join a recording' });
  await joining.getByRole('radio', { name: 'Another one' }).check();
  await joining.getByRole('textbox', { name: /^ID of the session/ }).fill('s-9999');
  await joining.getByRole('textbox', { name: 'Reason' }).fill('Named in the ticket');
  await joining.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(joining.getByRole('alert')).toContainText('Session s-9999');
  await joining.getByRole('textbox', { name: /^ID of the session/ }).fill('s-0005');
  await joining.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(joining).toHaveCount(0);
  await expect(pane(page).getByText('Matched by hand')).toBeVisible();
});

shellTest('the history is exported as the view leaves it', async ({ window: { page, download } }) => {
  await historyShown(page);
  await press(page, 'e');
  const dialog = page.getByRole('dialog', { name: 'Export the history' });
  await expect(dialog.getByRole('radio', { name: /CSV/ })).toBeFocused();
  await download(() => dialog.getByRole('button', { name: 'Export' }).click());
  await expect(dialog.getByRole('status')).toHaveText(/120 sessions and \d+ events handed/);
});

shellTest('the player shows who was there and what was done, and goes from one to the next', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0004');
  const names = page.locator('.lane-names');
  for (const lane of ['Explicit acts', 'Audit', 'Participants', 'Control']) await expect(names).toContainText(lane);
  await press(page, 'v');
  const list = page.getByRole('listbox', { name: 'Markers and events' });
  await list.getByRole('option', { name: /Control granted to ben/ }).click();
  const granted = await position(page);
  expect(granted).toBeGreaterThan(0);
  await page.locator('#content').focus();
  await press(page, ':');
  expect(await position(page)).toBeLessThan(granted);
  await press(page, ';');
  await expect.poll(() => position(page)).toBe(granted);
});

shellTest('a hundred thousand rows stay a few on the page, and the last one is one key away', async ({ browser }) => {
  const built = await buildPage();
  const core = openFakeCore({ sessions: 50_000 });
  const shell = await servePage(core, built);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(shell.link);
  await historyShown(page);
  await expect(status(page)).toHaveText('100,000 sessions');
  const grid = page.getByRole('grid', { name: 'History' });
  await grid.focus();
  await press(page, 'End');
  await expect(page.locator('#history-line-99999 .cell.started')).toHaveText(/^\d{4}-/);
  expect(await grid.getByRole('row').count()).toBeLessThan(80);

  // News of the history: the list is asked for again, and what is looked at is there again.
  // What stood there goes until the answer comes: how long that is nobody knows, so it is watched for.
  const wentAway = grid.evaluate(
    (element) =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (element.querySelector('.skeleton') === null) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(element, { childList: true, subtree: true });
      }),
  );
  await grid.evaluate(() => undefined);
  await core.call('settings.set', { key: 'fake.emit', value: '{"name":"history","value":{}}' });
  await wentAway;
  await expect(page.locator('#history-line-99999 .cell.started')).toHaveText(/^\d{4}-/);
  await context.close();
  await shell.close();
  built.remove();
});
