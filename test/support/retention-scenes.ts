// Scenes of retention, legal holds, live actions and readiness: see page-scenes.ts.

import type { Page } from '@playwright/test';
import { listed, type Scene } from './page-scenes-common.ts';

const retained = async (page: Page, tab: string): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+7');
  await page.getByText('Time that retention goes by').waitFor();
  await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
  await page.waitForTimeout(250);
};

/** One session of the list, with its pane. */
const session = async (page: Page, id: string): Promise<void> => {
  await listed(page);
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill(id);
  await page.getByText('1 session fits the filter').waitFor();
  await page.waitForTimeout(400);
};

const offline = async (page: Page, title: string): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+4');
  await page.getByRole('listbox', { name: 'Cases' }).waitFor();
  await page.getByRole('option', { name: new RegExp(title) }).click();
  await page.getByRole('tab', { name: 'Offline' }).click();
  await page.getByRole('button', { name: 'Check again' }).waitFor();
};

export const RETENTION_SCENES: readonly Scene[] = [
  { name: 'retention-policies', steps: async (page) => retained(page, 'Policies') },
  { name: 'retention-clock', core: { clockAhead: true }, steps: async (page) => retained(page, 'Policies') },
  {
    name: 'retention-clock-confirm',
    core: { clockAhead: true },
    steps: async (page) => {
      await retained(page, 'Policies');
      await page.getByRole('button', { name: 'The clock is right …' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'retention-set',
    steps: async (page) => {
      await retained(page, 'Policies');
      await page.getByRole('button', { name: 'Set how long production sessions of files are kept in this library' }).click();
      await page.getByRole('textbox', { name: 'Days' }).fill('45');
      await page.getByText('for good').waitFor();
      await page.getByRole('textbox', { name: 'Reason' }).fill('The quarter is audited');
    },
  },
  {
    name: 'retention-plan',
    steps: async (page) => {
      await retained(page, 'Policies');
      await page.getByRole('button', { name: 'Set how long production sessions of production are kept at the source' }).click();
      await page.getByRole('textbox', { name: 'Days' }).fill('60');
      await page.getByText('For the next sweep it changes nothing').waitFor();
      await page.getByRole('textbox', { name: 'Reason' }).fill('Its price list of November');
    },
  },
  {
    name: 'retention-clear',
    contrast: 'more',
    steps: async (page) => {
      await retained(page, 'Policies');
      await page.getByRole('button', { name: 'Set how long production sessions of files are kept in this library' }).click();
      await page.getByRole('radio', { name: /^None of its own/ }).check();
      await page.getByText('for good').waitFor();
      await page.getByRole('textbox', { name: 'Reason' }).fill('The quarter is audited');
    },
  },
  {
    name: 'retention-holds',
    steps: async (page) => {
      await retained(page, 'Legal holds');
      await page.getByRole('checkbox', { name: /released/ }).check();
    },
  },
  { name: 'retention-none', core: { retention: 'none' }, steps: async (page) => retained(page, 'Legal holds') },
  { name: 'retention-due', steps: async (page) => retained(page, 'Ends soon') },
  {
    name: 'retention-sweep',
    contrast: 'more',
    steps: async (page) => {
      await retained(page, 'Ends soon');
      await page.keyboard.press('w');
      await page.getByText('It purges').waitFor();
    },
  },
  {
    name: 'retention-purges',
    core: { purged: ['s-0033', 's-0036', 's-0039'] },
    steps: async (page) => retained(page, 'Purged'),
  },
  {
    name: 'retention-certificate',
    core: { purged: ['s-0033', 's-0036', 's-0039'] },
    steps: async (page) => {
      await retained(page, 'Purged');
      await page.getByRole('option', { name: /s-0036/ }).click();
      await page.getByRole('button', { name: 'Check it' }).click();
      await page.getByText('It holds, signed by this library.').waitFor();
    },
  },
  {
    name: 'retention-certificate-wrong',
    steps: async (page) => {
      await retained(page, 'Purged');
      await page.keyboard.press('v');
      await page.getByRole('textbox', { name: 'Certificate, byte for byte' }).fill('{"schema":"exhibit-purge/1"}');
      await page.getByRole('textbox', { name: 'Signature' }).fill('-----BEGIN SSH SIGNATURE-----');
      await page.getByRole('button', { name: 'Check it' }).click();
      await page.getByText('It does not hold.').waitFor();
    },
  },
  {
    name: 'sessions-retention',
    core: { purged: ['s-0027', 's-0056', 's-0084'] },
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('maintenance');
      await page.getByText(/fit the filter/).waitFor();
      await page.getByRole('button', { name: 'Choose columns' }).click();
      await page.getByRole('checkbox', { name: 'Left at source' }).check();
      await page.keyboard.press('Escape');
      await page.getByRole('columnheader', { name: 'Time left' }).getByRole('button').click();
      await page.waitForTimeout(250);
    },
  },
  {
    name: 'session-held',
    steps: async (page) => {
      await session(page, 's-0038');
      await page.getByText('Held by').or(page.getByText('H-0002')).first().waitFor();
    },
  },
  {
    name: 'session-purged',
    core: { purged: ['s-0027'] },
    steps: async (page) => session(page, 's-0027'),
  },
  {
    name: 'player-purged',
    core: { purged: ['s-0027'] },
    steps: async (page) => {
      await session(page, 's-0027');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.getByText('This recording was purged').waitFor();
    },
  },
  {
    name: 'hold',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('group:release-2026.10.2 user:ana');
      await page.getByText(/fit the filter/).waitFor();
      await page.keyboard.press('Enter');
      await page.keyboard.press('h');
      await page.getByRole('dialog', { name: 'Place a legal hold' }).waitFor();
    },
  },
  {
    name: 'live-actions',
    core: { live: true },
    steps: async (page) => {
      await session(page, 's-0025');
      await page.getByRole('button', { name: 'Revoke …' }).waitFor();
    },
  },
  {
    name: 'live-offline',
    core: { live: true, network: false },
    steps: async (page) => {
      await session(page, 's-0025');
      await page.getByText('Nothing can be done to it now').waitFor();
    },
  },
  {
    name: 'live-revoke',
    core: { live: true },
    steps: async (page) => {
      await session(page, 's-0025');
      await page.getByRole('button', { name: 'Revoke …' }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill('It was not announced, and nobody answers');
      await page.getByRole('textbox', { name: /^Type the session/ }).fill('s-00');
    },
  },
  {
    name: 'live-reconnect',
    core: { live: true },
    steps: async (page) => {
      await session(page, 's-0025');
      await page.getByRole('button', { name: 'Reconnect …' }).click();
      await page.getByRole('button', { name: 'Ask for the address' }).click();
      await page.getByText('wss://').waitFor();
    },
  },
  { name: 'case-offline', steps: async (page) => offline(page, 'Customer data copied') },
  {
    name: 'case-offline-making',
    core: { heldWork: true },
    steps: async (page) => {
      await offline(page, 'Customer data copied');
      await page.keyboard.press('m');
      await page.getByRole('progressbar', { name: 'Making the case ready' }).waitFor();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'case-offline-ready',
    steps: async (page) => {
      await offline(page, 'Customer data copied');
      await page.keyboard.press('m');
      await page.getByText('The case can be read without a network').waitFor();
    },
  },
  {
    name: 'case-receipt',
    steps: async (page) => {
      await offline(page, 'Customer data copied');
      await page.getByRole('button', { name: 'Receipt …' }).click();
      await page.getByRole('dialog', { name: 'Receipt' }).waitFor();
    },
  },
];
