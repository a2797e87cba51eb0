// The commands of a session. Where the shell marks them (OSC 133, OSC 633) its word is taken. Else, and while a marked command
// runs, which may be a shell without marks, a command is what stands behind a prompt when Enter is typed, or, where input was
// not recorded, when the line below a prompt begins; then it is a guess, and says how sure it is.
// FinalTerm marks: https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md
// VS Code marks: https://code.visualstudio.com/docs/terminal/shell-integration

import type { Micros } from '../../shared/recording/time.ts';
import { isAlternate, type Emulator } from '../../shared/terminal/emulator.ts';
import type { Line } from '../../shared/terminal/internals.ts';
import type { Notice } from '../../shared/terminal/notice.ts';
import { cursorLine, leftLine, isWithin, placeOf, rightPrompt, type CursorLine, type RightPrompt } from './cursor-line.ts';
import type { FoundCommand } from './found-command.ts';
import type { Now } from './line-builder.ts';
import { MarkedLine } from './marked-line.ts';
import { OpenCommand } from './open-command.ts';
import { PastedLines } from './pasted-lines.ts';
import { behind, endsLikePrompt, isLikelyPrompt, isProgramPrompt, isQuestion, isSearch, MAX_PROMPT } from './prompts.ts';
import { commandOf, isSecondary, statusOf, unescapeCommand } from './marks.ts';
import { TypedKeys, type KeyedLine } from './typed-keys.ts';

/** Commands typed ahead that are waited for. */
const MAX_AHEAD = 256;

/** ^C, ^D */
const INTERRUPT = 0x03;
const END_OF_INPUT = 0x04;

/** How sure a command is by the keys typed at a prompt: a known one or another, and of a line that was seen only later; by the prompt alone. */
const TYPED = [0.95, 0.7] as const;
const LATE = [0.9, 0.6] as const;
const GUESSED = 0.6;
/** The line may be for a program that is no shell: its prompt is like theirs. */
const OF_PROGRAM = 0.5;
/** What the shell marked as a command line was entered, and the shell said no more of it; without the keys, the cursor left it. */
const MARKED_TYPED = 0.9;
const MARKED_LEFT = 0.6;

/** The exit status of what ^C ended. */
const INTERRUPTED = 130;

/** What a shell shows of a ^C. */
const THROWN_AWAY = /\^C$/;

const sureOf = (prompt: string, [likely, other]: readonly [number, number]): number => {
  if (isProgramPrompt(prompt)) return OF_PROGRAM;
  return isLikelyPrompt(prompt) ? likely : other;
};

/** A line that Enter ended before the screen showed it behind the prompt. */
interface Late {
  readonly prompt: string;
  readonly typed: Micros;
  readonly entered: Now;
}

interface Ahead extends Late {
  readonly text: string;
}

/** A prompt behind which a line is typed, when its first key was or, without input, the prompt stood, and the first row of the line. */
interface Typing {
  readonly prompt: string;
  readonly at: Micros;
  readonly head: Line;
}

export class Commands {
  readonly #emulator: Emulator;
  readonly #emit: (command: FoundCommand) => void;
  readonly #hasInput: boolean;
  #open: OpenCommand | null = null;
  /** The prompt that stood before the first key of the line being typed, and the first row of that line. */
  #typing: Typing | null = null;
  /** What Enter took from the search in history, or from a line that is not shown yet, and its first row. */
  #searched: (Late & { readonly head: Line }) | null = null;
  /** What was typed while no prompt stood. */
  #ahead: Ahead[] = [];
  /** The right prompt of the line being typed, as it stood when nothing was typed yet. */
  #right: RightPrompt | null = null;
  #marked: MarkedLine | null = null;
  /** The shell said that a prompt stands (A). */
  #prompted = false;
  /** The last prompt that it marked asks for the rest of a command. */
  #secondary = false;
  /** The shell says when a command runs (C). */
  #saysRunning = false;
  /** Lines pasted at once, and the moment, until it is seen how they were read. */
  #pasted: { readonly lines: PastedLines; readonly typing: Typing; readonly at: Now } | null = null;
  /** The command that runs by the word of the shell: what is found within it does not end it. */
  #running: FoundCommand | null = null;
  #line: CursorLine | null = null;
  readonly #keys = new TypedKeys();
  /** The prompt seen last, and when it stood. */
  #lastPrompt: Typing | null = null;

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
        this.#secondary = isSecondary(rest);
        if (this.#secondary) return;
        this.#endMarked(now, null);
        this.#prompted = true;
        return;
      case 'B':
        if (this.#secondary && this.#marked !== null) return;
        this.#beginMarked();
        return;
      case 'E':
        // Of a line that did not begin any program may speak.
        if (this.#marked !== null) this.#marked.told = unescapeCommand(rest[0] ?? '');
        return;
      case 'C':
        this.#run(commandOf(rest), now);
        return;
      case 'D':
        this.#endMarked(now, statusOf(rest));
        return;
      default:
        return;
    }
  }

  #beginMarked(): void {
    this.#marked = new MarkedLine(this.#emulator, !this.#keys.begun);
    this.#prompted = false;
    this.#typing = null;
    this.#keys.spoil();
  }

