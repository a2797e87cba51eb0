// What scenes of every part of the window need: the shape of a scene, and the first steps.

import type { Page } from '@playwright/test';
import type { FakeCoreOptions } from './fake-core.ts';

export interface Scene {
  readonly name: string;
  readonly core?: FakeCoreOptions;
  readonly contrast?: 'more';
  readonly steps: (page: Page) => Promise<void>;
}

export const listed = async (page: Page): Promise<void> => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await page.getByText('What is proven').waitFor();
};

/** Opens a session by its title from the list, and waits for its first picture. */
export const opened = async (page: Page, title: string): Promise<void> => {
  await listed(page);
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill(title);
  await page.getByText(/^1 session/).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('toolbar', { name: 'Playback' }).waitFor();
  await page.locator('.xterm-rows').waitFor();
};

/** Asks the player for a moment; its screen follows. */
export const goTo = async (page: Page, moment: string): Promise<void> => {
  await page.keyboard.press('g');
  await page.getByRole('textbox', { name: 'Moment' }).fill(moment);
  await page.keyboard.press('Enter');
};
