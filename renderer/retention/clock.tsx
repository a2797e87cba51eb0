// What is said when this computer's clock and the time that retention goes by differ: why, what it means, and how a person who knows better
// says so, with a reason.

import { useState } from 'react';
import type { RetentionClock } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { Icon } from '../ui/icon.tsx';
import { sentence } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';

export function ClockWarning({ clock }: { readonly clock: RetentionClock }): React.JSX.Element {
  const api = useApi();
  const [confirming, setConfirming] = useState(false);
  const times = (
    <Facts
      facts={[
        ['This computer says', <Instant key="wall" at={clock.wall} />],
        ['Confirmed', <Instant key="confirmed" at={clock.confirmed} />],
      ]}
    />
  );
  return (
    <div className="clock-warning" role="alert">
      <div className="notice caution">
        <Icon name="warning" />
        <div>
          <p>
            <strong>This computer’s clock and the confirmed time differ</strong>
          </p>
          <p>
            <Recorded text={sentence(clock.warning)} />
          </p>
          {times}
        </div>
        <Button icon="clock" onClick={() => setConfirming(true)}>
          The clock is right …
        </Button>
      </div>
      {confirming ? (
        <ReasonDialog
          title="Say that this computer’s clock is right"
          act="It is right"
          danger
          onAct={(reason) => api.call('retention.confirmTime', { reason })}
          onDone={() => setConfirming(false)}
          onClose={() => setConfirming(false)}
        >
          <div className="said">
            <p>
              Compare it with a clock that you trust. Retention goes by this time then, and what has ended by it goes with the
              next sweep: purging cannot be undone. A source that answers confirms the time by itself.
            </p>
            {times}
          </div>
        </ReasonDialog>
      ) : null}
    </div>
  );
}
