// A self-signed certificate for a server on this machine, made anew each time: no key lies in the repository and none expires there.
// DER as in RFC 5280; P-256 with SHA-256.

import { generateKeyPairSync, sign } from 'node:crypto';
import type { Random } from './recordings.ts';

export interface Certificate {
  /** PEM, PKCS#8. */
  readonly key: string;
  /** PEM; also what a client trusts. */
  readonly cert: string;
}

const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];

const DAY_MS = 86_400_000;

function der(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Uint8Array.from(part)));
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const identifier = (bytes: readonly number[]): Buffer => der(0x06, bytes);

/** GeneralizedTime, as RFC 5280 allows from 2050 on and everyone reads before. */
const time = (ms: number): Buffer => der(0x18, Buffer.from(new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')));

const extension = (id: readonly number[], value: Uint8Array): Buffer => sequence(identifier(id), der(0x04, value));

/** A certificate for localhost and 127.0.0.1, good for a day to both sides of `now` (milliseconds since 1970). */
export function makeCertificate(now: number, random: Random): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(identifier(ECDSA_SHA256));
  const name = sequence(der(0x31, sequence(identifier(COMMON_NAME), der(0x0c, Buffer.from('recordings server of the tests')))));
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, [127, 0, 0, 1]));
  const constraints = sequence(der(0x01, [0xff]));
  const content = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x01], random(15)),
    algorithm,
    name,
    sequence(time(now - DAY_MS), time(now + DAY_MS)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(extension(SUBJECT_ALT_NAME, names), extension(BASIC_CONSTRAINTS, constraints))),
  );
  const signed = sequence(content, algorithm, der(0x03, [0], sign('sha256', content, privateKey)));
  const lines = signed.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
