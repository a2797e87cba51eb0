// Tries an rstream source: who its token is and what it may do, by what the engine says and by harmless requests.

import { ExhibitError } from '../../shared/api/errors.ts';
import type { SourceTest } from '../../shared/api/source-shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import type { SourceRow } from '../library/library.ts';
import { SourceError, type Answer, type Rstream } from '../source/source.ts';

/** What an engine says of itself is short; the page shows it. */
const MOST_CAPABILITIES = 65_536;

/** Events that a trial looks into for a payload. */
const TRIED_EVENTS = 50;

/** Operations that reading needs, and that can be tried without changing anything. */
const TRIED = ['sessions_read', 'logs_read'];

type Ability = SourceTest['abilities'][number];
type Verdict = Pick<Ability, 'allowed' | 'why'>;

export const objectIn = ({ bytes }: Answer): JsonObject => {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
};

const objectsIn = ({ bytes }: Answer): readonly JsonObject[] => {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' && Array.isArray(parsed.value) ? parsed.value.filter(isObject) : [];
};

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Runs a harmless request; one that the token may not make is an answer, every other failure is thrown. */
export async function tried<T>(request: Promise<T>): Promise<{ readonly answer: T } | { readonly refused: SourceError }> {
  try {
    return { answer: await request };
  } catch (error) {
    if (error instanceof SourceError && error.fault === 'forbidden') return { refused: error };
    throw error;
  }
}

/** Whether the token lists sessions and reads what was recorded, found out by asking for very little. */
async function tryReading(rstream: Rstream, signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>> {
  const listed = await tried(rstream.sessions({ limit: 1 }, signal));
  if ('refused' in listed) {
    const no: Verdict = { allowed: 'no', why: `listing sessions: ${listed.refused.why}` };
    return new Map([
      ['sessions_read', no],
      ['logs_read', { allowed: 'unknown', why: 'it was not tried, because no session is known' }],
    ]);
  }
  const sessions_read: Verdict = { allowed: 'yes', why: 'a list of sessions was given' };
  return new Map([
    ['sessions_read', sessions_read],
    ['logs_read', await tryLogs(rstream, textOf(objectsIn(listed.answer)[0] ?? {}, 'id'), signal)],
  ]);
}

async function tryLogs(rstream: Rstream, session: string | undefined, signal: AbortSignal): Promise<Verdict> {
  if (session === undefined) return { allowed: 'unknown', why: 'it was not tried, because the source lists no session' };
  const read = await tried(rstream.events(session, '0', TRIED_EVENTS, signal));
  if ('refused' in read) return { allowed: 'no', why: `reading events: ${read.refused.why}` };
  const hasPayload = objectsIn(read.answer).some((event) => typeof event['payload_plaintext'] === 'string');
  return hasPayload
    ? { allowed: 'yes', why: 'recorded bytes were given' }
    : { allowed: 'unknown', why: 'events are given; those that were tried have no payload in clear' };
}

function byPermissions(needs: readonly string[], permissions: readonly string[] | null): Verdict | null {
  if (permissions === null) return null;
  const has = needs.find((one) => permissions.includes(one));
  return has === undefined
    ? { allowed: 'no', why: 'the token has none of these permissions' }
    : { allowed: 'yes', why: `the token has ${has}` };
}

const UNTRIED: Verdict = { allowed: 'unknown', why: 'trying it would change something at the source' };

/** What the token may do: by its own permissions where they are known, else by trial. What was given counts more than a list. */
function abilities(
  capabilities: JsonObject,
  permissions: readonly string[] | null,
  trial: ReadonlyMap<string, Verdict>,
): Ability[] {
  const required = isObject(capabilities['required_permissions']) ? capabilities['required_permissions'] : {};
  return [...new Set([...TRIED, ...Object.keys(required)])].map((operation) => {
    const needs = textsIn(required[operation]);
    const seen = trial.get(operation);
    const told = needs.length === 0 ? null : byPermissions(needs, permissions);
    const verdict = seen !== undefined && seen.allowed !== 'unknown' ? seen : (told ?? seen ?? UNTRIED);
    return { operation, needs: [...needs], ...verdict };
  });
}

/** Who the token belongs to, where the control plane says it; what the token may do, where that is said too. */
async function whoIsAsking(
  rstream: Rstream,
  signal: AbortSignal,
): Promise<{ readonly identity: SourceTest['identity']; readonly permissions: readonly string[] | null }> {
  let answer: JsonObject;
  try {
    answer = objectIn(await rstream.whoami(signal));
  } catch (error) {
    // The engine alone decides about recordings: a control plane that does not answer takes nothing away.
    if (!(error instanceof SourceError)) throw error;
    return { identity: null, permissions: null };
  }
  const id = textOf(answer, 'id');
  return {
    identity: id === undefined ? null : { id, name: textOf(answer, 'name') ?? null, role: textOf(answer, 'role') ?? null },
    permissions: Array.isArray(answer['permissions']) ? textsIn(answer['permissions']) : null,
  };
}

/** The source's clock less this machine's, milliseconds; null where it gave no date. */
export function clockOffset({ date }: Answer, wallClock: () => number): number | null {
  const at = date === null ? NaN : Date.parse(date);
  return Number.isNaN(at) ? null : at - wallClock();
}

export async function tryRstream(
  rstream: Rstream,
  { name, engine, apiUrl }: Pick<SourceRow, 'name' | 'engine' | 'apiUrl'>,
  wallClock: () => number,
  signal: AbortSignal,
): Promise<SourceTest> {
  const answer = await rstream.capabilities(signal);
  if (answer.bytes.length > MOST_CAPABILITIES)
    throw new ExhibitError('network', `test source ${name}`, 'what the engine says of itself is too long', 'check the address');
  const known = apiUrl === null ? { identity: null, permissions: null } : await whoIsAsking(rstream, signal);
  const capabilities = objectIn(answer);
  return {
    engine,
    clockOffsetMs: clockOffset(answer, wallClock),
    identity: known.identity,
    abilities: abilities(capabilities, known.permissions, await tryReading(rstream, signal)),
    capabilities: JSON.stringify(capabilities),
    paths: null,
  };
}
