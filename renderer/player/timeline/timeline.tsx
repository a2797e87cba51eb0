// The timeline: what happened when, and where one stands. Two canvases lie on each other: the lanes, drawn when data or view change, and
// the head, drawn with every picture. Input is gathered until the next picture. For assistive technology it is a slider; all that it shows
// is listed as text beside it.

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatBytes, formatOffset, formatWall, spokenDuration, zoneName, type Zone } from '../../ui/format.ts';
import { Recorded } from '../../ui/recorded.tsx';
import type { Playback } from '../playback.ts';
import type { PlaybackState } from '../playback-machine.ts';
import { colours } from './colours.ts';
import {
  bucketAt,
  drawActivity,
  drawCommands,
  drawFlags,
  drawHits,
  drawIdle,
  drawOverview,
  drawRuler,
  drawScreens,
  drawViewed,
  drawWarnings,
  type Activity,
  type Lane,
} from './lanes.ts';
import { nearest, type Labelled, type Spanned } from './layout.ts';
import { following, panned, spanOf, usOf, whole, xOf, zoomed, type View } from './scale.ts';
import './timeline.css';

export interface TimelineData {
  readonly durationUs: number;
  /** Microseconds since 1970 UTC, or null where the start is not known. */
  readonly startUs: number | null;
  readonly commands: readonly Labelled[];
  readonly markers: readonly Labelled[];
  readonly discrepancies: readonly Labelled[];
  readonly resizes: readonly Labelled[];
  readonly alternate: readonly Spanned[];
  readonly idle: readonly Spanned[];
  readonly hits: readonly Labelled[];
}

/** What the timeline needs of a playback: where it stands, and to be told to stand elsewhere. */
export interface TimelineClock extends Pick<Playback, 'subscribe' | 'seek' | 'covered'> {
  state(): Pick<PlaybackState, 'atUs' | 'phase'>;
}

export interface TimelineProps {
  readonly data: TimelineData;
  readonly playback: TimelineClock;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly activity: Activity | null;
  readonly overview: Activity | null;
  readonly zone: Zone;
}

/** Tops and heights of the lanes in CSS pixels. */
const LANES = {
  ruler: [0, 17],
  signs: [18, 8],
  flags: [28, 13],
  commands: [42, 16],
  activity: [60, 46],
  screens: [108, 10],
  viewed: [120, 3],
  overview: [126, 16],
} as const;

const HEIGHT = 144;

/** Room beside the lanes where marks on their first and last moment are drawn in full. */
const BLEED = 8;

/** Names beside the lanes: middle of each in CSS pixels. */
const NAMES: readonly (readonly [string, number])[] = [
  ['Markers', 35],
  ['Commands', 50],
  ['Output', 76],
  ['Input', 97],
  ['Screen', 113],
  ['Overview', 134],
];

/** A wheel's notch zooms by this. */
const NOTCH = 1.25;

const REACH = 6;

/** A canvas of the box's size and its bleed, sharp on any display. */
function prepared(canvas: HTMLCanvasElement, width: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio;
  canvas.width = Math.round((width + 2 * BLEED) * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, BLEED * ratio, 0);
  return context;
}

