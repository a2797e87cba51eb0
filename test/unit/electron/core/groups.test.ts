// Groups through the contract: which sessions belong together, and all of them as one file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { exportCalls } from '../../../../electron/core/export-calls.ts';
import type { Desk } from '../../../../electron/core/desk.ts';
import { createTickets } from '../../../../electron/core/tickets.ts';
import { ExhibitError } from '../../../../shared/api/errors.ts';
import type { Api } from '../../../../shared/api/contract.ts';
import { isObject } from '../../../../shared/recording/json-text.ts';
import { openTestCore, PASSPHRASE, settled, type TestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

interface Said {
  /** Null where the event has no time. */
  readonly seconds: number | null;
  readonly text: string;
  readonly sealed?: boolean;
}

/** A session as rstream exports it. Its events tell their time in the zone of `offset`. */
function exported(id: string, group: string | null, minute: number, said: readonly Said[], offset = 0): string {
  const at = (seconds: number): string => {
    const moment = new Date(Date.UTC(2026, 5, 10, 8, minute, seconds) + offset * 3_600_000).toISOString();
    return offset === 0 ? moment : moment.replace('Z', `+0${String(offset)}:00`);
  };
  return JSON.stringify({
    export_version: 1,
    generated_at: '2026-06-11T00:00:00Z',
    session: {
      id,
      tunnel_id: 't',
      server_id: 'srv "one"\n\u001b[31m',
      ...(group === null ? {} : { group_id: group }),
      status: 'closed',
      session_mode: 'interactive',
      recording_mode: 'recorded',
      encryption_mode: said.some(({ sealed }) => sealed) ? 'e2e' : 'managed',
      started_at: at(0),
      ended_at: at(30),
    },
    events: [
      {
        id: `${id}-0`,
        session_id: id,
        seq: '1',
        created_at: at(0),
        type: 'resize',
        metadata: { terminal_size: { row: 24, col: 80 } },
      },
      ...said.map(({ seconds, text, sealed }, i) => ({
        id: `${id}-${String(i + 1)}`,
        session_id: id,
        seq: String(i + 2),
        ...(seconds === null ? {} : { created_at: at(seconds) }),
        type: 'data',
        direction: 'server_to_client',
        stream_type: 'stdout',
        payload_length: text.length,
        ...(sealed === true
          ? {
              payload_ciphertext: Buffer.from(`${text}${'x'.repeat(16)}`).toString('base64'),
              crypto: { payload_suite: 'x25519-hpke-sha256-aes-256-gcm', payload_key_id: 'k', nonce: 'bm9uY2Vub25jZQ' },
            }
          : { payload_plaintext: Buffer.from(text).toString('base64') }),
      })),
    ],
  });
}

let core: TestCore;
let api: Api;

beforeEach(async () => {
  const folder = temporaryFolder();
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  ({ api } = core);
  const files: Record<string, string> = {
    // The later one is imported first.
    'b.json': exported(
      'sess-b',
      'grp/1',
      5,
      [
        { seconds: 1, text: 'second\r\n' },
        { seconds: 2, text: 'end' },
      ],
      2,
    ),
    'a.json': exported('sess-a', 'grp/1', 4, [
      { seconds: 1, text: 'first\r\n' },
      { seconds: null, text: 'some time\r\n' },
    ]),
    'c.json': exported('sess-c', 'grp-2', 6, [{ seconds: 1, text: 'secret', sealed: true }]),
    'd.json': exported('sess-d', null, 7, [{ seconds: 1, text: 'alone' }]),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    await core.import([join(folder, name)], 'prod');
  }
});

async function whole(ticket: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes } = await api.call('export.read', { ticket });
    if (bytes === null) return Buffer.concat(pieces).toString();
    pieces.push(bytes);
  }
}

async function text(group: string, options: Record<string, boolean> = {}): Promise<string> {
  return whole((await api.call('export.openGroup', { group, format: 'text', text: options })).ticket);
}

