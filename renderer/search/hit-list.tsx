// Hits under the sessions that they lie in, as one list for the keyboard: Enter opens the moment, left and right go by session.

import { useMemo } from 'react';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatLasted, formatOffset, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { Instant } from '../ui/zone.tsx';
import { FIELDS } from './fields.ts';
import { HitStrip } from './pictures.tsx';
import { resultRows, type ResultRow } from './results.ts';

export interface HitListProps {
  readonly hits: readonly SearchHit[];
  readonly totals: ReadonlyMap<string, number>;
  readonly infos: ReadonlyMap<string, Session>;
  readonly onOpen: (hit: SearchHit) => void;
  readonly more: { readonly busy: boolean; readonly left: number; readonly onMore: () => void } | null;
}

const SESSION_ROW = 52;
const HIT_ROW = 28;

const isSession = ({ kind }: ResultRow): boolean => kind === 'session';

export function HitList({ hits, totals, infos, onOpen, more }: HitListProps): React.JSX.Element {
  const rows = useMemo(() => resultRows(hits, totals), [hits, totals]);
  return (
    <div className="hits">
      <VirtualList
        label="Hits"
        className="hit-list"
        items={rows}
        height={(row) => (isSession(row) ? SESSION_ROW : HIT_ROW)}
        rowClass={({ kind }) => kind}
        heads={isSession}
        takesFocus
        onChoose={(row) => onOpen(row.kind === 'hit' ? row.hit : row.first)}
        row={(row) =>
          row.kind === 'session' ? <SessionHead row={row} info={infos.get(row.id)} hits={hits} /> : <Hit hit={row.hit} />
        }
      />
      {more === null ? null : (
        <Button disabled={more.busy} onClick={more.onMore}>
          {more.busy ? 'Searching …' : `Show more of the ${formatCount(more.left)} left`}
        </Button>
      )}
    </div>
  );
}

interface SessionHeadProps {
  readonly row: ResultRow & { readonly kind: 'session' };
  readonly info: Session | undefined;
  readonly hits: readonly SearchHit[];
}

function SessionHead({ row, info, hits }: SessionHeadProps): React.JSX.Element {
  const times = useMemo(() => hits.filter(({ sessionId }) => sessionId === row.id).map(({ fromUs }) => fromUs), [hits, row.id]);
  const who = [info?.user ?? null, info?.server ?? null].filter((part) => part !== null).join(' on ');
  return (
    <>
      <span className="title cut">
        <Recorded text={info?.title ?? info?.command ?? row.id} />
        <span className="count">{formatSome(row.total, 'hit')}</span>
      </span>
      <span className="meta faint cut">
        {info === undefined ? null : (
          <>
            {who === '' ? null : (
              <>
                <Recorded text={who} />
                {', '}
              </>
            )}
            {info.startedAt === null ? null : (
              <>
                <Instant at={info.startedAt} />
                {', '}
              </>
            )}
            {formatLasted(info.durationUs)}
          </>
        )}
      </span>
      {info === undefined ? null : <HitStrip hits={times} durationUs={info.durationUs} />}
    </>
  );
}

export function Hit({ hit }: { readonly hit: SearchHit }): React.JSX.Element {
  const field = FIELDS[hit.in];
  return (
    <>
      <span className={`where field-${hit.in}`}>
        <Icon name={field.icon} />
        {field.label}
      </span>
      <span className="offset">{formatOffset(hit.fromUs)}</span>
      <span className="snippet mono cut">
        <Recorded text={hit.text} mark={{ start: hit.matchStart, length: hit.matchLength }} />
      </span>
    </>
  );
}

/** Sessions that could not be searched, by the reason. */
export function NotSearched({
  list,
  count,
}: {
  readonly list: readonly { readonly id: string; readonly reason: string }[];
  readonly count: number;
}): React.JSX.Element | null {
  if (list.length === 0) return null;
  const reasons = Map.groupBy(list, ({ reason }) => reason);
  return (
    <details className="not-searched">
      <summary>{`${formatSome(count, 'session')} could not be searched`}</summary>
      <ul>
        {[...reasons].map(([reason, members]) => (
          <li key={reason}>
            <Recorded text={reason} />
            {': '}
            <span className="mono">
              <Recorded text={members.map(({ id }) => id).join(', ')} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
