// Teleport recordings: the protobuf form since 4.3, the JSON form before, and the header of their container.

import { describe, expect, it } from 'vitest';
import { isTeleportContainer, readTeleportPart } from '../../../../shared/recording/teleport-container.ts';
import { streamBytes, type Decoded } from '../../../support/decoding.ts';
import { decodeFiles, type LoadedFile } from '../../../support/recording-files.ts';
import {
  containerPart,
  otherEvent,
  print,
  records,
  resize,
  sessionEnd,
  sessionStart,
  START_MS,
} from '../../../support/teleport.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function open(...files: readonly LoadedFile[]): Decoded {
  const { grouping, decoded } = decodeFiles(files);
  expect(grouping.refused).toEqual([]);
  expect(grouping.groups.map(({ format }) => format)).toEqual(['teleport']);
  return decoded[0]!;
}

const openRecords = (...events: readonly Uint8Array[]): Decoded => open({ name: 'sid-1.tar', bytes: records(...events) });

describe('records since 4.3', () => {
  it('become a session with its people, size, output and resizes', () => {
    const { sessions, discrepancies } = openRecords(
      sessionStart(0),
      print(1, 10, encode('hé')),
      resize(2, 1010, '120:40'),
      otherEvent(16, 3, 1020, 'port'),
      print(4, 2010, Uint8Array.of(0xff)),
      sessionEnd(5, 2020),
    );
    expect(discrepancies).toEqual([]);
    const [{ header, events, records: spans }] = sessions as [(typeof sessions)[number]];
    expect(header).toMatchObject({
      nativeId: 'sid-1',
      user: 'alice',
      server: 'web-2',
      origin: '10.0.0.9:4711',
      command: 'bash -l',
      startedAt: START_MS * 1000,
      cols: 100,
      rows: 30,
      sizeAssumed: false,
    });
    expect(events.map(({ kind, at, seq }) => [kind, at, seq])).toEqual([
      ['other', 0, '0'],
      ['data', 10_000, '1'],
      ['resize', 1_010_000, '2'],
      ['other', 1_020_000, '3'],
      ['data', 2_010_000, '4'],
      ['other', 2_020_000, '5'],
    ]);
    expect(events[2]).toMatchObject({ cols: 120, rows: 40 });
    expect(events[3]).toMatchObject({ code: 'port' });
    expect(events[0]).toMatchObject({ code: 'session.start', record: 0 });
    expect([...streamBytes(events)]).toEqual([...encode('hé'), 0xff]);
    expect(spans).toHaveLength(6);
  });

  it('that were sent again are kept and not shown, and missing ones are said', () => {
    const { sessions, discrepancies } = openRecords(
      sessionStart(0),
      print(1, 1, encode('a')),
      print(1, 1, encode('a')),
      print(4, 4, encode('b')),
    );
    expect(decode(streamBytes(sessions[0]!.events))).toBe('ab');
    expect(sessions[0]!.records).toHaveLength(4);
    expect(discrepancies.map(({ kind }) => kind)).toEqual(['sequence-repeat', 'sequence-gap']);
    expect(discrepancies[1]!.message).toBe('event 4 follows 1: 2 to 3 are missing here');
  });

  it('that are damaged are named, and reading goes on as far as lengths can be believed', () => {
    const bad = Uint8Array.of(0x3a, 0x7f, 0x01);
    const { sessions, discrepancies } = openRecords(sessionStart(0), bad, print(1, 1, encode('a')));
    expect(decode(streamBytes(sessions[0]!.events))).toBe('a');
    expect(discrepancies).toMatchObject([{ kind: 'bad-line', place: { offset: 4 + sessionStart(0).length } }]);

    const whole = records(sessionStart(0), print(1, 1, encode('a')));
    const cut = open({ name: 'sid-1.tar', bytes: whole.slice(0, -3) });
    expect(cut.discrepancies.map(({ kind }) => kind)).toEqual(['truncated']);
    const lying = open({ name: 'sid-1.tar', bytes: Uint8Array.of(...whole, 0xff, 0xff, 0xff, 0xff, 1, 2, 3) });
    expect(lying.discrepancies).toMatchObject([{ kind: 'bad-line', place: { offset: whole.length } }]);
    expect(lying.sessions[0]!.events).toHaveLength(2);
  });

  it('say when a size or a number of bytes cannot be right', () => {
    const { sessions, discrepancies } = openRecords(sessionStart(0), resize(1, 1, '0:0'), print(2, 2, encode('abc'), 5));
    expect(discrepancies.map(({ kind }) => kind)).toEqual(['bad-size', 'inconsistent']);
    expect(sessions[0]!.events.map(({ kind }) => kind)).toEqual(['other', 'other', 'data']);
  });

  it('say when a text is not UTF-8', () => {
    const bytes = Buffer.from(sessionStart(0));
    bytes[bytes.indexOf('alice')] = 0xed;
    const { sessions, discrepancies } = openRecords(bytes);
    expect(sessions[0]!.header.user).toBe('\ufffdlice');
    const message = 'this event has bytes that are not UTF-8; they are shown as U+FFFD';
    expect(discrepancies).toMatchObject([{ kind: 'encoding', message }]);
  });

  it('without a session start are a session all the same', () => {
    const { sessions } = openRecords(print(7, 70, encode('x')), sessionStart(8, 80));
    expect(sessions[0]!.events[0]).toMatchObject({ seq: '7', at: 0, record: 1 });
    expect(sessions[0]!.header).toMatchObject({ user: 'alice', cols: 100 });
  });
});

