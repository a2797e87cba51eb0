// Reads a history: a file of either export kind (CSV, JSON) or an answer of an API, of any size, record by record. It reads names
// generously and text strictly: what it cannot read is a discrepancy or a refusal with its line and column, and nothing is passed over in
// silence. docs/history.md

import type { Discrepancy, DiscrepancyKind, Refusal } from './discrepancy.ts';
import { csvFormOf, HistoryCsv } from './history-csv.ts';
import { Fields, eventOf, isLikeSession, kindOf, sessionOf, type FieldFault } from './history-fields.ts';
import { bareName, EVENT_NAMES, EVENT_TIMES, SESSION_NAMES, namesOf, rowKindOf, type RowKind } from './history-names.ts';
import type { HistoryItem, HistoryRecord } from './history-record.ts';
import { JsonWalk, type WalkedObject } from './json-walk.ts';
import { isObject, type JsonObject } from './json-text.ts';
import { TextFault, TextFeed } from './text-feed.ts';

export type HistoryFormat = 'history-csv' | 'history-json';

export interface HistorySink {
  item(item: HistoryItem): void;
  discrepancy(discrepancy: Discrepancy): void;
}

export interface HistoryOptions {
  /** Name of the file for messages; what it says of its content is believed last. */
  readonly file: string;
  /** What an answer holds, where it does not say itself. */
  readonly section?: RowKind | undefined;
  /** Whether it may hold nothing: a page behind the last. */
  readonly mayBeEmpty?: boolean | undefined;
}

/** Deepest nesting of lists of events inside a record. */
const MAX_INNER = 4;

/** Ids that are remembered, so that a session is not told once more by each of its events. */
const MOST_KNOWN = 500_000;

/** Places of one kind of fault that are told one by one. */
const TOLD = 20;

export class HistoryReader {
  readonly #options: HistoryOptions;
  readonly #sink: HistorySink;
  readonly #feed: TextFeed;
  readonly #told = new Map<string, number>();
  #csv: HistoryCsv | null = null;
  #walk: JsonWalk | null = null;
  #refusal: Refusal | null = null;
  #items = 0;
  /** Ids of sessions that were told. */
  readonly #known = new Set<string>();
  /** The session that stands beside lists of events: `{session: {…}, events: […]}`. */
  #beside: { readonly path: readonly string[]; readonly id: string } | null = null;

  constructor(options: HistoryOptions, sink: HistorySink) {
    this.#options = options;
    this.#sink = sink;
    this.#feed = new TextFeed((text) => this.#text(text));
  }

  /** Why nothing more is read, or null. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** Null before the first character that is no blank. */
  get format(): HistoryFormat | null {
    return this.#walk !== null ? 'history-json' : this.#csv !== null ? 'history-csv' : null;
  }

  push(bytes: Uint8Array): void {
    this.#guard(() => this.#feed.push(bytes));
  }

