// Watchlists over the real core: they find what a search finds, over what is there and what comes, whatever is cut short; each run stands in
// the custody log; nothing of them stands in clear on the disk.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Output } from '../../../../shared/api/contract.ts';
import { printText } from '../../../../shared/query/print.ts';
import { WATCH_COMMANDS } from '../../../../electron/shells/cli/watch-commands.ts';
import { runCommand, type Ran } from '../../../support/commands.ts';
import { openTestCore, PASSPHRASE, settled, type TestCore } from '../../../support/core.ts';
import { createRandom } from '../../../support/random.ts';
import { cast } from '../../../support/recordings.ts';
import { longRecording } from '../../../support/syncing.ts';
import type { MadeRecording } from '../../../engine/recordings.ts';
import { engineOf } from '../../engine/client.ts';
import { KEPT_RECORDINGS } from '../../../support/recording-files.ts';

const FILES = [
  'hidden-text.cast',
  'python-repl.cast',
  'incident-exec-1-nightly-backup.cast',
  'unicode-wide.cast',
  'script-io.io',
];
const SEED = Number(process.env['WATCH_SEED'] ?? 261_121);
const INDICATORS = Number(process.env['WATCH_INDICATORS'] ?? 30);
const EVERYWHERE = ['typed', 'printed', 'visible', 'hidden'] as const;

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;
let ids: readonly string[];

const report = async (name: string, from: TestCore = core): Promise<Output<'watch.report'>> =>
  from.api.call('watch.report', { name, limit: 500 });
const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, WATCH_COMMANDS, words);

async function save(name: string, text: string, kind: 'indicators' | 'query' = 'indicators'): Promise<void> {
  await core.api.call('watch.save', { name, kind, text });
  await settled(core.api);
}

const recording = (name: string, text: string): string => {
  const path = join(folder, `${name}.cast`);
  writeFileSync(path, cast([[1, 'o', `${text}\r\n`]], { title: name, timestamp: 1_700_000_000 }));
  return path;
};

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  const kept = new Set(readdirSync(KEPT_RECORDINGS));
  await core.import(FILES.filter((name) => kept.has(name)).map((name) => join(KEPT_RECORDINGS, name)));
  await core.import(
    [recording('one', 'alpha beta'), recording('two', 'beta gamma'), recording('three', 'alpha gamma delta')],
    'made',
  );
  ids = (await core.api.call('sessions.list', { filter: {}, limit: 100 })).sessions.map(({ id }) => id);
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function title(id: string): Promise<string | null> {
  return (await core.api.call('sessions.show', { id })).title;
}

