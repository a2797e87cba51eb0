// Indicator lists: what each form means, what is wrong and where; and the look for many literals at once, against the obvious one.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Literals } from '../../../../shared/query/literals.ts';
import { parseWatchlist, type Indicator } from '../../../../shared/query/watchlist.ts';

function indicators(text: string): readonly Indicator[] {
  const parsed = parseWatchlist(text);
  if (parsed.kind === 'wrong') throw new Error(JSON.stringify(parsed.faults));
  return parsed.indicators;
}

const text = (of: string): object => ({ kind: 'text', text: of });

describe('a list', () => {
  test('has one indicator a line; comments and empty lines are none', () => {
    const list = '\ufeff# bad hosts\r\n\r\n  evil.example  \r\n# 10.0.0.1\n10.0.0.7\n';
    expect(indicators(list)).toEqual([
      { name: null, text: 'evil.example', line: 3, needles: [text('evil.example')], needed: 1 },
      { name: null, text: '10.0.0.7', line: 5, needles: [text('10.0.0.7')], needed: 1 },
    ]);
  });

  test('takes plain lines as they are, with every sign in them', () => {
    for (const plain of [
      'rm -rf /',
      'C:\\x, y)',
      'user:ops',
      'a "b" c',
      '/etc/shadow',
      '/etc/rc.d/sshd -x',
      'all of it',
      '3 of 4',
      "-x 'y'",
      'a # b',
      'key=[v]',
    ])
      expect(indicators(plain)[0]).toMatchObject({ needles: [text(plain)], text: plain });
  });

  test('takes names, quoted texts and expressions', () => {
    expect(indicators('[C2 host] evil.example\n[x]"[y] \\" \\\\ "\n/drop\\s+[/]table/i\n" a "')).toMatchObject([
      { name: 'C2 host', text: 'evil.example' },
      { name: 'x', needles: [text('[y] " \\ ')] },
      { name: null, needles: [{ kind: 'regex', source: 'drop\\s+[/]table', flags: 'i' }] },
      { needles: [text(' a ')] },
    ]);
  });

  test('takes conditions over several texts', () => {
    expect(indicators('all of (nc, "a, b", /x{1,2}/i , /etc/passwd)\nANY of(a,b)\n[two] 2 of (a, b, c)')).toMatchObject([
      { needed: 4, needles: [text('nc'), text('a, b'), { kind: 'regex', source: 'x{1,2}', flags: 'i' }, text('/etc/passwd')] },
      { needed: 1, needles: [text('a'), text('b')] },
      { name: 'two', needed: 2, text: '2 of (a, b, c)' },
    ]);
  });
});

test.each([
  ['a\n\n  [name', 3, 3, 'not closed'],
  ['[] a', 1, 1, 'empty'],
  ['  [a]  ', 1, 3, 'no indicator'],
  ['"abc', 1, 1, 'not closed'],
  ['"a" b', 1, 4, 'behind the closing quote'],
  ['""', 1, 1, 'nothing between'],
  ['/a(b/', 1, 2, 'not valid'],
  ['/a[b', 1, 1, 'not closed'],
  ['/a[b/', 1, 3, 'not closed'],
  ['all of (/a[b/i , c)', 1, 11, 'not closed'],
  ['/(?=a)b/', 1, 2, 'not valid'],
  ['/watchw.rd/x', 1, 12, 'no such flags'],
  ['all of (/a b+/I , c)', 1, 15, 'no such flags'],
  ['all of (a, b', 1, 1, 'not closed'],
  ['all of (a,, b)', 1, 11, 'nothing to look for'],
  ['all of ()', 1, 9, 'nothing to look for'],
  ['any of (a) b', 1, 11, 'behind a condition'],
  ['any of ("a" b)', 1, 13, 'comma'],
  ['3 of (a, b)', 1, 1, '2 parts'],
  ['0 of (a, b)', 1, 1, '2 parts'],
  ['# nothing', 1, 1, 'no indicator'],
])('%j is wrong in line %d, column %d: %s', (list, line, column, why) => {
  const parsed = parseWatchlist(list);
  expect(parsed).toMatchObject({ kind: 'wrong', faults: [{ line, column, why: expect.stringContaining(why) as string }] });
});

test('every line that is wrong is told', () => {
  const parsed = parseWatchlist('"a\nb\n/(/\n');
  expect(parsed.kind === 'wrong' && parsed.faults.map(({ line }) => line)).toEqual([1, 3]);
});

test('no text makes the parser fail, and what it takes has something to look for', () => {
  const signs = fc.constantFrom('a', ' ', '"', '\\', '/', '(', ')', '[', ']', ',', '#', '\n', 'all of (', '2 of (', 'é', 'i');
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 40 }), (parts) => {
      const list = parts.join('');
      const parsed = parseWatchlist(list);
      const lines = list.split('\n');
      if (parsed.kind === 'wrong') {
        for (const { line, column } of parsed.faults) expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      } else for (const { needles, needed } of parsed.indicators) expect(needed >= 1 && needed <= needles.length).toBe(true);
    }),
    { numRuns: 500, seed: 26 },
  );
});

test('many literals are found at once, none missed and none made up', () => {
  const piece = fc.stringMatching(/^[ab.é漢]{1,6}$/u);
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), fc.stringMatching(/^[ab.é漢]{0,30}$/u), (literals, hay) => {
      const set = new Literals(literals);
      const expected = literals.flatMap((literal, i) => (hay.includes(literal) ? [i] : []));
      expect(set.in(hay).toSorted((a, b) => a - b)).toEqual(expected);
      expect(set.in(hay)).toHaveLength(expected.length);
    }),
    { numRuns: 500, seed: 26 },
  );
});
