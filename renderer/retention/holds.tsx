// Legal holds: what each holds, why, who placed it, how many recordings that is now; released with a reason. A released one stays readable.

import { useCallback, useState } from 'react';
import type { Hold } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import { useRetained } from './use-retention.ts';

export function Holds({ onSessions }: { readonly onSessions: () => void }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useRetained(
    api,
    useCallback(() => api.call('holds.list', { released: true }), [api]),
  );
  const [past, setPast] = useState(false);
  const [releasing, setReleasing] = useState<Hold | null>(null);
  if (failure !== null) return <FailureNotice failure={failure} again={again} />;
  if (value === null) return slow ? <Skeleton lines={6} /> : <div />;
  const inForce = value.filter(({ released }) => released === null);
  const gone = value.length - inForce.length;
  const shown = past ? value : inForce;
  if (value.length === 0)
    return (
      <Empty
        icon="hold"
        title="Nothing is held"
        actions={
          <Button look="primary" icon="sessions" onClick={onSessions}>
            Go to the sessions
          </Button>
        }
      >
        <p>
          A legal hold keeps recordings beyond their retention until somebody releases it. Place one on a session, a group or
          whatever fits a filter in the list of sessions, or on a case in the case.
        </p>
      </Empty>
    );
  return (
    <div className="holds">
      <div className="lead">
        <p className="soft">Held recordings stay, whatever the policies say. Place holds in the list of sessions or in a case.</p>
        {gone === 0 ? null : (
          <label className="check">
            <input type="checkbox" checked={past} onChange={(event) => setPast(event.target.checked)} />
            {`Show ${formatCount(gone)} released`}
          </label>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="faint nothing">No hold is in force.</p>
      ) : (
        <table className="retention-table">
          <thead>
            <tr>
              <th scope="col">Hold</th>
              <th scope="col">What it holds</th>
              <th scope="col">Why</th>
              <th scope="col">Who, when</th>
              <th scope="col" className="end">
                Recordings
              </th>
              <th scope="col">
                <span className="unseen">Release</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((hold) => (
              <Row key={hold.id} hold={hold} onRelease={() => setReleasing(hold)} />
            ))}
          </tbody>
        </table>
      )}
      {releasing === null ? null : (
        <ReasonDialog
          title={`Release ${releasing.id}`}
          act="Release the hold"
          danger
          onAct={(reason) => api.call('holds.release', { id: releasing.id, reason })}
          onDone={() => setReleasing(null)}
          onClose={() => setReleasing(null)}
        >
          <div className="said">
            <p>
              It holds <Recorded text={releasing.text} />: {formatSome(releasing.sessions, 'recording')} now.
            </p>
            <p>
              Those that are past their retention, and under no other hold, go with the next sweep. That cannot be undone; that it
              was released, by whom and why, stays readable.
            </p>
          </div>
        </ReasonDialog>
      )}
    </div>
  );
}

function Row({ hold, onRelease }: { readonly hold: Hold; readonly onRelease: () => void }): React.JSX.Element {
  const { id, text, reason, by, at, sessions, released } = hold;
  return (
    <tr className={released === null ? '' : 'ended'}>
      <td className="number">{id}</td>
      <td className="what">
        <Recorded text={text} />
      </td>
      <td className="what">
        <Recorded text={reason} />
        {released === null ? null : (
          <p className="end-of-it">
            <Icon name="unlock" />
            <span>
              <Recorded text={`Released by ${released.by}: ${released.reason}`} />
              <br />
              <Instant at={released.at} />
            </span>
          </p>
        )}
      </td>
      <td className="soft">
        <Recorded text={by} />
        <br />
        <Instant at={at} />
      </td>
      <td className="end">{released === null ? formatCount(sessions) : <span className="faint">–</span>}</td>
      <td className="end">
        {released === null ? (
          <Button look="quiet" aria-label={`Release ${id}`} onClick={onRelease}>
            Release …
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
