// What lies over the recorded screen in the player.

import { expect, shellTest } from '../fixtures.ts';
import { goTo, opened } from '../../support/page-scenes-common.ts';

shellTest.use({ core: 'real' });

shellTest('the bar of the scrollback shows under the pointer, and on no screen that has none', async ({ window }) => {
  const { api, page } = window;
  await api.call('vault.create', { protection: 'passphrase', passphrase: 'correct horse battery staple' });
  const { job } = await api.call('import.sample', null);
  await api.call('jobs.wait', { job });
  const bar = page.locator('.stage .scrollbar.vertical');
  await opened(page, 'OPS-4127');
  await goTo(page, '250');
  await page.locator('.stage').hover();
  await expect(bar).toHaveCSS('opacity', '1');
  await goTo(page, '260');
  await expect(page.getByText('alternate screen', { exact: true })).toBeVisible();
  await expect(bar).toHaveCSS('opacity', '0');
});
