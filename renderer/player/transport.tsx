// The buttons of the player: play, step, speed, idle, zoom, go to.

import { useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { formatDuration, type Zone } from '../ui/format.ts';
import { Clocks } from './clocks.tsx';
import { parseMoment } from './moment-text.ts';
import type { Playback } from './playback.ts';
import { SPEEDS } from './playback-machine.ts';
import { usePlaybackPart } from './use-playback.ts';

export interface TransportProps {
  readonly playback: Playback;
  readonly durationUs: number;
  readonly startUs: number | null;
  readonly zone: Zone;
  /** It is still recorded, or followed. */
  readonly live: boolean;
  /** There is nothing to play. */
  readonly empty: boolean;
  readonly onCommand: (step: 1 | -1) => void;
  readonly onZoom: (factor: number | null) => void;
  readonly goToRef: React.Ref<HTMLButtonElement>;
}

/** Pauses are cut to one of these, in microseconds. */
export const IDLE_CAPS: readonly number[] = [500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000];

/** The cap that the switch begins with. */
export const USUAL_CAP = 2_000_000;

export function Transport(props: TransportProps): React.JSX.Element {
  const { playback, durationUs, startUs, zone, live, empty, onCommand, onZoom } = props;
  const running = usePlaybackPart(playback, ({ phase, resume }) => phase === 'playing' || phase === 'starved' || resume);
  const speed = usePlaybackPart(playback, (state) => state.speed);
  return (
    <div className="transport" role="toolbar" aria-label="Playback">
      <div className="group">
        <IconButton icon="command-back" label="Previous command" keys="[" onClick={() => onCommand(-1)} />
        <IconButton icon="change-back" label="Previous visible change" keys="," onClick={() => playback.stepChange(-1)} />
        <IconButton icon="event-back" label="Previous event" keys="Alt+ArrowLeft" onClick={() => playback.stepEvent(-1)} />
        <IconButton
          icon="frame-back"
          label="Previous frame, a thirtieth of a second"
          keys="Mod+ArrowLeft"
          className="by-frame"
          onClick={() => playback.stepFrame(-1)}
        />
        <IconButton
          icon={running ? 'pause' : 'play'}
          label={running ? 'Pause' : 'Play'}
          keys="Space"
          className="play"
          disabled={empty}
          onClick={() => playback.toggle()}
        />
        <IconButton
          icon="frame-on"
          label="Next frame, a thirtieth of a second"
          keys="Mod+ArrowRight"
          className="by-frame"
          onClick={() => playback.stepFrame(1)}
        />
        <IconButton icon="event-on" label="Next event" keys="Alt+ArrowRight" onClick={() => playback.stepEvent(1)} />
        <IconButton icon="change-on" label="Next visible change" keys="." onClick={() => playback.stepChange(1)} />
        <IconButton icon="command-on" label="Next command" keys="]" onClick={() => onCommand(1)} />
      </div>
      <Clocks playback={playback} durationUs={durationUs} startUs={startUs} zone={zone} />
      <div className="group end">
        {live ? <LiveSwitch playback={playback} /> : null}
        <GoTo {...props} />
        <label className="speed" title="Speed (< and >)">
          <span className="unseen">Speed</span>
          <select value={speed} onChange={(event) => playback.setSpeed(Number(event.target.value))}>
            {SPEEDS.map((one) => (
              <option key={one} value={one}>{`${String(one)}×`}</option>
            ))}
          </select>
        </label>
        <IdleSwitch playback={playback} />
        <span className="divider" />
        <IconButton icon="minus" label="Zoom out" keys="-" onClick={() => onZoom(0.5)} />
        <IconButton icon="fit" label="Show the whole recording" keys="0" onClick={() => onZoom(null)} />
        <IconButton icon="plus" label="Zoom in" keys="+" onClick={() => onZoom(2)} />
      </div>
    </div>
  );
}

function LiveSwitch({ playback }: { readonly playback: Playback }): React.JSX.Element {
  const following = usePlaybackPart(playback, (state) => state.following);
  return (
    <Button
      look="quiet"
      icon="live"
      className="live"
      aria-pressed={following}
      title={following ? 'Following live: new events are shown as they arrive (L)' : 'Go to the end and follow live (L)'}
      onClick={() => playback.follow(!following)}
    >
      Live
    </Button>
  );
}

function IdleSwitch({ playback }: { readonly playback: Playback }): React.JSX.Element {
  const cap = usePlaybackPart(playback, ({ idleCapUs }) => idleCapUs);
  return (
    <Menu
      label="Idle time"
      icon="idle"
      text={cap === null ? 'Idle in full' : `Idle ≤ ${formatDuration(cap)}`}
      className={cap === null ? '' : 'on'}
    >
      <fieldset className="idle-choice">
        <legend>Pauses are played</legend>
        <label className="check">
          <input type="radio" name="idle" checked={cap === null} onChange={() => playback.setIdleCap(null)} />
          in full
        </label>
        {IDLE_CAPS.map((one) => (
          <label key={one} className="check">
            <input type="radio" name="idle" checked={cap === one} onChange={() => playback.setIdleCap(one)} />
            {`for at most ${formatDuration(one)}`}
          </label>
        ))}
        <p className="faint">Clocks always show recorded time.</p>
      </fieldset>
    </Menu>
  );
}

function GoTo({ playback, goToRef }: TransportProps): React.JSX.Element {
  const [text, setText] = useState('');
  const moment = parseMoment(text);
  return (
    <Menu label="Go to a moment (G)" icon="clock" text="Go to" buttonRef={goToRef}>
      {(close) => (
        <form
          className="go-to"
          onSubmit={(event) => {
            event.preventDefault();
            if (moment === null) return;
            playback.seekTo(moment);
            setText('');
            close();
          }}
        >
          <label className="label">
            Moment
            <span className={`field ${text !== '' && moment === null ? 'wrong' : ''}`}>
              <input
                // The panel opens for this field.
                // oxlint-disable-next-line jsx-a11y/no-autofocus
                autoFocus
                value={text}
                spellCheck={false}
                autoComplete="off"
                placeholder="1:23.4"
                onChange={(event) => setText(event.target.value)}
              />
            </span>
          </label>
          <p className="faint">
            Seconds (12.5), a clock (1:23.4), a sequence number (#42), or a date and time with its zone (2026-11-21T03:40:00Z).
          </p>
          <div className="row-end">
            <button type="submit" className="button primary" disabled={moment === null}>
              Go
            </button>
          </div>
        </form>
      )}
    </Menu>
  );
}
