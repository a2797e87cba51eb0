// The built command line as scripts use it: arguments, output, exit codes, on real libraries.

import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startEngine } from '../../../../engine/start-engine.ts';
import { cast } from '../../../../support/recordings.ts';

const ROOT = new URL('../../../../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'exhibit-cli-'));
const library = join(folder, 'library');
const passphraseFile = join(folder, 'passphrase');
const recording = join(folder, 'one.cast');
let id = '';

function exhibit(words: readonly string[], input?: string): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), ...words], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, EXHIBIT_LIBRARY: library, NO_COLOR: '1' },
    ...(input === undefined ? {} : { input }),
  });
}

const unlocked = (...words: readonly string[]): SpawnSyncReturns<string> =>
  exhibit([...words, '--passphrase-file', passphraseFile]);

function answer<T>(...words: readonly string[]): T {
  const { stdout, stderr, status } = unlocked(...words);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as T;
}

beforeAll(() => {
  const build = spawnSync(process.execPath, [join(ROOT, 'build/run.mjs'), 'build'], { encoding: 'utf8' });
  expect(build.stderr + build.stdout + String(build.status)).toMatch(/0$/);
  writeFileSync(passphraseFile, 'mossy lantern quarry\n');
  writeFileSync(
    recording,
    cast(
      [
        [1, 'o', '$ '],
        [2, 'i', 'ls\r'],
        [2.5, 'o', 'ls\r\nanswer.txt\r\n$ '],
        [4, 'm', 'a marker'],
        [5, 'r', '100x30'],
      ],
      { title: 'first \u001b[31mtitle', timestamp: 1_700_000_000 },
    ),
  );
  const [imported] = answer<{ session_ids: string[] }[]>('import', recording, '-o', 'json');
  id = imported!.session_ids[0]!;
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('exit codes', () => {
  it('are 2 for wrong usage, with the way to help', () => {
    for (const words of [
      ['nosuch'],
      ['sessions', 'list', '--nosuch'],
      ['sessions', 'show'],
      ['sessions', 'screen', id, '--at', 'noon'],
      ['import'],
    ]) {
      const { status, stderr, stdout } = unlocked(...words);
      expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
      expect(stderr).toMatch(/^exhibit: .+: .+/);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('are 1 for what failed: what, why, and what to do', () => {
    const { status, stderr } = unlocked('sessions', 'show', 'zzzzzz');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'exhibit: session zzzzzz: there is no such session in the library; `exhibit sessions list` shows them\n',
    });
    expect(exhibit(['sessions', 'list', '--passphrase-file', recording])).toMatchObject({ status: 1, stdout: '' });
    expect(exhibit(['sessions', 'list', '--library', join(folder, 'nowhere')])).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('are 1 for an import of which nothing is kept, and 0 where any part is', () => {
    const bad = join(folder, 'bad.cast');
    writeFileSync(bad, 'this is no recording\n');
    const refused = unlocked('import', bad, '-o', 'json');
    expect(refused.status).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject([
      { path: bad, session_ids: [], error: expect.stringContaining('bad.cast') as string },
    ]);
    const cut = join(folder, 'cut.cast');
    writeFileSync(cut, cast([[1, 'o', 'kept']]) + '[2, "o", "lo');
    const partly = unlocked('import', cut, '-o', 'json');
    expect(partly.status).toBe(0);
    expect(partly.stderr).toMatch(/cut\.cast.*line 3/);
    expect(JSON.parse(partly.stdout)).toMatchObject([
      { session_ids: [expect.any(String)], discrepancies: [{ kind: 'truncated' }], error: null },
    ]);
  });

  it('are 3 where a verification fails', () => {
    expect(unlocked('library', 'verify')).toMatchObject({ status: 0 });
    expect(unlocked('custody', 'verify')).toMatchObject({ status: 0 });
  });

  it('are 130 for what was interrupted, with a line that says so', async () => {
    const engine = await startEngine();
    onTestFinished(() => engine.close());
    engine.misbehave({ at: 'sessions', fault: { kind: 'silence' } });
    const added = ['sources', 'add', 'rstream', '--name', 's', '--engine', engine.url, '--token-stdin'];
    expect(exhibit([...added, '--passphrase-file', passphraseFile], engine.token)).toMatchObject({ status: 0 });
    const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), 'sync', 's', '--passphrase-file', passphraseFile], {
      env: { ...process.env, EXHIBIT_LIBRARY: library },
    });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    await vi.waitUntil(() => engine.requests.length > 0, 60_000);
    child.kill('SIGINT');
    const [status] = (await once(child, 'close')) as [number | null];
    expect({ status, stderr }).toEqual({
      status: 130,
      stderr: 'exhibit: sync s: it was interrupted; what is in the library stays: run it again to go on\n',
    });
    unlocked('sources', 'remove', 's');
  });
});

describe('a library', () => {
  it('that two make at once has one key, and opens again', async () => {
    const both = join(folder, 'both');
    const other = join(folder, 'other.cast');
    writeFileSync(other, cast([[1, 'o', 'the other']]));
    const codes = await Promise.all(
      [recording, other].map(async (path) => {
        const words = ['import', path, '--library', both, '--passphrase-file', passphraseFile];
        const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
        let stderr = '';
        child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
        const [status] = (await once(child, 'close')) as [number | null];
        return { status, stderr };
      }),
    );
    const kept = codes.filter(({ status }) => status === 0).length;
    expect(kept).toBeGreaterThan(0);
    for (const { status, stderr } of codes) if (status !== 0) expect(stderr).toMatch(/has it open|has a library already/);
    expect(answer<unknown[]>('sessions', 'list', '--library', both, '-o', 'json')).toHaveLength(kept);
  });

  it('of which a part is missing is neither opened nor made anew', () => {
    const torn = join(folder, 'torn');
    expect(unlocked('import', recording, '--library', torn)).toMatchObject({ status: 0 });
    for (const [part, why] of [
      ['vault.json', /vault\.json is missing/],
      ['library.db', /library\.db is missing/],
    ] as const) {
      renameSync(join(torn, part), join(folder, part));
      for (const words of [
        ['sessions', 'list'],
        ['import', recording],
      ]) {
        const { status, stderr } = unlocked(...words, '--library', torn);
        expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(why) as string });
      }
      expect(existsSync(join(torn, part))).toBe(false);
      renameSync(join(folder, part), join(torn, part));
    }
    expect(unlocked('sessions', 'list', '--library', torn)).toMatchObject({ status: 0 });
  });
});

