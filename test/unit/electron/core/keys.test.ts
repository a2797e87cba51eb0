// What opens a session is found in the documents of its source and the keys of this machine, stored as its lock, and dropped when
// the library is locked; and nothing of what it decrypts stands in clear on the disk.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createKeys, type Keys } from '../../../../electron/core/keys.ts';
import { lockOf } from '../../../../electron/core/session-shapes.ts';
import type { SessionRow } from '../../../../electron/library/library.ts';
import { openVault } from '../../../../electron/vault/vault.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { micros } from '../../../../shared/recording/time.ts';
import { makeRecording, seededRandom } from '../../../engine/recordings.ts';
import type { VectorCase } from '../../../engine/vectors.ts';
import { openTestCore, PASSPHRASE, settled } from '../../../support/core.ts';
import { importFiles } from '../../../support/file-import.ts';
import { temporaryLibrary, type TestLibrary } from '../../../support/library.ts';
import {
  addDocuments,
  documentsOf,
  exportOf,
  NO_KEYS,
  vectorCase,
  wholeMachine,
  writeMachine,
} from '../../../support/rstream-machine.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PLAIN = vectorCase('e2e-plain-log');

interface Bench {
  readonly kept: TestLibrary;
  readonly home: string;
  readonly keys: Keys;
  readonly stale: number[][];
  readonly changed: string[][];
  add(one: VectorCase, documents: ReturnType<typeof documentsOf>): Promise<SessionRow>;
  row(session: SessionRow): SessionRow;
}

async function openBench(): Promise<Bench> {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const kept = temporaryLibrary(join(folder, 'library'));
  const vault = openVault(join(folder, 'vault'));
  await vault.create('passphrase', PASSPHRASE);
  const stale: number[][] = [];
  const changed: string[][] = [];
  const keys = createKeys({
    library: kept.library,
    localKeys: () => vault.localKeys(home, {}),
    actor: 'tester@bench',
    purpose: () => '',
    stale: (sessions) => stale.push([...sessions]),
    changed: (sessions) => changed.push([...sessions]),
  });
  return {
    kept,
    home,
    keys,
    stale,
    changed,
    row: ({ key }) => kept.library.sessions.byKey(key)!,
    add: async (one, documents) => {
      const path = join(folder, `${one.case}.json`);
      writeFileSync(path, exportOf(one));
      const ids = await importFiles(kept.library, [path]);
      addDocuments(kept.folder, kept.key, ids[0]!, documents);
      return kept.library.sessions.find(ids[0]!) as SessionRow;
    },
  };
}

it('stores a lock for lists to read, and queues what opens once a key appears', async () => {
  const bench = await openBench();
  const { kept, keys, stale, changed, home } = bench;
  const session = await bench.add(PLAIN, documentsOf(PLAIN));
  expect(lockOf(session, kept.library.rights).code).toBe('not_tried');

  await keys.evaluateLocks([session.key]);
  expect(lockOf(bench.row(session), bench.kept.library.rights)).toMatchObject({ state: 'locked', code: 'no_trusted_device' });
  expect(changed).toEqual([[session.id]]);
  expect(stale).toEqual([]);

  kept.library.derived.setIndexState(session, 'locked', 1, null);
  writeMachine(home, wholeMachine());
  await keys.evaluateLocks();
  expect(lockOf(bench.row(session), bench.kept.library.rights)).toMatchObject({ state: 'open', code: null });
  expect(stale).toEqual([[session.key]]);
  expect(bench.row(session).indexState).toBe('waiting');

  await keys.evaluateLocks();
  expect(changed).toHaveLength(2);

  // What was found in its text goes with the key.
  kept.library.derived.setIndexState(session, 'done', 1, null);
  kept.library.derived.putKeyframe(session, { index: 1, at: micros(0), outputBytes: 0, bytes: Uint8Array.of(1) });
  writeMachine(home, NO_KEYS);
  await keys.evaluateLocks();
  expect(lockOf(bench.row(session), bench.kept.library.rights)).toMatchObject({ state: 'locked', code: 'no_trusted_device' });
  expect(stale).toEqual([[session.key], [session.key]]);
  expect(bench.row(session).indexState).toBe('waiting');
  expect(kept.library.derived.keyframeBefore(session, 10)).toBeNull();
  expect((await keys.look(bench.row(session))).kind).toBe('locked');
});

it('opens a file with the grants that a source gave for the same session', async () => {
  const bench = await openBench();
  writeMachine(bench.home, wholeMachine());
  const file = await bench.add(PLAIN, []);
  await bench.keys.evaluateLocks([file.key]);
  expect(bench.row(file).lockCode).toBe('no_grants_here');
  const synced = await bench.add({ ...PLAIN, case: 'synced' }, documentsOf(PLAIN));
  const { withNativeId } = bench.kept.library.sessions;
  // What came from a source by its API has a format of its own.
  vi.spyOn(bench.kept.library.sessions, 'withNativeId').mockImplementation((id) =>
    withNativeId(id).map((row) => (row.key === synced.key ? { ...row, format: 'rstream' } : row)),
  );
  await bench.keys.evaluateLocks([synced.key]);
  expect([bench.row(file).lockCode, bench.row(synced).lockCode]).toEqual(['open', 'open']);
});