  /** The shell says that a command runs; what it is the shell tells, the line says that was marked, or the keys that were typed. */
  #run(told: string | null, now: Now): void {
    this.#saysRunning = true;
    if (this.#marked !== null) {
      this.#marked.told ??= told;
      this.#enterMarked(this.#marked, now);
      return;
    }
    if (!this.#prompted) return;
    this.#prompted = false;
    if (!this.#hasInput) this.#guess(this.#line, cursorLine(this.#emulator, this.#right), now);
    this.#open?.seeEcho();
    const typed = this.#open?.found;
    if (told !== null && told.trim() !== '') {
      const prompt = typed?.prompt ?? this.#lastPrompt?.prompt.trim() ?? '';
      this.#running = { ...this.#blank(now, prompt, told.trim(), typed?.typed ?? null), evidence: 'shell', confidence: 1 };
    } else this.#running = typed ?? null;
    this.#open = null;
    this.#lastPrompt = null;
  }

  #enterMarked(marked: MarkedLine, now: Now): void {
    this.#marked = null;
    const { prompt, begun, open } = marked;
    const text = marked.text();
    if (text === '') return;
    const { later } = marked.lines();
    // What was taken for the input of a program was the rest of this command.
    if (open !== null) {
      this.#open = null;
      this.#ahead = this.#ahead.filter(({ entered }) => entered.at < open.found.entered);
    }
    this.#endMarked(now, null);
    const ahead = this.#ahead.findIndex((late) => late.text === text);
    const since = begun ?? this.#ahead[ahead]?.typed ?? null;
    this.#ahead.splice(0, ahead + 1);
    this.#running = { ...this.#blank(now, prompt.trim(), text, since), evidence: 'shell', confidence: 1 };
    // The rest waits for what the command runs, or for the next prompt.
    for (const { keyed, at } of later) this.#typeAhead(prompt, keyed, at.at, at);
  }

  /** The marked command has ended, and with it all that ran in it. */
  #endMarked(now: Now, exitStatus: number | null): void {
    const end = now.at;
    this.#close(end, null);
    const left = this.#marked === null ? null : this.#leftMarked(this.#marked, now, exitStatus);
    if (left !== null) this.#emit({ ...left, end, exitStatus });
    // The status is that of one command.
    if (this.#running !== null) this.#emit({ ...this.#running, end, exitStatus: left === null ? exitStatus : null });
    this.#running = null;
    this.#marked = null;
    this.#typing = null;
    this.#searched = null;
    this.#lastPrompt = null;
  }

  /** A line of which the shell says no more than that the next prompt begins; entered it was where Enter was typed or the cursor left it. */
  #leftMarked(line: MarkedLine, now: Now, exitStatus: number | null): FoundCommand | null {
    const { prompt, head, typed, begun, open } = line;
    if (open !== null) return open.found;
    const text = line.shown();
    if (text === '') return null;
    const ahead = this.#ahead.find((late) => late.text === text);
    // A shell that says when a command runs says it of all that run.
    const left = this.#hasInput || this.#saysRunning || cursorLine(this.#emulator, null).head === head ? undefined : now;
    const entered = typed[0]?.at ?? ahead?.entered ?? left;
    if (entered === undefined || (left !== undefined && (THROWN_AWAY.test(text) || exitStatus === INTERRUPTED))) return null;
    const confidence = left === undefined ? MARKED_TYPED : MARKED_LEFT;
    return { ...this.#blank(entered, prompt.trim(), text, begun ?? ahead?.typed ?? null), evidence: 'shell', confidence };
  }

