// exhibit device …, over the real core and the recordings server: what people read while they enrol, and what scripts get.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { parseCall, type Command } from '../../../../../electron/shells/cli/arguments.ts';
import { createContext, OUTPUTS, type Context } from '../../../../../electron/shells/cli/context.ts';
import { DEVICE_COMMANDS } from '../../../../../electron/shells/cli/device-commands.ts';
import { startEngine, type Engine } from '../../../../engine/start-engine.ts';
import { readVectors, VECTORS } from '../../../../engine/vectors.ts';
import { openTestCore } from '../../../../support/core.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const endpoint = readVectors(VECTORS).cases.find((one) => one.identity?.['encryption_key_id'] !== undefined)!.identity!;

interface Bench {
  readonly engine: Engine;
  readonly folder: string;
  /** Runs a command; resolves with what it printed and what it failed with. */
  exhibit(...words: readonly string[]): Promise<{ out: string; err: string; failure: unknown }>;
  /** What the command that is running has said so far. */
  said(): string;
  /** Ctrl-C. */
  interrupt(): Promise<void>;
}

async function bench(): Promise<Bench> {
  const engine = await startEngine();
  onTestFinished(() => engine.close());
  const folder = temporaryFolder();
  const core = await openTestCore(join(folder, 'library'));
  onTestFinished(() => core.close());
  const { url, token } = engine;
  await core.api.call('sources.add', { name: 'trial', kind: 'rstream', engine: url, apiUrl: url, token });
  let err = '';
  let context: Context | null = null;
  return {
    engine,
    folder,
    said: () => err,
    interrupt: async () => context!.close(),
    exhibit: async (...words) => {
      let out = '';
      err = '';
      const into = (take: (text: string) => void): NodeJS.WriteStream =>
        new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            take(chunk.toString());
            done();
          },
        }) as unknown as NodeJS.WriteStream;
      context = createContext({
        stdout: into((text) => {
          out += text;
        }),
        stderr: into((text) => {
          err += text;
        }),
        openCore: () => Promise.resolve({ ...core, close: () => Promise.resolve() }),
      });
      const command: Command<Context> = DEVICE_COMMANDS.find(({ path }) => path[1] === words[0])!;
      const shared = [{ name: 'output', short: 'o', value: 'FORMAT', choices: OUTPUTS, help: '' }];
      let failure: unknown = null;
      try {
        await command.run(context, parseCall(command, shared, words.slice(1)));
      } catch (error) {
        failure = error;
      }
      return { out, err, failure };
    },
  };
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('enrolling shows the code and the fingerprint, says what to tell the administrator, and waits for the approval', async () => {
  const { engine, exhibit, said } = await bench();
  const running = exhibit('enroll', 'trial', '--workspace', 'ws_trial', '-o', 'json');
  await expect.poll(said).toContain('Waiting for the approval');
  const device = engine.devices()[0]!;
  expect(said()).toContain(Array.from(device.code).join(' '));
  expect(said()).toContain(device.fingerprint);
  expect(said()).toMatch(/Tell an administrator .* to compare this code/s);
  engine.approve(device.id);
  const { out, err, failure } = await running;
  expect(failure).toBeNull();
  expect(err).toContain('Approved: the workspace trusts this device.');
  expect(json(out)).toMatchObject({ status: 'active', trusted: true, device_key_id: device.id, verification_code: device.code });
}, 30_000);

test('enrolling without waiting returns at once', async () => {
  const { engine, exhibit } = await bench();
  const { out, err, failure } = await exhibit('enroll', 'trial', '--workspace', 'ws_trial', '--wait=false', '-o', 'json');
  expect(failure).toBeNull();
  expect(json(out)).toMatchObject({ status: 'pending' });
  expect(err).toContain(engine.devices()[0]!.fingerprint);
  expect(err).not.toContain('Waiting');
}, 30_000);

test('enrolling fails where the workspace refuses the device while it waits', async () => {
  const { engine, exhibit, said } = await bench();
  const running = exhibit('enroll', 'trial', '--workspace', 'ws_trial');
  await expect.poll(said).toContain('Waiting for the approval');
  engine.devices()[0]!.status = 'revoked';
  const { err, failure } = await running;
  expect(err).toContain('The device is revoked');
  expect(failure).toMatchObject({ kind: 'permission', why: 'the workspace has it as revoked' });
}, 30_000);

test('Ctrl-C ends the waiting and says that the device stays pending', async () => {
  const { exhibit, said, interrupt } = await bench();
  const running = exhibit('enroll', 'trial', '--workspace', 'ws_trial');
  await expect.poll(said).toContain('Waiting for the approval');
  await interrupt();
  expect((await running).failure).toMatchObject({ kind: 'cancelled', why: expect.stringContaining('stays pending') });
  const { out } = await exhibit('status', '-o', 'csv');
  expect(out.split('\r\n')[1]).toContain('pending');
}, 30_000);

test('keys are made, taken in, listed, exported and removed', async () => {
  const { exhibit, folder } = await bench();
  const made = json((await exhibit('create', '--label', 'bench', '--suite', 'p256', '-o', 'json')).out);
  expect(made).toMatchObject({ label: 'bench', suite: 'p256', status: 'new' });
  const file = join(folder, 'ops.identity.json');
  writeFileSync(file, JSON.stringify(endpoint), { mode: 0o600 });
  expect((await exhibit('import', file)).out).toMatch(/^kind +endpoint-identity$/m);
  const { keys } = json((await exhibit('list', '-o', 'json')).out) as { keys: { id: string; label: string }[] };
  expect(keys.map(({ label }) => label)).toEqual(['bench', 'ops']);
  expect(json((await exhibit('export-public', keys[1]!.id)).out)).toMatchObject({ key_id: endpoint['encryption_key_id'] });
  expect((await exhibit('remove', keys[0]!.id)).failure).toBeNull();
  expect((await exhibit('list')).out).not.toContain('bench');
  expect((await exhibit('import')).failure).toMatchObject({ kind: 'usage' });
  expect((await exhibit('import', file, '--from-env')).failure).toMatchObject({ kind: 'usage' });
  expect((await exhibit('import', '--from-env')).failure).toMatchObject({ kind: 'not-found' });
}, 30_000);
