// exhibit library ready: how far the sessions of a case are ready to be read without a network, what is missing got, and a receipt.

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Readiness, ReadyReport } from '../../../shared/api/retention-shapes.ts';
import type { Api, Input } from '../../../shared/api/contract.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import type { Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { exportBytes } from './session-commands.ts';
import { save } from './save.ts';

const PATH = ['library', 'ready'];

const MARKS = ['cached', 'grant', 'decrypts', 'indexed', 'permission'] as const;

const moment = (instant: string | null): string | null => instant?.slice(0, 19).replace('T', ' ') ?? null;

const COLUMNS: readonly Column<Readiness>[] = [
  { head: 'session', value: ({ session }) => session },
  { head: 'title', value: ({ title }) => title },
  { head: 'source', value: ({ source }) => source },
  ...MARKS.map((name): Column<Readiness> => ({ head: name, value: (row) => (row[name].ready ? 'yes' : 'no') })),
  { head: 'source has it until (UTC)', value: ({ sourceUntil }) => moment(sourceUntil) },
  { head: 'kept here until (UTC)', value: ({ libraryUntil, held }) => (held ? 'held' : moment(libraryUntil)) },
  { head: 'ready', value: ({ ready }) => (ready ? 'yes' : 'no') },
];

function scopeOf(call: Call): Input<'ready.show'> {
  const [ref, sessions] = [call.operands[0], call.texts('session')];
  if ((ref === undefined) === (sessions.length === 0)) throw usage('name a case, or sessions with --session', PATH);
  return ref === undefined ? { sessions: [...sessions] } : { case: ref };
}

async function writeReceipt(context: Context, api: Api, scope: Input<'ready.show'>, file: string): Promise<void> {
  const { ticket, signature } = await api.call('ready.receipt', scope);
  await save(context, file, exportBytes(api, ticket));
  await save(context, `${file}.sig`, [Buffer.from(signature)]);
  context.note(`exhibit: the receipt is ${file}, its signature ${file}.sig`);
}

/** Why sessions are not ready, one line each. */
function* reasons({ sessions }: ReadyReport): Generator<string> {
  for (const one of sessions) {
    for (const name of MARKS) if (!one[name].ready) yield `exhibit: ${one.session}: ${name}: ${visible(one[name].why)}`;
  }
}

async function ready(context: Context, call: Call): Promise<void> {
  const scope = scopeOf(call);
  const receipt = call.text('receipt');
  if (receipt === '-') throw usage('a receipt has a signature beside it: name a file', PATH);
  const api = await context.api(call);
  if (call.flag('make') === true) {
    const { job } = await api.call('ready.make', scope);
    await context.finish(call, api, job);
  }
  const report = await api.call('ready.show', scope);
  await context.printList(call, report.sessions, COLUMNS, report);
  for (const reason of reasons(report)) context.note(reason);
  if (receipt !== undefined) await writeReceipt(context, api, scope, receipt);
  if (report.ready) return;
  const left = report.sessions.filter((one) => !one.ready).length;
  const todo =
    call.flag('make') === true ? 'the reasons stand above' : '`--make` gets what is missing while its source can be reached';
  throw new ExhibitError(
    'refused',
    'library ready',
    `${String(left)} of ${String(report.sessions.length)} sessions are not ready`,
    todo,
  );
}

export const READY_COMMAND: Command<Context> = {
  path: PATH,
  operands: ['[CASE]'],
  options: [
    { name: 'session', value: 'ID', repeat: true, help: 'this session, instead of a case; may be repeated' },
    { name: 'make', help: 'get what is missing: synchronise, ask for rights and keys, make the index' },
    { name: 'receipt', value: 'F', help: 'write the signed report to F, its signature to F.sig' },
  ],
  summary: 'Tell how far a case is ready to be read without a network; exit 1 when it is not',
  examples: ['exhibit library ready 2026-014', 'exhibit library ready 2026-014 --make --receipt ready.json'],
  run: ready,
};
