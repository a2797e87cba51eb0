// Anchors against copies of a recording: the same, grown, another acquisition, another recording.

import { expect, test } from 'vitest';
import { checkAnchor, makeAnchor, whyNotSeen, type AnchoredRecording } from '../../../../electron/cases/cases.ts';
import type { Micros } from '../../../../shared/recording/time.ts';

const SECOND = 1_000_000;

/** A recording with an event at each of these seconds; its screens are named after what they show. */
function recording(
  change: Partial<AnchoredRecording> = {},
  seconds: readonly number[] = [1, 2, 3, 4],
  first = 1,
): AnchoredRecording {
  return {
    session: 's1',
    root: 'r5',
    records: 5,
    rootOf: (records) => `r${String(records)}`,
    countAt: (at) => seconds.filter((second) => second * SECOND <= at).length,
    countAtSeq: (seq) => (Number(seq) - first >= 0 && Number(seq) - first < seconds.length ? Number(seq) - first + 1 : null),
    seqOf: (position) => String(first + position),
    timeOf: (position) => (seconds[position]! * SECOND) as Micros,
    screenAfter: (count) => ({ hash: `screen of ${String(first + count)}`, isBlank: count === 0 }),
    textAfter: (count) => ({ cols: 20, rows: 5, text: `row above\nthe text of screen\n${String(first + count)}` }),
    ...change,
  };
}

const target = (from: number, to = from) =>
  ({ kind: 'range', fromUs: from * SECOND, toUs: to * SECOND, region: null, text: null }) as const;
const anchor = makeAnchor(recording(), target(2.5, 3));

test('an anchor names root, records, events, sequence number and screen', () => {
  expect(anchor).toMatchObject({
    session: 's1',
    root: 'r5',
    records: 5,
    fromEvent: 1,
    toEvent: 2,
    seq: '2',
    screen: 'screen of 3',
  });
  expect(makeAnchor(recording(), target(0))).toMatchObject({ fromEvent: -1, toEvent: -1, seq: null, screen: 'screen of 1' });
});

test.each([
  ['the recording itself', recording(), 'match', 1],
  ['the recording after it has grown', recording({ root: 'r9', records: 9 }), 'match', 1],
  ['the recording where no key opens it', recording({ screenAfter: () => null }), 'match', 1],
  ['the recording under another terminal', recording({ screenAfter: () => ({ hash: 'x', isBlank: false }) }), 'moved', 1],
  ['another acquisition of the same', recording({ session: 's2', root: 'q5' }), 'match', 1],
  [
    'one that began with more events',
    recording({ root: 'q7', records: 7, rootOf: () => 'q5' }, [0.2, 0.4, 1, 2, 3, 4], -1),
    'moved',
    3,
  ],
  ['one whose clock was another one', recording({ root: 'q5' }, [11, 12, 13, 14]), 'moved', 1],
  ['a shorter one of other records', recording({ root: 'q2', records: 2 }, [1], 7), 'not-this-recording', null],
  [
    'another recording',
    recording({ root: 'q5', screenAfter: () => ({ hash: 'x', isBlank: false }) }),
    'not-this-recording',
    null,
  ],
  ['another one that opens nowhere', recording({ root: 'q5', screenAfter: () => null }), 'not-this-recording', null],
] as const)('%s', (_what, copy, verdict, fromEvent) => {
  const found = checkAnchor(anchor, copy);
  expect([found.verdict, found.place?.fromEvent ?? null]).toEqual([verdict, fromEvent]);
});

test('a place that moved is told with its moment there', () => {
  const found = checkAnchor(anchor, recording({ root: 'q5' }, [11, 12, 13, 14]));
  expect(found.place).toEqual({ fromUs: 12 * SECOND, fromEvent: 1 });
});

test('an empty screen proves nothing of another acquisition', () => {
  const atStart = makeAnchor(recording(), target(0));
  expect(checkAnchor(atStart, recording()).verdict).toBe('match');
  expect(checkAnchor(atStart, recording({ root: 'q5' })).verdict).toBe('not-this-recording');
});

test('a recording that grew otherwise is not the same', () => {
  const other = recording({ root: 'q9', records: 9, rootOf: () => 'q', screenAfter: () => ({ hash: 'x', isBlank: false }) });
  expect(checkAnchor(anchor, other).verdict).toBe('not-this-recording');
});

test('a sequence number that is none is passed over', () => {
  expect(checkAnchor({ ...anchor, seq: '1e9' }, recording({ root: 'q5' })).verdict).toBe('match');
});

test('a region beyond the screen and a text that is not on it are named, however the text is broken into rows', () => {
  const at = { kind: 'text', fromUs: 0, toUs: SECOND, region: null, text: null } as const;
  const here = recording({});
  expect(whyNotSeen(here, at)).toBeNull();
  for (const text of ['text of screen', 'above the text', 'of  screen 1', 'ofscreen2'])
    expect(whyNotSeen(here, { ...at, text }), text).toBeNull();
  expect(whyNotSeen(here, { ...at, text: 'text of another' })).toBe('the text is not on the screen then');
  expect(whyNotSeen(here, { ...at, region: { row: 3, col: 10, rows: 2, cols: 10 } })).toBeNull();
  for (const region of [
    { row: 3, col: 0, rows: 3, cols: 1 },
    { row: 0, col: 15, rows: 1, cols: 6 },
  ])
    expect(whyNotSeen(here, { ...at, region })).toBe('the screen has 20 columns and 5 rows then, and the region goes beyond');
  expect(whyNotSeen(recording({ textAfter: () => null }), { ...at, text: 'text of another' })).toBeNull();
});
