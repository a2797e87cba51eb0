import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPage, type Page } from '../../../../../electron/shells/page/page.ts';
import type { Api } from '../../../../../shared/api/contract.ts';
import { openFakeCore } from '../../../../support/fake-core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

function builtPage(): Page {
  const folder = join(temporaryFolder(), 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Exhibit</title>');
  writeFileSync(join(folder, 'assets/index-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'assets/index-1a2b.js.map'), '{}');
  writeFileSync(join(folder, '../secret.json'), '{}');
  return openPage({ folder, api: openFakeCore(), connect: "'none'" });
}

test('the start page is the built one', async () => {
  const answer = await builtPage()('GET', '/?from=start');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await answer.text()).toContain('<title>Exhibit</title>');
});

test('every answer carries the content policy and asks for no sniffing, no cache, no referrer', async () => {
  const page = builtPage();
  for (const path of ['/', '/assets/index-1a2b.js', '/nothing', '/export/none/x.txt']) {
    const { headers } = await page('GET', path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'none'");
    expect(headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test.each([
  '/../secret.json',
  '/assets/../../secret.json',
  '/..%2fsecret.json',
  '/%2e%2e/secret.json',
  '/assets/index-1a2b.js.map',
  '/assets',
  '//index.html',
  '/\0',
])('nothing outside of the page is served: %j', async (path) => {
  expect((await builtPage()('GET', path)).status).toBe(404);
});

test.each(['POST', 'PUT', 'HEAD', 'OPTIONS', 'TRACE'])('%s is not answered', async (method) => {
  expect((await builtPage()(method, '/')).status).toBe(405);
});

test('a page that is not built says so, and how to build it', async () => {
  const answer = await openPage({ folder: '/nowhere', api: openFakeCore(), connect: "'none'" })('GET', '/');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
});

test('a rebuild does not mix two builds in one window', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), 'one');
  const page = openPage({ folder, api: openFakeCore(), connect: "'none'" });
  writeFileSync(join(folder, 'index.html'), 'two');
  expect(await (await page('GET', '/')).text()).toBe('one');
});

test('an export is an attachment with the bytes that the core gives', async () => {
  const api = openFakeCore();
  const { ticket, fileName } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const answer = await openPage({ folder: '/nowhere', api, connect: "'none'" })('GET', `/export/${ticket}/${fileName}`);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="s-0001.json"; filename*=UTF-8''s-0001.json`);
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  const bytes = await answer.bytes();
  expect(bytes).toHaveLength(2_500_000);
  expect(Buffer.from(bytes.subarray(0, 8)).toString()).toBe('ana@db1:');
});

test('an export is not read ahead of who takes it', async () => {
  const core = openFakeCore();
  let reads = 0;
  const api: Api = {
    on: core.on,
    call: (name, input) => {
      if (name === 'export.read') reads += 1;
      return core.call(name, input);
    },
  };
  const { ticket } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const { body } = await openPage({ folder: '/nowhere', api, connect: "'none'" })('GET', `/export/${ticket}/x`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reads).toBe(1);
  await body!.cancel();
});

test('an export is closed when its download is given up', async () => {
  const api = openFakeCore();
  const { ticket } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const { body } = await openPage({ folder: '/nowhere', api, connect: "'none'" })('GET', `/export/${ticket}/x`);
  await body!.cancel();
  await expect(api.call('export.read', { ticket })).rejects.toThrow('there is none of that name');
});

test('an export can be downloaded once', async () => {
  const api = openFakeCore();
  const page = openPage({ folder: '/nowhere', api, connect: "'none'" });
  const { ticket } = await api.call('export.open', { id: 's-0001', format: 'text' });
  await (await page('GET', `/export/${ticket}/x.txt`)).bytes();
  const again = await page('GET', `/export/${ticket}/x.txt`);
  expect(again.status).toBe(404);
  expect(again.headers.get('content-disposition')).toBeNull();
});

test('an export that fails half-way ends as a cut download, not as a whole one', async () => {
  const api = openFakeCore();
  const { ticket } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const answer = await openPage({ folder: '/nowhere', api, connect: "'none'" })('GET', `/export/${ticket}/x`);
  await api.call('settings.set', { key: 'fake.fail', value: 'export.read disk' });
  await expect(answer.bytes()).rejects.toThrow('the fake was told to fail');
});

test('an address that is not well formed is refused', async () => {
  expect((await builtPage()('GET', '/export/%ff/x')).status).toBe(400);
});
