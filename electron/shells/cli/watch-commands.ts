// exhibit watch …: saved searches and lists of indicators, and what they found.

import type { Api, Output } from '../../../shared/api/contract.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { SearchHit } from '../../../shared/api/search-shapes.ts';
import { BUILT_IN_LIST, type WatchFault, type WatchKind, type Watchlist } from '../../../shared/api/watch-shapes.ts';
import { usage, type Call, type Command } from './arguments.ts';
import type { Context } from './context.ts';
import { seconds, type Column } from './output.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { readText } from './read-file.ts';

const ADD = ['watch', 'add'];
const CHECK = ['watch', 'check'];

const COLUMNS: readonly Column<Watchlist>[] = [
  { head: 'name', value: ({ name }) => name },
  { head: 'kind', value: ({ kind }) => kind },
  { head: 'version', value: ({ version }) => version, right: true },
  { head: 'state', value: ({ ended, fault }) => (ended ? 'off' : fault === null ? 'on' : `cannot be run: ${fault}`) },
  { head: 'indicators', value: ({ indicators }) => indicators, right: true },
  { head: 'searched', value: ({ searched }) => searched, right: true },
  { head: 'pending', value: ({ pending }) => pending, right: true },
  { head: 'hits', value: ({ hits }) => hits, right: true },
  { head: 'sessions', value: ({ sessions }) => sessions, right: true },
];

interface HitRow extends SearchHit {
  readonly indicator: string;
}

const HIT_COLUMNS: readonly Column<HitRow>[] = [
  { head: 'indicator', value: ({ indicator }) => indicator },
  { head: 'session', value: ({ sessionId }) => sessionId },
  { head: 'from', value: ({ fromUs }) => seconds(fromUs), right: true },
  { head: 'to', value: ({ toUs }) => seconds(toUs), right: true },
  { head: 'in', value: (hit) => hit.in },
  { head: 'text', value: ({ text }) => text.trim() },
];

/** What is wrong with a text, each with its line and a mark under its place. */
function showFaults(context: Context, text: string, faults: readonly WatchFault[]): void {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (const { line, column, length, why, todo } of faults) {
    const written = lines[line - 1] ?? '';
    context.note(`line ${String(line)}, column ${String(column)}: ${visible(why)}; ${visible(todo)}`);
    if (written.length > 2000) continue;
    context.note(`  ${visible(written)}`);
    context.note(`  ${' '.repeat(visible(written.slice(0, column - 1)).length)}${'^'.repeat(Math.max(1, length))}`);
  }
}

function given(call: Call, path: readonly string[]): { readonly kind: WatchKind; readonly text: string } {
  const file = call.text('file');
  const query = call.text('query');
  const builtIn = call.flag('built-in') ?? false;
  if (Number(file !== undefined) + Number(query !== undefined) + Number(builtIn) !== 1)
    throw usage('a list comes from --file or from --query', path);
  if (builtIn) return { kind: 'built-in', text: '' };
  return file === undefined ? { kind: 'query', text: query! } : { kind: 'indicators', text: readText(file) };
}

/** Throws kind `usage` when the text is wrong; what is wrong was shown. */
async function check(context: Context, api: Api, kind: 'indicators' | 'query', text: string): Promise<number> {
  const { indicators, faults } = await api.call('watch.check', { kind, text });
  if (faults.length === 0) return indicators;
  showFaults(context, text, faults);
  throw new ExhibitError(
    'usage',
    'watchlist',
    `${String(faults.length)} of its lines ${faults.length === 1 ? 'is' : 'are'} wrong`,
    'correct what is shown above',
  );
}

async function add(context: Context, call: Call): Promise<void> {
  const { kind, text } = given(call, ADD);
  const name = call.operands[0]!;
  const api = await context.api(call);
  if (kind !== 'built-in') await check(context, api, kind, text);
  await api.call('watch.save', { name, kind, text });
  if (call.flag('run') ?? true) await run(context, call, api, name);
  const { text: _, versions: __, ...list } = await api.call('watch.show', { name });
  await context.printList(call, [list], COLUMNS, list);
}

async function run(context: Context, call: Call, api: Api, name: string | undefined): Promise<void> {
  const { job } = await api.call('watch.run', {
    ...(name === undefined ? {} : { name }),
    ...(call.flag('anew') === true ? { anew: true } : {}),
  });
  await context.finish(call, api, job);
}

