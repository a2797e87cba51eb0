// What is taken from the configuration of rstream's own tools, and what is refused.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { engineOfProject, readRstreamSettings, tokenExpiry, type RstreamSettings } from '../../../../electron/source/source.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 10, 21);

const jwt = (claims: unknown): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const CONFIGURATION = `
version: 1
defaults:
  context:
    name: first
environments:
  - apiUrl: https://api.example.net/
    auth: { token: { storage: { kind: inline, value: token-of-environment } } }
contexts:
  - name: first
    engine: first.example.net:8443
    auth: { token: { storage: { kind: inline, value: token-of-first } } }
  - name: second
    apiUrl: https://api.example.net
    engine: second.example.net
  - name: unlinked
    engine: unlinked.example.net
  - name: kept
    engine: kept.example.net
    auth: { token: { storage: { kind: keychain, provider: macos, service: rstream, account: me } } }
  - name: project
    apiUrl: https://api.example.net
    projectEndpoint: proj-x
  - name: twice
    apiUrl: https://api.example.net
    engine: one.example.net
  - name: twice
    apiUrl: https://other.example.net
    engine: two.example.net
    auth: { token: { storage: { kind: inline, value: token-of-two } } }
  - name: certified
    engine: certified.example.net
    auth: { mtls: { certificateFile: client.crt, keyFile: client.key } }
  - name: stored
    engine: stored.example.net
    auth: { mtls: { storage: { kind: pkcs11 } } }
  - name: ended
    engine: ended.example.net
    auth: { token: { storage: { kind: inline, value: ${jwt({ exp: NOW / 1000 - 60 })} } } }
`;

let home: string;
let file: string;

