// Sample cases for the fake core: an incident on the sample sessions, a release on the group's, one that is closed, one from somebody else's
// bundle. All of it made up.

import type {
  Annotation,
  AnnotationBody,
  AnnotationTarget,
  CaseDetail,
  Coverage,
  Exhibit,
  Redaction,
  Severity,
} from '../../shared/api/case-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';

export const ME = 'ana@laptop';
export const OTHER = 'ben@office-3';
const ROOT = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
const SECOND = 1_000_000;

export interface FakeCaseData {
  readonly cases: readonly CaseDetail[];
  readonly annotations: readonly Annotation[];
  readonly redactions: readonly Redaction[];
  readonly reviewers: ReadonlyMap<string, Coverage['reviewers']>;
}

const exhibit = (
  caseId: string,
  n: number,
  session: string,
  title: string,
  range: Exhibit['range'] = null,
  withdrawn: Exhibit['withdrawn'] = null,
): Exhibit => ({
  id: `${caseId}-x${String(n)}`,
  case: caseId,
  number: `EX-${String(n).padStart(3, '0')}`,
  session,
  range,
  title,
  addedBy: ME,
  addedAt: '2026-11-21T08:12:40Z',
  withdrawn,
});

export interface MadeAnnotation {
  readonly id: string;
  readonly case: string | null;
  readonly session: string;
  readonly target: AnnotationTarget;
  readonly body: AnnotationBody;
  readonly author: string;
  readonly at: string;
}

export function makeAnnotation({ id, case: of, session, target, body, author, at }: MadeAnnotation): Annotation {
  return {
    ...body,
    id,
    case: of,
    anchor: {
      ...target,
      session,
      root: ROOT,
      records: 912,
      fromEvent: Math.floor(target.fromUs / 400_000),
      toEvent: Math.floor(target.toUs / 400_000),
      seq: String(Math.floor(target.fromUs / 400_000) + 1),
      screen: ROOT,
    },
    author,
    createdAt: at,
    changedAt: at,
    retracted: false,
    from: null,
    versions: [{ ...body, version: 1, author, at, reason: '', retracted: false }],
  };
}

/** One more version. */
export function changed(
  annotation: Annotation,
  change: Partial<AnnotationBody>,
  by: string,
  at: string,
  reason: string,
  retracted = false,
): Annotation {
  const { title, note, tags, severity, links } = { ...annotation, ...change };
  const body = { title, note, tags, severity, links };
  const version = { ...body, version: annotation.versions.length + 1, author: by, at, reason, retracted };
  return { ...annotation, ...body, changedAt: at, retracted, versions: [...annotation.versions, version] };
}

const place = (kind: AnnotationTarget['kind'], from: number, to = from): AnnotationTarget => ({
  kind,
  fromUs: Math.round(from * SECOND),
  toUs: Math.round(to * SECOND),
  region: null,
  text: null,
});

const body = (
  title: string,
  severity: Severity,
  tags: readonly string[],
  note = '',
  links: readonly string[] = [],
): AnnotationBody => ({
  title,
  severity,
  tags: [...tags],
  note,
  links: [...links],
});

/** What was seen up to a share of a recording, with a stretch in the middle that flew by and one that was left out. */
function partlySeen(durationUs: number): Pick<Coverage['reviewers'][number], 'seen' | 'unseen' | 'seenUs'> {
  const at = (share: number): number => Math.round(durationUs * share);
  const seen = [
    { fromUs: 0, toUs: at(0.38), speed: 1 },
    { fromUs: at(0.38), toUs: at(0.55), speed: 4 },
    { fromUs: at(0.61), toUs: at(0.82), speed: 2 },
  ];
  const unseen = [
    { fromUs: at(0.55), toUs: at(0.61) },
    { fromUs: at(0.82), toUs: durationUs },
  ];
  return { seen, unseen, seenUs: seen.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0) };
}

const allSeen = (durationUs: number): ReturnType<typeof partlySeen> => ({
  seen: [{ fromUs: 0, toUs: durationUs, speed: 1 }],
  unseen: [],
  seenUs: durationUs,
});

