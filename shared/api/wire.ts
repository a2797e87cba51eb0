// Serves an Api on a port and connects to one. A port is anything that carries structured messages both ways: Electron's
// message port, a web socket with frames.ts in between, two ends of a channel in a test. Both ends parse what arrives.

import type { z } from 'zod';
import {
  contract,
  events,
  isCallName,
  isEventName,
  type Api,
  type CallName,
  type EventName,
  type EventValue,
  type Input,
  type Output,
} from './contract.ts';
import { ERROR_KINDS, ExhibitError, asExhibitError, type ErrorKind, type Failure } from './errors.ts';

export interface Port {
  post(message: unknown): void;
  /** Called for every message that arrives. Set once, before the first one. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
}

interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Answer = { readonly id: number } & ({ readonly output: unknown } | { readonly failure: Failure });

function isCall(message: unknown): message is CallMessage {
  const call = message as Partial<CallMessage> | null;
  return typeof call === 'object' && call !== null && Number.isSafeInteger(call.id) && typeof call.name === 'string';
}

/** What does not fit, in a sentence: `number is empty`. */
function whyNot(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? 'what was asked' : issue.path.map(String).join('.');
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return `${place} is ${issue.minimum === 1 ? 'empty' : 'too short'}`;
    return issue.origin === 'array' ? `${place} has too few entries` : `${place} is below ${String(issue.minimum)}`;
  }
  if (issue.code === 'too_big') {
    const most = String(issue.maximum);
    if (issue.origin === 'string') return `${place} is longer than ${most} characters`;
    return issue.origin === 'array' ? `${place} has more than ${most} entries` : `${place} is above ${most}`;
  }
  return `${place}: ${issue.message}`;
}

/**
 * Calls a row with its input and output checked. The input is checked before anything happens: a message that does not fit
 * its schema never reaches the core.
 */
export async function checkedCall(api: Api, name: string, input: unknown): Promise<unknown> {
  if (!isCallName(name)) throw new ExhibitError('usage', 'call', `there is no call named ${JSON.stringify(name.slice(0, 80))}`);
  const row = contract[name];
  const parsed = row.input.safeParse(input);
  if (!parsed.success) {
    throw new ExhibitError('usage', name, whyNot(parsed.error.issues[0]!), 'correct it and try again');
  }
  const output = await api.call(name, parsed.data);
  return row.output.parse(output);
}

/** Serves `api` on `port` until the port closes. Rows that take paths of this machine are not served. */
export function serve(api: Api, port: Port): void {
  const unsubscribe = (Object.keys(events) as EventName[]).map((event) =>
    api.on(event, (value) => {
      port.post({ event, value });
    }),
  );
  port.onClose(() => {
    for (const stop of unsubscribe) stop();
  });
  port.onMessage((message) => {
    if (!isCall(message)) return;
    const { id, name, input } = message;
    const answer = async (): Promise<Answer> => {
      try {
        if (isCallName(name) && contract[name].reach === 'local') {
          throw new ExhibitError('usage', name, 'paths of this machine are taken from the command line only');
        }
        return { id, output: await checkedCall(api, name, input) };
      } catch (error) {
        return { id, failure: asExhibitError(error, name).failure };
      }
    };
    void answer().then((reply) => {
      port.post(reply);
    });
  });
}

/** An Api at the other end of a port. When the port closes, calls under way fail and later ones do too. */
export function connect(port: Port): Api {
  let lastId = 0;
  let closed = false;
  const waiting = new Map<number, { name: CallName; resolve: (output: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<EventName, Set<(value: unknown) => void>>();

  const lost = (name: string): ExhibitError =>
    new ExhibitError('bug', name, 'the connection to the core was lost', 'close Exhibit and start it again');

  port.onClose(() => {
    closed = true;
    for (const { name, reject } of waiting.values()) reject(lost(name));
    waiting.clear();
  });

  port.onMessage((message) => {
    const answer = message as { id?: unknown; output?: unknown; failure?: Failure; event?: unknown; value?: unknown };
    if (isEventName(answer.event)) {
      const parsed = events[answer.event].safeParse(answer.value);
      if (parsed.success) for (const listener of listeners.get(answer.event) ?? []) listener(parsed.data);
      return;
    }
    const call = waiting.get(answer.id as number);
    if (call === undefined) return;
    waiting.delete(answer.id as number);
    if (answer.failure !== undefined) {
      const { kind, what, why, todo } = answer.failure;
      call.reject(new ExhibitError(ERROR_KINDS.includes(kind) ? kind : ('bug' satisfies ErrorKind), what, why, todo));
      return;
    }
    const parsed = contract[call.name].output.safeParse(answer.output);
    if (parsed.success) call.resolve(parsed.data);
    else
      call.reject(
        new ExhibitError(
          'bug',
          call.name,
          `the answer does not fit the contract (${parsed.error.issues[0]?.path.join('.') ?? ''})`,
        ),
      );
  });

  return {
    call: <K extends CallName>(name: K, input: Input<K>): Promise<Output<K>> => {
      if (closed) return Promise.reject(lost(name));
      const id = ++lastId;
      return new Promise<Output<K>>((resolve, reject) => {
        waiting.set(id, { name, resolve: resolve as (output: unknown) => void, reject });
        port.post({ id, name, input } satisfies CallMessage);
      });
    },
    on: <E extends EventName>(name: E, listener: (value: EventValue<E>) => void): (() => void) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (value: unknown) => void);
      return () => set.delete(listener as (value: unknown) => void);
    },
  };
}
