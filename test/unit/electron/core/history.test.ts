// The history of sessions over the real core: files of both export kinds beside recordings, joined by id or by target, user and time, by
// hand and back; lists, facets, events, exports; kept byte for byte.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Input, Output } from '../../../../shared/api/contract.ts';
import { HISTORY_FACETS, HISTORY_SORTS, type HistoryRow } from '../../../../shared/api/history-shapes.ts';
import { openTestCore, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { readHistory } from '../../shared/recording/history-reading.ts';

const ID = '0d9f8a7b-1111-4222-8333-444455556666';

const CSV = `record_type,session_id,target,environment,mode,reason,approval_status,approved_by,initiator_email,origin,status,started_at,ended_at,duration_seconds,close_reason,exit_code,widget,command,timestamp,actor,action
session,s-1,api-server,production,running,"fix, ""it""
now",approved,bob@example.org,ana@example.org,dashboard,closed,2026-11-21T10:00:00Z,2026-11-21T10:00:10Z,10,user_exit,0,=1+1,,,,
session,${ID},web,staging,ephemeral,look,,,eve@example.org,cli,closed,2026-11-21T11:00:00Z,2026-11-21T11:05:00Z,300,idle_timeout,130,,,,,
session,s-3,web,,ephemeral,,,,eve@example.org,cli,active,2026-11-21T12:00:00Z,,,,,,,,,
command,s-1,api-server,,,,,,,,,,,,,,,systemctl restart api,2026-11-21T10:00:02Z,ana@example.org,exec
database_audit,s-9,orders,,,,,,,,,,,,,,,SELECT 1,2026-11-21T10:00:03Z,ana@example.org,query
`;

const cast = (header: object): string =>
  `${JSON.stringify({ version: 2, width: 80, height: 24, ...header })}\n[0.5,"o","hello"]\n[3.5,"o","bye"]\n`;

let core: TestCore;
let folder: string;

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const rows = async (filter: Input<'history.list'>['filter'] = {}): Promise<HistoryRow[]> =>
  (await core.api.call('history.list', { filter, sort: 'started', descending: false })).rows;
const show = (id: string): Promise<Output<'history.show'>> => core.api.call('history.show', { id });

async function exported(
  format: 'csv' | 'json',
  filter: Input<'history.list'>['filter'] = {},
): Promise<Output<'history.export'> & { text: string }> {
  const opened = await core.api.call('history.export', { format, filter });
  let text = '';
  for (;;) {
    const { bytes } = await core.api.call('export.read', { ticket: opened.ticket });
    if (bytes === null) return { ...opened, text };
    text += Buffer.from(bytes).toString();
  }
}

beforeEach(async () => {
  folder = temporaryFolder();
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
});

describe('a history file beside recordings', () => {
  it('names a recording that no history tells of by its title, else by its command', async () => {
    file('a.cast', cast({ timestamp: 1, title: 'Deploy of web' }));
    file('b.cast', cast({ timestamp: 2, title: ' ', command: 'make deploy' }));
    await core.import([join(folder, 'a.cast'), join(folder, 'b.cast')]);
    expect((await rows()).map(({ target, title }) => [target, title])).toEqual([
      [null, 'Deploy of web'],
      [null, 'make deploy'],
    ]);
  });

  it.each([
    ['first', ['history.csv', 'a.cast', `session-${ID}.cast`]],
    ['last', ['a.cast', `session-${ID}.cast`, 'history.csv']],
  ])('is joined to them by id, else by target, user and time, whichever comes %s', async (_, names) => {
    file('history.csv', CSV);
    file('a.cast', cast({ timestamp: 1_795_255_201, title: 'api-server', env: { USER: 'ana' } }));
    file(`session-${ID}.cast`, cast({ timestamp: 1 }));
    const results = await core.import(names.map((name) => join(folder, name)));
    expect(results.map(({ failure }) => failure)).toEqual([null, null, null]);
    const history = results.find(({ format }) => format === 'history');
    expect(history?.history).toMatchObject({ sessions: 3, events: 2, unchanged: 0 });
    const [first, second, third, ...more] = await rows();
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      nativeId: 's-1',
      target: 'api-server',
      environment: 'production',
      mode: 'running',
      reason: 'fix, "it"\nnow',
      approval: 'approved by bob@example.org',
      initiator: 'ana@example.org',
      origin: 'dashboard',
      status: 'closed',
      startedAt: '2026-11-21T10:00:00.000000Z',
      endedAt: '2026-11-21T10:00:10.000000Z',
      durationUs: 10_000_000,
      closeReason: 'user_exit',
      exitStatus: 0,
      recording: 'here',
      matchedBy: 'target-user-time',
      lock: { state: 'open' },
      activities: 1,
      audits: 0,
    });
    expect(second).toMatchObject({
      nativeId: ID,
      matchedBy: 'session-id',
      recording: 'here',
      closeReason: 'idle_timeout',
      exitStatus: 130,
    });
    expect(third).toMatchObject({
      nativeId: 's-3',
      sessionId: null,
      matchedBy: null,
      recording: 'unknown',
      environment: null,
      status: 'active',
    });
  });

  it('shows what has no column, where it was told, and its events on the clock of the recording', async () => {
    const path = file('history.csv', CSV);
    file('a.cast', cast({ timestamp: 1_795_255_201, title: 'api-server', env: { USER: 'ana' } }));
    await core.import([path, join(folder, 'a.cast')]);
    const detail = await show('s-1');
    expect(detail.others).toEqual([{ name: 'widget', value: '=1+1' }]);
    expect(detail.from).toMatchObject([{ name: basename(path), sha256: createHash('sha256').update(CSV).digest('hex') }]);
    expect(JSON.parse(detail.record!)).toMatchObject({ target: 'api-server', widget: '=1+1' });
    expect(detail.events).toMatchObject([
      { kind: 'command', text: 'systemctl restart api', atUs: 1_000_000, sessionId: detail.sessionId },
    ]);
    expect((await core.api.call('history.events', {})).total).toBe(2);
    expect((await core.api.call('history.events', { kinds: ['database-audit'] })).events).toMatchObject([
      { text: 'SELECT 1', history: null, atUs: null },
    ]);
    expect((await core.api.call('history.events', { filter: { environment: ['production'] } })).events).toHaveLength(1);
  });

  it('is known again, packed or not, and what a later one says of a session counts', async () => {
    await core.import([file('history.csv', CSV)]);
    expect(await core.import([file('again.csv', CSV)])).toMatchObject([
      { known: true, history: { sessions: 0, events: 0, unchanged: 5 } },
    ]);
    const later = CSV.replace(
      's-3,web,,ephemeral,,,,eve@example.org,cli,active,2026-11-21T12:00:00Z,,,,,',
      's-3,web,,ephemeral,,,,eve@example.org,cli,closed,2026-11-21T12:00:00Z,2026-11-21T12:01:00Z,60,revoked,,',
    );
    expect(await core.import([file('later.csv.gz', gzipSync(later))])).toMatchObject([
      { known: false, history: { sessions: 1, events: 0, unchanged: 4 } },
    ]);
    expect(await show('s-3')).toMatchObject({ status: 'closed', closeReason: 'revoked', from: [{}, {}] });
    expect(await rows()).toHaveLength(3);
    // An older export, imported late, does not take it back.
    await core.import([file('older.csv', CSV.replace('look', 'looked'))]);
    expect(await show('s-3')).toMatchObject({ status: 'closed' });
    expect(await show(ID)).toMatchObject({ reason: 'looked' });
  });

  it('stays byte for byte, is in the custody log, and `library verify` reads it', async () => {
    await core.import([file('history.csv', CSV)]);
    const { entries } = await core.api.call('custody.list', { subject: 'history of files' });
    expect(entries).toHaveLength(1);
    expect(JSON.parse(entries[0]!.details)).toMatchObject({
      format: 'history-csv',
      sessions: 3,
      events: 2,
      parts: [{ size: CSV.length, sha256: createHash('sha256').update(CSV).digest('hex') }],
    });
    const { job } = await core.api.call('library.verify', {});
    await core.api.call('jobs.wait', { job });
    expect(await core.api.call('jobs.report', { job })).toMatchObject({ failures: [], bytes: CSV.length });
  });

  it('that cannot be read leaves nothing, and says where', async () => {
    const results = await core.import([
      file('history.csv', CSV.replace('look,', '"look,')),
      file('latin.csv', Buffer.from(CSV.replace('look', 'caf\u00e9'), 'latin1')),
    ]);
    expect(results.map(({ failure }) => failure?.why)).toEqual([
      expect.stringMatching(/history\.csv, line 4: column \d+: the quote that opens here is never closed$/) as string,
      expect.stringMatching(/latin\.csv, line 4: column \d+: the byte E9 is no UTF-8/) as string,
    ]);
    expect(await rows()).toEqual([]);
    expect((await core.api.call('custody.list', { subject: 'history of files' })).entries).toEqual([]);
  });

  it('with sessions that have no id keeps each, once', async () => {
    const text =
      'target,user,mode,reason,started_at\nweb,ana,running,one,2026-11-21T10:00:00Z\nweb,ana,running,two,2026-11-21T10:00:00Z\nweb,ana,running,one,2026-11-21T10:00:00Z\n';
    const results = await core.import([file('h.csv', text)]);
    expect(results).toMatchObject([{ history: { sessions: 2, unchanged: 1 }, discrepancies: [{ kind: 'sequence-repeat' }] }]);
    expect((await rows()).map(({ reason }) => reason)).toEqual(['one', 'two']);
    await core.import([file('again.csv', `${text}web,eve,running,three,2026-11-21T10:00:00Z\n`)]);
    expect(new Set((await rows()).map(({ reason }) => reason))).toEqual(new Set(['one', 'three', 'two']));
    expect(await rows()).toHaveLength(3);
  });
});

