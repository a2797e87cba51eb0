// verify.html, the verifier that lies in every bundle, in a real browser from file:// with the network off: it says the same as the command line
// of the same bundles, and nothing is wrong with it for assistive technology, in light and dark.

import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleVerifier } from '../../../build/verifier.ts';
import { verifyBundleAt } from '../../../electron/export/verify/verify.ts';
import { findBrowser, NO_BROWSER } from '../../../electron/shells/loopback/browser.ts';
import { axeFaults } from '../../support/axe.ts';
import { PRODUCER, REVIEWER, fingerprintOf, packBundle, sampleSpec, testBundle } from '../../support/bundle.ts';
import { ROOT } from '../../support/desktop-app.ts';

const executablePath = findBrowser();
if (executablePath === null) throw new Error(NO_BROWSER);
test.use({ launchOptions: { executablePath } });

// Made and removed by each worker, more than once: a worker runs the tests of this file in groups.
let folder = '';
const html = (): string => join(folder, 'verify.html');
const trusted = [PRODUCER, REVIEWER].map(({ key }) => fingerprintOf(key));

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-page-'));
  for (const { name, content } of await bundleVerifier(ROOT)) if (name.endsWith('.html')) writeFileSync(html(), content);
  execFileSync(process.execPath, [join(ROOT, 'test/support/write-derived-bundles.ts'), folder]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fromCore = (name: string) => (): Buffer => readFileSync(join(folder, `${name}.zip`));

const signed = testBundle(sampleSpec(), [PRODUCER, REVIEWER]);
const bit = Buffer.from(signed.get('data/recordings/bbb222/original/0-session.cast')!);
bit[100]! ^= 4;
const BUNDLES = [
  { name: 'trusted', zip: packBundle(signed).zip, verdict: 'TRUSTED' },
  { name: 'derived', zip: fromCore('derived'), verdict: 'TRUSTED' },
  { name: 'forged', zip: fromCore('forged'), verdict: 'ALTERED' },
  {
    name: 'one bit changed',
    zip: packBundle(new Map(signed).set('data/recordings/bbb222/original/0-session.cast', bit)).zip,
    verdict: 'ALTERED',
  },
  { name: 'unsigned', zip: packBundle(testBundle(sampleSpec(), [])).zip, verdict: 'INTACT, UNSIGNED' },
  { name: 'none', zip: Buffer.from('nothing of the kind'), verdict: 'UNREADABLE' },
];

for (const { name, zip, verdict } of BUNDLES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`says of a bundle (${name}, ${colorScheme}) what the command line says`, async ({ browser }) => {
      const path = join(folder, `${name}-${colorScheme}.zip`);
      writeFileSync(path, typeof zip === 'function' ? zip() : zip);
      const context = await browser.newContext({ colorScheme, offline: true, viewport: { width: 720, height: 900 } });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) faults.push(request.url());
      });
      await page.goto(pathToFileURL(html()).href);
      await page.getByLabel(/Fingerprints/).fill(trusted.join('\n'));
      await page.getByLabel(/Bundle/).setInputFiles(path);
      await expect(page.getByRole('heading', { level: 2, name: verdict, exact: true })).toBeFocused();
      const shown = JSON.parse((await page.locator('#json').textContent())!) as unknown;
      expect(shown).toEqual(await verifyBundleAt(path, { trusted: new Set(trusted), authorities: [] }));
      expect(await axeFaults(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await page.screenshot({
        path: join(ROOT, 'test-results/scenes', `verify-${verdict.replaceAll(/[ ,]+/g, '-')}.${colorScheme}.png`),
        fullPage: true,
      });
      await context.close();
    });
  }
}
