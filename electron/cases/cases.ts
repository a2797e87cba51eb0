// The door of cases: the rules of what people write about evidence. Nothing is overwritten: a change is one more version with its
// author and reason. A closed case takes no change until it is opened again; a case that came in a bundle takes comments alone.

import type {
  Annotation,
  AnnotationAnchor,
  AnnotationBody,
  CaseDetail,
  CaseFields,
  CaseSummary,
  Exhibit,
  Redaction,
  RedactionRule,
} from '../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { compileExpression } from '../../shared/query/expression.ts';
import { foldTag, type Library, type SessionRow } from '../library/library.ts';

export interface CasesDeps {
  readonly library: Pick<Library, 'cases' | 'annotations' | 'redactions' | 'atomically'>;
  readonly actor: string;
  /** RFC 3339, UTC. */
  readonly now: () => string;
  /** An id that nobody has. */
  readonly newId: () => string;
}

export interface NewMember {
  readonly session: SessionRow;
  /** Null: the whole recording. */
  readonly range: Exhibit['range'];
}

/** Some members of an object; one that is undefined was not given. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Every function throws kind `not-found` for what is not there, and `refused` where the rules do not allow it. */
export interface Cases {
  find(ref: string): CaseSummary;
  create(fields: CaseFields): CaseDetail;
  change(ref: string, fields: Given<CaseFields>, reason: string): CaseDetail;
  close(ref: string, reason: string): CaseDetail;
  reopen(ref: string, reason: string): CaseDetail;
  note(ref: string, text: string): CaseDetail['notes'][number];
  /** What stands in the case already is passed over. */
  addExhibits(ref: string, members: readonly NewMember[], title: string | undefined): readonly Exhibit[];
  withdrawExhibit(ref: string, exhibit: string, reason: string): Exhibit;
  annotate(
    anchor: AnnotationAnchor,
    ref: string | undefined,
    body: Given<AnnotationBody> & { readonly title: string },
  ): Annotation;
  changeAnnotation(id: string, change: Given<AnnotationBody>, reason: string): Annotation;
  retractAnnotation(id: string, reason: string): Annotation;
  redact(ref: string, session: string | null, rule: RedactionRule, reason: string): Redaction;
  withdrawRedaction(ref: string, redaction: string, reason: string): Redaction;
}

const PLAIN: AnnotationBody = { title: '', note: '', tags: [], severity: 'info', links: [] };

