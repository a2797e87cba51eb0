// What an archive is here, whatever its form: a list of entries that is known before anything is unpacked, of which the safe
// ones are members of folders. Archives inside archives are not opened: that is how small files become terabytes.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { harmlessName, unsafeName } from './entry-name.ts';
import { isTar, isZip } from './magic.ts';
import type { Peeked } from './folder.ts';

/** Most entries of one archive that are looked at. */
export const MAX_ENTRIES = 100_000;

/** Most bytes that all members of one archive may have: 64 GiB. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 ** 3;

/** A zip member of more than this many bytes that unpacks to more than a thousand times its packed size is refused. */
const BOMB_BYTES = 256 * 1024 ** 2;
const BOMB_RATIO = 1000;

export interface ArchiveEntry {
  /** Name as stored. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'symbolic link' | 'hard link' | 'device' | 'pipe' | 'unknown entry';
  readonly size: number;
  /** Bytes in the archive, where it packs entry by entry. */
  readonly packedSize?: number;
  /** Why its content cannot be read, as the archive's form tells it. */
  readonly unreadable?: string;
}

export interface Admission {
  /** Indexes of the entries that are members. */
  readonly members: readonly number[];
  /** One discrepancy for each entry that was refused, by its name made harmless. */
  readonly refused: readonly Discrepancy[];
  /** Set when the archive is not opened at all. */
  readonly refusal: Discrepancy | null;
}

/** Decides which entries are read. Nothing was unpacked so far. */
export function admit(archive: string, entries: readonly ArchiveEntry[]): Admission {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const place = { file: archive };
  if (entries.length > MAX_ENTRIES) {
    return {
      members: [],
      refused: [],
      refusal: {
        kind: 'bomb',
        message: `it has ${String(entries.length)} entries; at most ${String(MAX_ENTRIES)} are read`,
        place,
      },
    };
  }
  if (total > MAX_ARCHIVE_BYTES) {
    const message = `it unpacks to ${String(Math.ceil(total / 1024 ** 3))} GiB; at most ${String(MAX_ARCHIVE_BYTES / 1024 ** 3)} GiB are read`;
    return { members: [], refused: [], refusal: { kind: 'bomb', message, place } };
  }
  const members: number[] = [];
  const refused: Discrepancy[] = [];
  const seen = new Set<string>();
  for (const [index, { name, kind, size, packedSize, unreadable }] of entries.entries()) {
    if (kind === 'folder') continue;
    const shown = { file: `${archive}/${harmlessName(name)}` };
    const unsafe = unsafeName(name) ?? (kind === 'file' ? null : `it is a ${kind}`);
    if (unsafe !== null) refused.push({ kind: 'unsafe-path', message: `the entry was not read: ${unsafe}`, place: shown });
    else if (seen.has(name))
      refused.push({ kind: 'unsafe-path', message: 'the entry was not read: another one has the same name', place: shown });
    else if (unreadable !== undefined)
      refused.push({ kind: 'truncated', message: `the entry was not read: ${unreadable}`, place: shown });
    else if (packedSize !== undefined && size > BOMB_BYTES && size > packedSize * BOMB_RATIO) {
      refused.push({
        kind: 'bomb',
        message: `the entry was not read: it unpacks to ${String(Math.round(size / packedSize))} times its size`,
        place: shown,
      });
    } else {
      seen.add(name);
      members.push(index);
    }
  }
  return { members, refused, refusal: null };
}

/** The folder and the name in it. */
export function splitName(name: string): { readonly folder: string; readonly base: string } {
  const clean = name.split('/').filter((step) => step !== '' && step !== '.');
  return { folder: clean.slice(0, -1).join('/'), base: clean.at(-1)! };
}

/** Whether a member is an archive itself: such a one is refused. */
export function nested(member: Peeked): Discrepancy | null {
  if (!isZip(member.head) && !isTar(member.head)) return null;
  return { kind: 'bomb', message: 'archives inside archives are not opened', place: { file: member.name } };
}
