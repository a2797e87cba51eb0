// A found recording goes into the library, page by page, exactly as it is. The same input is
// recognised; an import that was cut short goes on where it stood; one that is refused leaves nothing behind.

import { createHash } from 'node:crypto';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { ByteRange, SessionHeader, Sink } from '../../shared/recording/decoder.ts';
import type { Discrepancy, Refusal } from '../../shared/recording/discrepancy.ts';
import {
  createTree,
  type AcquisitionHandle,
  type CompletedPart,
  type EventChunk,
  type PartChunk,
  type RecordChunk,
} from '../library/library.ts';
import { keptName, type FoundRecording, type PartInput } from '../source/source.ts';
import { foundAt, provenanceOf } from './found-at.ts';
import { CHANGED, PACKED_ORIGINAL, PAGE_BYTES, slices, Unreadable, type FileAcquirer } from './input-slices.ts';
import { PartWriter } from './part-writer.ts';
import { SessionWriter } from './session-writer.ts';

/** Raised whenever the same bytes are unpacked or split differently than before: a partial import of an older one starts anew. */
export const DECODER_VERSION = 2;

export interface ImportDeps extends FileAcquirer {
  /** What is known of a session from beside the recording (a case file), joined to what the recording says. */
  readonly beside?: (name: string, own: SessionHeader) => Partial<SessionHeader>;
  readonly origin?: SourceOrigin;
}

/** What comes from a source is read once: it is known by what it is there, not by its bytes, and begins anew where it was cut short. */
export interface SourceOrigin {
  /** The same for the same recording of the source. */
  readonly fingerprint: string;
  /** `rights.inForce` of the source. */
  readonly rights: string;
  /** For the custody log and the provenance. */
  readonly facts: { readonly [name: string]: JsonValue };
}

