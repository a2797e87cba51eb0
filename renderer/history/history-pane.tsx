// The pane beside the history: everything told of one session, where that was found, and what belongs to it. Nothing here decrypts.

import { useCallback, useEffect, useState } from 'react';
import type { HistoryDetail, HistoryEvent, HistoryFacet, HistoryRow } from '../../shared/api/history-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { formatDuration, formatLasted, formatOffset, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { LockNotice, type LockStep } from '../ui/lock.tsx';
import { FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { TimeLeft, leftUntil } from '../ui/time-left.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { Instant } from '../ui/zone.tsx';
import { RecordingMark } from './columns.tsx';
import { EVENT_LOOKS, MATCH_WORDS, RECORDING_LOOKS, facetValue, rowName } from './history-text.ts';
import { JoinDialog, PartDialog } from './match-dialogs.tsx';
import { FACET_NAMES } from './view.ts';

export interface HistoryPaneProps {
  readonly row: HistoryRow | null;
  /** By which recordings end, in microseconds since 1970 UTC; null while it is not known. */
  readonly now: number | null;
  /** Opens a recording, at a moment of it where one is given. */
  readonly onOpen: (session: string, atUs: number | null) => void;
  readonly onHelp: (step: LockStep) => void;
  /** What can be done at its source to a session that may be live; null for any other. */
  readonly live: (row: HistoryRow) => React.ReactNode;
  /** Somebody works in the pane: the row stays chosen, wherever news put it. */
  readonly onKeep: () => void;
}

/** Moving through the list fast asks for no details, in milliseconds. */
const PAUSE = 120;

export function HistoryPane(props: HistoryPaneProps): React.JSX.Element {
  const { row } = props;
  const [settled] = useSettled(row?.id ?? null, PAUSE);
  return (
    <aside className="pane" aria-label="Details" onFocus={props.onKeep}>
      {row === null ? <p className="faint nothing">No session is chosen.</p> : <Head {...props} row={row} />}
      {row !== null && row.id === settled ? props.live(row) : null}
      {row === null || settled === null ? null : <Detail key={settled} id={settled} onOpen={props.onOpen} />}
    </aside>
  );
}

/** A value as it was recorded; null where there is none, so that its line is left out. */
const recorded = (value: string | null): React.ReactNode => (value === null || value === '' ? null : <Recorded text={value} />);

function Head({ row, now, onOpen, onHelp }: HistoryPaneProps & { readonly row: HistoryRow }): React.JSX.Element {
  const { sessionId, lock, recording, retention, durationUs } = row;
  const { note } = RECORDING_LOOKS[recording];
  const left = (until: string | null, held: boolean): React.ReactNode =>
    until === null ? null : (
      <span className="joined">
        <TimeLeft until={until} held={held} now={now} />
        <span className="faint">
          {(leftUntil(until, now) ?? 1) > 0 ? 'until ' : 'on '}
          <Instant at={until} />
        </span>
      </span>
    );
  return (
    <header>
      <h2>
        <Recorded text={rowName(row)} />
      </h2>
      <p className="soft">
        <Recorded text={[row.initiator, row.environment, row.source].filter((text) => text !== null).join(', ')} />
      </p>
      {recording === 'here' ? null : <RecordingMark row={row} />}
      {recording === 'here' ? null : <p className="soft">{note}</p>}
      {lock?.state === 'locked' ? <LockNotice lock={lock} onStep={onHelp} /> : null}
      {sessionId === null ? null : (
        <div className="buttons">
          <Button look="primary" icon="play" onClick={() => onOpen(sessionId, null)}>
            Open
          </Button>
        </div>
      )}
      <Facts
        facts={[
          ['Environment', recorded(row.environment)],
          ['Mode', recorded(row.mode)],
          ['Reason', recorded(row.reason)],
          ['Approval', recorded(row.approval)],
          ['Initiator', recorded(row.initiator)],
          ['Origin', recorded(row.origin)],
          ['Status', recorded(row.status)],
          ['Started', row.startedAt === null ? null : <Instant key="started" at={row.startedAt} />],
          ['Ended', row.endedAt === null ? null : <Instant key="ended" at={row.endedAt} />],
          [
            'Duration',
            durationUs === null ? null : row.sessionId === null ? formatDuration(durationUs) : formatLasted(durationUs),
          ],
          ['Closed by', recorded(row.closeReason)],
          ['Exit', row.exitStatus === null ? null : String(row.exitStatus)],
          ['Left at source', retention.goneAtSource ? 'gone there; held here' : left(retention.sourceUntil, false)],
          ['Left here', retention.held ? 'kept by a legal hold' : left(retention.libraryUntil, false)],
          ['Purged here', retention.purgedAt === null ? null : <Instant key="purged" at={retention.purgedAt} />],
          ['Source', recorded(row.source)],
          [
            'Source’s ID',
            row.nativeId === null ? null : (
              <span key="native" className="mono">
                <Recorded text={row.nativeId} />
              </span>
            ),
          ],
        ]}
      />
    </header>
  );
}

type Asked = 'join' | 'part';

function Detail({ id, onOpen }: { readonly id: string; readonly onOpen: HistoryPaneProps['onOpen'] }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('history.show', { id }), [api, id]));
  useEffect(() => api.on('history', again), [api, again]);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (value === null) {
    if (failure !== null) return <FailureNotice failure={failure} again={again} />;
    return slow ? <Skeleton lines={8} /> : <div />;
  }
  const done = (): void => {
    setAsked(null);
    again();
  };
  return (
    <>
      <Joined detail={value} onAsk={setAsked} />
      <Events detail={value} onOpen={onOpen} />
      {value.others.length === 0 ? null : (
        <section>
          <h3>Other fields of the record</h3>
          <Facts facts={value.others.map(({ name, value: text }) => [name, recorded(text) ?? '–'])} />
        </section>
      )}
      {value.from.length === 0 ? null : (
        <section>
          <h3>Where this was found</h3>
          <ul className="parts">
            {value.from.map((one) => (
              <li key={`${one.name} ${one.at}`}>
                <span>
                  <Recorded text={one.name} />
                  <span className="faint">
                    {', '}
                    <Instant at={one.at} />
                  </span>
                </span>
                <span className="mono hash" title="SHA-256">
                  {one.sha256}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {value.record === null ? null : <RecordText record={value.record} />}
      {asked === 'join' ? <JoinDialog detail={value} onDone={done} onClose={() => setAsked(null)} /> : null}
      {asked === 'part' ? <PartDialog detail={value} onDone={done} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

/** How recording and record belong together, and the ways to join or part them. */
function Joined({
  detail,
  onAsk,
}: {
  readonly detail: HistoryDetail;
  readonly onAsk: (asked: Asked) => void;
}): React.JSX.Element | null {
  const { sessionId, matchedBy, candidates, record } = detail;
  if (sessionId === null) {
    return (
      <section>
        <h3>Recording</h3>
        <p className="soft">
          {candidates.length === 0
            ? 'No recording here fits this session by target, user and time.'
            : `${formatSome(candidates.length, 'recording')} here may be of this session.`}
        </p>
        <div className="buttons">
          <Button onClick={() => onAsk('join')}>Join a recording …</Button>
        </div>
      </section>
    );
  }
  if (matchedBy === null) {
    return record === null ? (
      <section>
        <h3>Record</h3>
        <p className="soft">No source and no history file tells of this session: what is shown is told by its recording.</p>
      </section>
    ) : null;
  }
  return (
    <section>
      <h3>Recording</h3>
      <p>
        {`Matched by ${MATCH_WORDS[matchedBy]}`}
        {matchedBy === 'target-user-time' ? <span className="soft">: no id says so. Part them if it is wrong.</span> : null}
      </p>
      <p className="mono hash">{sessionId}</p>
      <div className="buttons">
        <Button onClick={() => onAsk('part')}>Part …</Button>
      </div>
    </section>
  );
}

function Events({
  detail,
  onOpen,
}: {
  readonly detail: HistoryDetail;
  readonly onOpen: HistoryPaneProps['onOpen'];
}): React.JSX.Element | null {
  const { events, eventsCut } = detail;
  if (events.length === 0) return null;
  return (
    <section>
      <h3>{formatSome(events.length, 'command, runbook or audit event', 'commands, runbooks and audit events')}</h3>
      <ul className="history-events">
        {events.map((one) => (
          <EventRow key={one.id} event={one} onOpen={onOpen} />
        ))}
      </ul>
      {eventsCut ? <p className="faint">More are not listed; export the history to have all.</p> : null}
    </section>
  );
}

function EventRow({
  event,
  onOpen,
}: {
  readonly event: HistoryEvent;
  readonly onOpen: HistoryPaneProps['onOpen'];
}): React.JSX.Element {
  const { kind, sessionId, at, atUs, actor, text, outcome, action } = event;
  const { icon, label } = EVENT_LOOKS[kind];
  return (
    <li>
      <Icon name={icon} />
      <span className="text">
        <span className={kind === 'command' || kind === 'database-audit' ? 'mono' : ''}>
          <Recorded text={text === '' ? (action ?? '') : text} />
        </span>
        <span className="faint about">
          {sessionId === null || atUs === null ? (
            <Instant at={at} />
          ) : (
            <button
              type="button"
              className="link"
              aria-label={`Open the recording at ${formatOffset(atUs)}`}
              onClick={() => onOpen(sessionId, Math.max(0, atUs))}
            >
              {formatOffset(atUs)}
            </button>
          )}
          {', '}
          <Recorded text={[label, actor, outcome].filter((one) => one !== null && one !== '').join(', ')} />
        </span>
      </span>
    </li>
  );
}

function RecordText({ record }: { readonly record: string }): React.JSX.Element {
  return (
    <details className="metadata">
      <summary>Record as received</summary>
      {/* It scrolls: the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label="Record as received" role="region">
        <Recorded text={record} />
      </pre>
    </details>
  );
}

/** What stands in the pane while a group is active: how many sessions it has, and a way to see these alone. */
export function GroupPane({
  group,
  value,
  rows,
  onOnly,
}: {
  readonly group: HistoryFacet;
  readonly value: string;
  readonly rows: number;
  readonly onOnly: () => void;
}): React.JSX.Element {
  return (
    <aside className="pane" aria-label="Details">
      <header>
        <p className="soft">{FACET_NAMES[group]}</p>
        <h2>
          <Recorded text={facetValue(group, value)} />
        </h2>
        <p>{formatSome(rows, 'session')}</p>
        <div className="buttons">
          <Button icon="filter" onClick={onOnly}>
            Only these
          </Button>
        </div>
      </header>
    </aside>
  );
}
