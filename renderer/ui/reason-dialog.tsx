// Asks for the reason of something that is kept for good: closing a case, retracting an annotation, withdrawing a redaction. Without a
// reason nothing is done.

import { useState } from 'react';
import { useRequest } from './answer.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ReasonField } from './fields.tsx';
import { FailureNotice } from './notice.tsx';

export interface ReasonDialogProps {
  readonly title: string;
  /** On the button that does it. */
  readonly act: string;
  readonly danger?: boolean;
  readonly children?: React.ReactNode;
  readonly onAct: (reason: string) => Promise<unknown>;
  /** It was done. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ReasonDialog({ title, act, danger, children, onAct, onDone, onClose }: ReasonDialogProps): React.JSX.Element {
  const [reason, setReason] = useState('');
  const { busy, failure, ask } = useRequest(onDone);
  const ready = reason.trim() !== '' && !busy;
  const run = (): void => {
    if (ready) ask(() => onAct(reason.trim()));
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      className="confirm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look={danger === true ? 'danger' : 'primary'} disabled={!ready} onClick={run}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      <div className="form">
        <ReasonField value={reason} onValue={setReason} onSubmit={run} />
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
