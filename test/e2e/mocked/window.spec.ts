// What every window must hold, whatever its page shows: no way out, no way in, nothing kept.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, shellTest } from '../fixtures.ts';

shellTest('the window shows the page under its own name', async ({ window: { page } }) => {
  await expect(page).toHaveTitle(/Exhibit/);
  await expect(page.locator('#root')).not.toBeEmpty();
});

shellTest('a reload shows the page again', async ({ window: { page, app } }) => {
  await page.evaluate(() => document.getElementById('root')!.setAttribute('data-before', ''));
  if (app === null) await page.reload();
  else await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.reload());
  await expect(page.locator('#root[data-before]')).toHaveCount(0);
  await expect(page.locator('#root')).not.toBeEmpty();
});

shellTest('the token of the start leaves the address at once', async ({ shell, window: { page } }) => {
  shellTest.skip(shell !== 'loopback', 'only the loopback shell has one');
  expect(new URL(page.url()).hash).toBe('');
});

shellTest('the page has no Node and no way around the contract', async ({ window: { page } }) => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in globalThis),
    bridge: Object.keys((globalThis as { exhibit?: object }).exhibit ?? {}).toSorted(),
  }));
  expect(found.node).toEqual([]);
  expect(['', 'invoke,on']).toContain(found.bridge.join());
});

shellTest('the policy stops code from text', async ({ window: { page } }) => {
  const ran = await page.evaluate(async () => {
    // oxlint-disable eslint/no-eval, typescript/no-implied-eval -- that these fail is the point
    const tries: Record<string, () => unknown> = {
      eval: () => globalThis['eval']('1'),
      function: () => new Function('return 1')(),
      markup: () => (document.createElement('div').innerHTML = '<b>x</b>'),
      script: () => (document.createElement('script').text = '1'),
    };
    // The policy does not bind what DevTools runs directly, but what runs later on its behalf.
    await new Promise((resolve) => setTimeout(resolve));
    return Object.entries(tries)
      .filter(([, attempt]) => {
        try {
          attempt();
          return true;
        } catch {
          return false;
        }
      })
      .map(([name]) => name);
  });
  expect(ran).toEqual([]);
});

shellTest('the policy stops scripts, frames, styles and pictures from elsewhere', async ({ window: { page } }) => {
  const violated = await page.evaluate(async () => {
    const directives: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => directives.push(effectiveDirective));
    const add = (tag: string, attributes: Record<string, string>): void => {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
    };
    add('img', { src: 'https://outside.invalid/x.png' });
    add('iframe', { src: 'https://outside.invalid/' });
    add('link', { rel: 'stylesheet', href: 'https://outside.invalid/x.css' });
    await fetch('https://outside.invalid/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...new Set(directives)].toSorted();
  });
  expect(violated).toEqual(['connect-src', 'frame-src', 'img-src', 'style-src-elem']);
});

shellTest('a style attribute is refused, a style element of xterm.js is not', async ({ window: { page } }) => {
  const outcome = await page.evaluate(() => {
    const attribute = document.createElement('p');
    attribute.setAttribute('style', 'color: rgb(1, 2, 3)');
    const style = document.createElement('style');
    style.textContent = '.x { color: rgb(4, 5, 6) }';
    const styled = document.createElement('p');
    styled.className = 'x';
    document.body.append(attribute, style, styled);
    return [getComputedStyle(attribute).color, getComputedStyle(styled).color];
  });
  expect(outcome[0]).not.toBe('rgb(1, 2, 3)');
  expect(outcome[1]).toBe('rgb(4, 5, 6)');
});

shellTest('the page gets no permission but copying', async ({ window: { page, app } }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'clipboard-read', 'midi'];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state));
  });
  // A browser asks its user; the desktop shell has no such question.
  expect(states.filter((state) => state === 'granted' || (app !== null && state !== 'denied'))).toEqual([]);
});

shellTest('the page keeps nothing on disk', async ({ window: { page } }) => {
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    cookies: document.cookie,
  }));
  expect(kept).toEqual({ local: 0, session: 0, databases: 0, caches: 0, workers: 0, cookies: '' });
});

/** Clicks a link with a `download` attribute, as the page does. */
async function clickDownload(page: Page, href: string): Promise<void> {
  await page.evaluate((address) => {
    const link = Object.assign(document.createElement('a'), { href: address, download: '' });
    document.body.append(link);
    link.click();
    link.remove();
  }, href);
}

shellTest('an export leaves as a download, once', async ({ window: { page, api, download } }) => {
  const { ticket, fileName } = await api.call('export.open', { id: 's-0001', format: 'text' });
  const path = await download(() => clickDownload(page, `/export/${ticket}/${fileName}`));
  expect(readFileSync(path, 'utf8')).toContain('PostgreSQL RDBMS');
  await expect(api.call('export.read', { ticket })).rejects.toThrow('there is none of that name');
});

shellTest('the page stays where it is when an export is not there any more', async ({ window: { page } }) => {
  await page.evaluate(() => document.body.setAttribute('data-here', ''));
  await clickDownload(page, '/export/no-such-ticket/x.txt');
  await page.waitForTimeout(300);
  await expect(page.locator('body[data-here]')).toHaveCount(1);
});
