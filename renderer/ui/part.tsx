// A part of the window that stays as it was while another one is shown.

import { Activity } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';

/** A part that keeps what the user did in it while another one is shown. */
export function Part({ shown, children }: { readonly shown: boolean; readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <Activity mode={shown ? 'visible' : 'hidden'}>
      <div>
        <ErrorBoundary>{children}</ErrorBoundary>
      </div>
    </Activity>
  );
}
