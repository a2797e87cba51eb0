// The built program on the real core, in every shell: it starts on a folder without a library, and ends without leaving a lock.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, shellTest } from '../fixtures.ts';

shellTest.use({ core: 'real' });

shellTest('the built program starts where there is no library yet', async ({ window: { api, page }, folder }) => {
  await expect(page).toHaveTitle(/Exhibit/);
  expect(await api.call('vault.status', null)).toMatchObject({ state: 'absent', library: join(folder, 'library') });
});

shellTest('a library made in the window stands in the folder that was named', async ({ window: { api }, folder }) => {
  const passphrase = 'correct horse battery staple';
  expect(await api.call('vault.create', { protection: 'passphrase', passphrase })).toMatchObject({ state: 'unlocked' });
  expect(readdirSync(join(folder, 'library'))).toContain('vault.json');
  expect(await api.call('sessions.list', { filter: {} })).toMatchObject({ total: 0 });
  expect(await api.call('vault.lock', null)).toMatchObject({ state: 'locked' });
});
