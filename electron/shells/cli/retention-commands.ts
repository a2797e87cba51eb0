// exhibit retention …: what holds recordings, what ends, and what was purged; policies are in policy-commands.ts. Nothing here purges a
// recording that its policy does not.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { HoldScope } from '../../../shared/api/history-shapes.ts';
import type { DueRecording, Hold, Purge, RetentionClock } from '../../../shared/api/retention-shapes.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import { REASON, reasonOf } from './case-commands.ts';
import type { Context } from './context.ts';
import type { Column } from './output.ts';
import { POLICY_COMMANDS, STANDING } from './policy-commands.ts';
import { readText } from './read-file.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { FILTERS, filterOf } from './session-commands.ts';

const moment = (instant: string): string => instant.slice(0, 19).replace('T', ' ');

const DUE: readonly Column<DueRecording>[] = [
  { head: 'session', value: ({ session }) => session },
  { head: 'source', value: ({ source }) => source },
  { head: 'until (UTC)', value: ({ until }) => moment(until) },
  { head: 'held by', value: ({ heldBy }) => (heldBy.length === 0 ? null : heldBy.join(', ')) },
  { head: 'title', value: ({ title }) => title },
];

const HOLDS: readonly Column<Hold>[] = [
  { head: 'hold', value: ({ id }) => id },
  { head: 'of', value: ({ text }) => text },
  { head: 'sessions', value: ({ sessions }) => sessions, right: true },
  { head: 'by', value: ({ by }) => by },
  { head: 'at (UTC)', value: ({ at }) => moment(at) },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'released', value: ({ released }) => (released === null ? null : `${moment(released.at)}: ${released.reason}`) },
];

const PURGES: readonly Column<Purge>[] = [
  { head: 'session', value: ({ session }) => session },
  { head: 'source', value: ({ source }) => source },
  { head: 'id at the source', value: ({ nativeId }) => nativeId },
  { head: 'until (UTC)', value: ({ until }) => moment(until) },
  { head: 'purged (UTC)', value: ({ at }) => moment(at) },
];

/** A clock that is not believed is said wherever retention is looked at. */
function warn(context: Context, { warning }: RetentionClock): void {
  if (warning !== '') context.note(`exhibit: ${visible(warning)}`);
}

async function show(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const state = await api.call('retention.show', null);
  if (context.format(call) === 'table') {
    const { clock, lastSweep } = state;
    const line = (name: string, value: string): string => `${name.padEnd(14)}${visible(value)}\n`;
    const swept =
      lastSweep === null
        ? 'never'
        : `${moment(lastSweep.at)}: ${String(lastSweep.purged)} purged, ${String(lastSweep.held)} held`;
    await context.write(
      [
        line('confirmed', `${moment(clock.confirmed)} UTC, by ${clock.by}`),
        line('wall clock', `${moment(clock.wall)} UTC`),
        line('past', `${String(state.past)} to be purged, ${String(state.pastHeld)} held`),
        line('holds', String(state.holds)),
        line('purged', String(state.purged)),
        line('last sweep', swept),
        '\nPolicies\n',
      ].join(''),
    );
  }
  warn(context, state.clock);
  await context.printList(call, state.policies, STANDING, state);
}

async function sweep(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const { job } = await api.call('retention.sweep', { dryRun: call.flag('dry-run') === true });
  await context.finish(call, api, job);
  const report = await api.call('retention.sweepReport', { job });
  warn(context, report.clock);
  if (report.unconfirmed > 0)
    context.note(
      `exhibit: ${String(report.unconfirmed)} more are past by this machine’s clock, and not by the time that is confirmed`,
    );
  const rows = [
    ...report.purged.map((row) => ({ ...row, outcome: report.dryRun ? 'would be purged' : 'purged' })),
    ...report.held.map((row) => ({ ...row, outcome: 'held' })),
  ];
  await context.printList(call, rows, [{ head: 'outcome', value: ({ outcome }) => outcome }, ...DUE], report);
}

