// A view of the history: what is asked for, how it is sorted and grouped, which columns are shown. Kept as a setting of its own
// (`history.view.NAME`), so that a question that is asked again need not be built again. Pure.

import { HISTORY_FACETS, HISTORY_SORTS, type HistoryFacet, type HistoryFilter } from '../../shared/api/history-shapes.ts';
import { dateBound } from '../ui/filter-text.ts';
import type { Zone } from '../ui/format.ts';

export type HistorySort = (typeof HISTORY_SORTS)[number];

export interface Sort {
  readonly key: HistorySort;
  readonly descending: boolean;
}

export type Chosen = Readonly<Partial<Record<HistoryFacet, readonly string[]>>>;

/** What is asked for, as people gave it. */
export interface Question {
  readonly text: string;
  readonly chosen: Chosen;
  /** Days as `2026-11-21`, read in the zone of the window; empty: open. */
  readonly from: string;
  readonly to: string;
  readonly held: boolean | null;
  readonly here: boolean | null;
  /** Number of a case; empty: none. */
  readonly case: string;
}

export interface View extends Question {
  readonly sort: Sort;
  readonly group: HistoryFacet | null;
  /** Null: those that are shown now. */
  readonly columns: readonly string[] | null;
}

export const NO_QUESTION: Question = { text: '', chosen: {}, from: '', to: '', held: null, here: null, case: '' };

export const FIRST_VIEW: View = { ...NO_QUESTION, sort: { key: 'started', descending: true }, group: null, columns: null };

export interface NamedView {
  readonly name: string;
  readonly view: View;
}

/** Questions that are asked everywhere. */
export const USUAL_VIEWS: readonly NamedView[] = [
  { name: 'All sessions', view: FIRST_VIEW },
  { name: 'Without a recording here', view: { ...FIRST_VIEW, here: false, group: 'recording' } },
  {
    name: 'Leaving their source first',
    view: { ...FIRST_VIEW, chosen: { recording: ['here', 'at-source'] }, sort: { key: 'sourceUntil', descending: false } },
  },
  { name: 'Under legal hold', view: { ...FIRST_VIEW, held: true } },
  { name: 'By who opened them', view: { ...FIRST_VIEW, group: 'initiator' } },
];

export const FACET_NAMES: Readonly<Record<HistoryFacet, string>> = {
  source: 'Source',
  environment: 'Environment',
  target: 'Target',
  mode: 'Mode',
  initiator: 'Initiator',
  origin: 'Origin',
  status: 'Status',
  closeReason: 'Close reason',
  recording: 'Recording',
};

/** The order in which facets are offered: what narrows most first. */
export const FACET_ORDER: readonly HistoryFacet[] = [
  'recording',
  'environment',
  'target',
  'initiator',
  'status',
  'mode',
  'closeReason',
  'origin',
  'source',
];

/** The filter of the contract that a question means. A day that is none filters nothing: the field says so. */
export function filterOf({ text, chosen, from, to, held, here, case: number }: Question, zone: Zone): HistoryFilter {
  const startedFrom = dateBound(from, false, zone);
  const startedTo = dateBound(to, true, zone);
  const facets = Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0));
  return {
    ...(text.trim() === '' ? {} : { text: text.trim().slice(0, 500) }),
    ...facets,
    ...(startedFrom === null ? {} : { startedFrom }),
    ...(startedTo === null ? {} : { startedTo }),
    ...(held === null ? {} : { held }),
    ...(here === null ? {} : { here }),
    ...(number === '' ? {} : { case: number }),
  };
}

/** The filter without what is chosen of one facet: the counts of that facet are those of the other choices. */
export function withoutFacet(filter: HistoryFilter, facet: HistoryFacet): HistoryFilter {
  const { [facet]: _own, ...rest } = filter;
  return rest;
}

/** The most values of one facet that a filter takes. */
const MOST_CHOSEN = 200;

/** Chooses a value of a facet, or lets it go. */
export function toggled<Q extends Question>(question: Q, facet: HistoryFacet, value: string): Q {
  const before = question.chosen[facet] ?? [];
  const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value].slice(-MOST_CHOSEN);
  return { ...question, chosen: { ...question.chosen, [facet]: after } };
}

export interface Chip {
  readonly key: string;
  readonly facet: HistoryFacet | null;
  /** Value of a facet as it is stored, or words. */
  readonly value: string;
  readonly without: Question;
}

