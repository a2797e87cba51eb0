// The clocks: offset, and recorded wall time with its zone. Written straight into their elements: they
// change with every picture, and nothing else has to.

import { useEffect, useRef } from 'react';
import { formatOffset, formatWall, zoneName, type Zone } from '../ui/format.ts';
import type { Playback } from './playback.ts';

export interface ClocksProps {
  readonly playback: Playback;
  readonly durationUs: number;
  readonly startUs: number | null;
  readonly zone: Zone;
}

export function Clocks({ playback, durationUs, startUs, zone }: ClocksProps): React.JSX.Element {
  const offset = useRef<HTMLSpanElement>(null);
  const wall = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const write = (): void => {
      const { atUs } = playback.state();
      offset.current!.textContent = formatOffset(atUs);
      wall.current!.textContent =
        startUs === null ? 'start not recorded' : `${formatWall(startUs + atUs, zone, 3)} ${zoneName(startUs + atUs, zone)}`;
    };
    write();
    return playback.subscribe(write);
  }, [playback, startUs, zone]);
  return (
    <div className="clocks">
      <span className="offset">
        <span ref={offset} className="now" />
        <span className="faint">{` / ${formatOffset(durationUs)}`}</span>
      </span>
      <span ref={wall} className="wall" title="Recorded wall time; Z switches between UTC and local time" />
    </div>
  );
}
