// `app`: the life of the program, its switches, its paths, one instance at a time.

import type { App } from 'electron';
import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChromium } from './chromium.ts';
import { act, preventable, program } from './program.ts';

const { promise: ready, resolve: setReady } = Promise.withResolvers<void>();

/** Closes all windows; false when one of them stays. Set by browser-window.ts, which needs `app` itself. */
export const windows = { closeAll: (): boolean => true };

function path(name: string): string {
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  switch (name) {
    case 'userData':
      return program.switches.get('user-data-dir') ?? join(config, app.getName());
    case 'appData':
      return config;
    case 'temp':
      return tmpdir();
    case 'home':
      return homedir();
    default:
      return join(homedir(), name[0]!.toUpperCase() + name.slice(1));
  }
}

async function leave(code: number): Promise<void> {
  program.ended = true;
  releaseLock();
  await endChromium();
  process.exit(code);
}

async function quit(): Promise<void> {
  if (program.quitting) return;
  program.quitting = true;
  const before = preventable();
  app.emit('before-quit', before);
  if (before.defaultPrevented || !windows.closeAll()) {
    program.quitting = false;
    return;
  }
  const will = preventable();
  app.emit('will-quit', will);
  if (will.defaultPrevented) {
    program.quitting = false;
    return;
  }
  app.emit('quit', {}, 0);
  await leave(0);
}

const LOCK = 'standin.lock';
const MESSAGE = /^second-instance\.\d+$/;
let hasLock = false;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function requestLock(): boolean {
  const folder = path('userData');
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, LOCK);
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch {
    if (isAlive(Number(readFileSync(lock, 'utf8')))) {
      writeFileSync(join(folder, `second-instance.${String(process.pid)}`), JSON.stringify(process.argv));
      return false;
    }
    writeFileSync(lock, String(process.pid));
  }
  hasLock = true;
  watch(folder, () => {
    for (const name of readdirSync(folder).filter((entry) => MESSAGE.test(entry))) {
      const text = readFileSync(join(folder, name), 'utf8');
      if (text === '') continue;
      rmSync(join(folder, name), { force: true });
      app.emit('second-instance', {}, JSON.parse(text), process.cwd(), null);
    }
  }).unref();
  return true;
}

function releaseLock(): void {
  if (hasLock) rmSync(join(path('userData'), LOCK), { force: true });
  hasLock = false;
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  whenReady: () => ready,
  isReady: () => program.ready,
  enableSandbox: () => {
    if (program.ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    program.sandboxed = true;
  },
  getName: () => program.manifest.productName ?? program.manifest.name ?? 'Electron',
  getVersion: () => program.manifest.version ?? '0.0.0',
  getAppPath: () => program.folder,
  getPath: (name: string) => path(name),
  requestSingleInstanceLock: requestLock,
  hasSingleInstanceLock: () => hasLock,
  releaseSingleInstanceLock: releaseLock,
  relaunch: () => act('relaunch'),
  focus: () => act('focus'),
  quit: () => void quit(),
  exit: (code = 0) => void leave(code),
  commandLine: {
    appendSwitch: (name: string, value = '') => void program.switches.set(name, value),
    hasSwitch: (name: string) => program.switches.has(name),
    getSwitchValue: (name: string) => program.switches.get(name) ?? '',
    removeSwitch: (name: string) => void program.switches.delete(name),
    appendArgument: () => undefined,
  },
} satisfies Partial<App>);

export function becomeReady(): void {
  program.ready = true;
  app.emit('will-finish-launching');
  setReady();
  app.emit('ready', {}, {});
}
