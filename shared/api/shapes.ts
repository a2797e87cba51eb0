// The shapes that cross the process boundary. Times are whole microseconds and end in `Us`; an instant is RFC 3339 text in UTC.

import { z } from 'zod';

// The pages' content policy forbids `new Function`, which zod would otherwise try on every start.
z.config({ jitless: true });

/** Bytes, told by their tag: what comes out of another realm is no instance of this realm's Uint8Array. */
export const bytes = z.custom<Uint8Array>((value) => Object.prototype.toString.call(value) === '[object Uint8Array]');

export const us = z.int();
export const offsetUs = z.int().nonnegative();
export const instant = z.iso.datetime({ offset: true });
export const sessionId = z.string().min(1).max(200);
export const jobId = z.string().max(64);

export const failure = z.object({ kind: z.string(), what: z.string(), why: z.string(), todo: z.string() });

export const place = z.object({
  file: z.string().optional(),
  line: z.number().optional(),
  offset: z.number().optional(),
  length: z.number().optional(),
  seq: z.string().optional(),
});

export const discrepancy = z.object({ kind: z.string(), message: z.string(), place });

/**
 * Why a session cannot be opened, by its name: the situations of rstream (`no_trusted_device`,
 * `trusted_device_without_session_grant`, `granted_without_material`, `explicit_key_identity_missing`, `no_key_available`, `managed_payload_not_returned`,
 * `grant_revoked` …), `no_grants_here` for a file that came without key grants, `not_tried` before the first look.
 */
/** Sources of which nothing is listed, and the source's name of the right that is missing (docs/permissions.md). */
export const withheldSources = z.array(z.object({ source: z.string(), right: z.string() }));

export const lock = z.object({
  /** `open`: everything is readable. */
  state: z.enum(['open', 'locked']),
  code: z.string().nullable(),
  reason: z.string(),
  todo: z.string(),
});

export type Lock = z.infer<typeof lock>;

export const indexState = z.enum(['waiting', 'running', 'done', 'failed', 'locked']);

/** How long a recording is kept, there and here (docs/retention.md). */
export const retentionMark = z.object({
  /** When the source purges it; null where it does not say and no policy is known. */
  sourceUntil: instant.nullable(),
  /** When it is purged here; null: no policy ends it. */
  libraryUntil: instant.nullable(),
  /** Under a legal hold: not purged here, whatever the policy says. */
  held: z.boolean(),
  /** The source has it no more, and the library lawfully holds it. */
  goneAtSource: z.boolean(),
  purgedAt: instant.nullable(),
});
export type RetentionMark = z.infer<typeof retentionMark>;

export const session = z.object({
  id: z.string(),
  nativeId: z.string().nullable(),
  source: z.string(),
  format: z.string(),
  title: z.string().nullable(),
  command: z.string().nullable(),
  user: z.string().nullable(),
  server: z.string().nullable(),
  origin: z.string().nullable(),
  environment: z.string().nullable(),
  group: z.string().nullable(),
  status: z.string().nullable(),
  startedAt: instant.nullable(),
  durationUs: offsetUs,
  cols: z.int(),
  rows: z.int(),
  /** The recording does not say its size: 80 by 24 is assumed. */
  sizeAssumed: z.boolean(),
  events: z.int(),
  stdinBytes: z.int(),
  stdoutBytes: z.int(),
  stderrBytes: z.int(),
  exitStatus: z.int().nullable(),
  discrepancies: z.int(),
  acquiredAt: instant,
  /** Who marked it as reviewed, in the order of the marks. */
  reviewedBy: z.array(z.string()),
  retention: retentionMark,
  lock,
  index: indexState,
});
export type Session = z.infer<typeof session>;

export const SORT_KEYS = [
  'started',
  'acquired',
  'duration',
  'title',
  'user',
  'server',
  'source',
  'events',
  'discrepancies',
  'sourceUntil',
  'libraryUntil',
] as const;

export const sessionFilter = z.object({
  /** Free text: each word must be in the title, command, user, server, group, native id or id. */
  text: z.string().max(500).optional(),
  source: z.string().optional(),
  user: z.string().optional(),
  server: z.string().optional(),
  origin: z.string().optional(),
  group: z.string().optional(),
  status: z.string().optional(),
  environment: z.string().optional(),
  format: z.string().optional(),
  startedFrom: instant.optional(),
  startedTo: instant.optional(),
  /** Exhibits of this case: its id or its number. */
  case: z.string().max(100).optional(),
  /** With an annotation that has this tag. */
  tag: z.string().max(60).optional(),
});
export type SessionFilter = z.infer<typeof sessionFilter>;

