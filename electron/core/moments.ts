// A moment as people give it, as a place in a recording: how many events stand applied, and the time that is shown.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { Moment } from '../../shared/api/shapes.ts';
import { parseInstant, ZERO, type Micros } from '../../shared/recording/time.ts';
import type { OpenedRecording } from '../replay/replay.ts';

export interface Standing {
  /** Events up to and at the moment. */
  readonly count: number;
  readonly at: Micros;
}

function within(recording: OpenedRecording, at: number): Standing {
  const count = recording.countAt(at as Micros);
  return { count, at: Math.min(Math.max(at, 0), recording.duration) as Micros };
}

/** Time of the event at a position. */
export function timeOf(recording: OpenedRecording, index: number): Micros {
  for (const { events } of recording.runs(index)) return events[0]!.at;
  return ZERO;
}

/** Throws kind `not-found` when no event has that number, or the recording has no start to count a date from. */
export function standingAt(recording: OpenedRecording, moment: Moment): Standing {
  switch (moment.kind) {
    case 'end':
      return { count: recording.count, at: recording.duration };
    case 'offset':
      return within(recording, moment.atUs);
    case 'instant': {
      const { startedAt } = recording.session;
      if (startedAt === null) {
        const what = `moment ${moment.at}`;
        throw new ExhibitError('not-found', what, 'the recording does not say when it started', 'give seconds from its start');
      }
      return within(recording, parseInstant(moment.at)! - startedAt);
    }
    case 'seq': {
      const count = recording.countAtSeq(moment.seq);
      if (count !== null) return { count, at: timeOf(recording, count - 1) };
      if (BigInt(moment.seq) === 0n) return { count: 0, at: ZERO };
      const what = `moment #${moment.seq}`;
      throw new ExhibitError('not-found', what, 'no event has this sequence number', '`exhibit sessions events` lists them');
    }
  }
}
