// Finds the records in JSON of unknown nesting while its text goes by: the elements of every list that no other list holds, and every
// object that no list holds. A document of any size is read with the memory of its largest element; several values may follow each
// other (JSON lines). https://www.rfc-editor.org/rfc/rfc8259

import { MAX_RECORD_BYTES } from './decoder.ts';
import { jsonFaultPlace } from './json-fault-place.ts';
import type { JsonObject } from './json-text.ts';
import { TextFault, TextPlace } from './text-feed.ts';

/** Deepest nesting, of lists and objects alike. */
const MAX_DEPTH = 200;
/** Characters of members that objects outside of lists hold together; further ones are passed over. */
const MAX_HELD = 4 * 1024 * 1024;
/** Plain elements of one list that are held. */
const MAX_PLAIN = 10_000;

export interface WalkedObject {
  /** Names of the members that it stands in, from the outside in. */
  readonly path: readonly string[];
  readonly value: JsonObject;
  /** The objects around it, as far as they were read, the closest first. */
  readonly around: readonly JsonObject[];
  readonly line: number;
}

export interface WalkHandler {
  /** An element of a list. */
  element(found: WalkedObject): void;
  /**
   * An object outside of lists has ended; its lists of objects are not in it. `inside`: whether any record was found in it. Returns whether
   * it was one itself: it is no member of the object around it then.
   */
  object(found: WalkedObject & { readonly inside: boolean }): boolean;
}

interface Frame {
  readonly kind: 'object' | 'array';
  /** Member of the object around it. */
  readonly name: string | null;
  readonly value: { [name: string]: unknown };
  readonly plain: unknown[];
  readonly line: number;
  inside: boolean;
  next: 'first' | 'name' | 'colon' | 'value' | 'comma';
  member: string | null;
}

/** A value that is taken whole. */
interface Capture {
  readonly kind: 'name' | 'member' | 'element';
  readonly line: number;
  readonly column: number;
  readonly scalar: boolean;
  text: string;
  depth: number;
  inString: boolean;
  escaped: boolean;
}

/** Whole numbers that a float cannot hold stay text. */
const LONG_NUMBER = /[:[,\s]-?\d{16,}\s*[,}\]]|^-?\d{16,}$/;
type Reviver = (this: unknown, name: string, value: unknown, context: { readonly source?: string }) => unknown;
const exactly: Reviver = (_, value, context) =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? (context.source ?? value) : value;

export class JsonWalk {
  readonly #handler: WalkHandler;
  readonly #frames: Frame[] = [];
  readonly #place = new TextPlace();
  #capture: Capture | null = null;
  #held = 0;
  #lists = { count: 0, line: 0 };

  constructor(handler: WalkHandler) {
    this.#handler = handler;
  }

  /** Throws a {@link TextFault}. */
  push(text: string): void {
    let counted = 0;
    const here = (at: number): { line: number; column: number } => {
      this.#place.pass(text.slice(counted, at));
      counted = at;
      return this.#place;
    };
    for (let at = 0; at < text.length;) {
      if (this.#capture !== null) {
        at = this.#across(text, at);
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x1e) {
        at += 1;
        continue;
      }
      const { line, column } = here(at);
      at = this.#between(text, at, line, column);
    }
    here(text.length);
  }

  /** Throws a {@link TextFault} where a value is not whole. */
  end(): void {
    if (this.#capture?.scalar === true) this.#finish();
    if (this.#capture === null && this.#frames.length === 0) return;
    const { line, column } = this.#place;
    const open = this.#frames[0];
    const since = open === undefined ? '' : `; what begins on line ${String(open.line)} is not closed`;
    throw new TextFault(`the JSON ends here in the middle${since}`, line, column);
  }

  /** Lists that stand in lists: nothing is read from them. The line is that of the first. */
  get listsInLists(): { readonly count: number; readonly line: number } {
    return this.#lists;
  }

  #between(text: string, at: number, line: number, column: number): number {
    const char = text[at]!;
    const frame = this.#frames.at(-1);
    const wrong = (expected: string): TextFault =>
      new TextFault(`${expected} is expected here, and ${JSON.stringify(char)} stands here`, line, column);
    if (frame === undefined) {
      if (char !== '{' && char !== '[') throw wrong('an object or a list');
      this.#open(char === '{' ? 'object' : 'array', null, line);
      return at + 1;
    }
    if (frame.kind === 'object') {
      switch (frame.next) {
        case 'first':
        case 'name':
          if (char === '}' && frame.next === 'first') return this.#close(at);
          if (char !== '"') throw wrong('a name in quotes');
          this.#begin('name', char, line, column);
          return at;
        case 'colon':
          if (char !== ':') throw wrong('a colon');
          frame.next = 'value';
          return at + 1;
        case 'value':
          if (char === '{' || char === '[') {
            this.#open(char === '{' ? 'object' : 'array', frame.member, line);
            return at + 1;
          }
          if (char === ',' || char === '}' || char === ']' || char === ':') throw wrong('a value');
          this.#begin('member', char, line, column);
          return at;
        case 'comma':
          if (char === '}') return this.#close(at);
          if (char !== ',') throw wrong('a comma or the end of the object');
          frame.next = 'name';
          return at + 1;
      }
    }
    if (frame.next === 'comma') {
      if (char === ']') return this.#close(at);
      if (char !== ',') throw wrong('a comma or the end of the list');
      frame.next = 'value';
      return at + 1;
    }
    if (char === ']' && frame.next === 'first') return this.#close(at);
    if (char === ',' || char === '}' || char === ']' || char === ':') throw wrong('a value');
    this.#begin('element', char, line, column);
    return at;
  }

  #open(kind: Frame['kind'], name: string | null, line: number): void {
    if (this.#frames.length >= MAX_DEPTH) throw new TextFault('it is nested too deeply', line, 1);
    this.#frames.push({ kind, name, value: {}, plain: [], line, inside: false, next: 'first', member: null });
  }

  #close(at: number): number {
    const frame = this.#frames.pop()!;
    const parent = this.#frames.at(-1);
    const { value, name, line } = frame;
    let attach: unknown = value;
    if (frame.kind === 'array') attach = frame.plain.length > 0 || !frame.inside ? frame.plain : undefined;
    else {
      const path = [...this.#path(), ...(name === null ? [] : [name])];
      if (this.#handler.object({ path, value, around: this.#around(), line, inside: frame.inside })) {
        frame.inside = true;
        attach = undefined;
      }
    }
    if (parent === undefined) {
      this.#held = 0;
    } else {
      parent.inside ||= frame.inside;
      parent.next = 'comma';
      if (attach !== undefined && name !== null) put(parent.value, name, attach);
    }
    return at + 1;
  }

  #path(): string[] {
    return this.#frames.flatMap(({ name }) => (name === null ? [] : [name]));
  }

