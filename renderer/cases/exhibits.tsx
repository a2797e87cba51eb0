// The exhibits of a case on one clock: each with its number, its recording, a bar from its beginning to its end with what was found in it,
// who has reviewed it, and what is unseen of it. Up and down choose an exhibit, left and right a finding in it, Enter opens the recording there.

import { useMemo, useRef, useState } from 'react';
import type { Annotation } from '../../shared/api/case-shapes.ts';
import { useActions } from '../ui/actions.tsx';
import { SeveritySign } from '../ui/annotation.tsx';
import { SEVERITY_WORDS } from '../ui/annotation-text.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration, formatOffset, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/notice.tsx';
import { Recorded, RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import { caseAxis } from './case-axis.ts';
import type { Review, Row } from './case-data.ts';
import { CaseRuler, ExhibitLane } from './exhibit-lane.tsx';

export interface ExhibitsProps {
  readonly rows: readonly Row[];
  /** Nothing may be changed. */
  readonly closed: boolean;
  readonly onOpen: (session: string, atUs: number) => void;
  readonly onWithdraw: (row: Row) => void;
  /** Leads to where recordings are chosen. */
  readonly onAdd: () => void;
}

export function Exhibits({ rows, closed, onOpen, onWithdraw, onAdd }: ExhibitsProps): React.JSX.Element {
  const axis = useMemo(
    () => caseAxis(rows.flatMap(({ time, exhibit }) => (time === null || exhibit.withdrawn !== null ? [] : [time]))),
    [rows],
  );
  const [active, setActive] = useState(0);
  /** The finding of the active exhibit that is chosen; -1 for its beginning. */
  const [finding, setFinding] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const at = Math.max(0, Math.min(active, rows.length - 1));
  const row = rows[at];
  const chosen = row?.findings[finding];
  const go = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    setFinding(-1);
    box.current?.querySelectorAll('[role="option"]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const openRow = (one: Row, atUs: number): void => {
    if (one.session !== null) onOpen(one.exhibit.session, atUs);
  };
  useActions([
    { id: 'case.exhibit', group: 'Case', label: 'Choose an exhibit', keys: ['ArrowUp', 'ArrowDown'], run: null },
    {
      id: 'case.finding',
      group: 'Case',
      label: 'Choose an annotation of the exhibit',
      keys: ['ArrowLeft', 'ArrowRight'],
      run: null,
    },
    { id: 'case.open', group: 'Case', label: 'Open the exhibit there', keys: ['Enter'], run: null },
    {
      id: 'case.withdraw',
      group: 'Case',
      label: 'Withdraw the exhibit …',
      enabled: !closed && row !== undefined && row.exhibit.withdrawn === null,
      run: row === undefined ? null : () => onWithdraw(row),
    },
  ]);
  if (row === undefined)
    return (
      <Empty
        icon="sessions"
        title={closed ? 'No exhibit' : 'No exhibit yet'}
        actions={
          closed ? undefined : (
            <Button look="primary" icon="plus" onClick={onAdd}>
              Choose recordings
            </Button>
          )
        }
      >
        <p>
          {closed
            ? 'No recording stands in this case.'
            : 'Select sessions in the list of sessions and add them to this case. Each gets the next exhibit number.'}
        </p>
      </Empty>
    );
  const press = (event: React.KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (event.key === 'ArrowRight') setFinding(Math.min(row.findings.length - 1, finding + 1));
    else if (event.key === 'ArrowLeft') setFinding(Math.max(-1, finding - 1));
    else if (event.key === 'Enter') openRow(row, chosen?.anchor.fromUs ?? row.part.fromUs);
    else return;
    event.preventDefault();
  };
  return (
    <div className="exhibits">
      <div className="exhibit-head" aria-hidden="true">
        <span>Exhibit</span>
        <CaseRuler axis={axis} />
        <span>Reviewed</span>
        <span className="end">Unseen by you</span>
      </div>
      <div
        ref={box}
        className="exhibit-list"
        role="listbox"
        aria-label="Exhibits on one clock"
        tabIndex={0}
        aria-activedescendant={`exhibit-${row.exhibit.id}`}
        onKeyDown={press}
      >
        {rows.map((one, i) => (
          // The keyboard works through the list.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={one.exhibit.id}
            id={`exhibit-${one.exhibit.id}`}
            role="option"
            aria-selected={i === at}
            className={`${i === at ? 'active' : ''} ${one.exhibit.withdrawn === null ? '' : 'withdrawn'}`}
            onClick={() => {
              if (i !== at) go(i);
            }}
            onDoubleClick={() => openRow(one, one.part.fromUs)}
          >
            <Names row={one} />
            <ExhibitLane row={one} axis={axis} chosen={i === at ? finding : -1} onOpen={(us) => openRow(one, us)} />
            <Reviews reviews={one.reviews} />
            <span className="end">
              {one.unseenUs === 0 ? <span className="faint">nothing</span> : formatDuration(one.unseenUs)}
            </span>
          </div>
        ))}
      </div>
      <div className="chosen-finding">
        <p role="status" className="cut">
          {chosen === undefined ? (
            <span className="faint">
              {`${row.exhibit.number}: ${formatSome(row.findings.length, 'annotation')}. ${row.findings.length === 0 ? '' : '→ goes through them, '}Enter opens the recording.`}
            </span>
          ) : (
            <Finding finding={chosen} />
          )}
        </p>
        {closed || row.exhibit.withdrawn !== null ? null : (
          <Button look="quiet" onClick={() => onWithdraw(row)}>
            {`Withdraw ${row.exhibit.number} …`}
          </Button>
        )}
      </div>
    </div>
  );
}

function Finding({ finding }: { readonly finding: Annotation }): React.JSX.Element {
  return (
    <>
      <SeveritySign severity={finding.severity} />
      <span className="soft">{` ${SEVERITY_WORDS[finding.severity]}, ${formatOffset(finding.anchor.fromUs)} `}</span>
      <strong>
        <Recorded text={finding.title} />
      </strong>
    </>
  );
}

function Names({ row: { exhibit, session, name, part } }: { readonly row: Row }): React.JSX.Element {
  const who = session === null ? '' : [session.user, session.server].filter((one) => one !== null).join(' on ');
  const range = exhibit.range === null ? '' : `${formatOffset(part.fromUs)} to ${formatOffset(part.toUs)}`;
  return (
    <span className="names">
      <span className="number">{exhibit.number}</span>
      <RecordedLine text={name} />
      <span className="faint cut">
        {exhibit.withdrawn !== null ? (
          <Recorded text={`Withdrawn: ${exhibit.withdrawn.reason}`} />
        ) : session === null ? (
          'Not in this library'
        ) : (
          <>
            {range === '' ? null : <span className="badge">{range}</span>}
            <Recorded text={[who, formatDuration(part.toUs - part.fromUs)].filter((one) => one !== '').join(', ')} />
          </>
        )}
      </span>
    </span>
  );
}

function Reviews({ reviews }: { readonly reviews: readonly Review[] }): React.JSX.Element {
  if (reviews.length === 0) return <span className="faint">not yet</span>;
  return (
    <span className="reviews">
      {reviews.map(({ reviewer, unseenUs, note }) => (
        <span
          key={reviewer}
          className="cut"
          title={plainRecorded(
            `${reviewer}${unseenUs === 0 ? ', all of it seen' : `, ${formatDuration(unseenUs)} unseen`}${note === '' ? '' : `: ${note}`}`,
          )}
        >
          <span className={unseenUs === 0 ? 'good' : 'caution'}>
            <Icon name={unseenUs === 0 ? 'proven' : 'unproven'} />
          </span>
          <Recorded text={reviewer} />
          <span className="unseen">{unseenUs === 0 ? ', all seen' : `, ${formatDuration(unseenUs)} unseen`}</span>
        </span>
      ))}
    </span>
  );
}
