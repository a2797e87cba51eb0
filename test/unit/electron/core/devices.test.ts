// The keys of this machine through the contract's calls: enrolled with the recordings server, approved there, taken in from files
// of rstream; and nothing secret in any answer.

import { createPrivateKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { createCustodian, type Custodian } from '../../../../electron/core/custodian.ts';
import type { Desk } from '../../../../electron/core/desk.ts';
import { deviceCalls } from '../../../../electron/core/device-calls.ts';
import { createTickets, type Tickets } from '../../../../electron/core/tickets.ts';
import { openRstream } from '../../../../electron/source/source.ts';
import { openSession, type SessionGrants } from '../../../../electron/vault/vault.ts';
import type { DeviceKey } from '../../../../shared/api/source-shapes.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { startEngine, type Engine } from '../../../engine/start-engine.ts';
import { readVectors, readVectorText, VECTORS } from '../../../engine/vectors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PASSPHRASE = 'mossy lantern quarry';
const WORKSPACE = 'ws_trial';

const { cases } = readVectors(VECTORS);
const { workspace_device: deviceFile, identity: deviceIdentity } = cases.find((one) => one.case === 'e2e-x25519-device')!;
const endpointFile = cases.find((one) => one.identity?.['encryption_key_id'] !== undefined)!.identity!;
const p256 = (
  JSON.parse(readVectorText(join(VECTORS, '12-device-enrolment.json.gz'))) as {
    p256_device: { device_file: JsonObject; identity: JsonObject };
  }
).p256_device;

/** Every answer and every error of the calls of a test, for the search for canaries. */
const said: string[] = [];

interface Bench {
  readonly calls: ReturnType<typeof deviceCalls>;
  readonly custodian: Custodian;
  readonly home: string;
  readonly events: string[];
  readonly tickets: Tickets;
}

/** The calls over a library of their own, whose one source is the server. */
async function bench(engine: Engine | null, environment: Record<string, string> = {}): Promise<Bench> {
  const folder = temporaryFolder();
  const home = temporaryFolder();
  const custodian = createCustodian({
    folder: join(folder, 'library'),
    program: 'test',
    now: () => ({ wall: new Date().toISOString(), monotonic_ms: 0 }),
    opened: () => undefined,
    closing: () => Promise.resolve(),
  });
  await custodian.create('passphrase', PASSPHRASE);
  onTestFinished(() => custodian.lock());
  const events: string[] = [];
  const tickets = createTickets(() => custodian.library());
  const desk = {
    custodian,
    home,
    environment,
    actor: 'maya@bench',
    now: () => new Date().toISOString(),
    emit: (name: string) => events.push(name),
    library: () => custodian.library(),
    keys: () => ({ evaluateLocks: () => Promise.resolve(void events.push('locks')) }),
    tickets,
  } as unknown as Desk;
  const plain = deviceCalls(desk, {
    names: () => ['trial'],
    rstream: () =>
      Promise.resolve(
        openRstream(
          { engine: engine!.url, apiUrl: engine!.url, credential: { kind: 'token', token: engine!.token } },
          { wallClock: Date.now, random: Math.random, sleep: async (ms, signal) => sleep(ms, undefined, { signal }) },
        ),
      ),
  });
  const calls = Object.fromEntries(
    Object.entries(plain).map(([name, call]) => [
      name,
      async (input: never) => {
        try {
          const answer = await (call as (given: never) => unknown)(input);
          said.push(JSON.stringify(answer));
          return answer;
        } catch (error) {
          for (let one: unknown = error; one instanceof Error; one = one.cause)
            said.push(`${one.message} ${one.stack ?? ''}`, JSON.stringify(one));
          throw error;
        }
      },
    ]),
  ) as unknown as typeof plain;
  return { calls, custodian, home, events, tickets };
}

async function server(): Promise<Engine> {
  const engine = await startEngine();
  onTestFinished(() => engine.close());
  return engine;
}

function write(folder: string, name: string, content: unknown): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

describe('enrolment', () => {
  test.each(['x25519', 'p256'] as const)(
    'of a device with a %s key ends in a trusted device, once it is approved',
    async (suite) => {
      const engine = await server();
      const { calls, events } = await bench(engine);
      const made = await calls['device.create']({ label: 'evidence workstation', suite });
      expect(made).toMatchObject({
        kind: 'workspace-device',
        place: 'keychain',
        label: 'evidence workstation',
        suite,
        status: 'new',
        trusted: false,
        workspaceId: null,
        deviceKeyId: null,
        verificationCode: null,
      });
      const pending = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
      const [known, ...others] = engine.devices();
      expect(others).toEqual([]);
      expect(pending).toMatchObject({
        id: made.id,
        status: 'pending',
        trusted: false,
        deviceKeyId: known!.id,
        workspaceId: WORKSPACE,
      });
      expect(pending.verificationCode).toBe(known!.code);
      expect(pending.fingerprint).toBe(known!.fingerprint);
      expect(known).toMatchObject({ kind: 'cli', label: 'evidence workstation' });
      expect(await calls['device.status']({})).toEqual([pending]);
      engine.approve(known!.id);
      const active = { ...pending, status: 'active', trusted: true };
      events.length = 0;
      expect(await calls['device.status']({ id: pending.id.slice(0, 6) })).toEqual([active]);
      expect(events).toEqual(['sources', 'locks']);
      expect((await calls['device.list'](null)).keys).toEqual([active]);
    },
  );

  test('makes a device where none is new, and finds the only workspace by itself', async () => {
    const engine = await server();
    engine.putDevice({ ...deviceFile!, workspace_id: WORKSPACE, status: 'revoked' });
    const { calls } = await bench(engine);
    const pending = await calls['device.enroll']({ source: 'trial' });
    expect(pending).toMatchObject({ workspaceId: WORKSPACE, status: 'pending', label: 'Exhibit, maya@bench' });
  });

  test('asks for the workspace where there are several', async () => {
    const engine = await server();
    engine.putDevice({ ...deviceFile!, workspace_id: 'ws_a' });
    engine.putDevice({ ...p256.device_file, workspace_id: 'ws_b' });
    const { calls } = await bench(engine);
    await expect(calls['device.enroll']({ source: 'trial' })).rejects.toMatchObject({
      kind: 'usage',
      why: 'the token belongs to more than one workspace: ws_a, ws_b',
    });
    const workspaces = Array.from({ length: 12 }, (_, i) => ({ id: `ws_${String(i)}`, name: i === 0 ? 'Harbour' : undefined }));
    engine.misbehave({ at: 'workspaces', fault: { kind: 'body', text: JSON.stringify({ workspaces }) } });
    await expect(calls['device.enroll']({ source: 'trial' })).rejects.toMatchObject({
      why: expect.stringMatching(/: ws_0 \(Harbour\), ws_1, .* ws_9 and 2 more$/),
    });
  });

  test('makes no second device while one is pending or active', async () => {
    const engine = await server();
    const { calls } = await bench(engine);
    const pending = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
    expect(await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE })).toEqual(pending);
    const second = await calls['device.create']({});
    await expect(calls['device.enroll']({ source: 'trial', workspace: WORKSPACE, id: second.id })).rejects.toMatchObject({
      kind: 'refused',
    });
    engine.approve(pending.deviceKeyId!);
    await expect(calls['device.enroll']({ source: 'trial', workspace: WORKSPACE })).rejects.toMatchObject({
      kind: 'refused',
      why: expect.stringContaining(`${pending.deviceKeyId!} in workspace ${WORKSPACE} already (active, in the vault)`),
    });
    expect(engine.devices()).toHaveLength(1);
    await calls['device.enroll']({ source: 'trial', workspace: 'ws_other' });
    expect(engine.devices()).toHaveLength(2);
  });

  test("makes none where rstream's own tools have one of the same kind on this machine", async () => {
    const engine = await server();
    const { calls, home } = await bench(engine);
    const file = { ...deviceFile!, workspace_id: WORKSPACE, kind: 'cli' };
    write(join(home, '.rstream', 'workspaces', WORKSPACE, 'devices'), 'one.json', file);
    await expect(calls['device.enroll']({ source: 'trial', workspace: WORKSPACE })).rejects.toMatchObject({
      kind: 'refused',
      why: expect.stringContaining("in rstream's folder"),
    });
    expect(engine.devices()).toEqual([]);
  });

  test('whose answer was lost finds the device again and makes no second one', async () => {
    const engine = await server();
    const { calls } = await bench(engine);
    engine.misbehave({ at: 'enrol', fault: { kind: 'cut', bytes: 3 } });
    await expect(calls['device.enroll']({ source: 'trial', workspace: WORKSPACE })).rejects.toMatchObject({ kind: 'network' });
    engine.behave();
    expect(engine.devices()).toHaveLength(1);
    const again = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
    expect(again).toMatchObject({ status: 'pending', deviceKeyId: engine.devices()[0]!.id });
    expect(engine.devices()).toHaveLength(1);
  });

  test('may begin anew once the device was revoked, which its status tells', async () => {
    const engine = await server();
    const { calls } = await bench(engine);
    const first = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
    const device = engine.devices()[0]!;
    device.status = 'lost';
    expect(await calls['device.status']({})).toMatchObject([{ status: 'lost', trusted: false }]);
    device.status = 'revoked';
    const second = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
    expect(second.id).not.toBe(first.id);
    expect((await calls['device.list'](null)).keys.map(({ status }) => status)).toEqual(['revoked', 'pending']);
  });

  test('is told when the workspace forgot the device, or has other keys under its id', async () => {
    const engine = await server();
    const { calls } = await bench(engine);
    const pending = await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE });
    const answer = (...devices: JsonObject[]): void => {
      engine.behave();
      engine.misbehave({ at: 'lookup', fault: { kind: 'body', text: JSON.stringify({ devices, deviceEnvelopes: [] }) } });
    };
    answer();
    await expect(calls['device.status']({})).rejects.toMatchObject({
      kind: 'not-found',
      why: `workspace ${WORKSPACE} does not know it`,
    });
    answer({ id: pending.deviceKeyId, status: 'active', fingerprint: 'sha256:of-somebody-else' });
    await expect(calls['device.status']({})).rejects.toMatchObject({ kind: 'altered' });
    expect((await calls['device.list'](null)).keys).toEqual([pending]);
  });
});

