// Calls about sessions: lists, what is told of one, its events, its commands, its participants, search.

import type { EventRow } from '../../shared/api/shapes.ts';
import { payloadLength, type RecordingEvent } from '../../shared/recording/event.ts';
import { parseInstant } from '../../shared/recording/time.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { Input } from '../../shared/api/contract.ts';
import { findCase } from '../cases/cases.ts';
import type { Library, SessionFilter } from '../library/library.ts';
import { isPiped } from '../replay/replay.ts';
import { assist, runSearch } from '../search/search.ts';
import { discrepanciesOf, payloadCounts } from './discrepancies.ts';
import { commandPage, hiddenFacts } from './facts.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import { proofCard } from './proof.ts';
import { lockNow, participantShape, sessionShapes } from './session-shapes.ts';

type Calls =
  | 'sessions.list'
  | 'sessions.show'
  | 'sessions.events'
  | 'sessions.commands'
  | 'sessions.hidden'
  | 'sessions.participants'
  | 'search.assist'
  | 'search.run';

const PAGE = 200;
const EVENTS = 1000;
const COMMANDS = 1000;

/** A filter of the contract as the library takes it: its case by id. */
export function filterOf({ cases }: Library, filter: Input<'sessions.list'>['filter']): SessionFilter {
  const { startedFrom, startedTo, case: ref, ...rest } = filter;
  const from = startedFrom === undefined ? null : parseInstant(startedFrom);
  const to = startedTo === undefined ? null : parseInstant(startedTo);
  return {
    ...rest,
    ...(from === null ? {} : { startedFrom: from }),
    ...(to === null ? {} : { startedTo: to }),
    ...(ref === undefined ? {} : { case: findCase(cases, ref).id }),
  };
}

function textOf(event: RecordingEvent): string {
  switch (event.kind) {
    case 'data':
      return '';
    case 'sealed':
      return event.refusal ?? '';
    case 'resize':
      return `${String(event.cols)}x${String(event.rows)}`;
    case 'marker':
      return event.label;
    case 'exit':
    case 'other':
      return event.text;
  }
}

function eventRow(event: RecordingEvent, index: number, withData: boolean): EventRow {
  return {
    index,
    seq: event.seq,
    atUs: event.at,
    time: event.time ?? null,
    kind: event.kind,
    stream: event.kind === 'data' || event.kind === 'sealed' ? event.stream : null,
    length: payloadLength(event),
    record: event.record,
    text: textOf(event),
    code: event.kind === 'other' ? event.code : null,
    data: withData && event.kind === 'data' ? event.bytes : null,
  };
}

export function sessionCalls(desk: Desk): Handlers<Calls> {
  const { library } = desk;
  return {
    'sessions.list': ({ filter, sort, descending, cursor, limit }) => {
      const answer = library().sessions.list({
        filter: filterOf(library(), filter),
        sort: sort ?? 'started',
        descending: descending ?? (sort === undefined || sort === 'started' || sort === 'acquired'),
        cursor: cursor ?? null,
        limit: limit ?? PAGE,
      });
      return {
        total: answer.total,
        sessions: sessionShapes(library(), answer.sessions),
        next: answer.next,
        withheld: desk.rights().withheld(),
      };
    },

    'sessions.show': async ({ id }) => {
      const { content, sessions, synced, verified } = library();
      const session = findSession(library(), id);
      const missing = desk.rights().refused(session, 'recording')?.name ?? null;
      const isForbidden = missing !== null;
      const opening = await desk.keys().look(session);
      const counts = payloadCounts(library(), session);
      const { listed, total: discrepancies } = discrepanciesOf(library(), session, counts);
      const told = isForbidden ? [] : listed;
      return {
        ...sessionShapes(library(), [session])[0]!,
        lock: lockNow(opening),
        discrepancies,
        metadata: isForbidden && session.format !== 'rstream' ? '{}' : sessions.metadata(session),
        // They quote what they found.
        discrepancyList: told.map((discrepancy) => ({ ...discrepancy })),
        proof: proofCard({
          session,
          discrepancies: sessions.discrepancyCounts(session),
          firstSeq: content.firstSeq(session),
          counts,
          openedWith: opening.kind === 'opened' ? opening.with : null,
          growing: synced.state(session.acquisition).growing,
          missing,
          lastVerified: verified.last(session.id),
        }),
        parts: sessions.parts(session).map(({ name, role, size, sha256 }) => ({ name, role, size, sha256: toHex(sha256) })),
        records: session.records,
        openedWith: opening.kind === 'opened' ? opening.with : null,
        root: toHex(session.root),
        growing: synced.state(session.acquisition).growing,
        piped: isPiped(session),
      };
    },

    'sessions.events': async ({ id, from, limit, data }) => {
      const session = findSession(library(), id);
      const recording = await desk.recordings().open(session);
      const wanted = limit ?? EVENTS;
      const events: EventRow[] = [];
      for (const { firstIndex, events: run } of recording.runs(from ?? 0)) {
        for (const [i, event] of run.entries()) {
          if (events.length === wanted)
            return { output: { events, next: firstIndex + i }, subject: session.id, details: { what: 'events' } };
          events.push(eventRow(event, firstIndex + i, data ?? false));
        }
      }
      return { output: { events, next: null }, subject: session.id, details: { what: 'events' } };
    },

    'sessions.commands': ({ id, from, limit }) => {
      const session = findSession(library(), id);
      const output = commandPage(library(), session, from ?? 0, limit ?? COMMANDS);
      return { output, subject: session.id, details: { what: 'commands' } };
    },

    'sessions.hidden': ({ id }) => {
      const session = findSession(library(), id);
      return { output: hiddenFacts(library(), session), subject: session.id, details: { what: 'hidden text' } };
    },

    'sessions.participants': ({ id }) => {
      const session = findSession(library(), id);
      return library().sessions.participants(session).map(participantShape);
    },

    'search.assist': ({ query, cursor }) => {
      const { faults, completion } = assist(library(), query, cursor);
      return { faults: [...faults], completion: { ...completion, choices: [...completion.choices] } };
    },

    'search.run': async ({ query, regex, in: given, filter, sessionId, sort, offset, limit, counts, course }) => {
      const kinds = given ?? ['visible', 'printed'];
      const session = sessionId === undefined ? null : findSession(library(), sessionId);
      const answer = await runSearch(library(), desk.searchThreads(), {
        query,
        regex: regex ?? false,
        kinds,
        filter: filterOf(library(), filter ?? {}),
        session,
        sort: sort ?? 'newest',
        offset: offset ?? 0,
        limit: limit ?? PAGE,
        counts: counts ?? true,
        course: (session === null ? null : course) ?? null,
      });
      return {
        output: { ...answer, withheld: desk.rights().withheld() },
        subject: session?.id ?? 'library',
        details: {
          query,
          regex: regex ?? false,
          in: kinds,
          filter: JSON.stringify(filter ?? {}),
          hits: answer.total,
          complete: answer.complete,
        },
      };
    },
  };
}
