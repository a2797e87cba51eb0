// What a source told about a synchronised session beside its events: the session object, participants, group, key grants, decrypt
// material. Each answer is kept byte for byte as a part (rstream-parts.ts); one that differs from the newest before it follows it.

import type { DocumentKind } from '../../shared/recording/rstream-parts.ts';
import type { ContentStore } from './content.ts';
import type { Database } from './database.ts';

/** How an answer came. */
export interface Received {
  /** Method, path and query, without any secret. */
  readonly request: string;
  /** The answer's Date header as received. */
  readonly date: string | null;
  /** Clock of this machine, RFC 3339. */
  readonly at: string;
}

export interface StoredDocument {
  readonly part: number;
  readonly name: string;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly received: Received;
  /** The answer as it was received. Throws kind `damaged`. */
  bytes(): Buffer;
}

interface OfAcquisition {
  readonly acquisition: number;
}

export interface DocumentStore {
  /** The newest answer of a kind, or null where the source was not asked or gave none, or its session was purged. */
  latest(session: OfAcquisition, kind: DocumentKind): StoredDocument | null;
  /** All answers of a kind, oldest first. Decrypt material has one at least for each recipient that was asked for. */
  all(session: OfAcquisition, kind: DocumentKind): readonly StoredDocument[];
}

interface Row {
  readonly part: number;
  readonly name: string;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly received: string;
}

export function createDocumentStore(database: Database, content: ContentStore): DocumentStore {
  const rows = database.prepare<[number, string], Row>(
    `SELECT part, name, size, sha256, received FROM part
     WHERE acquisition = ? AND name GLOB ? || '/*' AND received IS NOT NULL
       AND (SELECT state FROM acquisition WHERE key = part.acquisition) <> 'purged' ORDER BY part`,
  );
  const all: DocumentStore['all'] = ({ acquisition }, kind) =>
    rows.all(acquisition, kind).map((row) => ({
      ...row,
      received: JSON.parse(row.received) as Received,
      bytes: () => Buffer.concat([...content.partBytes(acquisition, row.part)]),
    }));
  return { all, latest: (session, kind) => all(session, kind).at(-1) ?? null };
}
