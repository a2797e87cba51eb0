// The program inside of a report (build/bundle.ts makes it one file, electron/export/report puts it in): opens the player of a recording
// when somebody asks for it, by its button or by a link to a moment. It has no network, keeps nothing, and takes the recording from the
// data blocks of its own page.

import '../ui/theme.css';
import '../screen/screen.css';
import './report.css';
import './player.css';
import { element } from './element.ts';
import { openPlayer, type Mark, type PlayerBox } from './player-box.ts';

const opened = new Map<string, Promise<PlayerBox>>();

const allOf = <T extends HTMLElement>(selector: string): readonly T[] => Array.from(document.querySelectorAll<T>(selector));

/** The asciicast of a recording: its blocks one after the other. */
const castOf = (number: string): string =>
  allOf<HTMLScriptElement>('script[data-playback]')
    .filter(({ dataset }) => dataset['playback'] === number)
    .map(({ textContent }) => textContent)
    .join('');

const marksOf = (number: string): readonly Mark[] =>
  allOf<HTMLAnchorElement>('a.jump[data-severity]')
    .filter(({ dataset }) => dataset['playback'] === number)
    .map(({ dataset }) => ({
      atUs: Number(dataset['at']),
      severity: dataset['severity'] ?? '',
      label: dataset['label'] ?? '',
    }));

function open(figure: HTMLElement): Promise<PlayerBox> {
  const number = figure.dataset['playback'] ?? '';
  const known = opened.get(number);
  if (known !== undefined) return known;
  const start = figure.querySelector('.start');
  if (start !== null) start.textContent = 'Reading the recording …';
  const box = openPlayer(figure, castOf(number), marksOf(number)).catch((error: unknown) => {
    figure.append(element('p', { class: 'note', role: 'alert' }, error instanceof Error ? error.message : String(error)));
    throw error;
  });
  opened.set(number, box);
  return box;
}

function show(figure: HTMLElement, atUs: number): void {
  open(figure).then(
    (box) => {
      figure.scrollIntoView({ block: 'nearest' });
      box.seek(atUs);
    },
    () => undefined,
  );
}

for (const figure of allOf('figure.player[data-playback]')) {
  const start = element('button', { type: 'button', class: 'start' }, 'Play this recording');
  start.addEventListener('click', () => show(figure, 0));
  figure.querySelector('.poster')?.append(start);
}

document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a.jump[data-playback]');
  if (link === null || event.ctrlKey || event.metaKey) return;
  const figure = allOf('figure.player').find(({ dataset }) => dataset['playback'] === link.dataset['playback']);
  if (figure === undefined) return;
  // Followed by the browser, a link within the page takes the focus away from the screen; the way back stays.
  event.preventDefault();
  history.pushState(null, '', link.hash);
  show(figure, Number(link.dataset['at']));
});

// What is folded away is not printed, unless its reader unfolded it; the link to a part of it unfolds it.
addEventListener('hashchange', () => {
  const target = document.getElementById(location.hash.slice(1));
  target?.closest('details')?.setAttribute('open', '');
});
