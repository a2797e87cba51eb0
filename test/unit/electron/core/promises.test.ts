// Promises of the product, each in its own words, kept by the core on a real library.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestCore, PASSPHRASE, settled, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function temporaryCore(folder: string): Promise<TestCore> {
  const core = await openTestCore(folder);
  onTestFinished(() => core.close());
  return core;
}

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('no plaintext on disk', () => {
  it('neither in the library nor beside it, while a recording is imported, indexed, searched and played, nor after', async () => {
    const folder = temporaryFolder();
    const library = join(folder, 'library');
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = temporary;
    onTestFinished(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    const canaries = ['KANARIENVOGEL-7731', 'kanarientitel-7732', 'kanarieneingabe-7733', 'kanarienmarke-7734'];
    const recording = cast(
      [
        [1, 'o', `$ echo ${canaries[0]!}\r\n${`${canaries[0]!} `.repeat(500)}\r\n`],
        [2, 'i', `${canaries[2]!}\r`],
        [3, 'm', canaries[3]!],
      ],
      { title: canaries[1]! },
    );
    const source = join(folder, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'canary.cast'), recording);
    writeFileSync(join(source, 'canary.cast.gz'), gzipSync(recording.replace('"title"', '"title2"')));

    const core = await openTestCore(library);
    const found: string[] = [];
    const look = (): void => {
      for (const file of files(folder).filter((name) => !name.startsWith(source))) {
        const bytes = readFileSync(file);
        for (const canary of canaries)
          if (bytes.includes(canary) || bytes.includes(Buffer.from(canary, 'utf16le'))) found.push(`${canary} in ${file}`);
      }
    };
    const [first] = await core.import([source]);
    look();
    const id = first!.sessionIds[0]!;
    for (const query of canaries) await core.api.call('search.run', { query, in: ['visible', 'printed', 'typed'] });
    const { hits } = await core.api.call('search.run', { query: canaries[0]! });
    expect(hits.length).toBeGreaterThan(0);
    await core.api.call('replay.window', { id, at: { kind: 'end' } });
    look();
    await core.close();
    look();
    expect(found).toEqual([]);
    expect(files(library).length).toBeGreaterThan(1);
  });
});

describe('what was acquired', () => {
  it('is recognised when it comes a second time, from wherever', async () => {
    const folder = temporaryFolder();
    const core = await temporaryCore(join(folder, 'library'));
    const recording = cast([[1, 'o', 'once']]);
    writeFileSync(join(folder, 'one.cast'), recording);
    writeFileSync(join(folder, 'two.cast'), recording);
    const first = await core.import([join(folder, 'one.cast')]);
    const second = await core.import([join(folder, 'one.cast')]);
    const third = await core.import([join(folder, 'two.cast')]);
    expect([first, second, third].map(([result]) => result!.known)).toEqual([false, true, true]);
    expect(second[0]!.sessionIds).toEqual(first[0]!.sessionIds);
    expect((await core.api.call('library.stats', null)).sessions).toBe(1);
  });

  it('stands in the custody log, with every act on it after that', async () => {
    const folder = temporaryFolder();
    const core = await temporaryCore(join(folder, 'library'));
    writeFileSync(join(folder, 'one.cast'), cast([[1, 'o', 'seen']]));
    const id = (await core.import([join(folder, 'one.cast')]))[0]!.sessionIds[0]!;
    await core.api.call('sessions.screen', { id, at: { kind: 'end' } });
    await core.api.call('search.run', { query: 'seen', sessionId: id });
    await core.api.call('replay.viewed', { id, ranges: [{ fromUs: 0, toUs: 1_000_000, speed: 2 }] });
    await core.api.call('export.open', { id, format: 'json' });
    const { job } = await core.api.call('library.verify', { id });
    await core.api.call('jobs.wait', { job });
    const { entries } = await core.api.call('custody.list', { subject: id });
    // The first search is that of the watchlist of secrets.
    const acts = ['acquire', 'search', 'open', 'search', 'view', 'export', 'verify'];
    expect(entries.map(({ action }) => action).toReversed()).toEqual(acts);
    expect(await core.api.call('custody.verify', null)).toMatchObject({ intact: true });
  });

  it('comes back as it was after the library was locked, unlocked, backed up and restored', async () => {
    const folder = temporaryFolder();
    const core = await openTestCore(join(folder, 'library'));
    writeFileSync(join(folder, 'one.cast'), cast([[1, 'o', 'kept']]));
    const id = (await core.import([join(folder, 'one.cast')]))[0]!.sessionIds[0]!;
    await core.api.call('vault.lock', null);
    await expect(core.api.call('sessions.show', { id })).rejects.toMatchObject({ kind: 'locked' });
    await expect(core.api.call('vault.unlock', { passphrase: 'not the passphrase' })).rejects.toMatchObject({
      kind: 'passphrase',
    });
    await core.api.call('vault.unlock', { passphrase: PASSPHRASE });
    const { job } = await core.api.call('library.backup', { path: join(folder, 'backup') });
    await core.api.call('jobs.wait', { job });
    await core.close();

    const restored = await openTestCore(join(folder, 'restored'), { create: false });
    onTestFinished(() => restored.close());
    await restored.api.call('library.restore', { path: join(folder, 'backup') });
    await restored.api.call('vault.unlock', { passphrase: PASSPHRASE });
    const { screen } = await restored.api.call('sessions.screen', { id, at: { kind: 'end' } });
    expect(screen[0]).toBe('kept');
  });
});

