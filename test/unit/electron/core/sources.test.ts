// Sources through the contract, against the recordings server: added, tried, listed, removed; where their tokens are and are not.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openVault } from '../../../../electron/vault/vault.ts';
import type { Api } from '../../../../shared/api/contract.ts';
import { openTestCore, PASSPHRASE } from '../../../support/core.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import type { Token } from '../../../engine/endpoint.ts';
import { LOGS_READ, SESSIONS_READ, SESSIONS_WRITE } from '../../../engine/engine-api.ts';
import type { Engine } from '../../../engine/start-engine.ts';
import { engineOf } from '../../engine/client.ts';
import { sampleRecording } from '../../engine/sample.ts';

const TOKENS: readonly Token[] = [
  { token: 'token-for-everything', permissions: [SESSIONS_WRITE, LOGS_READ] },
  { token: 'token-for-sessions', permissions: [SESSIONS_READ] },
  { token: 'token-for-nothing', permissions: [] },
];

const jwt = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

let api: Api;
let engine: Engine;
let folder: string;

beforeEach(async () => {
  folder = join(temporaryFolder(), 'library');
  engine = await engineOf({ recordings: [sampleRecording('s', { sealing: 'managed' })], tokens: TOKENS });
  const core = await openTestCore(folder);
  onTestFinished(() => core.close());
  api = core.api;
});

const add = (name: string, token = TOKENS[0]!.token, apiUrl: string | null = engine.url): Promise<unknown> =>
  api.call('sources.add', { name, kind: 'rstream', engine: engine.url, token, ...(apiUrl === null ? {} : { apiUrl }) });

const abilities = async (name: string): Promise<unknown> =>
  Object.fromEntries(
    (await api.call('sources.test', { name })).abilities.map(({ operation, allowed, why }) => [operation, `${allowed}: ${why}`]),
  );

