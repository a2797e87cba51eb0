// One exhibit as a bar on the case's clock, with what was seen of it and what was found in it; and the ruler over all bars. Places are shares
// of the width, so nothing is measured but the room for the ruler's labels.

import { useLayoutEffect, useRef, useState } from 'react';
import { SEVERITY_WORDS } from '../ui/annotation-text.ts';
import { formatDuration, formatOffset, formatSome, formatWall, zoneName } from '../ui/format.ts';
import { plainRecorded } from '../ui/recorded.tsx';
import { useZone } from '../ui/zone.tsx';
import { rulerMarks, shareAt, timeAt, type CaseAxis } from './case-axis.ts';
import type { Row } from './case-data.ts';

const percent = (share: number): string => `${String(Math.round(share * 100_000) / 1000)}%`;

const between = (from: number, to: number): React.CSSProperties => ({ left: percent(from), width: percent(to - from) });

export interface ExhibitLaneProps {
  readonly row: Row;
  readonly axis: CaseAxis;
  /** The finding that the keyboard has chosen; -1 for none. */
  readonly chosen: number;
  /** Opens the recording at a moment of it. */
  readonly onOpen: (atUs: number) => void;
}

/** The least width of a bar, and of what was seen in it, as shares. */
const LEAST_BAR = 0.004;
const LEAST_SEEN = 0.001;

export function ExhibitLane({ row, axis, chosen, onOpen }: ExhibitLaneProps): React.JSX.Element {
  const { time, part, findings, seen, exhibit, session } = row;
  if (time === null || exhibit.withdrawn !== null)
    return <span className="lane faint">{exhibit.withdrawn === null && session !== null ? 'its start is not known' : ''}</span>;
  const place = (offsetUs: number): number => shareAt(axis, time.fromUs + offsetUs - part.fromUs);
  const [from, to] = [shareAt(axis, time.fromUs), shareAt(axis, time.toUs)];
  const openAt = (event: React.MouseEvent): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const us = timeAt(axis, (event.clientX - left) / Math.max(1, width));
    if (us < time.fromUs || us > time.toUs) return;
    event.stopPropagation();
    onOpen(part.fromUs + us - time.fromUs);
  };
  return (
    // The keyboard opens findings from the row.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span className="lane" onClick={openAt}>
      {axis.gaps.map((gap) => (
        <span key={gap.from} className="gap" style={between(gap.from, gap.to)} />
      ))}
      <span className="bar" style={between(from, Math.max(from + LEAST_BAR, to))} />
      {seen.map(({ fromUs, toUs }) => (
        <span key={fromUs} className="seen" style={between(place(fromUs), Math.max(place(fromUs) + LEAST_SEEN, place(toUs)))} />
      ))}
      {findings
        .filter(({ anchor }) => anchor.toUs > anchor.fromUs)
        .map(({ id, anchor, severity }) => (
          <span
            key={id}
            className={`finding-span ${severity}`}
            style={between(place(anchor.fromUs), place(Math.min(anchor.toUs, part.toUs)))}
          />
        ))}
      {findings.map(({ id, anchor, severity, title }, i) => (
        // The keyboard opens findings from the row.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
        <span
          key={id}
          className={`finding ${severity} ${i === chosen ? 'chosen' : ''}`}
          style={{ left: percent(place(anchor.fromUs)) }}
          title={plainRecorded(`${SEVERITY_WORDS[severity]}, ${formatOffset(anchor.fromUs)}: ${title}`)}
          onClick={(event) => {
            event.stopPropagation();
            onOpen(anchor.fromUs);
          }}
        />
      ))}
      <span className="unseen">{formatSome(findings.length, 'annotation')}</span>
    </span>
  );
}

/** What a label needs, in CSS pixels. */
const LABEL = 88;

/** When each stretch begins, and how long the gaps between them are. */
export function CaseRuler({ axis }: { readonly axis: CaseAxis }): React.JSX.Element {
  const zone = useZone();
  const box = useRef<HTMLSpanElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  const [first] = axis.stretches;
  const days = new Set(axis.stretches.map(({ fromUs }) => formatWall(fromUs, zone).slice(0, 10)));
  const dayOf = (us: number): string => formatWall(us, zone).slice(0, 10);
  const marks = rulerMarks(axis, width, LABEL).map(({ us, share }, i, all) => {
    const wall = formatWall(us, zone);
    const clock = wall.endsWith(':00') ? wall.slice(11, 16) : wall.slice(11);
    // A day is named where it begins; one for all of them stands above.
    const named = i === 0 ? days.size > 1 : dayOf(all[i - 1]!.us) !== dayOf(us);
    return { share, text: named ? `${wall.slice(5, 10)} ${clock}` : clock };
  });
  return (
    <span ref={box} className="ruler">
      {first === undefined ? null : (
        <span className="zone">{`${days.size === 1 ? `${[...days][0]!} ` : ''}${zoneName(first.fromUs, zone)}`}</span>
      )}
      {marks.map(({ share, text }) => (
        <span key={share} className="mark" style={{ left: percent(share) }}>
          {text}
        </span>
      ))}
      {axis.gaps.map(({ from, to, lengthUs }) => (
        <span
          key={from}
          className="gap-length"
          style={{ left: percent((from + to) / 2) }}
          title={`${formatDuration(lengthUs)} without an exhibit`}
        >
          ⋯
        </span>
      ))}
    </span>
  );
}
