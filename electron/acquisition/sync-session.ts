// Reads one session from its source until nothing more comes: pages of events from where the library stands, then what the source
// tells about it. What is there already must be what the source still says; where it is not, that is a discrepancy, and what was
// kept stays. A fault ends the reading with its reason; the next one goes on where this one stood.

import { ExhibitError, type Failure } from '../../shared/api/errors.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import { MAX_SEQ, rstreamExtent } from '../../shared/recording/rstream-event.ts';
import { answers, type PageElement } from '../../shared/recording/rstream-page.ts';
import { RSTREAM_RIGHTS, SourceError, type Answer } from '../source/source.ts';
import { askDocuments, isFault, type DocumentDeps } from './sync-documents.ts';
import { elementDigest, elementsOf } from './sync-elements.ts';
import { hasEnded, type KeeperDeps, type SessionKeeper, type TakenPage } from './sync-keeper.ts';
import { recheckSession } from './sync-recheck.ts';

/** Events that are asked for at once, as the vendor's own program does. */
export const PAGE_EVENTS = 1000;

/** Where a page is larger than an answer may be, so many times fewer events are asked for, down to one. */
const FEWER = 4;

/** A page of fewer events that is smaller leaves room for twice as many in the next one. */
const ROOMY_BYTES = 16 * 1024 * 1024;

/** Pages that are read ahead of those that are written. */
const PAGES_AHEAD = 2;

/** A page, and how many events it was asked for. */
interface AskedAnswer {
  readonly answer: Answer;
  readonly limit: number;
}

export interface SessionDeps extends KeeperDeps, DocumentDeps {
  readonly recheck: boolean;
  /** What came, each time something came. */
  readonly received: (events: number, bytes: number) => void;
}

/** What came of one reading. */
export interface Reading {
  /** Whether the source may have more of it later. */
  readonly live: boolean;
  /** Why it is not all there is, where the source kept something back; what came is kept. */
  readonly failure: Failure | null;
}

/** One session and its reading, for as long as it is followed. */
export class SessionSync {
  readonly #deps: SessionDeps;
  readonly #keeper: SessionKeeper;
  readonly #id: string;
  /** Digest of the session object as the source's list had it; null where it was not listed. */
  readonly #listed: Buffer | null;
  /** Events that this run kept. */
  events = 0;
  /** The source kept something back that it may give the next time: the session is read again then. */
  #isAgain = false;
  /** Events that the next page is asked for. */
  #limit = PAGE_EVENTS;

  constructor(deps: SessionDeps, keeper: SessionKeeper, listed: Buffer | null) {
    this.#deps = deps;
    this.#keeper = keeper;
    this.#id = keeper.nativeId;
    this.#listed = listed;
  }

  /** Its id in the library, once it is visible. */
  get libraryId(): string | null {
    return this.#keeper.id;
  }

  /** Whether this run brought anything of it. */
  get isNews(): boolean {
    return this.#keeper.entries > 0;
  }

  get discrepancies(): number {
    return this.#keeper.discrepancies;
  }

