// Which zone clocks are shown in: UTC or local time, one key apart, the same everywhere in the window.

import { createContext, use } from 'react';
import { epochOf, formatInstant, formatWall, UNKNOWN_TIME, type Zone } from './format.ts';

const ZoneContext = createContext<Zone>('utc');

export const ZoneProvider = ZoneContext;

export const useZone = (): Zone => use(ZoneContext);

/** An instant with its zone; the other zone is in the tooltip. */
export function Instant({ at, digits = 0 }: { readonly at: string | null; readonly digits?: number }): React.JSX.Element {
  const zone = useZone();
  if (at === null) return <span className="faint">unknown</span>;
  return (
    <time dateTime={at} title={formatInstant(at, zone === 'utc' ? 'local' : 'utc', 6)}>
      {formatInstant(at, zone, digits)}
    </time>
  );
}

/** The head of a column of clocks: it names their zone, and they do not. */
export const zonedLabel = (label: string, zone: Zone): string => `${label} (${zone === 'utc' ? 'UTC' : 'local'})`;

/** An instant under a head that names the zone; the other zone is in the tooltip. */
export function WallClock({ at }: { readonly at: string }): React.JSX.Element {
  const zone = useZone();
  const epoch = epochOf(at);
  return (
    <time dateTime={at} title={formatInstant(at, zone === 'utc' ? 'local' : 'utc', 6)}>
      {epoch === null ? UNKNOWN_TIME : formatWall(epoch, zone)}
    </time>
  );
}
