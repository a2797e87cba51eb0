// The keys of rstream's own programs on this machine: found where they lie, refused where others could reach them.

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLocalKeys, readPrivateFile, rstreamRoot } from '../../../../electron/vault/rstream-folder.ts';
import { readVectors, VECTORS } from '../../../engine/vectors.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const { cases } = readVectors(VECTORS);
const { workspace_device: device, identity } = cases.find((one) => one.case === 'e2e-x25519-device')!;
const endpoint = cases.find((one) => one.identity?.['encryption_key_id'] !== undefined)!.identity;
const WORKSPACE = String(device!['workspace_id']);
const DEVICE = String(device!['device_key_id']);

const DEVICE_PATH = join('workspaces', WORKSPACE, 'devices', `${DEVICE}.json`);
const IDENTITY_PATH = join('workspaces', WORKSPACE, 'webtty', 'identities', `${DEVICE}.identity.json`);
const ENDPOINTS = join('webtty', 'identities');

function write(root: string, path: string, content: unknown): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return full;
}

/** The keys in a folder of rstream. */
const keysIn = (root: string): ReturnType<typeof readLocalKeys> => readLocalKeys('/home/maya', { RSTREAM_DATA_DIR: root });

describe('the folder of rstream', () => {
  test('gives the devices of all workspaces with their identities, and its endpoint identities by name', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, device);
    write(root, IDENTITY_PATH, identity);
    write(root, join('workspaces', 'ws_other', 'devices', 'a.json'), { ...device, workspace_id: 'ws_other' });
    write(root, join('workspaces', '.lock'), '');
    write(root, join(ENDPOINTS, 'ops.identity.json'), endpoint);
    write(root, join(ENDPOINTS, 'default.identity.json'), endpoint);
    write(root, join(ENDPOINTS, 'notes.json'), '{}');
    const keys = keysIn(root);
    expect(keys.faults).toEqual([]);
    expect(keys.devices.map((one) => [one.place, one.device.workspaceId])).toEqual([
      ['rstream', WORKSPACE],
      ['rstream', 'ws_other'],
    ]);
    expect(keys.devices[0]!.device.deviceKeyId).toBe(DEVICE);
    expect(keys.devices[0]!.identity().keyId).toBe(identity!['key_id']);
    expect(keys.identities.map(({ name }) => name)).toEqual(['default', 'ops']);
  });

  test('that is not there has no keys, and that is no fault', () => {
    expect(keysIn(join(temporaryFolder(), 'none'))).toEqual({
      devices: [],
      devicesFaults: new Map(),
      identities: [],
      faults: [],
    });
  });

  test('has its identity where the device file says', () => {
    const root = temporaryFolder();
    const path = write(root, 'elsewhere.json', identity);
    write(root, DEVICE_PATH, { ...device, webtty_identity_path: path });
    expect(keysIn(root).devices[0]!.identity().keyId).toBe(identity!['key_id']);
  });

  test('with one bad device file has no devices of that workspace, and says why', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, device);
    write(root, join(dirname(DEVICE_PATH), 'other.json'), '{}');
    write(root, join('workspaces', 'ws_other', 'devices', 'a.json'), { ...device, workspace_id: 'ws_other' });
    const { devices, devicesFaults, faults } = keysIn(root);
    expect(devices.map((one) => one.device.workspaceId)).toEqual(['ws_other']);
    expect([...devicesFaults].map(([workspace, { what }]) => [workspace, what])).toEqual([[WORKSPACE, 'read other.json']]);
    expect(faults).toEqual([...devicesFaults.values()]);
  });

  test('has no device whose file names another workspace', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, { ...device, workspace_id: 'ws_other' });
    expect(keysIn(root).devices).toEqual([]);
  });

  test('passes over a file that is no endpoint identity, and says so', () => {
    const root = temporaryFolder();
    write(root, join(ENDPOINTS, 'a.identity.json'), identity);
    write(root, join(ENDPOINTS, 'b.identity.json'), endpoint);
    const { identities, faults } = keysIn(root);
    expect(identities.map(({ name }) => name)).toEqual(['b']);
    expect(faults.map(({ what }) => what)).toEqual(['read a.identity.json']);
  });

  test.runIf(process.platform !== 'win32').each([0o640, 0o604, 0o610, 0o666])('gives no key of a file of mode %o', (mode) => {
    const root = temporaryFolder();
    chmodSync(write(root, DEVICE_PATH, device), mode);
    chmodSync(write(root, join(ENDPOINTS, 'ops.identity.json'), endpoint), mode);
    const { devices, identities, faults } = keysIn(root);
    expect([devices, identities]).toEqual([[], []]);
    expect(faults).toHaveLength(2);
    for (const error of faults) expect(error).toMatchObject({ kind: 'refused', todo: expect.stringContaining('chmod 600') });
  });

  test('is not left by a device id', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, { ...device, device_key_id: '../../other' });
    expect(keysIn(root).devicesFaults.get(WORKSPACE)?.why).toContain('can be no file name');
  });
});

