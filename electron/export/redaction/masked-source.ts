// The redacted stream, made from the recording and what was found in it whenever it is read: the same events at the same times, text that is
// withheld drawn over cell for cell, sequences and strings that hold any of it taken back so that a terminal goes on as if they had not
// come. Nothing else is changed: an event of which nothing is withheld is the recording's own.

import type { DataEvent, RecordingEvent } from '../../../shared/recording/event.ts';
import { STREAM_NAMES } from '../../../shared/recording/event.ts';
import { Utf8Streams } from '../../../shared/terminal/utf8-streams.ts';
import { widthOf } from '../../../shared/terminal/widths.ts';
import type { EventSource, EventSpan } from '../../replay/replay.ts';
import type { Bits } from './bits.ts';
import { BLOCK, WIDE_BLOCK } from './matching.ts';
import * as tokens from './tokens.ts';

export interface Mask {
  /** Places whose text is drawn over and whose strings are taken back. */
  readonly cover: Bits;
  /** Places whose sequences are taken back as well: left out where it is the place of their ESC. */
  readonly cut: Bits;
  /** Events of streams whose bytes are left out altogether. */
  readonly emptied: Bits;
  /** Other events whose texts are left out. */
  readonly blanked: Bits;
  /** Events whose own time text is left out. */
  readonly untimed: Bits;
  /** Events that end in the middle of a character that is withheld. */
  readonly tails: ReadonlySet<number>;
}

const CAN = 0x18;
const BACKSLASH = 0x5c;

/** Name of an event whose texts are withheld. */
export const WITHHELD = 'withheld';

const encoder = new TextEncoder();
const BLOCK_BYTES = encoder.encode(BLOCK);
const WIDE_BYTES = encoder.encode(WIDE_BLOCK);
const NOTHING = new Uint8Array();

function maskOf(code: number): Uint8Array {
  const width = widthOf(code);
  return width === 0 ? NOTHING : width === 1 ? BLOCK_BYTES : WIDE_BYTES;
}

class Bytes {
  #bytes = new Uint8Array(256);
  #length = 0;

