// The page in a headless browser on a fake core, for its specs and for pictures of it: built once, served by the loopback shell.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from '../../build/bundle.ts';
import { writeDist } from '../../build/write-dist.ts';
import { startLoopback, type Loopback } from '../../electron/shells/loopback/loopback.ts';
import type { Api } from '../../shared/api/contract.ts';
import { ROOT } from './desktop-app.ts';

export interface BuiltPage {
  readonly folder: string;
  remove(): void;
}

export async function buildPage(): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-page-'));
  writeDist(folder, await bundlePage(ROOT), 'test');
  return { folder: join(folder, 'page'), remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }) };
}

export const servePage = (api: Api, page: BuiltPage): Promise<Loopback> =>
  startLoopback(api, { page: page.folder, token: randomBytes(32).toString('base64url') });
