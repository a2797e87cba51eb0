// exhibit import, library …, custody …: everything that is not about one session.

import type { ImportResult } from '../../../shared/api/shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Api, Output } from '../../../shared/api/contract.ts';
import type { Call, Command } from './arguments.ts';
import type { Context } from './context.ts';
import { readSecret } from './prompt.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { placed } from './session-commands.ts';
import { GivenJson, some } from './output.ts';

/** Waits until nothing is indexed any more, showing how far it is. */
export async function finishIndexing(context: Context, call: Call, api: Api): Promise<void> {
  for (const job of await api.call('jobs.list', null)) {
    if (job.kind === 'index' && job.state === 'running') await context.finish(call, api, job.id);
  }
}

async function importPaths(context: Context, call: Call): Promise<void> {
  const api = await context.apiForWriting(call);
  const source = call.text('source');
  const { job } = await api.call('import.paths', { paths: [...call.operands], ...(source === undefined ? {} : { source }) });
  let failed: ExhibitError | null = null;
  try {
    await context.finish(call, api, job);
  } catch (error) {
    if (!(error instanceof ExhibitError)) throw error;
    failed = error;
  }
  const results = await api.call('import.results', { job });
  if (failed === null && call.flag('index') !== false) await finishIndexing(context, call, api);
  for (const result of results) {
    for (const discrepancy of result.discrepancies) context.note(`exhibit: ${placed(discrepancy)}`);
    if (result.failure !== null && (result.asked || call.flag('verbose') === true)) {
      const { what, why, todo } = result.failure;
      context.note(`exhibit: ${visible(what)}: ${visible(why)}${todo === '' ? '' : `; ${todo}`}`);
    }
  }
  const passedOver = results.filter(({ failure, asked }) => failure !== null && !asked).length;
  if (passedOver > 0)
    context.note(`exhibit: ${String(passedOver)} other files in these folders are no recordings (--verbose names them)`);
  const shown =
    context.format(call) === 'table'
      ? results.filter(({ failure }) => failure === null)
      : results.filter(({ failure, asked }) => failure === null || asked);
  await context.printList(
    call,
    shown,
    [
      {
        head: 'session',
        value: ({ sessionIds, history }) => (history === undefined ? sessionIds.join(' ') : broughtBy(history)),
      },
      { head: 'format', value: ({ format }) => format },
      { head: 'discrepancies', value: ({ discrepancies }) => discrepancies.length, right: true },
      { head: 'known', value: ({ known }) => (known ? 'yes' : 'no') },
      { head: 'path', value: ({ path }) => path },
    ],
    shown.map(importShape),
  );
  if (failed !== null) throw failed;
  const refused = results.filter(({ failure, asked }) => failure !== null && asked);
  if (refused.length > 0) {
    const kept = results.length - refused.length - passedOver;
    throw new ExhibitError(
      'refused',
      'import',
      `${String(refused.length)} of the inputs named could not be imported`,
      `${String(kept)} were; the reasons stand above`,
    );
  }
}

/** What a history file brought, in few words. */
function broughtBy({ sessions, events, unchanged, matchedById, matchedByTime }: NonNullable<ImportResult['history']>): string {
  const joined = matchedById + matchedByTime;
  return [
    `${some(sessions, 'session')}, ${some(events, 'event')}`,
    ...(unchanged > 0 ? [`${String(unchanged)} known`] : []),
    ...(joined > 0 ? [`${String(joined)} joined to recordings`] : []),
  ].join(', ');
}

function importShape({ path, sessionIds, format, discrepancies, known, failure, history }: ImportResult): unknown {
  return {
    path,
    sessionIds,
    format,
    known,
    discrepancies,
    ...(history === undefined ? {} : { history }),
    error: failure === null ? null : `${failure.what}: ${failure.why}`,
  };
}

