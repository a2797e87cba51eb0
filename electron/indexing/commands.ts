// The commands of a session. Where the shell marks them (OSC 133, OSC 633) its word is taken. Else, and while a marked command
// runs, which may be a shell without marks, a command is what stands behind a prompt when Enter is typed, or, where input was
// not recorded, when the line below a prompt begins; then it is a guess, and says how sure it is.
// FinalTerm marks: https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md
// VS Code marks: https://code.visualstudio.com/docs/terminal/shell-integration

import type { Micros } from '../../shared/recording/time.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import type { Notice } from '../../shared/terminal/notice.ts';
import {
  cursorLine,
  leftLine,
  linesFrom,
  isWithin,
  placeOf,
  rightPrompt,
  type CursorLine,
  type RightPrompt,
} from './cursor-line.ts';
import type { Now } from './line-builder.ts';
import { TypedKeys, type KeyedLine } from './typed-keys.ts';

export interface FoundCommand {
  readonly index: number;
  readonly prompt: string;
  readonly text: string;
  readonly typed: Micros | null;
  readonly entered: Micros;
  readonly end: Micros | null;
  readonly exitStatus: number | null;
  readonly evidence: 'shell' | 'input' | 'prompt';
  readonly confidence: number;
  /** The screen showed it as it was typed, or the shell itself says that it is a command. */
  readonly echoed: boolean;
}

/** Longest prompt that is looked at. */
const MAX_PROMPT = 200;

/** Commands typed ahead that are waited for. */
const MAX_AHEAD = 256;

/** Places of a text in one line that are looked at, and the characters before each. */
const MAX_PLACES = 100;
const BEFORE = 64;

/** ^D */
const END_OF_INPUT = 0x04;

