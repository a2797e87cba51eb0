// Scenes of the history, and of what the player shows of it: see page-scenes.ts.

import type { Page } from '@playwright/test';
import { goTo, listed, opened, type Scene } from './page-scenes-common.ts';

/** Goes to the history and waits for its first rows and the details of one. */
export const historyShown = async (page: Page): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+2');
  await page.getByRole('grid', { name: 'History' }).waitFor();
  await page.locator('#history-line-0').waitFor();
  await page.getByRole('heading', { name: 'Where this was found' }).waitFor();
};

const grouped = async (page: Page, by: string): Promise<void> => {
  await historyShown(page);
  await page.getByRole('combobox', { name: 'Group by' }).selectOption(by);
  await page.getByRole('treegrid', { name: 'History' }).focus();
  await page.locator('#history-line-0[aria-expanded]').waitFor();
};

const candidate = async (page: Page): Promise<void> => {
  await historyShown(page);
  await page.getByRole('searchbox', { name: 'Filter the history' }).fill('h-ts-1');
  await page.getByText(/fits? the view/).waitFor();
  await page.getByRole('button', { name: 'Join a recording …' }).waitFor();
};

export const HISTORY_SCENES: readonly Scene[] = [
  { name: 'history', steps: historyShown },
  {
    name: 'history-facets',
    steps: async (page) => {
      await historyShown(page);
      await page.keyboard.press('f');
      await page.getByRole('checkbox', { name: /^production/ }).check();
      await page.getByRole('checkbox', { name: /^At source/ }).check();
      await page.getByText(/fit the view/).waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'history-groups',
    steps: async (page) => {
      await grouped(page, 'initiator');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.locator('[role="row"][aria-level="2"]').first().waitFor();
      await page.keyboard.press('ArrowRight');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'history-views',
    steps: async (page) => {
      await historyShown(page);
      await page.keyboard.press('v');
      await page.getByRole('button', { name: 'Leaving their source first' }).click();
      await page.getByText(/fit the view/).waitFor();
      await page.getByRole('button', { name: /Leaving their source/ }).click();
      await page.getByRole('textbox', { name: 'Save this view as' }).fill('What to fetch this week');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('button', { name: /What to fetch/ }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'history-join',
    steps: async (page) => {
      await candidate(page);
      await page.getByRole('button', { name: 'Join a recording …' }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill('The operator named the session in the ticket');
    },
  },
  {
    name: 'history-export',
    steps: async (page) => {
      await historyShown(page);
      await page.getByRole('button', { name: 'Export', exact: true }).last().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'history-columns',
    steps: async (page) => {
      await historyShown(page);
      await page.getByRole('button', { name: 'Choose columns' }).last().click();
      await page.waitForTimeout(150);
    },
  },
  { name: 'history-withheld', core: { withheld: true }, steps: historyShown },
  { name: 'history-contrast', contrast: 'more', steps: historyShown },
  {
    name: 'history-none',
    steps: async (page) => {
      await historyShown(page);
      await page.getByRole('searchbox', { name: 'Filter the history' }).fill('nothing like this');
      await page.getByText('No session fits the view').waitFor();
    },
  },
  {
    name: 'history-empty',
    core: { sessions: 0, showcase: [] },
    steps: async (page) => {
      await page.getByRole('button', { name: 'Open the sample case' }).waitFor();
      await page.keyboard.press('Alt+2');
      await page.getByText('No session is known yet').waitFor();
    },
  },
  {
    name: 'player-history',
    steps: async (page) => {
      await opened(page, 's-0020');
      await goTo(page, '0:20');
      await page.keyboard.press('v');
      await page.waitForTimeout(500);
    },
  },
];
