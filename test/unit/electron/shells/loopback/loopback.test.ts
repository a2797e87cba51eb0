// The loopback shell against everybody who is not its page: real requests on a real port.

import { mkdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import { startLoopback, type Loopback } from '../../../../../electron/shells/loopback/loopback.ts';
import type { Api } from '../../../../../shared/api/contract.ts';
import { encodeFrame } from '../../../../../shared/api/frames.ts';
import { openFakeCore } from '../../../../support/fake-core.ts';
import { connectSocket, openSocket } from '../../../../support/socket-client.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const TOKEN = 'q3zVd0m6w1n9Yb7r5t2x8k4j';

async function start(api: Api = openFakeCore(), onPages?: (count: number) => void): Promise<Loopback> {
  const page = temporaryFolder();
  mkdirSync(join(page, 'assets'));
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>Exhibit</title>');
  writeFileSync(join(page, 'assets/app.js'), 'export {};');
  const shell = await startLoopback(api, { page, token: TOKEN, ...(onPages === undefined ? {} : { onPages }) });
  onTestFinished(() => shell.close());
  return shell;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request exactly as given: fetch would set Host, Origin and Sec-Fetch itself. */
function ask({ host }: Loopback, path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  const [hostname, port] = host.split(':');
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  request({ hostname, port, path, method, headers: { Host: host, ...headers }, setHost: false }, (response) => {
    void response
      .setEncoding('utf8')
      .toArray()
      .then((parts) => resolve({ status: response.statusCode!, headers: response.headers, text: parts.join('') }));
  })
    .once('error', reject)
    .end();
  return promise;
}

/** The status with which a web socket is refused, or `open`. */
function knock(shell: Loopback, change: Parameters<typeof openSocket>[1] = {}): Promise<number | 'open'> {
  const socket = openSocket(shell.link, change);
  onTestFinished(() => socket.terminate());
  const { promise, resolve } = Promise.withResolvers<number | 'open'>();
  socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode!));
  socket.once('open', () => resolve('open'));
  socket.on('error', () => undefined);
  return promise;
}

const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.once('close', resolve);
  });

function tcp({ host }: Loopback): Promise<Socket> {
  const [hostname, port] = host.split(':');
  const socket = connectTcp(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
  });
}

test('the page and its files are served at the printed address', async () => {
  const shell = await start();
  expect(shell.link).toBe(`http://${shell.host}/#t=${TOKEN}`);
  expect(await ask(shell, '/')).toMatchObject({ status: 200, text: '<!doctype html><title>Exhibit</title>' });
  expect(await ask(shell, '/assets/app.js')).toMatchObject({ status: 200, text: 'export {};' });
});

test('the page may connect to this port and to no other', async () => {
  const shell = await start();
  const { headers } = await ask(shell, '/');
  expect(headers['content-security-policy']).toContain(`connect-src ws://${shell.host};`);
});

test('it listens on 127.0.0.1 only', async () => {
  const { host } = await start();
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ address, family }) => family === 'IPv4' && address !== '127.0.0.1')
    .map(({ address }) => address);
  for (const address of [...others, '127.0.0.2']) {
    const outcome = await new Promise((resolve) => {
      const socket = connectTcp(Number(host.split(':')[1]), address);
      socket.once('connect', () => resolve('connected'));
      socket.once('error', ({ message }) => resolve(message));
    });
    expect(outcome).not.toBe('connected');
  }
});

test.each(['localhost:PORT', '127.0.0.1', 'evil.example:PORT', '127.0.0.1:1', '[::1]:PORT', ''])(
  'a request for the host %j is refused: a name may lead here from anywhere',
  async (name) => {
    const shell = await start();
    const port = shell.host.split(':')[1]!;
    const { status } = await ask(shell, '/', { Host: name.replace('PORT', port) });
    expect([400, 421]).toContain(status);
  },
);

test.each(['http://evil.example', 'null', 'http://localhost', 'https://127.0.0.1'])(
  'a request by a page of %j is refused',
  async (origin) => {
    expect(await ask(await start(), '/', { Origin: origin })).toMatchObject({ status: 403 });
  },
);

test.each([
  ['/', 'iframe'],
  ['/', 'empty'],
  ['/assets/app.js', 'script'],
  ['/export/ticket-1/x.txt', 'document'],
])('another site may not ask for %s as %s', async (path, destination) => {
  const shell = await start();
  for (const site of ['cross-site', 'same-site']) {
    expect(await ask(shell, path, { 'Sec-Fetch-Site': site, 'Sec-Fetch-Dest': destination })).toMatchObject({ status: 403 });
  }
});

test('another site may lead to the page, as the private start file does', async () => {
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'document' };
  expect(await ask(await start(), '/', headers)).toMatchObject({ status: 200 });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
  expect(await ask(await start(), '/', {}, method)).toMatchObject({ status: 405 });
});

test('the page’s own web socket is taken', async () => {
  expect(await knock(await start())).toBe('open');
});

test.each([
  ['no token', { token: '' }],
  ['a wrong token', { token: `${TOKEN.slice(0, -1)}x` }],
  ['a token that is only longer', { token: `${TOKEN}x` }],
  ['the origin of another page', { origin: 'http://evil.example' }],
  ['the origin of a file', { origin: 'null' }],
])('a web socket with %s is refused', async (_title, change) => {
  expect(await knock(await start(), change)).toBe(403);
});

