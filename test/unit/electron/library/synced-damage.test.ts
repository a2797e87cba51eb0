// Damage to a library with synchronised sessions: a bit that is flipped anywhere in the file is found, and so is content that somebody
// with the key put in the place of another.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../electron/library/database.ts';
import { openLibrary, verifyRecording, type Library } from '../../../../electron/library/library.ts';
import { contentKey, seal } from '../../../../electron/library/seal.ts';
import { temporaryLibrary, testMoments } from '../../../support/library.ts';
import { random } from '../../../support/mutation.ts';
import { longRecording, sessionOf, synchronise } from '../../../support/syncing.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

const FLIPS = Number(process.env['EXHIBIT_FLIPS'] ?? 60);
const SEED = Number(process.env['EXHIBIT_SEED'] ?? 20_261_121);

/** What a verification of the whole library finds, as the core's does. */
function found(library: Library): readonly string[] {
  const failures = [...library.checkPages()];
  for (const key of library.sessions.keys({})) {
    failures.push(...verifyRecording(library, library.sessions.byKey(key)!).failures.map(({ reason }) => reason));
  }
  if (library.custody.verify().kind === 'broken') failures.push('custody');
  return failures;
}

test(`${String(FLIPS)} single bits flipped in the file are all found (seed ${String(SEED)})`, async () => {
  const { folder, key, library } = temporaryLibrary();
  const engine = await engineOf({ recordings: [longRecording('long', 1200), sampleRecording('sealed')] });
  engine.hold('long', 1000);
  await synchronise(library, engine);
  engine.release('long', 500);
  await synchronise(library, engine);
  expect(found(library)).toEqual([]);
  library.close();
  const file = join(folder, 'library.db');
  const whole = readFileSync(file);
  const below = random(SEED);
  const missed: number[] = [];
  for (let i = 0; i < FLIPS; i++) {
    const bit = below(whole.length * 8);
    const flipped = Buffer.from(whole);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, flipped);
    let failures: readonly string[];
    try {
      const opened = openLibrary({ folder, key, now: testMoments(), program: 'test' });
      try {
        failures = found(opened);
      } finally {
        opened.close();
      }
    } catch (error) {
      failures = [(error as Error).message];
    }
    if (failures.length === 0) missed.push(bit);
  }
  expect(missed).toEqual([]);
  writeFileSync(file, whole);
});

test('content that is exchanged under the recording’s own key is found: a page, a document, a record, an event', async () => {
  const engine = await engineOf({ recordings: [longRecording('long', 1200)] });
  const changes: readonly (readonly [string, string, string])[] = [
    ['part_chunk', 'part = 1 AND chunk = 0', 'events/1.json: it has 23 bytes, 239844 were acquired'],
    ['part_chunk', 'part = 0 AND chunk = 0', 'session/1.json: it has 23 bytes'],
    ['record_chunk', 'chunk = 1', 'record'],
    ['event_chunk', 'chunk = 1', 'record'],
  ];
  for (const [table, where, expected] of changes) {
    const { folder, key, library } = temporaryLibrary();
    await synchronise(library, engine);
    const row = sessionOf(library, 'long');
    const database = openDatabase(join(folder, 'library.db'), key, { create: false });
    database.exec(`DROP TRIGGER ${table}_kept`);
    const { content_key: own } = database.prepare('SELECT content_key FROM acquisition_key').get() as { content_key: Buffer };
    const name = {
      part_chunk: `part/${where.includes('part = 1') ? '1' : '0'}/0`,
      record_chunk: 'record/0/1',
      event_chunk: 'event/0/1',
    }[table]!;
    const sealed = seal(contentKey(own), name, Buffer.from('{"id":"something else"}'));
    database.prepare(`UPDATE ${table} SET sealed = ? WHERE ${where}`).run(sealed);
    database.close();
    const { failures } = verifyRecording(library, row);
    expect(failures.map(({ place, reason }) => `${place}: ${reason}`).join('\n')).toContain(expected);
  }
});
