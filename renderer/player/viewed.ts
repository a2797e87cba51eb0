// What was watched, to be reported to the custody log: ranges at one speed, joined where they touch. A moment that was looked at while
// the screen stood still is a range without length.

export interface Range {
  readonly fromUs: number;
  readonly toUs: number;
  readonly speed: number;
}

/** The contract takes no more ranges at a time. */
const MOST = 1000;

export interface ViewLog {
  watch(fromUs: number, toUs: number, speed: number): void;
  /** The ranges since the last call. */
  take(): Range[];
  /** Everything watched since the recording was opened, whatever the speed, in order and apart. */
  covered(): readonly { readonly fromUs: number; readonly toUs: number }[];
}

/** Ranges with another one added: in order, none touching another. */
export function withRange(
  ranges: readonly { readonly fromUs: number; readonly toUs: number }[],
  fromUs: number,
  toUs: number,
): readonly { readonly fromUs: number; readonly toUs: number }[] {
  const before = ranges.filter((one) => one.toUs < fromUs);
  const after = ranges.filter((one) => one.fromUs > toUs);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const joined = {
    fromUs: Math.min(fromUs, touching[0]?.fromUs ?? fromUs),
    toUs: Math.max(toUs, touching.at(-1)?.toUs ?? toUs),
  };
  return [...before, joined, ...after];
}

export function createViewLog(): ViewLog {
  let pending: Range[] = [];
  let covered: readonly { readonly fromUs: number; readonly toUs: number }[] = [];
  return {
    watch: (fromUs, toUs, speed) => {
      const last = pending.at(-1);
      if (last !== undefined && last.toUs === fromUs && last.speed === speed) pending[pending.length - 1] = { ...last, toUs };
      else pending.push({ fromUs, toUs, speed });
      const end = covered.at(-1);
      // Playing on is by far the most common case.
      if (end !== undefined && end.fromUs <= fromUs && end.toUs >= fromUs)
        covered = [...covered.slice(0, -1), { fromUs: end.fromUs, toUs: Math.max(end.toUs, toUs) }];
      else covered = withRange(covered, fromUs, toUs);
    },
    take: () => {
      const taken = pending.slice(0, MOST);
      pending = pending.slice(MOST);
      return taken;
    },
    covered: () => covered,
  };
}
