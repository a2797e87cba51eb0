// Marks, lanes and coverage as the player makes them of what the core answers.

import { describe, expect, test } from 'vitest';
import { endedMark, momentTarget, targetInput } from '../../../../../renderer/player/annotations/marking.ts';
import {
  caseProblem,
  noteLanes,
  redactionsOf,
  seenPercent,
  shownAt,
  unseenOf,
  type Reviewer,
} from '../../../../../renderer/player/annotations/notebook-data.ts';
import { fakeCaseData, ME } from '../../../../support/fake-case-data.ts';
import { fakeRecording } from '../../../../support/fake-recordings.ts';

const sessions = Array.from({ length: 4 }, (_, i) => fakeRecording(i).session);
const main = sessions[0]!;
const { annotations, redactions, reviewers, cases } = fakeCaseData(sessions);
const ofMain = annotations.filter(({ anchor }) => anchor.session === main.id);

describe('a mark', () => {
  test('ended where it began is a moment, elsewhere a range, whichever end came first', () => {
    expect(endedMark(5, 5)).toEqual(momentTarget(5));
    expect(endedMark(9, 4)).toMatchObject({ kind: 'range', fromUs: 4, toUs: 9 });
  });

  test('is told to the core with no more than it has', () => {
    expect(targetInput(momentTarget(5))).toEqual({ from: { kind: 'offset', atUs: 5 } });
    const region = { row: 1, col: 2, rows: 1, cols: 4 };
    expect(targetInput({ kind: 'text', fromUs: 5, toUs: 5, region, text: 'word' })).toEqual({
      from: { kind: 'offset', atUs: 5 },
      region,
      text: 'word',
    });
    expect(targetInput(endedMark(1, 2)).to).toEqual({ kind: 'offset', atUs: 2 });
  });
});

describe('the lanes', () => {
  const mine = reviewers.get(main.id)!.find(({ reviewer }) => reviewer === ME)!;
  const lanes = noteLanes(ofMain, redactionsOf(redactions, main.id), mine);

  test('have annotations in force by time, redactions with a time, and what was seen with its speed', () => {
    expect(lanes.annotations.map(({ text }) => text)).not.toContain('Shell history removed');
    expect(lanes.annotations.map(({ fromUs }) => fromUs)).toEqual(
      lanes.annotations.map(({ fromUs }) => fromUs).toSorted((a, b) => a - b),
    );
    expect(lanes.redactions).toHaveLength(1);
    expect(lanes.redactions[0]!.text).toContain('Customers by name');
    expect(lanes.seen.map(({ speed }) => speed)).toEqual([1, 4, 2]);
  });

  test('leave out a redaction that was withdrawn', () => {
    expect(redactionsOf(redactions, main.id).map(({ number }) => number)).toEqual(['R-0001', 'R-0002', 'R-0003']);
    expect(redactionsOf(redactions, 'another').map(({ number }) => number)).toEqual(['R-0001', 'R-0003']);
  });
});

test('an annotation with a place on the screen is outlined for a second at least, and not before or after', () => {
  const [one] = ofMain.filter(({ anchor }) => anchor.region !== null);
  const at = one!.anchor.fromUs;
  const ids = (us: number): readonly string[] => shownAt(ofMain, us).map(({ id }) => id);
  expect([ids(at - 1), ids(at), ids(at + 999_999), ids(at + 1_000_000)]).toEqual([[], [one!.id], [one!.id], []]);
});

test('a hundred percent is said only where nothing is unseen', () => {
  expect(seenPercent([], 1000)).toBe(100);
  expect(seenPercent([{ fromUs: 0, toUs: 1 }], 1_000_000)).toBe(99);
  expect(seenPercent(unseenOf(null, 1000), 1000)).toBe(0);
  expect(unseenOf({ unseen: [] } as unknown as Reviewer, 1000)).toEqual([]);
});

test('nothing is added to a closed case, and the reason is told', () => {
  const summary = { ...cases[0]!, status: 'closed' as const };
  expect(caseProblem(summary)).toContain('closed');
  expect([caseProblem(null), caseProblem(cases[0]!)]).toEqual([null, null]);
});