describe('joining', () => {
  const two = `id,target,user,mode,started_at,ended_at
s-1,web,ana,running,2026-11-21T10:00:00Z,2026-11-21T10:01:00Z
s-2,web,ana,running,2026-11-21T10:00:01Z,2026-11-21T10:01:00Z
`;

  it.each([
    ['first', ['h.csv', 'a.cast']],
    ['last', ['a.cast', 'h.csv']],
  ])('by time is left to people where two would fit, whether they come %s', async (_, names) => {
    file('h.csv', two);
    file('a.cast', cast({ timestamp: 1_795_255_200, title: 'web ana' }));
    for (const name of names) await core.import([join(folder, name)]);
    expect((await rows()).map(({ matchedBy }) => matchedBy)).toEqual([null, null, null]);
    const [recording] = (await core.api.call('sessions.list', { filter: {} })).sessions;
    const detail = await show('s-1');
    expect(detail.candidates).toEqual([{ sessionId: recording!.id, title: 'web ana', why: 'same target, user, time' }]);
  });

  it('by hand is told in the custody log, undone by hand, and not redone by itself', async () => {
    const path = file('h.csv', two);
    await core.import([path, file('a.cast', cast({ timestamp: 1_795_255_200, title: 'web ana' }))]);
    const { candidates } = await show('s-1');
    const session = candidates[0]!.sessionId;
    const joined = await core.api.call('history.match', { id: 's-1', session, reason: 'seen on the wall clock' });
    expect(joined).toMatchObject({ sessionId: session, matchedBy: 'hand', recording: 'here', candidates: [] });
    expect(await rows()).toHaveLength(2);
    await expect(core.api.call('history.match', { id: 's-2', session, reason: 'too' })).rejects.toMatchObject({
      kind: 'refused',
    });
    const parted = await core.api.call('history.match', { id: 's-1', session: null, reason: 'it was the other' });
    expect(parted).toMatchObject({ sessionId: null, matchedBy: null, recording: 'unknown' });
    expect(await rows()).toHaveLength(3);
    await core.import([file('later.csv', two.replaceAll('running', 'ephemeral'))]);
    expect((await rows({ here: true })).map(({ matchedBy }) => matchedBy)).toEqual([null]);
    const { entries } = await core.api.call('custody.list', { subject: session });
    expect(
      entries.filter(({ action }) => action === 'annotate').map(({ details }) => JSON.parse(details) as unknown),
    ).toMatchObject([
      { parted: session, reason: 'it was the other' },
      { joined: session, reason: 'seen on the wall clock' },
    ]);
  });

  it('does not guess about a recording that knows its own id, nor far apart, nor of another user', async () => {
    const one = two.split('\n').slice(0, 2).join('\n');
    const rstream = {
      export_version: 1,
      session: { id: 'other', server_id: 'web', initiator_user_id: 'ana', started_at: '2026-11-21T10:00:00Z' },
      events: [],
    };
    await core.import([
      file('h.csv', one),
      file('r.json', JSON.stringify(rstream)),
      file('late.cast', cast({ timestamp: 1_795_255_230, title: 'web ana' })),
      file('eve.cast', cast({ timestamp: 1_795_255_200, title: 'web eve' })),
    ]);
    expect((await rows()).map(({ matchedBy }) => matchedBy)).toEqual([null, null, null, null]);
  });
});

