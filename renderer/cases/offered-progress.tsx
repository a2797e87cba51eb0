// How far the core is with a bundle that is handed to it.

import { Progress } from '../ui/notice.tsx';
import type { Reached } from './offered-bundle.ts';

/** What the core does, by the word that its jobs have for it. */
export const STEPS: Readonly<Record<string, string>> = {
  'take in': 'Taking the bundle in …',
  verify: 'Verifying …',
  write: 'Writing the new bundle …',
};

export function OfferedProgress({ reached, label }: { readonly reached: Reached; readonly label: string }): React.JSX.Element {
  return (
    <div className="under-way">
      <p>{STEPS[reached.detail] ?? 'Reading the bundle …'}</p>
      <Progress share={reached.share} label={label} />
    </div>
  );
}
