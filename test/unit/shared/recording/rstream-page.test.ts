import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordSpan, SessionHeader, Sink } from '../../../../shared/recording/decoder.ts';
import type { Discrepancy } from '../../../../shared/recording/discrepancy.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { jsonFault, MAX_ELEMENTS, MAX_NESTING } from '../../../../shared/recording/json-check.ts';
import type { JsonObject } from '../../../../shared/recording/json-text.ts';
import { RstreamJson } from '../../../../shared/recording/rstream-json.ts';
import { parsePage, readPage, RstreamPages, type PagesState } from '../../../../shared/recording/rstream-page.ts';
import { readVectors, VECTORS } from '../../../engine/vectors.ts';

interface Read {
  header: Partial<SessionHeader>;
  readonly records: RecordSpan[];
  readonly events: RecordingEvent[];
  readonly discrepancies: Discrepancy[];
}

function collector(): Read & { readonly sink: Sink } {
  const read: Read = { header: {}, records: [], events: [], discrepancies: [] };
  const sink: Sink = {
    session: (header) => {
      read.header = header;
      return 0;
    },
    describe: (_, header) => {
      read.header = { ...read.header, ...header };
    },
    record: (_, span) => read.records.push(span) - 1,
    event: (_, event) => read.events.push(event),
    discrepancy: (discrepancy) => read.discrepancies.push(discrepancy),
    refuse: ({ message }) => {
      throw new Error(message);
    },
  };
  return Object.assign(read, { sink });
}

/** Reads events in pages of a size, each with a state that went through JSON. `from` is what every page was asked for. */
function inPages(session: JsonObject, pages: readonly Uint8Array[], from = 0n): Read {
  const read = collector();
  const text = JSON.stringify(session);
  let state: PagesState | null = null;
  for (const [i, bytes] of pages.entries()) {
    // A session that goes on makes no record of its object again.
    const reader: RstreamPages = new RstreamPages(read.sink, String(session['id']), session, text, text.length, state);
    const elements = parsePage(bytes);
    reader.read(
      { bytes, elements, part: i + 1, file: `events/${String(i + 1)}.json`, from, limit: 1000, count: elements.length },
      read.sink,
    );
    state = JSON.parse(JSON.stringify(reader.state())) as PagesState;
  }
  return read;
}

const page = (events: readonly unknown[]): Buffer => Buffer.from(JSON.stringify(events));

const chunked = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const withoutPlace = ({ discrepancies, events, header }: Read): unknown => ({
  header,
  events: events.map((event, i) => ({ ...event, record: i })),
  discrepancies: discrepancies.map(({ kind, message, place: { seq } }) => ({ kind, message, seq })),
});

describe('the events of a vector', () => {
  const { cases } = readVectors(VECTORS);
  test.each(cases.map((one) => [one.case, one] as const))('%s are the same in pages of any size as in an export', (_, one) => {
    const whole = collector();
    const decoder = new RstreamJson('export.json');
    decoder.push(Buffer.from(JSON.stringify({ export_version: 1, session: one.session, events: one.events })), whole.sink);
    decoder.end(whole.sink);
    for (const size of [1, 3, 1000]) {
      const read = inPages(one.session, chunked(one.events, size).map(page));
      expect(withoutPlace(read)).toEqual(withoutPlace(whole));
      expect(read.records).toHaveLength(one.events.length + 1);
    }
  });
});

