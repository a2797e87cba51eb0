// Finds what the rules name, draws over it, and reads the result again by the same ways until nothing is found: at first the characters
// themselves are withheld, then the events that still show something, at last whole stretches of events. When even that does not help,
// nothing is given out. Specification: docs/redaction.md.

import type { RedactionRule } from '../../../shared/api/case-shapes.ts';
import { ExhibitError } from '../../../shared/api/errors.ts';
import type { RecordingEvent } from '../../../shared/recording/event.ts';
import { decodeUtf8 } from '../../../shared/recording/utf8.ts';
import type { EventSource } from '../../replay/replay.ts';
import { Bits } from './bits.ts';
import { Finder, stringsIn, type FinderSink, type Tail } from './finder.ts';
import { typedAs } from './key-codes.ts';
import { maskedSource } from './masked-source.ts';
import { BLOCK, Matcher } from './matching.ts';
import type { Redacted, RedactionProgress, RedactionRequest, WithheldBy, WithheldRange } from './redaction-types.ts';
import { MIN_TEXT_BYTES } from './withheld-forms.ts';

/** Times that a redacted stream is read again before stretches between what is found are withheld whole, and before all is given up. */
const PATIENT_ROUNDS = 6;
const MAX_ROUNDS = 10;

/** Events and records between two signs of life. */
const STEP_EVENTS = 2048;

/** Ranges that one redaction lists. */
const MAX_RANGES = 1000;

/** Different texts that are kept of one pattern, for the last look at every file. */
const MAX_TEXTS = 5000;

/** Longest of them, in UTF-16 units: what is longer repeats itself, or is more than a text. */
const MAX_TEXT = 8192;

const byteLength = (text: string): number => Buffer.byteLength(text);

/** Whether what a pattern found is so much its own that it may stand nowhere else: not a date, a number, a short word. */
function isTelling(text: string): boolean {
  return /\p{L}/u.test(text) ? text.length >= 8 : text.replaceAll(/\D/g, '').length >= 12;
}

const CONTROLS = /\p{Cc}/u;

class Tally {
  readonly rules: RedactionRequest['rules'];
  readonly matches: number[];
  readonly events: Bits[];
  /** Withheld whatever is in them. */
  readonly named = new Bits();
  readonly #texts: Map<string, number>[];
  readonly #cut: Set<number> = new Set();

  constructor(rules: RedactionRequest['rules']) {
    this.rules = rules;
    this.matches = rules.map(() => 0);
    this.events = rules.map(() => new Bits());
    this.#texts = rules.map(
      ({ rule }, i) => new Map(rule.kind === 'text' && byteLength(rule.text) >= MIN_TEXT_BYTES ? [[rule.text, i]] : []),
    );
  }

  text(text: string, rule: number): void {
    const bare = text.trim();
    const known = this.#texts[rule]!;
    if (bare.length > MAX_TEXT || known.has(bare) || CONTROLS.test(bare)) return;
    if (this.rules[rule]!.rule.kind === 'text' ? byteLength(bare) < MIN_TEXT_BYTES : !isTelling(bare)) return;
    if (known.size >= MAX_TEXTS) this.#cut.add(rule);
    else known.set(bare, rule);
  }

  get texts(): ReadonlyMap<string, number> {
    return new Map(this.#texts.flatMap((texts) => Array.from(texts)));
  }

  textsCut(rule: number): boolean {
    return this.#cut.has(rule);
  }

  /** The first rule that withholds something of an event. */
  ruleOf(event: number): number {
    return Math.max(
      0,
      this.events.findIndex((events) => events.has(event)),
    );
  }
}

class Redaction {
  readonly #request: RedactionRequest;
  readonly #tally: Tally;
  readonly #cover = new Bits();
  readonly #cut = new Bits();
  readonly #emptied = new Bits();
  readonly #blanked = new Bits();
  readonly #untimed = new Bits();
  readonly #whole = new Bits();
  #wholeEvents = 0;
  #characters = 0;
  #starts: Float64Array = new Float64Array();
  #tails: readonly Tail[] = [];
  #keyPairs: readonly number[] = [];
  #eventOf: (place: number) => number = () => 0;
  #changed = false;
  #done = 0;
  #passes = 2;

