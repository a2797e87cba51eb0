import { expect, test } from 'vitest';
import {
  isFingerprint,
  trustedSigners,
  TRUSTED_SIGNERS,
  withoutSigner,
  withSigner,
} from '../../../../shared/api/trusted-signers.ts';

const [A, B] = ['a', 'B'].map((letter) => `SHA256:${letter.repeat(43)}`) as [string, string];
const read = (value: string): ReturnType<typeof trustedSigners> => trustedSigners({ [TRUSTED_SIGNERS]: value });

test('a library without the setting trusts nobody else', () => {
  expect(trustedSigners({})).toEqual([]);
  expect(read('')).toEqual([]);
});

test('signers are kept with their names, on one line each, and a signer once', () => {
  const one = withSigner([], { fingerprint: A, name: ' Ana\n Ferreira ' });
  expect(read(one)).toEqual([{ fingerprint: A, name: 'Ana Ferreira' }]);
  const two = withSigner(read(one), { fingerprint: B, name: '' });
  expect(two.split('\n')).toEqual([`${A} Ana Ferreira`, B]);
  expect(read(withSigner(read(two), { fingerprint: A, name: 'Ana' }))).toEqual([
    { fingerprint: B, name: '' },
    { fingerprint: A, name: 'Ana' },
  ]);
  expect(read(withoutSigner(read(two), A))).toEqual([{ fingerprint: B, name: '' }]);
});

test('a fingerprint is what ssh-keygen prints', () => {
  expect([A, `${A}=`, A.slice(0, -1), `MD5:${'a'.repeat(43)}`, ` ${A}`].map(isFingerprint)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
