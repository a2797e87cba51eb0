// One synchronised session on its way into the library: answers become parts, pages become records and events, and after each step
// a checkpoint says where the reading stands. What is kept here is all that is needed to go on: a session that is read in one go and
// one whose reading was cut short a hundred times end alike.

import { createHash } from 'node:crypto';
import { toHex } from '../../shared/evidence/custody.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import type { Sink } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { RstreamPages, type AskedPage, type PageElement, type PagesState } from '../../shared/recording/rstream-page.ts';
import { partName, type DocumentKind, type PartKind } from '../../shared/recording/rstream-parts.ts';
import {
  packAnswer,
  packContent,
  packRecords,
  sha256,
  type EventChunk,
  type KeptAnswer,
  type NewCustodyEntry,
  type PackedAnswer,
  type RecordChunk,
  type SessionRow,
  type SyncHandle,
  type SyncStep,
} from '../library/library.ts';
import type { Answer } from '../source/source.ts';
import type { Acquirer } from './input-slices.ts';
import { SessionWriter, type WriterState } from './session-writer.ts';
import { elementDigest, elementTexts, jcsDigest } from './sync-elements.ts';

/** Raised whenever pages are split into records or events differently than before: a partial session of an older one starts anew. */
export const SYNC_VERSION = 1;

/** A page that is to be kept. */
export interface TakenPage {
  readonly answer: Answer;
  readonly elements: readonly PageElement[];
  readonly from: bigint;
  readonly limit: number;
  readonly count: number;
  /** The event with the highest number, where there is one beyond what was kept. */
  readonly last: PageElement | null;
}

/** The newest event that is kept, by number, and the digest of its record. */
interface LastEvent {
  readonly seq: string;
  readonly digest: string;
}

interface Checkpoint {
  readonly writer: WriterState;
  readonly pages: PagesState;
  /** Parts so far, in all and of each kind. */
  readonly parts: number;
  readonly numbers: { readonly [kind in PartKind]?: number };
  readonly last: LastEvent | null;
  /** What the newest custody entry says of the session. */
  readonly entered: Entered | null;
}

/** What other threads have not finished yet of a part, and of a step. */
type PendingPart = Omit<KeptAnswer, 'content'> & { readonly packing: Promise<PackedAnswer> };
type PendingStep = Omit<SyncStep, 'parts' | 'records' | 'events'> & {
  readonly parts: readonly PendingPart[];
  readonly records: readonly RecordChunk[];
  readonly events: readonly EventChunk[];
};

interface Entered {
  readonly parts: number;
  readonly records: number;
  readonly root: string;
  readonly growing: boolean;
}

/** The session is over: nothing more will be recorded. */
export function hasEnded(session: JsonObject): boolean {
  return session['status'] === 'closed' || session['status'] === 'errored' || textOf(session, 'ended_at') !== undefined;
}

const saying = ({ kind, message, place }: Discrepancy): string => JSON.stringify([kind, message, place.seq ?? null]);

export class SessionKeeper {
  readonly nativeId: string;
  readonly #deps: Acquirer;
  /** Null until something is kept. */
  #handle: SyncHandle | null;
  #checkpoint: Checkpoint | null;
  #session: { readonly object: JsonObject; readonly text: string; readonly bytes: Uint8Array; readonly digest: Buffer } | null =
    null;
  #participants: readonly string[] | null = null;
  #parts: PendingPart[] = [];
  #notes: Discrepancy[] = [];
  #said: Set<string> | null = null;
  #numbers: { [kind in PartKind]?: number };
  /** The steps so far; where one fails, none that follows it is written. */
  #written: Promise<void> = Promise.resolve();
  /** Discrepancies that this keeper added. */
  discrepancies = 0;
  /** Custody entries that it wrote: each says that something came. */
  entries = 0;

  private constructor(deps: Acquirer, nativeId: string, handle: SyncHandle | null) {
    this.nativeId = nativeId;
    this.#deps = deps;
    this.#handle = handle;
    const text = handle?.checkpoint() ?? null;
    this.#checkpoint = text === null ? null : (JSON.parse(text) as Checkpoint);
    this.#numbers = { ...this.#checkpoint?.numbers };
    const kept = this.#checkpoint === null ? null : deps.library.documents.latest({ acquisition: handle!.key }, 'session');
    if (kept !== null) this.#setSession(kept.bytes());
  }

  /** The keeper of a session that the library has something of, or that begins now. Null for one that was purged. */
  static open(deps: Acquirer, nativeId: string): SessionKeeper | null {
    const { acquisitions, synced } = deps.library;
    const known = acquisitions.find(deps.source, sessionFingerprint(nativeId));
    if (known?.state === 'purged') return null;
    const isUsable = known !== null && (known.state === 'complete' || known.decoder === SYNC_VERSION);
    if (known !== null && !isUsable) acquisitions.abandon(known.key);
    return new SessionKeeper(deps, nativeId, isUsable ? synced.open(known.key) : null);
  }

