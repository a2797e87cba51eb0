// Asks a source what its user may do, and keeps what it says. rstream's rights are its token's permissions, as the control plane lists them;
// without that list they are found out by asking for very little, and what was given counts more than a list. StackShift
// has one answer with all permissions. A source that does not answer, or a token that has ended, changes nothing. docs/permissions.md

import type { Right, SourceRights } from '../../shared/api/history-shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import type { ToldRight } from '../library/library.ts';
import { RSTREAM_RIGHTS, SourceError, STACKSHIFT_RIGHTS, type Answer, type Rstream, type StackShift } from '../source/source.ts';
import type { Desk } from './desk.ts';
import { OPENS } from './keys.ts';
import type { OpenSource } from './source-access.ts';

/** Sessions that are listed, and those whose events are looked into, to find out what a token may do. */
const LISTED = 50;
const TRIED = 3;

/** Events of one session that are looked into for a payload. */
const EVENTS = 50;

/** Sessions refused alone that are asked for once more. */
const ASKED_AGAIN = 200;

/** Faults that say that nobody answered, or that nobody knows who asks: nothing follows from them. */
const NO_ANSWER: readonly SourceError['fault'][] = [
  'unauthorized',
  'connection',
  'timeout',
  'tls',
  'unavailable',
  'rate-limited',
  'cut',
];

type Verdict = Pick<ToldRight, 'allowed' | 'why'>;

const about = (right: Right, name: string, { allowed, why }: Verdict): ToldRight => ({
  right,
  session: null,
  name,
  allowed,
  why,
});

const parsed = ({ bytes }: Answer): unknown => {
  const read = parseJson(bytes);
  return read.kind === 'value' ? read.value : null;
};

const objects = (answer: Answer): readonly JsonObject[] => {
  const value = parsed(answer);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

const texts = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;

/** The answer, or how the source refused it. Throws what says nothing about rights. */
async function unlessRefused<T>(request: Promise<T>): Promise<T | SourceError> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof SourceError && !NO_ANSWER.includes(error.fault)) return error;
    throw error;
  }
}

const byList = (needs: readonly string[], permissions: readonly string[]): Verdict => {
  const has = needs.find((one) => permissions.includes(one));
  return has === undefined
    ? { allowed: 'no', why: 'the token has no such permission' }
    : { allowed: 'yes', why: `the token has ${has}` };
};

/** Whether the recorded bytes of some sessions are given. */
async function tryRecordings(rstream: Rstream, listed: readonly JsonObject[], signal: AbortSignal): Promise<Verdict> {
  const isManaged = (session: JsonObject): boolean => session['encryption_mode'] === 'managed';
  const recorded = listed.filter((session) => session['recording_mode'] !== 'private');
  const sessions = recorded.toSorted((a, b) => Number(isManaged(b)) - Number(isManaged(a))).slice(0, TRIED);
  let refused: SourceError | null = null;
  let answered = false;
  let isWithheld = false;
  for (const session of sessions) {
    const id = textOf(session, 'id');
    const events = id === undefined ? null : await unlessRefused(rstream.events(id, '0', EVENTS, signal));
    if (events === null) continue;
    if (events instanceof SourceError) {
      if (events.fault === 'forbidden') refused ??= events;
      continue;
    }
    answered = true;
    const data = objects(events).filter((event) => event['type'] === 'data' && Number(event['payload_length'] ?? 0) > 0);
    if (data.some((event) => typeof event['payload_plaintext'] === 'string'))
      return { allowed: 'yes', why: 'recorded bytes were given' };
    isWithheld ||= isManaged(session) && data.length > 0;
  }
  if (isWithheld) return { allowed: 'no', why: 'events were given without the bytes that were recorded' };
  if (refused !== null && !answered) return { allowed: 'no', why: refused.why };
  return { allowed: 'unknown', why: 'no session was listed that would show it' };
}

