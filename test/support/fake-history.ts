// History and rights of the fake core: a row for every made session, as many again of a StackShift source with every state that a recording
// can be in, and what was done in them by command, runbook and audit event. Always the same.

import type { EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import {
  HISTORY_FACETS,
  type HistoryDetail,
  type HistoryEvent,
  type HistoryFacet,
  type HistoryFilter,
  type HistoryRow,
  type RecordingState,
  type Right,
  type SourceRights,
} from '../../shared/api/history-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';

type Calls =
  | 'history.list'
  | 'history.facets'
  | 'history.show'
  | 'history.events'
  | 'history.match'
  | 'history.export'
  | 'rights.list'
  | 'rights.check';
type Handlers = { readonly [K in Calls]: (input: Input<K>) => Output<K> | Promise<Output<K>> };

export interface FakeHistoryDeps {
  /** What the library lists. */
  readonly sessions: () => readonly Session[];
  /** Counts up when sessions may have changed. */
  readonly changes: () => number;
  readonly openTicket: (content: string) => string;
  readonly inCase: (session: string, number: string) => boolean;
  readonly emit: <E extends EventName>(name: E, value: EventValue<E>) => void;
  /** A source whose history may not be seen. */
  readonly withheld: boolean;
}

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-21T10:00:00Z');
const SHA = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

const pick = <T>(list: readonly T[], i: number): T => list[i % list.length]!;
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const TARGETS = ['api / api-7f9c', 'payments-db', 'worker / release 2026.11.2', 'preview-4127', 'audit-db', 'gateway / gw-0'];
const PEOPLE = ['ana@example.com', 'ben@example.com', 'chidi@example.com', 'dora@example.com', 'eli@example.com'];
const REASONS = [
  'Look why the nightly export is late (OPS-4127)',
  'Restart of the queue after the failed rollout',
  'Count of payments for the quarterly audit',
  'Customer reports a missing invoice, ticket 88213',
  '=HYPERLINK("http://x.example","see")',
];
const APPROVALS = [
  'approved by ben@example.com, 2026-11-12 08:51',
  'not required',
  'expired after 15 minutes',
  'approved by dora@example.com',
];
const ORIGINS = ['dashboard', 'cli', 'api'];
const CLOSES = ['user_closed', 'idle_timeout', 'max_duration', 'revoked', 'connection_lost'];
const STATES: readonly RecordingState[] = ['at-source', 'none', 'at-source', 'purged-at-source', 'forbidden', 'unknown', 'none'];

/** The row of a session here. Every third was found in the history of its source too. */
function rowOf(session: Session, i: number): HistoryRow {
  const told = i % 3 !== 2;
  const ended = session.startedAt === null ? null : iso(Date.parse(session.startedAt) + session.durationUs / 1000);
  return {
    id: `h-${session.id}`,
    source: session.source,
    nativeId: session.nativeId ?? (told ? `ts_${(i * 7919 + 4096).toString(16).padStart(8, '0')}` : null),
    sessionId: session.id,
    title: session.title ?? session.command,
    target: session.server,
    environment: session.environment,
    mode: told ? pick(['running', 'ephemeral'], i) : null,
    reason: told && session.environment === 'production' ? pick(REASONS, i) : null,
    approval: told ? pick(APPROVALS, i) : null,
    initiator: session.user,
    origin: session.origin ?? (told ? pick(ORIGINS, i) : null),
    status: session.status,
    startedAt: session.startedAt,
    endedAt: ended,
    durationUs: session.durationUs,
    closeReason: told ? pick(CLOSES, i) : null,
    exitStatus: session.exitStatus,
    recording: session.retention.purgedAt === null ? 'here' : 'purged-here',
    lock: session.lock,
    matchedBy: told ? pick(['session-id', 'target-user-time', 'session-id', 'hand'] as const, i) : null,
    retention: session.retention,
    activities: told ? (i * 3) % 5 : 0,
    audits: told ? (i * 5) % 9 : 0,
  };
}

/** A session that has no recording here. */
function unrecorded(i: number): HistoryRow {
  const started = NOW - ((i * 37) % 320) * (DAY / 4) - (i % 11) * 1_111_000;
  const seconds = 40 + ((i * 733) % 5200);
  const production = i % 5 < 3;
  const state = pick(STATES, i);
  const live = i === 4;
  return {
    id: `h-ts-${String(i + 1)}`,
    source: 'stackshift',
    nativeId: `ts_${(i * 104_729 + 65_536).toString(16).padStart(8, '0')}`,
    sessionId: null,
    title: null,
    target: pick(TARGETS, i * 5 + (i >> 3)),
    environment: i % 9 === 8 ? null : production ? 'production' : pick(['staging', 'preview'], i),
    mode: pick(['running', 'running', 'ephemeral'], i),
    reason: production ? pick(REASONS, i + 1) : null,
    approval: production ? pick(APPROVALS, i + 2) : 'not required',
    initiator: pick(PEOPLE, i * 3 + (i >> 2)),
    origin: pick(ORIGINS, i),
    status: live ? 'active' : 'closed',
    startedAt: iso(live ? NOW - 900_000 : started),
    endedAt: live ? null : iso(started + seconds * 1000),
    durationUs: live ? null : seconds * 1_000_000,
    closeReason: live ? null : pick(CLOSES, i + (i >> 1)),
    exitStatus: live ? null : pick([0, 0, 0, 130, 1], i),
    recording: live ? 'unknown' : state,
    lock: null,
    matchedBy: null,
    retention: {
      sourceUntil: state === 'at-source' ? iso(started + (production ? 90 : 30) * DAY) : null,
      libraryUntil: null,
      held: false,
      goneAtSource: false,
      purgedAt: null,
    },
    activities: (i * 2) % 7,
    audits: (i * 11) % 13,
  };
}

type Act = Pick<HistoryEvent, 'kind' | 'action' | 'text' | 'outcome'>;

const ACTIVITIES: readonly Act[] = [
  { kind: 'command', action: 'command.run', text: 'rails runner "Invoice.pending.count"', outcome: 'exit 0' },
  { kind: 'runbook', action: 'runbook.run', text: 'Drain the export queue', outcome: 'succeeded' },
  { kind: 'command', action: 'command.run', text: 'kubectl rollout restart deploy/worker', outcome: 'exit 0' },
  { kind: 'runbook', action: 'runbook.run', text: 'Rotate the read-only password', outcome: 'failed at step 3' },
];
const AUDITS: readonly Act[] = [
  { kind: 'terminal-audit', action: 'session.opened', text: 'Session opened', outcome: 'allowed' },
  {
    kind: 'database-audit',
    action: 'query.read',
    text: 'select id, balance from accounts where balance > 400',
    outcome: '1,284 rows',
  },
  { kind: 'terminal-audit', action: 'ticket.issued', text: 'Ticket issued', outcome: 'allowed' },
  { kind: 'database-audit', action: 'query.write', text: 'update accounts set note = null where id = 4127', outcome: 'refused' },
  { kind: 'terminal-audit', action: 'session.resized', text: 'Terminal resized to 120 × 34', outcome: null },
];

/** What belongs to a row, spread over its time; the first audit event stands before the recording's start, as a ticket does. */
function eventsOf(row: HistoryRow): HistoryEvent[] {
  const length = row.durationUs ?? 600_000_000;
  const start = row.startedAt === null ? null : Date.parse(row.startedAt);
  const made = (act: Act, atUs: number, n: number): HistoryEvent => ({
    ...act,
    id: `${row.id}-e${String(n)}`,
    source: row.source,
    history: row.id,
    sessionId: row.sessionId,
    at: start === null ? null : new Date(start + atUs / 1000).toISOString(),
    atUs: start === null || row.sessionId === null ? null : atUs,
    actor: row.initiator,
    target: row.target,
  });
  const spread = (n: number, of: number, from: number): number => Math.floor(length * (from + ((1 - from) * n) / (of + 1)));
  return [
    ...Array.from({ length: row.activities }, (_, n) => made(pick(ACTIVITIES, n), spread(n, row.activities, 0.22), n)),
    ...Array.from({ length: row.audits }, (_, n) =>
      made(pick(AUDITS, n), n === 0 ? -4_200_000 : spread(n, row.audits, 0.03), 100 + n),
    ),
  ].sort((a, b) => (a.atUs ?? 0) - (b.atUs ?? 0) || (a.at ?? '').localeCompare(b.at ?? ''));
}

const facetOf = (row: HistoryRow, facet: HistoryFacet): string => row[facet] ?? '';

function sortKey(row: HistoryRow, sort: NonNullable<Input<'history.list'>['sort']>): string | number {
  switch (sort) {
    case 'started':
      return row.startedAt ?? '';
    case 'ended':
      return row.endedAt ?? '';
    case 'duration':
      return row.durationUs ?? -1;
    case 'exit':
      return row.exitStatus ?? -1;
    case 'sourceUntil':
    case 'libraryUntil':
      // What never ends comes last.
      return row.retention[sort] ?? '~';
    case 'target':
    case 'environment':
    case 'mode':
    case 'initiator':
    case 'origin':
    case 'status':
    case 'closeReason':
    case 'source':
      return row[sort] ?? '';
  }
}

/** A source whose history may not be seen. */
export const WITHHELD = { source: 'stackshift-eu', right: 'terminal.view_history' } as const;

/** What a source of rstream said it lets its user do: everything. */
function rightsOf(source: string): SourceRights {
  const told = (right: Right, name: string): SourceRights['rights'][number] => {
    return { right, name, allowed: 'yes', why: `the token has ${name}`, at: '2026-11-21T09:58:00Z' };
  };
  const logs = 'webtty.logs.read-only';
  return { source, rights: [told('history', 'webtty.sessions.read-only'), told('recording', logs), told('download', logs)] };
}

export function fakeHistory({ sessions, changes, openTicket, inCase, emit, withheld }: FakeHistoryDeps): Handlers {
  /** By row: joined to a session by hand, or parted. */
  const byHand = new Map<string, string | null>();
  let lastRows = { changes: -1, rows: [] as readonly HistoryRow[] };
  const rows = (): readonly HistoryRow[] => {
    if (lastRows.changes !== changes()) {
      const all = sessions();
      const joined = new Set(byHand.values());
      const rejoined = (row: HistoryRow): HistoryRow => {
        const session = byHand.get(row.id);
        if (session === undefined) return row;
        const lock = all.find(({ id }) => id === session)?.lock ?? null;
        return session === null
          ? { ...row, sessionId: null, recording: 'unknown', lock: null, matchedBy: null }
          : { ...row, sessionId: session, recording: 'here', lock, matchedBy: 'hand' };
      };
      const own = all.map(rowOf).filter((row) => byHand.has(row.id) || row.matchedBy !== null || !joined.has(row.sessionId));
      const others = Array.from({ length: all.length }, (_, i) => unrecorded(i));
      lastRows = { changes: changes(), rows: [...own, ...others].map(rejoined) };
    }
    return lastRows.rows;
  };
  const fits = (row: HistoryRow, filter: HistoryFilter): boolean =>
    (filter.text ?? '')
      .toLowerCase()
      .split(/\s+/)
      .every((word) =>
        [row.target, row.initiator, row.reason, row.approval, row.closeReason, row.nativeId, row.sessionId, row.id]
          .join('\n')
          .toLowerCase()
          .includes(word),
      ) &&
    HISTORY_FACETS.every((facet) => filter[facet]?.includes(facetOf(row, facet)) ?? true) &&
    (filter.startedFrom === undefined || (row.startedAt ?? '') >= filter.startedFrom) &&
    (filter.startedTo === undefined || (row.startedAt ?? '~') <= filter.startedTo) &&
    (filter.held === undefined || row.retention.held === filter.held) &&
    (filter.here === undefined || (row.sessionId !== null) === filter.here) &&
    (filter.case === undefined || (row.sessionId !== null && inCase(row.sessionId, filter.case)));
  let lastList = { key: '', from: [] as readonly HistoryRow[], found: [] as readonly HistoryRow[] };
  /** The list last asked for: pages of the same one follow each other. */
  const found = ({ filter, sort = 'started', descending = false }: Input<'history.list'>): readonly HistoryRow[] => {
    const key = JSON.stringify([filter, sort, descending]);
    const from = rows();
    if (lastList.key !== key || lastList.from !== from) {
      const list = from
        .filter((row) => fits(row, filter))
        .toSorted((a, b) => {
          const [left, right] = [sortKey(a, sort), sortKey(b, sort)];
          return (left < right ? -1 : Number(left > right) || a.id.localeCompare(b.id)) * (descending ? -1 : 1);
        });
      lastList = { key, from, found: list };
    }
    return lastList.found;
  };
  const find = (id: string): HistoryRow => {
    const row = rows().find((one) => one.id === id || one.sessionId === id);
    if (row === undefined) throw new ExhibitError('not-found', `history row ${id}`, 'there is none of that name');
    return row;
  };
  const detail = (id: string): HistoryDetail => {
    const row = find(id);
    const told = row.mode !== null;
    const record = {
      id: row.nativeId,
      target: row.target,
      environment: row.environment,
      mode: row.mode,
      reason: row.reason,
      initiator: { email: row.initiator },
      started_at: row.startedAt,
      ended_at: row.endedAt,
      close_reason: row.closeReason,
      exit_code: row.exitStatus,
      region: 'eu-central',
      shell_kind: 'application',
    };
    return {
      ...row,
      record: told ? JSON.stringify(record, null, 2) : null,
      others: told
        ? [
            { name: 'region', value: 'eu-central' },
            { name: 'shell_kind', value: 'application' },
          ]
        : [],
      from: told ? [{ name: 'history-2026-11.csv, line 214', at: '2026-11-21T09:41:07Z', sha256: SHA }] : [],
      events: eventsOf(row),
      eventsCut: false,
      candidates:
        row.sessionId === null && row.recording !== 'none'
          ? sessions()
              .slice(4, 6)
              .map((one) => ({ sessionId: one.id, title: one.title, why: 'same target and user, and 14 min of the same time' }))
          : [],
    };
  };
  const facet = (filter: HistoryFilter, name: HistoryFacet): Output<'history.facets'>[number] => {
    const counts = new Map<string, number>();
    for (const row of found({ filter })) counts.set(facetOf(row, name), (counts.get(facetOf(row, name)) ?? 0) + 1);
    const values = [...counts]
      .map(([value, n]) => ({ value, rows: n }))
      .sort((a, b) => b.rows - a.rows || a.value.localeCompare(b.value));
    return { name, values: values.slice(0, 200), more: Math.max(0, values.length - 200) };
  };
  return {
    'history.list': ({ filter, sort, descending, cursor, limit = 200 }) => {
      const all = found({ filter, sort, descending });
      const from = Number(cursor ?? 0);
      const next = from + limit < all.length ? String(from + limit) : null;
      return {
        total: all.length,
        rows: all.slice(from, from + limit),
        next,
        withheld: withheld ? [WITHHELD] : [],
      };
    },
    'history.facets': ({ filter, fields }) => fields.map((name) => facet(filter, name)),
    'history.show': ({ id }) => detail(id),
    'history.events': ({ id, filter = {}, kinds, cursor, limit = 200 }) => {
      const of = id === undefined ? found({ filter }) : [find(id)];
      const all = of.flatMap(eventsOf).filter(({ kind }) => kinds?.includes(kind) ?? true);
      const from = Number(cursor ?? 0);
      const next = from + limit < all.length ? String(from + limit) : null;
      return { total: all.length, events: all.slice(from, from + limit), next };
    },
    'history.match': ({ id, session }) => {
      const row = find(id);
      if (session !== null && !sessions().some((one) => one.id === session))
        throw new ExhibitError('not-found', `session ${session}`, 'there is none of that name');
      byHand.set(row.id, session);
      emit('history', {});
      return detail(row.id);
    },
    'history.export': ({ format, filter }) => {
      const all = found({ filter });
      return {
        ticket: openTicket(format === 'csv' ? 'record,session_id\r\n' : '{}'),
        fileName: `history.${format}`,
        rows: all.length,
        events: all.reduce((sum, { activities, audits }) => sum + activities + audits, 0),
        warnings: format === 'csv' ? ['2 cells that a spreadsheet would have taken for formulas begin with an apostrophe'] : [],
      };
    },
    'rights.list': () => [rightsOf('production')],
    'rights.check': ({ source }) => rightsOf(source),
  };
}
