// A command line that the shell said has begun (OSC 133 B, OSC 633 B), until it says that it runs (C) or that the next prompt stands.

import type { Micros } from '../../shared/recording/time.ts';
import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import { cursorLine, leftLine, linesBelow, linesFrom, type RightPrompt } from './cursor-line.ts';
import type { Now } from './line-builder.ts';
import type { OpenCommand } from './open-command.ts';
import { behind, MAX_PROMPT, withoutContinuation } from './prompts.ts';
import type { KeyedLine } from './typed-keys.ts';

export class MarkedLine {
  /** Text before the cursor when it began. */
  readonly start: string;
  /** Its first row. */
  readonly head: Line;
  /** Nothing was typed before it began that may be part of it. */
  readonly whole: boolean;
  /** Lines that were typed since it began. */
  readonly typed: { readonly keyed: KeyedLine; readonly at: Now }[] = [];
  /** What the shell says that it is. */
  told: string | null = null;
  /** When its first key came. */
  begun: Micros | null = null;
  /** What Enter made of it, until the shell says that it runs: some shells do not. */
  open: OpenCommand | null = null;
  readonly #emulator: Emulator;
  /** The line as it stood last. */
  #line: string;
  #right: RightPrompt | null = null;

  /** Begins at the cursor. */
  constructor(emulator: Emulator, whole: boolean) {
    const { before, head } = cursorLine(emulator, null);
    this.#emulator = emulator;
    this.start = before;
    this.head = head;
    this.whole = whole;
    this.#line = before;
  }

  get prompt(): string {
    return this.start.slice(-MAX_PROMPT);
  }

  /** Notes how the line of the cursor stands now, and the right prompt that is no part of it. */
  stands(line: string, right: RightPrompt | null): void {
    this.#right = right;
    if (line.startsWith(this.start.trimEnd())) this.#line = line;
  }

  /** The typed lines that are its own, and those behind it. */
  lines(): { readonly own: MarkedLine['typed']; readonly later: MarkedLine['typed'] } {
    const count = linesFrom(this.#emulator, this.head);
    return { own: this.typed.slice(0, count), later: this.typed.slice(count) };
  }

  /** What was entered, as the screen shows it at this moment, where neither the shell nor the keys alone say it. */
  text(): string {
    const { own } = this.lines();
    const keys = this.whole && own.every(({ keyed }) => keyed.text !== null);
    const keyed = keys ? own.map(({ keyed: { text } }) => text).join('\n') : '';
    return this.told ?? (keyed.trim() || this.shown() || this.#line.slice(this.start.length).trim());
  }

  /** What the screen shows of it, with the lines that go on with it below; empty where its first line is gone. */
  shown(): string {
    let command = behind(this.start, leftLine(this.#emulator, this.head, this.#right));
    if (command === '') return '';
    for (const line of linesBelow(this.#emulator, this.head)) {
      const text = withoutContinuation(line, this.start, command);
      if (text === null) break;
      command += `\n${text}`;
    }
    return command.trim();
  }
}
