// @vitest-environment jsdom
// Where the user is, with a way back; nothing that was looked at goes into the browser's history.

import { act, useLayoutEffect } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useRoutes, type Routes } from '../../../../renderer/ui/routes.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root;
let routes: Routes<string>;

function Page({ seen }: { readonly seen: (now: Routes<string>) => void }): null {
  const now = useRoutes('sessions');
  useLayoutEffect(() => seen(now));
  return null;
}

const go = (route: string): void => act(() => routes.go(route));

/** The browser goes back or forth, and says so later. */
const travel = async (by: () => void): Promise<void> => {
  const arrived = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
  await act(async () => {
    by();
    await arrived;
  });
};

beforeEach(() => {
  history.pushState({ token: 'k' }, '');
  root = createRoot(document.createElement('div'));
  act(() =>
    root.render(
      <Page
        seen={(now) => {
          routes = now;
        }}
      />,
    ),
  );
});
afterEach(() => {
  act(() => root.unmount());
});

describe('the places visited', () => {
  test('begin with the first, without a way back', () => {
    expect([routes.route, routes.canGoBack]).toEqual(['sessions', false]);
  });

  test('lead back one by one, and forth again', async () => {
    go('player');
    go('search');
    await travel(() => routes.back());
    expect([routes.route, routes.canGoBack]).toEqual(['player', true]);
    await travel(() => routes.back());
    expect([routes.route, routes.canGoBack]).toEqual(['sessions', false]);
    await travel(() => history.go(2));
    expect(routes.route).toBe('search');
  });

  test('are forgotten beyond the place from which one goes elsewhere', async () => {
    go('player');
    go('search');
    await travel(() => routes.back());
    go('settings');
    expect(routes.route).toBe('settings');
    await travel(() => routes.back());
    expect(routes.route).toBe('player');
    await travel(() => history.forward());
    expect(routes.route).toBe('settings');
  });

  test('change in place without a way back to how they were', async () => {
    go('player');
    act(() => routes.replace('player at 5 s'));
    expect(routes.route).toBe('player at 5 s');
    go('search');
    await travel(() => routes.back());
    expect(routes.route).toBe('player at 5 s');
    await travel(() => routes.back());
    expect(routes.route).toBe('sessions');
  });

  test('are a number in the browser’s history, beside what else is in the entry', () => {
    const address = location.href;
    go('session s-1 of ana');
    expect(history.state).toEqual({ token: 'k', step: 1 });
    expect(location.href).toBe(address);
  });

  test('begin anew where the history is older than the page', async () => {
    history.replaceState({ step: 7 }, '');
    history.pushState({ step: 8 }, '');
    await travel(() => history.back());
    expect(routes.route).toBe('sessions');
  });
});