describe('elements', () => {
  const blank = fc.constantFrom('', ' ', '\n', '\t \r\n');

  test('stand where they stand, whatever they are and whatever blanks lie between', () => {
    const list = fc.array(fc.tuple(blank, fc.jsonValue({ maxDepth: 4 }), blank), { maxLength: 8 });
    fc.assert(
      fc.property(blank, list, blank, (before, items, after) => {
        const texts = items.map(([left, value, right]) => ({ left, text: JSON.stringify(value), right }));
        const bytes = Buffer.from(`${before}[${texts.map(({ left, text, right }) => left + text + right).join(',')}]${after}`);
        if (items.length === 0) expect(parsePage(bytes)).toEqual([]);
        else {
          const found = parsePage(bytes).map(({ offset, length }) => bytes.subarray(offset, offset + length).toString());
          expect(found).toEqual(texts.map(({ text }) => text));
        }
      }),
    );
  });

  test('are those that a walk over the bytes finds, and what is no page is refused by both', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"',
      '\\',
      '\\"',
      '"a"',
      '"é"',
      '0',
      '-1e5',
      'null',
      ' ',
      '\n',
      '\u0001',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.array(fc.json({ maxDepth: 3 }), { maxLength: 5 }).map((items) => `[${items.join(' ,')}]`),
      fc.tuple(fc.array(fc.json({ maxDepth: 3 }), { maxLength: 4 }), fc.nat(), piece).map(([items, at, other]) => {
        const whole = `[${items.join(',')}]`;
        return whole.slice(0, at % whole.length) + other + whole.slice(at % whole.length);
      }),
    );
    let pages = 0;
    fc.assert(
      fc.property(text, (any) => {
        const bytes = Buffer.from(any);
        const ranges: number[] = [];
        const fault = jsonFault(bytes, ranges);
        const read = readPage(bytes);
        if (read.kind === 'fault') {
          expect([any, read.isJson, read.fault]).toEqual([any, fault === null, fault ?? 'it is not a list']);
          if (fault === null) expect(JSON.parse(any)).not.toBeInstanceOf(Array);
          return;
        }
        pages += 1;
        expect([any, fault]).toEqual([any, null]);
        expect(read.elements.flatMap(({ offset, length }) => [offset, offset + length])).toEqual(ranges);
        expect(read.elements.map(({ parsed }) => parsed)).toEqual(
          (JSON.parse(any) as unknown[]).map((value) => ({ kind: 'value', value, exact: true, repeats: false })),
        );
      }),
      { numRuns: 20_000 },
    );
    expect(pages).toBeGreaterThan(3000);
  });

  test('of too deep or too long a list are not looked at', () => {
    const nested = (depth: number): Buffer => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(readPage(nested(MAX_NESTING))).toMatchObject({ kind: 'page' });
    expect(readPage(nested(MAX_NESTING + 1))).toMatchObject({ kind: 'fault', fault: jsonFault(nested(MAX_NESTING + 1)) });
    expect(readPage(Buffer.from('['.repeat(4_000_000)))).toMatchObject({ kind: 'fault' });
    const long = (length: number): Buffer => Buffer.from(`[${'0,'.repeat(length - 1)}0]`);
    expect(readPage(long(MAX_ELEMENTS))).toMatchObject({ kind: 'page' });
    expect(readPage(long(MAX_ELEMENTS + 1))).toMatchObject({ kind: 'fault', fault: jsonFault(long(MAX_ELEMENTS + 1), []) });
    expect(readPage(Buffer.from(`["${'\\'.repeat(2_000_000)}"]`))).toMatchObject({ kind: 'page' });
    expect(readPage(Buffer.from(`["${'\\'.repeat(1_999_999)}"]`))).toMatchObject({ kind: 'fault' });
  });

  test('that are no events become discrepancies, and the others are read', () => {
    const bytes = Buffer.from(
      '[1, "two", null, [], {"session_id":"s","seq":"1","type":"open","created_at":"2026-06-10T08:00:00Z"}]',
    );
    const { events, discrepancies, records } = inPages({ id: 's' }, [bytes]);
    expect(events).toMatchObject([{ kind: 'other', code: 'open', seq: '1' }]);
    expect(discrepancies.map(({ kind }) => kind)).toEqual(['bad-line', 'bad-line', 'bad-line', 'bad-line']);
    expect(records).toHaveLength(6);
  });

  test('whose bytes are not UTF-8 are read all the same, and said', () => {
    const bytes = Buffer.from('[{"session_id":"s","seq":"1","type":"x?","created_at":"2026-06-10T08:00:00Z"}]');
    bytes[bytes.indexOf('?')] = 0xff;
    const { events, discrepancies } = inPages({ id: 's' }, [bytes]);
    expect(events).toMatchObject([{ code: 'x\ufffd' }]);
    expect(discrepancies).toMatchObject([{ kind: 'encoding' }]);
  });

  test('with a name that comes again are read by its last value, and said', () => {
    const event = (seq: number, metadata: string): string =>
      `{"session_id":"s","seq":"${String(seq)}","type":"open","created_at":"2026-06-10T08:00:00Z","metadata":${metadata}}`;
    const texts = [
      event(1, '{"a":{"b":1},"c":[{"b":2},{"b":":"}]}'),
      event(2, '{"a":1,"\\u0061":2}'),
      event(3, '"{\\"a\\":1,\\"a\\":2}"'),
      `${event(4, '[{"__proto__":1},{"x":1,"":2,"":3}]').slice(0, -1)},"type":"x\u0436"}`,
    ];
    const { events, discrepancies } = inPages({ id: 's' }, [Buffer.from(`[${texts.join(',')}]`)]);
    expect(events).toMatchObject([{ code: 'open' }, { code: 'open' }, { code: 'open' }, { code: 'x\u0436' }]);
    expect(discrepancies.map(({ kind, message, place: { seq } }) => [kind, message, seq])).toEqual([
      ['inconsistent', 'this event has the name a more than once; the last one is read', '2'],
      ['inconsistent', 'this event has the name "" more than once; the last one is read', '4'],
    ]);
  });

  test('of another session and from before the start that was asked for are kept and not shown', () => {
    const event = (session: string, seq: number): unknown => ({
      session_id: session,
      seq: String(seq),
      type: 'open',
      created_at: '2026-06-10T08:00:00Z',
    });
    const bytes = page([event('s', 4), event('s', 5), event('other', 6), event('other', 7), event('s', 6)]);
    const { events, discrepancies, records } = inPages({ id: 's' }, [bytes], 5n);
    expect(events.map(({ seq }) => seq)).toEqual(['5', '6']);
    expect(records).toHaveLength(6);
    expect(discrepancies.map(({ message }) => message)).toEqual([
      '2 events of this page belong to another session, the first to other; they are kept and not shown',
      'events from 5 on were asked for, and 1 of this page come before that; they are kept and not shown',
    ]);
  });

  test('of hostile pages never end the reading', () => {
    const member = fc.constantFrom(
      'id',
      'session_id',
      'seq',
      'created_at',
      'type',
      'payload_plaintext',
      'metadata',
      'crypto',
      'hash',
      'prev_hash',
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('s', '1', '18446744073709551615', 'data', 'resize', 'AA=='),
    );
    const events = fc.array(fc.oneof(fc.dictionary(member, value), fc.jsonValue({ maxDepth: 2 })), { maxLength: 12 });
    fc.assert(
      fc.property(events, (list) => {
        const bytes = page(list);
        const { records } = inPages({ id: 's' }, [bytes, bytes]);
        expect(records).toHaveLength(1 + 2 * list.length);
      }),
    );
  });
});
