// The sessions of a group on one clock: where each begins and ends on the group's own axis, in microseconds since its first session began.

import type { Session } from '../../../shared/api/shapes.ts';
import { epochOf } from '../../ui/format.ts';
import { titleOf } from '../recording-data.ts';

export interface Member {
  readonly session: Session;
  /** On the group's axis; null where the session does not say when it began. */
  readonly fromUs: number | null;
}

export interface GroupAxis {
  /** When the axis begins, microseconds since 1970 UTC; null where no session says when it began. */
  readonly startUs: number | null;
  readonly durationUs: number;
  /** By start; those without one last. */
  readonly members: readonly Member[];
}

export function groupAxis(sessions: readonly Session[]): GroupAxis {
  const starts = sessions.map((session) => ({ session, at: session.startedAt === null ? null : epochOf(session.startedAt) }));
  const known = starts.filter((one): one is { session: Session; at: number } => one.at !== null);
  if (known.length === 0)
    return { startUs: null, durationUs: 0, members: sessions.map((session) => ({ session, fromUs: null })) };
  const startUs = known.reduce((least, { at }) => Math.min(least, at), Infinity);
  const endUs = known.reduce((most, { at, session }) => Math.max(most, at + session.durationUs), 0);
  const members = starts
    .map(({ session, at }) => ({ session, fromUs: at === null ? null : at - startUs }))
    .sort((a, b) => (a.fromUs ?? Infinity) - (b.fromUs ?? Infinity));
  return { startUs, durationUs: endUs - startUs, members };
}

/** Where a session is opened for a moment of the axis: inside of it that moment, outside of it its beginning. */
export function momentIn({ session, fromUs }: Member, atUs: number): number {
  if (fromUs === null) return 0;
  const offset = atUs - fromUs;
  return offset < 0 || offset > session.durationUs ? 0 : offset;
}

/** Sessions that run at a moment of the axis. */
export const runningAt = ({ members }: GroupAxis, atUs: number): number =>
  members.filter(({ session, fromUs }) => fromUs !== null && fromUs <= atUs && atUs <= fromUs + session.durationUs).length;

/** Where sessions begin and end, in order, each moment once. */
export const boundaries = ({ members }: GroupAxis): readonly number[] =>
  [...new Set(members.flatMap(({ session, fromUs }) => (fromUs === null ? [] : [fromUs, fromUs + session.durationUs])))].sort(
    (a, b) => a - b,
  );

/**
 * What each session of a group is called: by its title; by its command or its source's id where they all have one title, as sessions
 * that were made for one purpose do.
 */
export function memberNames(sessions: readonly Session[]): (session: Session) => string {
  const alike = sessions.length > 1 && sessions.every(({ title }) => title === sessions[0]!.title);
  return (session) => (alike ? (session.command ?? session.nativeId ?? titleOf(session)) : titleOf(session));
}

/** What the group's object says of itself, as names and values; empty where it was not received or is none. */
export function groupFacts(metadata: string): readonly (readonly [string, string])[] {
  const named: readonly (readonly [string, string])[] = [
    ['purpose', 'Purpose'],
    ['origin', 'Origin'],
    ['origin_id', 'Origin’s ID'],
    ['initiator_kind', 'Begun by'],
    ['agent_name', 'Agent'],
    ['agent_version', 'Agent’s version'],
    ['request_id', 'Request'],
  ];
  try {
    const { context } = JSON.parse(metadata) as { context?: Readonly<Record<string, unknown>> | null };
    return named.flatMap(([member, name]) => {
      const value = context?.[member];
      return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
    });
  } catch {
    return [];
  }
}
