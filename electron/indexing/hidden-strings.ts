// Text that goes to places beside the screen: window titles, the clipboard, and strings that no terminal shows. Shells and programs
// use all three all the time; what is ordinary is told from the form of the text, and from what stood on the screen of the same
// session. The rules are in docs/hidden-text.md.

import { decodeBase64 } from '../../shared/recording/base64.ts';
import { decodeUtf8 } from '../../shared/recording/utf8.ts';
import { MAX_STRING, type Notice } from '../../shared/terminal/notice.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { lasted, MAX_SENT, MAX_TEXT, notSearched, plain, substance, type Instant, type Suspect } from './hidden-findings.ts';
import type { Readable } from './hidden-readable.ts';

/** Different strings of one session that are looked at. */
const MAX_STRINGS = 2000;
const STRINGS = 'titles, clipboard writes and control strings';

/** Letters and digits that make a text: fewer say nothing. */
const LEAST = 4;

/** The name of a program is no longer than 15 characters (TASK_COMM_LEN of Linux). */
const PROGRAM = /^[a-z][\w.+-]{0,14}$/i;
const MAX_DIGITS = 3;
/** `user@host`, also in brackets. */
const USER_AT_HOST = /(?<![^\s:"])[[(]?[\w.+-]{1,64}@[\w.-]{1,255}[\])]?(?![^\s:"])/g;
/** Also with its beginning left out, as zsh does. */
const FOLDER = /(?<![^\s:"(])(?:~\S*|(?:\.{1,2}|[A-Za-z]:)?[\\/]\S*|\.\.[^\s\\/]+[\\/]\S*)/g;
/** What parts the parts of a title. */
const EDGES = /^[\s:"()[\]$#>-]+|[\s:"()[\]$#>-]+$/g;
/** Titles, and ends of titles, that programs give in words of their own. */
const OWN_TITLES: readonly RegExp[] = [
  /^Thanks for flying Vim$/,
  /^\[No Name\](?= )/, // vim
  /(?: [+=-])? - (?:G?VIM|NVIM)\d*$/, // vim, behind the name of the file and its folder
  /^(?:Neo)?Mutt with (?:\d+|no) messages(?: \[\d+ NEW\])?$/,
  /^(?:Administrator: )?(?:Windows PowerShell|Command Prompt)(?: \(x86\))?$/,
  /^[\w.-]{1,64}:\d{1,4}:[\w.+-]{1,15} - (?=".*")/, // tmux, before the title of its pane
];
/** What parts the text of a clipboard that the screen may show with other blanks, or in several rows. */
const GAP = /\s{2,}|[\t\r\n]/;
const WORD = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_.-]{2,}/gu;

/** Operating system commands that are known to have a use (xterm, VTE, kitty, iTerm2, VS Code, rxvt, Konsole, systemd). */
const KNOWN_OSC = new Set(
  `0 1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 21 22 30 31 46 50 51 52 60 61 66 77 99 104 105 106 110 111 112 113 114 115 116 117 118
   119 133 176 440 555 633 666 697 701 702 704 705 706 707 708 710 711 712 713 720 721 733 770 771 776 777 1337 1338 3008 5113 5522
   30001 30101`
    .split(/\s+/)
    .map(Number),
);
const ICON_NAME = 1;

/** Device control strings by what they begin with, and the form of their data; all of them are read in linear time. */
const KNOWN_DCS: readonly RegExp[] = [
  /^q[?-~!"#$\-0-9;\r\n]*$/, // sixel graphics
  /^p/, // ReGIS graphics
  /^\$q[ -/]{0,2}[0-~]?$/, // DECRQSS
  /^\$r[\d:;]*[ -/]{0,2}[@-~]?$/, // its answer
  /^\+[qpr][\da-f;=]*$/i, // XTGETTCAP, XTSETTCAP and the answer
  /^\$t/, // DECRSPS
  /^tmux;$/, // tmux: pass through; what follows begins with ESC, which ends this string
  /^\|(?:\d{1,3}\/[0-9a-f]*(?:;|$))*$/i, // DECUDK
  /^[>!]\|/, // answers: name and version, unit
  /^[ !-/]?\{/, // DECDLD, soft fonts
  /^=s$/, // synchronized update
  /^!z|^!~|^!u/, // macros, answers
];
/** Kitty graphics, whose data is base64, and its answers. */
const KITTY = /^G(?:[a-zA-Z]=[^,;]*(?:,|(?=;)|$))*(?:;[\w+/=]*|;E[A-Z]+:.*)?$/;

/** Clipboard writes of iTerm2 and of kitty, before the base64 of the text; the kinds of content of kitty are base64 too. */
const CLIPBOARD: Readonly<Record<number, RegExp>> = {
  1337: /^Copy=[^:;]*:/,
  5522: /^type=wdata:[^;]*;/,
};

/** The console of Linux: a colour of the palette (console_codes(4)). */
const LINUX_COLOUR = /^P[0-9a-f]{7}$/i;

interface Sent {
  readonly cause: 'title' | 'clipboard' | 'control-string';
  readonly text: string;
  /**
   * What of it must have been readable, each for itself: the lines of a clipboard, and what blanks part in them; of a title what is not
   * ordinary in it.
   */
  readonly pieces: readonly string[];
  readonly where: string;
  readonly from: Instant;
  to: Micros | null;
  times: number;
}

export class HiddenStrings {
  readonly #emit: (suspect: Suspect) => void;
  readonly #sent = new Map<string, Sent>();
  #title: Sent | null = null;
  #under: { readonly text: string; readonly from: Instant } | null = null;

  constructor(emit: (suspect: Suspect) => void) {
    this.#emit = emit;
  }

  /** The string that is under way when an instant has been applied, if any: all output goes into it until it ends. */
  under({ text, length }: { readonly text: string; readonly length: number }, now: Instant): void {
    this.#under = length === 0 ? null : { text, from: this.#under?.from ?? now };
  }

  notice(notice: Notice, now: Instant): void {
    if ('length' in notice && notice.length > MAX_STRING)
      this.#emit(notSearched(LONG, `Only the first ${String(MAX_STRING)} characters of each are kept.`, now));
    switch (notice.kind) {
      case 'title':
        this.#changeTitle(notice.text, 'the window title', now);
        return;
      case 'clipboard':
        if (!notice.asks) this.#add('clipboard', notice.text, 'Written to the clipboard by OSC 52', now);
        return;
      case 'string':
        if (notice.of === 'screen-title') this.#changeTitle(notice.text, "a title of screen's", now);
        else if (!isProtocol(notice.of, notice.text))
          this.#add('control-string', bare(notice.of, notice.text), IN[notice.of], now);
        return;
      case 'osc':
        if (notice.code === ICON_NAME) this.#changeTitle(notice.text, 'the icon name', now);
        else if (CLIPBOARD[notice.code]?.test(notice.text) === true)
          this.#add(
            'clipboard',
            written(notice.text.replace(CLIPBOARD[notice.code]!, '')),
            `Written to the clipboard by OSC ${String(notice.code)}`,
            now,
          );
        else if (!KNOWN_OSC.has(notice.code))
          this.#add('control-string', notice.text, `Sent in the unknown command OSC ${String(notice.code)}`, now);
        return;
      case 'bell':
      case 'link':
      case 'notification':
      case 'query':
      case 'window':
      case 'alternate-screen':
      case 'scrollback-cleared':
        return;
    }
  }

  #changeTitle(text: string, what: string, now: Instant): void {
    if (this.#title?.to === null) this.#title.to = now.at;
    this.#title = restOf(plain(text)) === '' ? null : this.#add('title', text, `Sent to ${what}`, now);
  }

  #add(cause: Sent['cause'], sent: string, where: string, from: Instant): Sent | null {
    const text = plain(sent);
    if (substance(text) < LEAST) return null;
    const key = `${cause} ${from.stream} ${text}`;
    const known = this.#sent.get(key);
    if (known !== undefined) known.times += 1;
    if (known !== undefined) return null;
    if (this.#sent.size >= MAX_STRINGS) {
      this.#emit(notSearched(STRINGS, `From here on new ones are not judged: ${String(MAX_STRINGS)} are.`, from));
      return null;
    }
    const pieces =
      cause === 'clipboard'
        ? sent
            .slice(0, MAX_SENT)
            .split(GAP)
            .filter((piece) => substance(piece) > 0)
            .map(plain)
        : [cause === 'title' ? restOf(text) : text];
    const added = { cause, text, pieces, where, from, to: cause === 'title' ? null : from.at, times: 1 };
    this.#sent.set(key, added);
    return added;
  }

  /** What of all this never stood on the screen. */
  finish(end: Micros, readable: Readable): void {
    if (this.#under !== null) this.#add('control-string', this.#under.text, UNENDED, this.#under.from);
    for (const { cause, text, pieces, where, from, to, times } of this.#sent.values()) {
      if (pieces.every((piece) => (cause === 'title' ? wordsReadable(piece, readable) : readable.text(piece)))) continue;
      const until = to ?? end;
      const time = cause === 'title' ? ` for ${lasted(until - from.at)}` : '';
      const note = `${where}${time}, and never to be read on the screen.`;
      for (let i = 0; i < times; i++) this.#emit({ cause, text, from, to: until, place: null, note });
    }
  }
}

const LONG = 'the rest of long control strings';
const UNENDED = 'Sent in a control string that had not ended when the recording did, which no screen shows';

const IN = {
  osc: 'Sent in an operating system command without a number or broken off, which no screen shows',
  dcs: 'Sent in a device control string, which no screen shows',
  apc: 'Sent in an application program command, which no screen shows',
  pm: 'Sent in a privacy message, which no screen shows',
  sos: 'Sent in a start-of-string, which no screen shows',
} as const;

/** The text of a clipboard write. */
function written(data: string): string {
  const bytes = decodeBase64(data);
  return bytes === null ? data : decodeUtf8(bytes).text;
}

function isProtocol(of: keyof typeof IN, text: string): boolean {
  if (of === 'osc') return LINUX_COLOUR.test(text);
  if (of === 'dcs') return KNOWN_DCS.some((form) => form.test(text));
  return of === 'apc' && KITTY.test(text);
}

/** Without the signs that name a device control string; a letter there may as well be the first one of a text. */
const bare = (of: keyof typeof IN, text: string): string => (of === 'dcs' ? text.replace(/^[ -/<-?]*[@[-`{-~]/, '') : text);

/** A title without what shells and programs say there: who and where, a folder, the name of a program. */
function restOf(title: string): string {
  const bare = OWN_TITLES.reduce((rest, form) => rest.replace(form, ''), title);
  const rest = bare.replaceAll(USER_AT_HOST, ' ').replaceAll(FOLDER, ' ').replaceAll(EDGES, '');
  return PROGRAM.test(rest) && rest.replaceAll(/\D/g, '').length <= MAX_DIGITS ? '' : rest;
}

/** A title that repeats what the screen shows, in other order or with signs between. */
function wordsReadable(title: string, readable: Readable): boolean {
  const words = Array.from(title.slice(0, MAX_TEXT).matchAll(WORD), ([word]) => word);
  return words.every((word) => readable.text(word));
}
