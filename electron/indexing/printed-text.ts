// What was sent to the terminal, as text: control sequences removed, whatever pieces it came in. A line ends at a line feed, at
// a carriage return that no line feed follows, and wherever the cursor is moved, or the line away from it. Colours and modes do not end
// one, nor does what erases: grep and gcc erase to the end of the line behind each change of colour, and what is erased was printed.
// What moves is what the terminal moves with (shared/terminal/rules.ts). ECMA-48 for the forms of control sequences.

import { TextDecoder } from 'node:util';
import type { StreamName } from '../../shared/recording/event.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { TextLine } from '../library/library.ts';
import { LineBuilder, MAX_LINE, type Now } from './line-builder.ts';

/** Final bytes of CSI sequences of numbers alone that move the cursor, repeat a character, or move lines away from the cursor. */
const MOVING = new Set('ABCDEFGHILMSTZ`abdefru');

/** Numbers; what stands beside them is a prefix or an intermediate, and the sequence another one. */
const NUMBERS = /[\d:;]+/g;

/** Private modes that change the screen or send the cursor home, set or reset; to reset the last one restores the cursor. */
const MOVING_MODES = { h: /\b(?:3|6|47|1047|1049)\b/, l: /\b(?:3|6|47|1047|1049|1048)\b/ };

/** Parameters that are looked at; a longer list moves nothing that it would not have moved before. */
const MAX_PARAMETERS = 64;

const isPrintable = (code: number): boolean => (code >= 0x20 && code < 0x7f) || code > 0x9f || code === 0x09;

/** Numbers, and the signs before and behind them; whatever else comes in between, the terminal leaves out. */
const isParameter = (code: number): boolean => code >= 0x20 && code < 0x40;

type State = 'text' | 'return' | 'escape' | 'designate' | 'csi' | 'string' | 'string-escape';

export class PrintedText {
  readonly #emit: (line: TextLine) => void;
  readonly #decoders: Readonly<Record<'stdout' | 'stderr', TextDecoder>> = {
    stdout: new TextDecoder('utf-8', { ignoreBOM: true }),
    stderr: new TextDecoder('utf-8', { ignoreBOM: true }),
  };
  readonly #line = new LineBuilder();
  #state: State = 'text';
  #parameters = '';
  #last: Micros = 0 as Micros;

  constructor(emit: (line: TextLine) => void) {
    this.#emit = emit;
  }

  push(stream: StreamName, bytes: Uint8Array, now: Now): void {
    if (stream === 'stdin') return;
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    for (let i = 0; i < text.length; i++) {
      if (this.#state === 'text') {
        const from = i;
        while (i < text.length && isPrintable(text.charCodeAt(i))) i += 1;
        if (i > from) this.#append(text.slice(from, i), now);
        if (i === text.length) break;
      }
      if (this.#control(text.charCodeAt(i), now)) i -= 1;
    }
    this.#last = now.at;
  }

  #append(text: string, now: Now): void {
    for (let at = 0; at < text.length;) {
      const piece = text.slice(at, at + MAX_LINE - this.#line.text.length);
      this.#line.append(piece, now);
      at += piece.length;
      if (this.#line.text.length >= MAX_LINE) this.#end(now.at);
    }
  }

  #end(to: Micros): void {
    const line = this.#line.take(to, null);
    if (line !== null) this.#emit(line);
  }

  /** Takes a character that is not plain text. Returns true when it must be looked at again in the new state. */
  #control(code: number, now: Now): boolean {
    switch (this.#state) {
      case 'text':
        this.#textControl(code, now);
        return false;
      case 'return':
        this.#end(now.at);
        this.#state = 'text';
        return code !== 0x0a;
      case 'escape':
        this.#escape(code, now);
        return false;
      case 'designate':
        if (code < 0x30) return false;
        this.#state = 'text';
        // The alignment pattern leaves the cursor at the top.
        if (this.#parameters === '#' && code === 0x38) this.#end(now.at);
        return false;
      case 'csi':
        if (code === 0x18 || code === 0x1a) this.#state = 'text';
        else if (code === 0x1b) this.#state = 'escape';
        else if (code >= 0x40 && code <= 0x7e) {
          this.#state = 'text';
          if (this.#moves(String.fromCharCode(code))) this.#end(now.at);
        } else if (isParameter(code) && this.#parameters.length < MAX_PARAMETERS) this.#parameters += String.fromCharCode(code);
        return false;
      case 'string':
        if (code === 0x07 || code === 0x9c || code === 0x18 || code === 0x1a) this.#state = 'text';
        else if (code === 0x1b) this.#state = 'string-escape';
        return false;
      case 'string-escape':
        this.#state = code === 0x5c ? 'text' : 'escape';
        return code !== 0x5c;
    }
  }

  /** Whether what follows a CSI sequence stands elsewhere. */
  #moves(final: string): boolean {
    const parameters = this.#parameters;
    const signs = parameters.replaceAll(NUMBERS, '');
    if (signs === '?' && (final === 'h' || final === 'l')) return MOVING_MODES[final].test(parameters);
    // Columns shift below the cursor.
    if (signs === ' ') return final === '@' || final === 'A';
    return signs === '' && MOVING.has(final);
  }

  #begin(state: 'csi' | 'designate', parameters: string): void {
    this.#state = state;
    this.#parameters = parameters;
  }

  #textControl(code: number, now: Now): void {
    switch (code) {
      case 0x0a:
      case 0x0b:
      case 0x0c:
      case 0x08:
      case 0x84:
      case 0x85:
      case 0x8d:
        this.#end(now.at);
        return;
      case 0x0d:
        this.#state = 'return';
        return;
      case 0x1b:
        this.#state = 'escape';
        return;
      case 0x9b:
        this.#begin('csi', '');
        return;
      case 0x90:
      case 0x98:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        this.#state = 'string';
        return;
      default:
        return;
    }
  }

  #escape(code: number, now: Now): void {
    this.#state = 'text';
    if (code === 0x5b) this.#begin('csi', '');
    else if ([0x50, 0x58, 0x5d, 0x5e, 0x5f, 0x6b].includes(code)) this.#state = 'string';
    else if (code >= 0x20 && code <= 0x2f) this.#begin('designate', String.fromCharCode(code));
    else if (code === 0x1b) this.#state = 'escape';
    // Index, next line, reverse index, restore cursor, full reset.
    else if ([0x44, 0x45, 0x4d, 0x38, 0x63].includes(code)) this.#end(now.at);
  }

  finish(): void {
    this.#end(this.#last);
  }
}
