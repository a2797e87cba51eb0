// All sessions that a source lists. Neither a ceiling on the length of the list nor its order is public, and there is no paging but the
// filters by start: the list is asked for again up to the oldest start that came, or from the newest one where the oldest come first,
// until an answer brings nothing new. What cannot be listed is said.

import { ExhibitError } from '../../shared/api/errors.ts';
import { isObject, shown, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { readPage } from '../../shared/recording/rstream-page.ts';
import { formatInstant, parseInstant, type Micros } from '../../shared/recording/time.ts';
import { SourceError, type Answer, type Rstream, type SessionFilter } from '../source/source.ts';
import { isFault } from './sync-documents.ts';

/** Bounds on what a list may cost: how often it is asked for, and its bytes in all. */
const MAX_LISTS = 1000;
const MAX_LIST_BYTES = 256 * 1024 * 1024;

/** Sessions that are asked for at once where all of them are larger than an answer may be, and so many times fewer where those are. */
const MANY = 10_000;
const FEWER = 4;

export interface Listed {
  readonly id: string;
  /** What the list says of it; null where the session was not listed. */
  readonly session: ListedSession | null;
}

export interface ListedSession {
  readonly object: JsonObject;
  /** Its bytes. */
  readonly json: Uint8Array;
}

export interface SessionList {
  /** Each session once. */
  readonly sessions: readonly Listed[];
  /** What is wrong with the list, or missing from it. */
  readonly lacks: readonly ExhibitError[];
}

/** Where an answer ends in time: the filter that goes on there. */
type Edge = 'startedTo' | 'startedFrom';

interface Page {
  readonly sessions: readonly ListedSession[];
  /** Starts of its sessions, as far as they are times, each with its text. */
  readonly starts: readonly (readonly [at: Micros, text: string])[];
}

class Lister {
  readonly #client: Rstream;
  readonly #filter: SessionFilter;
  readonly #signal: AbortSignal;
  readonly #found = new Map<string, Listed>();
  readonly #lacks = new Map<string, ExhibitError>();
  /** Said once: the same ones may come in each answer. */
  #hasOthers = false;
  /** As many sessions as an answer takes; null is all. */
  #most: number | null = null;
  #lists = 0;
  #bytes = 0;

  constructor(client: Rstream, filter: SessionFilter, signal: AbortSignal) {
    this.#client = client;
    this.#filter = filter;
    this.#signal = signal;
  }

  async all(): Promise<SessionList> {
    const first = this.#page(await this.#ask(this.#filter));
    this.#take(first);
    const isOldestFirst = first.starts.length > 1 && first.starts[0]![0] < first.starts.at(-1)![0];
    try {
      if (isOldestFirst) await this.#on(first, 'startedFrom');
      await this.#on(first, 'startedTo');
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.#lack(`it was asked for again, to see whether it was whole, and that failed: ${error.why}`);
    }
    return { sessions: [...this.#found.values()].slice(0, this.#filter.limit), lacks: [...this.#lacks.values()] };
  }

  /** Asks again and again beyond what came, until nothing new comes. */
  async #on(first: Page, edge: Edge): Promise<void> {
    const outer = (page: Page): readonly [Micros, string] | undefined =>
      page.starts.toSorted(([a], [b]) => (edge === 'startedTo' ? a - b : b - a))[0];
    let longest = first.sessions.length;
    let end = outer(first);
    while (end !== undefined && this.#found.size < (this.#filter.limit ?? Infinity)) {
      const [at, text] = end;
      let page = await this.#again(edge, text);
      if (page === null) return;
      if (!this.#take(page)) {
        // Shorter than another one: no ceiling kept anything back.
        if (page.sessions.length < Math.min(longest, this.#most ?? Infinity)) return;
        // All of it may have begun at one time: what lies beyond is asked for without that time.
        page = await this.#again(edge, formatInstant((at + (edge === 'startedTo' ? -1 : 1)) as Micros));
        if (page === null || !this.#take(page)) return;
        this.#lack(`more sessions begin at ${text} than it gives at once: some of them may be missing`);
      }
      longest = Math.max(longest, page.sessions.length);
      const next = outer(page);
      const isBeyond = next !== undefined && (edge === 'startedTo' ? next[0] < at : next[0] > at);
      if (isBeyond) end = next;
    }
  }

  /** The list up to a time, or from one on; null where that was asked for often enough. */
  async #again(edge: Edge, text: string): Promise<Page | null> {
    if (this.#lists >= MAX_LISTS || this.#bytes >= MAX_LIST_BYTES) {
      this.#lack(`it does not end: after ${String(this.#lists)} answers the sessions that came are taken for all`);
      return null;
    }
    return this.#page(await this.#ask({ ...this.#filter, [edge]: text }));
  }

  async #ask(filter: SessionFilter): Promise<Answer> {
    for (;;) {
      const limit = this.#most === null ? filter.limit : Math.min(filter.limit ?? Infinity, this.#most);
      try {
        return await this.#client.sessions({ ...filter, limit }, this.#signal);
      } catch (error) {
        if (limit === 1 || !isFault(error, 'too-large')) throw error;
        this.#most = limit === undefined ? MANY : Math.ceil(limit / FEWER);
      }
    }
  }

  #page({ bytes }: Answer): Page {
    this.#lists += 1;
    this.#bytes += bytes.length;
    const page = readPage(bytes, Infinity);
    const list = page.kind === 'page' ? page.elements : [];
    const sessions: ListedSession[] = [];
    let other: string | null = null;
    for (const [i, { offset, length, parsed }] of list.entries()) {
      const value = parsed?.kind === 'value' ? parsed.value : undefined;
      if (isSession(value)) sessions.push({ object: value, json: bytes.subarray(offset, offset + length) });
      else other ??= `element ${String(i + 1)} is ${parsed === null ? 'too long' : shown(value)}`;
    }
    if (other !== null && !this.#hasOthers) {
      const others = list.length - sessions.length;
      this.#lack(`${String(others)} of ${String(list.length)} elements are no sessions with ids and were skipped: ${other}`);
      this.#hasOthers = true;
    }
    const starts = sessions.flatMap(({ object }) => {
      const text = textOf(object, 'started_at') ?? '';
      const at = parseInstant(text);
      return at === null ? [] : [[at, text] as const];
    });
    return { sessions, starts };
  }

  /** Returns whether it has anything new. */
  #take({ sessions }: Page): boolean {
    const before = this.#found.size;
    for (const session of sessions) {
      const id = textOf(session.object, 'id')!;
      if (!this.#found.has(id)) this.#found.set(id, { id, session });
    }
    return this.#found.size > before;
  }

  #lack(why: string): void {
    const todo = 'tell whoever runs the source; sessions can be synchronised by their ids';
    this.#lacks.set(why, new ExhibitError('network', 'list the sessions of the source', why, todo));
  }
}

const isSession = (value: unknown): value is JsonObject => isObject(value) && (textOf(value, 'id') ?? '').trim() !== '';

/** Lists the sessions that pass a filter, `limit` of them at most. Throws a SourceError where there is no list at all. */
export async function listSessions(client: Rstream, filter: SessionFilter, signal: AbortSignal): Promise<SessionList> {
  return new Lister(client, filter, signal).all();
}