/** One verdict a property, with its reason and numbers (docs/evidence.md). */
export const proofVerdict = z.object({
  property: z.enum(['content', 'order', 'uniqueness', 'time', 'completeness', 'custody']),
  verdict: z.enum(['proven', 'not-proven', 'failed']),
  reason: z.string(),
});

export type Proof = z.infer<typeof proofVerdict>;

export const part = z.object({
  name: z.string(),
  role: z.enum(['original', 'unpacked']),
  size: z.int(),
  sha256: z.string(),
});

export const sessionDetail = session.extend({
  metadata: z.string(),
  /** The first of them: `discrepancies` says how many there are. */
  discrepancyList: z.array(discrepancy),
  proof: z.array(proofVerdict),
  parts: z.array(part),
  records: z.int(),
  root: z.string(),
  /** It was still live when it was last read, or its source kept something back: more may come. */
  growing: z.boolean(),
  /** The session had no terminal: line feeds of its output begin a new line. */
  piped: z.boolean(),
  /** What opened it, for an encrypted session that is open. */
  openedWith: z
    .object({
      suite: z.enum(['x25519', 'p256']),
      recipientKind: z.string(),
      recipientId: z.string(),
      grant: z.string().nullable(),
    })
    .nullable(),
});
export type SessionDetail = z.infer<typeof sessionDetail>;

export const eventRow = z.object({
  index: z.int(),
  seq: z.string(),
  atUs: offsetUs,
  time: z.string().nullable(),
  kind: z.enum(['data', 'sealed', 'resize', 'marker', 'exit', 'other']),
  stream: z.enum(['stdin', 'stdout', 'stderr']).nullable(),
  length: z.int(),
  record: z.int(),
  /**
   * Resize `100x30`, marker label, exit text, or the text of another event; empty for stream data; for `sealed` why it does not
   * open, by name, where a key was tried.
   */
  text: z.string(),
  /** For `other`: the source's name for it. */
  code: z.string().nullable(),
  /** Stream data in clear, where asked for and open. */
  data: bytes.nullable(),
});
export type EventRow = z.infer<typeof eventRow>;

export const command = z.object({
  /** Position of the event at which the command line was complete. */
  index: z.int(),
  prompt: z.string(),
  text: z.string(),
  typedUs: offsetUs.nullable(),
  enteredUs: offsetUs,
  endUs: offsetUs.nullable(),
  exitStatus: z.int().nullable(),
  /** `shell`: the shell marks it (OSC 133 or 633). `input`: typed keys and prompt. `prompt`: prompt only. */
  evidence: z.enum(['shell', 'input', 'prompt']),
  /** 0 to 1. */
  confidence: z.number(),
  /** False where it was typed at a prompt and the screen did not show it there as typed: it may be a password. */
  echoed: z.boolean(),
});
export type Command = z.infer<typeof command>;

/**
 * Why text that was transmitted could not be read at the screen; docs/hidden-text.md has the exact rule of each. `not-searched` is no text:
 * a bound was reached, and from then on something was not looked for.
 */
export const HIDDEN_CAUSES = [
  'concealed',
  'same-colour',
  'short-lived',
  'repainted',
  'off-screen',
  'not-echoed',
  'title',
  'clipboard',
  'invisible-character',
  'bidi-control',
  'control-string',
  'not-searched',
] as const;
export const hiddenCause = z.enum(HIDDEN_CAUSES);
export type HiddenCause = z.infer<typeof hiddenCause>;

/** Text that was transmitted but not readable at the screen. */
export const hiddenFinding = z.object({
  /** Position of the event that brought it. */
  index: z.int(),
  fromUs: offsetUs,
  /** When it went, or could be read at last, and so all that `times` counts; the end of the recording where neither came. */
  toUs: offsetUs,
  cause: hiddenCause,
  /** Of `not-searched`, what was not looked for. */
  text: z.string(),
  /** Counted from 0; null where it has no place on the screen. */
  row: z.int().nullable(),
  col: z.int().nullable(),
  stream: z.enum(['stdin', 'stdout', 'stderr']),
  /** One sentence on how it was hidden. */
  note: z.string(),
  /** How often the same was found from `fromUs` on; all but the first are only counted. */
  times: z.int().min(1),
});
export type HiddenFinding = z.infer<typeof hiddenFinding>;

