// The pane beside the list: everything told of one session without opening it. Nothing here decrypts.

import { useCallback, useState } from 'react';
import type { SessionDetail, Session } from '../../shared/api/shapes.ts';
import { describePlace } from '../../shared/recording/discrepancy.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Discrepancies, Facts, ProofCard } from '../ui/evidence.tsx';
import { formatBytes, formatCount, formatLasted, formatSome } from '../ui/format.ts';
import { LockNotice, openedText, type LockStep } from '../ui/lock.tsx';
import { FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { Instant } from '../ui/zone.tsx';
import { sessionName } from '../ui/session-name.ts';
import { INDEX_WORDS, whoWhere } from './session-text.ts';

export interface SessionPaneProps {
  readonly session: Session | null;
  readonly onOpen: (id: string) => void;
  readonly onExport: (session: Session) => void;
  readonly onGroup: (session: Session) => void;
  /** Narrows the list to the session's group. */
  readonly onOnlyGroup: (group: string) => void;
  readonly onHelp: (step: LockStep) => void;
  /** How long it is kept, and what holds it; `settled`: nobody is moving on. */
  readonly retention: (session: Session, settled: boolean) => React.ReactNode;
  /** What can be done to it at its source while it is live. */
  readonly live: (session: Session) => React.ReactNode;
}

/** Moving through the list fast asks for no details, in milliseconds. */
const PAUSE = 120;

export function SessionPane(props: SessionPaneProps): React.JSX.Element {
  const { session } = props;
  const [settled] = useSettled(session?.id ?? null, PAUSE);
  return (
    <aside className="pane" aria-label="Details">
      {session === null ? <p className="faint nothing">No session is chosen.</p> : <Head {...props} session={session} />}
      {session === null || session.retention.purgedAt !== null ? null : props.retention(session, settled === session.id)}
      {session === null || settled === null ? null : <Detail key={settled} id={settled} live={props.live} />}
    </aside>
  );
}

type HeadProps = SessionPaneProps & { readonly session: Session };

function Head({ session, onOpen, onExport, onGroup, onOnlyGroup, onHelp, retention: retentionOf }: HeadProps): React.JSX.Element {
  const { lock, group, retention } = session;
  const purged = retention.purgedAt !== null;
  return (
    <header>
      <h2>
        <Recorded text={sessionName(session)} />
      </h2>
      <p className="soft">
        <Recorded text={whoWhere(session)} />
      </p>
      {purged ? retentionOf(session, true) : lock.state === 'locked' ? <LockNotice lock={lock} onStep={onHelp} /> : null}
      {purged ? null : (
        <div className="buttons">
          <Button look="primary" icon="play" onClick={() => onOpen(session.id)}>
            Open
          </Button>
          <Button icon="export" onClick={() => onExport(session)}>
            Export
          </Button>
        </div>
      )}
      <Facts
        facts={[
          ['Started', <Instant key="started" at={session.startedAt} />],
          ['Duration', formatLasted(session.durationUs)],
          ['Ended', session.exitStatus === null ? 'no exit recorded' : `exit status ${String(session.exitStatus)}`],
          [
            'Command',
            session.command === null ? null : (
              <span key="command" className="mono">
                <Recorded text={session.command} />
              </span>
            ),
          ],
          ['Screen', `${String(session.cols)} × ${String(session.rows)}${session.sizeAssumed ? ' (assumed)' : ''}`],
          ['Events', formatCount(session.events)],
          ['Data', `${formatBytes(session.stdoutBytes + session.stderrBytes)} output, ${formatBytes(session.stdinBytes)} input`],
          ['Source', <Recorded key="source" text={session.source} />],
          ['Format', session.format],
          [
            'Group',
            group === null ? null : (
              <span key="group" className="joined">
                <button type="button" className="link" onClick={() => onGroup(session)}>
                  <Recorded text={group} />
                </button>
                <button type="button" className="link quiet" onClick={() => onOnlyGroup(group)}>
                  list it alone
                </button>
              </span>
            ),
          ],
          ['Acquired', <Instant key="acquired" at={session.acquiredAt} />],
          ['Index', purged ? null : INDEX_WORDS[session.index]],
          [
            'Source’s ID',
            session.nativeId === null ? null : (
              <span key="native" className="mono">
                <Recorded text={session.nativeId} />
              </span>
            ),
          ],
          [
            'ID',
            <span key="id" className="mono">
              {session.id}
            </span>,
          ],
        ]}
      />
    </header>
  );
}

function Detail({ id, live }: { readonly id: string } & Pick<SessionPaneProps, 'live'>): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(
    useCallback(async () => {
      const [detail, participants] = await Promise.all([
        api.call('sessions.show', { id }),
        api.call('sessions.participants', { id }),
      ]);
      return { detail, participants };
    }, [api, id]),
  );
  if (failure !== null) return <FailureNotice failure={failure} again={again} />;
  if (value === null) return slow ? <Skeleton lines={8} /> : <div />;
  const { detail, participants } = value;
  const opened = detail.openedWith === null ? null : openedText(detail.openedWith);
  return (
    <>
      {detail.growing && detail.retention.purgedAt === null ? live(detail) : null}
      {opened === null ? null : (
        <section>
          <h3>Opened with</h3>
          <p className="mono">
            <Recorded text={opened} />
          </p>
        </section>
      )}
      {detail.retention.purgedAt !== null ? null : (
        <section>
          <h3>What is proven</h3>
          <ProofCard proof={detail.proof} />
        </section>
      )}
      <DiscrepancySection detail={detail} />
      <section>
        <h3>{formatSome(detail.parts.length, 'file')}</h3>
        <ul className="parts">
          {detail.parts.map((part) => (
            <PartRow key={part.name} part={part} />
          ))}
        </ul>
        <Facts
          facts={[
            ['Records', formatCount(detail.records)],
            [
              'Tree root',
              <span key="root" className="mono hash">
                {detail.root}
              </span>,
            ],
          ]}
        />
      </section>
      {participants.length === 0 ? null : (
        <section>
          <h3>Participants</h3>
          <ul className="participants">
            {participants.map((one) => (
              <li key={one.id}>
                <Recorded text={one.user ?? one.id} />
                <span className="soft">
                  {' '}
                  <Recorded text={one.role} />
                  {one.device === null ? '' : ', '}
                  {one.device === null ? null : <Recorded text={one.device} />}
                </span>
                {one.attachedAt === null ? null : (
                  <span className="faint">
                    {' from '}
                    <Instant at={one.attachedAt} />
                    {one.detachedAt === null ? null : (
                      <>
                        {' to '}
                        <Instant at={one.detachedAt} />
                      </>
                    )}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <details className="metadata">
        <summary>Metadata as received</summary>
        {/* It scrolls: the keyboard must reach it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} aria-label="Metadata as received" role="region">
          <Recorded text={detail.metadata} />
        </pre>
      </details>
    </>
  );
}

function PartRow({ part }: { readonly part: SessionDetail['parts'][number] }): React.JSX.Element {
  return (
    <li>
      <span>
        <Recorded text={part.name} />
        <span className="faint">{`, ${formatBytes(part.size)}${part.role === 'unpacked' ? ', unpacked' : ''}`}</span>
      </span>
      <span className="mono hash" title="SHA-256">
        {part.sha256}
      </span>
    </li>
  );
}

/** Discrepancies that are shown at once. */
const SHOWN = 50;

function DiscrepancySection({ detail }: { readonly detail: SessionDetail }): React.JSX.Element | null {
  const [shown, setShown] = useState(SHOWN);
  const { discrepancyList: list, discrepancies: total } = detail;
  if (total === 0) return null;
  return (
    <section>
      <h3>{formatSome(total, 'discrepancy', 'discrepancies')}</h3>
      <Discrepancies
        list={list.slice(0, shown).map(({ kind, message, place }) => ({ kind, message, place: describePlace(place) }))}
      />
      {list.length > shown ? (
        <button type="button" className="link" onClick={() => setShown(shown + SHOWN)}>
          {`Show ${formatCount(Math.min(SHOWN, list.length - shown))} more`}
        </button>
      ) : total > list.length ? (
        <p className="faint">{`The first ${formatCount(list.length)} are listed; export the session to have all.`}</p>
      ) : null}
    </section>
  );
}
