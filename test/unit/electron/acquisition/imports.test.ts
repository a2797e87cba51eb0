// Files of every kind through source and acquisition into a real library: the corpus with its truths, and what is malformed.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { importRecording, type ImportOutcome } from '../../../../electron/acquisition/acquisition.ts';
import { verifyRecording, type Library, type SessionRow } from '../../../../electron/library/library.ts';
import { findOnDisk } from '../../../../electron/source/source.ts';
import type { Discrepancy, Refusal } from '../../../../shared/recording/discrepancy.ts';
import { fileImport } from '../../../support/file-import.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { KEPT_RECORDINGS, RECORDINGS } from '../../../support/recording-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tar, zip } from '../source/archives.ts';
import { small, write } from '../source/inputs.ts';

interface Imported {
  readonly sessions: readonly SessionRow[];
  readonly refusals: readonly Refusal[];
  readonly discrepancies: readonly Discrepancy[];
  readonly kinds: readonly ImportOutcome['kind'][];
}

/** Imports paths as the core does, one found recording after the other, and verifies what came of them. */
async function importPaths(library: Library, ...paths: readonly string[]): Promise<Imported> {
  const [sessions, refusals, discrepancies, kinds] = [[], [], [], []] as [
    SessionRow[],
    Refusal[],
    Discrepancy[],
    ImportOutcome['kind'][],
  ];
  for await (const found of findOnDisk(paths)) {
    if (found.kind === 'history') continue;
    if (found.kind === 'refused') {
      refusals.push(found.refusal);
      continue;
    }
    const outcome = await importRecording(found, fileImport(library));
    kinds.push(outcome.kind);
    discrepancies.push(...outcome.discrepancies);
    if (outcome.kind === 'refused') refusals.push(outcome.refusal);
    else sessions.push(...outcome.sessionIds.map((id) => library.sessions.find(id) as SessionRow));
  }
  for (const session of sessions) expect(verifyRecording(library, session).failures).toEqual([]);
  expect(library.custody.verify().kind).toBe('intact');
  return { sessions, refusals, discrepancies, kinds };
}

interface Truth {
  readonly files: readonly string[];
  readonly events: Readonly<Record<string, number>>;
  readonly output_bytes: number;
  readonly duration: number;
}

const folders = [...new Set([KEPT_RECORDINGS, RECORDINGS, join(RECORDINGS, 'public')])].filter((folder) => existsSync(folder));
const truths = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => ({ folder, name, truth: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Truth })),
);

test.each(truths)('$name: imports with the events, bytes and duration of its truth', async ({ folder, truth }) => {
  const { library } = temporaryLibrary();
  const paths = truth.files.map((file) => join(folder, basename(file)));
  const { sessions, refusals, discrepancies } = await importPaths(library, ...paths);
  expect([refusals, discrepancies]).toEqual([[], []]);
  expect(sessions).toHaveLength(1);
  const [session] = sessions as [SessionRow];
  expect(session.events).toBe(Object.values(truth.events).reduce((sum, count) => sum + count, 0));
  expect(session.stdoutBytes + session.stderrBytes).toBe(truth.output_bytes);
  // Digits beyond the microsecond are cut here and rounded there.
  expect(Math.abs(session.duration - Math.round(truth.duration * 1e6))).toBeLessThanOrEqual(1);
  expect((await importPaths(library, ...paths)).kinds).toEqual(['known']);
});

interface Entry {
  readonly file: string | null;
  readonly with?: string;
  readonly part_of?: string;
  readonly expect: 'reject' | 'reject-or-warn' | 'accept-with-warning' | 'accept' | 'neutralise';
  readonly message: string;
  readonly events_readable?: number | string;
  readonly duration?: number;
}

