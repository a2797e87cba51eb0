// What may stand at a place in a query that is being written: names of fields, and the values that the caller knows of them.

import { fold } from './fold.ts';
import { lex } from './lexer.ts';
import { printField } from './print.ts';
import { FIELD_NAMES, FIELD_NOTES, TEXT_KINDS, TEXT_KIND_NOTES, type FieldName, type Span } from './tree.ts';

export interface Choice {
  /** What takes the place of the span. */
  readonly insert: string;
  readonly label: string;
  readonly note: string;
}

export interface Completion extends Span {
  readonly choices: readonly Choice[];
}

/** Values of a field that stand anywhere in the library; empty for fields that have none to offer. */
export type KnownValues = (name: FieldName) => readonly string[];

/** Choices offered at a time. */
const MOST = 50;

const NEAR = ['30s', '5m', '1h'];

function valuesOf(name: FieldName, known: KnownValues): readonly string[] {
  if (name === 'in') return TEXT_KINDS;
  return name === 'near' ? NEAR : known(name);
}

/** The choices at a cursor (UTF-16 offset); none where a word or a phrase is being written. */
export function completeAt(text: string, cursor: number, known: KnownValues): Completion {
  const { tokens } = lex(text.slice(0, cursor));
  const last = tokens.at(-1);
  const none = { start: cursor, end: cursor, choices: [] };
  if (last !== undefined && last.end === cursor) {
    if (last.kind === 'field') return valueChoices(last.name, last.values.at(-1)!, text, cursor, known);
    if (last.kind === 'text') return last.quoted ? none : fieldChoices(last.start, text, cursor);
    if (last.kind === 'regex' || last.kind === 'or' || last.kind === 'close') return none;
  }
  return fieldChoices(cursor, text, cursor);
}

function fieldChoices(start: number, text: string, cursor: number): Completion {
  const begun = text.slice(start, cursor).toLowerCase();
  const choices = FIELD_NAMES.filter((name) => name.startsWith(begun)).map((name) => ({
    insert: `${name}:`,
    label: `${name}:`,
    note: FIELD_NOTES[name],
  }));
  // In the middle of a name, all of it.
  const rest = /^[a-z]*:|/i.exec(text.slice(cursor))![0].length;
  return { start, end: cursor + rest, choices };
}

/** Where the value ends that a cursor stands in: one in quotes behind the quote that closes it. */
function endOfValue({ start }: Span, text: string, cursor: number): number {
  const quoted = text[start] === '"' ? /^"(?:[^"\\]|\\[^])*"/.exec(text.slice(start)) : null;
  if (quoted !== null && start + quoted[0].length >= cursor) return start + quoted[0].length;
  return cursor + /^[^\s|)"]*/.exec(text.slice(cursor))![0].length;
}

function valueChoices(
  name: FieldName,
  value: Span & { readonly text: string },
  text: string,
  cursor: number,
  known: KnownValues,
): Completion {
  const begun = fold(value.text);
  const fitting = valuesOf(name, known).filter((one) => fold(one).includes(begun));
  // What begins so comes before what only holds it.
  const ordered = fitting.toSorted((a, b) => Number(fold(b).startsWith(begun)) - Number(fold(a).startsWith(begun)));
  return {
    start: value.start,
    end: endOfValue(value, text, cursor),
    choices: ordered.slice(0, MOST).map((one) => ({
      insert: printField(name, [one]).slice(name.length + 1),
      label: one,
      note: name === 'in' ? TEXT_KIND_NOTES[one as (typeof TEXT_KINDS)[number]] : '',
    })),
  };
}