async function verifyLibrary(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const id = call.operands[0];
  const { job } = await api.call('library.verify', id === undefined ? {} : { id });
  await context.finish(call, api, job);
  const report = await api.call('jobs.report', { job });
  const row = { ...report, failures: report.failures.length };
  await context.printList(
    call,
    [row],
    [
      { head: 'sessions', value: ({ sessions }) => sessions, right: true },
      { head: 'records', value: ({ records }) => records, right: true },
      { head: 'bytes', value: ({ bytes }) => bytes, right: true },
      { head: 'custody entries', value: ({ custodyEntries }) => custodyEntries, right: true },
      { head: 'failures', value: ({ failures }) => failures, right: true },
    ],
    report,
  );
  for (const { subject, place, reason } of report.failures) context.note(`exhibit: ${subject}: ${visible(place)}: ${reason}`);
  if (report.failures.length > 0) {
    throw new ExhibitError(
      'altered',
      'verify library',
      report.failures.length === 1
        ? '1 place is not what was acquired'
        : `${String(report.failures.length)} places are not what was acquired`,
      'keep a copy of the folder and restore a backup',
    );
  }
}

async function newPassphrase(context: Context, call: Call): Promise<string> {
  const given = context.passphrase(call, 'new-passphrase-file');
  if (given !== undefined) return given;
  const typed = await readSecret('New passphrase: ');
  if ((await readSecret('The same again: ')) !== typed)
    throw new ExhibitError('passphrase', 'protect library', 'the two do not agree', 'try again');
  return typed;
}

