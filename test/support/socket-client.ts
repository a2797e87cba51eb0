// A client of the loopback shell that is no browser: connects to the address that the shell gave, as its page does.

import { WebSocket } from 'ws';
import { socketPort } from '../../electron/shells/loopback/socket-port.ts';
import type { Api } from '../../shared/api/contract.ts';
import { connect } from '../../shared/api/wire.ts';

/** Opens a web socket with the page's protocols; `change` replaces what a page would send. */
export function openSocket(link: string, change: { token?: string; origin?: string; host?: string } = {}): WebSocket {
  const { host, hash, origin } = new URL(link);
  const token = change.token ?? hash.slice('#t='.length);
  return new WebSocket(`ws://${host}/api`, ['exhibit.v1', `exhibit.token.${token}`], {
    headers: { Origin: change.origin ?? origin, ...(change.host === undefined ? {} : { Host: change.host }) },
    perMessageDeflate: false,
  });
}

export async function connectSocket(link: string): Promise<{ readonly api: Api; readonly socket: WebSocket; close(): void }> {
  const socket = openSocket(link);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { api: connect(socketPort(socket)), socket, close: () => socket.terminate() };
}