/** Every byte in a folder. */
function bytesIn(place: string): Buffer {
  return Buffer.concat(
    readdirSync(place, { recursive: true, encoding: 'utf8' })
      .map((name) => join(place, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => readFileSync(path)),
  );
}

describe('a source', () => {
  it('is added and listed without its token, which outlives a lock and is nowhere on disk', async () => {
    const token = jwt({ exp: 1_900_000_000 });
    await add('prod', `  ${token}\n`);
    const listed = {
      name: 'prod',
      kind: 'rstream',
      engine: engine.url,
      apiUrl: engine.url,
      paths: {},
      addedAt: expect.any(String) as string,
      token: { present: true, expiresAt: '2030-03-17T17:46:40.000Z' },
      sessions: 0,
      lastSync: null,
    };
    expect(await api.call('sources.list', null)).toEqual([listed]);
    await api.call('vault.lock', null);
    await expect(api.call('sources.list', null)).rejects.toMatchObject({ kind: 'locked' });
    expect(bytesIn(folder).includes(token)).toBe(false);
    await api.call('vault.unlock', { passphrase: PASSPHRASE });
    expect(await api.call('sources.list', null)).toEqual([listed]);
  });

  it('cannot be added twice, and the first one keeps its token', async () => {
    await add('prod');
    await expect(add('prod', 'another')).rejects.toMatchObject({ kind: 'refused' });
    await expect(add('PROD', 'another')).rejects.toMatchObject({ kind: 'refused' });
    expect(await abilities('prod')).toMatchObject({ sessions_read: expect.stringContaining('yes') as string });
  });

  it.each([
    [{ engine: 'http://engine.example.net' }, 'usage', /without TLS/],
    [{ engine: 'https://engine.example.net/path' }, 'usage', /must end after the port/],
    [{ apiUrl: 'ftp://x' }, 'usage', /only https/],
    [{ token: 'two words' }, 'usage', /this is no token/],
    [{ token: 'a\r\nx-other: b' }, 'usage', /this is no token/],
    [{ token: jwt({ exp: 1_700_000_000 }) }, 'permission', /its token ended at 2023/],
  ])('is not added with %o', async (wrong, kind, message) => {
    const adding = api.call('sources.add', { name: 'x', kind: 'rstream', engine: 'e.example.net', token: 't', ...wrong });
    await expect(adding).rejects.toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect(await api.call('sources.list', null)).toEqual([]);
  });

  it('takes another token in place of its own, by whatever case its name is written in', async () => {
    await add('prod', 'token-that-was-withdrawn');
    await expect(api.call('sources.test', { name: 'prod' })).rejects.toMatchObject({
      kind: 'permission',
      todo: expect.stringContaining('exhibit sources set-token') as string,
    });
    expect(await api.call('sources.setToken', { name: 'PROD', token: ` ${TOKENS[0]!.token}\n` })).toMatchObject({
      name: 'prod',
      token: { present: true, expiresAt: null },
    });
    expect(await abilities('prod')).toMatchObject({ logs_read: expect.stringMatching(/^yes/) as string });
    expect(await api.call('sources.list', null)).toHaveLength(1);
    expect(bytesIn(folder).includes(TOKENS[0]!.token)).toBe(false);
  });

  it.each([
    ['prod', 'two words', 'usage', /this is no token/],
    ['prod', jwt({ exp: 1_700_000_000 }), 'permission', /its token ended at 2023/],
    ['nowhere', 'another', 'not-found', /there is no such source/],
  ])('keeps its token where %s is given %j', async (name, token, kind, message) => {
    await add('prod');
    const setting = api.call('sources.setToken', { name, token });
    await expect(setting).rejects.toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect(await abilities('prod')).toMatchObject({ logs_read: expect.stringMatching(/^yes/) as string });
  });

  it('names the workspaces that its token belongs to', async () => {
    await add('prod');
    const [place] = await api.call('sources.workspaces', { name: 'prod' });
    expect(place).toEqual({ id: place!.id, name: place!.id, type: 'enterprise' });
    const text = JSON.stringify({
      workspaces: [{ id: 'ws_1' }, { name: 'without an id' }, { id: 'ws_2', name: 7, type: 'personal' }],
    });
    engine.misbehave({ at: 'workspaces', fault: { kind: 'body', text } });
    expect(await api.call('sources.workspaces', { name: 'prod' })).toEqual([
      { id: 'ws_1', name: null, type: null },
      { id: 'ws_2', name: null, type: 'personal' },
    ]);
  });

  it('says why its workspaces cannot be had', async () => {
    await add('alone', TOKENS[0]!.token, null);
    await expect(api.call('sources.workspaces', { name: 'alone' })).rejects.toMatchObject({
      why: 'the source has no address of a control plane',
    });
    await expect(api.call('sources.workspaces', { name: 'nowhere' })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is removed with its token', async () => {
    await add('prod');
    await api.call('sources.remove', { name: 'Prod' });
    expect(await api.call('sources.list', null)).toEqual([]);
    await expect(api.call('sources.remove', { name: 'prod' })).rejects.toMatchObject({ kind: 'not-found' });
    const vault = openVault(folder);
    await vault.unlock(PASSPHRASE);
    expect(await vault.sourceToken('prod')).toBeNull();
  });

  it('is told of to whoever listens', async () => {
    let told = 0;
    api.on('sources', () => (told += 1));
    await add('prod');
    await api.call('sources.setToken', { name: 'prod', token: 'another' });
    await api.call('sources.remove', { name: 'prod' });
    expect(told).toBe(3);
  });
});

describe('a test of a source', () => {
  it('says who the token is, what it may do, and how far the clocks are apart', async () => {
    await add('prod');
    const answer = await api.call('sources.test', { name: 'prod' });
    expect(answer).toMatchObject({
      engine: engine.url,
      identity: { id: 'usr_sample', name: 'Sample', role: 'user' },
      abilities: [
        { operation: 'sessions_read', needs: [SESSIONS_READ, SESSIONS_WRITE, LOGS_READ], allowed: 'yes' },
        { operation: 'logs_read', needs: [LOGS_READ], allowed: 'yes', why: 'recorded bytes were given' },
      ],
    });
    expect(JSON.parse(answer.capabilities)).toMatchObject({ recording: true, e2e: true });
    expect(Number.isFinite(answer.clockOffsetMs)).toBe(true);
  });

  it('tells a token that may not read logs', async () => {
    await add('prod', 'token-for-sessions');
    expect(await abilities('prod')).toEqual({
      sessions_read: 'yes: a list of sessions was given',
      logs_read: 'no: the token has none of these permissions',
    });
  });

  it('tries where no control plane says what the token may do', async () => {
    await add('some', 'token-for-sessions', null);
    expect(await abilities('some')).toEqual({
      sessions_read: 'yes: a list of sessions was given',
      logs_read: 'unknown: events are given; those that were tried have no payload in clear',
    });
    await add('none', 'token-for-nothing', null);
    expect(await abilities('none')).toMatchObject({ sessions_read: expect.stringMatching(/^no: listing sessions/) as string });
    await add('all', 'token-for-everything', null);
    expect(await abilities('all')).toMatchObject({ logs_read: 'yes: recorded bytes were given' });
  });

  it('goes on where the control plane does not answer', async () => {
    await add('prod');
    engine.misbehave({ at: 'whoami', fault: { kind: 'status', status: 404 } });
    expect(await api.call('sources.test', { name: 'prod' })).toMatchObject({
      identity: null,
      abilities: [{ allowed: 'yes' }, {}],
    });
  });

  it('says of operations that it does not try that it cannot know', async () => {
    await add('prod', TOKENS[0]!.token, null);
    const text = JSON.stringify({ required_permissions: { control: ['c.write'], sessions_read: 'x' } });
    engine.misbehave({ at: 'capabilities', fault: { kind: 'body', text } });
    expect((await api.call('sources.test', { name: 'prod' })).abilities).toMatchObject([
      { operation: 'sessions_read', needs: [], allowed: 'yes' },
      { operation: 'logs_read', needs: [], allowed: 'yes' },
      { operation: 'control', needs: ['c.write'], allowed: 'unknown', why: 'trying it would change something at the source' },
    ]);
  });

  it('fails with the one reason where the token is refused, and never shows it', async () => {
    await add('prod', 'a-token-that-nobody-gave');
    const error = await api.call('sources.test', { name: 'prod' }).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ kind: 'permission', why: expect.stringContaining('the token was refused') as string });
    expect((error as Error).message).not.toContain('a-token');
  });
});

