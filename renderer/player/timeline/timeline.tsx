// The timeline: what happened when, and where one stands. Two canvases lie on each other: the lanes, drawn when data or view change, and
// the head, drawn with every picture. Input is gathered until the next picture. For assistive technology it is a slider; all that it shows
// is listed as text beside it.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatOffset, spokenDuration, type Zone } from '../../ui/format.ts';
import type { Playback } from '../playback.ts';
import type { PlaybackState } from '../playback-machine.ts';
import { drawPresence, drawSigns } from './around-lanes.ts';
import { colours } from './colours.ts';
import { HoverNote, laneAt, markAt } from './hover-note.tsx';
import { planLanes, type Place } from './lane-plan.ts';
import {
  drawActivity,
  drawAnnotations,
  drawChange,
  drawCommands,
  drawFlags,
  drawHidden,
  drawHits,
  drawIdle,
  drawOverview,
  drawPending,
  drawRedactions,
  drawRuler,
  drawScreens,
  drawSeen,
  drawWarnings,
  type Activity,
  type Colours,
  type Lane,
} from './lanes.ts';
import { following, panned, spanOf, usOf, whole, xOf, zoomed, type View } from './scale.ts';
import type { TimelineData } from './timeline-data.ts';
import './timeline.css';

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
  /** The screen at a moment, small. */
  readonly thumbnail?: (atUs: number) => React.ReactNode;
  /** Where a mark was set that waits for its end. */
  readonly pendingUs?: number | null;
}

/** Room beside the lanes where marks on their first and last moment are drawn in full. */
const BLEED = 8;

/** A wheel's notch zooms by this. */
const NOTCH = 1.25;

/** A canvas of the box's size and its bleed, sharp on any display; empty. */
function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio;
  const wide = Math.round((width + 2 * BLEED) * ratio);
  const high = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.reset();
  context.setTransform(ratio, 0, 0, ratio, BLEED * ratio, 0);
  return context;
}

/** The colours as the theme has them: reading them costs more than drawing the head. */
function usePalette(box: React.RefObject<HTMLDivElement | null>, theme: number): () => Colours {
  const known = useRef<{ readonly theme: number; readonly colours: Colours } | null>(null);
  return useCallback(() => {
    if (known.current?.theme !== theme) known.current = { theme, colours: colours(box.current!) };
    return known.current.colours;
  }, [box, theme]);
}