describe('keys of rstream', () => {
  test('are taken in from their files, both suites, and shown with where they lie', async () => {
    const { calls, home, custodian, events } = await bench(null, { RSTREAM_WEBTTY_IDENTITY: JSON.stringify(endpointFile) });
    const folder = join(home, 'files');
    const device = await calls['device.import']({
      path: write(folder, 'device.json', p256.device_file),
      identityPath: write(folder, 'given.json', p256.identity),
    });
    expect(device).toMatchObject({ kind: 'workspace-device', suite: 'p256', deviceKeyId: p256.device_file['device_key_id'] });
    const plain = await calls['device.import']({ path: write(folder, 'plain.identity.json', deviceIdentity) });
    expect(plain).toMatchObject({ kind: 'terminal-identity', label: 'plain', suite: 'x25519', keyId: deviceIdentity!['key_id'] });
    const endpoint = await calls['device.import']({ path: null });
    expect(endpoint).toMatchObject({ kind: 'endpoint-identity', place: 'keychain', keyId: endpointFile['encryption_key_id'] });
    expect(events.filter((name) => name === 'locks')).toHaveLength(3);
    const { keys, faults } = await calls['device.list'](null);
    expect(keys.map(({ kind, place }) => [kind, place])).toEqual([
      ['workspace-device', 'keychain'],
      ['terminal-identity', 'keychain'],
      ['endpoint-identity', 'keychain'],
      ['endpoint-identity', 'environment'],
    ]);
    expect(faults).toEqual([]);
    expect((await custodian.vault.localKeys(home, {})).devices[0]!.identity().suite).toBe('p256');
    await calls['device.remove']({ id: endpoint.id });
    await expect(calls['device.remove']({ id: endpoint.id })).rejects.toMatchObject({ kind: 'not-found' });
    expect((await calls['device.list'](null)).keys).toHaveLength(3);
  });

  test('open the sessions that are granted to them, once they are taken in', async () => {
    const { calls, home, custodian } = await bench(null);
    const one = cases.find(({ case: name }) => name === 'e2e-x25519-device')!;
    const asked: string[] = [];
    const grants: SessionGrants = {
      material: ({ kind, id }) => {
        asked.push(`${kind} ${id}`);
        return Promise.resolve(id === deviceFile!['device_key_id'] ? one.decrypt_material : []);
      },
      ofDevices: () => Promise.resolve(one.decrypt_material),
      list: () => Promise.resolve(one.key_grants),
    };
    const open = async (): Promise<unknown> => openSession(one.session, grants, await custodian.vault.localKeys(home, {}));
    expect(await open()).toMatchObject({ kind: 'refused', reason: 'no_trusted_device' });
    const identityPath = write(home, 'identity.json', deviceIdentity);
    const { id } = await calls['device.import']({ path: write(home, 'device.json', deviceFile), identityPath });
    expect(await open()).toMatchObject({ kind: 'opened', recipient: { kind: 'workspace_device' } });
    await calls['device.remove']({ id });
    expect(await open()).toMatchObject({ kind: 'refused', reason: 'no_trusted_device' });
    expect(asked).toEqual([`workspace_device ${String(deviceFile!['device_key_id'])}`]);
  });

  test('bring the identity of a device along from where rstream keeps it, and are kept once', async () => {
    const { calls, home, custodian } = await bench(null);
    const workspace = join(home, 'elsewhere', 'workspaces', String(deviceFile!['workspace_id']));
    const id = String(deviceFile!['device_key_id']);
    const path = write(join(workspace, 'devices'), `${id}.json`, { ...deviceFile, status: 'pending' });
    await expect(calls['device.import']({ path })).rejects.toMatchObject({
      kind: 'not-found',
      why: expect.stringContaining(`${id}.identity.json`),
    });
    const alone = await calls['device.import']({ path: write(home, 'alone.json', deviceIdentity) });
    expect(await calls['device.import']({ path })).toMatchObject({ keyId: deviceIdentity!['key_id'] });
    await calls['device.remove']({ id: alone.id });
    write(join(workspace, 'webtty', 'identities'), `${id}.identity.json`, deviceIdentity);
    expect(await calls['device.import']({ path })).toMatchObject({ status: 'pending', trusted: false });
    write(join(workspace, 'devices'), `${id}.json`, deviceFile);
    expect(await calls['device.import']({ path })).toMatchObject({ status: 'active', trusted: true });
    expect((await calls['device.list'](null)).keys).toHaveLength(1);
    const { devices } = await custodian.vault.localKeys(home, {});
    expect(devices[0]!.identity().keyId).toBe(deviceIdentity!['key_id']);
  });

  test('are refused where their parts do not belong together, and where others can read them', async () => {
    const { calls, home } = await bench(null);
    const swapped = { ...deviceIdentity, private_key: p256.identity['private_key'] };
    await expect(calls['device.import']({ path: write(home, 'a.json', swapped) })).rejects.toMatchObject({ kind: 'damaged' });
    const device = write(home, 'b.json', deviceFile);
    const other = write(home, 'c.json', { ...p256.identity });
    await expect(calls['device.import']({ path: device, identityPath: other })).rejects.toMatchObject({ kind: 'damaged' });
    await expect(calls['device.import']({ path: write(home, 'd.json', '{') })).rejects.toMatchObject({ kind: 'refused' });
    await expect(calls['device.import']({ path: null })).rejects.toMatchObject({ kind: 'not-found' });
    const open = join(home, 'e.json');
    writeFileSync(open, JSON.stringify(deviceIdentity), { mode: 0o644 });
    if (process.platform !== 'win32')
      await expect(calls['device.import']({ path: open })).rejects.toMatchObject({ kind: 'refused' });
    expect((await calls['device.list'](null)).keys).toEqual([]);
  });

  test('are given to an administrator as public text, on the page and as a file', async () => {
    const { calls, home, tickets } = await bench(null);
    await expect(calls['device.exportPublic']({})).rejects.toMatchObject({ kind: 'not-found' });
    const made = await calls['device.create']({});
    const { text, ticket, fileName } = await calls['device.exportPublic']({});
    expect(JSON.parse(text)).toMatchObject({ status: 'new', fingerprint: made.fingerprint });
    expect(fileName).toBe('device-public.json');
    expect(Buffer.from((await tickets.read(ticket))!).toString()).toBe(text);
    expect(await tickets.read(ticket)).toBeNull();
    await expect(tickets.read(ticket)).rejects.toMatchObject({ kind: 'not-found' });
    const { id } = await calls['device.import']({ path: write(home, 'e.json', endpointFile) });
    await expect(calls['device.exportPublic']({})).rejects.toMatchObject({ kind: 'usage' });
    const names = ['encryption_key_id', 'encryption_public_key', 'signing_key_id', 'signing_public_key'];
    expect(JSON.parse((await calls['device.exportPublic']({ id })).text)).toMatchObject({
      text: names.map((name) => String(endpointFile[name])).join(':'),
    });
  });

  test('of the folder of rstream stand beside the own ones, and its bad files are told', async () => {
    const { calls, home } = await bench(null);
    write(join(home, '.rstream', 'webtty', 'identities'), 'ops.identity.json', endpointFile);
    write(join(home, '.rstream', 'webtty', 'identities'), 'bad.identity.json', '{');
    const { keys, faults } = await calls['device.list'](null);
    expect(keys).toMatchObject([{ label: 'ops', place: 'rstream' }]);
    expect(faults).toMatchObject([{ kind: 'refused', what: 'read bad.identity.json' }]);
  });
});