describe('a private file', () => {
  test('that is not there, a folder, or far too large is an error with its reason', () => {
    const root = temporaryFolder();
    expect(() => readPrivateFile(join(root, 'none'))).toThrow('cannot be read (ENOENT)');
    mkdirSync(join(root, 'folder'), { mode: 0o700 });
    expect(() => readPrivateFile(join(root, 'folder'))).toThrow('cannot be read (EISDIR)');
    expect(() => readPrivateFile(write(root, 'large', 'x'.repeat(70_000)))).toThrow('larger than any file of keys');
  });

  test.runIf(process.platform !== 'win32')('is judged by its own mode behind a link', () => {
    const root = temporaryFolder();
    const target = write(root, 'target', 'text');
    symlinkSync(target, join(root, 'link'));
    expect(readPrivateFile(join(root, 'link'))).toBe('text');
    chmodSync(target, 0o644);
    expect(() => readPrivateFile(join(root, 'link'))).toThrow('others than its owner');
  });
});

describe('the environment', () => {
  test('moves the folder with an absolute path only', () => {
    expect(rstreamRoot('/home/maya', {})).toBe(join('/home/maya', '.rstream'));
    expect(rstreamRoot('/home/maya', { RSTREAM_DATA_DIR: '/srv/keys' })).toBe('/srv/keys');
    expect(() => rstreamRoot('/home/maya', { RSTREAM_DATA_DIR: 'keys' })).toThrow('not an absolute path');
  });

  test('gives an identity inline or as a file, and not both', () => {
    const inline = JSON.stringify(endpoint);
    const path = write(temporaryFolder(), 'chosen.json', identity);
    const given = (environment: Record<string, string>): ReturnType<typeof readLocalKeys> =>
      readLocalKeys(temporaryFolder(), environment);
    expect(given({}).identities).toEqual([]);
    expect(given({ RSTREAM_WEBTTY_IDENTITY: inline }).identities).toMatchObject([
      { place: 'environment', name: 'RSTREAM_WEBTTY_IDENTITY', identity: { keyId: endpoint!['encryption_key_id'] } },
    ]);
    expect(given({ RSTREAM_WEBTTY_IDENTITY_FILE: path }).identities).toMatchObject([
      { name: 'chosen.json', identity: { keyId: identity!['key_id'] } },
    ]);
    expect(given({ RSTREAM_WEBTTY_IDENTITY: inline, RSTREAM_WEBTTY_IDENTITY_FILE: path }).faults[0]?.why).toContain('both set');
    expect(given({ RSTREAM_WEBTTY_IDENTITY: '{' }).faults[0]?.what).toBe('read RSTREAM_WEBTTY_IDENTITY');
    expect(given({ RSTREAM_DATA_DIR: 'keys' }).faults.map(({ why }) => why)).toEqual([
      'RSTREAM_DATA_DIR is not an absolute path',
    ]);
  });
});
