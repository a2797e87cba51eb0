// Finds the members of one JSON object, and the elements of one array in it, while its bytes go by: a document of any size is
// read with the memory of its largest single value. It only finds where values begin and end; whether a value is well-formed
// is for JSON.parse to say. https://www.rfc-editor.org/rfc/rfc8259

import { Carry } from './carry.ts';
import { MAX_RECORD_BYTES } from './decoder.ts';
import { decodeUtf8 } from './utf8.ts';

/** One value: its bytes, valid during the call and null where there are too many to hold, and where they stand. */
export interface ScannedValue {
  readonly bytes: Uint8Array | null;
  readonly offset: number;
  readonly length: number;
}

export interface ScanHandler {
  /** A member of the object; `name` is null where the name itself cannot be read. */
  member(name: string | null, value: ScannedValue): void;
  /** An array that is taken apart begins, at the offset of its bracket. */
  arrayStart?(offset: number, name: string): void;
  element?(value: ScannedValue): void;
  /** It ended, at the offset after its bracket. */
  arrayEnd?(offset: number): void;
}

/** Where the next byte stands. */
type State =
  | 'object'
  | 'first-name'
  | 'name'
  | 'colon'
  | 'value'
  | 'comma'
  | 'first-element'
  | 'element'
  | 'element-comma'
  | 'done'
  | 'broken';

type Token = 'name' | 'value' | 'element';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export class JsonScanner {
  readonly #arrays: readonly string[];
  readonly #carry = new Carry();
  #state: State = 'object';
  #name: string | null = null;
  /** Offset of the first byte of the next push. */
  #base = 0;
  /** The value that is being crossed, if any. */
  #token: Token | null = null;
  #scalar = false;
  #inString = false;
  #escaped = false;
  #depth = 0;

  /** `arrays` names the members whose elements are reported one by one, where they are arrays. */
  constructor(...arrays: readonly string[]) {
    this.#arrays = arrays;
  }

  /** True when the object has ended and only blanks followed. */
  get done(): boolean {
    return this.#state === 'done';
  }

  /** True when the bytes were no JSON object, or no longer; nothing is read after that. */
  get broken(): boolean {
    return this.#state === 'broken';
  }

  /** Where it stands: the offset of the value that is not whole yet, else of the next byte (of the fault, when broken). */
  get offset(): number {
    return this.#base - this.#carry.length;
  }

  /** Reads on. Stops for good at the first byte that cannot stand where it stands. */
  push(bytes: Uint8Array, handler: ScanHandler): void {
    let at = 0;
    while (at < bytes.length && this.#state !== 'broken') {
      at = this.#token === null ? this.#between(bytes, at, handler) : this.#across(bytes, at, handler);
    }
    this.#base += at;
  }

  #between(bytes: Uint8Array, at: number, handler: ScanHandler): number {
    const byte = bytes[at]!;
    if (isBlank(byte) || (this.#state === 'object' && this.#base + at < 3 && byte === [0xef, 0xbb, 0xbf][this.#base + at])) {
      return at + 1;
    }
    switch (this.#state) {
      case 'object':
        if (byte !== OPEN_OBJECT) break;
        this.#state = 'first-name';
        return at + 1;
      case 'first-name':
      case 'name':
        if (byte === CLOSE_OBJECT && this.#state === 'first-name') {
          this.#state = 'done';
          return at + 1;
        }
        if (byte !== QUOTE) break;
        return this.#begin('name', bytes, at, handler);
      case 'colon':
        if (byte !== COLON) break;
        this.#state = 'value';
        return at + 1;
      case 'value':
        if (byte === OPEN_ARRAY && this.#name !== null && this.#arrays.includes(this.#name)) {
          this.#state = 'first-element';
          handler.arrayStart?.(this.#base + at, this.#name);
          return at + 1;
        }
        return this.#begin('value', bytes, at, handler);
      case 'comma':
        if (byte !== COMMA && byte !== CLOSE_OBJECT) break;
        this.#state = byte === COMMA ? 'name' : 'done';
        return at + 1;
      case 'first-element':
      case 'element':
        if (byte === CLOSE_ARRAY && this.#state === 'first-element') return this.#endArray(at, handler);
        return this.#begin('element', bytes, at, handler);
      case 'element-comma':
        if (byte === CLOSE_ARRAY) return this.#endArray(at, handler);
        if (byte !== COMMA) break;
        this.#state = 'element';
        return at + 1;
      case 'done':
      case 'broken':
        break;
    }
    this.#state = 'broken';
    return at;
  }

  #endArray(at: number, handler: ScanHandler): number {
    this.#state = 'comma';
    handler.arrayEnd?.(this.#base + at + 1);
    return at + 1;
  }

  /** A token starts at `at`. Something that is no value (a comma, a closing bracket) breaks the scan. */
  #begin(token: Token, bytes: Uint8Array, at: number, handler: ScanHandler): number {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.#state = 'broken';
      return at;
    }
    this.#token = token;
    this.#scalar = byte !== QUOTE && byte !== OPEN_ARRAY && byte !== OPEN_OBJECT;
    this.#inString = false;
    this.#escaped = false;
    this.#depth = 0;
    return this.#across(bytes, at, handler);
  }

  /** Goes on with the token, to its end or to the end of what is there. */
  #across(bytes: Uint8Array, from: number, handler: ScanHandler): number {
    const end = this.#scalar ? endOfScalar(bytes, from) : this.#endOfNested(bytes, from);
    if (end === -1) {
      this.#carry.append(bytes.subarray(from));
      return bytes.length;
    }
    const piece = bytes.subarray(from, end);
    if (this.#carry.length === 0) {
      this.#finish(piece.length > MAX_RECORD_BYTES ? null : piece, this.#base + from, piece.length, handler);
    } else {
      this.#carry.append(piece);
      const length = this.#carry.length;
      this.#finish(this.#carry.take(), this.#base + end - length, length, handler);
    }
    return end;
  }

  #finish(bytes: Uint8Array | null, offset: number, length: number, handler: ScanHandler): void {
    const token = this.#token;
    this.#token = null;
    if (token === 'name') {
      this.#name = bytes === null ? null : parseName(bytes);
      this.#state = 'colon';
    } else if (token === 'value') {
      this.#state = 'comma';
      handler.member(this.#name, { bytes, offset, length });
    } else {
      this.#state = 'element-comma';
      handler.element?.({ bytes, offset, length });
    }
  }

  /** Index after the quote or bracket that closes the token, or -1. */
  #endOfNested(bytes: Uint8Array, from: number): number {
    let inString = this.#inString;
    let escaped = this.#escaped;
    let depth = this.#depth;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) return at + 1;
        }
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        depth += 1;
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    this.#inString = inString;
    this.#escaped = escaped;
    this.#depth = depth;
    return -1;
  }
}

/** Index of the first byte that cannot belong to a number or a literal, or -1. */
function endOfScalar(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || isBlank(byte)) return at;
  }
  return -1;
}

function parseName(bytes: Uint8Array): string | null {
  try {
    return JSON.parse(decodeUtf8(bytes).text) as string;
  } catch {
    return null;
  }
}