/** Texts that a private key could appear as. */
function forms(raw: Buffer): string[] {
  return [raw.toString('hex'), raw.toString('base64').replace(/=+$/, ''), raw.toString('base64url'), raw.toString('latin1')];
}

/** Raw private keys and the texts of them, of a local key. */
async function secretsOf({ custodian, home }: Bench): Promise<string[]> {
  const { devices, identities } = await custodian.vault.localKeys(home, {});
  const keys = [
    ...devices.flatMap(({ device, identity }) => [device.keys.encryptionKey, device.keys.signingKey, identity().privateKey]),
    ...identities.flatMap(({ identity }) => [
      identity.privateKey,
      ...(identity.kind === 'endpoint' ? [identity.signingKey] : []),
    ]),
  ];
  return keys.flatMap((key) => {
    const der = key.export({ format: 'der', type: 'pkcs8' });
    const { d } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
    return [...forms(der), ...forms(Buffer.from(d!, 'base64url'))];
  });
}

describe('private keys', () => {
  afterEach(() => {
    said.length = 0;
  });

  test('are in no answer and no error, in whatever form', async () => {
    said.length = 0;
    const engine = await server();
    const one = await bench(engine);
    const { calls, home } = one;
    const attempt = async (work: unknown): Promise<void> => {
      await Promise.resolve(work).catch(() => undefined);
    };
    const made: DeviceKey = await calls['device.create']({});
    await calls['device.import']({ path: write(home, 'endpoint.json', endpointFile) });
    await calls['device.import']({
      path: write(home, 'd.json', p256.device_file),
      identityPath: write(home, 'i.json', p256.identity),
    });
    await attempt(calls['device.import']({ path: write(home, 'x.json', { ...endpointFile, encryption_public_key: 'AAAA' }) }));
    await attempt(calls['device.import']({ path: write(home, 'y.json', `${JSON.stringify(endpointFile)}}`) }));
    await attempt(calls['device.import']({ path: write(home, 'z.json', { ...deviceIdentity, version: 2 }) }));
    await calls['device.enroll']({ source: 'trial', workspace: WORKSPACE, id: made.id });
    await attempt(calls['device.status']({}));
    await attempt(calls['device.enroll']({ source: 'trial', workspace: WORKSPACE, id: made.id }));
    for (const { id } of (await calls['device.list'](null)).keys) await calls['device.exportPublic']({ id });
    const given = [endpointFile['encryption_private_key'], endpointFile['signing_private_key'], deviceIdentity!['private_key']];
    const canaries = [...(await secretsOf(one)), ...given.map(String)];
    expect(canaries.length).toBeGreaterThan(60);
    const everything = said.join('\n');
    expect(everything).toContain(made.fingerprint!);
    for (const canary of canaries) expect(everything).not.toContain(canary);
  });
});
