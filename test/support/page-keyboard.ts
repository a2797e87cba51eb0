// What specs that work the window by keyboard alone have in common.

import { expect, type Page } from '@playwright/test';
import { listed } from './page-scenes-common.ts';

export const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Opens the first session that fits, and waits for its picture. */
export const openedByKeys = async (page: Page, filter: string): Promise<void> => {
  await listed(page);
  await press(page, '/');
  await page.keyboard.type(filter);
  await press(page, 'Enter');
  await expect(page.getByRole('grid', { name: 'Sessions' })).toBeFocused();
  await press(page, 'Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  await page.locator('.xterm-rows').waitFor();
};

/** Where the player stands, in milliseconds, once it stands. */
export const position = async (page: Page): Promise<number> => {
  await page.locator('.stage-box[aria-busy="false"]').waitFor();
  return Number(await page.getByRole('slider', { name: 'Position in the recording' }).getAttribute('aria-valuenow'));
};
