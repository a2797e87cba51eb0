// Who was in a session and who had control, from a list and from events whose words are not public.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { presenceOf } from '../../../../renderer/player/presence.ts';
import type { Participant, Timeline } from '../../../../shared/api/shapes.ts';
import { rstreamBody } from '../../../../shared/recording/rstream-event.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { epochOf } from '../../../../renderer/ui/format.ts';

const START = 1_700_000_000_000_000;
const at = (seconds: number): string => new Date(START / 1000 + seconds * 1000).toISOString();

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  user: null,
  role: 'spectator',
  attachedAt: null,
  detachedAt: null,
  device: null,
  ...change,
});

const event = (seconds: number, code: string, members?: object): Timeline['others'][number] => ({
  atUs: seconds * 1_000_000,
  index: 0,
  text: members === undefined ? code : `${code} ${JSON.stringify(members)}`,
});

const of = (others: Timeline['others'], participants: readonly Participant[] = []) =>
  presenceOf(others, participants, START, 100_000_000);

describe('who was there', () => {
  test('is told by the list, from attaching to detaching, else to the end', () => {
    const { spans, changes } = of(
      [],
      [
        person('p1', { user: 'ana', role: 'controller', attachedAt: at(0) }),
        person('p2', { user: 'ben', attachedAt: at(10), detachedAt: at(30) }),
      ],
    );
    expect(spans).toEqual([
      { fromUs: 0, toUs: 100_000_000, text: 'ana', row: 0, controls: true },
      { fromUs: 10_000_000, toUs: 30_000_000, text: 'ben', row: 1, controls: false },
    ]);
    expect(changes.map(({ text }) => text)).toEqual(['ana joined', 'ben joined', 'ben left']);
  });

  test('is told by events too: who comes twice has two spans, and is not told twice', () => {
    const { spans, changes } = of(
      [
        event(5, 'participant', { participant_id: 'p2', metadata: { action: 'attached' } }),
        event(8, 'participant', { participant_id: 'p2', metadata: { event: 'left' } }),
        event(20, 'participant', { participant_id: 'p2', metadata: '{"status":"Joined"}' }),
      ],
      [person('p2', { user: 'ben', attachedAt: at(20), detachedAt: at(40) })],
    );
    expect(spans.map(({ fromUs, toUs, row }) => [fromUs, toUs, row])).toEqual([
      [5_000_000, 8_000_000, 0],
      [20_000_000, 40_000_000, 0],
    ]);
    expect(changes.map(({ text }) => text)).toEqual(['ben joined', 'ben left', 'ben joined']);
  });

  test('is not guessed where times of the list say nothing on this clock', () => {
    const { spans } = presenceOf([], [person('p1', { attachedAt: at(3) })], null, 100);
    expect(spans).toEqual([]);
  });
});

test('a recording of the engine tells who came and that control was asked for', () => {
  const file = new URL('../../../fixtures/rstream/01-managed-bash.json', import.meta.url);
  const { session, events } = JSON.parse(readFileSync(file, 'utf8')) as { session: JsonObject; events: JsonObject[] };
  const start = epochOf(String(session['started_at']))!;
  const others = events.flatMap((one): Timeline['others'] => {
    const { body } = rstreamBody(one, new TextEncoder().encode(JSON.stringify(one)));
    // As electron/indexing/facts.ts writes them.
    return body.kind === 'other'
      ? [{ atUs: epochOf(String(one['created_at']))! - start, index: 0, text: `${body.code} ${body.text}` }]
      : [];
  });
  const { spans, changes } = presenceOf(others, [], start, 10_871_000);
  expect(spans).toEqual([{ fromUs: 3_100_000, toUs: 10_871_000, text: 'prt_fc3a2f83b27664d7', row: 0, controls: false }]);
  expect(changes.map(({ atUs, kind, text }) => [atUs, kind, text])).toEqual([
    [3_100_000, 'participant', 'prt_fc3a2f83b27664d7 joined'],
    [5_200_000, 'control', 'requested'],
  ]);
});

test('changes of control say what happened to whom, and an unknown word stays as it is', () => {
  const people = [person('p1', { user: 'ana' }), person('p2', { user: 'ben' })];
  const { changes } = of(
    [
      event(1, 'control', { metadata: { status: 'pending', requester_participant_id: 'p2' } }),
      event(2, 'control', { metadata: { status: 'granted', requester_participant_id: 'p2' } }),
      event(3, 'control', { participant_id: 'p1', metadata: { action: 'wobbled' } }),
      event(4, 'control'),
      event(5, 'control', { participant_id: 'p9' }),
      event(6, 'recording_state', { metadata: { state: 'paused' } }),
    ],
    people,
  );
  expect(changes.filter(({ kind }) => kind === 'control').map(({ text }) => text)).toEqual([
    'requested by ben',
    'granted to ben',
    'wobbled: ana',
    'changed',
    'changed: p9',
  ]);
});

test('whatever the events say, every span is in the recording and nobody stands on another', () => {
  const metadata = fc.oneof(
    { weight: 8, arbitrary: fc.record({ action: fc.constantFrom('attached', 'attached', 'detached', 'left', 'odd') }) },
    fc.string(),
    fc.constant(null),
    fc.array(fc.nat()),
  );
  const events = fc.array(
    fc
      .tuple(
        fc.nat({ max: 240 }),
        fc.constantFrom('participant', 'participant', 'control'),
        fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        metadata,
      )
      .map(([seconds, code, participant_id, said]) => event(seconds / 2, code, { participant_id, metadata: said })),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(events, (others) => {
      const { spans, changes } = of(others.toSorted((a, b) => a.atUs - b.atUs));
      expect(changes).toHaveLength(others.length);
      for (const [i, one] of spans.entries()) {
        expect(one.fromUs).toBeGreaterThanOrEqual(0);
        expect(one.toUs).toBeLessThanOrEqual(100_000_000);
        expect(one.fromUs).toBeLessThanOrEqual(one.toUs);
        for (const other of spans.slice(i + 1)) if (other.row === one.row) expect(other.fromUs).toBeGreaterThanOrEqual(one.toUs);
      }
    }),
    { seed: 3, numRuns: 1000 },
  );
});
