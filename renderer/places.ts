// The places of the window: where one can be, how each is called and reached, and which belongs to which.

import type { Job } from '../shared/api/shapes.ts';
import type { RetentionTab } from './retention/retention.tsx';
import type { Query } from './search/search.tsx';
import type { SourcesTab } from './sources/sources.tsx';
import type { Place } from './ui/frame.tsx';

export type Route =
  | { readonly name: 'sessions' | 'history' | 'search' | 'cases' | 'custody' | 'settings' | 'groups' }
  | { readonly name: 'case'; readonly id: string }
  | { readonly name: 'sources'; readonly tab: SourcesTab }
  | { readonly name: 'retention'; readonly tab: RetentionTab; readonly certificate: string | null }
  | { readonly name: 'group'; readonly id: string; readonly source: string }
  | { readonly name: 'player'; readonly id: string; readonly atUs: number | null; readonly find: Query | null };

export const PLACES: readonly Place[] = [
  { name: 'sessions', label: 'Sessions', icon: 'sessions', keys: 'Alt+1' },
  { name: 'history', label: 'History', icon: 'history', keys: 'Alt+2' },
  { name: 'search', label: 'Search', icon: 'search', keys: 'Alt+3' },
  { name: 'cases', label: 'Cases', icon: 'case', keys: 'Alt+4' },
  { name: 'sources', label: 'Sources', icon: 'sources', keys: 'Alt+5' },
  { name: 'custody', label: 'Custody', icon: 'custody', keys: 'Alt+6' },
  { name: 'retention', label: 'Retention', icon: 'retention', keys: 'Alt+7' },
  { name: 'settings', label: 'Settings', icon: 'settings', keys: 'Alt+8' },
];

/** What is reached from a place and is none itself: its title, and the place that it belongs to. */
export const WITHIN: Readonly<Partial<Record<Route['name'], { readonly title: string; readonly place: string }>>> = {
  player: { title: 'Player', place: 'sessions' },
  groups: { title: 'Session groups', place: 'sessions' },
  group: { title: 'Session group', place: 'sessions' },
  case: { title: 'Case', place: 'cases' },
};

/** Places that tell themselves how work of a kind ended. */
export const OWN_NEWS: Readonly<Partial<Record<Route['name'], Job['kind']>>> = { sources: 'sync', case: 'ready' };

export const titleOf = ({ name }: Route): string => WITHIN[name]?.title ?? PLACES.find((place) => place.name === name)!.label;
