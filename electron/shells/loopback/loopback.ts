// The door of the loopback shell: serves the page and the contract to a browser on this machine, on 127.0.0.1 only, at a port that
// the system picks. What the page may do is decided in shells/page, who may ask in gate.ts. Nothing is logged: a log would hold the
// token or what was looked at.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import type { Api } from '../../../shared/api/contract.ts';
import { serve } from '../../../shared/api/wire.ts';
import { openPage } from '../page/page.ts';
import { PROTOCOL, refusedRequest, refusedSocket, type Asked, type Refusal } from './gate.ts';
import { socketPort } from './socket-port.ts';

export interface LoopbackOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** What the page must show to be served: unguessable, new at every start. */
  readonly token: string;
  /** Called whenever a page connects or goes. */
  readonly onPages?: (connected: number) => void;
}

export interface Loopback {
  /** Host and port: `127.0.0.1:41234`. */
  readonly host: string;
  /** The address that opens the window. It holds the token: never log it, never put it into a process's arguments. */
  readonly link: string;
  close(): Promise<void>;
}

/** Largest message that a page may send: `import.next` carries file ranges well below this. */
const LARGEST_MESSAGE = 8 * 1024 * 1024;
/** Windows and tabs at a time. */
const MOST_PAGES = 8;
/** Connections at a time: a browser opens six a page, some of them ahead of need. */
const MOST_CONNECTIONS = 64;
/** Time for a request to be made in full, in milliseconds: everything is local, so a slow one is an attack or a fault. */
const REQUEST_TIME = 5_000;

const asked = (request: IncomingMessage): Asked => ({
  method: request.method ?? '',
  path: request.url ?? '',
  headers: request.headers,
});

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body), response);
}

function refuse(response: ServerResponse, { status, why }: Refusal): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', Connection: 'close' });
  response.end(`${why}\n`);
}

/** Listens, and serves `api` to pages that know the token. Rejects when no port can be opened. */
export async function startLoopback(api: Api, { page: folder, token, onPages }: LoopbackOptions): Promise<Loopback> {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: REQUEST_TIME,
    requestTimeout: REQUEST_TIME,
    keepAliveTimeout: REQUEST_TIME,
    connectionsCheckingInterval: 1_000,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, resolve);
  await listening;

  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const page = openPage({ folder, api, connect: `ws://${host}` });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: () => PROTOCOL,
  });

  server.on('request', (request, response) => {
    const refusal = refusedRequest(asked(request), host);
    if (refusal !== null) {
      refuse(response, refusal);
      return;
    }
    // Either side may end a download early: the stream is closed with the connection, and the browser shows it as cut.
    page(request.method ?? '', request.url ?? '')
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });

  server.on('upgrade', (request, socket, head) => {
    const refusal = refusedSocket(asked(request), host, token);
    const status = refusal?.status ?? (sockets.clients.size >= MOST_PAGES ? 503 : null);
    if (status !== null) {
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${String(status)} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      // What a broken frame or a message too large does: `ws` reports it here and closes the connection.
      client.on('error', () => client.terminate());
      client.once('close', () => onPages?.(sockets.clients.size));
      serve(api, socketPort(client));
      onPages?.(sockets.clients.size);
    });
  });

  return {
    host,
    link: `http://${host}/#t=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      const { promise: closed, resolve: done } = Promise.withResolvers<void>();
      server.close(() => done());
      server.closeAllConnections();
      await closed;
    },
  };
}
