// The custody log: each entry is canonical JSON that names the hash of the one before, so no entry can be changed, removed
// or put in without breaking every later one. Tables and signatures are the library's and the vault's; the rules are here.

import { canonicalJson, type JsonValue } from './canonical-json.ts';
import type { Sha256 } from './acquisition-tree.ts';

/** What can be done to evidence. Each row of the contract names the act that it is, or none. */
export type CustodyAction =
  | 'acquire'
  | 'verify'
  | 'open'
  | 'view'
  | 'reveal-input'
  | 'search'
  | 'annotate'
  | 'redact'
  | 'export'
  | 'sign'
  | 'hold'
  | 'release'
  | 'purge'
  | 'unlock'
  | 'rekey'
  /** Retention was set, or the time confirmed that it goes by. */
  | 'policy'
  /** A live session was ended at its source. */
  | 'revoke'
  /** A dropped session was taken up again. */
  | 'reconnect';

/** When: the wall clock, the time since this program started (it never goes back), and the source's own date where one answered. */
export interface CustodyMoment {
  /** RFC 3339, UTC. */
  readonly wall: string;
  /** Milliseconds since the program started. */
  readonly monotonic_ms: number;
  readonly source_date?: string;
}

export interface CustodyEntry {
  readonly seq: number;
  readonly at: CustodyMoment;
  readonly actor: string;
  readonly action: CustodyAction;
  /** What it was done to: a session id, a case, `library`. */
  readonly subject: string;
  readonly purpose: string;
  readonly details: { readonly [key: string]: JsonValue };
  /** Hash of the entry before in lower-case hexadecimal; 64 zeros for the first. */
  readonly prev: string;
  /**
   * 16 random bytes, hexadecimal: an entry of which a bundle shows the hash alone cannot be guessed by it. Entries of libraries from
   * before there was one have none.
   */
  readonly salt?: string;
}

export const FIRST_PREV = '0'.repeat(64);

const encoder = new TextEncoder();

/** The bytes that are hashed and stored. */
export function custodyText(entry: CustodyEntry): string {
  return canonicalJson(entry as unknown as JsonValue);
}

export function custodyHash(sha256: Sha256, text: string): Uint8Array {
  return sha256(encoder.encode(text));
}

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

export interface StoredCustodyEntry {
  readonly seq: number;
  readonly text: string;
  /** Lower-case hexadecimal. */
  readonly hash: string;
}

export type CustodyVerdict =
  | { readonly kind: 'intact'; readonly count: number; readonly head: string }
  | { readonly kind: 'broken'; readonly seq: number; readonly reason: string };

/**
 * The same without a look at what entries say but for their links: every changed, removed or added entry is found, an entry that was
 * written in a wrong form is not. Names the first entry that does not hold.
 */
export function verifyCustodyLinks(sha256: Sha256, entries: Iterable<StoredCustodyEntry>): CustodyVerdict {
  let prev = FIRST_PREV;
  let seq = 0;
  for (const { seq: found, text, hash } of entries) {
    seq += 1;
    const broken = (reason: string): CustodyVerdict => ({ kind: 'broken', seq, reason });
    if (found !== seq) return broken(`entry ${String(seq)} is missing: the next one is ${String(found)}`);
    if (toHex(custodyHash(sha256, text)) !== hash) return broken('its hash is not that of its text');
    if (!text.includes(`"prev":"${prev}"`)) return broken('it does not name the hash of the entry before');
    prev = hash;
  }
  return { kind: 'intact', count: seq, head: prev };
}

/** Recomputes a log from its first entry. Names the first entry that does not hold. */
export function verifyCustody(sha256: Sha256, entries: Iterable<StoredCustodyEntry>): CustodyVerdict {
  let prev = FIRST_PREV;
  let seq = 0;
  for (const entry of entries) {
    seq += 1;
    const broken = (reason: string): CustodyVerdict => ({ kind: 'broken', seq, reason });
    if (entry.seq !== seq) return broken(`entry ${String(seq)} is missing: the next one is ${String(entry.seq)}`);
    let parsed: CustodyEntry;
    try {
      parsed = JSON.parse(entry.text) as CustodyEntry;
    } catch {
      return broken('its text is not JSON');
    }
    if (custodyText(parsed) !== entry.text) return broken('its text is not in canonical form');
    if (parsed.seq !== seq) return broken(`its text says that it is entry ${String(parsed.seq)}`);
    if (parsed.prev !== prev) return broken('it does not name the hash of the entry before');
    if (toHex(custodyHash(sha256, entry.text)) !== entry.hash) return broken('its hash is not that of its text');
    prev = entry.hash;
  }
  return { kind: 'intact', count: seq, head: prev };
}
