// What can be done at its source to a live session, found out by asking the source: whether it goes on, what the token may do, how long
// a dropped one waits. rstream's interface ends and takes up no sessions, and that is said. docs/live.md

import type { LiveActions } from '../../shared/api/retention-shapes.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import { formatInstant, micros, parseInstant } from '../../shared/recording/time.ts';
import { hasEnded, isOver } from '../acquisition/acquisition.ts';
import { RSTREAM_RIGHTS, SourceError, STACKSHIFT_RIGHTS, type Answer, type Rstream, type StackShift } from '../source/source.ts';
import type { Rights } from './rights.ts';
import type { SessionTarget } from './session-target.ts';
import type { OpenSource } from './source-access.ts';

type Action = LiveActions['actions'][number];

/** How a session stands at its source. */
export interface Standing {
  readonly ended: boolean;
  readonly actions: readonly Action[];
}

/** Whether an error says that nobody answered, and not what the source says. */
export function isSilent(error: unknown): error is SourceError {
  return (
    error instanceof SourceError && (error.status === null || error.fault === 'unavailable' || error.fault === 'rate-limited')
  );
}

/** What StackShift says of a session that was dropped and waits for its user. */
const DROPPED = ['disconnected', 'dropped'];

/** Longest text of a source that a reason repeats, in characters. */
const MOST_SAID = 200;

const overWhy = (record: JsonObject): string => {
  const said = (name: string, before: string): string => {
    const text = textOf(record, name);
    return text === undefined ? '' : `${before}${text.slice(0, MOST_SAID).toWellFormed()}`;
  };
  return `it is over${said('ended_at', ', since ')}${said('close_reason', ': ')}`;
};

function follow(ended: string | null, permission: string, rights: Rights, target: SessionTarget): Action {
  const refused = rights.refused(target, 'recording');
  const why = ended ?? (refused === null ? 'it is read until it ends' : `${refused.name} is missing: ${refused.why}`);
  return { action: 'follow', permission, allowed: ended === null && refused === null, why, until: null };
}

async function ofRstream(
  client: Rstream,
  target: SessionTarget,
  id: string,
  rights: Rights,
  signal: AbortSignal,
): Promise<Standing> {
  const parsed = parseJson((await client.session(id, signal)).bytes);
  const session = parsed.kind === 'value' && isObject(parsed.value) ? parsed.value : {};
  const ended = hasEnded(session);
  const none = { permission: '', allowed: false, until: null };
  return {
    ended,
    actions: [
      { ...none, action: 'revoke', why: 'the interface of rstream has no call that ends a session: end it at its server' },
      { ...none, action: 'reconnect', why: "the interface of rstream has no call for it: use rstream's own client" },
      follow(ended ? overWhy(session) : null, RSTREAM_RIGHTS.recording, rights, target),
    ],
  };
}

/** What a token of StackShift may do; null where its source does not say. */
async function permissionsOf(client: StackShift, signal: AbortSignal): Promise<readonly unknown[] | null> {
  try {
    const { permissions } = (await client.permissions(signal)).data;
    return Array.isArray(permissions) ? permissions : null;
  } catch (error) {
    if (error instanceof SourceError && error.fault === 'forbidden') return null;
    throw error;
  }
}

/** Milliseconds that a dropped session waits; null where its source does not say. */
async function graceOf(client: StackShift, signal: AbortSignal): Promise<number | null> {
  try {
    const seconds = (await client.policy(signal)).data['reconnect_grace_seconds'];
    return typeof seconds === 'number' && seconds >= 0 && seconds < 1e9 ? seconds * 1000 : null;
  } catch (error) {
    // Policies are for those who may see them: the source itself knows when its window ends.
    if (error instanceof SourceError && error.fault === 'forbidden') return null;
    throw error;
  }
}

function revoke(ended: string | null, permissions: readonly unknown[] | null): Action {
  const action = { action: 'revoke', permission: STACKSHIFT_RIGHTS.policy, allowed: false, until: null } as const;
  if (ended !== null) return { ...action, why: ended };
  if (permissions === null)
    return { ...action, allowed: true, why: 'the source does not say what the token may do, and decides itself' };
  return permissions.includes(STACKSHIFT_RIGHTS.policy)
    ? { ...action, allowed: true, why: `the token has ${STACKSHIFT_RIGHTS.policy}` }
    : { ...action, why: `the token has no ${STACKSHIFT_RIGHTS.policy}` };
}

/** `now`: milliseconds by the source's clock. */
function reconnect(record: JsonObject, ended: string | null, grace: number | null, now: number): Action {
  const action = { action: 'reconnect', permission: '', allowed: false, until: null } as const;
  if (ended !== null) return { ...action, why: ended };
  if (!DROPPED.includes(textOf(record, 'status') ?? ''))
    return { ...action, why: 'its connection stands: there is nothing to take up again' };
  const dropped = parseInstant(textOf(record, 'disconnected_at') ?? '');
  if (dropped === null || grace === null)
    return { ...action, allowed: true, why: 'it was dropped; how long it waits, its source does not say' };
  const until = dropped / 1000 + grace;
  const at = formatInstant(micros(until * 1000));
  return now < until
    ? { ...action, allowed: true, why: `it was dropped and waits until ${at} for who began it`, until: at }
    : { ...action, why: `it was dropped, and waited until ${at}`, until: at };
}

async function ofStackShift(
  client: StackShift,
  target: SessionTarget,
  id: string,
  rights: Rights,
  wallClock: () => number,
  signal: AbortSignal,
): Promise<Standing> {
  const answer = await client.session(id, signal);
  const record = answer.data;
  const over = isOver(record) ? overWhy(record) : null;
  const [permissions, grace] = await Promise.all([permissionsOf(client, signal), graceOf(client, signal)]);
  return {
    ended: over !== null,
    actions: [
      revoke(over, permissions),
      reconnect(record, over, grace, sourceTime(answer) ?? wallClock()),
      follow(over, STACKSHIFT_RIGHTS.recording, rights, target),
    ],
  };
}

/** Milliseconds since 1970 by the source's clock, where the answer says it. */
function sourceTime({ date }: Answer): number | null {
  const at = date === null ? NaN : Date.parse(date);
  return Number.isNaN(at) ? null : at;
}

/** Throws a SourceError. `id` is the session's at its source. */
export function standingOf(
  { kind, client }: OpenSource,
  target: SessionTarget,
  id: string,
  rights: Rights,
  wallClock: () => number,
  signal: AbortSignal,
): Promise<Standing> {
  return kind === 'rstream'
    ? ofRstream(client, target, id, rights, signal)
    : ofStackShift(client, target, id, rights, wallClock, signal);
}