describe('an export to a file', () => {
  it('is readable by its owner alone, also where a file was there before', () => {
    const file = join(folder, 'open.txt');
    writeFileSync(file, 'before');
    chmodSync(file, 0o644);
    expect(unlocked('sessions', 'export', id, '--file', file)).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('answer.txt');
  });

  it('says that the disk is full, or the folder missing, in a line', () => {
    for (const file of ['/dev/full', join(folder, 'no', 'such', 'folder.txt')]) {
      const { status, stderr } = unlocked('sessions', 'export', id, '--format', 'json', '--file', file);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^exhibit: write .*; check the space and the permissions there\n$/);
    }
    const words = ['sessions', 'list', '--library', library, '--passphrase-file', passphraseFile];
    const full = spawnSync('sh', ['-c', '"$@" > /dev/full', 'sh', process.execPath, join(ROOT, 'dist/cli.js'), ...words], {
      encoding: 'utf8',
    });
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/^exhibit: .*ENOSPC.*; check the space and the permissions there, and try again\n$/);
  });

  it('takes no option that its format does not heed', () => {
    for (const words of [
      ['sessions', 'export', id, '--format', 'asciicast-v2', '--include-stdin=false'],
      ['sessions', 'export', id, '--format', 'json', '--include-timestamps'],
      ['sessions', 'export', id, '-o', 'json'],
      ['sessions', 'export', id, '--from-seq', 'abc'],
      ['sessions', 'screen', id, '-o', 'csv'],
    ])
      expect(unlocked(...words)).toMatchObject({ status: 2, stdout: '' });
  });
});

it('what lies in a folder and is a recording that cannot be read is named, and the exit code says so', () => {
  const mixed = join(folder, 'mixed');
  mkdirSync(mixed);
  writeFileSync(join(mixed, 'notes.txt'), 'not a recording\n');
  writeFileSync(join(mixed, 'utf16.txt'), Buffer.from('\ufeffnotes of somebody\n', 'utf16le'));
  writeFileSync(join(mixed, 'good.cast'), cast([[1, 'o', 'good']]));
  writeFileSync(join(mixed, 'four.cast'), '{"version":4,"term":{"cols":80,"rows":24}}\n[1,"o","x"]\n');
  writeFileSync(join(mixed, 'wide.cast'), Buffer.from(`\ufeff${cast([[1, 'o', 'wide']])}`, 'utf16le'));
  const { status, stdout, stderr } = unlocked('import', mixed, '-o', 'json');
  expect(status).toBe(1);
  expect(stderr).toMatch(/four\.cast.*version 4/);
  expect(stderr).toMatch(/wide\.cast.*UTF-16/);
  expect(stderr).toMatch(/2 other files in these folders are no recordings/);
  const told = (JSON.parse(stdout) as { path: string }[]).map(({ path }) => path.split('/').at(-1));
  expect(new Set(told)).toEqual(new Set(['four.cast', 'good.cast', 'wide.cast']));
});

