// One record of a history, field by field: what kind of record it is, which of its fields go into columns, and what is left over.

import {
  bareName,
  EVENT_NAMES,
  EVENT_TIMES,
  namesOf,
  rowKindOf,
  SESSION_NAMES,
  TYPE_NAMES,
  WEAK_TYPE_NAMES,
  type RowKind,
} from './history-names.ts';
import type { AtSource, EventFacts, EventKind, HistoryRecord, OtherField, SessionFacts } from './history-record.ts';
import { readDuration, readExit, readInstant, readTruth } from './history-values.ts';
import { isObject } from './json-text.ts';
import { formatInstant, type Micros } from './time.ts';

/** Deepest nesting that fields are looked for in; what lies deeper is one field, as JSON. */
const MAX_DEPTH = 6;
/** Fields of one record that are looked at one by one. */
const MAX_FIELDS = 2000;
/** Sets of fields whose meaning is remembered: the records of one source have few. */
const MAX_SHAPES = 1000;

interface Field {
  readonly path: string;
  readonly text: string;
}

/** Which field of records with the same ones is meant by a list of names. */
class Shape {
  readonly names: readonly (readonly string[])[];
  readonly #found = new Map<readonly string[], number>();

  constructor(paths: readonly (readonly string[])[]) {
    this.names = paths.map(namesOf);
  }

  /** Its index, or -1. The closest meaning of a field comes before a further one. */
  find(asked: readonly string[]): number {
    const known = this.#found.get(asked);
    if (known !== undefined) return known;
    const index = this.#look(asked);
    this.#found.set(asked, index);
    return index;
  }

  #look(asked: readonly string[]): number {
    const ranks = Math.max(0, ...this.names.map((names) => names.length));
    for (const name of asked) {
      for (let rank = 0; rank < ranks; rank++) {
        const index = this.names.findIndex((names) => names[rank] === name);
        if (index !== -1) return index;
      }
    }
    return -1;
  }
}

const shapes = new Map<string, Shape>();

function shapeOf(paths: readonly (readonly string[])[], key: string): Shape {
  const known = shapes.get(key);
  if (known !== undefined) return known;
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  const shape = new Shape(paths);
  shapes.set(key, shape);
  return shape;
}

/** Characters of the longest text that can be a moment, a length of time or a number. */
const LONGEST = 100;

/** What a field could not be read as. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** The filled-in fields of a record. Lists of names are constants: what they mean is remembered. */
export class Fields {
  readonly #all: Field[] = [];
  readonly #shape: Shape;
  readonly #taken = new Set<Field>();
  readonly faults: FieldFault[] = [];

  constructor(record: HistoryRecord) {
    const paths: (readonly string[])[] = [];
    this.#add(record, [], paths);
    this.#shape = shapeOf(paths, this.#all.map(({ path }) => path).join('\u0000'));
  }

