// exhibit sources …, over the real core and the recordings server.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { SOURCE_COMMANDS } from '../../../../../electron/shells/cli/source-commands.ts';
import type { Engine } from '../../../../engine/start-engine.ts';
import { runCommand, type Ran } from '../../../../support/commands.ts';
import { openTestCore, type TestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';
import { engineOf } from '../../../engine/client.ts';
import { sampleRecording } from '../../../engine/sample.ts';

let core: TestCore;
let engine: Engine;
let folder: string;
let tokenFile: string;

beforeEach(async () => {
  folder = temporaryFolder();
  engine = await engineOf({ recordings: [sampleRecording('s', { sealing: 'managed' })] });
  core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${engine.token}\n`);
});

const exhibit = (...words: readonly string[]): Promise<Ran> => runCommand(core, SOURCE_COMMANDS, words);

const addTrial = (): Promise<Ran> =>
  exhibit(
    'sources',
    'add',
    'rstream',
    '--name',
    'trial',
    '--engine',
    engine.url,
    '--api-url',
    engine.url,
    '--token-file',
    tokenFile,
  );

describe('sources', () => {
  it('are added with a token from a file, listed in every form, and removed', async () => {
    expect(await addTrial()).toMatchObject({ failure: null, err: '' });
    const { out } = await exhibit('sources', 'list', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject([
      {
        name: 'trial',
        kind: 'rstream',
        engine: engine.url,
        api_url: engine.url,
        token: { present: true, expires_at: null },
        last_sync: null,
      },
    ]);
    for (const form of ['table', 'csv', 'yaml']) {
      const listed = await exhibit('sources', 'list', '-o', form);
      expect(listed.out).toContain('trial');
      expect(listed.out).not.toContain(engine.token);
    }
    expect(await exhibit('sources', 'remove', 'trial')).toMatchObject({ failure: null, out: '' });
    expect(JSON.parse((await exhibit('sources', 'list', '-o', 'json')).out)).toEqual([]);
  });

  it('are given another token, which is never an argument', async () => {
    const right = engine.token;
    writeFileSync(tokenFile, 'withdrawn');
    await addTrial();
    expect((await exhibit('sources', 'test', 'trial')).failure).toMatchObject({ kind: 'permission' });
    writeFileSync(tokenFile, `${right}\n`);
    const { failure, out } = await exhibit('sources', 'set-token', 'trial', '--token-file', tokenFile, '-o', 'json');
    expect(failure).toBeNull();
    expect(JSON.parse(out)).toMatchObject({ name: 'trial', token: { present: true } });
    expect(out).not.toContain(right);
    expect((await exhibit('sources', 'test', 'trial')).failure).toBeNull();
    expect((await exhibit('sources', 'set-token', 'other', '--token-file', tokenFile)).failure).toMatchObject({
      kind: 'not-found',
    });
  });

  it.each([
    [['--token-stdin', '--token-file', 'f'], /exclude each other/],
    [['--token-stdin', '--passphrase-file', '-'], /cannot both come from standard input/],
  ])('are given no token with %j', async (words, message) => {
    const { failure } = await exhibit('sources', 'set-token', 'trial', ...words);
    expect(failure).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(message) as string,
      todo: 'see `exhibit sources set-token --help`',
    });
  });

  it('are tried: who the token is and what it may do', async () => {
    await addTrial();
    const { out, failure } = await exhibit('sources', 'test', 'trial');
    expect(failure).toBeNull();
    expect(out).toMatch(/^address +http:\/\/127/m);
    expect(out).toMatch(/^identity +usr_sample, Sample, user$/m);
    expect(out).toMatch(/^clock +-?\d+\.\d s from this machine's$/m);
    expect(out).toMatch(/^logs_read +yes +recorded bytes were given +webtty\.logs\.read-only$/m);
    const json = JSON.parse((await exhibit('sources', 'test', 'trial', '-o', 'json')).out) as { capabilities: unknown };
    expect(json.capabilities).toMatchObject({ recording: true });
  });

  it('come from the settings of rstream with a context', async () => {
    const rstream = join(folder, 'library-home', '.rstream');
    mkdirSync(rstream, { recursive: true });
    const auth = `auth: { token: { storage: { kind: inline, value: "${engine.token}" } } }`;
    writeFileSync(join(rstream, 'config.yaml'), `contexts: [ { name: a, engine: "${engine.url}", ${auth} } ]`, { mode: 0o600 });
    const added = await exhibit(
      'sources',
      'add',
      'rstream',
      '--name',
      'x',
      '--from-rstream-config',
      '--context',
      'a',
      '-o',
      'json',
    );
    expect(JSON.parse(added.out)).toMatchObject({ name: 'x', engine: engine.url, api_url: null });
    const other = await exhibit('sources', 'add', 'rstream', '--name', 'y', '--from-rstream-config', '--context', 'b');
    expect(other.failure).toMatchObject({ kind: 'refused', why: 'there is no context b' });
  });

  it.each([
    [['--engine', 'e.example.net'], /--name is missing/],
    [['--name', 'x'], /--engine is missing/],
    [['--name', 'x', '--engine', 'e.example.net', '--token-stdin', '--token-file', 'f'], /exclude each other/],
    [['--name', 'x', '--engine', 'e.example.net', '--from-rstream-config'], /leave out --engine/],
    [['--name', 'x', '--engine', 'e.example.net', '--context', 'c'], /--context goes with/],
    [
      ['--name', 'x', '--engine', 'e.example.net', '--token-stdin', '--passphrase-file', '-'],
      /cannot both come from standard input/,
    ],
    [['--name', 'a/b', '--engine', 'e.example.net', '--token-file', 'TOKEN'], /letters, digits/],
  ])('are not added with %j', async (words, message) => {
    const given = words.map((word) => (word === 'TOKEN' ? tokenFile : word));
    const { failure } = await exhibit('sources', 'add', 'rstream', ...given);
    expect(failure).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) as string });
  });

  it('say where a token could not be read', async () => {
    const add = ['sources', 'add', 'rstream', '--name', 'x', '--engine', 'e.example.net', '--token-file'];
    expect((await exhibit(...add, join(folder, 'nowhere'))).failure).toMatchObject({ kind: 'disk' });
    writeFileSync(tokenFile, '\n');
    expect((await exhibit(...add, tokenFile)).failure).toMatchObject({ kind: 'usage', why: `${tokenFile} is empty` });
  });
});