export function Timeline({ data, playback, view, onView, activity, overview, zone }: TimelineProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const lanes = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [theme, setTheme] = useState(0);
  const [hover, setHover] = useState<{ x: number; y: number } | null>(null);
  const { durationUs } = data;

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    const changed = (): void => setTheme((n) => n + 1);
    document.documentElement.addEventListener('theme', changed);
    return () => {
      observer.disconnect();
      document.documentElement.removeEventListener('theme', changed);
    };
  }, []);

  useLayoutEffect(() => {
    if (width === 0) return;
    const context = prepared(lanes.current!, width);
    if (view.fromUs > 0) {
      // What stands before the visible part stays out of the bleed.
      context.beginPath();
      context.rect(0, 0, width + BLEED, HEIGHT);
      context.clip();
    }
    const palette = colours(box.current!);
    const lane = ([top, height]: readonly [number, number], shown = view): Lane => ({
      context,
      view: shown,
      width,
      top,
      height,
      colours: palette,
    });
    drawIdle(lane([LANES.signs[0], LANES.viewed[0] - LANES.signs[0]]), data.idle);
    drawRuler(lane(LANES.ruler), LANES.viewed[0]);
    if (activity !== null) drawActivity(lane(LANES.activity), activity);
    drawCommands(lane(LANES.commands), data.commands);
    drawScreens(lane(LANES.screens), data.alternate, data.resizes);
    drawFlags(lane(LANES.flags), data.markers, palette.marker);
    drawHits(lane(LANES.signs), data.hits);
    drawWarnings(lane(LANES.signs), data.discrepancies);
    drawOverview(lane(LANES.overview, whole(durationUs)), overview, view);
  }, [width, theme, view, data, activity, overview, durationUs]);

  const drawHead = useCallback(() => {
    if (width === 0) return;
    const context = prepared(head.current!, width);
    const palette = colours(box.current!);
    const { atUs } = playback.state();
    drawViewed({ context, view, width, top: LANES.viewed[0], height: LANES.viewed[1], colours: palette }, playback.covered());
    const x = Math.round(xOf(view, atUs, width));
    context.fillStyle = palette.head;
    if (x >= -1 && x <= width + 1) {
      context.fillRect(Math.min(width - 1, Math.max(0, x)), 2, 1.5, LANES.viewed[0] - 2);
      context.beginPath();
      context.moveTo(x - 5, 0);
      context.lineTo(x + 6, 0);
      context.lineTo(x + 0.5, 7);
      context.fill();
    }
    context.fillRect(xOf(whole(durationUs), atUs, width) - 0.5, LANES.overview[0], 1.5, LANES.overview[1]);
  }, [width, view, playback, durationUs]);
  useLayoutEffect(drawHead, [drawHead, theme]);
  useEffect(() => {
    let asked = false;
    return playback.subscribe(() => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        const { atUs, phase } = playback.state();
        const next = phase === 'playing' ? following(view, atUs, durationUs) : view;
        if (next !== view) onView(next);
        drawHead();
      });
    });
  }, [playback, drawHead, view, onView, durationUs]);

  const placeOf = (event: { readonly clientX: number; readonly clientY: number }): { x: number; y: number } => {
    const { left, top } = box.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const dragging = useRef<'seek' | 'pan' | null>(null);
  const pending = useRef<number | null>(null);
  /** One seek a picture, the newest one. */
  const seekSoon = (x: number): void => {
    const idle = pending.current === null;
    pending.current = x;
    if (!idle) return;
    requestAnimationFrame(() => {
      const wanted = pending.current!;
      pending.current = null;
      playback.seek(usOf(view, wanted, width, durationUs));
    });
  };
  const panTo = (x: number): void => {
    const middle = usOf(whole(durationUs), x, width, durationUs);
    onView(panned(view, middle - (view.fromUs + view.toUs) / 2, durationUs));
  };

  // React listens to wheels passively; this one zooms instead of scrolling the page.
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useLayoutEffect(() => {
    wheel.current = (event) => {
      event.preventDefault();
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        onView(panned(view, (sideways / Math.max(1, width)) * spanOf(view), durationUs));
        return;
      }
      const around = usOf(view, placeOf(event).x, width, durationUs);
      onView(zoomed(view, NOTCH ** (-event.deltaY / 100), around, durationUs));
    };
  });
  useEffect(() => {
    const element = box.current!;
    const listen = (event: WheelEvent): void => wheel.current(event);
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  }, []);

  const inOverview = (y: number): boolean => y >= LANES.overview[0] - 2;
  return (
    <div className="timeline-box">
      <div className="lane-names" aria-hidden="true">
        {NAMES.map(([name, middle]) => (
          <span key={name} style={{ top: `${String(middle)}px` }}>
            {name}
          </span>
        ))}
      </div>
      <div
        ref={box}
        className="timeline"
        role="slider"
        tabIndex={0}
        aria-label="Position in the recording"
        aria-valuemin={0}
        aria-valuemax={Math.max(1, Math.ceil(durationUs / 1000))}
        aria-valuenow={0}
        aria-orientation="horizontal"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const { x, y } = placeOf(event);
          dragging.current = inOverview(y) ? 'pan' : 'seek';
          if (dragging.current === 'pan') panTo(x);
          else seekSoon(x);
        }}
        onPointerMove={(event) => {
          const at = placeOf(event);
          setHover(at);
          if (dragging.current === 'seek') seekSoon(at.x);
          else if (dragging.current === 'pan') panTo(at.x);
        }}
        onPointerUp={() => {
          dragging.current = null;
        }}
        onPointerLeave={() => setHover(null)}
        onDoubleClick={() => onView(whole(durationUs))}
      >
        <canvas ref={lanes} aria-hidden="true" />
        <canvas ref={head} aria-hidden="true" />
        <SliderValue box={box} playback={playback} durationUs={durationUs} />
        {hover === null || width === 0 ? null : (
          <HoverNote
            data={data}
            activity={activity}
            view={inOverview(hover.y) ? whole(durationUs) : view}
            width={width}
            place={hover}
            zone={zone}
          />
        )}
      </div>
    </div>
  );
}

