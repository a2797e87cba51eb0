// How far one session is ready to be read without a network: what its source has against what is here, a key, payloads that are really
// opened, the index, what its source allows. It asks nobody: what is not known from the last reading is not ready. docs/ready.md

import { some } from '../../shared/api/counts.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { RecordingState } from '../../shared/api/history-shapes.ts';
import type { Readiness } from '../../shared/api/retention-shapes.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/recording/json-text.ts';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { rstreamExtent } from '../../shared/recording/rstream-event.ts';
import { formatInstant } from '../../shared/recording/time.ts';
import { hasEnded } from '../acquisition/acquisition.ts';
import { INDEX_VERSION } from '../indexing/indexing.ts';
import type { HistoryRow, Library, SessionRow } from '../library/library.ts';
import { openRecording, type OpenedRecording } from '../replay/replay.ts';
import type { Desk } from './desk.ts';
import { payloadCounts } from './discrepancies.ts';
import { FORBIDDEN, type Opening } from './keys.ts';
import { askAgain } from './rights.ts';
import { lockNow, sessionShapes } from './session-shapes.ts';
import type { SessionTarget } from './session-target.ts';

type Mark = Readiness['cached'];

const yes = (why: string): Mark => ({ ready: true, why });
const no = (why: string): Mark => ({ ready: false, why });

const NOT_HERE = no('its recording is not here');

/** What an rstream engine told of the session last, against what is here. */
function cachedEvents({ documents, synced }: Library, session: SessionRow): Mark {
  const told = documents.latest(session, 'session');
  const parsed = told === null ? null : parseJson(told.bytes());
  const object: JsonObject = parsed?.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
  const last = `when it was last read, ${told?.received.at ?? session.acquiredAt}`;
  const { growing } = synced.state(session.acquisition);
  if (!hasEnded(object))
    return no(growing ? `it was live ${last}` : 'its source lost it before it ended: no more of it can be had');
  const { count: due } = rstreamExtent(object);
  const have = `${some(session.events, 'event')} ${session.events === 1 ? 'is' : 'are'} here`;
  if (due !== null && due > BigInt(session.events)) return no(`the source counts ${some(due, 'event')}, ${have}`);
  if (growing) return no(`its source kept something back ${last}; ${have}`);
  return yes(due === null ? `${have}; its source had no more ${last}` : `${have}, as the source counts them`);
}

function cached(library: Library, session: SessionRow): Mark {
  if (session.format === 'rstream') return cachedEvents(library, session);
  return yes(`it came whole, ${session.acquiredAt}: ${some(session.events, 'event')}`);
}

/** Why a recording is not here, by what the history knows of it. */
function absence(history: HistoryRow | null): Mark {
  switch (history?.recording as RecordingState | undefined) {
    case 'at-source':
      return no(
        history!.endedAt === null ? 'it was live when its source last told of it' : 'its source has it, and it is not here yet',
      );
    case 'none':
      return no('it was not recorded');
    case 'purged-at-source':
      return no('its source purged it before it came here');
    case 'forbidden':
      return no('its source does not let it be seen');
    default:
      return NOT_HERE;
  }
}

function grant(opening: Opening): Mark {
  switch (opening.kind) {
    case 'clear':
      return yes('it is not encrypted');
    case 'locked':
      return no([opening.error.why, opening.error.todo].filter((text) => text !== '').join('; '));
    case 'opened': {
      const { recipientKind, recipientId, grant: id } = opening.with;
      return yes(`${recipientKind} ${recipientId}${id === null ? '' : `, grant ${id}`}`);
    }
  }
}

/** The first and the last event that fit, as far as they open. */
function ends(recording: OpenedRecording, fits: (event: RecordingEvent) => boolean): readonly RecordingEvent[] {
  const { chunks } = recording;
  const first = chunks.find((info) => recording.stored(info.firstIndex).some(fits));
  const last = chunks.findLast((info) => recording.stored(info.firstIndex).some(fits));
  if (first === undefined || last === undefined) return [];
  const a = recording.events(first)[recording.stored(first.firstIndex).findIndex(fits)]!;
  const b = recording.events(last)[recording.stored(last.firstIndex).findLastIndex(fits)]!;
  return a.seq === b.seq && first === last ? [a] : [a, b];
}

