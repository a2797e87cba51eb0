// The player: one recording on its clock. Puts together the screen, the buttons, the timeline and the panel beside them.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { Session, Timeline as TimelineShape } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import type { LockStep } from '../ui/lock.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { useZone } from '../ui/zone.tsx';
import { CaseChoice } from './annotations/case-choice.tsx';
import { useNoteActions } from './annotations/note-actions.ts';
import { inForce, noteLanes, unseenOf } from './annotations/notebook-data.ts';
import { NotesPanel } from './annotations/notes-panel.tsx';
import { useMarking } from './annotations/use-marking.tsx';
import { useNotebook } from './annotations/use-notebook.ts';
import { CommandList } from './command-list.tsx';
import { DetailsPanel } from './details-panel.tsx';
import type { FindQuery } from './find.ts';
import { FindPanel } from './find-panel.tsx';
import { HappeningList } from './happening-list.tsx';
import { Heading } from './heading.tsx';
import { HiddenList } from './hidden-list.tsx';
import { Inspector } from './inspector/inspector.tsx';
import { LockedPlayer } from './locked-player.tsx';
import { PurgedPlayer } from './purged-player.tsx';
import { jumpTimes, neighbour, timelineData, type Detail, type JumpLane } from './recording-data.ts';
import { Stage, type Note } from './stage.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { Timeline } from './timeline/timeline.tsx';
import { whole, zoomed, type View } from './timeline/scale.ts';
import { Transport } from './transport.tsx';
import { useFind } from './use-find.ts';
import { usePlaybackPart, useDeck, type Deck } from './use-playback.ts';
import { usePlayerActions, type PanelTab } from './player-actions.ts';
import { useAround } from './use-around.ts';
import { useActivity, useRecording } from './use-recording.ts';
import './annotations/annotations.css';
import './player.css';

export interface PlayerProps {
  readonly id: string;
  /** Where to open it; null for the beginning. */
  readonly atUs: number | null;
  /** A search that led here. */
  readonly find: Omit<FindQuery, 'lines'> | null;
  readonly onExport: (session: Session) => void;
  /** Leads to the group that the session belongs to. */
  readonly onGroup: (group: { readonly id: string; readonly source: string }) => void;
  /** Leads to what helps with a locked session. */
  readonly onHelp: (step: LockStep) => void;
  /** The player is left, at this moment. */
  readonly onLeave: (atUs: number) => void;
  /** Leads to the certificate of a recording that was purged. */
  readonly onCertificate: (session: string) => void;
  readonly settings: Readonly<Record<string, string>>;
  readonly onSetting: (key: string, value: string) => void;
}

