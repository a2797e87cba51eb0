// Scenes of cases and annotations: see page-scenes.ts.

import type { Page } from '@playwright/test';
import { goTo, listed, opened, type Scene } from './page-scenes-common.ts';

/** The main session of the incident, in its case. */
const annotated = async (page: Page): Promise<void> => {
  await opened(page, 'OPS-4127');
  await page.getByRole('combobox', { name: 'Case that annotations go to' }).selectOption('c1');
  await page.locator('#content').focus();
  await goTo(page, '2:48');
  await page.waitForTimeout(400);
};

const cased = async (page: Page, title: string): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+4');
  await page.getByRole('listbox', { name: 'Cases' }).waitFor();
  await page.getByRole('option', { name: new RegExp(title) }).click();
  await page.getByRole('tablist', { name: 'Parts of the case' }).waitFor();
  await page.waitForTimeout(300);
};

const INCIDENT = 'Customer data copied';

const tab = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  await page.waitForTimeout(250);
};

/** A bundle of somebody, verified. */
const verified = async (page: Page, name: string): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+4');
  await page.getByRole('button', { name: 'Verify a bundle …' }).click();
  const content = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(2_400_000)]);
  await page.getByLabel('Bundle to verify').setInputFiles({ name, mimeType: 'application/zip', buffer: content });
  await page.getByText('What was looked at').waitFor();
};

const answered = async (page: Page, bytes: readonly number[]): Promise<void> =>
  page
    .getByLabel('Response of the authority')
    .setInputFiles({ name: 'law-2231.tsr', mimeType: 'application/timestamp-reply', buffer: Buffer.from(bytes) });

