// What an archive is here, whatever its form: a list of entries that is known before anything is unpacked, of which the safe
// ones are members of folders. Archives inside archives are not opened: that is how small files become terabytes.

import type { Discrepancy, Fault, Refusal } from '../../shared/recording/discrepancy.ts';
import { harmlessName, unsafeName } from './entry-name.ts';
import type { Peeked } from './folder.ts';
import type { InputFile } from './input.ts';

/** Most entries of one archive that are looked at. */
export const MAX_ENTRIES = 100_000;

/** Most bytes that all members of one archive may have: 64 GiB. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 ** 3;

/** What unpacks to more than this many bytes and to more than a thousand times its packed size is refused. */
const BOMB_BYTES = 256 * 1024 ** 2;
const BOMB_RATIO = 1000;

const isBomb = (size: number, packedSize: number): boolean => size > BOMB_BYTES && size > packedSize * BOMB_RATIO;

export interface ArchiveEntry {
  /** Name as stored. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'symbolic link' | 'hard link' | 'device' | 'pipe' | 'sparse file or special entry';
  readonly size: number;
  /** Bytes in the archive, where it packs entry by entry. */
  readonly packedSize?: number;
  /** Why its content cannot be read, as the archive's form tells it. */
  readonly unreadable?: Fault;
}

export interface Admission {
  /** Indexes of the entries that are members. */
  readonly members: readonly number[];
  /** One discrepancy for each entry that was refused, by its name made harmless. */
  readonly refused: readonly Discrepancy[];
  /** Set when the archive is not opened at all. */
  readonly refusal: Refusal | null;
}

/** Why an archive is not opened at all, or null. Called again while its entries are listed. */
export function bombIn(archive: InputFile, entries: number, total: number): Refusal | null {
  const bomb = (message: string): Refusal => ({ kind: 'bomb', message, place: { file: archive.name } });
  if (entries > MAX_ENTRIES) return bomb(`the archive has more than the ${String(MAX_ENTRIES)} entries that are read`);
  if (total > MAX_ARCHIVE_BYTES)
    return bomb(`the archive unpacks to more than the ${String(MAX_ARCHIVE_BYTES / 1024 ** 3)} GiB that are read`);
  if (isBomb(total, archive.size)) return bomb(`the archive unpacks to more than ${String(BOMB_RATIO)} times its size`);
  return null;
}

/** Decides which entries are read. Nothing was unpacked so far. */
export function admit(archive: InputFile, entries: readonly ArchiveEntry[]): Admission {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const refusal = bombIn(archive, entries.length, total);
  if (refusal !== null) return { members: [], refused: [], refusal };
  const members: number[] = [];
  const refused: Discrepancy[] = [];
  const seen = new Set<string>();
  for (const [index, { name, kind, size, packedSize, unreadable }] of entries.entries()) {
    if (kind === 'folder') continue;
    const shown = { file: `${archive.name}/${harmlessName(name)}` };
    const unsafe = unsafeName(name) ?? (kind === 'file' ? null : `it is a ${kind}`);
    if (unsafe !== null) refused.push({ kind: 'unsafe-path', message: `the entry was not read: ${unsafe}`, place: shown });
    else if (seen.has(plainName(name)))
      refused.push({ kind: 'unsafe-path', message: 'the entry was not read: another one has the same name', place: shown });
    else if (unreadable !== undefined)
      refused.push({ kind: unreadable.kind, message: `the entry was not read: ${unreadable.message}`, place: shown });
    else if (packedSize !== undefined && isBomb(size, packedSize)) {
      const message = `the entry was not read: it unpacks to more than ${String(BOMB_RATIO)} times its size`;
      refused.push({ kind: 'bomb', message, place: shown });
    } else {
      seen.add(plainName(name));
      members.push(index);
    }
  }
  return { members, refused, refusal: null };
}

const steps = (name: string): string[] => name.split('/').filter((step) => step !== '' && step !== '.');
const plainName = (name: string): string => steps(name).join('/');

/** The folder and the name in it. */
export function splitName(name: string): { readonly folder: string; readonly base: string } {
  const clean = steps(name);
  return { folder: clean.slice(0, -1).join('/'), base: clean.at(-1)! };
}

/** Adds a member to its folder. */
export function put(folders: Map<string, Peeked[]>, folder: string, member: Peeked): void {
  const members = folders.get(folder);
  if (members === undefined) folders.set(folder, [member]);
  else members.push(member);
}

/** Whether a member is an archive itself: such a one is refused. */
export function nested(member: Peeked): Discrepancy | null {
  if (member.archive === null) return null;
  return { kind: 'bomb', message: 'archives inside archives are not opened', place: { file: member.name } };
}
