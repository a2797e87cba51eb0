// The door of the source room, for files: finds the recordings in what the user names or the page offers. What it cannot use it
// names with the reason; an archive or a folder in which nothing is a recording is a refusal of its own.

import { basename } from 'node:path';
import type { Refusal } from '../../shared/recording/discrepancy.ts';
import { named, walk, whyNot, type OnDisk } from './disk.ts';
import { history, peek, recording, sortFolder, type Peeked, type Sorted } from './folder.ts';
import type { Found, FoundHistory, FoundRecording, HowFound, InputFile, PartInput, RefusedInput } from './input.ts';
import { whole } from './streams.ts';
import { recordingsInTar } from './tar.ts';
import { inFolders, recordingsInZip } from './zip.ts';

interface Offered {
  readonly file: InputFile;
  /** Folder that it is sorted in, and its name there. */
  readonly folder: string;
  readonly base: string;
}

const refusal = (name: string, path: string, found: HowFound, kind: Refusal['kind'], message: string): RefusedInput => ({
  kind: 'refused',
  found,
  name,
  path,
  refusal: { kind, message, place: { file: name } },
});

/** Other files of a folder, for a part whose partners were not named. */
type Beside = (folder: string) => Promise<readonly Offered[]>;

/** Sorts the files of one folder. Archives among them are opened. Recordings found only beside named files are left out. */
async function* inFolder(
  offered: readonly Offered[],
  path: string | null,
  found: HowFound,
  beside: Beside | null,
): AsyncGenerator<Found> {
  const members: Peeked[] = [];
  const pathOf = new Map<Peeked, string>();
  for (const { file, base } of offered) {
    const own = path ?? file.name;
    let member: Peeked;
    try {
      member = await peek({ base, name: file.name, size: file.size, open: whole(file) });
    } catch (error) {
      yield refusal(file.name, own, found, 'not-a-recording', whyNot(error));
      continue;
    }
    if (member.archive !== null) yield* inArchive(file, own, found, member);
    else {
      members.push(member);
      pathOf.set(member, own);
    }
  }
  const sorted = sortFolder(members);
  for (const member of sorted.histories) yield history(member, { found, path: pathOf.get(member)! });
  for (const group of sorted.recordings) {
    const own = pathOf.get(group.members[0]!)!;
    const better = beside !== null && isPartial(group) ? await withPartners(group.members, offered, beside) : null;
    yield recording(better ?? group, { found, path: own });
  }
  for (const { member, refusal: why } of sorted.refused) {
    const own = pathOf.get(member)!;
    const better = beside !== null && why.kind === 'inconsistent-parts' ? await withPartners([member], offered, beside) : null;
    if (better === null) yield { kind: 'refused', found, name: member.name, path: own, refusal: why };
    else yield recording(better, { found, path: own });
  }
}

/** Whether other parts may lie beside those that were named: a log of script is one by itself, too. */
function isPartial({ group }: Sorted['recordings'][number]): boolean {
  return (
    (group.format === 'script' && group.files.length === 1) ||
    group.discrepancies.some(({ kind }) => kind === 'inconsistent-parts')
  );
}

/** The group that named files form with the files beside them, or null. */
async function withPartners(
  partial: readonly Peeked[],
  offered: readonly Offered[],
  beside: Beside,
): Promise<Sorted['recordings'][number] | null> {
  const home = offered.find(({ file }) => file.name === partial[0]!.name)!.folder;
  const known = new Set(offered.filter(({ folder }) => folder === home).map(({ base }) => base));
  const members = [...partial];
  for (const { file, base } of await beside(home)) {
    if (known.has(base)) continue;
    try {
      members.push(await peek({ base, name: file.name, size: file.size, open: whole(file) }));
    } catch {
      // A neighbour that nobody named and that cannot be read is no partner.
      continue;
    }
  }
  const { recordings } = sortFolder(members);
  return (
    recordings.find(
      (group) => group.members.length > partial.length && partial.every((member) => group.members.includes(member)),
    ) ?? null
  );
}

async function* inArchive(file: InputFile, path: string, found: HowFound, { archive, unpacked }: Peeked): AsyncGenerator<Found> {
  const refused: RefusedInput[] = [];
  let any = false;
  const inside =
    archive === 'zip'
      ? unpacked === null
        ? recordingsInZip(file, path)
        : packedZip(file, path)
      : recordingsInTar(file, path, unpacked);
  try {
    for await (const item of inside) {
      if (item.kind === 'refused') refused.push(item);
      else {
        any = true;
        yield item;
      }
    }
  } catch (error) {
    yield* refused;
    yield refusal(file.name, path, found, 'truncated', `the archive is damaged or cut (${(error as Error).message})`);
    return;
  }
  if (any) {
    yield* refused;
    return;
  }
  const first = refused[0]?.refusal;
  const message =
    first === undefined
      ? 'the archive is empty'
      : `nothing in the archive can be imported: ${first.message}${refused.length > 1 ? `, and ${String(refused.length - 1)} more` : ''}`;
  yield refusal(file.name, path, found, first?.kind ?? 'empty-file', message);
}

