// The player of a recording whose retention ended: there is nothing to play. What it was, and where its certificate is.

import type { Session } from '../../shared/api/shapes.ts';
import { Facts } from '../ui/evidence.tsx';
import { formatCount, formatLasted } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { CertificateButton, PURGED_TEXT } from '../ui/purged.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import { titleOf, type Detail } from './recording-data.ts';

export interface PurgedPlayerProps {
  readonly detail: Detail;
  readonly onCertificate: (session: Session['id']) => void;
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
}

export function PurgedPlayer({ detail, onCertificate, onGroup }: PurgedPlayerProps): React.JSX.Element {
  const { id, source, group, user, server, startedAt, durationUs, events, retention, root } = detail;
  return (
    <div className="purged-player">
      <h1 className="cut">
        <Recorded text={titleOf(detail)} />
      </h1>
      <section className="lock-card" aria-label="Why this recording cannot be played">
        <Icon name="purged" />
        <h2>This recording was purged</h2>
        <p className="soft">
          <Instant at={retention.purgedAt} />
        </p>
        <p>{PURGED_TEXT}</p>
        <CertificateButton onCertificate={() => onCertificate(id)} />
        <Facts
          facts={[
            ['Who', user === null ? null : <Recorded key="who" text={server === null ? user : `${user} on ${server}`} />],
            ['Started', <Instant key="started" at={startedAt} />],
            ['Lasted', formatLasted(durationUs)],
            ['Events', formatCount(events)],
            ['Source', <Recorded key="source" text={source} />],
            [
              'Group',
              group === null ? null : (
                <button key="group" type="button" className="link" onClick={() => onGroup({ id: group, source })}>
                  <Recorded text={group} />
                </button>
              ),
            ],
            [
              'Tree root',
              <span key="root" className="mono hash">
                {root}
              </span>,
            ],
          ]}
        />
      </section>
    </div>
  );
}