  #add(value: unknown, path: readonly string[], paths: (readonly string[])[]): void {
    if (isObject(value) && path.length < MAX_DEPTH) {
      for (const [name, member] of Object.entries(value)) this.#add(member, [...path, name], paths);
      return;
    }
    // A list of one is what it holds.
    if (Array.isArray(value) && value.length === 1 && isObject(value[0])) return this.#add(value[0], path, paths);
    if (value === null || value === undefined || this.#all.length >= MAX_FIELDS) return;
    const text = Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' ') : textOf(value);
    if (text.trim() === '') return;
    this.#all.push({ path: path.join('.'), text: text.toWellFormed() });
    paths.push(path);
  }

  has(names: readonly string[]): boolean {
    return this.#shape.find(names) !== -1;
  }

  peek(names: readonly string[]): string | null {
    return this.#find(names)?.text ?? null;
  }

  #find(names: readonly string[]): Field | null {
    return this.#all[this.#shape.find(names)] ?? null;
  }

  /** The text of the first of these names that is filled in. It is not one of the others then. */
  text(names: readonly string[]): string | null {
    const field = this.#find(names);
    if (field === null) return null;
    this.#taken.add(field);
    return field.text.trim();
  }

  /** The same, read; what cannot be read is a fault and stays one of the others. */
  read<T>(names: readonly string[], what: string, read: (text: string, name: string) => T | null): T | null {
    const field = this.#find(names);
    if (field === null) return null;
    const value = field.text.length > LONGEST ? null : read(field.text, bareName(field.path));
    if (value === null)
      this.faults.push({ field: field.path, message: `${field.path} is no ${what} that can be read; it is kept as it is` });
    else this.#taken.add(field);
    return value;
  }

  instant(names: readonly string[]): Micros | null {
    const field = this.#find(names);
    const read = this.read(names, 'date and time', readInstant);
    if (read?.assumed === true && !/(?:utc|gmt)$/.test(bareName(field!.path)))
      this.faults.push({ field: field!.path, message: `${field!.path} has no zone; it is read as UTC` });
    return read?.at ?? null;
  }

  /** The fields that went into columns, by their names. */
  used(): HistoryRecord {
    return Object.fromEntries([...this.#taken].map(({ path, text }) => [path, text]));
  }

  others(): OtherField[] {
    return this.#all.filter((field) => !this.#taken.has(field)).map(({ path, text }) => ({ name: path, value: text }));
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : JSON.stringify(value);
}

const STATES: readonly (readonly [RegExp, AtSource])[] = [
  [/^(?:none|no|false|off|0|missing|disabled|notrecorded|unrecorded|notavailable|unavailable|private)$/, 'none'],
  [/purged|expired|deleted|removed/, 'purged'],
  [/forbidden|denied|restricted|hidden/, 'forbidden'],
  [
    /^(?:available|stored|kept|ready|complete|completed|yes|true|on|1|enabled|recorded|saved|recording|active|live|inprogress|processing|pending)$/,
    'kept',
  ],
];

function atSource(fields: Fields): AtSource {
  const purged = fields.text(SESSION_NAMES.purgedAt) !== null;
  const text = fields.text(SESSION_NAMES.recording);
  const state = text === null ? undefined : STATES.find(([form]) => form.test(bareName(text)))?.[1];
  return purged ? 'purged' : (state ?? 'unknown');
}

/** What was decided, by whom and when, in the source's words. */
function approval(fields: Fields): string | null {
  const status = fields.text(SESSION_NAMES.approval);
  const by = fields.text(SESSION_NAMES.approvedBy);
  const at = fields.text(SESSION_NAMES.approvedAt);
  const truth = status === null ? null : readTruth(status);
  const word = truth === null ? status : truth ? 'approved' : 'not approved';
  const parts = [
    word ?? (by === null && at === null ? null : 'approved'),
    by === null ? null : `by ${by}`,
    at === null ? null : `at ${at}`,
  ];
  const text = parts.filter((part) => part !== null).join(' ');
  return text === '' ? null : text;
}

function environment(fields: Fields): string | null {
  const named = fields.text(SESSION_NAMES.environment);
  if (named !== null) return named;
  const production = fields.text(SESSION_NAMES.production);
  const truth = production === null ? null : readTruth(production);
  return truth === null ? null : truth ? 'production' : 'non-production';
}

export interface ReadSession {
  readonly facts: SessionFacts;
  readonly others: readonly OtherField[];
  readonly faults: readonly FieldFault[];
}

/** A session record. The same record always gives the same. */
export function readSession(record: HistoryRecord): ReadSession {
  return sessionOf(new Fields(record));
}

export function sessionOf(fields: Fields): ReadSession {
  const names = SESSION_NAMES;
  // Taken so that it is not told once more.
  for (const type of TYPES) if (rowKindOf(fields.peek(type) ?? '') === 'session') fields.text(type);
  const startedAt = fields.instant(names.startedAt) ?? (fields.has(names.startedAt) ? null : fields.instant(names.createdAt));
  const endedAt = fields.instant(names.endedAt);
  const told = fields.read(names.duration, 'length of time', readDuration);
  const between = startedAt === null || endedAt === null || endedAt < startedAt ? null : ((endedAt - startedAt) as Micros);
  const facts: SessionFacts = {
    nativeId: fields.text(names.nativeId),
    target: fields.text(names.target),
    environment: environment(fields),
    mode: fields.text(names.mode),
    reason: fields.text(names.reason),
    approval: approval(fields),
    initiator: fields.text(names.initiator),
    origin: fields.text(names.origin),
    status: fields.text(names.status),
    startedAt,
    endedAt,
    duration: told ?? between,
    closeReason: fields.text(names.closeReason),
    exitStatus: fields.read(names.exitStatus, 'exit code', readExit),
    atSource: atSource(fields),
    until: fields.instant(names.until),
  };
  if (startedAt !== null && endedAt !== null && endedAt < startedAt)
    fields.faults.push({ field: 'ended', message: `it ends (${formatInstant(endedAt)}) before it starts; both times are kept` });
  return { facts, others: fields.others(), faults: fields.faults };
}

function outcome(fields: Fields): string | null {
  const told = fields.text(EVENT_NAMES.outcome);
  const exit = fields.text(EVENT_NAMES.exit);
  const word = told !== null && /^(?:true|false)$/i.test(told) ? (readTruth(told) === true ? 'succeeded' : 'failed') : told;
  const parts = [word, exit === null ? null : `exit ${exit}`].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

const TEXTS: Readonly<Record<EventKind, readonly string[]>> = {
  command: [...EVENT_NAMES.command, ...EVENT_NAMES.text, ...EVENT_NAMES.statement, ...EVENT_NAMES.runbook],
  runbook: [...EVENT_NAMES.runbook, ...EVENT_NAMES.text, ...EVENT_NAMES.command, ...EVENT_NAMES.statement],
  'database-audit': [...EVENT_NAMES.statement, ...EVENT_NAMES.text, ...EVENT_NAMES.command],
  'terminal-audit': [...EVENT_NAMES.text, ...EVENT_NAMES.command, ...EVENT_NAMES.statement, ...EVENT_NAMES.runbook],
};

/** An event record. `owner`: id of the session that it was told with. */
export function eventOf(
  fields: Fields,
  kind: EventKind,
  owner: string | null,
): { readonly facts: EventFacts; readonly faults: readonly FieldFault[] } {
  const names = EVENT_NAMES;
  const nativeId = fields.text(names.nativeId) ?? owner;
  const text = fields.text(TEXTS[kind]);
  const action = fields.text(names.action);
  const facts: EventFacts = {
    kind,
    id: fields.text(names.id),
    nativeId,
    at: fields.instant(names.at),
    actor: fields.text(names.actor),
    action,
    target: fields.text(names.target),
    text: text ?? action ?? '',
    outcome: outcome(fields),
  };
  return { facts, faults: fields.faults };
}

/** Whether it tells when something ran, and something of how. */
export function isLikeSession(fields: Fields): boolean {
  const { startedAt, endedAt, mode, closeReason, duration, reason, initiator, target, nativeId } = SESSION_NAMES;
  return (
    fields.has(startedAt) &&
    [endedAt, mode, closeReason, duration, reason, initiator, target, nativeId].filter((names) => fields.has(names)).length >= 2
  );
}

function eventKindByFields(fields: Fields): EventKind {
  if (fields.has(EVENT_NAMES.runbook)) return 'runbook';
  if (fields.has(EVENT_NAMES.statement)) return 'database-audit';
  return fields.has(EVENT_NAMES.command) ? 'command' : 'terminal-audit';
}

/** Each by itself: one may be filled in that says nothing. */
const TYPES = TYPE_NAMES.map((name) => [name]);
const WEAK_TYPES = WEAK_TYPE_NAMES.map((name) => [name]);

function firstKind(fields: Fields, types: readonly (readonly string[])[]): RowKind | null {
  for (const type of types) {
    const kind = rowKindOf(fields.peek(type) ?? '');
    if (kind !== null) return kind;
  }
  return null;
}

const TEXT_NAMES = [...EVENT_NAMES.command, ...EVENT_NAMES.runbook, ...EVENT_NAMES.statement, ...EVENT_NAMES.text];

/** What a record is; null where nothing of it says so. `section`: what the table or list that it stands in holds. */
export function kindOf(fields: Fields, section: RowKind | null): 'session' | EventKind | null {
  const settle = (kind: RowKind): 'session' | EventKind => (kind === 'event' ? eventKindByFields(fields) : kind);
  for (const type of TYPES) {
    const told = rowKindOf(fields.peek(type) ?? '');
    if (told !== null && told !== 'event') return told;
  }
  const weak = firstKind(fields, WEAK_TYPES);
  const like = isLikeSession(fields);
  if (section === 'session') return weak !== null && weak !== 'session' && !like ? settle(weak) : 'session';
  if (section !== null && section !== 'event') return like && !fields.has(TEXT_NAMES) ? 'session' : section;
  if (section === 'event') return weak === null || weak === 'session' ? eventKindByFields(fields) : settle(weak);
  if (weak === 'session') return 'session';
  if (weak === 'command' || weak === 'runbook') return like && !fields.has(TEXT_NAMES) ? 'session' : weak;
  if (weak !== null) return like && !fields.has(EVENT_TIMES) ? 'session' : settle(weak);
  if (like) return 'session';
  if (fields.has(EVENT_NAMES.at) && (fields.has(TEXT_NAMES) || fields.has(EVENT_NAMES.action))) return eventKindByFields(fields);
  const { nativeId, target, initiator, mode } = SESSION_NAMES;
  return fields.has(nativeId) && [target, initiator, mode].filter((names) => fields.has(names)).length >= 2 ? 'session' : null;
}
