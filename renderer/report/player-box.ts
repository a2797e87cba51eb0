// One recording in the report: the recorded screen, its clock, its keys. It is made when it is first asked for, since a report may hold
// many recordings, and it draws with text nodes only.

import { createPlayback, type Playback } from '../player/playback.ts';
import { SPEEDS, type PlaybackState } from '../player/playback-machine.ts';
import { createScreen } from '../screen/screen.ts';
import { formatCount, formatOffset, formatWall } from '../ui/format.ts';
import { plainRecorded } from '../ui/recorded.tsx';
import { readCast } from './cast-events.ts';
import { createCastCore } from './cast-core.ts';
import { element } from './element.ts';

/** Pauses are cut to this, where the reader wants it. Microseconds. */
const CAP = 2_000_000;

/** Work in a row before the page may draw, in milliseconds. */
const BREATH = 12;

const JUMP = 5_000_000;

/** Space around the cells, and the share of the window that a screen takes at most. */
const PADDING = 20;
const SHARE = 0.68;

export interface Mark {
  readonly atUs: number;
  readonly severity: string;
  readonly label: string;
}

export interface PlayerBox {
  seek(atUs: number): void;
}

/** What the report says of a recording beside its playback. */
interface Told {
  readonly durationUs: number;
  /** Microseconds since 1970-01-01 UTC, or null. */
  readonly startUs: number | null;
  readonly piped: boolean;
}

function toldBy({ dataset }: HTMLElement): Told {
  const start = dataset['start'] ?? '';
  return {
    durationUs: Number(dataset['duration']),
    startUs: start === '' ? null : Number(start),
    piped: dataset['piped'] === 'true',
  };
}

/** To be awaited in a long work: lets the page draw when it is time. */
function breathing(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}

const running = ({ phase, resume }: PlaybackState): boolean => phase === 'playing' || phase === 'starved' || resume;

interface Control {
  readonly node: HTMLElement;
  readonly update: (state: PlaybackState) => void;
}

function button(label: string, text: string, keys: string, run: () => void): HTMLButtonElement {
  const node = element('button', { type: 'button', title: `${label} (${keys})`, 'aria-label': label }, text);
  node.addEventListener('click', run);
  return node;
}

function playButton(playback: Playback): Control {
  const node = button('Play', '', 'Space', () => playback.toggle());
  node.className = 'play';
  return {
    node,
    update: (state) => {
      const label = running(state) ? 'Pause' : 'Play';
      if (node.getAttribute('aria-label') === label && node.dataset['sign'] !== undefined) return;
      node.setAttribute('aria-label', label);
      node.title = `${label} (Space)`;
      node.dataset['sign'] = label.toLowerCase();
    },
  };
}

function clock({ durationUs }: Told): Control {
  const at = element('span', { class: 'at' });
  const node = element('div', { class: 'clock' }, at, element('span', { class: 'of' }, ` / ${formatOffset(durationUs)}`));
  return {
    node,
    update: ({ atUs }) => {
      at.textContent = formatOffset(atUs);
    },
  };
}

function speeds(playback: Playback): Control {
  const choices = SPEEDS.map((speed) => element('option', { value: String(speed) }, `${String(speed)}×`));
  const node = element('select', { 'aria-label': 'Speed', title: 'Speed (< and >)' }, ...choices);
  node.addEventListener('change', () => playback.setSpeed(Number(node.value)));
  return {
    node,
    update: ({ speed }) => {
      node.value = String(speed);
    },
  };
}

function pauses(playback: Playback): Control {
  const box = element('input', { type: 'checkbox' });
  box.addEventListener('change', () => playback.setIdleCap(box.checked ? CAP : null));
  return {
    node: element('label', { class: 'pauses', title: 'Cut pauses to 2 s; clocks keep recorded time (I)' }, box, ' Cut pauses'),
    update: ({ idleCapUs }) => {
      box.checked = idleCapUs !== null;
    },
  };
}

/** The bar that says where it stands, with the findings on it. */
function slider(playback: Playback, { durationUs }: Told, marks: readonly Mark[]): Control {
  const range = element('input', {
    type: 'range',
    min: '0',
    max: String(Math.max(1, Math.ceil(durationUs / 1000))),
    step: 'any',
    'aria-label': 'Position in the recording',
  });
  range.addEventListener('input', () => playback.seek(Number(range.value) * 1000));
  const ticks = marks.map(({ atUs, severity, label }) => {
    const tick = element('i', { 'data-severity': severity, title: label });
    tick.style.left = `${String((100 * atUs) / Math.max(1, durationUs))}%`;
    return tick;
  });
  return {
    node: element('div', { class: 'position' }, element('div', { class: 'ticks', 'aria-hidden': 'true' }, ...ticks), range),
    update: ({ atUs }) => {
      range.value = String(atUs / 1000);
      range.setAttribute('aria-valuetext', `${formatOffset(atUs)} of ${formatOffset(durationUs)}`);
      range.style.setProperty('--share', String(Math.min(1, atUs / Math.max(1, durationUs))));
    },
  };
}

