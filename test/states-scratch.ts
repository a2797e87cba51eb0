import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { SHOWCASE, showcaseRecording } from './support/fake-showcase.ts';
import { openFakeCore } from './support/fake-core.ts';
import { buildPage, servePage } from './support/page-window.ts';
import { opened } from './support/page-scenes.ts';
const showcase = SHOWCASE.map(showcaseRecording).filter((r) => r !== null);
mkdirSync('/tmp/p3', { recursive: true });
const built = await buildPage();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
const only = process.argv[2] ?? '';
async function shot(name, opts, core, steps) {
  if (!name.includes(only)) return;
  const api = openFakeCore({ showcase, sessions: 213, ...core });
  const shell = await servePage(api, built);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...opts });
  const page = await context.newPage();
  page.on('pageerror', (e) => console.log(name, e.stack));
  page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
  await page.goto(shell.link);
  try { await steps(page, api); } catch (e) { console.log(name, String(e).slice(0, 500)); }
  await page.screenshot({ path: `/tmp/p3/${name}.png` });
  await context.close(); await shell.close();
}
const filterTo = async (page, text) => { await page.getByRole('searchbox', { name: 'Filter sessions' }).fill(text); await page.getByText(/^1 session/).waitFor(); };
await shot('playing', { colorScheme: 'light' }, {}, async (page) => {
  await opened(page, 'OPS-4127'); await page.keyboard.press('i'); for (let i = 0; i < 5; i++) await page.keyboard.press('>'); await page.keyboard.press('Space'); await page.waitForTimeout(5000); await page.mouse.move(900, 840); await page.waitForTimeout(200);
});
await shot('idle-menu', { colorScheme: 'dark', viewport: { width: 1024, height: 700 } }, {}, async (page) => {
  await opened(page, 'OPS-4127'); await page.getByRole('button', { name: 'Idle time' }).click(); await page.waitForTimeout(200);
});
await shot('goto-menu', { colorScheme: 'light', viewport: { width: 1024, height: 700 } }, {}, async (page) => {
  await opened(page, 'OPS-4127'); await page.keyboard.press('g'); await page.waitForTimeout(200);
});
await shot('locked', { colorScheme: 'dark' }, {}, async (page) => {
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('part 28'); await page.waitForTimeout(500);
  await page.keyboard.press('Enter'); await page.keyboard.press('Enter'); await page.getByText('This recording is locked').waitFor();
});
await shot('fail-open', { colorScheme: 'light' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await api.call('settings.set', { key: 'fake.fail', value: 'replay.timeline damaged' });
  await page.getByRole('grid').focus(); await page.keyboard.press('Enter'); await page.waitForTimeout(500);
});
await shot('fail-window', { colorScheme: 'light' }, {}, async (page, api) => {
  await opened(page, 'OPS-4127');
  await api.call('settings.set', { key: 'fake.fail', value: 'replay.window disk' });
  await page.keyboard.press('End'); await page.waitForTimeout(500);
});
await shot('hang-window', { colorScheme: 'dark' }, {}, async (page, api) => {
  await opened(page, 'OPS-4127');
  await api.call('settings.set', { key: 'fake.hang', value: 'replay.window' });
  await page.keyboard.press('End'); await page.waitForTimeout(600);
});
await shot('fail-list', { colorScheme: 'light' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await api.call('settings.set', { key: 'fake.fail', value: 'sessions.list damaged' });
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('maint'); await page.waitForTimeout(600);
});
await shot('hang-list', { colorScheme: 'light' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await api.call('settings.set', { key: 'fake.hang', value: 'sessions.list' });
  await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('maint'); await page.waitForTimeout(600);
});
const job = (o) => ({ id: 'job-9', kind: 'import', title: 'import recordings', state: 'running', done: 37, total: 120, unit: 'files', detail: 'night/2026-11-21.cast', startedAt: '2026-11-21T10:00:00Z', failure: null, ...o });
await shot('jobs', { colorScheme: 'dark' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  for (const j of [job({}), job({ id: 'job-10', kind: 'index', title: 'index 12 sessions', done: 3, total: 12, unit: 'sessions', detail: 'prod-db-1' }), job({ id: 'job-11', kind: 'verify', title: 'verify library', state: 'failed', failure: { kind: 'damaged', what: 'verify library', why: 'page 12 is damaged', todo: 'restore a backup' } })])
    await api.call('settings.set', { key: 'fake.emit', value: JSON.stringify({ name: 'job', value: j }) });
  await page.waitForTimeout(300); await page.getByRole('button', { name: /jobs|job/i }).first().click(); await page.waitForTimeout(200);
});
await shot('import', { colorScheme: 'light' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  await page.getByRole('button', { name: 'Import recordings' }).click(); await page.waitForTimeout(200);
});
await shot('import-done', { colorScheme: 'light' }, {}, async (page, api) => {
  await page.getByRole('grid', { name: 'Sessions' }).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+O')]);
  await chooser.setFiles(['/work/main/build/sample/incident-main.cast', '/work/main/build/sample/incident-exec-1-nightly-backup.cast']);
  await page.waitForTimeout(800);
});
await shot('zoom200', { colorScheme: 'light', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, {}, async (page) => { await page.getByRole('grid', { name: 'Sessions' }).waitFor(); await page.waitForTimeout(300); });
await shot('zoom200-player', { colorScheme: 'dark', viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 }, {}, async (page) => { await page.getByRole('grid', { name: 'Sessions' }).waitFor(); await opened(page, 'OPS-4127'); await page.keyboard.press('End'); await page.waitForTimeout(300); });
await shot('zoom200-export', { colorScheme: 'light', viewport: { width: 512, height: 350 }, deviceScaleFactor: 2 }, {}, async (page) => { await page.getByRole('grid', { name: 'Sessions' }).waitFor(); await page.keyboard.press('e'); await page.waitForTimeout(300); });
await shot('contrast-player', { colorScheme: 'dark', contrast: 'more' }, {}, async (page) => { await opened(page, 'OPS-4127'); await page.keyboard.press('End'); await page.waitForTimeout(300); });
await shot('forced', { colorScheme: 'dark', forcedColors: 'active' }, {}, async (page) => { await opened(page, 'OPS-4127'); await page.keyboard.press('End'); await page.waitForTimeout(300); });
await shot('no-panel', { colorScheme: 'light', viewport: { width: 1024, height: 700 } }, {}, async (page) => { await opened(page, 'OPS-4127'); await page.keyboard.press('\\'); await page.waitForTimeout(300); await page.keyboard.press('End'); await page.waitForTimeout(300); });
await browser.close(); built.remove();
