// The screens of the sessions that run at the group's moment, side by side on its clock. Each is replayed by itself and led by the clock: it
// never runs ahead, and one that waits for its events shows the picture before. Opening and watching them is told to the core as in the player.

import { useEffect, useRef, useState } from 'react';
import type { Api } from '../../../shared/api/contract.ts';
import { useApi } from '../../api.ts';
import { createScreen, type Screen } from '../../screen/screen.ts';
import { formatOffset } from '../../ui/format.ts';
import { Recorded } from '../../ui/recorded.tsx';
import { useAnnouncer } from '../../ui/toasts.tsx';
import { createPlayback, type Playback } from '../playback.ts';
import { createViewLog } from '../viewed.ts';
import { runningAt, type GroupAxis, type Member } from './group-axis.ts';
import type { GroupClock } from './use-group-clock.ts';

/** Screens that are shown at a time: as many recordings as the core keeps open (electron/core/recordings.ts). */
const MOST = 4;

/** Milliseconds between two reports of what was watched. */
const REPORT = 10_000;

/** Sessions that run at the moment and can be shown. */
export const shownMembers = ({ members }: GroupAxis, atUs: number): readonly Member[] =>
  members
    .filter(
      ({ session, fromUs }) =>
        fromUs !== null && fromUs <= atUs && atUs <= fromUs + session.durationUs && session.lock.state === 'open',
    )
    .slice(0, MOST);

interface Shown {
  readonly screen: Screen;
  readonly playback: Playback;
}

async function openMember(api: Api, id: string, onFailure: (error: unknown) => void): Promise<Shown> {
  const detail = await api.call('sessions.show', { id });
  // To ask for the course of a recording is to open it: that enters the custody log.
  await api.call('replay.timeline', { id });
  const { cols, rows, piped, events, durationUs } = detail;
  const screen = createScreen(cols, rows, piped);
  const playback = createPlayback({
    api,
    recording: { id: detail.id, events, durationUs },
    screen,
    probe: () => createScreen(cols, rows, piped),
    frame: (callback) => void requestAnimationFrame(callback),
    now: () => performance.now(),
    onFailure,
    onNote: () => undefined,
  });
  return { screen, playback };
}

export interface GroupScreensProps {
  readonly axis: GroupAxis;
  readonly clock: GroupClock;
  readonly nameOf: (session: Member['session']) => string;
  readonly onOpen: (member: Member) => void;
}

export function GroupScreens({ axis, clock, nameOf, onOpen }: GroupScreensProps): React.JSX.Element {
  const shown = shownMembers(axis, clock.atUs);
  const more = runningAt(axis, clock.atUs) - shown.length;
  return (
    <div className="group-screens" role="group" aria-label="Screens at this moment">
      {shown.length === 0 ? <p className="faint none">No session that can be shown runs at this moment.</p> : null}
      {shown.map((member) => (
        <MemberScreen
          key={member.session.id}
          member={member}
          clock={clock}
          name={nameOf(member.session)}
          onOpen={() => onOpen(member)}
        />
      ))}
      {more > 0 && shown.length > 0 ? (
        <p className="faint none">{`${String(more)} more, locked or beyond ${String(MOST)}`}</p>
      ) : null}
    </div>
  );
}

interface MemberScreenProps {
  readonly member: Member;
  readonly clock: GroupClock;
  readonly name: string;
  readonly onOpen: () => void;
}

function MemberScreen({ member, clock, name, onOpen }: MemberScreenProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const box = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [failed, setFailed] = useState(false);
  const { id } = member.session;
  const offset = clock.atUs - member.fromUs!;

  useEffect(() => {
    let wanted = true;
    let opened: Shown | null = null;
    openMember(api, id, announcer.fail).then(
      (one) => {
        opened = one;
        if (wanted) setShown(one);
        else close();
      },
      (error: unknown) => {
        if (!wanted) return;
        setFailed(true);
        announcer.fail(error);
      },
    );
    const close = (): void => {
      opened?.playback.close();
      opened?.screen.dispose();
    };
    return () => {
      wanted = false;
      // What is closed must not be drawn again.
      setShown(null);
      close();
    };
  }, [api, announcer, id]);

  useEffect(() => {
    if (shown === null) return;
    const element = box.current!;
    const show = (): void =>
      shown.screen.show(host.current!, { width: element.clientWidth - 16, height: element.clientHeight - 40 }, 3);
    show();
    const observer = new ResizeObserver(show);
    observer.observe(element);
    return () => observer.disconnect();
  }, [shown]);

  /** The newest moment; one seek is under way at a time. */
  const meant = useRef(offset);
  useEffect(() => {
    meant.current = offset;
    if (shown === null) return;
    const { playback } = shown;
    const lead = (): void => {
      const { phase, atUs } = playback.state();
      if (phase !== 'seeking' && (phase !== 'opening' || atUs === 0) && atUs !== meant.current) playback.seek(meant.current);
    };
    if (playback.state().generation === 0) playback.seek(offset);
    else lead();
    return playback.subscribe(lead);
  }, [shown, offset]);

  useWatched(api, id, offset, clock, announcer.fail);
  return (
    <div ref={box} className="group-screen">
      <button type="button" className="name" title="Open the session at this moment" onClick={onOpen}>
        <span className="cut">
          <Recorded text={name} />
        </span>
        <span className="faint">{formatOffset(offset)}</span>
      </button>
      <div ref={host} className="host" aria-hidden="true" inert />
      {failed ? <span className="faint">It cannot be shown.</span> : null}
    </div>
  );
}

/** What was watched while the clock ran. */
function useWatched(api: Api, id: string, offset: number, clock: GroupClock, onFailure: (error: unknown) => void): void {
  const log = useRef(createViewLog());
  const last = useRef<number | null>(null);
  const { playing, speed } = clock;
  useEffect(() => {
    const from = last.current;
    last.current = playing ? offset : null;
    if (from !== null && offset > from) log.current.watch(from, offset, speed);
  }, [playing, offset, speed]);
  useEffect(() => {
    const { current } = log;
    const report = (): void => {
      const ranges = current.take();
      if (ranges.length > 0) api.call('replay.viewed', { id, ranges }).catch(onFailure);
    };
    const timer = setInterval(report, REPORT);
    return () => {
      clearInterval(timer);
      report();
    };
  }, [api, id, onFailure]);
}
