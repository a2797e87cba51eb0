// The envelope of StackShift's answers: {success, status, status_code, message, data, error: {code}}. What it says is shown to people and
// its code is repeated, never interpreted; only success and the number of the status decide.

import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';

export type Envelope =
  | { readonly kind: 'data'; readonly data: JsonObject }
  /** `success` is not true; the status that the envelope names, where that is one of an error. */
  | { readonly kind: 'refused'; readonly status: number | null }
  | FormFault;

export interface FormFault {
  readonly kind: 'fault';
  readonly fault: 'not-json' | 'wrong-shape';
  readonly why: string;
}

/** What `data` must be. */
export type Form = 'object' | 'page' | 'record' | 'permissions';

const wrong = (why: string): FormFault => ({ kind: 'fault', fault: 'wrong-shape', why });

/** The envelope of a whole body. Absent or null data counts as an empty object: acts answer with none. */
export function readEnvelope(body: Uint8Array): Envelope {
  const parsed = parseJson(body);
  if (parsed.kind === 'fault') return { kind: 'fault', fault: 'not-json', why: parsed.fault };
  const { value } = parsed;
  if (!isObject(value) || typeof value['success'] !== 'boolean') return wrong('it has no envelope');
  if (!value['success']) {
    const status = value['status_code'];
    const isError = typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599;
    return { kind: 'refused', status: isError ? status : null };
  }
  const data = value['data'] ?? {};
  return isObject(data) ? { kind: 'data', data } : wrong('its data is no object');
}

/** What `data` lacks of its form, or null. */
export function formFault(data: JsonObject, form: Form): FormFault | null {
  switch (form) {
    case 'object':
      return null;
    case 'page':
      return Array.isArray(data['items']) ? null : wrong('its data has no list of items');
    case 'record':
      return (textOf(data, 'id') ?? '').trim() === '' ? wrong('its data is no session with an id') : null;
    case 'permissions':
      return Array.isArray(data['permissions']) ? null : wrong('its data has no list of permissions');
  }
}

/** What an error says in its envelope, `message (code)`; a body without one is left as it is. */
export function wordsOf(body: Uint8Array): Uint8Array {
  const parsed = parseJson(body);
  if (parsed.kind === 'fault' || !isObject(parsed.value)) return body;
  const { value } = parsed;
  const error = isObject(value['error']) ? value['error'] : {};
  const code = textOf(error, 'code');
  const message = textOf(value, 'message') ?? textOf(error, 'message');
  if (message === undefined && code === undefined) return body;
  return Buffer.from([message, code === undefined ? undefined : `(${code})`].filter((one) => one !== undefined).join(' '));
}
