// The hits of one session along its course: by time, from a moment on. Of all that lies further on only as much is held as is asked for.

import type { Found } from './evaluate.ts';

export interface Course {
  /** Moment of the session, in microseconds, from which on hits are brought; those before it are counted. */
  readonly fromUs: number;
  /** A hit is a line that has what the query says, whatever stands elsewhere, and not each of the words in it. */
  readonly lines: boolean;
}

/** A hit, or where it lies too far on to be brought, that it was met. */
interface Held {
  found: Found | null;
}

const byTime = ({ found: a }: Held, { found: b }: Held): number =>
  a!.match.from - b!.match.from || a!.match.index - b!.match.index;

export class Along {
  readonly #course: Course;
  readonly #most: number;
  readonly #met = new Map<string, Held>();
  #held: Held[] = [];
  #before = 0;

  /** `most`: hits from the moment on that are brought. */
  constructor(course: Course, most: number) {
    this.#course = course;
    this.#most = most;
  }

  /** Takes a hit, in any order. False where it is told already: what was printed and then stood on the screen is one. */
  add(found: Found): boolean {
    const { kind, line, match } = found;
    const { fromUs, lines } = this.#course;
    const text = kind === 'printed' || kind === 'visible' ? 'shown' : kind;
    const name = [text, match.from, lines ? '' : match.start, line.text.trim()].join(' ');
    const met = this.#met.get(name);
    if (met !== undefined) {
      // The one on the screen has a place there.
      if (kind === 'visible' && met.found?.kind === 'printed') met.found = found;
      return false;
    }
    const isBefore = match.from < fromUs;
    const held: Held = { found: isBefore ? null : found };
    this.#met.set(name, held);
    if (isBefore) this.#before += 1;
    else if (this.#held.push(held) >= 2 * this.#most) this.#cut();
    return true;
  }

  #cut(): void {
    this.#held.sort(byTime);
    for (const held of this.#held.splice(this.#most)) held.found = null;
  }

  /** Hits before the moment. */
  get before(): number {
    return this.#before;
  }

  /** The first hits from the moment on, by time. */
  take(): readonly Found[] {
    this.#cut();
    return this.#held.map(({ found }) => found!);
  }
}