/** What the control plane says of the token: one that does not answer takes nothing away. */
async function whoIsAsking(rstream: Rstream, signal: AbortSignal): Promise<unknown> {
  try {
    return parsed(await rstream.whoami(signal));
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

async function ofRstream(rstream: Rstream, hasControlPlane: boolean, signal: AbortSignal): Promise<ToldRight[]> {
  const capabilities = parsed(await rstream.capabilities(signal));
  const required =
    isObject(capabilities) && isObject(capabilities['required_permissions']) ? capabilities['required_permissions'] : {};
  const identity = hasControlPlane ? await whoIsAsking(rstream, signal) : null;
  const permissions = isObject(identity) ? texts(identity['permissions']) : null;
  const [readName = RSTREAM_RIGHTS.history] = texts(required['sessions_read']) ?? [];
  const logs = texts(required['logs_read']) ?? [RSTREAM_RIGHTS.recording];

  const list = await unlessRefused(rstream.sessions({ limit: LISTED }, signal));
  const history: Verdict =
    list instanceof SourceError
      ? { allowed: list.fault === 'forbidden' ? 'no' : 'unknown', why: list.why }
      : { allowed: 'yes', why: 'a list of sessions was given' };
  const seen = list instanceof SourceError ? null : await tryRecordings(rstream, objects(list), signal);
  const told = permissions === null ? null : byList(logs, permissions);
  const recording =
    seen?.allowed === 'yes'
      ? seen
      : (told ?? seen ?? { allowed: 'unknown', why: 'it was not tried, because no session is listed' });
  const [logsName = RSTREAM_RIGHTS.recording] = logs;
  return [about('history', readName, history), about('recording', logsName, recording), about('download', logsName, recording)];
}

async function ofStackShift(client: StackShift, signal: AbortSignal): Promise<ToldRight[]> {
  const answer = await unlessRefused(client.permissions(signal));
  const permissions = answer instanceof SourceError ? null : texts(answer.data['permissions']);
  const { history, recording, download } = STACKSHIFT_RIGHTS;
  if (permissions !== null)
    return [
      about('history', history, byList([history], permissions)),
      about('recording', recording, byList([recording], permissions)),
      about('download', download, byList([download], permissions)),
    ];
  const unsaid: Verdict = {
    allowed: 'unknown',
    why: `the source does not list its permissions${answer instanceof SourceError ? `: ${answer.why}` : ''}`,
  };
  const page = await unlessRefused(client.historyPages({ limit: 1 }, signal)[Symbol.asyncIterator]().next());
  const listed: Verdict =
    page instanceof SourceError
      ? { allowed: page.fault === 'forbidden' ? 'no' : 'unknown', why: page.why }
      : { allowed: 'yes', why: 'a list of sessions was given' };
  return [about('history', history, listed), about('recording', recording, unsaid), about('download', download, unsaid)];
}

/** Whether a source gives a recording now, of which as little as can be is read. */
async function gives({ kind, client }: OpenSource, id: string, signal: AbortSignal): Promise<boolean> {
  if (kind === 'rstream') return !((await unlessRefused(client.events(id, '0', 1, signal))) instanceof SourceError);
  const enough = new AbortController();
  const answer = await unlessRefused(client.recording(id, AbortSignal.any([signal, enough.signal])));
  if (answer instanceof SourceError) return false;
  const pieces = answer.bytes[Symbol.asyncIterator]();
  await pieces.return?.();
  enough.abort();
  return true;
}

/** Recordings that a key opens, and whose payloads could not be read while their source said no. */
function indexWhatWaited(desk: Desk, source: string): void {
  const { sessions, derived, rights } = desk.library();
  const waited = sessions.lockable().flatMap((key) => {
    const row = sessions.byKey(key);
    const isBehind = row?.source === source && row.indexState === 'locked' && row.lockCode === OPENS;
    return isBehind && rights.refusal(row, 'recording') === null ? [row] : [];
  });
  for (const row of waited) derived.setIndexState(row, 'waiting', 0, null);
  if (waited.length > 0) desk.indexer().enqueue(waited.map(({ key }) => key));
}

/**
 * Asks a source that is open, and keeps what it says. Throws a SourceError where it does not answer: nothing is changed then. What it
 * refuses from now on is dropped from memory before this returns.
 */
export async function askRights(desk: Desk, source: OpenSource, signal: AbortSignal): Promise<SourceRights> {
  const { rights, sources } = desk.library();
  const { name } = source;
  const told =
    source.kind === 'rstream'
      ? await ofRstream(source.client, (sources.find(name)?.apiUrl ?? null) !== null, signal)
      : await ofStackShift(source.client, signal);
  for (const refused of rights.refusedAlone(name).slice(0, ASKED_AGAIN)) {
    const { right, session, name: missing } = refused;
    if (session !== null && (await gives(source, session, signal)))
      told.push({ right, session, name: missing, allowed: 'yes', why: 'it gave the recording' });
  }
  if (rights.tell(name, desk.now(), told)) {
    // Its grants open files of the same sessions too.
    await desk.keys().evaluateLocks();
    indexWhatWaited(desk, name);
  }
  desk.emit('history', {});
  return desk.rights().of(name);
}

/** Faults that no further request would pass. */
const HOPELESS: readonly SourceError['fault'][] = ['unauthorized', 'connection', 'tls'];

/** The same before a synchronisation, which goes on where only this could not be asked. */
export async function recheckRights(desk: Desk, source: OpenSource, signal: AbortSignal): Promise<void> {
  try {
    await askRights(desk, source, signal);
  } catch (error) {
    if (!(error instanceof SourceError) || HOPELESS.includes(error.fault)) throw error;
  }
}