export const participant = z.object({
  id: z.string(),
  user: z.string().nullable(),
  role: z.string(),
  attachedAt: z.string().nullable(),
  detachedAt: z.string().nullable(),
  device: z.string().nullable(),
});
export type Participant = z.infer<typeof participant>;

/** A moment as people give it. */
export const moment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offset'), atUs: us }),
  z.object({ kind: z.literal('seq'), seq: z.string().regex(/^\d{1,20}$/) }),
  z.object({ kind: z.literal('instant'), at: instant }),
  z.object({ kind: z.literal('end') }),
]);
export type Moment = z.infer<typeof moment>;

export const screenText = z.object({
  atUs: offsetUs,
  /** Sequence number of the last event applied; null before the first. */
  seq: z.string().nullable(),
  /** Events applied. */
  events: z.int(),
  cols: z.int(),
  rows: z.int(),
  cursorRow: z.int(),
  cursorCol: z.int(),
  cursorVisible: z.boolean(),
  pendingWrap: z.boolean(),
  alternate: z.boolean(),
  title: z.string(),
  /** Modes that differ from a terminal just reset, by name. */
  modes: z.record(z.string(), z.union([z.boolean(), z.string()])),
  /** Visible rows, top first, blanks at their ends removed. */
  screen: z.array(z.string()),
});
export type ScreenText = z.infer<typeof screenText>;

/** Events packed by `shared/recording/event-chunk.ts`. */
export const eventRun = z.object({ firstIndex: z.int(), count: z.int(), bytes });
export type EventRun = z.infer<typeof eventRun>;

export const replayWindow = z.object({
  /** State to restore first, or null: start with an empty terminal. Its events are those before `index`, the last of them at `atUs`. */
  keyframe: z.object({ index: z.int(), atUs: offsetUs, bytes }).nullable(),
  runs: z.array(eventRun),
  /** Events to apply in all to stand at the moment: the position of the first event after it. */
  target: z.int(),
  atUs: offsetUs,
});

export const span = z.object({ fromUs: offsetUs, toUs: offsetUs, text: z.string() });
export const point = z.object({ atUs: offsetUs, index: z.int(), text: z.string() });

export const timeline = z.object({
  durationUs: offsetUs,
  startedAt: instant.nullable(),
  markers: z.array(point),
  resizes: z.array(point),
  titles: z.array(point),
  bells: z.array(point),
  exits: z.array(point),
  others: z.array(point),
  idle: z.array(span),
  alternate: z.array(span),
  commands: z.array(command),
  hidden: z.array(hiddenFinding),
  /** `atUs` is null where its place says nothing of when it is met. */
  discrepancies: z.array(discrepancy.extend({ atUs: offsetUs.nullable() })),
  /** Points and spans beyond what one answer holds, by lane. */
  cut: z.record(z.string(), z.int()),
  index: indexState,
});
export type Timeline = z.infer<typeof timeline>;

export const activity = z.object({
  fromUs: offsetUs,
  toUs: offsetUs,
  /** Bytes a bucket, by direction; buckets divide the span evenly. */
  output: z.array(z.int()),
  input: z.array(z.int()),
  /** Cells of the screen that look different after a bucket than before it, as fine as the index has it; zeros before there is one. */
  change: z.array(z.int()),
});

/** Where a synchronisation stands. */
export const syncProgress = z.object({
  /** Sessions done with, and those that the source listed (null until it has). */
  sessions: z.int(),
  sessionsTotal: z.int().nullable(),
  /** Events and bytes received in this run. */
  events: z.int(),
  bytes: z.number(),
  bytesPerSecond: z.number(),
  /** Estimated from the sessions done so far; null while unknown. */
  remainingMs: z.number().nullable(),
  /** Live sessions that are being followed. */
  following: z.int(),
  failed: z.int(),
});
export type SyncProgress = z.infer<typeof syncProgress>;

