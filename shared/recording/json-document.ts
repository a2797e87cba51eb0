// What formats of one big JSON object share: the members that fit in memory, gathered as an object of their own, and the word
// on a document that stops early or turns into something else.

import { ByteWriter } from './bytes.ts';
import { MAX_RECORD_BYTES } from './decoder.ts';
import type { Discrepancy } from './discrepancy.ts';
import type { JsonScanner, ScannedValue } from './json-scanner.ts';
import { encodeUtf8 } from './utf8.ts';

/** Gathers members, with their values exactly as received, into the bytes of one object. */
export class GatheredMembers {
  readonly #bytes = new ByteWriter();

  /** Returns false when there is no room: together they are not larger than one record may be. */
  add(name: string, { bytes, length }: ScannedValue): boolean {
    const head = encodeUtf8(`${this.#bytes.length === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    if (bytes === null || this.#bytes.length + head.length + length > MAX_RECORD_BYTES) return false;
    this.#bytes.bytes(head);
    this.#bytes.bytes(bytes);
    return true;
  }

  /** The object so far. */
  get bytes(): Uint8Array {
    return this.#bytes.takeWith(encodeUtf8(this.#bytes.length === 0 ? '{}' : '}'));
  }
}

/** What is wrong with the end of a document of `size` bytes, and from where on, or null when it is whole. */
export function documentFault(scanner: JsonScanner, size: number, file: string): Discrepancy | null {
  const { offset } = scanner;
  const place = { file, offset, length: size - offset };
  if (scanner.broken) return { kind: 'bad-line', message: 'the file is no JSON from here on; the rest was not read', place };
  if (scanner.done) return null;
  return {
    kind: 'truncated',
    message: `the file stops in the middle; ${String(size - offset)} bytes at its end are not whole`,
    place,
  };
}
