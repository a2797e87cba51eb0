// The StackShift form of the engine: history, recordings, audit events, permissions, policy, revoke and reconnect, each answer in its envelope.
// The interface itself is not public: the paths are those of electron/source/stackshift-paths.ts, the shapes those of docs/stackshift.md.

import { parseInstant } from '../../shared/recording/time.ts';
import type { JsonObject } from '../../shared/recording/json-text.ts';
import { Refusal, requiredText, type Ask, type Endpoint } from './endpoint.ts';
import type { StackShiftStore } from './stackshift-store.ts';

export const VIEW_HISTORY = 'terminal.view_history';
export const VIEW_RECORDING = 'terminal.view_recording';
export const DOWNLOAD_RECORDING = 'terminal.download_recording';
export const MANAGE_POLICY = 'terminal.manage_policy';

export const ALL_PERMISSIONS = [VIEW_HISTORY, VIEW_RECORDING, DOWNLOAD_RECORDING, MANAGE_POLICY, 'terminal.file_read'];

/** The user of a token that names none. */
export const OWN_USER = 'usr_ana';

const USUAL_ROWS = 50;
const MOST_ROWS = 500;

/** A page of a list, from where its cursor says. */
function paged(list: readonly JsonObject[], { query }: Ask): JsonObject {
  const limit = Number(query.get('limit') ?? USUAL_ROWS);
  if (!Number.isInteger(limit) || limit < 1) throw new Refusal(400, 'limit must be a whole number from 1', 'BAD_REQUEST');
  const cursor = query.get('cursor');
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) throw new Refusal(400, 'the cursor is none of this list', 'BAD_CURSOR');
  const to = from + Math.min(limit, MOST_ROWS);
  const next = to < list.length ? Buffer.from(String(to)).toString('base64url') : null;
  return { items: list.slice(from, to), next_cursor: next, total: list.length };
}

function only(query: URLSearchParams, ...names: readonly string[]): void {
  for (const name of query.keys())
    if (!names.includes(name)) throw new Refusal(400, `there is no parameter ${name}`, 'BAD_REQUEST');
}

function moment(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = parseInstant(text);
  if (at === null) throw new Refusal(400, `${name} must be a time`, 'BAD_REQUEST');
  return at / 1000;
}

/** What an envelope says: the answer's `data`, or its error. */
export function envelope(status: number, data: JsonObject | null, message: string, code: string | null): string {
  const success = status < 400;
  return JSON.stringify({
    success,
    status: success ? 'success' : 'error',
    status_code: status,
    message,
    data,
    ...(code === null ? {} : { error: { code } }),
  });
}

export function stackShiftEndpoints(store: StackShiftStore, address: () => string): Endpoint[] {
  const make = (
    name: Endpoint['name'],
    method: Endpoint['method'],
    path: string,
    permissions: readonly string[],
    data: (ask: Ask) => JsonObject,
  ): Endpoint => ({ name, method, path, permissions, answer: (ask) => envelope(200, data(ask), 'OK', null) });

  return [
    make('stackshift-permissions', 'GET', 'v1/terminal/permissions', [], ({ token }) => ({ permissions: token.permissions })),
    make('stackshift-policy', 'GET', 'v1/terminal/policy', [MANAGE_POLICY], () => ({ ...store.policy })),
    make('stackshift-sessions', 'GET', 'v1/terminal/sessions', [VIEW_HISTORY], (ask) => {
      const { query } = ask;
      only(query, 'limit', 'cursor', 'status', 'origin', 'initiator', 'started_from', 'started_to');
      const text = (name: string): string | undefined => query.get(name) ?? undefined;
      const [startedFrom, startedTo] = [moment(query, 'started_from'), moment(query, 'started_to')];
      const list = store.sessions({
        status: text('status'),
        origin: text('origin'),
        initiator: text('initiator'),
        startedFrom,
        startedTo,
      });
      return paged(list, ask);
    }),
    make('stackshift-session', 'GET', 'v1/terminal/sessions/:id', [VIEW_HISTORY], ({ ids }) => store.session(ids[0]!)),
    make('stackshift-events', 'GET', 'v1/terminal/audit-events', [VIEW_HISTORY], (ask) => {
      only(ask.query, 'limit', 'cursor');
      return paged(store.events(), ask);
    }),
    {
      name: 'stackshift-recording',
      method: 'GET',
      path: 'v1/terminal/sessions/:id/recording',
      permissions: [VIEW_RECORDING],
      type: 'application/x-asciicast',
      answer: ({ ids }) => store.recording(ids[0]!),
    },
    make('stackshift-revoke', 'POST', 'v1/terminal/sessions/:id/revoke', [MANAGE_POLICY], ({ ids, body }) => {
      const reason = requiredText(body, 'reason');
      if (reason.length < 10 || reason.length > 500)
        throw new Refusal(422, 'the reason must have 10 to 500 characters', 'BAD_REASON');
      store.end(ids[0]!, `revoked: ${reason}`);
      return store.session(ids[0]!);
    }),
    make('stackshift-reconnect', 'POST', 'v1/terminal/sessions/:id/reconnect', [], ({ ids, token }) => {
      const ends = store.reconnect(ids[0]!, token.user ?? OWN_USER);
      return {
        url: `${address().replace(/^http/, 'ws')}/api/v1/terminal/sessions/${encodeURIComponent(ids[0]!)}/attach?ticket=once`,
        expires_at: new Date(ends).toISOString(),
      };
    }),
  ];
}
