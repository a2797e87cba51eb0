// The text of a file while its bytes go by: UTF-8 with or without a byte order mark, UTF-16 with one. Bytes that are no text are refused
// with line and column; an encoding is never guessed. https://www.unicode.org/faq/utf_bom.html

import { canFollow, decodeUtf8, unfinishedBytes } from './utf8.ts';

/** A fault of a text, and where: lines and columns count from 1, columns in characters of the text. */
export class TextFault extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Counts lines and columns of text as it goes by. A carriage return with a line feed ends one line. */
export class TextPlace {
  line = 1;
  column = 1;
  #return = false;

  pass(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code !== 0x0a && code !== 0x0d) {
        this.#return = false;
        continue;
      }
      from = at + 1;
      this.column = 1;
      if (code === 0x0d || !this.#return) this.line += 1;
      this.#return = code === 0x0d;
    }
    this.column += text.length - from;
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export class TextFeed {
  readonly #take: (text: string) => void;
  readonly #place = new TextPlace();
  #encoding: Encoding | null = null;
  #decoder: TextDecoder | null = null;
  #carry: Uint8Array = new Uint8Array(0);

  /** `take` gets the text piece by piece. A line feed is never parted from its carriage return by what it gets. */
  constructor(take: (text: string) => void) {
    this.#take = take;
  }

  get encoding(): Encoding | null {
    return this.#encoding;
  }

  /** Throws a {@link TextFault}. */
  push(bytes: Uint8Array): void {
    const all = joined(this.#carry, bytes);
    if (this.#encoding === null && all.length < 4) {
      this.#carry = all;
      return;
    }
    this.#carry = new Uint8Array(0);
    this.#read(this.#encoding === null ? this.#begin(all) : all, false);
  }

  end(): void {
    const rest = this.#carry;
    this.#carry = new Uint8Array(0);
    this.#read(this.#encoding === null ? this.#begin(rest) : rest, true);
  }

  #begin(head: Uint8Array): Uint8Array {
    const [first, second, third, fourth] = head;
    if (first === 0xff && second === 0xfe && third === 0 && fourth === 0)
      throw this.#fault('this is UTF-32, which is not read; save it as UTF-8');
    if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff)
      throw this.#fault('this is UTF-32, which is not read; save it as UTF-8');
    this.#encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
    if (this.#encoding === 'utf-8') return first === 0xef && second === 0xbb && third === 0xbf ? head.subarray(3) : head;
    this.#decoder = new TextDecoder(this.#encoding, { fatal: true });
    return head;
  }

  #fault(message: string): TextFault {
    return new TextFault(message, this.#place.line, this.#place.column);
  }

  #read(bytes: Uint8Array, last: boolean): void {
    if (this.#decoder === null) {
      const keep = last ? 0 : unfinishedBytes(bytes);
      this.#carry = bytes.slice(bytes.length - keep);
      this.#text(this.#utf8(bytes.subarray(0, bytes.length - keep)));
      return;
    }
    let text: string;
    try {
      text = this.#decoder.decode(bytes, { stream: !last });
    } catch {
      throw this.#fault('near here the text is no UTF-16; save the file as UTF-8');
    }
    this.#text(text);
  }

  #utf8(bytes: Uint8Array): string {
    const { text, replaced } = decodeUtf8(bytes);
    if (replaced === 0) return text;
    const bad = firstBadByte(bytes);
    this.#text(decodeUtf8(bytes.subarray(0, bad)).text);
    const hex = (bytes[bad] ?? 0).toString(16).padStart(2, '0').toUpperCase();
    throw this.#fault(
      `the byte ${hex} is no UTF-8 here; if the file is in another encoding (Windows-1252, Latin-1), save it as UTF-8`,
    );
  }

  #text(text: string): void {
    const zero = text.indexOf('\u0000');
    if (zero !== -1) {
      this.#place.pass(text.slice(0, zero));
      throw this.#fault('there is a NUL character; if the file is UTF-16 without a byte order mark, save it as UTF-8');
    }
    if (text !== '') this.#take(text);
    this.#place.pass(text);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Where bytes cease to be UTF-8. */
function firstBadByte(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!;
    const size =
      lead < 0x80
        ? 1
        : lead >= 0xc2 && lead <= 0xdf
          ? 2
          : lead >= 0xe0 && lead <= 0xef
            ? 3
            : lead >= 0xf0 && lead <= 0xf4
              ? 4
              : 0;
    if (size === 0 || at + size > bytes.length) return at;
    if (size > 1 && !canFollow(lead, bytes[at + 1]!)) return at;
    for (let next = 2; next < size; next++) if ((bytes[at + next]! & 0xc0) !== 0x80) return at;
    at += size;
  }
  return bytes.length;
}
