// What a case's view makes of the core's answers.

import { describe, expect, test } from 'vitest';
import { caseRows, closedText, exhibitOf } from '../../../../renderer/cases/case-data.ts';
import { changeText } from '../../../../renderer/cases/case-notes.tsx';
import { membersOf } from '../../../../renderer/cases/case-form.tsx';
import { fitsCase } from '../../../../renderer/cases/cases.tsx';
import { FRESH, ruleOf } from '../../../../renderer/cases/redaction-form.tsx';
import type { Coverage } from '../../../../shared/api/case-shapes.ts';
import { fakeCaseData, ME } from '../../../support/fake-case-data.ts';
import { fakeRecording } from '../../../support/fake-recordings.ts';

const sessions = Array.from({ length: 6 }, (_, i) => fakeRecording(i).session);
const data = fakeCaseData(sessions);
const [detail] = data.cases;
const coverage: Coverage[] = sessions.map(({ id, durationUs }) => ({
  session: id,
  durationUs,
  reviewers: data.reviewers.get(id) ?? [],
}));
const parts = {
  detail: detail!,
  sessions: new Map(sessions.map((one) => [one.id, one])),
  annotations: data.annotations,
  coverage,
  me: ME,
};

describe('the rows of a case', () => {
  const rows = caseRows(parts);

  test('are its exhibits with their recordings, and those withdrawn come last', () => {
    expect(rows.map(({ exhibit }) => exhibit.number)).toEqual(['EX-001', 'EX-002', 'EX-003', 'EX-004', 'EX-005']);
    const withdrawn = { by: ME, at: '2026-11-21T10:00:00Z', reason: 'twice' };
    const exhibitList = parts.detail.exhibitList.map((one, i) => (i === 0 ? { ...one, withdrawn } : one));
    const again = caseRows({ ...parts, detail: { ...parts.detail, exhibitList } });
    expect(again.at(-1)!.exhibit.number).toBe('EX-001');
  });

  test('count what is unseen inside of the exhibit alone', () => {
    const [whole, , , , range] = rows;
    expect(whole!.unseenUs).toBeGreaterThan(0);
    expect(range!.part).toEqual(range!.exhibit.range);
    expect(range!.unseenUs).toBeLessThan(whole!.unseenUs);
    expect(range!.findings.length).toBeLessThan(whole!.findings.length);
  });

  test('have no finding that was retracted', () => {
    expect(data.annotations.some(({ retracted }) => retracted)).toBe(true);
    expect(rows.flatMap(({ findings }) => findings).some(({ retracted }) => retracted)).toBe(false);
  });

  test('name a recording that is not in this library, all of it unseen', () => {
    const strange = caseRows({
      ...parts,
      sessions: new Map(),
      coverage: [{ session: sessions[0]!.id, durationUs: 7, reviewers: [] }],
    });
    expect([strange[0]!.session, strange[0]!.time, strange[0]!.unseenUs]).toEqual([null, null, 7]);
  });

  test('tell under which exhibit a finding stands', () => {
    expect(exhibitOf(rows, data.annotations[0]!)?.number).toBe('EX-001');
    expect(exhibitOf([], data.annotations[0]!)).toBeNull();
  });
});

test('a closed case and one from a bundle say why nothing can be changed', () => {
  expect(closedText({ status: 'open', openedFrom: null })).toBeNull();
  expect(closedText({ status: 'closed', openedFrom: null })).toContain('Reopen it');
  expect(closedText({ status: 'open', openedFrom: { bundle: 'b', signer: 's', verdict: 'TRUSTED' } })).toContain('comments');
});

test('a version says what became of the one before', () => {
  const [first, second] = detail!.versions;
  expect(changeText(first!, second!)).toBe('Changed members');
  expect(changeText(first!, { ...first!, title: 'x', custodian: 'y' })).toBe('Changed title and custodian');
  expect(changeText(first!, { ...first!, status: 'closed' })).toBe('Closed');
});

test('members are read one a line or with commas', () => {
  expect(membersOf(' Ana,Ben\n\nChidi ')).toEqual(['Ana', 'Ben', 'Chidi']);
});

test('cases are found by number, title, custodian and member, among open ones or closed ones', () => {
  expect(fitsCase(detail!, '2026-014 ferreira', 'open')).toBe(true);
  expect(fitsCase(detail!, 'OKAFOR', 'all')).toBe(true);
  expect(fitsCase(detail!, '', 'closed')).toBe(false);
  expect(fitsCase(detail!, 'nobody', 'all')).toBe(false);
});

describe('a redaction that is typed', () => {
  test('becomes the rule that is meant', () => {
    expect(ruleOf({ ...FRESH, text: 'secret' })).toEqual({ rule: { kind: 'text', text: 'secret', matchCase: false } });
    expect(ruleOf({ ...FRESH, kind: 'pattern', text: 'a+', matchCase: true })).toEqual({
      rule: { kind: 'pattern', pattern: 'a+', flags: '' },
    });
    expect(ruleOf({ ...FRESH, kind: 'range', session: 's', from: '1:02.5', to: '70' })).toEqual({
      rule: { kind: 'range', fromUs: 62_500_000, toUs: 70_000_000 },
    });
    expect(ruleOf({ ...FRESH, kind: 'region', session: 's', from: '0', to: '1', region: ['2', '3', '4', '5'] })).toEqual({
      rule: { kind: 'region', fromUs: 0, toUs: 1_000_000, region: { row: 1, col: 2, rows: 4, cols: 5 } },
    });
  });

  test.each([
    [{ kind: 'stream' }, 'Choose the exhibit'],
    [{ kind: 'range', session: 's', from: '5', to: '4' }, 'later than the first'],
    [{ kind: 'range', session: 's', from: 'noon', to: '4' }, 'seconds from the start'],
    [{ kind: 'region', session: 's', from: '0', to: '1', region: ['0', '1', '1', '1'] }, 'counted from 1'],
    [{ kind: 'text', text: '' }, ''],
  ] as const)('%j is told what is wrong with it', (some, problem) => {
    const made = ruleOf({ ...FRESH, ...some });
    expect('problem' in made ? made.problem : 'none').toContain(problem);
  });

  test('takes times as the player does', () => {
    const typed = { ...FRESH, kind: 'range', session: 's', from: ' 12.5', to: '2 d 01:00:00' } as const;
    expect(ruleOf(typed)).toEqual({ rule: { kind: 'range', fromUs: 12_500_000, toUs: 176_400_000_000 } });
  });
});
