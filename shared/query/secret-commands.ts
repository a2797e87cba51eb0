// Passwords on command lines, known by the command and the option that they stand behind. A command is what a shell takes for one: quotes hide
// what would end it. From the manuals of the programs.

import { bareText, isGiven, isLiteral } from './secret-checks.ts';
import type { SecretForm, SecretPattern } from './secret-patterns.ts';

const SINGLE = `[^']{3,}`;
const DOUBLE = `(?:[^"\\\\]|\\\\.){3,}`;
const SIGN = `(?:\\\\[|;&<>\`]|[^\\s"'|;&<>\`])`;

/** A value behind the name of an option or a variable: in quotes, or up to a blank or what ends a command. */
export const VALUE = `(?P<secret>"${DOUBLE}"|'${SINGLE}'|${SIGN}{3,})`;

/** The same behind an option, where a hyphen begins the next one. */
export const ARGUMENT = `(?P<secret>"${DOUBLE}"|'${SINGLE}'|(?:\\\\[|;&<>\`]|[^-\\s"'|;&<>\`])${SIGN}{2,})`;

/** A value with something before it that is none of the secret, and may stand in the same quotes. */
function joined(before: string, head: string, after = ''): readonly SecretForm[] {
  return [
    { source: `${before}'${head}(?P<secret>${SINGLE})'${after}`, check: isLiteral },
    { source: `${before}"${head}(?P<secret>${DOUBLE})"${after}`, check: (text) => isGiven(`"${text}"`) },
    { source: `${before}${head}${VALUE}${after}` },
  ];
}

const of = (commands: string, ...forms: readonly SecretForm[]): readonly SecretForm[] =>
  forms.map((form) => ({ ...form, commands }));

/** Options of which only their last letter takes a value: `-s`, `-k` and `-u` of curl are also `-sku`. */
const CURL_FLAGS = '[#0-46aBfgGiIjJklLMnNOpqRsSvVZ]*';
const HTTPIE_FLAGS = '[46ISdfhjqv]*';
const MYSQL_FLAGS = '[ABEHNXfnqrstvw]*';
const ZIP_FLAGS = '[0-9ACDLMTUVWXacefgjlmoqruvwyz]*';

/** What `-p` and the beginning of another long option's name are: one hyphen is a slip, and none of them a password. */
const SLIP = /^(?:ort|roto(?:col)?|ipe|ager|rompt|lugin[-a-z]*|rint-defaults|assword)(?:=|$)/;

const USER = `(?:[^\\s:"'=/]*|'[^']*'|"[^"]*"):`;

/** Manuals write `key:secret`, as they write `user:password`. */
const notExample = (form: SecretForm): SecretForm => ({
  ...form,
  check: (text) => bareText(text) !== 'secret' && (form.check ?? isGiven)(text),
});

/** Options of htpasswd, and the cost behind one of them. */
const HTPASSWD = 'htpasswd\\s+-';
const FLAG = '(?:[a-zA-Z]|\\s+(?:\\d{1,2}\\s+)?-)*';
const FLAG_NOT_N = '(?:[a-mo-zA-Z]|\\s+(?:\\d{1,2}\\s+)?-)*';
const COST = '(?:\\s+\\d{1,2})?\\s+';

const ECHO = `(?:echo|printf)\\s+(?:-[neE]+\\s+)*(?:["']?%s(?:\\\\{1,2}n)?["']?\\s+)?`;
const ACCOUNT = '[a-z_][a-z0-9_-]*:';
const CHPASSWD = '(?:sudo\\s+)?chpasswd\\b';
const READERS =
  '(?:sudo\\s+(?:-[a-zA-Z]+\\s+)*-[a-zA-Z]*S\\b|passwd\\s+--stdin|(?:sudo\\s+)?cryptsetup\\b|gh\\s+auth\\b|helm\\s+registry\\b|docker\\s+login\\b|[^\\s|;&<]+\\s[^|;&<]*--password-stdin\\b)';

