// When a discrepancy is met by somebody who plays the recording: the time of the first event that comes from its place or from behind it.
// Where a place says nothing of the recording's own bytes or sequence numbers, there is no time, and none is made up.

import type { Discrepancy, Place } from '../../shared/recording/discrepancy.ts';
import { firstWhere } from '../../shared/recording/first-where.ts';
import type { Micros } from '../../shared/recording/time.ts';
import type { Library } from '../library/library.ts';
import type { OpenedRecording } from '../replay/replay.ts';
import { timeOf } from './moments.ts';

/** One time for each discrepancy, in their order. */
export function discrepancyTimes(
  { content }: Pick<Library, 'content'>,
  recording: OpenedRecording,
  discrepancies: readonly Discrepancy[],
): (Micros | null)[] {
  const { session, chunks } = recording;
  const stored = content.storedParts(session.acquisition);
  const unpacked = stored.filter(({ role }) => role === 'unpacked');
  // Places name a file as the user knows it, with its folder; of a compressed one they mean what it unpacks to.
  const partOf = (file: string | undefined): number | undefined =>
    stored.length === 1 || unpacked.length === 1
      ? (unpacked[0] ?? stored[0])?.part
      : stored.findLast(({ name }) => file === name || file?.endsWith(`/${name}`) === true)?.part;

  const first = (chunk: number): ReturnType<OpenedRecording['events']>[number] => recording.events(chunks[chunk]!)[0]!;
  /** Time of the first event for which `reached` holds: the events before it come from before the place. */
  const timeWhere = (reached: (event: ReturnType<typeof first>) => boolean): Micros => {
    const chunk = Math.max(0, firstWhere(chunks.length, (i) => reached(first(i))) - 1);
    for (const { events } of recording.runs(chunks[chunk]?.firstIndex ?? 0)) {
      const event = events.find(reached);
      if (event !== undefined) return event.at;
    }
    return session.duration;
  };

  const recordAt = (part: number, offset: number): number =>
    firstWhere(session.records, (index) => {
      const range = content.record(session, index).ranges.find((one) => one.part === part);
      return range !== undefined && range.offset + range.length > offset;
    });

  return discrepancies.map(({ place }: { readonly place: Place }) => {
    if (place.seq !== undefined) {
      const count = recording.countAtSeq(place.seq);
      if (count !== null) return timeOf(recording, count - 1);
      const seq = BigInt(place.seq);
      return timeWhere((event) => BigInt(event.seq) >= seq);
    }
    const part = partOf(place.file);
    if (part === undefined || place.offset === undefined) return null;
    const record = recordAt(part, place.offset);
    return timeWhere((event) => event.record >= record);
  });
}
