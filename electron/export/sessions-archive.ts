// Several sessions as one ZIP, made while it is read, one session open at a time: a file each, as its own export gives it, and at the end
// `index.csv`, which says which file is which session, with the SHA-256 of its bytes, and names each session that could not be exported.

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { csvCell } from '../../shared/recording/safe-text.ts';
import { formatInstant, formatSeconds } from '../../shared/recording/time.ts';
import type { SessionRow } from '../library/library.ts';
import { zipStream, type StreamedFile } from './zip-stream.ts';

/** A session's own export, begun. */
export interface MemberExport {
  readonly fileName: string;
  readonly warnings: readonly string[];
  readonly pieces: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
}

export interface ArchiveMember {
  readonly session: SessionRow;
  /** Begins its export; why it cannot be had, where that is its own matter. */
  begin(): Promise<MemberExport | { readonly refusal: string }>;
}

const INDEX = 'index.csv';

const COLUMNS = [
  'file',
  'session_id',
  'own_id',
  'source',
  'user',
  'server',
  'title',
  'started_at',
  'duration_seconds',
  'bytes',
  'sha256',
  'warnings',
  'not_exported',
];

/** Names for files of one folder, told apart whatever its file system makes of case. */
function distinctNames(...taken: readonly string[]): (name: string) => string {
  const used = new Set(taken);
  return (name) => {
    const dot = name.lastIndexOf('.');
    let distinct = name;
    for (let n = 2; used.has(distinct.toLowerCase()); n += 1) distinct = `${name.slice(0, dot)}-${String(n)}${name.slice(dot)}`;
    used.add(distinct.toLowerCase());
    return distinct;
  };
}

async function* drained({ pieces }: MemberExport): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  } finally {
    await pieces.return?.();
  }
}

function row(session: SessionRow, rest: readonly (string | number | null)[]): string {
  const { id, nativeId, source, user, server, title, startedAt, duration } = session;
  const [file = null, ...others] = rest;
  const started = startedAt === null ? null : formatInstant(startedAt);
  const cells = [file, id, nativeId, source, user, server, title, started, Number(formatSeconds(duration)), ...others];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

async function* files(members: readonly ArchiveMember[]): AsyncGenerator<StreamedFile> {
  const nameOf = distinctNames(INDEX);
  const lines = [`${COLUMNS.join(',')}\r\n`];
  for (const { session, begin } of members) {
    const begun = await begin();
    if ('refusal' in begun) {
      lines.push(row(session, [null, null, null, null, begun.refusal]));
      continue;
    }
    const name = nameOf(begun.fileName);
    const hash = createHash('sha256');
    let bytes = 0;
    const hashed = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of drained(begun)) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    };
    yield { name, pieces: hashed() };
    lines.push(row(session, [name, bytes, hash.digest('hex'), begun.warnings.join('; '), null]));
  }
  yield { name: INDEX, pieces: Readable.from([Buffer.from(lines.join(''))]) };
}

export interface SessionsArchive {
  readonly fileName: string;
  readonly mediaType: string;
  readonly pieces: AsyncIterator<Uint8Array>;
}

/** Begins the archive. `now`: RFC 3339, UTC. */
export function createSessionsArchive(members: readonly ArchiveMember[], now: string): SessionsArchive {
  return {
    fileName: `sessions-${now.slice(0, 10)}.zip`,
    mediaType: 'application/zip',
    pieces: zipStream(files(members), new Date(now)),
  };
}
