// A bundle that the page holds, read through it range by range (offers.ts): verified as it comes, or taken into a waiting file that no
// other program can read.

import { createWaitingFile, type BundleBytes } from '../export/export.ts';
import type { InputFile } from '../source/source.ts';
import type { Desk } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { createOffer } from './offers.ts';

/** Asked of the page at a time, in bytes. */
const RANGE = 1024 * 1024;

/** Begins a job on such a bundle. Nothing more is wanted of it when the work has ended or is cancelled. */
export function startOnOffered<T>(
  { jobs, offers }: Desk,
  kind: 'bundle' | 'bundle-read',
  given: { readonly name: string; readonly size: number },
  title: string,
  run: (file: InputFile, context: JobContext) => Promise<T>,
): { job: string } {
  const offer = createOffer([given]);
  const { id } = jobs.start({
    kind,
    title,
    unit: 'bytes',
    run: async (context) => {
      context.signal.addEventListener('abort', () => offer.close());
      try {
        return await run(offer.files[0]!, context);
      } finally {
        offer.close();
      }
    },
  });
  offers.keep(id, offer);
  return { job: id };
}

/** Reads a range with what follows it: the files of a bundle lie one behind the other, and each question is a way to the page and back. */
export function readingAhead({
  size,
  read,
}: Pick<InputFile, 'size' | 'read'>): (from: number, to: number) => Promise<Uint8Array> {
  let at = 0;
  let held: Uint8Array = new Uint8Array();
  return async (from, to) => {
    if (to - from > RANGE) {
      const whole = new Uint8Array(to - from);
      for (let next = from; next < to; next += RANGE) whole.set(await read(next, Math.min(RANGE, to - next)), next - from);
      return whole;
    }
    if (from < at || to > at + held.length) {
      const bytes = await read(from, Math.min(RANGE, size - from));
      held = bytes;
      at = from;
    }
    return held.subarray(from - at, to - at);
  };
}

/** Takes the bundle in whole, works on it, and removes it. `folder`: where it waits. Throws kind `disk`. */
export async function taken<T>(
  file: InputFile,
  folder: string,
  { progress }: JobContext,
  work: (bytes: BundleBytes) => Promise<T>,
): Promise<T> {
  const waiting = createWaitingFile(folder);
  try {
    for (let at = 0; at < file.size; at += RANGE) {
      waiting.write(await file.read(at, Math.min(RANGE, file.size - at)), at);
      progress({ done: at, total: file.size, detail: 'take in' });
    }
    return await work(waiting);
  } finally {
    waiting.abandon();
  }
}
