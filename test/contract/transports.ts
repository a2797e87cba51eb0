// The ways in which an Api reaches who uses it, each with a core of its own behind it. The contract suite runs on all of them.

import { _electron } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { startLoopback } from '../../electron/shells/loopback/loopback.ts';
import { bridgePort } from '../../shared/api/bridge.ts';
import { events, type Api } from '../../shared/api/contract.ts';
import { connect, serve, type Port } from '../../shared/api/wire.ts';
import { STANDIN, buildFakeApp } from '../support/desktop-app.ts';
import { openPageBridge } from '../support/page-bridge.ts';
import { connectSocket } from '../support/socket-client.ts';

export interface Connection {
  readonly api: Api;
  /** Cuts the connection as a crash of the other end does. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  /** Whether rows that take paths of this machine are served. */
  readonly local: boolean;
  /** Null where the core runs in another process, which then has a fake one of its own. */
  readonly connect: (core: () => Api) => Promise<Connection>;
}

/** A message channel's end as a port of the contract. */
export function channelPort(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
  };
}

const done = (): Promise<void> => Promise.resolve();

const DIRECT: Transport = {
  name: 'directly',
  local: true,
  connect: async (core) => ({ api: core(), cut: done, close: done }),
};

const PORTS: Transport = {
  name: 'over a pair of ports',
  local: false,
  connect: async (core) => {
    const { port1, port2 } = new MessageChannel();
    serve(core(), channelPort(port1));
    const close = async (): Promise<void> => port1.close();
    return { api: connect(channelPort(port2)), cut: close, close };
  },
};

const SOCKET: Transport = {
  name: 'over the web socket of the loopback shell',
  local: false,
  connect: async (core) => {
    const shell = await startLoopback(core(), { page: '/nowhere', token: randomBytes(32).toString('base64url') });
    const { api } = await connectSocket(shell.link);
    return { api, cut: shell.close, close: shell.close };
  },
};

const DESKTOP: Transport = {
  name: "over the desktop shell's IPC (on the stand-in for Electron)",
  local: false,
  connect: async () => {
    const built = await buildFakeApp();
    const profile = mkdtempSync(join(tmpdir(), 'exhibit-contract-'));
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = STANDIN;
    const app = await _electron.launch({ args: [built.folder, `--user-data-dir=${profile}`] });
    const page = await app.firstWindow();
    await page.waitForURL(({ href }) => href !== 'about:blank');
    const { call, on } = connect(bridgePort(await openPageBridge(page), Object.keys(events)));
    // Leaves the window open where it would ask the user what to do.
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => new Promise(() => undefined);
    });
    return {
      api: { call, on },
      cut: async () => {
        await call('settings.set', { key: 'fake.exit', value: '' }).catch(() => undefined);
      },
      close: async () => {
        await app.close();
        built.remove();
        rmSync(profile, { recursive: true, force: true });
      },
    };
  },
};

export const TRANSPORTS: readonly Transport[] = [DIRECT, PORTS, SOCKET, DESKTOP];
