// Identity files and device files of rstream: read where every key in them belongs together, refused by name where not, and
// never quoted.

import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDeviceIdentity, parseWorkspaceDevice } from '../../../../electron/vault/rstream-device.ts';
import {
  makeTerminalIdentity,
  parseEndpointIdentity,
  parseIdentity,
  parseTerminalIdentity,
  terminalIdentityFile,
} from '../../../../electron/vault/rstream-identity.ts';
import { p256PublicKey, rawPrivateKey } from '../../../../electron/vault/rstream-keys.ts';
import { ExhibitError } from '../../../../shared/api/errors.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { readVectors, VECTORS } from '../../../engine/vectors.ts';

const { cases } = readVectors(VECTORS);
const named = (name: string): (typeof cases)[number] => cases.find((one) => one.case === name)!;

const X25519 = named('e2e-x25519-device');
const P256 = named('e2e-p256-device');
const ENDPOINT = cases.find(({ identity }) => identity?.['encryption_key_id'] !== undefined)!.identity!;

const SECRETS = ['private_key', 'encryption_private_key', 'signing_private_key', 'private_encryption_key', 'private_signing_key'];

/** What reading throws; it never holds any of the file's private keys, nor a part of one. */
function failure(file: JsonObject | string, read: (text: string) => unknown): ExhibitError {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof ExhibitError)) throw error;
    for (const secret of SECRETS) {
      const value = new RegExp(`"${secret}"\\s*:\\s*"([^"]*)"`).exec(text)?.[1];
      if (value !== undefined && value.length > 8)
        expect(`${error.message} ${String(error.cause)}`).not.toContain(value.slice(0, 8));
    }
    return error;
  }
  throw new Error('it was read');
}

const plain = (text: string): unknown => parseTerminalIdentity(text, 'maya.identity.json');
const endpoint = (text: string): unknown => parseEndpointIdentity(text, 'ops.identity.json');
const device = (text: string): unknown => parseWorkspaceDevice(text, 'wdk.json');

describe.each([
  ['x25519', X25519.identity!],
  ['p256', P256.identity!],
] as const)('a plain identity of the %s suite', (suite, file) => {
  test('is read with the keys that it says', () => {
    const identity = parseTerminalIdentity(JSON.stringify(file), 'maya.identity.json');
    expect(identity).toMatchObject({ kind: 'terminal', suite, keyId: file['key_id'], createdAt: file['created_at'] });
    expect(Buffer.from(identity.publicKey).toString('base64url')).toBe(file['public_key']);
    expect(rawPrivateKey(identity.privateKey).toString('base64url')).toBe(file['private_key']);
  });

  test('is written as it was read', () => {
    const identity = parseTerminalIdentity(JSON.stringify(file), 'maya.identity.json');
    expect(JSON.parse(terminalIdentityFile(identity))).toEqual(file);
  });

  test('that was made here is read back, and no two are alike', () => {
    const one = makeTerminalIdentity(suite, '2026-06-13T15:30:00Z');
    const text = terminalIdentityFile(one);
    expect(terminalIdentityFile(parseTerminalIdentity(text, 'new'))).toBe(text);
    expect(terminalIdentityFile(makeTerminalIdentity(suite, '2026-06-13T15:30:00Z'))).not.toBe(text);
  });

  test('with any one character changed is refused, or has the same keys', () => {
    const text = JSON.stringify(file);
    const before = parseTerminalIdentity(text, 'maya.identity.json');
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('A', 'b', '7', '_', '"', '{', '\\', ' '), (at, char) => {
        const changed = `${text.slice(0, at)}${char}${text.slice(at + 1)}`;
        try {
          const { suite: same, keyId, publicKey } = parseTerminalIdentity(changed, 'maya.identity.json');
          expect({ suite: same, keyId, publicKey }).toEqual({ suite, keyId: before.keyId, publicKey: before.publicKey });
        } catch (error) {
          expect(error).toBeInstanceOf(ExhibitError);
          expect((error as ExhibitError).message).not.toContain((file['private_key'] as string).slice(0, 8));
        }
      }),
      { seed: 20260613, numRuns: 500 },
    );
  });

  const other = terminalIdentityFile(makeTerminalIdentity(suite, '2026-06-13T15:30:00Z'));
  const { public_key, private_key, key_id } = JSON.parse(other) as Record<string, string>;

  test.each<[string, JsonObject, ExhibitError['kind'], string]>([
    ['a public key of another', { public_key }, 'damaged', 'public_key does not belong'],
    ['a private key of another', { private_key }, 'damaged', 'public_key does not belong'],
    ['a key id of another', { key_id }, 'damaged', 'key_id does not belong'],
    ['a private key that is too short', { private_key: 'AAAA' }, 'refused', 'no key of its crypto_suite'],
    ['a private key in the other alphabet', { private_key: `${'+'.repeat(42)}A` }, 'refused', 'not base64url'],
    ['a padded public key', { public_key: `${String(file['public_key'])}=` }, 'refused', 'not base64url'],
    ['no private key', { private_key: undefined }, 'refused', 'private_key is missing'],
    ['a private key that is a number', { private_key: 5 }, 'refused', 'not a text'],
    ['version 2', { version: 2 }, 'refused', 'version'],
    ['no version', { version: undefined }, 'refused', 'version'],
    ['a member that is not known', { comment: 'mine' }, 'refused', 'not known'],
    ['the suite of endpoints', { crypto_suite: ENDPOINT['crypto_suite'] }, 'refused', 'crypto_suite'],
    ['no suite', { crypto_suite: undefined }, 'refused', 'crypto_suite'],
    ['no time', { created_at: '' }, 'refused', 'created_at is missing'],
  ])('with %s is refused', (_name, change, kind, why) => {
    const error = failure({ ...file, ...change }, plain);
    expect(error).toMatchObject({ kind, what: 'read maya.identity.json' });
    expect(error.why).toContain(why);
    expect(error.todo).not.toBe('');
  });
});

