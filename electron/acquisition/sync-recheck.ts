// Reads a session once more from its source and compares it, event by event, with what is kept. What differs becomes a discrepancy;
// nothing that is kept is replaced.

import { ExhibitError } from '../../shared/api/errors.ts';
import { parsePage } from '../../shared/recording/rstream-page.ts';
import { rangeReader, wholeRecord, type Library } from '../library/library.ts';
import type { Answer } from '../source/source.ts';
import { elementDigest, elementsOf } from './sync-elements.ts';
import type { SessionKeeper } from './sync-keeper.ts';

interface KeptEvent {
  readonly seq: bigint;
  readonly digest: string;
}

/** The kept events that have a number, in order, each with its digest. */
function* keptEvents(library: Library, keeper: SessionKeeper): Generator<KeptEvent> {
  const row = keeper.row!;
  const read = rangeReader(library.content, row.acquisition);
  let index = -1;
  for (const span of library.content.records(row)) {
    index += 1;
    if (index === 0) continue;
    const page = Buffer.concat([OPEN, wholeRecord(span, read), CLOSE]);
    const [element] = parsePage(page);
    if (element === undefined || element.seq === null || (element.session ?? keeper.nativeId) !== keeper.nativeId) continue;
    yield { seq: element.seq, digest: elementDigest(page, element) };
  }
}

const OPEN = Buffer.from('[');
const CLOSE = Buffer.from(']');

/** Adds what differs to the keeper's notes. `ask` asks the source for a page; `from` is inclusive. */
export async function recheckSession(
  keeper: SessionKeeper,
  library: Library,
  ask: (from: bigint) => Promise<Answer>,
  signal: AbortSignal,
): Promise<void> {
  const say = (message: string, seq: bigint): boolean =>
    keeper.say({ kind: 'changed-history', message: `read again, the source ${message}`, place: { seq: String(seq) } });
  const gone = ({ seq }: KeptEvent): boolean => say('no longer has this event; it is kept', seq);
  const last = BigInt(keeper.last!.seq);
  const kept = keptEvents(library, keeper);
  let held = kept.next();
  for (let from = 0n; from <= last;) {
    if (signal.aborted) throw new ExhibitError('cancelled', `read session ${keeper.nativeId} again`, 'it was ended');
    const answer = await ask(from);
    const events = elementsOf(answer).filter(
      ({ seq, session }) => seq !== null && seq >= from && (session ?? keeper.nativeId) === keeper.nativeId,
    );
    if (events.length === 0) break;
    for (const event of events) {
      const seq = event.seq!;
      if (seq > last) continue;
      for (; held.done !== true && held.value.seq < seq; held = kept.next()) gone(held.value);
      if (held.done !== true && held.value.seq === seq) {
        if (elementDigest(answer.bytes, event) !== held.value.digest) {
          say('says something else of this event; what was received first is kept', seq);
        }
        held = kept.next();
      } else {
        say('has this event, which it did not give before; it is not kept', seq);
      }
    }
    from = events.reduce((most, { seq }) => (seq! > most ? seq! : most), from) + 1n;
  }
  for (; held.done !== true; held = kept.next()) gone(held.value);
}
