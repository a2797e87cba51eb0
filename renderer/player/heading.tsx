// What the player shows of a recording at its top: its name, who and where, what is wrong with it, and what can be done with it.

import type { Session } from '../../shared/api/shapes.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { lockLook } from '../ui/lock.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { titleOf, type Detail } from './recording-data.ts';

export interface HeadingProps {
  readonly detail: Detail;
  readonly panel: boolean;
  readonly onPanel: () => void;
  readonly onExport: (session: Session) => void;
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
  /** Beside its name: the case that annotations go to. */
  readonly children?: React.ReactNode;
}

export function Heading({ detail, panel, onPanel, onExport, onGroup, children }: HeadingProps): React.JSX.Element {
  const { group, source } = detail;
  const who = [detail.user, detail.server].filter((part) => part !== null).join(' on ');
  return (
    <header className="heading">
      <h1 className="cut">
        <Recorded text={titleOf(detail)} />
      </h1>
      {who === '' ? null : (
        <span className="soft cut">
          <Recorded text={who} />
        </span>
      )}
      {detail.lock.state === 'open' ? null : (
        <span className="badge caution">
          <Icon name={lockLook(detail.lock).icon} />
          {lockLook(detail.lock).label}
        </span>
      )}
      {detail.growing ? (
        <span className="badge live" title="It was still being recorded when it was last read">
          <Icon name="live" />
          Live
        </span>
      ) : null}
      {detail.discrepancies === 0 ? null : (
        <span className="badge caution">
          <Icon name="warning" />
          {detail.discrepancies === 1 ? '1 discrepancy' : `${String(detail.discrepancies)} discrepancies`}
        </span>
      )}
      {detail.index === 'done' || detail.index === 'locked' ? null : (
        <span className="badge">{detail.index === 'failed' ? 'Not indexed' : 'Being indexed'}</span>
      )}
      <span className="room" />
      {children}
      {group === null ? null : (
        <Button
          look="quiet"
          icon="group"
          title={`Session group ${plainRecorded(group)}`}
          onClick={() => onGroup({ id: group, source })}
        >
          Group
        </Button>
      )}
      <Button icon="export" onClick={() => onExport(detail)}>
        Export
      </Button>
      <IconButton
        icon="details"
        label={panel ? 'Hide the panel' : 'Show the panel'}
        keys="\"
        aria-pressed={panel}
        onClick={onPanel}
      />
    </header>
  );
}