describe('shapes that scripts rely on', () => {
  it('of an import', () => {
    const [again] = answer<Record<string, unknown>[]>('import', recording, '-o', 'json');
    expect(again).toMatchObject({ path: recording, session_ids: [id], format: 'asciicast-v2', discrepancies: [], error: null });
  });

  it('of a list and of one session', () => {
    const list = answer<{ id: string }[]>('sessions', 'list', '-o', 'json');
    expect(list.map((session) => session.id)).toContain(id);
    const shown = answer<Record<string, unknown>>('sessions', 'show', id, '-o', 'json');
    expect(shown).toMatchObject({
      id,
      discrepancies: [],
      lock: { state: 'open' },
      started_at: '2023-11-14T22:13:20.000000Z',
      duration: 5,
    });
    expect(shown['proof']).toHaveLength(6);
  });

  it('of a screen', () => {
    const screen = answer<Record<string, unknown>>('sessions', 'screen', id, '--at', '2.5', '--format', 'json');
    expect(screen).toMatchObject({
      at: 2.5,
      seq: '3',
      size: { cols: 80, rows: 24 },
      cursor: { row: 2, col: 2 },
      alternate: false,
    });
    expect((screen['screen'] as string[]).slice(0, 3)).toEqual(['$ ls', 'answer.txt', '$']);
    expect(screen['screen']).toHaveLength(24);
  });

  it('of a search', () => {
    const found = answer<{ total: number; hits: Record<string, unknown>[] }>(
      'search',
      'answer.txt',
      '--in',
      'visible',
      '-o',
      'json',
    );
    expect(found.total).toBe(1);
    expect(found.hits[0]).toMatchObject({ session_id: id, from: 2.5, to: 5, in: 'visible', text: 'answer.txt', row: 1, col: 0 });
  });

  it('of every list, as table, JSON, CSV and YAML', () => {
    for (const words of [
      ['sessions', 'list'],
      ['sessions', 'events', id],
      ['sessions', 'commands', id],
      ['sessions', 'participants', id],
      ['custody', 'list'],
      ['library', 'stats'],
    ]) {
      for (const form of ['table', 'json', 'csv', 'yaml']) {
        const { status, stdout } = unlocked(...words, '-o', form);
        expect({ words, form, status }).toEqual({ words, form, status: 0 });
        expect(stdout.endsWith('\n')).toBe(true);
      }
    }
  });
});

