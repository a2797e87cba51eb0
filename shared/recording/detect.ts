// Which files of a folder are recordings, which belong together, and what reads them. By content: names only say which parts
// belong to each other. Files that are named inside a file are never looked for; parts are those that were given.

import { AsciicastLines } from './asciicast-lines.ts';
import { AsciicastV1 } from './asciicast-v1.ts';
import type { Decoder, FormatName } from './decoder.ts';
import type { Discrepancy, Refusal } from './discrepancy.ts';
import { scriptGroups } from './detect-script.ts';
import type { Group, Grouping, OfferedFile, RefusedFile, SortedFile } from './grouping.ts';
import { RstreamJson } from './rstream-json.ts';
import { SUDO_FILES, sudoDecoder } from './sudo-iolog.ts';
import { teleportDecoder } from './teleport.ts';
import { teleportLegacyDecoder, type LegacyRole } from './teleport-legacy.ts';
import { TlogDecoder } from './tlog.ts';
import { ttyrecDecoder } from './ttyrec.ts';

/** Groups the files of one folder. Every file is in one group or refused. */
export function groupFiles(files: readonly OfferedFile[]): Grouping {
  const left = new Map<number, SortedFile>();
  for (const [index, file] of files.entries()) left.set(index, { ...file, index });
  const groups: Group[] = [];
  const refused: RefusedFile[] = [];
  const claim = (found: { groups: readonly Group[]; refused: readonly RefusedFile[] }): void => {
    for (const group of found.groups) for (const index of group.files) left.delete(index);
    for (const { file } of found.refused) left.delete(file);
    groups.push(...found.groups);
    refused.push(...found.refused);
  };
  claim({ groups: sudoGroup([...left.values()]), refused: [] });
  claim({ groups: legacyGroups([...left.values()]), refused: [] });
  claim(scriptGroups([...left.values()]));
  for (const file of left.values()) {
    const single = singleGroup(file);
    if (single === null) refused.push({ file: file.index, refusal: whyAlone(file) });
    else groups.push(single);
  }
  return {
    groups: groups.sort((a, b) => a.files[0]! - b.files[0]!),
    refused: refused.sort((a, b) => a.file - b.file),
  };
}

function singleGroup({ index, name, content }: SortedFile): Group | null {
  const group = (format: FormatName, decoder: () => Decoder): Group => ({ format, files: [index], decoder, discrepancies: [] });
  switch (content.kind) {
    case 'asciicast':
      if (content.version === 1) return group('asciicast-v1', () => new AsciicastV1(name));
      return group(content.version === 2 ? 'asciicast-v2' : 'asciicast-v3', () => new AsciicastLines(name));
    case 'ttyrec':
      return group('ttyrec', () => ttyrecDecoder(name));
    case 'tlog':
      return group('tlog', () => new TlogDecoder(name));
    case 'rstream-json':
      return group('rstream-json', () => new RstreamJson(name));
    case 'teleport':
      return group('teleport', () => teleportDecoder(name));
    case 'script-log':
    case 'script-timing':
    case 'sudo-timing':
    case 'sudo-info':
    case 'teleport-events':
    case 'teleport-index':
    case 'history':
    case 'none':
      return null;
  }
}

/** Why a file that no group took is no recording by itself. */
function whyAlone({ name, content }: SortedFile): Refusal {
  const place = { file: name };
  switch (content.kind) {
    case 'none':
      return { ...content.refusal, place: content.line === undefined ? place : { ...place, line: content.line } };
    case 'sudo-info':
      return {
        kind: 'inconsistent-parts',
        message: 'this describes a sudo I/O log whose file timing is missing; import the whole folder',
        place,
      };
    case 'sudo-timing':
      return {
        kind: 'inconsistent-parts',
        message: 'this is the timing of a sudo I/O log; import the whole folder, with the file named timing',
        place,
      };
    case 'teleport-index':
      return {
        kind: 'inconsistent-parts',
        message: 'this is the index of a Teleport session whose events are missing; import them together',
        place,
      };
    case 'history':
      return { kind: 'not-a-recording', message: 'this is a history of sessions, not a recording', place };
    case 'asciicast':
    case 'ttyrec':
    case 'tlog':
    case 'rstream-json':
    case 'teleport':
    case 'script-log':
    case 'script-timing':
    case 'teleport-events':
      return { kind: 'inconsistent-parts', message: 'this is part of a recording whose other parts are missing', place };
  }
}

/**
 * A folder with a file `timing` of sudo's form is one sudo I/O log: its files are known by their names. Where they lie beside it, some
 * line of it will do.
 */
function sudoGroup(files: readonly SortedFile[]): Group[] {
  const named = new Map(files.map((file) => [file.name, file]));
  const timing = named.get('timing');
  const info = named.has('log.json') || named.has('log');
  if (timing === undefined) return [];
  const parts = SUDO_FILES.flatMap((name) => named.get(name) ?? []);
  const perhaps = timing.content.kind === 'none' && timing.content.timing?.kind === 'sudo-timing' && parts.length > 1;
  if (timing.content.kind !== 'sudo-timing' && !perhaps && !(info && isEmpty(timing))) return [];
  const roles = parts.map(({ name }) => name);
  const missing: Discrepancy = {
    kind: 'inconsistent-parts',
    message: 'log and log.json are missing: who ran what, when, and the size of the screen are not known',
    place: { file: 'timing' },
  };
  return [
    {
      format: 'sudo-iolog',
      files: parts.map(({ index }) => index),
      decoder: () => sudoDecoder(roles, roles),
      discrepancies: info ? [] : [missing],
    },
  ];
}

const isEmpty = ({ content }: SortedFile): boolean => content.kind === 'none' && content.refusal.kind === 'empty-file';

/** Teleport before 4.3: `SID-0.events`, `SID-0.chunks` and `SID.index`, with or without `.gz` at the end of the name. */
function legacyGroups(files: readonly SortedFile[]): Group[] {
  const sessions = new Map<string, { file: SortedFile; role: LegacyRole; order: number }[]>();
  for (const file of files) {
    const match = /^(.{1,200}?)(?:-(\d{1,15})\.(?:.{1,40}-)?(events|chunks)|\.(index))(?:\.gz)?$/.exec(file.name);
    const role = (match?.[3] ?? match?.[4]) as LegacyRole | undefined;
    const fits = role === 'chunks' || file.content.kind === `teleport-${role ?? ''}` || (role === 'events' && isEmpty(file));
    if (match === null || role === undefined || !fits) continue;
    const parts = sessions.get(match[1]!) ?? [];
    parts.push({ file, role, order: Number(match[2] ?? 0) });
    sessions.set(match[1]!, parts);
  }
  return [...sessions.values()]
    .filter((parts) => parts.some(({ file }) => file.content.kind === 'teleport-events'))
    .map((parts) => {
      const rank: readonly LegacyRole[] = ['index', 'events', 'chunks'];
      parts.sort((a, b) => rank.indexOf(a.role) - rank.indexOf(b.role) || a.order - b.order);
      const roles = parts.map(({ role }) => role);
      const names = parts.map(({ file }) => file.name);
      return {
        format: 'teleport',
        files: parts.map(({ file }) => file.index),
        decoder: () => teleportLegacyDecoder(roles, names),
        discrepancies: [],
      };
    });
}
