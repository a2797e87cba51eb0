// The signers of bundles that a library trusts, as its setting keeps them: a fingerprint a line, and behind its first blank whose it is.

export const TRUSTED_SIGNERS = 'bundle.trusted';

export interface TrustedSigner {
  /** `SHA256:` and 43 characters, as ssh-keygen prints it. */
  readonly fingerprint: string;
  readonly name: string;
}

export const isFingerprint = (text: string): boolean => /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);

export function trustedSigners(settings: Readonly<Record<string, string>>): readonly TrustedSigner[] {
  return (settings[TRUSTED_SIGNERS] ?? '').split('\n').flatMap((line) => {
    const [fingerprint = ''] = line.split(' ', 1);
    return fingerprint === '' ? [] : [{ fingerprint, name: line.slice(fingerprint.length + 1) }];
  });
}

/** The setting with one signer more, under a new name where it was there already. */
export function withSigner(signers: readonly TrustedSigner[], { fingerprint, name }: TrustedSigner): string {
  return kept([...without(signers, fingerprint), { fingerprint, name: name.replaceAll(/\s+/g, ' ').trim() }]);
}

export function withoutSigner(signers: readonly TrustedSigner[], fingerprint: string): string {
  return kept(without(signers, fingerprint));
}

const without = (signers: readonly TrustedSigner[], fingerprint: string): readonly TrustedSigner[] =>
  signers.filter((signer) => signer.fingerprint !== fingerprint);

const kept = (signers: readonly TrustedSigner[]): string =>
  signers.map(({ fingerprint, name }) => `${fingerprint} ${name}`.trim()).join('\n');
