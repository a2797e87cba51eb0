// The client of StackShift's terminal interface: a bearer token, and answers in an envelope {success, status, status_code, message, data,
// error: {code}}. Answers keep their bytes as received, for evidence, and are checked for their outer form alone. Requests are bounded and
// repeated as those to rstream are. The paths are a table (stackshift-paths.ts), since they are not public. docs/stackshift.md

import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import type { Answer, RstreamDeps } from './rstream-client.ts';
import { exchange, open, type Opened, type Question } from './rstream-exchange.ts';
import { SourceError, statusFault } from './rstream-fault.ts';
import { LIMITS, type RequestLimits } from './rstream-limits.ts';
import { AttemptFault, withRetries } from './rstream-retry.ts';
import { formFault, readEnvelope, wordsOf, type Form } from './stackshift-envelope.ts';
import type { StackShiftPath, StackShiftPaths } from './stackshift-paths.ts';

/** Connections to one server at a time. */
const MAX_SOCKETS = 8;

/** Rows that a page is asked for, and pages that are read of one list: a list without an end is given up. */
const PAGE_ROWS = 200;
const MOST_PAGES = 20_000;

/** Pages without a row, one after the other, that a list may have. */
const MOST_EMPTY = 50;

/** Longest cursor that is sent back, in characters. */
const MOST_CURSOR = 4000;

/** Largest recording that is taken in, in bytes; it is never in memory as a whole. */
const RECORDING_BYTES = 512 * 1024 * 1024;

/** StackShift's names of the rights that requests need. */
export const STACKSHIFT_RIGHTS = {
  history: 'terminal.view_history',
  recording: 'terminal.view_recording',
  download: 'terminal.download_recording',
  policy: 'terminal.manage_policy',
} as const;

export interface StackShiftAddress {
  /** As `serverAddress` returns it. */
  readonly engine: string;
  readonly token: string;
  readonly paths: StackShiftPaths;
}

/** An answer in its envelope: `bytes` is all of it. */
export interface Enveloped extends Answer {
  /** The member `data`. */
  readonly data: JsonObject;
}

/** One page of a list: `data` is `{items: […], next_cursor}`. */
export interface EnvelopedPage extends Enveloped {
  readonly items: readonly unknown[];
}

/** The terms that the interface takes; a source of this kind has no others. */
export interface HistoryFilter {
  readonly status?: string | undefined;
  readonly origin?: string | undefined;
  /** Id of who began it. */
  readonly initiator?: string | undefined;
  /** RFC 3339; both ends are included. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
  /** Most sessions in all. */
  readonly limit?: number | undefined;
}

