// Which actions fit what was typed into the command palette, best first.

import type { Action } from './actions.tsx';

/**
 * How well the letters of `typed` stand in `label`, in order; null when they do not. Higher is better: beginnings of words and runs of
 * neighbours count more. The best of all ways to place them counts.
 */
export function score(label: string, typed: string): number | null {
  const text = label.toLowerCase();
  // best[j]: points of the letters so far, when the last of them stands at j.
  let best: readonly number[] = [];
  for (const letter of typed.toLowerCase().replaceAll(/\s+/g, '')) {
    const next: number[] = [];
    let before = best.length === 0 ? 0 : -Infinity;
    for (let j = 0; j < text.length; j++) {
      const neighbour = (best[j - 1] ?? -Infinity) + 4;
      const begins = j === 0 || text[j - 1] === ' ';
      next.push(text[j] === letter ? Math.max(before + (begins ? 3 : 1), neighbour) : -Infinity);
      before = Math.max(before, best[j] ?? -Infinity);
    }
    best = next;
  }
  const points = best.reduce((most, one) => Math.max(most, one), -Infinity);
  return points === -Infinity ? null : points - text.length / 100;
}

export function fitting(actions: readonly Action[], typed: string): readonly Action[] {
  const usable = actions.filter(({ run, enabled, inPalette }) => run !== null && enabled !== false && inPalette !== false);
  if (typed.trim() === '') return usable;
  return usable
    .map((action) => ({ action, points: score(`${action.label} ${action.group}`, typed) }))
    .filter((one): one is { action: Action; points: number } => one.points !== null)
    .sort((a, b) => b.points - a.points)
    .map(({ action }) => action);
}
