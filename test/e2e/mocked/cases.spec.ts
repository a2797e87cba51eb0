// Cases and annotations by keyboard: marking while one watches, notes with their versions, what is seen, the case with its exhibits on one
// clock, what is withheld, and bundles made and verified.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';
import { openedByKeys, position, press } from '../../support/page-keyboard.ts';
import { listed } from '../../support/page-scenes-common.ts';

const cased = async (page: Page, name: RegExp): Promise<void> => {
  await listed(page);
  await press(page, 'Alt+4');
  const list = page.getByRole('listbox', { name: 'Cases' });
  await expect(list).toBeFocused();
  while ((await list.getByRole('option', { name }).getAttribute('aria-selected')) !== 'true') await press(page, 'ArrowDown');
  await press(page, 'Enter');
  await page.getByRole('tablist', { name: 'Parts of the case' }).waitFor();
};

const begun = (page: Page) => page.getByRole('group', { name: 'The mark that was begun' });

const annotations = (page: Page) => page.getByRole('listbox', { name: 'Annotations' });

shellTest('a moment is marked with one key, a range with two, and the note is written with one', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0005');
  await press(page, 'y');
  const choice = page.getByRole('combobox', { name: 'Case that annotations go to' });
  await expect(choice).toBeFocused();
  await choice.selectOption({ label: '2026-014 Customer data copied from prod-db-1' });
  await page.locator('#content').focus();

  await press(page, 'Shift+ArrowRight', 'm');
  await expect(begun(page)).toContainText('Mark begun at 00:01.000');
  await press(page, 'ArrowRight');
  await expect.poll(() => position(page)).toBe(6000);
  await press(page, 'm');
  await expect(begun(page)).toHaveCount(0);
  await press(page, 'w');
  await expect(annotations(page).getByRole('option', { name: /Range 00:01.000 to 00:06.000/ })).toBeVisible();

  // The note of the mark that was just made: a change, so a reason is asked for.
  await press(page, 'n');
  const changing = page.getByRole('dialog', { name: 'Change the annotation' });
  await expect(changing.getByRole('textbox', { name: 'Title' })).toBeFocused();
  await press(page, 'Control+A');
  await page.keyboard.type('Asks who else is on the server');
  await expect(changing.getByRole('button', { name: 'Save' })).toBeDisabled();
  await press(page, 'Control+Enter');
  await expect(changing.getByRole('alert')).toHaveText('A change needs a reason.');
  await changing.getByRole('textbox', { name: 'Reason of the change' }).focus();
  await page.keyboard.type('Named');
  await press(page, 'Control+Enter');
  await expect(changing).toHaveCount(0);
  await page.getByRole('option', { name: /Asks who else/ }).click();
  await page.getByText('2 versions').click();
  await expect(page.getByText('Changed: Named')).toBeVisible();

  // A mark on which the note is written at once is a new annotation.
  await page.locator('#content').focus();
  await press(page, 'm', 'n');
  const writing = page.getByRole('dialog', { name: 'New annotation' });
  await writing.getByRole('radio', { name: 'High' }).check();
  await writing.getByRole('textbox', { name: 'Note' }).fill('**bold** <b>not</b>');
  await writing.getByRole('button', { name: 'Show how it reads' }).click();
  await expect(writing.locator('.note-text strong')).toHaveText('bold');
  await expect(writing.locator('.note-text')).toContainText('<b>not</b>');
  await writing.getByRole('button', { name: 'Save' }).click();
  await expect(writing).toHaveCount(0);
  await expect(annotations(page).getByRole('option')).toHaveCount(2);
});

