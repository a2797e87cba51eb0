// The custody log as a table: append-only by triggers, chained by hashes (shared/evidence/custody.ts).

import { createHash, hash, randomBytes } from 'node:crypto';
import {
  FIRST_PREV,
  custodyHash,
  custodyText,
  toHex,
  verifyCustody,
  verifyCustodyLinks,
  type CustodyAction,
  type CustodyEntry,
  type CustodyMoment,
  type CustodyVerdict,
  type StoredCustodyEntry,
} from '../../shared/evidence/custody.ts';
import type { Sha256 } from '../../shared/evidence/acquisition-tree.ts';
import type { Database } from './database.ts';

export type NewCustodyEntry = Pick<CustodyEntry, 'actor' | 'action' | 'subject' | 'purpose' | 'details'>;

export interface CustodyHead {
  readonly seq: number;
  readonly hash: string;
}

export interface CustodyFilter {
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
}

/** What the log says of a recording that was acquired. */
export interface AcquiredRoot {
  /** Number of the entry. */
  readonly seq: number;
  readonly records: number;
  /** Root of the acquisition tree, in hexadecimal digits. */
  readonly root: string;
  /** What is said of it, as described.ts has it; null where the entry has no digest of that. */
  readonly described: string | null;
}

/** What the log says of a version of an annotation. */
export interface AnnotatedVersion {
  readonly seq: number;
  readonly annotation: string;
  readonly version: number;
  /** Null for one that has no canonical form. */
  readonly digest: string | null;
  /** Id of the case; null where it is of none. */
  readonly case: string | null;
  /** Id of the session; null where the entry is about a whole case. */
  readonly session: string | null;
}

export interface CustodyLog {
  append(entry: NewCustodyEntry): CustodyHead;
  head(): CustodyHead;
  /** Hash of one entry, or null when the log does not reach that far. */
  hashAt(seq: number): string | null;
  /** Newest first; `before` is the sequence number that the page stands before. */
  list(
    filter: CustodyFilter,
    before: number | null,
    limit: number,
  ): { readonly total: number; readonly entries: readonly StoredCustodyEntry[] };
  /** Oldest first: entries behind a sequence number. */
  after(seq: number, limit: number): readonly StoredCustodyEntry[];
  /** What the newest entry about the acquisition of a recording says; null where there is none that names its root. */
  acquired(session: { readonly id: string; readonly acquisition: number }): AcquiredRoot | null;
  /** Versions of annotations of which the log has the digest, the oldest entry first. */
  annotated(): Iterable<AnnotatedVersion>;
  verify(): CustodyVerdict;
  /** Hashes and links alone, at a fraction of the work: finds every entry that was changed, removed or put in. */
  verifyLinks(): CustodyVerdict;
}

const SALT_BYTES = 16;

/** Messages up to this length are put together and hashed in one call, which is three times faster for a record of 100 bytes. */
const scratch = Buffer.allocUnsafe(16 * 1024);

export const sha256: Sha256 = (...parts) => {
  let length = 0;
  for (const part of parts) {
    if (length + part.length > scratch.length) return longSha256(parts);
    scratch.set(part, length);
    length += part.length;
  }
  // As a text on the way: a buffer of its own for each digest costs more than hashing a small message.
  return Buffer.from(hash('sha256', scratch.subarray(0, length), 'binary'), 'binary');
};

function longSha256(parts: readonly Uint8Array[]): Uint8Array {
  const long = createHash('sha256');
  for (const part of parts) long.update(part);
  return long.digest();
}

interface Told {
  readonly id: string;
  readonly records: number;
  readonly root: string;
  readonly described?: string;
}

/** Members of the details of an entry about annotations: one version, or a list of them. */
interface Annotated {
  readonly case?: string | null;
  readonly annotation?: string;
  readonly versions?: readonly ToldVersion[];
}

type ToldVersion = Pick<AnnotatedVersion, 'annotation' | 'version' | 'digest'>;

