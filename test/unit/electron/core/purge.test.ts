// What is left of a recording after its purge: what retention keeps on purpose, and nothing else in any page or file. docs/retention.md

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { databaseFile } from '../../../../electron/library/library.ts';
import { listsIn } from '../../../../electron/library/text-postings.ts';
import { TERMS } from '../../../../shared/query/terms.ts';
import type { SweepReport } from '../../../../shared/api/retention-shapes.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { ask, clearPages, filesOf, libraryKey } from '../../../support/library-pages.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A recording in which a word stands wherever one can: title, command, header, output, input, marker, a broken line. */
function cast(word: string, day: number): string {
  const header = {
    version: 2,
    width: 80,
    height: 24,
    timestamp: Date.UTC(2025, 0, day) / 1000,
    title: `${word} title`,
    command: `${word} --command`,
    env: { SHELL: '/bin/sh', TERM: `${word}-term` },
    note: `${word} note`,
  };
  const events = [
    [0.5, 'o', `$ `],
    [1, 'i', `echo ${word}typed\r`],
    [1.1, 'o', `echo ${word}typed\r\n${word}printed\r\n`],
    [1.2, 'o', `\u001b]2;${word}window\u0007$ `],
    [1.3, 'm', `${word}marker`],
    [2, 'o', `\u001b[30;40m${word}hidden\u001b[0m\r\n`],
  ];
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n[3, "${word}broken\n`;
}

const policy = { environment: 'production', keeper: 'library', reason: 'the contract says so' } as const;

async function sweep(core: TestCore): Promise<SweepReport> {
  const { job } = await core.api.call('retention.sweep', {});
  await core.api.call('jobs.wait', { job });
  return core.api.call('retention.sweepReport', { job });
}

async function opened(folder: string, create: boolean): Promise<TestCore> {
  const core = await openTestCore(folder, { create });
  if (!create) await core.api.call('vault.unlock', { passphrase: 'mossy lantern quarry' });
  onTestFinished(() => core.close());
  return core;
}

/** Words of the recordings: no part of one is in another, or in anything else. */
const GONE = 'zyqxwvkj';
const KEPT = 'brimstone';

async function prepared(folder: string): Promise<{
  readonly core: TestCore;
  readonly files: string;
  readonly gone: string;
  readonly kept: string;
  readonly hash: string;
}> {
  const core = await opened(folder, true);
  const files = temporaryFolder();
  const ids: string[] = [];
  for (const [i, word] of [GONE, KEPT].entries()) {
    writeFileSync(join(files, `${String(i)}.cast`), cast(word, i + 1));
    const [result] = await core.import([join(files, `${String(i)}.cast`)], word === GONE ? 'cloud' : 'files');
    ids.push(result!.sessionIds[0]!);
  }
  const [gone, kept] = ids as [string, string];
  await core.api.call('cases.create', { number: 'C-1', title: 'one' });
  await core.api.call('cases.addExhibits', { case: 'C-1', sessions: [gone] });
  await core.api.call('annotations.add', {
    session: gone,
    from: { kind: 'offset', atUs: 1_100_000 },
    to: { kind: 'offset', atUs: 1_300_000 },
    text: `${GONE}printed`,
    body: { title: 'seen here' },
  } as never);
  await core.api.call('watch.save', { name: 'words', kind: 'indicators', text: `brimstone\nprinted\n` });
  await settled(core.api);
  const shown = await core.api.call('sessions.show', { id: gone });
  return { core, files, gone, kept, hash: shown.root };
}

test('nothing of a purged recording is in any page or file: no key, no content, no text, no title, no quotation, no list of the index', async () => {
  const folder = temporaryFolder();
  const { core, gone, kept } = await prepared(folder);
  await core.close();
  const key = await libraryKey(folder);
  const secrets = ask<{ content_key: Buffer; salt_seed: Buffer }>(
    folder,
    key,
    'SELECT content_key, salt_seed FROM acquisition_key JOIN session USING (acquisition) WHERE session.id = ?',
    gone,
  )[0]!;
  const before = clearPages(folder, key);
  for (const text of [
    `${GONE} title`,
    `${GONE} --command`,
    `${GONE}printed`,
    `${GONE}marker`,
    secrets.content_key,
    secrets.salt_seed,
  ]) {
    expect(before.includes(text), String(text)).toBe(true);
  }

  const again = await opened(folder, false);
  await again.api.call('retention.set', { source: 'cloud', days: 30, ...policy });
  const report = await sweep(again);
  expect(report.purged.map(({ session }) => session)).toEqual([gone]);
  // While the library is open: the log is empty already.
  const log = filesOf(folder).find(({ name }) => name === 'library.db-wal');
  expect(log?.bytes.length ?? 0).toBeLessThan(100_000);

  // The other one is as it was, and is found by what it shares with the one that is gone.
  const hits = await again.api.call('search.run', { query: 'printed' });
  expect(hits.hits.map((hit) => hit.sessionId)).toContain(kept);
  expect(hits.hits.map((hit) => hit.sessionId)).not.toContain(gone);
  await again.close();

  const pages = clearPages(folder, key).toString('latin1').toLowerCase();
  expect(pages.includes(`${KEPT}printed`) || pages.includes(`${KEPT} title`)).toBe(true);
  expect(pages.indexOf(GONE)).toBe(-1);
  const raw = clearPages(folder, key);
  expect(raw.includes(secrets.content_key)).toBe(false);
  expect(raw.includes(secrets.salt_seed)).toBe(false);
  for (const { name, bytes } of filesOf(folder)) {
    expect(bytes.includes(GONE), name).toBe(false);
    expect(bytes.includes(secrets.content_key), name).toBe(false);
  }

  const database = openDatabase(databaseFile(folder), key, { create: false });
  try {
    const session = database.prepare<[string], { key: number }>('SELECT key FROM session WHERE id = ?').get(gone)!.key;
    const tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('held', 'history')")
      .pluck()
      .all()
      .filter((name) =>
        (database.pragma(`table_info(${name})`) as { name: string; type: string }[]).some(
          (column) => column.name === 'session' && column.type === 'INTEGER',
        ),
      );
    const left = tables.filter((name) => database.prepare(`SELECT 1 FROM ${name} WHERE session = ?`).get(session) !== undefined);
    expect(left).toEqual(['history_recorded']);
    // No list of the index names a group that is gone.
    const groups = new Set(database.prepare<[], number>('SELECT key FROM text_group').pluck().all());
    for (const { key: row, lists } of database
      .prepare<[], { key: number; lists: Buffer }>('SELECT key, lists FROM text_posting')
      .all())
      for (const { groups: named } of listsIn({ term: row % TERMS, lists }))
        for (const group of named) expect(groups.has(group)).toBe(true);
  } finally {
    database.close();
  }
});

test('what retention keeps of a purged recording is there: id, root, times, sizes, history, custody and a certificate that ssh-keygen verifies', async () => {
  const folder = temporaryFolder();
  const { core, files, gone, hash } = await prepared(folder);
  const before = await core.api.call('sessions.show', { id: gone });
  await core.api.call('retention.set', { source: 'cloud', days: 30, ...policy });
  await sweep(core);
  const after = await core.api.call('sessions.show', { id: gone });
  for (const name of ['id', 'source', 'startedAt', 'durationUs', 'events', 'stdoutBytes', 'records', 'root'] as const)
    expect(after[name]).toEqual(before[name]);
  expect(after).toMatchObject({ title: null, command: null, lock: { state: 'locked', code: 'purged' } });
  expect(after.retention.purgedAt).not.toBeNull();
  expect(after.parts.map(({ sha256 }) => sha256)).toEqual(before.parts.map(({ sha256 }) => sha256));

  const { entries } = await core.api.call('custody.list', { subject: gone, action: 'purge' });
  expect(entries).toHaveLength(1);
  const { purges } = await core.api.call('purges.list', {});
  const certificate = JSON.parse(purges[0]!.certificate) as Record<string, unknown>;
  expect(certificate).toMatchObject({
    schema: 'exhibit-purge/1',
    session: gone,
    source: 'cloud',
    root: hash,
    records: before.records,
    policy: { days: 30, keeper: 'library', environment: 'production' },
    custody: { seq: entries[0]!.seq, hash: entries[0]!.hash },
  });
  const { certificate: text, signature } = purges[0]!;
  expect(await core.api.call('purges.verify', { certificate: text, signature })).toMatchObject({ valid: true, own: true });
  expect(await core.api.call('purges.verify', { certificate: text.replace(gone, 'x'), signature })).toMatchObject({
    valid: false,
  });

  const where = temporaryFolder();
  const { name, public_key: publicKey } = certificate['signer'] as { name: string; public_key: string };
  writeFileSync(join(where, 'signers'), `${name} ${publicKey}\n`);
  writeFileSync(join(where, 'sig'), signature);
  const args = ['-Y', 'verify', '-f', join(where, 'signers'), '-I', name, '-n', 'exhibit-purge', '-s', join(where, 'sig')];
  expect(execFileSync('ssh-keygen', args, { input: text, encoding: 'utf8' })).toContain('Good "exhibit-purge" signature');

  // Nothing that needs its content is answered with something else.
  for (const call of [
    () => core.api.call('sessions.events', { id: gone }),
    () => core.api.call('sessions.commands', { id: gone }),
    () => core.api.call('replay.timeline', { id: gone }),
    () => core.api.call('export.open', { id: gone, format: 'asciicast' } as never),
    () => core.api.call('library.verify', { id: gone }),
  ])
    await expect(call()).rejects.toThrow();
  await expect(core.api.call('sessions.events', { id: gone })).rejects.toThrow('purged when its retention ended');
  await core.api.call('library.verify', {}).then(({ job }) => core.api.call('jobs.wait', { job }));

  // The same file is not taken in again.
  const [result] = await core.import([join(files, '0.cast')], 'cloud');
  expect(result!.failure).toMatchObject({ kind: 'refused', why: expect.stringContaining('was purged') as string });
});

test('a recording that is open and one that is handed out end with a clear error when they are purged', async () => {
  const folder = temporaryFolder();
  const { core, gone } = await prepared(folder);
  await core.api.call('sessions.events', { id: gone });
  const { ticket } = await core.api.call('export.open', { id: gone, format: 'json' });
  await core.api.call('retention.set', { source: 'cloud', days: 30, ...policy });
  await sweep(core);
  await expect(core.api.call('export.read', { ticket })).rejects.toThrow('purged');
  await expect(core.api.call('sessions.events', { id: gone })).rejects.toThrow('purged');
});

test('a case with a purged exhibit says so; without it its bundle is made and verifies, its annotation without the quotation', async () => {
  const folder = temporaryFolder();
  const { core, gone, kept } = await prepared(folder);
  const before = await core.api.call('annotations.list', { session: gone });
  expect(before.annotations[0]!.anchor.text).toBe(`${GONE}printed`);
  await core.api.call('annotations.add', {
    session: gone,
    case: 'C-1',
    from: { kind: 'offset', atUs: 1_100_000 },
    text: `${GONE}printed`,
    body: { title: 'of the case' },
  });
  await core.api.call('cases.addExhibits', { case: 'C-1', sessions: [kept] });
  await core.api.call('retention.set', { source: 'cloud', days: 30, ...policy });
  await sweep(core);
  const { annotations } = await core.api.call('annotations.list', { session: gone });
  expect(annotations.map(({ title, anchor }) => [title, anchor.text, anchor.screen])).toEqual([
    ['seen here', null, null],
    ['of the case', null, null],
  ]);
  const out = join(temporaryFolder(), 'case.zip');
  const make = async (): Promise<unknown> => {
    const { job } = await core.api.call('bundle.create', {
      case: (await core.api.call('cases.show', { case: 'C-1' })).id,
      path: out,
      plaintext: false,
      redacted: false,
      intent: 'for the court',
      signer: 'Ana',
      signedAt: '2026-11-21T10:00:00Z',
      supersedes: null,
    });
    return (await core.api.call('jobs.wait', { job })).failure;
  };
  const refused = await make().catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: 'not-found', todo: expect.stringContaining('withdraw its exhibit') as string });
  const { exhibitList } = await core.api.call('cases.show', { case: 'C-1' });
  const exhibit = exhibitList.find(({ session }) => session === gone)!;
  expect(exhibit.title).toBe('');
  await core.api.call('cases.withdrawExhibit', { case: 'C-1', exhibit: exhibit.number, reason: 'purged' });
  expect(await make()).toBeNull();
  const { job } = await core.api.call('bundle.verify', { path: out, trust: [], authorities: [] });
  await core.api.call('jobs.wait', { job });
  const report = await core.api.call('bundle.verified', { job });
  expect(report.failures).toEqual([]);
  expect(['TRUSTED', 'INTACT, SIGNER NOT TRUSTED']).toContain(report.verdict);
});

