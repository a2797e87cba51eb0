// Why a session or an event of rstream does not open: one name for each reason, and for people the same reason in words that
// say what to do. Reasons are values, because a recording with one altered event still has all the others to show.

import { ExhibitError, type ErrorKind } from '../../shared/api/errors.ts';

export type RefusalReason =
  // of a payload
  | 'payload_authentication'
  | 'payload_length_mismatch'
  | 'ciphertext_too_short'
  | 'nonce_size'
  | 'key_context_mismatch'
  | 'payload_key_id_mismatch'
  | 'payload_suite_mismatch'
  | 'missing_crypto'
  // of a payload or of a grant
  | 'invalid_encoding'
  | 'protocol_violation'
  // of a grant
  | 'unsupported_suite'
  | 'no_envelope_for_identity'
  | 'identity_suite_mismatch'
  | 'key_unwrap'
  | 'grant_revoked'
  // of a session
  | 'key_not_tried'
  | 'no_trusted_device'
  | 'trusted_device_without_session_grant'
  | 'granted_without_material'
  | 'explicit_key_identity_missing'
  | 'no_key_available'
  | 'managed_payload_not_returned';

export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** What exactly: which field, which device. Empty where the reason says it all. Never key material, never recorded text. */
  readonly detail: string;
  /** The error that stands behind it: a file that cannot be used, a request that failed. */
  readonly cause?: ExhibitError;
}

export function refused(reason: RefusalReason, detail = ''): Refusal {
  return { kind: 'refused', reason, detail };
}

interface Words {
  readonly kind: ErrorKind;
  readonly why: string;
  readonly todo: string;
}

const ALTERED = 'keep the recording as it is and compare it with another copy of the source';
const VENDOR = 'look for a newer Exhibit, or report the source to its operator';
const REGRANT = 'fetch the key grants of the session again; if it stays, ask the operator of the rstream project';

const WORDS: Readonly<Record<RefusalReason, Words>> = {
  payload_authentication: {
    kind: 'altered',
    why: 'the payload does not authenticate: its ciphertext, nonce, stream or length is not what was encrypted',
    todo: ALTERED,
  },
  payload_length_mismatch: { kind: 'altered', why: 'the payload has another length than the event says', todo: ALTERED },
  ciphertext_too_short: { kind: 'altered', why: 'the ciphertext is too short for a nonce and a tag', todo: ALTERED },
  nonce_size: { kind: 'altered', why: 'the nonce of the event has a wrong size for its suite', todo: ALTERED },
  key_context_mismatch: { kind: 'altered', why: 'the key context of the event is not the one of the key grant', todo: ALTERED },
  payload_key_id_mismatch: { kind: 'altered', why: 'the event names another payload key than the key grant', todo: ALTERED },
  payload_suite_mismatch: { kind: 'altered', why: 'the event names another cipher suite than the key grant', todo: ALTERED },
  missing_crypto: { kind: 'altered', why: 'the event has ciphertext and does not say how it was encrypted', todo: ALTERED },
  invalid_encoding: { kind: 'damaged', why: 'a field is not in a form that rstream uses', todo: ALTERED },
  protocol_violation: {
    kind: 'damaged',
    why: 'the event carries key envelopes, which an engine never gives there',
    todo: VENDOR,
  },
  unsupported_suite: { kind: 'refused', why: 'the cipher suites of the key grant are no pair that is supported', todo: VENDOR },
  no_envelope_for_identity: { kind: 'no-key', why: 'the key grant has no envelope for this key', todo: REGRANT },
  identity_suite_mismatch: {
    kind: 'no-key',
    why: 'the envelope names this key, and the key is of the other cipher suite',
    todo: REGRANT,
  },
  key_unwrap: {
    kind: 'damaged',
    why: 'the envelope does not open: it was altered, or it was made for another key',
    todo: REGRANT,
  },
  grant_revoked: {
    kind: 'permission',
    why: 'the key grant of this recipient was revoked',
    todo: 'ask the operator of the rstream project for a grant that is in force, or open the session from another recipient',
  },
  key_not_tried: {
    kind: 'no-key',
    why: 'a key on this machine could not be tried',
    todo: 'put its device or identity in order, then try again',
  },
  no_trusted_device: {
    kind: 'no-key',
    why: 'the session is encrypted for workspace devices, and no device on this machine is trusted',
    todo: 'enrol this machine, have its code approved in a trusted browser, and refresh its status; the session then still has to be granted to it',
  },
  trusted_device_without_session_grant: {
    kind: 'no-key',
    why: 'this device is trusted by the workspace, and the session was not granted to it: grants are made for the browsers and devices that opened or joined a session',
    todo: 'use the browser or device that opened or joined the session, or join it from this device while it runs; enrolling again does not help; a grant that is given later comes with a synchronisation',
  },
  granted_without_material: {
    kind: 'no-key',
    why: 'the session is granted to a key of this machine, and the source did not give the decrypt material of that grant',
    todo: 'synchronise again: it is asked for until it comes; if it stays, ask the operator of the rstream project',
  },
  explicit_key_identity_missing: {
    kind: 'no-key',
    why: 'the session is encrypted for explicit keys, and no endpoint identity on this machine is one of them',
    todo: 'import or choose the endpoint identity that was authorized; enrolling a device does not help; a grant that is given later comes with a synchronisation',
  },
  no_key_available: {
    kind: 'no-key',
    why: 'the session has no key grant that a key on this machine could open',
    todo: 'ask who made the session for whom it was encrypted',
  },
  managed_payload_not_returned: {
    kind: 'permission',
    why: 'the engine manages the keys of this session and did not return its content',
    todo: 'use a token that may read session logs (webtty.logs.read-only)',
  },
};

/** A refusal as people meet it. `what` failed: `open of session 2306c5c7`. An error behind it keeps its own kind and words. */
export function refusalError(refusal: Refusal, what: string): ExhibitError {
  const { reason, detail, cause } = refusal;
  const { kind, why, todo } = WORDS[reason];
  if (cause !== undefined)
    return new ExhibitError(cause.kind, what, `${cause.what}: ${cause.why}`, cause.todo === '' ? todo : cause.todo, { cause });
  return new ExhibitError(kind, what, detail === '' ? why : `${why} (${detail})`, todo);
}
