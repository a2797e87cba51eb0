// The recorded screen with what is said over it: its size and title, what was skipped, what is waited for, what failed.

import { useEffect, useMemo, useState } from 'react';
import type { Annotation } from '../../shared/api/case-shapes.ts';
import { RegionPicker } from '../screen/region-picker.tsx';
import { ScreenView } from '../screen/screen-view.tsx';
import { formatDuration, formatOffset } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { shownAt } from './annotations/notebook-data.ts';
import type { Marking } from './annotations/use-marking.tsx';
import { matchedText } from './find.ts';
import type { Find } from './use-find.ts';
import { usePlaybackPart, type Deck } from './use-playback.ts';

/** How long a note stays, in milliseconds. */
const STAYS = 1600;

export interface Note {
  readonly text: string;
  /** Counts the notes: the same words may be said again. */
  readonly n: number;
}

export interface StageProps {
  readonly deck: Deck;
  readonly find: Find;
  readonly note: Note;
  readonly marking: Marking;
  readonly annotations: readonly Annotation[];
  /** It has no events: `yet` while it is still recorded. */
  readonly empty: 'yet' | 'ever' | null;
}

export function Stage({ deck, find, note, marking, annotations, empty }: StageProps): React.JSX.Element {
  const { playback, screen } = deck;
  const still = usePlaybackPart(playback, ({ phase }) => phase === 'paused' || phase === 'ended');
  const phase = usePlaybackPart(playback, (state) => state.phase);
  const failure = phase === 'failed' ? playback.state().failure : null;
  const hit = find.state.hits[find.state.meant];
  // A hit's own cells are those of the moment at which it appeared.
  const atHit = usePlaybackPart(playback, ({ atUs }) => hit !== undefined && atUs === hit.fromUs);
  const marked = hit === undefined || !still ? '' : matchedText(hit);
  const standing = usePlaybackPart(playback, ({ atUs }) =>
    shownAt(annotations, atUs)
      .map(({ id }) => id)
      .join(),
  );
  const outlined = useMemo(
    () =>
      annotations
        .filter(({ id }) => standing.split(',').includes(id))
        .map(({ anchor, title }) => ({ region: anchor.region!, name: plainRecorded(title) })),
    [annotations, standing],
  );
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
        outlined={outlined}
        over={
          marking.picking ? <RegionPicker screen={screen} onRegion={marking.takeRegion} onLeave={marking.leaveRegion} /> : null
        }
      />
      {empty === null ? null : (
        <div className="stage-empty">
          <Empty icon="commands" title="This recording is empty">
            <p>{empty === 'yet' ? 'Nothing was recorded yet.' : 'It has no events: there is nothing to play.'}</p>
          </Empty>
        </div>
      )}
      <StageLine deck={deck} />
      <MarkNote marking={marking} />
      <SelectionButton deck={deck} marking={marking} />
      <SkipNote deck={deck} />
      <PassingNote note={note} />
      <WaitNote deck={deck} />
      {failure === null ? null : (
        <div className="stage-failure">
          <FailureNotice failure={failure} again={() => playback.seek(playback.state().atUs)} />
        </div>
      )}
    </div>
  );
}

/** A mark that was begun, and what the next key does with it. */
function MarkNote({ marking }: { readonly marking: Marking }): React.JSX.Element | null {
  if (marking.pendingUs === null) return null;
  return (
    <div className="mark-note" role="group" aria-label="The mark that was begun">
      <Icon name="marker" />
      <span>{`Mark begun at ${formatOffset(marking.pendingUs)}`}</span>
      <button type="button" onClick={marking.mark}>
        <kbd>M</kbd> end here
      </button>
      <button type="button" onClick={marking.keep}>
        <kbd>Enter</kbd> keep
      </button>
      <button type="button" onClick={marking.write}>
        <kbd>N</kbd> note
      </button>
      <button type="button" onClick={marking.drop}>
        <kbd>Esc</kbd> drop
      </button>
    </div>
  );
}

/** For the mouse that has just selected text. */
function SelectionButton({ deck, marking }: { readonly deck: Deck; readonly marking: Marking }): React.JSX.Element | null {
  const { screen } = deck;
  const [selected, setSelected] = useState(false);
  useEffect(() => screen.subscribe(() => setSelected(screen.selection() !== null)), [screen]);
  if (!selected) return null;
  return (
    <button type="button" className="selection-button" onClick={marking.annotateSelection}>
      <Icon name="note" />
      Annotate the selection <kbd>T</kbd>
    </button>
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

/** Shown for a while when it has changed. */
function useBriefly(n: number): boolean {
  const [shown, setShown] = useState(0);
  useEffect(() => {
    if (n === 0) return;
    setShown(n);
    const timer = setTimeout(() => setShown(0), STAYS);
    return () => clearTimeout(timer);
  }, [n]);
  return shown !== 0;
}

function SkipNote({ deck }: { readonly deck: Deck }): React.JSX.Element | null {
  const { playback } = deck;
  const shown = useBriefly(usePlaybackPart(playback, ({ skipped }) => skipped.n));
  if (!shown) return null;
  const { fromUs, toUs } = playback.state().skipped;
  return (
    <p className="stage-note" role="status">
      <Icon name="idle" />
      {`Skipped ${formatDuration(toUs - fromUs)} of idle time`}
    </p>
  );
}

function PassingNote({ note }: { readonly note: Note }): React.JSX.Element | null {
  return useBriefly(note.n) ? (
    <p className="stage-note" role="status">
      {note.text}
    </p>
  ) : null;
}

/** A wait shorter than this is not shown. Milliseconds. */
const PATIENCE = 150;

function WaitNote({ deck }: { readonly deck: Deck }): React.JSX.Element | null {
  const { playback } = deck;
  const waits = usePlaybackPart(playback, ({ phase }) => phase === 'opening' || phase === 'seeking' || phase === 'starved');
  const searching = usePlaybackPart(playback, (state) => state.searching);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!waits) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [waits]);
  if (!shown) return null;
  return (
    <p className="stage-note" role="status">
      {searching ? 'Looking for a visible change … Esc stops' : 'Loading …'}
    </p>
  );
}
