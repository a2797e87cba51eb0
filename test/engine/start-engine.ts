// The recordings server: the rstream engine's reading API and the part of the control plane that goes with it, and StackShift's terminal
// interface, on this machine's loopback address, filled with recordings and told by its controls to grow, forget and misbehave. One server plays both the control plane and the
// engine of every project: all paths begin with `{url}/api/`. Over HTTP/1.1, plain or TLS.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import { makeCertificate } from './certificate.ts';
import { controlEndpoints } from './control-plane.ts';
import { Devices, type Device } from './devices.ts';
import { objectOf, Refusal, type Ask, type Endpoint, type Token } from './endpoint.ts';
import { engineEndpoints, LOGS_READ, SESSIONS_WRITE, type Limits } from './engine-api.ts';
import { Faults, send, wrongAsk, wrongText, type Fault, type Misbehaviour } from './faults.ts';
import type { Random, Recording } from './recordings.ts';
import { ALL_PERMISSIONS, envelope, OWN_USER, stackShiftEndpoints } from './stackshift-api.ts';
import { StackShiftStore, type StackShiftPolicy, type StackShiftSession } from './stackshift-store.ts';
import { Store } from './store.ts';
import { readVectors, vectorRecordings } from './vectors.ts';

export interface EngineOptions {
  readonly recordings?: readonly Recording[];
  /** A folder of vectors: their recordings, groups and devices. */
  readonly vectors?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** With a certificate made for it; `Engine.ca` is what to trust. */
  readonly tls?: boolean;
  /** The first one is `Engine.token`. By default one that may read everything. */
  readonly tokens?: readonly Token[];
  readonly limits?: Partial<Limits>;
  /** A recording is gone so long after its end. By default never. */
  readonly retentionMs?: number;
  readonly stackshift?: StackShiftOptions;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: Random;
}

export interface StackShiftOptions {
  readonly sessions?: readonly StackShiftSession[];
  readonly events?: readonly JsonObject[];
  /** The first one is `Engine.stackshift.token`. By default one that may do everything. */
  readonly tokens?: readonly Token[];
  readonly policy?: Partial<StackShiftPolicy>;
}

/** A request as it came, for tests of what a client asks. */
export interface Received {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
}

export interface Engine {
  /** `http://127.0.0.1:PORT` or `https://…`, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** PEM of the certificate to trust; null without TLS. */
  readonly ca: string | null;
  /** Oldest first. */
  readonly requests: readonly Received[];
  readonly devices: () => readonly Device[];

  /** The StackShift form: its token, and what it holds and can be told. */
  readonly stackshift: { readonly token: string; readonly store: StackShiftStore };

  /** Adds a recording, or puts it in the place of the one with the same id. */
  readonly put: (recording: Recording) => void;
  readonly putGroup: (group: JsonObject) => void;
  /** Takes in a device from its local file. */
  readonly putDevice: (file: JsonObject) => void;
  /** Ends a recording's retention: nothing of it is found from now on. */
  readonly remove: (id: string) => void;
  /** Adds events to a session. */
  readonly append: (id: string, ...events: readonly JsonObject[]) => void;
  /** Changes members of a session object; one that is undefined goes. */
  readonly update: (id: string, members: JsonObject) => void;
  /** Makes a recording live: its first `shown` events are there, and the session is active. */
  readonly hold: (id: string, shown: number) => void;
  /** Records so many more events of a held session, one by default; with the last one it has ended. Returns how many are left. */
  readonly release: (id: string, count?: number) => number;
  /** Records one more every so many milliseconds until none is left. Returns how to stop. */
  readonly releaseEvery: (id: string, everyMs: number) => () => void;
  /** Approves a pending device, as a person in a trusted browser would. */
  readonly approve: (deviceKeyId: string) => void;
  /** From now on, answers wrongly. Returns how to end it. */
  readonly misbehave: (rule: Misbehaviour) => () => void;
  /** Answers rightly again. */
  readonly behave: () => void;
  /** Breaks all connections and ends. */
  readonly close: () => Promise<void>;
}

/** StackShift's terminal policy, unless told otherwise. */
const POLICY: StackShiftPolicy = {
  production_retention_days: 90,
  nonproduction_retention_days: 30,
  reconnect_grace_seconds: 120,
};

/** Largest body of a request. */
const MAX_BODY = 1_048_576;

/** Whether two secrets are equal, in a time that tells nothing. */
function isSameSecret(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/** The values of an endpoint's `:` segments, or null where the path is another one. */
function idsOf(pattern: string, segments: readonly string[]): string[] | null {
  const names = pattern.split('/');
  if (names.length !== segments.length) return null;
  const isOpen = (at: number): boolean => names[at]!.startsWith(':');
  if (!segments.every((segment, at) => (isOpen(at) ? segment !== '' : segment === names[at]))) return null;
  return segments.filter((_, at) => isOpen(at));
}

interface Match {
  readonly endpoint: Endpoint;
  readonly ids: readonly string[];
}

/** The endpoint of a request. */
function match(endpoints: readonly Endpoint[], method: string, path: string): Match {
  let segments: string[];
  try {
    segments = path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    throw new Refusal(400, 'the path is badly encoded');
  }
  if (segments.shift() !== 'api') throw new Refusal(404, 'not found', 'NOT_FOUND');
  const matches = endpoints.flatMap((endpoint) => {
    const ids = idsOf(endpoint.path, segments);
    return ids === null ? [] : [{ endpoint, ids }];
  });
  if (matches.length === 0) throw new Refusal(404, 'not found', 'NOT_FOUND');
  const found = matches.find(({ endpoint }) => endpoint.method === method);
  if (found === undefined) throw new Refusal(405, 'method not allowed');
  return found;
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new Refusal(413, 'the body is too large');
    pieces.push(piece);
  }
  return size === 0 ? {} : objectOf(Buffer.concat(pieces).toString(), 'the body');
}

