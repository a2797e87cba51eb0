// Every state of the window that a user meets: free of faults for assistive technology, in both themes and sizes and at 200 %, and nothing
// sticks out of the window. Pictures of all of them go to test-results/scenes.

import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { findBrowser, NO_BROWSER } from '../../../electron/shells/loopback/browser.ts';
import { axeFaults } from '../../support/axe.ts';
import { ROOT } from '../../support/desktop-app.ts';
import { openFakeCore } from '../../support/fake-core.ts';
import { SHOWCASE, showcaseRecording } from '../../support/fake-showcase.ts';
import { SCENES } from '../../support/page-scenes.ts';
import { buildPage, servePage, type BuiltPage } from '../../support/page-window.ts';

const executablePath = findBrowser();
if (executablePath === null) throw new Error(NO_BROWSER);
test.use({ launchOptions: { executablePath } });

const showcase = SHOWCASE.map(showcaseRecording).filter((recording) => recording !== null);
let built: BuiltPage;

test.beforeAll(async () => {
  built = await buildPage();
});
test.afterAll(() => built.remove());

for (const scene of SCENES) {
  test(`nothing is wrong with the scene ${scene.name}`, async ({ browser }) => {
    for (const [colorScheme, width, height] of [
      ['light', 1440, 900],
      ['dark', 1024, 700],
      // What a window of 1440 by 900 holds at 200 %.
      ['dark', 720, 450],
    ] as const) {
      const shell = await servePage(openFakeCore({ showcase, sessions: 213, ...scene.core }), built);
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        contrast: scene.contrast ?? 'no-preference',
        reducedMotion: 'reduce',
        bypassCSP: true,
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(shell.link);
      await scene.steps(page);
      await page.screenshot({ path: join(ROOT, 'test-results/scenes', `${scene.name}.${colorScheme}-${String(width)}.png`) });
      // Recorded colours are shown as they were; the same text stands beside them for those who do not see it.
      expect(await axeFaults(page, '.xterm-rows')).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      expect(errors).toEqual([]);
      await context.close();
      await shell.close();
    }
  });
}
