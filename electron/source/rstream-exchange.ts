// One request and its answer over HTTP/1.1, bounded in time and memory whatever the server does: no answer, a slow drip, a body that
// is cut, longer than it says or without an end. A body is gathered whole, or handed on as it comes. Redirects are answers like any
// other here.

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
  /** What the answer may be; JSON where absent. */
  readonly accept?: string;
}

interface Begun {
  readonly status: number;
  readonly header: (name: 'date' | 'retry-after' | 'location') => string | null;
}

export interface Exchanged extends Begun {
  /** Of a status outside 200 to 299, the beginning. */
  readonly body: Buffer<ArrayBuffer>;
}

export interface Opened extends Begun {
  /** The body piece by piece, of a status outside 200 to 299 its beginning. Throws as {@link exchange} does. */
  readonly pieces: AsyncGenerator<Buffer>;
}

/** What is kept of the body of an error. */
const ERROR_BYTES = 4096;

/** Throws a SourceError, or the signal's reason where it ended the exchange. */
export async function exchange(question: Question, agent: Agent, limits: RequestLimits, signal: AbortSignal): Promise<Exchanged> {
  const { status, header, pieces } = await open(question, agent, limits, signal);
  const body: Buffer[] = [];
  for await (const piece of pieces) body.push(piece);
  return { status, header, body: Buffer.concat(body) };
}

/** The same, without the body: whoever opens it reads the pieces. */
export function open(question: Question, agent: Agent, limits: RequestLimits, signal: AbortSignal): Promise<Opened> {
  const { method, server, target, shown, token, body, accept = 'application/json' } = question;
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
        accept,
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
      // Whoever reads the pieces meets the error; until then it must not end the process.
      response.on('error', () => undefined);
      const pieces = piecesOf(response, shown, limits, signal);
      end(() => resolve({ status: response.statusCode ?? 0, header: headers(response), pieces }));
    });
    request.end(body ?? undefined);
  });
}

const seconds = (ms: number): string => `${String(ms / 1000)} s`;

const late = (shown: string, why: string): SourceError =>
  new SourceError('timeout', shown, `the server is too slow: ${why}`, 'check the network, and try again later');

const headers =
  (response: IncomingMessage): Begun['header'] =>
  (name) =>
    response.headers[name] ?? null;

async function* piecesOf(
  response: IncomingMessage,
  shown: string,
  limits: RequestLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
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
  let size = 0;
  let inStretch = 0;
  // The pace is the server's: time in which the reader is busy does not count.
  let isWaiting = false;
  let why: Error | null = null;
  const stop = (error: Error): void => {
    why ??= error;
    response.destroy();
  };
  const cancelled = (): void => stop(signal.reason as Error);
  const pace = setInterval(() => {
    if (isWaiting && inStretch < limits.paceBytes)
      stop(late(shown, `only ${String(inStretch)} bytes of the answer came in ${seconds(limits.paceMs)}`));
    inStretch = 0;
  }, limits.paceMs);
  const whole = setTimeout(() => stop(late(shown, `the answer was not there after ${seconds(limits.bodyMs)}`)), limits.bodyMs);
  signal.addEventListener('abort', cancelled, { once: true });
  const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  try {
    signal.throwIfAborted();
    if (!isError) {
      if (Number(response.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge();
      if ((response.headers['content-encoding'] ?? 'identity') !== 'identity')
        throw new SourceError(
          'not-json',
          shown,
          'the answer is compressed, which was not asked for',
          'check the address',
          status,
        );
    }
    for (;;) {
      isWaiting = true;
      const { done, value } = await pieces.next();
      isWaiting = false;
      if (done === true) return;
      size += value.length;
      inStretch += value.length;
      if (isError && size >= ERROR_BYTES) {
        yield value.subarray(0, value.length - (size - ERROR_BYTES));
        return;
      }
      if (size > limits.bodyBytes) throw tooLarge();
      yield value;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (why !== null) throw why as Error;
    if (error instanceof SourceError) throw error;
    const cut = `the answer broke off after ${String(size)} bytes`;
    throw new SourceError('cut', shown, cut, 'check the network, and try again', status, error);
  } finally {
    clearInterval(pace);
    clearTimeout(whole);
    signal.removeEventListener('abort', cancelled);
    if (!response.readableEnded) response.destroy();
  }
}