function authorize(request: IncomingMessage, tokens: readonly Token[], { permissions }: Endpoint): Token {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = tokens.find((one) => isSameSecret(one.token, given));
  if (token === undefined) throw new Refusal(401, 'not authenticated', 'UNAUTHENTICATED');
  if (permissions.length > 0 && !permissions.some((one) => token.permissions.includes(one))) {
    throw new Refusal(403, `not authorized: needs ${permissions.join(' or ')}`, 'FORBIDDEN');
  }
  return token;
}

/** Starts a server. Rejects where the port is taken. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const { now = Date.now, random = randomBytes } = options;
  const tokens = options.tokens ?? [{ token: random(24).toString('base64url'), permissions: [SESSIONS_WRITE, LOGS_READ] }];
  const { stackshift = {} } = options;
  const stackShiftTokens = stackshift.tokens ?? [
    { token: `sspat_${random(24).toString('base64url')}`, permissions: ALL_PERMISSIONS, user: OWN_USER },
  ];
  const stackShift = new StackShiftStore({ ...POLICY, ...stackshift.policy }, now);
  for (const session of stackshift.sessions ?? []) stackShift.put(session);
  for (const event of stackshift.events ?? []) stackShift.putEvent(event);
  const store = new Store(options.retentionMs ?? Infinity, now);
  const devices = new Devices(now, random);
  const faults = new Faults();
  const requests: Received[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const endpoints = [
    ...engineEndpoints(store, { usual: 1000, most: 10_000, ...options.limits }),
    ...controlEndpoints(store, devices, () => `127.0.0.1:${String(port)}`),
    ...stackShiftEndpoints(stackShift, () => url()),
  ];

  if (options.vectors !== undefined) {
    const vectors = readVectors(options.vectors);
    for (const recording of vectorRecordings(vectors.cases)) store.put(recording);
    for (const group of vectors.groups) store.putGroup(group);
    for (const device of vectors.devices) devices.put(device);
  }
  for (const recording of options.recordings ?? []) store.put(recording);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = request.url ?? '/';
    requests.push({ method: request.method ?? '', target });
    const asked = new URL(target, 'http://localhost');
    let fault: Fault | null = null;
    let status = 200;
    let text: string | Uint8Array;
    let type = 'application/json';
    const isStackShift = asked.pathname.startsWith('/api/v1/');
    try {
      const { endpoint, ids } = match(endpoints, request.method ?? '', asked.pathname);
      fault = faults.strike(endpoint.name, /^(webtty|v1\/terminal)\/sessions\//.test(endpoint.path) ? ids[0] : undefined);
      const token = authorize(request, isStackShift ? stackShiftTokens : tokens, endpoint);
      type = endpoint.type ?? type;
      const ask: Ask = { ids, query: asked.searchParams, body: await bodyOf(request), token };
      text = wrongText(endpoint.answer(wrongAsk(ask, fault)), fault);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      status = error.status;
      const byEngine = /^\/api\/(webtty|auth)\b/.test(asked.pathname);
      if (byEngine) type = 'text/plain; charset=utf-8';
      if (isStackShift) {
        type = 'application/json';
        text = envelope(status, null, error.message, error.code);
      } else text = byEngine ? error.message : JSON.stringify({ error: error.message });
    }
    send(response, status, { 'content-type': type }, text, fault);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      // A client that leaves in the middle of its body is no fault of ours; everything else is, and must be seen.
      if (!request.complete) return;
      response.destroy();
      throw error;
    });
  };

  // Whoever connects judges it by the clock of the machine, whatever the time of the engine is.
  const certificate = options.tls === true ? makeCertificate(Date.now(), random) : null;
  const server = certificate === null ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  const url = (): string => `${certificate === null ? 'http' : 'https'}://127.0.0.1:${String(port)}`;

  const stop = (timer: NodeJS.Timeout): void => {
    clearInterval(timer);
    timers.delete(timer);
  };
  return {
    url: url(),
    token: tokens[0]?.token ?? '',
    ca: certificate?.cert ?? null,
    requests,
    devices: () => devices.all(),
    stackshift: { token: stackShiftTokens[0]?.token ?? '', store: stackShift },
    put: (recording) => store.put(recording),
    putGroup: (group) => store.putGroup(group),
    putDevice: (file) => devices.put(file),
    remove: (id) => store.remove(id),
    append: (id, ...events) => store.append(id, events),
    update: (id, members) => store.update(id, members),
    hold: (id, shown) => store.hold(id, shown),
    release: (id, count = 1) => store.release(id, count),
    releaseEvery: (id, everyMs) => {
      const timer = setInterval(() => {
        if (store.release(id, 1) === 0) stop(timer);
      }, everyMs);
      timers.add(timer);
      return () => stop(timer);
    },
    approve: (deviceKeyId) => devices.approve(deviceKeyId),
    misbehave: (rule) => faults.add(rule),
    behave: () => faults.clear(),
    close: async () => {
      for (const timer of timers) stop(timer);
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}