  constructor(request: RedactionRequest) {
    this.#request = request;
    this.#tally = new Tally(request.rules);
  }

  /** The stream as it is withheld so far. */
  #redacted(): EventSource {
    this.#withholdKeys();
    const tails = new Set(this.#tails.filter(({ place }) => this.#cover.has(place)).map(({ event }) => event));
    const { source } = this.#request;
    return maskedSource(source, {
      cover: this.#cover,
      cut: this.#cut,
      emptied: this.#emptied,
      blanked: this.#blanked,
      untimed: this.#untimed,
      tails,
    });
  }

  /** Withholds what tells of keys that are withheld, by the rule that withholds them. */
  #withholdKeys(): void {
    for (let i = 0; i < this.#keyPairs.length; i += 2) {
      const place = this.#keyPairs[i]!;
      const other = this.#keyPairs[i + 1]!;
      if (!this.#cover.has(place) || !this.#cover.add(other)) continue;
      this.#cut.add(other);
      this.#tally.events[this.#tally.ruleOf(this.#eventOf(place))]!.add(this.#eventOf(other));
    }
  }

  get #withholds(): boolean {
    return ![this.#cover, this.#cut, this.#emptied, this.#blanked, this.#untimed].every(({ empty }) => empty);
  }

  #step(events: number): RedactionProgress {
    this.#done += events;
    return { done: this.#done, of: this.#passes * this.#request.source.count };
  }

