// What nobody may overlook: the custody log is not the one that this computer signed last. It says what that means and what to do; an older
// copy that was put back on purpose is taken with a reason, a broken log is not.

import { useState } from 'react';
import type { VaultStatus } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { sentence } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded } from '../ui/recorded.tsx';

export interface CustodyBannerProps {
  readonly status: VaultStatus;
  readonly onStatus: (status: VaultStatus) => void;
  /** Leads to the custody log. */
  readonly onLook: () => void;
}

const WORDS = {
  'rolled-back': {
    title: 'This library is older than the one that this computer knows',
    what: 'Entries that were signed here are missing from the custody log: an older copy of the library was put in its place, by a restore or by somebody else.',
    todo: 'If you restored a backup yourself, say so. If not, do not go on: keep this library as it is and ask who had access to it.',
  },
  broken: {
    title: 'The custody log of this library is broken',
    what: 'An entry was changed, removed or put in after it was written. What the log says from there on proves nothing.',
    todo: 'Keep this library as it is, and verify the log to see the first broken entry. Restore a backup from before it to go on.',
  },
} as const;

export function CustodyBanner({ status, onStatus, onLook }: CustodyBannerProps): React.JSX.Element | null {
  const api = useApi();
  const [taking, setTaking] = useState(false);
  const { custody } = status;
  if (custody === null || custody.state === 'intact') return null;
  const { title, what, todo } = WORDS[custody.state];
  return (
    <div className="custody-banner" role="alert">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{title}</strong>
        </p>
        <p>{what}</p>
        {custody.why === '' ? null : (
          <p>
            <Recorded text={sentence(custody.why)} />
          </p>
        )}
        <p>{todo}</p>
      </div>
      <div className="buttons">
        <Button icon="custody" onClick={onLook}>
          Look at the custody log
        </Button>
        {custody.state === 'rolled-back' ? <Button onClick={() => setTaking(true)}>I put it back on purpose …</Button> : null}
      </div>
      {taking ? (
        <ReasonDialog
          title="Take this library as the newest"
          act="Take it"
          danger
          onAct={async (reason) => onStatus(await api.call('custody.accept', { reason }))}
          onDone={() => setTaking(false)}
          onClose={() => setTaking(false)}
        >
          <p>
            The custody log of this copy is pinned from now on. What stands in the newer log stays unknown to this library; that
            you took the older copy, and why, is its next entry.
          </p>
        </ReasonDialog>
      ) : null}
    </div>
  );
}
