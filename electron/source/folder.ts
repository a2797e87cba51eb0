// The files of one folder (on disk, offered, or in an archive) sorted into recordings.

import { HEAD_BYTES, contentOf, type Content } from '../../shared/recording/content.ts';
import { groupFiles } from '../../shared/recording/detect.ts';
import type { Discrepancy, Fault, Refusal } from '../../shared/recording/discrepancy.ts';
import type { Group } from '../../shared/recording/grouping.ts';
import { isTeleportContainer } from '../../shared/recording/teleport-container.ts';
import type { FoundHistory, FoundRecording, HowFound, PartInput } from './input.ts';
import { isTar, isZip } from './magic.ts';
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
  /** What was wrong with its bytes when it was opened last, known once they were read to their end. */
  readonly problems?: () => readonly Discrepancy[];
}

/** A member that was looked into. Its beginning is not kept: a folder may have a hundred thousand members. */
export interface Peeked extends Member {
  readonly content: Content;
  readonly archive: 'zip' | 'tar' | null;
  readonly unpacked: ((problems: Discrepancy[]) => AsyncIterable<Uint8Array>) | null;
}

/**
 * Looks into a file: unpacks its beginning where it is packed. `beginning` gives that where it is cheaper than opening the file.
 * Throws what reading throws.
 */
export async function peek(member: Member, beginning: Open = member.open): Promise<Peeked> {
  const { name, open, size } = member;
  let head = await headOf(beginning, HEAD_BYTES);
  const layers: ((from: Open, problems: Discrepancy[]) => AsyncIterable<Uint8Array>)[] = [];
  const unpacked = (from: Open, problems: Discrepancy[]): AsyncIterable<Uint8Array> =>
    layers.reduce((inner: Open, layer) => () => layer(inner, problems), from)();
  const problems: Discrepancy[] = [];
  const packing = await packingOf(head);
  if (packing !== null) {
    layers.push((from, into) => unpack(packing, name, from, into));
    head = await headOf(() => unpacked(beginning, problems), HEAD_BYTES);
  }
  const isContainer = isTeleportContainer(head);
  if (isContainer) {
    layers.push((from, into) => unpackTeleport(name, from, into));
    head = await headOf(() => unpacked(beginning, problems), HEAD_BYTES);
  }
  const [problem = problems[0]] = member.problems?.() ?? [];
  const what: Pick<Peeked, 'content' | 'archive'> =
    isContainer && head.length === 0
      ? { content: { kind: 'none', refusal: NO_EVENT }, archive: null }
      : whatIs(head, layers.length === 0 ? size : undefined);
  const content = problem === undefined ? what.content : damaged(what.content, problem);
  return { ...member, ...what, content, unpacked: layers.length === 0 ? null : (into) => unpacked(open, into) };
}

const NO_EVENT: Fault = { kind: 'not-a-recording', message: 'there is no event of a Teleport session in this file' };

/** What could not be unpacked and is no recording by what came out of it is refused for its damage: it may have been one. */
function damaged(content: Content, { kind, message }: Discrepancy): Content {
  if (content.kind !== 'none' || !['not-a-recording', 'empty-file'].includes(content.refusal.kind)) return content;
  return { ...content, refusal: { kind, message: `${message}; that is no recording` } };
}

function whatIs(head: Uint8Array, size?: number): Pick<Peeked, 'content' | 'archive'> {
  return { content: contentOf(head, size), archive: isZip(head) ? 'zip' : isTar(head) ? 'tar' : null };
}

function part({ name, open, size, unpacked, problems: own = () => [] }: Peeked): PartInput {
  if (unpacked === null) return { name, original: open, size, problems: own };
  let problems: Discrepancy[] = [];
  return {
    name,
    size,
    original: open,
    unpacked: () => {
      problems = [];
      return unpacked(problems);
    },
    problems: () => [...own(), ...problems],
  };
}

const PACKED_ENDING = /\.(?:gz|bz2|xz|zst)$/i;

/** Parts know each other by the names that they had before they were packed, unless another file has that name. */
function namesInFolder(members: readonly Peeked[]): string[] {
  const taken = new Set(members.map(({ base }) => base));
  return members.map(({ base, unpacked }) => {
    const plain = base.replace(PACKED_ENDING, '');
    if (unpacked === null || plain === '' || taken.has(plain)) return base;
    taken.add(plain);
    return plain;
  });
}

export interface Sorted {
  readonly histories: readonly Peeked[];
  readonly recordings: readonly { readonly members: readonly Peeked[]; readonly group: Group }[];
  readonly refused: readonly { readonly member: Peeked; readonly refusal: Refusal }[];
}

export function sortFolder(all: readonly Peeked[]): Sorted {
  const members = all.filter(({ content }) => content.kind !== 'history');
  const names = namesInFolder(members);
  const { groups, refused } = groupFiles(members.map(({ content }, i) => ({ name: names[i]!, content })));
  return {
    histories: all.filter(({ content }) => content.kind === 'history'),
    recordings: groups.map((group) => ({ members: group.files.map((file) => members[file]!), group })),
    refused: refused.map(({ file, refusal }) => ({
      member: members[file]!,
      refusal: { ...refusal, place: { ...refusal.place, file: members[file]!.base } },
    })),
  };
}

/** The history that a member is. */
export function history(
  member: Peeked,
  where: { readonly found: HowFound; readonly path: string; readonly archive?: string },
): FoundHistory {
  return { kind: 'history', ...where, name: member.name, part: part(member) };
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
