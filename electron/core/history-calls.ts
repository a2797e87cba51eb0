// Calls about the history of sessions. What a source does not let its user see is left out of lists and named beside them.

import type { Input } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type {
  HistoryDetail,
  HistoryEvent,
  HistoryFacet,
  HistoryFilter,
  HistoryRow as Shape,
} from '../../shared/api/history-shapes.ts';
import { formatInstant, parseInstant, type Micros } from '../../shared/recording/time.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { findCase } from '../cases/cases.ts';
import { createHistoryExport } from '../export/export.ts';
import type { HistoryEventRow, HistoryQuery, HistoryRow, SessionRow } from '../library/library.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { sessionShapes, withoutHead } from './session-shapes.ts';

type Calls = 'history.list' | 'history.facets' | 'history.show' | 'history.events' | 'history.match' | 'history.export';

const PAGE = 200;
/** Values of one field that are told. */
const VALUES = 500;
/** Events that are told with a row. */
const EVENTS = 1000;

const instant = (at: Micros | null): string | null => (at === null ? null : formatInstant(at));

export function historyQuery({ library }: Desk, filter: HistoryFilter): HistoryQuery {
  const { startedFrom, startedTo, case: ref, ...rest } = filter;
  return {
    ...rest,
    startedFrom: startedFrom === undefined ? undefined : (parseInstant(startedFrom) ?? undefined),
    startedTo: startedTo === undefined ? undefined : (parseInstant(startedTo) ?? undefined),
    case: ref === undefined ? undefined : findCase(library().cases, ref).id,
  };
}

