// Passwords, which have no form of their own: known by what they stand behind, in addresses, variables, headers and settings. From the manuals
// of the programs; RFC 3986 (addresses), RFC 7617 and RFC 6750 (headers). Those of single commands are in secret-commands.ts.

import { entropy, isAssigned, isBasicPair, isFilledIn, isGiven, isLikelyPassword, isLiteral, isSet } from './secret-checks.ts';
import { ARGUMENT, VALUE } from './secret-commands.ts';
import type { SecretPattern } from './secret-patterns.ts';

const NAMES =
  'password|passwd|passphrase|passcode|secret|api[_-]?key|api[_-]?token|auth[_-]?token|access[_-]?token|client[_-]?secret|secret[_-]?key';

/** Says where a secret is: `--secret id=token,src=file` of docker build, `-password file:name` of openssl. */
const NAMED_SECRET = /^["']?(?:(?:id|type|src|source|env)=|(?:env|file|pass|fd):)/;

export const PASSWORD_PATTERNS: readonly SecretPattern[] = [
  {
    id: 'database-url',
    name: 'Password in a database address',
    description: 'Connection address of a database, cache, queue or directory',
    severity: 'critical',
    source:
      '(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|ldaps?|nats|jdbc:[a-z]{2,20})(?:\\+[a-z0-9]{2,20})?://[^\\s:/@"\']*:(?P<secret>[^\\s@"\'/]+)@',
    flags: 'i',
    check: isFilledIn,
  },
  {
    id: 'database-connection',
    name: 'Password in a connection string',
    description: 'Password beside the server in a connection string (ODBC, ADO.NET, libpq)',
    severity: 'critical',
    source:
      '(?:(?:server|data source|host|user id|uid|database|initial catalog)=[^;\\s]+(?:;|\\s))(?:[^;"\']*[;\\s]){0,8}?\\s*(?:password|pwd)=(?P<secret>[^\\s;"\']{3,})',
    flags: 'i',
    check: isFilledIn,
  },
  {
    id: 'url-password',
    name: 'Password in an address',
    description: 'User and password before the host of a URL',
    severity: 'high',
    source:
      '(?:https?|wss?|ftps?|sftp|ssh|git|svn|smtps?|imaps?|pop3s?|socks[45]h?|smb|rtsps?|vnc|rdp)://[^\\s:/@"\'<>]*:(?P<secret>[^\\s@"\'/<>]+)@[^\\s@]',
    flags: 'i',
    check: isFilledIn,
  },
  {
    id: 'password-option',
    name: 'Password as an option of a command',
    description: 'Long options such as --password, --token, --client-secret with their value',
    severity: 'high',
    source: `(?:^|\\s)--?(?:[a-z]{1,20}-)?(?:${NAMES}|pass|pwd|token|account[_-]?key)(?:=|\\s+)${ARGUMENT}`,
    flags: 'i',
    check: (text) => isSet(text) && !NAMED_SECRET.test(text),
  },
  {
    id: 'password-variable',
    name: 'Password in a variable',
    description: 'Environment variables whose name ends in PASSWORD, SECRET, TOKEN, API_KEY and the like',
    severity: 'high',
    source: `(?:^|[^0-9A-Za-z_$])[0-9A-Z_]*(?:PASSWORD|PASSWD|PASSPHRASE|PASSWORT|_PASS|_PWD|_PW|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|STORAGE_KEY|ACCOUNT_KEY|REDISCLI_AUTH|CREDENTIALS?|SSHPASS|BORG_PASSCOMMAND)=${VALUE}`,
    flags: '',
    check: isSet,
  },
  {
    id: 'authorization-header',
    name: 'Authorization header',
    description: 'Basic, Bearer or Token credentials of HTTP, and headers such as X-Api-Key',
    severity: 'high',
    source:
      '(?:authorization["\']?\\s*[:=]\\s*["\']?(?:bearer|token|digest|negotiate|bot)\\s+|(?:x-api-key|x-auth-token|x-vault-token|private-token|job-token|x-amz-security-token|x-functions-key)["\']?\\s*[:=]\\s*["\']?)(?P<secret>[0-9A-Za-z._~+/=:-]{8,})',
    flags: 'i',
    check: (text) => isFilledIn(text) && entropy(text) >= 2.5,
  },
  {
    id: 'basic-header',
    name: 'Basic authorization',
    description: 'User and password as HTTP sends them',
    severity: 'high',
    source: 'authorization["\']?\\s*[:=]\\s*["\']?basic\\s+(?P<secret>[0-9A-Za-z+/_-]{4,}={0,2})',
    flags: 'i',
    check: isBasicPair,
  },
  {
    id: 'registry-credential',
    name: 'Credential of a package registry',
    description: '_authToken, _auth or _password in an .npmrc',
    severity: 'high',
    source: `:_(?:authToken|auth|password)\\s*=\\s*${VALUE}`,
    flags: '',
    check: isFilledIn,
  },
  {
    id: 'netrc-password',
    name: 'Password of a .netrc',
    description: 'machine, login and password in one line',
    severity: 'high',
    source: 'machine\\s+\\S+\\s+login\\s+\\S+\\s+password\\s+(?P<secret>\\S{3,})',
    flags: 'i',
    check: isFilledIn,
  },
  {
    id: 'database-role-password',
    name: 'Password of a database role',
    description: "IDENTIFIED BY 'password', WITH PASSWORD 'password', CREATE or ALTER USER with PASSWORD 'password'",
    severity: 'high',
    source:
      "(?:identified\\s+(?:with\\s+\\S+\\s+)?by|(?:with|encrypted)\\s+password|(?:create|alter)\\s+(?:user|role|group|login)\\s[^;]*?\\spassword|set\\s+password\\s*(?:for\\s+\\S+\\s*)?=)\\s*=?\\s*(?:password\\()?\\s*[ENen]?'(?P<secret>(?:[^']|''){3,})'",
    flags: 'i',
    check: isLiteral,
  },
  {
    id: 'ansible-password',
    name: 'Password of an Ansible connection',
    description: 'ansible_become_pass, ansible_ssh_pass and the like in an inventory, in variables or on a command line',
    severity: 'high',
    source: `ansible_(?:[a-z]{1,20}_)?pass["']?\\s*[:=]\\s*${VALUE}`,
    flags: '',
    check: isGiven,
  },
  {
    id: 'password-assignment',
    name: 'Password assigned to its name',
    description: 'password=VALUE and the like in output, forms and settings, without a blank',
    severity: 'medium',
    source: `(?:^|[^0-9A-Za-z])(?:(?:[a-z]+[_.-])?(?:${NAMES}|pwd|private[_-]?token)|[a-z]+_pass)=${VALUE}`,
    flags: 'i',
    check: isAssigned,
  },
  {
    id: 'password-setting',
    name: 'Password beside its name',
    description: 'Settings and code in which a password, secret or key has a value that looks like one',
    severity: 'medium',
    source: `(?:^|[^0-9A-Za-z])(?:[a-z]{1,20}[_.-])?(?:${NAMES}|pwd|private[_-]?token)["']?(?:\\s*(?:=>|:=|:)\\s*|\\s+=\\s*|=\\s+)(?P<secret>"[^"\\s]{6,}"|'[^'\\s]{6,}'|[^\\s"'|;<>\`,]{6,})`,
    flags: 'i',
    check: isLikelyPassword,
  },
];
