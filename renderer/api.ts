// The page's end of the contract, whichever window shows it: over the preload's bridge in the desktop shell, over a web socket in the
// loopback shell. The only file that touches `window.exhibit`. What arrives is checked against the contract by `connect`.

import { createContext, use } from 'react';
import type { Bridge } from '../shared/api/bridge.ts';
import { bridgePort } from '../shared/api/bridge.ts';
import { events, type Api } from '../shared/api/contract.ts';
import { decodeFrame, encodeFrame } from '../shared/api/frames.ts';
import { connect, type Port } from '../shared/api/wire.ts';

declare global {
  interface Window {
    readonly exhibit?: Bridge;
  }
}

export interface PageApi {
  readonly api: Api;
  /** Resolves, once the core cannot be reached any more, with what to tell the user. In the desktop shell it never does: there the
   * main process says so itself. */
  readonly lost: Promise<string>;
}

/** The names that electron/shells/loopback/gate.ts asks for. */
const PROTOCOL = 'exhibit.v1';
const TOKEN_PREFIX = 'exhibit.token.';

/**
 * The token of this start, from the address's fragment. It moves to the history entry's state: the address no longer shows it, a
 * reload still finds it, and nothing is stored.
 */
function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('t');
  if (given !== null) history.replaceState({ token: given }, '', '/');
  const state = history.state as { token?: unknown } | null;
  return typeof state?.token === 'string' ? state.token : null;
}

function socketApi(): PageApi {
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>();
  const token = takeToken();
  const socket = new WebSocket(`ws://${location.host}/api`, [PROTOCOL, `${TOKEN_PREFIX}${token ?? ''}`]);
  socket.binaryType = 'arraybuffer';
  const waiting: unknown[] = [];
  let opened = false;
  socket.addEventListener('open', () => {
    opened = true;
    for (const message of waiting.splice(0)) socket.send(encodeFrame(message));
  });
  socket.addEventListener('close', () => {
    if (opened) lose('Exhibit has ended. Start it again, then close this window.');
    else if (token === null) lose('This address lacks its key. Open the address that Exhibit printed when it started.');
    else lose('Exhibit does not answer at this address. It may have ended; start it again and open the address that it prints.');
  });
  const port: Port = {
    post: (message) => {
      if (opened) socket.send(encodeFrame(message));
      else waiting.push(message);
    },
    onMessage: (listener) => {
      socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => listener(decodeFrame(new Uint8Array(data))));
    },
    onClose: (listener) => socket.addEventListener('close', listener),
  };
  return { api: connect(port), lost };
}

/** Connects the page. To be called once, when the page starts. */
export function openApi(): PageApi {
  if (window.exhibit === undefined) return socketApi();
  return { api: connect(bridgePort(window.exhibit, Object.keys(events))), lost: new Promise(() => undefined) };
}

/**
 * Begins the download of what waits under a ticket (`export.open`), which is good for one. By a link with a `download` attribute: then
 * a failure shows as a failed download, and the page stays.
 */
export function saveExport(ticket: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = `/export/${encodeURIComponent(ticket)}/${encodeURIComponent(fileName.toWellFormed())}`;
  link.download = fileName;
  link.click();
}

const ApiContext = createContext<Api | null>(null);

export const ApiProvider = ApiContext;

/** The core, for any part of the window. */
export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) throw new Error('a part of the window stands outside of ApiProvider');
  return api;
}
