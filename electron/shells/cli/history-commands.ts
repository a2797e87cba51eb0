// exhibit history …: every session that a source, a history file or a recording tells of, its events, joining by hand, exports.

import type { Input, Output } from '../../../shared/api/contract.ts';
import {
  HISTORY_EVENT_KINDS,
  HISTORY_SORTS,
  RECORDING_STATES,
  type HistoryEvent,
  type HistoryRow,
} from '../../../shared/api/history-shapes.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import type { Context } from './context.ts';
import { GivenJson, list, seconds, some, type Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { clockColumn, exportBytes, FILE } from './session-commands.ts';
import { save } from './save.ts';

const FILTERS: readonly Option[] = [
  { name: 'text', value: 'WORDS', help: 'each word in target, initiator, reason, approval, close reason, title or an id' },
  { name: 'source', value: 'NAME', help: 'only of this source' },
  { name: 'target', value: 'NAME', help: 'only on this target' },
  { name: 'env', value: 'NAME', help: 'only of this environment' },
  { name: 'mode', value: 'MODE', help: 'only in this mode' },
  { name: 'initiator', value: 'NAME', help: 'only begun by this user' },
  { name: 'origin', value: 'ORIGIN', help: 'only of this origin' },
  { name: 'status', value: 'STATUS', help: 'only with this status' },
  { name: 'close-reason', value: 'TEXT', help: 'only closed for this reason' },
  { name: 'recording', value: 'STATE', choices: RECORDING_STATES, help: 'only with their recording there' },
  { name: 'started-from', value: 'TIME', help: 'started at or after this date or moment (UTC, RFC 3339)' },
  { name: 'started-to', value: 'TIME', help: 'started at or before this date or moment (UTC, RFC 3339)' },
  { name: 'held', help: 'only under a legal hold, or only not' },
  { name: 'here', help: 'only with a recording in this library, or only without' },
  { name: 'case', value: 'CASE', help: 'only exhibits of this case' },
];

function filterOf(call: Call): Input<'history.list'>['filter'] {
  const one = (name: string): string[] | undefined => {
    const value = call.text(name);
    return value === undefined ? undefined : [value];
  };
  const pairs = {
    text: call.text('text'),
    source: one('source'),
    target: one('target'),
    environment: one('env'),
    mode: one('mode'),
    initiator: one('initiator'),
    origin: one('origin'),
    status: one('status'),
    closeReason: one('close-reason'),
    recording: one('recording'),
    startedFrom: call.instant('started-from', 'first'),
    startedTo: call.instant('started-to', 'last'),
    held: call.flag('held'),
    here: call.flag('here'),
    case: call.text('case'),
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

const minute = (instant: string | null): string | null => instant?.slice(0, 19).replace('T', ' ') ?? null;

const DURATION = clockColumn<HistoryRow>('duration', ({ durationUs }) => durationUs);

/** A recording whose events have no times says nothing of how long its session was. */
const COLUMNS: readonly Column<HistoryRow>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'started (UTC)', value: ({ startedAt }) => minute(startedAt) },
  { head: 'ended (UTC)', value: ({ endedAt }) => minute(endedAt) },
  { ...DURATION, told: (row) => (row.durationUs === 0 && row.sessionId !== null ? null : DURATION.told!(row)) },
  { head: 'target', value: ({ target }) => target },
  { head: 'environment', value: ({ environment }) => environment },
  { head: 'mode', value: ({ mode }) => mode },
  { head: 'initiator', value: ({ initiator }) => initiator },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'approval', value: ({ approval }) => approval },
  { head: 'origin', value: ({ origin }) => origin },
  { head: 'status', value: ({ status }) => status },
  { head: 'close reason', value: ({ closeReason }) => closeReason },
  { head: 'exit', value: ({ exitStatus }) => exitStatus, right: true },
  { head: 'recording', value: ({ recording }) => recording },
  { head: 'lock', value: ({ lock }) => lock?.state ?? null },
  { head: 'matched by', value: ({ matchedBy }) => matchedBy },
  { head: 'commands', value: ({ activities }) => activities, right: true },
  { head: 'audits', value: ({ audits }) => audits, right: true },
  { head: 'source', value: ({ source }) => source },
  { head: 'session', value: ({ sessionId }) => sessionId },
];

