// What lies under the pointer on the timeline: its time, what the lane says there, and the screen of that moment.

import { SEVERITY_WORDS } from '../../ui/annotation-text.ts';
import { formatBytes, formatCount, formatDuration, formatOffset, formatWall, zoneName, type Zone } from '../../ui/format.ts';
import { Recorded } from '../../ui/recorded.tsx';
import type { LaneName, LanePlan } from './lane-plan.ts';
import { bucketAt, type Activity } from './lanes.ts';
import { nearest, type Labelled, type Spanned } from './layout.ts';
import { usOf, xOf, type View } from './scale.ts';
import type { TimelineData } from './timeline-data.ts';

const REACH = 6;

export interface HoverNoteProps {
  readonly data: TimelineData;
  readonly plan: LanePlan;
  readonly activity: Activity | null;
  readonly view: View;
  readonly width: number;
  readonly place: { readonly x: number; readonly y: number };
  readonly zone: Zone;
  /** The screen at a moment, small; left out where nothing of it can be shown. */
  readonly thumbnail: ((atUs: number) => React.ReactNode) | null;
}

/** The lane under the pointer. */
export function laneAt({ places }: LanePlan, y: number): LaneName | null {
  for (const [name, [top, height]] of Object.entries(places)) if (y >= top && y < top + height) return name as LaneName;
  return null;
}

/** The moment of the mark under the pointer in a lane of what is told around the recording: a click there leads to it, not near it. */
export function markAt({
  data,
  plan,
  view,
  width,
  place,
}: Pick<HoverNoteProps, 'data' | 'plan' | 'view' | 'width' | 'place'>): number | null {
  const lane = laneAt(plan, place.y);
  if (lane !== 'explicit' && lane !== 'audits' && lane !== 'control') return null;
  const found = nearest(data[lane], view, width, place.x, REACH);
  return found === null ? null : data[lane][found]!.atUs;
}

/** What a lane says near a place. */
function textsAt({ data, activity, view, width, place }: HoverNoteProps, lane: LaneName | null, atUs: number): string[] {
  const near = (items: readonly Labelled[]): string[] => {
    const found = nearest(items, view, width, place.x, REACH);
    return found === null ? [] : [items[found]!.text];
  };
  const within = <T extends Spanned>(spans: readonly T[]): T[] =>
    spans.filter(({ fromUs, toUs }) => xOf(view, fromUs, width) - REACH <= place.x && place.x <= xOf(view, toUs, width) + REACH);
  switch (lane) {
    case 'markers':
      return near(data.markers);
    case 'annotations':
      return within(data.annotations)
        .slice(0, 4)
        .map(({ text, severity }) => `${SEVERITY_WORDS[severity]}: ${text}`);
    case 'redactions':
      return within(data.redactions)
        .slice(0, 3)
        .map(({ text }) => text);
    case 'viewed': {
      const seen = data.seen.find(({ fromUs, toUs }) => fromUs <= atUs && atUs <= toUs);
      return [seen === undefined ? 'not seen yet, or only now' : `seen at ${String(seen.speed)}×`];
    }
    case 'explicit':
    case 'audits':
    case 'control':
      return near(data[lane]);
    case 'participants':
      return within(data.presence)
        .slice(0, 4)
        .map(({ text, controls }) => (controls ? `${text}, in control` : text));
    case 'hits':
      return near(data.hits);
    case 'discrepancies':
      return near(data.discrepancies);
    case 'hidden':
      return within(data.hidden)
        .slice(0, 3)
        .map(({ text }) => text);
    case 'commands': {
      const last = data.commands.findLast((one) => xOf(view, one.atUs, width) <= place.x + REACH);
      return last === undefined ? [] : [last.text];
    }
    case 'activity':
    case 'change': {
      if (activity === null) return [];
      const bucket = bucketAt(activity, atUs);
      return [
        `${formatBytes(activity.output[bucket] ?? 0)} output, ${formatBytes(activity.input[bucket] ?? 0)} input`,
        `${formatCount(activity.change[bucket] ?? 0)} cells changed`,
      ];
    }
    case 'screen': {
      const sizes = near(data.resizes).map((size) => `resized to ${size}`);
      return [...sizes, ...within(data.alternate).map(({ text }) => `alternate screen${text === '' ? '' : `: ${text}`}`)];
    }
    case 'ruler':
    case 'overview':
    case null:
      return [];
  }
}

export function HoverNote(props: HoverNoteProps): React.JSX.Element {
  const { data, plan, view, width, place, zone, thumbnail } = props;
  const { durationUs, startUs } = data;
  const atUs = usOf(view, place.x, width, durationUs);
  const texts = textsAt(props, laneAt(plan, place.y), atUs);
  const idle = data.idle.find(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs);
  return (
    <div
      className="hover"
      style={{ left: `${String(Math.max(0, Math.min(width - 10, place.x)))}px` }}
      data-side={place.x > width / 2 ? 'left' : 'right'}
    >
      {thumbnail?.(atUs)}
      <strong>{formatOffset(atUs)}</strong>
      {startUs === null ? null : (
        <span className="faint">{` ${formatWall(startUs + atUs, zone)} ${zoneName(startUs + atUs, zone)}`}</span>
      )}
      {texts.map((text, i) => (
        <p key={i} className="cut">
          <Recorded text={text} />
        </p>
      ))}
      {idle === undefined ? null : <p className="faint">{`idle for ${formatDuration(idle.toUs - idle.fromUs)}`}</p>}
    </div>
  );
}