describe('the settings of rstream', () => {
  const settings = (text: string): void => {
    mkdirSync(join(`${folder}-home`, '.rstream'), { recursive: true });
    writeFileSync(join(`${folder}-home`, '.rstream', 'config.yaml'), text, { mode: 0o600 });
  };

  it('give address and token', async () => {
    settings(`contexts:
  - { name: a, apiUrl: "${engine.url}", engine: "${engine.url}", auth: { token: { storage: { kind: inline, value: token-for-everything } } } }
`);
    await api.call('sources.addFromRstream', { name: 'prod', context: 'a' });
    expect(await abilities('prod')).toMatchObject({ sessions_read: expect.stringContaining('yes') as string });
  });

  it('leave the engine of a project to the control plane', async () => {
    settings(`contexts:
  - { name: a, apiUrl: "${engine.url}", projectEndpoint: nowhere, auth: { token: { storage: { kind: inline, value: token-for-everything } } } }
`);
    await expect(api.call('sources.addFromRstream', { name: 'prod', context: 'a' })).rejects.toMatchObject({ kind: 'not-found' });
    expect(engine.requests.at(-1)!.target).toBe('/api/projects/tunnels/resolve/nowhere');
    engine.misbehave({
      at: 'project',
      fault: { kind: 'body', text: '{"endpoint":"p","domain":"eu.example.net","enginePort":7443}' },
    });
    // The project is there now, whatever it is called.
    const known = JSON.parse(
      await (
        await fetch(`${engine.url}/api/projects/tunnels`, { headers: { authorization: 'Bearer token-for-everything' } })
      ).text(),
    ) as { projects: { endpoint: string }[] };
    settings(`contexts:
  - { name: a, apiUrl: "${engine.url}", projectEndpoint: "${known.projects[0]!.endpoint}", auth: { token: { storage: { kind: inline, value: token-for-everything } } } }
`);
    expect(await api.call('sources.addFromRstream', { name: 'prod', context: 'a' })).toMatchObject({
      engine: 'https://p.eu.example.net:7443',
    });
  });
});