async function report(context: Context, call: Call): Promise<void> {
  const name = call.operands[0] ?? BUILT_IN_LIST;
  const limit = call.number('limit', 1) ?? 1000;
  const api = await context.api(call);
  let first: Output<'watch.report'> | null = null;
  const findings: Output<'watch.report'>['findings'] = [];
  for (;;) {
    const page = await api.call('watch.report', { name, offset: findings.length, limit: Math.min(100, limit - findings.length) });
    first ??= page;
    findings.push(...page.findings);
    if (page.findings.length === 0 || findings.length >= Math.min(limit, page.total)) break;
  }
  const { list, indicators, total, notSearched, notSearchedCount } = first;
  const names = new Map(indicators.map((one) => [one.indicator, one.name ?? one.text]));
  const rows = findings.flatMap((finding) =>
    finding.hits.map((hit) => ({ ...hit, indicator: names.get(finding.indicator) ?? String(finding.indicator) })),
  );
  for (const { id, reason } of notSearched) context.note(`exhibit: session ${id} was not searched: ${reason}`);
  if (notSearchedCount > notSearched.length)
    context.note(`exhibit: ${String(notSearchedCount - notSearched.length)} more sessions were not searched`);
  await context.printList(call, rows, HIT_COLUMNS, { list, indicators, total, findings, notSearched, notSearchedCount });
  if (context.format(call) !== 'table') return;
  const shown = findings.length < total ? `, the first ${String(findings.length)} of ${String(total)} findings shown` : '';
  const hits = indicators.reduce((sum, one) => sum + one.hits, 0);
  context.note(
    `exhibit: ${String(hits)} hits of ${String(indicators.length)} of ${String(list.indicators)} indicators in ${String(list.sessions)} of ${String(list.searched)} sessions${shown}`,
  );
}

const FROM = [
  { name: 'file', value: 'F', help: 'a file with one indicator a line (docs/watchlists.md); - is standard input' },
  { name: 'query', value: 'Q', help: 'a search to be saved, in the language of `exhibit search`' },
] as const;

export const WATCH_COMMANDS: readonly Command<Context>[] = [
  {
    path: ADD,
    operands: ['NAME'],
    options: [
      ...FROM,
      { name: 'built-in', help: `switch the list ${BUILT_IN_LIST} on again` },
      { name: 'run', help: 'run it at once (the default); with --no-run it is run when sessions are indexed, or by `watch run`' },
    ],
    summary: 'Add a list of indicators or a saved search, or a new version of one, and run it',
    examples: [
      'exhibit watch add "Bad hosts" --file hosts.txt',
      "exhibit watch add 'Sudo by night' --query 'in:command sudo'",
      'exhibit watch add secrets --built-in',
    ],
    run: add,
  },
  {
    path: CHECK,
    operands: [],
    options: FROM,
    summary: 'Say what is wrong with a list of indicators or a search, without adding it',
    examples: ['exhibit watch check --file hosts.txt'],
    run: async (context, call) => {
      const { kind, text } = given(call, CHECK);
      const api = await context.api(call);
      if (kind !== 'built-in')
        context.note(`exhibit: ${String(await check(context, api, kind, text))} indicators, nothing wrong`);
    },
  },
  {
    path: ['watch', 'list'],
    operands: [],
    options: [],
    summary: 'List the watchlists, and how much they found',
    examples: ['exhibit watch list', 'exhibit watch list -o json'],
    run: async (context, call) => {
      const api = await context.api(call);
      await context.printList(call, await api.call('watch.list', null), COLUMNS);
    },
  },
  {
    path: ['watch', 'show'],
    operands: ['NAME'],
    options: [],
    summary: 'Print the text of a watchlist; with -o json its versions too',
    examples: ['exhibit watch show "Bad hosts"'],
    run: async (context, call) => {
      const api = await context.api(call);
      const list = await api.call('watch.show', { name: call.operands[0]! });
      if (context.format(call) !== 'table') {
        await context.printList(call, [list], COLUMNS, list);
        return;
      }
      const lines = list.text.split(/\r\n|\r|\n/).map((line) => `${visible(line)}\n`);
      await context.write(list.kind === 'built-in' ? 'The built-in list: see docs/watchlists.md\n' : lines.join(''));
    },
  },
  {
    path: ['watch', 'run'],
    operands: ['[NAME]'],
    options: [{ name: 'anew', help: 'over sessions that it was run over already, too' }],
    summary: 'Run a watchlist, or all, over the sessions that it was not run over yet',
    examples: ['exhibit watch run', 'exhibit watch run "Bad hosts" --anew'],
    run: async (context, call) => run(context, call, await context.api(call), call.operands[0]),
  },
  {
    path: ['watch', 'report'],
    operands: ['[NAME]'],
    options: [{ name: 'limit', value: 'N', help: 'at most so many pairs of indicator and session (default: 1000)' }],
    summary: `Which indicator of a list (default: ${BUILT_IN_LIST}) hit where, and what was not searched`,
    examples: ['exhibit watch report', 'exhibit watch report "Bad hosts" -o csv'],
    run: report,
  },
  {
    path: ['watch', 'remove'],
    operands: ['NAME'],
    options: [],
    summary: 'End a watchlist: it is run no more, and what it found is dropped; its versions stay',
    examples: ['exhibit watch remove "Bad hosts"', 'exhibit watch remove secrets'],
    run: async (context, call) => {
      const api = await context.api(call);
      await api.call('watch.remove', { name: call.operands[0]! });
    },
  },
];
