// What shells and programs do all day is no hidden text.

import { describe, expect, test } from 'vitest';
import { hiddenIn, hiddenInBytes, type Step } from './hidden-harness.ts';

const ESC = '\u001b';
const times = (count: number, step: (i: number) => readonly Step[]): Step[] =>
  Array.from({ length: count }, (_, i) => step(i)).flat();

/** Keys that are echoed one by one, 120 ms apart. */
const typed = (at: number, text: string): Step[] =>
  times(text.length, (i) => [
    [at + i * 0.12, 'i', text[i]!],
    [at + i * 0.12 + 0.002, 'o', text[i]!],
  ]);

const PAGE = (first: number): string =>
  Array.from({ length: 23 }, (_, i) => `${ESC}[${String(i + 1)};1H${ESC}[Kline ${String(first + i)} of the manual`).join('');

const CASES: readonly (readonly [string, readonly Step[]])[] = [
  [
    'a progress bar',
    times(60, (i) => [[1 + i / 30, 'o', `\rDownloading [${'#'.repeat(i).padEnd(60)}] ${String(i)}% 1.${String(i)} MB/s`]]),
  ],
  ['a progress bar that is erased first', times(60, (i) => [[1 + i / 30, 'o', `\r${ESC}[K ${String(i)}% [working]`]])],
  [
    'a spinner with names that change',
    times(60, (i) => [
      [1 + i / 20, 'o', `\r${ESC}[K${'⠋⠙⠹⠸'[i % 4]!} installing package-${String.fromCharCode(97 + (i % 26))}x${String(i)}`],
    ]),
  ],
  ['a counter of files', times(50, (i) => [[1 + i / 25, 'o', `\rCounting objects: ${String(i)}, done (${String(i)}/50)`]])],
  [
    'rows of an image pull',
    times(40, (i) => [
      [1 + i / 16, 'o', `${ESC}[3A\r${ESC}[2Kaaa: 0.${String(i)}MB/1.8MB\r${ESC}[1B${ESC}[2Kbbb: ${String(i)}kB/4MB\r${ESC}[2B`],
    ]),
  ],
  [
    'typing with corrections',
    [
      [0, 'o', 'ops@db:~$ '],
      ...typed(1, 'make tets'),
      ...times(2, (i): Step[] => [
        [2.5 + i / 4, 'i', '\u007f'],
        [2.501 + i / 4, 'o', '\b \b'],
      ]),
      ...typed(3.2, 'st'),
      [4, 'i', '\r'],
      [4.01, 'o', '\r\nok\r\nops@db:~$ '],
    ],
  ],
  [
    'a table of processes that is drawn twice as a key asks for another order',
    [
      [
        0,
        'o',
        `${ESC}[?1049h${ESC}[2;1H  16044 root   197396 117604  28052 R emacs${ESC}[3;1H  15955 ops    129932 150276  28400 S bash`,
      ],
      [1, 'o', `${ESC}[2;1H  15955 ops    129932 150276  28400 S bash ${ESC}[3;1H  16044 root   197412 117699  28052 R emacs`],
      [
        1.012,
        'o',
        `${ESC}[2;1H  16044 root   197420 117701  28052 R emacs${ESC}[3;1H  15955 ops    129940 150280  28400 S bash `,
      ],
      [3, 'o', `${ESC}[?1049l$ `],
    ],
  ],
  [
    'a table of processes that loses a row as it is drawn twice',
    [
      [0, 'o', `${ESC}[?1049h${ESC}[2;1H  16044 root  20  0  197396 117604  28052 R  4.5 emacs`],
      [1, 'o', `${ESC}[3;1H  16122 root  20  0  137920 158300  28024 R 46.8 emacs`],
      [1.01, 'o', `${ESC}[3;1H${ESC}[J`],
      [3, 'o', `${ESC}[?1049l$ `],
    ],
  ],
  [
    'a page that is turned by the next key',
    [
      ...['alpha', 'bravo', 'charlie'].flatMap((page, i): Step[] => [
        [1 + i * 0.08, 'i', ' '],
        [1.01 + i * 0.08, 'o', `${ESC}[?1049h${PAGE(1).replaceAll('manual', page)}`],
      ]),
      [2, 'i', `q`],
      [2.01, 'o', `${ESC}[?1049l$ `],
    ],
  ],
  [
    'a suggestion that goes as one types on',
    [
      [0, 'o', 'ops@db:~$ '],
      [1, 'i', 'm'],
      [1.002, 'o', `m${ESC}[2make install${ESC}[0m${ESC}[12D`],
      [1.09, 'i', 'k'],
      [1.092, 'o', `k${ESC}[K`],
      [1.2, 'i', 'd'],
      [1.21, 'o', 'd'],
    ],
  ],
  [
    'names of files behind a label',
    times(5, (i) => [
      [1 + i / 5, 'o', `${ESC}[?1049h${ESC}[4;1HCurrent item: ${ESC}[K${'delta echo fox golf hotel'.split(' ')[i]!}/number`],
      [1.08 + i / 5, 'o', `${ESC}[4;15H${ESC}[K${'india juliet kilo lima mike'.split(' ')[i]!}/page`],
    ]),
  ],
  [
    'a column of the cursor in the colour of some letters',
    [[1, 'o', `first ${ESC}[30;40mw${ESC}[0mord\r\nsecon${ESC}[30;40md${ESC}[0m word\r\n`]],
  ],
  ['a name of a colour on its colour', [[1, 'o', `${ESC}[30;40mblack${ESC}[0m  black`]]],
  ['a prompt that is drawn anew', times(20, (i) => [[1 + i / 40, 'o', `\r${ESC}[Kops@db:~/work (main)$ ls`]])],
  [
    'completion by tab',
    [
      [0, 'o', 'ops@db:~$ '],
      ...typed(1, 'cat rep'),
      [2, 'i', '\t'],
      [2.01, 'o', 'orts/ '],
      [2.4, 'i', '\t'],
      [2.41, 'o', `\r\nreports/one  reports/two\r\nops@db:~$ cat reports/`],
      [4, 'o', ''],
    ],
  ],
  [
    'a log that runs by',
    times(60, (i) => [
      [
        1 + i / 500,
        'o',
        times(25, (n): Step[] => [[0, 'o', `entry ${String(i)} ${String(n)} was written to the journal\r\n`]])
          .map(([, , text]) => text)
          .join(''),
      ],
    ]),
  ],
  [
    'clear of what was read',
    [
      [1, 'o', 'first words\r\nsecond words\r\n'],
      [3, 'o', `${ESC}[H${ESC}[2J${ESC}[3J`],
    ],
  ],
  [
    'vim that opens, draws, moves and leaves',
    [
      [
        1,
        'o',
        `${ESC}[?1049h${ESC}[?25l${ESC}[H${ESC}[2J${ESC}[24;1H"notes.txt" 3L, 40B${ESC}[1;1Hone line here\r\nand two\r\nthree${ESC}[24;60H1,1 All${ESC}[1;1H${ESC}[?25h`,
      ],
      ...times(30, (i): Step[] => [
        [2 + i / 20, 'i', 'j'],
        [2.001 + i / 20, 'o', `${ESC}[24;60H${String(i)},1${ESC}[K All${ESC}[2;1H`],
      ]),
      [5, 'i', ':wq\r'],
      [5.01, 'o', `${ESC}[24;1H${ESC}[K:wq\r"notes.txt" 3L, 40B written\r\r\n${ESC}[?1049l`],
    ],
  ],
  [
    'less, page after page, with the key held',
    [
      [0.5, 'o', `${ESC}[?1049h`],
      ...times(40, (i): Step[] => [[1 + i * 0.033, 'o', `${PAGE(i * 23)}${ESC}[24;1H:`]]),
      [5, 'o', `${ESC}[24;1H${ESC}[K${ESC}[?1049l`],
    ],
  ],
  [
    'a key that less repeats',
    [
      [1, 'o', `${ESC}[?1049htext of it${ESC}[24;1H:`],
      [2, 'o', `${ESC}[24;1H${ESC}[K ${ESC}[7mESC${ESC}[27m\b\b\b${ESC}[24;1H${ESC}[K ESCOB\r${ESC}[K:`],
    ],
  ],
  [
    "tmux's status line",
    times(20, (i) => [
      [1 + i, 'o', `${ESC}7${ESC}[24;1H${ESC}[30;42m[0] 0:bash* "db" 12:0${String(i % 10)} 21-Nov-26${ESC}[0m${ESC}8`],
    ]),
  ],
  [
    'top',
    times(20, (i) => [
      [
        1 + i * 1.5,
        'o',
        `${ESC}[Htop - 03:56:${String(10 + i)} up 1:55, load average: 0.${String(i)}\r\n 123 root 20 0 ${String(i)}.3 chrome${ESC}[K\r\n 456 ops 20 0 ${String(30 - i)}.1 postgres${ESC}[K\r\n${ESC}[J`,
      ],
    ]),
  ],
  [
    'an animation',
    [
      [0.5, 'o', `${ESC}[?1049h`],
      ...times(60, (i): Step[] => [
        [
          1 + i / 25,
          'o',
          `${ESC}[H${times(20, (row): Step[] => [
            [0, 'o', `frame${'abcdefghij'[i % 10]!} word${'klmnopqrst'[(row + i) % 10]!}\r\n`],
          ])
            .map(([, , text]) => text)
            .join('')}`,
        ],
      ]),
    ],
  ],
  [
    'text that fades in',
    times(10, (i) => [
      [
        1 + i / 10,
        'o',
        `\r${ESC}[38;2;${String(22 + i * 20)};${String(24 + i * 20)};${String(29 + i * 20)}mwelcome to the show${ESC}[0m`,
      ],
    ]),
  ],
  [
    'dim, grey and bold black text',
    [
      [
        1,
        'o',
        `${ESC}[2mdim words${ESC}[0m ${ESC}[90mgrey words${ESC}[0m ${ESC}[1;30mbold black words${ESC}[0m ${ESC}[2;90mdim grey${ESC}[0m`,
      ],
    ],
  ],
  [
    'colours on colours that can be told apart',
    [
      [
        1,
        'o',
        `${ESC}[31;42mred on green${ESC}[0m ${ESC}[34;40mblue on black${ESC}[0m ${ESC}[36;44mcyan on blue${ESC}[0m ${ESC}[33;47myellow on white${ESC}[0m ${ESC}[7minverse${ESC}[0m`,
      ],
    ],
  ],
  [
    'a table of colours',
    [
      [
        1,
        'o',
        times(16, (i): Step[] => [[0, 'o', `${ESC}[38;5;${String(i)};48;5;${String(i)}m${String(i).padStart(4)}`]])
          .map(([, , text]) => text)
          .join(''),
      ],
    ],
  ],
  [
    'a row of a table of foregrounds on one background',
    [[1, 'o', Array.from({ length: 8 }, (_, i) => `${ESC}[${String(30 + i)};42m${String(30 + i)} `).join('')]],
  ],
  ['blanks and blocks in one colour', [[1, 'o', `${ESC}[44;34m     ████  ${ESC}[0m`]]],
  [
    'a password prompt whose keys were not recorded',
    [
      [1, 'o', '[sudo] password for ops: '],
      [4, 'o', '\r\nops@db:~$ '],
    ],
  ],
  [
    'answers and keys',
    [
      [1, 'o', 'Continue? [Y/n] '],
      [2, 'i', 'y'],
      [2.01, 'o', 'y'],
      [2.5, 'i', '\r'],
      [2.51, 'o', '\r\n'],
      [3, 'o', `${ESC}[?1049h${ESC}[Hmenu of things`],
      ...times(12, (i): Step[] => [
        [3.5 + i / 5, 'i', 'jkgG/nqx'[i % 8]!],
        [3.51 + i / 5, 'o', `${ESC}[${String(i + 2)};1H`],
      ]),
      [7, 'i', '\r'],
      [7.01, 'o', `${ESC}[?1049l`],
    ],
  ],
  [
    'keys typed ahead and echoed late',
    [
      [1, 'o', 'ops@db:~$ sleep 2\r\n'],
      ...times(8, (i): Step[] => [[1.2 + i / 10, 'i', 'ls -la x'[i]!]]),
      [2.1, 'i', '\r'],
      [3, 'o', 'ops@db:~$ ls -la x\r\nls: cannot access x\r\nops@db:~$ '],
    ],
  ],
  [
    'answers of the terminal',
    [
      [1, 'i', `${ESC}]11;rgb:1e1e/1e1e/1e1e\u0007${ESC}[?62;22c${ESC}P>|xterm(390)${ESC}\\`],
      [2, 'i', '\r'],
      [2.1, 'o', '\r\n'],
    ],
  ],
  [
    'titles of shells and programs',
    [
      [
        1,
        'o',
        ['ops@db: ~/work', '~/work', 'vim', '[ops@db work]', 'ops@db:~', 'report.txt (~/work) - VIM', '']
          .map((title) => `${ESC}]0;${title}\u0007`)
          .join('') + 'report.txt in ~/work by VIM',
      ],
    ],
  ],
  ...[
    'mc [ops@db]:~/work',
    'mc [root@db]:/etc/nginx',
    'ops@db: ~',
    'root@db:/var/log#',
    '[ops@db:~/work]$',
    'ops@db (zsh)',
    'ops@db: idle',
    'ranger:~/work',
    'MINGW64:/c/Users/ops',
    '..ork/exhibit/docs',
    '~/.config (fish)',
    'Thanks for flying Vim',
    '[No Name] - VIM',
    '[No Name] + - NVIM',
    'Mutt with 12 messages [3 NEW]',
    'work:1:vim - "ops@db: ~/work"',
    '0:0:bash - "db"',
    'C:\\Windows\\System32\\cmd.exe',
    'Administrator: Windows PowerShell',
  ].map((title): [string, Step[]] => [`the title ${title}`, [[1, 'o', `${ESC}]0;${title}\u0007$ `]]]),
  [
    'a title of who, where and what was typed',
    [
      [1, 'o', '$ make install\r\n'],
      [2, 'o', `${ESC}]0;ops@db: make install\u0007`],
    ],
  ],
  [
    'reports of a mouse, with letters and cut anywhere, and Enter',
    [
      [1, 'o', `${ESC}[?1049h${ESC}[?1000h${ESC}[Hmenu of things`],
      [2, 'i', `${ESC}[M ab${ESC}[M#de`],
      [2.5, 'i', `${ESC}[Mmno${ESC}[<0;15;16M${ESC}[<0;15;16m${ESC}[32;15;16M`],
      [3, 'i', `${ESC}[M`],
      [3.01, 'i', 'x'],
      [3.02, 'i', 'yz'],
      [3.1, 'i', ESC],
      [3.11, 'i', '[Mu'],
      [3.12, 'i', 'vw'],
      [4, 'i', '\r'],
      [4.01, 'o', `${ESC}[?1049l`],
    ],
  ],
  [
    'keys of a program that answers with places alone',
    [
      [1, 'o', `${ESC}[?1049h${ESC}[Hpage of text`],
      ...times(8, (i): Step[] => [
        [2 + i / 5, 'i', 'jjkkllhh'[i]!],
        [2.01 + i / 5, 'o', `${ESC}[?25l${ESC}[${String(i + 2)};1H${ESC}[?25h`],
      ]),
      [4, 'i', '\r'],
      [4.01, 'o', `${ESC}[?1049l`],
    ],
  ],
  [
    'a clipboard that repeats the screen',
    [
      [1, 'o', 'the quick brown fox\r\n'],
      [3, 'o', `${ESC}]52;c;${Buffer.from('quick brown').toString('base64')}\u0007`],
      [4, 'o', `${ESC}]52;c;?\u0007`],
    ],
  ],
  [
    'a clipboard of two lines and of words with wide gaps',
    [
      [1, 'o', 'first line here\r\nsecond line here\r\nname      value'],
      [3, 'o', `${ESC}]52;c;${Buffer.from('first line here\nsecond line here\nname\tvalue').toString('base64')}\u0007`],
    ],
  ],
  ['black text on a reversed screen', [[1, 'o', `${ESC}[?5h${ESC}[30mblack on white${ESC}[0m`]]],
  [
    'protocols in control strings',
    [
      [
        1,
        'o',
        `${ESC}P$q m${ESC}\\${ESC}P+q544e${ESC}\\${ESC}Pq#0;2;0;0;0~~@@vv$-${ESC}\\${ESC}_Gf=24,s=10,v=20;AAAA${ESC}\\${ESC}Ptmux;${ESC}${ESC}]52;c;eA==\u0007${ESC}\\${ESC}]133;A\u0007${ESC}]1337;CurrentDir=/home/someone\u0007${ESC}]7;file://db/home/someone\u0007`,
      ],
    ],
  ],
  ['colours of the console of Linux', [[1, 'o', `${ESC}]P0222222${ESC}]P7e0E0e0${ESC}]R${ESC}[2Jwords`]]],
  ['Mongolian with the forms of its letters', [[1, 'o', 'ᠮᠣᠩᠭᠣᠯ\u180b ᠪᠢᠴᠢᠭ\u180c ᠨ\u180eᠠ']]],
  [
    'questions and answers about settings',
    [
      [
        1,
        'o',
        `${ESC}P$qm${ESC}\\${ESC}P$q"p${ESC}\\${ESC}P1$r0;38:2::1:2:3m${ESC}\\${ESC}P1+r436f=323536${ESC}\\${ESC}P=1s${ESC}\\`,
      ],
    ],
  ],
  ['emoji of several parts', [[1, 'o', '👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️ 1️⃣ 👍🏽 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ☎︎ end']]],
  ['Persian and Hindi with joiners', [[1, 'o', 'می\u200cخواهم کتاب\u200cها क्\u200dष नमस्\u200cते']]],
  ['Thai with word marks', [[1, 'o', 'ภาษา\u200bไทย']]],
  ['Hebrew and Arabic with marks', [[1, 'o', 'שלום\u200f (abc)\u200e עולם \u2067מחר\u2069 \u061cمرحبا']]],
  ['isolates around a name in Latin text', [[1, 'o', 'Hello \u2068Ana\u2069, \u2066welcome\u2069']]],
  ['an ideograph with its variant', [[1, 'o', '葛\u{e0100}城市']]],
  ['a byte order mark at the beginning of a file', [[1, 'o', '\ufeffname;value\r\na;1']]],
];

describe('ordinary output', () => {
  test.each(CASES)('%s', (_name, steps) => {
    expect(hiddenIn(steps)).toEqual([]);
    expect(hiddenInBytes(steps)).toEqual([]);
  });
});

test('text that is drawn off and on is readable when it ever stood', () => {
  expect(
    hiddenIn([
      [1, 'o', 'blinking words'],
      [1.05, 'o', `\r${ESC}[K`],
      [2, 'o', 'blinking words'],
    ]),
  ).toEqual([]);
});