function withGiven<T extends object>(whole: T, given: Given<T>): T {
  return { ...whole, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** The same with what was given. Throws kind `refused` where that changes nothing: a version says what is new. */
function changed<T extends object>(whole: T, given: Given<T>, what: string): T {
  const next = withGiven(whole, given);
  if (JSON.stringify(next) === JSON.stringify(whole)) throw new ExhibitError('refused', what, 'nothing would change');
  return next;
}

/** Tags in the form in which they are kept, each once. */
const foldTags = (tags: readonly string[]): string[] => [...new Set(tags.map(foldTag))].filter((tag) => tag !== '');

const fieldsOf = ({ number, title, authority, purpose, custodian, members }: CaseFields): CaseFields => ({
  number,
  title,
  authority,
  purpose,
  custodian,
  members,
});

/** Throws kind `usage` for a rule that can mean nothing. */
function checkRule(rule: RedactionRule, session: string | null): void {
  const wrong = (why: string, todo: string): ExhibitError => new ExhibitError('usage', 'add redaction', why, todo);
  switch (rule.kind) {
    case 'pattern': {
      const compiled = compileExpression(rule.pattern, rule.flags);
      if (compiled.kind === 'wrong') throw wrong(compiled.why, compiled.todo);
      return;
    }
    case 'range':
    case 'region':
      if (rule.toUs < rule.fromUs) throw wrong('it ends before it begins', 'give the earlier moment first');
      break;
    case 'stream':
      break;
    case 'text':
    case 'secrets':
      return;
  }
  if (session === null) throw wrong(`a ${rule.kind} is of one recording`, 'name the session');
}

/** The case that an id or a number means. Throws kinds `not-found`, and `usage` where several are meant. */
export function findCase(cases: Library['cases'], ref: string): CaseSummary {
  const found = cases.find(ref);
  if (found === null)
    throw new ExhibitError('not-found', `case ${ref}`, 'there is no such case', '`exhibit cases list` shows them');
  if (found === 'ambiguous')
    throw new ExhibitError('usage', `case ${ref}`, 'more than one bundle was opened with this number', 'give the id of the case');
  return found;
}

export function createCases({ library, actor, now, newId }: CasesDeps): Cases {
  const { cases, annotations, redactions, atomically } = library;

  const find = (ref: string): CaseSummary => findCase(cases, ref);

  /** The case, when it takes comments. */
  const open = (ref: string, what: string): CaseSummary => {
    const found = find(ref);
    // A bundle's case was closed by whoever made it: that keeps no reviewer from a comment.
    if (found.status === 'closed' && found.openedFrom === null)
      throw new ExhibitError(
        'refused',
        what,
        `case ${found.number} is closed`,
        'open it again first: `exhibit cases reopen` with a reason',
      );
    return found;
  };

  /** The case, when it takes any change. */
  const own = (ref: string, what: string): CaseSummary => {
    const found = open(ref, what);
    if (found.openedFrom !== null)
      throw new ExhibitError(
        'refused',
        what,
        `case ${found.number} was opened from a bundle: only comments can be added`,
        'ask whoever made the bundle',
      );
    return found;
  };

  const addVersion = (found: CaseSummary, fields: CaseFields, status: CaseSummary['status'], reason: string): CaseDetail => {
    cases.addVersion(found.id, { ...fields, status, author: actor, at: now(), reason });
    return cases.show(found.id);
  };

  const numberIsFree = (number: string, self: string | null): void => {
    const taken = cases.find(number);
    if (taken === null || taken === 'ambiguous' || taken.id === self || taken.openedFrom !== null) return;
    const why =
      taken.number.toLowerCase() === number.toLowerCase()
        ? 'there is a case of this number already'
        : `case ${taken.number} had this number`;
    throw new ExhibitError('refused', `case ${number}`, why, 'choose another number');
  };

  const exhibitOf = ({ id, number }: CaseSummary, ref: string): Exhibit => {
    const found = cases.exhibits(id).find((one) => one.id === ref || one.number === ref.toUpperCase());
    if (found !== undefined) return found;
    throw new ExhibitError(
      'not-found',
      `exhibit ${ref}`,
      `case ${number} has none of this number`,
      '`exhibit cases show` lists them',
    );
  };

  const mustStand = ({ id, number }: CaseSummary, session: string, what: string): void => {
    if (cases.stands(id, session)) return;
    const why = `session ${session} is no exhibit of case ${number}`;
    throw new ExhibitError('refused', what, why, 'add it first: `exhibit cases add`');
  };

  const mustExist = (links: readonly string[]): void => {
    const lost = links.find((id) => annotations.find(id) === null);
    if (lost !== undefined)
      throw new ExhibitError(
        'not-found',
        `annotation ${lost}`,
        'there is none that could be linked to',
        '`exhibit annotate list` shows them',
      );
  };

  /** An annotation that may get another version. */
  const changeable = (id: string, what: string): Annotation => {
    const found = annotations.find(id);
    if (found === null)
      throw new ExhibitError('not-found', `annotation ${id}`, 'there is none of this id', '`exhibit annotate list` shows them');
    if (found.from !== null)
      throw new ExhibitError('refused', what, 'it was signed by somebody else', 'add one of your own that links to it');
    if (found.retracted) throw new ExhibitError('refused', what, 'it was retracted', 'add another one');
    if (found.case !== null) open(found.case, what);
    return found;
  };

  return {
    find,
    create: (fields) => {
      const id = newId();
      return atomically(() => {
        numberIsFree(fields.number, null);
        cases.create(id, null, { ...fields, status: 'open', author: actor, at: now(), reason: 'made' });
        return cases.show(id);
      });
    },
    change: (ref, fields, reason) =>
      atomically(() => {
        const found = own(ref, `change case ${ref}`);
        if (fields.number !== undefined) numberIsFree(fields.number, found.id);
        return addVersion(found, changed(fieldsOf(found), fields, `change case ${ref}`), 'open', reason);
      }),
    close: (ref, reason) =>
      atomically(() => {
        const found = own(ref, `close case ${ref}`);
        return addVersion(found, fieldsOf(found), 'closed', reason);
      }),
    reopen: (ref, reason) =>
      atomically(() => {
        const found = find(ref);
        if (found.openedFrom !== null) own(ref, `reopen case ${ref}`);
        if (found.status === 'open') throw new ExhibitError('refused', `reopen case ${ref}`, 'it is open');
        return addVersion(found, fieldsOf(found), 'open', reason);
      }),
    note: (ref, text) =>
      atomically(() => {
        const note = { id: newId(), text, author: actor, at: now() };
        cases.addNote(open(ref, `add note to case ${ref}`).id, note);
        return note;
      }),

    addExhibits: (ref, members, title) =>
      atomically(() => {
        const { id, number } = own(ref, `add to case ${ref}`);
        const name = (session: string, range: Exhibit['range']): string =>
          range === null ? session : `${session} ${String(range.fromUs)} ${String(range.toUs)}`;
        const there = new Set(
          cases.exhibits(id).flatMap(({ session, range, withdrawn }) => (withdrawn === null ? [name(session, range)] : [])),
        );
        const added = members.filter(({ session, range }) => {
          if (range !== null && range.toUs <= range.fromUs)
            throw new ExhibitError('usage', `add to case ${ref}`, 'the range is empty', 'give the earlier moment first');
          const known = there.has(name(session.id, range));
          there.add(name(session.id, range));
          return !known;
        });
        if (added.length === 0)
          throw new ExhibitError('refused', `add to case ${ref}`, `all of it stands in case ${number} already`);
        const at = now();
        return cases.addExhibits(
          id,
          added.map(({ session, range }) => ({
            id: newId(),
            session: session.id,
            range,
            title: title ?? session.title ?? session.command ?? '',
            addedBy: actor,
            addedAt: at,
          })),
        );
      }),
    withdrawExhibit: (ref, exhibit, reason) =>
      atomically(() => {
        const found = exhibitOf(own(ref, `withdraw ${exhibit}`), exhibit);
        if (found.withdrawn !== null) throw new ExhibitError('refused', `withdraw ${exhibit}`, 'it was withdrawn already');
        cases.withdrawExhibit(found.id, { by: actor, at: now(), reason });
        return cases.exhibit(found.id)!;
      }),

    annotate: (anchor, ref, body) =>
      atomically(() => {
        const found = ref === undefined ? null : open(ref, `annotate in case ${ref}`);
        if (found !== null) mustStand(found, anchor.session, `annotate in case ${found.number}`);
        const whole = withGiven(PLAIN, body);
        mustExist(whole.links);
        const act = { author: actor, at: now(), reason: 'made', retracted: false };
        return annotations.add({
          id: newId(),
          case: found?.id ?? null,
          anchor,
          from: null,
          versions: [{ ...whole, tags: foldTags(whole.tags), ...act }],
        });
      }),
    changeAnnotation: (id, change, reason) =>
      atomically(() => {
        const what = `change annotation ${id}`;
        const { title, note, tags, severity, links } = changeable(id, what);
        const given = { ...change, tags: change.tags === undefined ? undefined : foldTags(change.tags) };
        const whole = changed({ title, note, tags, severity, links }, given, what);
        mustExist(whole.links);
        return annotations.addVersion(id, { ...whole, author: actor, at: now(), reason, retracted: false });
      }),
    retractAnnotation: (id, reason) =>
      atomically(() => {
        const { title, note, tags, severity, links } = changeable(id, `retract annotation ${id}`);
        const act = { author: actor, at: now(), reason, retracted: true };
        return annotations.addVersion(id, { title, note, tags, severity, links, ...act });
      }),

    redact: (ref, session, rule, reason) =>
      atomically(() => {
        const found = own(ref, `add redaction to case ${ref}`);
        checkRule(rule, session);
        if (session !== null) mustStand(found, session, 'add redaction');
        return redactions.add({ id: newId(), case: found.id, session, rule, reason, author: actor, at: now() });
      }),
    withdrawRedaction: (ref, redaction, reason) =>
      atomically(() => {
        const { id, number } = own(ref, `withdraw redaction ${redaction}`);
        const found = redactions.list(id).find((one) => one.id === redaction || one.number === redaction.toUpperCase());
        if (found === undefined)
          throw new ExhibitError(
            'not-found',
            `redaction ${redaction}`,
            `case ${number} has none of this number`,
            '`exhibit redact list` shows them',
          );
        if (found.withdrawn !== null)
          throw new ExhibitError('refused', `withdraw redaction ${redaction}`, 'it was withdrawn already');
        redactions.withdraw(found.id, { by: actor, at: now(), reason });
        return redactions.find(found.id)!;
      }),
  };
}

export { checkAnchor, makeAnchor, whyNotSeen, type AnchoredRecording } from './anchor.ts';
export { coverageOf, markReviewed, type ReviewMark } from './reviewing.ts';
