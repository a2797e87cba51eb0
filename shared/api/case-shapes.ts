// The shapes of cases, exhibits, annotations, redactions, coverage and bundles, as they cross the process boundary. Everything that people
// write about evidence is kept as versions: a change is one more version with its author and reason, and nothing is overwritten.

import { z } from 'zod';
import { instant, offsetUs, sessionId } from './shapes.ts';

const line = (max: number): z.ZodString => z.string().max(max);
/** Why something was changed, closed, withheld: never empty. */
export const reason = z.string().trim().min(1).max(2000);

export const caseId = z.string().min(1).max(64);
/** A case as people name it: its id, or its number in any letter case. */
export const caseRef = z.string().trim().min(1).max(100);

export const caseStatus = z.enum(['open', 'closed']);

/** What people say of a case. */
export const caseFields = z.object({
  number: z.string().trim().min(1).max(100),
  title: z.string().trim().min(1).max(300),
  authority: line(1000),
  purpose: line(1000),
  custodian: line(300),
  members: z.array(z.string().trim().min(1).max(300)).max(200),
});
export type CaseFields = z.infer<typeof caseFields>;

/** One act on a case: made, changed, closed, reopened. The newest one holds. */
export const caseVersion = caseFields.extend({
  version: z.int(),
  status: caseStatus,
  author: z.string(),
  at: instant,
  reason: z.string(),
});
export type CaseVersion = z.infer<typeof caseVersion>;

/** A recording, or a time range of one, that stands in a case under a number of its own. */
export const exhibit = z.object({
  id: z.string(),
  case: caseId,
  /** `EX-001`: counted up in the case, never given twice. */
  number: z.string(),
  session: z.string(),
  /** Null: the whole recording. */
  range: z.object({ fromUs: offsetUs, toUs: offsetUs }).nullable(),
  title: z.string(),
  addedBy: z.string(),
  addedAt: instant,
  /** Taken out of the case again, with its reason; its number stays taken. */
  withdrawn: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});
export type Exhibit = z.infer<typeof exhibit>;

export const caseNote = z.object({ id: z.string(), text: z.string(), author: z.string(), at: instant });

export const caseSummary = caseFields.extend({
  id: caseId,
  status: caseStatus,
  createdAt: instant,
  changedAt: instant,
  exhibits: z.int(),
  /** Exhibits in force whose recording somebody marked as reviewed. */
  reviewed: z.int(),
  annotations: z.int(),
  /** Opened from a bundle of somebody else: only comments can be added. Null for one of our own. */
  openedFrom: z
    .object({
      /** SHA-256 of the producer's statement. */
      bundle: z.string(),
      signer: z.string(),
      fingerprint: z.string().optional(),
      verdict: z.string(),
      /** What the bundle calls its recordings, and the sessions here that show them. */
      recordings: z
        .array(
          z.object({
            id: z.string(),
            root: z.string(),
            session: z.string().nullable(),
            from: z.enum(['original', 'playback']).nullable(),
          }),
        )
        .optional(),
    })
    .nullable(),
});
export type CaseSummary = z.infer<typeof caseSummary>;

export const caseDetail = caseSummary.extend({
  versions: z.array(caseVersion),
  exhibitList: z.array(exhibit),
  notes: z.array(caseNote),
});
export type CaseDetail = z.infer<typeof caseDetail>;

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export const severity = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severity>;

/** Rows and columns count from 0 at the top left of the screen. */
export const screenRegion = z.object({
  row: z.int().nonnegative(),
  col: z.int().nonnegative(),
  rows: z.int().positive(),
  cols: z.int().positive(),
});
export type ScreenRegion = z.infer<typeof screenRegion>;

/** What an annotation points at. `fromUs` equals `toUs` for a moment. */
export const annotationTarget = z.object({
  kind: z.enum(['moment', 'range', 'region', 'text']),
  fromUs: offsetUs,
  toUs: offsetUs,
  region: screenRegion.nullable(),
  text: z.string().max(10_000).nullable(),
});
export type AnnotationTarget = z.infer<typeof annotationTarget>;

/** What lets another copy of the recording be checked against it. */
export const annotationAnchor = annotationTarget.extend({
  session: z.string(),
  /** Root of the acquisition tree, and the records under it, when it was made; hexadecimal. */
  root: z.string(),
  records: z.int(),
  /** Position of the last event applied at `fromUs`, and at `toUs`; -1 before the first. */
  fromEvent: z.int(),
  toEvent: z.int(),
  /** The source's own sequence number of the event at `fromEvent`, or null. */
  seq: z.string().nullable(),
  /** SHA-256 of the screen at `fromUs` (docs/evidence.md), or null where the recording does not open. */
  screen: z.string().nullable(),
});
export type AnnotationAnchor = z.infer<typeof annotationAnchor>;

export const annotationBody = z.object({
  title: z.string().trim().min(1).max(300),
  /** Markdown. */
  note: line(50_000),
  tags: z.array(z.string().trim().min(1).max(60)).max(50),
  severity,
  /** Ids of other annotations. */
  links: z.array(z.string().max(64)).max(100),
});
export type AnnotationBody = z.infer<typeof annotationBody>;

export const annotationVersion = annotationBody.extend({
  version: z.int(),
  author: z.string(),
  at: instant,
  reason: z.string(),
  retracted: z.boolean(),
});
export type AnnotationVersion = z.infer<typeof annotationVersion>;

export const annotation = annotationBody.extend({
  id: z.string(),
  case: caseId.nullable(),
  anchor: annotationAnchor,
  author: z.string(),
  createdAt: instant,
  changedAt: instant,
  retracted: z.boolean(),
  /** Fingerprint of the key that signed the file it was merged from; null for one made here. */
  from: z.string().nullable(),
  versions: z.array(annotationVersion),
});
export type Annotation = z.infer<typeof annotation>;

