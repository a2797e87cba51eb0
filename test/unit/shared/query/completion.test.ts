import { describe, expect, it } from 'vitest';
import { completeAt } from '../../../../shared/query/completion.ts';
import type { FieldName } from '../../../../shared/query/tree.ts';

const KNOWN: Partial<Record<FieldName, readonly string[]>> = { user: ['ops', 'root', 'Two Words', 'dropsy'] };

/** What the query becomes with each choice; `|` is the cursor. */
function completed(marked: string): readonly string[] {
  const cursor = marked.indexOf('^');
  const text = marked.replace('^', '');
  const { start, end, choices } = completeAt(text, cursor, (name) => KNOWN[name] ?? []);
  return choices.map(({ insert }) => text.slice(0, start) + insert + text.slice(end));
}

describe('completion', () => {
  it('offers fields where one may begin', () => {
    expect(completed('error se^')).toEqual(['error server:']);
    expect(completed('a (^')).toHaveLength(15);
    expect(completed('-s^')).toEqual(['-server:', '-source:', '-status:']);
    expect(completed('us^:ops')).toEqual(['user:ops']);
    expect(completed('us^er:ops b')).toEqual(['user:ops b']);
    expect(completed('us^ b:c')).toEqual(['user: b:c']);
  });

  it('offers the values known of a field, those that begin so first, in quotes where they need them', () => {
    expect(completed('a user:ops^ b')).toEqual(['a user:ops b', 'a user:dropsy b']);
    expect(completed('user:tw^')).toEqual(['user:"Two Words"']);
    expect(completed('user:ops|r^')).toEqual(['user:ops|root', 'user:ops|"Two Words"', 'user:ops|dropsy']);
    expect(completed('user:"two^ w" b')).toEqual(['user:"Two Words" b']);
    expect(completed('user:"two words"^ b')).toEqual(['user:"Two Words" b']);
    expect(completed('user:"two^')).toEqual(['user:"Two Words"']);
    expect(completed('in:vi^')).toEqual(['in:visible']);
    expect(completed('near:^')).toEqual(['near:30s', 'near:5m', 'near:1h']);
  });

  it('offers nothing inside a phrase or an expression', () => {
    expect(completed('"us^"')).toEqual([]);
    expect(completed('"us^')).toEqual([]);
    expect(completed('/us/^')).toEqual([]);
  });
});