  end(): void {
    this.#guard(() => {
      this.#feed.end();
      this.#walk?.end();
      this.#csv?.end();
      this.#sums();
      if (this.#items === 0 && this.#options.mayBeEmpty !== true)
        throw new TextFault('there is no session and no event in it', 1, 1);
    });
  }

  #guard(work: () => void): void {
    if (this.#refusal !== null) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof TextFault)) throw error;
      const { message, line, column } = error;
      this.#refusal = {
        kind: 'bad-line',
        message: `column ${String(column)}: ${message}`,
        place: { file: this.#options.file, line },
      };
    }
  }

  #text(text: string): void {
    if (this.#csv === null && this.#walk === null) {
      const first = /\S/.exec(text)?.[0];
      if (first === '{' || first === '[')
        this.#walk = new JsonWalk({ element: (found) => this.#element(found), object: (found) => this.#object(found) });
      else {
        this.#csv = new HistoryCsv({
          row: (record, section, line) => this.#record(record, section, line, null),
          note: (message, line) => this.#say('inconsistent', message, line, 'row'),
        });
      }
    }
    this.#walk?.push(text);
    this.#csv?.push(text);
  }

  /** Tells a fault; of each sort (`group`) so many with their places, then their number alone. */
  #say(kind: DiscrepancyKind, message: string, line: number, group: string): void {
    const told = (this.#told.get(group) ?? 0) + 1;
    this.#told.set(group, told);
    if (told <= TOLD) this.#sink.discrepancy({ kind, message, place: { file: this.#options.file, line } });
  }

  #sums(): void {
    for (const [group, told] of this.#told) {
      if (told <= TOLD) continue;
      const message = `${String(told - TOLD)} more of the same (${group}), not listed one by one`;
      this.#sink.discrepancy({ kind: 'inconsistent', message, place: { file: this.#options.file } });
    }
    const lists = this.#walk?.listsInLists ?? { count: 0, line: 0 };
    if (lists.count > 0) {
      const message = `${String(lists.count)} lists stand in lists; nothing was read from them`;
      this.#sink.discrepancy({ kind: 'inconsistent', message, place: { file: this.#options.file, line: lists.line } });
    }
  }

  #faults(faults: readonly FieldFault[], line: number): void {
    for (const { field, message } of faults) this.#say('bad-time', message, line, field);
  }

  #element({ path, value, around, line }: WalkedObject): void {
    const owner = around.map(idOf).find((id) => id !== null) ?? null;
    const beside = this.#beside?.path.every((name, i) => path[i] === name) === true ? this.#beside.id : null;
    this.#record(value, sectionOf(path), line, owner ?? beside);
  }

  #object({ path, value, inside, line }: WalkedObject & { readonly inside: boolean }): boolean {
    const fields = new Fields(value);
    const section = sectionOf(path);
    const kind = kindOf(fields, section === 'session' ? null : section);
    if (kind === null) return false;
    const { startedAt, target, mode, initiator, nativeId } = SESSION_NAMES;
    if (kind === 'session') {
      const told = [target, mode, initiator, nativeId].filter((names) => fields.has(names)).length;
      if (told < 2 || !(fields.has(startedAt) || section === 'session' || told === 4)) return false;
    } else if (inside || 'data' in value || !fields.has(EVENT_NAMES.at) || (path.length > 0 && section === null)) return false;
    this.#record(value, section, line, null);
    const id = kind === 'session' ? fields.peek(SESSION_NAMES.nativeId) : null;
    if (id !== null && bareName(path.at(-1) ?? '') === 'session') this.#beside = { path: path.slice(0, -1), id };
    return true;
  }

  #record(record: HistoryRecord, section: RowKind | null, line: number, owner: string | null): void {
    const { rest, lists } = apart(record);
    const fields = new Fields(rest);
    const kind = kindOf(fields, section ?? this.#options.section ?? null) ?? kindOf(fields, fileKind(this.#options.file));
    if (kind === null) {
      this.#say(
        'unknown-event',
        'this is neither a session nor an event that is known; it is kept in the file and not listed',
        line,
        'records of no known kind',
      );
      return;
    }
    this.#items += 1;
    let id = owner;
    if (kind === 'session') {
      const { facts, faults } = sessionOf(fields);
      this.#faults(faults, line);
      this.#sink.item({ kind, facts, record: rest, line });
      id = facts.nativeId;
      if (id !== null && this.#known.size < MOST_KNOWN) this.#known.add(id);
    } else {
      const { facts, faults } = eventOf(fields, kind, owner);
      this.#faults(faults, line);
      this.#sink.item({ kind: 'event', facts, record: rest, line });
      if (isLikeSession(fields) && fields.has(EVENT_TIMES)) this.#around(rest, fields.used(), line);
    }
    for (const list of lists) for (const one of list.elements) this.#record(one, list.section, line, id);
  }

  /** The session whose columns stand beside those of an event, as where two tables were joined; told once. */
  #around(record: HistoryRecord, event: HistoryRecord, line: number): void {
    const both = new Set<string>([...SESSION_NAMES.nativeId, ...SESSION_NAMES.target]);
    const rest = Object.entries(record).filter(([name]) => !(name in event) || namesOf([name]).some((one) => both.has(one)));
    const fields = new Fields(Object.fromEntries(rest));
    const { facts, faults } = sessionOf(fields);
    // A command has a start and a target, too.
    const isSession = facts.mode !== null || facts.closeReason !== null;
    if (!isSession || facts.nativeId === null || this.#known.has(facts.nativeId)) return;
    this.#known.add(facts.nativeId);
    this.#items += 1;
    this.#faults(faults, line);
    this.#sink.item({ kind: 'session', facts, record: fields.used(), line });
  }
}

