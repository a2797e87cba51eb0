// A dialog over a job: while it runs it can be cancelled, or left to go on without the dialog.

import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export interface JobDialogProps {
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
  readonly onCancel: () => void;
  readonly onClose: () => void;
}

export function JobDialog(props: JobDialogProps): React.JSX.Element {
  const { running, title, className, note, cancel, ended, children, onCancel, onClose } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      className={className}
      footer={
        running ? (
          <>
            <span className="note">{note}</span>
            <Button onClick={onCancel}>{cancel}</Button>
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
