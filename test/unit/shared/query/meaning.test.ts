import { describe, expect, it } from 'vitest';
import { meaningOf, type Meaning, type Meant } from '../../../../shared/query/meaning.ts';
import { parseQuery } from '../../../../shared/query/parser.ts';

function meant(text: string): Meant {
  const parsed = parseQuery(text);
  return parsed.kind === 'wrong'
    ? parsed
    : meaningOf(parsed.tree, {
        kinds: ['visible', 'printed'],
        lacks: (what) => (what === 'tag' ? 'no session has a tag' : null),
        others: (name, value) => (name === 'status' && value !== 'closed' ? ['closed', 'open'] : null),
      });
}

const wrong = (text: string): readonly (readonly [string, string])[] => {
  const answer = meant(text);
  return answer.kind === 'meaning' ? [] : answer.faults.map(({ start, end, todo }) => [text.slice(start, end), todo]);
};

/** Each word with where it is looked for and how many times it must lie in. */
function scopes(text: string): readonly string[] {
  const answer = meant(text);
  if (answer.kind === 'wrong') return answer.faults.map(({ why }) => why);
  const all = (node: Meaning): string[] => {
    switch (node.kind) {
      case 'term':
        return [
          `${node.needle.kind === 'text' ? node.needle.text : node.needle.source} ${node.kinds.join('|')} ${String(node.times.length)}`,
        ];
      case 'session':
        return [];
      case 'not':
        return all(node.item);
      case 'any':
      case 'all':
        return node.items.flatMap(all);
    }
  };
  return all(answer.meaning);
}

describe('the meaning of a query', () => {
  it('has words looked for where the group around them says', () => {
    expect(scopes('a in:typed b')).toEqual(['a typed 0', 'b typed 0']);
    expect(scopes('in:typed a (in:hidden b) (c d)')).toEqual(['a typed 0', 'b hidden 0', 'c typed 0', 'd typed 0']);
    expect(scopes('in:typed a OR b')).toEqual(['a typed 0', 'b visible|printed 0']);
    expect(scopes('-in:typed|history|note a')).toEqual(['a printed|visible|hidden|command 0']);
    expect(scopes('after:2026 (before:2027 a) b')).toEqual(['a visible|printed 2', 'b visible|printed 1']);
  });

  it('takes a date as the whole of what it names, in UTC unless it says its zone', () => {
    const times = (text: string): unknown => {
      const answer = meant(text);
      return answer.kind === 'meaning' && answer.meaning.kind === 'all' && answer.meaning.items[0]?.kind === 'term'
        ? answer.meaning.items[0].times
        : answer;
    };
    const us = (text: string): number => Date.parse(text) * 1000;
    expect(times('a during:2026-11')).toEqual([{ from: us('2026-11-01T00:00Z'), to: us('2026-12-01T00:00Z') }]);
    expect(times('a during:2024-02-28/2024-02-29')).toEqual([{ from: us('2024-02-28T00:00Z'), to: us('2024-03-01T00:00Z') }]);
    expect(times('a before:2026-11-21T09:30+01:00')).toEqual([{ from: null, to: us('2026-11-21T08:30Z') }]);
    expect(times('a after:2026-11-21T09:30:01.5')).toEqual([{ from: us('2026-11-21T09:30:01.5Z'), to: null }]);
  });

  it('says at the place what makes no sense', () => {
    expect(wrong('user:ops')).toEqual([['user:ops', 'add a word, a "phrase" or an /expression/']]);
    expect(wrong('-a')).toEqual([['-a', 'add a word, a "phrase" or an /expression/']]);
    expect(wrong('in:typd a')).toEqual([['typd', 'write typed']]);
    expect(wrong('in:typed in:visible a')).toEqual([['in:visible', 'give all at once: in:typed|visible']]);
    expect(wrong('a OR in:typed')).toEqual([['in:typed', 'put a word beside it: error in:typed']]);
    for (const [query, place] of [
      ['(in:typed) a', 'in:typed'],
      ['((in:typed)) a', 'in:typed'],
      ['(-in:hidden) a', 'in:hidden'],
      ['(before:2026-01-01) a', 'before:2026-01-01'],
      ['a (near:1s) b', 'near:1s'],
      ['a OR (during:2026-01-01)', 'during:2026-01-01'],
      ['(in:typed after:2026-01-01) a', 'in:typed'],
      ['(in:typed user:ops) a', 'in:typed'],
      ['(user:ops before:2026-01-01) a', 'before:2026-01-01'],
    ] as const)
      expect(
        wrong(query).map(([at]) => at),
        query,
      ).toEqual([place]);
    expect(wrong('(in:typed -b) a')).toEqual([]);
    expect(wrong('in:TYPED|Visible a')).toEqual([]);
    expect(wrong('in:Typd a')).toEqual([['Typd', 'write typed']]);
    expect(wrong('-before:2026 a')).toEqual([['-before:2026', 'remove the minus']]);
    expect(wrong('a before:2026-02-30')).toEqual([['2026-02-30', 'write before:2026-11-21 or before:2026-11-21T09:30']]);
    expect(wrong('a near:5m')).toEqual([['near:5m', 'write two words: drop customers near:5m']]);
    expect(wrong('a b near:soon')).toEqual([['soon', 'write near:30s, near:5m or near:1h30m']]);
    expect(wrong('a exit:one')).toEqual([['one', 'write exit:0, or -exit:0 for all others']]);
    expect(wrong('a tag:x')).toEqual([['tag:x', 'leave it out, or put the text in "quotes" to look for it']]);
    expect(wrong('a status:closed|nope')).toEqual([['nope', 'write one of closed, open']]);
    expect(wrong('a /b(c/')).toEqual([['b(c', 'close it, or write \\( for the sign itself']]);
    expect(wrong('a before:2026-11-21T09:30+99:99')).toEqual([
      ['2026-11-21T09:30+99:99', 'write before:2026-11-21 or before:2026-11-21T09:30'],
    ]);
    expect(wrong('a before:2026-11-21T09:30-23:59')).toEqual([]);
  });

  it('refuses what would take more than linear time, at its place', () => {
    expect(wrong('x /a(?=b)c/')).toEqual([['(?=', 'look-around is not offered; write what stands there']]);
    expect(wrong('/(a)\\1/')).toEqual([['\\1', 'back-references are not offered; write what is repeated']]);
    expect(wrong('/a{5000}/')).toEqual([['{5000}', 'repeat at most 1000 times']]);
  });
});
