// A keychain in memory with the limit of the smallest real one, that can lose power at a chosen write.

import type { SecretStore } from '../../electron/vault/secret-store.ts';

/** What Windows Credential Manager takes (CRED_MAX_CREDENTIAL_BLOB_SIZE). */
const MAX_BYTES = 2560;

export class PowerCut extends Error {}

export class MemoryStore implements SecretStore {
  readonly items = new Map<string, Buffer>();
  /** Writes and deletions that still happen; after them the power is gone. */
  left = Infinity;
  writes = 0;

  get(name: string): Promise<Buffer | null> {
    const found = this.items.get(name);
    return Promise.resolve(found === undefined ? null : Buffer.from(found));
  }

  set(name: string, secret: Buffer): Promise<void> {
    return this.#write(() => {
      if (secret.length > MAX_BYTES) throw new RangeError(`${name} has ${String(secret.length)} bytes`);
      this.items.set(name, Buffer.from(secret));
    });
  }

  delete(name: string): Promise<void> {
    return this.#write(() => this.items.delete(name));
  }

  async #write(change: () => unknown): Promise<void> {
    await Promise.resolve();
    if (this.left === 0) throw new PowerCut('the power is gone');
    this.left--;
    this.writes++;
    change();
  }
}
