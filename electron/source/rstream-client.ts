// The client of an rstream engine and its control plane. Ids go into paths percent-encoded; parameters of lists are one JSON
// object in `params`, left out when it is empty; answers keep their bytes as received, for evidence, and are checked for their outer
// form alone.

import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { ExhibitError } from '../../shared/api/errors.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { readPage, type PageElement } from '../../shared/recording/rstream-page.ts';
import type { RstreamAddress } from './rstream-address.ts';
import { exchange, type Exchanged, type Question } from './rstream-exchange.ts';
import { SourceError, statusFault } from './rstream-fault.ts';
import { LIMITS, type RequestLimits } from './rstream-limits.ts';
import { AttemptFault, withRetries } from './rstream-retry.ts';

/** Connections to one server at a time. */
const MAX_SOCKETS = 8;

export interface Answer {
  /** The body exactly as received. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** The header `Date`, as received. */
  readonly date: string | null;
  /** Of a list, its elements, so that nobody needs to parse it again. */
  readonly elements?: readonly PageElement[];
  /** Method and target, as `GET /api/webtty/sessions`; no secret is in it. */
  readonly request: string;
}

export interface SessionFilter {
  readonly serverId?: string | undefined;
  readonly status?: string | undefined;
  readonly origin?: string | undefined;
  readonly groupId?: string | undefined;
  readonly userId?: string | undefined;
  /** RFC 3339; both ends are included. */
  readonly startedFrom?: string | undefined;
  readonly startedTo?: string | undefined;
  readonly limit?: number | undefined;
}

export interface GroupFilter {
  readonly initiatorUserId?: string | undefined;
  readonly origin?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
  readonly limit?: number | undefined;
}

/** rstream's names of the rights to list sessions, and to see and take what was recorded, where an engine has no others. */
export const RSTREAM_RIGHTS = { history: 'webtty.sessions.read-only', recording: 'webtty.logs.read-only' } as const;

/** Every method throws a SourceError, or kind `cancelled` where the signal ended it. */
export interface Rstream {
  capabilities(signal: AbortSignal): Promise<Answer>;
  sessions(filter: SessionFilter, signal: AbortSignal): Promise<Answer>;
  session(id: string, signal: AbortSignal): Promise<Answer>;
  /** `fromSeq` is decimal text, inclusive. */
  events(id: string, fromSeq: string, limit: number, signal: AbortSignal): Promise<Answer>;
  participants(id: string, signal: AbortSignal): Promise<Answer>;
  groups(filter: GroupFilter, signal: AbortSignal): Promise<Answer>;
  group(id: string, signal: AbortSignal): Promise<Answer>;
  keyGrants(id: string, signal: AbortSignal): Promise<Answer>;
  decryptMaterial(
    id: string,
    recipient: { readonly id: string; readonly kind: string } | null,
    signal: AbortSignal,
  ): Promise<Answer>;
  /** The control plane's: throws kind `usage` where the source has no address of one. */
  whoami(signal: AbortSignal): Promise<Answer>;
  workspaces(signal: AbortSignal): Promise<Answer>;
  projects(workspace: string, page: number, signal: AbortSignal): Promise<Answer>;
  /** The project of an endpoint's name: `engineOfProject` reads its engine. */
  resolveProject(endpoint: string, signal: AbortSignal): Promise<Answer>;
  enrol(workspace: string, request: JsonObject, signal: AbortSignal): Promise<Answer>;
  lookup(workspace: string, proofs: readonly JsonObject[], signal: AbortSignal): Promise<Answer>;
  revoke(workspace: string, deviceKeyId: string, body: JsonObject, signal: AbortSignal): Promise<Answer>;
  /** Ends idle connections. */
  close(): void;
}

export interface RstreamDeps {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallClock: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Rejects when the signal ends it. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A good answer came, with this Date header. */
  readonly dated?: (date: string) => void;
  readonly limits?: Partial<RequestLimits>;
  /** PEM of what to trust in place of the usual authorities. */
  readonly ca?: string;
}

/** Outer form that an answer must have. */
type Form = 'list' | 'object' | 'sessions' | 'workspaces';

interface Ask {
  readonly method?: 'GET' | 'POST';
  /** Below `/api/`, ready to be sent. */
  readonly path: string;
  readonly query?: string;
  readonly body?: JsonObject;
  readonly form: Form;
  /** One of these permissions is needed. */
  readonly needs?: readonly string[];
  /** Whether asking twice changes nothing; as for every GET. */
  readonly isRepeatable?: boolean;
}

