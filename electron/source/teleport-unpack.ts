// A Teleport recording's container taken apart: the gzip bodies of its parts unpacked one after the other, padding skipped.
// A header that claims more than there is, or an encrypted body, is a discrepancy; what can be read is read. Records do not reach
// from one part into the next, so what is left of a damaged part is no record and stays in the original alone: whoever reads what
// is unpacked here, now or from a bundle, goes on with the first record of the next part.

import type { Discrepancy } from '../../shared/recording/discrepancy.ts';
import { TELEPORT_HEADER_BYTES, readTeleportPart } from '../../shared/recording/teleport-container.ts';
import { wholeRecords } from '../../shared/recording/teleport.ts';
import { byteReader, type Open } from './streams.ts';
import { unpack } from './unpack.ts';

const PIECE = 256 * 1024;

/** The bytes of a stream from one offset to another. */
async function* section(open: Open, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const bytes of open()) {
    if (at + bytes.length > from) yield bytes.subarray(Math.max(0, from - at), to - at);
    at += bytes.length;
    if (at >= to) return;
  }
}

/** The records of a part's body that are whole. `left` is told how many bytes follow them, where some do. */
async function* recordsOf(body: AsyncIterable<Uint8Array>, left: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0);
  let dropped = 0;
  for await (const bytes of body) {
    if (dropped > 0) {
      dropped += bytes.length;
      continue;
    }
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const { length, goesOn } = wholeRecords(held);
    if (length > 0) yield held.subarray(0, length);
    held = held.subarray(length);
    if (!goesOn) dropped = held.length;
  }
  if (dropped > 0 || held.length > 0) left(dropped > 0 ? dropped : held.length);
}

/** Unpacks the records of all parts. What is wrong with the parts is put into `problems` before the stream ends. */
export async function* unpackTeleport(name: string, open: Open, problems: Discrepancy[]): AsyncGenerator<Uint8Array> {
  const reader = byteReader(open());
  let at = 0;
  /** Bytes that were unpacked so far: the next record stands there for whoever reads them. */
  let given = 0;
  const note = (kind: Discrepancy['kind'], message: string): void => {
    problems.push({ kind, message, place: { file: name, offset: at } });
  };
  try {
    for (;;) {
      const start = await reader.take(24);
      if (start.length === 0) return;
      const long = start.length === 24 && start.readBigUInt64BE(0) === 2n;
      const header = long ? Buffer.concat([start, await reader.take(TELEPORT_HEADER_BYTES - 24)]) : start;
      const part = readTeleportPart(header);
      if (part === null) {
        note(
          header.length < 24 ? 'truncated' : 'inconsistent',
          `what follows is no part header: ${String(header.length)} bytes and all behind them were not read`,
        );
        return;
      }
      at += part.headerBytes;
      let left = part.bodyBytes;
      const body = async function* (): AsyncGenerator<Uint8Array> {
        while (left > 0) {
          const bytes = await reader.take(Math.min(PIECE, left));
          if (bytes.length === 0) return;
          left -= bytes.length;
          at += bytes.length;
          yield bytes;
        }
      };
      if (part.encrypted) {
        note('not-decrypted', 'a part is encrypted for the keys of its cluster: its events were not read');
        for await (const skipped of body()) void skipped;
      } else if (left > 0) {
        // Bytes behind the end of the gzip data inside a body are padding of very old writers.
        // Unpacking reads a damaged body once more, which is behind the reader then.
        const [from, to] = [at, at + part.bodyBytes];
        const unpacked = unpack('gzip', name, () => (at === from ? body() : section(open, from, to)), problems);
        const sayLeft = (bytes: number): void => {
          const message = `the part at byte ${String(from - part.headerBytes)} of the file ends in ${String(bytes)} bytes that are no whole record: they were not read`;
          problems.push({ kind: 'truncated', message, place: { file: name, offset: given } });
        };
        for await (const bytes of recordsOf(unpacked, sayLeft)) {
          given += bytes.length;
          yield bytes;
        }
        for await (const skipped of body()) void skipped;
      }
      if (left > 0) {
        note('truncated', `the file stops ${String(left)} bytes before the end of a part`);
        return;
      }
      for (let padding = part.paddingBytes; padding > 0;) {
        const bytes = await reader.take(Math.min(PIECE, padding));
        if (bytes.length === 0) break; // the last part's padding is often not written
        padding -= bytes.length;
        at += bytes.length;
      }
    }
  } finally {
    await reader.stop();
  }
}