export const COMMAND_PATTERNS: readonly SecretPattern[] = [
  {
    id: 'database-client-password',
    name: 'Password of a database client',
    description: 'mysql and mariadb with -pPASSWORD, redis-cli with -a, mongo and sqlcmd with -p or -P',
    severity: 'high',
    source: [
      ...of(
        '(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlsh|mysqlpump|mysqlcheck|mysqlshow|mariadb|mariadb-dump|mariadb-admin)',
        { source: `\\s-${MYSQL_FLAGS}p${ARGUMENT}`, check: (text) => isGiven(text) && !SLIP.test(text) },
      ),
      ...of('redis-cli', { source: `\\s-a\\s*${ARGUMENT}` }),
      ...of('(?:mongo|mongosh|mongodump|mongorestore)', { source: `\\s-p\\s+${ARGUMENT}` }),
      ...of('(?:sqlcmd|bcp)', { source: `\\s-P\\s*${ARGUMENT}` }),
    ],
    flags: '',
    check: isGiven,
  },
  {
    id: 'sshpass',
    name: 'Password of sshpass',
    description: 'Password of a remote user on the command line of sshpass',
    severity: 'critical',
    source: `sshpass\\s+(?:-v\\s+|-P\\s*(?:"[^"]*"|'[^']*'|[^\\s"']+)\\s+)*-v?p\\s*${VALUE}`,
    flags: '',
    check: isGiven,
  },
  {
    id: 'http-client-password',
    name: 'Password of an HTTP client',
    description: 'User and password of curl (-u, --user, -U) and httpie (-a, --auth)',
    severity: 'high',
    source: [
      ...of('curl', ...joined(`\\s(?:-${CURL_FLAGS}[uU]\\s*|--(?:proxy-)?user(?:=|\\s+))`, USER).map(notExample)),
      ...of('(?:https?|xhs?)', ...joined(`\\s(?:-${HTTPIE_FLAGS}a\\s*|--auth(?:=|\\s+))`, USER).map(notExample)),
    ],
    flags: '',
    check: isGiven,
  },
  {
    id: 'command-password',
    name: 'Password of another command',
    description:
      'docker login, ldapsearch, smbclient, net use, xfreerdp, openssl, zip, 7z, rar, htpasswd with a password in their line',
    severity: 'high',
    source: [
      ...of('(?:docker|podman|nerdctl|buildah|helm|az|oc|crane|skopeo|oras)', {
        source: `\\slogin\\s(?:.*?\\s)?-p\\s*${ARGUMENT}`,
      }),
      ...of('ldap(?:search|modify|add|delete|whoami|passwd)', { source: `\\s-w\\s*${ARGUMENT}` }),
      ...of('smb(?:client|map|get)', ...joined('\\s-U\\s*', `[^\\s%"']+%`)),
      ...of('x?freerdp3?', { source: `\\s/p:${VALUE}` }),
      ...of('rdesktop', { source: `\\s-p\\s+${ARGUMENT}` }),
      ...of('net', { source: `\\suse\\s.*?/user:\\S+\\s+${ARGUMENT}` }),
      ...of('(?:un)?zip', { source: `\\s-${ZIP_FLAGS}P\\s*${ARGUMENT}` }),
      ...of('7z[a-z]?', { source: `\\s-p${ARGUMENT}` }),
      ...of('(?:un)?rar', { source: `\\s-h?p${ARGUMENT}` }),
      ...of('openssl', { source: `\\s-[kK]\\s+${ARGUMENT}` }),
      ...joined('\\s-pass(?:in|out|word)?\\s+', 'pass:'),
      // A user and a password; with a file before them unless the line is only printed (-n).
      { source: `${HTPASSWD}${FLAG}(?:n${FLAG}b|b${FLAG}n)${FLAG}${COST}[^-\\s]\\S*\\s+${VALUE}` },
      { source: `${HTPASSWD}${FLAG_NOT_N}b${FLAG_NOT_N}${COST}[^-\\s]\\S*\\s+\\S+\\s+${VALUE}` },
    ],
    flags: '',
    check: isGiven,
  },
  {
    id: 'piped-password',
    name: 'Password sent to a command',
    description: 'echo PASSWORD | sudo -S, --password-stdin <<< PASSWORD, and user:password for chpasswd',
    severity: 'high',
    source: [
      { source: `${ECHO}${VALUE}\\s*\\|\\s*${READERS}` },
      { source: `${READERS}[^|;&<]*<<<\\s*${VALUE}` },
      ...joined(ECHO, ACCOUNT, `\\s*\\|\\s*${CHPASSWD}`),
      ...joined(`${CHPASSWD}[^|;&<]*<<<\\s*`, ACCOUNT),
    ],
    flags: '',
    check: isGiven,
  },
];
