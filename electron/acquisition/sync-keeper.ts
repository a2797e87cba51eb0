// One synchronised session on its way into the library: answers become parts, pages become records and events, and after each step
// a checkpoint says where the reading stands. What is kept here is all that is needed to go on: a session that is read in one go and
// one whose reading was cut short a hundred times end alike. A step is packed in another thread before it is written, and more is read
// meanwhile: what the reading stands on is known at once, the acquisition tree grows as steps are written.

import { createHash } from 'node:crypto';
import { TreeBuilder } from '../../shared/evidence/acquisition-tree.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import type { Sink } from '../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { rstreamHeaderFaults } from '../../shared/recording/rstream-event.ts';
import { RstreamPages, type AskedPage, type PageElement, type PagesState } from '../../shared/recording/rstream-page.ts';
import { partName, type DocumentKind, type PartKind } from '../../shared/recording/rstream-parts.ts';
import {
  sha256,
  type CompletedSession,
  type Described,
  type EventChunk,
  type KeptAnswer,
  type NewCustodyEntry,
  type PackedStep,
  type Packer,
  type RecordChunk,
  type SessionRow,
  type SyncHandle,
} from '../library/library.ts';
import type { Answer } from '../source/source.ts';
import type { Acquirer } from './input-slices.ts';
import { SessionWriter, type WriterState } from './session-writer.ts';
import { elementDigest, elementTexts, jsonDigest } from './sync-elements.ts';

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

/** Where the reading stands. */
interface Standing {
  readonly writer: WriterState;
  readonly pages: PagesState;
  /** Parts so far, in all and of each kind. */
  readonly parts: number;
  readonly numbers: { readonly [kind in PartKind]?: number };
  readonly last: LastEvent | null;
  /** What the newest custody entry says of the session. */
  readonly entered: Entered | null;
}

interface Entered {
  readonly parts: number;
  readonly records: number;
  readonly growing: boolean;
}

type RootedEntry = Entered & { readonly root: string };

/** The same with the acquisition tree, as the library keeps it. */
interface Checkpoint extends Omit<Standing, 'writer' | 'entered'> {
  readonly writer: Omit<WriterState, 'records'> & {
    readonly tree: { readonly count: number; readonly subtrees: readonly string[] };
  };
  readonly entered: RootedEntry | null;
}

/** A part, a step, that is not packed yet. */
type UnpackedPart = Omit<KeptAnswer, 'content'> & { readonly bytes: Uint8Array };
interface UnpackedStep {
  readonly standing: Standing;
  /** Whether the custody log gets an entry. */
  readonly enters: boolean;
  readonly parts: readonly UnpackedPart[];
  /** Its packed runs are emptied when it is packed; so are those parts that are pages. */
  readonly records: readonly RecordChunk[];
  readonly events: readonly EventChunk[];
  readonly discrepancies: readonly (readonly [n: number, Discrepancy])[];
  readonly session: Omit<CompletedSession, 'root'>;
  readonly kept: Buffer;
  readonly options: KeepOptions;
  readonly isVisible: boolean;
  readonly participants: readonly string[] | null;
  /** RFC 3339, UTC. */
  readonly at: string;
}

interface KeepOptions {
  /** Makes the session visible, if it is not. */
  readonly show: boolean;
  /** Whether the source may have more of it. */
  readonly growing: boolean;
  /** The session object as the source's list had it, once the session was read to its end. */
  readonly listed: Buffer | null;
}

/** Who keeps what is synchronised. */
export interface KeeperDeps extends Acquirer {
  readonly packer: Packer;
}

/** The session is over: nothing more will be recorded. */
export function hasEnded(session: JsonObject): boolean {
  return session['status'] === 'closed' || session['status'] === 'errored' || textOf(session, 'ended_at') !== undefined;
}

const saying = ({ kind, message, place }: Discrepancy): string => JSON.stringify([kind, message, place.seq ?? null]);

export class SessionKeeper {
  readonly nativeId: string;
  readonly #deps: KeeperDeps;
  /** Null until something is kept. */
  #handle: SyncHandle | null;
  #standing: Standing | null;
  /** As far as steps are written: the tree, and what the newest custody entry says. */
  readonly #tree: TreeBuilder;
  #entered: RootedEntry | null;
  #session: { readonly object: JsonObject; readonly text: string; readonly bytes: Uint8Array; readonly digest: Buffer } | null =
    null;
  #participants: readonly string[] | null = null;
  #parts: UnpackedPart[] = [];
  #notes: Discrepancy[] = [];
  #said: Set<string> | null = null;
  #numbers: { [kind in PartKind]?: number };
  /** The steps so far; where one fails, none that follows it is written. */
  #written: Promise<void> = Promise.resolve();
  /** Discrepancies that this keeper added. */
  discrepancies = 0;
  /** Custody entries that it wrote: each says that something came. */
  entries = 0;

