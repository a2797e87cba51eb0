// Who may talk to the loopback shell. A local port is open to every program and every web page on this machine, so each request
// must prove itself: Host stops DNS rebinding, Origin and Sec-Fetch-Site stop other pages, the token stops everybody else.
// Browsers attach neither the token nor a false Host, Origin or Sec-Fetch header on their own.
// See https://www.w3.org/TR/fetch-metadata/ and RFC 6455 section 10.2.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The web socket protocol that is spoken, and the prefix of the one that carries the token. */
export const PROTOCOL = 'exhibit.v1';
const TOKEN_PREFIX = 'exhibit.token.';

/** Path of the web socket. */
export const SOCKET_PATH = '/api';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: 403 | 421;
  readonly why: string;
}

function refusedOrigin({ headers }: Asked, host: string): Refusal | null {
  if (headers.host !== host) return { status: 421, why: 'This address is not served here.' };
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, why: 'Another page may not ask.' };
  return null;
}

/** Why a request for a file or an export is refused, or null. */
export function refusedRequest(asked: Asked, host: string): Refusal | null {
  const refusal = refusedOrigin(asked, host);
  if (refusal !== null) return refusal;
  const site = asked.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return null;
  // The window starts from a private file (see window.ts), which is another site: it may open the page, and nothing else.
  const opensPage = asked.path === '/' && asked.headers['sec-fetch-dest'] === 'document';
  return opensPage ? null : { status: 403, why: 'Another page may not ask.' };
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Why a web socket is refused, or null. Here Origin must be present: only our own page speaks this protocol. */
export function refusedSocket(asked: Asked, host: string, token: string): Refusal | null {
  const refusal = refusedOrigin(asked, host);
  if (refusal !== null) return refusal;
  if (asked.headers.origin === undefined || asked.path !== SOCKET_PATH) return { status: 403, why: 'This is not for you.' };
  const offered = (asked.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const given = offered.find((name) => name.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length);
  if (!offered.includes(PROTOCOL) || given === undefined || !sameText(given, token)) {
    return { status: 403, why: 'The token is missing or wrong.' };
  }
  return null;
}
