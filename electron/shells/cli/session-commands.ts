// exhibit sessions …: lists, one session, its events, commands, participants, exports.

import { describePlace } from '../../../shared/recording/discrepancy.ts';
import { formatClock, micros, tellClock } from '../../../shared/recording/time.ts';
import type { Api, Input, Output } from '../../../shared/api/contract.ts';
import { SORT_KEYS, type Session, type TextLogOptions } from '../../../shared/api/shapes.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import type { Context } from './context.ts';
import { GivenJson, seconds, type Column } from './output.ts';
import { noteWithheld } from './rights-commands.ts';
import { save } from './save.ts';
import { visible } from '../../../shared/recording/safe-text.ts';

const clock = (us: number | null): string | null => (us === null ? null : tellClock(micros(us)));

/** Offsets and lengths: days stand apart for people; programs read hours that grow as needed. */
export const clockColumn = <T>(head: string, of: (row: T) => number | null): Column<T> => ({
  head,
  value: (row) => {
    const us = of(row);
    return us === null ? null : formatClock(micros(us)).replace(/\.?0+$/, '');
  },
  told: (row) => clock(of(row)),
  right: true,
});

/** A session whose events have no times says nothing of how long it was. */
const lasted = ({ durationUs }: Session): string | null => (durationUs === 0 ? null : clock(durationUs));

export const FILTERS: readonly Option[] = [
  { name: 'source', value: 'NAME', help: 'only of this source' },
  { name: 'server-id', value: 'ID', help: 'only of this server' },
  { name: 'user-id', value: 'ID', help: 'only of this user' },
  { name: 'status', value: 'STATUS', help: 'only with this status' },
  { name: 'origin', value: 'ORIGIN', help: 'only of this origin' },
  { name: 'group-id', value: 'ID', help: 'only of this group' },
  { name: 'env', value: 'NAME', help: 'only of this environment' },
  { name: 'started-from', value: 'TIME', help: 'started at or after this date or moment (UTC, RFC 3339)' },
  { name: 'started-to', value: 'TIME', help: 'started at or before this date or moment (UTC, RFC 3339)' },
  { name: 'case', value: 'CASE', help: 'only exhibits of this case' },
  { name: 'tag', value: 'TAG', help: 'only with an annotation that has this tag' },
];

export function filterOf(call: Call): Input<'sessions.list'>['filter'] {
  const pairs = {
    source: call.text('source'),
    server: call.text('server-id'),
    user: call.text('user-id'),
    status: call.text('status'),
    origin: call.text('origin'),
    group: call.text('group-id'),
    environment: call.text('env'),
    startedFrom: call.instant('started-from', 'first'),
    startedTo: call.instant('started-to', 'last'),
    case: call.text('case'),
    tag: call.text('tag'),
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

/** `server.cast, line 6: the time goes back`, its hostile characters made visible. */
export function placed({ message, place }: Output<'sessions.show'>['discrepancyList'][number]): string {
  const where = describePlace(place);
  return visible(where === '' ? message : `${where}: ${message}`);
}

export const SESSION_COLUMNS: readonly Column<Session>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'started (UTC)', value: ({ startedAt }) => startedAt?.slice(0, 19).replace('T', ' ') ?? null },
  { ...clockColumn('duration', ({ durationUs }) => durationUs), told: lasted },
  { head: 'user', value: ({ user }) => user },
  { head: 'server', value: ({ server }) => server },
  { head: 'title', value: ({ title, command }) => title ?? command },
  { head: 'events', value: ({ events }) => events, right: true },
  { head: 'discrepancies', value: ({ discrepancies }) => discrepancies, right: true },
  { head: 'source', value: ({ source }) => source },
  { head: 'format', value: ({ format }) => format },
  { head: 'locked', value: ({ lock }) => lock.code },
];

/** When its time ends, in a list that is sorted by it; what was purged has none. */
const endColumn = (sort: 'sourceUntil' | 'libraryUntil'): Column<Session> => ({
  head: sort === 'sourceUntil' ? 'at the source until (UTC)' : 'kept until (UTC)',
  value: ({ retention }) => (retention.purgedAt === null ? (retention[sort]?.slice(0, 19).replace('T', ' ') ?? null) : null),
});

