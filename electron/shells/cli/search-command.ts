// exhibit search: a query in the language of docs/search.md, its hits as a list, its faults under the query.

import type { Api, Output } from '../../../shared/api/contract.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { MAX_QUERY, SEARCH_FIELDS, SEARCH_SORTS, type SearchHit } from '../../../shared/api/search-shapes.ts';
import type { Call, Command } from './arguments.ts';
import type { Context } from './context.ts';
import { seconds } from './output.ts';
import { noteWithheld } from './rights-commands.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { FILTERS, filterOf } from './session-commands.ts';

const HIT_COLUMNS = [
  { head: 'session', value: ({ sessionId }: SearchHit) => sessionId },
  { head: 'from', value: ({ fromUs }: SearchHit) => seconds(fromUs), right: true },
  { head: 'to', value: ({ toUs }: SearchHit) => seconds(toUs), right: true },
  { head: 'in', value: (hit: SearchHit) => hit.in },
  { head: 'text', value: ({ text }: SearchHit) => text.trim() },
];

interface FacetRow {
  readonly field: string;
  readonly value: string;
  readonly hits: number;
  readonly sessions: number;
}

const FACET_COLUMNS = [
  { head: 'field', value: ({ field }: FacetRow) => field },
  { head: 'value', value: ({ value }: FacetRow) => value },
  { head: 'hits', value: ({ hits }: FacetRow) => hits, right: true },
  { head: 'sessions', value: ({ sessions }: FacetRow) => sessions, right: true },
];

/** Throws kind `usage`. */
function checkLength(query: string): void {
  if (query.trim() === '') throw new ExhibitError('usage', 'search', 'there is nothing to look for', 'give a word or a "phrase"');
  if (query.length > MAX_QUERY)
    throw new ExhibitError('usage', 'search', `a query has at most ${String(MAX_QUERY)} characters`, 'ask in several queries');
}

/** What is wrong with a query, under the query itself. */
async function showFaults(context: Context, api: Api, query: string): Promise<void> {
  const { faults } = await api.call('search.assist', { query, cursor: 0 });
  if (faults.length === 0) return;
  const marks = Array.from(query, () => ' ');
  for (const { start, end } of faults) marks.fill('^', start, Math.max(end, start + 1));
  context.note(`  ${visible(query)}`);
  context.note(`  ${marks.join('').trimEnd()}`);
  for (const { why, todo } of faults) context.note(`  ${visible(why)}; ${visible(todo)}`);
}

async function search(context: Context, call: Call): Promise<void> {
  const query = call.operands.join(' ');
  checkLength(query);
  const api = await context.api(call);
  const fields = call.texts('in') as (typeof SEARCH_FIELDS)[number][];
  const limit = call.number('limit', 1) ?? 1000;
  const session = call.text('session');
  const hits: SearchHit[] = [];
  const page = async (counts: boolean): Promise<Output<'search.run'>> =>
    api.call('search.run', {
      query,
      regex: call.flag('regex') ?? false,
      filter: filterOf(call),
      ...(fields.length === 0 ? {} : { in: fields }),
      ...(session === undefined ? {} : { sessionId: session }),
      sort: (call.text('sort') ?? 'newest') as (typeof SEARCH_SORTS)[number],
      offset: hits.length,
      limit: Math.min(1000, limit - hits.length),
      counts,
    });
  let answer: Output<'search.run'>;
  try {
    answer = await page(true);
  } catch (error) {
    if (error instanceof ExhibitError && error.kind === 'usage' && call.flag('regex') !== true)
      await showFaults(context, api, query);
    throw error;
  }
  noteWithheld(context, answer.withheld);
  for (const { id, reason } of answer.notSearched) context.note(`exhibit: session ${id} was not searched: ${reason}`);
  if (call.flag('facets') === true) {
    const rows = answer.facets.flatMap(({ name, values }) => values.map((value) => ({ field: name, ...value })));
    await context.printList(call, rows, FACET_COLUMNS);
    return;
  }
  hits.push(...answer.hits);
  for (let last = answer.hits.length; last > 0 && hits.length < Math.min(limit, answer.total);) {
    const next = await page(false);
    hits.push(...next.hits);
    last = next.hits.length;
  }
  const { total, sessions, facets, histogram, notSearched, withheld } = answer;
  await context.printList(call, hits, HIT_COLUMNS, { total, hits, sessions, facets, histogram, notSearched, withheld });
  if (context.format(call) === 'table' && total > hits.length)
    context.note(`exhibit: ${String(total)} hits, the first ${String(hits.length)} shown`);
}

export const SEARCH_COMMAND: Command<Context> = {
  path: ['search'],
  operands: ['QUERY...'],
  options: [
    { name: 'regex', help: 'the whole query is one regular expression, in any letter case' },
    {
      name: 'in',
      value: 'FIELD',
      choices: SEARCH_FIELDS,
      repeat: true,
      help: 'where to look for words without in: of their own; more than one may be given (default: visible and printed)',
    },
    { name: 'session', value: 'ID', help: 'only in this session' },
    ...FILTERS,
    { name: 'sort', value: 'ORDER', choices: SEARCH_SORTS, help: 'order of the sessions; relevance: most hits first' },
    { name: 'facets', help: 'how many hits which users, servers, sources, origins and environments have, instead of the hits' },
    { name: 'limit', value: 'N', help: 'at most so many hits (default: 1000)' },
  ],
  summary: 'Search all that was typed, printed, visible, hidden or entered as a command',
  examples: [
    'exhibit search \'"drop table" user:ops during:2026-11\'',
    "exhibit search 'in:typed /passw(or)?d/i OR in:command sudo'",
    'exhibit search \'error timeout near:30s -"dry run"\' -o json',
    'exhibit search --regex "passw(or)?d" --in typed',
  ],
  run: search,
};
