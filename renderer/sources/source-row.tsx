// A source in the list: its name, its address, and the one thing about it that matters most now.

import { useState } from 'react';
import type { Source } from '../../shared/api/source-shapes.ts';
import { formatSome } from '../ui/format.ts';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { SignBadge } from './sign.tsx';
import { KINDS, TOKENS, tokenState } from './source-text.ts';
import { OUTCOMES, type Sign } from './sync-text.ts';

/** What is wrong, or else how the last synchronisation ended. */
function signOf({ token, lastSync }: Source, nowMs: number): Sign {
  const state = tokenState(token, nowMs);
  if (state === 'absent' || state === 'expired') return TOKENS[state];
  if (lastSync !== null && lastSync.outcome !== 'done') return OUTCOMES[lastSync.outcome];
  if (state === 'soon') return TOKENS.soon;
  return lastSync === null ? { icon: 'unproven', className: 'faint', word: 'Never synchronised' } : OUTCOMES.done;
}

export function SourceRow({ source }: { readonly source: Source }): React.JSX.Element {
  const [now] = useState(() => Date.now());
  return (
    <>
      <strong className="cut">
        <Recorded text={source.name} />
      </strong>
      <SignBadge sign={signOf(source, now)} />
      <RecordedLine className="mono faint" text={source.engine.replace(/^https:\/\//, '')} />
      <span className="faint">{`${KINDS[source.kind]}, ${formatSome(source.sessions, 'session')}`}</span>
    </>
  );
}
