// What formats of one big JSON object share: the members that fit in memory, gathered as an object of their own, and the word
// on a document that stops early or turns into something else.

import { MAX_RECORD_BYTES } from './decoder.ts';
import type { Discrepancy } from './discrepancy.ts';
import type { JsonScanner, ScannedValue } from './json-scanner.ts';
import { decodeUtf8 } from './utf8.ts';

/** Gathers members, with their values exactly as received, into the text of one object. */
export class GatheredMembers {
  #text = '';
  #bytes = 0;

  /** Returns false when there is no room: together they are not larger than one record may be. */
  add(name: string, { bytes, length }: ScannedValue): boolean {
    this.#bytes += name.length + length;
    if (bytes === null || this.#bytes > MAX_RECORD_BYTES) return false;
    this.#text += `${this.#text === '' ? '' : ','}${JSON.stringify(name)}:${decodeUtf8(bytes).text}`;
    return true;
  }

  get text(): string {
    return `{${this.#text}}`;
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
