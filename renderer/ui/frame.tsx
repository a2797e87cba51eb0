// The window's frame: rail, top bar, content, with landmarks and a link past the rail.

import { useEffect } from 'react';
import { Brand } from './brand.tsx';
import { focusContent } from './focus.ts';
import { Icon, type IconName } from './icon.tsx';

export interface Place {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  readonly keys: string;
}

export interface FrameProps {
  readonly places: readonly Place[];
  readonly current: string;
  readonly onPlace: (name: string) => void;
  readonly top: React.ReactNode;
  /** What must be seen wherever one is; stands over the content. */
  readonly banner?: React.ReactNode;
  readonly children: React.ReactNode;
}

export function Frame({ places, current, onPlace, top, banner, children }: FrameProps): React.JSX.Element {
  return (
    <div className="frame">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          focusContent();
        }}
      >
        Skip to the content
      </a>
      <nav className="rail" aria-label="Parts of the window">
        <Brand />
        {places.map(({ name, label, icon, keys }) => (
          <button
            key={name}
            type="button"
            aria-current={name === current ? 'page' : undefined}
            title={`${label} (Alt+${keys.slice(-1)})`}
            onClick={() => onPlace(name)}
          >
            <Icon name={icon} />
            {label}
          </button>
        ))}
      </nav>
      <header className="top">{top}</header>
      <div className="banner">{banner}</div>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

/** Whether the focus stays: where text is typed, and where the part that is shown now has put it or kept it. */
function keepsFocus(element: Element | null): boolean {
  if (element === null) return false;
  const within = element.closest('#content') !== null && element.id !== 'content';
  return element.matches('input, textarea') || (within && element.checkVisibility());
}

/**
 * Names the page after the place that is shown, puts the focus into a place that one has come to, also through the door, and closes the
 * menus of the one before.
 */
export function useArrival(place: object, title: string): void {
  useEffect(() => {
    document.title = title;
    for (const menu of document.querySelectorAll<HTMLElement>(':popover-open')) menu.hidePopover();
    if (!keepsFocus(document.activeElement)) focusContent();
  }, [place, title]);
}
