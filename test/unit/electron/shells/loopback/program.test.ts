import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { runProgram, type ProgramDeps } from '../../../../../electron/shells/loopback/program.ts';
import { openFakeCore } from '../../../../support/fake-core.ts';
import { connectSocket } from '../../../../support/socket-client.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const BROWSER = { path: fileURLToPath(new URL('../../../../support/fake-browser.mjs', import.meta.url)) };
const TOKEN = 'f4k3T0kenOfThisTest';

interface Report {
  readonly args: readonly string[];
  readonly commandLine: string;
  readonly token: string;
  readonly mode: number;
  readonly folderMode: number;
  readonly file: string;
}

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv('FAKE_BROWSER', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
});

function run(browser: ProgramDeps['browser']): { ended: Promise<void>; lines: string[]; stop: () => void } {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const ended = runProgram({ api: openFakeCore(), page: '/nowhere', token: TOKEN, browser, stopped, say });
  onTestFinished(async () => {
    stop();
    await ended;
  });
  return { ended, lines, stop };
}

async function report(): Promise<Report> {
  const file = join(folder, 'report.json');
  await expect.poll(() => existsSync(file)).toBe(true);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

const link = (lines: readonly string[]): string => /http:\S+/.exec(lines.join('\n'))![0];

test('closing the window ends the program, and nothing of the window stays', async () => {
  const { ended, lines } = run(BROWSER);
  const { file } = await report();
  writeFileSync(join(folder, 'close'), '');
  await ended;
  expect(existsSync(dirname(file))).toBe(false);
  expect(lines).toEqual([]);
});

test('the token is in no argument of any process, and in a file that only this user can read', async () => {
  run(BROWSER);
  const { args, commandLine, token, mode, folderMode } = await report();
  expect(token).toBe(TOKEN);
  expect(args.join(' ')).not.toContain(TOKEN);
  expect(commandLine).not.toContain(TOKEN);
  expect([mode, folderMode]).toEqual([0o600, 0o700]);
});

test('the file with the token is gone as soon as the page has arrived', async () => {
  run(BROWSER);
  const { file } = await report();
  await expect.poll(() => existsSync(file)).toBe(false);
});

test('the browser gets a profile of its own and no network', async () => {
  run(BROWSER);
  const { args, file } = await report();
  expect(args).toContain(`--user-data-dir=${join(dirname(file), 'profile')}`);
  expect(args).toContain('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1');
  expect(args).toContain('--disable-extensions');
});

test('when the program is told to stop, the window closes with it', async () => {
  const { ended, stop } = run(BROWSER);
  const { file } = await report();
  stop();
  await ended;
  expect(existsSync(dirname(file))).toBe(false);
});

test('a browser that shows nothing is named with its reason, and the address is given instead', async () => {
  vi.stubEnv('FAKE_BROWSER_FAIL', '1');
  const { ended, lines, stop } = run(BROWSER);
  await expect.poll(() => lines.length).toBe(3);
  expect(lines[0]).toBe(`No window was opened: ${BROWSER.path} ended before it showed anything (cannot open display).`);
  const { close } = await connectSocket(link(lines));
  close();
  stop();
  await ended;
});

test('a browser that cannot be run is named, and the address is given instead', async () => {
  const { lines } = run({ path: folder });
  await expect.poll(() => lines.length).toBe(3);
  expect(lines[0]).toContain('EACCES');
});

test('without a browser it says why, which address to open, and serves until it is told to stop', async () => {
  const { ended, lines, stop } = run({ missing: 'there is no display here' });
  await expect.poll(() => lines.length).toBe(3);
  expect(lines[0]).toBe('No window was opened: there is no display here.');
  const { api } = await connectSocket(link(lines));
  expect(await api.call('app.info', null)).toMatchObject({ name: 'Exhibit' });
  stop();
  await ended;
  await expect(connectSocket(link(lines))).rejects.toThrow('ECONNREFUSED');
});
