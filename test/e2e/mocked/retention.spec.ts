// Retention by keyboard: policies that tell before they are saved, legal holds placed and released, sweeps with certificates, what can be
// done to live sessions, and a case made ready to be read offline.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, shellTest, type ShellWindow } from '../fixtures.ts';
import { press } from '../../support/page-keyboard.ts';
import { listed } from '../../support/page-scenes-common.ts';

const steer = (api: ShellWindow['api'], key: string, value: string): Promise<null> => api.call('settings.set', { key, value });

const retained = async (page: Page): Promise<void> => {
  await listed(page);
  await press(page, 'Alt+7');
  await page.getByText('Time that retention goes by').waitFor();
};

const only = async (page: Page, id: string): Promise<void> => {
  await listed(page);
  await press(page, '/');
  await page.keyboard.type(id);
  await page.getByText('1 session fits the filter').waitFor();
  await press(page, 'Enter');
};

const pane = (page: Page) => page.getByRole('complementary', { name: 'Details' });

shellTest('days are set only after what the next sweep would purge was told', async ({ window: { page, api } }) => {
  await retained(page);
  await page.getByRole('button', { name: 'Set how long production sessions of files are kept in this library' }).click();
  const form = page.getByRole('dialog', { name: 'Production sessions of files' });
  await expect(form.getByRole('status')).toContainText('For the next sweep it changes nothing');
  await form.getByRole('textbox', { name: 'Days' }).fill('0');
  await expect(form.getByRole('status')).toContainText('Give whole days');
  await form.getByRole('textbox', { name: 'Days' }).fill('30');
  const now = await api.call('retention.show', null);
  const days = { source: 'files', environment: 'production', keeper: 'library', days: 30 } as const;
  const { past } = await api.call('retention.preview', days);
  expect(past).toBeGreaterThan(now.past);
  await expect(form.getByRole('status')).toContainText(
    `purge ${String(past)} recordings, for good: ${String(past - now.past)} of them because of this.`,
  );
  const set = form.getByRole('button', { name: `Set, and have ${String(past - now.past)} purged` });
  await expect(set).toBeDisabled();
  await form.getByRole('textbox', { name: 'Reason' }).fill('The quarter is audited');
  await press(page, 'Control+Enter');
  await expect(form).toHaveCount(0);
  await expect(page.getByRole('cell', { name: /30 days.*The quarter is audited/ })).toBeVisible();
});

shellTest('nothing can be saved while what it would purge is not known', async ({ window: { page, api } }) => {
  await retained(page);
  await steer(api, 'fake.hang', 'retention.preview');
  await page.getByRole('button', { name: 'Set how long production sessions of files are kept in this library' }).click();
  const form = page.getByRole('dialog', { name: 'Production sessions of files' });
  await form.getByRole('textbox', { name: 'Days' }).fill('30');
  await form.getByRole('textbox', { name: 'Reason' }).fill('Soon');
  await expect(form.getByRole('status')).toContainText('Counting');
  await expect(form.getByRole('button', { name: 'Set', exact: true })).toBeDisabled();
});

shellTest(
  'the days of a plan are named beside those that the source tells, and the fewer hold',
  async ({ window: { page, api } }) => {
    await retained(page);
    const row = page.getByRole('row', { name: /^production Production/ });
    await expect(row).toContainText(
      /90 days.*told by the source.*Beside them: 120 days, its plan “Business”: Its price list of October/,
    );
    await page.getByRole('button', { name: 'Set how long production sessions of production are kept at the source' }).click();
    const form = page.getByRole('dialog', { name: 'Production sessions of production' });
    await expect(form.getByRole('textbox', { name: 'Plan' })).toHaveValue('Business');
    await expect(form).toContainText('It tells 90 days itself: the fewer of both count.');
    await form.getByRole('textbox', { name: 'Days' }).fill('60');
    await form.getByRole('textbox', { name: 'Plan' }).fill('Team');
    await form.getByRole('textbox', { name: 'Reason' }).fill('It was changed in November');
    await expect(form.getByRole('button', { name: /^Set/ })).toBeEnabled();
    await press(page, 'Control+Enter');
    await expect(form).toHaveCount(0);
    await expect(row).toContainText(
      /60 days.*its plan “Team”: It was changed in November.*Beside them: 90 days, told by the source/,
    );
    expect((await api.call('retention.show', null)).policies).toEqual(
      expect.arrayContaining([expect.objectContaining({ basis: 'plan', plan: 'Team', days: 60, holds: true })]),
    );
  },
);

