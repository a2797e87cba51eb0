// What is left when the core cannot be reached any more.

import { Icon } from './icon.tsx';

export function NotConnected({ why }: { readonly why: string }): React.JSX.Element {
  return (
    <main className="door">
      <div className="card" role="alert">
        <h1>
          <Icon name="warning" />
          Not connected
        </h1>
        <p>{why}</p>
      </div>
    </main>
  );
}
