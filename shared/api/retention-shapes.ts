// The shapes of retention, legal hold, purges, live actions and offline-readiness, as they cross the process boundary (docs/retention.md).

import { z } from 'zod';
import { holdScope } from './history-shapes.ts';
import { instant, lock } from './shapes.ts';

/** Which sessions of a source a policy speaks of. A session without an environment counts as production, as StackShift has it. */
export const policyEnvironment = z.enum(['production', 'non-production']);
export type PolicyEnvironment = z.infer<typeof policyEnvironment>;

/** Whose days: when the source purges, or when this library does. A library without days of its own purges with the source. */
export const policyKeeper = z.enum(['source', 'library']);

/** What a policy is of, as it is asked for. */
export const policyKey = {
  source: z.string().min(1).max(100),
  environment: policyEnvironment,
  keeper: policyKeeper,
};

/** Days as they are asked for; null: without end. */
export const policyDays = z.int().min(1).max(36_500).nullable();

/** One act on a policy. What a source tells and what people say of it stand apart: the newest of each stands. */
export const policy = z.object({
  source: z.string(),
  environment: policyEnvironment,
  keeper: policyKeeper,
  /** Whole days from the end of a session on; null: without end, or, where it was cleared, none. */
  days: z.int().nullable(),
  /** Told by the source; those of its plan, as a person says; set by a person; or what people said before was taken back. */
  basis: z.enum(['told', 'plan', 'set', 'cleared']),
  /** What the source calls the plan; null for every other basis. */
  plan: z.string().nullable(),
  by: z.string(),
  at: instant,
  reason: z.string(),
});
export type Policy = z.infer<typeof policy>;

/** One that stands: the newest that a source tells, or that people said and did not take back. */
export const standingPolicy = policy.extend({
  /** Its days count: they are the fewer where both stand. */
  holds: z.boolean(),
});
export type StandingPolicy = z.infer<typeof standingPolicy>;

/** What Exhibit knows of the time: nothing is purged by a clock that cannot be confirmed (docs/retention.md). */
export const retentionClock = z.object({
  /** What this machine's clock says. */
  wall: instant,
  /** No later than the true time: retention goes by it. */
  confirmed: instant,
  /** What confirmed it last. */
  by: z.string(),
  /** Empty, or why the two differ and what to do. */
  warning: z.string(),
});
export type RetentionClock = z.infer<typeof retentionClock>;

export const hold = z.object({
  /** `H-0001`, counted up in the library. */
  id: z.string(),
  scope: holdScope,
  /** Its scope in words. */
  text: z.string(),
  reason: z.string(),
  by: z.string(),
  at: instant,
  /** Recordings here that it holds now. */
  sessions: z.int(),
  released: z.object({ by: z.string(), at: instant, reason: z.string() }).nullable(),
});
export type Hold = z.infer<typeof hold>;

/** A recording whose retention has ended, or ends soon. */
export const dueRecording = z.object({
  session: z.string(),
  title: z.string().nullable(),
  source: z.string(),
  until: instant,
  /** Ids of the holds that keep it. */
  heldBy: z.array(z.string()),
});
export type DueRecording = z.infer<typeof dueRecording>;

export const retentionState = z.object({
  clock: retentionClock,
  policies: z.array(standingPolicy),
  holds: z.int(),
  /** Recordings past their retention that are held, and those that the next sweep purges. */
  pastHeld: z.int(),
  past: z.int(),
  purged: z.int(),
  lastSweep: z.object({ at: instant, looked: z.int(), purged: z.int(), held: z.int() }).nullable(),
});
export type RetentionState = z.infer<typeof retentionState>;

export const sweepReport = z.object({
  at: instant,
  /** Nothing was purged: what would have been is told only. */
  dryRun: z.boolean(),
  purged: z.array(dueRecording),
  held: z.array(dueRecording),
  /** Past by this machine's clock, and not by the confirmed one. */
  unconfirmed: z.int(),
  clock: retentionClock,
});
export type SweepReport = z.infer<typeof sweepReport>;

export const purge = z.object({
  session: z.string(),
  source: z.string(),
  nativeId: z.string().nullable(),
  at: instant,
  until: instant,
  /** The signed certificate, and the OpenSSH signature over its bytes (namespace `exhibit-purge`). */
  certificate: z.string(),
  signature: z.string(),
});
export type Purge = z.infer<typeof purge>;

export const purgeCheck = z.object({
  valid: z.boolean(),
  /** `SHA256:…` of the key that signed it. */
  fingerprint: z.string().nullable(),
  /** It is this library's own key. */
  own: z.boolean(),
  why: z.string(),
});

export type PurgeCheck = z.infer<typeof purgeCheck>;

/** What can be done to a session at its source, now. Offline there is nothing, and `why` says so. */
export const liveActions = z.object({
  online: z.boolean(),
  why: z.string(),
  actions: z.array(
    z.object({
      action: z.enum(['revoke', 'reconnect', 'follow']),
      /** The source's name of the permission that it needs; '' where the source names none. */
      permission: z.string(),
      allowed: z.boolean(),
      why: z.string(),
      /** Until when it can be done: the end of a grace window. */
      until: instant.nullable(),
    }),
  ),
});
export type LiveActions = z.infer<typeof liveActions>;

/** How far one session of a case is ready to be read without a network. */
export const readiness = z.object({
  session: z.string(),
  title: z.string().nullable(),
  source: z.string(),
  /** Everything that its source has is here. */
  cached: z.object({ ready: z.boolean(), why: z.string() }),
  /** A key of this machine has a grant; true for what is not encrypted. */
  grant: z.object({ ready: z.boolean(), why: z.string() }),
  /** Payloads were opened just now. */
  decrypts: z.object({ ready: z.boolean(), why: z.string() }),
  /** Whether the text of it can be searched. */
  indexed: z.object({ ready: z.boolean(), why: z.string() }),
  permission: z.object({ ready: z.boolean(), why: z.string() }),
  sourceUntil: instant.nullable(),
  libraryUntil: instant.nullable(),
  held: z.boolean(),
  lock,
  ready: z.boolean(),
});
export type Readiness = z.infer<typeof readiness>;

export const readyScope = z.union([
  z.object({ case: z.string().min(1).max(100) }),
  z.object({ sessions: z.array(z.string().min(1).max(200)).min(1).max(10_000) }),
]);

export const readyReport = z.object({
  /** Number of the case; null for a choice of sessions. */
  case: z.string().nullable(),
  at: instant,
  ready: z.boolean(),
  sessions: z.array(readiness),
});
export type ReadyReport = z.infer<typeof readyReport>;
