// A modal dialog: the browser's own, which keeps the focus inside and gives it back, and closes on Escape. It begins at its first field,
// or at its title where it has none.

import { useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly children: React.ReactNode;
  readonly footer?: React.ReactNode;
  readonly onClose: () => void;
  readonly className?: string;
}

const FIRST_FIELD = '.body :is(input:checked, input:not([type="radio"], :disabled), select, textarea)';

export function Dialog({ title, children, footer, onClose, className }: DialogProps): React.JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    (dialog.querySelector<HTMLElement>(FIRST_FIELD) ?? dialog.querySelector('h2')!).focus();
    return () => dialog.close();
  }, []);
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
