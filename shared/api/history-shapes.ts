// The shapes of session history as they cross the process boundary: every session that a source, or a history file, or a recording tells
// of, with its recording here or without; what was done in it by command, runbook and audit event; and what its source allows.

import { z } from 'zod';
import { instant, lock, offsetUs, retentionMark, sessionFilter, withheldSources } from './shapes.ts';

/** The rights that sources give, in Exhibit's own words; each source has its own name for them (docs/permissions.md). */
export const RIGHTS = ['history', 'recording', 'download'] as const;
export const right = z.enum(RIGHTS);
export type Right = z.infer<typeof right>;

/** What a source lets its user do, as it was last told. */
export const sourceRights = z.object({
  source: z.string(),
  rights: z.array(
    z.object({
      right,
      /** What the source calls it: `terminal.view_recording`. */
      name: z.string(),
      /** `unknown`: the source did not say, and nothing that needs it was refused. */
      allowed: z.enum(['yes', 'no', 'unknown']),
      /** How that is known, in words. */
      why: z.string(),
      at: instant.nullable(),
    }),
  ),
});
export type SourceRights = z.infer<typeof sourceRights>;

/** Where the recording of a session is. */
export const RECORDING_STATES = [
  /** In this library. */
  'here',
  /** At the source, and not here yet. */
  'at-source',
  /** The session was not recorded. */
  'none',
  /** The source has purged it, and it is not here. */
  'purged-at-source',
  /** It was here, and its retention ended. */
  'purged-here',
  /** The source does not let its user see it. */
  'forbidden',
  /** The source does not say. */
  'unknown',
] as const;
export const recordingState = z.enum(RECORDING_STATES);
export type RecordingState = z.infer<typeof recordingState>;

export const historyRow = z.object({
  id: z.string(),
  source: z.string(),
  /** The session's id at its source. */
  nativeId: z.string().nullable(),
  /** The recording in this library. */
  sessionId: z.string().nullable(),
  /** What that recording is called: its title, or its command. */
  title: z.string().nullable(),
  target: z.string().nullable(),
  environment: z.string().nullable(),
  mode: z.string().nullable(),
  reason: z.string().nullable(),
  /** What approved it, or that nothing did, in the source's words. */
  approval: z.string().nullable(),
  initiator: z.string().nullable(),
  origin: z.string().nullable(),
  status: z.string().nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  durationUs: offsetUs.nullable(),
  closeReason: z.string().nullable(),
  exitStatus: z.int().nullable(),
  recording: recordingState,
  /** Of the recording here. */
  lock: lock.nullable(),
  /** How the recording was joined to the record: by the session's id, by target, user and time, by hand; null: one and the same thing. */
  matchedBy: z.enum(['session-id', 'target-user-time', 'hand']).nullable(),
  retention: retentionMark,
  /** Explicit commands and runbooks, and audit events, that belong to it. */
  activities: z.int(),
  audits: z.int(),
});
export type HistoryRow = z.infer<typeof historyRow>;

/** What happened around sessions, as a source tells it: it is no part of a recording. */
export const HISTORY_EVENT_KINDS = ['command', 'runbook', 'terminal-audit', 'database-audit'] as const;
export const historyEventKind = z.enum(HISTORY_EVENT_KINDS);
export type HistoryEventKind = z.infer<typeof historyEventKind>;

export const historyEvent = z.object({
  id: z.string(),
  source: z.string(),
  kind: historyEventKind,
  /** The history row that it belongs to. */
  history: z.string().nullable(),
  /** The recording of that row. */
  sessionId: z.string().nullable(),
  at: instant.nullable(),
  /** On the clock of that recording; negative before its start. */
  atUs: z.int().nullable(),
  actor: z.string().nullable(),
  action: z.string().nullable(),
  target: z.string().nullable(),
  /** Command line, name of the runbook, statement, or what the event says. */
  text: z.string(),
  outcome: z.string().nullable(),
});
export type HistoryEvent = z.infer<typeof historyEvent>;

/** The columns that can be sorted by. */
export const HISTORY_SORTS = [
  'started',
  'ended',
  'duration',
  'target',
  'environment',
  'mode',
  'initiator',
  'origin',
  'status',
  'closeReason',
  'exit',
  'source',
  'sourceUntil',
  'libraryUntil',
] as const;

/** The fields that rows can be grouped by, and whose values can be chosen. */
export const HISTORY_FACETS = [
  'source',
  'environment',
  'target',
  'mode',
  'initiator',
  'origin',
  'status',
  'closeReason',
  'recording',
] as const;
export type HistoryFacet = (typeof HISTORY_FACETS)[number];

/** Each word of `text` must be in target, initiator, reason, approval, close reason, title or an id. A facet is one of these values; '' is none. */
export const historyFilter = z.object({
  text: z.string().max(500).optional(),
  ...(Object.fromEntries(HISTORY_FACETS.map((name) => [name, z.array(z.string().max(500)).max(200).optional()])) as Record<
    HistoryFacet,
    z.ZodOptional<z.ZodArray<z.ZodString>>
  >),
  startedFrom: instant.optional(),
  startedTo: instant.optional(),
  /** Under a legal hold, or not. */
  held: z.boolean().optional(),
  /** With a recording in this library, or without. */
  here: z.boolean().optional(),
  /** Exhibits of this case. */
  case: z.string().max(100).optional(),
});
export type HistoryFilter = z.infer<typeof historyFilter>;

export const historyPage = z.object({
  total: z.int(),
  rows: z.array(historyRow),
  next: z.string().nullable(),
  withheld: withheldSources,
});

export const historyFacets = z.array(
  z.object({
    name: z.enum(HISTORY_FACETS),
    values: z.array(z.object({ value: z.string(), rows: z.int() })),
    /** Values beyond those given. */
    more: z.int(),
  }),
);

export const historyDetail = historyRow.extend({
  /** The record as its source gave it, as JSON; null for a row that only its recording tells of. */
  record: z.string().nullable(),
  /** Fields of the record that Exhibit has no column for. */
  others: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Where the record was found: file or request, and when. */
  from: z.array(z.object({ name: z.string(), at: instant, sha256: z.string() })),
  events: z.array(historyEvent),
  eventsCut: z.boolean(),
  /** Recordings here that may be those of this session: same target and user, overlapping time. */
  candidates: z.array(z.object({ sessionId: z.string(), title: z.string().nullable(), why: z.string() })),
});
export type HistoryDetail = z.infer<typeof historyDetail>;

export const holdScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), session: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('group'), group: z.string().min(1).max(300), source: z.string().max(100).optional() }),
  z.object({ kind: z.literal('case'), case: z.string().min(1).max(100) }),
  /** Whatever fits, now and later. */
  z.object({ kind: z.literal('filter'), filter: sessionFilter }),
]);
export type HoldScope = z.infer<typeof holdScope>;
