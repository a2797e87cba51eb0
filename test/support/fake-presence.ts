// Who was in the fake core's sessions, and when control changed: as rstream tells it, by a list and by events of their own.

import type { Participant, Session, Timeline } from '../../shared/api/shapes.ts';

const peopled = ({ format, id }: Session): boolean => format === 'rstream' || id === 'r-incident-main-cast';

const onWall = ({ startedAt, durationUs }: Session, share: number): string | null =>
  startedAt === null ? null : new Date(Date.parse(startedAt) + (durationUs * share) / 1000).toISOString();

export function fakeParticipants(session: Session): Participant[] {
  const at = (share: number): string | null => onWall(session, share);
  const first = { id: 'prt_1', user: session.user, attachedAt: session.startedAt, detachedAt: null };
  if (!peopled(session)) return [{ ...first, id: 'p1', role: 'owner', device: null }];
  return [
    { ...first, role: 'controller', device: 'dvk_91c2a7' },
    { id: 'prt_2', user: 'ben', role: 'spectator', attachedAt: at(0.18), detachedAt: at(0.83), device: 'browser brw_20' },
    { id: 'prt_3', user: 'on-call', role: 'spectator', attachedAt: at(0.41), detachedAt: at(0.62), device: null },
  ];
}

/** Points of the index for events of the types `participant` and `control`. */
export function fakePresence(session: Session): Timeline['others'] {
  if (!peopled(session)) return [];
  const point = (share: number, code: string, participant_id: string, word: string): Timeline['others'][number] => ({
    atUs: Math.floor(session.durationUs * share),
    index: 0,
    text: `${code} ${JSON.stringify({ direction: 'engine_internal', participant_id, metadata: { action: word } })}`,
  });
  return [
    point(0.18, 'participant', 'prt_2', 'attached'),
    point(0.36, 'control', 'prt_2', 'requested'),
    point(0.39, 'control', 'prt_2', 'granted'),
    point(0.66, 'control', 'prt_2', 'released'),
    point(0.83, 'participant', 'prt_2', 'detached'),
  ];
}