export const LIBRARY_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['import'],
    operands: ['PATH...'],
    options: [
      { name: 'source', value: 'NAME', help: 'list the sessions under this source (default: files)' },
      { name: 'index', help: 'wait until what was imported can be searched; on by default' },
      { name: 'verbose', help: 'name every file in a folder that is no recording' },
    ],
    summary: 'Import recordings: files, folders and archives of any format that is read',
    examples: [
      'exhibit import session.cast',
      'exhibit import typescript timing',
      'exhibit import /var/log/sudo-io --source bastion -o json',
    ],
    run: importPaths,
  },
  {
    path: ['library', 'stats'],
    operands: [],
    options: [],
    summary: 'Numbers of the library',
    examples: ['exhibit library stats -o json'],
    run: async (context, call) => {
      const stats = await (await context.api(call)).call('library.stats', null);
      const rows = Object.entries(stats).map(([name, value]) => ({ name, value }));
      await context.printList(
        call,
        rows,
        [
          { head: 'what', value: ({ name }) => name },
          { head: 'value', value: ({ value }) => value, right: true },
        ],
        stats,
      );
    },
  },
  {
    path: ['library', 'verify'],
    operands: ['[ID]'],
    options: [],
    summary: 'Recompute every digest, the acquisition trees and the custody log; exit 3 when something does not hold',
    examples: ['exhibit library verify', 'exhibit library verify 4k9mz2 -o json'],
    run: verifyLibrary,
  },
  {
    path: ['library', 'backup'],
    operands: ['FOLDER'],
    options: [
      {
        name: 'backup-passphrase-file',
        value: 'F',
        help: 'protect the copy by this passphrase; without it only this keychain or passphrase opens it',
      },
    ],
    summary: 'Copy the library, encrypted, into a new folder',
    examples: ['exhibit library backup /media/stick/exhibit-backup --backup-passphrase-file secret.txt'],
    run: async (context, call) => {
      const api = await context.api(call);
      const passphrase = context.passphrase(call, 'backup-passphrase-file');
      const { job } = await api.call('library.backup', {
        path: call.operands[0]!,
        ...(passphrase === undefined ? {} : { passphrase }),
      });
      await context.finish(call, api, job);
    },
  },
  {
    path: ['library', 'restore'],
    operands: ['FOLDER'],
    options: [],
    summary: 'Put a backup in place of a library that is not there',
    examples: ['exhibit library restore /media/stick/exhibit-backup --library ~/exhibit'],
    run: async (context, call) => {
      await (await context.bareApi(call)).call('library.restore', { path: call.operands[0]! });
    },
  },
  {
    path: ['library', 'rekey'],
    operands: [],
    options: [],
    summary: 'Encrypt the library anew under a fresh key',
    examples: ['exhibit library rekey'],
    run: async (context, call) => {
      await (await context.api(call)).call('library.rekey', null);
    },
  },
  {
    path: ['library', 'protect'],
    operands: ['keychain|passphrase'],
    options: [{ name: 'new-passphrase-file', value: 'F', help: 'the new passphrase, on the first line of this file' }],
    summary: 'Move the library key into the OS keychain or behind another passphrase',
    examples: ['exhibit library protect keychain', 'exhibit library protect passphrase --new-passphrase-file new.txt'],
    run: async (context, call) => {
      const protection = call.operands[0]!;
      if (protection !== 'keychain' && protection !== 'passphrase') {
        throw new ExhibitError(
          'usage',
          'library protect',
          `${JSON.stringify(protection)} is no protection`,
          'say keychain or passphrase',
        );
      }
      const api = await context.api(call);
      const status = await api.call('vault.status', null);
      const current =
        status.protection === 'passphrase' ? (context.passphrase(call) ?? (await readSecret('Present passphrase: '))) : undefined;
      const passphrase = protection === 'passphrase' ? await newPassphrase(context, call) : undefined;
      await api.call('vault.change', {
        protection,
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(current === undefined ? {} : { current }),
      });
    },
  },
  {
    path: ['custody', 'list'],
    operands: [],
    options: [
      { name: 'subject', value: 'ID', help: 'only acts on this session or case' },
      { name: 'action', value: 'ACTION', help: 'only acts of this kind' },
      { name: 'actor', value: 'NAME', help: 'only acts of this person' },
      { name: 'limit', value: 'N', help: 'at most so many (default: 200)' },
    ],
    summary: 'List the custody log, newest first',
    examples: ['exhibit custody list --subject 4k9mz2', 'exhibit custody list --action export -o csv'],
    run: async (context, call) => {
      const api = await context.api(call);
      const [subject, action, actor] = [call.text('subject'), call.text('action'), call.text('actor')];
      const limit = call.number('limit', 1) ?? 200;
      const entries: Output<'custody.list'>['entries'] = [];
      let cursor: string | null = null;
      do {
        const asked = Math.min(limit - entries.length, 1000);
        const page: Output<'custody.list'> = await api.call('custody.list', { subject, action, actor, cursor, limit: asked });
        entries.push(...page.entries);
        cursor = page.next;
      } while (cursor !== null && entries.length < limit);
      await context.printList(
        call,
        entries,
        [
          { head: 'seq', value: ({ seq }) => seq, right: true },
          { head: 'at', value: ({ at }) => at },
          { head: 'actor', value: ({ actor: who }) => who },
          { head: 'action', value: ({ action: what }) => what },
          { head: 'subject', value: ({ subject: of }) => of },
          { head: 'details', value: ({ details }) => details },
        ],
        entries.map((entry) => ({ ...entry, details: new GivenJson(entry.details) })),
      );
    },
  },
  {
    path: ['custody', 'accept'],
    operands: [],
    options: [{ name: 'reason', value: 'TEXT', help: 'why the older log is the right one; it stands in the log' }],
    summary: 'Take the custody log as it is, after an older copy of the library was put back on purpose',
    examples: ['exhibit custody accept --reason "restored the backup of 20 November after a disk failure"'],
    run: async (context, call) => {
      const reason = call.text('reason');
      if (reason === undefined || reason.trim() === '')
        throw new ExhibitError('usage', 'custody accept', 'a reason is needed', 'give it with --reason');
      await (await context.api(call)).call('custody.accept', { reason });
      context.note('exhibit: the custody log is taken as it is; the reason stands in it');
    },
  },
  {
    path: ['custody', 'verify'],
    operands: [],
    options: [],
    summary: 'Recompute the custody log; exit 3 and name the first broken entry when it does not hold',
    examples: ['exhibit custody verify'],
    run: async (context, call) => {
      const report = await (await context.api(call)).call('custody.verify', null);
      await context.printList(
        call,
        [report],
        [
          { head: 'intact', value: ({ intact }) => intact },
          { head: 'entries', value: ({ entries }) => entries, right: true },
          { head: 'head', value: ({ head }) => head },
          { head: 'pinned', value: ({ pinned }) => pinned },
        ],
        report,
      );
      if (!report.intact)
        throw new ExhibitError(
          'altered',
          'custody log',
          `entry ${String(report.brokenAt)}: ${report.reason}`,
          'keep a copy of the folder and restore a backup',
        );
      if (report.pinned === 'differs') {
        throw new ExhibitError(
          'altered',
          'custody log',
          'it lacks the newest entry that this device pinned',
          'an older database was put back: find the newer one',
        );
      }
    },
  },
];
