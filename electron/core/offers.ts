// Files that a page holds, read through it: the core asks for ranges, the page answers them one by one. So the page never names
// a path of this machine, and no plaintext lies in a temporary file.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { InputFile } from '../source/source.ts';

export interface Want {
  readonly request: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

export interface Offer {
  readonly files: readonly InputFile[];
  /** Answers the range asked for last, then waits for the next one; null when nothing more is wanted. */
  next(supply: { readonly request: number; readonly bytes: Uint8Array } | null): Promise<Want | null>;
  /** Nothing more is wanted. */
  close(): void;
}

/** Offers by the jobs that read them. */
export interface Offers {
  keep(job: string, offer: Offer): void;
  /** `Offer.next` of the job's offer. Throws kind `not-found` where it has none, or none any more. */
  next(job: string, supply: Parameters<Offer['next']>[0]): Promise<Want | null>;
}

export function createOffers(): Offers {
  const offers = new Map<string, Offer>();
  return {
    keep: (job, offer) => void offers.set(job, offer),
    next: async (job, supply) => {
      const offer = offers.get(job);
      if (offer === undefined) throw new ExhibitError('not-found', `job ${job}`, 'it reads no files that were offered');
      const want = await offer.next(supply);
      if (want === null) offers.delete(job);
      return want;
    },
  };
}

interface Pending {
  readonly want: Want;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** How long a page may leave a wanted range unanswered before its files count as gone. */
const ANSWER_MS = 60_000;

export function createOffer(offered: readonly { readonly name: string; readonly size: number }[]): Offer {
  const queue: Pending[] = [];
  let lastRequest = 0;
  let closed = false;
  let waiting: ((want: Want | null) => void) | null = null;
  let timer: NodeJS.Timeout | undefined;

  const gone = (): ExhibitError =>
    new ExhibitError('cancelled', 'offered file', 'the window stopped sending the file', 'give it again');

  const watch = (): void => {
    clearTimeout(timer);
    if (queue.length === 0) return;
    timer = setTimeout(() => {
      for (const { reject } of queue.splice(0)) reject(gone());
    }, ANSWER_MS);
  };

  const tell = (): void => {
    if (waiting === null) return;
    const first = queue[0];
    if (first === undefined && !closed) return;
    const told = waiting;
    waiting = null;
    told(first?.want ?? null);
  };

  const read = (file: number, offset: number, length: number): Promise<Uint8Array> => {
    if (closed) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      queue.push({ want: { request: ++lastRequest, file, offset, length }, resolve, reject });
      watch();
      tell();
    });
  };

  return {
    files: offered.map(({ name, size }, file) => ({
      name,
      size,
      read: (offset, length) => read(file, offset, Math.max(0, Math.min(length, size - offset))),
    })),
    next: (supply) => {
      if (supply !== null) {
        const first = queue[0];
        if (first?.want.request !== supply.request) {
          throw new ExhibitError('usage', 'offered file', `range ${String(supply.request)} was not asked for`);
        }
        if (supply.bytes.length !== first.want.length) {
          queue.shift();
          first.reject(
            new ExhibitError(
              'refused',
              'offered file',
              'the file changed while it was read',
              'give it again when nothing writes to it',
            ),
          );
        } else {
          queue.shift();
          first.resolve(supply.bytes);
        }
        watch();
      }
      return new Promise((resolve) => {
        waiting?.(null);
        waiting = resolve;
        tell();
      });
    },
    close: () => {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(gone());
      watch();
      tell();
    },
  };
}