/** Keeps the slider's value without drawing the timeline anew. */
function SliderValue({
  box,
  playback,
  durationUs,
}: {
  readonly box: React.RefObject<HTMLDivElement | null>;
  readonly playback: TimelineClock;
  readonly durationUs: number;
}): null {
  useEffect(() => {
    const tell = (): void => {
      const { atUs } = playback.state();
      box.current?.setAttribute('aria-valuenow', String(Math.floor(atUs / 1000)));
      box.current?.setAttribute('aria-valuetext', `${formatOffset(atUs)} of ${spokenDuration(durationUs)}`);
    };
    tell();
    return playback.subscribe(tell);
  }, [box, playback, durationUs]);
  return null;
}

interface HoverNoteProps {
  readonly data: TimelineData;
  readonly activity: Activity | null;
  readonly view: View;
  readonly width: number;
  readonly place: { readonly x: number; readonly y: number };
  readonly zone: Zone;
}

function HoverNote({ data, activity, view, width, place, zone }: HoverNoteProps): React.JSX.Element {
  const { durationUs, startUs } = data;
  const atUs = usOf(view, place.x, width, durationUs);
  const under = ([top, height]: readonly [number, number]): boolean => place.y >= top && place.y < top + height;
  const texts: string[] = [];
  const look = (items: readonly Labelled[]): void => {
    const found = nearest(items, view, width, place.x, REACH);
    if (found !== null) texts.push(items[found]!.text);
  };
  if (under(LANES.flags)) look(data.markers);
  else if (under(LANES.signs)) {
    look(data.discrepancies);
    look(data.hits);
  } else if (under(LANES.commands)) {
    const last = data.commands.findLast((one) => xOf(view, one.atUs, width) <= place.x + REACH);
    if (last !== undefined) texts.push(last.text);
  } else if (under(LANES.activity) && activity !== null) {
    const bucket = bucketAt(activity, atUs);
    texts.push(`${formatBytes(activity.output[bucket]!)} output, ${formatBytes(activity.input[bucket]!)} input`);
  } else if (under(LANES.screens)) {
    look(data.resizes);
    if (data.alternate.some(({ fromUs, toUs }) => fromUs <= atUs && atUs <= toUs)) texts.push('alternate screen');
  }
  return (
    <div
      className="hover"
      style={{ left: `${String(Math.max(0, Math.min(width - 10, place.x)))}px` }}
      data-side={place.x > width / 2 ? 'left' : 'right'}
    >
      <strong>{formatOffset(atUs)}</strong>
      {startUs === null ? null : (
        <span className="faint">{` ${formatWall(startUs + atUs, zone)} ${zoneName(startUs + atUs, zone)}`}</span>
      )}
      {texts.map((text, i) => (
        <p key={i} className="cut">
          <Recorded text={text} />
        </p>
      ))}
    </div>
  );
}
