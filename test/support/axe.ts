// What axe finds wrong on a page.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Each fault: its rule, and the beginning of every element that breaks it. The page has no frames. `exclude` selects what is not looked at. */
export async function axeFaults(page: Page, exclude?: string): Promise<string[]> {
  // Without frames axe needs no second page to put its results together. To describe what has no fault would take most of its time.
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  if (exclude !== undefined) builder.exclude(exclude);
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`);
}
