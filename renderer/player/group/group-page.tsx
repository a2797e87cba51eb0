// A session group: its sessions on one clock. Up and down choose a session, left and right move the moment, Enter opens the session at it.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Group, GroupDetail } from '../../../shared/api/shapes.ts';
import { useApi } from '../../api.ts';
import { useActions } from '../../ui/actions.tsx';
import { useAnswer } from '../../ui/answer.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Facts } from '../../ui/evidence.tsx';
import { formatDuration, formatLasted, formatOffset, formatSome, formatWall, zoneName } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { lockLook } from '../../ui/lock.tsx';
import { Empty, FailureNotice, Skeleton } from '../../ui/notice.tsx';
import { Recorded, plainRecorded } from '../../ui/recorded.tsx';
import { useAnnouncer } from '../../ui/toasts.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { Instant, useZone } from '../../ui/zone.tsx';
import { frameFrom, SPEEDS } from '../playback-machine.ts';
import { nextSpeed } from '../player-actions.ts';
import { neighbour } from '../recording-data.ts';
import { following, panned, ruler, spanOf, usOf, whole, xOf, zoomed, type View } from '../timeline/scale.ts';
import {
  boundaries,
  groupAxis,
  groupFacts,
  memberNames,
  momentIn,
  runningAt,
  type GroupAxis,
  type Member,
} from './group-axis.ts';
import { GroupLane } from './group-lane.tsx';
import { GroupScreens } from './group-screens.tsx';
import { useGroupClock } from './use-group-clock.ts';
import './group.css';

export interface GroupPageProps {
  readonly id: string;
  readonly source: string;
  readonly onOpen: (session: string, atUs: number) => void;
  /** `locked`: sessions of it that are. */
  readonly onExport: (group: Group, locked: number) => void;
  /** Leads to the list of its sessions. */
  readonly onList: (group: string) => void;
  /** Places a legal hold on it. */
  readonly onHold: (group: Group) => void;
}

export function GroupPage({ id, source, onOpen, onExport, onList, onHold }: GroupPageProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(
    useCallback(() => api.call('groups.show', { id, source }), [api, id, source]),
  );
  useEffect(() => api.on('library', again), [api, again]);
  if (value === null) {
    return (
      <div className="group-page wait">
        <h1 className="unseen">Session group</h1>
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={8} /> : null}
      </div>
    );
  }
  return <Shown group={value} onOpen={onOpen} onExport={onExport} onList={onList} onHold={onHold} />;
}

type ShownProps = Pick<GroupPageProps, 'onOpen' | 'onExport' | 'onList' | 'onHold'> & { readonly group: GroupDetail };

