// The window's page as a port of the contract, over ipcMain. Every message is checked for its sender first: only the main frame of our
// window, showing our page, is served. See https://www.electronjs.org/docs/latest/tutorial/security, item 17.

import { ipcMain, type BrowserWindow } from 'electron';
import type { Port } from '../../../shared/api/wire.ts';
import { isOurPage } from './page-origin.ts';

/** Channels of the preload: calls to us, events to the page. */
const CALL = 'call';
const EVENT = 'event';

export function pagePort(window: BrowserWindow): Port {
  const page = window.webContents;
  const waiting = new Map<number, (answer: unknown) => void>();
  let lastId = 0;
  return {
    post: (message) => {
      const { id, event, value } = message as { id?: number; event?: string; value?: unknown };
      if (event !== undefined) {
        if (!page.isDestroyed()) page.send(EVENT, event, value);
        return;
      }
      waiting.get(id!)?.(message);
      waiting.delete(id!);
    },
    onMessage: (listener) => {
      ipcMain.handle(CALL, (event, name: unknown, input: unknown) => {
        if (!isOurPage(event, page) || typeof name !== 'string') throw new Error('refused');
        const id = ++lastId;
        const { promise, resolve } = Promise.withResolvers<unknown>();
        waiting.set(id, resolve);
        listener({ id, name, input });
        return promise;
      });
    },
    onClose: (listener) => {
      window.once('closed', () => {
        ipcMain.removeHandler(CALL);
        listener();
      });
    },
  };
}
