// What the page does with the text of a query: where it is wrong, and how a facet adds to it. Pure.

import { parseQuery } from '../../shared/query/parser.ts';
import { printField } from '../../shared/query/print.ts';

export interface Piece {
  readonly text: string;
  readonly wrong: boolean;
}

/** The text cut where faults begin and end; a fault of no length takes the character before it, or after. */
export function faultPieces(text: string, faults: readonly { readonly start: number; readonly end: number }[]): readonly Piece[] {
  const wrong = Array.from({ length: text.length }, () => false);
  for (const { start, end } of faults) {
    const from = start === end ? Math.max(0, Math.min(start, text.length) - 1) : start;
    wrong.fill(true, from, Math.max(end, from + 1));
  }
  const pieces: { text: string; wrong: boolean }[] = [];
  for (let i = 0; i < text.length; i++) {
    const last = pieces.at(-1);
    if (last !== undefined && last.wrong === wrong[i]) last.text += text[i]!;
    else pieces.push({ text: text[i]!, wrong: wrong[i]! });
  }
  return pieces;
}

/** The query, narrowed to sessions in which a field has a value. */
export function narrowed(text: string, name: string, value: string): string {
  const parsed = parseQuery(text);
  const bare = text.trim();
  const grouped = parsed.kind === 'query' && parsed.tree.kind === 'or' ? `(${bare})` : bare;
  return `${grouped} ${printField(name, [value])}`;
}

/** The query without a field and value that {@link narrowed} put there, or null when it does not end with them alone. */
export function widened(text: string, name: string, value: string): string | null {
  const field = ` ${printField(name, [value])}`;
  const at = text.indexOf(field);
  if (at === -1 || /\S/.test(text[at + field.length] ?? ' ')) return null;
  return text.slice(0, at) + text.slice(at + field.length);
}
