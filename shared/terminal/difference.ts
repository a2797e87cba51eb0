// Whether two terminals are in the same state, found without knowing what a state consists of: everything that can be reached from their
// inner parts is compared, so that a keyframe which forgets a part of the state is found out, whatever the part. Two terminals that do
// not differ go on alike, whatever they are fed. Left out is only what cannot come to the screen: who listens, what has to be drawn,
// and what the parser leaves behind of a sequence that is over and clears before it reads it again.

import { BG, BG_EXTENDED, CELL_SIZE, IS_COMBINED } from './cells.ts';
import type { Emulator } from './emulator.ts';
import type { Line, LineList, ParameterStore, Parser } from './internals.ts';
import { usedCells } from './used.ts';

const GROUND = 0;

/** Who listens, beside the emulator or in its place, and what ends with the terminal. */
const LISTENERS = ['_listeners', '_csiHandlers', '_escHandlers', '_executeHandlers', '_event', '_deliveryQueue'];
const LIFE = ['_store', '_disposed', '_instantiationService'];

/** Options beside those compared by name: the size at the start is among them. */
const OPTIONS = ['optionsService', '_optionsService'];

/** Filled anew at each use. */
const SCRATCH = ['_nullCell', '_whitespaceCell', '_workCell', '_eraseAttrDataInternal'];

/** The saved cursor of xterm.js, which nothing reads: modes.ts keeps another. */
const SAVED_CURSOR = ['savedX', 'savedY', 'savedCurAttrData', 'savedCharset'];

/** Rows that must be drawn anew; and parameters, which are compared by themselves. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...LISTENERS,
  ...LIFE,
  ...OPTIONS,
  ...SCRATCH,
  ...SAVED_CURSOR,
  '_dirtyRowTracker',
  '_params',
]);

type Pair = readonly [a: object, b: object];

const isLine = (value: object): value is Line => '_data' in value && '_combined' in value;
const isList = (value: object): value is LineList => '_array' in value && '_startIndex' in value;
const isParser = (value: object): value is Parser => '_oscParser' in value && '_params' in value;

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameLine(a: Line, b: Line): boolean {
  if (a.isWrapped !== b.isWrapped || a.length !== b.length || usedCells(a) !== usedCells(b)) return false;
  if (!sameNumbers(a._data, b._data, a.length * CELL_SIZE)) return false;
  // What a cell has beyond its numbers counts where the cell says so; leftovers of other cells are never read.
  for (const key in a._combined) {
    const x = Number(key);
    if ((a._data[x * CELL_SIZE]! & IS_COMBINED) !== 0 && a._combined[x] !== b._combined[x]) return false;
  }
  for (const key in a._extendedAttrs) {
    const x = Number(key);
    if ((a._data[x * CELL_SIZE + BG]! & BG_EXTENDED) === 0) continue;
    const [one, other] = [a._extendedAttrs[x], b._extendedAttrs[x]];
    if (one?._ext !== other?._ext || one?._urlId !== other?._urlId) return false;
  }
  return true;
}

function sameParameters(a: ParameterStore, b: ParameterStore): boolean {
  return (
    a.length === b.length &&
    a._subParamsLength === b._subParamsLength &&
    a._rejectDigits === b._rejectDigits &&
    a._rejectSubDigits === b._rejectSubDigits &&
    a._digitIsSub === b._digitIsSub &&
    sameNumbers(a.params, b.params, a.length) &&
    sameNumbers(a._subParamsIdx, b._subParamsIdx, a.length) &&
    sameNumbers(a._subParams, b._subParams, a._subParamsLength)
  );
}

class Comparison {
  readonly #met = new Map<object, object>();
  readonly #open: (readonly [...Pair, path: string])[] = [];

  compare(a: unknown, b: unknown, path: string): string | null {
    let found = this.#value(a, b, path);
    for (let next = this.#open.pop(); found === null && next !== undefined; next = this.#open.pop())
      found = this.#object(...next);
    return found;
  }

  #value(a: unknown, b: unknown, path: string): string | null {
    if (Object.is(a, b)) return null;
    if (typeof a === 'function' && typeof b === 'function') return null;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path;
    const met = this.#met.get(a);
    if (met !== undefined) return met === b || isShared(a) ? null : path;
    this.#met.set(a, b);
    this.#open.push([a, b, path]);
    return null;
  }

  #object(a: object, b: object, path: string): string | null {
    if (a.constructor !== b.constructor) return path;
    if (ArrayBuffer.isView(a)) {
      const [one, other] = [a, b] as unknown as [ArrayLike<number>, ArrayLike<number>];
      return one.length === other.length && sameNumbers(one, other, one.length) ? null : path;
    }
    if (a instanceof Map && b instanceof Map) {
      if (a.size !== b.size) return path;
      return this.#each(a.keys(), (key) => this.#value(a.get(key), b.get(key), `${path}.${String(key)}`));
    }
    if (isList(a) && isList(b)) {
      if (a.length !== b.length || a.maxLength !== b.maxLength) return path;
      for (let i = 0; i < a.length; i++) if (!sameLine(a.get(i)!, b.get(i)!)) return `${path}.${String(i)}`;
      return null;
    }
    if (isLine(a) && isLine(b)) return sameLine(a, b) ? null : path;
    const inSequence = !isParser(a) || a.currentState !== GROUND;
    if (isParser(a) && inSequence && !sameParameters(a._params, (b as Parser)._params)) return `${path}._params`;
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return this.#each(keys, (key) => {
      if (LEFT_OUT.has(key) || (!inSequence && key === '_collect')) return null;
      // The alternate screen begins empty whenever it is entered, with margins and tab stops of the normal one.
      if (key === '_alt' && '_activeBuffer' in a && a._activeBuffer !== (a as Record<string, unknown>)[key]) return null;
      return this.#value((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`);
    });
  }

  #each<K>(keys: Iterable<K>, compare: (key: K) => string | null): string | null {
    for (const key of keys) {
      const found = compare(key);
      if (found !== null) return found;
    }
    return null;
  }
}

/** Attributes beyond colours are never changed in place: who shares them makes no difference. */
const isShared = (value: object): boolean => '_ext' in value && '_urlId' in value;

/** Where two terminals first differ, as a path of names, or null where they do not. */
export function difference(a: Emulator, b: Emulator): string | null {
  const state = ({ inner, own, utf8 }: Emulator): object => {
    const { _inputHandler, _bufferService, _charsetService, coreService, buffers } = inner;
    const options = { ...inner.optionsService.rawOptions, cols: 0, rows: 0 };
    return { _bufferService, buffers, _charsetService, coreService, options, own, utf8: utf8.states, _inputHandler };
  };
  return new Comparison().compare(state(a), state(b), 'terminal');
}
