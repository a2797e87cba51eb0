// States of the window that are worth a picture, and that must be free of faults for assistive technology: how each is reached.

import type { Page } from '@playwright/test';
import { CASE_SCENES } from './case-scenes.ts';
import { HISTORY_SCENES } from './history-scenes.ts';
import { goTo, listed, opened, type Scene } from './page-scenes-common.ts';
import { RETENTION_SCENES } from './retention-scenes.ts';

const shownAt = async (page: Page, moment: string): Promise<void> => {
  await goTo(page, moment);
  await page.waitForTimeout(400);
};

const lockedSession = async (page: Page, id: string): Promise<void> => {
  await listed(page);
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill(id);
  await page.getByText('1 session fits the filter').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText('This recording is locked').waitFor();
  await page.getByRole('listbox', { name: 'Events, sealed' }).getByRole('option').first().waitFor();
  await page.waitForTimeout(500);
};

const sourced = async (page: Page): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+5');
  await page.getByRole('region', { name: 'Source production' }).waitFor();
};

const keyed = async (page: Page): Promise<void> => {
  await listed(page);
  await page.keyboard.press('Alt+5');
  await page.getByRole('tab', { name: 'This device' }).click();
  await page.getByRole('button', { name: 'Public keys …' }).waitFor();
};

