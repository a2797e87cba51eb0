// Cases, annotations, redaction rules and coverage through the core, on real recordings, with their custody entries.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api, EventValue } from '../../../../shared/api/contract.ts';
import { canonicalScreen } from '../../../../shared/evidence/screen-hash.ts';
import { openTestCore, settled, type TestCore } from '../../../support/core.ts';
import { cast } from '../../../support/recordings.ts';
import { longRecording } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'exhibit-test-'));
let core: TestCore;
let api: Api;

beforeAll(async () => {
  core = await openTestCore(join(folder, 'library'));
  ({ api } = core);
}, 120_000);

afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A recording of ten seconds; another name is another recording. */
async function imported(name: string): Promise<string> {
  const file = join(folder, `${name}.cast`);
  const events = [
    [1, 'o', '$ '],
    [2, 'o', `drop table ${name}\r\n`],
    [10, 'o', 'DROP TABLE\r\n'],
  ] as const;
  writeFileSync(file, cast(events, { width: 40, height: 5 }));
  return (await core.import([file]))[0]!.sessionIds[0]!;
}

const at = (second: number) => ({ kind: 'offset', atUs: second * 1_000_000 }) as const;

interface Entry {
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the custody log has of an act, oldest first. */
async function entries(action: string): Promise<Entry[]> {
  const { entries: found } = await api.call('custody.list', { action });
  return found.map(({ subject, details }) => ({ subject, details: JSON.parse(details) as Record<string, unknown> })).toReversed();
}

test('every act on a case is in the custody log, without the text of notes and of what is to be withheld', async () => {
  const id = await imported('CANARY of a table');
  const heard: EventValue<'cases'>[] = [];
  api.on('cases', (value) => heard.push(value));
  const made = await api.call('cases.create', { number: '2026-014', title: 'Deleted customers' });
  await api.call('cases.addExhibits', { case: made.id, sessions: [id.slice(0, 6)] });
  await api.call('cases.addExhibits', { case: made.id, sessions: [id], range: { from: at(1), to: at(99) } });
  await api.call('cases.note', { case: made.id, text: 'CANARY of a note' });
  const rule = { kind: 'text', text: 'CANARY of a password', matchCase: true } as const;
  await api.call('redactions.add', { case: made.id, rule, reason: 'in use' });
  await api.call('redactions.withdraw', { case: made.id, redaction: 'R-0001', reason: 'changed' });
  const body = { title: 'Here it is', note: 'CANARY of a remark', tags: ['Drop'] };
  const said = await api.call('annotations.add', { session: id, case: '2026-014', from: at(2), text: 'CANARY of a table', body });
  await api.call('annotations.change', { id: said.id, change: { severity: 'high' }, reason: 'it ran' });
  await api.call('cases.withdrawExhibit', { case: made.id, exhibit: 'EX-002', reason: 'too much' });
  await api.call('cases.close', { case: made.id, reason: 'done' });

  const acts = [...(await entries('annotate')), ...(await entries('redact'))];
  expect(JSON.stringify(acts)).not.toContain('CANARY');
  expect(acts.map(({ subject, details }) => [subject, details['what']])).toEqual([
    [made.id, 'case made'],
    [made.id, 'exhibits added'],
    [made.id, 'exhibits added'],
    [made.id, 'note added'],
    [id, 'annotation added'],
    [id, 'annotation changed'],
    [made.id, 'exhibit withdrawn'],
    [made.id, 'case closed'],
    [made.id, 'redaction added'],
    [made.id, 'redaction withdrawn'],
  ]);
  expect(acts[2]!.details).toMatchObject({
    case: '2026-014',
    exhibits: [{ number: 'EX-002', session: id }],
    // A range ends with its recording.
    range: { from_us: 1_000_000, to_us: 10_000_000 },
  });
  expect(acts[4]!.details).toMatchObject({ annotation: said.id, case: made.id, version: 1, title: 'Here it is', tags: ['drop'] });
  expect(acts[5]!.details).toMatchObject({ version: 2, severity: 'high', fields: ['severity'], reason: 'it ran' });
  expect(acts[8]!.details).toMatchObject({ redaction: 'R-0001', rule: 'text', reason: 'in use' });
  expect(heard.flatMap(({ cases }) => cases)).toContain(made.id);
  expect(heard.flatMap(({ sessions }) => sessions)).toContain(id);
  expect(await api.call('custody.verify', null)).toMatchObject({ intact: true });
  // What was refused is no act.
  await expect(api.call('cases.note', { case: made.id, text: 'late' })).rejects.toMatchObject({ kind: 'refused' });
  expect(await entries('annotate')).toHaveLength(8);
});

describe('an annotation', () => {
  test('that begins behind the end of its recording is refused', async () => {
    const id = await imported('short');
    const behind = api.call('annotations.add', { session: id, from: at(99), body: { title: 'Here' } });
    await expect(behind).rejects.toMatchObject({ kind: 'usage', why: expect.stringContaining('ends at 00:00:10') as string });
  });

  test('is anchored by root, records, events and the screen of its moment', async () => {
    const id = await imported('anchored');
    const { root, records } = await api.call('sessions.show', { id });
    const { anchor } = await api.call('annotations.add', { session: id, from: at(2.5), to: at(11), body: { title: 'Here' } });
    const screen = await api.call('sessions.screen', { id, at: at(2.5) });
    const hash = createHash('sha256').update(canonicalScreen(screen)).digest('hex');
    expect(anchor).toEqual({
      kind: 'range',
      fromUs: 2_500_000,
      toUs: 10_000_000,
      region: null,
      text: null,
      session: id,
      root,
      records,
      fromEvent: 1,
      toEvent: 2,
      // A file of this format has no sequence numbers of its own.
      seq: null,
      screen: hash,
    });
    const backwards = api.call('annotations.add', { session: id, from: at(3), to: at(2), body: { title: 'T' } });
    await expect(backwards).rejects.toMatchObject({ kind: 'usage' });
  });

  test('is checked against its recording, another copy of it, and another recording', async () => {
    const id = await imported('checked');
    const { id: said } = await api.call('annotations.add', { session: id, from: at(2.5), body: { title: 'Here' } });
    const verdict = async (against?: string): Promise<unknown> => {
      const filter = { session: id };
      const checks = await api.call('annotations.check', { filter, ...(against === undefined ? {} : { against }) });
      expect(checks.map((check) => check.id)).toEqual([said]);
      return [checks[0]!.session, checks[0]!.verdict];
    };
    expect(await verdict()).toEqual([id, 'match']);
    const other = await imported('unlike');
    expect(await verdict(other)).toEqual([other, 'not-this-recording']);
    // The same file under another source is another acquisition: another seed, another root.
    const copy = (await core.import([join(folder, 'checked.cast')], 'elsewhere'))[0]!.sessionIds[0]!;
    expect(copy).not.toBe(id);
    expect(await verdict(copy)).toEqual([copy, 'match']);
    expect((await entries('open')).at(-1)).toMatchObject({ subject: copy, details: { what: 'annotations checked', match: 1 } });
  });
});

test('an annotation of a live session holds when the session has grown, and one of a locked session names its records', async () => {
  const engine = await engineOf({ recordings: [longRecording('live', 60), sampleRecording('sealed')] });
  engine.hold('live', 20);
  await api.call('sources.add', { name: 'lab', kind: 'rstream', engine: engine.url, token: engine.token });
  const sync = async (): Promise<void> => {
    const { job } = await api.call('sync.start', { source: 'lab', follow: false });
    expect((await api.call('jobs.wait', { job })).failure).toBeNull();
    await settled(api);
  };
  await sync();
  const body = { title: 'Here' };
  const said = await api.call('annotations.add', { session: 'live', from: { kind: 'seq', seq: '12' }, body });
  expect(said.anchor).toMatchObject({ seq: '12', fromEvent: 11 });
  const sealed = await api.call('annotations.add', { session: 'sealed', from: at(0), to: { kind: 'end' }, body });
  expect(sealed.anchor).toMatchObject({ screen: null });
  engine.release('live');
  await sync();
  const { records } = await api.call('sessions.show', { id: 'live' });
  expect(records).toBeGreaterThan(said.anchor.records);
  const check = async (session: string): Promise<unknown> => (await api.call('annotations.check', { filter: { session } }))[0];
  const more = String(records - said.anchor.records);
  expect(await check('live')).toMatchObject({
    verdict: 'match',
    reason: `its ${String(said.anchor.records)} records are those of the anchor, and ${more} more came since, and so is the screen`,
    place: { fromEvent: 11 },
  });
  expect(await check('sealed')).toMatchObject({
    verdict: 'match',
    reason: expect.stringContaining('no screen was noted') as string,
  });
}, 60_000);

describe('coverage', () => {
  const watch = (id: string, from: number, to: number, speed: number): Promise<null> =>
    api.call('replay.viewed', { id, ranges: [{ fromUs: at(from).atUs, toUs: at(to).atUs, speed }] });

  test('is what the custody log says was watched, and the reviewed mark asks for all of it', async () => {
    const id = await imported('watched');
    expect(await api.call('coverage.show', { session: id })).toEqual([{ session: id, durationUs: 10_000_000, reviewers: [] }]);
    await watch(id, 0, 4, 8);
    await watch(id, 3, 6, 1);
    await watch(id, 6, 6, 1);
    const [shown] = await api.call('coverage.show', { session: id });
    expect(shown!.reviewers).toEqual([
      {
        reviewer: 'tester@bench',
        seen: [
          { fromUs: 0, toUs: 3_000_000, speed: 8 },
          { fromUs: 3_000_000, toUs: 6_000_000, speed: 1 },
        ],
        unseen: [{ fromUs: 6_000_000, toUs: 10_000_000 }],
        seenUs: 6_000_000,
        reviewed: null,
      },
    ]);
    await expect(api.call('coverage.mark', { session: id, note: '' })).rejects.toMatchObject({
      kind: 'refused',
      why: '00:00:04 of 00:00:10 was not seen: 00:00:06 to 00:00:10',
    });
    const partly = await api.call('coverage.mark', { session: id, note: 'the rest is idle', partly: true });
    expect(partly.reviewers[0]!.reviewed).toMatchObject({
      note: 'the rest is idle',
      durationUs: 10_000_000,
      unseenUs: 4_000_000,
    });
    expect((await entries('annotate')).at(-1)).toMatchObject({ subject: id, details: { unseen_us: 4_000_000 } });
    await watch(id, 5, 10, 2);
    const whole = await api.call('coverage.mark', { session: id, note: '' });
    expect(whole.reviewers[0]).toMatchObject({ unseen: [], reviewed: { note: '', unseenUs: 0 } });
    const back = await api.call('coverage.mark', { session: id, note: 'too fast', reviewed: false });
    expect(back.reviewers[0]!.reviewed).toBeNull();
    const again = api.call('coverage.mark', { session: id, note: '', reviewed: false });
    await expect(again).rejects.toMatchObject({ kind: 'refused' });
  });

  test('of a case is that of each recording in it', async () => {
    const [one, two] = [await imported('first'), await imported('second')];
    await api.call('cases.create', { number: '1', title: 'T' });
    await api.call('cases.addExhibits', { case: '1', sessions: [one, two] });
    await watch(two, 0, 10, 1);
    const shown = await api.call('coverage.show', { case: '1' });
    expect(shown.map(({ session, reviewers }) => [session, reviewers.length])).toEqual([
      [one, 0],
      [two, 1],
    ]);
  });
});

test('a case counts the exhibits in force that somebody marked, and a session says who did', async () => {
  const [one, two, three] = [await imported('marked 1'), await imported('marked 2'), await imported('marked 3')];
  await api.call('cases.create', { number: 'M-1', title: 'T' });
  await api.call('cases.addExhibits', { case: 'M-1', sessions: [one, two, three] });
  const reviewed = async (): Promise<unknown> =>
    (await api.call('cases.list', null)).filter(({ number }) => number === 'M-1').map((found) => found.reviewed);
  const marks = async (): Promise<Record<string, readonly string[]>> => {
    const { sessions } = await api.call('sessions.list', { filter: { case: 'M-1' } });
    return Object.fromEntries(sessions.map(({ id, reviewedBy }) => [id, reviewedBy]));
  };
  expect(await reviewed()).toEqual([0]);
  await api.call('coverage.mark', { session: one, note: '', partly: true });
  await api.call('coverage.mark', { session: two, note: '', partly: true });
  expect(await reviewed()).toEqual([2]);
  expect((await api.call('cases.show', { case: 'M-1' })).reviewed).toBe(2);
  const me = ['tester@bench'];
  expect(await marks()).toEqual({ [one]: me, [two]: me, [three]: [] });
  expect((await api.call('sessions.show', { id: one })).reviewedBy).toEqual(me);
  // A mark that was made again, one that was taken back, and an exhibit that was withdrawn.
  await api.call('coverage.mark', { session: one, note: 'again', partly: true });
  await api.call('coverage.mark', { session: two, note: '', reviewed: false });
  expect(await marks()).toEqual({ [one]: me, [two]: [], [three]: [] });
  expect(await reviewed()).toEqual([1]);
  await api.call('cases.withdrawExhibit', { case: 'M-1', exhibit: 'EX-001', reason: 'another matter' });
  expect(await reviewed()).toEqual([0]);
});

test('sessions are listed by case and by tag', async () => {
  const [one, two] = [await imported('third'), await imported('fourth')];
  await api.call('cases.create', { number: 'A-1', title: 'T' });
  await api.call('cases.addExhibits', { case: 'A-1', sessions: [one, two] });
  await api.call('cases.withdrawExhibit', { case: 'A-1', exhibit: 'EX-001', reason: 'r' });
  const said = await api.call('annotations.add', { session: one, from: at(1), body: { title: 'T', tags: ['Lost Data'] } });
  const list = async (filter: { case?: string; tag?: string }): Promise<string[]> =>
    (await api.call('sessions.list', { filter })).sessions.map(({ id }) => id);
  expect(await list({ case: 'a-1' })).toEqual([two]);
  expect(await list({ tag: 'lost data' })).toEqual([one]);
  expect(await list({ tag: 'lost data', case: 'A-1' })).toEqual([]);
  await expect(list({ case: 'none' })).rejects.toMatchObject({ kind: 'not-found' });
  await api.call('annotations.retract', { id: said.id, reason: 'r' });
  expect(await list({ tag: 'lost data' })).toEqual([]);
});

test('the search language knows cases, tags and the text of annotations', async () => {
  const [one, two] = [await imported('fifth'), await imported('sixth')];
  await api.call('cases.create', { number: 'B-7', title: 'T' });
  await api.call('cases.addExhibits', { case: 'B-7', sessions: [one] });
  const body = { title: 'Sabotage?', note: 'first line\nthe *intruder* came back', tags: ['Night Shift'] };
  const said = await api.call('annotations.add', { session: two, from: at(2), to: at(4), text: 'table', body });
  const hits = async (query: string): Promise<unknown[]> => {
    const answer = await api.call('search.run', { query });
    expect(answer.notSearched).toEqual([]);
    return answer.hits.map(({ sessionId, in: kind, fromUs, toUs, text }) => [sessionId, kind, fromUs / 1e6, toUs / 1e6, text]);
  };
  const sessionsOf = async (query: string): Promise<unknown[]> => [
    ...new Set((await api.call('search.run', { query, in: ['printed'] })).hits.map(({ sessionId }) => sessionId)),
  ];
  expect(await hits('in:note intruder')).toEqual([[two, 'note', 2, 4, 'the *intruder* came back']]);
  expect(await hits('in:note sabotage case:b-7')).toEqual([]);
  expect(await sessionsOf('"drop table" case:b-*')).toEqual([one]);
  expect(await sessionsOf('"drop table" tag:"night shift"')).toEqual([two]);
  expect(await sessionsOf('"drop table" tag:night* case:B-7')).toEqual([]);
  const { completion } = await api.call('search.assist', { query: 'x tag:nig', cursor: 9 });
  expect(completion.choices.map(({ label }) => label)).toEqual(['night shift']);
  const cases = (await api.call('search.assist', { query: 'x case:', cursor: 7 })).completion.choices;
  expect(cases.map(({ label }) => label)).toContain('B-7');
  await api.call('annotations.retract', { id: said.id, reason: 'r' });
  expect((await api.call('search.run', { query: 'intruder', in: ['note'] })).hits).toEqual([]);
});
