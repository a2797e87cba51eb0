// A question to the core and what became of it. A late answer to an older question is dropped; the last good value stays while a
// newer one is awaited, so that nothing flickers; `slow` turns true when the wait begins to show (and not before).

import { useCallback, useEffect, useRef, useState } from 'react';

/** A failure as people meet it: shared/api/errors.ts. */
export interface FailureText {
  readonly kind: string;
  readonly what: string;
  readonly why: string;
  readonly todo: string;
}

export function failureOf(error: unknown): FailureText {
  const { kind, what, why, todo } = (error ?? {}) as Partial<FailureText>;
  if (typeof kind === 'string' && typeof what === 'string' && typeof why === 'string')
    return { kind, what, why, todo: todo ?? '' };
  return { kind: 'bug', what: 'Exhibit', why: error instanceof Error ? error.message : String(error), todo: '' };
}

/** Below this, a wait is not shown: it would only flash. Milliseconds. */
const SLOW = 150;

export interface Answer<T> {
  /** The newest value, or null before the first. */
  readonly value: T | null;
  readonly failure: FailureText | null;
  readonly waiting: boolean;
  readonly slow: boolean;
  /** Asks again. */
  readonly again: () => void;
}

/** Asks when shown and whenever `ask` changes (give it a stable function). */
export function useAnswer<T>(ask: () => Promise<T>): Answer<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const [waiting, setWaiting] = useState(true);
  const [slow, setSlow] = useState(false);
  const generation = useRef(0);
  const question = useCallback((): (() => void) => {
    const mine = ++generation.current;
    setWaiting(true);
    const timer = setTimeout(() => setSlow(true), SLOW);
    const ended = (): boolean => {
      clearTimeout(timer);
      if (mine !== generation.current) return false;
      setWaiting(false);
      setSlow(false);
      return true;
    };
    ask().then(
      (answer) => {
        if (!ended()) return;
        setValue(() => answer);
        setFailure(null);
      },
      (error: unknown) => {
        if (ended()) setFailure(failureOf(error));
      },
    );
    return () => {
      clearTimeout(timer);
      generation.current++;
    };
  }, [ask]);
  useEffect(() => question(), [question]);
  const again = useCallback(() => {
    question();
  }, [question]);
  return { value, failure, waiting, slow, again };
}

export interface Request<T> {
  readonly busy: boolean;
  /** Of the last one. */
  readonly failure: FailureText | null;
  readonly ask: (question: () => Promise<T>) => void;
}

/** Something that the core is asked to do when somebody wants it, as by the button of a dialog. */
export function useRequest<T>(onDone: (value: T) => void): Request<T> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const ask = (question: () => Promise<T>): void => {
    setBusy(true);
    setFailure(null);
    question()
      .then(onDone, (error: unknown) => setFailure(failureOf(error)))
      .finally(() => setBusy(false));
  };
  return { busy, failure, ask };
}
