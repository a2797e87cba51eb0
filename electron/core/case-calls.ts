// Calls about cases, exhibits, notes, annotations, redaction rules and coverage. The rules are the cases room's; here moments
// become places in a recording, and each act gets its custody entry: ids and what changed, never a note nor the text to be withheld.

import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Annotation, AnnotationCheck, AnnotationTarget, Redaction } from '../../shared/api/case-shapes.ts';
import type { Input } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Moment } from '../../shared/api/shapes.ts';
import { annotationDigest } from '../../shared/evidence/annotation-digest.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import { tellClock } from '../../shared/recording/time.ts';
import { checkAnchor, coverageOf, createCases, makeAnchor, markReviewed, whyNotSeen, type Cases } from '../cases/cases.ts';
import { PURGED, purgedError, sha256, type AnnotationFilter } from '../library/library.ts';
import { anchoredRecording } from './anchored-recording.ts';
import { findSession, type Acted, type Desk, type Handlers } from './desk.ts';
import { standingAt } from './moments.ts';
import { withoutHead } from './session-shapes.ts';

type Calls =
  | 'cases.create'
  | 'cases.list'
  | 'cases.show'
  | 'cases.change'
  | 'cases.close'
  | 'cases.reopen'
  | 'cases.note'
  | 'cases.addExhibits'
  | 'cases.withdrawExhibit'
  | 'annotations.add'
  | 'annotations.change'
  | 'annotations.retract'
  | 'annotations.list'
  | 'annotations.check'
  | 'redactions.add'
  | 'redactions.withdraw'
  | 'redactions.list'
  | 'coverage.show'
  | 'coverage.mark';

const PAGE = 200;

/** Annotations of one check. */
const CHECKED = 10_000;