const grouped = async (page: Page, words: string): Promise<void> => {
  await listed(page);
  await page.getByRole('button', { name: 'Session groups' }).click();
  await page.getByRole('searchbox', { name: 'Filter groups' }).fill(words);
  await page.getByRole('listbox', { name: 'Session groups' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Sessions of the group' }).waitFor();
  await page.waitForTimeout(300);
};

export const SCENES: readonly Scene[] = [
  {
    name: 'create',
    core: { vault: 'absent' },
    steps: async (page) => page.getByRole('heading', { name: 'Create your library' }).waitFor(),
  },
  {
    name: 'create-passphrase',
    core: { vault: 'absent', keychain: false },
    steps: async (page) => {
      await page.getByRole('textbox', { name: 'Passphrase' }).fill('mossy lantern quarry');
      await page.getByRole('textbox', { name: 'The same again' }).fill('mossy lant');
    },
  },
  {
    name: 'unlock-wrong',
    core: { vault: 'locked', protection: 'passphrase' },
    steps: async (page) => {
      await page.getByRole('textbox', { name: 'Passphrase' }).fill('wrong');
      await page.getByRole('button', { name: 'Unlock' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'first-run',
    core: { sessions: 0, showcase: [] },
    steps: async (page) => page.getByRole('button', { name: 'Open the sample case' }).waitFor(),
  },
  { name: 'sessions', steps: listed },
  {
    name: 'sessions-filter',
    steps: async (page) => {
      await listed(page);
      await page
        .getByRole('searchbox', { name: 'Filter sessions' })
        .fill('maintenance user:ana environment:production from:2026-13-01');
      await page.getByText('fit the filter').waitFor();
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('combobox', { name: 'Session group' }).waitFor();
    },
  },
  {
    name: 'sessions-columns',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: 'Choose columns' }).click();
      await page.waitForTimeout(100);
    },
  },
  {
    name: 'sessions-none',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('nothing like this');
      await page.getByText('No session fits').waitFor();
    },
  },
  {
    name: 'export',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: 'Export' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'export-several',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('grid', { name: 'Sessions' }).focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowDown');
      await page.getByRole('button', { name: 'Export' }).first().click();
      await page.getByRole('dialog').getByText('One ZIP archive').waitFor();
    },
  },
  {
    name: 'export-several-handed',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('grid', { name: 'Sessions' }).focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowDown');
      await page.getByRole('button', { name: 'Export' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByText('handed to your downloads').waitFor();
    },
  },
  {
    name: 'import',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('Or drop files').waitFor();
    },
  },
  {
    name: 'palette',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Control+K');
      await page.getByRole('combobox').fill('so du');
    },
  },
  {
    name: 'shortcuts',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'search',
    steps: async (page) => {
      await listed(page);
      await page.locator('#top-search').fill('customers');
      await page.keyboard.press('Enter');
      await page.getByRole('listbox', { name: 'Hits' }).waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'search-intro',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+3');
      await page.getByText('Search every recording', { exact: true }).first().waitFor();
    },
  },
  {
    name: 'search-fault',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+3');
      await page.getByRole('combobox', { name: 'Search for' }).fill('customers usr:ops "not closed');
      await page.getByText('this quote is not closed').waitFor();
    },
  },
  {
    name: 'search-completion',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+3');
      await page.getByRole('combobox', { name: 'Search for' }).pressSequentially('customers se');
      await page.getByRole('listbox', { name: 'What may stand here' }).waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  {
    name: 'watchlists',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+3');
      await page.getByRole('button', { name: 'Watchlists' }).click();
      await page.getByRole('listbox', { name: 'Report of Bad hosts' }).waitFor();
    },
  },
  {
    name: 'watchlist-fault',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+3');
      await page.getByRole('button', { name: 'Watchlists' }).click();
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('textbox', { name: 'Indicators' }).fill('evil.example\nall of (a, /(/)\n"open');
      await page.getByRole('button', { name: 'Line 2, column 13' }).click();
    },
  },
  {
    name: 'custody',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+6');
      await page.getByRole('table').waitFor();
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await page.getByText('The chain is intact').waitFor();
      await page.getByText('parts: 3', { exact: true }).click();
      await page.getByText('name: timing, role: original').waitFor();
    },
  },
  {
    name: 'settings',
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+8');
      await page.getByText('Terminal emulator').waitFor();
    },
  },
  {
    name: 'player',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await shownAt(page, '105');
    },
  },
  {
    name: 'player-zoom',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await shownAt(page, '240');
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await page.keyboard.press('v');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'player-find',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await page.keyboard.press('/');
      await page.getByRole('searchbox', { name: 'Find in the recording' }).fill('customers');
      await page.keyboard.press('Enter');
      await page.getByRole('listbox', { name: 'Hits' }).waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'player-details',
    steps: async (page) => {
      await opened(page, 'broken-line');
      await page.keyboard.press('d');
      await page.getByRole('tab', { name: 'Details', selected: true }).waitFor();
    },
  },
  {
    name: 'player-bidi',
    steps: async (page) => {
      await opened(page, 'bidi.cast');
      await shownAt(page, 'end');
    },
  },
  {
    name: 'player-truecolour',
    steps: async (page) => {
      await opened(page, 'colours');
      await shownAt(page, '5');
    },
  },
  {
    name: 'player-idle',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await page.getByRole('button', { name: 'Idle in full' }).click();
      await page.getByText('Pauses are played').waitFor();
    },
  },
  {
    name: 'player-bytes',
    steps: async (page) => {
      await opened(page, 'colours');
      await shownAt(page, '5');
      await page.keyboard.press('b');
      await page.getByRole('listbox', { name: 'Sequences of the event' }).waitFor();
    },
  },
  {
    name: 'player-hex',
    steps: async (page) => {
      await opened(page, 'colours');
      await shownAt(page, '5');
      await page.keyboard.press('b');
      await page.getByRole('listbox', { name: 'Sequences of the event' }).getByRole('option').nth(1).click();
      await page.getByRole('listbox', { name: 'Bytes of the event in hex' }).waitFor();
      await page.mouse.move(300, 300);
    },
  },
  {
    name: 'player-bytes-none',
    steps: async (page) => {
      await opened(page, 'header-only');
      await page.keyboard.press('b');
      await page.getByText('Nothing has happened yet').waitFor();
    },
  },
  {
    name: 'player-hidden',
    steps: async (page) => {
      await opened(page, 'hidden');
      await page.keyboard.press('u');
      await page.getByRole('listbox', { name: 'Hidden text' }).waitFor();
      await page.keyboard.press('h');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'player-hidden-none',
    steps: async (page) => {
      await opened(page, 'resize');
      await page.keyboard.press('u');
      await page.getByText('No hidden text').waitFor();
    },
  },
  {
    name: 'player-hover',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      const timeline = page.getByRole('slider', { name: 'Position in the recording' });
      await timeline.scrollIntoViewIfNeeded();
      const box = (await timeline.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.6, box.y + Math.min(80, box.height / 2));
      await page.locator('.thumbnail.there').waitFor({ state: 'attached' });
    },
  },
  {
    name: 'player-live',
    core: { live: true },
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await page.keyboard.press('l');
      await page.getByRole('button', { name: 'Live', pressed: true }).waitFor();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'player-contrast',
    contrast: 'more',
    steps: async (page) => {
      await opened(page, 'OPS-4127');
      await shownAt(page, '105');
      await page.keyboard.press('b');
      await page.getByRole('listbox', { name: 'Sequences of the event' }).waitFor();
    },
  },
  {
    name: 'player-locked',
    steps: async (page) => {
      await lockedSession(page, 's-0148');
    },
  },
  {
    name: 'player-locked-granted',
    steps: async (page) => lockedSession(page, 's-0028'),
  },
  {
    name: 'player-locked-key',
    steps: async (page) => lockedSession(page, 's-0048'),
  },
  {
    name: 'sessions-locked',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('s-0148');
      await page.getByText('1 session fits the filter').waitFor();
      await page.getByRole('button', { name: 'Choose columns' }).click();
      await page.getByRole('checkbox', { name: 'Lock' }).check();
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('format:rstream user:dora');
      await page.locator('.session-table .cell.lock .badge').first().waitFor();
      await page.keyboard.press('Enter');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'export-locked',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('s-0148');
      await page.getByText('1 session fits the filter').waitFor();
      await page.keyboard.press('Enter');
      await page.keyboard.press('e');
      await page.getByText('This session is locked').waitFor();
    },
  },
  {
    name: 'sources',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('t');
      await page.getByText('Sessions read').waitFor();
    },
  },
  {
    name: 'sources-expired',
    steps: async (page) => {
      await sourced(page);
      await page.getByRole('listbox', { name: 'Sources' }).focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('region', { name: 'Source staging' }).waitFor();
      await page.keyboard.press('t');
      await page.getByRole('alert').nth(1).waitFor();
    },
  },
  {
    name: 'sources-token',
    steps: async (page) => {
      await sourced(page);
      await page.getByRole('button', { name: 'Replace token …' }).click();
      await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
      await page.getByRole('button', { name: 'Replace the token' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'sources-none',
    core: { sources: false },
    steps: async (page) => {
      await listed(page);
      await page.keyboard.press('Alt+5');
      await page.getByText('No source yet').waitFor();
    },
  },
  {
    name: 'sources-add',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('n');
      await page.getByRole('textbox', { name: 'Name' }).fill('audit');
      await page.getByRole('textbox', { name: 'Engine address' }).fill('edge-7f3a.eu.rstream.example');
      await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
      await page.getByRole('button', { name: 'Add the source' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'sources-add-stackshift',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('n');
      await page.getByRole('textbox', { name: 'Name' }).fill('platform');
      await page.getByRole('radio', { name: 'StackShift' }).check();
      await page.getByText('Paths of its interface').click();
      await page.getByRole('textbox', { name: 'Paths that differ' }).fill('sessions');
    },
  },
  {
    name: 'sources-stackshift',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('n');
      await page.getByRole('textbox', { name: 'Name' }).fill('platform');
      await page.getByRole('radio', { name: 'StackShift' }).check();
      await page.getByRole('textbox', { name: 'Token' }).fill('sspat_sample');
      await page.getByText('Paths of its interface').click();
      await page.getByRole('textbox', { name: 'Paths that differ' }).fill('sessions=/api/v1/terminal/history');
      await page.getByRole('button', { name: 'Add the source' }).click();
      await page.getByRole('region', { name: 'Source platform' }).getByText('/api/v1/terminal/history').waitFor();
    },
  },
  {
    name: 'sources-remove',
    steps: async (page) => {
      await sourced(page);
      await page.getByRole('button', { name: 'Remove …' }).click();
      await page.getByRole('dialog', { name: 'Remove the source' }).waitFor();
    },
  },
  {
    name: 'sync-options',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('o');
      await page.getByText('Only some sessions').click();
      await page.getByText('Server’s ID').waitFor();
    },
  },
  {
    name: 'sync-running',
    core: { heldSync: true },
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('y');
      await page.getByText('27 of 47').waitFor();
    },
  },
  {
    name: 'sync-jobs',
    core: { heldSync: true },
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('y');
      await page.getByText('27 of 47').waitFor();
      await page.getByRole('button', { name: /synchronise production/ }).click();
      await page.getByText('27 of 47 sessions').waitFor();
    },
  },
  {
    name: 'sync-report',
    steps: async (page) => {
      await sourced(page);
      await page.keyboard.press('Shift+Y');
      await page.getByRole('region', { name: 'Latest synchronisation' }).getByRole('button', { name: 'Show the report' }).click();
      await page.getByRole('table', { name: 'Sessions of this synchronisation' }).waitFor();
    },
  },
  {
    name: 'device',
    steps: async (page) => {
      await keyed(page);
      await page.getByText('The workspace trusts this device.').waitFor();
    },
  },
  {
    name: 'device-pending',
    core: { keys: 'pending' },
    steps: async (page) => {
      await keyed(page);
      await page.getByText('Asked last at').waitFor();
    },
  },
  {
    name: 'device-none',
    core: { keys: 'none' },
    steps: async (page) => {
      await keyed(page);
      await page.getByText('This device has no keys').waitFor();
    },
  },
  {
    name: 'device-enrol',
    steps: async (page) => {
      await keyed(page);
      await page.keyboard.press('n');
      await page.getByRole('option', { name: /Harbour Operations/ }).waitFor({ state: 'attached' });
    },
  },
  {
    name: 'device-enrol-unlisted',
    steps: async (page) => {
      await keyed(page);
      await page.keyboard.press('n');
      await page.getByRole('combobox', { name: 'Source' }).selectOption('staging');
      await page.getByText('could not be listed').waitFor();
    },
  },
  {
    name: 'device-export',
    steps: async (page) => {
      await keyed(page);
      await page.getByRole('button', { name: 'Public keys …' }).click();
      await page.getByRole('region', { name: 'Public keys' }).waitFor();
    },
  },
  {
    name: 'groups',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: 'Session groups' }).click();
      await page.getByRole('listbox', { name: 'Session groups' }).waitFor();
    },
  },
  {
    name: 'groups-none',
    core: { sessions: 20, showcase: [] },
    steps: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: 'Session groups' }).click();
      await page.getByText('No session belongs to a group').waitFor();
    },
  },
  {
    name: 'group',
    steps: async (page) => {
      await grouped(page, 'release-2026.10.2');
      await page.keyboard.press(']');
      await page.keyboard.press(']');
      await page.keyboard.press('Shift+ArrowRight');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'group-sample',
    steps: async (page) => {
      await grouped(page, 'sample');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'group-export',
    steps: async (page) => {
      await grouped(page, 'release-2026.10.2');
      await page.keyboard.press('e');
      await page.getByRole('dialog', { name: 'Export session group' }).waitFor();
    },
  },
  {
    name: 'sessions-group',
    steps: async (page) => {
      await listed(page);
      await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('group:release-2026.10.2');
      await page.getByText('7 sessions fit the filter').waitFor();
      await page.getByRole('button', { name: 'list it alone' }).waitFor();
    },
  },
  {
    name: 'player-empty',
    steps: async (page) => {
      await opened(page, 'header-only');
      await page.getByRole('heading', { name: 'This recording is empty' }).waitFor();
      await page.getByRole('button', { name: 'Play', exact: true, disabled: true }).waitFor();
    },
  },
  { name: 'contrast', contrast: 'more', steps: listed },
  ...CASE_SCENES,
  ...HISTORY_SCENES,
  ...RETENTION_SCENES,
];
