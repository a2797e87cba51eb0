// What the pane of a session says of its retention: how long it is kept there and here, what holds it, or that it was purged and where its
// certificate is.

import { useCallback } from 'react';
import type { Session } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Purged } from '../ui/purged.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { KeptAtSource, KeptHere } from '../ui/retention-mark.tsx';
import { Instant } from '../ui/zone.tsx';
import { useRetained } from './use-retention.ts';

export interface SessionRetentionProps {
  readonly session: Session;
  /** Nobody is moving through the list: the holds can be asked for. */
  readonly settled: boolean;
  readonly onHold: () => void;
  /** Leads to the list of holds. */
  readonly onHolds: () => void;
  /** Leads to the certificate of its purge. */
  readonly onCertificate: () => void;
}

export function SessionRetention({ session, settled, onHold, onHolds, onCertificate }: SessionRetentionProps): React.JSX.Element {
  const { retention } = session;
  const { libraryUntil, sourceUntil, goneAtSource } = retention;
  if (retention.purgedAt !== null) return <Purged at={retention.purgedAt} onCertificate={onCertificate} />;
  return (
    <section className="session-retention">
      <h3>Retention</h3>
      <Facts
        facts={[
          [
            'Time left here',
            <Left key="here" until={libraryUntil} word="until" left={<KeptHere mark={{ ...retention, held: false }} />} />,
          ],
          [
            'At the source',
            <Left
              key="there"
              until={sourceUntil}
              word={goneAtSource ? 'its time ended' : 'until'}
              left={<KeptAtSource mark={retention} />}
            />,
          ],
        ]}
      />
      {retention.held && settled ? <HeldBy session={session.id} onHolds={onHolds} /> : null}
      <div className="buttons">
        <Button icon="hold" title="Place a legal hold (H)" onClick={onHold}>
          {retention.held ? 'Hold again …' : 'Hold …'}
        </Button>
      </div>
    </section>
  );
}

function Left({
  until,
  word,
  left,
}: {
  readonly until: string | null;
  readonly word: string;
  readonly left: React.ReactNode;
}): React.JSX.Element {
  return (
    <>
      {left}
      {until === null ? null : (
        <span className="faint">
          {` ${word} `}
          <Instant at={until} />
        </span>
      )}
    </>
  );
}

function HeldBy({ session, onHolds }: { readonly session: string; readonly onHolds: () => void }): React.JSX.Element | null {
  const api = useApi();
  const { value, failure, again } = useRetained(
    api,
    useCallback(() => api.call('holds.list', { session }), [api, session]),
  );
  if (failure !== null) return <FailureNotice failure={failure} again={again} />;
  if (value === null) return null;
  return (
    <ul className="held-by" aria-label="Held by">
      {value.map(({ id, text, reason }) => (
        <li key={id}>
          <Icon name="hold" />
          <span>
            <button type="button" className="link" onClick={onHolds}>
              {id}
            </button>{' '}
            <Recorded text={reason} />
            <span className="soft">
              {', on '}
              <Recorded text={text} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
