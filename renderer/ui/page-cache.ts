// A long list by position over an interface that only knows "the page after this one" (keyset cursors). The list is walked from its
// front and, with the sort reversed, from its back, whichever end is nearer to what is looked at: so the end is one request away, and
// the middle half as many as a walk from the front alone. Where each block begins is kept for good (its cursor); the rows of blocks far from
// the view are let go and asked for again when they come back into view. One request is under way at a time: the newest wish counts.

export interface Page<T> {
  readonly total: number;
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number;
  readonly reversed: boolean;
}

export interface PageCache<T> {
  /** Rows in all; null before the first answer. */
  total(): number | null;
  /** The row at a position, or undefined while it is not here. */
  at(index: number): T | undefined;
  /** What is looked at now. Fetches what lacks, and one block ahead in the direction of the view. */
  want(from: number, to: number): void;
  /** Rows that are held, for tests and for the rule that they stay bounded. */
  held(): number;
  /** The newest failure, which stops the walk until `retry`. */
  failure(): unknown;
  retry(): void;
  /** Drops every answer still under way. */
  close(): void;
}

export interface PageCacheOptions {
  readonly block: number;
  /** Rows a request may bring when the view has leapt far from what is known. */
  readonly leap: number;
  /** Rows kept; those nearest to the view stay. */
  readonly keep: number;
}

/** Begins at `start` in the chain's own direction; `items` is null when they were let go. */
interface Block<T> {
  readonly start: number;
  readonly count: number;
  readonly cursor: string | null;
  items: readonly T[] | null;
}

interface Chain<T> {
  readonly reversed: boolean;
  readonly blocks: Block<T>[];
  /** Cursor of the first row that is not in a block; undefined when the chain has reached the other end. */
  next: string | null | undefined;
  /** Rows covered by blocks. */
  length: number;
}

export function createPageCache<T>(
  fetch: (request: PageRequest) => Promise<Page<T>>,
  changed: () => void,
  { block, leap, keep }: PageCacheOptions,
): PageCache<T> {
  const front: Chain<T> = { reversed: false, blocks: [], next: null, length: 0 };
  const back: Chain<T> = { reversed: true, blocks: [], next: null, length: 0 };
  let total: number | null = null;
  let wish = { from: 0, to: block };
  let busy = false;
  let closed = false;
  let failure: unknown = null;

  const blockAt = (chain: Chain<T>, position: number): Block<T> | undefined => {
    let low = 0;
    let high = chain.blocks.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = chain.blocks[middle]!;
      if (position < found.start) high = middle - 1;
      else if (position >= found.start + found.count) low = middle + 1;
      else return found;
    }
    return undefined;
  };
  /** A chain's own position of a row. */
  const positionIn = (chain: Chain<T>, index: number): number => (chain.reversed ? (total ?? 0) - 1 - index : index);

  const holder = (index: number): { items: readonly T[]; offset: number } | null => {
    for (const chain of [front, back]) {
      const position = positionIn(chain, index);
      const found = blockAt(chain, position);
      if (found?.items) return { items: found.items, offset: position - found.start };
    }
    return null;
  };
  const at = (index: number): T | undefined => {
    const found = holder(index);
    return found?.items[found.offset];
  };

  /** The next thing to fetch for the wish, or null when all of it is here. */
  const missing = (): { chain: Chain<T>; position: number } | null => {
    if (total === null) return { chain: front, position: 0 };
    const ahead = Math.min(total, wish.to + block);
    for (let index = Math.max(0, wish.from); index < ahead; index++) {
      if (holder(index) !== null) continue;
      const frontGap = index - front.length;
      const backGap = total - 1 - index - back.length;
      const chain = frontGap <= backGap || back.next === undefined ? front : back;
      return { chain, position: positionIn(chain, index) };
    }
    return null;
  };

  const letGo = (): void => {
    const middle = (wish.from + wish.to) / 2;
    const held = [front, back].flatMap((chain) =>
      chain.blocks
        .filter(({ items }) => items !== null)
        .map((one) => {
          const centre = one.start + one.count / 2;
          return { one, distance: Math.abs((chain.reversed ? (total ?? 0) - centre : centre) - middle) };
        }),
    );
    let rows = held.reduce((sum, { one }) => sum + one.count, 0);
    for (const { one } of held.sort((a, b) => b.distance - a.distance)) {
      if (rows <= keep) return;
      one.items = null;
      rows -= one.count;
    }
  };

  const pump = (): void => {
    if (busy || closed || failure !== null) return;
    const next = missing();
    if (next === null) return;
    const { chain, position } = next;
    const known = blockAt(chain, position);
    if (known === undefined && chain.next === undefined) {
      // The chain ended before the total that it promised: the list has changed meanwhile. What was found is what there is.
      total = chain.length;
      changed();
      return;
    }
    const limit = known?.count ?? (position - chain.length > leap ? leap : block);
    const cursor = known === undefined ? (chain.next ?? null) : known.cursor;
    busy = true;
    fetch({ cursor, limit, reversed: chain.reversed })
      .then(
        (page) => {
          if (closed) return;
          total ??= page.total;
          if (known !== undefined) {
            known.items = page.items;
          } else {
            if (page.items.length > 0)
              chain.blocks.push({ start: chain.length, count: page.items.length, cursor, items: page.items });
            chain.length += page.items.length;
            chain.next = page.next ?? undefined;
            if (page.next === null && chain.length < total) total = chain.length;
          }
          letGo();
        },
        (error: unknown) => {
          failure = error;
        },
      )
      .finally(() => {
        busy = false;
        if (closed) return;
        changed();
        pump();
      });
  };

  pump();
  return {
    total: () => total,
    at,
    want: (from, to) => {
      wish = { from, to };
      pump();
    },
    held: () => [...front.blocks, ...back.blocks].reduce((sum, one) => sum + (one.items?.length ?? 0), 0),
    failure: () => failure,
    retry: () => {
      failure = null;
      changed();
      pump();
    },
    close: () => {
      closed = true;
    },
  };
}
