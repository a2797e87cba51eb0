// Sweeps a library, as a process of its own that can be killed: folder, key in hex, signing key as PKCS #8 in hex. Says one line for each recording that
// it has purged, and `done`.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createRetention } from '../../../../electron/core/retention.ts';
import { openLibrary } from '../../../../electron/library/library.ts';

const [folder, key, secret] = process.argv.slice(2) as [string, string, string];
const privateKey = createPrivateKey({ key: Buffer.from(secret, 'hex'), format: 'der', type: 'pkcs8' });
const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
const now = Date.UTC(2026, 10, 21);
const library = openLibrary({
  folder,
  key: Buffer.from(key, 'hex'),
  now: () => ({ wall: new Date(now).toISOString(), monotonic_ms: 0 }),
  program: 'sweep program',
});
const retention = createRetention({
  library,
  wallClock: () => now,
  uptime: { seconds: () => 1, machine: () => 'm', boot: () => 'b' },
  actor: 'tester',
  purpose: () => '',
  signer: { name: 'tester', version: '0.0.0', publicKey: () => publicKey, sign: (message) => sign(null, message, privateKey) },
  purged: (sessions) => writeSync(1, sessions.map((id) => `${id}\n`).join('')),
  changed: () => undefined,
  failed: (error) => {
    throw error;
  },
});
await retention.close();
library.close();
writeSync(1, 'done\n');
