// Signatures against the real ssh-keygen, where it is installed: what it signs is read here, what is signed here it verifies.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  STATEMENT_NAMESPACE,
  allowedSigners,
  fingerprint,
  parsePublicKeyLine,
  parseSignature,
  principal,
  publicKeyLine,
  signSsh,
  signedBytes,
} from '../../../../shared/evidence/sshsig.ts';

const folder = mkdtempSync(join(tmpdir(), 'sshsig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const sha512 = (bytes: Uint8Array): Buffer => createHash('sha512').update(bytes).digest();
const raw = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
const { privateKey } = generateKeyPairSync('ed25519');
const message = Buffer.from('{"_type":"a statement"}\n');
const signed = (): string =>
  signSsh(STATEMENT_NAMESPACE, message, raw(privateKey), { sha512, sign: (bytes) => sign(null, bytes, privateKey) });

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!hasKeygen) console.log('ssh-keygen is not installed: signatures were not compared with it');

describe.skipIf(!hasKeygen)('with ssh-keygen', () => {
  const path = (name: string): string => join(folder, name);
  const keygen = (args: readonly string[], input?: Uint8Array): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync('ssh-keygen', args, { input, encoding: 'utf8' });
    return { status, text: stdout + stderr };
  };

  it('a signature made here is verified by ssh-keygen under the allowed_signers made here', () => {
    writeFileSync(path('s.sig'), signed());
    const name = 'Ada "A,*" Łovelace #1';
    writeFileSync(path('allowed'), allowedSigners([{ name, publicKey: publicKeyLine(raw(privateKey)) }]));
    const args = ['-Y', 'verify', '-f', path('allowed'), '-I', principal(name), '-n', STATEMENT_NAMESPACE, '-s', path('s.sig')];
    expect(keygen(args, message)).toMatchObject({ status: 0 });
    expect(keygen(args, Buffer.concat([message, message]))).not.toMatchObject({ status: 0 });
    expect(keygen(args.with(7, 'git'), message)).not.toMatchObject({ status: 0 });
    expect(keygen(['-Y', 'check-novalidate', '-n', STATEMENT_NAMESPACE, '-s', path('s.sig')], message)).toEqual({
      status: 0,
      text: expect.stringContaining(fingerprint(raw(privateKey), sha256)),
    });
  });

  it('a signature of ssh-keygen is read, written again byte for byte, and holds', () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path('key')]);
    writeFileSync(path('message'), message);
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', path('key'), '-n', 'other-namespace', path('message')], {
      stdio: 'pipe',
    });
    const found = parseSignature(readFileSync(path('message.sig')))!;
    expect(found.namespace).toBe('other-namespace');
    const line = readFileSync(path('key.pub'), 'utf8').trim();
    expect(publicKeyLine(found.publicKey)).toBe(line);
    expect(parsePublicKeyLine(line)).toEqual(found.publicKey);
    expect(execFileSync('ssh-keygen', ['-l', '-f', path('key.pub')], { encoding: 'utf8' })).toContain(
      fingerprint(found.publicKey, sha256),
    );
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), found.publicKey]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(verify(null, signedBytes('other-namespace', sha512(message)), key, found.signature)).toBe(true);
  });
});

it('every changed bit of a signature file is another signature or none', () => {
  const file = Buffer.from(signed());
  const original = parseSignature(file)!;
  expect(original.publicKey).toEqual(new Uint8Array(raw(privateKey)));
  for (let bit = 0; bit < file.length * 8; bit++) {
    const changed = Buffer.from(file);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    const found = parseSignature(changed);
    expect(found, `bit ${String(bit)}`).not.toEqual(original);
  }
});

it('a key line with a blank, a comment, another type or another length is none', () => {
  const line = publicKeyLine(raw(privateKey));
  expect(parsePublicKeyLine(line)).toEqual(new Uint8Array(raw(privateKey)));
  for (const other of [
    `${line} me`,
    ` ${line}`,
    line.replace(' ', '  '),
    line.replace('ed25519', 'ed25518'),
    line.slice(0, -4),
    '',
  ])
    expect(parsePublicKeyLine(other), other).toBeNull();
});
