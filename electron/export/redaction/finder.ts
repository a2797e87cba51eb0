// One pass over a recording that finds what rules name: on the screen, in what was printed, in the bytes as they stand, in strings that no
// screen shows, in what was typed, and in the texts of events. A place is the number of a code point among all of all streams, in the order
// of the events.

import type { NamedRule } from './redaction-types.ts';
import type { RedactionRule } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { STREAM_NAMES, type DataEvent, type RecordingEvent, type StreamName } from '../../../shared/recording/event.ts';
import { Utf8Streams } from '../../../shared/terminal/utf8-streams.ts';
import type { EventSource } from '../../replay/replay.ts';
import { HeldKeys } from './held-keys.ts';
import { MAX_KEY, reportedKey } from './key-codes.ts';
import { WITHHELD } from './masked-source.ts';
import type { Matcher } from './matching.ts';
import { MAX_PLACES, ScreenFinder, type ActiveRegion } from './screen-finder.ts';
import { ruleIn } from './strings.ts';
import * as tokens from './tokens.ts';
import { TypedLine } from './typed-line.ts';
import { View } from './views.ts';

/** What a pass finds. Nothing is remembered here but by who is told. */
export interface FinderSink {
  /** Places that a rule withholds as text, and as part of sequences too where `whole`. The text is null where places were named. */
  places(places: readonly number[], rule: number, text: string | null, whole: boolean): void;
  /** A run of places: all that stands there. */
  span(from: number, to: number, rule: number): void;
  /** An event that must be withheld whole. */
  event(index: number, rule: number, what: 'texts' | 'time' | 'bytes', text: string | null): void;
  /** An event of a stream that a rule withholds, whatever is in it. */
  named(index: number, rule: number): void;
}

/** An event that ends in the middle of a character, and the place of that character. */
export interface Tail {
  readonly event: number;
  readonly place: number;
}

const SLICE = 65_536;

/** Longest string sequence that is read; a longer one is withheld unread where rules look for text. */
const MAX_STRING = 65_536;

/** Earlier strings that are remembered: titles may grow with what is typed. */
const MAX_EARLIER = 256;

/** CSI sequences that leave the cursor where it is: colours, modes, reports. */
const STILL = new Set('mhlncqtp');
/** What changes nothing on the screen. */
const COLOURS = /^\[[\d;:]*m$/;
const MOVING_ESCAPES = new Set('DEM8c');
const TAB = 0x09;
const SPACE = 0x20;
const ESC = 0x1b;
const DEL = 0x7f;

/** Texts that an event carries beside stream bytes. */
export function textsOf(event: RecordingEvent): readonly string[] {
  switch (event.kind) {
    case 'marker':
      return [event.label];
    case 'exit':
      return [event.text];
    case 'other':
      return event.code === WITHHELD ? [event.text] : [event.code, event.text];
    case 'resize':
      return [`${String(event.cols)}x${String(event.rows)}`];
    case 'data':
    case 'sealed':
      return [];
  }
}

/** What was said in JSON, each string by itself. */
export function stringsIn(text: string): string[] {
  if (!/[\\"]/.test(text)) return [];
  const strings: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      strings.push(key);
      if (typeof value === 'string') strings.push(value);
      return undefined;
    });
  } catch {
    return [];
  }
  return strings;
}

