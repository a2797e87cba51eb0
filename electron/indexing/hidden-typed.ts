// What was typed and entered while the terminal stayed silent: passwords, and anything else that a terminal did not echo. Keys that
// the terminal answers are shown, or are commands to a program, and are no findings.

import { decodeUtf8 } from '../../shared/recording/utf8.ts';
import type { Micros } from '../../shared/recording/time.ts';
import { screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import { rowText } from '../../shared/terminal/text.ts';
import { KeyJoiner, MOUSE, MOUSE_BEGUN, withoutLast, withoutLastWord, type Keys } from './key-sequence.ts';
import { MAX_TEXT, notSearched, plain, substance, wordsOf, type Instant, type Suspect } from './hidden-findings.ts';
import type { Readable } from './hidden-readable.ts';

/** Characters of an entry: shorter ones are answers and keys of programs. */
const LEAST = 4;
const LEAST_SUBSTANCE = 3;

/** Entries that are kept until the session was read. */
const MAX_ENTRIES = 2000;

/** What programs show for each character of a password, and how they take one back. */
const MASK = /^[*•●∙·▪■\s\b]*$/;
const SHOWN_MASK = /[^\s\b]/;
// oxlint-disable-next-line no-control-regex
const TAKEN_BACK = /(?:\u0008|\u001b\[1?D)+\u001b\[\d*[KPX]/g;
/** Sequences between them, where the line is drawn anew for each key. */
// oxlint-disable-next-line no-control-regex
const OUTPUT_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[P\]^_X][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;
/** Bytes of an answer to one key that only counts it: a line of them, and its colours. */
const MAX_ANSWER = 4096;
/** Characters of a prompt that a note has. */
const MAX_PROMPT = 80;

/** Characters of the beginning of a sequence that a terminal sends for a key or as an answer; with more it is text. */
const MAX_BEGUN = 256;

/** Keys as sequences, and answers of the terminal, which are strings. */
const SEQUENCE = new RegExp(
  String.raw`^\u001b(?:${MOUSE}|\[[0-?]*[ -/]*[@-~]|O[ -~]|[P\]^_X][^\u0000-\u001f]*(?:\u0007|\u001b\\)|[^[OP\]^_X\u0000-\u001f\u007f])`,
);
/** The beginning of one. */
const BEGUN = new RegExp(String.raw`^\u001b(?:${MOUSE_BEGUN}|\[[0-?]*[ -/]*|O|[P\]^_X][^\u0000-\u001f]*\u001b?)?$`);

/** Those of them that a person's key sends: no answer, no report of the mouse or of the focus. */
// oxlint-disable-next-line no-control-regex
const KEY = /^\u001b(?:O|\[[\d;]*[A-FHPQSZu~]$|[^[P\]^_X])/;

const PASTE = /^\u001b\[20[01]~/;

interface Entry {
  readonly text: string;
  readonly from: Instant;
  readonly to: Micros;
  readonly prompt: string;
  /** It came with its Enter: pasted, or sent by a script. */
  readonly atOnce: boolean;
}

export class HiddenTyped {
  readonly #emulator: Emulator;
  readonly #emit: (suspect: Suspect) => void;
  readonly #joiner = new KeyJoiner<Instant>();
  readonly #entries: Entry[] = [];
  /** What the terminal was sent since the last key. */
  #answer: Uint8Array[] = [];
  #answerLength = 0;
  #text = '';
  #simple = true;
  #from: Instant | null = null;
  #prompt = '';

  constructor(emulator: Emulator, emit: (suspect: Suspect) => void) {
    this.#emulator = emulator;
    this.#emit = emit;
  }

  /** The terminal was sent something: keys before it were answered, unless all of it until the next key only counts them. */
  answered(bytes: Uint8Array): void {
    if (this.#from === null) return;
    this.#answer.push(bytes);
    this.#answerLength += bytes.length;
    if (this.#answerLength > MAX_ANSWER) this.#clear();
  }

  /** The next key comes. */
  #takeAnswer(): void {
    if (this.#answer.length === 0) return;
    const { text } = decodeUtf8(Buffer.concat(this.#answer));
    this.#answer = [];
    this.#answerLength = 0;
    if (!isMask(text, this.#prompt)) this.#clear();
  }

  #clear(): void {
    this.#answer = [];
    this.#answerLength = 0;
    this.#text = '';
    this.#simple = true;
    this.#from = null;
  }

  /** Gives whether a person pressed a key: a terminal answers questions by itself on the same stream. */
  typed(bytes: Uint8Array, now: Instant): boolean {
    this.#takeAnswer();
    const { escaped, keys } = this.#joiner.next(bytes, now);
    if (escaped === null) return this.#take(keys);
    this.#simple = false;
    this.#take(escaped);
    this.#take(keys);
    return true;
  }

  #take({ text: typed, now }: Keys<Instant>): boolean {
    let text = typed;
    let key = false;
    while (text !== '') {
      if (text.startsWith('\u001b')) {
        if (text.length <= MAX_BEGUN && BEGUN.test(text)) {
          this.#joiner.hold(text);
          return key;
        }
        const sequence = SEQUENCE.exec(text)?.[0];
        const pressed = KEY.test(sequence ?? text);
        key ||= pressed;
        if (pressed && !PASTE.test(text)) this.#simple = false;
        text = text.slice(sequence?.length ?? 1);
        continue;
      }
      key = true;
      // oxlint-disable-next-line no-control-regex
      const keys = /^[^\u0000-\u001f\u007f]+/.exec(text)?.[0];
      if (keys === undefined) {
        this.#key(text.charCodeAt(0), now);
        text = text.slice(1);
        continue;
      }
      if (this.#from === null) {
        this.#from = now;
        this.#prompt = this.#cursorText();
      }
      this.#text += keys.slice(0, MAX_TEXT - this.#text.length);
      text = text.slice(keys.length);
    }
    return key;
  }

  #key(code: number, now: Instant): void {
    switch (code) {
      case 0x04: // ^D, which ends a line too
      case 0x0a:
      case 0x0d:
        this.#enter(now);
        return;
      case 0x08:
      case 0x7f:
        this.#text = withoutLast(this.#text);
        return;
      case 0x03: // ^C
      case 0x15: // ^U
        this.#clear();
        return;
      case 0x17: // ^W
        this.#text = withoutLastWord(this.#text);
        return;
      default:
        this.#simple = false;
    }
  }

  #enter({ at, index }: Instant): void {
    const text = plain(this.#text);
    const from = this.#from;
    const prompt = this.#prompt.slice(-MAX_PROMPT);
    const simple = this.#simple;
    this.#clear();
    if (from === null || !simple || text.length < LEAST || substance(text) < LEAST_SUBSTANCE) return;
    if (this.#entries.length >= MAX_ENTRIES) {
      this.#emit(notSearched('typed lines', `From here on they are not judged: ${String(MAX_ENTRIES)} of them are.`, from));
      return;
    }
    this.#entries.push({ text, from, to: at, prompt, atOnce: from.index === index });
  }

  #cursorText(): string {
    const buffer = this.#emulator.inner.buffers.active;
    const line = screenLine(buffer, buffer.y);
    return rowText(line, Math.min(buffer.x, line.length)).trim();
  }

  /** What of all this was never shown. */
  finish(readable: Readable): void {
    for (const { text, from, to, prompt, atOnce } of this.#entries) {
      // What comes at once is echoed later, and may be in another form.
      if (readable.text(text) || (atOnce && readable.words(wordsOf(text)))) continue;
      const where = prompt === '' ? '' : ` after “${prompt}”`;
      this.#emit({ cause: 'not-echoed', text, from, to, place: null, note: `Typed${where} and not echoed.` });
    }
  }
}

/** Whether what a key was answered with says no more than how many there were: stars or dots, behind the prompt where that is drawn anew. */
function isMask(answer: string, prompt: string): boolean {
  const bare = answer.replaceAll(TAKEN_BACK, '').replaceAll(OUTPUT_SEQUENCE, '\u001b');
  const text = bare.replaceAll('\u001b', '');
  const shown = prompt === '' ? text : text.replaceAll(prompt, '');
  // Sequences alone may be all that a program answers its commands with.
  return MASK.test(shown) && (bare.length === text.length || SHOWN_MASK.test(shown));
}
