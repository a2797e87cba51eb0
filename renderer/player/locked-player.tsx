// A locked recording: why, what helps, and all that is told without its content: its course in sizes, times and streams. Nothing is
// decrypted here, and nothing counts as viewed.

import { useMemo, useState, useSyncExternalStore } from 'react';
import type { Session, Timeline as TimelineShape } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { formatBytes, formatDuration, formatOffset, formatSome, formatWall, zoneName } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { LockHelp, lockLook, type LockStep } from '../ui/lock.tsx';
import { sentence } from '../ui/notice.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { useZone } from '../ui/zone.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { Heading } from './heading.tsx';
import { timelineData, type Detail } from './recording-data.ts';
import { SealedList } from './sealed-list.tsx';
import { createStillClock } from './still-clock.ts';
import { whole, zoomed, type View } from './timeline/scale.ts';
import { Timeline, type TimelineClock } from './timeline/timeline.tsx';
import { NO_NOTES } from './timeline/timeline-data.ts';
import { useAround } from './use-around.ts';
import { useActivity } from './use-recording.ts';

export interface LockedPlayerProps {
  readonly detail: Detail;
  readonly timeline: TimelineShape;
  readonly atUs: number | null;
  readonly onExport: (session: Session) => void;
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
  readonly onHelp: (step: LockStep) => void;
  readonly settings: Readonly<Record<string, string>>;
  readonly onSetting: (key: string, value: string) => void;
}

/** Width for which activity is asked: a wide window's. */
const WIDTH = 1600;

export function LockedPlayer(props: LockedPlayerProps): React.JSX.Element {
  const { detail, timeline, atUs, onExport, onGroup, onHelp, settings, onSetting } = props;
  const api = useApi();
  const announcer = useAnnouncer();
  const zone = useZone();
  const { durationUs } = timeline;
  const [tab, setTab] = useState<'events' | 'details'>('events');
  const [view, setView] = useState<View>(() => whole(durationUs));
  const [clock] = useState(() => createStillClock(durationUs, atUs ?? 0));
  const panel = settings['player.panel'] !== 'closed';
  const activity = useActivity(api, detail.id, view, WIDTH, announcer.fail);
  const all = useMemo(() => whole(durationUs), [durationUs]);
  const overview = useActivity(api, detail.id, all, WIDTH / 4, announcer.fail);
  const around = useAround(api, detail.id, timeline, announcer.fail);
  const data = useMemo(() => timelineData(timeline, [], NO_NOTES, around), [timeline, around]);
  const toggle = (): void => onSetting('player.panel', panel ? 'closed' : 'open');
  const move = (us: number): void => clock.seek(clock.state().atUs + us);
  const zoom = (factor: number | null): void =>
    setView(factor === null ? whole(durationUs) : zoomed(view, factor, clock.state().atUs, durationUs));
  const show = (next: 'events' | 'details'): void => {
    onSetting('player.panel', 'open');
    setTab(next);
  };
  const group = 'Player';
  useActions([
    { id: 'play.on', group, label: 'Forward 5 s', keys: ['ArrowRight'], run: () => move(5_000_000) },
    { id: 'play.back', group, label: 'Back 5 s', keys: ['ArrowLeft'], run: () => move(-5_000_000) },
    { id: 'play.on1', group, label: 'Forward 1 s', keys: ['Shift+ArrowRight'], run: () => move(1_000_000) },
    { id: 'play.back1', group, label: 'Back 1 s', keys: ['Shift+ArrowLeft'], run: () => move(-1_000_000) },
    { id: 'play.start', group, label: 'To the beginning', keys: ['Home'], run: () => clock.seek(0) },
    { id: 'play.end', group, label: 'To the end', keys: ['End'], run: () => clock.seek(durationUs) },
    { id: 'play.zoom-in', group, label: 'Zoom in', keys: ['+', '='], run: () => zoom(2) },
    { id: 'play.zoom-out', group, label: 'Zoom out', keys: ['-'], run: () => zoom(0.5) },
    { id: 'play.fit', group, label: 'Show the whole recording', keys: ['0'], run: () => zoom(null) },
    { id: 'play.events', group, label: 'List the events', keys: ['v'], run: () => show('events') },
    { id: 'play.details', group, label: 'Show the details', keys: ['d'], run: () => show('details') },
    { id: 'play.panel', group, label: 'Show or hide the panel', keys: ['\\'], run: toggle },
    { id: 'play.export', group, label: 'Export …', keys: ['e'], run: () => onExport(detail) },
  ]);
  return (
    <div className={`player ${panel ? 'with-panel' : ''}`}>
      <Heading detail={detail} panel={panel} onPanel={toggle} onExport={onExport} onGroup={onGroup} />
      <div className="stage-box locked">
        <LockCard detail={detail} onHelp={onHelp} />
      </div>
      <div className="deck">
        <Position clock={clock} durationUs={durationUs} startUs={data.startUs} zone={zone} />
        <Timeline data={data} playback={clock} view={view} onView={setView} activity={activity} overview={overview} zone={zone} />
      </div>
      {panel ? (
        <aside className="side" aria-label="About the recording">
          <Tabs
            label="About the recording"
            chosen={tab}
            onChoose={setTab}
            tabs={[
              { name: 'events', label: 'Events', count: detail.events },
              { name: 'details', label: 'Details', count: detail.discrepancies },
            ]}
          >
            {tab === 'events' ? (
              <SealedList id={detail.id} events={detail.events} clock={clock} />
            ) : (
              <DetailsPanel detail={detail} />
            )}
          </Tabs>
        </aside>
      ) : null}
    </div>
  );
}

function LockCard({ detail, onHelp }: Pick<LockedPlayerProps, 'detail' | 'onHelp'>): React.JSX.Element {
  const { lock, events, durationUs, stdinBytes, stdoutBytes, stderrBytes } = detail;
  const { icon, label } = lockLook(lock);
  return (
    <section className="lock-card" aria-label="Why this recording is locked">
      <Icon name={icon} />
      <h2>This recording is locked</h2>
      {label === 'Locked' ? null : <p className="badge caution">{label}</p>}
      <p>{sentence(lock.reason)}</p>
      {lock.todo === '' ? null : <p className="soft">{sentence(lock.todo)}</p>}
      <LockHelp lock={lock} onStep={onHelp} />
      <p className="faint told">
        {`Told without its content: ${formatSome(events, 'event')} in ${formatDuration(durationUs)}, ${formatBytes(stdoutBytes + stderrBytes)} of output, ${formatBytes(stdinBytes)} of input.`}
      </p>
    </section>
  );
}

interface PositionProps {
  readonly clock: TimelineClock;
  readonly durationUs: number;
  readonly startUs: number | null;
  readonly zone: 'utc' | 'local';
}

function Position({ clock, durationUs, startUs, zone }: PositionProps): React.JSX.Element {
  const atUs = useSyncExternalStore(clock.subscribe, () => clock.state().atUs);
  return (
    <div className="position">
      <span className="now">{formatOffset(atUs)}</span>
      <span className="soft">{`of ${formatOffset(durationUs)}`}</span>
      {startUs === null ? null : (
        <span className="soft">{`${formatWall(startUs + atUs, zone, 3)} ${zoneName(startUs + atUs, zone)}`}</span>
      )}
    </div>
  );
}
