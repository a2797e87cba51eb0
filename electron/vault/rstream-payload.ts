// Opens payloads with the payload key of their session: the one place where a sealed event becomes an opened one. Order of the
// checks, as in the vendor's SDKs: all fields, crypto object, suite, payload key, key context, nonce, size, authentication,
// declared length. rstream binds neither sequence nor time: payloads of a stream that were exchanged or repeated still open.
//
// Every event of a session carries the same kilobyte of crypto object but for its nonce. Reading it anew each time would cost
// more than the cipher, so the text around the last good nonce is kept and compared.

import { createDecipheriv } from 'node:crypto';
import { decodeBase64 } from '../../shared/recording/base64.ts';
import { STREAM_NAMES, type DataEvent, type SealedEvent, type StreamName } from '../../shared/recording/event.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { encodeUtf8 } from '../../shared/recording/utf8.ts';
import { bytesOf, hasMember, keyContextOf } from './rstream-crypto-fields.ts';
import type { PayloadKey } from './rstream-envelope.ts';
import { refused, type Refusal } from './rstream-refusal.ts';
import { lp, SUITES, TAG_BYTES, u32, type Suite } from './rstream-suites.ts';

declare const opened: unique symbol;

/** Bytes that came out of a sealed event. Only this room makes them: there is no other way to the mark. */
export type OpenedBytes = Uint8Array & { readonly [opened]: true };

/** A sealed event after it was opened. It serves wherever a data event does; a sealed one does not serve where this is asked for. */
export interface OpenedEvent extends DataEvent {
  readonly bytes: OpenedBytes;
}

const U32_MAX = 2 ** 32 - 1;

const GCM = { authTagLength: TAG_BYTES };

const LENGTH_BYTES = 4;

/** Additional data of one stream. It ends with the nonce field and the length, which are written in place for each payload. */
function streamData({ keyId, context }: PayloadKey, suite: Suite, stream: StreamName): Buffer {
  const head = [lp('rstream-webtty-e2e-payload/v1'), lp(stream), u32(suite.code), lp(keyId), lp(context)];
  return Buffer.concat([...head, lp(new Uint8Array(suite.nonceField)), u32(0)]);
}

/** Text of a crypto object that is good for the key, on both sides of its nonce. */
interface KnownCrypto {
  readonly before: string;
  readonly after: string;
}

/** Opens the events of one session. It keeps the last good crypto object, and is as cheap to make as one event is to open. */
export class PayloadOpener {
  readonly #key: PayloadKey;
  readonly #suite: Suite;
  readonly #streams: Readonly<Record<StreamName, Buffer>>;
  #known: KnownCrypto | null = null;

  constructor(key: PayloadKey) {
    this.#key = key;
    this.#suite = SUITES[key.suite];
    const streams = STREAM_NAMES.map((name) => [name, streamData(key, this.#suite, name)] as const);
    this.#streams = Object.fromEntries(streams) as Record<StreamName, Buffer>;
  }

  /** Opens one event, or says why it does not open; the next one may open again. Its bytes are new memory. */
  open(event: SealedEvent): OpenedEvent | Refusal {
    const nonce = this.#knownNonce(event.crypto) ?? this.#readNonce(event.crypto);
    if ('reason' in nonce) return nonce;
    const { nonceInside } = this.#suite;
    const { seq, at, record, stream, time, ciphertext, length } = event;
    if (nonceInside > 0 && ciphertext.length < nonceInside + TAG_BYTES) return refused('ciphertext_too_short');
    if (ciphertext.length < TAG_BYTES || length > U32_MAX) return refused('payload_authentication');
    const aad = this.#streams[stream];
    const lengthAt = aad.length - LENGTH_BYTES;
    aad.set(nonce, lengthAt - nonce.length);
    aad.writeUInt32BE(length, lengthAt);
    const iv = nonceInside > 0 ? ciphertext.subarray(0, nonceInside) : nonce;
    const end = ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#key.key, iv, GCM);
    decipher.setAAD(aad).setAuthTag(ciphertext.subarray(end));
    const bytes = decipher.update(ciphertext.subarray(nonceInside, end));
    try {
      decipher.final();
    } catch {
      bytes.fill(0);
      return refused('payload_authentication');
    }
    if (bytes.length !== length) return refused('payload_length_mismatch');
    const base = { kind: 'data', seq, at, record, stream, bytes: bytes as unknown as OpenedBytes } as const;
    return time === undefined ? base : { ...base, time };
  }

  /** The nonce field of a crypto object that differs from the last good one in nothing else, or null. */
  #knownNonce(crypto: string): Uint8Array | null {
    if (this.#known === null) return null;
    const { before, after } = this.#known;
    const end = crypto.length - after.length;
    // Slices, because they are compared as memory; startsWith and endsWith go character by character, ten times slower.
    if (crypto.slice(0, before.length) !== before || crypto.slice(end) !== after) return null;
    const nonce = decodeBase64(crypto.slice(before.length, end));
    return nonce?.length === this.#suite.nonceField ? nonce : null;
  }

  /** The nonce field, once everything in the crypto object is good. */
  #readNonce(crypto: string): Uint8Array | Refusal {
    const parsed = parseJson(encodeUtf8(crypto));
    if (parsed.kind === 'fault' || !isObject(parsed.value)) return refused('missing_crypto');
    const nonce = bytesOf(parsed.value, 'nonce');
    if (nonce === null) return refused('invalid_encoding', 'nonce');
    const fault = this.#check(parsed.value, nonce);
    if (fault !== null) return fault;
    this.#known = nonce.length === 0 ? { before: crypto, after: '' } : around(crypto, parsed.value['nonce'] as string);
    return nonce;
  }

  #check(crypto: JsonObject, nonce: Uint8Array): Refusal | null {
    const keyId = bytesOf(crypto, 'payload_key_id');
    const context = keyContextOf(crypto);
    if (keyId === null) return refused('invalid_encoding', 'payload_key_id');
    if (context === null) return refused('invalid_encoding', 'key_context');
    if (hasMember(crypto, 'key_envelopes')) return refused('protocol_violation');
    if (crypto['payload_suite'] !== this.#suite.payload) return refused('payload_suite_mismatch');
    if (!equal(keyId, this.#key.keyId)) return refused('payload_key_id_mismatch');
    if (!equal(context, this.#key.context)) return refused('key_context_mismatch');
    return nonce.length === this.#suite.nonceField ? null : refused('nonce_size', `${String(nonce.length)} bytes`);
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/**
 * The text around the nonce, or null where it cannot be told: the value could stand in the object more than once, or be written
 * with escapes. Proved, not assumed: another nonce put into that place has to be read as the nonce.
 */
function around(crypto: string, nonce: string): KnownCrypto | null {
  const quoted = `"${nonce}"`;
  const start = crypto.lastIndexOf(quoted) + 1;
  if (start === 0) return null;
  const known = { before: crypto.slice(0, start), after: crypto.slice(start + nonce.length) };
  const other = nonce.startsWith('A') ? `B${nonce.slice(1)}` : `A${nonce.slice(1)}`;
  const read = JSON.parse(`${known.before}${other}${known.after}`) as JsonObject;
  return read['nonce'] === other ? known : null;
}
