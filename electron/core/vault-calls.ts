// Calls about the library's life: made, unlocked, locked, its protection changed.

import type { Desk, Handlers } from './desk.ts';

export function vaultCalls({
  custodian,
  emit,
}: Desk): Handlers<'vault.status' | 'vault.create' | 'vault.unlock' | 'vault.lock' | 'vault.change'> {
  const told = (): ReturnType<typeof custodian.status> => {
    const status = custodian.status();
    emit('vault', status);
    return status;
  };
  return {
    'vault.status': () => custodian.status(),
    'vault.create': async ({ protection, passphrase }) => {
      await custodian.create(protection, passphrase);
      return told();
    },
    'vault.unlock': async ({ passphrase }) => {
      await custodian.unlock(passphrase);
      return {
        output: told(),
        subject: 'library',
        details: { pinned: await custodian.pinned(), custody: custodian.status().custody?.state ?? null },
      };
    },
    'vault.lock': async () => {
      await custodian.lock();
      return told();
    },
    'vault.change': async ({ protection, passphrase, current }) => {
      await custodian.vault.change(protection, passphrase, current);
      return { output: told(), subject: 'library', details: { protection } };
    },
  };
}
