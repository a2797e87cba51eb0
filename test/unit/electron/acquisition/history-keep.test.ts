// Histories on their way into the library: answers of a source are kept and read in one step, files go on where a crash or a person cut
// their reading short.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importHistory, keepHistoryAnswer, resumeHistories } from '../../../../electron/acquisition/acquisition.ts';
import type { Library } from '../../../../electron/library/library.ts';
import { findOnDisk, type Answer, type FoundHistory } from '../../../../electron/source/source.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const AT = '2026-11-21T12:00:00Z';
const deps = (library: Library, source = 'prod') => ({ library, source, now: () => AT, actor: 'ana@bench', purpose: '' });
const answer = (body: unknown, request = 'GET /api/v1/terminal/sessions?page=1'): Answer => ({
  bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  date: 'Sat, 21 Nov 2026 12:00:00 GMT',
  request,
});
const envelope = (data: unknown) => ({ success: true, status: 'OK', status_code: 200, message: 'ok', data });
const record = (id: string, more: object = {}) => ({
  id,
  target: 'web',
  target_kind: 'deployment',
  mode: 'running',
  initiator: { id: 'u-1', email: 'ana@example.org' },
  status: 'ended',
  started_at: '2026-11-21T10:00:00Z',
  recording: { status: 'available', expires_at: '2026-12-21T10:00:00Z' },
  ...more,
});
const all = (library: Library) =>
  library.history.list({ filter: {}, sort: 'started', descending: false, cursor: null, limit: 1000 }).rows;

test('an answer is kept as it came, under the rights of its source, and read', () => {
  const { library } = temporaryLibrary();
  const page = answer(
    envelope({
      sessions: [record('s-1'), record('s-2', { environment: 'staging', recording: { status: 'purged' } })],
      next_cursor: null,
    }),
  );
  expect(keepHistoryAnswer(deps(library), 'sessions', page)).toEqual({
    sessions: 2,
    events: 0,
    unchanged: 0,
    matchedById: 0,
    matchedByTime: 0,
  });
  expect(all(library)).toMatchObject([
    {
      nativeId: 's-1',
      source: 'prod',
      target: 'web',
      initiator: 'ana@example.org',
      recording: 'at-source',
      governed: 1,
      told: 1,
    },
    { nativeId: 's-2', environment: 'staging', recording: 'purged-at-source' },
  ]);
  const [kept] = library.history.kept();
  expect(Buffer.concat([...library.content.partBytes(kept!.acquisition, 0)])).toEqual(page.bytes);
  expect(JSON.parse(library.custody.list({ subject: 'history of prod' }, null, 10).entries[0]!.text)).toMatchObject({
    action: 'acquire',
    details: { request: page.request, sessions: 2, events: 0 },
  });
});

test('the same answer changes nothing, and a newer one of a session counts', () => {
  const { library } = temporaryLibrary();
  const page = answer(envelope([record('s-1', { status: 'active' })]));
  keepHistoryAnswer(deps(library), 'sessions', page);
  expect(keepHistoryAnswer(deps(library), 'sessions', page)).toMatchObject({ sessions: 0, unchanged: 1 });
  expect(library.history.kept()).toHaveLength(1);
  keepHistoryAnswer(
    deps(library),
    'sessions',
    answer(envelope(record('s-1', { ended_at: '2026-11-21T10:01:00Z', close_reason: 'revoked', exit_code: 137 }))),
  );
  expect(all(library)).toMatchObject([{ status: 'ended', closeReason: 'revoked', exitStatus: 137, duration: 60_000_000 }]);
});

test('events wait for their session, and are kept once', () => {
  const { library } = temporaryLibrary();
  const event = {
    id: 'e-1',
    type: 'database_audit',
    session_id: 's-1',
    at: '2026-11-21T10:00:30Z',
    actor: 'ana',
    action: 'query',
    text: 'SELECT 1',
  };
  const page = answer(envelope({ events: [event] }), 'GET /api/v1/terminal/events');
  expect(keepHistoryAnswer(deps(library), 'events', page)).toMatchObject({ events: 1 });
  keepHistoryAnswer(deps(library), 'events', answer(envelope({ events: [event, { ...event, id: 'e-2' }] })));
  const events = () => library.history.events({ row: null, filter: null, kinds: null, cursor: null, limit: 10, count: true });
  expect(events()).toMatchObject({ total: 2, events: [{ history: null }, { history: null }] });
  keepHistoryAnswer(deps(library), 'sessions', answer(envelope([record('s-1')])));
  const [row] = all(library);
  expect(events().events.map(({ history }) => history)).toEqual([row!.id, row!.id]);
  expect(library.history.counts([row!.key]).get(row!.key)).toEqual({ activities: 0, audits: 2 });
});

test('a page without anything is kept, and one that is no JSON is refused with its place and leaves nothing', () => {
  const { library } = temporaryLibrary();
  expect(keepHistoryAnswer(deps(library), 'sessions', answer(envelope([])))).toMatchObject({ sessions: 0 });
  expect(() => keepHistoryAnswer(deps(library), 'sessions', answer('{"data": [\n{"id": }]}'))).toThrow(/line 2: column 8: /);
  expect(library.history.kept()).toHaveLength(1);
});

async function found(path: string): Promise<FoundHistory> {
  for await (const one of findOnDisk([path])) if (one.kind === 'history') return one;
  throw new Error('it is no history');
}

test('a reading that was cut short goes on where it stood', async () => {
  const path = join(temporaryFolder(), 'history.csv');
  const lines = Array.from({ length: 2300 }, (_, i) => `s-${String(i)},web,running,"${'x'.repeat(300)}",2026-11-21T10:00:00Z`);
  writeFileSync(path, `id,target,mode,reason,started_at\n${lines.join('\n')}\n`);
  const { library } = temporaryLibrary();
  const stop = new AbortController();
  const file = { ...deps(library, 'files'), progress: () => undefined };
  const { atomically } = library;
  let pages = 0;
  const interrupted: Library = {
    ...library,
    atomically: (work) => {
      pages += 1;
      if (pages === 4) stop.abort();
      return atomically(work);
    },
  };
  await expect(importHistory(await found(path), { ...file, library: interrupted, signal: stop.signal })).rejects.toMatchObject({
    kind: 'cancelled',
  });
  const had = all(library).length;
  expect(had).toBeGreaterThan(0);
  expect(library.history.unread()).toHaveLength(1);
  await resumeHistories(library, new AbortController().signal);
  expect(library.history.unread()).toEqual([]);
  const { total } = library.history.list({ filter: {}, sort: 'started', descending: false, cursor: null, limit: 1 });
  expect(total).toBe(2300);
  const again = await importHistory(await found(path), { ...file, signal: new AbortController().signal });
  expect(again).toMatchObject({ kind: 'known', brought: { unchanged: 2300 } });
});