async function listSessions(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const limit = call.number('limit', 1);
  const sessions: Session[] = [];
  const sort = call.text('sort') as (typeof SORT_KEYS)[number] | undefined;
  const descending = call.flag('descending');
  let cursor: string | null = null;
  do {
    const page: Output<'sessions.list'> = await api.call('sessions.list', {
      filter: { ...filterOf(call), ...(call.text('text') === undefined ? {} : { text: call.text('text') }) },
      ...(sort === undefined ? {} : { sort }),
      ...(descending === undefined ? {} : { descending }),
      cursor,
      limit: Math.min(limit === undefined ? 1000 : limit - sessions.length, 1000),
    });
    sessions.push(...page.sessions);
    if (cursor === null) noteWithheld(context, page.withheld);
    cursor = page.next;
  } while (cursor !== null && (limit === undefined || sessions.length < limit));
  const ends = sort === 'sourceUntil' || sort === 'libraryUntil' ? [endColumn(sort)] : [];
  await context.printList(call, sessions, [...SESSION_COLUMNS, ...ends]);
}

async function showSession(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const {
    metadata,
    discrepancyList,
    discrepancies: count,
    ...shown
  } = await api.call('sessions.show', { id: call.operands[0]! });
  const whole = { ...shown, metadata: new GivenJson(metadata), discrepancies: discrepancyList, discrepancyCount: count };
  if (context.format(call) !== 'table') {
    await context.printList(call, [whole], [{ head: 'id', value: ({ id }) => id }], whole);
    return;
  }
  const line = (name: string, value: string | number | null): string =>
    value === null ? '' : `${name.padEnd(14)}${visible(String(value))}\n`;
  const screen = `${String(shown.cols)}x${String(shown.rows)}`;
  await context.write(
    [
      line('id', shown.id),
      line('title', shown.title),
      line('command', shown.command),
      line('user', shown.user),
      line('server', shown.server),
      line('group', shown.group),
      line('own id', shown.nativeId),
      line('source', `${shown.source} (${shown.format})`),
      line('started', shown.startedAt),
      line('duration', shown.durationUs === 0 ? 'not known' : clock(shown.durationUs)),
      line('screen', screen),
      line('events', shown.events),
      line(
        'bytes',
        `stdout ${String(shown.stdoutBytes)}, stderr ${String(shown.stderrBytes)}, stdin ${String(shown.stdinBytes)}`,
      ),
      line('exit status', shown.exitStatus),
      line('acquired', shown.acquiredAt),
      line('records', `${String(shown.records)}, root ${shown.root}`),
      line('lock', shown.lock.state === 'open' ? 'open' : `locked: ${shown.lock.reason}; ${shown.lock.todo}`),
      line('index', shown.index),
      '\nParts\n',
      ...shown.parts.map(
        ({ name, role, size, sha256 }) =>
          `  ${sha256}  ${String(size).padStart(10)}  ${visible(name)}${role === 'unpacked' ? ' (unpacked)' : ''}\n`,
      ),
      '\nProof card\n',
      ...shown.proof.map(({ property, verdict, reason }) => `  ${property.padEnd(13)} ${verdict.padEnd(11)} ${reason}\n`),
      count === 0 ? '' : '\nDiscrepancies\n',
      ...discrepancyList.map((discrepancy) => `  ${discrepancy.kind.padEnd(20)} ${placed(discrepancy)}\n`),
      count > discrepancyList.length ? `  … and ${String(count - discrepancyList.length)} more, counted above\n` : '',
    ].join(''),
  );
}

async function listEvents(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const id = call.operands[0]!;
  const limit = call.number('limit', 1);
  const events: Output<'sessions.events'>['events'] = [];
  let from: number | null = call.number('from', 1) === undefined ? 0 : call.number('from', 1)! - 1;
  while (from !== null && (limit === undefined || events.length < limit)) {
    const page: Output<'sessions.events'> = await api.call('sessions.events', {
      id,
      from,
      limit: Math.min(limit === undefined ? 10_000 : limit - events.length, 10_000),
      data: call.flag('data') ?? false,
    });
    events.push(...page.events);
    from = page.next;
  }
  await context.printList(call, events, [
    { head: 'seq', value: ({ seq }) => seq, right: true },
    { head: 'at', value: ({ atUs }) => seconds(atUs), right: true },
    { head: 'kind', value: ({ kind, code }) => code ?? kind },
    { head: 'stream', value: ({ stream }) => stream },
    { head: 'bytes', value: ({ length }) => length, right: true },
    { head: 'text', value: ({ text, data }) => (data === null ? text : Buffer.from(data).toString('utf8')) },
  ]);
}

