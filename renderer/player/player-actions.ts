// The player's shortcuts, in one list.

import { useActions, type Action } from '../ui/actions.tsx';
import type { Playback } from './playback.ts';
import { SPEEDS } from './playback-machine.ts';
import { USUAL_CAP } from './transport.tsx';
import type { JumpLane } from './recording-data.ts';
import type { Find } from './use-find.ts';
import { usePlaybackPart } from './use-playback.ts';

export type PanelTab = 'commands' | 'events' | 'hidden' | 'find' | 'notes' | 'bytes' | 'details';

export interface PlayerActions {
  readonly playback: Playback;
  readonly find: Find;
  readonly onHop: (lane: JumpLane, step: 1 | -1) => void;
  /** It is still recorded, or followed. */
  readonly live: boolean;
  readonly onZoom: (factor: number | null) => void;
  readonly onFind: () => void;
  readonly onGoTo: () => void;
  readonly onScroll: (pages: number) => void;
  readonly onPanel: () => void;
  readonly onTab: (tab: PanelTab) => void;
  readonly onExport: () => void;
}

const GROUP = 'Player';

/** The keys that lead on and back through each lane. */
const LANES: readonly (readonly [JumpLane, string, string])[] = [
  ['command', ']', '['],
  ['marker', '}', '{'],
  ['hidden text', 'h', 'Shift+H'],
  ['discrepancy', 'x', 'Shift+X'],
  ['alternate screen', 'a', 'Shift+A'],
  ['idle time', 'p', 'Shift+P'],
  ['event around the recording', ';', ':'],
];

/** The next speed up or down; the last one stays. */
export function nextSpeed(speed: number, step: 1 | -1): number {
  const at = SPEEDS.indexOf(speed);
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at + step))]!;
}

export function usePlayerActions({
  playback,
  find,
  onHop,
  live,
  onZoom,
  onFind,
  onGoTo,
  onScroll,
  onPanel,
  onTab,
  onExport,
}: PlayerActions): void {
  const move = (us: number): void => playback.seek(playback.state().atUs + us);
  const speed = (step: 1 | -1): void => playback.setSpeed(nextSpeed(playback.state().speed, step));
  const found = find.state.hits.length > 0;
  const searching = usePlaybackPart(playback, (state) => state.searching);
  useActions([
    { id: 'play.toggle', group: GROUP, label: 'Play or pause', keys: ['Space', 'k'], run: () => playback.toggle() },
    { id: 'play.on', group: GROUP, label: 'Forward 5 s', keys: ['ArrowRight'], run: () => move(5_000_000) },
    { id: 'play.back', group: GROUP, label: 'Back 5 s', keys: ['ArrowLeft'], run: () => move(-5_000_000) },
    { id: 'play.on1', group: GROUP, label: 'Forward 1 s', keys: ['Shift+ArrowRight'], run: () => move(1_000_000) },
    { id: 'play.back1', group: GROUP, label: 'Back 1 s', keys: ['Shift+ArrowLeft'], run: () => move(-1_000_000) },
    { id: 'play.event-on', group: GROUP, label: 'Next event', keys: ['Alt+ArrowRight'], run: () => playback.stepEvent(1) },
    { id: 'play.event-back', group: GROUP, label: 'Previous event', keys: ['Alt+ArrowLeft'], run: () => playback.stepEvent(-1) },
    { id: 'play.change-on', group: GROUP, label: 'Next visible change', keys: ['.'], run: () => playback.stepChange(1) },
    { id: 'play.change-back', group: GROUP, label: 'Previous visible change', keys: [','], run: () => playback.stepChange(-1) },
    {
      id: 'play.frame-on',
      group: GROUP,
      label: 'Next frame (1/30 s)',
      keys: ['Mod+ArrowRight'],
      run: () => playback.stepFrame(1),
    },
    {
      id: 'play.frame-back',
      group: GROUP,
      label: 'Previous frame (1/30 s)',
      keys: ['Mod+ArrowLeft'],
      run: () => playback.stepFrame(-1),
    },
    {
      id: 'play.stop',
      group: GROUP,
      label: 'Stop looking for a visible change',
      keys: ['Escape'],
      enabled: searching,
      run: () => playback.stop(),
    },
    ...LANES.flatMap(([lane, on, back]): Action[] => [
      { id: `play.${lane}-on`, group: GROUP, label: `Next ${lane}`, keys: [on], run: () => onHop(lane, 1) },
      { id: `play.${lane}-back`, group: GROUP, label: `Previous ${lane}`, keys: [back], run: () => onHop(lane, -1) },
    ]),
    {
      id: 'play.live',
      group: GROUP,
      label: 'Follow live, or not',
      keys: ['l'],
      enabled: live,
      run: () => playback.follow(!playback.state().following),
    },
    { id: 'play.start', group: GROUP, label: 'To the beginning', keys: ['Home'], run: () => playback.seek(0) },
    { id: 'play.end', group: GROUP, label: 'To the end', keys: ['End'], run: () => playback.seekTo({ kind: 'end' }) },
    { id: 'play.goto', group: GROUP, label: 'Go to a moment …', keys: ['g'], run: onGoTo },
    { id: 'play.faster', group: GROUP, label: 'Faster', keys: ['>'], run: () => speed(1) },
    { id: 'play.slower', group: GROUP, label: 'Slower', keys: ['<'], run: () => speed(-1) },
    {
      id: 'play.idle',
      group: GROUP,
      label: 'Skip idle time, or not',
      keys: ['i'],
      run: () => playback.setIdleCap(playback.state().idleCapUs === null ? USUAL_CAP : null),
    },
    { id: 'play.zoom-in', group: GROUP, label: 'Zoom in', keys: ['+', '='], run: () => onZoom(2) },
    { id: 'play.zoom-out', group: GROUP, label: 'Zoom out', keys: ['-'], run: () => onZoom(0.5) },
    { id: 'play.fit', group: GROUP, label: 'Show the whole recording', keys: ['0'], run: () => onZoom(null) },
    { id: 'play.find', group: GROUP, label: 'Find in the recording', keys: ['Mod+F', '/'], run: onFind },
    { id: 'play.hit-on', group: GROUP, label: 'Next hit', keys: ['f'], enabled: found, run: () => find.step(1) },
    { id: 'play.hit-back', group: GROUP, label: 'Previous hit', keys: ['Shift+F'], enabled: found, run: () => find.step(-1) },
    { id: 'play.scroll-back', group: GROUP, label: 'Scroll the screen back', keys: ['Shift+PageUp'], run: () => onScroll(-1) },
    { id: 'play.scroll-on', group: GROUP, label: 'Scroll the screen on', keys: ['Shift+PageDown'], run: () => onScroll(1) },
    { id: 'play.commands', group: GROUP, label: 'List the commands', keys: ['c'], run: () => onTab('commands') },
    { id: 'play.events', group: GROUP, label: 'List the events', keys: ['v'], run: () => onTab('events') },
    { id: 'play.hidden', group: GROUP, label: 'List the hidden text', keys: ['u'], run: () => onTab('hidden') },
    { id: 'play.bytes', group: GROUP, label: 'Show the bytes of the event', keys: ['b'], run: () => onTab('bytes') },
    { id: 'play.details', group: GROUP, label: 'Show the details', keys: ['d'], run: () => onTab('details') },
    { id: 'play.panel', group: GROUP, label: 'Show or hide the panel', keys: ['\\'], run: onPanel },
    { id: 'play.export', group: GROUP, label: 'Export …', keys: ['e'], run: onExport },
  ]);
}