test.each(['', '[]', 'null', '{}', '{"version":1} {}', `{"version":1,"key_id":"${'A'.repeat(70_000)}"}`, '['.repeat(5000)])(
  'a file that is no identity at all is refused (%#)',
  (text) => {
    expect(failure(text, (given) => parseIdentity(given, 'a file')).kind).toBe('refused');
  },
);

test('a file that is far too large is refused for its size', () => {
  expect(failure(`${JSON.stringify(X25519.identity)}${' '.repeat(70_000)}`, plain).why).toContain('larger');
});

test('a public key in DER is P-256, uncompressed, and nothing behind it', () => {
  const spki = Buffer.from(X25519.workspace_device!['public_signing_key'] as string, 'base64url');
  expect(p256PublicKey(spki)).not.toBeNull();
  expect(p256PublicKey(Buffer.concat([spki, Buffer.of(0)]))).toBeNull();
  expect(p256PublicKey(spki.subarray(1))).toBeNull();
  expect(p256PublicKey(Buffer.concat([Buffer.alloc(26), spki.subarray(26)]))).toBeNull();
  const point = spki.subarray(-65);
  const short = Buffer.concat([Buffer.of(2 + (point[64]! & 1)), point.subarray(1, 33)]);
  const head = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
  expect(p256PublicKey(Buffer.concat([head, short]))).toBeNull();
  for (const namedCurve of ['secp384r1', 'secp256k1']) {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    expect(p256PublicKey(publicKey.export({ format: 'der', type: 'spki' }))).toBeNull();
  }
});

test('a member that comes twice is refused', () => {
  const text = JSON.stringify(X25519.identity).replace('{', '{"version":1,');
  expect(failure(text, plain).why).toContain('version comes twice');
});

test('a P-256 private key outside of the group is refused', () => {
  const order = 'FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551';
  for (const scalar of [Buffer.alloc(32), Buffer.from(order, 'hex'), Buffer.alloc(32, 0xff)]) {
    expect(failure({ ...P256.identity!, private_key: scalar.toString('base64url') }, plain).kind).toBe('refused');
  }
});

