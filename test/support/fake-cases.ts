// The fake core's cases, annotations, redactions, coverage and bundles: what the core would answer, kept in memory.

import type {
  Annotation,
  AnnotationBody,
  CaseDetail,
  CaseSummary,
  Coverage,
  Exhibit,
  Redaction,
} from '../../shared/api/case-shapes.ts';
import type { CallName, EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { Job, Moment, Session } from '../../shared/api/shapes.ts';
import { fakeAdditions } from './fake-additions.ts';
import { ME, changed, fakeCaseData, makeAnnotation } from './fake-case-data.ts';

export interface FakeCasesDeps {
  readonly emit: <E extends EventName>(name: E, value: EventValue<E>) => void;
  readonly sessions: () => readonly Session[];
  readonly startJob: (kind: Job['kind'], title: string) => string;
  readonly setJob: (job: Job) => Job;
  readonly findJob: (id: string) => Job;
  readonly openTicket: (text: string) => string;
  /** Asks for the bytes of a file; `onEnd` hears of the first ones when all were given. Then the job is done. */
  readonly offer: (job: string, file: OfferedFile, onEnd: (head: Uint8Array) => void) => void;
  readonly some: boolean;
  /** Bundles stay in their middle. */
  readonly held: boolean;
}

export interface OfferedFile {
  readonly name: string;
  readonly size: number;
}

const NOW = '2026-11-21T10:00:00Z';
const DIGEST = '9f2c5d1e8a7b40c3d6e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7';
const FINGERPRINT = 'SHA256:7pQvX0mJ2nZr4sYd8tWb1cKf6hLg3aEo9uIv5jNxRkM';
const REVIEWER = 'SHA256:mE2rT0qLw9xY4vHb1sKc8fDg5jZo7uNaPi3XeRtUyWk';

type CaseCall = Extract<CallName, `${'cases' | 'annotations' | 'redactions' | 'coverage' | 'bundle'}.${string}`>;
export type CaseHandlers = { readonly [K in CaseCall]: (input: Input<K>) => Output<K> };

export interface FakeCases {
  readonly handlers: CaseHandlers;
  /** What the list of sessions asks of cases. */
  readonly inCase: (session: string, ref: string) => boolean;
  readonly tagged: (session: string, tag: string) => boolean;
  readonly reviewedBy: (session: string) => string[];
  /** Takes a bundle's job to its end. */
  readonly finish: (job: string) => void;
}

const missing = (what: string): ExhibitError => new ExhibitError('not-found', what, 'there is none of that name');

const PASSED: readonly (readonly [string, string])[] = [
  ['It is a bag', ''],
  ['What must be there is there', ''],
  ['Files are those of the manifests', '31 files'],
  ['Digests', '48.2 MB, SHA-256 and SHA-512'],
  ['Statements', ''],
];

const NO_OTHER_BUNDLE = { statement: null, supersedes: null, supersededBy: null } as const;

/**
 * What begins as a ZIP is Dora's bundle; anything else is none. One whose name says so was countersigned by a reviewer, or has a time stamp,
 * which any certificate attests.
 */
function reportOn(
  name: string,
  head: Uint8Array,
  trust: readonly string[],
  authorities: readonly string[],
): Output<'bundle.verified'> {
  const step = 'The ZIP is safe and readable';
  if (head[0] !== 0x50 || head[1] !== 0x4b) {
    const reason = 'it is no ZIP file';
    return {
      verdict: 'UNREADABLE',
      time: 'CLAIMED',
      ...NO_OTHER_BUNDLE,
      signers: [],
      failures: [{ file: name, recording: null, record: null, bytes: null, reason }],
      recordings: [],
      steps: [{ step, outcome: 'failed', detail: reason }],
    };
  }
  const trusted = trust.includes(FINGERPRINT);
  const isStamped = name.includes('stamped');
  const time = isStamped && authorities.length > 0 ? 'ATTESTED' : 'CLAIMED';
  const shared = { trusted, signedAt: NOW, stampedAt: time === 'ATTESTED' ? NOW : null, time, contradiction: null } as const;
  const signers = [
    { ...shared, file: 'signatures/01-producer.json', role: 'producer', name: 'Dora Lindqvist', fingerprint: FINGERPRINT },
    { ...shared, file: 'signatures/02-reviewer.json', role: 'reviewer', name: 'Ravi Osei', fingerprint: REVIEWER },
  ];
  const stamps = isStamped
    ? `01-producer.json: ${time}, ${time === 'ATTESTED' ? 'number 01' : 'no authority is given that certified it'}`
    : '01-producer.json: CLAIMED, there is no time stamp';
  return {
    verdict: trusted ? 'TRUSTED' : 'INTACT, SIGNER NOT TRUSTED',
    time,
    ...NO_OTHER_BUNDLE,
    signers: name.includes('reviewer') ? signers : signers.slice(0, 1),
    failures: [],
    recordings: [{ id: 'r1', root: DIGEST, records: 912, withheld: 0, verified: true }],
    steps: [
      { step, outcome: 'passed', detail: '' },
      ...PASSED.map(([each, detail]) => ({ step: each, outcome: 'passed' as const, detail })),
      { step: 'Time stamps', outcome: isStamped ? 'passed' : 'not checked', detail: stamps },
      { step: 'Custody', outcome: 'passed', detail: 'entries 1 to 412, 380 of them by their hash' },
      { step: 'Recordings', outcome: 'passed', detail: '' },
      { step: 'Derived again', outcome: 'passed', detail: '' },
    ],
  };
}

export function fakeCases({
  emit,
  sessions,
  startJob,
  setJob,
  findJob,
  openTicket,
  offer,
  some,
  held,
}: FakeCasesDeps): FakeCases {
  const first = some ? fakeCaseData(sessions()) : { cases: [], annotations: [], redactions: [], reviewers: new Map() };
  const cases = new Map<string, CaseDetail>(first.cases.map((one) => [one.id, one]));
  const annotations = new Map<string, Annotation>(first.annotations.map((one) => [one.id, one]));
  const redactions = new Map<string, Redaction>(first.redactions.map((one) => [one.id, one]));
  const reviewers = new Map<string, Coverage['reviewers']>(first.reviewers);
  const opened = new Map<string, string>();
  const verified = new Map<string, Output<'bundle.verified'>>();
  let count = 100;

  const find = (ref: string): CaseDetail => {
    const found = cases.get(ref) ?? [...cases.values()].find(({ number }) => number.toLowerCase() === ref.toLowerCase());
    if (found === undefined) throw missing(`case ${ref}`);
    return found;
  };
  const tell = (ids: readonly string[], touched: readonly string[] = []): void =>
    emit('cases', { cases: [...ids], sessions: [...touched] });
  const openCase = (ref: string): CaseDetail => {
    const found = find(ref);
    if (found.status === 'closed')
      throw new ExhibitError('usage', `case ${found.number}`, 'it is closed', 'reopen it with a reason first');
    return found;
  };
  const put = (one: CaseDetail): CaseDetail => {
    const exhibits = one.exhibitList.filter(({ withdrawn }) => withdrawn === null).length;
    const next = { ...one, exhibits, changedAt: NOW };
    cases.set(one.id, next);
    tell([one.id]);
    return next;
  };
  const versioned = (one: CaseDetail, change: Partial<CaseDetail>, reason: string): CaseDetail => {
    const next = { ...one, ...change };
    const { number, title, authority, purpose, custodian, members, status } = next;
    const version = { number, title, authority, purpose, custodian, members, status };
    return put({
      ...next,
      versions: [...one.versions, { ...version, version: one.versions.length + 1, author: ME, at: NOW, reason }],
    });
  };
  const reviewedBy = (session: string): string[] =>
    (reviewers.get(session) ?? []).flatMap(({ reviewer, reviewed }) => (reviewed === null ? [] : [reviewer]));
  const summary = ({ versions: _versions, exhibitList, notes: _notes, ...rest }: CaseDetail): CaseSummary => ({
    ...rest,
    annotations: [...annotations.values()].filter((one) => one.case === rest.id && !one.retracted).length,
    reviewed: exhibitList.filter(({ session, withdrawn }) => withdrawn === null && reviewedBy(session).length > 0).length,
  });
  const offset = (moment: Moment): number => (moment.kind === 'offset' ? moment.atUs : 0);
  const durationOf = (session: string): number => {
    const found = sessions().find(({ id }) => id === session);
    if (found === undefined) throw missing(`session ${session}`);
    return found.durationUs;
  };
  const coverageOf = (session: string): Coverage => {
    const durationUs = durationOf(session);
    return { session, durationUs, reviewers: reviewers.get(session) ?? [] };
  };
  const findAnnotation = (id: string): Annotation => {
    const found = annotations.get(id);
    if (found === undefined) throw missing(`annotation ${id}`);
    return found;
  };
  const keep = (one: Annotation): Annotation => {
    annotations.set(one.id, one);
    tell(one.case === null ? [] : [one.case], [one.anchor.session]);
    return one;
  };
  const finish = (job: string): void => {
    const found = findJob(job);
    if (found.state === 'running' && (found.kind === 'bundle' || found.kind === 'bundle-read'))
      setJob({ ...found, state: 'done', done: found.total ?? 1 });
  };
  const made = (job: string): Output<'bundle.made'> => {
    findJob(job);
    return {
      path: null,
      ticket: openTicket('PK, as a bundle begins'),
      fileName: 'exhibit-2026-014.zip',
      bytes: 48_211_903,
      sha256: DIGEST,
      statement: { file: 'signatures/01-producer.json', sha256: DIGEST, signer: 'Ana Ferreira', fingerprint: FINGERPRINT },
      recordings: sessions()
        .slice(0, 4)
        .map(({ id }) => ({ id, root: DIGEST, records: 912, withheld: 14 })),
      stampedAt: null,
      verdict: 'INTACT, SIGNER NOT TRUSTED',
      warnings: ['3 custody entries of other matters, or with what is withheld, shown by hash only'],
    };
  };

  const offered = (
    kind: 'bundle' | 'bundle-read',
    title: string,
    file: OfferedFile,
    onEnd: (head: Uint8Array) => void,
  ): string => {
    const job = startJob(kind, title);
    setJob({ ...findJob(job), total: file.size, unit: 'bytes' });
    offer(job, file, onEnd);
    return job;
  };

  const additions = fakeAdditions(offered, openTicket);

  const handlers: CaseHandlers = {
    ...additions.handlers,
    'cases.create': (fields) => {
      const { number, title } = fields;
      if ([...cases.values()].some((one) => one.number === number))
        throw new ExhibitError('usage', `case ${number}`, 'there is a case of that number', 'choose another number');
      const { authority = '', purpose = '', custodian = '', members = [] } = fields;
      const full = { number, title, authority, purpose, custodian, members };
      const id = `c${String(++count)}`;
      const made: CaseDetail = {
        ...full,
        id,
        status: 'open',
        createdAt: NOW,
        changedAt: NOW,
        exhibits: 0,
        reviewed: 0,
        annotations: 0,
        openedFrom: null,
        versions: [{ ...full, version: 1, status: 'open', author: ME, at: NOW, reason: '' }],
        exhibitList: [],
        notes: [],
      };
      return put(made);
    },
    'cases.list': () => [...cases.values()].map(summary),
    'cases.show': ({ case: ref }) => {
      const found = find(ref);
      return { ...found, ...summary(found) };
    },
    'cases.change': ({ case: ref, fields, reason }) => versioned(openCase(ref), fields as Partial<CaseDetail>, reason),
    'cases.close': ({ case: ref, reason }) => versioned(openCase(ref), { status: 'closed' }, reason),
    'cases.reopen': ({ case: ref, reason }) => versioned(find(ref), { status: 'open' }, reason),
    'cases.note': ({ case: ref, text }) => {
      const one = openCase(ref);
      const note = { id: `n${String(++count)}`, text, author: ME, at: NOW };
      put({ ...one, notes: [...one.notes, note] });
      return note;
    },
    'cases.addExhibits': ({ case: ref, sessions: wanted, range, title }) => {
      const one = openCase(ref);
      const added = wanted
        .filter((id) => range !== undefined || !one.exhibitList.some((known) => known.session === id && known.range === null))
        .map((session, i): Exhibit => ({
          id: `${one.id}-x${String(++count)}`,
          case: one.id,
          number: `EX-${String(one.exhibitList.length + i + 1).padStart(3, '0')}`,
          session,
          range: range === undefined ? null : { fromUs: offset(range.from), toUs: offset(range.to) },
          title: title ?? '',
          addedBy: ME,
          addedAt: NOW,
          withdrawn: null,
        }));
      put({ ...one, exhibitList: [...one.exhibitList, ...added] });
      return added;
    },
    'cases.withdrawExhibit': ({ case: ref, exhibit: wanted, reason }) => {
      const one = openCase(ref);
      const found = one.exhibitList.find(({ id, number }) => id === wanted || number === wanted);
      if (found === undefined) throw missing(`exhibit ${wanted}`);
      const next = { ...found, withdrawn: { by: ME, at: NOW, reason } };
      put({ ...one, exhibitList: one.exhibitList.map((each) => (each.id === found.id ? next : each)) });
      return next;
    },

    'annotations.add': ({ session, case: ref, from, to, region, text, body }) => {
      durationOf(session);
      const fromUs = offset(from);
      const { title, note = '', tags = [], severity = 'info', links = [] } = body;
      const full: AnnotationBody = { title, note, tags, severity, links };
      const kind =
        region !== undefined
          ? text === undefined
            ? 'region'
            : 'text'
          : text !== undefined
            ? 'text'
            : to === undefined
              ? 'moment'
              : 'range';
      const target = {
        kind,
        fromUs,
        toUs: to === undefined ? fromUs : offset(to),
        region: region ?? null,
        text: text ?? null,
      } as const;
      const of = ref === undefined ? null : openCase(ref).id;
      return keep(makeAnnotation({ id: `a${String(++count)}`, case: of, session, target, body: full, author: ME, at: NOW }));
    },
    'annotations.change': ({ id, change, reason }) =>
      keep(changed(findAnnotation(id), change as Partial<AnnotationBody>, ME, NOW, reason)),
    'annotations.retract': ({ id, reason }) => keep(changed(findAnnotation(id), {}, ME, NOW, reason, true)),
    'annotations.list': ({ case: ref, session, tag, severity, retracted = false }) => {
      const found = [...annotations.values()].filter(
        (one) =>
          (ref === undefined || one.case === find(ref).id) &&
          (session === undefined || one.anchor.session === session) &&
          (tag === undefined || one.tags.includes(tag)) &&
          (severity === undefined || one.severity === severity) &&
          (retracted || !one.retracted),
      );
      return { total: found.length, annotations: found, next: null };
    },
    'annotations.check': ({ ids = [] }) =>
      ids.map((id) => ({
        id,
        session: findAnnotation(id).anchor.session,
        verdict: 'match',
        reason: 'the recording and its screen are the same',
        place: { fromUs: findAnnotation(id).anchor.fromUs, fromEvent: findAnnotation(id).anchor.fromEvent },
      })),
    'annotations.export': ({ case: ref }) => ({
      ticket: openTicket('{}'),
      fileName: `annotations-${find(ref).number}.json`,
      annotations: [...annotations.values()].filter((one) => one.case === find(ref).id).length,
    }),
    'annotations.merge': ({ text, case: ref }) => {
      if (!text.trim().startsWith('{'))
        throw new ExhibitError('refused', 'annotation file', 'it is no annotation file', 'ask for the file that Exhibit wrote');
      return {
        case: ref ?? 'c1',
        signer: 'Dora Lindqvist',
        fingerprint: FINGERPRINT,
        added: ['b1', 'b2', 'b3'],
        known: ['a1'],
        conflicts: [{ id: 'a2', here: 'Customers with balance above 400 copied to a hidden file', there: 'Copy of customers' }],
        refused: [{ id: 'b9', reason: 'its recording is not in this case' }],
      };
    },

    'redactions.add': ({ case: ref, session, rule, reason }) => {
      const one = openCase(ref);
      const number = `R-${String([...redactions.values()].filter((each) => each.case === one.id).length + 1).padStart(4, '0')}`;
      const made: Redaction = {
        id: `r${String(++count)}`,
        number,
        case: one.id,
        session: session ?? null,
        rule,
        reason,
        author: ME,
        at: NOW,
        withdrawn: null,
      };
      redactions.set(made.id, made);
      tell([one.id]);
      return made;
    },
    'redactions.withdraw': ({ case: ref, redaction, reason }) => {
      const one = openCase(ref);
      const found = [...redactions.values()].find(
        (each) => each.case === one.id && (each.id === redaction || each.number === redaction),
      );
      if (found === undefined) throw missing(`redaction ${redaction}`);
      const next = { ...found, withdrawn: { by: ME, at: NOW, reason } };
      redactions.set(found.id, next);
      tell([one.id]);
      return next;
    },
    'redactions.list': ({ case: ref }) => [...redactions.values()].filter((one) => one.case === find(ref).id),

    'coverage.show': (of) =>
      'session' in of
        ? [coverageOf(of.session)]
        : [...new Set(find(of.case).exhibitList.map(({ session }) => session))].map(coverageOf),
    'coverage.mark': ({ session, note, reviewed = true, partly = false }) => {
      const { durationUs } = coverageOf(session);
      const all = reviewers.get(session) ?? [];
      const mine = all.find(({ reviewer }) => reviewer === ME) ?? {
        reviewer: ME,
        seen: [],
        unseen: [{ fromUs: 0, toUs: durationUs }],
        seenUs: 0,
        reviewed: null,
      };
      const unseenUs = mine.unseen.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
      if (reviewed && unseenUs > 0 && !partly)
        throw new ExhibitError('usage', `session ${session}`, 'not all of it was seen', 'watch the rest, or mark it partly');
      const next = { ...mine, reviewed: reviewed ? { at: NOW, note, durationUs, unseenUs } : null };
      reviewers.set(session, [...all.filter(({ reviewer }) => reviewer !== ME), next]);
      tell([], [session]);
      return coverageOf(session);
    },

    'bundle.create': ({ path }) => ({ job: startJob('bundle', path) }),
    'bundle.make': ({ case: ref }) => {
      const job = startJob('bundle', `bundle of case ${find(ref).number}`);
      setJob({
        ...findJob(job),
        done: 21_400_000,
        total: 48_211_903,
        unit: 'bytes',
        detail: 'recordings/r-incident-main-cast/playback.cast',
      });
      if (!held) setTimeout(() => finish(job), 0);
      return { job };
    },
    'bundle.made': ({ job }) => {
      const bundle = made(job);
      return additions.made(job, bundle) ?? bundle;
    },
    'bundle.countersign': ({ path }) => ({ job: startJob('bundle', `countersign ${path}`) }),
    'bundle.timeRequest': () => ({ signature: '01-producer.json.sig', request: Uint8Array.of(0x30, 0) }),
    'bundle.timestamp': ({ path }) => ({ job: startJob('bundle', `time stamp of ${path}`) }),
    'bundle.verify': ({ path }) => ({ job: startJob('bundle-read', `verify ${path}`) }),
    'bundle.verifyOffered': ({ name, size, trust, authorities = [] }) => {
      const job = offered('bundle-read', `verify ${name}`, { name, size }, (head) =>
        verified.set(job, reportOn(name, head, trust, authorities)),
      );
      return { job };
    },
    'bundle.verified': ({ job }) => {
      findJob(job);
      return (
        verified.get(job) ?? {
          verdict: 'TRUSTED',
          time: 'CLAIMED',
          ...NO_OTHER_BUNDLE,
          signers: [],
          failures: [],
          recordings: [],
          steps: [],
        }
      );
    },
    'bundle.open': ({ path }) => ({ job: startJob('bundle-read', `open ${path}`) }),
    'bundle.openOffered': ({ name, size }) => ({ job: offered('bundle-read', `open ${name}`, { name, size }, () => undefined) }),
    'bundle.opened': ({ job }) => {
      findJob(job);
      return {
        case: opened.get(job) ?? 'c4',
        verdict: 'INTACT, SIGNER NOT TRUSTED',
        signer: 'Dora Lindqvist',
        fingerprint: FINGERPRINT,
        recordings: [{ id: 'r1', root: DIGEST, session: sessions()[0]?.id ?? null, from: 'original', note: '' }],
        annotations: 3,
      };
    },
  };
  return {
    handlers,
    inCase: (session, ref) => find(ref).exhibitList.some((one) => one.session === session && one.withdrawn === null),
    tagged: (session, tag) =>
      [...annotations.values()].some((one) => one.anchor.session === session && !one.retracted && one.tags.includes(tag)),
    reviewedBy,
    finish,
  };
}