function write(text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

beforeEach(() => {
  home = temporaryFolder();
  mkdirSync(join(home, '.rstream'));
  file = join(home, '.rstream', 'config.yaml');
  write(CONFIGURATION);
});

const read = (environment: Record<string, string> = {}, context?: string): Promise<RstreamSettings> =>
  readRstreamSettings(home, environment, NOW, context);

const token = (value: string): unknown => ({ kind: 'token', token: value });

describe('the settings of rstream', () => {
  it('are those of the default context', async () => {
    expect(await read()).toEqual({
      engine: 'https://first.example.net:8443',
      projectEndpoint: null,
      apiUrl: null,
      credential: token('token-of-first'),
    });
  });

  it('are those of the context that is named, which goes before RSTREAM_CONTEXT', async () => {
    expect((await read({ RSTREAM_CONTEXT: 'second' })).engine).toBe('https://second.example.net');
    expect((await read({ RSTREAM_CONTEXT: 'second' }, 'first')).engine).toBe('https://first.example.net:8443');
  });

  it('take the token of the environment with the same API URL', async () => {
    expect(await read({}, 'second')).toMatchObject({
      apiUrl: 'https://api.example.net',
      credential: token('token-of-environment'),
    });
  });

  it('take no token of an environment for a context without API URL', async () => {
    await expect(read({}, 'unlinked')).rejects.toMatchObject({
      kind: 'refused',
      why: 'no token and no client certificate is there',
    });
  });

  it('prefer variables', async () => {
    expect(
      await read({
        RSTREAM_ENGINE: 'http://127.0.0.1:9000',
        RSTREAM_API_URL: 'http://127.0.0.1:9001',
        RSTREAM_AUTHENTICATION_TOKEN: ' given ',
      }),
    ).toMatchObject({ engine: 'http://127.0.0.1:9000', apiUrl: 'http://127.0.0.1:9001', credential: token('given') });
  });

  it('come from variables alone where there is no file', async () => {
    const settings = await readRstreamSettings(
      temporaryFolder(),
      { RSTREAM_ENGINE: 'engine.example.net', RSTREAM_AUTHENTICATION_TOKEN: 'given' },
      NOW,
    );
    expect(settings).toMatchObject({ engine: 'https://engine.example.net', credential: token('given') });
  });

  it('come from the file that RSTREAM_CONFIG names', async () => {
    const other = join(home, 'other.yaml');
    writeFileSync(other, CONFIGURATION.replace('name: first', 'name: second'), { mode: 0o600 });
    expect((await read({ RSTREAM_CONFIG: other })).engine).toBe('https://second.example.net');
  });

  it('leave the engine to the control plane where only the project is named', async () => {
    expect(await read({}, 'project')).toMatchObject({
      engine: null,
      projectEndpoint: 'proj-x',
      apiUrl: 'https://api.example.net',
    });
  });

  it('tell contexts of one name apart by the API URL', async () => {
    expect(await read({ RSTREAM_API_URL: 'https://other.example.net' }, 'twice')).toMatchObject({
      engine: 'https://two.example.net',
      credential: token('token-of-two'),
    });
    await expect(read({}, 'twice')).rejects.toMatchObject({ why: expect.stringContaining('more than one') as string });
  });

  it('may be a client certificate, whose files lie beside the configuration', async () => {
    writeFileSync(join(home, '.rstream', 'client.crt'), 'CERT');
    writeFileSync(join(home, '.rstream', 'client.key'), 'KEY', { mode: 0o600 });
    expect((await read({}, 'certified')).credential).toEqual({ kind: 'certificate', cert: 'CERT', key: 'KEY' });
    chmodSync(join(home, '.rstream', 'client.key'), 0o640);
    await expect(read({}, 'certified')).rejects.toMatchObject({
      kind: 'refused',
      todo: expect.stringContaining('chmod 600') as string,
    });
  });
});

describe('refused is', () => {
  it.each([0o640, 0o604, 0o644])('a configuration of mode %o', async (mode) => {
    chmodSync(file, mode);
    await expect(read()).rejects.toMatchObject({ kind: 'refused', todo: `chmod 600 ${file}` });
  });

  it('a stored token for another engine or control plane', async () => {
    await expect(read({ RSTREAM_ENGINE: 'other.example.net' })).rejects.toMatchObject({
      why: expect.stringContaining('RSTREAM_ENGINE names another one') as string,
    });
    await expect(read({ RSTREAM_API_URL: 'https://api.example.net' })).rejects.toMatchObject({
      why: expect.stringContaining('RSTREAM_API_URL names another one') as string,
    });
    expect((await read({ RSTREAM_ENGINE: 'first.example.net:8443' })).credential).toEqual(token('token-of-first'));
  });

  it.each([
    ['kept', /place that Exhibit does not read \(storage macos keychain\)/],
    ['stored', /client certificate where Exhibit does not read it \(storage pkcs11\)/],
    ['absent', /no context absent.*its contexts are first, second/],
    ['ended', /its token ended at 2026-11-20T23:59:00\.000Z/],
  ])('the context %s', async (context, message) => {
    await expect(read({}, context)).rejects.toThrow(message);
  });

  it('a token together with a certificate', async () => {
    await expect(read({ RSTREAM_AUTHENTICATION_TOKEN: 't', RSTREAM_MTLS_CERT_FILE: '/c' })).rejects.toThrow(/exclude each other/);
  });

  it.each([
    ['version: 1\ncontexts: [\n  secret-value', /is no YAML: see line 3/],
    ['- secret-value', /is no configuration/],
    ['version: 2', /is not 1/],
    [`a: &a [secret-value]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]`, /without an end/],
  ])('%j, without showing it', async (text, message) => {
    write(text);
    const error = await read().catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('secret-value');
  });
});

describe('the engine of a project', () => {
  it.each([
    [{ endpoint: 'p', domain: 'eu.example.net' }, 'https://p.eu.example.net'],
    [{ endpoint: 'p', domain: 'eu.example.net', enginePort: 8443 }, 'https://p.eu.example.net:8443'],
    [{ endpoint: 'p', url: 'old.example.net' }, 'https://old.example.net'],
  ])('%o is %s', (project, address) => {
    expect(engineOfProject(project)).toBe(address);
  });

  it('is missing where the project names none', () => {
    expect(() => engineOfProject({})).toThrow(/has no engine/);
  });
});

describe('the end of a token', () => {
  it.each([
    ['opaque', null],
    ['a.b.c', null],
    [jwt({ exp: 'soon' }), null],
    [jwt({ exp: 1e300 }), null],
    [jwt({ exp: 1_800_000_000 }), 1_800_000_000_000],
  ])('%s', (text, expiry) => {
    expect(tokenExpiry(text)).toBe(expiry);
  });
});
