// A part of the window that breaks is replaced by what happened; the rest goes on.

import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Empty } from './notice.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div role="alert" className="broken">
        <Empty
          icon="warning"
          title="This part of the window broke"
          actions={<Button onClick={() => this.setState({ error: null })}>Show it again</Button>}
        >
          <p>{error.message}</p>
          <p className="soft">This is a fault in Exhibit: please report it. Your library is not affected.</p>
        </Empty>
      </div>
    );
  }
}
