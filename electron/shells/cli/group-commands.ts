// exhibit groups …: sessions that belong to one workflow, as lists and as one file.

import type { Input } from '../../../shared/api/contract.ts';
import type { Group } from '../../../shared/api/shapes.ts';
import type { Call, Command, Option } from './arguments.ts';
import type { Context } from './context.ts';
import { GivenJson, type Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { checkTextOptions, exportBytes, FILE, SESSION_COLUMNS, TEXT_OPTIONS, textOptionsOf } from './session-commands.ts';
import { save } from './save.ts';

const moment = (instant: string | null): string | null => instant?.slice(0, 19).replace('T', ' ') ?? null;

const COLUMNS: readonly Column<Group>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'source', value: ({ source }) => source },
  { head: 'title', value: ({ title }) => title },
  { head: 'sessions', value: ({ sessions }) => sessions, right: true },
  { head: 'started (UTC)', value: ({ startedAt }) => moment(startedAt) },
  { head: 'ended (UTC)', value: ({ endedAt }) => moment(endedAt) },
];

const SOURCE: Option = { name: 'source', value: 'NAME', help: 'only of this source' };

const sourceOf = (call: Call): { readonly source?: string } => {
  const source = call.text('source');
  return source === undefined ? {} : { source };
};

async function exportGroup(context: Context, call: Call): Promise<void> {
  const format = (call.text('format') ?? 'text') as Input<'export.openGroup'>['format'];
  checkTextOptions(call, format, ['groups', 'export']);
  const api = await context.api(call);
  const opened = await api.call('export.openGroup', {
    group: call.operands[0]!,
    ...sourceOf(call),
    format,
    text: textOptionsOf(call),
  });
  await save(context, call.text('file'), exportBytes(api, opened.ticket));
  for (const warning of opened.warnings) context.note(`exhibit: ${visible(warning)}`);
}

export const GROUP_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['groups', 'list'],
    operands: [],
    options: [SOURCE],
    summary: 'List the groups that sessions in the library belong to',
    examples: ['exhibit groups list', 'exhibit groups list --source prod -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await context.printList(call, await api.call('groups.list', sourceOf(call)), COLUMNS);
    },
  },
  {
    path: ['groups', 'show'],
    operands: ['ID'],
    options: [SOURCE],
    summary: 'Show one group and its sessions, by start',
    examples: ['exhibit groups show grp_7f3a', 'exhibit groups show grp_7f3a -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      const { metadata, ...group } = await api.call('groups.show', { id: call.operands[0]!, ...sourceOf(call) });
      await context.printList(call, group.members, SESSION_COLUMNS, { ...group, metadata: new GivenJson(metadata) });
    },
  },
  {
    path: ['groups', 'export'],
    operands: ['ID'],
    options: [
      SOURCE,
      { name: 'format', value: 'F', choices: ['text', 'json'], help: 'form of the export' },
      FILE,
      ...TEXT_OPTIONS,
    ],
    summary: 'Export all sessions of a group as one text log or one JSON document',
    examples: [
      'exhibit groups export grp_7f3a --include-timestamps > workflow.txt',
      'exhibit groups export grp_7f3a --format json --file workflow.json',
    ],
    run: exportGroup,
  },
];