export function caseCalls(desk: Desk): Handlers<Calls> {
  const { library, actor, now } = desk;
  const cases = (): Cases => createCases({ library: library(), actor, now, newId: () => randomBytes(10).toString('hex') });

  /** What is done to a case: the entry has its id as subject. */
  const onCase = <T>(output: T, id: string, what: string, details: Record<string, JsonValue>): Acted<T> => {
    desk.emit('cases', { cases: [id], sessions: [] });
    const { number } = cases().find(id);
    return { output, subject: id, details: { what, case: number, ...details } };
  };

  /** A quotation is content: where the recording may not be seen it is left out, and what people wrote themselves stays. */
  const shown = (annotation: Annotation): Annotation => {
    const { anchor } = annotation;
    const session = anchor.text === null ? null : library().sessions.find(anchor.session);
    const isRefused = session !== null && session !== 'ambiguous' && desk.rights().refused(session, 'recording') !== null;
    return isRefused ? { ...annotation, anchor: { ...anchor, text: null } } : annotation;
  };

  /** What is said of a recording: the entry has the session as subject. */
  const onAnnotation = (output: Annotation, what: string, details: Record<string, JsonValue> = {}): Acted<Annotation> => {
    const { id, case: caseId, anchor, title, tags, severity, versions } = output;
    const { session, kind, fromUs, toUs } = anchor;
    desk.emit('cases', { cases: caseId === null ? [] : [caseId], sessions: [session] });
    const place = { kind, from_us: fromUs, to_us: toUs };
    const digest = annotationDigest(sha256, output, versions.at(-1));
    const said = { annotation: id, version: versions.length, digest, title, tags, severity, note_length: output.note.length };
    return { output: shown(output), subject: session, details: { what, case: caseId, ...place, ...said, ...details } };
  };

  const onRedaction = (output: Redaction, what: string): Acted<Redaction> => {
    const { case: caseId, number, session, rule } = output;
    desk.emit('cases', { cases: [caseId], sessions: session === null ? [] : [session] });
    const reason = output.withdrawn?.reason ?? output.reason;
    return { output, subject: caseId, details: { what, redaction: number, session, rule: rule.kind, reason } };
  };

  const namesOf = (given: object): string[] => Object.keys(given).toSorted();

  /** The filter with the id of its case, and its session's whole id. */
  const filterOf = ({ case: ref, session, ...rest }: Input<'annotations.list'>): AnnotationFilter => ({
    ...rest,
    ...(ref === undefined ? {} : { case: cases().find(ref).id }),
    ...(session === undefined ? {} : { session: findSession(library(), session).id }),
  });

  const target = async (input: Input<'annotations.add'>): Promise<AnnotationTarget> => {
    const recording = await desk.recordings().open(findSession(library(), input.session));
    const at = (moment: Moment): number => standingAt(recording, moment).at;
    // A range ends with its recording; what begins behind the end stands nowhere.
    if (input.from.kind === 'offset' && input.from.atUs > recording.duration) {
      const ends = `the recording ends at ${tellClock(recording.duration)}`;
      throw new ExhibitError('usage', `annotate session ${input.session}`, ends, 'give a moment in it');
    }
    const [fromUs, toUs] = [at(input.from), at(input.to ?? input.from)];
    if (toUs < fromUs)
      throw new ExhibitError(
        'usage',
        `annotate session ${input.session}`,
        'it ends before it begins',
        'give the earlier moment first',
      );
    const { region = null, text = null } = input;
    // A text may have the place where it stands.
    const kind = text !== null ? 'text' : region !== null ? 'region' : input.to === undefined ? 'moment' : 'range';
    return { kind, fromUs, toUs, region, text };
  };

  return {
    'cases.create': ({ authority = '', purpose = '', custodian = '', members = [], ...rest }) => {
      const made = cases().create({ ...rest, authority, purpose, custodian, members });
      return onCase(made, made.id, 'case made', { title: made.title });
    },
    'cases.list': () => [...library().cases.list()],
    'cases.show': ({ case: ref }) => library().cases.show(cases().find(ref).id),
    'cases.change': ({ case: ref, fields, reason }) => {
      const changed = cases().change(ref, fields, reason);
      return onCase(changed, changed.id, 'case changed', { fields: namesOf(fields), version: changed.versions.length, reason });
    },
    'cases.close': ({ case: ref, reason }) => {
      const closed = cases().close(ref, reason);
      return onCase(closed, closed.id, 'case closed', { version: closed.versions.length, reason });
    },
    'cases.reopen': ({ case: ref, reason }) => {
      const opened = cases().reopen(ref, reason);
      return onCase(opened, opened.id, 'case reopened', { version: opened.versions.length, reason });
    },
    'cases.note': ({ case: ref, text }) => {
      const note = cases().note(ref, text);
      return onCase(note, cases().find(ref).id, 'note added', { note: note.id, length: text.length });
    },

    'cases.addExhibits': async ({ case: ref, sessions, range, title }) => {
      const rows = sessions.map((id) => findSession(library(), id));
      if (range !== undefined && rows.length > 1)
        throw new ExhibitError('usage', `add to case ${ref}`, 'a range is of one recording', 'name one session');
      const recording = range === undefined ? null : await desk.recordings().open(rows[0]!);
      const at = (moment: Moment): number => standingAt(recording!, moment).at;
      const span = range === undefined ? null : { fromUs: at(range.from), toUs: at(range.to) };
      const added = cases().addExhibits(
        ref,
        rows.map((session) => ({ session: withoutHead(session, library().rights), range: span })),
        title,
      );
      desk.emit('cases', { cases: [], sessions: added.map(({ session }) => session) });
      const exhibits = added.map(({ number, session }) => ({ number, session }));
      return onCase([...added], added[0]!.case, 'exhibits added', {
        exhibits,
        range: span === null ? null : { from_us: span.fromUs, to_us: span.toUs },
      });
    },
    'cases.withdrawExhibit': ({ case: ref, exhibit, reason }) => {
      const withdrawn = cases().withdrawExhibit(ref, exhibit, reason);
      const { number, session } = withdrawn;
      desk.emit('cases', { cases: [], sessions: [session] });
      return onCase(withdrawn, withdrawn.case, 'exhibit withdrawn', { exhibit: number, session, reason });
    },

    'annotations.add': async (input) => {
      const session = findSession(library(), input.session);
      const recording = await anchoredRecording(desk, session);
      const wanted = await target(input);
      const unseen = whyNotSeen(recording, wanted);
      if (unseen !== null) {
        const todo = 'give a moment at which it is there, or put it into the note';
        throw new ExhibitError('refused', `annotate session ${input.session}`, unseen, todo);
      }
      const anchor = makeAnchor(recording, wanted);
      return onAnnotation(cases().annotate(anchor, input.case, input.body), 'annotation added');
    },
    'annotations.change': ({ id, change, reason }) =>
      onAnnotation(cases().changeAnnotation(id, change, reason), 'annotation changed', {
        fields: namesOf(change),
        reason,
      }),
    'annotations.retract': ({ id, reason }) =>
      onAnnotation(cases().retractAnnotation(id, reason), 'annotation retracted', { reason }),
    'annotations.list': ({ cursor, limit, ...filter }) => {
      // Words are looked for in quotations too.
      const without = filter.text === undefined ? [] : library().rights.refusedKeys('recording');
      const wanted = { ...filterOf(filter), without };
      const { total, annotations, next } = library().annotations.list(wanted, cursor ?? null, limit ?? PAGE);
      return { total, annotations: annotations.map(shown), next };
    },

    'annotations.check': async ({ filter, ids, against }) => {
      const found = library().annotations.list(filterOf(filter), null, CHECKED);
      const wanted = ids === undefined ? found.annotations : found.annotations.filter(({ id }) => ids.includes(id));
      if (ids === undefined && found.next !== null)
        throw new ExhibitError(
          'usage',
          'check annotations',
          `there are ${String(found.total)} of them`,
          'name a case or a session',
        );
      const copy = against === undefined ? null : findSession(library(), against);
      const checks: AnnotationCheck[] = [];
      // By session: one recording is open at a time.
      let recording: Awaited<ReturnType<typeof anchoredRecording>> | null = null;
      for (const { id, anchor } of wanted) {
        const session = copy ?? library().sessions.find(anchor.session);
        if (session === null || session === 'ambiguous') {
          const reason = 'the recording is not in this library';
          checks.push({ id, session: anchor.session, verdict: 'unknown', reason, place: null });
          continue;
        }
        const refusal = desk.rights().refused(session, 'recording');
        if (refusal !== null) {
          const reason = `its source does not let the recording be seen: ${refusal.name} is missing`;
          checks.push({ id, session: session.id, verdict: 'unknown', reason, place: null });
          continue;
        }
        if (session.lockCode === PURGED) {
          checks.push({ id, session: session.id, verdict: 'unknown', reason: purgedError().why, place: null });
          continue;
        }
        if (recording?.session !== session.id) recording = await anchoredRecording(desk, session);
        checks.push({ id, session: session.id, ...checkAnchor(anchor, recording) });
        await setImmediate();
      }
      const counts = Map.groupBy(checks, ({ verdict }) => verdict);
      const details = Object.fromEntries([...counts].map(([verdict, all]) => [verdict, all.length]));
      const subject = copy?.id ?? filter.session ?? (filter.case === undefined ? 'library' : cases().find(filter.case).id);
      return { output: checks, subject, details: { what: 'annotations checked', ...details } };
    },

    'redactions.add': ({ case: ref, session, rule, reason }) => {
      const id = session === undefined ? null : findSession(library(), session).id;
      return onRedaction(cases().redact(ref, id, rule, reason), 'redaction added');
    },
    'redactions.withdraw': ({ case: ref, redaction, reason }) =>
      onRedaction(cases().withdrawRedaction(ref, redaction, reason), 'redaction withdrawn'),
    'redactions.list': ({ case: ref }) => [...library().redactions.list(cases().find(ref).id)],

    'coverage.show': (input) => {
      if ('session' in input) return [coverageOf(library(), findSession(library(), input.session))];
      const exhibits = library().cases.exhibits(cases().find(input.case).id);
      const standing = new Set(exhibits.flatMap(({ session, withdrawn }) => (withdrawn === null ? [session] : [])));
      return [...standing].flatMap((id) => {
        const session = library().sessions.find(id);
        const isListed = session !== null && session !== 'ambiguous' && desk.rights().refused(session, 'history') === null;
        return isListed ? [coverageOf(library(), session)] : [];
      });
    },
    'coverage.mark': ({ session: id, note, reviewed = true, partly = false }) => {
      const session = findSession(library(), id);
      const output = markReviewed(library(), session, { reviewer: actor, at: now(), note, reviewed, partly });
      desk.emit('cases', { cases: [], sessions: [session.id] });
      const unseen = library().reviews.reviews(session.id).at(-1)!.unseen;
      const what = reviewed ? 'marked as reviewed' : 'mark taken back';
      return { output, subject: session.id, details: { what, unseen_us: unseen, duration_us: session.duration } };
    },
  };
}
