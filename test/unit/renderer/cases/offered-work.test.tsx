// @vitest-environment jsdom
// Work on an offered bundle, as dialogs see it: how far it is, why it failed, and nothing of what was given up.

import { act, useEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useOfferedWork, type Offering, type OfferedWork } from '../../../../renderer/cases/offered-bundle.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const by = { supply: () => Promise.resolve(), onJob: () => undefined };
let work: OfferedWork;
function Dialog({ onDrawn }: { readonly onDrawn: (drawn: OfferedWork) => void }): null {
  const drawn = useOfferedWork(by);
  useEffect(() => {
    onDrawn(drawn);
  });
  return null;
}

let root: Root;
beforeEach(() => {
  root = createRoot(document.createElement('div'));
  act(() => root.render(<Dialog onDrawn={(drawn) => (work = drawn)} />));
});
afterEach(() => act(() => root.unmount()));

/** Begins work that ends when it is told to. */
function begin(done: (value: string) => void): PromiseWithResolvers<string> & { readonly offering: Offering } {
  const ending = Promise.withResolvers<string>();
  let given: Offering | null = null;
  act(() =>
    work.run((offering) => {
      given = offering;
      return ending.promise;
    }, done),
  );
  return { ...ending, offering: given! };
}

test('how far it is is told until it is done, and then what it gave', async () => {
  const done = vi.fn();
  const { resolve, offering } = begin(done);
  expect(work.reached).toEqual({ share: 0, detail: '' });
  act(() => offering.progress({ share: 0.4, detail: 'verify' }));
  expect(work.reached).toEqual({ share: 0.4, detail: 'verify' });
  await act(async () => resolve('made'));
  expect(done.mock.calls).toEqual([['made']]);
  expect([work.reached, work.failure]).toEqual([null, null]);
});

test('why it failed is told until it is tried again', async () => {
  const done = vi.fn();
  const failing = begin(done);
  await act(async () => failing.reject({ kind: 'refused', what: 'time stamp', why: 'it answers another request', todo: '' }));
  expect([work.reached, work.failure?.why]).toEqual([null, 'it answers another request']);
  begin(done);
  expect(work.failure).toBeNull();
  expect(done).not.toHaveBeenCalled();
});

test('of what was stopped, or overtaken, nothing more is heard', async () => {
  const done = vi.fn();
  const first = begin(done);
  act(() => work.stop());
  expect([first.offering.signal.aborted, work.reached]).toEqual([true, null]);
  await act(async () => first.resolve('late'));
  const second = begin(done);
  const third = begin(done);
  expect(second.offering.signal.aborted).toBe(true);
  act(() => second.offering.progress({ share: 0.9, detail: 'write' }));
  await act(async () => second.reject(new Error('late too')));
  expect([work.reached, work.failure]).toEqual([{ share: 0, detail: '' }, null]);
  expect(done).not.toHaveBeenCalled();
  await act(async () => third.resolve('made'));
  expect(done.mock.calls).toEqual([['made']]);
});

test('leaving ends what is under way', () => {
  const { offering } = begin(() => undefined);
  act(() => root.unmount());
  expect(offering.signal.aborted).toBe(true);
});