/** A zip inside gzip and the like: an archive that cannot be read at random. */
function* packedZip(file: InputFile, path: string): Generator<Found> {
  yield* inFolders(file, path, new Map(), [
    { kind: 'bomb', message: 'archives inside archives are not opened', place: { file: file.name } },
  ]);
}

async function* offeredOnDisk(paths: readonly string[]): AsyncGenerator<Found> {
  const files: Offered[] = [];
  const folders: { readonly folder: Buffer; readonly path: string }[] = [];
  for (const path of paths) {
    const what = await named(path);
    if (what.kind === 'refused') yield refusal(path, path, 'named', 'not-a-recording', what.why);
    else if (what.kind === 'folder') folders.push({ folder: what.folder, path });
    else files.push(what);
  }
  const neighbours: Beside = async (folder) => {
    for await (const { entries } of walk(folder, folder))
      return entries.flatMap((entry) => (entry.kind === 'file' ? [entry] : []));
    return [];
  };
  // Files that are named together may be parts of one recording wherever they lie, unless two of them have the same name.
  const together = new Set(files.map(({ base }) => base)).size === files.length;
  if (together) yield* inFolder(files, null, 'named', neighbours);
  else for (const group of Map.groupBy(files, ({ folder }) => folder).values()) yield* inFolder(group, null, 'named', neighbours);
  for (const { folder, path } of folders) yield* inWalkedFolder(folder, path);
}

async function* inWalkedFolder(folder: Buffer, path: string): AsyncGenerator<Found> {
  let recordings = 0;
  let refused = 0;
  for await (const { entries } of walk(folder, path)) {
    const offered: Offered[] = [];
    for (const entry of entries) {
      if (entry.kind === 'file') offered.push(entry);
      else yield refusal(entry.name, path, 'walked', 'unsafe-path', entry.why);
    }
    for await (const found of inFolder(offered, path, 'walked', null)) {
      if (found.kind === 'refused') refused += 1;
      else recordings += 1;
      yield found;
    }
  }
  if (recordings === 0) {
    yield refusal(
      path,
      path,
      'named',
      'not-a-recording',
      refused === 0 ? 'the folder is empty' : `none of the ${String(refused)} files in the folder is a recording`,
    );
  }
}

async function* offeredByPage(files: readonly InputFile[]): AsyncGenerator<Found> {
  const offered = files.map((file): Offered => {
    const steps = file.name.split('/');
    return { file, folder: steps.slice(0, -1).join('/'), base: steps.at(-1)! };
  });
  for (const [folder, group] of Map.groupBy(offered, (item) => item.folder)) {
    yield* inFolder(group, null, folder === '' ? 'named' : 'walked', null);
  }
}

/** The recordings in files and folders of this machine, and what cannot be used. Nothing is thrown for what the user named. */
export async function* findOnDisk(paths: readonly string[]): AsyncGenerator<Found> {
  for await (const found of offeredOnDisk(paths)) {
    const { path } = found;
    yield { ...found, home: path.slice(0, path.lastIndexOf(basename(path))) };
  }
}

/** The recordings in files that the page holds. */
export function findOffered(files: readonly InputFile[]): AsyncGenerator<Found> {
  return offeredByPage(files);
}

export { keptName } from './input.ts';
export type { Found, FoundHistory, FoundRecording, InputFile, OnDisk, PartInput, RefusedInput };
export { serverAddress, type Credential, type RstreamAddress } from './rstream-address.ts';
export {
  openRstream,
  RSTREAM_RIGHTS,
  type Answer,
  type GroupFilter,
  type Rstream,
  type RstreamDeps,
  type SessionFilter,
} from './rstream-client.ts';
export { SourceError, type SourceFault } from './rstream-fault.ts';
export { engineOfProject, readRstreamSettings, type RstreamSettings } from './rstream-settings.ts';
export { checkToken, tokenExpiry } from './rstream-token.ts';
export {
  openStackShift,
  STACKSHIFT_RIGHTS,
  type Download,
  type Enveloped,
  type EnvelopedPage,
  type HistoryFilter,
  type StackShift,
  type StackShiftAddress,
} from './stackshift-client.ts';
export { findInDownload } from './stackshift-recording.ts';
export {
  STACKSHIFT_PATHS,
  STACKSHIFT_PATH_NAMES,
  checkPaths,
  ownPaths,
  pathsOf,
  type StackShiftPath,
  type StackShiftPaths,
} from './stackshift-paths.ts';
