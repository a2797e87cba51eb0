// The shapes of watchlists and of what they found, as they cross the process boundary. docs/watchlists.md

import { z } from 'zod';
import { searchHit } from './search-shapes.ts';
import { instant } from './shapes.ts';

/** The list that is always there: secrets of known forms. */
export const BUILT_IN_LIST = 'secrets';

export const watchName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u);

export const WATCH_KINDS = ['indicators', 'query', 'built-in'] as const;
export const watchKind = z.enum(WATCH_KINDS);
export type WatchKind = z.infer<typeof watchKind>;

export const watchText = z.string().max(4_000_000);

export const watchVersion = z.object({
  version: z.int(),
  kind: watchKind,
  /** SHA-256 of kind and text. */
  digest: z.string(),
  author: z.string(),
  at: instant,
  /** With this version the list ended. */
  ended: z.boolean(),
});
export type WatchVersion = z.infer<typeof watchVersion>;

export const watchlist = watchVersion.extend({
  name: z.string(),
  indicators: z.int(),
  /** Indexed sessions that this version was run over, and those that it was not yet. */
  searched: z.int(),
  pending: z.int(),
  hits: z.int(),
  /** Sessions with hits. */
  sessions: z.int(),
  /** Why it cannot be run (any more), or null. */
  fault: z.string().nullable(),
});
export type Watchlist = z.infer<typeof watchlist>;

export const watchDetail = watchlist.extend({ text: z.string(), versions: z.array(watchVersion) });
export type WatchDetail = z.infer<typeof watchDetail>;

/** Line and column count from 1, in UTF-16 units. */
export const watchFault = z.object({
  line: z.int(),
  column: z.int(),
  length: z.int(),
  why: z.string(),
  todo: z.string(),
});
export type WatchFault = z.infer<typeof watchFault>;

export const watchCheck = z.object({ indicators: z.int(), faults: z.array(watchFault) });

export const watchIndicator = z.object({
  /** Place in the list, from 0. */
  indicator: z.int(),
  name: z.string().nullable(),
  text: z.string(),
  /** Of the built-in list. */
  severity: z.enum(['medium', 'high', 'critical']).nullable(),
  hits: z.int(),
  sessions: z.int(),
});
export type WatchIndicator = z.infer<typeof watchIndicator>;

/** One indicator in one session. */
export const watchFinding = z.object({
  indicator: z.int(),
  sessionId: z.string(),
  /** All of them. */
  total: z.int(),
  /** By time, at most 200. */
  hits: z.array(searchHit),
});
export type WatchFinding = z.infer<typeof watchFinding>;

export const watchReport = z.object({
  list: watchlist,
  /** Those with hits, in the order of the list. */
  indicators: z.array(watchIndicator),
  /** Pairs of indicator and session with hits in all that was asked for. */
  total: z.int(),
  /** By indicator, then by session, the newest first. */
  findings: z.array(watchFinding),
  /** Sessions that the list was not run over, with the reason; at most 10,000 of them. */
  notSearched: z.array(z.object({ id: z.string(), reason: z.string() })),
  notSearchedCount: z.int(),
});
export type WatchReport = z.infer<typeof watchReport>;