describe('derived data', () => {
  it('is made again by the next start when the last one ended too early', async () => {
    const folder = temporaryFolder();
    const library = join(folder, 'library');
    const lines = Array.from({ length: 20_000 }, (_, i) => [i / 100, 'o', `line ${String(i)} needle\r\n`] as const);
    writeFileSync(join(folder, 'long.cast'), cast(lines));
    const first = await openTestCore(library);
    const { job } = await first.api.call('import.paths', { paths: [join(folder, 'long.cast')] });
    await first.api.call('jobs.wait', { job });
    await first.close();
    const second = await openTestCore(library, { create: false });
    onTestFinished(() => second.close());
    await second.api.call('vault.unlock', { passphrase: PASSPHRASE });
    await settled(second.api);
    const { total } = await second.api.call('search.run', { query: 'needle', in: ['printed'] });
    expect(total).toBe(20_000);
  });
});

describe('a moment', () => {
  it('is counted from the start, by sequence number, by date, and from the end', async () => {
    const folder = temporaryFolder();
    const core = await temporaryCore(join(folder, 'library'));
    const events = [
      [1, 'o', 'a'],
      [2, 'o', 'b'],
      [2, 'o', 'c'],
      [3, 'o', 'd'],
    ] as const;
    writeFileSync(join(folder, 'm.cast'), cast(events, { timestamp: 1_700_000_000 }));
    const id = (await core.import([join(folder, 'm.cast')]))[0]!.sessionIds[0]!;
    const row = async (at: Parameters<typeof core.api.call<'sessions.screen'>>[1]['at']): Promise<string> =>
      (await core.api.call('sessions.screen', { id, at })).screen[0]!;
    expect(await row({ kind: 'offset', atUs: 999_999 })).toBe('');
    expect(await row({ kind: 'offset', atUs: 1_000_000 })).toBe('a');
    expect(await row({ kind: 'offset', atUs: 2_000_000 })).toBe('abc');
    expect(await row({ kind: 'seq', seq: '2' })).toBe('ab');
    expect(await row({ kind: 'seq', seq: '0' })).toBe('');
    expect(await row({ kind: 'instant', at: '2023-11-14T22:13:22Z' })).toBe('abc');
    expect(await row({ kind: 'end' })).toBe('abcd');
    await expect(row({ kind: 'seq', seq: '99' })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('the sample case', () => {
  it('brings its sessions with their people, hosts and ids', async () => {
    const core = await temporaryCore(join(temporaryFolder(), 'library'));
    const { job } = await core.api.call('import.sample', null);
    await core.api.call('jobs.wait', { job });
    await settled(core.api);
    const { sessions } = await core.api.call('sessions.list', {
      filter: { server: 'prod-db-1' },
      sort: 'started',
      descending: false,
    });
    expect(sessions.map(({ nativeId, user, index }) => [nativeId, user, index])).toEqual([
      ['s-1041', 'ci/nightly-backup', 'done'],
      ['s-1042', 'ops', 'done'],
      ['s-1043', 'agent/replica-watch', 'done'],
      ['s-1044', 'ci/audit-verify', 'done'],
    ]);
  });
});

describe('playback', () => {
  it('gets a keyframe and the events up to the moment, and the events after that', async () => {
    const folder = temporaryFolder();
    const core = await temporaryCore(join(folder, 'library'));
    const lines = Array.from(
      { length: 9000 },
      (_, i) => [i / 10, 'o', `${String(i).padStart(6, '0')} ${'x'.repeat(70)}\r\n`] as const,
    );
    writeFileSync(join(folder, 'long.cast'), cast(lines));
    const id = (await core.import([join(folder, 'long.cast')]))[0]!.sessionIds[0]!;
    const { keyframe, runs, target, atUs } = await core.api.call('replay.window', {
      id,
      at: { kind: 'offset', atUs: 850_000_000 },
    });
    expect(target).toBe(8501);
    expect(atUs).toBe(850_000_000);
    expect(keyframe!.index).toBeGreaterThan(4000);
    expect(runs[0]!.firstIndex).toBe(keyframe!.index);
    expect(runs.reduce((sum, { count }) => sum + count, keyframe!.index)).toBe(target);
    const after = await core.api.call('replay.events', { id, from: target, maxBytes: 1 });
    expect(after.runs[0]!.firstIndex).toBeLessThanOrEqual(target);
    const last = after.runs.at(-1)!;
    expect(after.next === null ? 9000 : after.next).toBe(last.firstIndex + last.count);
  });

  it('has activity that adds up, however far it is zoomed', async () => {
    const folder = temporaryFolder();
    const core = await temporaryCore(join(folder, 'library'));
    const lines = Array.from({ length: 1000 }, (_, i) => [i / 10, i % 3 === 0 ? 'i' : 'o', 'x'.repeat(i % 7)] as const);
    writeFileSync(join(folder, 'a.cast'), cast(lines));
    const id = (await core.import([join(folder, 'a.cast')]))[0]!.sessionIds[0]!;
    const { stdoutBytes, stdinBytes, durationUs } = await core.api.call('sessions.show', { id });
    const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
    for (const buckets of [1, 100, 4096]) {
      const { output, input } = await core.api.call('replay.activity', { id, fromUs: 0, toUs: durationUs, buckets });
      expect([output.length, sum(output), sum(input)]).toEqual([buckets, stdoutBytes, stdinBytes]);
    }
    const close = await core.api.call('replay.activity', { id, fromUs: 10_000_000, toUs: 10_000_100, buckets: 100 });
    expect(sum(close.output)).toBe(lines[100]![2].length);
  });
});
