// Pictures of every state of the window, to be looked at: `node test/support/page-pictures.ts FOLDER [PART OF A NAME]`. Each scene is
// shown light and dark, large and small, on a fake core.

import { chromium, type Browser, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../../electron/shells/loopback/browser.ts';
import { SHOWCASE, showcaseRecording } from './fake-showcase.ts';
import { openFakeCore, type FakeCoreOptions } from './fake-core.ts';
import { buildPage, servePage, type BuiltPage } from './page-window.ts';
import type { Scene } from './page-scenes-common.ts';
import { SCENES } from './page-scenes.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;

const showcase = SHOWCASE.map(showcaseRecording).filter((recording) => recording !== null);

async function picture(
  browser: Browser,
  built: BuiltPage,
  scene: Scene,
  scheme: 'light' | 'dark',
  size: (typeof SIZES)[number],
  file: string,
): Promise<void> {
  const options: FakeCoreOptions = { showcase, sessions: 213, ...scene.core };
  const shell = await servePage(openFakeCore(options), built);
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme,
    contrast: scene.contrast ?? 'no-preference',
    reducedMotion: 'reduce',
  });
  const page: Page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') process.stdout.write(`${scene.name}: ${message.text()}\n`);
  });
  page.on('pageerror', (error) => process.stdout.write(`${scene.name}: ${error.stack ?? error.message}\n`));
  try {
    await page.goto(shell.link);
    await scene.steps(page);
    await page.screenshot({ path: file });
  } catch (error) {
    process.stdout.write(`${scene.name}: ${String(error)}\n`);
    await page.screenshot({ path: file });
  }
  await context.close();
  await shell.close();
}

const [, , folder = '', wanted = '', only = ''] = process.argv;
if (folder === '') throw new Error('usage: node test/support/page-pictures.ts FOLDER [PART OF A NAME] [light-1440]');
mkdirSync(folder, { recursive: true });
const built = await buildPage();
const browser = await chromium.launch({ executablePath: findBrowser()! });
for (const scene of SCENES.filter(({ name }) => name.includes(wanted))) {
  for (const scheme of ['light', 'dark'] as const) {
    for (const size of SIZES) {
      const name = `${scheme}-${String(size.width)}`;
      if (!name.includes(only)) continue;
      await picture(browser, built, scene, scheme, size, join(folder, `${scene.name}.${name}.png`));
    }
  }
}
await browser.close();
built.remove();
