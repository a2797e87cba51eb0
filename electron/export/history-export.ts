// The history in one file: session records, and the commands, runbooks and audit events around them, as StackShift's own export combines
// them. CSV has one row for each, told apart by `record_type`; JSON has a list of each. Pages are read as they are written.
// docs/history.md

import type { HistoryEvent, HistoryRow as Session } from '../../shared/api/history-shapes.ts';
import { csvCell } from '../../shared/recording/safe-text.ts';
import { formatSeconds, micros } from '../../shared/recording/time.ts';
import type { HistoryEventRow, HistoryQuery, HistoryRow, Library } from '../library/library.ts';

/** Rows of one page. */
const PAGE = 500;

export interface HistoryExport {
  readonly fileName: string;
  readonly rows: number;
  readonly events: number;
  readonly warnings: readonly string[];
  readonly pieces: Iterator<Uint8Array>;
}

export interface HistoryExportRequest {
  readonly format: 'csv' | 'json';
  readonly filter: HistoryQuery;
  /** RFC 3339, UTC. */
  readonly now: string;
  /** Rows of the library as the contract shows them. */
  readonly shapes: (rows: readonly HistoryRow[]) => readonly Session[];
  readonly eventShapes: (events: readonly HistoryEventRow[]) => readonly HistoryEvent[];
  /** Sources that are left out. */
  readonly withheld: readonly { readonly source: string; readonly right: string }[];
}

type Cell = string | number | boolean | null;
type Record = { readonly [column: string]: Cell };

const seconds = (us: number | null): number | null => (us === null ? null : Number(formatSeconds(micros(us))));

function sessionRecord(session: Session): Record {
  const { retention } = session;
  return {
    record_type: 'session',
    id: session.id,
    session_id: session.nativeId ?? session.id,
    recording_id: session.sessionId,
    source: session.source,
    target: session.target,
    environment: session.environment,
    mode: session.mode,
    reason: session.reason,
    approval: session.approval,
    initiator: session.initiator,
    origin: session.origin,
    status: session.status,
    started_at: session.startedAt,
    ended_at: session.endedAt,
    duration_seconds: seconds(session.durationUs),
    close_reason: session.closeReason,
    exit_code: session.exitStatus,
    recording_status: session.recording,
    lock: session.lock?.state ?? null,
    matched_by: session.matchedBy,
    source_until: retention.sourceUntil,
    library_until: retention.libraryUntil,
    held: retention.held,
    commands: session.activities,
    audit_events: session.audits,
  };
}

const EVENT_TYPES = {
  command: 'command',
  runbook: 'runbook',
  'terminal-audit': 'terminal_audit',
  'database-audit': 'database_audit',
} as const;

function eventRecord(event: HistoryEvent, session: string | null): Record {
  return {
    record_type: EVENT_TYPES[event.kind],
    id: event.id,
    session_id: session,
    recording_id: event.sessionId,
    source: event.source,
    target: event.target,
    at: event.at,
    recording_offset_seconds: seconds(event.atUs),
    actor: event.actor,
    action: event.action,
    text: event.text,
    outcome: event.outcome,
  };
}

const COLUMNS = [
  ...Object.keys(
    sessionRecord({
      ...({} as Session),
      retention: { sourceUntil: null, libraryUntil: null, held: false, goneAtSource: false, purgedAt: null },
      durationUs: null,
      lock: null,
    }),
  ),
  'at',
  'recording_offset_seconds',
  'actor',
  'action',
  'text',
  'outcome',
  'other_fields',
];

interface Told {
  readonly record: Record;
  /** Fields of the source without a column. */
  readonly others: { readonly [name: string]: string };
}

function* sessions(library: Library, { filter, shapes }: HistoryExportRequest): Generator<Told> {
  let cursor: string | null = null;
  do {
    const page: ReturnType<Library['history']['list']> = library.history.list({
      filter,
      sort: 'started',
      descending: false,
      cursor,
      limit: PAGE,
    });
    const told = shapes(page.rows);
    for (const [i, row] of page.rows.entries()) {
      const others = library.history.record(row.key)?.others ?? [];
      yield { record: sessionRecord(told[i]!), others: Object.fromEntries(others.map(({ name, value }) => [name, value])) };
    }
    cursor = page.next;
  } while (cursor !== null);
}

function* events(library: Library, { filter, eventShapes }: HistoryExportRequest): Generator<Told> {
  let cursor: string | null = null;
  do {
    const request = { row: null, filter, kinds: null, cursor, limit: PAGE, count: false };
    const page: ReturnType<Library['history']['events']> = library.history.events(request);
    const told = eventShapes(page.events);
    for (const [i, row] of page.events.entries())
      yield { record: eventRecord(told[i]!, row.nativeId ?? row.history), others: {} };
    cursor = page.next;
  } while (cursor !== null);
}

function* csvLines(library: Library, request: HistoryExportRequest): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const told of [sessions(library, request), events(library, request)]) {
    for (const { record, others } of told) {
      const last = Object.keys(others).length === 0 ? null : JSON.stringify(others);
      const cells: { readonly [column: string]: Cell } = { ...record, other_fields: last };
      yield `${COLUMNS.map((column) => csvCell(cells[column] ?? null)).join(',')}\r\n`;
    }
  }
}

function* jsonLines(library: Library, request: HistoryExportRequest): Generator<string> {
  const { now, withheld } = request;
  yield `{\n  "exported_at": ${JSON.stringify(now)},\n  "withheld": ${JSON.stringify(withheld)},\n  "sessions": [`;
  let first = true;
  for (const { record, others } of sessions(library, request)) {
    yield `${first ? '' : ','}\n    ${JSON.stringify({ ...record, other_fields: others })}`;
    first = false;
  }
  yield `\n  ],\n  "events": [`;
  first = true;
  for (const { record } of events(library, request)) {
    yield `${first ? '' : ','}\n    ${JSON.stringify(record)}`;
    first = false;
  }
  yield '\n  ]\n}\n';
}

/** Characters of one piece, about. */
const PIECE = 128 * 1024;

function* pieces(lines: Iterable<string>): Generator<Uint8Array> {
  let held: string[] = [];
  let length = 0;
  for (const line of lines) {
    held.push(line);
    length += line.length;
    if (length < PIECE) continue;
    yield Buffer.from(held.join(''));
    held = [];
    length = 0;
  }
  if (held.length > 0) yield Buffer.from(held.join(''));
}

export function createHistoryExport(library: Library, request: HistoryExportRequest): HistoryExport {
  const { format, filter, now, withheld } = request;
  const { total: rows } = library.history.list({ filter, sort: 'started', descending: false, cursor: null, limit: 1 });
  const { total } = library.history.events({ row: null, filter, kinds: null, cursor: null, limit: 1, count: true });
  return {
    fileName: `history-${now.slice(0, 10)}.${format}`,
    rows,
    events: total,
    warnings: withheld.map(({ source, right }) => `the history of ${source} is left out: ${right} is missing`),
    pieces: pieces(format === 'csv' ? csvLines(library, request) : jsonLines(library, request)),
  };
}