it('holds to the newest that was said of a grant', async () => {
  const bench = await openBench();
  writeMachine(bench.home, wholeMachine());
  const { key_grants: grants, decrypt_material: material } = PLAIN;
  const revoked = (list: readonly JsonObject[]): JsonObject[] =>
    list.map((each) => ({ ...each, revoked_at: '2026-11-01T00:00:00Z' }));
  const told: readonly (readonly [string, ReturnType<typeof documentsOf>, string])[] = [
    [
      'later list',
      [
        ['key-grants', grants],
        ['decrypt-material', material],
        ['key-grants', revoked(grants)],
      ],
      'grant_revoked',
    ],
    [
      'later material',
      [
        ['key-grants', grants],
        ['decrypt-material', material],
        ['decrypt-material', revoked(material)],
      ],
      'grant_revoked',
    ],
    [
      'granted again',
      [
        ['decrypt-material', revoked(material)],
        ['decrypt-material', material],
      ],
      'open',
    ],
    [
      'another recipient after it',
      [
        ['decrypt-material', material],
        ['decrypt-material', []],
      ],
      'open',
    ],
  ];
  for (const [name, documents, code] of told) {
    const session = await bench.add({ ...PLAIN, case: name }, documents);
    await bench.keys.look(session);
    expect([name, bench.row(session).lockCode]).toEqual([name, code]);
  }
});

it('says that a key could not be tried, where the keys cannot be read', async () => {
  const bench = await openBench();
  const session = await bench.add(PLAIN, documentsOf(PLAIN));
  const keys = createKeys({
    library: bench.kept.library,
    localKeys: () => Promise.reject(new Error('the keychain does not answer')),
    actor: 'tester@bench',
    purpose: () => '',
    stale: () => undefined,
    changed: () => undefined,
  });
  const opening = await keys.look(session);
  expect(opening).toMatchObject({ kind: 'locked', code: 'key_not_tried' });
  expect(lockOf(bench.row(session), bench.kept.library.rights).reason).toContain('the keychain does not answer');
});

it('drops its keys when the library is locked', async () => {
  const bench = await openBench();
  writeMachine(bench.home, wholeMachine());
  const session = await bench.add(PLAIN, documentsOf(PLAIN));
  expect((await bench.keys.look(session)).kind).toBe('opened');
  bench.keys.forget();
  await expect(bench.keys.look(session)).rejects.toMatchObject({ kind: 'locked' });
});

/** Every file below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

it('leaves no decrypted text on the disk: not in the library, not in temporary files', async () => {
  const folder = temporaryFolder();
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const library = join(folder, 'library');
  const machine = wholeMachine();
  writeMachine(`${library}-home`, machine);
  const device = machine.devices.find((one) => one['webtty_key_algorithm'] === 'webtty-x25519-hpke-v1')!;
  const canary = `canary ${randomBytes(12).toString('hex')}`;
  const made = makeRecording({
    id: 'canary',
    startedAt: '2026-06-10T08:00:00Z',
    sealing: 'x25519',
    recipients: [
      {
        publicKey: Buffer.from(device['webtty_public_key'] as string, 'base64url'),
        kind: 'workspace_device',
        id: device['device_key_id'] as string,
      },
    ],
    steps: [
      { after: micros(1_000), cols: 80, rows: 24 },
      { after: micros(2_000), stream: 'stdin', bytes: Buffer.from(`${canary}\r`) },
      ...Array.from({ length: 3000 }, (_, i) => ({
        after: micros(1_000),
        stream: 'stdout' as const,
        bytes: Buffer.from(`${canary} ${String(i)}\r\n`),
      })),
    ],
    random: seededRandom('canary'),
    session: { workspace_id: device['workspace_id'] },
  });
  const one = {
    ...vectorCase('e2e-plain-log'),
    case: 'canary',
    session: made.session,
    events: made.events,
    key_grants: made.keyGrants,
    decrypt_material: made.decryptMaterial,
  } as VectorCase;
  const core = await openTestCore(library);
  onTestFinished(() => core.close());
  writeFileSync(join(folder, 'canary.json'), exportOf(one));
  const [result] = await core.import([join(folder, 'canary.json')]);
  const id = result!.sessionIds[0]!;
  const vault = openVault(library);
  await vault.unlock(PASSPHRASE);
  addDocuments(library, vault.libraryKeys()[0]!, id, documentsOf(one));

  const { api } = core;
  expect((await api.call('sessions.show', { id })).lock.state).toBe('open');
  await settled(api);
  expect((await api.call('search.run', { query: canary, in: ['typed', 'printed', 'visible'] })).total).toBeGreaterThan(3000);
  const { screen } = await api.call('sessions.screen', { id, at: { kind: 'end' } });
  expect(screen.join('\n')).toContain(canary);
  const { runs } = await api.call('replay.events', { id, from: 0, maxBytes: 1_000_000 });
  expect(Buffer.concat(runs.map(({ bytes }) => bytes)).includes(canary)).toBe(true);
  await api.call('replay.window', { id, at: { kind: 'end' } });
  await api.call('sessions.events', { id, data: true });
  const { ticket } = await api.call('export.open', { id, format: 'text' });
  while ((await api.call('export.read', { ticket })).bytes !== null);

  const look = (): void => {
    const files = [...filesIn(library), ...filesIn(temporary)];
    expect(files.some((file) => file.endsWith('library.db'))).toBe(true);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const encoding of ['utf8', 'utf16le'] as const)
        expect([file, bytes.includes(Buffer.from(canary, encoding))]).toEqual([file, false]);
      expect([file, bytes.includes(Buffer.from(canary, 'utf16le').swap16())]).toEqual([file, false]);
    }
  };
  look();
  await core.close();
  look();
});
