// A sign with its word: never colour alone.

import { Icon } from '../ui/icon.tsx';
import type { Sign } from './sync-text.ts';

export function SignText({ sign }: { readonly sign: Sign }): React.JSX.Element {
  return (
    <span className={`sign-text ${sign.className}`}>
      <Icon name={sign.icon} />
      {sign.word}
    </span>
  );
}

export function SignBadge({ sign }: { readonly sign: Sign }): React.JSX.Element {
  return (
    <span className={`badge ${sign.className}`}>
      <Icon name={sign.icon} />
      {sign.word}
    </span>
  );
}
