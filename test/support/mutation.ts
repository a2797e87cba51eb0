// Mutated recordings of every format, and what must hold for each of them whatever it is: the decoder comes to an end, calls
// the sink as the sink may expect, and says nothing that the bytes cannot carry. Everything follows from a seed.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Decoder, Sink } from '../../shared/recording/decoder.ts';
import { payloadLength } from '../../shared/recording/event.ts';
import { run } from './decoding.ts';
import { group, KEPT_RECORDINGS, loadFolder, type LoadedFile } from './recording-files.ts';
import { otherEvent, print, records, resize, sessionEnd, sessionStart } from './teleport.ts';

export type Random = (below: number) => number;

/** Xorshift: small, fast, and the same everywhere. */
export function random(seed: number): Random {
  let state = seed === 0 ? 1 : seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export interface Seed {
  readonly name: string;
  readonly files: readonly LoadedFile[];
  /** What reads the files before they are mutated. */
  readonly decoder: (() => Decoder) | null;
  readonly order: readonly number[];
}

/** Longer recordings are cut: what matters is the number of mutations, and most of a long recording is the same thing again. */
const SEED_BYTES = 3000;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Small recordings of every format, whole and malformed. */
export function seeds(): Seed[] {
  const malformed = join(KEPT_RECORDINGS, 'malformed');
  const isRecording = (name: string): boolean => !/truth\.json$|index\.json|\.mjs$|\.zip$|\.tar\.gz$|bomb/.test(name);
  const folders = [
    KEPT_RECORDINGS,
    malformed,
    ...[KEPT_RECORDINGS, malformed].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
  ];
  const loaded = folders.filter((folder) => statSync(folder).isDirectory()).map((folder) => loadFolder(folder, isRecording));
  const cases = JSON.parse(readFileSync(new URL('../fixtures/rstream/cases.json', import.meta.url), 'utf8')) as {
    session: unknown;
    events: unknown[];
  }[];
  loaded.push(
    cases.map(({ session, events }, i) => ({
      name: `export-${String(i)}.json`,
      bytes: encode(JSON.stringify({ export_version: 1, session, events: events.slice(0, 8) })),
    })),
    [
      {
        name: 'sid.tar',
        bytes: records(
          sessionStart(0),
          print(1, 1, encode('hello')),
          resize(2, 9, '90:20'),
          otherEvent(16, 3, 10, 'port'),
          print(4, 20, encode('é')),
          sessionEnd(5, 21),
        ),
      },
    ],
    [
      {
        name: 's-0.events',
        bytes: encode(
          '{"event":"session.start","ei":0,"sid":"s","size":"80:24","time":"2026-11-21T03:00:00Z"}\n{"event":"print","ei":1,"bytes":3,"ms":5,"offset":0,"time":"2026-11-21T03:00:01Z"}\n',
        ),
      },
      { name: 's-0.chunks', bytes: encode('abcdef') },
    ],
    [
      {
        name: 'journal.json',
        bytes: encode(
          `${JSON.stringify({ MESSAGE: JSON.stringify({ ver: '2.3', host: 'h', rec: 'r', id: 1, pos: 0, timing: '=80x24>2[1/1', out_txt: 'ab', in_txt: '?', in_bin: [255] }) })}\n`,
        ),
      },
    ],
  );
  return loaded.flatMap((files) => {
    const { groups, refused } = group(files);
    const cut = (index: number): LoadedFile => ({ name: files[index]!.name, bytes: files[index]!.bytes.slice(0, SEED_BYTES) });
    return [
      ...groups.map(({ files: order, decoder }) => ({
        name: files[order[0]!]!.name,
        files: order.map(cut),
        decoder,
        order: order.map((_, i) => i),
      })),
      ...refused.map(({ file }) => ({ name: files[file]!.name, files: [cut(file)], decoder: null, order: [] })),
    ];
  });
}

/** Pieces that parsers stumble over. */
const TOKENS = [
  '"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r\n', '\0', '\u00ff', '[[[[[[[[', '"\\u', '\\ud800', '\\udc00', '1e999', '-1', '99999999999999999999', '0x0', '0.', 'NaN',
  '{"version":2}', '"events":[', '"stdout":[', 'Script started on ', '\nScript done on ', '>999999999', ']1/99999', '=9999x9999', 'H 0 A b', 'S 0 SIGWINCH ROWS=', '6 0.1 1', '\ufeff', '#', ' ',
].map(encode); // prettier-ignore

function mutateBytes(bytes: Uint8Array, other: Uint8Array, next: Random): Uint8Array {
  const from = next(bytes.length + 1);
  const length = next(Math.min(40, bytes.length - from + 1));
  const head = bytes.subarray(0, from);
  const tail = bytes.subarray(from + length);
  const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
  switch (next(9)) {
    case 0: {
      const flipped = bytes.slice();
      for (let i = next(8); i >= 0 && flipped.length > 0; i--) flipped[next(flipped.length)]! ^= 1 << next(8);
      return flipped;
    }
    case 1:
      return joined(head, tail);
    case 2:
      return joined(head, bytes.subarray(from, from + length), bytes.subarray(from));
    case 3:
      return joined(
        head,
        Uint8Array.from({ length }, () => next(256)),
        tail,
      );
    case 4:
      return joined(head, TOKENS[next(TOKENS.length)]!, tail);
    case 5:
      return joined(head, TOKENS[next(TOKENS.length)]!, bytes.subarray(from));
    case 6:
      return head.slice();
    case 7: {
      const start = next(other.length + 1);
      return joined(head, other.subarray(start, start + next(200)), tail);
    }
    default:
      return joined(
        head,
        Uint8Array.from({ length: next(4) * 4 }, () => [0, 255, 1, 128][next(4)]!),
        tail,
      );
  }
}

export interface Trial {
  readonly files: readonly LoadedFile[];
  /** Decoders with the parts that they are fed. */
  readonly runs: readonly { readonly decoder: () => Decoder; readonly parts: readonly Uint8Array[] }[];
}

/** One mutated input: sorted anew by its content, or given to the decoder of what it was. */
export function trial(all: readonly Seed[], next: Random): Trial {
  const seed = all[next(all.length)]!;
  const files = seed.files.map((file) => ({ ...file }));
  for (let i = next(4); i >= 0; i--) {
    const target = next(files.length);
    const other = all[next(all.length)]!.files[0]!.bytes;
    files[target] = { name: files[target]!.name, bytes: mutateBytes(files[target]!.bytes, other, next) };
  }
  if (seed.decoder !== null && next(2) === 0)
    return { files, runs: [{ decoder: seed.decoder, parts: files.map(({ bytes }) => bytes) }] };
  const { groups } = group(files);
  return {
    files,
    runs: groups.map(({ decoder, files: order }) => ({ decoder, parts: order.map((index) => files[index]!.bytes) })),
  };
}

/** Runs one input and throws where something does not hold. Returns a digest of everything that was said. */
export function examine({ runs }: Trial, split: (left: number) => number): number {
  let digest = 0;
  const note = (text: string): void => {
    for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) | 0;
  };
  for (const { decoder, parts } of runs) {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const sessions: { records: number; at: number }[] = [];
    let calls = 0;
    let payload = 0;
    let refused = false;
    const count = (): void => {
      calls += 1;
      if (refused) throw new Error('something was said after a refusal');
      if (calls > 20 * bytes + 100) throw new Error(`${String(calls)} calls for ${String(bytes)} bytes`);
    };
    const place = (at: { file?: string; line?: number }, message: string): void => {
      if (
        at.file === undefined ||
        at.line === 0 ||
        message.length > 1000 ||
        /undefined|\[object|[^\x20-\x7e…]/.test(message.replaceAll('\ufffd', ''))
      ) {
        throw new Error(`a poor message: ${message}`);
      }
    };
    const sink: Sink = {
      session(header) {
        count();
        if (header.cols < 1 || header.cols > 2000 || header.rows < 1 || header.rows > 1000)
          throw new Error('a size that cannot be shown');
        JSON.parse(header.metadata);
        note(JSON.stringify(header));
        return sessions.push({ records: 0, at: 0 }) - 1;
      },
      describe(session, header) {
        count();
        note(`${String(session)}${JSON.stringify(header)}`);
      },
      record(session, { form, ranges }) {
        count();
        for (const { part, offset, length } of ranges) {
          if (!(offset >= 0 && length >= 0 && offset + length <= parts[part]!.length))
            throw new Error('a record outside its part');
          note(`${form} ${String(part)} ${String(offset)} ${String(length)}`);
        }
        return sessions[session]!.records++;
      },
      event(session, event) {
        count();
        const state = sessions[session]!;
        if (!Number.isSafeInteger(event.at) || event.at < state.at) throw new Error('an event goes back in time');
        if (event.record >= state.records) throw new Error('an event without its record');
        if (event.kind === 'resize' && (event.cols < 1 || event.cols > 2000 || event.rows < 1 || event.rows > 1000))
          throw new Error('a resize that cannot be shown');
        state.at = event.at;
        if (event.kind === 'data') payload += payloadLength(event);
        note(`${event.kind} ${String(event.at)} ${event.seq} ${event.time ?? ''} ${String(event.record)}`);
        if (event.kind === 'data') for (const byte of event.bytes) digest = (Math.imul(digest, 31) + byte) | 0;
      },
      discrepancy(discrepancy, session) {
        count();
        place(discrepancy.place, discrepancy.message);
        note(`${String(session)}${JSON.stringify(discrepancy)}`);
      },
      refuse(refusal) {
        count();
        place(refusal.place, refusal.message);
        note(JSON.stringify(refusal));
        refused = true;
        if (sessions.length > 0) throw new Error('a refusal after a session was announced');
      },
    };
    run(decoder(), parts, sink, split);
    if (payload > 10 * bytes) throw new Error(`${String(payload)} bytes of events from ${String(bytes)}`);
    if (!refused && sessions.length === 0) throw new Error('neither a session nor a refusal');
    if (sessions.some(({ records }) => records === 0)) throw new Error('a session without its first record');
  }
  return digest;
}
