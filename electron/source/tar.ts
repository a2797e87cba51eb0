// tar archives, plain or compressed, which can only be read from their beginning. One pass lists the entries and looks into
// them; a second one hands out recordings as their bytes come by: up to 64 MiB are held in memory until a recording is whole and
// imported, so ten thousand small ones cost two passes in all; a larger one is read from the beginning whenever it is wanted.

import { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { admit, bombIn, nested, put, splitName, type ArchiveEntry } from './archive.ts';
import { history, peek, recording, sortFolder, type Peeked, type Sorted } from './folder.ts';
import { HEAD_BYTES } from '../../shared/recording/content.ts';
import type { Found, InputFile } from './input.ts';
import { whole, type Open } from './streams.ts';

/** Bytes that are held in memory. */
const HELD_BYTES = 64 * 1024 ** 2;

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'symbolic link',
  link: 'hard link',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'pipe',
};

const SPECIAL = 'sparse file or special entry';

/** A sparse file is stored as a map and the parts between its holes: its bytes are not those of the file. */
function kindOf({ type, name, pax }: Header): ArchiveEntry['kind'] {
  const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
  // The form before ustar tells folders by their names alone.
  if (type === 'file' && name.endsWith('/')) return 'folder';
  return isSparse ? SPECIAL : (KINDS[type ?? ''] ?? SPECIAL);
}

/** The form before ustar has no magic: its header is known by the checksum. The types of tar-stream do not have this option. */
const ANY_FORM: NonNullable<Parameters<typeof extract>[0]> & { readonly allowUnknownFormat: boolean } = {
  allowUnknownFormat: true,
};

interface TarEntry {
  readonly index: number;
  readonly entry: ArchiveEntry;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The entries in order. Bytes of an entry that are not read are skipped. Throws when the archive is damaged or cut. */
async function* entriesOf(open: Open): AsyncGenerator<TarEntry> {
  const unpacker = extract(ANY_FORM);
  const source = Readable.from(open(), { objectMode: false });
  source.on('error', (error) => unpacker.destroy(error));
  source.pipe(unpacker);
  let index = 0;
  try {
    for await (const stream of unpacker as AsyncIterable<AsyncIterable<Uint8Array> & { header: Header; resume(): void }>) {
      const { name, size } = stream.header;
      yield { index, entry: { name, kind: kindOf(stream.header), size: size ?? 0 }, bytes: stream };
      stream.resume();
      index += 1;
    }
  } finally {
    source.destroy();
  }
}

async function collect(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    if (length < limit) pieces.push(Uint8Array.prototype.slice.call(piece));
    length += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, limit);
}

const opened = (bytes: Uint8Array): Open =>
  async function* () {
    yield bytes;
    await Promise.resolve();
  };

/** A member read from the beginning of the archive. */
const fromStart = (open: Open, wanted: number): Open =>
  async function* () {
    for await (const { index, bytes } of entriesOf(open)) {
      if (index !== wanted) continue;
      yield* bytes;
      return;
    }
  };

/** The recordings in a tar. `unpacked` gives its bytes where it is compressed; what is wrong with them is told once. */
export async function* recordingsInTar(file: InputFile, path: string, unpacked: Peeked['unpacked']): AsyncGenerator<Found> {
  const entries: ArchiveEntry[] = [];
  const peeked: Peeked[] = [];
  const beside: Discrepancy[] = [];
  const open: Open = unpacked === null ? whole(file) : () => unpacked([]);
  let total = 0;
  try {
    for await (const { index, entry: claimed, bytes } of entriesOf(unpacked === null ? open : () => unpacked(beside))) {
      // A plain tar has no entry that is larger than what is left of it, whatever a header says: it is cut, and no bomb.
      const entry = unpacked === null ? { ...claimed, size: Math.min(claimed.size, file.size - total) } : claimed;
      total += entry.size;
      entries.push({ ...entry, unreadable: { kind: 'truncated', message: 'the archive stops before its end' } });
      if (bombIn(file, entries.length, total) !== null) break;
      if (entry.kind === 'file') {
        const { base } = splitName(entry.name);
        const { name, size } = entry;
        // Whole small files are looked into, so that even a compressed one is known.
        const head = await collect(bytes, HEAD_BYTES);
        peeked[index] = await peek({ base, name: `${file.name}/${name}`, size, open: fromStart(open, index) }, opened(head));
      }
      entries[index] = entry;
    }
  } catch (error) {
    beside.push({
      kind: 'truncated',
      message: `the archive is damaged or cut (${(error as Error).message}): what stands before was read`,
      place: { file: file.name },
    });
  }
  const { members, refused, refusal } = admit(file, entries);
  if (refusal !== null) {
    yield { kind: 'refused', found: 'walked', name: file.name, path, refusal };
    return;
  }
  beside.push(...refused);
  const folders = new Map<string, Peeked[]>();
  const indexOf = new Map<string, number>();
  for (const index of members) {
    const member = peeked[index]!;
    const archive = nested(member);
    if (archive === null) put(folders, splitName(entries[index]!.name).folder, member);
    else beside.push(archive);
    indexOf.set(member.name, index);
  }
  const sorted = Array.from(folders.values(), sortFolder);
  for (const { histories, refused: none } of sorted) {
    for (const member of histories) yield history(member, { found: 'walked', path, archive: file.name });
    for (const { member, refusal: why } of none)
      yield { kind: 'refused', found: 'walked', name: member.name, path, refusal: why };
  }
  yield* handOut(
    file,
    path,
    open,
    sorted.flatMap(({ recordings }) => recordings),
    indexOf,
    beside,
  );
}

/** A recording whose members come by in the second pass. */
interface Waiting {
  readonly found: Sorted['recordings'][number];
  readonly held: Map<string, Buffer>;
}

async function* handOut(
  file: InputFile,
  path: string,
  open: Open,
  recordings: Sorted['recordings'],
  indexOf: ReadonlyMap<string, number>,
  beside: readonly Discrepancy[],
): AsyncGenerator<Found> {
  let untold = beside;
  const where = { found: 'walked', path, archive: file.name } as const;
  const told = (found: Sorted['recordings'][number]): Found => {
    const answer = recording(found, where, untold);
    untold = [];
    return answer;
  };
  const waiting = new Map<number, Waiting>();
  let holding = 0;
  const forget = ({ found, held }: Waiting): void => {
    for (const { name } of found.members) waiting.delete(indexOf.get(name)!);
    for (const { length } of held.values()) holding -= length;
  };
  for (const found of recordings) {
    const entry: Waiting = { found, held: new Map() };
    for (const { name } of found.members) waiting.set(indexOf.get(name)!, entry);
  }
  if (waiting.size > 0) {
    for await (const { index, entry: header, bytes } of entriesOf(open)) {
      const entry = waiting.get(index);
      if (entry === undefined) continue;
      const { found, held } = entry;
      if (holding + header.size > HELD_BYTES) {
        forget(entry);
        yield told(found);
      } else {
        const name = found.members.find((member) => indexOf.get(member.name) === index)!.name;
        held.set(name, await collect(bytes, header.size));
        holding += header.size;
        if (held.size === found.members.length) {
          forget(entry);
          const members = await Promise.all(
            found.members.map((member) => peek({ ...member, open: opened(held.get(member.name)!) })),
          );
          yield told({ ...found, members });
        }
      }
      if (waiting.size === 0) break;
    }
  }
  for (const { kind, message, place } of untold) {
    yield { kind: 'refused', found: 'walked', name: place.file ?? file.name, path, refusal: { kind, message, place } };
  }
}
