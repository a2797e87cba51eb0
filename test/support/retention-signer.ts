// A device's key for certificates, for tests.

import { generateKeyPairSync, sign } from 'node:crypto';
import type { PurgeSigner } from '../../electron/core/purge-certificate.ts';

export function testSigner(): PurgeSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { name: 'tester', version: '0.0.0', publicKey: () => bytes, sign: (message) => sign(null, message, privateKey) };
}