  private constructor(deps: KeeperDeps, nativeId: string, handle: SyncHandle | null) {
    this.nativeId = nativeId;
    this.#deps = deps;
    this.#handle = handle;
    const text = handle?.checkpoint() ?? null;
    const checkpoint = text === null ? null : (JSON.parse(text) as Checkpoint);
    const { count, subtrees } = checkpoint?.writer.tree ?? { count: 0, subtrees: [] };
    this.#tree = new TreeBuilder(sha256, { count, subtrees: subtrees.map((hash) => Buffer.from(hash, 'hex')) });
    this.#standing = checkpoint === null ? null : { ...checkpoint, writer: { ...checkpoint.writer, records: count } };
    this.#entered = checkpoint?.entered ?? null;
    this.#numbers = { ...checkpoint?.numbers };
    const kept = checkpoint === null ? null : deps.library.documents.latest({ acquisition: handle!.key }, 'session');
    if (kept !== null) this.#setSession(kept.bytes());
  }

  /** The keeper of a session that the library has something of, or that begins now. Null for one that was purged. */
  static open(deps: KeeperDeps, nativeId: string): SessionKeeper | null {
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
    return this.#standing !== null;
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
    return this.#standing?.pages.reader.elements ?? 0;
  }

  get last(): LastEvent | null {
    return this.#standing?.last ?? null;
  }

