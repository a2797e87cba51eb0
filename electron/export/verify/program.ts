// verify.mjs: the verifier that lies in every bundle, one file without dependencies, for Node 20 and later. build/bundle.ts makes it of
// this file and what it imports.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { reportLines } from '../../../shared/evidence/bundle/report-text.ts';
import { pemCertificates } from '../../../shared/evidence/time-stamp-signature.ts';
import { harmlessJson, visible } from '../../../shared/recording/safe-text.ts';
import { verdictExit, verifyBundleAt } from './verify.ts';

const HELP = `Verifies an evidence bundle of Exhibit.

  node verify.mjs BUNDLE.zip [--trust FINGERPRINT]... [--tsa CERTIFICATE.pem]... [--quick] [--json]
  node exhibit/verify/verify.mjs .          in the folder that a bundle was unpacked into

  --trust   a signer that you know: the fingerprint (SHA256:...), which you got by another way than the bundle
  --tsa     the certificate of a time-stamping authority that you trust
  --quick   leaves out the last step, deriving again what the recordings hold, which takes longer than all others
  --json    the report as JSON

Exit codes: 0 everything holds and every signer was given; 4 everything holds, but not every signer is known; 3 it does not hold, or
nobody signed it; 2 wrong usage; 1 it could not be read.
`;

/** Says what cannot be read, in a sentence and not in the words of the system. */
function unread(path: string, { code, message }: NodeJS.ErrnoException): Error {
  switch (code) {
    case 'ENOENT':
      return new Error(`there is no file or folder ${path}`);
    case 'EACCES':
    case 'EPERM':
      return new Error(`you may not read ${path}`);
    default:
      return new Error(`${path} could not be read: ${message}`);
  }
}

function certificatesIn(path: string): readonly Uint8Array[] {
  try {
    return pemCertificates(readFileSync(path, 'utf8'));
  } catch (error) {
    throw unread(path, error as NodeJS.ErrnoException);
  }
}

async function main(words: readonly string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        trust: { type: 'string', multiple: true, default: [] },
        tsa: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`verify: ${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  const { values, positionals } = parsed;
  const [path, ...more] = positionals;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const wrong = values.trust.find((fingerprint) => !/^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint));
  if (path === undefined || more.length > 0 || wrong !== undefined) {
    process.stderr.write(wrong === undefined ? HELP : `verify: ${JSON.stringify(wrong)} is no fingerprint\n\n${HELP}`);
    return 2;
  }
  try {
    const authorities = values.tsa.flatMap(certificatesIn);
    const request = { trusted: new Set(values.trust), authorities, quick: values.quick };
    const report = await verifyBundleAt(path, request).catch((error: unknown) => {
      throw unread(path, error as NodeJS.ErrnoException);
    });
    const text = values.json ? harmlessJson(JSON.stringify(report, null, 2)) : reportLines(report).map(visible).join('\n');
    process.stdout.write(`${text}\n`);
    return verdictExit(report);
  } catch (error) {
    process.stderr.write(`verify: ${visible((error as Error).message)}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
