// The files of one folder (on disk, offered, or in an archive) sorted into recordings.

import { HEAD_BYTES } from '../../shared/recording/content.ts';
import { groupFiles } from '../../shared/recording/detect.ts';
import type { Discrepancy, Refusal } from '../../shared/recording/discrepancy.ts';
import type { Group } from '../../shared/recording/grouping.ts';
import { isTeleportContainer } from '../../shared/recording/teleport-container.ts';
import type { FoundRecording, HowFound, PartInput } from './input.ts';
import { headOf, type Open } from './streams.ts';
import { unpackTeleport } from './teleport-unpack.ts';
import { packingOf, unpack } from './unpack.ts';

/** A file as a folder holds it. */
export interface Member {
  /** Name in its folder. */
  readonly base: string;
  /** Name with its folders, as the user knows it. */
  readonly name: string;
  readonly open: Open;
  readonly size: number;
}

/** A member that was looked into: how it is packed, and how it begins. */
export interface Peeked extends Member {
  readonly head: Uint8Array;
  readonly unpacked: ((problems: Discrepancy[]) => AsyncIterable<Uint8Array>) | null;
}

/** Looks into a file: unpacks its beginning where it is packed. Throws what reading throws. */
export async function peek(member: Member): Promise<Peeked> {
  const packing = await packingOf(member.open);
  if (packing !== null) {
    const unpacked = (problems: Discrepancy[]): AsyncIterable<Uint8Array> => unpack(packing, member.name, member.open, problems);
    return { ...member, head: await headOf(() => unpacked([]), HEAD_BYTES), unpacked };
  }
  const head = await headOf(member.open, HEAD_BYTES);
  if (!isTeleportContainer(head)) return { ...member, head, unpacked: null };
  const unpacked = (problems: Discrepancy[]): AsyncIterable<Uint8Array> => unpackTeleport(member.name, member.open, problems);
  return { ...member, head: await headOf(() => unpacked([]), HEAD_BYTES), unpacked };
}

function part({ name, open, size, unpacked }: Peeked): PartInput {
  if (unpacked === null) return { name, original: open, size };
  let problems: Discrepancy[] = [];
  return {
    name,
    size,
    original: open,
    unpacked: () => {
      problems = [];
      return unpacked(problems);
    },
    problems: () => problems,
  };
}

export interface Sorted {
  readonly recordings: readonly { readonly members: readonly Peeked[]; readonly group: Group }[];
  readonly refused: readonly { readonly member: Peeked; readonly refusal: Refusal }[];
}

export function sortFolder(members: readonly Peeked[]): Sorted {
  const { groups, refused } = groupFiles(
    members.map(({ base, head, size, unpacked }) => ({ name: base, head, ...(unpacked === null ? { size } : {}) })),
  );
  return {
    recordings: groups.map((group) => ({ members: group.files.map((file) => members[file]!), group })),
    refused: refused.map(({ file, refusal }) => ({ member: members[file]!, refusal })),
  };
}

/** The recording that a group is. */
export function recording(
  { members, group }: Sorted['recordings'][number],
  where: { readonly found: HowFound; readonly path: string; readonly archive?: string },
  beside: readonly Discrepancy[] = [],
): FoundRecording {
  const first = members[0]!;
  const folder = first.name.slice(0, first.name.length - first.base.length).replace(/\/$/, '');
  return {
    kind: 'recording',
    ...where,
    name: group.format === 'sudo-iolog' && folder !== '' ? folder : first.name,
    format: group.format,
    parts: members.map(part),
    decoder: group.decoder,
    discrepancies: [...group.discrepancies, ...beside],
  };
}
