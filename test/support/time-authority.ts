// A time-stamping authority of its own, as openssl makes one: for tests that join time stamps. Null where openssl is not here.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TimeAuthority {
  /** The answer to a request, DER. */
  answer(request: Uint8Array): Uint8Array;
  /** Its certificate, PEM. */
  readonly certificate: string;
  /** Checks an answer about these bytes as a stranger would. Throws where it does not hold. */
  verify(answer: Uint8Array, data: Uint8Array): void;
}

const CONFIG = `[tsa]
default_tsa=t
[t]
serial=serial
crypto_device=builtin
signer_cert=tsa.pem
certs=tsa.pem
signer_key=tsa.key
signer_digest=sha256
default_policy=1.2.3.4
digests=sha256
ess_cert_id_alg=sha256
[req]
distinguished_name=dn
[dn]
[x]
extendedKeyUsage=critical,timeStamping
keyUsage=critical,digitalSignature
basicConstraints=critical,CA:false
`;

/** `folder`: where its files lie; one of its own. */
export function timeAuthority(folder: string): TimeAuthority | null {
  const at = (name: string): string => join(folder, name);
  const openssl = (line: string): void => {
    const { error, status, stderr } = spawnSync('openssl', line.split(' '), { cwd: folder, encoding: 'utf8' });
    if (error !== undefined || status !== 0) throw error ?? new Error(`openssl ${line}: ${stderr}`);
  };
  if (spawnSync('openssl', ['version']).error !== undefined) return null;
  writeFileSync(at('tsa.cnf'), CONFIG);
  writeFileSync(at('serial'), '01\n');
  openssl(
    'req -x509 -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.pem -subj /CN=authority -config tsa.cnf -extensions x -days 30',
  );
  return {
    answer: (request) => {
      writeFileSync(at('ask.tsq'), request);
      openssl('ts -reply -config tsa.cnf -queryfile ask.tsq -out ask.tsr');
      return Uint8Array.from(readFileSync(at('ask.tsr')));
    },
    certificate: readFileSync(at('tsa.pem'), 'utf8'),
    verify: (answer, data) => {
      writeFileSync(at('check.tsr'), answer);
      writeFileSync(at('data'), data);
      openssl('ts -verify -data data -in check.tsr -CAfile tsa.pem');
    },
  };
}
