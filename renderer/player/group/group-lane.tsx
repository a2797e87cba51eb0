// One session of a group as a lane: from its beginning to its end on the group's axis, with its activity as a picture.

import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Output } from '../../../shared/api/contract.ts';
import { useApi } from '../../api.ts';
import { useAnnouncer } from '../../ui/toasts.tsx';
import { colours } from '../timeline/colours.ts';
import { drawActivity } from '../timeline/lanes.ts';
import { spanOf, xOf, type View } from '../timeline/scale.ts';
import type { Member } from './group-axis.ts';

/** A bucket for this many pixels. */
const PIXELS = 2;

/** While the view is being changed, wait for its end. Milliseconds. */
const SETTLE = 120;

export interface GroupLaneProps {
  readonly member: Member;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  /** Counts up when the theme changes. */
  readonly theme: number;
}

/** The part of a session that is in view, on its own clock; null where none of it is. */
export function visiblePart({ session, fromUs }: Member, view: View): View | null {
  if (fromUs === null) return null;
  const from = Math.max(0, view.fromUs - fromUs);
  const to = Math.min(session.durationUs, view.toUs - fromUs);
  return to < from ? null : { fromUs: Math.floor(from), toUs: Math.ceil(to) };
}

function useLaneActivity(member: Member, view: View, width: number): Output<'replay.activity'> | null {
  const api = useApi();
  const announcer = useAnnouncer();
  const [activity, setActivity] = useState<Output<'replay.activity'> | null>(null);
  const { id } = member.session;
  const part = visiblePart(member, view);
  const from = part?.fromUs ?? null;
  const to = part?.toUs ?? null;
  const buckets = part === null ? 1 : Math.max(1, Math.min(4096, Math.floor((width * (spanOf(part) / spanOf(view))) / PIXELS)));
  useEffect(() => {
    if (from === null || to === null || width === 0) return;
    let current = true;
    const timer = setTimeout(() => {
      api.call('replay.activity', { id, fromUs: from, toUs: to, buckets }).then((answer) => {
        if (current) setActivity(answer);
      }, announcer.fail);
    }, SETTLE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, announcer, id, from, to, buckets, width]);
  return activity;
}

export function GroupLane({ member, view, width, height, theme }: GroupLaneProps): React.JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const activity = useLaneActivity(member, view, width);
  useLayoutEffect(() => {
    const element = canvas.current!;
    if (width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    const context = element.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { session, fromUs } = member;
    if (fromUs === null) return;
    const palette = colours(element);
    const x = Math.max(-4, xOf(view, fromUs, width));
    const end = Math.min(width + 4, Math.max(x + 3, xOf(view, fromUs + session.durationUs, width)));
    if (end < 0 || x > width) return;
    context.beginPath();
    context.roundRect(x, 3, end - x, height - 6, 3);
    context.fillStyle = palette.idle;
    context.fill();
    context.save();
    context.clip();
    if (activity !== null) {
      drawActivity(
        {
          context,
          view: { fromUs: view.fromUs - fromUs, toUs: view.toUs - fromUs },
          width,
          top: 4,
          height: height - 8,
          colours: palette,
        },
        activity,
      );
    }
    context.restore();
    // The edges stay seen where nothing happens at them.
    context.fillStyle = palette.alternate;
    if (x >= 0) context.fillRect(x, 3, 1.5, height - 6);
    if (end <= width) context.fillRect(end - 1.5, 3, 1.5, height - 6);
  }, [member, view, width, height, theme, activity]);
  return <canvas ref={canvas} className="lane" aria-hidden="true" />;
}