  #setSession(bytes: Uint8Array): { readonly object: JsonObject; readonly exact: boolean } {
    const parsed = parseJson(bytes);
    if (parsed.kind !== 'value' || !isObject(parsed.value)) throw new TypeError('a session is an object');
    this.#session = { object: parsed.value, text: parsed.text.trim(), bytes, digest: jsonDigest(bytes) };
    return { object: parsed.value, exact: parsed.exact };
  }

  /** Takes in a document. One that equals the newest kept answer to the same question is not kept again. */
  document(kind: DocumentKind, answer: Answer): void {
    const { documents } = this.#deps.library;
    const all = this.#handle === null ? [] : documents.all({ acquisition: this.#handle.key }, kind);
    const before = all.findLast(({ received }) => received.request === answer.request);
    if (kind === 'participants') this.#participants = elementTexts(answer);
    if (before !== undefined && createHash('sha256').update(answer.bytes).digest().equals(before.sha256)) return;
    this.#part(kind, answer);
    if (kind !== 'session') return;
    const { object, exact } = this.#setSession(answer.bytes);
    const place = { file: this.#parts.at(-1)!.name };
    for (const fault of rstreamHeaderFaults(object, answer.bytes, exact)) this.say({ ...fault, place });
  }

  /** What was asked for the documents of a kind that are kept. */
  requests(kind: DocumentKind): readonly string[] {
    if (this.#handle === null) return [];
    return this.#deps.library.documents.all({ acquisition: this.#handle.key }, kind).map(({ received }) => received.request);
  }

  #part(kind: PartKind, { bytes, request, date }: Answer): number {
    const number = (this.#numbers[kind] ?? 0) + 1;
    this.#numbers[kind] = number;
    const part = (this.#standing?.parts ?? 0) + this.#parts.length;
    this.#parts.push({
      part,
      name: partName(kind, number),
      size: bytes.length,
      bytes,
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
   * Keeps a page, or only what documents and notes there are. The step is made at once and written when it is packed and the step
   * before it is written: more may be read and kept meanwhile.
   */
  async keep(page: TakenPage | null, options: KeepOptions): Promise<void> {
    const session = this.#session!;
    const handle = (this.#handle ??= this.#begin());
    const before = this.#standing;
    const records: RecordChunk[] = [];
    const events: EventChunk[] = [];
    let writer!: SessionWriter;
    const sink: Sink = {
      session: (header) => {
        writer = new SessionWriter(0, header, before?.writer);
        return 0;
      },
      describe: (_, header) => writer.describe(header),
      record: (_, span) => writer.record(span, (chunk) => records.push(chunk)),
      event: (_, event) => writer.event(event, (chunk) => events.push(chunk)),
      discrepancy: (discrepancy) => writer.discrepancy(discrepancy),
      refuse: ({ message }) => {
        throw new TypeError(message);
      },
    };
    const { object, text, bytes: document, digest: kept } = session;
    const pages = new RstreamPages(sink, this.nativeId, object, text, document.length, before?.pages ?? null);
    let last = this.last;
    if (page !== null) {
      const { bytes } = page.answer;
      const part = this.#part('events', page.answer);
      pages.read({ ...page, bytes, part, file: partName('events', this.#numbers.events!) } satisfies AskedPage, sink);
      if (page.last !== null) last = { seq: String(page.last.seq), digest: elementDigest(bytes, page.last) };
    }
    const notes = this.#notes.splice(0);
    for (const note of notes) writer.discrepancy(note);
    const completed = writer.finish(
      (chunk) => records.push(chunk),
      (chunk) => events.push(chunk),
    );
    const entered = before?.entered ?? null;
    const isVisible = options.show || handle.isShown;
    const parts = (before?.parts ?? 0) + this.#parts.length;
    const isNews =
      entered === null ||
      parts > entered.parts ||
      notes.length > 0 ||
      entered.growing !== options.growing ||
      completed.records > entered.records;
    const enters = isVisible && isNews;
    const standing: Standing = {
      writer: writer.state(),
      pages: pages.state(),
      parts,
      numbers: { ...this.#numbers },
      last,
      entered: enters ? { parts, records: completed.records, growing: options.growing } : entered,
    };
    const step: UnpackedStep = {
      standing,
      enters,
      parts: this.#parts,
      records,
      events,
      discrepancies: writer.numbered(),
      session: completed,
      kept,
      options,
      isVisible,
      participants: this.#participants,
      at: this.#deps.now(),
    };
    if (enters) this.entries += 1;
    this.discrepancies += completed.discrepancyCount - countOf(before?.writer);
    this.#standing = standing;
    this.#parts = [];
    this.#participants = null;
    this.#written = this.#write(handle, step, this.#pack(handle, step, page?.answer.bytes ?? null), this.#written);
    return this.#written;
  }

  /** `page`: the answer among the parts that nobody reads afterwards. */
  #pack({ saltSeed }: SyncHandle, step: UnpackedStep, page: Uint8Array | null): Promise<PackedStep> {
    const records = step.records.map(({ packed }) => packed);
    const events = step.events.map(({ packed }) => packed);
    return this.#deps.packer.pack(
      {
        parts: step.parts.map(({ bytes }) => bytes),
        firstPart: step.parts[0]?.part ?? 0,
        records,
        firstRecord: step.records[0]?.firstIndex ?? 0,
        events,
        saltSeed,
      },
      [...(page === null ? [] : [page]), ...records, ...events],
    );
  }

  async #write(handle: SyncHandle, step: UnpackedStep, packing: Promise<PackedStep>, before: Promise<void>): Promise<void> {
    const [packed] = await Promise.all([packing, before]);
    const { standing, session, options, parts } = step;
    for (const { root, size } of packed.subtrees) this.#tree.addSubtree(root, size);
    const root = this.#tree.root();
    const previous = this.#entered;
    this.#entered = step.enters ? { ...standing.entered!, root: toHex(root) } : previous;
    const { records: count, ...writer } = standing.writer;
    const tree = { count, subtrees: this.#tree.frontier().subtrees.map(toHex) };
    const date = parts.at(-1)?.received.date ?? null;
    handle.step({
      nativeId: this.nativeId,
      parts: parts.map(({ part, name, size, received }, i) => ({ part, name, size, received, content: packed.parts[i]! })),
      records: step.records.map((chunk, i) => [chunk, packed.records[i]!]),
      events: step.events.map((chunk, i) => [chunk, packed.events[i]!]),
      discrepancies: step.discrepancies,
      checkpoint: JSON.stringify({ ...standing, writer: { ...writer, tree }, entered: this.#entered } satisfies Checkpoint),
      listed: options.listed,
      kept: step.kept,
      show: step.isVisible
        ? {
            session: { ...session, root },
            growing: options.growing,
            at: step.at,
            participants: step.participants,
            custody: step.enters
              ? (id, said) => this.#entry(id, said, session.discrepancyCount, date, this.#entered!, previous)
              : null,
          }
        : null,
    });
  }

  #entry(
    id: string,
    { described, acquiredAt }: Described,
    discrepancies: number,
    date: string | null,
    now: RootedEntry,
    before: RootedEntry | null,
  ): NewCustodyEntry {
    const { actor, purpose, source } = this.#deps;
    const digests = this.#handle!.digests(before?.parts ?? 0);
    const pages = digests.filter(({ name }) => name.startsWith('events/'));
    const details: { [name: string]: JsonValue } = {
      source,
      format: 'rstream',
      session: this.nativeId,
      records: now.records,
      root: now.root,
      described,
      acquired_at: acquiredAt,
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

/** Discrepancies that are looked through for one that was said before. */
const MAX_SAID = 2000;

function countOf(writer: WriterState | undefined): number {
  return writer === undefined ? 0 : writer.listed + writer.further.reduce((sum, [, n]) => sum + n, 0);
}

/** The same session of the same source has the same one, whenever it is synchronised. */
export function sessionFingerprint(nativeId: string): string {
  return createHash('sha256').update(`rstream session\n${nativeId}`).digest('hex');
}
