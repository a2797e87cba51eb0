// What can go wrong between Exhibit and a server, in words for people: each names the request, why it failed and what to
// do. The token never appears, not even where the server repeats it. Statuses: rstream's engine and control plane answer with plain
// text and `{"error": text}`, StackShift with an envelope, which are shown and never interpreted.

import { ExhibitError, type ErrorKind } from '../../shared/api/errors.ts';
import { isObject, parseJson, quoted } from '../../shared/recording/json-text.ts';

export type SourceFault =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'rate-limited'
  | 'unavailable'
  | 'refused'
  | 'redirect'
  | 'timeout'
  | 'connection'
  | 'cut'
  | 'too-large'
  | 'not-json'
  | 'wrong-shape'
  | 'tls';

const KINDS: Readonly<Record<SourceFault, ErrorKind>> = {
  unauthorized: 'permission',
  forbidden: 'permission',
  'not-found': 'not-found',
  gone: 'not-found',
  'rate-limited': 'network',
  unavailable: 'network',
  refused: 'network',
  redirect: 'network',
  timeout: 'network',
  connection: 'network',
  cut: 'network',
  'too-large': 'network',
  'not-json': 'network',
  'wrong-shape': 'network',
  tls: 'network',
};

/** A request to a source that failed for good: what could be repeated was. */
export class SourceError extends ExhibitError {
  readonly fault: SourceFault;
  /** HTTP status, where there was an answer. */
  readonly status: number | null;

  constructor(fault: SourceFault, request: string, why: string, todo: string, status: number | null = null, cause?: unknown) {
    super(KINDS[fault], request, why, todo, cause === undefined ? undefined : { cause });
    this.fault = fault;
    this.status = status;
  }
}

/** Longest text of a server that an error repeats, in characters. */
const MAX_SAID = 200;

/** What the body of an error says, as a clause for a message; empty where it says nothing. `secret` is blotted out. */
function said(body: Uint8Array, secret: string | null): string {
  const parsed = parseJson(body);
  const object = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : null;
  const inner = object?.['error'];
  const whole = (typeof inner === 'string' ? inner : Buffer.from(body).toString()).trim();
  const text = secret === null || secret === '' ? whole : whole.replaceAll(secret, '[token]');
  if (text === '') return '';
  // A page of a proxy in between says nothing to anybody.
  if (text.startsWith('<')) return ' (the answer is a web page)';
  const short = text.length > MAX_SAID ? `${text.slice(0, MAX_SAID)}…` : text;
  return `: it says ${JSON.stringify(short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').toWellFormed())}`;
}

export interface FailedAnswer {
  /** Method and path. */
  readonly request: string;
  readonly status: number;
  /** Its beginning. */
  readonly body: Uint8Array;
  readonly location: string | null;
  readonly secret: string | null;
  /** Permissions of which the token needs one, as the protocol lists them. */
  readonly needs: readonly string[];
  /** What the server should be. */
  readonly system: 'rstream' | 'StackShift';
}

/** The error that a status outside 200 to 299 is. */
export function statusFault({ request, status, body, location, secret, needs, system }: FailedAnswer): SourceError {
  const words = said(body, secret);
  const failed = (fault: SourceFault, why: string, todo: string): SourceError =>
    new SourceError(fault, request, `${why}${words}`, todo, status);
  if (status >= 300 && status < 400)
    return new SourceError(
      'redirect',
      request,
      `the server wants to send the request on to ${target(location)} (status ${String(status)})`,
      'redirects are not followed, because the token would go along: correct the address of the source',
      status,
    );
  switch (status) {
    case 401:
      return failed(
        'unauthorized',
        'the token was refused (status 401)',
        'it is wrong, withdrawn or has ended: get a new one; `exhibit sources set-token` gives it to the source',
      );
    case 403:
      return failed(
        'forbidden',
        `the token has no permission for this (status 403)`,
        needs.length === 0
          ? 'ask an administrator of the workspace for the right'
          : `use a token with the permission ${needs.join(' or ')}`,
      );
    case 404:
      return failed(
        'not-found',
        'there is no such thing at the source (status 404)',
        'it may have been removed, its retention may have ended, or the token may not see it',
      );
    case 410:
      return failed(
        'gone',
        'the source no longer has it: its retention has ended (status 410)',
        'what is in the library already stays there',
      );
    case 429:
      return failed('rate-limited', 'the source allows no more requests for now (status 429)', 'wait, and try again later');
    case 408:
    case 425:
      return failed('unavailable', `the source could not answer now (status ${String(status)})`, 'try again later');
    default:
      return status >= 500
        ? failed(
            'unavailable',
            `the source has a fault of its own (status ${String(status)})`,
            'try again later; if it stays, tell whoever runs it',
          )
        : failed(
            'refused',
            `the source refused the request (status ${String(status)})`,
            `check the address of the source: it may not be ${SERVERS[system]}`,
          );
  }
}

const SERVERS: Readonly<Record<FailedAnswer['system'], string>> = {
  rstream: 'an rstream server',
  StackShift: 'a StackShift server, or the path may be another one',
};

function target(location: string | null): string {
  if (location === null) return 'nowhere in particular';
  // Only the place: what follows it may be a secret of somebody.
  const url = URL.parse(location, 'https://same-server.invalid');
  if (url === null) return 'an address that is none';
  return url.hostname === 'same-server.invalid' ? 'another path' : quoted(`${url.protocol}//${url.host}`);
}

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_|HOSTNAME_MISMATCH$)/;

const TLS_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet: the clock of this machine may be wrong",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is signed by nobody but itself",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain of the server's certificate ends at one that this machine does not trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "who signed the server's certificate is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "who signed the server's certificate is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "who signed the server's certificate is not known here",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
  EPROTO: 'the server does not speak TLS as it must',
};

const CONNECTION_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'there is no server of this name',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'the server cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the server cannot be reached',
};

/** The error that a connection's own failure is. */
export function connectionFault(request: string, error: NodeJS.ErrnoException): SourceError {
  const code = error.code ?? '';
  if (TLS_CODE.test(code))
    return new SourceError(
      'tls',
      request,
      `no safe connection: ${TLS_WORDS[code] ?? 'TLS failed'} (${code})`,
      'check the address; if the server is right, make its certificate authority known with NODE_EXTRA_CA_CERTS',
      null,
      error,
    );
  const why = CONNECTION_WORDS[code] ?? (code.startsWith('HPE_') ? 'the answer is no HTTP' : 'the connection failed');
  return new SourceError(
    'connection',
    request,
    code === '' ? why : `${why} (${code})`,
    'check the address of the source and the network',
    null,
    error,
  );
}