test('what else speaks of a purged recording goes on: annotations are not checked, the library verifies, coverage and lists are shown', async () => {
  const folder = temporaryFolder();
  const { core, gone, kept } = await prepared(folder);
  await core.api.call('retention.set', { source: 'cloud', days: 30, ...policy });
  await sweep(core);
  expect(await core.api.call('annotations.check', { filter: {} })).toMatchObject([{ session: gone, verdict: 'unknown' }]);
  expect((await core.api.call('coverage.show', { session: gone })) as unknown).toBeTruthy();
  expect((await core.api.call('sessions.list', { filter: {} })).sessions.map(({ id }) => id).toSorted()).toEqual(
    [gone, kept].toSorted(),
  );
  expect((await core.api.call('history.list', { filter: {} })).rows.find(({ sessionId }) => sessionId === gone)).toMatchObject({
    recording: 'purged-here',
  });
  const { job } = await core.api.call('library.verify', {});
  expect((await core.api.call('jobs.wait', { job })).failure).toBeNull();
  expect((await core.api.call('jobs.report', { job })).failures).toEqual([]);
  await expect(
    core.api.call('annotations.add', { session: gone, from: { kind: 'offset', atUs: 0 }, body: { title: 'late' } }),
  ).rejects.toThrow('purged');
  expect((await core.api.call('watch.report', { name: 'words' })) as unknown).toBeTruthy();
  expect((await core.api.call('custody.verify', null)) as unknown).toMatchObject({ intact: true });
  await core.api.call('ready.show', { sessions: [gone, kept] });
});