describe('a recording that nothing else tells of', () => {
  it('has a row of its own with what it says itself', async () => {
    const session = {
      id: 'r-1',
      server_id: 'db-1',
      initiator_user_id: 'u-1',
      session_mode: 'interactive',
      status: 'errored',
      context: { purpose: 'look at it', origin: 'human' },
      started_at: '2026-11-21T10:00:00Z',
      ended_at: '2026-11-21T10:02:00Z',
      exit_code: 3,
      error_code: 'tunnel_lost',
    };
    await core.import([
      file('r.json', JSON.stringify({ export_version: 1, session, events: [] })),
      file('a.cast', cast({ timestamp: 1_795_255_201 })),
    ]);
    const [rstream, plain] = await rows();
    expect(rstream).toMatchObject({
      nativeId: 'r-1',
      target: 'db-1',
      initiator: 'u-1',
      mode: 'interactive',
      reason: 'look at it',
      origin: 'human',
      status: 'errored',
      endedAt: '2026-11-21T10:02:00.000000Z',
      durationUs: 120_000_000,
      closeReason: 'tunnel_lost',
      exitStatus: 3,
      recording: 'here',
      matchedBy: null,
    });
    expect(plain).toMatchObject({
      startedAt: '2026-11-21T10:00:01.000000Z',
      endedAt: '2026-11-21T10:00:04.500000Z',
      target: null,
    });
    expect(await show(plain!.sessionId!)).toMatchObject({ id: plain!.id, record: null, from: [] });
  });
});

