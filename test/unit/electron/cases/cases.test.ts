// The rules of cases, on a real library.

import { describe, expect, test } from 'vitest';
import { createCases, type Cases } from '../../../../electron/cases/cases.ts';
import type { Library, SessionRow } from '../../../../electron/library/library.ts';
import type { AnnotationAnchor, CaseFields } from '../../../../shared/api/case-shapes.ts';
import { temporaryLibrary } from '../../../support/library.ts';

const FIELDS: CaseFields = {
  number: '2026-014',
  title: 'Deleted customers',
  authority: '',
  purpose: '',
  custodian: '',
  members: [],
};

function desk(actor = 'ana'): { readonly library: Library; readonly cases: Cases; readonly as: (actor: string) => Cases } {
  const { library } = temporaryLibrary();
  let ids = 0;
  let minutes = 0;
  const as = (who: string): Cases =>
    createCases({
      library,
      actor: who,
      now: () => `2026-11-21T10:${String(minutes++).padStart(2, '0')}:00.000Z`,
      newId: () => `id${String(++ids)}`,
    });
  return { library, cases: as(actor), as };
}

const session = (id: string): SessionRow => ({ id, title: `recording ${id}`, command: null }) as SessionRow;
const whole = (id: string) => ({ session: session(id), range: null });
const anchor = (id: string, fromUs = 0): AnnotationAnchor => ({
  kind: 'moment',
  fromUs,
  toUs: fromUs,
  region: null,
  text: null,
  session: id,
  root: '00',
  records: 1,
  fromEvent: 0,
  toEvent: 0,
  seq: null,
  screen: null,
});

const refused = (why: string): unknown =>
  expect.objectContaining({ kind: 'refused', why: expect.stringContaining(why) as string });

