// How hits lie over users, servers, sources, origins and environments. A value narrows the query; pressed, it widens it again.

import type { SearchFacet } from '../../shared/api/search-shapes.ts';
import { formatCount, formatSome } from '../ui/format.ts';
import { Recorded } from '../ui/recorded.tsx';
import { narrowed, widened } from './query-text.ts';

const LABELS: Readonly<Record<SearchFacet['name'], string>> = {
  user: 'User',
  server: 'Server',
  source: 'Source',
  origin: 'Origin',
  env: 'Environment',
};

/** Values shown of each. */
const SHOWN = 8;

export interface FacetsProps {
  readonly facets: readonly SearchFacet[];
  readonly query: string;
  readonly onQuery: (text: string) => void;
}

export function Facets({ facets, query, onQuery }: FacetsProps): React.JSX.Element | null {
  const told = facets.filter(({ values }) => values.length > 0);
  if (told.length === 0) return null;
  return (
    <dl className="facets" aria-label="Narrow to">
      {told.map(({ name, values, more }) => (
        <div key={name}>
          <dt>{LABELS[name]}</dt>
          {values.slice(0, SHOWN).map(({ value, hits, sessions }) => {
            const without = widened(query, name, value);
            return (
              <dd key={value}>
                <button
                  type="button"
                  className="button quiet"
                  aria-pressed={without !== null}
                  title={`${formatSome(hits, 'hit')} in ${formatSome(sessions, 'session')}`}
                  onClick={() => onQuery(without ?? narrowed(query, name, value))}
                >
                  <Recorded text={value} />
                  <span className="count">{formatCount(hits)}</span>
                </button>
              </dd>
            );
          })}
          {values.length + more > SHOWN ? (
            <dd className="faint">{`and ${formatCount(values.length + more - SHOWN)} more`}</dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}