export type ImportOutcome =
  | {
      readonly kind: 'imported' | 'known';
      readonly sessionIds: readonly string[];
      readonly discrepancies: readonly Discrepancy[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly discrepancies: readonly Discrepancy[] };

/** The same input has the same fingerprint: format and digests of its originals, in order. */
async function fingerprint(found: FoundRecording, deps: ImportDeps): Promise<{ all: string; digests: readonly string[] }> {
  const digests: string[] = [];
  for (const part of found.parts) {
    const hash = createHash('sha256');
    for await (const slice of slices(part.original(), deps.signal)) {
      hash.update(slice);
      deps.progress(slice.length);
    }
    digests.push(hash.digest('hex'));
  }
  return {
    all: createHash('sha256')
      .update([found.format, ...digests].join('\n'))
      .digest('hex'),
    digests,
  };
}

const refused = (found: FoundRecording, kind: Refusal['kind'], message: string): ImportOutcome => ({
  kind: 'refused',
  refusal: { kind, message, place: { file: found.name } },
  discrepancies: found.discrepancies,
});

/**
 * Imports one recording. A file that cannot be read, or that changes while it is read, is refused and ends nothing else. Throws an
 * ExhibitError: `cancelled`, or `disk`.
 */
export async function importRecording(found: FoundRecording, deps: ImportDeps): Promise<ImportOutcome> {
  try {
    return await importReadable(found, deps);
  } catch (error) {
    if (error instanceof Unreadable) return refused(found, 'truncated', error.message);
    throw error;
  }
}

async function importReadable(found: FoundRecording, deps: ImportDeps): Promise<ImportOutcome> {
  const { library, source, origin } = deps;
  const print = origin === undefined ? await fingerprint(found, deps) : { all: origin.fingerprint, digests: null };
  const known = library.acquisitions.find(source, print.all);
  if (known?.state === 'complete') return { kind: 'known', sessionIds: known.sessionIds, discrepancies: found.discrepancies };
  if (known?.state === 'purged')
    return refused(found, 'inconsistent', 'it was in the library and was purged when its retention ended');
  let handle: AcquisitionHandle | null = null;
  if (known !== null) {
    if (known.decoder === DECODER_VERSION && origin === undefined) handle = library.acquisitions.resume(known.key);
    else library.acquisitions.abandon(known.key);
  }
  handle ??= library.acquisitions.begin({
    source,
    format: found.format,
    fingerprint: print.all,
    decoder: DECODER_VERSION,
    startedAt: deps.now(),
    provenance: JSON.stringify({ ...provenanceOf(found), ...origin?.facts }),
    rights: origin?.rights,
  });
  try {
    const outcome = await new Ingest(found, deps, handle, print.digests).run();
    if (outcome.kind === 'refused') library.acquisitions.abandon(handle.key);
    return outcome;
  } catch (error) {
    if (error instanceof Unreadable || origin !== undefined) library.acquisitions.abandon(handle.key);
    throw error;
  }
}

class Ingest implements Sink {
  readonly #found: FoundRecording;
  readonly #deps: ImportDeps;
  readonly #handle: AcquisitionHandle;
  /** Of the originals as they were read before; null where they are read once. */
  readonly #digests: readonly string[] | null;
  readonly #writers = new Map<number, PartWriter>();
  readonly #sessions: { readonly writer: SessionWriter; readonly tree: ReturnType<typeof createTree> }[] = [];
  readonly #unowned: Discrepancy[] = [];
  readonly #finished: CompletedPart[] = [];
  #refusal: Refusal | null = null;
  #page: { parts: PartChunk[]; records: RecordChunk[]; events: EventChunk[] } = { parts: [], records: [], events: [] };
  #pageBytes = 0;

  constructor(found: FoundRecording, deps: ImportDeps, handle: AcquisitionHandle, digests: readonly string[] | null) {
    this.#found = found;
    this.#deps = deps;
    this.#handle = handle;
    this.#digests = digests;
  }

  async run(): Promise<ImportOutcome> {
    const { parts } = this.#found;
    for (const [i, part] of parts.entries()) {
      if (part.unpacked !== undefined) await this.#keepPacked(i, part);
    }
    const streams = parts.map((part) => slices((part.unpacked ?? part.original)(), this.#deps.signal));
    try {
      await this.#decode(streams);
    } finally {
      for (const stream of streams) await stream.return(undefined);
    }
    if (this.#refusal !== null) return { kind: 'refused', refusal: this.#refusal, discrepancies: this.#found.discrepancies };
    const first = this.#sessions[0]?.writer;
    if (first === undefined) return refused(this.#found, 'empty-file', 'there is no recording in it');
    const problems = parts.flatMap((part) => part.problems?.() ?? []);
    for (const discrepancy of [...this.#found.discrepancies, ...this.#unowned, ...problems])
      first.discrepancy(this.#kept(discrepancy));
    const beside = this.#deps.beside?.(this.#found.name, first.header);
    if (beside !== undefined) first.describe(beside);
    return this.#complete();
  }

  /** A discrepancy with the name under which its file is kept. */
  #kept(discrepancy: Discrepancy): Discrepancy {
    const { place } = discrepancy;
    if (place.file === undefined) return discrepancy;
    return { ...discrepancy, place: { ...place, file: keptName(this.#found, place.file) } };
  }

  /** The bytes of a compressed original, kept beside what it unpacks to. */
  async #keepPacked(index: number, part: PartInput): Promise<void> {
    const writer = new PartWriter(PACKED_ORIGINAL + index, keptName(this.#found, part.name), 'original', null);
    for await (const slice of slices(part.original(), this.#deps.signal)) this.#take(writer, slice);
    this.#finish(writer, index);
  }

  async #decode(streams: readonly AsyncGenerator<Uint8Array>[]): Promise<void> {
    const { parts } = this.#found;
    const decoder = this.#found.decoder();
    for (const [i, part] of parts.entries()) {
      const packed = part.unpacked !== undefined;
      const name = keptName(this.#found, part.name);
      this.#writers.set(i, new PartWriter(i, name, packed ? 'unpacked' : 'original', packed ? PACKED_ORIGINAL + i : null));
    }
    const ended = new Set<number>();
    const next = async (index: number): Promise<Uint8Array | null> => {
      const { value, done } = await streams[index]!.next();
      if (done === true) {
        ended.add(index);
        return null;
      }
      this.#take(this.#writers.get(index)!, value);
      return value;
    };
    for (let want = decoder.wants(); want !== null && this.#refusal === null; want = decoder.wants()) {
      const slice = await next(want);
      if (slice === null) decoder.end(this);
      else decoder.push(slice, this);
      this.#commitFullPage();
    }
    if (this.#refusal !== null) return;
    // What a decoder does not ask for (bytes behind its end) is kept all the same.
    for (const index of parts.keys()) {
      while (!ended.has(index)) await next(index);
      this.#finish(this.#writers.get(index)!, parts[index]!.unpacked === undefined ? index : null);
    }
  }

  #take(writer: PartWriter, slice: Uint8Array): void {
    writer.push(slice, this.#partChunk);
    this.#pageBytes += slice.length;
    this.#deps.progress(slice.length);
  }

  /** `original`: index of the part whose fingerprint the bytes must have; a file that changes under the reader is not evidence. */
  #finish(writer: PartWriter, original: number | null): void {
    const completed = writer.finish(this.#partChunk);
    if (original !== null && this.#digests !== null && toHex(completed.sha256) !== this.#digests[original]) {
      throw new Unreadable(CHANGED);
    }
    this.#finished.push(completed);
  }

  readonly #partChunk = (chunk: PartChunk): void => {
    if (chunk.chunk >= this.#handle.stored.partChunks(chunk.part)) this.#page.parts.push(chunk);
  };

  readonly #recordChunk = (chunk: RecordChunk): void => {
    if (chunk.chunk >= this.#handle.stored.recordChunks(chunk.session)) this.#page.records.push(chunk);
  };

  readonly #eventChunk = (chunk: EventChunk): void => {
    if (chunk.chunk >= this.#handle.stored.eventChunks(chunk.session)) this.#page.events.push(chunk);
  };

  #commitFullPage(): void {
    if (this.#pageBytes < PAGE_BYTES) return;
    this.#handle.write(this.#page);
    this.#page = { parts: [], records: [], events: [] };
    this.#pageBytes = 0;
    for (const writer of this.#writers.values()) writer.release();
  }

  #complete(): ImportOutcome {
    const { deps, found } = { deps: this.#deps, found: this.#found };
    const sessions = this.#sessions.map(({ writer, tree }) => ({
      ...writer.finish(this.#recordChunk, this.#eventChunk),
      root: tree.root(),
    }));
    const parts = this.#finished.toSorted((a, b) => a.part - b.part);
    const sessionIds = this.#handle.complete(this.#page, parts, sessions, deps.now(), (ids, said) => ({
      actor: deps.actor,
      action: 'acquire',
      subject: ids[0]!,
      purpose: deps.purpose,
      details: {
        source: deps.source,
        format: found.format,
        ...foundAt(found),
        ...deps.origin?.facts,
        acquired_at: said[0]!.acquiredAt,
        parts: parts.map(({ name, role, size, sha256 }) => ({ name, role, size, sha256: toHex(sha256) })),
        sessions: sessions.map(({ records, root, discrepancyCount }, i) => ({
          id: ids[i]!,
          records,
          root: toHex(root),
          described: said[i]!.described,
          discrepancies: discrepancyCount,
        })),
      },
    }));
    return { kind: 'imported', sessionIds, discrepancies: sessions.flatMap(({ discrepancies }) => discrepancies) };
  }

  session(header: SessionHeader): number {
    this.#sessions.push({ writer: new SessionWriter(this.#sessions.length, header), tree: createTree(this.#handle.saltSeed) });
    return this.#sessions.length - 1;
  }

  describe(session: number, header: Partial<SessionHeader>): void {
    this.#sessions[session]!.writer.describe(header);
  }

  record(session: number, span: Parameters<Sink['record']>[1]): number {
    const { writer, tree } = this.#sessions[session]!;
    tree.add(span, this.#range);
    return writer.record(span, this.#recordChunk);
  }

  /** Bytes that were read already, held still or stored. */
  readonly #range = ({ part, offset, length }: ByteRange): Uint8Array => {
    const { content } = this.#deps.library;
    return this.#writers
      .get(part)!
      .range(offset, length, (from, bytes) => content.partRange(this.#handle.key, part, from, bytes));
  };

  event(session: number, event: Parameters<Sink['event']>[1]): void {
    this.#sessions[session]!.writer.event(event, this.#eventChunk);
  }

  discrepancy(discrepancy: Discrepancy, session?: number): void {
    if (session === undefined) this.#unowned.push(discrepancy);
    else this.#sessions[session]!.writer.discrepancy(discrepancy);
  }

  refuse(refusal: Refusal): void {
    this.#refusal ??= refusal;
  }
}