export const annotationFilter = z.object({
  case: caseRef.optional(),
  session: sessionId.optional(),
  tag: z.string().max(60).optional(),
  severity: severity.optional(),
  /** Each word must be in the title, the note, the tags or the text. */
  text: z.string().max(500).optional(),
  /** With those that were retracted. */
  retracted: z.boolean().optional(),
});

/** How an annotation stands to a copy of its recording. */
export const annotationCheck = z.object({
  id: z.string(),
  /** The copy that was looked at. */
  session: z.string(),
  /** `moved`: the same is to be seen, but elsewhere or in another acquisition. `unknown`: the copy is not here. */
  verdict: z.enum(['match', 'moved', 'not-this-recording', 'unknown']),
  reason: z.string(),
  /** Where it is in the copy; null where it is not. */
  place: z.object({ fromUs: offsetUs, fromEvent: z.int() }).nullable(),
});
export type AnnotationCheck = z.infer<typeof annotationCheck>;

/** What somebody watched of a recording, merged. */
export const coverage = z.object({
  session: z.string(),
  durationUs: offsetUs,
  reviewers: z.array(
    z.object({
      reviewer: z.string(),
      /** Disjoint, ascending; `speed` is the slowest at which that range was seen. */
      seen: z.array(z.object({ fromUs: offsetUs, toUs: offsetUs, speed: z.number() })),
      unseen: z.array(z.object({ fromUs: offsetUs, toUs: offsetUs })),
      seenUs: offsetUs,
      /** What the reviewer said of it, how long it was then, and how much of that had not been seen. */
      reviewed: z.object({ at: instant, note: z.string(), durationUs: offsetUs, unseenUs: offsetUs }).nullable(),
    }),
  ),
});
export type Coverage = z.infer<typeof coverage>;

/** What is to be withheld. A rule is applied to every exhibit of its case, or to one session. */
export const redactionRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(2000), matchCase: z.boolean() }),
  z.object({ kind: z.literal('pattern'), pattern: z.string().min(1).max(2000), flags: z.string().max(10) }),
  /** The built-in list of secrets (docs/watchlists.md). */
  z.object({ kind: z.literal('secrets') }),
  z.object({ kind: z.literal('range'), fromUs: offsetUs, toUs: offsetUs }),
  z.object({ kind: z.literal('stream'), stream: z.enum(['stdin', 'stdout', 'stderr']) }),
  z.object({ kind: z.literal('region'), fromUs: offsetUs, toUs: offsetUs, region: screenRegion }),
]);
export type RedactionRule = z.infer<typeof redactionRule>;

export const redaction = z.object({
  id: z.string(),
  case: caseId,
  /** `R-0001`: counted up in the case, never given twice. */
  number: z.string(),
  /** Null: every exhibit of the case. `range`, `stream` and `region` name one. */
  session: z.string().nullable(),
  rule: redactionRule,
  reason: z.string(),
  author: z.string(),
  at: instant,
  withdrawn: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});
export type Redaction = z.infer<typeof redaction>;

export const VERDICTS = [
  'TRUSTED',
  'INTACT, SIGNER NOT TRUSTED',
  'INTACT, UNSIGNED',
  'INCOMPLETE',
  'ALTERED',
  'UNREADABLE',
] as const;
export const bundleVerdict = z.enum(VERDICTS);

export const bundleSigner = z.object({
  file: z.string(),
  role: z.string(),
  name: z.string(),
  fingerprint: z.string(),
  trusted: z.boolean(),
  /** What the signer says: no time stamp proves it. */
  signedAt: z.string(),
  /** By when the signature existed, where `time` is attested. */
  stampedAt: z.string().nullable(),
  time: z.enum(['ATTESTED', 'CLAIMED']),
  /** What else in the bundle says that `signedAt` cannot be right. */
  contradiction: z.string().nullable(),
});

export const bundleFailure = z.object({
  file: z.string(),
  recording: z.string().nullable(),
  record: z.int().nullable(),
  /** First and one past the last byte in `file`. */
  bytes: z.tuple([z.int(), z.int()]).nullable(),
  reason: z.string(),
});

export const bundleReport = z.object({
  verdict: bundleVerdict,
  time: z.enum(['ATTESTED', 'CLAIMED']),
  /** SHA-256 of the producer's statement, and of the one of the bundle that this one takes the place of: null where none is signed. */
  statement: z.string().nullable(),
  supersedes: z.string().nullable(),
  /** SHA-256 of the producer's statement of a bundle that takes the place of this one, where the open library knows of one. */
  supersededBy: z.string().nullable(),
  signers: z.array(bundleSigner),
  failures: z.array(bundleFailure),
  recordings: z.array(z.object({ id: z.string(), root: z.string(), records: z.int(), withheld: z.int(), verified: z.boolean() })),
  /** What was looked at, in sentences, in the order of docs/bundle.md. */
  steps: z.array(z.object({ step: z.string(), outcome: z.enum(['passed', 'failed', 'not checked']), detail: z.string() })),
});
export type BundleReport = z.infer<typeof bundleReport>;

export const bundleRequest = z.object({
  case: caseId,
  /** Plaintext of recordings: decrypted events, playback, transcript, frames, report. */
  plaintext: z.boolean(),
  redacted: z.boolean(),
  /** What the bundle is for, in the signer's words. */
  intent: line(1000),
  signer: z.string().trim().min(1).max(300),
  /** RFC 3339; the moment of sign-off. The same input and moment give the same bytes. */
  signedAt: instant,
  /** SHA-256 of the statement that this bundle takes the place of. */
  supersedes: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type BundleRequest = z.infer<typeof bundleRequest>;

export { sessionId };
