// How long a recording is kept, in a cell or a line: what is left here and at its source, that it is held, that its source has it no more, that
// it was purged. Time left goes by the clock that retention goes by (docs/retention.md), never by the page's own; while that is not known, the
// end itself is told.

import { createContext, use } from 'react';
import { epochOf, formatInstant, formatWall, type Zone } from './format.ts';
import { Icon } from './icon.tsx';
import { endsSoon, formatLeft, leftUntil } from './time-left.tsx';
import { useZone } from './zone.tsx';

/** The shape of the contract's retention mark (shared/api/shapes.ts). */
export interface RetentionText {
  readonly sourceUntil: string | null;
  readonly libraryUntil: string | null;
  readonly held: boolean;
  readonly goneAtSource: boolean;
  readonly purgedAt: string | null;
}

const NowContext = createContext<number | null>(null);

/** Microseconds since 1970 UTC by the clock that retention goes by; null while it is not known. */
export const NowProvider = NowContext;

/** The day of an end. */
function dayOf(until: string, zone: Zone): string {
  const epoch = epochOf(until);
  return epoch === null ? 'unknown' : formatWall(epoch, zone).slice(0, 10);
}

/** The time that is left here, or why none is told. `brief`: a hold shows its sign alone. */
export function KeptHere({ mark, brief }: { readonly mark: RetentionText; readonly brief?: boolean }): React.JSX.Element {
  const zone = useZone();
  const { libraryUntil, held, purgedAt } = mark;
  if (purgedAt !== null)
    return (
      <span className="kept">
        <span className="badge" title={`Purged ${formatInstant(purgedAt, zone)}: its retention had ended`}>
          <Icon name="purged" />
          Purged
        </span>
      </span>
    );
  return (
    <span className="kept">
      <Left until={libraryUntil} held={held} />
      {held ? (
        <span className="badge held" title="Under a legal hold: no sweep takes it">
          <Icon name="hold" />
          {brief === true ? <span className="unseen">, held</span> : 'Held'}
        </span>
      ) : null}
    </span>
  );
}

function Left({ until, held }: { readonly until: string | null; readonly held: boolean }): React.JSX.Element {
  const now = use(NowContext);
  const zone = useZone();
  if (until === null)
    return (
      <span className="faint" title="No policy ends it here">
        no end
      </span>
    );
  const left = leftUntil(until, now);
  const end = formatInstant(until, zone);
  if (left === null) return <span title={`Kept here until ${end}`}>{dayOf(until, zone)}</span>;
  if (left > 0)
    return (
      <span className={!held && endsSoon(left) ? 'caution' : ''} title={`Kept here until ${end}`}>
        {formatLeft(left)}
      </span>
    );
  return (
    <span className={held ? 'faint' : 'caution'} title={`Its retention ended ${end}`}>
      {held ? 'past' : 'next sweep'}
    </span>
  );
}

/** The time that is left at the source, or that it has the recording no more. */
export function KeptAtSource({ mark }: { readonly mark: RetentionText }): React.JSX.Element {
  const now = use(NowContext);
  const zone = useZone();
  const { sourceUntil, goneAtSource } = mark;
  if (goneAtSource)
    return (
      <span className="badge" title="Its source has it no more; this library holds it by its own policy or a hold">
        <Icon name="gone" />
        Gone
      </span>
    );
  if (sourceUntil === null) return <span className="faint">not known</span>;
  const left = leftUntil(sourceUntil, now);
  const end = `There until ${formatInstant(sourceUntil, zone)}`;
  if (left === null) return <span title={end}>{dayOf(sourceUntil, zone)}</span>;
  return (
    <span className={left <= 0 ? 'faint' : endsSoon(left) ? 'caution' : ''} title={end}>
      {left <= 0 ? 'over' : formatLeft(left)}
    </span>
  );
}
