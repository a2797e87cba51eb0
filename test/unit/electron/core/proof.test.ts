// The proof card against what a recording has and lacks.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Proof } from '../../../../shared/api/shapes.ts';
import { openTestCore } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

interface MadeEvent {
  readonly seq: number;
  /** Milliseconds since the start; null where the event has no time. */
  readonly at: number | null;
}

type Card = (property: Proof['property']) => string;

async function cardOf(path: string): Promise<Card> {
  const core = await openTestCore(join(temporaryFolder(), 'library'));
  onTestFinished(() => core.close());
  const [result] = await core.import([path]);
  const { proof } = await core.api.call('sessions.show', { id: result!.sessionIds[0]! });
  return (property) => {
    const { verdict, reason } = proof.find((one) => one.property === property)!;
    return `${verdict}: ${reason}`;
  };
}

/** Of an export of rstream with these events. */
function cardOfExport(events: readonly MadeEvent[]): Promise<Card> {
  const started = Date.UTC(2026, 5, 10, 8);
  const text = JSON.stringify({
    export_version: 1,
    session: { id: 's', server_id: 'srv', status: 'closed', started_at: new Date(started).toISOString() },
    events: events.map(({ seq, at }) => ({
      id: `e${String(seq)}`,
      session_id: 's',
      seq: String(seq),
      type: 'data',
      stream_type: 'stdout',
      created_at: at === null ? null : new Date(started + at).toISOString(),
      payload_length: 1,
      payload_plaintext: 'eA==',
    })),
  });
  const path = join(temporaryFolder(), 'export.json');
  writeFileSync(path, text);
  return cardOf(path);
}

test('counts every discrepancy, and knows those of every kind, however many came before', async () => {
  // 1,500 times that go back; then, among those that are no longer listed one by one, three gaps.
  const card = await cardOfExport([
    { seq: 1, at: 60_000 },
    ...Array.from({ length: 1500 }, (_, i) => ({ seq: i + 2, at: i })),
    ...[1600, 1700, 1800].map((seq) => ({ seq, at: 61_000 })),
  ]);
  expect(card('time')).toMatch(/1,500 times that are missing, go back/);
  expect(card('order')).toBe('failed: 3 discrepancies in sequence numbers or links');
});

test('says that nothing is known of how long a recording took whose events have no times', async () => {
  const times = async (at: readonly (number | null)[]): Promise<string> =>
    (await cardOfExport(at.map((one, i) => ({ seq: i + 1, at: one }))))('time');
  const unknown = 'all events stand at one time: how long it took is not known';
  expect(await times([null, null, null])).toContain(`3 times that are missing, go back or are out of range; ${unknown}`);
  expect(await times([0, null, null])).toContain(unknown);
  expect(await times([0, null, 1])).not.toContain(unknown);
  expect(await times([0])).not.toContain(unknown);
});

test('says where a recording begins that does not begin at the first number', async () => {
  const from = async (first: number): Promise<string> =>
    (await cardOfExport([first, first + 1].map((seq) => ({ seq, at: seq }))))('completeness');
  expect(await from(40)).toMatch(/its first event has the number 40: what came before that, if anything did, is not here$/);
  for (const first of [0, 1]) expect(await from(first)).not.toContain('first event');
});

test('says of each format whether its numbers could show a loss', async () => {
  const order = async (name: string): Promise<string> =>
    (await cardOf(new URL(`../../../fixtures/recordings/${name}`, import.meta.url).pathname))('order');
  expect(await order('tlog-session.tlog.json')).toMatch(/their message numbers without gap or repeat$/);
  expect(await order('resize.cast')).toMatch(/no sequence numbers that could show a loss$/);
});