describe('a list of indicators', () => {
  it(
    `finds in every session what a search finds, at the same places (seed ${String(SEED)})`,
    { timeout: 3_600_000 },
    async () => {
      const random = createRandom(SEED);
      const lines: string[] = [];
      for (const id of ids) {
        const { hits } = await core.api.call('search.run', {
          query: '.+',
          regex: true,
          in: [...EVERYWHERE],
          sessionId: id,
          limit: 1000,
        });
        lines.push(...hits.map(({ text }) => text));
      }
      const list: { readonly line: string; readonly query: string }[] = [];
      while (list.length < INDICATORS) {
        const points = Array.from(random.pick(lines));
        const start = random.below(points.length);
        const piece = points
          .slice(start, start + 1 + random.below(random.pick([2, 6, 20])))
          .join('')
          .trim();
        if (piece === '') continue;
        const source = piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(/[0-9]/g, '\\d');
        if (random.next() < 0.4) list.push({ line: `/${source}/i`, query: `/${source}/i` });
        else list.push({ line: `"${piece.replaceAll(/["\\]/g, '\\$&')}"`, query: printText(piece) });
      }
      await save('random', list.map(({ line }) => line).join('\n'));
      const { findings, total } = await report('random');
      let found = 0;
      for (const [i, { query }] of list.entries()) {
        for (const id of ids) {
          const one = findings.find(({ indicator, sessionId }) => indicator === i && sessionId === id);
          if (one === undefined && total > findings.length) continue;
          const { total: wanted, hits } = await core.api.call('search.run', {
            query,
            in: [...EVERYWHERE],
            sessionId: id,
            limit: 200,
          });
          expect([query, id, one?.total ?? 0]).toEqual([query, id, wanted]);
          if (one === undefined || wanted > 200) continue;
          found += 1;
          const place = (hit: object): string => JSON.stringify(hit);
          expect([query, one.hits.map(place).toSorted()]).toEqual([query, hits.map(place).toSorted()]);
        }
      }
      expect(found).toBeGreaterThan(INDICATORS / 2);
    },
  );

  it('with conditions hits where a session has as many of the parts as it asks for', async () => {
    await save(
      'conditions',
      '[both] all of (alpha, /g.mma/)\n[two] 2 of (alpha, beta, gamma)\n[any] any of (nowhere, delta)\n[never] all of (alpha, nowhere)',
    );
    const { findings, indicators } = await report('conditions');
    expect(indicators.map(({ name, sessions }) => [name, sessions])).toEqual([
      ['both', 1],
      ['two', 3],
      ['any', 1],
    ]);
    const both = findings.find(({ indicator }) => indicator === 0)!;
    expect(await title(both.sessionId)).toBe('three');
    expect(
      new Set(both.hits.map(({ text, matchStart, matchLength }) => text.slice(matchStart, matchStart + matchLength))),
    ).toEqual(new Set(['alpha', 'gamma']));
  });

  it('is refused where it is wrong, with line and column', async () => {
    const text = 'fine\n  /(/\n';
    await expect(core.api.call('watch.save', { name: 'wrong', kind: 'indicators', text })).rejects.toMatchObject({
      kind: 'usage',
      why: expect.stringContaining('line 2, column 4') as string,
    });
    const { faults } = await core.api.call('watch.check', { kind: 'query', text: 'a usr:b' });
    expect(faults).toMatchObject([{ line: 1, column: 3, length: 4 }]);
    expect((await core.api.call('watch.list', null)).map(({ name }) => name)).not.toContain('wrong');
  });
});

describe('a saved search', () => {
  it('is run with all that the language has', async () => {
    await save('saved', 'source:made alpha -beta', 'query');
    const { findings } = await report('saved');
    expect(await Promise.all(findings.map(({ sessionId }) => title(sessionId)))).toEqual(['three']);
  });

  it('that asks for cases, tags or notes is run over everything anew: what people write makes no index anew', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const { sessions } = await core.api.call('sessions.list', { filter: { source: 'made' }, limit: 100 });
        return sessions.find((session) => session.title === name)!.id;
      }),
    );
    const at = { kind: 'offset', atUs: 0 } as const;
    await core.api.call('cases.create', { number: '8', title: 'Eight' });
    await core.api.call('cases.addExhibits', { case: '8', sessions: [one!] });
    const annotate = async (session: string, body: { title: string; tags?: string[] }): Promise<void> => {
      await core.api.call('annotations.add', { session, case: '8', from: at, body });
    };
    await annotate(one!, { title: 'a wallaby', tags: ['odd'] });
    const lists = ['beta case:8', 'in:note wallaby', 'beta tag:odd', 'beta OR (in:note wallaby)'];
    for (const query of lists) await save(query, query, 'query');
    const found = async (query: string): Promise<readonly string[]> =>
      (await report(query)).findings.map(({ sessionId }) => sessionId);
    for (const query of lists.slice(0, 3)) expect(await found(query), query).toEqual([one]);

    await core.api.call('cases.addExhibits', { case: '8', sessions: [two!] });
    await annotate(two!, { title: 'another wallaby', tags: ['odd'] });
    const { job } = await core.api.call('watch.run', {});
    expect((await core.api.call('jobs.wait', { job })).failure).toBeNull();
    for (const query of lists.slice(0, 3)) expect(await found(query), query).toEqual(expect.arrayContaining([one, two]));
    for (const query of lists) expect((await report(query)).list, query).toMatchObject({ pending: 0, searched: ids.length });
    await core.api.call('cases.create', { number: '9', title: 'Nine' });
    await save('apart', 'beta');
    for (const query of lists) {
      const { list, findings, notSearched } = await report(query);
      expect(list, query).toMatchObject({ pending: 0 });
      expect([findings.length > 0, notSearched], query).toEqual([true, []]);
    }
    await annotate(one!, { title: 'no marsupial' });
    for (const query of lists) {
      const { list, findings, notSearched } = await report(query);
      expect(list, query).toMatchObject({ pending: ids.length, searched: 0 });
      expect(findings.length, query).toBeGreaterThan(0);
      expect(notSearched.map(({ reason }) => reason)).toContain('the list was not run over it yet');
    }
    expect((await report('apart')).list).toMatchObject({ pending: 0, searched: ids.length });
    await core.api.call('watch.remove', { name: 'apart' });
    const of = (await report(lists[3]!)).findings.find(({ sessionId }) => sessionId === two);
    expect(of?.hits.some((hit) => hit.in === 'note')).toBe(true);
    for (const query of lists) await core.api.call('watch.remove', { name: query });
  });
});