/** What the end of a prompt looks like: a sign, then at most a blank. */
const PROMPT_END = /(?:[$#%>❯»›➜λ]|>>>|\.\.\.)\s?$/u;

/** A prompt that a shell or a common program writes by default: user@host, a path, a name and its sign. */
const LIKELY_PROMPT =
  /(?:^|[\s([])[\w.-]+@[\w.-]+[:\s~/]|^\S{0,60}[~/]\S*\s?[$#%>❯]\s?$|^[\w.-]{1,40}[=#*^!'"(-]?[>#$]\s?$|^>>>\s?$|^\.\.\.\s?$/u;

/** A question that waits for an answer, not for a command. */
const QUESTION = /(?:password|passphrase|\[[yn]\/[yn]\]|\(yes\/no[^)]*\)|[?:])\s*$/i;

/** What readline shows in place of the prompt while history is searched; Enter brings the prompt back before the command runs. */
const SEARCH = /^\((?:failed )?(?:reverse-)?i-search\)`/;

/** What stands behind a prompt; empty where the line has another beginning. */
function behind(prompt: string, line: string): string {
  return line.startsWith(prompt.trimEnd()) ? line.slice(prompt.length).trim() : '';
}

/** Whether the line shows the text behind what ends like a prompt, which may be another one by now: prompts show the time. */
function shows(line: string, text: string): boolean {
  let at = line.indexOf(text);
  for (let n = 0; at >= 0 && n < MAX_PLACES; n++) {
    if (PROMPT_END.test(line.slice(Math.max(0, at - BEFORE), at).trimEnd())) return true;
    at = line.indexOf(text, at + 1);
  }
  return false;
}

interface Open {
  command: FoundCommand;
  /** The prompt that shows that the command has ended. */
  readonly prompt: string;
  /** The first row of the line in which it may still be echoed. */
  echo: Line | null;
}

/** A line that Enter ended before the screen showed it behind the prompt. */
interface Late {
  readonly prompt: string;
  readonly typed: Micros;
  readonly entered: Now;
}

/** A command line that the shell said has begun (B), until it says that it is entered (C). */
interface MarkedLine {
  /** Text before the cursor when it began. */
  readonly start: string;
  /** Its first row. */
  readonly head: Line;
  /** Nothing was typed before it began that may be part of it. */
  readonly whole: boolean;
  /** The line as it stood last. */
  line: string;
  /** Lines that were typed since it began. */
  readonly typed: { readonly keyed: KeyedLine; readonly at: Now }[];
  told: string | null;
  begun: Micros | null;
}

export class Commands {
  readonly #emulator: Emulator;
  readonly #emit: (command: FoundCommand) => void;
  readonly #hasInput: boolean;
  #open: Open | null = null;
  /** The prompt that stood before the first key of the line being typed, and the first row of that line. */
  #typing: { readonly prompt: string; readonly at: Micros; readonly head: Line } | null = null;
  /** What Enter took from the search in history, and the first row of the search. */
  #searched: (Late & { readonly head: Line }) | null = null;
  /** What was typed while no prompt stood. */
  #ahead: (Late & { readonly text: string })[] = [];
  /** The right prompt of the line being typed, as it stood when nothing was typed yet. */
  #right: RightPrompt | null = null;
  #marked: MarkedLine | null = null;
  /** The command that runs by the word of the shell: what is found within it does not end it. */
  #running: FoundCommand | null = null;
  #line: CursorLine | null = null;
  readonly #keys = new TypedKeys();
  #lastPrompt: { readonly text: string; readonly at: Micros; readonly head: Line } | null = null;

  /** `hasInput`: the recording has the keys that were typed. */
  constructor(emulator: Emulator, hasInput: boolean, emit: (command: FoundCommand) => void) {
    this.#emulator = emulator;
    this.#hasInput = hasInput;
    this.#emit = emit;
  }

  notice(notice: Notice, now: Now): void {
    if (notice.kind !== 'osc' || (notice.code !== 133 && notice.code !== 633)) return;
    const [mark, ...rest] = notice.text.split(';');
    switch (mark) {
      case 'A':
        this.#endMarked(now.at, null);
        return;
      case 'B':
        this.#beginMarked();
        return;
      case 'E':
        // Of a line that did not begin any program may speak.
        if (this.#marked !== null) this.#marked.told = unescapeCommand(rest[0] ?? '');
        return;
      case 'C':
        if (this.#marked !== null) this.#enterMarked(this.#marked, now);
        return;
      case 'D': {
        const status = /^-?\d{1,10}$/.test(rest[0] ?? '') ? Number(rest[0]) : null;
        this.#endMarked(now.at, status);
        return;
      }
      default:
        return;
    }
  }

  #beginMarked(): void {
    const { before, head } = cursorLine(this.#emulator, null);
    this.#marked = { start: before, head, whole: !this.#keys.begun, line: before, typed: [], told: null, begun: null };
    this.#keys.clear();
  }

  /** What was entered, as the screen shows it at this moment, where the keys alone do not say it. */
  #enterMarked({ start, head, whole, line, typed, told, begun }: MarkedLine, now: Now): void {
    this.#marked = null;
    const shown = leftLine(this.#emulator, head, this.#right);
    const own = typed.slice(0, linesFrom(this.#emulator, head));
    const keys = whole && own.length > 0 && own.every(({ keyed }) => keyed.text !== null);
    const keyed = keys
      ? own
          .map(({ keyed: { text } }) => text)
          .join('\n')
          .trim()
      : '';
    const seen = shown.startsWith(start.trimEnd()) ? shown : line;
    const text = told ?? (keyed === '' ? seen.slice(start.length).trim() : keyed);
    if (text === '') return;
    this.#endMarked(now.at, null);
    const prompt = start.slice(-MAX_PROMPT);
    const ahead = this.#ahead.findIndex((late) => late.text === text);
    const since = begun ?? this.#ahead[ahead]?.typed ?? null;
    this.#ahead.splice(0, ahead + 1);
    this.#running = { ...this.#blank(now, prompt.trim(), text, since), evidence: 'shell', confidence: 1 };
    // The rest waits for what the command runs, or for the next prompt.
    for (const { keyed: late, at } of typed.slice(own.length)) this.#typeAhead(prompt, late, at.at, at);
  }

  /** The marked command has ended, and with it all that ran in it. */
  #endMarked(end: Micros, exitStatus: number | null): void {
    this.#close(end, null);
    if (this.#running !== null) this.#emit({ ...this.#running, end, exitStatus });
    this.#running = null;
    this.#marked = null;
    this.#typing = null;
    this.#searched = null;
    this.#lastPrompt = null;
  }

  #blank(now: Now, prompt: string, text: string, typed: Micros | null): Omit<FoundCommand, 'evidence' | 'confidence'> {
    return { index: now.index, prompt, text, typed, entered: now.at, end: null, exitStatus: null, echoed: true };
  }

  /** Keys that were typed, before the output that they cause. */
  input(bytes: Uint8Array, now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const lines = this.#keys.push(bytes);
    if (this.#marked !== null) {
      this.#marked.begun ??= now.at;
      this.#marked.typed.push(...lines.map((keyed) => ({ keyed, at: now })));
      // ^D at its beginning ends the shell, which says no more.
      if (lines.length === 0 && !this.#keys.begun && bytes.at(-1) === END_OF_INPUT) this.#marked = null;
      return;
    }
    if (this.#typing === null) this.#right = rightPrompt(this.#emulator);
    const line = cursorLine(this.#emulator, this.#right);
    this.#typing ??= { prompt: line.before.slice(-MAX_PROMPT), at: now.at, head: line.head };
    const [entered, ...more] = lines;
    if (entered !== undefined) this.#enterTyped(entered, line, now);
    // Pasted lines behind the first wait for the prompts that follow.
    for (const keyed of more) this.#typeAhead(this.#standing, keyed, now.at, now);
    // ^C and ^D end what was reading, which may have had another prompt or none.
    if (!this.#keys.begun) this.#typing = null;
  }

  #enterTyped(entered: KeyedLine, line: CursorLine, now: Now): void {
    if (this.#typing === null) return;
    const { prompt, at, head } = this.#typing;
    this.#typing = null;
    if (QUESTION.test(prompt.trimEnd())) return;
    if (!PROMPT_END.test(prompt)) {
      this.#typeAhead(this.#standing, entered, at, now);
      return;
    }
    this.#ahead = [];
    // What the keys say holds even where nothing was echoed; the screen may show more than the line, and less.
    const text = entered.text?.trim() ?? behind(prompt, line.whole);
    if (text !== '') {
      const open = this.#enter(prompt, text, at, now, LIKELY_PROMPT.test(prompt.trim()) ? 0.95 : 0.7);
      // A recorder that notes a key after the output that it caused has the cursor on another line by now.
      if (!shows(line.whole, text)) {
        open.command = { ...open.command, echoed: false };
        open.echo = head;
        this.#seeEcho();
      }
    } else if (SEARCH.test(line.whole)) this.#searched = { prompt, typed: at, entered: now, head: line.head };
  }

  /** The prompt that will stand when what runs has ended. */
  get #standing(): string {
    return this.#open?.prompt ?? this.#lastPrompt?.text ?? '';
  }

  #typeAhead(prompt: string, entered: KeyedLine, typed: Micros, now: Now): void {
    const text = entered.text?.trim() ?? '';
    if (prompt !== '' && text !== '' && this.#ahead.length < MAX_AHEAD) this.#ahead.push({ prompt, typed, entered: now, text });
  }

  /** A shell shows what was typed ahead behind its next prompt; a program that takes it as its input does not. */
  #enterAhead(from: Line | undefined, now: Now): void {
    const { lines, ybase, y } = this.#emulator.inner.buffers.active;
    const at = from === undefined ? -1 : placeOf(this.#emulator, from);
    for (let row = at < 0 ? ybase : at; row <= ybase + y && this.#ahead.length > 0; row++) {
      const line = leftLine(this.#emulator, lines.get(row)!);
      // Those before it were read by a program, or not shown.
      const next = this.#ahead.findIndex(({ prompt, text }) => line === `${prompt}${text}`);
      if (next < 0) continue;
      const ahead = this.#ahead[next]!;
      this.#ahead.splice(0, next + 1);
      this.#close(now.at, null);
      this.#enterLate(ahead, ahead.text);
    }
  }

  #enter(prompt: string, text: string, typed: Micros, now: Now, confidence: number): Open {
    this.#close(now.at, null);
    const command: FoundCommand = { ...this.#blank(now, prompt.trim(), text, typed), evidence: 'input', confidence };
    this.#open = { prompt, command, echo: null };
    return this.#open;
  }

  /** Keys that came together with their Enter, or faster than the line answers, are echoed after it, while the line is on the screen. */
  #seeEcho(): void {
    const open = this.#open;
    if (open === null || open.echo === null) return;
    const { terminal, inner } = this.#emulator;
    if (shows(leftLine(this.#emulator, open.echo), open.command.text)) {
      open.command = { ...open.command, echoed: true };
      open.echo = null;
      return;
    }
    let y = 0;
    while (y < terminal.rows && screenLine(inner.buffers.active, y) !== open.echo) y += 1;
    if (y === terminal.rows) open.echo = null;
  }

  /** Less sure than what the screen showed at Enter. */
  #enterLate({ prompt, typed, entered }: Late, text: string): void {
    this.#enter(prompt, text, typed, entered, LIKELY_PROMPT.test(prompt.trim()) ? 0.9 : 0.6);
  }

  /** The cursor may have left the line that was searched for: the command stands there behind its prompt. */
  #enterSearched(): void {
    if (this.#searched === null || this.#line?.head === this.#searched.head) return;
    const searched = this.#searched;
    this.#searched = null;
    const text = behind(searched.prompt, leftLine(this.#emulator, searched.head));
    if (text !== '') this.#enterLate(searched, text);
  }

  /** Output was applied. */
  output(now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const before = this.#line;
    const line = cursorLine(this.#emulator, this.#right);
    this.#line = line;
    if (this.#marked !== null) {
      const { start } = this.#marked;
      if (start === line.before) this.#leaveOut(rightPrompt(this.#emulator) ?? this.#right);
      if (this.#line.whole.startsWith(start.trimEnd())) this.#marked.line = this.#line.whole;
      return;
    }
    this.#seeEcho();
    this.#enterSearched();
    if (this.#ahead.length > 0) this.#enterAhead(before?.head, now);
    const { before: text } = line;
    const prompt = text.slice(-MAX_PROMPT);
    const likely = PROMPT_END.test(prompt) && LIKELY_PROMPT.test(prompt.trim());
    const anew = prompt === (this.#hasInput ? this.#typing?.prompt : this.#lastPrompt?.text);
    const right = likely || anew ? rightPrompt(this.#emulator) : null;
    // A prompt that is drawn again may show another time.
    if (anew && right !== null) this.#leaveOut(right);
    const stands = likely && (line.whole.length <= text.trimEnd().length + 1 || right !== null);
    if (this.#open !== null && (text === this.#open.prompt || (stands && prompt.trim() !== this.#open.command.prompt)))
      this.#close(now.at, null);
    if (!this.#hasInput) this.#guess(before, line, now);
    // Signs in a line that is being typed are no new prompt.
    const within = this.#lastPrompt !== null && text.startsWith(this.#lastPrompt.text);
    if (!stands || within) return;
    this.#lastPrompt = { text: prompt, at: now.at, head: line.head };
    if (!this.#hasInput) this.#leaveOut(right);
  }

  #leaveOut(right: RightPrompt | null): void {
    this.#right = right;
    this.#line = cursorLine(this.#emulator, right);
  }

  /** Without input: the cursor left a line that begins with the prompt seen last. */
  #guess(before: CursorLine | null, line: CursorLine, now: Now): void {
    const prompt = this.#lastPrompt;
    if (prompt === null || before === null || line.whole.startsWith(prompt.text.trimEnd()) || SEARCH.test(line.whole)) return;
    if (isWithin(this.#emulator, prompt.head)) return;
    this.#lastPrompt = null;
    const searched = SEARCH.test(before.whole);
    const left = leftLine(this.#emulator, searched ? before.head : prompt.head, this.#right);
    // The line may be gone by now, and a line that was drawn anew is elsewhere.
    const stood = before.whole.startsWith(prompt.text.trimEnd()) && !left.startsWith(before.whole);
    const text = behind(prompt.text, stood && !searched ? before.whole : left);
    if (text === '') return;
    this.#close(now.at, null);
    this.#open = {
      prompt: prompt.text,
      echo: null,
      command: { ...this.#blank(now, prompt.text.trim(), text, prompt.at), evidence: 'prompt', confidence: 0.6 },
    };
  }

  #close(end: Micros, exitStatus: number | null): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#emit({ ...open.command, end, exitStatus });
  }

  /** Commands that had not ended when the recording did. */
  finish(): void {
    if (this.#open !== null) this.#emit(this.#open.command);
    if (this.#running !== null) this.#emit(this.#running);
    this.#open = null;
    this.#running = null;
  }
}

/** VS Code writes `;` and control characters of a command line as `\\xHH`, a backslash twice. */
function unescapeCommand(text: string): string {
  return text.replaceAll(/\\(?:\\|x([0-9a-fA-F]{2}))/g, (_match, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
