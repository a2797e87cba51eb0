// A modal dialog: the browser's own, which keeps the focus inside and gives it back, and closes on Escape. It begins at its first field,
// or at the button that is marked as what stands for one (`data-first`), or at its title.

import { useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import { useModal } from './use-modal.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: React.ReactNode;
  readonly footer?: React.ReactNode;
  readonly onClose: () => void;
  readonly className?: string;
  /** It begins at its title all the same: what it says comes before what it asks. */
  readonly reads?: boolean;
}

const FIRST_FIELD = '.body :is(input:checked, input:not([type="radio"], [hidden], :disabled), select, textarea, [data-first])';

export function Dialog({ title, children, footer, onClose, className, reads }: DialogProps): React.JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useModal(ref, (dialog) => {
    const field = reads === true ? null : dialog.querySelector<HTMLElement>(FIRST_FIELD);
    (field ?? dialog.querySelector('h2')!).focus();
  });
  return (
    <dialog
      ref={ref}
      className={`dialog ${className ?? ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        // Only the backdrop belongs to the dialog element itself.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <header>
        <h2 id={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      {/* It scrolls where the window is small. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="body" tabIndex={0}>
        {children}
      </div>
      {footer === undefined ? null : <footer>{footer}</footer>}
    </dialog>
  );
}
