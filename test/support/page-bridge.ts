// A desktop page's bridge, used from outside of the page: calls and events of `window.exhibit` through Playwright.

import type { Page } from '@playwright/test';
import type { Bridge } from '../../shared/api/bridge.ts';
import { events } from '../../shared/api/contract.ts';

export async function openPageBridge(page: Page): Promise<Bridge> {
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  await page.exposeFunction('standByEvent', (name: string, value: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(value);
  });
  await page.evaluate((names) => {
    const { exhibit, standByEvent } = globalThis as unknown as {
      exhibit: Bridge;
      standByEvent: (name: string, value: unknown) => void;
    };
    for (const name of names) exhibit.on(name, (value) => standByEvent(name, value));
  }, Object.keys(events));
  return {
    invoke: (name, input) =>
      page.evaluate(([called, given]) => (globalThis as unknown as { exhibit: Bridge }).exhibit.invoke(called, given), [
        name,
        input,
      ] as const),
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
}