/** What is in force beside the text, each with what is left without it. */
export function chipsOf(question: Question): readonly Chip[] {
  const chips: Chip[] = [];
  for (const facet of FACET_ORDER)
    for (const value of question.chosen[facet] ?? [])
      chips.push({ key: `${facet} ${value}`, facet, value, without: toggled(question, facet, value) });
  const plain = (key: string, value: string, without: Partial<Question>): void => {
    chips.push({ key, facet: null, value, without: { ...question, ...without } });
  };
  if (question.from !== '') plain('from', `Started from ${question.from}`, { from: '' });
  if (question.to !== '') plain('to', `Started to ${question.to}`, { to: '' });
  if (question.here !== null) plain('here', question.here ? 'With a recording here' : 'Without a recording here', { here: null });
  if (question.held !== null) plain('held', question.held ? 'Under legal hold' : 'Not under legal hold', { held: null });
  if (question.case !== '') plain('case', `Case ${question.case}`, { case: '' });
  return chips;
}

export const questionOf = ({ text, chosen, from, to, held, here, case: number }: Question): Question => ({
  text,
  chosen: Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0)),
  from,
  to,
  held,
  here,
  case: number,
});

const ordered = (view: View): string => {
  const { chosen, ...rest } = questionOf(view);
  const facets = FACET_ORDER.flatMap((facet) => (chosen[facet] === undefined ? [] : [[facet, chosen[facet].toSorted()]]));
  return JSON.stringify([rest, facets, view.sort.key, view.sort.descending, view.group]);
};

/** Whether two views ask the same and show it in the same order. Their columns may differ. */
export const sameView = (a: View, b: View): boolean => ordered(a) === ordered(b);

const PREFIX = 'history.view.';

/** The contract's bound on a setting. */
const MOST_TEXT = 10_000;

/** Setting and value that keep a view; null where it is too large to be kept. */
export function storedView(
  name: string,
  view: View,
  settings: Readonly<Record<string, string>>,
): { readonly key: string; readonly value: string } | null {
  const value = JSON.stringify({ name, ...view, ...questionOf(view) });
  if (value.length > MOST_TEXT) return null;
  const known = savedViews(settings).find((one) => one.name === name);
  if (known !== undefined) return { key: known.key, value };
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const free = (n: number): string => {
    const key = `${PREFIX}${slug}${n === 0 ? '' : `.${String(n)}`}`;
    return (settings[key] ?? '') === '' ? key : free(n + 1);
  };
  return { key: free(0), value };
}

export interface SavedView extends NamedView {
  readonly key: string;
}

/** The views that were kept, by name. What is no view of ours is left out; an emptied setting is a view that was removed. */
export function savedViews(settings: Readonly<Record<string, string>>): readonly SavedView[] {
  return Object.entries(settings)
    .filter(([key, value]) => key.startsWith(PREFIX) && value !== '')
    .map(([key, value]) => ({ key, ...readView(value) }))
    .filter((one): one is SavedView => one.name !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const boolIn = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
const textsIn = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;

/** A view as it was written; empty where the text is none. */
function readView(text: string): Partial<NamedView> {
  let read: Readonly<Record<string, unknown>> | null;
  try {
    read = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
  } catch {
    return {};
  }
  const name = textIn(read?.['name']);
  if (read === null || name === '') return {};
  const sort = (read['sort'] ?? {}) as Readonly<Record<string, unknown>>;
  const key = HISTORY_SORTS.find((one) => one === sort['key']) ?? FIRST_VIEW.sort.key;
  const chosen = (read['chosen'] ?? {}) as Readonly<Record<string, unknown>>;
  const facets = HISTORY_FACETS.flatMap((facet) => {
    const values = textsIn(chosen[facet]);
    return values === null ? [] : [[facet, values] as const];
  });
  const view: View = {
    text: textIn(read['text']),
    chosen: Object.fromEntries(facets),
    from: textIn(read['from']),
    to: textIn(read['to']),
    held: boolIn(read['held']),
    here: boolIn(read['here']),
    case: textIn(read['case']),
    sort: { key, descending: sort['descending'] !== false },
    group: HISTORY_FACETS.find((one) => one === read['group']) ?? null,
    columns: textsIn(read['columns']),
  };
  return { name, view };
}
