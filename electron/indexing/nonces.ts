// Whether a nonce comes twice under one payload key: the one thing about an encrypted recording that anybody can check without a
// key, and that shows an event which was served twice. AES-GCM gives its secret away where a nonce is used for two messages.
// Exact, and bounded in memory: 20 bytes a nonce, and a table that nobody outside can fill badly because its order is salted.

import { decodeBase64 } from '../../shared/recording/base64.ts';
import type { SealedEvent } from '../../shared/recording/event.ts';

const NONCE_BYTES = 12;

/** Suite whose nonce is the beginning of the ciphertext. */
const NONCE_INSIDE = 'aes-256-gcm-random-nonce';

/** Nonces that are compared, and keys that a recording may name. The rest is counted as unchecked. */
const MAX_NONCES = 4_000_000;
const MAX_KEYS = 64;

/** Sequence numbers of repeated nonces that are told. */
const TOLD = 10;

export interface NonceFindings {
  readonly checked: number;
  /** Events whose nonce cannot be read, or that are too many. */
  readonly unchecked: number;
  readonly repeated: number;
  /** Sequence numbers of the first events whose nonce was used before. */
  readonly repeats: readonly string[];
}

/** A set of nonces: an open-addressed table of positions in a growing list of 12-byte entries. */
class NonceSet {
  readonly #salt: number;
  #entries = new Uint8Array(256 * NONCE_BYTES);
  #slots = new Int32Array(512).fill(-1);
  #size = 0;

  constructor(salt: number) {
    this.#salt = salt;
  }

  /** Adds a nonce. Returns false where it is there already. */
  add(nonce: Uint8Array): boolean {
    const slot = this.#slotOf(nonce);
    if (this.#slots[slot]! >= 0) return false;
    this.#entries.set(nonce, this.#size * NONCE_BYTES);
    this.#slots[slot] = this.#size;
    this.#size += 1;
    if (this.#size * 2 === this.#slots.length) this.#grow();
    return true;
  }

  #slotOf(nonce: Uint8Array): number {
    let hash = this.#salt;
    for (const byte of nonce) hash = Math.imul(hash ^ byte, 0x01000193) ^ (hash >>> 15);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!;
      if (entry < 0 || this.#equals(entry, nonce)) return slot;
    }
  }

  #equals(entry: number, nonce: Uint8Array): boolean {
    for (let i = 0; i < NONCE_BYTES; i++) if (this.#entries[entry * NONCE_BYTES + i] !== nonce[i]) return false;
    return true;
  }

  #grow(): void {
    const entries = new Uint8Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let i = 0; i < this.#size; i++) {
      this.#slots[this.#slotOf(entries.subarray(i * NONCE_BYTES, (i + 1) * NONCE_BYTES))] = i;
    }
  }
}

/** What a crypto object says of key and nonce. */
interface CryptoFields {
  readonly key: string;
  /** The nonce field as text; empty where there is none. */
  readonly nonce: string;
  readonly inside: boolean;
}

/** Text of a crypto object around its nonce: those of one session differ in nothing else, and reading them anew costs more than all else. */
interface Known extends CryptoFields {
  readonly before: string;
  readonly after: string;
}

function textMember(object: unknown, name: string): string {
  const value = typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** The stored text was parsed when it was acquired: it is JSON. */
function fieldsOf(crypto: string): CryptoFields {
  const object: unknown = JSON.parse(crypto);
  const id = textMember(object, 'payload_key_id');
  const bytes = decodeBase64(id);
  return {
    key: bytes === null ? id : Buffer.from(bytes).toString('hex'),
    nonce: textMember(object, 'nonce'),
    inside: textMember(object, 'payload_suite') === NONCE_INSIDE,
  };
}

export class Nonces {
  readonly #salt: number;
  readonly #keys = new Map<string, NonceSet>();
  readonly #repeats: string[] = [];
  #known: Known | null = null;
  #checked = 0;
  #unchecked = 0;
  #repeated = 0;

  /** `salt`: any 32-bit number that the recording's maker cannot know. */
  constructor(salt: number) {
    this.#salt = salt;
  }

  event({ crypto, ciphertext, seq }: SealedEvent): void {
    const { key, nonce: text, inside } = this.#read(crypto);
    const nonce = inside ? ciphertext.subarray(0, NONCE_BYTES) : decodeBase64(text);
    const set = this.#setOf(key);
    if (nonce?.length !== NONCE_BYTES || set === null || this.#checked >= MAX_NONCES) {
      this.#unchecked += 1;
      return;
    }
    this.#checked += 1;
    if (set.add(nonce)) return;
    this.#repeated += 1;
    if (this.#repeats.length < TOLD) this.#repeats.push(seq);
  }

  take(): NonceFindings {
    return { checked: this.#checked, unchecked: this.#unchecked, repeated: this.#repeated, repeats: this.#repeats };
  }

  #setOf(key: string): NonceSet | null {
    const found = this.#keys.get(key);
    if (found !== undefined) return found;
    if (this.#keys.size >= MAX_KEYS) return null;
    const set = new NonceSet(this.#salt);
    this.#keys.set(key, set);
    return set;
  }

  #read(crypto: string): CryptoFields {
    const known = this.#known;
    if (known !== null) {
      const end = crypto.length - known.after.length;
      // Slices, because they are compared as memory; startsWith and endsWith go character by character, ten times slower.
      if (crypto.slice(0, known.before.length) === known.before && crypto.slice(end) === known.after) {
        return { ...known, nonce: crypto.slice(known.before.length, end) };
      }
    }
    const fields = fieldsOf(crypto);
    this.#known = around(crypto, fields);
    return fields;
  }
}

/** The text around the nonce, or null where another text put there would not be read as the nonce. */
function around(crypto: string, fields: CryptoFields): Known | null {
  const start = fields.nonce === '' ? 0 : crypto.lastIndexOf(`"${fields.nonce}"`) + 1;
  if (start === 0) return null;
  const known = { ...fields, before: crypto.slice(0, start), after: crypto.slice(start + fields.nonce.length) };
  return fieldsOf(`${known.before}?${known.after}`).nonce === '?' ? known : null;
}