shellTest('what was written in a dialog is not thrown away by a slip', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0005');
  await press(page, 'y');
  await page.getByRole('combobox', { name: 'Case that annotations go to' }).selectOption({ index: 1 });
  await page.locator('#content').focus();
  await press(page, 'm', 'n');
  const writing = page.getByRole('dialog', { name: 'New annotation' });
  const note = writing.getByRole('textbox', { name: 'Note' });
  // Beside it, a click does nothing to what asks for something.
  await page.mouse.click(5, 450);
  await expect(writing).toBeVisible();
  await note.fill('The key was copied here.');
  const asked = writing.getByRole('alert');
  await press(page, 'Escape');
  await expect(asked).toContainText('not saved');
  await expect(writing.getByRole('button', { name: 'Go on writing' })).toBeFocused();
  await press(page, 'Escape');
  await expect(asked).toHaveCount(0);
  await expect(note).toBeFocused();
  await expect(note).toHaveValue('The key was copied here.');
  await writing.getByRole('button', { name: 'Close' }).click();
  await writing.getByRole('button', { name: 'Discard it' }).click();
  await expect(writing).toHaveCount(0);
  // Where nothing was written, nothing is asked.
  await press(page, 'n');
  await expect(writing).toBeVisible();
  await press(page, 'Escape');
  await expect(writing).toHaveCount(0);
});

shellTest('a mark that nobody ended is kept when the player is left', async ({ window: { page, api } }) => {
  await openedByKeys(page, 's-0005');
  await press(page, 'Shift+ArrowRight', 'm');
  await begun(page).waitFor();
  await press(page, 'Alt+1');
  await expect
    .poll(async () => (await api.call('annotations.list', { session: 's-0005' })).annotations.map(({ title }) => title))
    .toEqual(['Mark at 00:01.000']);
});

shellTest('annotations are walked through, filtered, and retracted with a reason', async ({ window: { page } }) => {
  await openedByKeys(page, 's-0001');
  await page.getByRole('combobox', { name: 'Case that annotations go to' }).selectOption('c1');
  await page.locator('#content').focus();
  await press(page, 'j');
  await expect.poll(() => position(page)).toBeGreaterThan(0);
  const first = await position(page);
  await press(page, 'j');
  await expect.poll(() => position(page)).toBeGreaterThan(first);
  await press(page, 'Shift+J');
  await expect.poll(() => position(page)).toBe(first);
  await press(page, 'o');
  await expect.poll(() => position(page)).toBeGreaterThan(first);

  await press(page, 'Shift+W');
  await expect(page.getByRole('searchbox', { name: 'Words' })).toBeFocused();
  await page.keyboard.type('filebridge');
  await expect(annotations(page).getByRole('option')).toHaveCount(1);
  await annotations(page).focus();
  await press(page, 'Enter');
  await page.getByRole('button', { name: 'Retract …' }).click();
  const retracting = page.getByRole('dialog', { name: 'Retract the annotation' });
  await expect(retracting.getByRole('button', { name: 'Retract', exact: true })).toBeDisabled();
  await page.keyboard.type('Not the same host');
  await press(page, 'Control+Enter');
  await expect(page.locator('.retracted-badge')).toContainText('Retracted: Not the same host');
});

shellTest('a region of the screen is chosen with the arrows and annotated', async ({ window: { page, api } }) => {
  await openedByKeys(page, 's-0005');
  await press(page, 'r');
  await expect(page.getByRole('group', { name: /^Region: row 1, column 1/ })).toBeFocused();
  await press(page, 'ArrowDown', 'ArrowRight', 'Shift+ArrowRight', 'Enter');
  const writing = page.getByRole('dialog', { name: 'New annotation' });
  await writing.getByRole('textbox', { name: 'Title' }).fill('The prompt');
  await press(page, 'Control+Enter');
  await expect(writing).toHaveCount(0);
  const { annotations: made } = await api.call('annotations.list', { session: 's-0005' });
  expect(made[0]!.anchor.region).toEqual({ row: 1, col: 1, rows: 3, cols: 21 });
  await expect(page.locator('.cell-outlines')).toContainText('The prompt');
});

