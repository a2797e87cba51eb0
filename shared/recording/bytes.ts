// Packed bytes: the few writes and reads that the chunk formats need. Numbers are unsigned LEB128 (7 bits a byte, low first),
// up to the largest safe integer. A reader throws a RangeError when the bytes end early or a number is too large.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  #room(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    for (; rest >= 0x80; rest >>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written, as a view that the next write may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, and more behind it. */
  takeWith(more: Uint8Array): Uint8Array {
    const all = new Uint8Array(this.#length + more.length);
    all.set(this.view());
    all.set(more, this.#length);
    return all;
  }

  /** Forgets what was written and keeps the room. */
  clear(): void {
    this.#length = 0;
  }
}

export class ByteReader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Position of the next byte. */
  get at(): number {
    return this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new RangeError('packed bytes are cut');
    this.#at += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
      if (scale > 2 ** 49) throw new RangeError('packed number is too large');
    }
  }

  bytes(length: number): Uint8Array {
    this.skip(length);
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  skip(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new RangeError('packed bytes are cut');
    this.#at += length;
  }

  /** Passes over so many varints. */
  skipVarints(count: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let left = count; left > 0; at++) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('packed bytes are cut');
      if (byte < 0x80) left -= 1;
    }
    this.#at = at;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  text(length: number): string {
    return decoder.decode(this.bytes(length));
  }
}
