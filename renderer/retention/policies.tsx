// The policies: for each source and environment how long the source keeps a recording, and how long this library does.

import { useCallback, useState } from 'react';
import type { Policy, StandingPolicy } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import { PolicyForm } from './policy-form.tsx';
import { ENVIRONMENTS, daysText, policyRows, withoutPolicy, type PolicyRow } from './retention-text.ts';

interface Setting {
  readonly row: PolicyRow;
  readonly keeper: Policy['keeper'];
}

export function Policies({ policies }: { readonly policies: readonly StandingPolicy[] }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(
    useCallback(async () => {
      const [added, facets] = await Promise.all([
        api.call('sources.list', null),
        api.call('history.facets', { filter: {}, fields: ['source'] }),
      ]);
      return [...added.map(({ name }) => name), ...facets.flatMap(({ values }) => values.map((one) => one.value))];
    }, [api]),
  );
  const [setting, setSetting] = useState<Setting | null>(null);
  if (failure !== null) return <FailureNotice failure={failure} again={again} />;
  if (value === null) return slow ? <Skeleton lines={8} /> : <div />;
  const rows = policyRows(value, policies);
  if (rows.length === 0)
    return (
      <Empty icon="retention" title="No policy yet">
        <p>Policies belong to sources. When a source is added or a recording imported, how long it is kept can be set here.</p>
      </Empty>
    );
  return (
    <div className="policies">
      <p className="soft lead">
        Days count from the end of a session. A session without an environment counts as production. Without days of its own, the
        library purges with the source. Where a source tells its days and people here say others, the fewer count.
      </p>
      <table className="retention-table">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Environment</th>
            <th scope="col">Kept at the source</th>
            <th scope="col">Kept in this library</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={`${row.source} ${row.environment}`} className={i % 2 === 0 ? 'first' : ''}>
              {i % 2 === 0 ? (
                <th scope="rowgroup" rowSpan={2}>
                  <Recorded text={row.source} />
                </th>
              ) : null}
              <td className="environment">{ENVIRONMENTS[row.environment]}</td>
              <Cell row={row} keeper="source" onSet={setSetting} />
              <Cell row={row} keeper="library" onSet={setSetting} />
            </tr>
          ))}
        </tbody>
      </table>
      {setting === null ? null : <PolicyForm {...setting} onClose={() => setSetting(null)} />}
    </div>
  );
}

function Cell({ row, keeper, onSet }: Setting & { readonly onSet: (setting: Setting) => void }): React.JSX.Element {
  const policy = keeper === 'source' ? row.there : row.here;
  const beside = keeper === 'library' ? null : row.there === row.told ? row.said : row.told;
  const where = keeper === 'source' ? 'at the source' : 'in this library';
  return (
    <td>
      <div className="policy-cell">
        <div>
          {policy === null ? (
            <span className="faint">{withoutPolicy(row, keeper)}</span>
          ) : (
            <strong>{daysText(policy.days)}</strong>
          )}
          {policy === null ? null : (
            <p className="soft">
              <Basis policy={policy} />
            </p>
          )}
          {beside === null ? null : (
            <p className="faint">
              {`Beside them: ${daysText(beside.days).toLowerCase()}, `}
              <Basis policy={beside} />
            </p>
          )}
        </div>
        <Button
          look="quiet"
          aria-label={`Set how long ${row.environment} sessions of ${plainRecorded(row.source)} are kept ${where}`}
          onClick={() => onSet({ row, keeper })}
        >
          Set …
        </Button>
      </div>
    </td>
  );
}

/** How days came to be: by the source's own word, or by somebody's, for a reason. */
function Basis({ policy: { basis, plan, reason, by, at } }: { readonly policy: Policy }): React.JSX.Element {
  if (basis === 'told') return <>told by the source</>;
  return (
    <>
      <Recorded text={`${plan === null ? '' : `its plan “${plan}”: `}${reason}, ${by}, `} />
      <Instant at={at} />
    </>
  );
}