test('a web socket for another host is refused', async () => {
  expect(await knock(await start(), { host: 'evil.example' })).toBe(421);
});

test('a web socket without an origin is refused, though its token is right', async () => {
  const shell = await start();
  const { status } = await ask(shell, '/api', {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': `exhibit.v1, exhibit.token.${TOKEN}`,
  });
  expect(status).toBe(403);
});

test('no answer, header or protocol ever holds the token', async () => {
  const shell = await start();
  const answers = await Promise.all([ask(shell, '/'), ask(shell, '/nothing'), ask(shell, '/', { Host: 'evil.example' })]);
  expect(JSON.stringify(answers)).not.toContain(TOKEN);
  const { socket } = await connectSocket(shell.link);
  expect(socket.protocol).toBe('exhibit.v1');
});

test.each([
  ['text', 'hello', 1003],
  ['bytes that are no frame', new Uint8Array([1, 2, 3]), 1007],
  ['a frame whose length lies', new Uint8Array([0xff, 0xff, 0xff, 0xff, 1]), 1007],
  ['a frame of no JSON', encodeFrame(undefined).fill(0x7b, 4), 1007],
])('%s ends the connection', async (_title, data, code) => {
  const { socket } = await connectSocket((await start()).link);
  const closed = closeCode(socket);
  socket.send(data);
  expect(await closed).toBe(code);
});

test('a message over the limit ends the connection, one below it does not', async () => {
  const { socket, api } = await connectSocket((await start()).link);
  const supply = (length: number): Promise<unknown> =>
    api.call('import.next', { job: 'none', supply: { request: 1, bytes: new Uint8Array(length) } });
  await expect(supply(7 * 1024 * 1024)).rejects.toThrow('there is none of that name');
  const closed = closeCode(socket);
  await expect(supply(8 * 1024 * 1024)).rejects.toThrow('the connection to the core was lost');
  expect(await closed).toBe(1009);
});

test('a connection that ends leaves nobody listening', async () => {
  const core = openFakeCore();
  let listening = 0;
  const counting: Api = {
    call: core.call,
    on: (name, listener) => {
      const stop = core.on(name, listener);
      listening += 1;
      return () => {
        listening -= 1;
        stop();
      };
    },
  };
  const counts: number[] = [];
  const { close } = await connectSocket((await start(counting, (count) => counts.push(count))).link);
  expect(listening).toBeGreaterThan(0);
  close();
  await expect.poll(() => listening).toBe(0);
  expect(counts).toEqual([1, 0]);
});

test('more windows than the limit are refused, and taken again when one closes', async () => {
  const shell = await start();
  const open = await Promise.all(Array.from({ length: 8 }, () => connectSocket(shell.link)));
  expect(await knock(shell)).toBe(503);
  open[0]!.close();
  await expect.poll(() => knock(shell)).toBe('open');
});

test('a flood of idle connections is cut off, and the page is served again', async () => {
  const shell = await start();
  const flood = await Promise.all(Array.from({ length: 80 }, () => tcp(shell)));
  await expect.poll(() => flood.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length).toBeGreaterThan(0);
  for (const socket of flood) socket.destroy();
  await expect
    .poll(() =>
      ask(shell, '/').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
});

test('a request that is never finished is cut off', async () => {
  const shell = await start();
  const socket = await tcp(shell);
  const ended = new Promise<string>((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (data: string) => (text += data));
    socket.once('close', () => resolve(text));
  });
  socket.write(`GET / HTTP/1.1\r\nHost: ${shell.host}\r\nX-Slow: `);
  expect(await ended).toMatch(/^HTTP\/1\.1 408 /);
});

test('headers beyond the limit are refused', async () => {
  expect(await ask(await start(), '/', { 'X-Long': 'x'.repeat(20_000) })).toMatchObject({ status: 431 });
});

test('an export is streamed to who holds its ticket, whole', async () => {
  const api = openFakeCore();
  const shell = await start(api);
  const { ticket, fileName } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const answer = await ask(shell, `/export/${ticket}/${fileName}`, { 'Sec-Fetch-Site': 'same-origin' });
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.headers['content-disposition']).toContain('attachment; filename="s-0001.json"');
  expect(answer.text).toHaveLength(2_500_000);
});

test('a download that is given up closes its export', async () => {
  const api = openFakeCore();
  const shell = await start(api);
  const { ticket } = await api.call('export.open', { id: 's-0001', format: 'json' });
  const socket = await tcp(shell);
  socket.write(`GET /export/${ticket}/x HTTP/1.1\r\nHost: ${shell.host}\r\n\r\n`);
  await new Promise((resolve) => {
    socket.once('data', resolve);
  });
  socket.destroy();
  await expect
    .poll(() =>
      api.call('export.read', { ticket }).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed');
});

test('closing ends every connection', async () => {
  const shell = await start();
  const { socket } = await connectSocket(shell.link);
  const closed = closeCode(socket);
  await shell.close();
  expect(await closed).toBe(1006);
  await expect(ask(shell, '/')).rejects.toThrow('ECONNREFUSED');
});
