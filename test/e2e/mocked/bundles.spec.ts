// What a verified bundle leads to, by keyboard: a statement of one's own added, a time stamp asked for and joined by files, its time attested by
// the certificate of its authority. Each gives a new file, and says before what it proves and what not.

import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { press } from '../../support/page-keyboard.ts';
import { listed } from '../../support/page-scenes-common.ts';
import { expect, shellTest } from '../fixtures.ts';

shellTest.beforeEach(({ window: { app } }) => {
  shellTest.skip(app !== null, 'the choice of files is the system’s own there');
});

/** Chooses a file by a button that has the focus. */
async function choose(page: Page, button: Locator, name: string, content: readonly number[] | string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button.press('Enter');
  const buffer = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer });
}

async function verified(page: Page, name: string): Promise<Locator> {
  await listed(page);
  await press(page, 'Alt+4');
  await page.getByRole('listbox', { name: 'Cases' }).waitFor();
  await press(page, 'v');
  const choosing = page.getByRole('button', { name: 'Choose a file …' });
  await expect(choosing).toBeFocused();
  await choose(page, choosing, name, 'PK\u0003\u0004 and more');
  const dialog = page.getByRole('dialog', { name: `Verification of ${name}` });
  await expect(dialog.getByRole('heading', { name: `Verification of ${name}` })).toBeFocused();
  return dialog;
}

shellTest('a bundle is countersigned, and the new file is saved', async ({ window: { page, download } }) => {
  const dialog = await verified(page, 'law-2231.zip');
  await dialog.getByRole('button', { name: 'Countersign …' }).press('Enter');
  const signing = page.getByRole('dialog', { name: 'Countersign law-2231.zip' });
  await expect(signing.getByRole('radio', { name: /^Reviewer/ })).toBeFocused();
  await expect(signing).toContainText('You do not know every key that signed it.');
  await expect(signing.getByRole('listitem').filter({ hasText: 'When' })).toContainText('Not proven');
  const sign = signing.getByRole('button', { name: 'Countersign', exact: true });
  await expect(sign).toBeDisabled();
  await press(page, 'ArrowDown', 'Tab');
  await page.keyboard.type('Ravi Osei');
  await press(page, 'Tab');
  await page.keyboard.type('Taken over for the works council');
  await press(page, 'Enter');
  const made = page.getByRole('dialog', { name: 'The bundle is countersigned' });
  await expect(made).toContainText('law-2231-02-recipient.zip');
  await expect(made).toContainText('It is a new file: the one that you gave stays as it was.');
  await expect(made).toContainText('Ravi Osei');
  const path = await download(() => made.getByRole('button', { name: 'Save the bundle …' }).press('Enter'));
  expect(readFileSync(path, 'utf8')).toContain('PK');
  await expect(page.getByText('The bundle is made.')).toHaveCount(0);
});

shellTest(
  'a time stamp is asked for by a file, and a response is joined only where it answers',
  async ({ window: { page, download } }) => {
    const dialog = await verified(page, 'law-2231-02-reviewer.zip');
    await dialog.getByRole('button', { name: 'Time stamp …' }).press('Enter');
    const stamping = page.getByRole('dialog', { name: 'Time stamp for law-2231-02-reviewer.zip' });
    const whose = stamping.getByRole('combobox', { name: 'For the signature of' });
    await expect(whose).toBeFocused();
    await expect(whose).toHaveValue('02-reviewer');
    await whose.selectOption('Dora Lindqvist, producer');
    await press(page, 'Tab');
    const path = await download(() => page.keyboard.press('Enter'));
    expect(readFileSync(path, 'utf8')).toBe('0, as a request begins');
    await expect(stamping.getByRole('status')).toContainText('handed to your downloads');
    await expect(stamping).toContainText('01-producer.tsq');

    const response = stamping.getByRole('button', { name: 'Choose the response …' });
    await choose(page, response, 'letter.tsr', 'Dear Ana');
    await expect(stamping.getByRole('alert')).toContainText('it is no time stamp');
    await choose(page, response, 'other.tsr', [0x30, 1, 0]);
    await expect(stamping.getByRole('alert')).toContainText('it answers another request');
    await expect(response).toBeFocused();
    await choose(page, response, 'large.tsr', '0'.repeat(1024 * 1024 + 1));
    await expect(stamping.getByRole('alert')).toContainText('larger than any response');
    await choose(page, response, 'answer.tsr', [0x30, 0]);
    const made = page.getByRole('dialog', { name: 'The time stamp is joined' });
    await expect(made).toContainText('2026-11-21T10:04:31Z, as the authority gives it');
    const saved = await download(() => made.getByRole('button', { name: 'Save the bundle …' }).press('Enter'));
    expect(readFileSync(saved, 'utf8')).toContain('PK');
  },
);

shellTest('a time is attested by the certificate of the authority alone', async ({ window: { page } }) => {
  const dialog = await verified(page, 'law-2231-stamped.zip');
  await expect(dialog).toContainText('(CLAIMED)');
  await choose(page, dialog.getByRole('button', { name: 'Choose a certificate …' }), 'authority.pem', 'a certificate');
  await expect(dialog).toContainText('(ATTESTED)');
  await expect(dialog.getByRole('button', { name: 'Choose a certificate …' })).toHaveCount(0);
});

shellTest(
  'from what is added one comes back to what was verified, and a bundle that does not hold has neither',
  async ({ window: { page } }) => {
    const dialog = await verified(page, 'law-2231.zip');
    await dialog.getByRole('button', { name: 'Countersign …' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).press('Enter');
    await expect(dialog.getByRole('heading', { name: 'Verification of law-2231.zip' })).toBeFocused();
    await choose(page, dialog.getByRole('button', { name: 'Another bundle …' }), 'letter.zip', 'this is no archive');
    const broken = page.getByRole('dialog', { name: 'Verification of letter.zip' });
    await expect(broken.getByRole('alert')).toContainText('UNREADABLE');
    for (const name of ['Countersign …', 'Time stamp …', 'Open as a case'])
      await expect(broken.getByRole('button', { name })).toHaveCount(0);
  },
);
