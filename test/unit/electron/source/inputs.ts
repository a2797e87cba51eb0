// What a test puts into a folder, or offers as the page does, and what the source room finds there.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Discrepancy } from '../../../../shared/recording/discrepancy.ts';
import {
  findOffered,
  findOnDisk,
  type Found,
  type FoundRecording,
  type RefusedInput,
} from '../../../../electron/source/source.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';
import { containerPart, print, records, sessionEnd, sessionStart } from '../../../support/teleport.ts';

/** Lets go of what nobody holds any more, and says how many bytes the rest has. */
export function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

export type Files = Readonly<Record<string, Uint8Array>>;

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const kept = (name: string): Uint8Array => new Uint8Array(readFileSync(join(KEPT_RECORDINGS, name)));
const keptAll = (...names: readonly string[]): Files => Object.fromEntries(names.map((name) => [name, kept(name)]));

/** A recording that takes little room, different for each `what`. */
export const small = (what = 'small'): Uint8Array =>
  text(`{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "${what}\\r\\n"]\n`);

/** One recording of each format, by its files. */
export const RECORDINGS: Readonly<Record<string, Files>> = {
  'asciicast-v1': keptAll('less-paging.v1.json'),
  'asciicast-v2': keptAll('python-repl.cast'),
  'asciicast-v3': keptAll('unicode-wide.v3.cast'),
  ttyrec: keptAll('nano-ttyrec.ttyrec'),
  'script, classic': keptAll('script-classic.typescript', 'script-classic.timing'),
  'script, advanced': keptAll('script-advanced.timing', 'script-advanced.out', 'script-advanced.in'),
  'script, one log': keptAll('script-io.timing', 'script-io.io'),
  tlog: keptAll('tlog-session.tlog.json'),
  'sudo-iolog': Object.fromEntries(
    readdirSync(join(KEPT_RECORDINGS, 'sudo-iolog')).map((name) => [name, kept(`sudo-iolog/${name}`)]),
  ),
  teleport: {
    'sid.tar': containerPart(records(sessionStart(0), print(1, 100, text('one\r\n')), sessionEnd(2, 200)), { padding: 64 }),
  },
  'rstream-json': {
    'export.json': text(
      JSON.stringify({
        export_version: 1,
        session: { id: 's-1', created_at: '2026-11-21T08:00:00Z' },
        events: [{ seq: '1', created_at: '2026-11-21T08:00:01Z', type: 'stdout', payload_plaintext: 'aGVsbG8=' }],
      }),
    ),
  },
};

export function write(folder: string, files: Files): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

export interface Seen {
  readonly recordings: readonly FoundRecording[];
  readonly refused: readonly RefusedInput[];
}

async function gather(found: AsyncIterable<Found>): Promise<Seen> {
  const recordings: FoundRecording[] = [];
  const refused: RefusedInput[] = [];
  for await (const item of found) {
    if (item.kind === 'recording') recordings.push(item);
    else if (item.kind === 'refused') refused.push(item);
  }
  return { recordings, refused };
}

export const onDisk = (...paths: readonly string[]): Promise<Seen> => gather(findOnDisk(paths));

/** The same bytes as the page gives them. */
export const offered = (files: Files): Promise<Seen> =>
  gather(
    findOffered(
      Object.entries(files).map(([name, bytes]) => ({
        name,
        size: bytes.length,
        read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
      })),
    ),
  );

async function digest(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of stream) hash.update(bytes);
  return hash.digest('hex');
}

export interface Read {
  readonly format: string;
  /** Digests of what the decoder gets, part by part. All parts are open at once, as a decoder has them. */
  readonly parts: readonly string[];
  readonly discrepancies: readonly Discrepancy[];
}

export async function read(recording: FoundRecording): Promise<Read> {
  const parts = await Promise.all(recording.parts.map((part) => digest((part.unpacked ?? part.original)())));
  return {
    format: recording.format,
    parts,
    discrepancies: [...recording.discrepancies, ...recording.parts.flatMap((part) => part.problems?.() ?? [])],
  };
}

export const said = ({ recordings, refused }: Seen): string[] => [
  ...recordings.flatMap(({ discrepancies }) => discrepancies.map(({ kind, place }) => `${kind}: ${place.file ?? ''}`)),
  ...refused.map(({ refusal, name }) => `${refusal.kind}: ${name}`),
];
