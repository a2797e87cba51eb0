// Query trees at random, for properties. Positions are 0: a printed tree has others.

import fc from 'fast-check';
import { FIELD_NAMES, isModifier, type QueryNode } from '../../../../shared/query/tree.ts';

const at = { start: 0, end: 0 };

const text = fc
  .string({
    minLength: 1,
    maxLength: 12,
    unit: fc.oneof(fc.constantFrom(...Array.from('abOR -()":|/\\.*é表😀')), fc.string({ minLength: 1, maxLength: 1 })),
  })
  .filter((value) => value.trim() !== '');

const leaf: fc.Arbitrary<QueryNode> = fc.oneof(
  text.map((value): QueryNode => ({ kind: 'text', text: value, ...at })),
  fc
    .tuple(fc.constantFrom('a', 'a b', '[/)]', '\\/x', '(a|b)+', 'x"y'), fc.constantFrom('', 'i', 'gi'))
    .map(([source, flags]): QueryNode => ({ kind: 'regex', source, flags, ...at })),
  fc.tuple(fc.constantFrom(...FIELD_NAMES), fc.array(text, { minLength: 1, maxLength: 3 })).map(([name, values]): QueryNode => ({
    kind: 'field',
    name,
    values: values.map((value) => ({ text: value, ...at })),
    ...at,
  })),
);

export const queryTree: fc.Arbitrary<QueryNode> = fc.letrec<{ readonly node: QueryNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('node')
      // A group of its own when it is read, which means nothing.
      .filter((item) => item.kind !== 'not' || item.item.kind !== 'field' || !isModifier(item.item.name))
      .map((item): QueryNode => ({ kind: 'not', item, ...at })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('node'), { minLength: 2, maxLength: 4 }))
      .map(([kind, items]): QueryNode => ({ kind, items, ...at })),
  ),
})).node;

/** The tree with every position set to 0. */
export function placeless(node: QueryNode): QueryNode {
  switch (node.kind) {
    case 'text':
      return { kind: 'text', text: node.text, ...at };
    case 'regex':
      return { kind: 'regex', source: node.source, flags: node.flags, ...at };
    case 'field':
      return { kind: 'field', name: node.name, values: node.values.map((value) => ({ text: value.text, ...at })), ...at };
    case 'not':
      return { kind: 'not', item: placeless(node.item), ...at };
    case 'and':
    case 'or':
      return { kind: node.kind, items: node.items.map(placeless), ...at };
  }
}
