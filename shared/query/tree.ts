// What a query is once it is read: a tree, every part of which knows where it stands in the text. Errors have their place too.
// docs/search.md describes the language.

/** UTF-16 offsets in the query, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is wrong at a place, and what would be right. */
export interface Fault extends Span {
  readonly why: string;
  readonly todo: string;
}

export interface FieldValue extends Span {
  readonly text: string;
}

export const FIELD_NAMES = [
  'in',
  'user',
  'server',
  'source',
  'origin',
  'group',
  'env',
  'status',
  'tag',
  'case',
  'exit',
  'before',
  'after',
  'during',
  'near',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** Fields that say of the words beside them where or when they stand. */
export const MODIFIERS = ['in', 'before', 'after', 'during', 'near'] as const satisfies readonly FieldName[];
export type Modifier = (typeof MODIFIERS)[number];

export type FieldNode = Span & { readonly kind: 'field'; readonly name: FieldName; readonly values: readonly FieldValue[] };

export type QueryNode =
  | (Span & { readonly kind: 'text'; readonly text: string })
  | (Span & { readonly kind: 'regex'; readonly source: string; readonly flags: string })
  | FieldNode
  | (Span & { readonly kind: 'not'; readonly item: QueryNode })
  | (Span & { readonly kind: 'and' | 'or'; readonly items: readonly QueryNode[] });

/** What each field is for, as completion says it. */
export const FIELD_NOTES: Readonly<Record<FieldName, string>> = {
  in: 'where text is looked for: typed, printed, visible, hidden, command, note',
  user: 'sessions of a user',
  server: 'sessions on a server',
  source: 'sessions of a source',
  origin: 'sessions of an origin',
  group: 'sessions of a session group',
  env: 'sessions of an environment',
  status: 'sessions with a status',
  tag: 'sessions with a tag',
  case: 'sessions of a case',
  exit: 'sessions that ended with an exit status',
  before: 'hits before a moment: 2026-11-21, 2026-11-21T09:30',
  after: 'hits at or after a moment',
  during: 'hits on a day or between two moments: 2026-11-21, 2026-11-20/2026-11-21',
  near: 'all words beside it within a time of each other: 30s, 5m, 1h',
};

/** Where text can be looked for. */
export const TEXT_KINDS = ['typed', 'printed', 'visible', 'hidden', 'command', 'history', 'note'] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

export const TEXT_KIND_NOTES: Readonly<Record<TextKind, string>> = {
  typed: 'what was entered, echoed or not',
  printed: 'what was sent to the terminal',
  visible: 'what stood on the screen, concealed or not',
  hidden: 'what was sent and could not be read on the screen',
  command: 'commands that were entered',
  history: 'what a source told of the session: its reason, commands, runbooks, audit events',
  note: 'annotations',
};

export const isFieldName = (text: string): text is FieldName => (FIELD_NAMES as readonly string[]).includes(text);
export const isModifier = (name: FieldName): name is Modifier => (MODIFIERS as readonly FieldName[]).includes(name);
export const isTextKind = (text: string): text is TextKind => (TEXT_KINDS as readonly string[]).includes(text);
