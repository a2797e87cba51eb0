// A command that was entered and has not ended: it may go on in the lines below it, and be echoed after Enter.

import type { Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import type { FoundCommand } from './found-command.ts';
import { isNext, isOnScreen, leftLine } from './cursor-line.ts';
import type { Now } from './line-builder.ts';
import { endsLikePrompt, isContinuation } from './prompts.ts';

/** Places of a text in one line that are looked at, and the characters before each. */
const MAX_PLACES = 100;
const BEFORE = 64;

/** Longest command that lines are added to, in UTF-16 units. */
const MAX_TEXT = 65_536;

/** Whether the line shows the text behind what ends like a prompt, which may be another one by now: prompts show the time. */
function shows(line: string, text: string): boolean {
  let at = line.indexOf(text);
  for (let n = 0; at >= 0 && n < MAX_PLACES; n++) {
    if (endsLikePrompt(line.slice(Math.max(0, at - BEFORE), at).trimEnd())) return true;
    at = line.indexOf(text, at + 1);
  }
  return false;
}

/** A line that was not shown yet as it was typed. */
interface Unseen {
  readonly head: Line;
  readonly text: string;
  readonly continues: boolean;
}

export class OpenCommand {
  /** The prompt that shows that the command has ended. */
  readonly prompt: string;
  readonly #emulator: Emulator;
  #command: FoundCommand;
  /** The first row of its last line. */
  #last: Line;
  #isContinuing = false;
  #unseen: Unseen[] = [];
  #hidden = false;

  constructor(emulator: Emulator, prompt: string, head: Line, command: FoundCommand) {
    this.#emulator = emulator;
    this.prompt = prompt;
    this.#last = head;
    this.#command = command;
  }

  /** The command as it is known so far. */
  get found(): FoundCommand {
    return { ...this.#command, text: this.#command.text.trimEnd(), echoed: !this.#hidden && this.#unseen.length === 0 };
  }

  /** Whether what stands before the cursor, in the line with this first row, asks for the rest of the command. */
  isContinued(before: string, head: Line): boolean {
    return isContinuation(before, this.prompt, this.#command.text) && isNext(this.#emulator, this.#last, head);
  }

  /** Its next line was entered. */
  add(text: string, head: Line, { at, index }: Now): void {
    this.#last = head;
    this.#isContinuing = true;
    const longer = `${this.#command.text}\n${text}`;
    this.#command = { ...this.#command, text: longer.length > MAX_TEXT ? this.#command.text : longer, entered: at, index };
  }

  /** Notes whether its last line is shown as it was typed, in the line with this first row, which now reads so. */
  look(line: string, text: string, head: Line): void {
    const unseen = { head, text: text.trim(), continues: this.#isContinuing };
    if (!this.#isShown(line, unseen)) this.#unseen.push(unseen);
  }

  #isShown(line: string, { head, text, continues }: Unseen): boolean {
    if (continues) return line.endsWith(text);
    // Lines that were pasted into one command: the cursor is in another one than the first.
    const [first, ...more] = text.split('\n');
    return more.length === 0 ? shows(line, text) : shows(leftLine(this.#emulator, head), first!.trimEnd());
  }

  /** Keys that came together with their Enter, or faster than the line answers, are echoed after it, while the line is on the screen. */
  seeEcho(): void {
    if (this.#unseen.length === 0) return;
    this.#unseen = this.#unseen.filter((unseen) => !this.#isShown(leftLine(this.#emulator, unseen.head), unseen));
    const waiting = this.#unseen.filter(({ head }) => isOnScreen(this.#emulator, head));
    this.#hidden ||= waiting.length < this.#unseen.length;
    this.#unseen = waiting;
  }
}