export function historyCalls(desk: Desk): Handlers<Calls> {
  const { library } = desk;

  const sessionsOf = (keys: readonly (number | null)[]): ReadonlyMap<number, SessionRow> => {
    const { sessions } = library();
    const wanted = [...new Set(keys.filter((key) => key !== null))];
    return new Map(wanted.flatMap((key) => [sessions.byKey(key)].flatMap((row) => (row === null ? [] : [[key, row] as const]))));
  };

  const shapes = (rows: readonly HistoryRow[]): Shape[] => {
    const sessions = sessionsOf(rows.map(({ session }) => session));
    const shown = new Map(sessionShapes(library(), [...sessions.values()]).map((shape) => [shape.id, shape]));
    const counts = library().history.counts(rows.map(({ key }) => key));
    return rows.map((row) => {
      const session = row.session === null ? undefined : sessions.get(row.session);
      const shape = session === undefined ? undefined : shown.get(session.id);
      const count = counts.get(row.key) ?? { activities: 0, audits: 0 };
      const isForbidden = desk.rights().refused(session ?? row, 'recording') !== null;
      const recording = row.recording === 'at-source' && isForbidden ? 'forbidden' : (row.recording as Shape['recording']);
      return {
        id: row.id,
        source: row.source,
        nativeId: row.nativeId,
        sessionId: session?.id ?? null,
        title: [shape?.title, shape?.command].find((text) => text != null && text.trim() !== '') ?? null,
        target: row.target,
        environment: row.environment,
        mode: row.mode,
        reason: row.reason,
        approval: row.approval,
        initiator: row.initiator,
        origin: row.origin,
        status: row.status,
        startedAt: instant(row.startedAt),
        endedAt: instant(row.endedAt),
        durationUs: row.duration,
        closeReason: row.closeReason,
        exitStatus: row.exitStatus,
        recording,
        lock: shape?.lock ?? null,
        matchedBy: row.matchedBy,
        retention: shape?.retention ?? {
          sourceUntil: instant(row.sourceUntil),
          libraryUntil: instant(row.libraryUntil),
          held: false,
          goneAtSource: false,
          purgedAt: null,
        },
        ...count,
      };
    });
  };

  const eventShapes = (events: readonly HistoryEventRow[]): HistoryEvent[] => {
    const sessions = sessionsOf(events.map(({ session }) => session));
    return events.map((event) => {
      const session = event.session === null ? undefined : sessions.get(event.session);
      const startedAt = session?.startedAt ?? null;
      return {
        id: event.id,
        source: event.source,
        kind: event.kind,
        history: event.history,
        sessionId: session?.id ?? null,
        at: instant(event.at),
        atUs: event.at === null || startedAt === null ? null : event.at - startedAt,
        actor: event.actor,
        action: event.action,
        target: event.target,
        text: event.text,
        outcome: event.outcome,
      };
    });
  };

  /** A row that may be seen. Throws kinds `not-found`, `permission`. */
  const find = (id: string, what: string): HistoryRow => {
    const row = library().history.find(id);
    if (row === null)
      throw new ExhibitError('not-found', `history row ${id}`, 'there is none of that name', '`exhibit history list` shows them');
    desk.rights().need(row, 'history', `${what} ${id}`);
    return row;
  };

  const detail = (row: HistoryRow): HistoryDetail => {
    const { history, sessions } = library();
    const record = history.record(row.key);
    const none = { row: row.key, filter: null, kinds: null, cursor: null, limit: EVENTS, count: false };
    const events = history.events(none);
    return {
      ...shapes([row])[0]!,
      record: record?.text ?? null,
      others: [...(record?.others ?? [])],
      from: history.from(row.key).map(({ provenance, at, sha256 }) => {
        const { name, request } = JSON.parse(provenance) as { name?: string; request?: string };
        return { name: name ?? request ?? '', at, sha256: toHex(sha256) };
      }),
      events: eventShapes(events.events),
      eventsCut: events.next !== null,
      candidates: history.candidates(row.key).flatMap(({ session, why }) => {
        const found = sessions.byKey(session);
        if (found === null || session === row.session || desk.rights().refused(found, 'history') !== null) return [];
        return [{ sessionId: found.id, title: withoutHead(found, library().rights).title, why }];
      }),
    };
  };

  return {
    'history.list': ({ filter, sort, descending, cursor, limit }) => {
      const page = library().history.list({
        filter: historyQuery(desk, filter),
        sort: sort ?? 'started',
        descending: descending ?? true,
        cursor: cursor ?? null,
        limit: limit ?? PAGE,
      });
      return { total: page.total, rows: shapes(page.rows), next: page.next, withheld: desk.rights().withheld() };
    },

    'history.facets': ({ filter, fields }) => {
      const found = library().history.facets(historyQuery(desk, filter), fields);
      return Array.from(found, ([name, values]: readonly [HistoryFacet, ReadonlyMap<string, number>]) => ({
        name,
        values: Array.from(values, ([value, rows]) => ({ value, rows })).slice(0, VALUES),
        more: Math.max(0, values.size - VALUES),
      }));
    },

    'history.show': ({ id }) => detail(find(id, 'show the history of')),

    'history.events': ({ id, filter, kinds, cursor, limit }) => {
      const row = id === undefined ? null : find(id, 'show the events of');
      const page = library().history.events({
        row: row?.key ?? null,
        filter: filter === undefined ? null : historyQuery(desk, filter),
        kinds: kinds ?? null,
        cursor: cursor ?? null,
        limit: limit ?? PAGE,
        count: true,
      });
      return { total: page.total, events: eventShapes(page.events), next: page.next };
    },

    'history.match': ({ id, session, reason }) => {
      const row = find(id, session === null ? 'part' : 'join');
      const { history, sessions } = library();
      if (session === null) {
        if (row.session === null || row.told === 0)
          throw new ExhibitError('refused', `part ${id}`, 'no recording is joined to it', '`exhibit history show` says what is');
        const parted = sessions.byKey(row.session)!.id;
        library().atomically(() => history.part(row.key));
        desk.emit('history', {});
        return { output: detail(history.byKey(row.key)), subject: parted, details: { history: row.id, parted, reason } };
      }
      const found = findSession(library(), session);
      desk.rights().need(found, 'history', `join ${session}`);
      checkJoin(row, found);
      library().atomically(() => history.join(row.key, found.key, 'hand'));
      desk.emit('history', {});
      return {
        output: detail(history.byKey(row.key)),
        subject: found.id,
        details: { history: row.id, joined: found.id, reason },
      };
    },

    'history.export': ({ format, filter }) => {
      const query = historyQuery(desk, filter);
      const made = createHistoryExport(library(), {
        format,
        filter: query,
        now: desk.now(),
        shapes,
        eventShapes,
        withheld: desk.rights().withheld(),
      });
      return {
        output: {
          ticket: desk.tickets.begin(made.pieces),
          fileName: made.fileName,
          rows: made.rows,
          events: made.events,
          warnings: [...made.warnings],
        },
        subject: 'history',
        details: {
          format,
          filter: JSON.stringify(filter satisfies Input<'history.export'>['filter']),
          rows: made.rows,
          events: made.events,
        },
      };
    },
  };

  function checkJoin(row: HistoryRow, session: SessionRow): void {
    const refuse = (why: string): never => {
      throw new ExhibitError(
        'refused',
        `join ${row.id} and ${session.id}`,
        why,
        'part them first: `exhibit history match ROW --part`',
      );
    };
    if (row.told === 0) refuse('this row is that of a recording, and no record of a source');
    if (row.session === session.key) refuse('they are joined already');
    if (row.session !== null) refuse('the row has another recording');
    if (library().history.find(session.id)?.told === 1) refuse('the recording is joined to another row');
  }
}