shellTest('a recording is marked as reviewed only when what is unseen was named', async ({ window: { page, api } }) => {
  await openedByKeys(page, 's-0001');
  await press(page, 'Shift+R');
  const dialog = page.getByRole('dialog', { name: 'Mark as reviewed' });
  await expect(dialog).toContainText('2 stretches are unseen');
  const mark = dialog.getByRole('button', { name: 'Mark as reviewed' });
  await expect(mark).toBeDisabled();
  await dialog.getByRole('checkbox').check();
  await mark.click();
  await expect(dialog).toHaveCount(0);
  const [coverage] = await api.call('coverage.show', { session: 's-0001' });
  expect(coverage!.reviewers[0]!.reviewed!.unseenUs).toBeGreaterThan(0);
});

shellTest(
  'sessions become exhibits of a new case, which is changed, closed and reopened with reasons',
  async ({ window: { page } }) => {
    await listed(page);
    await page.getByRole('grid', { name: 'Sessions' }).focus();
    await press(page, 'Home', 'x', 'Shift+ArrowDown');
    await press(page, 'c');
    await page.getByRole('dialog', { name: 'Add 2 sessions to a case' }).getByRole('button', { name: 'New case …' }).click();
    const making = page.getByRole('dialog', { name: 'New case' });
    await expect(making.getByRole('textbox', { name: 'Number' })).toBeFocused();
    await page.keyboard.type('2026-015');
    await press(page, 'Tab');
    await page.keyboard.type('Night shift');
    await press(page, 'Enter');
    await page.getByRole('button', { name: 'Show the case' }).click();
    await expect(page.getByRole('listbox', { name: 'Exhibits on one clock' }).getByRole('option')).toHaveCount(2);

    await page.getByRole('button', { name: 'Close …' }).click();
    await page.keyboard.type('Nothing found');
    await press(page, 'Control+Enter');
    await expect(page.getByText('This case is closed.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Change …' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Reopen …' }).click();
    await page.keyboard.type('A new tip');
    await press(page, 'Control+Enter');
    await expect(page.getByText('This case is closed.')).toHaveCount(0);
    await page.locator('#content').focus();
    await press(page, 'd');
    await expect(page.getByText('Reopened: A new tip')).toBeVisible();
  },
);

shellTest('the exhibits on one clock lead to their annotations, and the way back to the case', async ({ window: { page } }) => {
  await cased(page, /2026-014/);
  const list = page.getByRole('listbox', { name: 'Exhibits on one clock' });
  await list.focus();
  await press(page, 'ArrowRight', 'ArrowRight');
  await expect(page.getByRole('status').filter({ hasText: 'Critical' })).toContainText('copied to a hidden file');
  await press(page, 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  await expect.poll(() => position(page)).toBeGreaterThan(0);
  // What is written there goes into this case.
  await expect(page.getByRole('combobox', { name: 'Case that annotations go to' })).toHaveValue('c1');
  await press(page, 'Escape');
  await expect(page).toHaveTitle('Case · Exhibit');
  await press(page, 'f');
  await page.getByRole('combobox', { name: 'Least severity' }).selectOption('critical');
  await expect(page.getByRole('listbox', { name: 'Annotations' }).getByRole('option')).toHaveCount(2);
});

shellTest('something is withheld with a reason, and shown again with another', async ({ window: { page } }) => {
  await cased(page, /2026-014/);
  await press(page, 'r', 'n');
  const form = page.getByRole('dialog', { name: 'Redact in bundles' });
  await form.getByRole('radio', { name: /^Pattern/ }).check();
  await form.getByRole('textbox', { name: 'The expression' }).fill('\\+00 555 [0-9 ]+');
  await form.getByRole('textbox', { name: 'Reason' }).fill('Telephone numbers');
  await form.getByRole('button', { name: 'Redact' }).click();
  await expect(form).toHaveCount(0);
  const row = page.getByRole('row', { name: /R-0005/ });
  await expect(row).toContainText('Telephone numbers');
  await row.getByRole('button', { name: 'Withdraw R-0005' }).click();
  await page.keyboard.type('They are on the form anyway');
  await press(page, 'Control+Enter');
  await expect(row).toContainText('Withdrawn by ana@laptop: They are on the form anyway');
});

shellTest('a bundle is made, its digest and fingerprint are shown, and it is saved', async ({ window: { page, download } }) => {
  await cased(page, /2026-014/);
  await press(page, 'b');
  const asking = page.getByRole('dialog', { name: 'Bundle of case 2026-014' });
  await expect(asking.getByRole('textbox', { name: 'Signer' })).toHaveValue('Ana Ferreira');
  await asking.getByRole('checkbox', { name: /^Redacted/ }).uncheck();
  await expect(asking).toContainText('readable by everybody who has it');
  await asking.getByRole('checkbox', { name: /^Redacted/ }).check();
  await asking.getByRole('button', { name: 'Make the bundle' }).click();
  const made = page.getByRole('dialog', { name: 'The bundle is made' });
  await expect(made).toContainText('SHA256:');
  // One that was closed unsaved is still among the jobs.
  await made.getByRole('button', { name: 'Close', exact: true }).first().click();
  await expect(made).toHaveCount(0);
  await page.getByRole('button', { name: 'Jobs' }).click();
  await page.getByRole('listitem').filter({ hasText: 'bundle of case 2026-014' }).getByRole('button', { name: 'Show' }).click();
  const path = await download(() => made.getByRole('button', { name: 'Save the bundle …' }).click());
  expect(readFileSync(path, 'utf8')).toContain('PK');
});

shellTest('what is no bundle is refused, in place and in words', async ({ window: { page, app } }) => {
  shellTest.skip(app !== null, 'the choice of files is the system’s own there');
  await listed(page);
  await press(page, 'Alt+4');
  await page.getByRole('listbox', { name: 'Cases' }).waitFor();
  await press(page, 'v');
  const dialog = page.getByRole('dialog', { name: 'Verify a bundle' });
  await dialog.getByText('Drop a bundle here').waitFor();
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Choose a file …' }).click();
  await (await chooser).setFiles({ name: 'letter.zip', mimeType: 'application/zip', buffer: Buffer.from('this is no archive') });
  await expect(page.getByRole('alert').filter({ hasText: 'UNREADABLE' })).toBeVisible();
  await expect(page.getByText('It is not a bundle that can be read safely.')).toBeVisible();
});

shellTest('a bundle is verified, opened as a case, and its case is shown', async ({ window: { page, app, api } }) => {
  shellTest.skip(app !== null, 'the choice of files is the system’s own there');
  await listed(page);
  await press(page, 'Alt+4');
  const row = page.getByRole('listbox', { name: 'Cases' }).getByRole('option', { name: /2026-011/ });
  await expect(row).toContainText(/of \d+ reviewed|All reviewed/);
  await press(page, 'v');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file …' }).click();
  await (
    await chooser
  ).setFiles({ name: 'law-2231.zip', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004 and more') });
  await expect(page.getByRole('status').filter({ hasText: 'INTACT, SIGNER NOT TRUSTED' })).toBeVisible();
  const { signers } = await api.call('bundle.verified', { job: (await api.call('jobs.list', null)).at(-1)!.id });
  await page.getByRole('textbox', { name: /^Fingerprint that the signer told you/ }).fill(signers[0]!.fingerprint);
  await page.getByRole('checkbox', { name: 'Trust this signer from now on' }).check();
  await page.getByRole('textbox', { name: 'Whose it is' }).fill('Lena Okafor');
  await page.getByRole('button', { name: 'Verify again with it' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'TRUSTED' })).toContainText(/^TRUSTED/);
  await page.getByRole('button', { name: 'Open as a case' }).click();
  const opened = page.getByRole('dialog', { name: 'Opened law-2231.zip' });
  await expect(opened).toContainText('It is a case of this library now.');
  await expect(opened).toContainText('from its original');
  await opened.getByRole('button', { name: 'Show the case' }).click();
  await expect(page.getByText('This case was opened from a bundle')).toBeVisible();
  await expect(page.getByText('The bundle is made.')).toHaveCount(0);
  await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'Trusted signers' })).toContainText(`Lena Okafor${signers[0]!.fingerprint}`);
  await page.getByRole('button', { name: 'Trust Lena Okafor no longer' }).click();
  await expect(page.getByText('None beside this library itself.')).toBeVisible();
});

shellTest(
  'annotations leave a case as a signed file, and one of somebody else is taken in',
  async ({ window: { page, app, download } }) => {
    await cased(page, /2026-014/);
    await press(page, 'f');
    await page.getByRole('button', { name: 'Send mine …' }).click();
    const sending = page.getByRole('dialog', { name: 'Annotations of case 2026-014 as a file' });
    await expect(sending.getByRole('textbox', { name: 'Signer' })).toHaveValue('Ana Ferreira');
    const path = await download(() => sending.getByRole('button', { name: 'Save the file …' }).click());
    expect(readFileSync(path, 'utf8')).toBe('{}');
    await expect(sending).toHaveCount(0);
    if (app !== null) return;
    await page.getByRole('button', { name: 'Take in …' }).click();
    const taking = page.getByRole('dialog', { name: 'Take annotations into case 2026-014' });
    const chosen = taking.getByLabel('File of annotations');
    await chosen.setInputFiles({ name: 'letter.json', mimeType: 'application/json', buffer: Buffer.from('Dear Ana') });
    await expect(taking.getByRole('alert')).toContainText('it is no annotation file');
    await chosen.setInputFiles({ name: 'dora.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    const brought = page.getByRole('dialog', { name: 'What the file brought' });
    await expect(brought).toContainText('3 added, 1 known already, 1 conflict, 1 refused');
    await expect(brought).toContainText('In the file: Copy of customers');
  },
);

shellTest(
  'a custody log that was rolled back cannot be overlooked, and is taken with a reason only',
  async ({ window: { page, api } }) => {
    await listed(page);
    const status = await api.call('vault.status', null);
    const custody = { state: 'rolled-back', why: 'entry 4,112 was signed here and is missing' } as const;
    await api.call('settings.set', { key: 'fake.emit', value: JSON.stringify({ name: 'vault', value: { ...status, custody } }) });
    const banner = page.getByRole('alert').filter({ hasText: 'older than the one that this computer knows' });
    await expect(banner).toContainText('Entry 4,112 was signed here and is missing.');
    await press(page, 'Alt+3');
    await expect(banner).toBeVisible();
    await banner.getByRole('button', { name: 'I put it back on purpose …' }).click();
    await page.keyboard.type('Restored after the disk failed');
    await press(page, 'Control+Enter');
    await expect(banner).toHaveCount(0);
  },
);

shellTest.describe('where clocks are not those of UTC', () => {
  shellTest.use({ timezoneId: 'Asia/Kolkata' });

  shellTest('the list of cases shows numbers and moments whole, with their zone', async ({ window: { page, app } }) => {
    shellTest.skip(app !== null, 'the zone is the system’s own there');
    await listed(page);
    await press(page, 'z', 'Alt+4');
    const rows = page.getByRole('listbox', { name: 'Cases' }).getByRole('option');
    await expect(page.locator('.case-head')).toContainText('Changed (local)');
    await expect(rows.first().locator('time')).toHaveAttribute('title', / UTC$/);
    const cut = await rows.locator('.number, .cut:has(time)').evaluateAll((cells) =>
      cells.flatMap((cell) => {
        // A number of fifteen characters, as many houses write them.
        if (cell.classList.contains('number')) cell.textContent = 'CASE/2026-00017';
        return cell.scrollWidth > cell.clientWidth ? [cell.textContent] : [];
      }),
    );
    expect(cut).toEqual([]);
  });
});
