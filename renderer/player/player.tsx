// The player: one recording on its clock. Puts together the screen, the buttons, the timeline and the panel beside them.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { SearchHit, Session, Timeline as TimelineShape } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { ScreenView } from '../screen/screen-view.tsx';
import { formatDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import type { LockStep } from '../ui/lock.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { useZone } from '../ui/zone.tsx';
import { CommandList } from './command-list.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { matchedText, type FindQuery } from './find.ts';
import { FindPanel } from './find-panel.tsx';
import { HappeningList } from './happening-list.tsx';
import { Heading } from './heading.tsx';
import { LockedPlayer } from './locked-player.tsx';
import { happenings, neighbour, timelineData, type Detail } from './recording-data.ts';
import { Timeline } from './timeline/timeline.tsx';
import { whole, zoomed, type View } from './timeline/scale.ts';
import { Transport } from './transport.tsx';
import { useFind, type Find } from './use-find.ts';
import { usePlaybackPart, useDeck, type Deck } from './use-playback.ts';
import { usePlayerActions } from './player-actions.ts';
import { useActivity, useRecording } from './use-recording.ts';
import './player.css';

export interface PlayerProps {
  readonly id: string;
  /** Where to open it; null for the beginning. */
  readonly atUs: number | null;
  /** A search that led here. */
  readonly find: FindQuery | null;
  readonly onExport: (session: Session) => void;
  /** Leads to the group that the session belongs to. */
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
  /** Leads to what helps with a locked session. */
  readonly onHelp: (step: LockStep) => void;
  readonly settings: Readonly<Record<string, string>>;
  readonly onSetting: (key: string, value: string) => void;
}

export function Player(props: PlayerProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useRecording(api, props.id);
  if (value === null) {
    return (
      <PlayerState>
        {failure !== null ? (
          <FailureNotice failure={failure} again={again} />
        ) : slow ? (
          <p className="soft">Opening the recording …</p>
        ) : null}
      </PlayerState>
    );
  }
  const { detail, timeline } = value;
  if (detail.lock.state === 'locked') return <LockedPlayer {...props} detail={detail} timeline={timeline} />;
  return <Opened {...props} detail={detail} timeline={timeline} />;
}

/** What stands where there is nothing to play, or nothing yet. */
function PlayerState({ children }: { readonly children?: React.ReactNode }): React.JSX.Element {
  return (
    <div className="player-state">
      <h1 className="unseen">Player</h1>
      {children}
    </div>
  );
}

interface OpenedProps extends PlayerProps {
  readonly detail: Detail;
  readonly timeline: TimelineShape;
}

function Opened(props: OpenedProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const deck = useDeck(api, props.detail, props.atUs ?? 0, announcer.fail);
  return deck === null ? <PlayerState /> : <Playing {...props} deck={deck} />;
}

export type PanelTab = 'commands' | 'events' | 'find' | 'details';

function Playing({
  detail,
  timeline,
  find: asked,
  atUs,
  deck,
  onExport,
  onGroup,
  settings,
  onSetting,
}: OpenedProps & { readonly deck: Deck }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const zone = useZone();
  const { playback } = deck;
  const { durationUs } = timeline;
  const [tab, setTab] = useState<PanelTab>(asked === null ? 'commands' : 'find');
  const [view, setView] = useState<View>(() => whole(durationUs));
  const panel = settings['player.panel'] !== 'closed';
  const [findAsked, setFindAsked] = useState(0);
  const findBox = useRef<HTMLInputElement>(null);
  const goTo = useRef<HTMLButtonElement>(null);
  const activity = useActivity(api, detail.id, view, WIDTH, announcer.fail);
  const overview = useActivity(
    api,
    detail.id,
    useMemo(() => whole(durationUs), [durationUs]),
    WIDTH / 4,
    announcer.fail,
  );

  const seek = useCallback((to: number) => playback.seek(to), [playback]);
  const find = useFind(
    api,
    detail.id,
    useCallback((hit: SearchHit) => playback.seek(hit.fromUs), [playback]),
  );
  const { run } = find;
  useEffect(() => {
    if (asked !== null) run(asked, atUs ?? 0);
  }, [asked, atUs, run]);
  const data = useMemo(() => timelineData(timeline, find.state.hits), [timeline, find.state.hits]);
  const commandTimes = useMemo(() => timeline.commands.map(({ enteredUs }) => enteredUs).sort((a, b) => a - b), [timeline]);
  const markerTimes = useMemo(
    () =>
      happenings(timeline)
        .filter(({ kind }) => kind === 'marker')
        .map((one) => one.atUs),
    [timeline],
  );
  const hop = (times: readonly number[], step: 1 | -1, what: string): void => {
    const to = neighbour(times, playback.state().atUs, step);
    if (to === null) announcer.say(`There is no ${step === 1 ? 'later' : 'earlier'} ${what}`);
    else playback.seek(to);
  };
  const zoom = (factor: number | null): void =>
    setView(factor === null ? whole(durationUs) : zoomed(view, factor, playback.state().atUs, durationUs));
  const openFind = (): void => {
    onSetting('player.panel', 'open');
    setTab('find');
    setFindAsked((n) => n + 1);
  };
  // As soon as it is there: the next key is the first letter of the text.
  useLayoutEffect(() => {
    if (findAsked > 0) findBox.current?.select();
  }, [findAsked]);
  usePlayerActions({
    playback,
    find,
    onHop: (what, step) => hop(what === 'command' ? commandTimes : markerTimes, step, what),
    onZoom: zoom,
    onFind: openFind,
    onGoTo: () => goTo.current?.click(),
    onScroll: (pages) => deck.screen.scroll(pages),
    onPanel: () => onSetting('player.panel', panel ? 'closed' : 'open'),
    onTab: (next) => {
      onSetting('player.panel', 'open');
      setTab(next);
    },
    onExport: () => onExport(detail),
  });

  return (
    <div className={`player ${panel ? 'with-panel' : ''}`}>
      <Heading
        detail={detail}
        panel={panel}
        onPanel={() => onSetting('player.panel', panel ? 'closed' : 'open')}
        onExport={onExport}
        onGroup={onGroup}
      />
      <Stage deck={deck} find={find} />
      <div className="deck">
        <Transport
          playback={playback}
          durationUs={durationUs}
          startUs={data.startUs}
          zone={zone}
          onCommand={(step) => hop(commandTimes, step, 'command')}
          onZoom={zoom}
          goToRef={goTo}
        />
        <Timeline
          data={data}
          playback={playback}
          view={view}
          onView={setView}
          activity={activity}
          overview={overview}
          zone={zone}
        />
      </div>
      {panel ? (
        <aside className="side" aria-label="About the recording">
          <Tabs
            label="About the recording"
            chosen={tab}
            onChoose={setTab}
            tabs={[
              { name: 'commands', label: 'Commands', count: timeline.commands.length },
              { name: 'events', label: 'Events' },
              { name: 'find', label: 'Find', count: find.state.total },
              { name: 'details', label: 'Details', count: detail.discrepancies },
            ]}
          >
            {tab === 'commands' ? (
              <CommandList timeline={timeline} playback={playback} onSeek={seek} />
            ) : tab === 'events' ? (
              <HappeningList timeline={timeline} playback={playback} onSeek={seek} />
            ) : tab === 'find' ? (
              <FindPanel find={find} playback={playback} inputRef={findBox} />
            ) : (
              <DetailsPanel detail={detail} />
            )}
          </Tabs>
        </aside>
      ) : null}
    </div>
  );
}

/** Width for which activity is asked: a wide window's, so that resizing asks nothing anew. */
const WIDTH = 1600;

/** How long the note about a cut pause stays, in milliseconds. */
const NOTE = 1600;

function Stage({ deck, find }: { readonly deck: Deck; readonly find: Find }): React.JSX.Element {
  const { playback, screen } = deck;
  const still = usePlaybackPart(playback, ({ phase }) => phase === 'paused' || phase === 'ended');
  const phase = usePlaybackPart(playback, (state) => state.phase);
  const failure = phase === 'failed' ? playback.state().failure : null;
  const hit = find.state.hits[find.state.meant];
  // A hit's own cells are those of the moment at which it appeared.
  const atHit = usePlaybackPart(playback, ({ atUs }) => hit !== undefined && atUs === hit.fromUs);
  const marked = hit === undefined || !still ? '' : matchedText(hit);
  return (
    <div className="stage-box" aria-busy={phase === 'opening' || phase === 'seeking'}>
      <ScreenView
        screen={screen}
        marked={marked}
        meant={
          hit !== undefined && atHit && still && hit.row !== null && hit.col !== null
            ? { row: hit.row, col: hit.col, width: Math.max(1, matchedText(hit).length) }
            : null
        }
        still={still}
      />
      <StageLine deck={deck} />
      <SkipNote deck={deck} />
      <WaitNote phase={phase} />
      {failure === null ? null : (
        <div className="stage-failure">
          <FailureNotice failure={failure} again={() => playback.seek(playback.state().atUs)} />
        </div>
      )}
    </div>
  );
}

/** The size and the title that the recording has now. */
function StageLine({ deck }: { readonly deck: Deck }): React.JSX.Element {
  const { screen } = deck;
  const [text, setText] = useState({ size: '', title: '', alternate: false });
  useEffect(() => {
    const read = (): void => {
      const { cols, rows, title, alternate } = screen.state();
      setText((now) => {
        const size = `${String(cols)} × ${String(rows)}`;
        return now.size === size && now.title === title && now.alternate === alternate ? now : { size, title, alternate };
      });
    };
    read();
    return screen.subscribe(read);
  }, [screen]);
  return (
    <div className="stage-line">
      <span>{text.size}</span>
      {text.alternate ? <span>alternate screen</span> : null}
      {text.title === '' ? null : (
        <span className="cut">
          {'title '}
          <q>
            <Recorded text={text.title} />
          </q>
        </span>
      )}
    </div>
  );
}

function SkipNote({ deck }: { readonly deck: Deck }): React.JSX.Element | null {
  const { playback } = deck;
  const n = usePlaybackPart(playback, ({ skipped }) => skipped.n);
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (n === 0) return;
    setShown(n);
    const timer = setTimeout(() => setShown(0), NOTE);
    return () => clearTimeout(timer);
  }, [n]);
  if (shown === 0) return null;
  const { fromUs, toUs } = playback.state().skipped;
  return (
    <p className="stage-note" role="status">
      <Icon name="idle" />
      {`Skipped ${formatDuration(toUs - fromUs)} of idle time`}
    </p>
  );
}

/** A wait shorter than this is not shown. Milliseconds. */
const PATIENCE = 150;

function WaitNote({ phase }: { readonly phase: string }): React.JSX.Element | null {
  const waits = phase === 'opening' || phase === 'seeking' || phase === 'starved';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!waits) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [waits]);
  return shown ? (
    <p className="stage-note" role="status">
      Loading …
    </p>
  ) : null;
}
