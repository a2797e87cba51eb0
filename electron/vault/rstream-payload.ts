// Opens payloads with the payload key of their session: the one place where a sealed event becomes an opened one. Order of the
// checks, as in the vendor's SDKs: all fields, crypto object, suite, payload key, key context, nonce, size, authentication,
// declared length. rstream binds neither sequence nor time: payloads of a stream that were exchanged or repeated still open.
//
// Every event of a session carries the same kilobyte of crypto object but for its nonce. Reading it anew each time would cost
// more than the cipher, so the text around the last good nonce is kept and compared.

import { createDecipheriv } from 'node:crypto';
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

/** Characters of a nonce in base64; twelve bytes need no padding. */
const NONCE_TEXT = 16;

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
  /** The nonce field of the present event. */
  readonly #nonce: Uint8Array;
  #known: KnownCrypto | null = null;

  constructor(key: PayloadKey) {
    this.#key = key;
    this.#suite = SUITES[key.suite];
    const streams = STREAM_NAMES.map((name) => [name, streamData(key, this.#suite, name)] as const);
    this.#nonce = new Uint8Array(this.#suite.nonceField);
    this.#streams = Object.fromEntries(streams) as Record<StreamName, Buffer>;
  }

  /** Opens one event, or says why it does not open; the next one may open again. Its bytes are new memory. */
  open(event: SealedEvent): OpenedEvent | Refusal {
    const { crypto, ciphertext, length, stream } = event;
    const fault = this.#readKnown(crypto) ? null : this.#read(crypto);
    if (fault !== null) return fault;
    const { nonceInside } = this.#suite;
    const end = ciphertext.length - TAG_BYTES;
    if (nonceInside > 0 && end < nonceInside) return refused('ciphertext_too_short');
    if (end < 0 || length > U32_MAX) return refused('payload_authentication');
    const aad = this.#streams[stream];
    const lengthAt = aad.length - LENGTH_BYTES;
    aad.set(this.#nonce, lengthAt - this.#nonce.length);
    aad.writeUInt32BE(length, lengthAt);
    const iv = nonceInside > 0 ? ciphertext.subarray(0, nonceInside) : this.#nonce;
    const decipher = createDecipheriv('aes-256-gcm', this.#key.key, iv, GCM);
    decipher.setAAD(aad);
    decipher.setAuthTag(ciphertext.subarray(end));
    const bytes = decipher.update(ciphertext.subarray(nonceInside, end));
    try {
      decipher.final();
    } catch {
      bytes.fill(0);
      return refused('payload_authentication');
    }
    if (bytes.length !== length) return refused('payload_length_mismatch');
    // Written out, since to spread a base costs as much as a tenth of the cipher.
    const { seq, at, record, time } = event;
    const opened = bytes as unknown as OpenedBytes;
    if (time === undefined) return { kind: 'data', seq, at, record, stream, bytes: opened };
    return { kind: 'data', seq, at, record, stream, bytes: opened, time };
  }

  /** Whether a crypto object differs from the last good one in its nonce alone. That is read. */
  #readKnown(crypto: string): boolean {
    if (this.#known === null) return false;
    const { before, after } = this.#known;
    const end = crypto.length - after.length;
    // Slices, because they are compared as memory; startsWith and endsWith go character by character, ten times slower.
    if (crypto.slice(0, before.length) !== before || crypto.slice(end) !== after) return false;
    if (this.#suite.nonceField === 0) return end === before.length;
    return end - before.length === NONCE_TEXT && readNonce(crypto, before.length, this.#nonce);
  }

  /** Reads a crypto object; null once everything in it is good and its nonce is read. */
  #read(crypto: string): Refusal | null {
    const parsed = parseJson(encodeUtf8(crypto));
    if (parsed.kind === 'fault' || !isObject(parsed.value)) return refused('missing_crypto');
    const nonce = bytesOf(parsed.value, 'nonce');
    if (nonce === null) return refused('invalid_encoding', 'nonce');
    const fault = this.#check(parsed.value, nonce);
    if (fault !== null) return fault;
    this.#known = nonce.length === 0 ? { before: crypto, after: '' } : around(crypto, parsed.value['nonce'] as string);
    this.#nonce.set(nonce);
    return null;
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

/** Values of the characters that base64 has in both alphabets. */
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 62; value++) {
  VALUES['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.charCodeAt(value)] = value;
}

/**
 * Reads sixteen characters of base64 in place: a slice, its bytes and their copy would cost as much as a tenth of the cipher.
 * False where they are no base64.
 */
function readNonce(text: string, start: number, nonce: Uint8Array): boolean {
  let url = false;
  let standard = false;
  let held = 0;
  for (let i = 0, to = 0; i < NONCE_TEXT; i++) {
    const code = text.charCodeAt(start + i);
    let value = code < 128 ? VALUES[code]! : -1;
    if (code === 0x2d || code === 0x5f) {
      url = true;
      value = code === 0x2d ? 62 : 63;
    } else if (code === 0x2b || code === 0x2f) {
      standard = true;
      value = code === 0x2b ? 62 : 63;
    }
    if (value === -1) return false;
    held = (held << 6) | value;
    if (i % 4 !== 3) continue;
    nonce[to++] = held >> 16;
    nonce[to++] = held >> 8;
    nonce[to++] = held;
    held = 0;
  }
  return !(url && standard);
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
