// DER, strictly: definite lengths in their shortest form, single-byte tags. Enough for time stamps and certificates, and nothing that
// has two readings. ITU-T X.690, sections 8 and 10.

import { joinBytes } from './bytes.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export class NotDer extends Error {
  override readonly name = 'NotDer';
}

export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

/** Reads the values of a constructed one, in order. Throws {@link NotDer}. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Tag of the next value, or -1 at the end. */
  peek(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  next(tag?: number): DerValue {
    const start = this.#at;
    const found = this.#byte();
    if ((found & 0x1f) === 0x1f) throw new NotDer('a tag of several bytes');
    if (tag !== undefined && found !== tag) throw new NotDer(`tag ${String(found)} where ${String(tag)} belongs`);
    const length = this.#length();
    if (length > this.#bytes.length - this.#at) throw new NotDer('a value goes beyond its end');
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return { tag: found, content, whole: this.#bytes.subarray(start, this.#at) };
  }

  /** The values in the next one. */
  into(tag: number): DerReader {
    return new DerReader(this.next(tag).content);
  }

  /** The next value where it has this tag. */
  optional(tag: number): DerValue | null {
    return this.peek() === tag ? this.next(tag) : null;
  }

  end(): void {
    if (!this.isAtEnd) throw new NotDer('more than belongs there');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new NotDer('it ends too early');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new NotDer('a length without end');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new NotDer('a length longer than need be');
    return length;
  }
}

/** One value that is all of the bytes. */
export function single(bytes: Uint8Array, tag: number): DerReader {
  const reader = new DerReader(bytes);
  const inner = reader.into(tag);
  reader.end();
  return inner;
}

export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = joinBytes(...content);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return joinBytes(Uint8Array.from(head), body);
}

/** A number that is not negative, from its bytes. */
export function derInteger(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return der(TAG.integer, digits[0]! >= 0x80 ? joinBytes(Uint8Array.of(0), digits) : digits);
}

export function derOid(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
    bytes.push(...digits);
  }
  return der(TAG.oid, Uint8Array.from(bytes));
}

/** An object identifier as text, or empty where an arc is larger than any that is used. */
export function oidText({ content }: DerValue): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 256) return '';
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}

/** A UTCTime or GeneralizedTime as RFC 3339, whole seconds or as finely as it is given. Throws {@link NotDer}. */
export function timeText({ tag, content }: DerValue): string {
  const text = String.fromCharCode(...content.subarray(0, 40));
  const form =
    tag === TAG.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/;
  const found = form.exec(text);
  if (found === null) throw new NotDer('a time in no form that is read');
  const [, year = '', month, day, hour, minute, second, fraction = ''] = found;
  const century = tag === TAG.utcTime ? (Number(year) < 50 ? '20' : '19') : '';
  return `${century}${year}-${month!}-${day!}T${hour!}:${minute!}:${second!}${fraction}Z`;
}
