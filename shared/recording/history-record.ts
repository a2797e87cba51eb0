// What sources tell of a session and of what happened around it, in one form whatever they call it: the fields that Exhibit has columns
// for, each as told, and the others by the names that they have there. docs/history.md

import type { Micros } from './time.ts';

/** A record as its source gave it: an object of a JSON export or an answer, or the cells of a row by their columns' names. */
export type HistoryRecord = { readonly [name: string]: unknown };

/** What a source says of the recording of a session. */
export type AtSource = 'kept' | 'none' | 'purged' | 'forbidden' | 'unknown';

/** Null: the source does not say. */
export interface SessionFacts {
  /** The session's id at its source. */
  readonly nativeId: string | null;
  readonly target: string | null;
  readonly environment: string | null;
  readonly mode: string | null;
  readonly reason: string | null;
  /** In one text: what was decided, by whom and when. */
  readonly approval: string | null;
  readonly initiator: string | null;
  readonly origin: string | null;
  readonly status: string | null;
  /** Since 1970-01-01 UTC, as is `endedAt`. */
  readonly startedAt: Micros | null;
  readonly endedAt: Micros | null;
  readonly duration: Micros | null;
  readonly closeReason: string | null;
  readonly exitStatus: number | null;
  readonly atSource: AtSource;
  /** When the source purges the recording. */
  readonly until: Micros | null;
}

/** A field without a column, by its name at the source: names of nested fields are joined by dots. */
export interface OtherField {
  readonly name: string;
  readonly value: string;
}

export type EventKind = 'command' | 'runbook' | 'terminal-audit' | 'database-audit';

export interface EventFacts {
  readonly kind: EventKind;
  readonly id: string | null;
  /** The session that it names. */
  readonly nativeId: string | null;
  /** Since 1970-01-01 UTC. */
  readonly at: Micros | null;
  readonly actor: string | null;
  readonly action: string | null;
  readonly target: string | null;
  readonly text: string;
  readonly outcome: string | null;
}

/** Where an item stands: the line, from 1, on which it begins. */
interface Placed {
  readonly line: number;
  readonly record: HistoryRecord;
}

export type HistoryItem =
  | ({ readonly kind: 'session'; readonly facts: SessionFacts } & Placed)
  | ({ readonly kind: 'event'; readonly facts: EventFacts } & Placed);

export const NO_FACTS: SessionFacts = {
  nativeId: null,
  target: null,
  environment: null,
  mode: null,
  reason: null,
  approval: null,
  initiator: null,
  origin: null,
  status: null,
  startedAt: null,
  endedAt: null,
  duration: null,
  closeReason: null,
  exitStatus: null,
  atSource: 'unknown',
  until: null,
};
