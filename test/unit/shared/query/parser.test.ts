import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../shared/query/parser.ts';
import { printQuery } from '../../../../shared/query/print.ts';
import { placeless, queryTree } from './arbitrary.ts';

const printed = (text: string): string => {
  const parsed = parseQuery(text);
  return parsed.kind === 'query'
    ? printQuery(parsed.tree)
    : parsed.faults.map(({ start, end, why }) => `${text.slice(start, end)}: ${why}`).join('\n');
};

/** What is wrong: the text at the place, and what would be right. */
const wrong = (text: string): readonly (readonly [string, string])[] => {
  const parsed = parseQuery(text);
  return parsed.kind === 'query' ? [] : parsed.faults.map(({ start, end, todo }) => [text.slice(start, end), todo]);
};

describe('a query', () => {
  it('reads back as the same tree when it is printed', () => {
    fc.assert(
      fc.property(queryTree, (tree) => {
        const parsed = parseQuery(printQuery(tree));
        expect(parsed.kind === 'query' ? placeless(parsed.tree) : parsed).toEqual(placeless(tree));
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });

  it('is read or told to be wrong, whatever it holds, with places inside it', () => {
    const unit = fc.oneof(
      fc.constantFrom(...Array.from('ab:"()|/\\- \t'), ' OR ', 'in:', 'near:', 'x/i', '😀'),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const text = units.join('');
        const parsed = parseQuery(text);
        if (parsed.kind === 'query') return;
        expect(parsed.faults.length).toBeGreaterThan(0);
        for (const { start, end } of parsed.faults) expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }),
      { seed: 20261121, numRuns: 3000 },
    );
  });

  it('is words and phrases that are all meant, OR between them binding less, a minus before what must not be there', () => {
    expect(printed('drop "two words" table')).toBe('drop "two words" table');
    expect(printed('a b OR c d')).toBe('a b OR c d');
    expect(printed('(a b) OR (c d)')).toBe('a b OR c d');
    expect(printed('a (b OR c) -d -(e f)')).toBe('a (b OR c) -d -(e f)');
    expect(parseQuery('a b OR c')).toMatchObject({
      kind: 'query',
      tree: { kind: 'or', items: [{ kind: 'and' }, { text: 'c' }] },
    });
  });

  it('has paths, calls and long options as plain words', () => {
    for (const word of [
      '/etc/passwd',
      '/var/log/syslog',
      'main()',
      '$(id)',
      '--force',
      'http://a/b',
      'a-b',
      '12:30',
      '/usr',
      '/home/x',
      '/etc/rc.d/init.d/sshd',
      '/rc.d/sshd',
      '/tmp/Music',
      '/etc/systemd/*.conf',
      '-',
    ]) {
      expect(parseQuery(word)).toMatchObject({ kind: 'query', tree: { kind: 'text', text: word } });
    }
    expect(parseQuery('(f(x) OR g())')).toMatchObject({ tree: { items: [{ text: 'f(x)' }, { text: 'g()' }] } });
  });

  it('has expressions between slashes, with flags, and blanks in them', () => {
    expect(parseQuery('/drop  table/i')).toMatchObject({ tree: { kind: 'regex', source: 'drop  table', flags: 'i' } });
    expect(parseQuery('/a\\/b[/]c/')).toMatchObject({ tree: { kind: 'regex', source: 'a\\/b[/]c', flags: '' } });
    // Classes as RE2 reads them.
    for (const source of ['[[:alpha:]/]+x', '[^[:space:]/]', '[]/]d', '[^]/]d', '[\\]/]'])
      expect(parseQuery(`/${source}/i`), source).toMatchObject({ tree: { kind: 'regex', source, flags: 'i' } });
    expect(parseQuery('(/a(b)c/)')).toMatchObject({ tree: { kind: 'regex', source: 'a(b)c' } });
  });

  it('has fields with one or more values, quoted or not', () => {
    expect(parseQuery('user:ops|"two words"')).toMatchObject({
      tree: { kind: 'field', name: 'user', values: [{ text: 'ops' }, { text: 'two words' }] },
    });
    expect(parseQuery('(x in:typed)')).toMatchObject({
      tree: { items: [{ text: 'x' }, { name: 'in', values: [{ text: 'typed' }] }] },
    });
    for (const text of ['User:ops', 'USER:ops'])
      expect(parseQuery(text)).toMatchObject({ tree: { kind: 'field', name: 'user', values: [{ text: 'ops' }] } });
  });

  it('has words with a colon as they are, where no field and no kind of text is near', () => {
    for (const word of [
      'http://x',
      'foo:bar',
      'Foo:bar',
      'C:\\Users',
      'I:\\x',
      '12:30',
      'typed://x',
      'std::string',
      'localhost:8080',
    ])
      expect(parseQuery(word), word).toMatchObject({ kind: 'query', tree: { kind: 'text', text: word } });
  });

  it('says at the place what is wrong and what would be right', () => {
    expect(wrong('')).toEqual([['', 'give a word or a "phrase"']]);
    expect(wrong('a "b c')).toEqual([['"b c', 'add " at its end']]);
    expect(wrong('a (b c')).toEqual([['(', 'add ) at its end, or put the text in "quotes"']]);
    expect(wrong('a ) b')).toEqual([[')', 'remove the parenthesis, or put the text in "quotes"']]);
    expect(wrong('a ()')).toEqual([['()', 'write words into it, or remove it']]);
    expect(wrong('OR a')).toEqual([['OR', 'write what is missing, or "OR" to look for it']]);
    expect(wrong('a OR')).toEqual([['OR', 'write what is missing, or "OR" to look for it']]);
    expect(wrong('a AND b')).toEqual([['AND', 'leave AND out, or write "AND" to look for it']]);
    expect(wrong('a NOT b')).toEqual([['NOT', 'write -word, or "NOT" to look for it']]);
    expect(wrong('usr:ops')).toEqual([['usr:', 'write user:, or put the text in "quotes"']]);
    expect(wrong('Usr:ops')).toEqual([['Usr:', 'write user:, or put the text in "quotes"']]);
    expect(wrong('a typed:x')).toEqual([['typed:', 'write in:typed x, or put the text in "quotes"']]);
    expect(wrong('Visible:path')).toEqual([['Visible:', 'write in:visible path, or put the text in "quotes"']]);
    expect(wrong('hidden:')).toEqual([['hidden:', 'write in:hidden, or put the text in "quotes"']]);
    expect(wrong('a user: ops')).toEqual([['user:', 'write it without a blank: user:ops']]);
    expect(wrong('/pass(wd')).toEqual([['/pass(wd', 'add / at its end, or put the text in "quotes"']]);
    const close = 'close the [ with ], write \\[ or \\\\ for the sign itself, or put the text in "quotes"';
    for (const [query, place] of [
      ['/[/', '['],
      ['/pass[wd/', '['],
      ['a /pass[wd/i', '['],
      ['/foo\\/', '\\'],
    ] as const)
      expect(wrong(query), query).toEqual([[place, close]]);
    const flags = 'write / or /i at its end, or put the text in "quotes" if it is a path';
    for (const [query, place] of [
      ['/watchw.rd/x', 'x'],
      ['/watchw.rd/I', 'I'],
      ['/watchword/I', 'I'],
      ['/a+b/ix', 'ix'],
      ['a OR (/a|b/xyz)', 'xyz'],
      ['/drop (table|view)/x b', 'x'],
    ] as const)
      expect(wrong(query), query).toEqual([[place, flags]]);
    expect(wrong('/etc $HOME/bin')).toEqual([]);
    expect(wrong('""')).toEqual([['""', 'write the text, or remove the quotes']]);
  });

  it('is bounded in its parts and its depth', () => {
    expect(parseQuery('('.repeat(1000) + 'a').kind).toBe('wrong');
    expect(parseQuery('a '.repeat(1000)).kind).toBe('wrong');
    expect(parseQuery(`${'('.repeat(30)}a${')'.repeat(30)}`).kind).toBe('query');
  });
});