export function createCustodyLog(database: Database, now: () => CustodyMoment): CustodyLog {
  const last = database.prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1');
  const insert = database.prepare<[number, string, string]>('INSERT INTO custody (seq, text, hash) VALUES (?, ?, ?)');
  const at = database.prepare<[number], { hash: string }>('SELECT hash FROM custody WHERE seq = ?');
  const after = database.prepare<[number, number], StoredCustodyEntry>(
    'SELECT seq, text, hash FROM custody WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  // An entry about several recordings has the first one for its subject.
  const FIRST = '(SELECT id FROM session WHERE acquisition = ? ORDER BY ordinal LIMIT 1)';
  const newest = database.prepare<[number], number | null>(`SELECT max(seq) FROM custody WHERE subject = ${FIRST}`).pluck();
  const acquired = database.prepare<[number], StoredCustodyEntry>(
    `SELECT seq, text, hash FROM custody WHERE action = 'acquire' AND subject = ${FIRST} ORDER BY seq DESC LIMIT 1`,
  );
  /** What was read last, and the newest entry then: one that tells of thousands of recordings is read once for all of them. */
  let known: { acquisition: number; newest: number | null; told: ReadonlyMap<string, AcquiredRoot> } | null = null;
  const readAcquired = (acquisition: number): ReadonlyMap<string, AcquiredRoot> => {
    const entry = acquired.get(acquisition);
    if (entry === undefined) return new Map();
    const { seq, text } = entry;
    const { subject, details } = JSON.parse(text) as { subject: string; details: { sessions?: unknown } & Partial<Told> };
    const all = Array.isArray(details.sessions) ? (details.sessions as readonly Told[]) : [{ ...details, id: subject }];
    return new Map(
      all.flatMap(({ id, records, root, described = null }) =>
        root === undefined || records === undefined ? [] : [[id, { seq, records, root, described }]],
      ),
    );
  };
  const annotated = database.prepare<[], { seq: number; text: string }>(
    `SELECT seq, text FROM custody WHERE action IN ('annotate', 'acquire')
       AND coalesce(json_extract(text, '$.details.annotation'), json_extract(text, '$.details.versions')) IS NOT NULL ORDER BY seq`,
  );
  const all = database.prepare<[], StoredCustodyEntry>('SELECT seq, text, hash FROM custody ORDER BY seq');

  const head = (): CustodyHead => last.get() ?? { seq: 0, hash: FIRST_PREV };

  return {
    head,
    hashAt: (seq) => at.get(seq)?.hash ?? null,
    append: database.transaction((entry: NewCustodyEntry) => {
      const before = head();
      const { actor, action, subject, purpose, details } = entry;
      const seq = before.seq + 1;
      const salt = randomBytes(SALT_BYTES).toString('hex');
      const text = custodyText({ seq, at: now(), actor, action, subject, purpose, details, prev: before.hash, salt });
      const hash = toHex(custodyHash(sha256, text));
      insert.run(seq, text, hash);
      return { seq, hash };
    }).immediate,
    acquired: ({ id, acquisition }) => {
      const at = newest.get(acquisition) ?? null;
      if (known?.acquisition !== acquisition || known.newest !== at)
        known = { acquisition, newest: at, told: readAcquired(acquisition) };
      return known.told.get(id) ?? null;
    },
    *annotated() {
      for (const { seq, text } of annotated.iterate()) {
        const { subject, details } = JSON.parse(text) as { subject: string; details: Annotated };
        const { versions } = details;
        const of = versions === undefined ? { case: details.case ?? null, session: subject } : { case: subject, session: null };
        for (const { annotation, version, digest } of versions ?? [details as ToldVersion])
          yield { seq, annotation, version, digest, ...of };
      }
    },
    list: (filter, before, limit) => {
      const conditions: string[] = [];
      const values: string[] = [];
      for (const column of ['subject', 'action', 'actor'] as const) {
        const value = filter[column];
        if (value === undefined) continue;
        conditions.push(`${column} = ?`);
        values.push(value);
      }
      const where = conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
      const total = database.prepare<string[], { n: number }>(`SELECT count(*) n FROM custody WHERE ${where}`).get(...values)!.n;
      const entries = database
        .prepare<(string | number)[], StoredCustodyEntry>(
          `SELECT seq, text, hash FROM custody WHERE ${where} AND seq < ? ORDER BY seq DESC LIMIT ?`,
        )
        .all(...values, before ?? Number.MAX_SAFE_INTEGER, limit);
      return { total, entries };
    },
    after: (seq, limit) => after.all(seq, limit),
    verify: () => verifyCustody(sha256, all.iterate()),
    verifyLinks: () => verifyCustodyLinks(sha256, all.iterate()),
  };
}

export type { CustodyAction, CustodyEntry, CustodyMoment, CustodyVerdict, StoredCustodyEntry };
