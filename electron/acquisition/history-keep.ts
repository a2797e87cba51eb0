// Keeps what sources tell of sessions: each history file and each answer stays byte for byte, as an acquisition without sessions with
// its custody entry, and the rows of the history are read from it. A file is read whole before anything of it is kept, so that one that is
// refused leaves nothing; once it is kept, its rows follow a page at a time, and go on where a crash cut them short. docs/history.md

import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { HistoryImport } from '../../shared/api/shapes.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import { canonicalText } from '../../shared/evidence/record.ts';
import { describePlace, type Discrepancy, type Refusal } from '../../shared/recording/discrepancy.ts';
import { HistoryReader, type HistoryFormat } from '../../shared/recording/history-reader.ts';
import type { HistoryItem } from '../../shared/recording/history-record.ts';
import { sha256, type CompletedPart, type Library, type PartChunk } from '../library/library.ts';
import { keptName, type Answer, type FoundHistory } from '../source/source.ts';
import { foundAt, provenanceOf } from './found-at.ts';
import {
  CHANGED,
  goesOn,
  PACKED_ORIGINAL,
  PAGE_BYTES,
  SLICE_BYTES,
  slices,
  Unreadable,
  type Acquirer,
  type FileAcquirer,
} from './input-slices.ts';
import { PartWriter } from './part-writer.ts';

/** Raised whenever a history is read differently than before: a file whose keeping was cut short begins anew. */
const READER_VERSION = 1;

/** Items that become rows in one transaction. */
const PAGE_ITEMS = 200;

/** Discrepancies of one history that are told. */
const TOLD = 1000;

