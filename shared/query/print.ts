// A query tree as text that reads back as the same tree.

import type { QueryNode } from './tree.ts';

/** A word that stands for itself: nothing in it has a meaning in the language. */
const PLAIN = /^[^\s"():|/-][^\s"():|]*$/;
const WORDS = new Set(['OR', 'AND', 'NOT']);

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** A word or phrase as it is written in a query. */
export const printText = (text: string): string => (PLAIN.test(text) && !WORDS.has(text) ? text : quote(text));

/** A field with its values as it is written in a query. */
export const printField = (name: string, values: readonly string[]): string =>
  `${name}:${values.map((value) => (/^[^\s"()|]+$/.test(value) ? value : quote(value))).join('|')}`;

const grouped = (node: QueryNode, kinds: readonly QueryNode['kind'][]): string =>
  kinds.includes(node.kind) ? `(${printQuery(node)})` : printQuery(node);

export function printQuery(node: QueryNode): string {
  switch (node.kind) {
    case 'text':
      return printText(node.text);
    case 'regex':
      return `/${node.source}/${node.flags}`;
    case 'field':
      return printField(
        node.name,
        node.values.map(({ text }) => text),
      );
    case 'not':
      return `-${grouped(node.item, ['and', 'or', 'not'])}`;
    case 'and':
      return node.items.map((item) => grouped(item, ['and', 'or'])).join(' ');
    case 'or':
      return node.items.map((item) => grouped(item, ['or'])).join(' OR ');
  }
}