const HOLD = ['retention', 'hold'];

function scopeOf(call: Call): HoldScope {
  const [session, text] = [call.text('session'), call.text('text')];
  const filter = { ...filterOf(call), ...(text === undefined ? {} : { text }) };
  const names = Object.keys(filter).toSorted().join(' ');
  const whole = call.flag('everything') === true;
  if ([session !== undefined, names !== '', whole].filter(Boolean).length !== 1)
    throw usage('name what is to be held: --session, or what sessions have in common, or --everything', HOLD);
  if (session !== undefined) return { kind: 'session', session };
  if (names === 'case') return { kind: 'case', case: filter.case! };
  if (names === 'group') return { kind: 'group', group: filter.group! };
  if (names === 'group source') return { kind: 'group', group: filter.group!, source: filter.source! };
  return { kind: 'filter', filter };
}

async function certificates(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const folder = call.text('out');
  const found: Purge[] = [];
  for (let cursor: string | undefined; ;) {
    const { purges, next } = await api.call('purges.list', cursor === undefined ? {} : { cursor });
    found.push(...purges);
    if (next === null) break;
    cursor = next;
  }
  const session = call.operands[0];
  const chosen = session === undefined ? found : found.filter((purge) => purge.session === session || purge.nativeId === session);
  if (session !== undefined && chosen.length === 0)
    throw new ExhibitError(
      'not-found',
      `certificate of ${session}`,
      'no session of this id was purged',
      '`exhibit retention certificates` lists them',
    );
  if (folder !== undefined) {
    for (const { session: id, certificate, signature } of chosen) {
      try {
        writeFileSync(join(folder, `${id}.json`), certificate, { flag: 'wx' });
        writeFileSync(join(folder, `${id}.json.sig`), signature, { flag: 'wx' });
      } catch (error) {
        throw new ExhibitError(
          'disk',
          `write the certificate of ${id}`,
          (error as Error).message,
          'name a folder that has none of it',
          {
            cause: error,
          },
        );
      }
    }
  }
  await context.printList(call, chosen, PURGES, chosen);
}

const LIMIT: Option = { name: 'limit', value: 'N', help: 'so many at most' };

