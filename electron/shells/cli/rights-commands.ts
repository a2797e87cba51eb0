// exhibit sources rights …: what sources let their user do, as they were last told or asked anew. docs/permissions.md

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { SourceRights } from '../../../shared/api/history-shapes.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import type { Column } from './output.ts';

const RIGHTS = ['sources', 'rights'];

type Row = SourceRights['rights'][number] & { readonly source: string };

const COLUMNS: readonly Column<Row>[] = [
  { head: 'source', value: ({ source }) => source },
  { head: 'right', value: ({ right }) => right },
  { head: 'allowed', value: ({ allowed }) => allowed },
  { head: 'permission', value: ({ name }) => name },
  { head: 'why', value: ({ why }) => why },
  { head: 'told (UTC)', value: ({ at }) => at?.slice(0, 19).replace('T', ' ') ?? null },
];

async function rights(context: Context, call: Call): Promise<void> {
  const [name] = call.operands;
  const check = call.flag('check') === true;
  if (check && name === undefined) throw usage('--check asks one source: name it', RIGHTS);
  const api = await context.api(call);
  const told = check ? [await api.call('rights.check', { source: name! })] : await api.call('rights.list', null);
  const wanted = told.filter(({ source }) => name === undefined || source.toLowerCase() === name.toLowerCase());
  if (name !== undefined && wanted.length === 0)
    throw new ExhibitError(
      'not-found',
      `rights of source ${name}`,
      'it was never asked',
      `\`exhibit sources rights ${name} --check\` asks it, and so does each synchronisation`,
    );
  await context.printList(
    call,
    wanted.flatMap(({ source, rights: each }) => each.map((one) => ({ source, ...one }))),
    COLUMNS,
    wanted,
  );
}

/** Says on standard error which sources let nothing be listed. */
export function noteWithheld(context: Context, withheld: readonly { readonly source: string; readonly right: string }[]): void {
  for (const { source, right } of withheld)
    context.note(`exhibit: source ${source} lets none of its sessions be seen: ${right} is missing`);
}

export const RIGHTS_COMMANDS: readonly Command<Context>[] = [
  {
    path: RIGHTS,
    operands: ['[NAME]'],
    options: [{ name: 'check', help: 'ask the source now' }],
    summary: 'Show what sources let you do, as they were last told: see their sessions, see recordings, hand them out',
    examples: ['exhibit sources rights', 'exhibit sources rights prod --check -o json'],
    run: rights,
  },
];
