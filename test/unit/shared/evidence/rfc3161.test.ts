// Time stamps against the real openssl, where it is installed: an authority of a moment stamps a request that was made here, and its answer
// is read, checked, and changed.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_EFFECTS } from '../../../../electron/export/verify/node-effects.ts';
import { judgeAnswer } from '../../../../shared/evidence/bundle/time-stamps.ts';
import { verifyZip } from '../../../../shared/evidence/bundle/verify-bundle.ts';
import { readTimeStampResponse, timeStampRequest } from '../../../../shared/evidence/rfc3161.ts';
import { pemCertificates } from '../../../../shared/evidence/time-stamp-signature.ts';
import { PRODUCER, fingerprintOf, packBundle, sampleSpec, sha256, testBundle } from '../../../support/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'rfc3161-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
if (!hasOpenssl) console.log('openssl is not installed: time stamps were not compared with it');

const path = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): string =>
  execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

const CONFIG = `
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = ${path('serial')}
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = yes
ess_cert_id_alg = sha256
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
extendedKeyUsage = critical, timeStamping
[other]
extendedKeyUsage = serverAuth
[req]
distinguished_name = dn
[dn]
`;

type Kind = 'rsa' | 'ec';

/** An authority with a root of its own. */
function makeAuthority(kind: Kind): { readonly root: Uint8Array; answer(request: Uint8Array): Uint8Array } {
  const name = (file: string): string => `${kind}-${file}`;
  const key = kind === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const config = ['-config', path('openssl.cnf')];
  openssl(
    'req',
    '-x509',
    ...key,
    '-nodes',
    '-keyout',
    name('ca.key'),
    '-out',
    name('ca.pem'),
    '-subj',
    `/CN=root ${kind}`,
    '-days',
    '30',
    ...config,
    '-extensions',
    'ca',
  );
  openssl('req', ...key, '-nodes', '-keyout', name('tsa.key'), '-out', name('tsa.csr'), '-subj', `/CN=stamps ${kind}`, ...config);
  openssl(
    'x509',
    '-req',
    '-in',
    name('tsa.csr'),
    '-CA',
    name('ca.pem'),
    '-CAkey',
    name('ca.key'),
    '-CAcreateserial',
    '-out',
    name('tsa.pem'),
    '-days',
    '20',
    '-extfile',
    path('openssl.cnf'),
    '-extensions',
    'leaf',
  );
  return {
    root: pemCertificates(readFileSync(path(name('ca.pem')), 'utf8'))[0]!,
    answer: (request) => {
      writeFileSync(path(name('request.tsq')), request);
      openssl(
        'ts',
        '-reply',
        '-config',
        path('openssl.cnf'),
        '-section',
        'tsa_config',
        '-queryfile',
        name('request.tsq'),
        '-signer',
        name('tsa.pem'),
        '-inkey',
        name('tsa.key'),
        '-chain',
        name('ca.pem'),
        '-out',
        name('answer.tsr'),
      );
      return readFileSync(path(name('answer.tsr')));
    },
  };
}