/** How many units two texts begin with alike. */
function alike(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

/** One channel: what a terminal, or the reader of one stream, would be given. */
class Channel {
  readonly raw: View;
  readonly printed: View;

  constructor(raw: View, printed: View) {
    this.raw = raw;
    this.printed = printed;
  }

  copy(): Channel {
    return new Channel(this.raw.copy(), this.printed.copy());
  }

  flush(): void {
    this.raw.flush();
    this.printed.flush();
  }
}

export class Finder {
  readonly #source: EventSource;
  readonly #rules: readonly RedactionRule[];
  readonly #matcher: Matcher;
  readonly #sink: FinderSink;
  readonly #screen: ScreenFinder;
  readonly #utf8 = new Utf8Streams();
  readonly #codes = new Uint32Array(SLICE);
  readonly #out = new tokens.Tokens(false);
  readonly #in = new tokens.Tokens(true);
  readonly #typed: TypedLine;
  readonly #both: Channel;
  readonly #keys: Channel;
  /** Of stdout and stderr alone, from the first byte of stderr on. */
  #alone: { readonly stdout: Channel; readonly stderr: Channel } | null = null;
  readonly #names: Record<'in' | 'out', string> = { in: '', out: '' };
  readonly #strings = { in: { from: 0, text: '', long: false }, out: { from: 0, text: '', long: false } };
  readonly #escapes = { in: 0, out: 0 };
  readonly #earlier: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  #place = 0;
  #pending: Record<StreamName, number[]> = { stdin: [], stdout: [], stderr: [] };
  readonly tails: Tail[] = [];
  /** Pairs of places: what stands at the second one tells which key stands at the first, and is withheld with it. */
  readonly keyPairs: number[] = [];
  readonly #held = new HeldKeys((place, other) => this.keyPairs.push(place, other));
  /** The place at which each event begins, as far as the pass has come; one more entry gives the end. */
  readonly starts: Float64Array;
  readonly #named: boolean;

  /** `named`: rules that name events (times, streams) are heard too, and what does not open. */
  constructor(source: EventSource, rules: readonly NamedRule[], matcher: Matcher, sink: FinderSink, named: boolean) {
    this.#source = source;
    this.#named = named;
    this.starts = new Float64Array(source.count + 1).fill(Infinity);
    this.#rules = rules.map(({ rule }) => rule);
    this.#matcher = matcher;
    this.#sink = sink;
    const text = { match: (found: string, places: readonly number[], rule: number) => sink.places(places, rule, found, false) };
    const bytes = { match: (found: string, places: readonly number[], rule: number) => sink.places(places, rule, found, true) };
    this.#screen = new ScreenFinder(source, matcher, { ...text, cell: (place, rule) => sink.places([place], rule, null, false) });
    // A key may have come as a sequence, which is withheld whole.
    this.#typed = new TypedLine(matcher, bytes);
    this.#both = new Channel(new View(matcher, bytes), new View(matcher, text));
    this.#keys = new Channel(new View(matcher, bytes), new View(matcher, bytes));
  }

  /** Reads the whole recording, run by run; gives the events of each. */
  *run(): Generator<number, void> {
    const source = this.#source;
    const regions = this.#rules.flatMap((rule, i) => (rule.kind === 'region' ? [{ rule, number: i }] : []));
    let last: RecordingEvent | null = null;
    const shown = (until: number): void => {
      if (last === null || regions.length === 0) return;
      const from = last.at;
      const active = regions.filter(({ rule }) => from <= rule.toUs && until >= rule.fromUs);
      this.#screen.regions(active.map(({ rule, number }): ActiveRegion => ({ region: rule.region, rule: number })));
    };
    for (const { firstIndex, events } of source.runs(0)) {
      for (const [i, event] of events.entries()) {
        shown(event.at);
        this.starts[firstIndex + i] = this.#place;
        this.#event(event, firstIndex + i);
        last = event;
      }
      yield events.length;
    }
    shown(Infinity);
    this.starts[source.count] = this.#place;
    this.#finish();
  }

  #event(event: RecordingEvent, index: number): void {
    if (event.time !== undefined) this.#texts([event.time], index, 'time');
    const from = this.#place;
    switch (event.kind) {
      case 'data':
        this.#data(event, index);
        this.#screen.look();
        break;
      case 'resize':
        this.#screen.resize(event.cols, event.rows);
        break;
      case 'sealed': {
        // Nobody here can say what is in it.
        const rule = !this.#named ? -1 : this.#rules.findIndex(({ kind }) => kind !== 'range' && kind !== 'stream');
        if (rule >= 0) this.#sink.event(index, rule, 'bytes', null);
        break;
      }
      case 'marker':
      case 'exit':
      case 'other':
        break;
    }
    this.#texts(textsOf(event), index, 'texts');
    if (this.#named) for (const [i, rule] of this.#rules.entries()) this.#name(event, index, from, rule, i);
  }

  /** The position of the event that a place belongs to, among those read so far. */
  eventOf(place: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Rules that name events rather than text. */
  #name(event: RecordingEvent, index: number, from: number, rule: RedactionRule, number: number): void {
    const streamed = event.kind === 'data' || event.kind === 'sealed';
    const within = rule.kind === 'range' && event.at >= rule.fromUs && event.at <= rule.toUs;
    const ofStream = rule.kind === 'stream' && streamed && event.stream === rule.stream;
    if (!within && !ofStream) return;
    if (event.kind === 'data' && event.stream !== 'stdin') {
      this.#sink.span(from, this.#place, number);
      this.#sink.named(index, number);
    } else if (streamed) this.#sink.event(index, number, 'bytes', null);
    else if (event.kind !== 'resize') this.#sink.event(index, number, 'texts', null);
  }

  #texts(texts: readonly string[], index: number, what: 'texts' | 'time'): void {
    if (!this.#matcher.active) return;
    for (const text of texts.flatMap((one) => [one, ...stringsIn(one)])) {
      ruleIn(text, this.#matcher, (found, rule) => this.#sink.event(index, rule, what, found));
    }
  }

  #data(event: DataEvent, index: number): void {
    const { stream, bytes } = event;
    if (stream === 'stderr') this.#alone ??= { stdout: this.#both.copy(), stderr: this.#both.copy() };
    const state = this.#utf8.states[STREAM_NAMES.indexOf(stream)]!;
    const pending = this.#pending[stream];
    for (let at = 0; at < bytes.length; at += SLICE) {
      const count = this.#utf8.decode(stream, bytes.subarray(at, at + SLICE), this.#codes);
      if (this.#place + count > MAX_PLACES)
        throw new ExhibitError('refused', 'redact', 'the recording has more than four thousand million characters');
      if (count > 0) for (const earlier of pending.splice(0)) this.tails.push({ event: earlier, place: this.#place });
      if (stream === 'stdin') this.#input(count);
      else this.#output(stream, count);
      this.#place += count;
    }
    if (state.missing === 0) pending.length = 0;
    else if (pending.at(-1) !== index) pending.push(index);
  }

  #input(count: number): void {
    const machine = this.#in;
    for (let i = 0; i < count; i++) {
      const code = this.#codes[i]!;
      const place = this.#place + i;
      const kind = this.#token(machine, 'in', code, place);
      this.#keys.raw.push(code, place);
      if (kind === tokens.TEXT || kind === tokens.CONTROL) {
        this.#held.character(code, place);
        this.#key(code, place);
      } else if (machine.inText && kind !== tokens.STRING) this.#keySequence(this.#names.in, this.#escapes.in);
    }
  }

  /** A character or a control was typed. */
  #key(code: number, place: number): void {
    if (code >= SPACE && code !== DEL) {
      this.#keys.printed.push(code, place);
      this.#typed.text(code, place);
      return;
    }
    if (code === TAB) this.#keys.printed.push(code, place);
    else this.#keys.printed.break();
    this.#typed.control(code);
  }

  /** A key came as a sequence, which stands for it at the place of its ESC. */
  #keySequence(sequence: string, place: number): void {
    const reported = reportedKey(sequence);
    if (reported === null) this.#held.sequence(place);
    else this.#held.reported(reported, place);
    const keys = reported?.keys ?? sequence;
    if (typeof keys === 'string') this.#typed.key(keys);
    else for (const code of keys) this.#key(code, place);
  }

  #output(stream: StreamName, count: number): void {
    const machine = this.#out;
    const channels =
      this.#alone === null ? [this.#both] : [this.#both, stream === 'stderr' ? this.#alone.stderr : this.#alone.stdout];
    const codes = this.#codes;
    const { cols } = this.#screen;
    let from = 0;
    const feed = (to: number, still: boolean): void => {
      if (to > from) this.#screen.feed(codes.subarray(from, to), to - from, this.#place + from, still);
      from = to;
    };
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      const place = this.#place + i;
      const text = machine.inText;
      if ((text && code < SPACE) || code === ESC || i - from >= cols) feed(i, text);
      const kind = this.#token(machine, 'out', code, place);
      for (const { raw, printed } of channels) {
        raw.push(code, place);
        if (kind === tokens.TEXT) printed.push(code, place);
        else if (kind === tokens.CONTROL && code === TAB) printed.push(code, place);
        else if (kind === tokens.CONTROL ? code !== 0x07 && code !== 0 : this.#moved(machine, kind)) printed.break();
      }
      if (machine.inText && kind !== tokens.TEXT) feed(i + 1, kind === tokens.SEQUENCE && COLOURS.test(this.#names.out));
    }
    feed(count, machine.inText);
  }

  /** Whether a sequence has just ended after which text stands elsewhere. */
  #moved(machine: tokens.Tokens, kind: tokens.TokenClass): boolean {
    if (!machine.inText || kind === tokens.STRING) return false;
    const name = this.#names.out;
    if (!name.startsWith('[')) return name.length === 1 && MOVING_ESCAPES.has(name);
    return !STILL.has(name.at(-1)!) || /\b(?:47|1047|1048|1049)[hl]$/.test(name);
  }

  /** Advances the state of a direction, and tells of strings that ended. */
  #token(machine: tokens.Tokens, side: 'in' | 'out', code: number, place: number): tokens.TokenClass {
    const string = this.#strings[side];
    const inString = machine.inString;
    const kind = machine.next(code);
    switch (kind) {
      case tokens.ESCAPE:
        this.#escapes[side] = place;
        this.#names[side] = '';
        break;
      case tokens.SEQUENCE_FIRST:
      case tokens.SEQUENCE:
        if (this.#names[side].length < MAX_KEY) this.#names[side] += String.fromCodePoint(code);
        break;
      case tokens.STRING_FIRST:
        string.from = this.#escapes[side];
        string.text = '';
        string.long = false;
        break;
      case tokens.STRING:
        if (string.text.length >= MAX_STRING) string.long = true;
        else string.text += String.fromCodePoint(code);
        break;
      case tokens.TEXT:
      case tokens.CONTROL:
        break;
    }
    if (inString && !machine.inString) this.#stringEnds(side, kind === tokens.STRING ? place + 1 : place);
    return kind;
  }

  #stringEnds(side: 'in' | 'out', to: number): void {
    const { from, text, long } = this.#strings[side];
    if (!this.#matcher.active) return;
    const number = long ? this.#rules.findIndex(({ kind }) => kind === 'text' || kind === 'pattern' || kind === 'secrets') : -1;
    if (number >= 0) this.#sink.span(from, to, number);
    ruleIn(text, this.#matcher, (found, rule) => {
      this.#sink.places([], rule, found, false);
      this.#sink.span(from, to, rule);
      const start = text.indexOf(found);
      if (start >= 0) this.#grown(start, text, rule);
    });
    if (side === 'in' || long) return;
    if (this.#earlier.length >= MAX_EARLIER) this.#earlier.shift();
    this.#earlier.push({ from, to, text: text.endsWith('\u0007') ? text.slice(0, -1) : text });
  }

  /**
   * Withholds earlier strings in which what is found at `start` of this one was begun, whatever stands behind it, back to the last that
   * began alike and went on as another word.
   */
  #grown(start: number, text: string, rule: number): void {
    for (const earlier of this.#earlier.toReversed()) {
      const same = alike(earlier.text, text);
      if (same > start && !/^[\p{L}\p{N}]/u.test(earlier.text.slice(same))) this.#sink.span(earlier.from, earlier.to, rule);
      else if (same >= Math.min(start + 1, 2)) return;
    }
  }

  #finish(): void {
    for (const side of ['in', 'out'] as const) {
      if ((side === 'in' ? this.#in : this.#out).inString) this.#stringEnds(side, this.#place);
    }
    this.#typed.end();
    for (const channel of [this.#both, this.#keys, this.#alone?.stdout, this.#alone?.stderr]) channel?.flush();
  }
}