  /** Reads all that the source has now. Throws what the source throws: the library then stands where the last page left it. */
  async catchUp(): Promise<Reading> {
    const { signal, recheck } = this.#deps;
    const keeper = this.#keeper;
    this.#isAgain = false;
    try {
      await this.#askSession();
    } catch (error) {
      if (!keeper.isKept || !isFault(error, 'not-found', 'gone')) throw error;
      return this.#settle(error, 'the source no longer has the session; what came before is kept', false);
    }
    if (recheck && keeper.id !== null && keeper.last !== null) {
      await recheckSession(keeper, this.#deps.library, async (from) => (await this.#ask(from)).answer, signal);
    }
    let failure: Failure | null = null;
    let ended = hasEnded(keeper.session!);
    try {
      await this.#pages(true);
      this.#told('yes', 'it gave its events');
    } catch (error) {
      if (isFault(error, 'forbidden')) {
        this.#told('no', error.why);
        return this.#settle(error, 'no permission to read logs: its events are missing from here on', true);
      }
      if (!isFault(error, 'not-found', 'gone')) throw error;
      failure = error.failure;
      ended = false;
      keeper.say({
        kind: 'truncated',
        message: 'the source ended the reading: it no longer has events of this session; what came before is kept',
        place: this.#place(),
      });
    }
    if (ended) this.#compareExtent();
    await this.#documents();
    await keeper.keep(null, { show: true, growing: !ended || this.#isAgain, listed: this.#listed });
    if (failure !== null) this.#deps.library.retention.goneAtSource(this.#deps.source, this.#id);
    return { live: !ended && failure === null, failure };
  }

  /** Looks whether a visible session went on. */
  async poll(): Promise<Reading & { readonly events: number }> {
    const before = this.events;
    try {
      return { live: await this.#look(), failure: null, events: this.events - before };
    } catch (error) {
      if (!isFault(error, 'not-found', 'gone', 'forbidden')) throw error;
      return { ...(await this.catchUp()), events: this.events - before };
    }
  }

  /** Returns whether it goes on. */
  async #look(): Promise<boolean> {
    this.#isAgain = false;
    const session = await this.#deps.client.session(this.#id, this.#deps.signal);
    const ended = hasEnded(this.#object(session));
    if (ended) this.#keeper.document('session', session);
    await this.#pages(ended);
    if (ended) {
      this.#compareExtent();
      await this.#documents();
      await this.#keeper.keep(null, { show: true, growing: this.#isAgain, listed: null });
    }
    return !ended;
  }

  /** The session is kept as far as it came, and says why there is no more of it. */
  async #settle(error: SourceError, message: string, growing: boolean): Promise<Reading> {
    this.#keeper.say({ kind: 'truncated', message, place: this.#place() });
    if (growing) await this.#documents();
    await this.#keeper.keep(null, { show: true, growing, listed: growing ? this.#listed : null });
    if (!growing) this.#deps.library.retention.goneAtSource(this.#deps.source, this.#id);
    return { live: false, failure: error.failure };
  }

  /** Keeps whether the source gives the recording of this session, apart from what it allows of all (docs/permissions.md). */
  #told(allowed: 'yes' | 'no', why: string): void {
    const { library, source, now } = this.#deps;
    library.rights.tell(source, now(), [{ right: 'recording', session: this.#id, name: RSTREAM_RIGHTS.recording, allowed, why }]);
  }

  #place(): { readonly seq?: string } {
    const { last } = this.#keeper;
    return last === null ? {} : { seq: last.seq };
  }

  #object(answer: Answer): JsonObject {
    const parsed = parseJson(answer.bytes);
    const object = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
    if (object['id'] === this.#id) return object;
    throw new ExhibitError(
      'network',
      `read session ${this.#id}`,
      'the source answered with another session',
      'synchronise again; if it stays, tell whoever runs the source',
    );
  }

  async #askSession(): Promise<void> {
    const answer = await this.#deps.client.session(this.#id, this.#deps.signal);
    this.#object(answer);
    this.#keeper.document('session', answer);
  }

  /** Keeps pages until nothing follows. `surely`: also where the newest kept event is the only one that comes. */
  async #pages(surely: boolean): Promise<void> {
    const { received } = this.#deps;
    const keeper = this.#keeper;
    /** Holds no page while it waits: what lives for several pages is dear to free. */
    const keep = (page: TakenPage): Promise<void> => {
      const { length: events } = page.elements;
      const { length: bytes } = page.answer.bytes;
      return keeper.keep(page, { show: keeper.id !== null, growing: true, listed: null }).then(() => {
        this.events += events;
        received(events, bytes);
      });
    };
    /** Pages that are packed and written while the next one is fetched and read; what that throws is met when one more is kept. */
    const writing: Promise<void>[] = [];
    try {
      for await (const page of this.#read(surely)) {
        if (writing.length === PAGES_AHEAD) await writing.shift();
        const written = keep(page);
        written.catch(() => undefined);
        writing.push(written);
      }
    } finally {
      await writing.at(-1);
    }
  }

  /** Asks for a page from an event on, of as many events as an answer takes: sizes of events are known only when they come. */
  async #ask(from: bigint): Promise<AskedAnswer> {
    const { client, signal } = this.#deps;
    for (;;) {
      const limit = this.#limit;
      try {
        const answer = await client.events(this.#id, String(from), limit, signal);
        if (answer.bytes.length < ROOMY_BYTES) this.#limit = Math.min(PAGE_EVENTS, limit * 2);
        return { answer, limit };
      } catch (error) {
        if (limit === 1 || !isFault(error, 'too-large')) throw error;
        this.#limit = Math.ceil(limit / FEWER);
      }
    }
  }

  /** The pages that are to be kept. Each is asked for while the one before it is kept. */
  async *#read(surely: boolean): AsyncGenerator<TakenPage> {
    const { received } = this.#deps;
    const keeper = this.#keeper;
    const ask = (from: bigint): Promise<AskedAnswer> => {
      const asked = this.#ask(from);
      // While a page is kept nobody waits for the next one yet: its fault is met when it is wanted.
      asked.catch(() => undefined);
      return asked;
    };
    let overlaps = keeper.last !== null;
    let from = BigInt(keeper.last?.seq ?? 0);
    let asked = ask(from);
    for (;;) {
      const came = await asked.catch(async (error: unknown) => {
        if (await this.#isPastEnd(error, from)) return null;
        throw error;
      });
      if (came === null) return;
      const { answer, limit } = came;
      const all = elementsOf(answer);
      const { elements, changed } = overlaps ? this.#known(answer, all) : { elements: all, changed: false };
      const last = newest(elements, this.#id, from, keeper.last === null ? -1n : BigInt(keeper.last.seq));
      if (elements.length > 0 && last === null) throw this.#noProgress(from);
      // A page of one event has room for the newest kept one alone.
      const isEnd = elements.length === 0 ? !overlaps || (!surely && limit > 1) : last!.seq! >= MAX_SEQ;
      const next = last === null ? from + 1n : last.seq! + 1n;
      if (!isEnd && next <= MAX_SEQ) asked = ask(next);
      if (elements.length > 0 || changed) {
        // Lets the question for the next page leave before this one takes the processor.
        await new Promise((resolve) => setImmediate(resolve));
        yield { answer, elements, from, limit, count: all.length, last };
      } else {
        received(0, answer.bytes.length);
      }
      if (isEnd || next > MAX_SEQ) return;
      overlaps = false;
      from = next;
    }
  }

  /**
   * Whether a source says with an error what others say with an empty page: that nothing follows the newest event. It is believed
   * where the same question from that event on, which it has, brings nothing newer: so neither a loss nor a fault passes for the end.
   */
  async #isPastEnd(error: unknown, from: bigint): Promise<boolean> {
    const { last } = this.#keeper;
    if (last === null || from !== BigInt(last.seq) + 1n || !isFault(error, 'refused', 'not-found', 'gone')) return false;
    try {
      const { answer, limit } = await this.#ask(from - 1n);
      const elements = elementsOf(answer);
      // A page of one event has no room for what follows.
      return (
        limit > 1 &&
        elements.length > 0 &&
        elements.every(({ seq, session }) => seq === from - 1n && (session ?? this.#id) === this.#id)
      );
    } catch (again) {
      if (again instanceof SourceError) return false;
      throw again;
    }
  }

  /** Compares what a page says of the newest kept event with what was kept, and gives the elements that are new. */
  #known(
    { bytes }: Answer,
    all: readonly PageElement[],
  ): { readonly elements: readonly PageElement[]; readonly changed: boolean } {
    const { seq, digest } = this.#keeper.last!;
    const kept = BigInt(seq);
    const again = all.find((element) => element.seq === kept && answers(element, this.#id, kept));
    const elements = all.filter((element) => element !== again);
    if (again !== undefined && elementDigest(bytes, again) === digest) return { elements, changed: false };
    const message =
      again === undefined
        ? 'the source no longer has this event, which was received before; it is kept'
        : 'the source now says something else of this event than before; what was received first is kept';
    const { offset, length } = again ?? { offset: 0, length: bytes.length };
    const place = { file: this.#keeper.nextPage, offset, length, seq };
    return { elements, changed: this.#keeper.say({ kind: 'changed-history', message, place }) };
  }

  #noProgress(from: bigint): ExhibitError {
    return new ExhibitError(
      'network',
      `read events of session ${this.#id}`,
      `the source was asked for events from ${String(from)} on and gave none of them, but others`,
      'synchronise again; if it stays, tell whoever runs the source',
    );
  }

  async #documents(): Promise<void> {
    const isAgain = await askDocuments(this.#deps, this.#keeper);
    this.#isAgain ||= isAgain;
  }

  /** A page that is empty before the last event is no end, where the session says how many events it has. */
  #compareExtent(): void {
    const keeper = this.#keeper;
    const { count, last } = rstreamExtent(keeper.session!);
    const came = { count: BigInt(keeper.events), last: BigInt(keeper.last?.seq ?? 0) };
    const missing = [
      ...(count === null || count <= came.count ? [] : [`${String(count)} events, ${String(came.count)} came`]),
      ...(last === null || last <= came.last ? [] : [`events up to ${String(last)}, they came up to ${String(came.last)}`]),
    ];
    this.#isAgain ||= missing.length > 0;
    for (const message of missing) {
      keeper.say({ kind: 'truncated', message: `the source says that the session has ${message}`, place: this.#place() });
    }
  }
}

/** The event with the highest number of those that answer the question, if that is beyond what was kept. */
function newest(elements: readonly PageElement[], id: string, from: bigint, kept: bigint): PageElement | null {
  let found: PageElement | null = null;
  for (const element of elements) {
    if (element.seq === null || element.seq <= (found?.seq ?? kept) || !answers(element, id, from)) continue;
    found = element;
  }
  return found;
}
