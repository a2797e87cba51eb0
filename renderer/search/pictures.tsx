// Where hits lie: over wall time for all of them, and inside one session. Each picture is also said in words.

import type { SearchHistogram } from '../../shared/api/search-shapes.ts';
import { formatSome, formatWall, zoneName, type Zone } from '../ui/format.ts';

const HEIGHT = 36;

export function HitHistogram({ data, zone }: { readonly data: SearchHistogram; readonly zone: Zone }): React.JSX.Element {
  const { counts, fromUs, barUs, undated } = data;
  const toUs = fromUs + barUs * counts.length;
  const most = Math.max(...counts);
  const name = (at: number): string => `${formatWall(at, zone)} ${zoneName(at, zone)}`;
  const one = counts.length === 1;
  const label = one ? `All at ${name(fromUs)}` : `From ${name(fromUs)} to ${name(toUs)}`;
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${String(counts.length * 4)} ${String(HEIGHT)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Hits over time. ${label}`}
      >
        {counts.map((count, i) =>
          count === 0 ? null : (
            <rect
              key={i}
              x={i * 4}
              width={3}
              y={HEIGHT - Math.max(2, (count / most) * HEIGHT)}
              height={Math.max(2, (count / most) * HEIGHT)}
            >
              <title>{formatSome(count, 'hit')}</title>
            </rect>
          ),
        )}
      </svg>
      <figcaption>
        <span>{name(fromUs)}</span>
        {undated === 0 ? null : <span>{`${formatSome(undated, 'hit')} without a date`}</span>}
        {one ? null : <span>{name(toUs)}</span>}
      </figcaption>
    </figure>
  );
}

export function HitStrip({
  hits,
  durationUs,
}: {
  readonly hits: readonly number[];
  readonly durationUs: number;
}): React.JSX.Element {
  return (
    <svg className="strip" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">
      <rect className="track" x={0} y={5} width={200} height={2} />
      {hits.map((at, i) => (
        <rect
          key={i}
          className="tick"
          x={durationUs === 0 ? 0 : Math.min(198, (at / durationUs) * 198)}
          y={0}
          width={2}
          height={12}
        />
      ))}
    </svg>
  );
}
