// Passwords, which have no form of their own: known by what they stand behind, in addresses, on command lines and in settings. From the manuals
// of the programs; RFC 3986 (addresses), RFC 7617 and RFC 6750 (headers).

import { entropy, isAssigned, isBasicPair, isFilledIn, isLikelyPassword } from './secret-checks.ts';
import type { SecretPattern } from './secret-patterns.ts';

/** A value behind the name of an option or a variable: in quotes, or up to a blank or what ends a command. */
const VALUE = `(?P<secret>"[^"]{3,}"|'[^']{3,}'|[^\\s"'|;&<>\`]{3,})`;

const NAMES =
  'password|passwd|passphrase|passcode|secret|api[_-]?key|api[_-]?token|auth[_-]?token|access[_-]?token|client[_-]?secret|secret[_-]?key';

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
    source: `(?:^|\\s)--?(?:[a-z]{1,20}-)?(?:${NAMES}|pass|pwd|token)(?:=|\\s+)${VALUE}`,
    flags: 'i',
    check: (text) => isFilledIn(text) && !text.startsWith('-'),
  },
  {
    id: 'database-client-password',
    name: 'Password of a database client',
    description: 'mysql and mariadb with -pPASSWORD, redis-cli with -a, mongo and sqlcmd with -p or -P',
    severity: 'high',
    source: `(?:(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlsh|mysqlpump|mariadb|mariadb-dump|mariadb-admin)\\s(?:[^|;&]*\\s)?-p|redis-cli\\s(?:[^|;&]*\\s)?-a\\s*|(?:mongo|mongosh|mongodump|mongorestore)\\s(?:[^|;&]*\\s)?-p\\s+|(?:sqlcmd|bcp)\\s(?:[^|;&]*\\s)?-P\\s*)${VALUE}`,
    flags: '',
    check: (text) => isFilledIn(text) && !text.startsWith('-'),
  },
  {
    id: 'sshpass',
    name: 'Password of sshpass',
    description: 'Password of a remote user on the command line of sshpass',
    severity: 'critical',
    source: `sshpass\\s+(?:-[vV]\\s+)*-p\\s*${VALUE}`,
    flags: '',
    check: isFilledIn,
  },
  {
    id: 'http-client-password',
    name: 'Password of an HTTP client',
    description: 'User and password of curl (-u, --user, -U), wget and httpie (-a)',
    severity: 'high',
    source:
      '(?:curl|https?|xh)\\s(?:[^|;]*\\s)?(?:-u|--user|-U|--proxy-user|-a|--auth)(?:=|\\s*)["\']?[^\\s:"\'=/]+:(?P<secret>[^\\s"\'/][^\\s"\']{2,})',
    flags: '',
    check: isFilledIn,
  },
  {
    id: 'command-password',
    name: 'Password of another command',
    description:
      'docker login, ldapsearch, smbclient, net use, xfreerdp, openssl, zip, 7z, htpasswd, chpasswd with a password in their line',
    severity: 'high',
    source: `(?:(?:docker|podman|helm|az|oc|crane|skopeo)\\s(?:[a-z-]+\\s+){0,3}login\\s(?:[^|;&]*\\s)?-p\\s*|ldap(?:search|modify|add|delete|whoami|passwd)\\s(?:[^|;&]*\\s)?-w\\s*|smb(?:client|map|get)\\s(?:[^|;&]*\\s)?-U\\s*[^\\s%]+%|x?freerdp3?\\s(?:[^|;&]*\\s)?/p:|rdesktop\\s(?:[^|;&]*\\s)?-p\\s+|net\\s+use\\s[^|;&]*/user:\\S+\\s+|\\s-pass(?:in|out)?\\s+pass:|\\bzip\\s(?:[^|;&]*\\s)?(?:-P\\s*)|7z[a-z]?\\s(?:[^|;&]*\\s)?-p|htpasswd\\s+-[a-zA-Z]*b[a-zA-Z]*\\s+\\S+\\s+\\S+\\s+)${VALUE}`,
    flags: '',
    check: (text) => isFilledIn(text) && !text.startsWith('-'),
  },
  {
    id: 'piped-password',
    name: 'Password sent to a command',
    description: 'echo PASSWORD | sudo -S, and user:password for chpasswd',
    severity: 'high',
    source: `(?:echo|printf)\\s+(?:-[ne]+\\s+)?(?:'[a-z_][a-z0-9_-]*:|"[a-z_][a-z0-9_-]*:|[a-z_][a-z0-9_-]*:)?(?P<secret>"[^"]{3,}"|'[^']{3,}'|[^\\s|;&<>\`]{3,}?)["']?\\s*\\|\\s*(?:sudo\\s+(?:-[a-zA-Z]+\\s+)*-S|(?:sudo\\s+)?chpasswd|passwd\\s+--stdin|(?:cryptsetup|docker\\s+login|gh\\s+auth|helm\\s+registry)\\b)`,
    flags: '',
    check: isFilledIn,
  },
  {
    id: 'password-variable',
    name: 'Password in a variable',
    description: 'Environment variables whose name ends in PASSWORD, SECRET, TOKEN, API_KEY and the like',
    severity: 'high',
    source: `(?:^|[^0-9A-Za-z_$])[0-9A-Z_]*(?:PASSWORD|PASSWD|PASSPHRASE|PASSWORT|MYSQL_PWD|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|CREDENTIALS?|SSHPASS|BORG_PASSCOMMAND)=${VALUE}`,
    flags: '',
    check: isFilledIn,
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
    description: "IDENTIFIED BY 'password', WITH PASSWORD 'password'",
    severity: 'high',
    source:
      "(?:identified\\s+(?:with\\s+\\S+\\s+)?by|(?:with|encrypted)\\s+password|set\\s+password\\s*(?:for\\s+\\S+\\s*)?=)\\s*(?:password\\()?\\s*'(?P<secret>[^']{3,})'",
    flags: 'i',
    check: isFilledIn,
  },
  {
    id: 'password-assignment',
    name: 'Password assigned to its name',
    description: 'password=VALUE and the like in output, forms and settings, without a blank',
    severity: 'medium',
    source: `(?:^|[^0-9A-Za-z])(?:[a-z]+[_.-])?(?:${NAMES}|pwd|private[_-]?token)=${VALUE}`,
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