export const RETENTION_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['retention', 'show'],
    operands: [],
    options: [],
    summary: 'Show the policies in force, the clock that retention goes by, and what is past',
    examples: ['exhibit retention show', 'exhibit retention show -o json'],
    run: show,
  },
  ...POLICY_COMMANDS,
  {
    path: ['retention', 'due'],
    operands: [],
    options: [
      { name: 'before', value: 'INSTANT', help: 'those that end before this moment (RFC 3339); by default within 30 days' },
      LIMIT,
    ],
    summary: 'List recordings whose retention has ended or ends soon',
    examples: ['exhibit retention due', 'exhibit retention due --before 2027-01-01T00:00:00Z'],
    run: async (context, call) => {
      const [before, limit] = [call.text('before'), call.number('limit', 1)];
      const api = await context.api(call);
      const { total, recordings } = await api.call('retention.due', {
        ...(before === undefined ? {} : { before }),
        ...(limit === undefined ? {} : { limit }),
      });
      if (total > recordings.length) context.note(`exhibit: ${String(recordings.length)} of ${String(total)} are shown`);
      await context.printList(call, recordings, DUE);
    },
  },
  {
    path: ['retention', 'sweep'],
    operands: [],
    options: [{ name: 'dry-run', help: 'tell what would be purged, and purge nothing' }],
    summary: 'Do what the hourly sweep does, now',
    examples: ['exhibit retention sweep --dry-run', 'exhibit retention sweep -o json'],
    run: sweep,
  },
  {
    path: HOLD,
    operands: [],
    options: [
      { name: 'session', value: 'ID', help: 'this session' },
      { name: 'text', value: 'WORDS', help: 'sessions with these words in title, command, user, server or id' },
      { name: 'everything', help: 'every session' },
      ...FILTERS,
      REASON,
    ],
    summary: 'Hold recordings: none of them is purged until the hold is released',
    examples: [
      "exhibit retention hold --case 2026-014 --reason 'order of 3 May'",
      "exhibit retention hold --user-id ana --source cloud --reason 'inquiry 7'",
    ],
    run: async (context, call) => {
      const scope = scopeOf(call);
      const reason = reasonOf(call, HOLD);
      const api = await context.api(call);
      const hold = await api.call('holds.add', { scope, reason });
      if (hold.sessions === 0) context.note('exhibit: no session here fits it yet; those that come and fit are held');
      await context.printList(call, [hold], HOLDS, hold);
    },
  },
  {
    path: ['retention', 'holds'],
    operands: [],
    options: [
      { name: 'all', help: 'released ones too' },
      { name: 'session', value: 'ID', help: 'those that hold this session' },
    ],
    summary: 'List the holds',
    examples: ['exhibit retention holds', 'exhibit retention holds --all -o json'],
    run: async (context, call) => {
      const session = call.text('session');
      const api = await context.api(call);
      const holds = await api.call('holds.list', {
        released: call.flag('all') === true,
        ...(session === undefined ? {} : { session }),
      });
      await context.printList(call, holds, HOLDS);
    },
  },
  {
    path: ['retention', 'release'],
    operands: ['HOLD'],
    options: [REASON],
    summary: 'Release a hold: what is past and held by nothing else goes with the next sweep',
    examples: ["exhibit retention release H-0001 --reason 'the inquiry is closed'"],
    run: async (context, call) => {
      const reason = reasonOf(call, ['retention', 'release']);
      const api = await context.api(call);
      const hold = await api.call('holds.release', { id: call.operands[0]!, reason });
      await context.printList(call, [hold], HOLDS, hold);
    },
  },
  {
    path: ['retention', 'certificates'],
    operands: ['[SESSION]'],
    options: [{ name: 'out', value: 'FOLDER', help: 'write them there, as SESSION.json and SESSION.json.sig' }],
    summary: 'List what was purged, with its signed certificates',
    examples: ['exhibit retention certificates', 'exhibit retention certificates 4k9mz2 --out .'],
    run: certificates,
  },
  {
    path: ['retention', 'verify-certificate'],
    operands: ['FILE'],
    options: [{ name: 'signature', value: 'F', help: 'file of the signature; by default FILE.sig' }],
    summary: 'Check the certificate of a purge, of this library or of another',
    examples: ['exhibit retention verify-certificate 4k9mz2.json'],
    run: async (context, call) => {
      const [file] = call.operands;
      const input = { certificate: readText(file!), signature: readText(call.text('signature') ?? `${file!}.sig`) };
      const api = await context.api(call);
      const check = await api.call('purges.verify', input);
      await context.printList(
        call,
        [check],
        [
          { head: 'valid', value: ({ valid }) => (valid ? 'yes' : 'no') },
          { head: 'signed by', value: ({ fingerprint }) => fingerprint },
          { head: 'own key', value: ({ own }) => (own ? 'yes' : 'no') },
          { head: 'why', value: ({ why }) => why },
        ],
        check,
      );
      if (!check.valid) throw new ExhibitError('altered', `certificate ${file!}`, check.why);
      if (!check.own) throw new ExhibitError('signer', `certificate ${file!}`, check.why);
    },
  },
  {
    path: ['retention', 'confirm-time'],
    operands: [],
    options: [REASON],
    summary: 'Say that the clock of this machine is right: retention goes by it from here on',
    examples: ["exhibit retention confirm-time --reason 'compared with the radio clock'"],
    run: async (context, call) => {
      const reason = reasonOf(call, ['retention', 'confirm-time']);
      const api = await context.api(call);
      const clock = await api.call('retention.confirmTime', { reason });
      await context.printList(
        call,
        [clock],
        [
          { head: 'confirmed (UTC)', value: ({ confirmed }) => moment(confirmed) },
          { head: 'by', value: ({ by }) => by },
        ],
        clock,
      );
    },
  },
];