shellTest(
  'days that were set are taken back after what the next sweep would then purge was told',
  async ({ window: { page, api } }) => {
    await retained(page);
    // What was never set cannot be taken back.
    await page.getByRole('button', { name: 'Set how long non-production sessions of sample are kept in this library' }).click();
    await expect(page.getByRole('radio')).toHaveCount(2);
    await press(page, 'Escape');
    await page.getByRole('button', { name: 'Set how long production sessions of files are kept in this library' }).click();
    const form = page.getByRole('dialog', { name: 'Production sessions of files' });
    await form.getByRole('radio', { name: 'None of its own. Goes with the source: 45 days' }).check();
    const now = await api.call('retention.show', null);
    const { past } = await api.call('retention.preview', { source: 'files', environment: 'production', keeper: 'library' });
    expect(past).toBeGreaterThan(now.past);
    await expect(form.getByRole('status')).toContainText(`${String(past - now.past)} of them because of this.`);
    await form.getByRole('textbox', { name: 'Reason' }).fill('The quarter is audited');
    await form.getByRole('button', { name: `Take back, and have ${String(past - now.past)} purged` }).click();
    await expect(form).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Notes' })).toContainText(
      'Production sessions of files: with the source again.',
    );
    await expect(page.getByRole('row', { name: /^files Production/ })).toContainText('Goes with the source: 45 days');
  },
);

shellTest('the list of sessions sorts by the time that is left', async ({ window: { page, api } }) => {
  await listed(page);
  const header = page.getByRole('columnheader', { name: 'Time left' });
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  const first = async (descending: boolean): Promise<string> => {
    const { sessions } = await api.call('sessions.list', { filter: {}, sort: 'libraryUntil', descending, limit: 1 });
    return sessions[0]!.title!;
  };
  const row = page.getByRole('row').nth(1);
  await expect(row).toContainText(await first(false));
  await expect(row).toContainText(/next sweep|past/);
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await expect(row).toContainText(await first(true));
});

shellTest('the page has no button that deletes, and says why', async ({ window: { page } }) => {
  await retained(page);
  await expect(page.getByText('There is no button that deletes one')).toBeVisible();
  for (const tab of ['p', 'h', 'e', 'u']) {
    await press(page, tab);
    await expect(page.getByRole('button', { name: /delete|remove/i })).toHaveCount(0);
  }
});

shellTest(
  'a hold is placed on whatever fits the filter, is marked, and is released with a reason',
  async ({ window: { page } }) => {
    await listed(page);
    await press(page, '/');
    await page.keyboard.type('user:chidi server:bastion');
    await page.getByText(/^5 sessions fit/).waitFor();
    await press(page, 'Enter', 'h');
    const dialog = page.getByRole('dialog', { name: 'Place a legal hold' });
    await expect(dialog.getByRole('radio', { name: /^This session/ })).toBeFocused();
    await dialog.getByRole('radio', { name: /^Whatever fits the filter/ }).check();
    await expect(dialog.getByRole('button', { name: 'Place the hold' })).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Matter 2026/340');
    await press(page, 'Control+Enter');
    await expect(dialog).toHaveCount(0);
    const row = page.getByRole('row', { name: /bastion/ }).first();
    await expect(row).toContainText(', held');
    await expect(pane(page).getByRole('list', { name: 'Held by' })).toContainText('Matter 2026/340');

    await pane(page)
      .getByRole('button', { name: /^H-\d+/ })
      .last()
      .click();
    await expect(page.getByRole('tab', { name: /^Legal holds/ })).toHaveAttribute('aria-selected', 'true');
    const held = page.getByRole('row', { name: /user:chidi server:bastion/ });
    await held.getByRole('button', { name: /^Release/ }).click();
    await page.keyboard.type('The matter is closed');
    await press(page, 'Control+Enter');
    await expect(held).toHaveCount(0);
    await page.getByRole('checkbox', { name: /released/ }).check();
    await expect(held).toContainText('The matter is closed');
  },
);

