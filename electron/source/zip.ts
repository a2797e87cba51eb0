// zip archives, read at random through the file that was offered: the list of entries first, then a member whenever it is wanted.

import { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import { crc32 } from 'node:zlib';
import { RandomAccessReader, fromRandomAccessReader, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';
import type { Discrepancy, Fault } from '../../shared/recording/discrepancy.ts';
import { MAX_ENTRIES, admit, nested, put, splitName, type ArchiveEntry } from './archive.ts';
import { history, peek, recording, sortFolder, type Member, type Peeked } from './folder.ts';
import type { Found, InputFile } from './input.ts';
import { range, readAhead } from './streams.ts';
import { unpack } from './unpack.ts';

type Read = (error: Error | null, bytes: number) => void;

class OfferedReader extends RandomAccessReader {
  readonly #file: InputFile;

  constructor(file: InputFile) {
    super();
    this.#file = readAhead(file);
  }

  /** What yauzl has here makes three streams for the few bytes of a header. */
  override read(buffer: Buffer, offset: number, length: number, position: number, callback: Read): void {
    callbackify(this.#file.read)(position, length, (error, bytes) => {
      if (error === null) buffer.set(bytes, offset);
      callback(error, error === null ? bytes.length : 0);
    });
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(range(this.#file, start, end), { objectMode: false });
  }
}

function openZip(file: InputFile): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      // Sizes are compared when a member is read: one that lies costs no other.
      validateEntrySizes: false,
      strictFileNames: false,
    } as const;
    fromRandomAccessReader(new OfferedReader(file), file.size, options, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(error);
    });
  });
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) resolve(entries);
      else zip.readEntry();
    });
    zip.on('end', () => {
      resolve(entries);
    });
    zip.on('error', reject);
    zip.readEntry();
  });
}

const UNIX_LINK = 0o120000;
const UNIX_KIND = 0o170000;

function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

function describe(entry: Entry): ArchiveEntry {
  const name = nameOf(entry);
  const mode = entry.versionMadeBy >> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
  const kind = name.endsWith('/') ? 'folder' : (mode & UNIX_KIND) === UNIX_LINK ? 'symbolic link' : 'file';
  const unreadable: Fault | null = entry.isEncrypted()
    ? { kind: 'not-decrypted', message: 'it is encrypted' }
    : entry.canDecodeFileData()
      ? null
      : { kind: 'unsupported-version', message: `its compression method ${String(entry.compressionMethod)} is not read` };
  return {
    name,
    kind,
    size: entry.uncompressedSize,
    packedSize: entry.compressedSize,
    ...(unreadable === null ? {} : { unreadable }),
  };
}

/** The bytes of a member as they stand in the archive, packed or not. Throws where its header is damaged. */
async function* storedBytes(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  yield* await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, { decodeFileData: false }, (error, opened) => {
      if (error === null) resolve(opened);
      else reject(error);
    });
  });
}

/** The bytes of a member as far as they are there. What is wrong with them is put into `problems` before they end. */
async function* memberBytes(zip: ZipFile, entry: Entry, name: string, problems: Discrepancy[]): AsyncGenerator<Uint8Array> {
  const say = (kind: Discrepancy['kind'], message: string): void => void problems.push({ kind, message, place: { file: name } });
  const { uncompressedSize: size, compressionMethod, crc32: expected } = entry;
  const stored = (): AsyncIterable<Uint8Array> => storedBytes(zip, entry);
  let length = 0;
  let sum = 0;
  for await (const bytes of compressionMethod === 0 ? stored() : unpack('deflate', name, stored, problems)) {
    if (length + bytes.length > size) {
      if (length < size) yield bytes.subarray(0, size - length);
      return say(
        'inconsistent',
        `the entry is longer than the ${String(size)} bytes that the archive says: the rest was not read`,
      );
    }
    length += bytes.length;
    sum = crc32(bytes, sum);
    yield bytes;
  }
  if (problems.length > 0) return;
  if (length < size)
    say('truncated', `the entry has ${String(length)} bytes and not the ${String(size)} that the archive says: they were read`);
  else if (sum !== expected)
    say('inconsistent', `the checksum of the entry is not that of its ${String(length)} bytes: they were read as they are`);
}

/** A member as something that can be opened, and what was wrong with it when it was opened last. */
function memberOf(zip: ZipFile, entry: Entry, { base, name, size }: Pick<Member, 'base' | 'name' | 'size'>): Member {
  let problems: Discrepancy[] = [];
  return {
    base,
    name,
    size,
    open: () => memberBytes(zip, entry, name, (problems = [])),
    problems: () => problems,
  };
}

/** The recordings in a zip archive. Throws what reading throws when the archive itself is damaged. */
export async function* recordingsInZip(file: InputFile, path: string): AsyncGenerator<Found> {
  // It is not closed: it holds nothing open, and what is found in it is read when somebody wants it.
  const zip = await openZip(file);
  const entries = await listEntries(zip);
  const described = entries.map(describe);
  const { members, refused, refusal } = admit(file, described);
  if (refusal !== null) {
    yield { kind: 'refused', found: 'walked', name: file.name, path, refusal };
    return;
  }
  const folders = new Map<string, Peeked[]>();
  const inner: Discrepancy[] = [];
  for (const index of members) {
    const entry = entries[index]!;
    const { name: stored, size } = described[index]!;
    const { folder, base } = splitName(stored);
    const name = `${file.name}/${stored}`;
    try {
      const member = await peek(memberOf(zip, entry, { base, name, size }));
      const archive = nested(member);
      if (archive === null) put(folders, folder, member);
      else inner.push(archive);
    } catch (error) {
      inner.push({
        kind: 'truncated',
        message: `the entry cannot be unpacked (${(error as Error).message})`,
        place: { file: name },
      });
    }
  }
  yield* inFolders(file, path, folders, [...refused, ...inner]);
}

/** The recordings of an archive's folders; what was refused beside them is told with the first, or by itself where there is none. */
export function* inFolders(
  file: InputFile,
  path: string,
  folders: ReadonlyMap<string, readonly Peeked[]>,
  beside: readonly Discrepancy[],
): Generator<Found> {
  let untold = beside;
  for (const members of folders.values()) {
    const { histories, recordings, refused } = sortFolder(members);
    for (const member of histories) yield history(member, { found: 'walked', path, archive: file.name });
    for (const found of recordings) {
      yield recording(found, { found: 'walked', path, archive: file.name }, untold);
      untold = [];
    }
    for (const { member, refusal } of refused) yield { kind: 'refused', found: 'walked', name: member.name, path, refusal };
  }
  for (const { kind, message, place } of untold) {
    yield { kind: 'refused', found: 'walked', name: place.file ?? file.name, path, refusal: { kind, message, place } };
  }
}