export function Player(props: PlayerProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useRecording(api, props.id);
  // What a source does not allow any more is not left on the screen.
  if (value === null || failure?.kind === 'permission') {
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
  if (timeline === null) return <PurgedPlayer detail={detail} onCertificate={props.onCertificate} onGroup={props.onGroup} />;
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
  const [note, setNote] = useState<Note>({ text: '', n: 0 });
  const [tell] = useState(() => ({
    fail: announcer.fail,
    say: (text: string) => setNote(({ n }) => ({ text, n: n + 1 })),
  }));
  const deck = useDeck(api, props.detail, props.atUs ?? 0, tell);
  const leave = useRef(props.onLeave);
  useEffect(() => {
    leave.current = props.onLeave;
  });
  useEffect(() => (deck === null ? undefined : () => leave.current(deck.playback.state().atUs)), [deck]);
  return deck === null ? <PlayerState /> : <Playing {...props} deck={deck} note={note} onNote={tell.say} />;
}

interface PlayingProps extends OpenedProps {
  readonly deck: Deck;
  readonly note: Note;
  readonly onNote: (text: string) => void;
}

function Playing({
  detail,
  timeline,
  find: asked,
  atUs,
  deck,
  note,
  onNote,
  onExport,
  onGroup,
  settings,
  onSetting,
}: PlayingProps): React.JSX.Element {
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
    if (asked !== null) run({ ...asked, lines: false }, atUs ?? 0);
  }, [asked, atUs, run]);
  const notebook = useNotebook(api, detail.id, settings[CURRENT_CASE] ?? '');
  const { annotations, redactions, mine } = notebook;
  const marking = useMarking({ session: detail.id, durationUs, deck, notebook, onNote });
  const [chosenNote, setChosenNote] = useState<string | null>(null);
  const caseChoice = useRef<HTMLSelectElement>(null);
  const noteFilter = useRef<HTMLInputElement>(null);
  const lanes = useMemo(() => noteLanes(annotations, redactions, mine), [annotations, redactions, mine]);
  const around = useAround(api, detail.id, timeline, announcer.fail);
  const data = useMemo(() => timelineData(timeline, find.state.hits, lanes, around), [timeline, find.state.hits, lanes, around]);
  const empty = detail.events > 0 ? null : detail.growing ? 'yet' : 'ever';
  const following = usePlaybackPart(playback, (state) => state.following);
  const hopAmong = (times: readonly number[], name: string, step: 1 | -1): number | null => {
    const to = neighbour(times, playback.state().atUs, step);
    if (to === null) onNote(`There is no ${step === 1 ? 'later' : 'earlier'} ${name}`);
    else playback.seek(to);
    return to;
  };
  const hop = (lane: JumpLane, step: 1 | -1): void => void hopAmong(jumpTimes(timeline, lane, around), lane, step);
  const hopNote = (step: 1 | -1): void => {
    const all = inForce(annotations);
    const to = hopAmong(
      all.map(({ anchor }) => anchor.fromUs),
      'annotation',
      step,
    );
    if (to !== null) setChosenNote(all.find(({ anchor }) => anchor.fromUs === to)?.id ?? null);
  };
  // A view of the whole stays one while the recording grows.
  const lastLength = useRef(durationUs);
  useEffect(() => {
    const before = lastLength.current;
    lastLength.current = durationUs;
    if (before !== durationUs) setView((now) => (now.fromUs === 0 && now.toUs >= before ? whole(durationUs) : now));
  }, [durationUs]);
  const thumbnail = useCallback((at: number) => <Thumbnail detail={detail} atUs={at} />, [detail]);
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
    onHop: hop,
    live: detail.growing || following,
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
  const showNotes = (): void => {
    onSetting('player.panel', 'open');
    setTab('notes');
  };
  useNoteActions({
    marking,
    onHop: hopNote,
    onUnseen: (step) =>
      void hopAmong(
        unseenOf(mine, durationUs).map(({ fromUs }) => fromUs),
        'unseen stretch',
        step,
      ),
    onList: showNotes,
    onFilter: () => {
      showNotes();
      setTimeout(() => noteFilter.current?.focus(), 0);
    },
    onCase: () => caseChoice.current?.focus(),
  });

  return (
    <div className={`player ${panel ? 'with-panel' : ''}`}>
      <Heading
        detail={detail}
        panel={panel}
        onPanel={() => onSetting('player.panel', panel ? 'closed' : 'open')}
        onExport={onExport}
        onGroup={onGroup}
      >
        <CaseChoice
          cases={notebook.cases}
          current={notebook.current}
          onChoose={(id) => onSetting(CURRENT_CASE, id)}
          selectRef={caseChoice}
        />
      </Heading>
      <Stage deck={deck} find={find} note={note} marking={marking} annotations={annotations} empty={empty} />
      <div className="deck">
        <Transport
          playback={playback}
          durationUs={durationUs}
          startUs={data.startUs}
          zone={zone}
          live={detail.growing || following}
          empty={empty !== null}
          onCommand={(step) => hop('command', step)}
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
          thumbnail={thumbnail}
          pendingUs={marking.pendingUs}
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
              { name: 'hidden', label: 'Hidden', count: timeline.hidden.length },
              { name: 'find', label: 'Find', count: find.state.total },
              { name: 'notes', label: 'Annotations', count: data.annotations.length },
              { name: 'bytes', label: 'Bytes' },
              { name: 'details', label: 'Details', count: detail.discrepancies },
            ]}
          >
            {tab === 'commands' ? (
              <CommandList timeline={timeline} playback={playback} onSeek={seek} />
            ) : tab === 'events' ? (
              <HappeningList timeline={timeline} around={around} playback={playback} onSeek={seek} />
            ) : tab === 'hidden' ? (
              <HiddenList timeline={timeline} playback={playback} />
            ) : tab === 'notes' ? (
              <NotesPanel
                notebook={notebook}
                marking={marking}
                playback={playback}
                durationUs={durationUs}
                chosen={chosenNote}
                onChoose={setChosenNote}
                filterRef={noteFilter}
              />
            ) : tab === 'bytes' ? (
              <Inspector id={detail.id} events={detail.events} playback={playback} />
            ) : tab === 'find' ? (
              <FindPanel find={find} playback={playback} inputRef={findBox} />
            ) : (
              <DetailsPanel detail={detail} />
            )}
          </Tabs>
        </aside>
      ) : null}
      {marking.dialogs}
    </div>
  );
}

/** The setting that remembers the case that annotations go to. */
const CURRENT_CASE = 'case.current';

/** Width for which activity is asked: a wide window's, so that resizing asks nothing anew. */
const WIDTH = 1600;
