// Asks before something is taken away. What will be lost and what stays is said; nothing is done by Enter alone.

import { useRequest } from './answer.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FailureNotice } from './notice.tsx';

export interface ConfirmProps {
  readonly title: string;
  /** On the button that does it. */
  readonly act: string;
  readonly children: React.ReactNode;
  readonly onAct: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function Confirm({ title, act, children, onAct, onClose }: ConfirmProps): React.JSX.Element {
  const { busy, failure, ask } = useRequest(onClose);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      className="confirm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" disabled={busy} onClick={() => ask(onAct)}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
