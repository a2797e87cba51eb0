// What a redaction withholds stands in no byte of a bundle, whatever it is that would tell it: files that several recordings came in,
// records without an event, commands, quotations, names of files, messages, tags, the custody log.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RedactionRule } from '../../../../shared/api/case-shapes.ts';
import { FIXTURES, scene, unpacked, type Scene } from '../../../support/bundle-scene.ts';
import { cast } from '../../../support/recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { tlogMessage } from '../../../support/tlog.ts';

function written(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Names of the files of a redacted bundle in whose content or name a text stands. */
async function whereStands(
  text: string,
  { api, case: id, make, path }: Scene,
  rules: readonly (readonly [RedactionRule, string?])[],
): Promise<string[]> {
  for (const [rule, session] of rules)
    await api.call('redactions.add', { case: id, rule, reason: 'a third party', ...(session === undefined ? {} : { session }) });
  const { verdict } = await make('redacted.zip', { redacted: true });
  expect(verdict).toBe('TRUSTED');
  const files = await unpacked(path('redacted.zip'));
  return [...files].flatMap(([name, bytes]) => (name.includes(text) || bytes.includes(text) ? [name] : []));
}

const message = (rec: string, id: number, input: string, output: string): string =>
  `${JSON.stringify(tlogMessage(id, `<${String(input.length)}>${String(output.length)}`, output, { rec, in_txt: input }))}\n`;

test('the file of several recordings is not shown where something of one of them is withheld, and no digest of it', async () => {
  const both = message('a', 1, 'Gorilla88', 'login: ok') + message('b', 1, '', 'hello');
  const made = await scene([written('two.tlog', both)]);
  const [first, second] = made.sessions;
  const found = await whereStands('Gorilla88', made, [[{ kind: 'stream', stream: 'stdin' }, first!]]);
  expect(found).toEqual([]);
  const files = await unpacked(made.path('redacted.zip'));
  const digest = createHash('sha256').update(both).digest('hex');
  for (const [name, bytes] of files) {
    expect(bytes.includes(digest), name).toBe(false);
    expect(bytes.includes(second!), name).toBe(false);
  }
  await made.core.close();
});

test('nor where one of them is not in the case, and nobody looked at it', async () => {
  const made = await scene([written('two.tlog', message('a', 1, '', 'Gorilla88') + message('b', 1, '', 'hello'))]);
  const { api, case: id } = made;
  const [exhibit] = (await api.call('cases.show', { case: id })).exhibitList;
  await api.call('cases.withdrawExhibit', { case: id, exhibit: exhibit!.number, reason: 'another matter' });
  expect(await whereStands('Gorilla88', made, [[{ kind: 'text', text: 'Gorilla88', matchCase: true }]])).toEqual([]);
  await made.core.close();
});

test('a repeated message and a line that cannot be read are withheld with their stream and their time', async () => {
  const typed = message('a', 1, 'Gorilla88', 'login: ');
  const repeated = await scene([written('again.tlog', typed + message('a', 2, '', 'ok') + typed)]);
  expect(await whereStands('Gorilla88', repeated, [[{ kind: 'stream', stream: 'stdin' }, repeated.sessions[0]!]])).toEqual([]);
  await repeated.core.close();
  const lines = '{"version":2,"width":80,"height":24}\n[1,"o","a"]\n["Gorilla88","o","b"]\n[2,"r","Gorilla88"]\n[3,"o","c"]\n';
  const broken = await scene([written('broken.cast', lines)]);
  expect(
    await whereStands('Gorilla88', broken, [[{ kind: 'range', fromUs: 900_000, toUs: 2_500_000 }, broken.sessions[0]!]]),
  ).toEqual([]);
  await broken.core.close();
});

const mark = (text: string): string => `\u001b]133;${text}\u0007`;
const COMMAND = cast([
  [0.5, 'o', `${mark('A')}$ ${mark('B')}`],
  [1, 'o', 'mysql -pOrangutan77x'],
  [2.5, 'o', `\r\n${mark('C')}ERROR\r\n${mark('D;1')}${mark('A')}$ ${mark('B')}`],
  [3, 'o', 'ls'],
  [4, 'o', `\r\n${mark('C')}lib\r\n${mark('D;0')}`],
]);

test.each<readonly [string, RedactionRule]>([
  ['a range', { kind: 'range', fromUs: 900_000, toUs: 2_200_000 }],
  ['a region', { kind: 'region', region: { row: 0, col: 0, rows: 1, cols: 80 }, fromUs: 1_900_000, toUs: 2_200_000 }],
  ['a pattern with what stands about it', { kind: 'pattern', pattern: '\\$ mysql.*', flags: '' }],
])('commands and quotations are those of what is left: %s', async (_name, rule) => {
  const made = await scene([written('command.cast', COMMAND)]);
  const { api, case: id, sessions } = made;
  const from = { kind: 'offset' as const, atUs: 2_100_000 };
  const body = { title: 'a login' };
  await api.call('annotations.add', { session: sessions[0]!, case: id, from, text: 'Orangutan77x', body });
  const at = { kind: 'offset' as const, atUs: 3_500_000 };
  await api.call('annotations.add', { session: sessions[0]!, case: id, from: at, text: 'ls', body });
  expect(await whereStands('Orangutan77x', made, [[rule, sessions[0]!]])).toEqual([]);
  const files = await unpacked(made.path('redacted.zip'));
  const { annotations } = JSON.parse(files.get('data/annotations.json')!.toString()) as {
    annotations: readonly { anchor: { text: string | null } }[];
  };
  expect(annotations.map(({ anchor }) => anchor.text)).toEqual([null, 'ls']);
  expect(files.get('data/report.html')!.toString()).toContain('<bdi>ls</bdi>');
  await made.core.close();
});

test('names of files, and tags in the form in which they are kept', async () => {
  const named = written('client 123-45-6789 Zanzibar Quokka.cast', cast([[1, 'o', 'nothing here']]));
  const said = written('said.cast', cast([[1, 'o', 'her number is 123-45-6789, Zanzibar Quokka']]));
  const made = await scene([named, said]);
  const { api, case: id, sessions } = made;
  const from = { kind: 'offset' as const, atUs: 1_000_000 };
  await api.call('annotations.add', {
    session: sessions[1]!,
    case: id,
    from,
    body: { title: 'a name', tags: ['Zanzibar Quokka'] },
  });
  const rules = [
    [{ kind: 'pattern', pattern: '\\d{3}-\\d{2}-\\d{4}', flags: '' }],
    [{ kind: 'text', text: 'Zanzibar Quokka', matchCase: true }],
  ] as const;
  expect(await whereStands('123-45-6789', made, rules)).toEqual([]);
  const files = await unpacked(made.path('redacted.zip'));
  for (const text of ['zanzibar quokka', 'Zanzibar-Quokka'])
    expect(
      [...files].filter(([name, bytes]) => name.includes(text) || bytes.includes(text)),
      text,
    ).toEqual([]);
  await made.core.close();
});

test('where recordings lay on the machine that imported them stays in its library, other than below what was named', async () => {
  const home = join(temporaryFolder(), 'home-of-ana');
  const below = join(home, 'recordings', 'host-1');
  mkdirSync(below, { recursive: true });
  const other = join(home, 'other');
  mkdirSync(other);
  writeFileSync(join(below, 'one.cast'), cast([[1, 'o', 'one']]));
  writeFileSync(join(below, 'packed.cast.gz'), gzipSync(cast([[1, 'o', 'packed']])).subarray(0, -4));
  writeFileSync(join(other, 'two.cast'), cast([[1, 'o', 'two']]));
  for (const name of ['script-classic.typescript', 'script-classic.timing'])
    copyFileSync(join(FIXTURES, name), join(other, name));
  const archived = spawnSync('tar', ['-C', home, '-czf', join(other, 'box.tar.gz'), 'other/two.cast']);
  expect(archived.status).toBe(0);
  writeFileSync(join(other, 'two.cast'), cast([[1, 'o', 'another two']]));
  const named = ['two.cast', 'script-classic.typescript', 'box.tar.gz'].map((name) => join(other, name));
  const made = await scene([join(home, 'recordings'), ...named]);
  await made.make('made.zip');
  const files = await unpacked(made.path('made.zip'));
  expect([...files].filter(([name, bytes]) => name.includes('home-of-ana') || bytes.includes('home-of-ana'))).toEqual([]);
  const parts = [...files].flatMap(([name, bytes]) =>
    name.endsWith('/acquisition.json')
      ? (JSON.parse(bytes.toString('utf8')) as { parts: { name: string }[] }).parts.map((part) => part.name)
      : [],
  );
  expect(new Set(parts)).toEqual(
    new Set([
      'recordings/host-1/one.cast',
      'recordings/host-1/packed.cast.gz',
      'two.cast',
      'script-classic.typescript',
      'script-classic.timing',
      'box.tar.gz/other/two.cast',
    ]),
  );
  await made.core.close();
});

test('keys that came with their numbers are withheld with their releases', async () => {
  const keys = Array.from('Gorilla88', (character) => {
    const code = String(character.charCodeAt(0));
    return `\u001b[${code}u\u001b[${code};1:3u`;
  });
  const steps = keys.map((key, i) => [1 + i / 10, 'i', key] as const);
  const made = await scene([written('keys.cast', cast([[0.5, 'o', 'login: '], ...steps, [3, 'i', 'ls\r']]))]);
  expect(await whereStands(keys.join(''), made, [[{ kind: 'text', text: 'Gorilla88', matchCase: true }]])).toEqual([]);
  const files = await unpacked(made.path('redacted.zip'));
  for (const [name, bytes] of files)
    expect(/\[(?:71|111|114|105|108|97|56)(?:;1:3)?u/.exec(bytes.toString('latin1')), name).toBeNull();
  await made.core.close();
});

test('what was looked for in the whole library is another matter', async () => {
  const made = await scene([written('plain.cast', cast([[1, 'o', 'hello']]))]);
  await made.api.call('search.run', { query: 'informant' });
  await made.make('after.zip');
  await made.api.call('annotations.add', {
    session: made.sessions[0]!,
    case: made.case,
    from: { kind: 'offset', atUs: 1_000_000 },
    body: { title: 'one' },
  });
  await made.make('whole.zip');
  const files = await unpacked(made.path('whole.zip'));
  expect([...files].filter(([, bytes]) => bytes.includes('informant')).map(([name]) => name)).toEqual([]);
  await made.core.close();
});

test('a bundle without plaintext calls no recording what it calls itself', async () => {
  const made = await scene([written('titled.cast', cast([[1, 'o', 'hello']], { title: 'su -c Gorilla88' }))]);
  await made.make('sealed.zip', { plaintext: false });
  const files = await unpacked(made.path('sealed.zip'));
  expect([...files].filter(([, bytes]) => bytes.includes('Gorilla88')).map(([name]) => name)).toEqual([]);
  await made.core.close();
});
