// Which zone clocks are shown in: UTC or local time, one key apart, the same everywhere in the window.

import { createContext, use } from 'react';
import { formatInstant, type Zone } from './format.ts';

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