export const CASE_SCENES: readonly Scene[] = [
  {
    name: 'player-notes',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('w');
      await page.getByRole('option', { name: /balance above 400/ }).click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'player-mark',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('m');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'player-note-form',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('n');
      await page.getByRole('dialog', { name: 'New annotation' }).waitFor();
      await page.getByRole('textbox', { name: 'Title' }).fill('The archive is made ready');
      await page
        .getByRole('textbox', { name: 'Note' })
        .fill('Packed with `gzip -9`, then hashed:\n\n- the name stays hidden\n- **no** copy is left');
    },
  },
  {
    name: 'player-note-leave',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('n');
      await page.getByRole('textbox', { name: 'Note' }).fill('The archive is made ready');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Discard it' }).waitFor();
    },
  },
  {
    name: 'player-note-change',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('w');
      await page.getByRole('option', { name: /balance above 400/ }).click();
      await page.getByRole('button', { name: 'Change …' }).click();
      await page.getByRole('button', { name: 'Show how it reads' }).click();
    },
  },
  {
    name: 'player-region',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('r');
      await page.getByRole('group', { name: /^Region/ }).waitFor();
      for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowDown');
      for (let i = 0; i < 30; i++) await page.keyboard.press('Shift+ArrowRight');
    },
  },
  {
    name: 'player-outline',
    steps: async (page) => {
      await annotated(page);
      await goTo(page, '3:26');
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'player-review',
    steps: async (page) => {
      await annotated(page);
      await page.keyboard.press('Shift+R');
      await page.getByRole('dialog', { name: 'Mark as reviewed' }).waitFor();
    },
  },
  {
    name: 'player-notes-none',
    core: { cases: 'none' },
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await page.keyboard.press('w');
      await page.getByText('No annotation yet').waitFor();
    },
  },
  {
    name: 'cases',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+4');
      await page.getByRole('listbox', { name: 'Cases' }).waitFor();
    },
  },
  {
    name: 'cases-none',
    core: { cases: 'none' },
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+4');
      await page.getByText('No case yet').waitFor();
    },
  },
  {
    name: 'case-new',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+4');
      await page.getByRole('listbox', { name: 'Cases' }).waitFor();
      await page.keyboard.press('n');
      await page.getByRole('dialog', { name: 'New case' }).waitFor();
    },
  },
  {
    name: 'case',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await page.getByRole('listbox', { name: 'Exhibits on one clock' }).focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    },
  },
  { name: 'case-release', steps: async (page) => cased(page, 'Unannounced change') },
  { name: 'case-closed', steps: async (page) => cased(page, 'Access of the vendor') },
  { name: 'case-from-bundle', steps: async (page) => cased(page, 'Harbour Operations') },
  {
    name: 'case-findings',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'Annotations');
      await page.getByRole('option', { name: /balance above 400/ }).click();
      await page.getByText('2 versions').click();
    },
  },
  {
    name: 'case-notes',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'Notes');
    },
  },
  {
    name: 'case-redactions',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'Redactions');
    },
  },
  {
    name: 'case-redaction-form',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'Redactions');
      await page.keyboard.press('n');
      await page.getByRole('radio', { name: /^Part of the screen/ }).check();
    },
  },
  {
    name: 'case-custody',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'Custody');
      await page.keyboard.press('v');
      await page.getByText('The chain is intact').waitFor();
    },
  },
  {
    name: 'case-about',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await tab(page, 'About');
    },
  },
  {
    name: 'case-close',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await page.getByRole('button', { name: 'Close …' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'bundle',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await page.keyboard.press('b');
      await page.getByRole('dialog', { name: /^Bundle of/ }).waitFor();
    },
  },
  {
    name: 'bundle-running',
    core: { heldBundle: true },
    steps: async (page) => {
      await cased(page, INCIDENT);
      await page.keyboard.press('b');
      await page.getByRole('button', { name: 'Make the bundle' }).click();
      await page.getByText('21.4 MB of 48.2 MB').waitFor();
    },
  },
  {
    name: 'bundle-made',
    steps: async (page) => {
      await cased(page, INCIDENT);
      await page.keyboard.press('b');
      await page.getByRole('button', { name: 'Make the bundle' }).click();
      await page.getByText('It was read again and verified.').waitFor();
    },
  },
  {
    name: 'bundle-verify',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+4');
      await page.getByRole('button', { name: 'Verify a bundle …' }).click();
      await page.getByText('Drop a bundle here').waitFor();
    },
  },
  { name: 'bundle-verified', steps: async (page) => verified(page, 'law-2231.zip') },
  {
    name: 'bundle-verified-stamped',
    steps: async (page) => {
      await verified(page, 'law-2231-stamped.zip');
      await page.getByRole('button', { name: 'Choose a certificate …' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'bundle-countersign',
    steps: async (page) => {
      await verified(page, 'law-2231.zip');
      await page.getByRole('button', { name: 'Countersign …' }).click();
      await page.getByRole('textbox', { name: 'Signer' }).fill('Ravi Osei');
    },
  },
  {
    name: 'bundle-countersigned',
    steps: async (page) => {
      await verified(page, 'law-2231.zip');
      await page.getByRole('button', { name: 'Countersign …' }).click();
      await page.getByRole('textbox', { name: 'Signer' }).fill('Ravi Osei');
      await page.keyboard.press('Enter');
      await page.getByText('It was read again and verified.').waitFor();
    },
  },
  {
    name: 'bundle-time-stamp',
    steps: async (page) => {
      await verified(page, 'law-2231-02-reviewer.zip');
      await page.getByRole('button', { name: 'Time stamp …' }).click();
      await page.getByRole('button', { name: 'Save the request …' }).click();
      await page.getByText('handed to your downloads').waitFor();
    },
  },
  {
    name: 'bundle-time-stamp-refused',
    steps: async (page) => {
      await verified(page, 'law-2231.zip');
      await page.getByRole('button', { name: 'Time stamp …' }).click();
      await answered(page, [0x30, 1, 0]);
      await page.getByText('it answers another request').waitFor();
    },
  },
  {
    name: 'bundle-stamped',
    steps: async (page) => {
      await verified(page, 'law-2231.zip');
      await page.getByRole('button', { name: 'Time stamp …' }).click();
      await answered(page, [0x30, 0]);
      await page.getByText('It was read again and verified.').waitFor();
    },
  },
  {
    name: 'sessions-to-case',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Home');
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('c');
      await page.getByRole('dialog', { name: /to a case/ }).waitFor();
    },
  },
  {
    name: 'sessions-of-case',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('case:2026-014');
      await page.getByText('4 sessions fit the filter').waitFor();
    },
  },
  {
    name: 'custody-rolled-back',
    core: { custody: 'rolled-back' },
    steps: async (page) => {
      await listed(page);
      await page.getByText('older than the one').waitFor();
    },
  },
  {
    name: 'custody-broken',
    core: { custody: 'broken' },
    contrast: 'more',
    steps: async (page) => {
      await listed(page);
      await page.getByText('The custody log of this library is broken').waitFor();
    },
  },
];
