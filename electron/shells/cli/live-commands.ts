// exhibit live …: what can be done at its source to a session that goes on.

import type { LiveActions } from '../../../shared/api/retention-shapes.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import { finishIndexing } from './library-commands.ts';
import type { Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { SESSION_COLUMNS } from './session-commands.ts';

const REVOKE = ['live', 'revoke'];

const COLUMNS: readonly Column<LiveActions['actions'][number]>[] = [
  { head: 'action', value: ({ action }) => action },
  { head: 'allowed', value: ({ allowed }) => (allowed ? 'yes' : 'no') },
  { head: 'permission', value: ({ permission }) => permission || null },
  { head: 'until (UTC)', value: ({ until }) => until?.slice(0, 19).replace('T', ' ') ?? null },
  { head: 'why', value: ({ why }) => why },
];

async function printActions(context: Context, call: Call, answer: LiveActions): Promise<void> {
  if (context.format(call) === 'table') context.note(`exhibit: ${answer.online ? 'online' : 'offline'}: ${visible(answer.why)}`);
  await context.printList(call, answer.actions, COLUMNS, answer);
}

async function revoke(context: Context, call: Call): Promise<void> {
  const [reason, confirm] = [call.text('reason'), call.text('confirm')];
  if (reason === undefined || confirm === undefined)
    throw usage(`--${reason === undefined ? 'reason' : 'confirm'} is missing`, REVOKE);
  const api = await context.api(call);
  await printActions(context, call, await api.call('live.revoke', { id: call.operands[0]!, reason, confirm }));
}

async function follow(context: Context, call: Call): Promise<void> {
  const api = await context.api(call);
  const id = call.operands[0]!;
  const { job } = await api.call('live.follow', { id });
  await context.finish(call, api, job);
  if (call.flag('index') !== false) await finishIndexing(context, call, api);
  const { sessionId } = await api.call('history.show', { id });
  if (sessionId === null) {
    context.note('exhibit: the session is over, and its source has no recording of it');
    return;
  }
  const { metadata: _metadata, ...shown } = await api.call('sessions.show', { id: sessionId });
  await context.printList(call, [shown], SESSION_COLUMNS, shown);
}

export const LIVE_COMMANDS: readonly Command<Context>[] = [
  {
    path: ['live', 'actions'],
    operands: ['ID'],
    options: [],
    summary: 'Ask the source of a session what can be done to it now',
    examples: ['exhibit live actions 4k9mz2', 'exhibit live actions 4k9mz2 -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await printActions(context, call, await api.call('live.actions', { id: call.operands[0]! }));
    },
  },
  {
    path: REVOKE,
    operands: ['ID'],
    options: [
      { name: 'reason', value: 'TEXT', help: 'why, in 10 to 500 characters; the source and the custody log keep it' },
      {
        name: 'confirm',
        value: 'NATIVE-ID',
        help: "the session's id at its source, to confirm that it is the one that is meant",
      },
    ],
    summary: 'End a live session at its source',
    examples: ["exhibit live revoke 4k9mz2 --reason 'Credentials were leaked, INC-2041' --confirm ts_01hx9"],
    run: revoke,
  },
  {
    path: ['live', 'reconnect'],
    operands: ['ID'],
    options: [],
    summary: "Get the address with which the system's own client takes up an own dropped session",
    examples: ['exhibit live reconnect 4k9mz2'],
    run: async (context, call) => {
      const api = await context.api(call);
      const answer = await api.call('live.reconnect', { id: call.operands[0]! });
      if (context.format(call) !== 'table') {
        await context.printList(call, [answer], [{ head: 'address', value: ({ address }) => address }], answer);
        return;
      }
      await context.write(`${visible(answer.address)}\n`);
      const until = answer.until === null ? '' : `, until ${visible(answer.until)}`;
      context.note(`exhibit: whoever has this address is let in${until}`);
    },
  },
  {
    path: ['live', 'follow'],
    operands: ['ID'],
    options: [{ name: 'index', help: 'wait until what came can be searched; on by default' }],
    summary: 'Read a live session until it ends',
    examples: ['exhibit live follow 4k9mz2'],
    run: follow,
  },
];