  #blank(now: Now, prompt: string, text: string, typed: Micros | null): Omit<FoundCommand, 'evidence' | 'confidence'> {
    return { index: now.index, prompt, text, typed, entered: now.at, end: null, exitStatus: null, echoed: true };
  }

  /** Keys that were typed, before the output that they cause. */
  input(bytes: Uint8Array, now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const lines = this.#keys.push(bytes);
    this.#giveUpPasted();
    const marked = this.#marked;
    if (marked !== null) {
      marked.begun ??= now.at;
      marked.typed.push(...lines.map((keyed) => ({ keyed, at: now })));
      if (marked.open === null) {
        this.#typeMarked(marked, lines[0], bytes, now);
        return;
      }
    }
    if (this.#typing === null) this.#right = rightPrompt(this.#emulator);
    const line = cursorLine(this.#emulator, this.#right);
    this.#typing ??= { prompt: line.before.slice(-MAX_PROMPT), at: now.at, head: line.head };
    if (bytes.includes(INTERRUPT)) this.#throwAway(this.#typing);
    const [entered, ...more] = lines;
    if (entered !== undefined) this.#enterLines(entered, more, line, now);
    // ^C and ^D end what was reading, which may have had another prompt or none.
    if (!this.#keys.begun) this.#typing = null;
  }

  #typeMarked(marked: MarkedLine, entered: KeyedLine | undefined, bytes: Uint8Array, now: Now): void {
    const { start, prompt, head, begun, typed } = marked;
    if (entered !== undefined) {
      const keyed = marked.whole ? entered.text : null;
      const text = keyed?.trim() ?? behind(start, cursorLine(this.#emulator, this.#right).whole);
      const command = { ...this.#blank(now, prompt.trim(), text, begun), evidence: 'shell', confidence: MARKED_TYPED } as const;
      if (text !== '') marked.open = new OpenCommand(this.#emulator, prompt, head, command);
      return;
    }
    // ^D at its beginning ends the shell, which says no more.
    if (typed.length === 0 && !this.#keys.begun && bytes.at(-1) === END_OF_INPUT) this.#marked = null;
  }

  /** ^C where the rest of a command was asked for: it never runs. */
  #throwAway({ prompt, head }: Typing): void {
    if (this.#open?.isContinued(prompt, head) === true) this.#open = null;
    if (this.#marked?.open?.isContinued(prompt, head) !== true) return;
    this.#marked.open = null;
    this.#marked.typed.length = 0;
  }

  #enterLines(entered: KeyedLine, more: readonly KeyedLine[], line: CursorLine, now: Now): void {
    const typing = this.#typing;
    if (typing === null) return;
    this.#typing = null;
    const isCommand = this.#enterTyped(entered, typing, line, now);
    const texts = [entered, ...more].flatMap(({ text }) => text ?? []);
    if (isCommand && more.length > 0 && texts.length > more.length) {
      this.#pasted = { lines: new PastedLines(typing.prompt, typing.head, texts), typing, at: now };
      return;
    }
    // Pasted lines behind the first wait for the prompts that follow.
    for (const keyed of more) this.#typeAhead(this.#standing, keyed, now.at, now);
  }

  /** Whether a command begins with the line that was entered. */
  #enterTyped(entered: KeyedLine, { prompt, at, head }: Typing, line: CursorLine, now: Now): boolean {
    const unfinished = [this.#open, this.#marked?.open].find((open) => open?.isContinued(prompt, head) === true);
    if (unfinished != null) {
      const text = entered.text?.trimEnd() ?? line.whole.slice(prompt.length);
      unfinished.add(text, head, now);
      unfinished.look(line.whole, text, head);
      return false;
    }
    if (isQuestion(prompt)) return false;
    if (!endsLikePrompt(prompt)) {
      this.#typeAhead(this.#standing, entered, at, now);
      return false;
    }
    this.#ahead = [];
    // What the keys say holds even where nothing was echoed; the screen may show more than the line, and less.
    const text = entered.text?.trim() ?? behind(prompt, line.whole);
    if (text !== '') {
      // A recorder that notes a key after the output that it caused has the cursor on another line by now.
      this.#enter({ prompt, typed: at, entered: now }, text, head, TYPED).look(line.whole, text, head);
      this.#open?.seeEcho();
      return true;
    }
    // The search, or the echo, gives way to the command behind its prompt.
    if (entered.text === null) this.#searched = { prompt, typed: at, entered: now, head: line.head };
    return false;
  }

  /** The prompt that will stand when what runs has ended. */
  get #standing(): string {
    return this.#open?.prompt ?? this.#marked?.prompt ?? this.#lastPrompt?.prompt ?? '';
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
      const head = lines.get(row)!;
      const line = leftLine(this.#emulator, head);
      // Those before it were read by a program, or not shown.
      const next = this.#ahead.findIndex((late) => this.#isShown(late, line, head));
      if (next < 0) continue;
      const ahead = this.#ahead[next]!;
      const prompt = line.slice(0, line.length - ahead.text.length);
      this.#ahead.splice(0, next + 1);
      if (this.#open?.isContinued(prompt, head) === true) {
        this.#open.add(ahead.text, head, ahead.entered);
        continue;
      }
      this.#close(now.at, null);
      this.#enter({ ...ahead, prompt }, ahead.text, head, LATE);
    }
  }

  /** Whether a line shows what was typed ahead, behind the prompt that was there before, one with another folder or time, or one for more. */
  #isShown({ prompt, text }: Ahead, line: string, head: Line): boolean {
    if (!line.endsWith(text)) return false;
    const before = line.slice(0, line.length - text.length);
    if (before === prompt || (isLikelyPrompt(before) && !isProgramPrompt(before))) return true;
    return this.#open?.isContinued(before, head) === true;
  }

  /** Lines that were pasted into a shell that does not show them again. */
  #readPasted(now: Now): void {
    const pasted = this.#pasted;
    const reads = pasted?.lines.read(this.#emulator, now.at);
    if (pasted === null || reads === undefined) return;
    if (reads === null) {
      this.#giveUpPasted();
      this.#enterAhead(pasted.typing.head, now);
      return;
    }
    this.#pasted = null;
    const { prompt, head, at: typed } = pasted.typing;
    for (const [i, text] of pasted.lines.texts.entries()) {
      if (i > 0 && !reads[i]!.continues) {
        this.#close(reads[i - 1]!.end, null);
        if (text.trim() !== '') this.#enter({ prompt, typed, entered: pasted.at }, text.trim(), head, LATE);
      } else if (i > 0) this.#open?.add(text, head, pasted.at);
    }
    this.#close(reads.at(-1)!.end, null);
  }

  /** It is not known how pasted lines were read: those that were not echoed at once a shell may still show. */
  #giveUpPasted(): void {
    const pasted = this.#pasted;
    this.#pasted = null;
    if (pasted === null || pasted.lines.isEchoed) return;
    const { typing, at } = pasted;
    for (const text of pasted.lines.texts.slice(1)) this.#typeAhead(typing.prompt, { text }, at.at, at);
  }

  #enter({ prompt, typed, entered }: Late, text: string, head: Line, sure: readonly [number, number]): OpenCommand {
    this.#close(entered.at, null);
    const command = {
      ...this.#blank(entered, prompt.trim(), text, typed),
      evidence: 'input',
      confidence: sureOf(prompt, sure),
    } as const;
    this.#open = new OpenCommand(this.#emulator, prompt, head, command);
    return this.#open;
  }

  /** The cursor may have left the line that was searched for: the command stands there behind its prompt. */
  #enterSearched(): void {
    if (this.#searched === null || this.#line?.head === this.#searched.head) return;
    const searched = this.#searched;
    this.#searched = null;
    const text = behind(searched.prompt, leftLine(this.#emulator, searched.head));
    // Less sure than what the screen showed at Enter.
    if (text !== '') this.#enter(searched, text, searched.head, LATE);
  }

  /** Output was applied. */
  output(now: Now): void {
    if (isAlternate(this.#emulator)) return;
    const before = this.#line;
    const line = cursorLine(this.#emulator, this.#right);
    this.#line = line;
    const marked = this.#marked;
    if (marked !== null && marked.open === null) {
      // Nothing is typed yet, or only what was before the prompt stood.
      if (marked.start === line.before || (!marked.whole && marked.begun === null))
        this.#leaveOut(rightPrompt(this.#emulator) ?? this.#right);
      marked.stands(this.#line.whole, this.#right);
      return;
    }
    this.#open?.seeEcho();
    this.#enterSearched();
    if (this.#pasted !== null) this.#readPasted(now);
    if (this.#ahead.length > 0) this.#enterAhead(before?.head, now);
    if (!this.#hasInput) this.#guess(before, line, now);
    const { before: text } = line;
    const prompt = text.slice(-MAX_PROMPT);
    if (this.#open?.isContinued(prompt, line.head) === true) {
      if (!this.#hasInput) this.#lastPrompt = { prompt, at: now.at, head: line.head };
      return;
    }
    const likely = isLikelyPrompt(prompt);
    const anew = prompt === (this.#hasInput ? this.#typing?.prompt : this.#lastPrompt?.prompt);
    const right = likely || anew ? rightPrompt(this.#emulator) : null;
    // A prompt that is drawn again may show another time.
    if (anew && right !== null) this.#leaveOut(right);
    const stands = likely && (line.whole.length <= text.trimEnd().length + 1 || right !== null);
    // Signs in a line that is being typed are no new prompt.
    const typed = this.#hasInput ? this.#typing : this.#lastPrompt;
    const isTyped = typed !== null && typed.head === line.head && prompt.length > typed.prompt.length;
    const ends = text === this.#open?.prompt || (stands && !isTyped && prompt.trim() !== this.#open?.prompt.trim());
    if (ends) {
      this.#close(now.at, null);
      // A program took the keys that were typed before, or the shell takes them now.
      if (this.#keys.begun && (this.#typing?.head !== line.head || this.#typing.prompt !== prompt)) {
        this.#typing = { prompt, at: now.at, head: line.head };
        this.#keys.spoil();
      }
    }
    const within = this.#lastPrompt !== null && text.startsWith(this.#lastPrompt.prompt);
    if (!stands || within) return;
    this.#lastPrompt = { prompt, at: now.at, head: line.head };
    if (!this.#hasInput) this.#leaveOut(right);
  }

  #leaveOut(right: RightPrompt | null): void {
    this.#right = right;
    this.#line = cursorLine(this.#emulator, right);
  }

  /** Without input: the cursor left a line that begins with the prompt seen last. */
  #guess(before: CursorLine | null, line: CursorLine, now: Now): void {
    const last = this.#lastPrompt;
    if (last === null || before === null || isSearch(line.whole)) return;
    if (line.head === last.head || isWithin(this.#emulator, last.head, this.#right)) return;
    if (line.whole !== '' && line.whole === before.whole) {
      // Drawn again elsewhere, or nothing was entered.
      this.#lastPrompt = { ...last, head: line.head };
      return;
    }
    this.#lastPrompt = null;
    const { prompt } = last;
    const head = isSearch(before.whole) ? before.head : last.head;
    const left = behind(prompt, leftLine(this.#emulator, head, this.#right));
    // The line may be gone by now, and a line that was drawn anew is elsewhere.
    const stood = behind(prompt, before.whole);
    // What stands behind a line that filled its row was printed after it.
    const isFilled = before.head === last.head && before.whole.length % this.#emulator.terminal.cols === 0;
    const text = left === '' || (isFilled && stood !== '' && left.startsWith(stood)) ? stood : left;
    const unfinished = this.#open?.isContinued(prompt, last.head) === true ? this.#open : null;
    const isThrownAway = THROWN_AWAY.test(text);
    if (unfinished !== null) {
      if (isThrownAway) this.#open = null;
      else unfinished.add(text, last.head, now);
      return;
    }
    if (text === '' || isThrownAway) return;
    this.#close(now.at, null);
    const confidence = isProgramPrompt(prompt) ? OF_PROGRAM : GUESSED;
    const command = { ...this.#blank(now, prompt.trim(), text, last.at), evidence: 'prompt', confidence } as const;
    this.#open = new OpenCommand(this.#emulator, prompt, last.head, command);
  }

  #close(end: Micros, exitStatus: number | null): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#emit({ ...open.found, end, exitStatus });
  }

  /** Commands that had not ended when the recording did. */
  finish(): void {
    for (const open of [this.#open, this.#marked?.open]) if (open != null) this.#emit(open.found);
    if (this.#running !== null) this.#emit(this.#running);
    this.#open = null;
    this.#marked = null;
    this.#running = null;
  }
}