function Shown({ group, onOpen, onExport, onList, onHold }: ShownProps): React.JSX.Element {
  const axis = useMemo(() => groupAxis(group.members), [group.members]);
  const locked = group.members.filter(({ lock }) => lock.state === 'locked').length;
  const facts = groupFacts(group.metadata);
  useActions([
    { id: 'group.export', group: 'Session group', label: 'Export the group …', keys: ['e'], run: () => onExport(group, locked) },
    { id: 'group.list', group: 'Session group', label: 'List its sessions', keys: ['l'], run: () => onList(group.id) },
    { id: 'group.hold', group: 'Session group', label: 'Place a legal hold …', keys: ['h'], run: () => onHold(group) },
  ]);
  return (
    <div className="group-page">
      <header>
        <div className="names">
          <h1 className="cut">
            <Recorded text={group.title ?? group.id} />
          </h1>
          <p className="soft">
            {`${formatSome(group.sessions, 'session')}${axis.durationUs === 0 ? '' : ` in ${formatDuration(axis.durationUs)}`}`}
            {locked === 0 ? '' : `, ${formatSome(locked, 'of them locked', 'of them locked')}`}
            {', from '}
            <Instant at={group.startedAt} />
          </p>
        </div>
        <Button icon="sessions" title="List its sessions (L)" onClick={() => onList(group.id)}>
          List them
        </Button>
        <Button icon="hold" title="Place a legal hold (H)" onClick={() => onHold(group)}>
          Hold …
        </Button>
        <Button icon="export" title="Export the group (E)" onClick={() => onExport(group, locked)}>
          Export
        </Button>
      </header>
      {group.members.length === 0 ? (
        <Empty icon="group" title="None of its sessions is in the library" />
      ) : (
        <Clock axis={axis} onOpen={onOpen} />
      )}
      <section className="about" aria-label="About the group">
        <Facts
          facts={[
            [
              'ID',
              <span key="id" className="mono">
                <Recorded text={group.id} />
              </span>,
            ],
            ['Source', <Recorded key="source" text={group.source} />],
            ['Ended', <Instant key="end" at={group.endedAt} />],
            ...facts.map(([name, text]) => [name, <Recorded key={name} text={text} />] as const),
          ]}
        />
        {group.metadata === '{}' ? (
          <p className="faint">The source told nothing of the group itself.</p>
        ) : (
          <details className="metadata">
            <summary>Metadata as received</summary>
            {/* It scrolls: the keyboard must reach it. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre tabIndex={0} aria-label="Metadata as received" role="region">
              <Recorded text={group.metadata} />
            </pre>
          </details>
        )}
      </section>
    </div>
  );
}

/** Share of the view that an arrow moves the moment by. */
const STEP = 0.01;

/** Words for screen readers wait for the end of a row of arrows, in milliseconds. */
const PAUSE = 350;

/** Heights of a lane: few sessions are drawn large. */
const LANE = { few: 56, many: 36, atMost: 8 };

/** Width and theme of the lanes, as they are now. */
function useLanes(box: React.RefObject<HTMLDivElement | null>): { readonly width: number; readonly theme: number } {
  const [width, setWidth] = useState(0);
  const [theme, setTheme] = useState(0);
  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    const changed = (): void => setTheme((n) => n + 1);
    document.documentElement.addEventListener('theme', changed);
    return () => {
      observer.disconnect();
      document.documentElement.removeEventListener('theme', changed);
    };
  }, [box]);
  return { width, theme };
}

function Clock({ axis, onOpen }: { readonly axis: GroupAxis; readonly onOpen: GroupPageProps['onOpen'] }): React.JSX.Element {
  const zone = useZone();
  const announcer = useAnnouncer();
  const track = useRef<HTMLDivElement>(null);
  const { width, theme } = useLanes(track);
  const { durationUs, startUs, members } = axis;
  const [view, setView] = useState<View>(() => whole(durationUs));
  const clock = useGroupClock(axis);
  const { atUs } = clock;
  const nameOf = useMemo(() => memberNames(members.map(({ session }) => session)), [members]);
  const height = members.length <= LANE.atMost ? LANE.few : LANE.many;
  const edges = useMemo(() => boundaries(axis), [axis]);
  const wall = (us: number, digits: number): string => (startUs === null ? '' : formatWall(startUs + us, zone, digits).slice(11));

  const told = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stand = (us: number): void => {
    const next = Math.max(0, Math.min(durationUs, Math.round(us)));
    clock.stand(next);
    if (next < view.fromUs || next > view.toUs) setView(panned(view, next - (view.fromUs + view.toUs) / 2, durationUs));
    clearTimeout(told.current);
    told.current = setTimeout(
      () => announcer.say(`${formatOffset(next)}, ${formatSome(runningAt(axis, next), 'session')} running`),
      PAUSE,
    );
  };
  useEffect(() => () => clearTimeout(told.current), []);
  useEffect(() => setView((now) => (clock.playing ? following(now, atUs, durationUs) : now)), [clock.playing, atUs, durationUs]);
  const faster = (step: 1 | -1): void => clock.setSpeed(nextSpeed(clock.speed, step));
  const hop = (step: 1 | -1): void => {
    const to = neighbour(edges, atUs, step);
    if (to === null) announcer.say(step === 1 ? 'No session begins or ends later' : 'No session begins or ends earlier');
    else stand(to);
  };
  const zoom = (factor: number | null): void =>
    setView(factor === null ? whole(durationUs) : zoomed(view, factor, atUs, durationUs));
  const move = (share: number): void => stand(atUs + share * spanOf(view));

  const group = 'Session group';
  useActions([
    { id: 'group.move', group, label: 'Choose a session', keys: ['ArrowUp', 'ArrowDown'], run: null },
    { id: 'group.open', group, label: 'Open the session at the moment', keys: ['Enter'], run: null },
    { id: 'group.play', group, label: 'Play or pause', keys: ['Space', 'k'], run: clock.toggle },
    { id: 'group.faster', group, label: 'Faster', keys: ['>'], run: () => faster(1) },
    { id: 'group.slower', group, label: 'Slower', keys: ['<'], run: () => faster(-1) },
    { id: 'group.frame-on', group, label: 'Next frame (1/30 s)', keys: ['Mod+ArrowRight'], run: () => stand(frameFrom(atUs, 1)) },
    {
      id: 'group.frame-back',
      group,
      label: 'Previous frame (1/30 s)',
      keys: ['Mod+ArrowLeft'],
      run: () => stand(frameFrom(atUs, -1)),
    },
    { id: 'group.on', group, label: 'Moment on', keys: ['ArrowRight'], run: () => move(STEP) },
    { id: 'group.back', group, label: 'Moment back', keys: ['ArrowLeft'], run: () => move(-STEP) },
    { id: 'group.on10', group, label: 'Moment on, further', keys: ['Shift+ArrowRight'], run: () => move(10 * STEP) },
    { id: 'group.back10', group, label: 'Moment back, further', keys: ['Shift+ArrowLeft'], run: () => move(-10 * STEP) },
    { id: 'group.edge-on', group, label: 'Next beginning or end', keys: [']'], run: () => hop(1) },
    { id: 'group.edge-back', group, label: 'Previous beginning or end', keys: ['['], run: () => hop(-1) },
    { id: 'group.zoom-in', group, label: 'Zoom in', keys: ['+', '='], run: () => zoom(2) },
    { id: 'group.zoom-out', group, label: 'Zoom out', keys: ['-'], run: () => zoom(0.5) },
    { id: 'group.fit', group, label: 'Show the whole group', keys: ['0'], run: () => zoom(null) },
  ]);

  const usAt = (clientX: number): number => {
    const { left } = track.current!.getBoundingClientRect();
    return usOf(view, clientX - left, width, durationUs);
  };
  // Round times of the wall clock, not of the group's own.
  const origin = startUs ?? 0;
  const { marks, digits } = ruler({ fromUs: view.fromUs + origin, toUs: view.toUs + origin }, width, 110);
  const x = xOf(view, atUs, width);
  return (
    <section className="clock" aria-label="Sessions on one clock">
      {durationUs === 0 ? null : (
        <GroupScreens
          axis={axis}
          clock={clock}
          nameOf={nameOf}
          onOpen={(member) => onOpen(member.session.id, momentIn(member, atUs))}
        />
      )}
      <div className="head">
        <div className="moment">
          <IconButton
            icon={clock.playing ? 'pause' : 'play'}
            label={clock.playing ? 'Pause' : 'Play all on one clock'}
            keys="Space"
            className="play"
            onClick={clock.toggle}
          />
          <strong>{formatOffset(atUs)}</strong>
          {startUs === null ? null : <span className="soft">{`${wall(atUs, 3)} ${zoneName(startUs + atUs, zone)}`}</span>}
          <span className="faint">{`${formatSome(runningAt(axis, atUs), 'session')} running`}</span>
          <label className="speed" title="Speed (< and >)">
            <span className="unseen">Speed</span>
            <select value={clock.speed} onChange={(event) => clock.setSpeed(Number(event.target.value))}>
              {SPEEDS.map((one) => (
                <option key={one} value={one}>{`${String(one)}×`}</option>
              ))}
            </select>
          </label>
        </div>
        <div className="zoom">
          <IconButton icon="minus" label="Zoom out" keys="-" onClick={() => zoom(0.5)} />
          <IconButton icon="plus" label="Zoom in" keys="+" onClick={() => zoom(2)} />
          <IconButton icon="fit" label="Show the whole group" keys="0" onClick={() => zoom(null)} />
        </div>
        <div
          ref={track}
          className="ruler"
          role="slider"
          tabIndex={0}
          aria-label="Moment on the group’s clock"
          aria-valuemin={0}
          aria-valuemax={Math.max(1, Math.ceil(durationUs / 1000))}
          aria-valuenow={Math.floor(atUs / 1000)}
          aria-valuetext={`${formatOffset(atUs)} of ${formatOffset(durationUs)}`}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            stand(usAt(event.clientX));
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) stand(usAt(event.clientX));
          }}
        >
          {marks.map((mark) => {
            const left = xOf(view, mark - origin, width);
            return (
              <span key={mark} className="mark" style={{ left: `${String(left)}px` }}>
                {/* The last one would stick out. */}
                {left > width - 60 ? '' : startUs === null ? formatOffset(mark, digits) : wall(mark - origin, digits)}
              </span>
            );
          })}
        </div>
      </div>
      <div className="lanes">
        <VirtualList
          label="Sessions of the group"
          className="group-lanes"
          items={members}
          height={() => height}
          takesFocus
          onChoose={(member, _index, click) => {
            const inTrack = click !== undefined && (click.target as Element).matches('.lane');
            onOpen(member.session.id, momentIn(member, inTrack ? usAt(click.clientX) : click === undefined ? atUs : -1));
          }}
          row={(member) => (
            <Row member={member} name={nameOf(member.session)} view={view} width={width} height={height} theme={theme} />
          )}
        />
        {width === 0 || x < 0 || x > width ? null : (
          <div className="cursor-box" aria-hidden="true">
            <span className="cursor" style={{ left: `${String(x)}px` }} />
          </div>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly member: Member;
  readonly name: string;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly theme: number;
}

function Row({ member, name, view, width, height, theme }: RowProps): React.JSX.Element {
  const { session, fromUs } = member;
  const { lock, user, server } = session;
  const who = [user, server].filter((part) => part !== null).join(' on ');
  return (
    <>
      <span className="name">
        <span className="cut">
          <Recorded text={name} />
        </span>
        <span className="faint cut">
          <Recorded text={who} />
          {`${who === '' ? '' : ', '}${formatLasted(session.durationUs)}`}
        </span>
      </span>
      <span className="signs">
        {lock.state === 'locked' ? (
          <span className="badge" title={plainRecorded(lock.reason)}>
            <Icon name={lockLook(lock).icon} />
            <span className="unseen">{`Locked: ${lockLook(lock).label}`}</span>
          </span>
        ) : null}
        {session.discrepancies > 0 ? (
          <span className="badge caution" title={formatSome(session.discrepancies, 'discrepancy', 'discrepancies')}>
            <Icon name="warning" />
            <span className="unseen">{formatSome(session.discrepancies, 'discrepancy', 'discrepancies')}</span>
          </span>
        ) : null}
      </span>
      {fromUs === null ? (
        <span className="faint">its start is not known</span>
      ) : (
        <>
          <GroupLane member={member} view={view} width={width} height={height} theme={theme} />
          <span className="unseen">{`begins at ${formatOffset(fromUs)}`}</span>
        </>
      )}
    </>
  );
}
