// The Chromium below the stand-in, and the DevTools protocol to it over Node's own WebSocket.

import type { CDPSession } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_BROWSER, findBrowser } from '../../../electron/shells/loopback/browser.ts';
import { program } from './program.ts';

/** Commands and events of the protocol, typed by Playwright's tables. */
export type DevTools = Pick<CDPSession, 'on' | 'off' | 'send'>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly #emitters = new Map<string, EventEmitter>();
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, method, params, result, error, sessionId = '' } = JSON.parse(String(data)) as Message;
      if (id === undefined) {
        this.#emitters.get(sessionId)?.emit(method!, params);
        return;
      }
      const call = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(error.message));
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium has ended'));
    });
  }

  /** The browser's own session (no id), or a page's. */
  session(sessionId?: string): DevTools {
    const emitter = new EventEmitter().setMaxListeners(0);
    this.#emitters.set(sessionId ?? '', emitter);
    const send = (method: string, params: object = {}): Promise<unknown> => {
      const id = ++this.#lastId;
      return new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
      });
    };
    return Object.assign(emitter, { send }) as unknown as DevTools;
  }
}

export interface Chromium {
  readonly devtools: DevTools;
  session(id: string): DevTools;
  /** Folder for downloads under way. */
  readonly downloads: string;
}

let child: ChildProcess | null = null;
let profile: string | null = null;
let running: Chromium | null = null;

/** The running browser. Throws before the program is ready. */
export function chromium(): Chromium {
  if (running === null) throw new Error('Chromium does not run yet');
  return running;
}

/** Set by other parts: called once the browser runs. */
export const whenLaunched: ((chromium: Chromium) => Promise<void>)[] = [];

function addressOf(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    browser.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const match = /^DevTools listening on (ws:\/\/\S+)/m.exec(said);
      if (match !== null) resolve(match[1]!);
    });
    browser.once('exit', () => reject(new Error(`Chromium did not start: ${said}`)));
  });
}

export async function launchChromium(port: string): Promise<void> {
  const executable = findBrowser();
  if (executable === null) throw new Error(NO_BROWSER);
  const userData = program.switches.get('user-data-dir') ?? tmpdir();
  mkdirSync(userData, { recursive: true });
  profile = mkdtempSync(join(userData, 'standin-'));
  const switches = [...program.switches].filter(([name]) => name !== 'user-data-dir');
  const browser = spawn(
    executable,
    [
      `--remote-debugging-port=${port}`,
      // A second, unused channel: it ends with this process however that ends, and Chromium with it.
      '--remote-debugging-pipe',
      '--remote-allow-origins=*',
      `--user-data-dir=${profile}`,
      '--headless=new',
      '--no-first-run',
      '--no-startup-window',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...switches.map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`)),
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  child = browser;
  const address = await addressOf(browser);
  browser.once('exit', () => {
    if (!program.ended) process.exit(1);
  });
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('Chromium does not take a connection')));
  });
  const connection = new Connection(socket);
  running = { devtools: connection.session(), session: (id) => connection.session(id), downloads: join(profile, 'downloads') };
  for (const prepare of whenLaunched) await prepare(running);
  process.stderr.write(`DevTools listening on ${address}\n`);
}

export async function endChromium(): Promise<void> {
  if (child === null || profile === null) return;
  const ended = new Promise((resolve) => child!.once('exit', resolve));
  if (child.exitCode === null) {
    await running?.devtools.send('Browser.close').catch(() => child!.kill('SIGKILL'));
    await ended;
  }
  rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
