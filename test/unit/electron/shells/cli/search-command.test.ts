// exhibit search, over the real core.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { SEARCH_COMMAND } from '../../../../../electron/shells/cli/search-command.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore, type TestCore } from '../../../../support/core.ts';
import { cast } from '../../../../support/recordings.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

let core: TestCore;

const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, [SEARCH_COMMAND], ['search', ...words]);

beforeEach(async () => {
  const folder = temporaryFolder();
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const events = [
    [1, 'o', 'user@host:~$ '],
    [2, 'i', 'drop table\r'],
    [2.1, 'o', 'drop table\r\nDropped 12 rows\r\nuser@host:~$ '],
    [9, 'o', '\u001b[2J'],
  ] as const;
  const paths = ['one', 'two'].map((name, i) => {
    const path = join(folder, `${name}.cast`);
    writeFileSync(path, cast(events, { title: name, timestamp: 1_700_000_000 + i }));
    return path;
  });
  await core.import([paths[0]!], 'east');
  await core.import([paths[1]!], 'west');
});

it('takes the language of the window, and tells hits, counts, facets and what lies over time', async () => {
  const { out, failure } = await exhibit('"drop table" source:west in:printed|typed|command', '-o', 'json');
  expect(failure).toBe(null);
  const answer = JSON.parse(out) as Record<string, unknown>;
  expect(answer).toMatchObject({
    total: 3,
    hits: [{ in: 'typed', from: 2 }, { in: 'command' }, { in: 'printed', from: 2.1, text: 'user@host:~$ drop table' }],
    sessions: [{ hits: 3 }],
    facets: [{ name: 'user' }, { name: 'server' }, { name: 'source', values: [{ value: 'west', hits: 3, sessions: 1 }] }, {}, {}],
    not_searched: [],
  });
});

it('has the flags that it had: an expression, kinds of text, filters, a limit', async () => {
  const total = async (...words: readonly string[]): Promise<unknown> =>
    (JSON.parse((await exhibit(...words, '-o', 'json')).out) as { readonly total: unknown }).total;
  expect(await total('--regex', 'dropp?ed \\d+', '--in', 'visible')).toBe(2);
  expect(await total('dropped', '--in', 'printed', '--source', 'east')).toBe(1);
  expect(await total('/dropped/', '--in', 'printed')).toBe(0);
  const { out, err } = await exhibit('dropped', '--in', 'printed', '--limit', '1');
  expect(out.trimEnd().split('\n')).toHaveLength(2);
  expect(err).toContain('exhibit: 2 hits, the first 1 shown');
});

it('tells how the hits lie over users, servers and sources instead', async () => {
  const { out } = await exhibit('dropped', '--in', 'printed', '--facets', '-o', 'csv');
  expect(
    out
      .split('\r\n')
      .filter((line) => /^(field|source)/.test(line))
      .toSorted(),
  ).toEqual(['field,value,hits,sessions', 'source,east,1,1', 'source,west,1,1']);
});

it('shows what is wrong under the query, at its place', async () => {
  const { failure, err } = await exhibit('drop usr:ops (table');
  expect(failure).toMatchObject({ kind: 'usage', why: 'there is no field usr: (at "usr:")' });
  expect(err.split('\n').slice(0, 2)).toEqual(['  drop usr:ops (table', '       ^^^^']);
});

it.each([
  ['', 'there is nothing to look for'],
  ['  ', 'there is nothing to look for'],
  ['a'.repeat(2001), 'a query has at most 2000 characters'],
])('refuses a query that is empty or too long in words of the field', async (query, why) => {
  expect((await exhibit(query)).failure).toMatchObject({ kind: 'usage', what: 'search', why });
});

it('says in one line how a value that begins with a minus is given', async () => {
  const { failure } = await exhibit('alpha', '--session', '-x');
  expect(failure).toMatchObject({
    kind: 'usage',
    why: '--session takes a value; one that begins with a dash is written --session=-…',
  });
});
