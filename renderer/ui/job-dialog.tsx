// A dialog over a job: while it runs it can be cancelled, or left to go on without the dialog.

import { useApi } from '../api.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { useAnnouncer } from './toasts.tsx';

export interface JobDialogProps {
  /** Of the job. */
  readonly id: string;
  readonly running: boolean;
  readonly title: string;
  readonly className: string;
  /** What closing does while it runs. */
  readonly note: string;
  /** The words of the button that cancels it. */
  readonly cancel: string;
  /** Stands before Close when it has ended. */
  readonly ended?: React.ReactNode;
  readonly children: React.ReactNode;
  readonly onClose: () => void;
}

export function JobDialog(props: JobDialogProps): React.JSX.Element {
  const { id, running, title, className, note, cancel, ended, children, onClose } = props;
  const api = useApi();
  const announcer = useAnnouncer();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      className={className}
      footer={
        running ? (
          <>
            <span className="note">{note}</span>
            <Button onClick={() => void api.call('jobs.cancel', { job: id }).catch(announcer.fail)}>{cancel}</Button>
            <Button look="primary" onClick={onClose}>
              Go on in the background
            </Button>
          </>
        ) : (
          <>
            {ended}
            <Button look="primary" onClick={onClose}>
              Close
            </Button>
          </>
        )
      }
    >
      {children}
    </Dialog>
  );
}