export function Timeline(props: TimelineProps): React.JSX.Element {
  const { data, playback, view, onView, activity, overview, zone, thumbnail = null, pendingUs = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const lanes = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [theme, setTheme] = useState(0);
  const [hover, setHover] = useState<{ x: number; y: number; drag: boolean } | null>(null);
  const { durationUs } = data;
  const plan = useMemo(() => planLanes(data), [data]);
  const palette = usePalette(box, theme);

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
    const context = prepared(lanes.current!, width, plan.height);
    if (view.fromUs > 0) {
      // What stands before the visible part stays out of the bleed.
      context.beginPath();
      context.rect(0, 0, width + BLEED, plan.height);
      context.clip();
    }
    const lane = ([top, height]: Place, shown = view): Lane => ({ context, view: shown, width, top, height, colours: palette() });
    const { places } = plan;
    const bottom = places.viewed![0];
    const first = (places.annotations ?? places.markers!)[0];
    drawIdle(lane([first, bottom - first]), data.idle);
    drawRuler(lane(places.ruler!), bottom);
    if (activity !== null) {
      drawActivity(lane(places.activity!), activity);
      drawChange(lane(places.change!), activity);
    }
    drawCommands(lane(places.commands!), data.commands);
    drawScreens(lane(places.screen!), data.alternate, data.resizes);
    drawFlags(lane(places.markers!), data.markers, palette().marker);
    if (places.annotations !== undefined) drawAnnotations(lane(places.annotations), data.annotations);
    if (places.redactions !== undefined) drawRedactions(lane(places.redactions), data.redactions);
    drawSeen(lane(places.viewed!), data.seen);
    if (places.hidden !== undefined) drawHidden(lane(places.hidden), data.hidden);
    if (places.explicit !== undefined) drawSigns(lane(places.explicit), data.explicit, palette().explicit);
    if (places.audits !== undefined) drawSigns(lane(places.audits), data.audits, palette().audit);
    if (places.participants !== undefined) drawPresence(lane(places.participants), data.presence);
    if (places.control !== undefined) drawFlags(lane(places.control), data.control, palette().control);
    if (places.hits !== undefined) drawHits(lane(places.hits), data.hits);
    if (places.discrepancies !== undefined) drawWarnings(lane(places.discrepancies), data.discrepancies);
    drawOverview(lane(places.overview!, whole(durationUs)), overview, view);
  }, [width, palette, plan, view, data, activity, overview, durationUs]);

  const dragging = useRef<'seek' | 'pan' | null>(null);
  /** Where the pointer wants to be, until the playback is asked to be there. */
  const wanted = useRef<number | null>(null);
  const pump = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    pump.current = () => {
      if (wanted.current === null) return;
      if (playback.state().phase === 'seeking') {
        requestAnimationFrame(pump.current);
        return;
      }
      const x = wanted.current;
      wanted.current = null;
      playback.seek(usOf(view, x, width, durationUs));
    };
  });

  const drawHead = useCallback(() => {
    if (width === 0) return;
    const context = prepared(head.current!, width, plan.height);
    const { viewed, overview: all } = plan.places;
    const [bottom, height] = viewed!;
    const atUs = wanted.current === null ? playback.state().atUs : usOf(view, wanted.current, width, durationUs);
    const lane = (top: number, high: number): Lane => ({ context, view, width, top, height: high, colours: palette() });
    drawSeen(lane(bottom, height), playback.covered());
    if (pendingUs !== null) {
      const [top, high] = plan.places.annotations ?? plan.places.markers!;
      drawPending(lane(top, high), pendingUs, atUs);
    }
    const x = Math.round(xOf(view, atUs, width));
    context.fillStyle = palette().head;
    if (x >= -1 && x <= width + 1) {
      context.fillRect(Math.min(width - 1, Math.max(0, x)), 2, 1.5, bottom - 2);
      context.beginPath();
      context.moveTo(x - 5, 0);
      context.lineTo(x + 6, 0);
      context.lineTo(x + 0.5, 7);
      context.fill();
    }
    context.fillRect(xOf(whole(durationUs), atUs, width) - 0.5, all![0], 1.5, all![1]);
  }, [width, view, playback, durationUs, plan, palette, pendingUs]);
  useLayoutEffect(drawHead, [drawHead]);
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

  /** One seek at a time, and the newest wish next: each picture on the way is shown, however long the core takes for one. */
  const seekSoon = (x: number): void => {
    const idle = wanted.current === null;
    wanted.current = x;
    drawHead();
    if (idle) requestAnimationFrame(pump.current);
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

  const inOverview = (y: number): boolean => laneAt(plan, y) === 'overview';
  return (
    <div className="timeline-box">
      <div className="lane-names" aria-hidden="true">
        {plan.names.map(({ text, middle, colour }) => (
          <span key={text} style={{ top: `${String(middle)}px` }}>
            {text}
            <i data-lane={colour} />
          </span>
        ))}
      </div>
      <div
        ref={box}
        className="timeline"
        style={{ height: `${String(plan.height)}px` }}
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
          const mark = markAt({ data, plan, view, width, place: { x, y } });
          dragging.current = mark !== null ? null : inOverview(y) ? 'pan' : 'seek';
          if (mark !== null) playback.seek(mark);
          else if (dragging.current === 'pan') panTo(x);
          else seekSoon(x);
        }}
        onPointerMove={(event) => {
          const at = placeOf(event);
          setHover({ ...at, drag: dragging.current !== null });
          if (dragging.current === 'seek') seekSoon(at.x);
          else if (dragging.current === 'pan') panTo(at.x);
        }}
        onPointerUp={(event) => {
          dragging.current = null;
          setHover({ ...placeOf(event), drag: false });
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
            plan={plan}
            activity={inOverview(hover.y) ? overview : activity}
            thumbnail={hover.drag ? null : thumbnail}
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
