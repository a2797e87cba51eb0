// One request and its answer over HTTP/1.1, bounded in time and memory whatever the server does: no answer, a slow drip, a body that
// is cut, longer than it says or without an end. Redirects are answers like any other here.

import { request as plainRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connectionFault, SourceError } from './rstream-fault.ts';
import type { RequestLimits } from './rstream-limits.ts';

export interface Question {
  readonly method: 'GET' | 'POST';
  /** Address of the server, as `serverAddress` returns it. */
  readonly server: string;
  /** Path and query, ready to be sent. */
  readonly target: string;
  /** Method and path, for messages. */
  readonly shown: string;
  readonly token: string | null;
  /** JSON. */
  readonly body: string | null;
}

export interface Exchanged {
  readonly status: number;
  /** Of a status outside 200 to 299, the beginning. */
  readonly body: Buffer<ArrayBuffer>;
  readonly header: (name: 'date' | 'retry-after' | 'location') => string | null;
}

/** What is kept of the body of an error. */
const ERROR_BYTES = 4096;

/** Throws a SourceError, or the signal's reason where it ended the exchange. */
export function exchange(question: Question, agent: Agent, limits: RequestLimits, signal: AbortSignal): Promise<Exchanged> {
  const { method, server, target, shown, token, body } = question;
  const { hostname, port, protocol } = new URL(server);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const send = protocol === 'https:' ? tlsRequest : plainRequest;
    const request = send({
      agent,
      method,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? undefined : port,
      path: target,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancelled);
      settle();
    };
    const fail = (error: Error): void => {
      end(() => reject(error));
      request.destroy();
    };
    const cancelled = (): void => fail(signal.reason as Error);
    const timer = setTimeout(
      () => fail(late(shown, `it did not begin to answer within ${seconds(limits.headersMs)}`)),
      limits.headersMs,
    );
    signal.addEventListener('abort', cancelled, { once: true });
    request.on('error', (error) => end(() => reject(connectionFault(shown, error))));
    request.once('response', (response) => {
      clearTimeout(timer);
      readBody(response, shown, limits).then(
        (bytes) => end(() => resolve({ status: response.statusCode ?? 0, body: bytes, header: headers(response) })),
        fail,
      );
    });
    request.end(body ?? undefined);
  });
}

const seconds = (ms: number): string => `${String(ms / 1000)} s`;

const late = (shown: string, why: string): SourceError =>
  new SourceError('timeout', shown, `the server is too slow: ${why}`, 'check the network, and try again later');

const headers =
  (response: IncomingMessage): Exchanged['header'] =>
  (name) =>
    response.headers[name] ?? null;

function readBody(response: IncomingMessage, shown: string, limits: RequestLimits): Promise<Buffer<ArrayBuffer>> {
  const status = response.statusCode ?? 0;
  const isError = status < 200 || status > 299;
  const tooLarge = (): SourceError =>
    new SourceError(
      'too-large',
      shown,
      `the answer is larger than the ${String(Math.floor(limits.bodyBytes / 1_048_576))} MiB that one may have`,
      'this is no answer of a recording: check the address of the source',
      status,
    );
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    let inStretch = 0;
    const end = (settle: () => void): void => {
      clearInterval(pace);
      clearTimeout(whole);
      response.off('data', take);
      settle();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const take = (piece: Buffer): void => {
      pieces.push(piece);
      size += piece.length;
      inStretch += piece.length;
      if (isError && size >= ERROR_BYTES) {
        end(() => resolve(Buffer.concat(pieces).subarray(0, ERROR_BYTES)));
        response.destroy();
      } else if (size > limits.bodyBytes) fail(tooLarge());
    };
    const pace = setInterval(() => {
      if (inStretch < limits.paceBytes)
        fail(late(shown, `only ${String(inStretch)} bytes of the answer came in ${seconds(limits.paceMs)}`));
      inStretch = 0;
    }, limits.paceMs);
    const whole = setTimeout(() => fail(late(shown, `the answer was not there after ${seconds(limits.bodyMs)}`)), limits.bodyMs);
    response.on('data', take);
    response.once('end', () => {
      const encoding = response.headers['content-encoding'] ?? 'identity';
      if (encoding === 'identity' || isError) end(() => resolve(Buffer.concat(pieces)));
      else
        fail(
          new SourceError('not-json', shown, 'the answer is compressed, which was not asked for', 'check the address', status),
        );
    });
    response.on('error', (error) => {
      const cut = `the answer broke off after ${String(size)} bytes`;
      fail(new SourceError('cut', shown, cut, 'check the network, and try again', status, error));
    });
    if (!isError && Number(response.headers['content-length'] ?? 0) > limits.bodyBytes) fail(tooLarge());
  });
}