const EVENT_COLUMNS: readonly Column<HistoryEvent>[] = [
  { head: 'at (UTC)', value: ({ at }) => at },
  { head: 'kind', value: ({ kind }) => kind },
  { head: 'actor', value: ({ actor }) => actor },
  { head: 'action', value: ({ action }) => action },
  { head: 'target', value: ({ target }) => target },
  { head: 'text', value: ({ text }) => text },
  { head: 'outcome', value: ({ outcome }) => outcome },
  { head: 'row', value: ({ history }) => history },
  { head: 'offset', value: ({ atUs }) => seconds(atUs), right: true },
];

function tellWithheld(context: Context, withheld: Output<'history.list'>['withheld']): void {
  for (const { source, right } of withheld)
    context.note(`exhibit: the history of ${visible(source)} is left out: ${visible(right)} is missing`);
}

async function listRows(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const limit = call.number('limit', 1) ?? Infinity;
  const sort = call.text('sort') as (typeof HISTORY_SORTS)[number] | undefined;
  const descending = call.flag('descending');
  const rows: HistoryRow[] = [];
  let cursor: string | null = null;
  let withheld: Output<'history.list'>['withheld'] = [];
  do {
    const page: Output<'history.list'> = await api.call('history.list', {
      filter: filterOf(call),
      ...(sort === undefined ? {} : { sort }),
      ...(descending === undefined ? {} : { descending }),
      cursor,
      limit: Math.min(limit - rows.length, 1000),
    });
    rows.push(...page.rows);
    ({ next: cursor, withheld } = page);
  } while (cursor !== null && rows.length < limit);
  tellWithheld(context, withheld);
  const format = call.text('format') as 'csv' | 'json' | undefined;
  await context.write(list(format ?? context.format(call), rows, COLUMNS));
}

/** For scripts the moment keeps `at`, and the time within the recording is `offset`: without its unit it would be `at` as well. */
const eventShape = ({ atUs, ...event }: HistoryEvent): object => ({ ...event, offsetUs: atUs });

async function printDetail(context: Context, call: Call, detail: Output<'history.show'>): Promise<void> {
  const record = detail.record === null ? null : new GivenJson(detail.record);
  if (context.format(call) !== 'table')
    return context.printList(call, [detail], COLUMNS, { ...detail, record, events: detail.events.map(eventShape) });
  const lines = [
    ...COLUMNS.map(({ head, value }) => [head, value(detail)] as const),
    ['id at source', detail.nativeId] as const,
    ...detail.others.map(({ name, value }) => [name, value] as const),
    ...detail.from.map(({ name, at }) => ['told by', `${name} (${at})`] as const),
    ...detail.candidates.map(({ sessionId, title, why }) => ['may be', `${sessionId} ${title ?? ''} (${why})`] as const),
  ];
  const shown = lines.filter(([, value]) => value !== null && value !== '');
  await context.write(shown.map(([name, value]) => `${visible(name).padEnd(16)}${visible(String(value))}\n`).join(''));
  if (detail.events.length === 0) return;
  await context.write('\n');
  await context.printList(call, detail.events, EVENT_COLUMNS);
  if (detail.eventsCut) context.note('exhibit: it has more events; `exhibit history events ID` shows all');
}

async function showRow(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  await printDetail(context, call, await api.call('history.show', { id: call.operands[0]! }));
}