/** Opens payloads, now. */
function decrypts(library: Library, session: SessionRow, opening: Opening): Mark {
  const { sealedEvents } = session;
  if (opening.kind === 'locked') return no('it was not tried: no key opens it');
  const isSealed = (event: RecordingEvent): boolean => event.kind === 'sealed';
  const isData = (event: RecordingEvent): boolean => event.kind === 'data';
  try {
    const recording = openRecording(library, session, opening.kind === 'opened' ? opening.opener : null);
    const tried = ends(recording, sealedEvents > 0 ? isSealed : isData);
    const failed = tried.find(isSealed);
    if (failed?.kind === 'sealed') return no(`the payload of event ${failed.seq} does not open: ${failed.refusal ?? ''}`);
    const failures = payloadCounts(library, session)?.failed ?? 0;
    const others = failures === 0 ? '' : `; ${some(failures, 'payload')} did not open when it was indexed`;
    if (tried.length === 0) return yes('it has no payload');
    const which = tried.length === 1 ? 'its only payload was' : 'its first and its last payload were';
    return yes(`${which} ${sealedEvents > 0 ? 'decrypted' : 'read'} just now${others}`);
  } catch (error) {
    if (!(error instanceof ExhibitError)) throw error;
    return no(error.why);
  }
}

function indexed({ indexState, indexVersion }: SessionRow): Mark {
  switch (indexState) {
    case 'done':
      return indexVersion === INDEX_VERSION ? yes('its text can be searched') : no('its index is of an older version');
    case 'waiting':
      return no('it waits to be indexed');
    case 'running':
      return no('it is being indexed');
    case 'failed':
      return no('it could not be indexed');
    case 'locked':
      return no('nothing of it opened when it was indexed');
  }
}

function permission(desk: Desk, target: SessionTarget): Mark {
  const { source, governed } = target;
  if (governed === 0) return yes('it came as a file, and no source limits it');
  const gate = desk.rights();
  for (const right of ['history', 'recording'] as const) {
    const refused = gate.refused(target, right);
    if (refused !== null) return no(`${refused.name} is missing: ${refused.why}`);
  }
  const told = gate.of(source).rights.find(({ right }) => right === 'recording');
  if (told?.allowed === 'yes') return yes(`${told.name}: ${told.why}`);
  return yes(
    `its source ${told === undefined ? 'was never asked what it allows' : 'does not say what it allows'}, and refused nothing`,
  );
}

/** The marks, in the order in which one needs the ones before it. */
const MARKS = ['permission', 'cached', 'grant', 'decrypts', 'indexed'] as const;
type Marks = Pick<Readiness, (typeof MARKS)[number]>;

/** `attempt` is told with the first mark that is missing. */
function assembled(marks: Marks, attempt: string | null): Marks & Pick<Readiness, 'ready'> {
  const missing = MARKS.find((name) => !marks[name].ready);
  if (missing === undefined) return { ...marks, ready: true };
  const told = attempt === null ? marks : { ...marks, [missing]: no(`${marks[missing].why}; ${attempt}`) };
  return { ...told, ready: false };
}

/** `attempt`: why the last attempt to get it failed, or null. */
export async function readinessOf(desk: Desk, target: SessionTarget, attempt: string | null): Promise<Readiness> {
  const library = desk.library();
  const { session, source, history } = target;
  const allowed = permission(desk, target);
  const base = { session: session?.id ?? target.id, title: allowed.ready ? target.title : null, source };
  if (desk.rights().refused(target, 'history') !== null) {
    const hidden = no('its source does not let its history be seen');
    const marks = { permission: allowed, cached: hidden, grant: hidden, decrypts: hidden, indexed: hidden };
    const lock = { state: 'locked', code: FORBIDDEN, reason: allowed.why, todo: askAgain(source) } as const;
    return { ...base, ...assembled(marks, attempt), sourceUntil: null, libraryUntil: null, held: false, lock };
  }
  if (session === null) {
    const until = history?.sourceUntil ?? null;
    const marks = { permission: allowed, cached: absence(history), grant: NOT_HERE, decrypts: NOT_HERE, indexed: NOT_HERE };
    return {
      ...base,
      ...assembled(marks, attempt),
      sourceUntil: until === null ? null : formatInstant(until),
      libraryUntil: null,
      held: false,
      lock: { state: 'locked', code: 'not_here', reason: NOT_HERE.why, todo: 'synchronise its source' },
    };
  }
  const { lock, retention } = sessionShapes(library, [session])[0]!;
  const { sourceUntil, libraryUntil, held, purgedAt } = retention;
  if (purgedAt !== null) {
    const gone = no(`its retention ended, and it was purged here, ${purgedAt}`);
    const marks = { permission: allowed, cached: gone, grant: gone, decrypts: gone, indexed: gone };
    return { ...base, ...assembled(marks, null), sourceUntil, libraryUntil, held, lock };
  }
  // Looking for a key decrypts nothing; what may not be seen is not opened to find out whether it could be.
  const opening = await (allowed.ready ? desk.keys().open(session) : desk.keys().look(session));
  const marks = {
    permission: allowed,
    cached: cached(library, session),
    grant: grant(opening),
    decrypts: allowed.ready ? decrypts(library, session, opening) : no('it was not tried: its source does not allow it'),
    indexed: indexed(session),
  };
  return { ...base, ...assembled(marks, attempt), sourceUntil, libraryUntil, held, lock: lockNow(opening) };
}
