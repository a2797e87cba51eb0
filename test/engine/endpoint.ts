// What an endpoint of the recordings server is: a name for faults, a path, who may ask, and a function from the question to JSON text.

import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';

export const ENDPOINTS = [
  'auth',
  'capabilities',
  'sessions',
  'session',
  'groups',
  'group',
  'events',
  'participants',
  'key-grants',
  'decrypt-material',
  'whoami',
  'workspaces',
  'projects',
  'project',
  'servers',
  'enrol',
  'lookup',
  'revoke',
  'stackshift-permissions',
  'stackshift-policy',
  'stackshift-sessions',
  'stackshift-session',
  'stackshift-events',
  'stackshift-recording',
  'stackshift-revoke',
  'stackshift-reconnect',
] as const;

export type EndpointName = (typeof ENDPOINTS)[number];

/** A bearer token and what it may do. */
export interface Token {
  readonly token: string;
  readonly permissions: readonly string[];
  /** Id of its user, for StackShift. */
  readonly user?: string;
}

export interface Ask {
  /** The values of the path's `:` segments, in their order, percent-decoded. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly token: Token;
}

export interface Endpoint {
  readonly name: EndpointName;
  readonly method: 'GET' | 'POST';
  /** Below `/api/`; a segment that begins with `:` takes any value. */
  readonly path: string;
  /** Any one of these is enough; none is needed where the list is empty. */
  readonly permissions: readonly string[];
  /** Content type of an answer that is no JSON. */
  readonly type?: string;
  /** Returns JSON text, or the bytes of another type. Throws a {@link Refusal}. */
  readonly answer: (ask: Ask) => string | Uint8Array;
}

/** An answer that is an error. The engine says it as plain text, the control plane as `{"error": text}`, StackShift in its envelope. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** StackShift's code of the error. */
  readonly code: string;

  constructor(status: number, why: string, code = 'ERROR') {
    super(why);
    this.status = status;
    this.code = code;
  }
}

/** A member that must be a text. Refuses with 400. */
export function requiredText(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `${name} must be a text`);
  return value;
}

/** A member that may be absent or a text. Refuses with 400. */
export function optionalText(object: JsonObject, name: string): string | undefined {
  return object[name] === undefined ? undefined : requiredText(object, name);
}

/** The JSON object of a text; `null` counts as an empty one. Refuses with 400. */
export function objectOf(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, `${what} is no JSON`);
  }
  if (value === null) return {};
  if (!isObject(value)) throw new Refusal(400, `${what} must be a JSON object`);
  return value;
}
