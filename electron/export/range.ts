// Which events an export takes, and what it must say of those that it cannot give in full.

import type { RecordingEvent } from '../../shared/recording/event.ts';
import type { OpenedRecording } from '../replay/replay.ts';

export interface ExportRange {
  /** First sequence number wanted, inclusive, as text; null: from the first event. */
  readonly fromSeq: string | null;
  /** 0: all. */
  readonly maxEvents: number;
}

/** Events with a sequence number of at least `fromSeq`, in recorded order, at most `maxEvents` of them. */
export function* eventsInRange(recording: OpenedRecording, { fromSeq, maxEvents }: ExportRange): Generator<RecordingEvent> {
  const least = fromSeq === null ? 0n : BigInt(fromSeq);
  let left = maxEvents === 0 ? Number.POSITIVE_INFINITY : maxEvents;
  for (const { events } of recording.runs(0)) {
    for (const event of events) {
      if (least > 0n && BigInt(event.seq) < least) continue;
      if (left === 0) return;
      left -= 1;
      yield event;
    }
  }
}

export function isWhole({ fromSeq, maxEvents }: ExportRange): boolean {
  return fromSeq === null && maxEvents === 0;
}
