// Recordings that the engine makes itself: a plan of steps becomes a session with its events, key grants and decrypt material, in the
// form in which the rstream API returns them, sealed under either suite pair or left managed. One seed gives one recording.

import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '../../shared/recording/json-text.ts';
import { parseInstant, type Micros } from '../../shared/recording/time.ts';
import { keyContext, sealPayload, SUITES, wrapKey, type Recipient, type SessionKey, type SuitePair } from './sealing.ts';

/** One session and what the API says of it. Members that the protocol does not know are kept and served. */
export interface Recording {
  readonly session: JsonObject & { readonly id: string };
  /** Ascending by `seq`. */
  readonly events: readonly JsonObject[];
  readonly keyGrants: readonly JsonObject[];
  readonly decryptMaterial: readonly JsonObject[];
  /** Where absent, they are made from the events' participant ids. */
  readonly participants?: readonly JsonObject[];
}

/** Bytes of so many, random or from a seed. */
export type Random = (size: number) => Buffer;

/** What happens `after` the session's start. */
export type Step =
  | { readonly after: Micros; readonly stream: 'stdin' | 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly after: Micros; readonly cols: number; readonly rows: number };

export interface Plan {
  readonly id: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly sealing: 'managed' | SuitePair;
  /** Who can open it. None for a managed session. */
  readonly recipients: readonly Recipient[];
  readonly steps: Iterable<Step>;
  readonly random: Random;
  /** Members that come on top of the session's own. */
  readonly session?: JsonObject;
  /** Number of the first event. */
  readonly firstSeq?: bigint;
  /** The session goes on: no close event, status `active`. */
  readonly open?: boolean;
}

export interface MadeRecording extends Recording {
  /** The next event of a session that goes on; for `Engine.append`. */
  readonly next: (step: Step) => JsonObject;
  /** The session's key; null where it is managed. */
  readonly key: SessionKey | null;
}

/** Bytes that look random and are the same for the same seed. */
export function seededRandom(seed: string): Random {
  let block = 0;
  let held = Buffer.alloc(0);
  return (size) => {
    while (held.length < size) {
      held = Buffer.concat([
        held,
        createHash('sha256')
          .update(`${seed}/${String(block++)}`)
          .digest(),
      ]);
    }
    const bytes = held.subarray(0, size);
    held = held.subarray(size);
    return bytes;
  };
}

/** RFC 3339 in UTC with six digits, of microseconds since 1970. */
export function instantText(at: number): string {
  const fraction = String(at % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(at / 1_000_000) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const b64u = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Makes a recording. Throws a RangeError where `startedAt` is no time. */
export function makeRecording(plan: Plan): MadeRecording {
  const { random } = plan;
  const start = parseInstant(plan.startedAt);
  if (start === null) throw new RangeError(`not a time: ${plan.startedAt}`);
  const id = (prefix: string): string => `${prefix}_${random(8).toString('hex')}`;
  const scope = { workspaceId: 'ws_sample', projectId: 'prj_sample', serverId: 'srv_sample' };
  const participant = id('prt');

  const key: SessionKey | null =
    plan.sealing === 'managed'
      ? null
      : { pair: plan.sealing, key: random(32), keyId: random(16), context: keyContext(scope, plan.recipients) };
  const crypto =
    key === null
      ? null
      : {
          payload_suite: SUITES[key.pair].payload,
          payload_key_id: b64u(key.keyId),
          key_context: JSON.parse(Buffer.from(key.context).toString()) as unknown,
          key_context_raw: b64u(key.context),
        };

  let seq = plan.firstSeq ?? 1n;
  const event = (after: number, type: string, members: JsonObject): JsonObject => ({
    id: id('evt'),
    session_id: plan.id,
    seq: String(seq++),
    created_at: instantText(start + after),
    type,
    ...members,
  });
  const payload = (stream: string, bytes: Uint8Array): JsonObject => {
    if (key === null) return { payload_plaintext: b64(bytes) };
    const { ciphertext, nonceField } = sealPayload(key, stream, bytes, random(12));
    return {
      payload_ciphertext: b64(ciphertext),
      crypto: { ...crypto, ...(nonceField.length === 0 ? {} : { nonce: b64u(nonceField) }) },
    };
  };
  const next = (step: Step): JsonObject => {
    if ('cols' in step) {
      const metadata = { terminal_size: { row: step.rows, col: step.cols } };
      return event(step.after, 'resize', { direction: 'client_to_server', participant_id: participant, metadata });
    }
    const typed = step.stream === 'stdin';
    return event(step.after, 'data', {
      direction: typed ? 'client_to_server' : 'server_to_client',
      stream_type: step.stream,
      ...(typed ? { participant_id: participant } : {}),
      payload_length: step.bytes.length,
      ...payload(step.stream, step.bytes),
    });
  };

  const events = [event(0, 'open', { direction: 'client_to_server', participant_id: participant })];
  let end = 0;
  for (const step of plan.steps) {
    events.push(next(step));
    end = step.after;
  }
  const open = plan.open === true;
  if (!open) events.push(event(end, 'close', { direction: 'server_to_client' }));

  const granted = { granted_by: participant, created_at: instantText(start) };
  const material = plan.recipients.map((recipient) => {
    const grant = { id: id('grt'), session_id: plan.id, recipient_id: recipient.id, recipient_kind: recipient.kind, ...granted };
    if (key === null) return grant;
    const envelope = wrapKey(key, recipient.publicKey, random(32), random(12));
    const named = {
      recipient_key_id: b64u(envelope.recipientKeyId),
      encapsulated_key: b64u(envelope.encapsulatedKey),
    };
    const suite = { ...crypto, key_envelope_suite: SUITES[key.pair].envelope };
    return { ...grant, wrapped_key: b64(envelope.wrappedKey), crypto: { ...suite, key_envelopes: [named] } };
  });

  const session = {
    id: plan.id,
    workspace_id: scope.workspaceId,
    project_id: scope.projectId,
    server_id: scope.serverId,
    tunnel_id: 'tun_sample',
    initiator_user_id: 'usr_sample',
    status: open ? 'active' : 'closed',
    session_mode: 'interactive',
    recording_mode: 'recorded',
    encryption_mode: key === null ? 'managed' : 'e2e',
    started_at: instantText(start),
    ...(open ? {} : { ended_at: instantText(start + end), exit_code: 0 }),
    live: { available: open, attachable: false, participant_count: open ? 1 : 0, has_upstream: open },
    ...plan.session,
  };
  return { session, events, keyGrants: material.map(listedGrant), decryptMaterial: material, next, key };
}

/** A grant as the key-grant list shows it: without what only the decrypt-material endpoint gives. */
function listedGrant(material: JsonObject): JsonObject {
  const { wrapped_key: _wrapped, crypto, ...grant } = material;
  if (!isObject(crypto)) return grant;
  const { key_envelopes: _envelopes, ...rest } = crypto;
  return { ...grant, crypto: rest };
}