export const job = z.object({
  id: jobId,
  kind: z.enum([
    'import',
    'index',
    'verify',
    'backup',
    'restore',
    'sample',
    'export',
    'sync',
    // What makes or adds to a bundle, and has one to give in the end; and what only reads one.
    'bundle',
    'bundle-read',
    'watch',
    'ready',
    'sweep',
  ]),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number(),
  /** Same unit as `done`; null while unknown. */
  total: z.number().nullable(),
  unit: z.enum(['bytes', 'sessions', 'steps']),
  detail: z.string(),
  startedAt: instant,
  failure: failure.nullable(),
  /** For kind `sync`. */
  sync: syncProgress.optional(),
});
export type Job = z.infer<typeof job>;

/** What a history file or answer brought. */
export const historyImport = z.object({
  sessions: z.int(),
  events: z.int(),
  /** Rows that were known already and are as they were. */
  unchanged: z.int(),
  matchedById: z.int(),
  matchedByTime: z.int(),
});
export type HistoryImport = z.infer<typeof historyImport>;

export const importResult = z.object({
  path: z.string(),
  sessionIds: z.array(z.string()),
  format: z.string().nullable(),
  discrepancies: z.array(discrepancy),
  /** True where these recordings were in the library already. */
  known: z.boolean(),
  /** True where the user named this input; false for what was merely found in a folder or an archive. */
  asked: z.boolean(),
  failure: failure.nullable(),
  /** Of a history file alone: what it brought. */
  history: historyImport.optional(),
});
export type ImportResult = z.infer<typeof importResult>;

export const verifyReport = z.object({
  sessions: z.int(),
  records: z.int(),
  bytes: z.number(),
  failures: z.array(z.object({ subject: z.string(), place: z.string(), reason: z.string() })),
  custodyEntries: z.int(),
  custodyHead: z.string(),
});
export type VerifyReport = z.infer<typeof verifyReport>;

export const custodyEntry = z.object({
  seq: z.int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  purpose: z.string(),
  details: z.string(),
  hash: z.string(),
});
export type CustodyRow = z.infer<typeof custodyEntry>;

/** Whether the custody log still leads to the heads that were signed: looked at when the library is unlocked. */
export const custodyState = z.object({ state: z.enum(['intact', 'rolled-back', 'broken']), why: z.string() });
export type CustodyState = z.infer<typeof custodyState>;

export const vaultStatus = z.object({
  state: z.enum(['absent', 'locked', 'unlocked']),
  library: z.string(),
  protection: z.enum(['keychain', 'passphrase']).nullable(),
  keychain: z.object({ available: z.boolean(), why: z.string() }),
  /** Null while no library is open. */
  custody: custodyState.nullable(),
});
export type VaultStatus = z.infer<typeof vaultStatus>;

export const textLogOptions = z.object({
  includeStdin: z.boolean(),
  includeStdout: z.boolean(),
  includeStderr: z.boolean(),
  includeTimestamps: z.boolean(),
  includeResizeMarkers: z.boolean(),
  terminalModeMarkers: z.boolean(),
  activeAlternateScreen: z.boolean(),
});
export { TEXT_LOG_DEFAULTS, type TextLogOptions } from '../recording/text-log-options.ts';

export const exportRequest = z.object({
  id: sessionId,
  format: z.enum(['text', 'json', 'asciicast-v2', 'asciicast-v3', 'html']),
  text: textLogOptions.partial().optional(),
  /** First sequence number wanted, inclusive. */
  fromSeq: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  /** 0: all. */
  maxEvents: z.int().nonnegative().optional(),
});
export type ExportRequest = z.infer<typeof exportRequest>;

export const sessionsExportRequest = exportRequest.omit({ id: true }).extend({ ids: z.array(sessionId).min(1).max(10_000) });
export type SessionsExportRequest = z.infer<typeof sessionsExportRequest>;

/** Sessions that belong to one workflow. */
export const group = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string().nullable(),
  sessions: z.int(),
  startedAt: instant.nullable(),
  /** End of the last event of its sessions. */
  endedAt: instant.nullable(),
});
export type Group = z.infer<typeof group>;

export const groupDetail = group.extend({
  /** The group object as the source gave it, as JSON; `{}` where it was not received. */
  metadata: z.string(),
  /** By start. */
  members: z.array(session),
});
export type GroupDetail = z.infer<typeof groupDetail>;

export const groupExportRequest = z.object({
  group: z.string().min(1),
  source: z.string().optional(),
  format: z.enum(['text', 'json']),
  text: textLogOptions.partial().optional(),
});
export type GroupExportRequest = z.infer<typeof groupExportRequest>;
