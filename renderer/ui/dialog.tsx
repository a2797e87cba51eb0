// A modal dialog: the browser's own, which keeps the focus inside and gives it back, and closes on Escape. It begins at its first field,
// or at the button that is marked as what stands for one (`data-first`), or at its title. What was written in it is not thrown away by a slip: it
// asks first, and a click beside it closes only what asks for nothing.

import { useId, useLayoutEffect, useRef, useState } from 'react';
import { Button, IconButton } from './button.tsx';
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

/** Where something is written, and not only chosen. */
const isWritten = (element: EventTarget): boolean =>
  element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !['checkbox', 'radio', 'file', 'range'].includes(element.type));

export function Dialog({ title, children, footer, onClose, className, reads }: DialogProps): React.JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const written = useRef(false);
  const [leaving, setLeaving] = useState(false);
  const stay = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!leaving) return;
    const before = document.activeElement as HTMLElement | null;
    stay.current!.querySelector('button')!.focus();
    return () => before?.focus();
  }, [leaving]);
  useModal(ref, (dialog) => {
    const field = reads === true ? null : dialog.querySelector<HTMLElement>(FIRST_FIELD);
    (field ?? dialog.querySelector('h2')!).focus();
  });
  const leave = (): void => {
    if (written.current) setLeaving(!leaving);
    else onClose();
  };
  return (
    // The keys are those of any dialog.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={`dialog ${className ?? ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        leave();
      }}
      onKeyDown={(event) => {
        // Before the browser closes it: a second Escape it would not ask about.
        if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
        if ((event.target as Element).closest('dialog, [popover]') !== event.currentTarget) return;
        event.preventDefault();
        leave();
      }}
      onInput={(event) => {
        if (isWritten(event.target)) written.current = true;
      }}
      onMouseDown={(event) => {
        // Only the backdrop belongs to the dialog element itself.
        if (event.target === event.currentTarget && ref.current!.querySelector(FIRST_FIELD) === null) onClose();
      }}
    >
      <header>
        <h2 id={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label="Close" onClick={leave} />
      </header>
      {/* It scrolls where the window is small. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="body" tabIndex={0}>
        {children}
      </div>
      {leaving ? (
        <footer>
          <span className="note" role="alert">
            What you have written is not saved.
          </span>
          <span ref={stay}>
            <Button onClick={() => setLeaving(false)}>Go on writing</Button>
          </span>
          <Button look="danger" onClick={onClose}>
            Discard it
          </Button>
        </footer>
      ) : footer === undefined ? null : (
        <footer>{footer}</footer>
      )}
    </dialog>
  );
}
