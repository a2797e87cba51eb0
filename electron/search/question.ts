// What a query asks of this library: its meaning here or its first fault, help while it is written, and why a session cannot answer.

import { ExhibitError } from '../../shared/api/errors.ts';
import { completeAt, type Completion } from '../../shared/query/completion.ts';
import { meaningOf, type Meaning, type MeaningOptions, type Meant } from '../../shared/query/meaning.ts';
import { parseQuery } from '../../shared/query/parser.ts';
import type { Fault, FieldName, TextKind } from '../../shared/query/tree.ts';
import { refusalReason, type Library, type SearchedSession, type ValueColumn } from '../library/library.ts';
import { fits } from './plan.ts';

/** Known values that completion looks at. */
const VALUES = 1000;

const COLUMNS = {
  user: 'user',
  server: 'server',
  source: 'source',
  origin: 'origin',
  group: 'group',
  env: 'environment',
  status: 'status',
  exit: 'exit',
} as const satisfies Partial<Record<FieldName, ValueColumn>>;

/** What sessions of a library may have none of. */
const NOUNS: Readonly<Record<ValueColumn, string>> = {
  user: 'a user',
  server: 'a server',
  source: 'a source',
  origin: 'an origin',
  group: 'a group',
  environment: 'an environment',
  status: 'a status',
  exit: 'an exit status',
};

/** Why a field or a kind of text has nothing in a library, or null. */
function lacking({ searched, annotations, cases, history }: Library, what: FieldName | TextKind): string | null {
  switch (what) {
    case 'user':
    case 'server':
    case 'source':
    case 'origin':
    case 'group':
    case 'env':
    case 'status':
    case 'exit': {
      const column = COLUMNS[what];
      return searched.values(column, 1).length > 0 ? null : `no session in this library has ${NOUNS[column]}`;
    }
    case 'tag':
      return annotations.tags().length > 0 ? null : 'no session in this library has a tag';
    case 'case':
      return cases.names().length > 0 ? null : 'this library has no cases';
    case 'note':
      return annotations.sessionsWith(null).size > 0 ? null : 'this library has no annotations';
    case 'history':
      return history.sessionsTold().size > 0 ? null : 'no source told of a session that is recorded here';
    default:
      return null;
  }
}

/** The statuses that sessions have, where a value is none of them; null where it is one. Sources choose from few: another is a slip. */
function otherStatuses({ searched }: Library, name: FieldName, value: string): readonly string[] | null {
  if (name !== 'status') return null;
  const known = searched.values('status', VALUES);
  return known.some((one) => fits(value, one)) ? null : known;
}

/** Values of a field that completion offers. */
function valuesOf({ searched, annotations, cases }: Library, name: FieldName): readonly string[] {
  if (name === 'tag') return annotations.tags().slice(0, VALUES);
  if (name === 'case') return cases.names().map(({ number }) => number);
  const column = (COLUMNS as Partial<Record<FieldName, ValueColumn>>)[name];
  return column === undefined ? [] : searched.values(column, VALUES);
}

function optionsFor(library: Library, kinds: readonly TextKind[]): MeaningOptions {
  return {
    kinds,
    lacks: (what) => lacking(library, what),
    others: (name, value) => otherStatuses(library, name, value),
  };
}

function understand(library: Library, query: string, regex: boolean, kinds: readonly TextKind[]): Meant {
  const options = optionsFor(library, kinds);
  // The place of an expression counts behind its slash, which is not there.
  if (regex) return meaningOf({ kind: 'regex', source: query, flags: 'i', start: -1, end: query.length }, options);
  const parsed = parseQuery(query);
  return parsed.kind === 'wrong' ? parsed : meaningOf(parsed.tree, options);
}

/** What is wrong with a query, and what may stand at a cursor in it. Reads no recorded text. */
export function assist(
  library: Library,
  query: string,
  cursor: number,
): { readonly faults: readonly Fault[]; readonly completion: Completion } {
  const meant = understand(library, query, false, ['visible']);
  const completion = completeAt(query, cursor, (name) => valuesOf(library, name));
  return { faults: meant.kind === 'wrong' ? meant.faults : [], completion };
}

/** What a query means here. Throws kind `usage` when it makes no sense, with the place and what would be right. */
export function meaningFor(library: Library, query: string, regex: boolean, kinds: readonly TextKind[]): Meaning {
  const meant = understand(library, query, regex, kinds);
  if (meant.kind === 'meaning') return meant.meaning;
  const { start, end, why, todo } = meant.faults[0]!;
  const part = query.slice(Math.max(0, start), end);
  const place = part === '' || part === query ? '' : ` (at ${JSON.stringify(part.length > 40 ? `${part.slice(0, 40)}…` : part)})`;
  throw new ExhibitError('usage', 'search', `${why}${place}`, todo);
}

/** Why a recording is not to be searched, whatever is known of it here; null where its source lets it be seen. */
export function whyRefused({ rights }: Library, session: SearchedSession): string | null {
  const refusal = rights.refusal(session, 'recording');
  return refusal === null ? null : refusalReason(refusal);
}

export function whyNotSearched({ indexState }: SearchedSession): string | null {
  switch (indexState) {
    case 'done':
      return null;
    case 'waiting':
    case 'running':
      return 'it is not indexed yet';
    case 'failed':
      return 'its index could not be made';
    case 'locked':
      return 'it is encrypted and no key on this device opens it';
  }
}
