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
  /** Everything watched since the recording was opened, each part at the slowest speed at which it was, in order and apart. */
  covered(): readonly Range[];
}

/**
 * Ranges with another one added: in order, none over another, and none touching one of the same speed. Where two speeds meet, the slower one
 * holds, on its edges too.
 */
export function withSeen(ranges: readonly Range[], { fromUs, toUs, speed }: Range): readonly Range[] {
  const pieces: Range[] = [];
  let slowest: Range[] = [{ fromUs, toUs, speed }];
  for (const one of ranges) {
    if (one.toUs < fromUs || one.fromUs > toUs) {
      pieces.push(one);
    } else if (one.speed <= speed) {
      // What was seen more slowly already stays; the new range goes around it.
      pieces.push(one);
      slowest = slowest.flatMap((part) =>
        part.toUs < one.fromUs || part.fromUs > one.toUs
          ? [part]
          : [
              ...(part.fromUs < one.fromUs ? [{ ...part, toUs: one.fromUs }] : []),
              ...(part.toUs > one.toUs ? [{ ...part, fromUs: one.toUs }] : []),
            ],
      );
    } else {
      if (one.fromUs < fromUs) pieces.push({ ...one, toUs: fromUs });
      if (one.toUs > toUs) pieces.push({ ...one, fromUs: toUs });
    }
  }
  return joined([...pieces, ...slowest].sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs));
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const out: Range[] = [];
  for (const one of ranges) {
    const last = out.at(-1);
    if (last !== undefined && last.speed === one.speed && one.fromUs <= last.toUs)
      out[out.length - 1] = { ...last, toUs: Math.max(last.toUs, one.toUs) };
    else out.push(one);
  }
  return out;
}

export function createViewLog(): ViewLog {
  let pending: Range[] = [];
  let covered: readonly Range[] = [];
  return {
    watch: (fromUs, toUs, speed) => {
      const last = pending.at(-1);
      if (last !== undefined && last.toUs === fromUs && last.speed === speed) pending[pending.length - 1] = { ...last, toUs };
      else pending.push({ fromUs, toUs, speed });
      const end = covered.at(-1);
      // Playing on is by far the most common case.
      if (end?.toUs === fromUs && end.speed === speed) covered = [...covered.slice(0, -1), { ...end, toUs }];
      else covered = withSeen(covered, { fromUs, toUs, speed });
    },
    take: () => {
      const taken = pending.slice(0, MOST);
      pending = pending.slice(MOST);
      return taken;
    },
    covered: () => covered,
  };
}