test('a saved search is run again over a session of which the source says another status, without an event', async () => {
  const session = (id: string, status: string): MadeRecording => longRecording(id, 8, { open: true, session: { status } });
  const engine = await engineOf({ recordings: [session('over', 'closed'), session('s', 'active')] });
  const synced = await openTestCore(join(folder, 'synced'));
  try {
    const { api } = synced;
    await api.call('sources.add', { name: 'engine', kind: 'rstream', engine: engine.url, token: engine.token });
    const found = async (): Promise<readonly (string | null)[]> => {
      const { job } = await api.call('sync.start', { source: 'engine', follow: false });
      await api.call('jobs.wait', { job });
      await settled(api);
      const { list, findings } = await report('closed ones', synced);
      expect(list).toMatchObject({ pending: 0, searched: 2 });
      return Promise.all(findings.map(async ({ sessionId }) => (await api.call('sessions.show', { id: sessionId })).nativeId));
    };
    await api.call('watch.save', { name: 'closed ones', kind: 'query', text: 'line' });
    await found();
    await api.call('watch.save', { name: 'closed ones', kind: 'query', text: 'line status:closed' });
    expect(await found()).toEqual(['over']);
    engine.put(session('s', 'closed'));
    expect(new Set(await found())).toEqual(new Set(['over', 's']));
  } finally {
    await synced.close();
  }
}, 60_000);

