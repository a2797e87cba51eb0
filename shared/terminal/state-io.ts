// One description of a layout that both writes and reads it: each call names a field, and the writer takes its value while the
// reader sets it. So the two cannot come apart.

import { ByteReader, ByteWriter } from '../recording/bytes.ts';

const encoder = new TextEncoder();

type Keys<T, V> = { [K in keyof T]-?: [T[K], V] extends [V, T[K]] ? K : never }[keyof T];

export interface StateIO {
  readonly reading: boolean;
  /** Whole numbers from -1 on. */
  numbers<T>(owner: T, ...keys: Keys<T, number>[]): void;
  /** 32 bits, signed as bit operations leave them. */
  bits<T>(owner: T, ...keys: Keys<T, number>[]): void;
  switches<T>(owner: T, ...keys: Keys<T, boolean>[]): void;
  string<T>(owner: T, key: Keys<T, string>): void;
  strings(list: string[]): void;
  /** One of a few values. */
  choice<T, K extends keyof T>(owner: T, key: K, values: readonly T[K][]): void;
  /** An ascending list: written as it is, or read. */
  ascending(list: readonly number[]): readonly number[];
}

export class StateWriter extends ByteWriter implements StateIO {
  readonly reading = false;

  numbers<T>(owner: T, ...keys: Keys<T, number>[]): void {
    for (const key of keys) this.varint((owner[key] as number) + 1);
  }

  bits<T>(owner: T, ...keys: Keys<T, number>[]): void {
    for (const key of keys) this.varint((owner[key] as number) >>> 0);
  }

  switches<T>(owner: T, ...keys: Keys<T, boolean>[]): void {
    for (const key of keys) this.byte(Number(owner[key]));
  }

  string<T>(owner: T, key: Keys<T, string>): void {
    const bytes = encoder.encode(owner[key] as string);
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  strings(list: string[]): void {
    this.varint(list.length);
    for (let i = 0; i < list.length; i++) this.string(list, i as never);
  }

  choice<T, K extends keyof T>(owner: T, key: K, values: readonly T[K][]): void {
    const index = values.indexOf(owner[key]);
    if (index < 0) throw new Error(`${String(key)} has a value that cannot be kept`);
    this.byte(index);
  }

  ascending(list: readonly number[]): readonly number[] {
    this.varint(list.length);
    let last = 0;
    for (const value of list) {
      this.varint(value - last);
      last = value;
    }
    return list;
  }
}

export class StateReader extends ByteReader implements StateIO {
  readonly reading = true;

  numbers<T>(owner: T, ...keys: Keys<T, number>[]): void {
    for (const key of keys) owner[key] = (this.varint() - 1) as T[typeof key];
  }

  bits<T>(owner: T, ...keys: Keys<T, number>[]): void {
    for (const key of keys) owner[key] = (this.varint() | 0) as T[typeof key];
  }

  switches<T>(owner: T, ...keys: Keys<T, boolean>[]): void {
    for (const key of keys) owner[key] = (this.byte() === 1) as T[typeof key];
  }

  string<T>(owner: T, key: Keys<T, string>): void {
    owner[key] = this.text(this.varint()) as T[typeof key];
  }

  strings(list: string[]): void {
    list.length = 0;
    for (let left = this.varint(); left > 0; left--) list.push(this.text(this.varint()));
  }

  choice<T, K extends keyof T>(owner: T, key: K, values: readonly T[K][]): void {
    const index = this.byte();
    if (index >= values.length) throw new RangeError(`${String(key)} has an unknown value`);
    owner[key] = values[index]!;
  }

  ascending(): readonly number[] {
    let last = 0;
    return Array.from({ length: this.varint() }, () => (last += this.varint()));
  }
}
