// The fields of a dialog that Enter sends, whichever of them has the focus: a form without a button to submit it would not be sent from one
// of several fields, and the button that people see stands in the dialog's foot.

export interface FormProps {
  /** Nothing is sent before it is. */
  readonly ready: boolean;
  readonly onSubmit: () => void;
  readonly className?: string;
  readonly onKeyDown?: React.KeyboardEventHandler;
  readonly children: React.ReactNode;
}

export function Form({ ready, onSubmit, className, onKeyDown, children }: FormProps): React.JSX.Element {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      className={className === undefined ? 'form' : `form ${className}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSubmit();
      }}
      onKeyDown={onKeyDown}
    >
      {children}
      <button type="submit" hidden disabled={!ready} />
    </form>
  );
}
