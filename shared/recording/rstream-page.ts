// Pages of events as the rstream engine API returns them, each a JSON list that is held whole: from its bytes to records (the range of
// each element, in canonical form) and events. A page must answer what was asked: events of another session, or from before the
// start that was asked for, are kept as records and not shown. Where the reading stands can be written down and gone on with.

import { MAX_RECORD_BYTES, type SessionHeader, type Sink } from './decoder.ts';
import type { Place } from './discrepancy.ts';
import { heldMembers, writtenMembers } from './json-exact.ts';
import { jsonFault, MAX_ELEMENTS, NOT_JSON } from './json-check.ts';
import { listElements, type ListElements } from './json-elements.ts';
import { isObject, parseJson, quoted, textOf, type JsonObject } from './json-text.ts';
import { rstreamHeader, rstreamSeq } from './rstream-event.ts';
import { RstreamReader, type ParsedElement, type ReaderState } from './rstream-reader.ts';
import { SessionFeed, type FeedState } from './session-feed.ts';
import { decodeUtf8 } from './utf8.ts';

/** One element of a page, before anything is made of it. */
export interface PageElement {
  readonly offset: number;
  readonly length: number;
  /** Null where it is too long to be looked at. */
  readonly parsed: ParsedElement | null;
  /** Its sequence number, where it is an event that has one. */
  readonly seq: bigint | null;
  /** The session that it says it belongs to. */
  readonly session: string | undefined;
}

export type PageReading =
  | { readonly kind: 'page'; readonly elements: readonly PageElement[] }
  | { readonly kind: 'fault'; readonly isJson: boolean; readonly fault: string };

/** Parses a page of so many elements at most, once for all who look at it. Never throws, and takes no more than the page is worth. */
export function readPage(bytes: Uint8Array, most = MAX_ELEMENTS): PageReading {
  const { text, replaced } = decodeUtf8(bytes);
  // Nothing but ASCII: a character stands where its byte does.
  const isAscii = text.length === bytes.length && replaced === 0;
  const list = isAscii ? listElements(text, most) : walkedElements(bytes, most);
  const values = 'fault' in list ? undefined : parsed(text);
  if ('fault' in list || values === undefined) {
    return { kind: 'fault', isJson: false, fault: 'fault' in list ? list.fault : NOT_JSON };
  }
  if (!Array.isArray(values)) return { kind: 'fault', isJson: true, fault: 'it is not a list' };
  const { ranges, members } = list;
  const repeats = members !== heldMembers(values);
  const elements = values.map((value: unknown, i) => {
    const offset = ranges[2 * i]!;
    const length = ranges[2 * i + 1]! - offset;
    if (length > MAX_RECORD_BYTES) return pageElement(offset, length, null);
    return pageElement(
      offset,
      length,
      replaced === 0 ? { kind: 'value', value, exact: true, repeats } : parseJson(bytes.subarray(offset, offset + length)),
    );
  });
  return { kind: 'page', elements };
}

function walkedElements(bytes: Uint8Array, most: number): ListElements | { readonly fault: string } {
  const ranges: number[] = [];
  const fault = jsonFault(bytes, ranges, most);
  return fault === null ? { ranges, members: writtenMembers(bytes) } : { fault };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function pageElement(offset: number, length: number, element: ParsedElement | null): PageElement {
  const event = element?.kind === 'value' && isObject(element.value) ? element.value : null;
  const seq = event === null ? null : rstreamSeq(event);
  return {
    offset,
    length,
    parsed: element,
    seq: seq === null ? null : BigInt(seq),
    session: event === null ? undefined : textOf(event, 'session_id'),
  };
}

/** The elements of what is known to be a page. */
export function parsePage(bytes: Uint8Array): readonly PageElement[] {
  const page = readPage(bytes);
  if (page.kind === 'fault') throw new TypeError(`this is no page: ${page.fault}`);
  return page.elements;
}

/** A page and what it was asked for. */
export interface AskedPage {
  readonly bytes: Uint8Array;
  /** Those of its elements that are to be read. */
  readonly elements: readonly PageElement[];
  readonly part: number;
  /** Name for messages. */
  readonly file: string;
  /** The first sequence number that was asked for. */
  readonly from: bigint;
  /** How many were asked for. */
  readonly limit: number;
  /** How many came. */
  readonly count: number;
}

export interface PagesState {
  readonly feed: FeedState;
  readonly reader: ReaderState;
}

/** Whether an element is an event that answers the question. What is no event at all is not judged by it. */
export function answers({ session, seq }: PageElement, id: string, from: bigint): boolean {
  return (session === undefined || session === id) && (seq === null || seq >= from);
}

/** One session, page by page. */
export class RstreamPages {
  readonly #id: string;
  readonly #feed: SessionFeed;
  readonly #reader: RstreamReader;

  /** `session` is the newest session object, `text` its JSON. Its first form is record 0, the whole of part 0. */
  constructor(sink: Sink, id: string, session: JsonObject, text: string, length: number, from: PagesState | null) {
    const header = rstreamHeader(session, text);
    this.#id = id;
    this.#reader = new RstreamReader(from?.reader);
    const shown: SessionHeader = { ...header, ...this.#reader.startSize };
    this.#feed = new SessionFeed(sink, shown, { form: 'jcs', ranges: [{ part: 0, offset: 0, length }] }, from?.feed);
    if (from === null) this.#reader.startAt(header.startedAt ?? null);
  }

  state(): PagesState {
    return { feed: this.#feed.state(), reader: this.#reader.state() };
  }

  read(page: AskedPage, sink: Sink): void {
    const { bytes, elements, part, file, from, limit, count } = page;
    const say = (message: string, place: Place): void => this.#feed.discrepancy(sink, 'inconsistent', message, place);
    if (count > limit) say(`${String(limit)} events were asked for and ${String(count)} came; all are kept`, { file });
    const foreign: PageElement[] = [];
    const early: PageElement[] = [];
    for (const element of elements) {
      const { offset, length, parsed } = element;
      const range = { part, offset, length };
      if (answers(element, this.#id, from)) {
        const own = parsed === null ? null : bytes.subarray(offset, offset + length);
        this.#reader.read({ bytes: own, parsed, range, place: { file, offset, length } }, this.#feed, sink);
      } else {
        (element.seq !== null && element.seq < from ? early : foreign).push(element);
        this.#feed.record(sink, 'jcs', range);
      }
    }
    for (const { session, offset, length } of foreign.slice(0, 1)) {
      say(
        `${String(foreign.length)} events of this page belong to another session, the first to ${quoted(session!)}; they are kept and not shown`,
        { file, offset, length },
      );
    }
    for (const { seq, offset, length } of early.slice(0, 1)) {
      say(
        `events from ${String(from)} on were asked for, and ${String(early.length)} of this page come before that; they are kept and not shown`,
        { file, offset, length, seq: String(seq) },
      );
    }
  }
}
