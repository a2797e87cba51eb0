// What else tells a key beside its press: its release, and the press of Shift and its kin that was for it. Where a key is withheld, so is that.

import { keyOf, type ReportedKey } from './key-codes.ts';

/** Presses of Shift and its kin that can wait for one key. */
const MOST_MODIFIERS = 16;

export class HeldKeys {
  readonly #tell: (place: number, other: number) => void;
  /** Where each key was pressed that was not let go. */
  readonly #held = new Map<number, number>();
  #modifiers: number[] = [];
  #last: number | null = null;

  /** `tell` hears of a place that tells of the key at another one, in an order in which what follows from a place comes after it. */
  constructor(tell: (place: number, other: number) => void) {
    this.#tell = tell;
  }

  /** A key that came as its character. */
  character(code: number, place: number): void {
    this.#pressed(keyOf(code), place);
  }

  /** A key that came as a sequence of its own, such as that of an arrow. */
  sequence(place: number): void {
    this.#pressed(null, place);
  }

  reported({ key, kind }: ReportedKey, place: number): void {
    if (kind === 'pressed') this.#pressed(key, place);
    else if (kind === 'modifier') {
      this.#held.set(key, place);
      this.#modifiers = [...this.#modifiers.slice(1 - MOST_MODIFIERS), place];
    } else {
      // A release whose key came as another character (of a digit with Shift) is taken for that of the last one.
      const press = this.#held.get(key) ?? this.#last;
      this.#held.delete(key);
      this.#modifiers = this.#modifiers.filter((modifier) => modifier !== press);
      if (press !== null) this.#tell(press, place);
    }
  }

  #pressed(key: number | null, place: number): void {
    for (const modifier of this.#modifiers.splice(0)) this.#tell(place, modifier);
    if (key !== null) this.#held.set(key, place);
    this.#last = place;
  }
}
