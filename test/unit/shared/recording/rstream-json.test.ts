import fc from 'fast-check';
// JSON exports of rstream: managed payloads come out as they were hashed, ciphertext stays sealed, and every other event is
// kept with what it says.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../../shared/recording/base64.ts';
import type { RecordingEvent } from '../../../../shared/recording/event.ts';
import { RstreamJson } from '../../../../shared/recording/rstream-json.ts';
import { parseInstant } from '../../../../shared/recording/time.ts';
import { decode, inChunksOf, type Decoded } from '../../../support/decoding.ts';
import { group } from '../../../support/recording-files.ts';

type Json = Readonly<Record<string, unknown>>;

interface Case {
  readonly case: string;
  readonly session: Json & { readonly started_at: string };
  readonly events: readonly (Json & { readonly seq: string; readonly type?: string; readonly created_at: string })[];
  readonly terminal?: { readonly cols: number; readonly rows: number };
  readonly expected: { readonly plaintext_sha256?: Readonly<Record<string, string>> };
}

const kept = new URL('../../../fixtures/rstream/cases.json', import.meta.url);
const vectors = new URL('../../../../../shared/rstream-vectors/', import.meta.url);

function casesIn(file: URL): Case[] {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { members?: Case[]; variants?: Case[] } & Case;
  return [content.members ?? content.variants ?? content].flat().filter((one) => one.events !== undefined);
}

const cases = existsSync(vectors)
  ? readdirSync(vectors)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => casesIn(new URL(name, vectors)))
  : (JSON.parse(readFileSync(kept, 'utf8')) as Case[]);