/** Permissions of a token for reading, by the protocol's names. */
const SESSIONS = ['webtty.sessions.read-only', 'webtty.sessions.read-write', 'webtty.logs.read-only'];
const LOGS = ['webtty.logs.read-only'];

/** An id as a segment of a path. Throws kind `usage` where it cannot be one. */
function segment(id: string, what: string): string {
  if (id.trim() === '' || id === '.' || id === '..' || !id.isWellFormed())
    throw new ExhibitError('usage', `ask for a ${what}`, 'its id is blank or no id at all', 'give the id as the source shows it');
  return encodeURIComponent(id);
}

/** The query of a list; empty where nothing is asked for. */
function paramsQuery(params: JsonObject): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?params=${encodeURIComponent(JSON.stringify(Object.fromEntries(given)))}`;
}

/** The member `filters`, where there is one. */
function withFilters(limit: number | undefined, filters: JsonObject): JsonObject {
  const isAny = Object.values(filters).some((value) => value !== undefined);
  return { limit, filters: isAny ? filters : undefined };
}

interface FormFault {
  readonly fault: 'not-json' | 'wrong-shape';
  readonly why: string;
}

/** What an answer lacks of its form, or null. */
function formFault(bytes: Uint8Array, form: Exclude<Form, 'list'>): FormFault | null {
  const parsed = parseJson(bytes);
  if (parsed.kind === 'fault') return { fault: 'not-json', why: parsed.fault };
  const { value } = parsed;
  switch (form) {
    case 'object':
      return isObject(value) ? null : wrong('an object');
    case 'sessions':
      return value === null || Array.isArray(value) ? null : wrong('a list');
    case 'workspaces':
      return isObject(value) && Array.isArray(value['workspaces']) ? null : wrong('an object with workspaces');
  }
}

const wrong = (due: string): FormFault => ({ fault: 'wrong-shape', why: `it is not ${due}` });

/** An answer's elements, if it has to be a list, or what it lacks of its form. */
function read(bytes: Uint8Array, form: Form): { readonly elements?: readonly PageElement[] } | FormFault {
  if (form !== 'list') return formFault(bytes, form) ?? {};
  const page = readPage(bytes);
  // A list without elements, as Go writes an empty slice.
  if (page.kind === 'fault' && page.isJson && Buffer.from(bytes).toString().trim() === 'null') return { elements: [] };
  return page.kind === 'page' ? page : { fault: page.isJson ? 'wrong-shape' : 'not-json', why: page.fault };
}

export function openRstream({ engine, apiUrl, credential }: RstreamAddress, deps: RstreamDeps): Rstream {
  const limits = { ...LIMITS, ...deps.limits };
  const trust = deps.ca === undefined ? {} : { ca: deps.ca };
  const identity = credential.kind === 'certificate' ? { cert: credential.cert, key: credential.key } : {};
  const keep = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const agents = {
    'http:': new PlainAgent(keep),
    'https:': new TlsAgent({ ...keep, ...trust, ...identity }),
  };
  const token = credential.kind === 'token' ? credential.token : null;

  const once = async (question: Question, { form, needs = [] }: Ask, signal: AbortSignal): Promise<Answer> => {
    const agent = question.server.startsWith('https:') ? agents['https:'] : agents['http:'];
    const request = question.shown;
    let exchanged: Exchanged;
    try {
      exchanged = await exchange(question, agent, limits, signal);
    } catch (error) {
      throw error instanceof SourceError ? new AttemptFault(error, null) : error;
    }
    const { status, body, header } = exchanged;
    if (status < 200 || status > 299) {
      const error = statusFault({ request, status, body, location: header('location'), secret: token, needs, system: 'rstream' });
      throw new AttemptFault(error, header('retry-after'));
    }
    const found = read(body, form);
    if ('fault' in found)
      throw new AttemptFault(
        new SourceError(
          found.fault,
          request,
          `the answer is not as rstream gives it: ${found.why}`,
          'check the address of the source',
          status,
        ),
        null,
      );
    const { elements } = found;
    const date = header('date');
    if (date !== null) deps.dated?.(date);
    const answer = { bytes: body, date, request: `${question.method} ${question.target}` };
    return elements === undefined ? answer : { ...answer, elements };
  };

  const ask = async (server: string, question: Ask, signal: AbortSignal): Promise<Answer> => {
    const { method = 'GET', path, query = '', body, isRepeatable = method === 'GET' } = question;
    const shown = `${method} ${server}/api/${path}`;
    const sent = {
      method,
      server,
      target: `/api/${path}${query}`,
      shown,
      token,
      body: body === undefined ? null : JSON.stringify(body),
    };
    try {
      return await withRetries(() => once(sent, question, signal), isRepeatable, limits, deps, signal);
    } catch (error) {
      if (signal.aborted) throw new ExhibitError('cancelled', shown, 'it was ended');
      throw error;
    }
  };

  const get = (path: string, form: Form, needs: readonly string[], query: string, signal: AbortSignal): Promise<Answer> =>
    ask(engine, { path, form, needs, query }, signal);
  const ofSession = (id: string, rest = ''): string => `webtty/sessions/${segment(id, 'session')}${rest}`;
  const control = (question: Ask, signal: AbortSignal): Promise<Answer> => {
    if (apiUrl === null || token === null)
      throw new ExhibitError(
        'usage',
        'ask the control plane',
        apiUrl === null
          ? 'the source has no address of a control plane'
          : 'the control plane takes a token, and the source has a client certificate',
        'add the source again with --api-url and a token',
      );
    return ask(apiUrl, question, signal);
  };
  const devices = (workspace: string): string => `workspaces/${segment(workspace, 'workspace')}/enterprise/devices`;

  return {
    capabilities: (signal) => get('webtty/capabilities', 'object', [], '', signal),
    sessions: (filter, signal) => {
      const params = withFilters(filter.limit, {
        server_id: filter.serverId,
        user_id: filter.userId,
        group_id: filter.groupId,
        origin: filter.origin,
        status: filter.status,
        started_from: filter.startedFrom,
        started_to: filter.startedTo,
      });
      return get('webtty/sessions', 'sessions', SESSIONS, paramsQuery(params), signal);
    },
    session: async (id, signal) => get(ofSession(id), 'object', SESSIONS, '', signal),
    events: async (id, fromSeq, limit, signal) =>
      get(ofSession(id, '/events'), 'list', LOGS, paramsQuery({ from_seq: fromSeq, limit }), signal),
    participants: async (id, signal) => get(ofSession(id, '/participants'), 'list', SESSIONS, '', signal),
    groups: (filter, signal) => {
      const params = withFilters(filter.limit, {
        initiator_user_id: filter.initiatorUserId,
        origin: filter.origin,
        created_from: filter.createdFrom,
        created_to: filter.createdTo,
      });
      return get('webtty/groups', 'list', SESSIONS, paramsQuery(params), signal);
    },
    group: async (id, signal) => get(`webtty/groups/${segment(id, 'group')}`, 'object', SESSIONS, '', signal),
    keyGrants: async (id, signal) => get(ofSession(id, '/key-grants'), 'list', SESSIONS, '', signal),
    decryptMaterial: async (id, recipient, signal) => {
      // Two plain parameters, as the Go client sends them.
      const query =
        recipient === null
          ? ''
          : `?recipient_id=${encodeURIComponent(recipient.id)}&recipient_kind=${encodeURIComponent(recipient.kind)}`;
      return get(ofSession(id, '/key-grants/decrypt-material'), 'list', SESSIONS, query, signal);
    },
    whoami: async (signal) => control({ path: 'whoami', form: 'object' }, signal),
    workspaces: async (signal) => control({ path: 'workspaces', form: 'workspaces' }, signal),
    projects: async (workspace, page, signal) =>
      control(
        {
          path: `workspaces/${segment(workspace, 'workspace')}/projects/tunnels`,
          query: `?page=${String(page)}`,
          form: 'object',
        },
        signal,
      ),
    resolveProject: async (endpoint, signal) =>
      control({ path: `projects/tunnels/resolve/${segment(endpoint, 'project')}`, form: 'object' }, signal),
    enrol: async (workspace, body, signal) => control({ method: 'POST', path: devices(workspace), body, form: 'object' }, signal),
    lookup: async (workspace, proofs, signal) =>
      control(
        { method: 'POST', path: `${devices(workspace)}/lookup`, body: { proofs }, form: 'object', isRepeatable: true },
        signal,
      ),
    revoke: async (workspace, deviceKeyId, body, signal) =>
      control(
        { method: 'POST', path: `${devices(workspace)}/${segment(deviceKeyId, 'device')}/revoke`, body, form: 'object' },
        signal,
      ),
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}