  #around(): JsonObject[] {
    return this.#frames
      .filter(({ kind }) => kind === 'object')
      .map(({ value }) => value)
      .toReversed();
  }

  #begin(kind: Capture['kind'], char: string, line: number, column: number): void {
    const scalar = char !== '"' && char !== '{' && char !== '[';
    this.#capture = { kind, line, column, scalar, text: '', depth: 0, inString: false, escaped: false };
  }

  /** Goes on with the value that is taken whole, to its end or to the end of what is there. */
  #across(text: string, from: number): number {
    const capture = this.#capture!;
    const end = capture.scalar ? endOfScalar(text, from) : endOfNested(capture, text, from);
    capture.text += text.slice(from, end === -1 ? text.length : end);
    if (capture.text.length > MAX_RECORD_BYTES)
      throw new TextFault(`one value has more than ${String(MAX_RECORD_BYTES)} characters`, capture.line, capture.column);
    if (end === -1) return text.length;
    this.#finish();
    return end;
  }

  #finish(): void {
    const { kind, text, line, column } = this.#capture!;
    this.#capture = null;
    const value = parse(text, line, column);
    const frame = this.#frames.at(-1)!;
    if (kind === 'name') {
      frame.member = value as string;
      frame.next = 'colon';
      return;
    }
    frame.next = 'comma';
    if (kind === 'member') {
      this.#held += text.length;
      if (this.#held <= MAX_HELD) put(frame.value, frame.member!, value);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      frame.inside = true;
      this.#handler.element({ path: this.#path(), value: value as JsonObject, around: this.#around(), line });
    } else {
      this.#held += text.length;
      if (this.#held <= MAX_HELD && frame.plain.length < MAX_PLAIN) frame.plain.push(value);
      if (Array.isArray(value)) this.#lists = { count: this.#lists.count + 1, line: this.#lists.line || line };
    }
  }
}

/** Sets a member whatever its name is. */
function put(object: { [name: string]: unknown }, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function endOfScalar(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (',]} \n\r\t'.includes(text[at]!)) return at;
  return -1;
}

function endOfNested(capture: Capture, text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (capture.inString) {
      if (capture.escaped) capture.escaped = false;
      else if (code === 0x5c) capture.escaped = true;
      else if (code === 0x22) {
        capture.inString = false;
        if (capture.depth === 0) return at + 1;
      }
    } else if (code === 0x22) capture.inString = true;
    else if (code === 0x7b || code === 0x5b) capture.depth += 1;
    else if (code === 0x7d || code === 0x5d) {
      capture.depth -= 1;
      if (capture.depth === 0) return at + 1;
    }
    if (capture.depth > MAX_DEPTH) throw new TextFault('it is nested too deeply', capture.line, capture.column);
  }
  return -1;
}

/** Parses a value that was taken whole; what is wrong in it is named with its own place. */
function parse(text: string, line: number, column: number): unknown {
  try {
    return LONG_NUMBER.test(text)
      ? (JSON.parse(text, exactly as Parameters<typeof JSON.parse>[1]) as unknown)
      : (JSON.parse(text) as unknown);
  } catch (error) {
    const message = (error as Error).message.replace(/ in JSON.*$| at position.*$|, ".*$|, \.\.\..*$/s, '');
    const position = jsonFaultPlace(text);
    const place = new TextPlace();
    place.pass(text.slice(0, position));
    const at = { line: line + place.line - 1, column: place.line === 1 ? column + place.column - 1 : place.column };
    throw new TextFault(`this is no JSON: ${message.charAt(0).toLowerCase()}${message.slice(1)}`, at.line, at.column);
  }
}
