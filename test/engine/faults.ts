// The ways in which the server misbehaves when it is told to: every case of the fault list "source answers" in the quality bars. A fault
// either takes the place of an answer, or changes the right one, or spoils how it is sent.

import type { ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { ENDPOINTS, type Ask, type EndpointName } from './endpoint.ts';

/** Faults in what is said. Those with a `seq` touch the pages that hold this event, and leave the others alone. */
type ContentFault =
  /** 401, 403, 404, 410, 429 with `retry-after`, 5xx, redirects: any status with any headers. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Another body, with status 200: wrong JSON, another form, nothing at all. */
  | { readonly kind: 'body'; readonly text: string }
  /** The answer to another question: another start, more than the limit, another session. */
  | { readonly kind: 'wrong-page'; readonly fromSeq?: string; readonly limit?: number; readonly session?: string }
  /** A list takes no notice of its filters. */
  | { readonly kind: 'unfiltered' }
  /** A page of events that would be empty is an error with this status: the start that was asked for is beyond the last event. */
  | { readonly kind: 'past-end'; readonly status: number }
  /** The event comes twice in a row. */
  | { readonly kind: 'repeated'; readonly seq: string }
  /** The event changes places with the one after it, if that is on the page. */
  | { readonly kind: 'reordered'; readonly seq: string }
  | { readonly kind: 'missing'; readonly seq: string }
  /** The event has other members: after a page that was right, changed history; also lying lengths and members that may not be. */
  | { readonly kind: 'changed'; readonly seq: string; readonly members: JsonObject };

/** Faults in how it is sent. */
type TransportFault =
  /** The connection breaks before the first byte of an answer. */
  | { readonly kind: 'reset' }
  /** Nothing comes, for as long as the client waits. */
  | { readonly kind: 'silence' }
  /** The connection breaks after so many bytes of the body, whose whole length was announced unless `chunked`. */
  | { readonly kind: 'cut'; readonly bytes: number; readonly chunked?: boolean }
  /** Content-Length says so many bytes; the body has as many as it has, and the connection ends. */
  | { readonly kind: 'lying-length'; readonly declared: number }
  /** So many bytes at a time. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** A JSON list of so many bytes, blanks but for the brackets; `unit` is what it has in place of a blank. */
  | { readonly kind: 'flood'; readonly bytes: number; readonly unit?: string; readonly declared?: boolean };

export type Fault = ContentFault | TransportFault;

/** Where and when a fault strikes. */
export interface Misbehaviour {
  readonly at: EndpointName | 'all';
  /** Only where the path names this session. */
  readonly session?: string;
  /** So many requests are answered rightly first. */
  readonly skip?: number;
  /** So many are answered wrongly after these; all of them where absent. */
  readonly times?: number;
  readonly fault: Fault;
}

/** The first body of 1 GB: what a client must give up long before its end. */
export const GIGABYTE = 1_000_000_000;

const FLOOD_BLOCK = 65_536;

/** Counts requests against the list of what is wrong. */
export class Faults {
  readonly #rules: { readonly rule: Misbehaviour; seen: number }[] = [];

  /** The newest comes first. Returns how to end it. */
  add(rule: Misbehaviour): () => void {
    const entry = { rule, seen: 0 };
    this.#rules.unshift(entry);
    return () => {
      const at = this.#rules.indexOf(entry);
      if (at !== -1) this.#rules.splice(at, 1);
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault for one request, which is counted by every rule that it meets up to the one that strikes. */
  strike(endpoint: EndpointName | null, session: string | undefined): Fault | null {
    for (const entry of this.#rules) {
      const { at, session: only, skip = 0, times = Infinity, fault } = entry.rule;
      if ((at !== 'all' && at !== endpoint) || (only !== undefined && only !== session)) continue;
      const number = entry.seen++;
      if (number >= skip && number < skip + times) return fault;
    }
    return null;
  }
}

/** Reads a misbehaviour from JSON, as the program takes it. Throws an Error with what is wrong. */
export function parseMisbehaviour(text: string): Misbehaviour {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || !isObject(value['fault'])) throw new Error(`a fault needs "at" and "fault": ${text}`);
  if (!['all', ...ENDPOINTS].includes(String(value['at']))) throw new Error(`"at" must be all or one of ${ENDPOINTS.join(', ')}`);
  if (!KINDS.some((kind) => kind === (value['fault'] as JsonObject)['kind'])) {
    throw new Error(`the kind of a fault must be one of ${KINDS.join(', ')}`);
  }
  return value as unknown as Misbehaviour;
}

const KINDS: readonly Fault['kind'][] = [
  'status',
  'body',
  'wrong-page',
  'unfiltered',
  'past-end',
  'repeated',
  'reordered',
  'missing',
  'changed',
  'reset',
  'silence',
  'cut',
  'lying-length',
  'drip',
  'flood',
];

/** The question that a wrong page answers. */
export function wrongAsk(ask: Ask, fault: Fault | null): Ask {
  if (fault?.kind !== 'wrong-page' && fault?.kind !== 'unfiltered') return ask;
  const params = JSON.parse(ask.query.get('params') ?? 'null') as JsonObject | null;
  const query = new URLSearchParams(ask.query);
  if (fault.kind === 'unfiltered') {
    query.set('params', JSON.stringify({ ...params, filters: {} }));
    return { ...ask, query };
  }
  const fromSeq = fault.fromSeq === undefined ? {} : { from_seq: fault.fromSeq };
  const limit = fault.limit === undefined ? {} : { limit: fault.limit };
  query.set('params', JSON.stringify({ ...params, ...fromSeq, ...limit }));
  const ids = fault.session === undefined ? ask.ids : [fault.session, ...ask.ids.slice(1)];
  return { ...ask, ids, query };
}

/** The right answer's text with the fault in it. Faults of events leave StackShift's answers as they are. */
export function wrongText(text: string | Uint8Array, fault: Fault | null): string | Uint8Array {
  if (fault === null) return text;
  if (fault.kind === 'body') return fault.text;
  if (!('seq' in fault) || typeof text !== 'string' || !text.startsWith('[')) return text;
  const events = JSON.parse(text) as JsonObject[];
  const at = events.findIndex(({ seq }) => seq === fault.seq);
  if (at === -1) return text;
  const event = events[at]!;
  switch (fault.kind) {
    case 'repeated':
      events.splice(at, 0, event);
      break;
    case 'reordered':
      events.splice(at, 1);
      events.splice(at + 1, 0, event);
      break;
    case 'missing':
      events.splice(at, 1);
      break;
    case 'changed':
      events[at] = { ...event, ...fault.members };
      break;
  }
  return JSON.stringify(events);
}

/** Sends an answer, well or badly. */
export function send(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  text: string | Uint8Array,
  fault: Fault | null,
): void {
  if (fault?.kind === 'past-end' && text === '[]') {
    send(response, fault.status, headers, '', { kind: 'status', status: fault.status, body: 'from_seq is out of range' });
    return;
  }
  const body = Buffer.from(text);
  const declared = { ...headers, 'content-length': String(body.length) };
  switch (fault?.kind) {
    case 'reset':
      // Only a plain socket can be reset; under TLS the connection ends without a word, which clients report alike.
      if (response.socket instanceof TLSSocket) response.socket.destroy();
      else response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
    case 'cut':
      response.writeHead(status, fault.chunked === true ? headers : declared);
      response.flushHeaders();
      // Broken only after the bytes are on their way: a reset would take them back.
      response.write(body.subarray(0, fault.bytes), () => response.socket?.end());
      return;
    case 'lying-length':
      response.writeHead(status, { ...headers, 'content-length': String(fault.declared), connection: 'close' });
      response.write(body, () => response.socket?.end());
      return;
    case 'drip':
      response.writeHead(status, declared);
      drip(response, body, fault.bytes, fault.everyMs);
      return;
    case 'flood': {
      const length = fault.declared === true ? { 'content-length': String(fault.bytes) } : {};
      response.writeHead(status, { ...headers, ...length });
      flood(response, fault.bytes, fault.unit ?? ' ');
      return;
    }
    case 'status':
      response.writeHead(fault.status, { ...headers, 'content-type': 'text/plain; charset=utf-8', ...fault.headers });
      response.end(fault.body ?? '');
      return;
    default:
      response.writeHead(status, declared);
      response.end(body);
  }
}

function drip(response: ServerResponse, body: Buffer, bytes: number, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(at, at + bytes));
    at += bytes;
    if (at < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

/** `[`, the unit as often as it fits, blanks up to the length, `]`. Waits while the client does not read. */
function flood(response: ServerResponse, bytes: number, unit: string): void {
  const block = Buffer.from(unit.repeat(Math.max(1, Math.floor(FLOOD_BLOCK / Buffer.byteLength(unit)))));
  let left = bytes - 2;
  response.write('[');
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const piece = left >= block.length ? block : Buffer.alloc(left, ' ');
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end(']');
  };
  more();
}
