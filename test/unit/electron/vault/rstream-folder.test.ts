// The keys of rstream's own programs on this machine: found where they lie, refused where others could reach them.

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentIdentity, readLocalKeys, readPrivateFile, rstreamRoot } from '../../../../electron/vault/rstream-folder.ts';
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

describe('the folder of rstream', () => {
  test('gives its devices with their identities, and its endpoint identities by name', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, device);
    write(root, IDENTITY_PATH, identity);
    write(root, join(ENDPOINTS, 'ops.identity.json'), endpoint);
    write(root, join(ENDPOINTS, 'default.identity.json'), endpoint);
    write(root, join(ENDPOINTS, 'notes.json'), '{}');
    const keys = readLocalKeys(root, WORKSPACE);
    expect(keys.devicesFault).toBeNull();
    expect(keys.devices.map((one) => [one.device.deviceKeyId, one.identity().keyId])).toEqual([[DEVICE, identity!['key_id']]]);
    expect(keys.identities.map(({ name }) => name)).toEqual(['default', 'ops']);
    expect(keys.passedOver).toEqual([]);
    expect(readLocalKeys(root, null).devices).toEqual([]);
    expect(readLocalKeys(root, 'ws_other').devices).toEqual([]);
  });

  test('that is not there has no keys', () => {
    const keys = readLocalKeys(join(temporaryFolder(), 'none'), WORKSPACE);
    expect(keys).toEqual({ devices: [], devicesFault: null, identities: [], passedOver: [] });
  });

  test('has its identity where the device file says', () => {
    const root = temporaryFolder();
    const path = write(root, 'elsewhere.json', identity);
    write(root, DEVICE_PATH, { ...device, webtty_identity_path: path });
    expect(readLocalKeys(root, WORKSPACE).devices[0]!.identity().keyId).toBe(identity!['key_id']);
  });

  test('with one bad device file has no list of devices, and says why', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, device);
    write(root, join(dirname(DEVICE_PATH), 'other.json'), '{}');
    const { devices, devicesFault } = readLocalKeys(root, WORKSPACE);
    expect(devices).toEqual([]);
    expect(devicesFault?.what).toBe('read other.json');
  });

  test('passes over a file that is no endpoint identity, and says so', () => {
    const root = temporaryFolder();
    write(root, join(ENDPOINTS, 'a.identity.json'), identity);
    write(root, join(ENDPOINTS, 'b.identity.json'), endpoint);
    const { identities, passedOver } = readLocalKeys(root, null);
    expect(identities.map(({ name }) => name)).toEqual(['b']);
    expect(passedOver.map(({ what }) => what)).toEqual(['read a.identity.json']);
  });

  test.runIf(process.platform !== 'win32').each([0o640, 0o604, 0o610, 0o666])('gives no key of a file of mode %o', (mode) => {
    const root = temporaryFolder();
    chmodSync(write(root, DEVICE_PATH, device), mode);
    chmodSync(write(root, join(ENDPOINTS, 'ops.identity.json'), endpoint), mode);
    const { devices, devicesFault, identities, passedOver } = readLocalKeys(root, WORKSPACE);
    expect([devices, identities]).toEqual([[], []]);
    for (const error of [devicesFault, passedOver[0]])
      expect(error).toMatchObject({ kind: 'refused', todo: expect.stringContaining('chmod 600') });
  });

  test.each(['..', '.', ' ', 'a/b', 'a\\b'])('is not left by a workspace with the id %j', (id) => {
    expect(readLocalKeys(temporaryFolder(), id).devicesFault?.kind).toBe('refused');
  });

  test('is not left by a device id', () => {
    const root = temporaryFolder();
    write(root, DEVICE_PATH, { ...device, device_key_id: '../../other' });
    expect(readLocalKeys(root, WORKSPACE).devicesFault?.why).toContain('can be no file name');
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
    expect(environmentIdentity({})).toBeNull();
    expect(environmentIdentity({ RSTREAM_WEBTTY_IDENTITY: inline })?.identity.keyId).toBe(endpoint!['encryption_key_id']);
    expect(environmentIdentity({ RSTREAM_WEBTTY_IDENTITY_FILE: path })?.identity.keyId).toBe(identity!['key_id']);
    expect(() => environmentIdentity({ RSTREAM_WEBTTY_IDENTITY: inline, RSTREAM_WEBTTY_IDENTITY_FILE: path })).toThrow(
      'both set',
    );
    expect(() => environmentIdentity({ RSTREAM_WEBTTY_IDENTITY: '{' })).toThrow('read RSTREAM_WEBTTY_IDENTITY');
  });
});