/** A recording that comes: read once. */
export interface Download {
  readonly request: string;
  /** The header `Date`, as received. */
  readonly date: string | null;
  /** Throws a SourceError where it breaks off, is too slow or too large, and kind `cancelled`. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Every method throws a SourceError, or kind `cancelled` where the signal ended it. */
export interface StackShift {
  /** Every session that the token may see, in the order of the source. */
  historyPages(filter: HistoryFilter, signal: AbortSignal): AsyncIterable<EnvelopedPage>;
  /** Commands, runbooks, terminal and database audit events. */
  eventPages(signal: AbortSignal): AsyncIterable<EnvelopedPage>;
  /** `data` is the session's history record. */
  session(id: string, signal: AbortSignal): Promise<Enveloped>;
  /** The asciicast stream, without an envelope. */
  recording(id: string, signal: AbortSignal): Promise<Download>;
  /** `data` is `{permissions: [names]}`. */
  permissions(signal: AbortSignal): Promise<Enveloped>;
  /** `data` is `{production_retention_days, nonproduction_retention_days, reconnect_grace_seconds}`. */
  policy(signal: AbortSignal): Promise<Enveloped>;
  /** Ends a live session. Sent once. */
  revoke(id: string, reason: string, signal: AbortSignal): Promise<Enveloped>;
  /** `data` is `{url, expires_at}`: the address that the system's own client opens. Sent once. */
  reconnect(id: string, signal: AbortSignal): Promise<Enveloped>;
  /** Ends idle connections. */
  close(): void;
}

export interface StackShiftDeps extends Omit<RstreamDeps, 'limits'> {
  readonly limits?: Partial<RequestLimits & { readonly recordingBytes: number }>;
}

interface Ask {
  readonly path: StackShiftPath;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent by POST, and not repeated unless the server says that it did nothing. */
  readonly body?: JsonObject;
  readonly form: Form;
  readonly needs?: string;
}

function queryText(query: Ask['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}

/** A path with the id in its place. Throws kind `usage` where it cannot be one. */
function filled(path: string, id: string | undefined): string {
  if (id === undefined) return path;
  if (id.trim() === '' || id === '.' || id === '..' || !id.isWellFormed())
    throw new ExhibitError('usage', 'ask for a session', 'its id is blank or no id at all', 'give the id as the source shows it');
  return path.replace('{id}', () => encodeURIComponent(id));
}

export function openStackShift({ engine, token, paths }: StackShiftAddress, deps: StackShiftDeps): StackShift {
  const { recordingBytes = RECORDING_BYTES, ...bounds } = deps.limits ?? {};
  const limits = { ...LIMITS, ...bounds };
  const keep = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const agent = engine.startsWith('https:')
    ? new TlsAgent({ ...keep, ...(deps.ca === undefined ? {} : { ca: deps.ca }) })
    : new PlainAgent(keep);

  const question = ({ path, id, query, body }: Ask): Question => {
    const method = body === undefined ? 'GET' : 'POST';
    const target = filled(paths[path], id);
    return {
      method,
      server: engine,
      target: `${target}${queryText(query)}`,
      shown: `${method} ${engine}${target}`,
      token,
      body: body === undefined ? null : JSON.stringify(body),
    };
  };

  const failed = (
    { shown: request }: Question,
    { needs }: Pick<Ask, 'needs'>,
    { status, header }: Pick<Opened, 'status' | 'header'>,
    body: Uint8Array,
  ): AttemptFault => {
    const said = { request, status, body: wordsOf(body), location: header('location'), secret: token };
    return new AttemptFault(
      statusFault({ ...said, needs: needs === undefined ? [] : [needs], system: 'StackShift' }),
      header('retry-after'),
    );
  };

  const once = async (asked: Question, ask: Ask, signal: AbortSignal): Promise<Enveloped> => {
    const { status, header, body } = await exchange(asked, agent, limits, signal);
    if (status < 200 || status > 299) throw failed(asked, ask, { status, header }, body);
    const envelope = readEnvelope(body);
    if (envelope.kind === 'refused') throw failed(asked, ask, { status: envelope.status ?? status, header }, body);
    const fault = envelope.kind === 'fault' ? envelope : formFault(envelope.data, ask.form);
    if (fault !== null)
      throw new AttemptFault(
        new SourceError(
          fault.fault,
          asked.shown,
          `the answer is not as StackShift gives it: ${fault.why}`,
          'check the address of the source and its paths, which `exhibit sources test` shows',
          status,
        ),
        null,
      );
    const { data } = envelope as Extract<typeof envelope, { kind: 'data' }>;
    const date = header('date');
    if (date !== null) deps.dated?.(date);
    return { bytes: body, date, request: `${asked.method} ${asked.target}`, data };
  };

  /** Runs attempts, and says `cancelled` where the signal ended them. */
  const repeated = async <T>(asked: Question, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const faulty = async (): Promise<T> => {
      try {
        return await attempt();
      } catch (error) {
        throw error instanceof SourceError ? new AttemptFault(error, null) : error;
      }
    };
    try {
      return await withRetries(faulty, asked.method === 'GET', limits, deps, signal);
    } catch (error) {
      throw signal.aborted ? cancelled(asked) : error;
    }
  };

  const ask = (what: Ask, signal: AbortSignal): Promise<Enveloped> => {
    const asked = question(what);
    return repeated(asked, () => once(asked, what, signal), signal);
  };

  async function* pages(what: Omit<Ask, 'form'>, most: number, signal: AbortSignal): AsyncGenerator<EnvelopedPage> {
    const seen = new Set<string>();
    let left = most;
    let empty = 0;
    const endless = (why: string): SourceError =>
      new SourceError('wrong-shape', question({ ...what, form: 'page' }).shown, why, 'tell whoever runs the source');
    for (let cursor: string | undefined; left > 0;) {
      const query = { ...what.query, limit: Math.min(PAGE_ROWS, left), cursor };
      const answer = await ask({ ...what, query, form: 'page' }, signal);
      const items = answer.data['items'] as readonly unknown[];
      yield { ...answer, items };
      left -= items.length;
      const next = answer.data['next_cursor'];
      if (typeof next !== 'string' || next === '') return;
      empty = items.length === 0 ? empty + 1 : 0;
      if (seen.has(next)) throw endless('the list goes in a circle: a page names one before it as the next');
      if (seen.size >= MOST_PAGES || empty >= MOST_EMPTY) throw endless('the list has no end');
      if (next.length > MOST_CURSOR) throw endless('what names the next page is too long');
      seen.add(next);
      cursor = next;
    }
  }

  const download = async (id: string, signal: AbortSignal): Promise<Download> => {
    const needs = STACKSHIFT_RIGHTS.recording;
    const asked = { ...question({ path: 'recording', id, form: 'object' }), accept: 'application/x-asciicast, */*;q=0.5' };
    const bounded = { ...limits, bodyBytes: recordingBytes };
    const opened = await repeated(
      asked,
      async () => {
        const answer = await open(asked, agent, bounded, signal);
        if (answer.status >= 200 && answer.status <= 299) return answer;
        const body: Buffer[] = [];
        for await (const piece of answer.pieces) body.push(piece);
        throw failed(asked, { needs }, answer, Buffer.concat(body));
      },
      signal,
    );
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield* opened.pieces;
      } catch (error) {
        throw signal.aborted ? cancelled(asked) : error;
      }
    };
    return { request: `${asked.method} ${asked.target}`, date: opened.header('date'), bytes: bytes() };
  };

  const needs = STACKSHIFT_RIGHTS.history;
  return {
    historyPages: ({ limit = Infinity, status, origin, initiator, startedFrom, startedTo }, signal) => {
      const query = { status, origin, initiator, started_from: startedFrom, started_to: startedTo };
      return pages({ path: 'sessions', query, needs }, limit, signal);
    },
    eventPages: (signal) => pages({ path: 'events', needs }, Infinity, signal),
    session: async (id, signal) => ask({ path: 'session', id, form: 'record', needs }, signal),
    recording: download,
    permissions: (signal) => ask({ path: 'permissions', form: 'permissions' }, signal),
    policy: (signal) => ask({ path: 'policy', form: 'object', needs: STACKSHIFT_RIGHTS.policy }, signal),
    revoke: async (id, reason, signal) =>
      ask({ path: 'revoke', id, body: { reason }, form: 'object', needs: STACKSHIFT_RIGHTS.policy }, signal),
    reconnect: async (id, signal) => ask({ path: 'reconnect', id, body: {}, form: 'object' }, signal),
    close: () => agent.destroy(),
  };
}

const cancelled = ({ shown }: Question): ExhibitError => new ExhibitError('cancelled', shown, 'it was ended');