  push(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Where a reader of the stream stands. */
interface Side {
  readonly machine: tokens.Tokens;
  /** The rest of the sequence or string under way is left out. */
  dropping: boolean;
}

const SLICE = 65_536;

class Masker {
  readonly #mask: Mask;
  readonly #utf8 = new Utf8Streams();
  readonly #codes = new Uint32Array(SLICE);
  readonly #one = new Uint32Array(1);
  readonly #out: Side = { machine: new tokens.Tokens(false), dropping: false };
  readonly #in: Side = { machine: new tokens.Tokens(true), dropping: false };
  #place = 0;

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  event(event: RecordingEvent, index: number): RecordingEvent {
    const shown = this.#shown(event, index);
    if (shown.time === undefined || !this.#mask.untimed.has(index)) return shown;
    const { time: _, ...rest } = shown;
    return rest;
  }

  #shown(event: RecordingEvent, index: number): RecordingEvent {
    const { blanked, emptied } = this.#mask;
    const { seq, at, record, time } = event;
    const base = { seq, at, record, ...(time === undefined ? {} : { time }) };
    switch (event.kind) {
      case 'data':
        return this.#data(event, index);
      case 'sealed':
        return emptied.has(index) ? { ...base, kind: 'data', stream: event.stream, bytes: NOTHING } : event;
      case 'marker':
        return blanked.has(index) ? { ...event, label: BLOCK } : event;
      case 'exit':
      case 'other':
      case 'resize':
        return blanked.has(index) ? { ...base, kind: 'other', code: WITHHELD, text: '' } : event;
    }
  }

  #data(event: DataEvent, index: number): DataEvent {
    const bytes = this.#bytes(event, index);
    return bytes === event.bytes || Buffer.compare(bytes, event.bytes) === 0 ? event : { ...event, bytes };
  }

  #bytes(event: DataEvent, index: number): Uint8Array {
    const side = event.stream === 'stdin' ? this.#in : this.#out;
    const { emptied, tails } = this.#mask;
    if (emptied.has(index)) return this.#emptied(event, side);
    if (side.dropping || tails.has(index)) return this.#masked(event, side, tails.has(index));
    const state = this.#utf8.states[STREAM_NAMES.indexOf(event.stream)]!;
    const before = { utf8: { ...state }, machine: side.machine.state, place: this.#place };
    this.#read(event, side);
    const { cover, cut } = this.#mask;
    if (!cover.touches(before.place, this.#place) && !cut.touches(before.place, this.#place)) return event.bytes;
    Object.assign(state, before.utf8);
    side.machine.state = before.machine;
    this.#place = before.place;
    return this.#masked(event, side, false);
  }

  #read({ stream, bytes }: DataEvent, { machine }: Side): void {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const count = this.#utf8.decode(stream, bytes.subarray(at, at + SLICE), this.#codes);
      for (let i = 0; i < count; i++) machine.next(this.#codes[i]!);
      this.#place += count;
    }
  }

  /** Nothing of the event is left but what ends a sequence that began before it. */
  #emptied(event: DataEvent, side: Side): Uint8Array {
    const cancel = side === this.#out && !side.machine.inText && !side.dropping;
    this.#read(event, side);
    side.dropping = !side.machine.inText;
    return cancel ? Uint8Array.of(CAN) : NOTHING;
  }

  /** The event with what is withheld left out. `tail`: what it begins of a character is withheld. */
  #masked({ stream, bytes }: DataEvent, side: Side, tail: boolean): Uint8Array {
    const out = new Bytes();
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (this.#utf8.decode(stream, bytes.subarray(at, at + 1), this.#one) === 0) continue;
      const own = bytes.subarray(from, at + 1);
      out.push(this.#code(this.#one[0]!, this.#place, own, side));
      this.#place += 1;
      from = at + 1;
    }
    if (!tail) out.push(bytes.subarray(from));
    return out.take();
  }

  #code(code: number, place: number, own: Uint8Array, side: Side): Uint8Array {
    const { machine } = side;
    const nothingGiven = side.dropping || machine.inText;
    const kind = machine.next(code);
    const cut = this.#mask.cut.has(place);
    const covered = cut || this.#mask.cover.has(place);
    /** A sequence of which the beginning was given already is broken off. */
    const breakOff = (): Uint8Array => {
      side.dropping = !machine.inText;
      return Uint8Array.of(CAN);
    };
    switch (kind) {
      case tokens.TEXT:
        side.dropping = false;
        return covered ? maskOf(code) : own;
      case tokens.ESCAPE:
        // The ESC that ends what was given must stand.
        side.dropping = cut && nothingGiven;
        return side.dropping ? NOTHING : own;
      case tokens.CONTROL:
        side.dropping &&= !machine.inText;
        return own;
      case tokens.SEQUENCE_FIRST:
        if (side.dropping) {
          side.dropping = !machine.inText;
          return NOTHING;
        }
        if (!cut) return own;
        side.dropping = !machine.inText;
        return Uint8Array.of(BACKSLASH);
      case tokens.STRING_FIRST:
        if (side.dropping) return NOTHING;
        if (!covered) return own;
        side.dropping = true;
        return Uint8Array.of(BACKSLASH);
      case tokens.SEQUENCE:
      case tokens.STRING:
        if (side.dropping) {
          side.dropping = !machine.inText;
          return NOTHING;
        }
        return (kind === tokens.STRING ? covered : cut) ? breakOff() : own;
    }
  }
}

/** The redacted stream. Reading from the middle reads what is before it too, for a sequence may begin there. */
export function maskedSource(source: EventSource, mask: Mask): EventSource {
  const { count, cols, rows, piped, duration } = source;
  return {
    count,
    cols,
    rows,
    piped,
    duration,
    countAt: (at) => source.countAt(at),
    countAtSeq: (seq) => source.countAtSeq(seq),
    *runs(from: number): Iterable<EventSpan> {
      const masker = new Masker(mask);
      for (const { firstIndex, events } of source.runs(0)) {
        const shown = events.map((event, i) => masker.event(event, firstIndex + i));
        if (firstIndex + events.length <= from) continue;
        yield from <= firstIndex ? { firstIndex, events: shown } : { firstIndex: from, events: shown.slice(from - firstIndex) };
      }
    },
  };
}
