// Places a legal hold: on what, of what can be held from where one stands, and why.

import { useState } from 'react';
import type { Hold } from '../../shared/api/retention-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import type { HoldChoice } from './retention-text.ts';

export interface HoldDialogProps {
  readonly choices: readonly HoldChoice[];
  readonly onClose: () => void;
}

export function HoldDialog({ choices, onClose }: HoldDialogProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [chosen, setChosen] = useState(0);
  const [reason, setReason] = useState('');
  /** Placed already, where a later one failed: they are not placed again. */
  const [placed, setPlaced] = useState<readonly Hold[]>([]);
  const choice = choices[chosen]!;
  const { busy, failure, ask } = useRequest((holds: readonly Hold[]) => {
    onClose();
    const recordings = formatSome(
      holds.reduce((sum, { sessions }) => sum + sessions, 0),
      'recording',
    );
    announcer.toast({
      tone: 'good',
      text: `${holds.length === 1 ? `${holds[0]!.id} holds` : `${formatSome(holds.length, 'hold')} hold`} ${recordings} now.`,
    });
  });
  const ready = reason.trim() !== '' && !busy;
  const place = (): void => {
    if (!ready) return;
    ask(async () => {
      const done = [...placed];
      for (const scope of choice.scopes.slice(done.length)) {
        done.push(await api.call('holds.add', { scope, reason: reason.trim() }));
        setPlaced([...done]);
      }
      return done;
    });
  };
  return (
    <Dialog
      title="Place a legal hold"
      onClose={onClose}
      className="hold"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="hold" disabled={!ready} onClick={place}>
            {choice.scopes.length === 1 ? 'Place the hold' : `Place ${formatSome(choice.scopes.length, 'hold')}`}
          </Button>
        </>
      }
    >
      <div className="form">
        <p>No sweep takes what is held, whatever the policies say, until the hold is released with a reason.</p>
        <fieldset className="ways" disabled={busy || placed.length > 0}>
          <legend>On what</legend>
          {choices.map(({ label, note }, i) => (
            <label key={label} className="option wide">
              <input type="radio" name="scope" checked={i === chosen} onChange={() => setChosen(i)} />
              <span>
                {label}
                <span className="soft note-of">{note}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <ReasonField value={reason} onValue={setReason} onSubmit={place} placeholder="The matter, and who asked for it" />
        {failure === null ? null : <FailureNotice failure={failure} />}
        {failure === null || placed.length === 0 ? null : (
          <p className="soft">{`${formatSome(placed.length, 'hold')} of ${String(choice.scopes.length)} stand already; the others can be tried again.`}</p>
        )}
      </div>
    </Dialog>
  );
}
