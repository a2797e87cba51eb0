// The part of the window about how long recordings are kept: the clock that it goes by, policies, legal holds, what ends soon, and what was
// purged with its certificates. Nothing is deleted by hand here, and the page says why.

import { useCallback, useState } from 'react';
import type { RetentionState } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Instant } from '../ui/zone.tsx';
import { ClockWarning } from './clock.tsx';
import { Due } from './due.tsx';
import { Holds } from './holds.tsx';
import { Policies } from './policies.tsx';
import { Purges } from './purges.tsx';
import { SweepDialog } from './sweep-dialog.tsx';
import { useRetained } from './use-retention.ts';
import './retention.css';

export type RetentionTab = 'policies' | 'holds' | 'due' | 'purges';

export interface RetentionProps {
  readonly tab: RetentionTab;
  readonly onTab: (tab: RetentionTab) => void;
  /** The recording whose certificate is asked for; null: none. */
  readonly certificate: string | null;
  readonly onOpen: (session: string) => void;
  /** Leads to the list of sessions, where holds are placed. */
  readonly onSessions: () => void;
}

export function Retention({ tab, onTab, certificate, onOpen, onSessions }: RetentionProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useRetained(
    api,
    useCallback(() => api.call('retention.show', null), [api]),
  );
  const [sweeping, setSweeping] = useState(false);
  const group = 'Retention';
  useActions([
    { id: 'retention.policies', group, label: 'Show the policies', keys: ['p'], run: () => onTab('policies') },
    { id: 'retention.holds', group, label: 'Show the legal holds', keys: ['h'], run: () => onTab('holds') },
    { id: 'retention.due', group, label: 'Show what ends soon', keys: ['e'], run: () => onTab('due') },
    { id: 'retention.purges', group, label: 'Show what was purged', keys: ['u'], run: () => onTab('purges') },
    { id: 'retention.sweep', group, label: 'Show what the next sweep does …', keys: ['w'], run: () => setSweeping(true) },
  ]);
  return (
    <div className="retention-part">
      <header>
        <div>
          <h1>Retention</h1>
          <p className="soft why">
            A recording goes when its time is over: by the hourly sweep alone, with a signed certificate. There is no button that
            deletes one, so that nobody can take evidence away, and nobody has to prove that they did not. A legal hold stops the
            sweep.
          </p>
        </div>
        <Button icon="sync" title="What the next sweep does (W)" onClick={() => setSweeping(true)}>
          The next sweep …
        </Button>
      </header>
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      {value === null ? (
        slow && failure === null ? (
          <Skeleton lines={10} />
        ) : null
      ) : (
        <>
          {value.clock.warning === '' ? null : <ClockWarning clock={value.clock} />}
          <State state={value} />
          <Tabs
            label="Parts of retention"
            chosen={tab}
            onChoose={onTab}
            tabs={[
              { name: 'policies', label: 'Policies' },
              { name: 'holds', label: 'Legal holds', count: value.holds },
              { name: 'due', label: 'Ends soon' },
              { name: 'purges', label: 'Purged', count: value.purged },
            ]}
          >
            {tab === 'policies' ? (
              <Policies policies={value.policies} />
            ) : tab === 'holds' ? (
              <Holds onSessions={onSessions} />
            ) : tab === 'due' ? (
              <Due clock={value.clock} onOpen={onOpen} />
            ) : (
              <Purges asked={certificate} />
            )}
          </Tabs>
        </>
      )}
      {sweeping ? (
        <SweepDialog
          onCertificates={() => {
            setSweeping(false);
            onTab('purges');
          }}
          onClose={() => setSweeping(false)}
        />
      ) : null}
    </div>
  );
}

/** What stands and what the sweep did last, in one line of numbers. */
function State({ state }: { readonly state: RetentionState }): React.JSX.Element {
  const { clock, past, pastHeld, lastSweep } = state;
  return (
    <dl className="numbers">
      <div>
        <dt>Time that retention goes by</dt>
        <dd>
          <Instant at={clock.confirmed} />
        </dd>
        <dd className="soft">
          <Icon name="proven" />
          <Recorded text={`confirmed by ${clock.by}`} />
        </dd>
      </div>
      <div>
        <dt>Last sweep</dt>
        {lastSweep === null ? (
          <dd className="faint">none yet</dd>
        ) : (
          <>
            <dd>
              <Instant at={lastSweep.at} />
            </dd>
            <dd className="soft">
              {`${formatSome(lastSweep.looked, 'recording')} looked at, ${lastSweep.purged === 0 ? 'none' : formatCount(lastSweep.purged)} purged`}
            </dd>
          </>
        )}
      </div>
      <div>
        <dt>Past their time</dt>
        <dd>{formatSome(past + pastHeld, 'recording')}</dd>
        <dd className="soft">
          {past + pastHeld === 0
            ? 'the next sweep takes none'
            : `${past === 0 ? 'none' : formatCount(past)} ${past === 1 ? 'goes' : 'go'} with the next sweep, ${pastHeld === 0 ? 'none' : formatCount(pastHeld)} held`}
        </dd>
      </div>
    </dl>
  );
}
