// The window's frame: rail, top bar, content, with landmarks and a link past the rail.

import { Brand } from './brand.tsx';
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
  readonly children: React.ReactNode;
}

export function Frame({ places, current, onPlace, top, children }: FrameProps): React.JSX.Element {
  return (
    <div className="frame">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('content')?.focus();
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
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