describe.skipIf(!hasOpenssl)('with openssl', () => {
  const signature = Buffer.from('-----BEGIN SSH SIGNATURE-----\nof a test\n');
  const request = timeStampRequest(signature, sha256);
  const authorities = new Map<Kind, ReturnType<typeof makeAuthority>>();

  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path('openssl.cnf'), CONFIG);
    writeFileSync(path('serial'), '1000\n');
    for (const kind of ['rsa', 'ec'] as const) authorities.set(kind, makeAuthority(kind));
  });

  it('openssl reads the request as one for the SHA-256 of the signature, with a nonce, asking for certificates', () => {
    writeFileSync(path('own.tsq'), request);
    const text = openssl('ts', '-query', '-in', path('own.tsq'), '-text');
    expect(text).toContain('Hash Algorithm: sha256');
    expect(text).toContain('Certificate required: yes');
    expect(text).toMatch(/Nonce: 0x[0-9A-F]{10,16}/);
    const dump = text.replaceAll(/.* - ((?:[0-9a-f]{2}[ -]?)+)  .*\n/g, (_, hex: string) => hex.replaceAll(/[ -]/g, ''));
    expect(dump).toContain(createHash('sha256').update(signature).digest('hex'));
  });

  it.each(['rsa', 'ec'] as const)(
    'an answer of an authority (%s) is attested where its root was given, and only there',
    async (kind) => {
      const { root, answer } = authorities.get(kind)!;
      const bytes = answer(request);
      const judge = (given: readonly Uint8Array[], of: Uint8Array = signature): ReturnType<typeof judgeAnswer> =>
        judgeAnswer(bytes, of, given, NODE_EFFECTS);
      expect(await judge([root])).toMatchObject({ attested: true });
      expect(await judge([])).toMatchObject({
        attested: false,
        why: 'no certificate of an authority was given to check it against',
      });
      const stranger = authorities.get(kind === 'rsa' ? 'ec' : 'rsa')!.root;
      expect(await judge([stranger])).toMatchObject({
        attested: false,
        why: 'its certificate does not lead to one that was given',
      });
      expect(await judge([root], Buffer.from('another signature'))).toEqual({ refused: 'it is a time stamp of something else' });
      writeFileSync(path('signature'), signature);
      expect(
        openssl(
          'ts',
          '-verify',
          '-data',
          path('signature'),
          '-in',
          path(`${kind}-answer.tsr`),
          '-CAfile',
          path(`${kind}-ca.pem`),
        ),
      ).toContain('OK');
    },
  );

  it('the time, number and digest are those that openssl shows', () => {
    const found = readTimeStampResponse(authorities.get('rsa')!.answer(request));
    if (found.kind !== 'granted') throw new Error(found.kind);
    const text = openssl('ts', '-reply', '-in', path('rsa-answer.tsr'), '-text');
    const shown = new Date(/Time stamp: (.*)/.exec(text)![1]!).toISOString().replace('.000Z', 'Z');
    expect(found.token.time).toBe(shown);
    expect(text).toContain(`Serial number: 0x${found.token.serial.toUpperCase()}`);
    expect(found.token.certificates).toHaveLength(2);
  });

  const CA = 'basicConstraints=critical,CA:TRUE';
  const STAMPS = 'extendedKeyUsage=critical,timeStamping';
  it.each([
    ['whole', [CA, CA], STAMPS, true],
    ['with usages', [`${CA}\nkeyUsage=critical,keyCertSign,cRLSign`, CA], `${STAMPS}\nkeyUsage=critical,digitalSignature`, true],
    ['with an issuer that may not sign certificates', [`${CA}\nkeyUsage=critical,cRLSign`, CA], STAMPS, false],
    ['longer than its root allows', [CA, `${CA},pathlen:0`], STAMPS, false],
    ['as long as its root allows', [`${CA},pathlen:0`, `${CA},pathlen:1`], STAMPS, true],
    ['with a critical extension that nobody knows', [CA, CA], `${STAMPS}\n1.2.3.4.5=critical,ASN1:NULL`, false],
    ['with an issuer of such an extension', [`${CA}\n1.2.3.4.5=critical,ASN1:NULL`, CA], STAMPS, false],
    ['with a key for certificates', [CA, CA], `${STAMPS}\nkeyUsage=critical,keyCertSign`, false],
  ] as const)('a chain %s is attested where openssl says OK, and only there', async (name, authority, leaf, holds) => {
    const of = (file: string): string => `${name.replaceAll(' ', '-')}.${file}`;
    const signed = (file: string, extensions: string, by: string | null): void => {
      writeFileSync(path(of(`${file}.ext`)), `${extensions}\n`);
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', of(`${file}.key`)];
      openssl('req', ...key, '-out', of(`${file}.csr`), '-subj', `/CN=${file} ${name}`, '-config', path('openssl.cnf'));
      const issuer =
        by === null ? ['-key', of(`${file}.key`)] : ['-CA', of(`${by}.pem`), '-CAkey', of(`${by}.key`), '-CAcreateserial'];
      const sign = by === null ? '-signkey' : '';
      const how = sign === '' ? issuer : [sign, of(`${file}.key`)];
      openssl(
        'x509',
        '-req',
        '-in',
        of(`${file}.csr`),
        ...how,
        '-days',
        '20',
        '-extfile',
        of(`${file}.ext`),
        '-out',
        of(`${file}.pem`),
      );
    };
    signed('root', authority[1], null);
    signed('middle', authority[0], 'root');
    signed('leaf', leaf, 'middle');
    writeFileSync(path(of('chain.pem')), readFileSync(path(of('middle.pem'))));
    const files = ['-queryfile', of('tsq'), '-signer', of('leaf.pem'), '-inkey', of('leaf.key'), '-chain', of('chain.pem')];
    writeFileSync(path(of('tsq')), request);
    const made = spawnSync(
      'openssl',
      ['ts', '-reply', '-config', path('openssl.cnf'), '-section', 'tsa_config', ...files, '-out', of('tsr')],
      { cwd: folder },
    );
    // openssl does not stamp with a certificate that is not for it.
    if (made.status !== 0) return expect(holds).toBe(false);
    const against = ['-CAfile', of('root.pem'), '-queryfile', of('tsq')];
    const theirs = spawnSync('openssl', ['ts', '-verify', '-in', of('tsr'), ...against], { cwd: folder, encoding: 'utf8' });
    const [root] = pemCertificates(readFileSync(path(of('root.pem')), 'utf8'));
    const ours = await judgeAnswer(readFileSync(path(of('tsr'))), signature, [root!], NODE_EFFECTS);
    expect({ ours: 'attested' in ours && ours.attested, theirs: theirs.status === 0 }).toEqual({ ours: holds, theirs: holds });
  });

  it('every changed bit of an answer is refused, or no longer attested, or lies in what the authority did not sign', async () => {
    const { root, answer } = authorities.get('ec')!;
    const bytes = Buffer.from(answer(request));
    const uncovered: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const found = await judgeAnswer(changed, signature, [root], NODE_EFFECTS);
      if ('attested' in found && found.attested) uncovered.push(bit >> 3);
    }
    // Versions, names of digests, and who the signer is by name: the CRC-32 of the ZIP covers these.
    expect(new Set(uncovered).size).toBeLessThan(100);
  });

  it('a bundle with a time stamp is attested, with another one it is altered', async () => {
    const { root, answer } = authorities.get('ec')!;
    const files = testBundle(sampleSpec(), [PRODUCER]);
    const name = 'signatures/01-producer.json.sig';
    const verify = async (tsr: Uint8Array): ReturnType<typeof verifyZip> => {
      const { zip } = packBundle(new Map(files).set(`${name}.tsr`, Buffer.from(tsr)));
      const read = (from: number, to: number): Promise<Uint8Array> => Promise.resolve(zip.subarray(from, to));
      return verifyZip(zip.length, read, NODE_EFFECTS, { trusted: new Set([fingerprintOf(PRODUCER.key)]), authorities: [root] });
    };
    expect(await verify(answer(files.get(`${name}.tsq`)!))).toMatchObject({ verdict: 'TRUSTED', time: 'ATTESTED' });
    expect(await verify(answer(request))).toMatchObject({
      verdict: 'ALTERED',
      failures: [{ file: `${name}.tsr`, reason: 'it is a time stamp of something else' }],
    });
  });
});

it('what is no answer is said to be none', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('nonsense'),
    Buffer.from([0x30, 0x80, 0, 0]),
    Buffer.from([0x30, 3, 2, 1, 0]),
  ])
    expect(readTimeStampResponse(bytes).kind).toBe('unreadable');
  expect(readTimeStampResponse(Buffer.from([0x30, 5, 0x30, 3, 2, 1, 2]))).toEqual({ kind: 'refused', status: 2 });
});