describe('lists', () => {
  beforeEach(async () => {
    const lines = Array.from({ length: 30 }, (_, i) => {
      const at = new Date(Date.UTC(2026, 10, 1 + (i % 7), i)).toISOString();
      return `s-${String(i).padStart(2, '0')},t${String(i % 3)},${i % 2 === 0 ? 'production' : ''},running,u${String(i % 5)},${at},${String(i * 10)},${i % 4 === 0 ? 'revoked' : 'exit'},${String(i % 3)}`;
    });
    await core.import([
      file('h.csv', `id,target,environment,mode,user,started_at,duration_seconds,close_reason,exit_code\n${lines.join('\n')}\n`),
    ]);
  });

  it('by any column go on page by page, and back to front', async () => {
    for (const sort of HISTORY_SORTS) {
      const all: string[][] = [];
      for (const descending of [false, true]) {
        const ids: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Output<'history.list'> = await core.api.call('history.list', {
            filter: {},
            sort,
            descending,
            cursor,
            limit: 7,
          });
          expect(page.total).toBe(30);
          ids.push(...page.rows.map(({ id }) => id));
          cursor = page.next;
        } while (cursor !== null);
        expect(new Set(ids).size, sort).toBe(30);
        all.push(ids);
      }
      expect(all[1], sort).toEqual(all[0]!.toReversed());
    }
  });

  it('take filters, and facets count what they leave', async () => {
    expect(await rows({ environment: ['production'], target: ['t0', 't1'] })).toHaveLength(10);
    expect(await rows({ environment: [''] })).toHaveLength(15);
    expect(await rows({ text: 'U3 REVOKED' })).toHaveLength(2);
    expect(await rows({ here: true })).toHaveLength(0);
    expect(await rows({ held: true })).toHaveLength(0);
    expect(await rows({ startedFrom: '2026-11-07T00:00:00Z' })).toHaveLength(5);
    const facets = await core.api.call('history.facets', {
      filter: { environment: ['production'] },
      fields: [...HISTORY_FACETS],
    });
    const values = Object.fromEntries(facets.map(({ name, values: told }) => [name, told]));
    expect(values['target']).toEqual([
      { value: 't0', rows: 5 },
      { value: 't1', rows: 5 },
      { value: 't2', rows: 5 },
    ]);
    expect(values['closeReason']).toEqual([
      { value: 'revoked', rows: 8 },
      { value: 'exit', rows: 7 },
    ]);
    expect(values['recording']).toEqual([{ value: 'unknown', rows: 15 }]);
  });

  it('name a filter that fits nothing by nothing, and an unknown row clearly', async () => {
    expect(await rows({ target: ['none'] })).toEqual([]);
    await expect(show('nope')).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('an export', () => {
  it.each(['csv', 'json'] as const)('as %s has sessions and events with every field, and reads back alike', async (format) => {
    file('a.cast', cast({ timestamp: 1_795_255_201, title: 'api-server', env: { USER: 'ana' } }));
    await core.import([file('history.csv', CSV.replace('"fix, ""it""\nnow"', '"fix, ""it"""')), join(folder, 'a.cast')]);
    const { text, rows: count, events, fileName } = await exported(format);
    expect({ count, events, fileName }).toEqual({ count: 3, events: 2, fileName: `history-2026-11-21.${format}` });
    const again = readHistory(text, { file: fileName });
    expect(again).toMatchObject({ refusal: null, discrepancies: [] });
    const before = readHistory(CSV.replace('"fix, ""it""\nnow"', '"fix, ""it"""'));
    const told = (facts: (typeof again.sessions)[number]): unknown => ({ ...facts, atSource: null, until: null });
    expect(again.sessions.map(told)).toEqual(before.sessions.map(told));
    const happened = (facts: (typeof again.events)[number]): unknown => ({ ...facts, id: null });
    expect(again.events.map(happened)).toEqual(before.events.map(happened));
    expect(text).toContain('widget');
  });

  it('takes any filter', async () => {
    await core.import([file('history.csv', CSV)]);
    const { rows: count, events, text } = await exported('json', { environment: ['production'] });
    expect({ count, events }).toEqual({ count: 1, events: 1 });
    const parsed = JSON.parse(text) as { sessions: { reason: string }[]; events: unknown[] };
    expect(parsed.sessions).toMatchObject([{ session_id: 's-1', reason: 'fix, "it"\nnow', other_fields: { widget: '=1+1' } }]);
    expect(parsed.events).toHaveLength(1);
  });

  it('as csv has no cell that a spreadsheet runs', async () => {
    await core.import([
      file('h.csv', 'id,target,mode,reason,started_at\ns-1,@sum,running,"=HYPERLINK(""x"")",2026-11-21T10:00:00Z\n'),
    ]);
    const { text } = await exported('csv');
    expect(text).toContain(`,'@sum,`);
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  });
});

describe('search', () => {
  it('finds what a source told of a recorded session', async () => {
    file('a.cast', cast({ timestamp: 1_795_255_201, title: 'api-server', env: { USER: 'ana' } }));
    await core.import([file('history.csv', CSV), join(folder, 'a.cast')]);
    const search = (query: string): Promise<Output<'search.run'>> => core.api.call('search.run', { query });
    expect((await search('in:history restart')).hits).toMatchObject([
      { in: 'history', fromUs: 1_000_000, text: 'exec · systemctl restart api · ana@example.org' },
    ]);
    expect((await search('in:history "fix, "')).hits).toMatchObject([{ in: 'history', fromUs: 0 }]);
    expect((await search('restart')).hits).toEqual([]);
    expect((await search('in:history hello')).hits).toEqual([]);
  });
});