describe('an endpoint identity', () => {
  test('is read with both of its keys', () => {
    const identity = parseEndpointIdentity(JSON.stringify(ENDPOINT), 'ops.identity.json');
    expect(identity).toMatchObject({ kind: 'endpoint', keyId: ENDPOINT['encryption_key_id'] });
    expect(identity.signingKeyId).toBe(ENDPOINT['signing_key_id']);
    expect(identity.signingKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  test('is told from a plain one by its suite, in a file or inline', () => {
    expect(parseIdentity(JSON.stringify(ENDPOINT), 'inline').kind).toBe('endpoint');
    expect(parseIdentity(JSON.stringify(X25519.identity), 'inline').kind).toBe('terminal');
  });

  const { public_signing_key, private_signing_key } = X25519.workspace_device!;
  test.each<[string, JsonObject, string]>([
    ['a signing key pair of another', { signing_private_key: private_signing_key }, 'signing_private_key is no key'],
    [
      'a signing key id of another',
      { signing_public_key: public_signing_key, signing_private_key: private_signing_key },
      'signing_key_id does not',
    ],
    ['a signing key that is no DER', { signing_public_key: 'AAAA' }, 'no P-256 key in DER'],
    ['bytes behind its signing key', { signing_public_key: `${String(ENDPOINT['signing_public_key'])}AA` }, 'signing_public_key'],
    ['an encryption key id of another', { encryption_key_id: 'AAAA' }, 'encryption_key_id does not belong'],
    ['the members of a plain one', { key_id: 'AAAA' }, 'not known'],
  ])('with %s is refused', (_name, change, why) => {
    expect(failure({ ...ENDPOINT, ...change }, endpoint).why).toContain(why);
  });
});

describe('a device file', () => {
  const file = X25519.workspace_device!;
  const other = P256.workspace_device!;
  const identity = JSON.stringify(X25519.identity);

  test.each([X25519, P256])('is read, and its terminal identity fits: $case', ({ workspace_device, identity: terminal }) => {
    const read = parseWorkspaceDevice(JSON.stringify(workspace_device), 'wdk.json');
    expect(read).toMatchObject({
      deviceKeyId: workspace_device!['device_key_id'],
      workspaceId: workspace_device!['workspace_id'],
      status: 'active',
      keys: { fingerprint: workspace_device!['fingerprint'], terminal: { keyId: workspace_device!['webtty_key_id'] } },
    });
    expect(parseDeviceIdentity(read, JSON.stringify(terminal), 'identity').keyId).toBe(workspace_device!['webtty_key_id']);
  });

  test.each<[string, JsonObject, ExhibitError['kind'], string]>([
    [
      'an encryption key of another',
      { private_encryption_key: other['private_encryption_key'] },
      'damaged',
      'private_encryption_key',
    ],
    ['a signing key of another', { private_signing_key: other['private_signing_key'] }, 'damaged', 'private_signing_key'],
    ['a fingerprint of another', { fingerprint: other['fingerprint'] }, 'damaged', 'fingerprint'],
    ['a terminal key id of another', { webtty_key_id: other['webtty_key_id'] }, 'damaged', 'webtty_key_id'],
    ['half a terminal key', { webtty_key_algorithm: undefined }, 'refused', 'only in part'],
    ['an envelope that is none', { device_envelope: 'yes' }, 'refused', 'device_envelope'],
    ['an unknown member in its envelope', { device_envelope: { id: 'a', more: 1 } }, 'refused', 'device_envelope'],
    ['no device key id', { device_key_id: ' ' }, 'refused', 'device_key_id is missing'],
    ['a member that is not known', { more: 1 }, 'refused', 'not known'],
  ])('with %s is refused', (_name, change, kind, why) => {
    const error = failure({ ...file, ...change }, device);
    expect(error.kind).toBe(kind);
    expect(error.why).toContain(why);
  });

  test('does not take the terminal identity of another device, nor an algorithm that is not known', () => {
    const read = parseWorkspaceDevice(JSON.stringify(file), 'wdk.json');
    const fresh = terminalIdentityFile(makeTerminalIdentity('x25519', '2026-06-13T15:30:00Z'));
    expect(failure(fresh, (text) => parseDeviceIdentity(read, text, 'identity')).why).toContain('not the terminal key');
    expect(failure(JSON.stringify(P256.identity), (text) => parseDeviceIdentity(read, text, 'identity')).kind).toBe('damaged');
    const unknown = parseWorkspaceDevice(JSON.stringify({ ...file, webtty_key_algorithm: 'webtty-new-v9' }), 'wdk.json');
    expect(failure(identity, (text) => parseDeviceIdentity(unknown, text, 'identity')).why).toContain('not known');
    const none = { webtty_public_key: undefined, webtty_key_id: undefined, webtty_key_algorithm: undefined };
    const without = parseWorkspaceDevice(JSON.stringify({ ...file, ...none }), 'wdk.json');
    expect(failure(identity, (text) => parseDeviceIdentity(without, text, 'identity')).why).toContain('no terminal key');
  });
});