  *#read(finder: Finder): Generator<RedactionProgress, void> {
    for (const events of finder.run()) yield this.#step(events);
  }

  *#find(matcher: Matcher): Generator<RedactionProgress, void> {
    const { source, rules } = this.#request;
    const tally = this.#tally;
    const sink: FinderSink = {
      places: (places, rule, text, whole) => {
        let fresh = text !== null && places.length === 0;
        let event = -1;
        for (const place of places) {
          if (whole) this.#cut.add(place);
          if (!this.#cover.add(place)) continue;
          fresh = true;
          if (event < 0 || place < finder.starts[event]! || place >= finder.starts[event + 1]!) {
            event = finder.eventOf(place);
            tally.events[rule]!.add(event);
          }
        }
        if (text === null) return;
        if (fresh) tally.matches[rule]! += 1;
        tally.text(text, rule);
      },
      span: (from, to, rule) => {
        this.#cover.fill(from, to);
        for (let event = finder.eventOf(from); event <= finder.eventOf(Math.max(from, to - 1)); event++)
          tally.events[rule]!.add(event);
      },
      event: (index, rule, what, text) => {
        const set = what === 'bytes' ? this.#emptied : what === 'time' ? this.#untimed : this.#blanked;
        const fresh = set.add(index);
        tally.events[rule]!.add(index);
        tally.named.add(index);
        if (text === null) return;
        if (fresh) tally.matches[rule]! += 1;
        tally.text(text, rule);
      },
      named: (index, rule) => {
        tally.events[rule]!.add(index);
        tally.named.add(index);
      },
    };
    const finder = new Finder(source, rules, matcher, sink, true);
    yield* this.#read(finder);
    this.#starts = finder.starts;
    this.#tails = finder.tails;
    this.#keyPairs = finder.keyPairs;
    this.#eventOf = (place) => finder.eventOf(place);
  }

  /** Withholds more of an event than before. */
  #escalate(event: number, rule: number): void {
    const from = this.#starts[event]!;
    const to = this.#starts[event + 1]!;
    this.#tally.events[rule]!.add(event);
    if (this.#whole.add(event)) this.#wholeEvents += 1;
    if (this.#cover.fill(from, to) > 0 || this.#cut.fill(from, to) > 0 || this.#emptied.add(event)) this.#changed = true;
  }

  /** Reads the redacted stream again and withholds what still is found. Returns the first and last event of that, or null. */
  *#again(matcher: Matcher): Generator<RedactionProgress, readonly [number, number] | null> {
    let first = Infinity;
    let last = -1;
    const still = new Map<number, number>();
    const found = (event: number, rule: number): void => {
      first = Math.min(first, event);
      last = Math.max(last, event);
      still.set(event, rule);
    };
    const sink: FinderSink = {
      places: (places, rule, text) => {
        for (const place of places) found(finder.eventOf(place), rule);
        if (text !== null) this.#tally.text(text, rule);
      },
      span: (from, to, rule) => {
        for (let event = finder.eventOf(from); event <= finder.eventOf(Math.max(from, to - 1)); event++) found(event, rule);
      },
      event: (index, rule, what) => {
        found(index, rule);
        if (what === 'time') this.#untimed.add(index);
        else this.#blanked.add(index);
      },
      named: () => undefined,
    };
    const finder = new Finder(this.#redacted(), this.#request.rules, matcher, sink, false);
    this.#changed = false;
    yield* this.#read(finder);
    for (const [event, rule] of still) this.#escalate(event, rule);
    return last < 0 ? null : [first, last];
  }

  *run(): Generator<RedactionProgress, Redacted> {
    const { source, rules } = this.#request;
    const shapes = rules.map(({ rule }) => rule);
    yield* this.#find(new Matcher(shapes));
    let matcher = new Matcher(shapes, this.#tally.texts);
    let rounds = 0;
    while (this.#withholds) {
      const found = yield* this.#again(matcher);
      matcher = new Matcher(shapes, this.#tally.texts);
      if (found === null) break;
      rounds += 1;
      this.#passes += 1;
      if (rounds < PATIENT_ROUNDS && this.#changed) continue;
      if (rounds > MAX_ROUNDS)
        throw new ExhibitError(
          'refused',
          'redact',
          'something to be withheld is still found however much is left out',
          'leave the recording out, or withhold a time range',
        );
      for (let event = found[0]; event <= found[1]; event++) {
        if (this.#whole.add(event)) this.#wholeEvents += 1;
        this.#emptied.add(event);
        this.#blanked.add(event);
        this.#tally.events[this.#tally.ruleOf(found[0])]!.add(event);
      }
    }
    const redacted = this.#redacted();
    const { records, ranges, told } = yield* this.#compare(source, redacted);
    yield* this.#readRecords(matcher, records, told);
    const counts = new Map<string, number>();
    for (const id of records.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return {
      source: redacted,
      records: new Map(Array.from(records).toSorted(([a], [b]) => a - b)),
      texts: Array.from(this.#tally.texts.keys()).toSorted(),
      by: rules.map(({ id }, i): WithheldBy => ({
        id,
        matches: this.#tally.matches[i]!,
        events: ranges[i]!.reduce((sum, { events }) => sum + events, 0),
        records: counts.get(id) ?? 0,
        ranges: ranges[i]!,
        textsCut: this.#tally.textsCut(i),
      })),
      characters: this.#characters,
      rounds,
      wholeEvents: this.#wholeEvents,
      clean: (text) => clean(text, matcher),
    };
  }

  /** Which records are withheld, event by event, and where each redaction withholds. `told`: records from which events were read. */
  *#compare(
    source: EventSource,
    redacted: EventSource,
  ): Generator<
    RedactionProgress,
    { readonly records: Map<number, string>; readonly ranges: WithheldRange[][]; readonly told: Bits }
  > {
    const { rules } = this.#request;
    const tally = this.#tally;
    const records = new Map<number, string>();
    const ranges: WithheldRange[][] = rules.map(() => []);
    const originals = eventsOf(source);
    const told = new Bits();
    let index = 0;
    for (const shown of eventsOf(redacted)) {
      const original = originals.next().value!;
      told.add(original.record);
      const changed = original !== shown;
      if (changed && original.kind === 'data') this.#characters += this.#coveredIn(index);
      if (changed || tally.named.has(index)) {
        const { id } = rules[tally.ruleOf(index)]!;
        if (!records.has(original.record)) records.set(original.record, id);
        for (const [i, list] of ranges.entries()) if (tally.events[i]!.has(index)) extend(list, index, original);
      }
      index += 1;
      if (index % STEP_EVENTS === 0) yield this.#step(STEP_EVENTS);
    }
    return { records, ranges, told };
  }

  #coveredIn(event: number): number {
    let count = 0;
    for (let place = this.#starts[event]!; place < this.#starts[event + 1]!; place++) {
      if (this.#cover.has(place) || this.#cut.has(place)) count += 1;
    }
    return count;
  }

  /** What stands in records and in no event: the session's own, and members that no event shows. */
  *#readRecords(matcher: Matcher, records: Map<number, string>, told: Bits): Generator<RedactionProgress, void> {
    const { rules, headed } = this.#request;
    const tellingParts = new Set<number>();
    const untold: { readonly index: number; readonly parts: readonly number[] }[] = [];
    for (const { index, bytes: read, parts } of this.#request.records()) {
      if (index % STEP_EVENTS === STEP_EVENTS - 1) yield this.#step(0);
      if (told.has(index)) for (const part of parts) tellingParts.add(part);
      else if (index > 0 || !headed) untold.push({ index, parts });
      if (records.has(index) || !matcher.active) continue;
      const bytes = read();
      if (bytes === null) {
        records.set(index, this.#request.rules.find(({ rule }) => LOOKS_FOR_TEXT.has(rule.kind))!.id);
        continue;
      }
      const { text } = decodeUtf8(bytes);
      for (const part of [text, ...stringsIn(text).flatMap(withPayload)]) {
        const matches = matcher.find(part, true);
        const [match] = matches;
        if (match === undefined) continue;
        for (const { start, end, rule } of matches) this.#tally.text(part.slice(start, end), rule);
        records.set(index, this.#request.rules[match.rule]!.id);
        this.#tally.matches[match.rule]! += 1;
        break;
      }
    }
    // Repeated, broken and unread pieces of what the events came from: nobody can say of which moment and which stream they are.
    const named = rules.find(({ rule }) => !LOOKS_FOR_TEXT.has(rule.kind))?.id;
    const [why] = named === undefined ? records.values() : [named];
    if (why === undefined) return;
    for (const { index, parts } of untold)
      if (!records.has(index) && parts.some((part) => tellingParts.has(part))) records.set(index, why);
  }
}

const LOOKS_FOR_TEXT: ReadonlySet<RedactionRule['kind']> = new Set(['text', 'pattern', 'secrets']);

/** Whether a string may be base64. No single expression says so: of megabytes it would need more stack than there is. */
function mayBeBase64(text: string): boolean {
  const digits = text.replace(/={1,2}$/, '');
  const rest = digits.length % 4;
  return digits.length >= 8 && rest !== 1 && (rest !== 0 || digits === text) && !/[^A-Za-z0-9+/]/.test(digits);
}

/** A string of a record, the bytes that it may be in base64, as text, and what keys make of either. */
function withPayload(text: string): string[] {
  const forms = mayBeBase64(text) ? [text, decodeUtf8(Buffer.from(text, 'base64')).text] : [text];
  return forms.flatMap((form) => {
    const typed = typedAs(form);
    return typed === null ? [form] : [form, typed];
  });
}

function* eventsOf(source: EventSource): Generator<RecordingEvent> {
  for (const { events } of source.runs(0)) yield* events;
}

function extend(ranges: WithheldRange[], index: number, { at }: RecordingEvent): void {
  const last = ranges.at(-1);
  if (last !== undefined && (last.toEvent === index - 1 || ranges.length >= MAX_RANGES))
    ranges[ranges.length - 1] = { ...last, toEvent: index, toUs: at, events: last.events + 1 };
  else ranges.push({ fromEvent: index, toEvent: index, fromUs: at, toUs: at, events: 1 });
}

function clean(text: string, matcher: Matcher): string {
  let shown = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const matches = matcher.find(shown, true);
    if (matches.length === 0) return shown;
    const units = shown.split('');
    for (const { start, end } of matches) {
      for (let at = start; at < end; at++) if (!/\s/.test(units[at]!)) units[at] = BLOCK;
    }
    shown = units.join('');
  }
  return BLOCK;
}

/**
 * Redacts a recording, in steps that may stand as far apart as the caller likes. Reads the events at least twice, the records once. Throws
 * kind `usage` for a rule that cannot be applied (a wrong pattern, a text of nothing visible) and `refused` where something would
 * still be found.
 */
export function redactInSteps(request: RedactionRequest): Generator<RedactionProgress, Redacted> {
  return new Redaction(request).run();
}