const STREAMS = ['stdin', 'stdout', 'stderr'];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As Go writes it: indented by two blanks, with `<`, `>` and `&` escaped. */
const document = (session: unknown, events: unknown, rest: object = {}): Uint8Array =>
  encode(
    JSON.stringify({ export_version: 1, generated_at: '2026-11-21T03:00:00Z', session, events, ...rest }, null, 2).replace(
      /[<>&]/g,
      (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
    ),
  );

const open = (bytes: Uint8Array, chunk?: number): Decoded =>
  decode(new RstreamJson('export.json'), [bytes], chunk === undefined ? undefined : inChunksOf(chunk));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const kinds = ({ discrepancies }: Decoded): string[] => discrepancies.map(({ kind }) => kind);

describe.each(cases)('$case', ({ session, events, expected, terminal }) => {
  const bytes = document(session, events);
  const { sessions, refusal } = open(bytes);

  it('gives every event in its order, with its number, its time and its payload', () => {
    expect(refusal).toBeNull();
    expect(group([{ name: 'x', bytes }]).groups[0]!.format).toBe('rstream-json');
    const { header, events: read, records } = sessions[0]!;
    expect(header).toMatchObject({ nativeId: session['id'], startedAt: parseInstant(session.started_at) });
    expect(read.map(({ seq, time }) => [seq, time])).toEqual(events.map((event) => [event.seq, event.created_at]));
    expect(records.length).toBeGreaterThan(events.length);
    if (terminal !== undefined)
      expect([header.cols, header.rows, header.sizeAssumed]).toEqual([terminal.cols, terminal.rows, false]);
    for (const [i, event] of events.entries()) check(event, read[i]!, expected.plaintext_sha256?.[event.seq]);
  });

  it('gives the same however it is cut', () => {
    for (const chunk of [1, 7, 1000]) expect(open(bytes, chunk).sessions).toEqual(sessions);
  });
});

function check(event: Json, read: RecordingEvent, hash: string | undefined): void {
  if ((event['type'] ?? 'data') !== 'data') {
    expect(read.kind).toBe(event['type'] === 'resize' ? 'resize' : 'other');
    if (read.kind === 'other') expect(read.code).toBe(event['type']);
  } else if (event['payload_plaintext'] !== undefined) {
    expect(read.kind === 'data' && sha256(read.bytes)).toBe(hash);
  } else if (STREAMS.includes(event['stream_type'] as string) && decodeBase64(event['payload_ciphertext'] as string) !== null) {
    expect(read).toMatchObject({ kind: 'sealed', stream: event['stream_type'], length: event['payload_length'] ?? 0 });
    if (read.kind !== 'sealed') return;
    expect(read.ciphertext).toEqual(decodeBase64(event['payload_ciphertext'] as string));
    expect(JSON.parse(read.crypto)).toEqual(event['crypto'] ?? null);
  } else {
    // What has an unknown stream, or a payload that is not base64, is kept as an event without effect.
    expect(read).toMatchObject({ kind: 'other', code: 'data' });
  }
}

const data = (seq: string | number, plain: string, rest: object = {}): object => ({
  seq,
  type: 'data',
  stream_type: 'stdout',
  created_at: '2026-11-21T03:00:01Z',
  payload_length: plain.length,
  payload_plaintext: Buffer.from(plain).toString('base64'),
  ...rest,
});
const session = {
  id: 's',
  started_at: '2026-11-21T03:00:00Z',
  exit_code: 3,
  context: { origin: 'ci', purpose: 'why' },
  command_meta: { cmd_args: ['a', 'b'] },
};

describe('an export', () => {
  it('says what it says about the session', () => {
    const { header } = open(document(session, [])).sessions[0]!;
    expect(header).toMatchObject({ nativeId: 's', title: 'why', origin: 'ci', command: 'a b', exitStatus: 3, sizeAssumed: true });
    expect(JSON.parse(header.metadata)).toEqual(session);
  });

  it('may have no events', () => {
    expect(open(document(session, null)).discrepancies).toEqual([]);
    expect(open(document(session, undefined)).sessions[0]!.events).toEqual([]);
  });

  it('takes no number of more than 64 bits for a sequence number', () => {
    const seqs = ['18446744073709551614', '18446744073709551615', '18446744073709551616', '99999999999999999999'];
    const read = open(
      document(
        { id: 's' },
        seqs.map((seq) => data(seq, 'x')),
      ),
    );
    expect(kinds(read).filter((kind) => kind === 'bad-line')).toHaveLength(2);
    expect(read.sessions[0]!.events.map(({ seq }) => seq)).toEqual([seqs[0], seqs[1], '3', '4']);
  });

  it('names sequence numbers that are missing, repeated or out of order, beyond 2^53 too', () => {
    const far = '9223372036854775807';
    const read = open(
      document(session, [
        data(1, 'a'),
        data(1, 'a'),
        data(3, 'b'),
        data(2, 'c'),
        data(far, 'd'),
        data('9223372036854775808', 'e'),
        data('x', 'f'),
      ]),
    );
    expect(kinds(read)).toEqual(['sequence-repeat', 'sequence-gap', 'sequence-reorder', 'sequence-gap', 'bad-line']);
    expect(read.sessions[0]!.events.map(({ seq }) => seq)).toEqual(['1', '1', '3', '2', far, '9223372036854775808', '7']);
    expect(read.discrepancies[1]).toMatchObject({
      message: 'sequence number 3 follows 1: 2 is missing here',
      place: { seq: '3' },
    });
    expect(read.discrepancies[3]!.message).toBe(`sequence number ${far} follows 2: 3 to 9223372036854775806 are missing here`);
  });

  it('names links that do not join', () => {
    const read = open(
      document(session, [
        data(1, 'a', { hash: 'AA==' }),
        data(2, 'b', { prev_hash: 'AA==', hash: 'AQ==' }),
        data(3, 'c', { prev_hash: 'Ag==' }),
      ]),
    );
    expect(kinds(read)).toEqual(['broken-link']);
  });

  it('counts time from the start of the session and never back', () => {
    const read = open(
      document(session, [
        data(1, 'a', { created_at: '2026-11-21T02:59:59Z' }),
        data(2, 'b', { created_at: '2026-11-21T04:00:01.123456789+01:00' }),
        data(3, 'c', { created_at: 'soon' }),
      ]),
    );
    expect(read.sessions[0]!.events.map(({ at, time }) => [at, time])).toEqual([
      [0, '2026-11-21T02:59:59Z'],
      [1_123_456, '2026-11-21T04:00:01.123456789+01:00'],
      [1_123_456, 'soon'],
    ]);
    expect(kinds(read)).toEqual(['bad-time', 'bad-time']);
    expect(read.discrepancies[1]!.message).toBe(
      'created_at is the text soon, which is no time; the event stands at the time of the one before it',
    );
    const far = open(document(session, [data(1, 'a', { created_at: '9999-01-01T00:00:00Z' })]));
    expect(far.discrepancies[0]!.message).toMatch(/^the time "?9999-01-01T00:00:00Z"? is out of range; /);
  });

  it('says what stands where an event has no time', () => {
    const times = [5, undefined, null, ''];
    const read = open(
      document(
        session,
        times.map((at, i) => data(i + 1, 'a', { created_at: at })),
      ),
    );
    const messages = ['5', 'missing', 'null', 'the text ""'].map(
      (what) => `created_at is ${what}; the event stands at the time of the one before it`,
    );
    expect(read.discrepancies.map(({ kind, message }) => [kind, message])).toEqual(
      messages.map((message) => ['bad-time', message]),
    );
    expect(read.sessions[0]!.events.map(({ at, time }) => [at, time])).toEqual(times.map(() => [0, '']));
  });

  it('says that a start is no time', () => {
    for (const [written, quoted] of [
      ['x', 'the text x'],
      [5, '5'],
      [{}, 'an object'],
    ] as const) {
      const read = open(document({ ...session, started_at: written }, [data(1, 'a')]));
      expect(read.discrepancies).toMatchObject([
        {
          kind: 'bad-time',
          message: `started_at is ${quoted}, which is no time that can be used; the start is not known`,
          place: { file: 'export.json', offset: 80 },
        },
      ]);
      expect(read.sessions[0]!.header).not.toHaveProperty('startedAt');
    }
    expect(open(document({ ...session, started_at: null }, [])).discrepancies).toEqual([]);
  });

  it('says what of the session is no text, or not whole', () => {
    const meta = { cmd_args: ['a', '\ud800'] };
    const bad = { ...session, status: 5, context: { purpose: '\udc00', origin: [] }, command_meta: meta };
    const read = open(document(bad, []));
    expect(read.discrepancies.map(({ kind, message }) => [kind, message])).toEqual([
      ['bad-header', 'status is 5 and not a text; it is not used'],
      ['encoding', 'half of a surrogate pair stands alone in cmd_args; it is shown as U+FFFD'],
      ['encoding', 'half of a surrogate pair stands alone in purpose; it is shown as U+FFFD'],
      ['bad-header', 'origin is a list and not a text; it is not used'],
    ]);
    for (const args of ['ls', [{ toString: 5 }], {}]) {
      expect(kinds(open(document({ ...session, command_meta: { cmd_args: args } }, [])))).toEqual(['bad-header']);
    }
    const bytes = Buffer.from(document({ ...session, id: '~' }, []));
    bytes[bytes.indexOf('~')] = 0xff;
    expect(open(bytes).discrepancies).toMatchObject([
      { kind: 'encoding', message: expect.stringContaining('not UTF-8') as string },
    ]);
  });

  it('keeps what has no payload, no known stream, no base64 or no size', () => {
    const read = open(
      document(session, [
        data(1, '', { payload_length: 5, payload_plaintext: undefined }),
        data(2, 'a', { stream_type: 'audio' }),
        data(3, 'a', { payload_plaintext: 'YQ=' }),
        { seq: '4', type: 'resize', created_at: '2026-11-21T03:00:01Z', metadata: { terminal_size: { row: 0, col: 5 } } },
        data(5, 'abc', { payload_length: 4 }),
        data(6, ''),
        { seq: '7', type: 'resize', created_at: '2026-11-21T03:00:01Z', metadata: '{"terminal_size":{"row":9,"col":5}}' },
      ]),
    );
    expect(kinds(read)).toEqual(['not-decrypted', 'bad-line', 'encoding', 'bad-size', 'inconsistent']);
    expect(read.sessions[0]!.events.map(({ kind }) => kind)).toEqual([
      'other',
      'other',
      'other',
      'other',
      'data',
      'data',
      'resize',
    ]);
    expect(read.sessions[0]!.header.sizeAssumed).toBe(true);
  });

  it('of another version is refused', () => {
    const bytes = document(session, [], { export_version: 2 });
    expect(open(bytes).refusal).toMatchObject({
      kind: 'unsupported-version',
      message: 'export_version 2 is not read; version 1 is',
    });
    expect(group([{ name: 'x', bytes }]).refused).toMatchObject([{ refusal: { kind: 'unsupported-version' } }]);
    const huge = Buffer.from(Buffer.from(bytes).toString().replace('"export_version": 2', '"export_version": 1e400'));
    expect(open(huge).refusal!.message).toBe('export_version 1e400 is not read; version 1 is');
    expect(group([{ name: 'x', bytes: huge }]).refused[0]!.refusal.message).toContain(
      'export_version 1e400 of an rstream export',
    );
  });

  it('is read where its members stand in another order', () => {
    const bytes = encode(
      JSON.stringify({ events: [data(1, 'a', { created_at: '2026-11-21T03:00:05Z' }), 5], export_version: 1, session }),
    );
    const read = open(bytes);
    expect(group([{ name: 'x', bytes }]).groups[0]!.format).toBe('rstream-json');
    expect(read.sessions[0]!.header).toMatchObject({ nativeId: 's', title: 'why' });
    expect(read.sessions[0]!.events).toMatchObject([{ at: 0 }]);
    expect(kinds(read)).toEqual(['bad-line', 'bad-header']);
  });

  it('is read as far as it goes', () => {
    const whole = document(session, [data(1, 'a'), data(2, 'b')]);
    const cut = open(whole.slice(0, -60));
    expect(cut.sessions[0]!.events).toHaveLength(1);
    expect(cut.discrepancies.at(-1)).toMatchObject({ kind: 'truncated' });
    expect(open(encode('{"export_version":1}')).refusal).toMatchObject({ kind: 'bad-header' });
  });
});

describe('base64', () => {
  it('is taken in the three forms that are accepted, and in no other', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 37) & 255);
      const standard = Buffer.from(bytes).toString('base64');
      for (const text of [standard, standard.replace(/=+$/, ''), Buffer.from(bytes).toString('base64url')])
        expect(decodeBase64(text)).toEqual(bytes);
    }
    for (const text of [
      'A',
      'AB',
      'AA=',
      'AA===',
      'AAA==',
      '=',
      '====',
      'AA==AA==',
      ' AA==',
      'AA==\n',
      'AAAA=',
      '-_==',
      '+_AA',
      'ÄAAA',
      'AA\0A',
    ]) {
      expect([text, decodeBase64(text)]).toEqual([text, null]);
    }
  });

  it('is what its bytes are written as, and nothing else', () => {
    /** The definition: a text is base64 where one of the three ways to write its bytes gives it back. */
    const byDefinition = (text: string): Uint8Array | null => {
      const bytes = Buffer.from(text, 'base64');
      const standard = bytes.toString('base64');
      const forms = [standard, standard.replace(/=+$/, ''), bytes.toString('base64url')];
      return forms.includes(text) ? Uint8Array.from(bytes) : null;
    };
    const written = fc.uint8Array({ maxLength: 40 }).chain((bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      return fc.constantFrom(text, text.replace(/=+$/, ''), Buffer.from(bytes).toString('base64url'));
    });
    const letter = fc.constantFrom(...Array.from('ABxyz09+/-_= \n\0éĀ€'));
    const spoilt = fc
      .tuple(written, fc.nat(), letter)
      .map(([text, at, other]) => text.slice(0, at % (text.length + 1)) + other + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(
        fc.oneof(
          written,
          spoilt,
          fc.array(letter, { maxLength: 9 }).map((letters) => letters.join('')),
        ),
        (text) => {
          expect([text, decodeBase64(text)]).toEqual([text, byDefinition(text)]);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is taken whole and refused whole at any length', () => {
    for (const length of [12_285, 12_286, 12_287, 12_288, 12_289, 49_152, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89) & 255);
      const text = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
      expect(Buffer.from(decodeBase64(text)!).equals(bytes)).toBe(true);
      for (const other of ['é', '€', '\ud800']) expect(decodeBase64(text.slice(0, -1) + other)).toBeNull();
    }
  });
});