async function listCommands(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const commands: Output<'sessions.commands'>['commands'] = [];
  for (let from: number | null = 0; from !== null;) {
    const page: Output<'sessions.commands'> = await api.call('sessions.commands', { id: call.operands[0]!, from, limit: 10_000 });
    commands.push(...page.commands);
    from = page.next;
  }
  await context.printList(call, commands, [
    clockColumn('typed', ({ typedUs }) => typedUs),
    clockColumn('entered', ({ enteredUs }) => enteredUs),
    clockColumn('ended', ({ endUs }) => endUs),
    { head: 'exit', value: ({ exitStatus }) => exitStatus, right: true },
    { head: 'evidence', value: ({ evidence, confidence }) => `${evidence} ${confidence.toFixed(2)}` },
    { head: 'echoed', value: ({ echoed }) => (echoed ? 'yes' : 'no') },
    { head: 'command', value: ({ text }) => text },
  ]);
}

async function listHidden(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const findings = await api.call('sessions.hidden', { id: call.operands[0]! });
  await context.printList(call, findings, [
    { head: 'from', value: ({ fromUs }) => seconds(fromUs), right: true },
    { head: 'to', value: ({ toUs }) => seconds(toUs), right: true },
    { head: 'cause', value: ({ cause }) => cause },
    { head: 'row', value: ({ row }) => row, right: true },
    { head: 'col', value: ({ col }) => col, right: true },
    { head: 'times', value: ({ times }) => times, right: true },
    { head: 'text', value: ({ text }) => text },
    { head: 'note', value: ({ note }) => note },
  ]);
}

export async function* exportBytes(api: Api, ticket: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytes } = await api.call('export.read', { ticket });
    if (bytes === null) return;
    yield bytes;
  }
}

