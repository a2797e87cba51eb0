// A small panel that a button opens: the browser's own popover, placed at its button, closed by Escape or a click beside it.

import { useId, useRef, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface MenuProps {
  readonly label: string;
  /** Shown in the button; where it is left out, the button shows its icon only. */
  readonly text?: React.ReactNode;
  readonly icon?: IconName;
  readonly className?: string;
  readonly look?: 'quiet' | 'primary';
  readonly children: React.ReactNode | ((close: () => void) => React.ReactNode);
  readonly buttonRef?: React.Ref<HTMLButtonElement>;
}

export function Menu({ label, text, icon, className, look = 'quiet', children, buttonRef }: MenuProps): React.JSX.Element {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => panel.current?.hidePopover();
  return (
    <>
      <button
        ref={buttonRef}
        type="button"
        className={`button ${look} ${text === undefined ? 'icon-only' : ''} ${className ?? ''}`}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={text === undefined ? label : undefined}
        title={label}
      >
        {icon === undefined ? null : <Icon name={icon} />}
        {text}
      </button>
      <div
        ref={panel}
        id={id}
        className="menu"
        popover="auto"
        role="dialog"
        aria-label={label}
        // Before it opens, so that its first field has the focus when the next key is pressed.
        onBeforeToggle={(event) => event.newState === 'open' && setOpen(true)}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open ? (typeof children === 'function' ? children(close) : children) : null}
      </div>
    </>
  );
}
