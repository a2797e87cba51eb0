// exhibit retention set, clear and policies: how long recordings are kept, at their source and here. What the next sweep would then purge is
// said before anything is set or taken back, and has to be meant.

import type { Api, Input } from '../../../shared/api/contract.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Policy, StandingPolicy } from '../../../shared/api/retention-shapes.ts';
import { usage, type Call, type Command, type Option } from './arguments.ts';
import { REASON, reasonOf } from './case-commands.ts';
import type { Context } from './context.ts';
import { some, type Column } from './output.ts';

const daysOf = ({ days, basis }: Policy): string | null =>
  basis === 'cleared' ? null : days === null ? 'without end' : `${String(days)} days`;

const POLICIES: readonly Column<Policy>[] = [
  { head: 'source', value: ({ source }) => source },
  { head: 'environment', value: ({ environment }) => environment },
  { head: 'kept by', value: ({ keeper }) => keeper },
  { head: 'for', value: daysOf },
  { head: 'basis', value: ({ basis }) => basis },
  { head: 'plan', value: ({ plan }) => plan },
  { head: 'by', value: ({ by }) => by },
  { head: 'at (UTC)', value: ({ at }) => at.slice(0, 19).replace('T', ' ') },
  { head: 'reason', value: ({ reason }) => reason },
];

export const STANDING: readonly Column<StandingPolicy>[] = [
  ...POLICIES,
  { head: 'holds', value: ({ holds }) => (holds ? 'yes' : 'no') },
];

const SET = ['retention', 'set'];
const CLEAR = ['retention', 'clear'];

/** What a policy is of. */
function keyOf(call: Call, path: readonly string[]): Pick<Policy, 'source' | 'environment' | 'keeper'> {
  const environment = call.text('environment');
  if (environment === undefined) throw usage('--environment is missing', path);
  return {
    source: call.operands[0]!,
    environment: environment as Policy['environment'],
    keeper: (call.text('keeper') ?? 'library') as Policy['keeper'],
  };
}

/** Refuses what the next sweep would answer with purges, unless their number is given back. `what` begins the message: `set`. */
async function askPurges(api: Api, call: Call, what: string, wanted: Input<'retention.preview'>): Promise<void> {
  const { past: doomed } = await api.call('retention.preview', wanted);
  if (doomed > 0 && call.text('purges') !== String(doomed))
    throw new ExhibitError(
      'refused',
      `${what} retention of ${wanted.source}`,
      `the next sweep would then purge ${some(doomed, 'recording')}, and no purge can be taken back`,
      `place a hold on what is to stay (\`exhibit retention hold\`), or add --purges ${String(doomed)}`,
    );
}

const tellPast = (context: Context, past: number): void => {
  if (past > 0) context.note(`exhibit: the next sweep purges ${some(past, 'recording')}`);
};

async function set(context: Context, call: Call): Promise<void> {
  const key = keyOf(call, SET);
  const [text, plan] = [call.text('days'), call.text('plan')];
  if (text === undefined) throw usage('--days is missing', SET);
  if (text !== 'forever' && !/^[1-9]\d{0,4}$/.test(text)) throw usage('--days takes a whole number of days, or forever', SET);
  if (plan !== undefined && key.keeper === 'library') throw usage('--plan is a plan of the source: add --keeper source', SET);
  const days = text === 'forever' ? null : Number(text);
  const reason = reasonOf(call, SET);
  const api = await context.api(call);
  await askPurges(api, call, 'set', { ...key, days });
  const { policy, past } = await api.call('retention.set', { ...key, days, ...(plan === undefined ? {} : { plan }), reason });
  if (!policy.holds) context.note('exhibit: the source tells no more days itself, and those hold');
  tellPast(context, past);
  await context.printList(call, [policy], STANDING, { ...policy, past });
}

async function clear(context: Context, call: Call): Promise<void> {
  const key = keyOf(call, CLEAR);
  const reason = reasonOf(call, CLEAR);
  const api = await context.api(call);
  await askPurges(api, call, 'clear', key);
  const { policy, past } = await api.call('retention.clear', { ...key, reason });
  tellPast(context, past);
  await context.printList(call, [policy], POLICIES, { ...policy, past });
}

const ENVIRONMENT: Option = {
  name: 'environment',
  value: 'E',
  choices: ['production', 'non-production'],
  help: 'sessions without an environment are production',
};

const PURGES_OPTION: Option = {
  name: 'purges',
  value: 'N',
  help: 'how many recordings the next sweep then purges, where it is any: a purge cannot be taken back',
};

export const POLICY_COMMANDS: readonly Command<Context>[] = [
  {
    path: SET,
    operands: ['SOURCE'],
    options: [
      ENVIRONMENT,
      { name: 'days', value: 'N', help: 'whole days from the end of a session on, or forever' },
      {
        name: 'keeper',
        value: 'K',
        choices: ['source', 'library'],
        help: 'whose days they are: of this library (default), or of the source; those that it tells itself stay beside them',
      },
      { name: 'plan', value: 'NAME', help: 'with --keeper source: they are the days of its plan of this name' },
      PURGES_OPTION,
      REASON,
    ],
    summary: 'Set how long recordings of a source are kept',
    examples: [
      "exhibit retention set cloud --environment production --days 365 --reason 'audit rules 4.2'",
      "exhibit retention set cloud --environment production --keeper source --plan Team --days 30 --reason 'contract of 2 March'",
    ],
    run: set,
  },
  {
    path: CLEAR,
    operands: ['SOURCE'],
    options: [
      ENVIRONMENT,
      {
        name: 'keeper',
        value: 'K',
        choices: ['source', 'library'],
        help: 'whose days: of this library (default), which then goes with the source; or what was set of the source',
      },
      PURGES_OPTION,
      REASON,
    ],
    summary: 'Take back the days that were set: the library goes with the source again',
    examples: ["exhibit retention clear cloud --environment production --reason 'the audit is over'"],
    run: clear,
  },
  {
    path: ['retention', 'policies'],
    operands: ['[SOURCE]'],
    options: [],
    summary: 'List every policy that ever was, the newest first',
    examples: ['exhibit retention policies cloud'],
    run: async (context, call) => {
      const api = await context.api(call);
      const [source] = call.operands;
      await context.printList(call, await api.call('retention.policies', source === undefined ? {} : { source }), POLICIES);
    },
  },
];