describe('a source', () => {
  it('takes its token from standard input and shows it nowhere', () => {
    const add = ['sources', 'add', 'rstream', '--name', 'trial', '--engine', 'engine.example.net', '--token-stdin'];
    const added = exhibit([...add, '--passphrase-file', passphraseFile, '-o', 'json'], 'a-token-of-a-source\n');
    expect({ status: added.status, stderr: added.stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(added.stdout)).toMatchObject({ engine: 'https://engine.example.net', token: { present: true } });
    for (const form of ['table', 'json', 'csv', 'yaml']) {
      const { status, stdout } = unlocked('sources', 'list', '-o', form);
      expect(status).toBe(0);
      expect(stdout).toContain('trial');
      expect(added.stdout + stdout).not.toContain('a-token-of-a-source');
    }
    expect(unlocked('sources', 'remove', 'trial')).toMatchObject({ status: 0, stdout: '' });
  });
});

describe('a moment', () => {
  it.each([
    ['2.5', '3'],
    ['00:00:02.5', '3'],
    ['0:2.4', '2'],
    ['#2', '2'],
    ['2023-11-14T22:13:22Z', '2'],
    ['2023-11-15T00:13:24+02:00', '4'],
    ['end', '5'],
  ])('is taken as people write it: %s', (at, seq) => {
    expect(answer('sessions', 'screen', id, '--at', at, '--format', 'json')).toMatchObject({ seq });
  });
});

describe('an export', () => {
  it('goes to standard output, or to a file that only its owner reads', () => {
    const { stdout } = unlocked('sessions', 'export', id, '--format', 'asciicast-v2');
    expect(JSON.parse(stdout.split('\n', 1)[0]!)).toMatchObject({ version: 2, width: 80, height: 24 });
    const file = join(folder, 'out.cast');
    expect(unlocked('sessions', 'export', id, '--format', 'asciicast-v2', '--file', file)).toMatchObject({
      status: 0,
      stdout: '',
    });
    expect(readFileSync(file, 'utf8')).toBe(stdout);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('takes its switches with and without =true and =false', () => {
    const log = (...words: readonly string[]): string => unlocked('sessions', 'export', id, ...words).stdout;
    expect(log()).toBe('$ ls\nanswer.txt\n$ ');
    expect(log('--include-resize-markers=true')).toContain('[webtty] terminal resized to 100x30');
    expect(log('--include-stdout=false')).not.toContain('answer');
    expect(log('--include-timestamps')).toContain('[stdout]');
  });

  it('as a picture is SVG or PNG', () => {
    expect(unlocked('sessions', 'screen', id, '--at', '3', '--format', 'svg').stdout).toMatch(/^<svg .*answer/s);
    const file = join(folder, 'screen.png');
    expect(unlocked('sessions', 'screen', id, '--at', '3', '--format', 'png', '--file', file)).toMatchObject({ status: 0 });
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('what a recording says', () => {
  it('never reaches the terminal as anything but text', () => {
    for (const form of ['table', 'csv']) {
      const { stdout } = unlocked('sessions', 'list', '-o', form);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).toContain('first \\u{1b}[31mtitle');
    }
  });
});

describe('long work', () => {
  it('tells scripts of its progress in JSON lines on standard error', () => {
    const { stderr } = unlocked('library', 'verify', '--progress', 'json');
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ kind: 'verify', state: 'done' });
  });
});

describe('help', () => {
  it('of every command has examples that begin with its name', () => {
    const { stdout } = exhibit(['--help']);
    const commands = [...stdout.matchAll(/^ {2}((?:[a-z][a-z-]* )+)/gm)]
      .map(([, words]) => words!.trim())
      .filter((words) => !words.startsWith('exhibit'));
    expect(commands.length).toBeGreaterThan(15);
    for (const words of new Set(commands)) {
      const help = exhibit([...words.split(' '), '--help']);
      expect(help.stdout).toMatch(new RegExp(`Examples\\n {2}exhibit ${words}`));
    }
  });

  it('of a word that begins several commands lists those', () => {
    const help = exhibit(['custody', '--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('  custody verify ');
    expect(help.stdout).not.toContain('  cases ');
    expect(exhibit(['custody'])).toMatchObject({ status: 2, stdout: help.stdout });
    expect(exhibit(['custody', 'burn'])).toMatchObject({
      status: 2,
      stderr: 'exhibit: custody burn: there is no such command; `exhibit custody --help` lists them\n',
    });
  });

  it('takes options of every command before its name too', () => {
    const list = unlocked('sessions', 'list', '--output', 'json');
    expect(list.status).toBe(0);
    const before = ['--library', library, '--passphrase-file', passphraseFile];
    expect(exhibit([...before, '-o', 'json', '--progress=none', 'sessions', 'list']).stdout).toBe(list.stdout);
    expect(exhibit([...before, '--output', 'table', 'sessions', 'list', '-o', 'json']).stdout).toBe(list.stdout);
    expect(exhibit(['--output', 'json', '--help']).stdout).toBe(exhibit(['--help']).stdout);
    expect(exhibit(['--limit', '3', 'sessions', 'list'])).toMatchObject({
      status: 2,
      stderr: 'exhibit: arguments: --limit does not stand before a command; see `exhibit --help`\n',
    });
    expect(exhibit(['--output', 'xml', 'sessions', 'list'])).toMatchObject({ status: 2 });
  });

  it('gives completion scripts that the shell takes', () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout, status } = exhibit(['completion', shell]);
      expect(status).toBe(0);
      expect(stdout).toContain('sessions');
      if (shell === 'bash') expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' }).stderr).toBe('');
    }
  });

  it('tells the version', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(exhibit(['--version']).stdout).toBe(`${version}\n`);
  });
});