describe('a case', () => {
  test('keeps every version with its author, reason and time', () => {
    const { cases, as, library } = desk();
    const { id } = cases.create(FIELDS);
    as('ben').change('2026-014', { purpose: 'audit', title: undefined }, 'the order came');
    cases.close(id, 'signed off');
    const shown = cases.reopen(id, 'more came');
    expect(shown).toMatchObject({ status: 'open', purpose: 'audit', title: 'Deleted customers' });
    expect(
      shown.versions.map(({ version, status, author, reason, purpose }) => [version, status, author, reason, purpose]),
    ).toEqual([
      [1, 'open', 'ana', 'made', ''],
      [2, 'open', 'ben', 'the order came', 'audit'],
      [3, 'closed', 'ana', 'signed off', 'audit'],
      [4, 'open', 'ana', 'more came', 'audit'],
    ]);
    expect(shown.versions.map(({ at }) => at)).toEqual(shown.versions.map(({ at }) => at).toSorted());
    expect(library.cases.list()).toMatchObject([{ createdAt: shown.versions[0]!.at, changedAt: shown.versions[3]!.at }]);
  });

  test('has a number that no other one has or had', () => {
    const { cases } = desk();
    cases.create(FIELDS);
    expect(() => cases.create({ ...FIELDS, title: 'Another' })).toThrow(refused('there is a case of this number already'));
    cases.change('2026-014', { number: '2026-015' }, 'numbered anew');
    expect(() => cases.create(FIELDS)).toThrow(refused('case 2026-015 had this number'));
    cases.create({ ...FIELDS, number: '2026-016' });
    expect(() => cases.change('2026-016', { number: '2026-014' }, 'why not')).toThrow(refused('had this number'));
    // It may have its own old number back.
    cases.change('2026-015', { number: '2026-014' }, 'back');
    expect(() => cases.find('2026-099')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });

  test('that is closed refuses every change until it is opened again', () => {
    const { cases } = desk();
    cases.create(FIELDS);
    cases.addExhibits('2026-014', [whole('s1')], undefined);
    const { id } = cases.annotate(anchor('s1'), '2026-014', { title: 'Here' });
    cases.close('2026-014', 'signed off');
    const changes: (() => unknown)[] = [
      () => cases.change('2026-014', { title: 'T' }, 'r'),
      () => cases.close('2026-014', 'r'),
      () => cases.note('2026-014', 'late'),
      () => cases.addExhibits('2026-014', [whole('s2')], undefined),
      () => cases.withdrawExhibit('2026-014', 'EX-001', 'r'),
      () => cases.annotate(anchor('s1'), '2026-014', { title: 'T' }),
      () => cases.changeAnnotation(id, { title: 'T' }, 'r'),
      () => cases.retractAnnotation(id, 'r'),
      () => cases.redact('2026-014', null, { kind: 'secrets' }, 'r'),
      () => cases.withdrawRedaction('2026-014', 'R-0001', 'r'),
    ];
    for (const change of changes) expect(change).toThrow(refused('is closed'));
    cases.reopen('2026-014', 'more came');
    expect(() => cases.reopen('2026-014', 'again')).toThrow(refused('it is open'));
    cases.note('2026-014', 'in time');
  });

  test('that was opened from a bundle takes comments alone', () => {
    const { cases, library } = desk();
    const from = { bundle: 'b.zip', signer: 'ben', verdict: 'TRUSTED' };
    library.cases.create('c9', from, {
      ...FIELDS,
      status: 'closed',
      author: 'ben',
      at: '2026-11-20T10:00:00.000Z',
      reason: 'made',
    });
    const exhibit = { id: 'e9', session: 's1', range: null, title: '', addedBy: 'ben', addedAt: '2026-11-20T10:00:00.000Z' };
    library.cases.addExhibits('c9', [exhibit]);
    const version = {
      title: 'Theirs',
      note: '',
      tags: [],
      severity: 'low',
      links: [],
      author: 'ben',
      at: exhibit.addedAt,
    } as const;
    const versions = [{ ...version, tags: [], links: [], reason: 'made', retracted: false }];
    library.annotations.add({ id: 'a9', case: 'c9', anchor: anchor('s1'), from: 'SHA256:x', versions });
    for (const change of [
      () => cases.change('c9', { title: 'T' }, 'r'),
      () => cases.close('c9', 'r'),
      () => cases.reopen('c9', 'r'),
      () => cases.addExhibits('c9', [whole('s2')], undefined),
      () => cases.withdrawExhibit('c9', 'EX-001', 'r'),
      () => cases.redact('c9', null, { kind: 'secrets' }, 'r'),
    ])
      expect(change).toThrow(refused('only comments can be added'));
    expect(() => cases.changeAnnotation('a9', { title: 'Mine' }, 'r')).toThrow(refused('signed by somebody else'));
    expect(() => cases.retractAnnotation('a9', 'r')).toThrow(refused('signed by somebody else'));
    expect(cases.annotate(anchor('s1'), 'c9', { title: 'I doubt it', links: ['a9'] })).toMatchObject({ case: 'c9', from: null });
    cases.note('c9', 'seen');
  });

  test('a change that changes nothing is none', () => {
    const { cases } = desk();
    cases.create(FIELDS);
    expect(() => cases.change('2026-014', { title: 'Deleted customers' }, 'r')).toThrow(refused('nothing would change'));
    const { id } = cases.annotate(anchor('s1'), undefined, { title: 'Here', tags: ['Drop'] });
    expect(() => cases.changeAnnotation(id, { tags: ['drop'] }, 'r')).toThrow(refused('nothing would change'));
  });
});

describe('exhibits', () => {
  test('are numbered upward, and a number is never given twice', () => {
    const { cases, library } = desk();
    const { id } = cases.create(FIELDS);
    const added = cases.addExhibits('2026-014', [whole('s1'), whole('s2'), whole('s1')], undefined);
    expect(added.map(({ number, session: of, title }) => [number, of, title])).toEqual([
      ['EX-001', 's1', 'recording s1'],
      ['EX-002', 's2', 'recording s2'],
    ]);
    cases.withdrawExhibit(id, 'ex-002', 'another matter');
    expect(() => cases.withdrawExhibit(id, 'EX-002', 'again')).toThrow(refused('withdrawn already'));
    const range = { session: session('s1'), range: { fromUs: 5, toUs: 9 } };
    const [again, part] = cases.addExhibits(id, [whole('s2'), range], 'Named');
    expect([again?.number, part?.number, part?.range, part?.title]).toEqual([
      'EX-003',
      'EX-004',
      { fromUs: 5, toUs: 9 },
      'Named',
    ]);
    expect(() => cases.addExhibits(id, [whole('s1'), range], undefined)).toThrow(refused('stands in case 2026-014 already'));
    expect(() => cases.addExhibits(id, [{ ...range, range: { fromUs: 9, toUs: 9 } }], undefined)).toThrow('the range is empty');
    expect(library.cases.find(id)).toMatchObject({ exhibits: 3 });
    expect(library.cases.show(id).exhibitList[1]).toMatchObject({ withdrawn: { by: 'ana', reason: 'another matter' } });
  });

  test('are added all or not at all', () => {
    const { cases, library } = desk();
    const { id } = cases.create(FIELDS);
    expect(() =>
      cases.addExhibits(id, [whole('s1'), { session: session('s2'), range: { fromUs: 2, toUs: 1 } }], undefined),
    ).toThrow();
    expect(library.cases.exhibits(id)).toEqual([]);
  });
});

describe('annotations', () => {
  test('keep every version, their tags folded, and point at what is an exhibit', () => {
    const { cases, as, library } = desk();
    cases.create(FIELDS);
    expect(() => cases.annotate(anchor('s1'), '2026-014', { title: 'Here' })).toThrow(refused('s1 is no exhibit'));
    cases.addExhibits('2026-014', [whole('s1')], undefined);
    const first = cases.annotate(anchor('s1', 7), '2026-014', {
      title: 'Here',
      tags: ['Ｄｒｏｐ  Table', 'drop table', ' ', 'Große Straße'],
    });
    expect(first).toMatchObject({
      tags: ['drop table', 'große straße'],
      severity: 'info',
      note: '',
      author: 'ana',
      retracted: false,
    });
    as('ben').changeAnnotation(first.id, { note: 'It *was* run.', severity: 'high', tags: undefined }, 'seen again');
    const last = cases.retractAnnotation(first.id, 'noted twice');
    expect(last.versions.map((one) => [one.version, one.author, one.reason, one.severity, one.note, one.retracted])).toEqual([
      [1, 'ana', 'made', 'info', '', false],
      [2, 'ben', 'seen again', 'high', 'It *was* run.', false],
      [3, 'ana', 'noted twice', 'high', 'It *was* run.', true],
    ]);
    expect(last).toMatchObject({ retracted: true, tags: ['drop table', 'große straße'], author: 'ana', anchor: { fromUs: 7 } });
    expect(() => cases.changeAnnotation(first.id, { title: 'Back' }, 'r')).toThrow(refused('it was retracted'));
    expect(library.annotations.list({ tag: 'drop table' }, null, 10).total).toBe(0);
    expect(library.annotations.list({ tag: 'drop table', retracted: true }, null, 10).total).toBe(1);
    expect(() => cases.annotate(anchor('s1'), undefined, { title: 'T', links: ['nowhere'] })).toThrow('could be linked to');
    expect(cases.annotate(anchor('s2'), undefined, { title: 'Free', links: [first.id] })).toMatchObject({ case: null });
  });
});

describe('redaction rules', () => {
  test('are numbered, have a reason, and are withdrawn with one', () => {
    const { cases, library } = desk();
    const { id } = cases.create(FIELDS);
    cases.addExhibits(id, [whole('s1')], undefined);
    const text = cases.redact(id, null, { kind: 'text', text: 'hunter2', matchCase: true }, 'a password');
    const stream = cases.redact(id, 's1', { kind: 'stream', stream: 'stdin' }, 'typed input');
    expect([text.number, stream.number]).toEqual(['R-0001', 'R-0002']);
    expect(cases.withdrawRedaction(id, 'r-0001', 'it was changed')).toMatchObject({ withdrawn: { reason: 'it was changed' } });
    expect(() => cases.withdrawRedaction(id, 'R-0001', 'r')).toThrow(refused('withdrawn already'));
    expect(() => cases.withdrawRedaction(id, 'R-0009', 'r')).toThrow('has none of this number');
    expect(library.redactions.list(id).map(({ number, withdrawn }) => [number, withdrawn === null])).toEqual([
      ['R-0001', false],
      ['R-0002', true],
    ]);
  });

  test.each([
    ['a range without a session', null, { kind: 'range', fromUs: 1, toUs: 2 }, 'a range is of one recording'],
    ['a stream without a session', null, { kind: 'stream', stream: 'stdin' }, 'a stream is of one recording'],
    ['a range that ends before it begins', 's1', { kind: 'range', fromUs: 2, toUs: 1 }, 'it ends before it begins'],
    ['an expression that is none', null, { kind: 'pattern', pattern: '(', flags: '' }, 'the expression is not valid'],
    ['a session that is no exhibit', 's2', { kind: 'range', fromUs: 1, toUs: 2 }, 's2 is no exhibit'],
  ] as const)('%s is refused', (_what, of, rule, why) => {
    const { cases } = desk();
    const { id } = cases.create(FIELDS);
    cases.addExhibits(id, [whole('s1')], undefined);
    expect(() => cases.redact(id, of, rule, 'r')).toThrow(why);
  });
});