describe('files before 4.3', () => {
  const event = (fields: object): string => `${JSON.stringify({ ...fields, time: '2026-11-21T03:00:00Z' })}\n`;
  const at = (ms: number): string => new Date(START_MS + ms).toISOString();
  const lines = [
    { event: 'session.start', ei: 0, sid: 'sid-1', user: 'alice', login: 'root', size: '90:25', server_id: 'node', time: at(0) },
    { event: 'print', ei: 1, bytes: 3, ms: 0, offset: 0, ci: 0, time: at(5) },
    { event: 'resize', ei: 2, size: '120:40', sid: 'sid-1', time: at(900) },
    { event: 'print', ei: 3, bytes: 4, ms: 1000, offset: 3, ci: 1, time: at(1005) },
    { event: 'session.end', ei: 4, sid: 'sid-1', time: at(2000) },
  ];
  const events = { name: 'sid-1-0.events.gz', bytes: encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')) };
  const index = {
    name: 'sid-1.index',
    bytes: encode('{"file_name":"sid-1-0.events.gz","type":"events","index":0,"offset":0}\n'),
  };

  it('give the same, their output taken from the chunks', () => {
    const { sessions, discrepancies } = open(events, index, { name: 'sid-1-0.chunks.gz', bytes: encode('abcdefg') });
    expect(discrepancies).toEqual([]);
    expect(sessions[0]!.header).toMatchObject({
      nativeId: 'sid-1',
      user: 'alice',
      server: 'node',
      cols: 90,
      rows: 25,
      startedAt: START_MS * 1000,
    });
    expect(sessions[0]!.events.map(({ kind, at: time }) => [kind, time])).toEqual([
      ['other', 0],
      ['data', 5000],
      ['resize', 900_000],
      ['data', 1_005_000],
      ['other', 2_000_000],
    ]);
    expect(decode(streamBytes(sessions[0]!.events))).toBe('abcdefg');
  });

  it('say what of their header is no text or not whole, and that an event has no time', () => {
    const start = { ...lines[0]!, sid: '\ud800', user: 5, initial_command: ['a', '\udc00'], server_hostname: '\ud800' };
    const bytes = encode([start, { ...lines[2]!, ei: 1, time: 'soon' }].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { sessions, discrepancies } = open({ ...events, bytes }, index, { name: 'sid-1-0.chunks.gz', bytes: encode('') });
    expect(sessions[0]!.header).toMatchObject({ nativeId: '\ufffd', server: '\ufffd', command: 'a \ufffd' });
    expect(discrepancies.map(({ kind, message }) => [kind, message])).toEqual([
      ['encoding', 'half of a surrogate pair stands alone in sid; it is shown as U+FFFD'],
      ['bad-header', 'user is 5 and not a text; it is not used'],
      ['encoding', 'half of a surrogate pair stands alone in server_hostname; it is shown as U+FFFD'],
      ['encoding', 'half of a surrogate pair stands alone in initial_command; it is shown as U+FFFD'],
      ['bad-time', 'the event has no time that can be read; the event stands at the time of the one before it'],
    ]);
  });

  it('may have their output in several files', () => {
    const { sessions, discrepancies } = open(
      events,
      { name: 'sid-1-2.chunks', bytes: encode('cdefg') },
      { name: 'sid-1-0.chunks', bytes: encode('ab') },
    );
    expect(discrepancies).toEqual([]);
    expect(decode(streamBytes(sessions[0]!.events))).toBe('abcdefg');
    expect(sessions[0]!.records[1]!.ranges).toHaveLength(3);
    expect(sessions[0]!.events.flatMap((event) => (event.kind === 'data' ? event.bytes.length : []))).toEqual([3, 4]);
  });

  it('say what is missing and what is too much', () => {
    expect(open(events).discrepancies).toMatchObject([
      { kind: 'inconsistent-parts', message: expect.stringContaining('7 bytes') as string },
    ]);
    const more = open(events, { name: 'sid-1-0.chunks', bytes: encode('abcdefgXY') });
    expect(more.discrepancies).toMatchObject([
      { kind: 'inconsistent-parts', message: expect.stringContaining('2 bytes') as string, place: { offset: 7, length: 2 } },
    ]);
    expect(
      open({ ...events, bytes: encode(`${event({ event: 'x', sid: 's' })}{"no":"event"}\n{"cut`) }).discrepancies.map(
        ({ kind }) => kind,
      ),
    ).toEqual(['bad-line', 'truncated']);
  });
});

describe('the container', () => {
  it('is known by its header', () => {
    const part = containerPart(records(sessionStart(0)), { padding: 10 });
    expect(isTeleportContainer(part)).toBe(true);
    expect(readTeleportPart(part)).toEqual({ headerBytes: 24, bodyBytes: part.length - 34, paddingBytes: 10, encrypted: false });
    const second = containerPart(records(sessionStart(0)), { version: 2, flags: 1 });
    expect(readTeleportPart(second)).toMatchObject({ headerBytes: 32, encrypted: true });
    expect(isTeleportContainer(second)).toBe(true);
  });

  it('is not seen in other bytes', () => {
    expect(isTeleportContainer(records(sessionStart(0)))).toBe(false);
    expect(isTeleportContainer(encode('{"version":2,"width":80,"height":24}'))).toBe(false);
    expect(isTeleportContainer(new Uint8Array(24))).toBe(false);
    expect(readTeleportPart(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1))).toBeNull();
    expect(readTeleportPart(containerPart(new Uint8Array(0)).fill(0xff, 8, 16))).toBeNull();
  });

  it('that is encrypted is refused with the reason', () => {
    const { grouping } = decodeFiles([
      { name: 'sid-1.tar', bytes: containerPart(records(sessionStart(0)), { version: 2, flags: 1 }) },
    ]);
    expect(grouping.refused).toMatchObject([
      { refusal: { kind: 'not-decrypted', message: expect.stringContaining('encrypted') as string } },
    ]);
  });
});
