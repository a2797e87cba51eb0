// The panel about what was written: how much of the recording was seen, the annotations with their filter, and the one that is chosen in full.

import { useMemo, useState } from 'react';
import type { Annotation } from '../../../shared/api/case-shapes.ts';
import { AnnotationCard, AnnotationFilterBar, AnnotationLine } from '../../ui/annotation.tsx';
import { fitsFilter, NO_FILTER, tagsInUse, targetText } from '../../ui/annotation-text.ts';
import { Button } from '../../ui/button.tsx';
import { formatDuration, formatOffset, formatSome } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../../ui/notice.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { Playback } from '../playback.ts';
import { lastAt } from '../recording-data.ts';
import { usePlaybackPart } from '../use-playback.ts';
import { seenPercent, unseenOf } from './notebook-data.ts';
import { renderedNote, type Marking } from './use-marking.tsx';
import type { Notebook } from './use-notebook.ts';

const ROW = 46;

export interface NotesPanelProps {
  readonly notebook: Notebook;
  readonly marking: Marking;
  readonly playback: Playback;
  readonly durationUs: number;
  /** The annotation that is shown in full. */
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly filterRef: React.Ref<HTMLInputElement>;
}

export function NotesPanel(props: NotesPanelProps): React.JSX.Element {
  const { notebook, marking, playback, durationUs, chosen, onChoose, filterRef } = props;
  const { annotations, failure, again, loaded } = notebook;
  const [filter, setFilter] = useState(NO_FILTER);
  const shown = useMemo(() => annotations.filter((one) => fitsFilter(one, filter)), [annotations, filter]);
  const current = usePlaybackPart(playback, ({ atUs }) => lastAt(shown, atUs, ({ anchor }) => anchor.fromUs));
  const tags = useMemo(() => tagsInUse(annotations), [annotations]);
  const one = annotations.find(({ id }) => id === chosen);
  const choose = (annotation: Annotation): void => {
    onChoose(annotation.id);
    playback.seek(annotation.anchor.fromUs);
  };
  return (
    <div className="notes-panel">
      <SeenLine notebook={notebook} durationUs={durationUs} onReview={marking.review} />
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      {!loaded ? (
        failure === null ? (
          <Skeleton lines={6} />
        ) : null
      ) : annotations.length === 0 ? (
        <Empty
          icon="note"
          title="No annotation yet"
          actions={
            <Button icon="note" onClick={marking.write}>
              Annotate this moment
            </Button>
          }
        >
          <p>M marks a moment, and again the end of a range. N writes the note. Select text and press T, or R for a region.</p>
        </Empty>
      ) : (
        <>
          <AnnotationFilterBar filter={filter} onFilter={setFilter} tags={tags} inputRef={filterRef} />
          {shown.length === 0 ? (
            <p className="faint none">No annotation fits.</p>
          ) : (
            <VirtualList
              label="Annotations"
              className="notes-list"
              items={shown}
              height={() => ROW}
              current={current}
              onChoose={choose}
              rowClass={({ id, retracted }) => `${id === chosen ? 'chosen' : ''} ${retracted ? 'retracted' : ''}`}
              row={(annotation) => <Row annotation={annotation} />}
            />
          )}
          {one === undefined ? null : (
            // It scrolls: the keyboard must reach it.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div className="chosen-note" tabIndex={0} role="region" aria-label="The chosen annotation">
              <AnnotationCard
                annotation={one}
                where={
                  <button type="button" className="link" onClick={() => playback.seek(one.anchor.fromUs)}>
                    {targetText(one.anchor)}
                  </button>
                }
                rendered={renderedNote}
                links={annotations.filter(({ id }) => one.links.includes(id))}
                onLink={(id) => choose(annotations.find((other) => other.id === id)!)}
                actions={
                  one.retracted ? null : (
                    <>
                      <Button onClick={() => marking.edit(one)}>Change …</Button>
                      <Button onClick={() => marking.retract(one)}>Retract …</Button>
                    </>
                  )
                }
              />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function SeenLine({
  notebook,
  durationUs,
  onReview,
}: {
  readonly notebook: Notebook;
  readonly durationUs: number;
  readonly onReview: () => void;
}): React.JSX.Element {
  const { mine } = notebook;
  const unseen = unseenOf(mine, durationUs);
  const percent = seenPercent(unseen, durationUs);
  const leftUs = unseen.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  const reviewed = mine?.reviewed ?? null;
  return (
    <div className="seen-line">
      <span className="bar" aria-hidden="true">
        <span style={{ width: `${String(percent)}%` }} />
      </span>
      <span>
        {`You saw ${String(percent)} %`}
        {leftUs === 0 ? null : (
          <span className="faint">{`, ${formatDuration(leftUs)} in ${formatSome(unseen.length, 'stretch', 'stretches')} unseen`}</span>
        )}
      </span>
      <Button look={reviewed === null ? 'plain' : 'quiet'} title="Mark as reviewed (Shift+R)" onClick={onReview}>
        {reviewed === null ? null : <Icon name="proven" />}
        {reviewed === null ? 'Reviewed …' : 'Reviewed'}
      </Button>
    </div>
  );
}

function Row({ annotation }: { readonly annotation: Annotation }): React.JSX.Element {
  const { title, severity, tags, anchor, retracted, author } = annotation;
  return (
    <AnnotationLine {...{ title, severity, tags, retracted, author }}>
      <span className="at">{formatOffset(anchor.fromUs)}</span>
      {anchor.toUs > anchor.fromUs ? <span>{`for ${formatDuration(anchor.toUs - anchor.fromUs)} `}</span> : null}
    </AnnotationLine>
  );
}
