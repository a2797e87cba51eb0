// Steps of a synchronisation: how surely each is on the disk.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createAcquisitionStore } from '../../../../electron/library/acquisitions.ts';
import { createCustodyLog } from '../../../../electron/library/custody.ts';
import { openDatabase } from '../../../../electron/library/database.ts';
import { createDerivedStore } from '../../../../electron/library/derived.ts';
import type { SyncStep } from '../../../../electron/library/library.ts';
import { migrate } from '../../../../electron/library/migrations.ts';
import { createRightsStore } from '../../../../electron/library/rights.ts';
import { pack } from '../../../../electron/library/seal.ts';
import { createSessionStore } from '../../../../electron/library/sessions.ts';
import { createSyncedStore } from '../../../../electron/library/synced.ts';
import { testMoments } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('a step of a session that nobody sees yet need not reach the disk at once, and all else does', () => {
  const database = openDatabase(join(temporaryFolder(), 'library.db'), randomBytes(32), { create: true });
  migrate(database);
  const custody = createCustodyLog(database, testMoments());
  const { key } = createAcquisitionStore(database, custody).begin({
    source: 'engine',
    format: 'rstream',
    fingerprint: 'one',
    decoder: 1,
    startedAt: '2026-11-21T10:00:00Z',
    provenance: '{}',
  });
  const handle = createSyncedStore(
    database,
    custody,
    createSessionStore(database, createRightsStore(database)),
    createDerivedStore(database),
  ).open(key);
  const content = { chunks: [pack(Buffer.from('{"id":"s"}'))], sha256: Buffer.alloc(32) };
  const step: SyncStep = {
    nativeId: 's',
    parts: [{ part: 0, name: 'session/1.json', size: 10, content, received: { request: 'GET /', date: null, at: '' } }],
    records: [],
    events: [],
    discrepancies: [],
    checkpoint: '{}',
    listed: null,
    kept: Buffer.alloc(32),
    show: null,
  };
  const set = vi.spyOn(database, 'pragma');
  const sureness = (): unknown => database.pragma('synchronous', { simple: true });
  const FULL = 2;

  handle.step(step);
  expect(set.mock.calls[0]).toEqual(['synchronous=NORMAL']);
  expect(sureness()).toBe(FULL);
  expect(() => handle.step(step)).toThrow('UNIQUE');
  expect(sureness()).toBe(FULL);

  set.mockClear();
  const show = { session: null as never, growing: false, at: '', participants: null, custody: null };
  expect(() => handle.step({ ...step, parts: [], show })).toThrow(TypeError);
  expect(set).not.toHaveBeenCalled();
  database.close();
});