export type HistoryOutcome =
  | { readonly kind: 'kept' | 'known'; readonly brought: HistoryImport; readonly discrepancies: readonly Discrepancy[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly discrepancies: readonly Discrepancy[] };

/** What a page of an API holds, where its elements do not say. */
export type HistoryPageKind = 'sessions' | 'events';

const NOTHING: HistoryImport = { sessions: 0, events: 0, unchanged: 0, matchedById: 0, matchedByTime: 0 };

function digestOf({ record }: HistoryItem): Buffer {
  return Buffer.from(sha256(Buffer.from(canonicalText(record) ?? JSON.stringify(record))));
}

/** Puts items into rows, and counts. */
class Rows {
  readonly #deps: Pick<Acquirer, 'library' | 'source'>;
  readonly #acquisition: number;
  readonly brought = { ...NOTHING };
  /** Sessions that this history tells more than once, and the line of the first that does. */
  readonly repeats = { count: 0, line: 0 };

  constructor(deps: Pick<Acquirer, 'library' | 'source'>, acquisition: number) {
    this.#deps = deps;
    this.#acquisition = acquisition;
  }

  put(item: HistoryItem): void {
    const { library, source } = this.#deps;
    const told = { source, acquisition: this.#acquisition, record: item.record, digest: digestOf(item) };
    if (item.kind === 'event') {
      const { outcome } = library.history.event({ ...told, facts: item.facts });
      if (outcome === 'new') this.brought.events += 1;
      else this.brought.unchanged += 1;
      return;
    }
    const { outcome, repeated, joined } = library.history.session({ ...told, facts: item.facts });
    if (outcome === 'unchanged') this.brought.unchanged += 1;
    else if (!repeated) this.brought.sessions += 1;
    if (joined) this.brought.matchedById += 1;
    if (!repeated) return;
    this.repeats.count += 1;
    this.repeats.line ||= item.line;
  }

  /** Looks for recordings of the sessions that no id joined, a page of them a step. */
  *match(): Generator<undefined> {
    const { library } = this.#deps;
    for (let after = 0; ;) {
      const page = library.history.unmatched(this.#acquisition, after, PAGE_ITEMS);
      if (page.length === 0) return;
      this.brought.matchedByTime += library.atomically(() => library.history.matchByTime(page));
      after = page.at(-1)!;
      yield;
    }
  }
}

const refusalError = (what: string, { message, place }: Refusal): ExhibitError =>
  new ExhibitError('refused', what, `${describePlace(place)}: ${message}`, 'tell whoever runs the source');

/**
 * Keeps one answer (a page of sessions, one session, or a page of events; enveloped or not) and reads its rows, all in one transaction. One
 * that was kept already changes nothing. Throws kind `refused`, with line and column, where it is no JSON.
 */
export function keepHistoryAnswer(deps: Acquirer, kind: HistoryPageKind, answer: Answer): HistoryImport {
  const { library, source } = deps;
  const { bytes, request, date } = answer;
  const items: HistoryItem[] = [];
  const options = { file: request, section: kind === 'sessions' ? 'session' : 'event', mayBeEmpty: true } as const;
  let discrepancies = 0;
  const reader = new HistoryReader(options, { item: (item) => items.push(item), discrepancy: () => (discrepancies += 1) });
  reader.push(bytes);
  reader.end();
  if (reader.refusal !== null) throw refusalError(`history of ${source}`, reader.refusal);
  const fingerprint = createHash('sha256').update(`history answer\n${request}\n`).update(bytes).digest('hex');
  const at = deps.now();
  return library.atomically(() => {
    if (library.acquisitions.find(source, fingerprint) !== null) return { ...NOTHING, unchanged: items.length };
    const handle = library.acquisitions.begin({
      source,
      format: 'history-json',
      fingerprint,
      decoder: READER_VERSION,
      startedAt: at,
      provenance: JSON.stringify({ request, date, at }),
      rights: library.rights.inForce(source),
    });
    const chunks: PartChunk[] = [];
    const writer = new PartWriter(0, `history/${kind}`, 'original', null);
    writer.push(bytes, (chunk) => chunks.push(chunk));
    const part = writer.finish((chunk) => chunks.push(chunk));
    handle.complete({ parts: chunks, records: [], events: [] }, [part], [], at, () =>
      custodyEntry(deps, 'history-json', [part], items, discrepancies, { request, source_date: date }),
    );
    const rows = new Rows(deps, handle.key);
    for (const item of items) rows.put(item);
    for (const _ of rows.match());
    return rows.brought;
  });
}

function custodyEntry(
  { source, actor, purpose }: Acquirer,
  format: HistoryFormat,
  parts: readonly CompletedPart[],
  told: { readonly sessions: number; readonly events: number } | readonly HistoryItem[],
  discrepancies: number,
  where: { readonly [name: string]: string | null },
): Parameters<Library['custody']['append']>[0] {
  const counts =
    'sessions' in told
      ? told
      : {
          sessions: told.filter((item) => item.kind === 'session').length,
          events: told.filter((item) => item.kind === 'event').length,
        };
  return {
    actor,
    action: 'acquire',
    subject: `history of ${source}`,
    purpose,
    details: {
      source,
      format,
      ...where,
      parts: parts.map(({ name, role, size, sha256: digest }) => ({ name, role, size, sha256: toHex(digest) })),
      sessions: counts.sessions,
      events: counts.events,
      discrepancies,
    },
  };
}

/** What a reading of the whole file found, before anything is kept. */
interface Seen {
  readonly format: HistoryFormat;
  readonly sha256: string;
  readonly sessions: number;
  readonly events: number;
}

/** Slices of an input, each of them counted. */
async function* counted(open: () => AsyncIterable<Uint8Array>, { signal, progress }: FileAcquirer): AsyncGenerator<Uint8Array> {
  for await (const slice of slices(open(), signal)) {
    progress(slice.length);
    yield slice;
  }
}

/** Imports one history file. One that cannot be read is refused and ends nothing else. Throws kinds `cancelled`, `disk`. */
export async function importHistory(found: FoundHistory, deps: FileAcquirer): Promise<HistoryOutcome> {
  const discrepancies: Discrepancy[] = [];
  try {
    const seen = await look(found, deps, discrepancies);
    if ('kind' in seen) return { kind: 'refused', refusal: seen, discrepancies };
    return await keep(found, seen, deps, discrepancies);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      kind: 'refused',
      refusal: { kind: 'truncated', message: error.message, place: { file: found.name } },
      discrepancies,
    };
  }
}

async function look({ name, part }: FoundHistory, deps: FileAcquirer, discrepancies: Discrepancy[]): Promise<Seen | Refusal> {
  const items = { session: 0, event: 0 };
  const reader = new HistoryReader(
    { file: name },
    {
      item: ({ kind }) => (items[kind] += 1),
      discrepancy: (discrepancy) => {
        if (discrepancies.length < TOLD) discrepancies.push(discrepancy);
      },
    },
  );
  const hash = createHash('sha256');
  for await (const slice of counted(part.unpacked ?? part.original, deps)) {
    if (part.unpacked === undefined) hash.update(slice);
    reader.push(slice);
    if (reader.refusal !== null) return reader.refusal;
  }
  reader.end();
  if (reader.refusal !== null) return reader.refusal;
  discrepancies.push(...(part.problems?.() ?? []));
  if (part.unpacked !== undefined) for await (const slice of counted(part.original, deps)) hash.update(slice);
  return { format: reader.format!, sha256: hash.digest('hex'), sessions: items.session, events: items.event };
}

async function keep(found: FoundHistory, seen: Seen, deps: FileAcquirer, discrepancies: Discrepancy[]): Promise<HistoryOutcome> {
  const { library, source } = deps;
  const fingerprint = createHash('sha256').update(`${seen.format}\n${seen.sha256}`).digest('hex');
  const known = library.acquisitions.find(source, fingerprint);
  if (known?.state === 'complete') {
    const unread = library.history.unread().find(({ acquisition }) => acquisition === known.key);
    if (unread === undefined)
      return { kind: 'known', brought: { ...NOTHING, unchanged: seen.sessions + seen.events }, discrepancies };
    return { kind: 'kept', brought: await read(deps, known.key, found.name, unread.items, discrepancies), discrepancies };
  }
  if (known !== null) library.acquisitions.abandon(known.key);
  const handle = library.acquisitions.begin({
    source,
    format: seen.format,
    fingerprint,
    decoder: READER_VERSION,
    startedAt: deps.now(),
    provenance: JSON.stringify(provenanceOf(found)),
  });
  try {
    const { part } = found;
    const name = keptName(found, part.name);
    let page: PartChunk[] = [];
    let pageBytes = 0;
    const write = async (writer: PartWriter, open: () => AsyncIterable<Uint8Array>): Promise<CompletedPart> => {
      for await (const slice of counted(open, deps)) {
        writer.push(slice, (chunk) => page.push(chunk));
        pageBytes += slice.length;
        if (pageBytes < PAGE_BYTES) continue;
        handle.write({ parts: page, records: [], events: [] });
        writer.release();
        page = [];
        pageBytes = 0;
      }
      return writer.finish((chunk) => page.push(chunk));
    };
    const parts: CompletedPart[] = [];
    if (part.unpacked === undefined) parts.push(await write(new PartWriter(0, name, 'original', null), part.original));
    else {
      parts.push(await write(new PartWriter(0, name, 'unpacked', PACKED_ORIGINAL), part.unpacked));
      parts.push(await write(new PartWriter(PACKED_ORIGINAL, name, 'original', null), part.original));
    }
    const original = parts.at(-1)!;
    if (toHex(original.sha256) !== seen.sha256) throw new Unreadable(CHANGED);
    library.atomically(() => {
      handle.complete({ parts: page, records: [], events: [] }, parts, [], deps.now(), () =>
        custodyEntry(deps, seen.format, parts, seen, discrepancies.length, foundAt(found)),
      );
      library.history.setReading(handle.key, 0);
    });
  } catch (error) {
    if (error instanceof Unreadable) library.acquisitions.abandon(handle.key);
    throw error;
  }
  return { kind: 'kept', brought: await read(deps, handle.key, found.name, 0, discrepancies), discrepancies };
}

/** Reads the rows of a kept history from an item on. */
async function read(
  deps: Pick<FileAcquirer, 'library' | 'source' | 'signal'>,
  acquisition: number,
  file: string,
  from: number,
  discrepancies: Discrepancy[],
): Promise<HistoryImport> {
  const { library, signal } = deps;
  const rows = new Rows(deps, acquisition);
  let waiting: HistoryItem[] = [];
  let items = 0;
  const flush = (): void => {
    const page = waiting;
    waiting = [];
    library.atomically(() => {
      for (const item of page) rows.put(item);
      library.history.setReading(acquisition, items);
    });
  };
  const reader = new HistoryReader(
    { file },
    {
      item: (item) => {
        items += 1;
        if (items > from) waiting.push(item);
      },
      discrepancy: () => undefined,
    },
  );
  for (const bytes of library.content.partBytes(acquisition, 0)) {
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      goesOn(signal);
      reader.push(bytes.subarray(at, at + SLICE_BYTES));
      while (waiting.length >= PAGE_ITEMS) {
        flush();
        await breathe();
      }
    }
  }
  reader.end();
  flush();
  for (const _ of rows.match()) await breathe();
  library.history.setReading(acquisition, null);
  const { count, line } = rows.repeats;
  if (count > 0) {
    const message = `${String(count)} sessions are told more than once; of each the record that says how it ended, else the last, counts`;
    discrepancies.push({ kind: 'sequence-repeat', message, place: { file, line } });
  }
  return rows.brought;
}

/** Reads on in histories whose reading was cut short. */
export async function resumeHistories(library: Library, signal: AbortSignal): Promise<void> {
  for (const { acquisition, source, items } of library.history.unread()) {
    const [part] = library.content.storedParts(acquisition);
    await read({ library, source, signal }, acquisition, part!.name, items, []);
  }
}
