// `shellTest`: a test of the window that runs in every shell. The shell is the project's; the core is the fake one unless a spec says
// `shellTest.use({ core: 'real' })`, which runs the built program on a new library in a temporary folder.

import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundlePage } from '../../build/bundle.ts';
import { writeDist } from '../../build/write-dist.ts';
import { NO_BROWSER, findBrowser } from '../../electron/shells/loopback/browser.ts';
import { startLoopback, type Loopback } from '../../electron/shells/loopback/loopback.ts';
import { bridgePort } from '../../shared/api/bridge.ts';
import { events, type Api } from '../../shared/api/contract.ts';
import { connect } from '../../shared/api/wire.ts';
import { ROOT, STANDIN, buildFakeApp } from '../support/desktop-app.ts';
import { openFakeCore } from '../support/fake-core.ts';
import { openPageBridge } from '../support/page-bridge.ts';
import { connectSocket } from '../support/socket-client.ts';

export type ShellName = 'loopback' | 'standin' | 'electron';

export interface ShellWindow {
  readonly page: Page;
  /** The page's own origin, as the page sees it. */
  readonly origin: string;
  /** Asks the core beside the page: to prepare, to look, or to steer the fake one (its settings `fake.*`). */
  readonly api: Api;
  /** Clicks on what starts a download and returns the saved file's path. */
  download(start: () => Promise<void>): Promise<string>;
  /** Screenshot under test-results/screens, named by shell. */
  picture(name: string): Promise<void>;
  /** Electron's side, where there is one. */
  readonly app: ElectronApplication | null;
}

interface Options {
  readonly shell: ShellName;
  readonly core: 'fake' | 'real';
}

interface Fixtures {
  readonly window: ShellWindow;
  /** A folder of this test alone. */
  readonly folder: string;
}

interface WorkerFixtures {
  readonly fakeApp: string;
  readonly pageFolder: string;
}

function temporary(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }) };
}

/** The user's folders, all inside of one: a test meets nobody's library. */
function userFolders(folder: string): Record<string, string> {
  const variables = { HOME: 'home', XDG_CONFIG_HOME: 'config', XDG_DATA_HOME: 'data', XDG_CACHE_HOME: 'cache' };
  return Object.fromEntries(
    Object.entries(variables).map(([name, place]) => {
      mkdirSync(join(folder, place), { recursive: true });
      return [name, join(folder, place)];
    }),
  );
}

async function startDesktop(shell: ShellName, appFolder: string, folder: string): Promise<ElectronApplication> {
  if (shell === 'standin') process.env['ELECTRON_OVERRIDE_DIST_PATH'] = STANDIN;
  else delete process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  return _electron.launch({
    args: [appFolder, `--user-data-dir=${join(folder, 'electron')}`, '--library', join(folder, 'library')],
    env: { ...(process.env as Record<string, string>), ...userFolders(folder) },
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** Waits until the page has put something on the screen. */
const drawn = (page: Page): Promise<void> => page.locator('#root > *').first().waitFor({ state: 'attached' });

const startFake = (page: string): Promise<Loopback> =>
  startLoopback(openFakeCore(), { page, token: randomBytes(32).toString('base64url') });

/** Runs the built loopback program and reads the address that it prints. */
async function startProgram(folder: string): Promise<Pick<Loopback, 'link' | 'close'>> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/window.js'), '--no-window', '--library', join(folder, 'library')], {
    env: { ...process.env, ...userFolders(folder) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0];
    if (link === undefined) continue;
    return {
      link,
      close: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('the window program ended before it printed an address');
}

const pictures =
  (page: Page, shell: ShellName) =>
  async (name: string): Promise<void> => {
    await page.screenshot({ path: join(ROOT, 'test-results/screens', `${name}.${shell}.png`) });
  };

export const shellTest = base.extend<Options & Fixtures, WorkerFixtures>({
  shell: ['loopback', { option: true }],
  core: ['fake', { option: true }],

  launchOptions: [
    async ({}, use) => {
      const executablePath = findBrowser();
      if (executablePath === null) throw new Error(NO_BROWSER);
      await use({ executablePath });
    },
    { scope: 'worker' },
  ],

  fakeApp: [
    async ({}, use) => {
      const { folder, remove } = await buildFakeApp();
      await use(folder);
      remove();
    },
    { scope: 'worker' },
  ],

  pageFolder: [
    async ({}, use) => {
      const { folder, remove } = temporary();
      writeDist(folder, await bundlePage(ROOT), 'test');
      await use(join(folder, 'page'));
      remove();
    },
    { scope: 'worker' },
  ],

  folder: async ({}, use) => {
    const { folder, remove } = temporary();
    await use(folder);
    remove();
  },

  window: async ({ shell, core, folder, fakeApp, pageFolder, browser }, use) => {
    if (shell !== 'loopback') {
      const app = await startDesktop(shell, core === 'fake' ? fakeApp : ROOT, folder);
      const page = await app.firstWindow();
      await page.waitForURL(({ href }) => href !== 'about:blank');
      await drawn(page);
      const saved = join(folder, 'saved');
      await use({
        page,
        app,
        origin: await page.evaluate(() => location.origin),
        api: connect(bridgePort(await openPageBridge(page), Object.keys(events))),
        download: async (start) => {
          const state = await app.evaluateHandle(({ session }, path) => {
            const { promise: ended, resolve } = Promise.withResolvers<string>();
            session.fromPartition('exhibit').once('will-download', (_event, item) => {
              item.setSavePath(path);
              item.once('done', (_done, outcome) => resolve(outcome));
            });
            // In an object, so that what is awaited here is the listener and not the download.
            return { ended };
          }, saved);
          await start();
          base.expect(await state.evaluate(({ ended }) => ended)).toBe('completed');
          return saved;
        },
        picture: pictures(page, shell),
      });
      await app.close();
      return;
    }

    const server = core === 'fake' ? await startFake(pageFolder) : await startProgram(folder);
    const client = await connectSocket(server.link);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.link);
    await drawn(page);
    await use({
      page,
      app: null,
      origin: new URL(server.link).origin,
      api: client.api,
      download: async (start) => {
        const download = page.waitForEvent('download');
        await start();
        return (await download).path();
      },
      picture: pictures(page, shell),
    });
    await context.close();
    client.close();
    await server.close();
  },
});

export const { expect } = base;
