// The commands of a session. Where the shell marks them (OSC 133, OSC 633) its word is taken. Else a command is what stands
// behind a prompt when Enter is typed, or, where input was not recorded, when the line below a prompt begins; then it is a
// guess, and says how sure it is.
// FinalTerm marks: https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md
// VS Code marks: https://code.visualstudio.com/docs/terminal/shell-integration

import type { Micros } from '../../shared/recording/time.ts';
import { isAlternate, screenLine, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Notice } from '../../shared/terminal/notice.ts';
import { cellsBeforeWrap, rowText } from '../../shared/terminal/text.ts';
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
}

/** The line that the cursor is on, wrapped rows together. */
interface CursorLine {
  /** Up to the cursor. */
  readonly before: string;
  readonly whole: string;
}

/** Longest prompt, and rows of one line, that are looked at. */
const MAX_PROMPT = 200;
const MAX_ROWS = 64;

/** What the end of a prompt looks like: a sign, then at most a blank. */
const PROMPT_END = /(?:[$#%>❯»›➜λ]|>>>|\.\.\.)\s?$/u;

/** A prompt that a shell or a common program writes by default: user@host, a path, a name and its sign. */
const LIKELY_PROMPT =
  /(?:^|[\s([])[\w.-]+@[\w.-]+[:\s~/]|^\S{0,60}[~/]\S*\s?[$#%>❯]\s?$|^[\w.-]{1,40}[=#*^!'"(-]?[>#$]\s?$|^>>>\s?$|^\.\.\.\s?$/u;

/** A question that waits for an answer, not for a command. */
const QUESTION = /(?:password|passphrase|\[[yn]\/[yn]\]|\(yes\/no[^)]*\)|[?:])\s*$/i;

function cursorLine(emulator: Emulator): CursorLine {
  const buffer = emulator.inner.buffers.active;
  let head = buffer.y;
  while (head > 0 && buffer.y - head < MAX_ROWS && screenLine(buffer, head).isWrapped) head -= 1;
  let before = '';
  for (let y = head; y < buffer.y; y++) {
    const row = screenLine(buffer, y);
    before += rowText(row, cellsBeforeWrap(row, screenLine(buffer, y + 1)));
  }
  const row = screenLine(buffer, buffer.y);
  const last = rowText(row, Math.min(buffer.x, row.length));
  let whole = before + rowText(row);
  for (let y = buffer.y + 1; y < emulator.terminal.rows && y - buffer.y < MAX_ROWS && screenLine(buffer, y).isWrapped; y++) {
    whole += rowText(screenLine(buffer, y));
  }
  return { before: before + last, whole: whole.trimEnd() };
}

interface Open {
  command: FoundCommand;
  /** The prompt that shows that the command has ended. */
  readonly prompt: string;
}

interface Marked {
  prompt: string;
  /** Text before the cursor when the command line began. */
  start: string | null;
  /** The line as it stood last. */
  line: string;
  /** Lines that were typed since it began, where the keys alone say them. */
  typed: (string | null)[];
  told: string | null;
  begun: Micros | null;
}

export class Commands {
  readonly #emulator: Emulator;
  readonly #emit: (command: FoundCommand) => void;
  readonly #hasInput: boolean;
  #open: Open | null = null;
  /** The prompt that stood before the first key of the line being typed. */
  #typing: { readonly prompt: string; readonly at: Micros } | null = null;
  #marks: Marked | null = null;
  #line: CursorLine = { before: '', whole: '' };
  readonly #keys = new TypedKeys();
  #lastPrompt: { readonly text: string; readonly at: Micros } | null = null;

  /** `hasInput`: the recording has the keys that were typed. */
  constructor(emulator: Emulator, hasInput: boolean, emit: (command: FoundCommand) => void) {
    this.#emulator = emulator;
    this.#hasInput = hasInput;
    this.#emit = emit;
  }

  notice(notice: Notice, now: Now): void {
    if (notice.kind !== 'osc' || (notice.code !== 133 && notice.code !== 633)) return;
    const [mark, ...rest] = notice.text.split(';');
    const marks = (this.#marks ??= { prompt: '', start: null, line: '', typed: [], told: null, begun: null });
    switch (mark) {
      case 'A':
        this.#close(now.at, null);
        marks.start = null;
        marks.told = null;
        return;
      case 'B':
        marks.start = cursorLine(this.#emulator).before;
        marks.prompt = marks.start.slice(-MAX_PROMPT);
        marks.line = marks.start;
        marks.typed = [];
        marks.begun = null;
        this.#keys.clear();
        return;
      case 'E':
        marks.told = unescapeCommand(rest[0] ?? '');
        return;
      case 'C':
        this.#enterMarked(marks, now);
        return;
      case 'D': {
        const status = /^-?\d{1,10}$/.test(rest[0] ?? '') ? Number(rest[0]) : null;
        this.#close(now.at, status);
        return;
      }
      default:
        return;
    }
  }

  #enterMarked(marks: Marked, now: Now): void {
    const { start, told, prompt, begun, line, typed } = marks;
    if (start === null && told === null) return;
    const keyed = typed.length > 0 && typed.every((text) => text !== null) ? typed.join('\n').trim() : '';
    const text = told ?? (keyed === '' ? line.slice((start ?? '').length).trim() : keyed);
    marks.start = null;
    marks.told = null;
    if (text === '') return;
    this.#close(now.at, null);
    this.#open = { prompt, command: { ...this.#blank(now, prompt.trim(), text, begun), evidence: 'shell', confidence: 1 } };
  }

  #blank(now: Now, prompt: string, text: string, typed: Micros | null): Omit<FoundCommand, 'evidence' | 'confidence'> {
    return { index: now.index, prompt, text, typed, entered: now.at, end: null, exitStatus: null };
  }

  /** Keys that were typed, before the output that they cause. */
  input(bytes: Uint8Array, now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const lines = this.#keys.push(bytes);
    if (this.#marks !== null) {
      this.#marks.begun ??= now.at;
      this.#marks.typed.push(...lines.map(({ text }) => text));
      return;
    }
    const line = cursorLine(this.#emulator);
    this.#typing ??= { prompt: line.before.slice(-MAX_PROMPT), at: now.at };
    const entered = lines[0];
    if (entered !== undefined) this.#enterTyped(entered, line, now);
  }

  #enterTyped(entered: KeyedLine, line: CursorLine, now: Now): void {
    if (this.#typing === null) return;
    const { prompt, at } = this.#typing;
    this.#typing = null;
    if (!PROMPT_END.test(prompt) || QUESTION.test(prompt.trimEnd())) return;
    // What the keys say holds even where nothing was echoed; the screen may show more than the line, and less.
    const shown = line.whole.startsWith(prompt.trimEnd()) ? line.whole.slice(prompt.length).trim() : '';
    const text = (entered.text ?? shown).trim();
    if (text === '') return;
    this.#close(now.at, null);
    const confidence = LIKELY_PROMPT.test(prompt.trim()) ? 0.95 : 0.7;
    this.#open = { prompt, command: { ...this.#blank(now, prompt.trim(), text, at), evidence: 'input', confidence } };
  }

  /** Output was applied. */
  output(now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const before = this.#line;
    this.#line = cursorLine(this.#emulator);
    if (this.#marks !== null) {
      const { start } = this.#marks;
      if (start !== null && this.#line.whole.startsWith(start.trimEnd())) this.#marks.line = this.#line.whole;
      return;
    }
    const { before: text } = this.#line;
    const prompt = text.slice(-MAX_PROMPT);
    const stands =
      this.#line.whole.length <= text.trimEnd().length + 1 && PROMPT_END.test(prompt) && LIKELY_PROMPT.test(prompt.trim());
    if (this.#open !== null && (text === this.#open.prompt || (stands && prompt.trim() !== this.#open.command.prompt)))
      this.#close(now.at, null);
    if (!this.#hasInput) this.#guess(before, now);
    // Signs in a line that is being typed are no new prompt.
    const within = this.#lastPrompt !== null && text.startsWith(this.#lastPrompt.text);
    if (stands && !within) this.#lastPrompt = { text: prompt, at: now.at };
  }

  /** Without input: the cursor left a line that begins with the prompt seen last. */
  #guess(before: CursorLine, now: Now): void {
    const prompt = this.#lastPrompt;
    if (prompt === null || this.#line.whole.startsWith(prompt.text.trimEnd())) return;
    this.#lastPrompt = null;
    const text = before.whole.startsWith(prompt.text.trimEnd()) ? before.whole.slice(prompt.text.length).trim() : '';
    if (text === '') return;
    this.#close(now.at, null);
    this.#open = {
      prompt: prompt.text,
      command: { ...this.#blank(now, prompt.text.trim(), text, prompt.at), evidence: 'prompt', confidence: 0.6 },
    };
  }

  #close(end: Micros, exitStatus: number | null): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#emit({ ...open.command, end, exitStatus });
  }

  /** A command that had not ended when the recording did. */
  finish(): void {
    if (this.#open !== null) this.#emit(this.#open.command);
    this.#open = null;
  }
}

/** VS Code writes `;` and control characters of a command line as `\\xHH`, a backslash twice. */
function unescapeCommand(text: string): string {
  return text.replaceAll(/\\(?:\\|x([0-9a-fA-F]{2}))/g, (_match, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
