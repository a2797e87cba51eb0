// The questions that the player asks when a recording is opened, and again when its index is done.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Api, Output } from '../../shared/api/contract.ts';
import { useAnswer, type Answer } from '../ui/answer.ts';
import type { Detail } from './recording-data.ts';
import type { View } from './timeline/scale.ts';

export interface Opened {
  readonly detail: Detail;
  /** Of a locked recording: what is told of it without its content. Null: it was purged, and has none. */
  readonly timeline: Output<'replay.timeline'> | null;
}

/**
 * The recording, and what is new of it. While it grows, its timeline is asked for again only when it was indexed anew: to ask for it is to
 * open it, and each opening enters the custody log.
 */
export function useRecording(api: Api, id: string): Answer<Opened> {
  /** What is known, and of how many events the timeline tells. */
  const last = useRef<{ readonly detail: Detail; readonly timeline: Output<'replay.timeline'>; readonly told: number } | null>(
    null,
  );
  const answer = useAnswer(
    useCallback(async (): Promise<Opened> => {
      const detail = await api.call('sessions.show', { id });
      if (detail.retention.purgedAt !== null) return { detail, timeline: null };
      const known = last.current?.detail.id === detail.id ? last.current : null;
      const kept = known !== null && known.detail.lock.state === detail.lock.state && detail.growing;
      const indexed = detail.index === 'done' && known?.told !== detail.events;
      const asked = kept && !indexed ? null : await api.call('replay.timeline', { id: detail.id });
      const timeline = { ...(asked ?? known!.timeline), durationUs: detail.durationUs };
      last.current = { detail, timeline, told: asked === null ? known!.told : detail.events };
      return last.current;
    }, [api, id]),
  );
  const { again } = answer;
  useEffect(() => api.on('library', ({ sessions }) => (sessions.includes(id) ? again() : undefined)), [api, id, again]);
  return answer;
}

type Activity = Output<'replay.activity'>;

/** While a view is being changed, wait for its end. Milliseconds. */
const SETTLE = 120;

/** A bucket for this many pixels. */
const PIXELS = 2;

/** Activity of the visible part; what was known before stays until the new answer is here. */
export function useActivity(
  api: Api,
  id: string,
  view: View,
  width: number,
  onFailure: (error: unknown) => void,
): Activity | null {
  const [activity, setActivity] = useState<Activity | null>(null);
  const { fromUs, toUs } = view;
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      const buckets = Math.max(1, Math.min(4096, Math.floor(width / PIXELS)));
      api.call('replay.activity', { id, fromUs, toUs, buckets }).then((answer) => {
        if (current) setActivity(answer);
      }, onFailure);
    }, SETTLE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, id, fromUs, toUs, width, onFailure]);
  return activity;
}
