// Seeking in the window against asciinema-player, both in the same Chromium and on the same asciicast: from the submission of a moment to the
// first frame in which the terminal shows what the core says stands there; from the call of `seek` to the frame after it is done. Both are asked
// by a script: after a real key or click, Chromium holds back every message until it has drawn a frame, and no player can do anything about it.

import { chromium, type Browser } from '@playwright/test';
import { spawn } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NO_BROWSER, findBrowser } from '../../electron/shells/loopback/browser.ts';
import { PASSPHRASE } from '../support/core.ts';
import { connectSocket } from '../support/socket-client.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PLAYER = join(ROOT, 'node_modules/asciinema-player/dist/bundle');

/** Milliseconds of each seek. */
export interface Seeks {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What the pages below keep for us. */
interface Watched {
  asked: number;
  seen: { readonly at: number; readonly text: string }[];
}

async function ourSeeks(browser: Browser, folder: string, cast: string, moments: readonly number[]): Promise<number[]> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/window.js'), '--no-window', '--library', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let link: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      link = /http:\/\/127\.0\.0\.1:\S+/.exec(line)?.[0];
      if (link !== undefined) break;
    }
    if (link === undefined) throw new Error('the window program ended before it printed an address');
    const { api, close } = await connectSocket(link);
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.goto(link);
    await api.call('vault.unlock', { passphrase: PASSPHRASE });
    await page.getByRole('grid', { name: 'Sessions' }).waitFor();
    const { id } = (await api.call('sessions.list', { filter: {} })).sessions[0]!;
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.xterm-rows').waitFor();
    await page.evaluate(() => {
      const watched: Watched = { asked: 0, seen: [] };
      Object.assign(globalThis, { watched });
      const look = (): void => {
        const text = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) =>
          row.textContent.replaceAll('\u00a0', ' ').trimEnd(),
        ).join('\n');
        if (watched.seen.at(-1)?.text !== text) watched.seen.push({ at: performance.now(), text });
        requestAnimationFrame(look);
      };
      look();
    });
    // Asked beforehand: the core makes one screen at a time, and this question would stand in line with the window's.
    const screens: string[] = [];
    for (const moment of moments) {
      const at = { kind: 'offset', atUs: Math.round(moment * 1e6) } as const;
      screens.push((await api.call('sessions.screen', { id, at })).screen.join('\n'));
    }
    const times: number[] = [];
    for (const [i, moment] of moments.entries()) {
      await page.keyboard.press('g');
      const box = page.getByRole('textbox', { name: 'Moment' });
      await box.fill(moment.toFixed(6));
      const took = await box.evaluate(
        (field: HTMLInputElement, text) =>
          new Promise<number>((resolve) => {
            const { watched } = globalThis as unknown as { watched: Watched };
            Object.assign(watched, { asked: performance.now(), seen: [] });
            field.form!.requestSubmit();
            const look = (): void => {
              const found = watched.seen.find((one) => one.text === text);
              if (found !== undefined) resolve(found.at - watched.asked);
              else if (performance.now() - watched.asked > 60_000) resolve(Number.NaN);
              else setTimeout(look, 5);
            };
            look();
          }),
        screens[i],
      );
      if (Number.isNaN(took)) throw new Error(`${cast}: at ${String(moment)} s the window never showed what stands there`);
      times.push(took);
    }
    close();
    return times;
  } finally {
    child.kill('SIGTERM');
  }
}

async function theirSeeks(browser: Browser, cast: string, moments: readonly number[]): Promise<number[]> {
  const pages: Readonly<Record<string, () => string | Buffer>> = {
    '/': () => '<!doctype html><link rel="stylesheet" href="player.css"><div id="player"></div><script src="player.js"></script>',
    '/player.css': () => readFileSync(join(PLAYER, 'asciinema-player.css')),
    '/player.js': () => readFileSync(join(PLAYER, 'asciinema-player.min.js')),
  };
  const types: Readonly<Record<string, string>> = {
    '/': 'text/html',
    '/player.css': 'text/css',
    '/player.js': 'text/javascript',
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const page = pages[path];
    if (path === '/a.cast') createReadStream(cast).pipe(response);
    else if (page === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': types[path] }).end(page());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    return await page.evaluate(async (wanted) => {
      interface Player {
        play(): Promise<void>;
        pause(): Promise<void>;
        seek(seconds: number): Promise<void>;
      }
      const { AsciinemaPlayer } = globalThis as unknown as {
        AsciinemaPlayer: { create(url: string, box: HTMLElement | null, options: object): Player };
      };
      const player = AsciinemaPlayer.create('/a.cast', document.getElementById('player'), { preload: true });
      await player.play();
      await player.pause();
      const times: number[] = [];
      for (const moment of wanted) {
        const asked = performance.now();
        await player.seek(moment);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        times.push(performance.now() - asked);
      }
      return times;
    }, moments);
  } finally {
    server.close();
  }
}

/** `folder`: a library of the test core, with this one recording, indexed. `moments`: seconds from its start. */
export async function seeks(folder: string, cast: string, moments: readonly number[]): Promise<Seeks> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error(NO_BROWSER);
  const browser = await chromium.launch({ executablePath });
  try {
    return { ours: await ourSeeks(browser, folder, cast, moments), theirs: await theirSeeks(browser, cast, moments) };
  } finally {
    await browser.close();
  }
}