const OWN_ID = ['sessionid', 'terminalsessionid', 'sessionuuid'];

/** The session that an object around a list of events is, or has beside the list. */
function idOf(around: JsonObject): string | null {
  const fields = new Fields(around);
  const named = fields.peek(OWN_ID);
  if (named !== null) return named;
  const id = around['id'];
  const { startedAt, target } = SESSION_NAMES;
  return typeof id === 'string' && (fields.has(startedAt) || fields.has(target)) ? id : null;
}

/** What the names say that a list is in, the closest first. */
function sectionOf(path: readonly string[]): RowKind | null {
  const told = path
    .toReversed()
    .map(rowKindOf)
    .filter((kind) => kind !== null);
  // `terminal` in `audit` is an audit, `sessions` in `history` are sessions.
  return told.find((kind) => kind !== 'event') ?? told[0] ?? null;
}

function fileKind(file: string): RowKind | null {
  return rowKindOf(
    file
      .split('/')
      .at(-1)!
      .replace(/\.[^.]*$/, ''),
  );
}

interface InnerList {
  readonly section: RowKind;
  readonly elements: readonly JsonObject[];
}

/** A record without the lists of events in it, and these. Nothing is copied where it has none. */
function apart(
  record: HistoryRecord,
  path: readonly string[] = [],
): { readonly rest: HistoryRecord; readonly lists: readonly InnerList[] } {
  const lists: InnerList[] = [];
  const rest: { [name: string]: unknown } = {};
  for (const [name, value] of Object.entries(record)) {
    let kept: unknown = value;
    const section = sectionOf([...path, name]);
    if (Array.isArray(value) && value.length > 0 && value.every(isObject) && section !== null && section !== 'session') {
      lists.push({ section, elements: value });
      continue;
    }
    if (isObject(value) && path.length < MAX_INNER) {
      const inner = apart(value, [...path, name]);
      lists.push(...inner.lists);
      kept = inner.rest;
    }
    Object.defineProperty(rest, name, { value: kept, enumerable: true });
  }
  return lists.length === 0 ? { rest: record, lists } : { rest, lists };
}

/** Whether the beginning of a file is that of a history. */
export function looksLikeHistory(head: Uint8Array): boolean {
  let text = '';
  try {
    new TextFeed((piece) => (text += piece)).push(head);
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
  }
  const first = /\S/.exec(text)?.[0];
  if (first === '{' || first === '[') {
    let found = false;
    const reader = new HistoryReader({ file: '' }, { item: (item) => (found ||= isTelling(item)), discrepancy: () => undefined });
    reader.push(head);
    return found;
  }
  return (csvFormOf(text)?.known ?? 0) >= 3;
}

/** Whether it is a history that tells so, and not whatever else has ids and dates. */
function isTelling(item: HistoryItem): boolean {
  if (item.kind === 'event') {
    const { at, nativeId, actor, text } = item.facts;
    return at !== null && text !== '' && (nativeId !== null || actor !== null);
  }
  const { startedAt, nativeId, target, initiator, mode } = item.facts;
  return startedAt !== null && [nativeId, target, initiator, mode].filter((value) => value !== null).length >= 2;
}