describe('groups', () => {
  it('are listed by start, with the number and the span of their sessions', async () => {
    expect(await api.call('groups.list', {})).toEqual([
      {
        id: 'grp/1',
        source: 'prod',
        title: null,
        sessions: 2,
        startedAt: '2026-06-10T08:04:00.000000Z',
        endedAt: '2026-06-10T08:05:02.000000Z',
      },
      expect.objectContaining({ id: 'grp-2', sessions: 1 }),
    ]);
    expect(await api.call('groups.list', { source: 'PROD' })).toHaveLength(2);
    expect(await api.call('groups.list', { source: 'other' })).toEqual([]);
  });

  it('show their sessions by start', async () => {
    const shown = await api.call('groups.show', { id: 'grp/1' });
    expect(shown.members.map(({ nativeId }) => nativeId)).toEqual(['sess-a', 'sess-b']);
    expect(shown.metadata).toBe('{}');
    await expect(api.call('groups.show', { id: 'grp' })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('of two sources with one id are told apart by the source', async () => {
    const file = join(temporaryFolder(), 'e.json');
    writeFileSync(file, exported('sess-e', 'grp/1', 9, [{ seconds: 1, text: 'elsewhere' }]));
    await core.import([file], 'test');
    await expect(api.call('groups.show', { id: 'grp/1' })).rejects.toMatchObject({
      kind: 'usage',
      why: 'more than one source has it: prod, test',
    });
    expect((await api.call('groups.show', { id: 'grp/1', source: 'test' })).members).toHaveLength(1);
  });
});

describe('a group as text', () => {
  it('has each session under a heading, by start, whose own words cannot act on a terminal', async () => {
    const log = await text('grp/1');
    const [a, b] = (await api.call('groups.show', { id: 'grp/1' })).members;
    expect(log).toBe(
      [
        '[exhibit] group "grp/1", sessions: 2',
        '',
        `[exhibit] session 1 of 2: ${a!.id}, own id sess-a, server "srv \\"one\\"\\n\\u001b[31m"`,
        '[exhibit] started 2026-06-10T08:04:00.000000Z, lasted 00:00:01.000000',
        '',
        'first',
        'some time',
        '',
        `[exhibit] session 2 of 2: ${b!.id}, own id sess-b, server "srv \\"one\\"\\n\\u001b[31m"`,
        '[exhibit] started 2026-06-10T08:05:00.000000Z, lasted 00:00:02.000000',
        '',
        'second',
        'end',
        '',
      ].join('\n'),
    );
  });

  it('has all times on one clock, whatever zone a session was recorded in', async () => {
    const log = await text('grp/1', { includeTimestamps: true });
    expect(log.match(/^.* \[stdout\] .*$/gm)).toEqual([
      '2026-06-10T08:04:01.000000Z [stdout] first',
      'no time [stdout] some time',
      '2026-06-10T08:05:01.000000Z [stdout] second',
      '2026-06-10T08:05:02.000000Z [stdout] end',
    ]);
  });

  it('says which sessions are locked', async () => {
    const opened = await api.call('export.openGroup', { group: 'grp-2', format: 'text' });
    expect(opened).toMatchObject({
      fileName: 'group-grp-2.txt',
      warnings: ['1 of 1 sessions are locked: their content is missing'],
    });
    const log = await whole(opened.ticket);
    expect(log).toMatch(/^\[exhibit\] locked: .*without key grants$/m);
    expect(log).toContain('[exhibit] 1 event could not be opened');
    expect(log).not.toContain('secret');
  });
});

describe('a group as JSON', () => {
  it('is one document with every session in stored form', async () => {
    const opened = await api.call('export.openGroup', { group: 'grp/1', format: 'json' });
    expect(opened).toMatchObject({ fileName: 'group-grp_1.json', mediaType: 'application/json', warnings: [] });
    const document = JSON.parse(await whole(opened.ticket)) as { sessions: { session: unknown; events: unknown[] }[] };
    expect(document).toMatchObject({ export_version: 1, group: { id: 'grp/1' } });
    expect(document.sessions.map(({ session }) => isObject(session) && session['id'])).toEqual(['sess-a', 'sess-b']);
    expect(document.sessions[1]!.events.at(-1)).toMatchObject({ seq: '3', created_at: '2026-06-10T10:05:02.000+02:00' });
  });

  it('of locked sessions keeps what is sealed', async () => {
    const { ticket } = await api.call('export.openGroup', { group: 'grp-2', format: 'json' });
    const document = JSON.parse(await whole(ticket)) as { sessions: { events: unknown[]; warnings: string[] }[] };
    expect(document.sessions[0]!.events.at(-1)).toMatchObject({ payload_ciphertext: expect.any(String) as string });
    expect(document.sessions[0]!.warnings.join()).toContain('without key grants');
  });
});

describe('an export of a group', () => {
  it('is in the custody log', async () => {
    await api.call('export.openGroup', { group: 'grp/1', format: 'json' });
    const { entries } = await api.call('custody.list', { action: 'export' });
    expect(entries).toMatchObject([{ subject: 'group grp/1' }]);
  });

  it('ends with a lock of the library, instead of looking whole', async () => {
    const { ticket } = await api.call('export.openGroup', { group: 'grp/1', format: 'json' });
    await api.call('vault.lock', null);
    await expect(api.call('export.read', { ticket })).rejects.toMatchObject({ kind: 'locked' });
    await api.call('vault.unlock', { passphrase: PASSPHRASE });
    await expect(api.call('export.read', { ticket })).rejects.toMatchObject({
      kind: 'not-found',
      why: expect.stringContaining('locked') as string,
    });
  });

  it('that fails does not look whole when it is read again', async () => {
    const nothing = { nativeId: null, user: null, server: null, title: null, command: null, startedAt: null, lockCode: null };
    const session = { ...nothing, id: 's', key: 1, sealedEvents: 0, duration: 0 };
    const row = { id: 'g', source: 'x', newest: 1 };
    const library = {
      groups: { list: () => [row] },
      sessions: { list: () => ({ sessions: [session], next: null }), byKey: () => null },
      rights: { refusal: () => null },
    };
    const desk = {
      now: () => '',
      library: () => library,
      tickets: createTickets(() => library as never),
      rights: () => ({ need: () => undefined }),
      keys: () => ({
        evaluateLocks: () => Promise.resolve(),
        look: () => Promise.reject(new ExhibitError('damaged', 'read', 'bytes differ')),
      }),
    } as unknown as Desk;
    const calls = exportCalls(desk);
    const { output } = await calls['export.openGroup']({ group: 'g', format: 'text' });
    await expect(calls['export.read'](output)).rejects.toMatchObject({ kind: 'damaged' });
    await expect(calls['export.read'](output)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

it('a group of a source on the network has the title and the account that the source gives, and all its sessions open', async () => {
  const engine = await engineOf({
    recordings: [sampleRecording('net-1', { sealing: 'managed' }), sampleRecording('net-2', { sealing: 'managed' })],
  });
  engine.putGroup({ id: 'flow', context: { purpose: 'Repair of the mail server' }, created_at: '2026-06-10T08:00:00Z' });
  for (const id of ['net-1', 'net-2']) engine.update(id, { group_id: 'flow' });
  await api.call('sources.add', { name: 'net', kind: 'rstream', engine: engine.url, token: engine.token });
  const { job } = await api.call('sync.start', { source: 'net' });
  expect((await api.call('jobs.wait', { job })).failure).toBeNull();
  await settled(api);
  expect(await api.call('groups.list', { source: 'net' })).toMatchObject([
    { id: 'flow', title: 'Repair of the mail server', sessions: 2 },
  ]);
  const { metadata } = await api.call('groups.show', { id: 'flow' });
  expect(JSON.parse(metadata)).toMatchObject({ id: 'flow', created_at: '2026-06-10T08:00:00Z' });
  expect((await text('flow')).match(/^notes\.txt$/gm)).toHaveLength(2);
  const { ticket } = await api.call('export.openGroup', { group: 'flow', format: 'json' });
  expect(JSON.parse(await whole(ticket))).toMatchObject({
    group: { id: 'flow', context: { purpose: 'Repair of the mail server' } },
    sessions: [{ session: { id: 'net-1' } }, { session: { id: 'net-2' } }],
  });
});