describe.each([...new Set([KEPT_RECORDINGS, RECORDINGS])].map((folder) => join(folder, 'malformed')))('%s', (folder) => {
  const { files } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { files: readonly Entry[] };
  const entries = files.filter((entry): entry is Entry & { file: string } => entry.file !== null && entry.part_of === undefined);

  test.each(entries)('$file: $expect, $message', async (entry) => {
    const { library } = temporaryLibrary();
    const paths = [entry.file, ...(entry.with === undefined ? [] : [entry.with])].map((file) => join(folder, file));
    const { sessions, refusals, discrepancies } = await importPaths(library, ...paths);
    const accepted = sessions.length > 0;
    if (entry.expect === 'reject') expect(accepted).toBe(false);
    if (entry.expect.startsWith('accept') || entry.expect === 'neutralise') expect([accepted, refusals]).toEqual([true, []]);
    if (!accepted) {
      expect(refusals).toHaveLength(1);
      expect(library.sessions.stats()).toMatchObject({ sessions: 0, originalBytes: 0 });
      expect(library.custody.head().seq).toBe(0);
    }
    const kinds = [...refusals, ...discrepancies].map(({ kind }) => kind);
    if (entry.message === 'none') expect(kinds).toEqual([]);
    else expect(kinds).toContain(entry.message);
    for (const { place, message } of [...refusals, ...discrepancies]) {
      expect(place.file).toBeDefined();
      expect(message).not.toMatch(/undefined|NaN|\[object|[\u0000-\u001f]/u);
    }
    if (!accepted) return;
    const [session] = sessions as [SessionRow];
    expect(sessions).toHaveLength(1);
    expect(session.discrepancies).toBe(discrepancies.length);
    const events = library.content.eventChunks(session).flatMap((info) => library.content.events(session, info));
    const known = events.filter(({ kind }) => kind !== 'other').length;
    if (typeof entry.events_readable === 'number') expect(known).toBe(entry.events_readable);
    if (entry.events_readable === '7 known, 4 other') expect([known, events.length]).toEqual([7, 11]);
    if (entry.duration !== undefined) expect(session.duration).toBe(entry.duration * 1e6);
  });
});

// Made by the program beside the index: too large to keep.
test.each([
  ['one-line', 2, []],
  ['no-newline', 0, ['bad-line']],
  ['tiny-events', 2_000_001, []],
  ['many-resizes', 200_000, []],
] as const)('%s: imports %i events', async (kind, count, kinds) => {
  const { library } = temporaryLibrary();
  const file = join(temporaryFolder(), 'large.cast');
  execFileSync(process.execPath, [join(KEPT_RECORDINGS, 'malformed', 'make-malformed.mjs'), kind, file]);
  const { sessions, discrepancies } = await importPaths(library, file);
  expect(sessions.map(({ events }) => events)).toEqual([count]);
  expect(discrepancies.map((discrepancy) => discrepancy.kind)).toEqual(kinds);
});

describe('the same recording', () => {
  test('is recognised under another name, and in an archive of any kind', async () => {
    const { library } = temporaryLibrary();
    const folder = temporaryFolder();
    const bytes = small();
    const entry = [{ name: 'deep/other.cast', bytes }];
    write(folder, {
      'a.cast': bytes,
      'b.cast': bytes,
      'a.zip': zip(entry),
      'a.tar': tar(entry),
      'a.tar.gz': gzipSync(tar(entry)),
    });
    const first = await importPaths(library, join(folder, 'a.cast'));
    expect(first.kinds).toEqual(['imported']);
    for (const name of ['b.cast', 'a.zip', 'a.tar', 'a.tar.gz']) {
      const again = await importPaths(library, join(folder, name));
      expect([again.kinds, again.sessions]).toEqual([['known'], first.sessions]);
    }
    expect((await importPaths(library, folder)).kinds).toEqual(['known', 'known', 'known', 'known', 'known']);
    expect(library.sessions.stats().sessions).toBe(1);
    expect(library.custody.list({}, null, 100).entries).toHaveLength(1);
  });

  test('tells of what was refused beside it all the same', async () => {
    const { library } = temporaryLibrary();
    const folder = temporaryFolder();
    write(folder, {
      'a.cast': small(),
      'a.zip': zip([
        { name: '../bad.cast', bytes: small('bad') },
        { name: 'a.cast', bytes: small() },
      ]),
    });
    await importPaths(library, join(folder, 'a.cast'));
    const again = await importPaths(library, join(folder, 'a.zip'));
    expect(again.kinds).toEqual(['known']);
    expect(again.discrepancies.map(({ kind }) => kind)).toEqual(['unsafe-path']);
  });
});

describe('a file that cannot be read to its end', () => {
  test('is refused, leaves nothing behind, and ends nothing else', async () => {
    const { library } = temporaryLibrary();
    const folder = temporaryFolder();
    write(folder, { '1.cast': small('one'), '2.cast': small('two'), '3.cast': small('three') });
    const outcomes: ImportOutcome['kind'][] = [];
    for await (const found of findOnDisk([folder])) {
      if (found.kind !== 'recording') throw new Error(found.kind === 'refused' ? found.refusal.message : found.kind);
      if (found.name.endsWith('2.cast')) renameSync(join(folder, '2.cast'), join(folder, 'gone'));
      const outcome = await importRecording(found, fileImport(library));
      outcomes.push(outcome.kind);
      if (outcome.kind === 'refused') {
        expect(outcome.refusal.message).toBe('it could not be read to its end: there is no such file');
        expect(outcome.refusal.place).toEqual({ file: `${folder}/2.cast` });
      }
    }
    expect(outcomes).toEqual(['imported', 'refused', 'imported']);
    expect(library.sessions.stats().sessions).toBe(2);
  });
});

test('a member of a zip with another checksum is kept as it was read, and said', async () => {
  const { library } = temporaryLibrary();
  const folder = temporaryFolder();
  // Longer than what is looked at first, so that it is found and only then known to be damaged.
  const long = Buffer.concat([small(), Buffer.alloc(200_000, '\n')]);
  write(folder, { 'a.zip': zip([{ name: 'a.cast', bytes: long, sum: 1 }]) });
  const { sessions, refusals, discrepancies } = await importPaths(library, join(folder, 'a.zip'));
  expect(refusals).toEqual([]);
  expect(discrepancies).toMatchObject([
    { kind: 'inconsistent', message: expect.stringContaining('the checksum of the entry is not that of') as string },
  ]);
  expect(Buffer.concat([...library.content.partBytes(sessions[0]!.acquisition, 0)]).equals(long)).toBe(true);
  expect((await importPaths(library, join(folder, 'a.zip'))).kinds).toEqual(['known']);
});