  #begin(): SyncHandle {
    const { library, source, now } = this.#deps;
    const { key } = library.acquisitions.begin({
      source,
      format: 'rstream',
      fingerprint: sessionFingerprint(this.nativeId),
      decoder: SYNC_VERSION,
      startedAt: now(),
      provenance: JSON.stringify({ source, session: this.nativeId }),
      rights: library.rights.inForce(source),
    });
    return library.synced.open(key);
  }

  /** Whether anything of it is kept. */
  get isKept(): boolean {
    return this.#checkpoint !== null;
  }

  /** Its id once it is visible. */
  get id(): string | null {
    return this.#handle?.isShown === true ? this.#handle.id : null;
  }

  /** Its row, as far as it has one. */
  get row(): SessionRow | null {
    const key = this.#handle?.row() ?? null;
    return key === null ? null : this.#deps.library.sessions.byKey(key);
  }

  /** The newest session object. */
  get session(): JsonObject | null {
    return this.#session?.object ?? null;
  }

  /** Events that are kept, those among them that are none included. */
  get events(): number {
    return this.#checkpoint?.pages.reader.elements ?? 0;
  }

  get last(): LastEvent | null {
    return this.#checkpoint?.last ?? null;
  }

  #setSession(bytes: Uint8Array): void {
    const parsed = parseJson(bytes);
    if (parsed.kind !== 'value' || !isObject(parsed.value)) throw new TypeError('a session is an object');
    this.#session = { object: parsed.value, text: parsed.text.trim(), bytes, digest: jcsDigest(parsed.value) };
  }

  /** Takes in a document. One that equals the newest kept answer to the same question is not kept again. */
  document(kind: DocumentKind, answer: Answer): void {
    const { documents } = this.#deps.library;
    const all = this.#handle === null ? [] : documents.all({ acquisition: this.#handle.key }, kind);
    const before = all.findLast(({ received }) => received.request === answer.request);
    if (kind === 'participants') this.#participants = elementTexts(answer);
    if (before !== undefined && createHash('sha256').update(answer.bytes).digest().equals(before.sha256)) return;
    if (kind === 'session') this.#setSession(answer.bytes);
    this.#part(kind, answer);
  }

  #part(kind: PartKind, { bytes, request, date }: Answer): number {
    const number = (this.#numbers[kind] ?? 0) + 1;
    this.#numbers[kind] = number;
    const part = (this.#checkpoint?.parts ?? 0) + this.#parts.length;
    this.#parts.push({
      part,
      name: partName(kind, number),
      size: bytes.length,
      packing: packAnswer(bytes),
      received: { request, date, at: this.#deps.now() },
    });
    return part;
  }

  /** Adds a discrepancy to the next step, unless the session has the same one already. Returns whether it did. */
  say(discrepancy: Discrepancy): boolean {
    const { row } = this;
    this.#said ??= new Set(row === null ? [] : this.#deps.library.sessions.discrepancies(row, MAX_SAID).map(saying));
    const said = saying(discrepancy);
    if (this.#said.has(said)) return false;
    this.#said.add(said);
    this.#notes.push(discrepancy);
    return true;
  }

  /** Name that the next page would have, for places. */
  get nextPage(): string {
    return partName('events', (this.#numbers.events ?? 0) + 1);
  }

  /**
   * Keeps a page, or only what documents and notes there are. `show` makes the session visible, if it is not; `growing` says whether
   * the source may have more of it. `listed` is the session object as the source's list had it, once the session was read to its end.
   * The step is made at once and written when it is packed and the step before it is written: more may be read and kept meanwhile.
   */
  async keep(
    page: TakenPage | null,
    options: { readonly show: boolean; readonly growing: boolean; readonly listed: Buffer | null },
  ): Promise<void> {
    const session = this.#session!;
    const handle = (this.#handle ??= this.#begin());
    const records: RecordChunk[] = [];
    const events: EventChunk[] = [];
    let writer!: SessionWriter;
    let bytes: Uint8Array = session.bytes;
    const sink: Sink = {
      session: (header) => {
        writer = new SessionWriter(0, header, handle.saltSeed, this.#checkpoint?.writer);
        return 0;
      },
      describe: (_, header) => writer.describe(header),
      record: (_, span, value) => {
        const { offset, length } = span.ranges[0]!;
        return writer.record(span, bytes.subarray(offset, offset + length), (chunk) => records.push(chunk), value);
      },
      event: (_, event) => writer.event(event, (chunk) => events.push(chunk)),
      discrepancy: (discrepancy) => writer.discrepancy(discrepancy),
      refuse: ({ message }) => {
        throw new TypeError(message);
      },
    };
    const pages = new RstreamPages(
      sink,
      this.nativeId,
      session.object,
      session.text,
      session.bytes.length,
      this.#checkpoint?.pages ?? null,
    );
    let last = this.last;
    if (page !== null) {
      const part = this.#part('events', page.answer);
      bytes = page.answer.bytes;
      pages.read({ ...page, bytes, part, file: partName('events', this.#numbers.events!) } satisfies AskedPage, sink);
      if (page.last !== null) last = { seq: String(page.last.seq), digest: elementDigest(bytes, page.last) };
    }
    const notes = this.#notes.splice(0);
    for (const note of notes) writer.discrepancy(note);
    const before = this.#checkpoint?.writer;
    const completed = writer.finish(
      (chunk) => records.push(chunk),
      (chunk) => events.push(chunk),
    );
    const entered = this.#checkpoint?.entered ?? null;
    const visible = options.show || handle.isShown;
    const parts = (this.#checkpoint?.parts ?? 0) + this.#parts.length;
    const root = toHex(completed.root);
    const news =
      entered === null ||
      parts > entered.parts ||
      notes.length > 0 ||
      entered.growing !== options.growing ||
      completed.records > entered.records;
    const checkpoint: Checkpoint = {
      writer: writer.state(),
      pages: pages.state(),
      parts,
      numbers: { ...this.#numbers },
      last,
      entered: visible && news ? { parts, records: completed.records, root, growing: options.growing } : entered,
    };
    const date = this.#parts.at(-1)?.received.date ?? null;
    const step: PendingStep = {
      nativeId: this.nativeId,
      parts: this.#parts,
      records,
      events,
      discrepancies: writer.numbered(),
      checkpoint: JSON.stringify(checkpoint),
      listed: options.listed,
      kept: session.digest,
      show: visible
        ? {
            session: completed,
            growing: options.growing,
            at: this.#deps.now(),
            participants: this.#participants,
            custody: news ? (id) => this.#entry(id, completed.discrepancyCount, date, checkpoint.entered!, entered) : null,
          }
        : null,
    };
    if (visible && news) this.entries += 1;
    this.discrepancies += completed.discrepancyCount - countOf(before);
    this.#checkpoint = checkpoint;
    this.#parts = [];
    this.#participants = null;
    this.#written = write(handle, step, this.#written);
    return this.#written;
  }

  #entry(id: string, discrepancies: number, date: string | null, now: Entered, before: Entered | null): NewCustodyEntry {
    const { actor, purpose, source } = this.#deps;
    const digests = this.#handle!.digests(before?.parts ?? 0);
    const pages = digests.filter(({ name }) => name.startsWith('events/'));
    const details: { [name: string]: JsonValue } = {
      source,
      format: 'rstream',
      session: this.nativeId,
      records: now.records,
      root: now.root,
      ...(before === null ? {} : { grown_from: { records: before.records, root: before.root } }),
      growing: now.growing,
      discrepancies,
      documents: digests
        .filter((digest) => !pages.includes(digest))
        .map(({ name, size, sha256: digest }) => ({ name, size, sha256: toHex(digest) })),
      // Their digests one after the other are hashed once more: a long session has thousands.
      pages: {
        count: pages.length,
        bytes: pages.reduce((sum, { size }) => sum + size, 0),
        sha256: toHex(sha256(...pages.map(({ sha256: digest }) => digest))),
      },
      source_date: date,
    };
    return { actor, action: 'acquire', subject: id, purpose, details };
  }
}

async function write(handle: SyncHandle, { parts, records, events, ...step }: PendingStep, before: Promise<void>): Promise<void> {
  const [keptParts, keptRecords, keptEvents] = await Promise.all([
    Promise.all(parts.map(async ({ packing, ...part }) => ({ ...part, content: await packing }))),
    Promise.all(records.map(async (chunk) => [chunk, await packRecords(chunk)] as const)),
    Promise.all(events.map(async (chunk) => [chunk, await packContent(chunk.packed)] as const)),
    before,
  ]);
  handle.step({ ...step, parts: keptParts, records: keptRecords, events: keptEvents });
}

/** Discrepancies that are looked through for one that was said before. */
const MAX_SAID = 2000;

function countOf(writer: WriterState | undefined): number {
  return writer === undefined ? 0 : writer.listed + writer.further.reduce((sum, [, n]) => sum + n, 0);
}

/** The same session of the same source has the same one, whenever it is synchronised. */
export function sessionFingerprint(nativeId: string): string {
  return createHash('sha256').update(`rstream session\n${nativeId}`).digest('hex');
}
