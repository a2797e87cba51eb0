// What the desktop shell's preload shows to the page, and the contract's port over it. The bridge itself knows nothing: it carries a
// name and an input to the main process, which checks them, and events back. Its answers are those of wire.ts.

import { asExhibitError } from './errors.ts';
import type { Port } from './wire.ts';

export interface Bridge {
  /** Resolves with an answer, `{output}` or `{failure}`. Rejects when the main process refuses the sender. */
  invoke(name: string, input: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  on(name: string, listener: (value: unknown) => void): () => void;
}

export function bridgePort(bridge: Bridge, eventNames: readonly string[]): Port {
  let receive: (message: unknown) => void = () => undefined;
  return {
    post: (message) => {
      const { id, name, input } = message as { id: number; name: string; input: unknown };
      bridge.invoke(name, input).then(
        (answer) => receive({ ...(answer as object), id }),
        (error: unknown) => receive({ id, failure: asExhibitError(error, name).failure }),
      );
    },
    onMessage: (listener) => {
      receive = listener;
      for (const event of eventNames) bridge.on(event, (value) => listener({ event, value }));
    },
    // The bridge lives as long as the page: when the core ends, its calls answer with the failure.
    onClose: () => undefined,
  };
}