export function fakeCaseData(sessions: readonly Session[]): FakeCaseData {
  const samples = sessions.filter(({ source }) => source === 'sample');
  const night = (samples.length >= 4 ? samples : sessions.filter(({ lock }) => lock.state === 'open')).slice(0, 4);
  const release = sessions.filter(({ group }) => group === 'release-2026.10.2');
  const [main] = night;
  if (main === undefined) return { cases: [], annotations: [], redactions: [], reviewers: new Map() };
  /** Seconds of the main session, pushed inside of it where it is shorter than the sample's. */
  const at = (seconds: number): number => (samples.length >= 4 ? seconds : (seconds / 460) * (main.durationUs / SECOND));
  const reviewers = new Map<string, Coverage['reviewers']>([
    [main.id, [{ reviewer: ME, ...partlySeen(main.durationUs), reviewed: null }]],
    ...night.slice(1, 3).map(({ id, durationUs }): [string, Coverage['reviewers']] => [
      id,
      [
        {
          reviewer: ME,
          ...allSeen(durationUs),
          reviewed: { at: '2026-11-21T09:31:02Z', note: 'Routine, nothing to add.', durationUs, unseenUs: 0 },
        },
        {
          reviewer: OTHER,
          ...partlySeen(durationUs),
          reviewed: { at: '2026-11-21T09:44:11Z', note: '', durationUs, unseenUs: Math.round(durationUs * 0.24) },
        },
      ],
    ]),
  ]);
  const fields = {
    number: '2026-014',
    title: 'Customer data copied from prod-db-1',
    authority: 'Head of security, order S-88 of 2026-11-20',
    purpose: 'Find out what was taken, by whom, and what was done to hide it.',
    custodian: 'Ana Ferreira',
    members: ['Ana Ferreira', 'Ben Okafor', 'Chidi Marsh'],
  };
  const version = (n: number, status: 'open' | 'closed', when: string, reason: string) => ({
    ...fields,
    version: n,
    status,
    author: ME,
    at: when,
    reason,
  });
  const incident: CaseDetail = {
    ...fields,
    id: 'c1',
    status: 'open',
    createdAt: '2026-11-21T08:10:00Z',
    changedAt: '2026-11-21T09:40:00Z',
    exhibits: night.length + 1,
    reviewed: 0,
    annotations: 8,
    openedFrom: null,
    versions: [
      { ...version(1, 'open', '2026-11-21T08:10:00Z', ''), members: ['Ana Ferreira'] },
      version(2, 'open', '2026-11-21T09:40:00Z', 'Ben and Chidi join the review.'),
    ],
    exhibitList: [
      ...night.map(({ id, title }, i) => exhibit('c1', i + 1, id, title ?? id)),
      exhibit('c1', night.length + 1, main.id, 'The transfer alone', {
        fromUs: Math.round(at(200) * SECOND),
        toUs: Math.round(at(245) * SECOND),
      }),
    ],
    notes: [
      {
        id: 'n1',
        text: 'The ticket **OPS-4127** speaks of replica lag only. Nothing in it explains a read of `customers`.',
        author: ME,
        at: '2026-11-21T08:31:00Z',
      },
      {
        id: 'n2',
        text: 'Asked the database team:\n\n- `support_ro` is shared by four people\n- the key of `ops` was renewed on 2026-11-02\n\nTheir answer is in the case folder.',
        author: OTHER,
        at: '2026-11-21T09:12:00Z',
      },
    ],
  };
  const other = (id: string, number: string, title: string, change: Partial<CaseDetail>): CaseDetail => ({
    ...incident,
    id,
    number,
    title,
    authority: '',
    purpose: '',
    notes: [],
    annotations: 0,
    exhibits: 0,
    exhibitList: [],
    versions: [{ ...version(1, 'open', '2026-10-14T11:00:00Z', ''), number, title }],
    createdAt: '2026-10-14T11:00:00Z',
    changedAt: '2026-10-14T11:00:00Z',
    ...change,
  });
  const made = (id: string, target: AnnotationTarget, text: AnnotationBody, author = ME): Annotation =>
    makeAnnotation({ id, case: 'c1', session: main.id, target, body: text, author, at: '2026-11-21T08:40:00Z' });
  const annotations = [
    made(
      'a1',
      place('range', at(83.4), at(147)),
      body(
        'Looks through the table of customers',
        'medium',
        ['reconnaissance'],
        'The ticket asks for none of this. Two people are looked up by name.',
        ['a2'],
      ),
    ),
    changed(
      made(
        'a2',
        place('range', at(164.7), at(173)),
        body('Customers copied to a hidden file', 'high', ['collection'], 'Written to `/tmp/.q7.csv`.'),
      ),
      {
        title: 'Customers with balance above 400 copied to a hidden file',
        severity: 'critical',
        tags: ['collection', 'personal-data'],
        note: '`\\copy` of every customer with a balance above **400** to `/tmp/.q7.csv`:\n\n1. names, e-mail, phone\n2. last four digits of cards\n3. balances\n\nThe file name begins with a dot, so that `ls` does not show it.',
        links: ['a3'],
      },
      OTHER,
      '2026-11-21T09:05:00Z',
      'What was copied is known now; personal data, so critical.',
    ),
    made(
      'a3',
      place('range', at(218.1), at(243)),
      body(
        'File sent to an outside host',
        'critical',
        ['exfiltration', 'personal-data'],
        '`curl -T` to **drop.filebridge.example**, at 3 kB/s: slow enough to stay under the rate alarm.',
        ['a2'],
      ),
    ),
    made(
      'a4',
      {
        kind: 'text',
        fromUs: Math.round(at(206) * SECOND),
        toUs: Math.round(at(206) * SECOND),
        region: { row: 30, col: 0, rows: 1, cols: 82 },
        text: '/tmp/.q7.csv.gz',
      },
      body('Digest of the file that left', 'info', ['evidence'], 'Ask the host for a file with this SHA-256.'),
    ),
    made(
      'a5',
      place('range', at(314.1), at(368)),
      body('Time stamps of the log set back', 'high', ['anti-forensics'], 'Before and after are both on screen.'),
    ),
    made(
      'a6',
      place('moment', at(391.7)),
      body('Temporary files shredded, with echo off', 'high', ['anti-forensics'], '', ['a5']),
    ),
    changed(
      made('a7', place('moment', at(405.1)), body('Shell history removed', 'medium', ['anti-forensics'])),
      {},
      ME,
      '2026-11-21T09:20:00Z',
      'Said twice: it is part of the one before.',
      true,
    ),
    made(
      'a8',
      place('moment', at(427.2)),
      body('False entry in the ticket', 'medium', ['cover-up'], '> checked replication, lag normal, no action needed'),
      OTHER,
    ),
  ];
  const backup = night[1]!;
  const inBackup = makeAnnotation({
    id: 'a9',
    case: 'c1',
    session: backup.id,
    target: { ...place('moment', 4), fromUs: Math.round(backup.durationUs / 3), toUs: Math.round(backup.durationUs / 3) },
    body: body('The backup ran as every night', 'info', ['context']),
    author: OTHER,
    at: '2026-11-21T09:30:00Z',
  });
  const redaction = (
    n: number,
    rule: Redaction['rule'],
    session: string | null,
    reason: string,
    withdrawn: Redaction['withdrawn'] = null,
  ): Redaction => ({
    id: `r${String(n)}`,
    number: `R-${String(n).padStart(4, '0')}`,
    case: 'c1',
    session,
    rule,
    reason,
    author: ME,
    at: '2026-11-21T09:50:00Z',
    withdrawn,
  });
  return {
    cases: [
      incident,
      other('c2', '2026-011', 'Unannounced change in release 2026.10.2', {
        exhibits: release.length,
        exhibitList: release.map(({ id, title }, i) => exhibit('c2', i + 1, id, title ?? id)),
        custodian: 'Ben Okafor',
      }),
      other('c4', 'LAW-2231', 'Harbour Operations, terminal access', {
        openedFrom: { bundle: 'exhibit-LAW-2231.zip', signer: 'Dora Lindqvist', verdict: 'INTACT, SIGNER NOT TRUSTED' },
        custodian: 'Dora Lindqvist',
      }),
      other('c3', '2026-003', 'Access of the vendor, third quarter', {
        status: 'closed',
        versions: [
          { ...version(1, 'open', '2026-09-01T08:00:00Z', ''), number: '2026-003', title: 'Access of the vendor, third quarter' },
          {
            ...version(2, 'closed', '2026-10-02T15:00:00Z', 'Reviewed; the report went to the board.'),
            number: '2026-003',
            title: 'Access of the vendor, third quarter',
          },
        ],
      }),
    ],
    annotations: [...annotations, inBackup],
    redactions: [
      redaction(1, { kind: 'secrets' }, null, 'Passwords and tokens are of no use to the reader.'),
      redaction(
        2,
        { kind: 'range', fromUs: Math.round(at(118) * SECOND), toUs: Math.round(at(145) * SECOND) },
        main.id,
        'Customers by name, on screen.',
      ),
      redaction(3, { kind: 'text', text: 'Halvorsen', matchCase: false }, null, 'A customer who is no party to this.'),
      redaction(4, { kind: 'stream', stream: 'stdin' }, main.id, 'Typed keys.', {
        by: ME,
        at: '2026-11-21T09:55:00Z',
        reason: 'What was typed is the point of the case.',
      }),
    ],
    reviewers,
  };
}