async function listEvents(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const limit = call.number('limit', 1) ?? Infinity;
  const kind = call.text('kind') as (typeof HISTORY_EVENT_KINDS)[number] | undefined;
  const [id] = call.operands;
  const events: HistoryEvent[] = [];
  let cursor: string | null = null;
  do {
    const page: Output<'history.events'> = await api.call('history.events', {
      ...(id === undefined ? { filter: filterOf(call) } : { id }),
      ...(kind === undefined ? {} : { kinds: [kind] }),
      cursor,
      limit: Math.min(limit - events.length, 1000),
    });
    events.push(...page.events);
    cursor = page.next;
  } while (cursor !== null && events.length < limit);
  await context.printList(call, events, EVENT_COLUMNS, events.map(eventShape));
}

async function matchRow(context: Context, call: Call): Promise<void> {
  const session = call.text('session');
  const part = call.flag('part') === true;
  if ((session !== undefined) === part) throw usage('name a recording with --session, or part with --part', ['history', 'match']);
  const reason = call.text('reason');
  if (reason === undefined) throw usage('joining and parting need a --reason', ['history', 'match']);
  const api = await context.api(call);
  const detail = await api.call('history.match', { id: call.operands[0]!, session: session ?? null, reason });
  await printDetail(context, call, detail);
}

async function exportRows(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const format = (call.text('format') ?? 'csv') as 'csv' | 'json';
  const { ticket, fileName, rows, events, warnings } = await api.call('history.export', { format, filter: filterOf(call) });
  for (const warning of warnings) context.note(`exhibit: ${visible(warning)}`);
  await save(context, call.text('file'), exportBytes(api, ticket));
  context.note(`exhibit: ${fileName}: ${some(rows, 'session')}, ${some(events, 'event')}`);
}

export const HISTORY_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['history', 'list'],
    operands: [],
    options: [
      ...FILTERS,
      { name: 'sort', value: 'COLUMN', choices: HISTORY_SORTS, help: 'order of the rows (started)' },
      { name: 'descending', help: 'the other way round (the newest first, unless false)' },
      { name: 'limit', value: 'N', help: 'at most so many rows' },
      { name: 'format', value: 'FORMAT', choices: ['csv', 'json'], help: 'the same as -o' },
    ],
    summary: 'List every session that a source, a history file or a recording tells of',
    examples: ['exhibit history list --env production --here=false', 'exhibit history list --initiator ana@example.org -o csv'],
    run: listRows,
  },
  {
    path: ['history', 'show'],
    operands: ['ID'],
    options: [],
    summary: 'Show one row with all that its source says, its events, and recordings that may be its own',
    examples: ['exhibit history show h7k2p9'],
    run: showRow,
  },
  {
    path: ['history', 'events'],
    operands: ['[ID]'],
    options: [
      ...FILTERS,
      { name: 'kind', value: 'KIND', choices: HISTORY_EVENT_KINDS, help: 'only of this kind' },
      { name: 'limit', value: 'N', help: 'at most so many events' },
    ],
    summary: 'List commands, runbooks and audit events, of one row or of those that a filter leaves',
    examples: ['exhibit history events --kind database-audit --env production'],
    run: listEvents,
  },
  {
    path: ['history', 'match'],
    operands: ['ID'],
    options: [
      { name: 'session', value: 'SESSION', help: 'the recording that belongs to this row' },
      { name: 'part', help: 'parts the row from its recording' },
      { name: 'reason', value: 'TEXT', help: 'why, for the custody log' },
    ],
    summary: 'Join a recording to a row by hand, or part what was joined',
    examples: ['exhibit history match h7k2p9 --session 4t8q --reason "same shell, clock was off"'],
    run: matchRow,
  },
  {
    path: ['history', 'export'],
    operands: [],
    options: [...FILTERS, { name: 'format', value: 'FORMAT', choices: ['csv', 'json'], help: 'csv (one table) or json' }, FILE],
    summary: 'Write sessions with their commands, runbooks and audit events to one file',
    examples: ['exhibit history export --format csv --file history.csv', 'exhibit history export --format json --case 2026-014'],
    run: exportRows,
  },
];