/** What each key does while the focus is in the player. */
function keysOf(playback: Playback): Readonly<Record<string, () => void>> {
  const move = (us: number) => () => playback.seek(playback.state().atUs + us);
  const speed = (by: 1 | -1) => () => {
    const at = SPEEDS.indexOf(playback.state().speed) + by;
    playback.setSpeed(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))]!);
  };
  return {
    ' ': () => playback.toggle(),
    k: () => playback.toggle(),
    ArrowRight: move(JUMP),
    ArrowLeft: move(-JUMP),
    'Shift+ArrowRight': move(JUMP / 5),
    'Shift+ArrowLeft': move(-JUMP / 5),
    '.': () => playback.stepEvent(1),
    ',': () => playback.stepEvent(-1),
    ']': () => playback.stepChange(1),
    '[': () => playback.stepChange(-1),
    '>': speed(1),
    '<': speed(-1),
    '+': speed(1),
    '-': speed(-1),
    i: () => playback.setIdleCap(playback.state().idleCapUs === null ? CAP : null),
    Home: () => playback.seek(0),
    End: () => playback.seekTo({ kind: 'end' }),
    Escape: () => playback.stop(),
  };
}

/** Keys that a control of its own needs itself. */
const OWN: Readonly<Record<string, RegExp>> = { BUTTON: /^ $/, SELECT: /^./ };

function listen(figure: HTMLElement, playback: Playback): void {
  const keys = keysOf(playback);
  figure.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tagName } = event.target as HTMLElement;
    if ((event.target as HTMLInputElement).type === 'checkbox' && event.key === ' ') return;
    if (OWN[tagName]?.test(event.key) === true) return;
    const act = keys[event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

/** Opens the player of a recording in its place. Throws where the report's playback does not read. */
export async function openPlayer(figure: HTMLElement, text: string, marks: readonly Mark[]): Promise<PlayerBox> {
  const told = toldBy(figure);
  const breathe = breathing();
  const cast = await readCast(text, breathe);
  const core = createCastCore(cast, told.piped);
  const make = (): ReturnType<typeof createScreen> => createScreen(cast.cols, cast.rows, told.piped);
  const screen = make();
  const note = element('p', { class: 'note', role: 'status' });
  const playback = createPlayback({
    api: core.api,
    recording: { id: figure.id, events: cast.events.length, durationUs: told.durationUs },
    screen,
    probe: make,
    frame: (callback) => void requestAnimationFrame(callback),
    now: () => performance.now(),
    onFailure: (error) => {
      note.textContent = error instanceof Error ? error.message : String(error);
    },
    onNote: (said) => {
      note.textContent = said;
    },
  });

  const host = element('div', {});
  const words = element('pre', { class: 'unseen', role: 'region', 'aria-label': 'Text on the screen' });
  const stage = element(
    'div',
    { class: 'stage', tabindex: '0', role: 'group', 'aria-label': 'Recorded screen' },
    element('div', { class: 'cells' }, host),
    words,
  );
  const wall = element('span', {});
  const count = element('span', {});
  const controls = [
    playButton(playback),
    clock(told),
    speeds(playback),
    pauses(playback),
    slider(playback, told, marks),
  ] as const;
  const [play, time, speed, pause, bar] = controls;
  const strip = element(
    'div',
    { class: 'transport' },
    button('Previous visible change', '⇤', '[', () => playback.stepChange(-1)),
    button('Previous event', '‹', ',', () => playback.stepEvent(-1)),
    play.node,
    button('Next event', '›', '.', () => playback.stepEvent(1)),
    button('Next visible change', '⇥', ']', () => playback.stepChange(1)),
    time.node,
    element('span', { class: 'space' }),
    speed.node,
    pause.node,
  );
  // On paper, the picture that was here stands for the player.
  figure.querySelector('.poster')?.after(stage, bar.node, strip, element('p', { class: 'where' }, wall, count), note);
  figure.classList.add('open');

  const fit = (): void => {
    const width = Math.max(0, stage.clientWidth - PADDING);
    screen.show(host, { width, height: Math.max(160, innerHeight * SHARE - PADDING) });
  };
  new ResizeObserver(fit).observe(stage);
  const update = (): void => {
    const state = playback.state();
    for (const control of controls) control.update(state);
    wall.textContent = told.startUs === null ? '' : `${formatWall(told.startUs + state.atUs, 'utc', 3)} UTC`;
    count.textContent = `event ${formatCount(state.index)} of ${formatCount(cast.events.length)}`;
    figure.dataset['phase'] = state.phase;
    figure.dataset['at'] = String(state.atUs);
    if (state.failure !== null) note.textContent = state.failure.why;
    words.textContent = running(state)
      ? ''
      : screen
          .rows()
          .map((row) => plainRecorded(row.text))
          .join('\n')
          .trimEnd();
  };
  playback.subscribe(update);
  fit();
  playback.seek(0);
  update();
  listen(figure, playback);
  void core.prepare(breathing());
  return {
    seek: (atUs) => {
      playback.seek(atUs);
      stage.focus({ preventScroll: true });
    },
  };
}
