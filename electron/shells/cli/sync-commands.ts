// exhibit sync: reads sources into the library, shows how far it is, and says at the end what came and what did not.

import { ExhibitError, type ErrorKind } from '../../../shared/api/errors.ts';
import type { SyncedSession, SyncFilter, SyncReport } from '../../../shared/api/source-shapes.ts';
import type { Call, Command } from './arguments.ts';
import type { Context } from './context.ts';
import { finishIndexing } from './library-commands.ts';
import type { Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { placed } from './session-commands.ts';

const COLUMNS: readonly Column<SyncedSession>[] = [
  { head: 'source', value: ({ source }) => source },
  { head: 'session', value: ({ id }) => id },
  { head: 'native id', value: ({ nativeId }) => nativeId },
  { head: 'outcome', value: ({ outcome }) => outcome },
  { head: 'events', value: ({ events }) => events, right: true },
  { head: 'discrepancies', value: ({ discrepancies }) => discrepancies, right: true },
];

const FILTER_OPTIONS = {
  serverId: 'server-id',
  status: 'status',
  origin: 'origin',
  groupId: 'group-id',
  userId: 'user-id',
} as const;

function filterOf(call: Call): SyncFilter {
  const given = Object.entries(FILTER_OPTIONS).flatMap(([name, option]) => {
    const value = call.text(option);
    return value === undefined ? [] : [[name, value] as const];
  });
  const startedFrom = call.instant('started-from', 'first');
  const startedTo = call.instant('started-to', 'last');
  const limit = call.number('limit', 1);
  return {
    ...Object.fromEntries(given),
    ...(startedFrom === undefined ? {} : { startedFrom }),
    ...(startedTo === undefined ? {} : { startedTo }),
    ...(limit === undefined ? {} : { limit }),
  };
}

async function sync(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const source = call.operands[0];
  const { job } = await api.call('sync.start', {
    ...(source === undefined ? {} : { source }),
    filter: filterOf(call),
    follow: call.flag('follow') ?? true,
    recheck: call.flag('recheck') ?? false,
  });
  let ended: ExhibitError | null = null;
  try {
    await context.finish(call, api, job);
  } catch (error) {
    if (!(error instanceof ExhibitError)) throw error;
    ended = error;
  }
  const report = await api.call('sync.report', { job });
  if (ended === null && call.flag('index') !== false) await finishIndexing(context, call, api);
  if (ended?.kind !== 'cancelled') {
    for (const { id, discrepancies, nativeId } of report.sessions) {
      if (id === null || discrepancies === 0) continue;
      const { discrepancyList } = await api.call('sessions.show', { id });
      for (const discrepancy of discrepancyList.slice(-discrepancies))
        context.note(`exhibit: ${visible(nativeId)}: ${placed(discrepancy)}`);
    }
  }
  await printReport(context, call, report, ended);
  if (ended !== null) throw ended;
  const read = report.sessions.filter(({ outcome }) => outcome !== 'failed');
  if (report.sessions.length > 0 && read.length === 0) {
    const reason = report.sessions[0]!.failure!;
    throw new ExhibitError(
      reason.kind as ErrorKind,
      'synchronise',
      'none of the sessions could be read',
      'the reasons stand above',
    );
  }
}

async function printReport(context: Context, call: Call, report: SyncReport, ended: ExhibitError | null): Promise<void> {
  // What ends the command is said when it ends; a reason that a source shares with a session is said once.
  const said = new Set([ended?.message]);
  for (const { failure } of [...report.sources, ...report.sessions]) {
    if (failure === null || failure.kind === 'cancelled') continue;
    const { kind, what, why, todo } = failure;
    const { message } = new ExhibitError(kind as ErrorKind, what, why, todo);
    if (said.has(message)) continue;
    said.add(message);
    context.note(`exhibit: ${visible(message)}`);
  }
  const count = (outcome: SyncedSession['outcome']): number =>
    report.sessions.filter((session) => session.outcome === outcome).length;
  await context.printList(
    call,
    report.sessions.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'history'),
    COLUMNS,
    report,
  );
  if (context.format(call) === 'table') {
    const words = (['new', 'grown', 'unchanged', 'history', 'failed', 'cancelled'] as const)
      .map((outcome) => [count(outcome), outcome] as const)
      .filter(([n]) => n > 0)
      .map(([n, outcome]) => `${String(n)} ${outcome === 'history' ? 'history alone' : outcome}`);
    const events = report.sessions.reduce((sum, session) => sum + session.events, 0);
    context.note(`exhibit: sessions: ${words.join(', ') || 'none'}; events received: ${String(events)}`);
  }
}

export const SYNC_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['sync'],
    operands: ['[SOURCE]'],
    options: [
      { name: 'server-id', value: 'ID', help: 'only sessions of this server (rstream)' },
      { name: 'status', value: 'STATUS', help: 'only sessions with this status' },
      { name: 'origin', value: 'ORIGIN', help: 'only sessions of this origin: human, api, ci and the like' },
      { name: 'group-id', value: 'ID', help: 'only sessions of this group (rstream)' },
      { name: 'user-id', value: 'ID', help: 'only sessions that this user began' },
      { name: 'started-from', value: 'TIME', help: 'only sessions that began then or later (RFC 3339)' },
      { name: 'started-to', value: 'TIME', help: 'only sessions that began then or before (RFC 3339)' },
      { name: 'limit', value: 'N', help: 'at most so many sessions' },
      { name: 'follow', help: 'read live sessions on until they end, those of StackShift when they have ended; on by default' },
      { name: 'recheck', help: 'read what is in the library already once more and compare it' },
      { name: 'index', help: 'wait until what came can be searched; on by default' },
    ],
    summary: 'Read the sessions of a source, or of all, into the library; exit 1 when nothing could be read or a source failed',
    examples: ['exhibit sync', 'exhibit sync prod --follow=false', 'exhibit sync prod --server-id srv_1 --recheck -o json'],
    run: sync,
  },
];