shellTest('several sessions, a group and a case are held', async ({ window: { page, api } }) => {
  await listed(page);
  await press(page, '/', 'Enter', 'Home', 'x', 'Shift+ArrowDown', 'h');
  const dialog = page.getByRole('dialog', { name: 'Place a legal hold' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Both are asked for');
  await dialog.getByRole('button', { name: 'Place 2 holds' }).click();
  await expect(dialog).toHaveCount(0);
  await press(page, '/');
  await page.keyboard.type('group:release-2026.10.2');
  await page.getByText('7 sessions fit the filter').waitFor();
  await press(page, 'Enter', 'g');
  await page.getByRole('listbox', { name: 'Sessions of the group' }).waitFor();
  await press(page, 'h');
  await expect(dialog).toContainText('release-2026.10.2: its sessions here, and those that are still to come');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The release is looked into');
  await press(page, 'Control+Enter');
  await expect(dialog).toHaveCount(0);
  await press(page, 'Alt+4');
  await page.getByRole('option', { name: /2026-014/ }).click();
  await page.getByRole('tablist', { name: 'Parts of the case' }).waitFor();
  await press(page, 'h');
  await expect(dialog).toContainText('Case 2026-014');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('The works council asked');
  await press(page, 'Control+Enter');
  await expect(dialog).toHaveCount(0);
  const kinds = (await api.call('holds.list', {})).map(({ scope, reason }) => `${scope.kind}: ${reason}`);
  expect(kinds).toEqual(
    expect.arrayContaining([
      'session: Both are asked for',
      'session: Both are asked for',
      'group: The release is looked into',
      'case: The works council asked',
    ]),
  );
});

shellTest(
  'a sweep is told first, and leaves certificates that can be saved and checked',
  async ({ window: { page, api, download } }) => {
    await retained(page);
    const policy = { source: 'files', environment: 'production', keeper: 'library', days: 40, reason: 'shorter' } as const;
    const { past } = await api.call('retention.set', policy);
    expect(past).toBeGreaterThan(1);
    await press(page, 'w');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('status')).toContainText(`It purges ${String(past)} recordings, for good.`);
    await dialog.getByRole('button', { name: `Sweep now, and purge ${String(past)}` }).click();
    await expect(dialog.getByRole('status')).toContainText('were purged, each with a signed certificate');
    await dialog.getByRole('button', { name: 'Show the certificates' }).click();
    const list = page.getByRole('listbox', { name: 'Purged recordings' });
    await list.focus();
    await press(page, 'Enter');
    const certificate = page.getByRole('dialog', { name: 'Purge certificate' });
    await certificate.getByRole('button', { name: 'Check it' }).click();
    await expect(certificate).toContainText('It holds, signed by this library.');
    const text = readFileSync(
      await download(() => certificate.getByRole('button', { name: 'Save the certificate …' }).click()),
      'utf8',
    );
    expect(text).toContain('exhibit-purge/1');
    await press(page, 'Escape', 'v');
    const check = page.getByRole('dialog', { name: 'Check a purge certificate' });
    await check.getByRole('textbox', { name: 'Certificate, byte for byte' }).fill(text.replace('files', 'other'));
    await check.getByRole('textbox', { name: 'Signature' }).fill('-----BEGIN SSH SIGNATURE-----');
    await check.getByRole('button', { name: 'Check it' }).click();
    await expect(check.getByRole('alert')).toContainText('It does not hold.');
  },
);

shellTest(
  'a purged session says so in list, pane and player, and leads to its certificate',
  async ({ window: { page, api } }) => {
    await steer(api, 'fake.purge', 's-0005');
    await only(page, 's-0005');
    await expect(page.getByRole('row', { name: /part 5/ })).toContainText('Purged');
    await expect(pane(page)).toContainText('The content and its key are gone');
    await expect(pane(page).getByRole('button', { name: 'Export' })).toHaveCount(0);
    await press(page, 'Enter');
    await expect(page.getByRole('heading', { name: 'This recording was purged' })).toBeVisible();
    await page.getByRole('button', { name: 'Certificate …' }).click();
    await expect(page.getByRole('dialog', { name: 'Purge certificate' })).toContainText('s-0005');
  },
);

shellTest('a clock that is not confirmed is said, and taken with a reason only', async ({ window: { page, api } }) => {
  await steer(api, 'fake.clock', 'ahead');
  await retained(page);
  const warning = page.getByRole('alert').filter({ hasText: 'This computer’s clock and the confirmed time differ' });
  await expect(warning).toContainText('11 days ahead');
  await warning.getByRole('button', { name: 'The clock is right …' }).click();
  await page.keyboard.type('Compared with the wall clock of the hall');
  await press(page, 'Control+Enter');
  await expect(warning).toHaveCount(0);
  await expect(page.getByText('2026-12-02 10:04:11 UTC')).toBeVisible();
});

shellTest('offline there is nothing to do to a live session, and one line says why', async ({ window: { page, api } }) => {
  await steer(api, 'fake.live', 's-0003');
  await steer(api, 'fake.network', 'off');
  await only(page, 's-0003');
  await expect(pane(page)).toContainText('Nothing can be done to it now: files does not answer: there is no network.');
  for (const name of ['Follow', 'Reconnect …', 'Revoke …']) await expect(pane(page).getByRole('button', { name })).toHaveCount(0);
  await steer(api, 'fake.network', 'on');
  await pane(page).getByRole('button', { name: 'Ask again' }).click();
  await expect(pane(page).getByRole('button', { name: 'Revoke …' })).toBeVisible();
});

shellTest('a live session is revoked with a reason and its id typed, and followed', async ({ window: { page, api } }) => {
  await steer(api, 'fake.live', 's-0003');
  await only(page, 's-0003');
  await pane(page).getByRole('button', { name: 'Follow' }).click();
  await expect(pane(page)).toContainText('It is followed until it ends');
  await expect(pane(page).getByRole('button', { name: 'Follow' })).toHaveCount(0);
  await pane(page).getByRole('button', { name: 'Reconnect …' }).click();
  const address = page.getByRole('dialog', { name: 'Reconnect' });
  await address.getByRole('button', { name: 'Ask for the address' }).click();
  await expect(address.locator('code')).toContainText('wss://');
  await press(page, 'Escape');
  await pane(page).getByRole('button', { name: 'Revoke …' }).click();
  const revoke = page.getByRole('dialog', { name: 'Revoke a live session' });
  const act = revoke.getByRole('button', { name: 'Revoke the session' });
  await revoke.getByRole('textbox', { name: 'Reason' }).fill('too short');
  await revoke.getByRole('textbox', { name: /^Type the session/ }).fill('s-0003');
  await expect(act).toBeDisabled();
  await revoke.getByRole('textbox', { name: 'Reason' }).fill('Nobody announced it');
  await expect(act).toBeEnabled();
  await revoke.getByRole('textbox', { name: /^Type the session/ }).fill('s-0004');
  await expect(act).toBeDisabled();
  await revoke.getByRole('textbox', { name: /^Type the session/ }).fill('s-0003');
  await press(page, 'Enter');
  await expect(revoke).toHaveCount(0);
  await expect(pane(page)).toContainText('The session is over');
});

shellTest(
  'a case is made ready to be read offline with one key, and its receipt is saved',
  async ({ window: { page, download } }) => {
    await listed(page);
    await press(page, 'Alt+4');
    await page.getByRole('option', { name: /2026-014/ }).click();
    await page.getByRole('tablist', { name: 'Parts of the case' }).waitFor();
    await press(page, 'k');
    await expect(page.getByText(/of \d+ recordings can be read without a network/)).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'Here: it was live' })).toBeVisible();
    await press(page, 'm');
    await expect(page.getByText('The case can be read without a network')).toBeVisible();
    await page.getByRole('button', { name: 'Receipt …' }).click();
    const receipt = page.getByRole('dialog', { name: 'Receipt' });
    const path = await download(() => receipt.getByRole('button', { name: 'Save the receipt …' }).click());
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 'exhibit-ready/1', ready: true });
    const signature = await download(() => receipt.getByRole('button', { name: 'Save the signature …' }).click());
    expect(readFileSync(signature, 'utf8')).toContain('BEGIN SSH SIGNATURE');
  },
);
