// Every form of secret: what it is found in, with the secret alone as its place, and what only looks like it. All values are made up, and put
// together here so that no scanner of source code takes them for real ones.

import { describe, expect, test } from 'vitest';
import { SECRET_PATTERNS, findSecrets } from '../../../../shared/query/secrets.ts';

/** Characters of an alphabet in a fixed, unordered row. */
function some(count: number, alphabet = 'aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8C1'): string {
  let text = '';
  for (let i = 0, at = 7; i < count; i++, at = (at * 31 + i * 7 + 11) % 1009) text += alphabet[at % alphabet.length]!;
  return text;
}
const hex = (count: number): string => some(count, '0123456789abcdef');
const base32 = (count: number): string => some(count, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const webToken = [base64url('{"typ":"JWT","alg":"HS256"}'), base64url('{"sub":"1"}'), some(43)].join('.');

/** Text with the secret between « and »; the marks are taken out before it is looked at. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'aws-access-key-id': [`aws_access_key_id = «AKIA${base32(16)}»`, `key:«ASIA${base32(16)}»,`],
  'aws-secret-key': [
    `aws_secret_access_key = «${some(38)}/+»`,
    `AWS Secret Access Key [None]: «${some(40)}»`,
    `"SecretAccessKey": "«${some(40)}»",`,
  ],
  'aws-session-token': [`export AWS_SESSION_TOKEN=«${some(200)}»`],
  'gcp-api-key': [`https://maps.example/js?key=«AIza${some(35)}»&v=3`],
  'gcp-service-account': [`  "private_key_id": "«${hex(40)}»",`],
  'google-oauth': [`Bearer «ya29.${some(60)}»`, `"client_secret":"«GOCSPX-${some(28)}»"`],
  'azure-storage-key': [`DefaultEndpointsProtocol=https;AccountName=logs;AccountKey=«${some(86)}==»;EndpointSuffix=x`],
  'azure-sas': [`https://logs.blob.example/c?sv=2024-01-01&se=2026-11-21&sig=«${some(43)}%3D»`],
  'azure-client-secret': [`az login --service-principal -u app -p «${some(3)}8Q~${some(34)}» --tenant x`],
  'digitalocean-token': [`doctl auth init -t «dop_v1_${hex(64)}»`],
  'github-token': [`git clone https://«ghp_${some(36)}»@github.example/a/b`, `gh: «github_pat_${some(22)}_${some(59)}»`],
  'gitlab-token': [`PRIVATE-TOKEN: «glpat-${some(20)}»`, `gitlab-runner register --token «glrt-${some(20)}»`],
  'npm-token': [`//registry.example/:_authToken=«npm_${some(36)}»`],
  'pypi-token': [`twine upload -u __token__ -p «pypi-AgE${some(80)}» dist/*`],
  'docker-token': [`echo «dckr_pat_${some(27)}» | docker login -u x --password-stdin`],
  'slack-token': [
    `«xoxc-${some(12, '0123456789')}-${some(12, '0123456789')}-${hex(64)}»`,
    `d=«xoxd-${some(40)}%2F${some(30)}%3D»;`,
    `SLACK=«xoxb-${some(12, '0123456789')}-${some(24)}»`,
  ],
  'slack-webhook': [`curl -d x https://hooks.slack.com/«services/T${some(9)}/B${some(9)}/${some(24)}»`],
  'stripe-key': [`curl https://api.example/v1 -u «sk_live_${some(24)}»:`],
  'twilio-key': [`sid «SK${hex(32)}»`],
  'sendgrid-key': [`«SG.${some(22)}.${some(43)}»`],
  'model-key': [
    `HF=«hf_${some(34, 'aBcDeFgHiJkLmNoPqRsTuVwXyZ')}»`,
    `k: «sk-or-v1-${hex(64)}»`,
    `k: «sk-${hex(32)}»`,
    `OPENAI=«sk-proj-${some(48)}»`,
    `x: «hf_${some(34)}»`,
  ],
  'databricks-token': [`token «dapi${hex(32)}»`],
  'stackshift-token': [`stack login «sspat_${some(32)}»`],
  'rstream-token': [`RSTREAM_AUTHENTICATION_TOKEN=«${some(40)}»`, `rstream login --rstream-token «${some(30)}»`],
  'vault-token': [`vault login «hvs.${some(90)}»`, `token  «s.${some(24)}»`],
  'vault-unseal-key': [`Unseal Key 1: «${some(43)}=»`],
  'kubernetes-credential': [`    client-key-data: «${some(120)}»`, `kubeadm join 10.0.0.1:6443 --token «${hex(6)}.${hex(16)}»`],
  'web-token': [`cookie: session=«${webToken}»;`],
  'private-key': ['«-----BEGIN RSA PRIVATE KEY-----»', '«PuTTY-User-Key-File-3»: ssh-ed25519', `«AGE-SECRET-KEY-1${base32(58)}»`],
  'password-hash': [
    `ops:«$6$${some(16)}$${some(86)}»:19000:0:99999:7:::`,
    `admin:«$2y$10$${some(53)}»`,
    `root:«$y$j9T$${some(22)}$${some(43)}»:1`,
  ],
  'one-time-seed': [`otpauth://totp/ops?issuer=x&secret=«${base32(32)}»`, `Your new secret key is: «${base32(26)}»`],
  'database-url': ['psql postgres://app:«hunter2»@db-1/orders', 'DATABASE_URL=mongodb+srv://u:«p%40ss»@c.example/x'],
  'database-connection': [
    'Server=db-1;Database=orders;User Id=sa;Password=«hunter2»;',
    "psql 'host=db-1 user=app password=«hunter2»'",
  ],
  'url-password': ['git clone https://ops:«hunter2»@git.example/x.git', 'curl ftp://ops:«a:b»@files.example/'],
  'password-option': [
    'az storage blob list --account-key «abc123+def==»',
    'tool --password «HUNTERTWO» x',
    'tool --password --token «hunter2»',
    'tool --password «hunter2»',
    'tool --admin-password=«hunter2» -v',
    "x --client-secret '«two words»'",
  ],
  'database-client-password': [
    "mysql -u root -p'«$uper$ecr3t»' x",
    "mysql -p'«Xk9#mQ2}»'",
    'mysql -e "a; b" -p«hunter2» x',
    'mysqladmin -f -p«HUNTERTWO» drop x',

    'mysql -u root -p«hunter2» orders',
    'redis-cli -h cache -a «hunter2» ping',
    'sqlcmd -S db -U sa -P «Hunter2»',
  ],
  sshpass: [
    "sshpass -p '«Tr(ub4dor7»' ssh h",
    'sshpass -p «HUNTERTWO» ssh h',
    "sshpass -p '«P@ss{w0rd»' ssh h",
    'sshpass -v -p «my-Secret-99» ssh -p 2222 h',
    'sshpass -p «secret» ssh h',
    'sshpass -p «hunter2» ssh root@web-1',
    "sshpass -p'«two words»' scp a b:",
  ],
  'http-client-password': [
    'curl -u "$USER:$PASS" https://x && curl -u b:«0therPw77» https://y',
    'curl -u a:«S3cr3tPw9» https://x && curl -u b:$PW https://y',
    "curl -u 'admin:«Blue Harbor7»' https://h",
    'curl -sku admin:«Quartz881» https://h',
    'curl -d "a;b" -u u:«hunter2» https://h',
    'curl -u :«Quartz881» https://h',
    "curl -u admin:'«Blue Harbor7»' https://h",

    'curl -s -u ops:«hunter2» https://x',
    'curl --user=ops:«hunter2» https://x',
    'http -a ops:«hunter2» :8080',
  ],
  'command-password': [
    'docker --config d login -p «hunter2» r',
    'htpasswd -nb ops «hunter2»',
    'htpasswd -n -B -C 10 -b ops «hunter2»',
    'unzip -oP «hunter2» a.zip',
    'openssl enc -aes-256-cbc -k «hunter2» -in a',
    'openssl enc -password pass:«hunter2»',
    "openssl rsa -passin 'pass:«two words»'",
    "openssl enc -pass 'pass:«hunter2»' -in a",
    "smbclient //nas/x -U 'ops%«two words»'",

    'docker login -u ops -p «hunter2» registry.example',
    'ldapsearch -x -D cn=admin -w «hunter2» -b dc=x',
    'smbclient //nas/x -U ops%«hunter2»',
    'openssl rsa -in k.pem -passin pass:«hunter2»',
    'htpasswd -cb users ops «hunter2»',
    'zip -r -P «hunter2» out.zip data',
  ],
  'piped-password': [
    'printf %s «hunter2» | docker login --password-stdin',
    'docker --config d login --password-stdin <<< «hunter2»',
    "printf '%s\\\\n' '«two words»' | docker --config d login -u x --password-stdin",
    "echo 'ops:«two words»' | sudo chpasswd",
    "chpasswd <<< 'ops:«hunter2»'",
    "echo '«hunter2»' | sudo -S id",
    'echo ops:«hunter2» | sudo chpasswd',
  ],
  'password-variable': [
    "PGPASSWORD='«@Winter2025»' psql",
    'DB_PASS=«hunter2» app',
    'DB_PASSWORD=«HUNTERTWO» app',
    'SMTP_PASS=«hunter2»',
    'REDISCLI_AUTH=«hunter2» redis-cli',
    'export AZURE_STORAGE_KEY=«abc123def»',
    'PGPASSWORD=«hunter2» psql',
    'export DB_PASSWORD="«two words»"',
    'env MYSQL_PWD=«hunter2» mysql',
  ],
  'authorization-header': [`curl -H 'Authorization: Bearer «${some(30)}»' https://x`, `-H "X-Vault-Token: «${some(26)}»"`],
  'basic-header': [`Authorization: Basic «${base64('ops:hunter2')}»`],
  'registry-credential': [`//registry.example/:_authToken=«${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}»`],
  'netrc-password': ['machine git.example login ops password «hunter2»'],
  'database-role-password': [
    "ALTER USER ops PASSWORD '«hunter2»';",
    "CREATE USER ops PASSWORD '«hunter2»'",
    "CREATE USER ops IDENTIFIED BY '«$uper$ecr3t»'",
    "ALTER LOGIN sa WITH PASSWORD = N'«it''s me»'",
    "CREATE USER ops IDENTIFIED BY '«hunter2»';",
    "ALTER ROLE ops WITH PASSWORD '«hunter2»';",
  ],
  'ansible-password': [
    'web-1 ansible_host=10.0.0.1 ansible_become_pass=«hunter2»',
    'ansible_ssh_pass: «vagrant»',
    '"ansible_sudo_pass": «"hunter2"»,',
  ],
  'password-assignment': ['login=ops&password=«hunter»&go=1', 'api_key=«abcdef123456»'],
  'password-setting': ['  password: «Tr0ub4dor&3»', '"client_secret": «"9f8e-77aa-XY"»,'],
};

/** Look-alikes: nothing at all is found in them. */
const NOT_FOUND: readonly string[] = [
  `AKIA${base32(15)}`,
  `XAKIA${base32(16)}`,
  `secret_access_key = ${'a'.repeat(40)}`,
  'session_token = none',
  `AIza${some(20)}`,
  '"private_key": "PATH"',
  'https://x.example/?sig=short',
  'ghp_short and github_pat_x',
  'the glpat- prefix of tokens',
  `npm install ${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  'xoxb-your-token-goes-here',
  'sk-learn-is-a-library-of-python-programs',
  'task-management-and-other-things-that-people-do',
  'sspat_your_token_here_please',
  'hvs.CAES',
  'ls.ABCDEFGHIJKLMNOPQRSTUVWX1234',
  'eyJhbGciOiJ.not.aToken',
  '-----BEGIN PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----',
  '$1$short',
  'https://git.example:8443/x@y',
  'https://user:<password>@host/',
  'postgres://user:$PASSWORD@host/db',
  'ssh://git@host:22/x',
  'usage: tool [--password PASSWORD] [--token TOKEN]',
  '  --token string      Bearer token for authentication',
  '--password-file /run/secrets/db',
  'tool --password "$DB_PASSWORD"',
  'mysql -u root -p orders',
  'mysql --port 3306 --protocol tcp',
  'sshpass -f /run/pw ssh web-1',
  'sshpass -e ssh web-1',
  'curl -u "$USER:$PASS" https://x',
  'curl -u ops https://x',
  'docker run -p 8080:80 nginx',
  'DB_PASSWORD=$(pass show db)',
  '//registry.example/:_authToken=${NPM_TOKEN}',
  'TOKEN=${TOKEN:-}',
  'SECRET_FILE=/run/secrets/x',
  'Authorization: Bearer $TOKEN',
  'Authorization: Bearer <token>',
  "IDENTIFIED BY '***'",
  'Password: ',
  '[sudo] password for ops: ',
  'password: string;',
  'passwd: password updated successfully',
  'Retype new password:',
  'password = getpass.getpass()',
  'this.password = options.password;',
  'password=self.install_id,',
  'docker build --secret id=mytoken .',
  'docker build --secret type=file,id=mytoken,src=token.txt .',
  'AWS_SECRET_ACCESS_KEY=****************ABCD',
  'password: !vault |',
  'ansible_become_pass: !vault |',
  'ansible_become_pass: "{{ vault_pass }}"',
  'mysqladmin ping -proto=tcp',
  'mysql -port 3306 orders',
  "mysql -p'${DB_PASSWORD}' orders",
  'sshpass -p "$PW" ssh h',
  'sshpass -p DB_PASSWORD ssh h',
  'sshpass -p <password> ssh h',
  'sshpass -p XXXX ssh h',
  'curl -u user:password https://x',
  'curl -Hauthorization:nothing https://x',
  'curl https://x; docker run -u 1000:1000 x',
  'htpasswd -n ops and more',
  'curl --user "key:secret" https://x',
  'tool --password my-own-password',
  'SECRET_KEY=YOURSECRETKEYGOESHERE',
  'imap_pass="`gpg --decrypt account.gpg`"',
  'echo done | tee log',
  'tokens=12345678',
];

const bare = (marked: string): string => marked.replaceAll(/[«»]/g, '');

describe.each(SECRET_PATTERNS.map((pattern) => [pattern.id, pattern] as const))('%s', (id, pattern) => {
  test('is found, the secret alone', () => {
    expect(FOUND[id]).toBeDefined();
    for (const marked of FOUND[id]!) {
      const secret = marked.slice(marked.indexOf('«') + 1, marked.indexOf('»'));
      const text = bare(marked);
      const found = findSecrets(text).filter((finding) => finding.pattern === pattern);
      expect(found.map(({ start, end }) => text.slice(start, end).replaceAll(/^["']|["']$/g, ''))).toEqual([
        secret.replaceAll(/^["']|["']$/g, ''),
      ]);
    }
  });
  test('has a name and says what it is', () => {
    expect(pattern.name.length).toBeGreaterThan(5);
    expect(pattern.description.length).toBeGreaterThan(10);
  });
});

test.each(NOT_FOUND)('nothing is found in %s', (text) => {
  expect(findSecrets(text).map(({ pattern, start, end }) => [pattern.id, text.slice(start, end)])).toEqual([]);
});

const secretsIn = (text: string): string[] => findSecrets(text).map(({ start, end }) => text.slice(start, end));

test('secrets side by side are all found, though one sign parts them', () => {
  const [key, other] = [`AKIA${base32(16)}`, `AKIA${base32(15)}A`];
  expect(secretsIn(`${key},${other}`)).toEqual([key, other]);
  expect(secretsIn(`ghp_${some(36)} ghp_${some(36)}`)).toEqual([`ghp_${some(36)}`, `ghp_${some(36)}`]);
  expect(secretsIn(`${webToken} ${webToken}`)).toEqual([webToken, webToken]);
});

test('every password of a line of commands is found', () => {
  expect(secretsIn('curl -u a:S3cr3tPw9 -U p:Pr0xyPw1 https://x && curl -u b:0therPw77 https://y')).toEqual([
    'S3cr3tPw9',
    'Pr0xyPw1',
    '0therPw77',
  ]);
});

test('the time to look at a line grows with the line', () => {
  const timeOf = (text: string): number => {
    const begin = performance.now();
    findSecrets(text);
    return performance.now() - begin;
  };
  const pieces = [
    'curl -u a:$P && ',
    `AKIA${base32(16)},`,
    'mysql -p"',
    "echo 'x",
    'htpasswd -nb ',
    '-pass pass: ',
    'create user x ',
  ];
  for (const piece of pieces) {
    const [short, long] = [piece.repeat(200), piece.repeat(3200)];
    timeOf(short);
    expect([piece, timeOf(long) < 160 * Math.max(timeOf(short), 1)]).toEqual([piece, true]);
  }
});

test('no two patterns have one id', () => {
  expect(new Set(SECRET_PATTERNS.map(({ id }) => id)).size).toBe(SECRET_PATTERNS.length);
});

test('the body of a private key belongs to it, to its end or as far as it goes', () => {
  const body = Array.from({ length: 3 }, () => some(64)).join('\r\n');
  const whole = `-----BEGIN PRIVATE KEY-----\r\n${body}\r\n-----END PRIVATE KEY-----`;
  const text = `$ cat k.pem\r\n${whole}\r\nops@web-1:~$ exit 0`;
  expect(findSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual([whole]);
  const cut = `-----BEGIN PRIVATE KEY-----\r\n${body}`;
  const broken = `${cut}\r\nops@web-1:~$ exit 0`;
  expect(findSecrets(broken).map(({ start, end }) => broken.slice(start, end))).toEqual([cut]);
});

test('places are those of the whole text, in order', () => {
  const text = 'a\nsshpass -p hunter2 x\n\nmysql -photdog y';
  expect(findSecrets(text).map(({ pattern, start, end }) => [pattern.id, text.slice(start, end)])).toEqual([
    ['sshpass', 'hunter2'],
    ['database-client-password', 'hotdog'],
  ]);
});

test.each([
  ['a word with a digit behind', `password: ${'abcdefghijklmnopqrstuvwxyz'.repeat(2)}1`],
  ['a value of signs', `--password x${'.'.repeat(60_000)}x`],
  ['a line of blanks below a key', `-----BEGIN PRIVATE KEY-----\n${' '.repeat(60_000)}!`],
])('hostile text takes little time: %s', (_name, text) => {
  const start = performance.now();
  findSecrets(text);
  expect(performance.now() - start).toBeLessThan(1000);
});
