// The reading half of the rstream engine API, as the protocol gives it. Strict where a client could be wrong: what the protocol does not
// name is refused with 400. Joining a running session and asking for control are not here, and the capabilities say so.

import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { parseInstant } from '../../shared/recording/time.ts';
import { objectOf, optionalText, Refusal, type Ask, type Endpoint } from './endpoint.ts';
import type { GroupFilters, SessionFilters, Store } from './store.ts';

export const SESSIONS_READ = 'webtty.sessions.read-only';
export const SESSIONS_WRITE = 'webtty.sessions.read-write';
export const LOGS_READ = 'webtty.logs.read-only';

const READERS = [SESSIONS_READ, SESSIONS_WRITE, LOGS_READ];

export interface Limits {
  /** Where the client names none. The engine's own is not public. */
  readonly usual: number;
  /** More is cut to this, in silence. */
  readonly most: number;
  /** Sessions are listed, and cut, in the other order: the engine's own is not public. */
  readonly oldestFirst?: boolean;
}

const MAX_SEQ = 2n ** 64n - 1n;

const SESSION_FILTERS = [
  'server_id',
  'tunnel_id',
  'user_id',
  'group_id',
  'origin',
  'status',
  'started_from',
  'started_to',
] as const satisfies readonly (keyof SessionFilters)[];
const GROUP_FILTERS = [
  'initiator_user_id',
  'origin',
  'created_from',
  'created_to',
] as const satisfies readonly (keyof GroupFilters)[];

const CAPABILITIES = {
  managed_protocol: true,
  store_configured: true,
  session_listing: true,
  recording: true,
  replay: true,
  live_attach: false,
  control_transfer: false,
  e2e: true,
  implemented_transports: ['plain', 'websocket', 'webtransport'],
  recording_modes: ['recorded', 'private'],
  encryption_modes: ['managed', 'e2e'],
  required_permissions: { sessions_read: READERS, logs_read: [LOGS_READ] },
};

/** The object in the one query parameter `params`, with no members but the named ones. */
function paramsOf({ query }: Ask, names: readonly string[]): JsonObject {
  const params = objectOf(query.get('params') ?? 'null', 'params');
  const stray = Object.keys(params).find((name) => !names.includes(name));
  if (stray !== undefined) throw new Refusal(400, `params has no member ${stray}`);
  return params;
}

function limitOf(params: JsonObject, { usual, most }: Limits): number {
  const limit = params['limit'] ?? usual;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1) {
    throw new Refusal(400, 'limit must be a whole number from 1');
  }
  return Math.min(limit, most);
}

function filtersOf<Name extends string>(params: JsonObject, names: readonly Name[]): { readonly [name in Name]?: string } {
  const filters = params['filters'] ?? {};
  if (!isObject(filters)) throw new Refusal(400, 'filters must be an object');
  for (const name of Object.keys(filters)) {
    if (!names.some((known) => known === name)) throw new Refusal(400, `there is no filter ${name}`);
    const value = optionalText(filters, name);
    if (/_(from|to)$/.test(name) && parseInstant(value ?? '') === null)
      throw new Refusal(400, `${name} must be an RFC 3339 time`);
  }
  return filters as { readonly [name in Name]?: string };
}

function fromSeqOf(params: JsonObject): bigint {
  const text = optionalText(params, 'from_seq') ?? '0';
  const seq = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
  if (seq < 0n || seq > MAX_SEQ) throw new Refusal(400, 'from_seq must be a decimal number of 64 bits');
  return seq;
}

function found<Value>(value: Value | null): Value {
  if (value === null) throw new Refusal(404, 'not found');
  return value;
}

/** A managed payload is for tokens that may read logs; others get the event without it. */
function withoutPlaintext(text: string): string {
  const { payload_plaintext: _plain, ...event } = JSON.parse(text) as JsonObject;
  return JSON.stringify(event);
}

/** The engine's endpoints over a store. */
export function engineEndpoints(store: Store, limits: Limits): Endpoint[] {
  const get = (
    name: Endpoint['name'],
    path: string,
    answer: Endpoint['answer'],
    permissions: readonly string[] = READERS,
  ): Endpoint => ({ name, method: 'GET', path, permissions, answer });
  const session = 'webtty/sessions/:id';
  return [
    get('auth', 'auth', () => '{}', []),
    get('capabilities', 'webtty/capabilities', () => JSON.stringify(CAPABILITIES), []),
    get('sessions', 'webtty/sessions', (ask) => {
      const params = paramsOf(ask, ['limit', 'filters']);
      return JSON.stringify(store.sessions(filtersOf(params, SESSION_FILTERS), limitOf(params, limits), limits.oldestFirst));
    }),
    get('session', session, ({ ids }) => JSON.stringify(found(store.session(ids[0]!)))),
    get('groups', 'webtty/groups', (ask) => {
      const params = paramsOf(ask, ['limit', 'filters']);
      return JSON.stringify(store.groups(filtersOf(params, GROUP_FILTERS), limitOf(params, limits)));
    }),
    get('group', 'webtty/groups/:id', ({ ids }) => JSON.stringify(found(store.group(ids[0]!)))),
    get('events', `${session}/events`, (ask) => {
      const params = paramsOf(ask, ['from_seq', 'limit']);
      const texts = found(store.events(ask.ids[0]!, fromSeqOf(params), limitOf(params, limits)));
      const readsLogs = ask.token.permissions.includes(LOGS_READ);
      return `[${(readsLogs ? texts : texts.map(withoutPlaintext)).join(',')}]`;
    }),
    get('participants', `${session}/participants`, ({ ids }) => JSON.stringify(found(store.participants(ids[0]!)))),
    get('key-grants', `${session}/key-grants`, ({ ids }) => JSON.stringify(found(store.keyGrants(ids[0]!)))),
    get('decrypt-material', `${session}/key-grants/decrypt-material`, (ask) => {
      // The Go client sends two plain parameters, the JavaScript one puts them into `params`.
      const plain = Object.fromEntries([...ask.query].filter(([name]) => name !== 'params'));
      const params = { ...plain, ...paramsOf(ask, ['recipient_id', 'recipient_kind']) };
      const wanted = [optionalText(params, 'recipient_id'), optionalText(params, 'recipient_kind')] as const;
      return JSON.stringify(found(store.decryptMaterial(ask.ids[0]!, ...wanted)));
    }),
  ];
}