/** Options of a text log that were given; the core knows the others. */
export function textOptionsOf(call: Call): Partial<TextLogOptions> {
  const options: Record<keyof TextLogOptions, boolean | undefined> = {
    includeStdin: call.flag('include-stdin'),
    includeStdout: call.flag('include-stdout'),
    includeStderr: call.flag('include-stderr'),
    includeTimestamps: call.flag('include-timestamps'),
    includeResizeMarkers: call.flag('include-resize-markers'),
    terminalModeMarkers: call.flag('terminal-mode-markers'),
    activeAlternateScreen: call.flag('active-alternate-screen'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Throws kind `usage` where an option of the text log is given for another format, which would not heed it, or `-o`, which names no format. */
export function checkTextOptions(call: Call, format: string, path: readonly string[]): void {
  const given = format === 'text' ? undefined : TEXT_OPTIONS.find(({ name }) => call.flag(name) !== undefined);
  if (given !== undefined) throw usage(`--${given.name} is of the text log, and ${format} is asked for`, path);
  if (call.text('output') !== undefined) throw usage('--output is the form of answers; --format is that of the export', path);
}

async function exportSession(context: Context, call: Call): Promise<void> {
  const fromSeq = call.text('from-seq');
  if (fromSeq !== undefined && !/^\d{1,20}$/.test(fromSeq))
    throw usage(`--from-seq takes a sequence number, not ${JSON.stringify(fromSeq)}`, ['sessions', 'export']);
  const maxEvents = call.number('max-events', 0);
  const format = (call.text('format') ?? 'text') as Input<'export.open'>['format'];
  checkTextOptions(call, format, ['sessions', 'export']);
  const api = await context.api(call);
  const opened = await api.call('export.open', {
    id: call.operands[0]!,
    format,
    text: textOptionsOf(call),
    ...(fromSeq === undefined ? {} : { fromSeq }),
    ...(maxEvents === undefined ? {} : { maxEvents }),
  });
  await save(context, call.text('file'), exportBytes(api, opened.ticket));
  for (const warning of opened.warnings) context.note(`exhibit: ${visible(warning)}`);
}

export const FILE: Option = {
  name: 'file',
  short: 'f',
  value: 'FILE',
  help: 'write there instead of to standard output; - is standard output',
};

export const TEXT_OPTIONS: readonly Option[] = [
  { name: 'include-stdin', help: 'text: with typed input; off by default' },
  { name: 'include-stdout', help: 'text: with standard output; on by default' },
  { name: 'include-stderr', help: 'text: with standard error; on by default' },
  { name: 'include-timestamps', help: 'text: time and stream before each line; off by default' },
  { name: 'include-resize-markers', help: 'text: a marker for each resize; off by default' },
  { name: 'terminal-mode-markers', help: 'text: markers for the alternate screen; on by default' },
  { name: 'active-alternate-screen', help: 'text: with an alternate screen that is still active; on by default' },
];

export const SESSION_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['sessions', 'list'],
    operands: [],
    options: [
      ...FILTERS,
      { name: 'text', value: 'WORDS', help: 'only where title, command, user, server, group or id hold all these words' },
      { name: 'sort', value: 'KEY', choices: SORT_KEYS, help: 'order of the list' },
      { name: 'descending', help: 'largest or newest first' },
      { name: 'limit', value: 'N', help: 'at most so many' },
    ],
    summary: 'List the sessions in the library',
    examples: [
      'exhibit sessions list --user-id ops --started-from 2026-11-01T00:00:00Z',
      'exhibit sessions list -o csv > sessions.csv',
    ],
    run: listSessions,
  },
  {
    path: ['sessions', 'show'],
    operands: ['ID'],
    options: [],
    summary: 'Show one session: metadata, parts, proof card, discrepancies',
    examples: ['exhibit sessions show 4k9mz2', 'exhibit sessions show 4k9mz2 -o json'],
    run: showSession,
  },
  {
    path: ['sessions', 'events'],
    operands: ['ID'],
    options: [
      { name: 'from', value: 'N', help: 'start with the Nth event' },
      { name: 'limit', value: 'N', help: 'at most so many' },
      { name: 'data', help: 'with the bytes of stream data (base64 in JSON)' },
    ],
    summary: 'List the events of a session in recorded order',
    examples: ['exhibit sessions events 4k9mz2 --limit 100 -o json'],
    run: listEvents,
  },
  {
    path: ['sessions', 'commands'],
    operands: ['ID'],
    options: [],
    summary: 'List the commands entered in a session, with how sure that is',
    examples: ['exhibit sessions commands 4k9mz2'],
    run: listCommands,
  },
  {
    path: ['sessions', 'hidden'],
    operands: ['ID'],
    options: [],
    summary: 'List text of a session that was transmitted but not readable at the screen',
    examples: ['exhibit sessions hidden 4k9mz2', 'exhibit sessions hidden 4k9mz2 -o json'],
    run: listHidden,
  },
  {
    path: ['sessions', 'participants'],
    operands: ['ID'],
    options: [],
    summary: 'List who took part in a session, as its source says',
    examples: ['exhibit sessions participants 4k9mz2'],
    run: async (context, call) => {
      const api = await context.api(call);
      const rows = await api.call('sessions.participants', { id: call.operands[0]! });
      await context.printList(call, rows, [
        { head: 'id', value: ({ id }) => id },
        { head: 'user', value: ({ user }) => user },
        { head: 'role', value: ({ role }) => role },
        { head: 'attached', value: ({ attachedAt }) => attachedAt },
        { head: 'detached', value: ({ detachedAt }) => detachedAt },
      ]);
    },
  },
  {
    path: ['sessions', 'export'],
    operands: ['ID'],
    options: [
      {
        name: 'format',
        value: 'F',
        choices: ['text', 'json', 'asciicast-v2', 'asciicast-v3', 'html'],
        help: 'form of the export',
      },
      FILE,
      ...TEXT_OPTIONS,
      { name: 'from-seq', value: 'N', help: 'start with this sequence number' },
      { name: 'max-events', value: 'N', help: 'at most so many events; 0 is all' },
    ],
    summary: 'Export a session as text log, JSON in stored form, asciicast, or a report in one HTML file',
    examples: [
      'exhibit sessions export 4k9mz2 > log.txt',
      'exhibit sessions export 4k9mz2 --format asciicast-v3 --file session.cast',
      'exhibit sessions export 4k9mz2 --format html --file session.html',
    ],
    run: exportSession,
  },
];