describe('lists', () => {
  it('are run over what is indexed later, and the run is in the custody log', async () => {
    await save('later', 'epsilon\nzeta');
    expect((await report('later')).total).toBe(0);
    await core.import([recording('four', 'epsilon')], 'made');
    const { list, findings } = await report('later');
    expect(list).toMatchObject({ version: 1, pending: 0, hits: 2, sessions: 1 });
    expect(await title(findings[0]!.sessionId)).toBe('four');
    const { entries } = await core.api.call('custody.list', { action: 'search', subject: findings[0]!.sessionId });
    expect(entries.map(({ details }) => JSON.parse(details) as object)).toContainEqual({
      watchlist: 'later',
      version: 1,
      digest: list.digest,
      automatic: true,
      sessions: 1,
      hits: 2,
      indicators: 1,
    });
    const [newest] = (await core.api.call('custody.list', { action: 'search', limit: 1 })).entries;
    expect(JSON.parse(newest!.details)).toMatchObject({ what: 'report', watchlist: 'later', hits: 2 });
  });

  it('have versions, of which the newest holds; what an older one found is dropped, and the same text makes none', async () => {
    await save('Versions', 'alpha');
    await save('versions', 'alpha');
    await save('versions', 'delta');
    const shown = await core.api.call('watch.show', { name: 'VERSIONS' });
    expect(shown).toMatchObject({ name: 'Versions', version: 2, text: 'delta', sessions: 1 });
    expect(shown.versions.map(({ version, author, ended }) => [version, author, ended])).toEqual([
      [1, 'tester@bench', false],
      [2, 'tester@bench', false],
    ]);
    await core.api.call('watch.remove', { name: 'versions' });
    await expect(report('versions')).rejects.toMatchObject({ kind: 'refused' });
    await save('versions', 'delta');
    expect(await core.api.call('watch.show', { name: 'versions' })).toMatchObject({ version: 4, sessions: 1 });
  });

  it('have secrets among them from the first day, which can be switched off and on', async () => {
    const before = await report('secrets');
    expect(before.indicators.map(({ name, severity }) => [name, severity])).toContainEqual([
      'Password assigned to its name',
      'medium',
    ]);
    await expect(core.api.call('watch.save', { name: 'Secrets', kind: 'indicators', text: 'a b' })).rejects.toMatchObject({
      kind: 'refused',
    });
    await core.api.call('watch.remove', { name: 'secrets' });
    expect((await core.api.call('watch.list', null)).find(({ name }) => name === 'secrets')).toMatchObject({
      ended: true,
      hits: 0,
    });
    await exhibit('watch', 'add', 'secrets', '--built-in');
    expect((await report('secrets')).list.hits).toBe(before.list.hits);
  });

  it('are run anew when somebody asks', async () => {
    await save('anew', 'alpha');
    const { list } = await report('anew');
    const { job } = await core.api.call('watch.run', { name: 'anew', anew: true });
    expect((await core.api.call('jobs.wait', { job })).failure).toBeNull();
    expect((await report('anew')).list).toMatchObject({ searched: list.searched, hits: list.hits });
  });
});

describe('the command line', () => {
  it('adds, runs, reports and removes', async () => {
    const file = join(folder, 'list.txt');
    writeFileSync(file, '# of the case\n[the first] alpha\nbeta\n');
    expect(await exhibit('watch', 'add', 'by file', '--file', file)).toMatchObject({ failure: null });
    const { out, err } = await exhibit('watch', 'report', 'by file', '-o', 'csv');
    expect(out.split('\r\n').slice(0, 2).join('\n')).toMatch(
      /^indicator,session,from,to,in,text\nthe first,\w+,1,1,printed,alpha/,
    );
    expect(err).toBe('');
    expect((await exhibit('watch', 'report', 'by file')).err).toContain('hits of 2 of 2 indicators in 3 of');
    expect((await exhibit('watch', 'show', 'by file')).out).toBe('# of the case\n[the first] alpha\nbeta\n\n');
    expect(await exhibit('watch', 'remove', 'by file')).toMatchObject({ failure: null });
  });

  it('shows what is wrong in a list at its place', async () => {
    const file = join(folder, 'wrong.txt');
    writeFileSync(file, 'fine\nall of (a, /(/)\n');
    const { failure, err } = await exhibit('watch', 'check', '--file', file);
    expect(failure).toMatchObject({ kind: 'usage' });
    expect(err.split('\n').slice(1, 3)).toEqual(['  all of (a, /(/)', '              ^']);
    expect(err).toContain('line 2, column 13');
  });
});

it('a run that was cut short goes on at the next start, and nothing stands in clear on the disk', async () => {
  const place = join(folder, 'second');
  let second = await openTestCore(place);
  await second.import([recording('canary', 'the quartz canary sings')]);
  // What was added and not run, as after a crash: the automatic run ends with the core.
  await second.api.call('watch.save', { name: 'canary list', kind: 'indicators', text: 'quartz canary' });
  await second.close();
  second = await openTestCore(place, { create: false });
  try {
    await second.api.call('vault.unlock', { passphrase: PASSPHRASE });
    await settled(second.api);
    expect((await report('canary list', second)).list).toMatchObject({ pending: 0, hits: 2, sessions: 1 });
    for (const name of readdirSync(place)) {
      const bytes = readFileSync(join(place, name));
      for (const canary of ['quartz canary', 'canary list']) expect([name, bytes.includes(canary)]).toEqual([name, false]);
    }
  } finally {
    await second.close();
  }
});
