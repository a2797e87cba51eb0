// xz, by the decoder inside xz-decompress. Its stream lets only one file be unpacked at a time: two parts of one recording would
// wait for each other for ever. So its memory is driven here, one for each file.
// https://tukaani.org/xz/xz-file-format.txt

import { crc32 } from 'node:zlib';
import xz from 'xz-decompress';
import type { Open } from './streams.ts';

interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  supply_input(context: number, length: number): void;
  get_next_output(context: number): number;
}

/** The package's class as it is: types.d.ts leaves these out. */
const { XzReadableStream: source } = xz as unknown as {
  readonly XzReadableStream: { _moduleInstance: { readonly exports: Decoder }; _getModuleInstance(): Promise<void> };
};

/** Words of a context: size of its two buffers, their addresses, bytes that were taken from the first one, and bytes in the second. */
const [BUFFER, INPUT, TAKEN, OUTPUT, OUTPUT_LENGTH] = [0, 1, 2, 4, 5] as const;

const FOOTER_BYTES = 12;
const LETTERS = 'YZ';

const OK = 0;
const END = 1;
const UNEXPECTED_END = 8;

/** What the other results mean, by their numbers. */
const FAULTS: Readonly<Record<number, string>> = {
  2: 'its kind of checksum is not read',
  4: 'it needs more memory than it is given',
  5: 'this is no xz data',
  6: 'it is packed in a way that is not read',
  7: 'its bytes do not fit together',
  [UNEXPECTED_END]: 'unexpected end',
};

/**
 * The unpacked bytes, of several joined files too. Throws what reading throws, and `damaged` of what is wrong with the data, with the
 * number of packed bytes by which it was met, and of those up to the end of the last whole file before.
 */
export async function* unpackXz(
  open: Open,
  damaged: (error: unknown, at: number, end: number | null) => Error,
): AsyncGenerator<Uint8Array> {
  await source._getModuleInstance();
  const context = new Context(source._moduleInstance.exports);
  const footers = new Footers();
  let at = 0;
  const fault = (result: number): Error => damaged(new Error(FAULTS[result] ?? `error ${String(result)}`), at, footers.passed);
  for await (const bytes of open()) {
    for (let rest = bytes; rest.length > 0;) {
      const before = rest;
      rest = context.supply(rest);
      at += before.length - rest.length;
      for (let output: Uint8Array | null = null; output === null || output.length > 0;) {
        const result = context.next();
        ({ output } = result);
        if (output.length > 0) yield output;
        if (result.code === OK) continue;
        footers.push(before.subarray(0, context.taken));
        throw fault(result.code);
      }
      footers.push(before.subarray(0, before.length - rest.length));
    }
  }
  context.supply(new Uint8Array(0));
  const { code } = context.next();
  if (code !== END) throw fault(code === OK ? UNEXPECTED_END : code);
}

/** Looks for the footers that end a file, in the bytes that the decoder took: a checksum, six bytes that it is of, and two letters. Section 2.1.2 */
class Footers {
  #end: number | null = null;
  #at = 0;
  #tail = Buffer.alloc(0);

  push(bytes: Uint8Array): void {
    const joined = Buffer.concat([this.#tail, bytes]);
    const start = this.#at - this.#tail.length;
    for (let letters = joined.indexOf(LETTERS); letters !== -1; letters = joined.indexOf(LETTERS, letters + 1)) {
      const footer = letters + LETTERS.length - FOOTER_BYTES;
      if (footer >= 0 && crc32(joined.subarray(footer + 4, letters)) === joined.readUInt32LE(footer))
        this.#end = start + footer + FOOTER_BYTES;
    }
    this.#at += bytes.length;
    this.#tail = joined.subarray(-(FOOTER_BYTES - 1));
  }

  /** Offset behind the last one, where the decoder found nothing wrong with it and went on. */
  get passed(): number | null {
    return this.#end === this.#at ? null : this.#end;
  }
}

class Context {
  readonly #decoder: Decoder;
  readonly #at: number;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
    this.#at = decoder.create_context();
  }

  get #words(): Uint32Array {
    return new Uint32Array(this.#decoder.memory.buffer, this.#at, 6);
  }

  #bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#decoder.memory.buffer, address, length);
  }

  /** Takes as much as its buffer holds, and returns the rest. Nothing means that there is no more. */
  supply(bytes: Uint8Array): Uint8Array {
    const length = Math.min(bytes.length, this.#words[BUFFER]!);
    this.#bytes(this.#words[INPUT]!, length).set(bytes.subarray(0, length));
    this.#decoder.supply_input(this.#at, length);
    return bytes.subarray(length);
  }

  /** Bytes that it took of those that were supplied last. */
  get taken(): number {
    return this.#words[TAKEN]!;
  }

  next(): { readonly code: number; readonly output: Uint8Array } {
    const code = this.#decoder.get_next_output(this.#at);
    const words = this.#words;
    const output = this.#bytes(words[OUTPUT]!, words[OUTPUT_LENGTH]!).slice();
    words[OUTPUT_LENGTH] = 0;
    return { code, output };
  }
}
