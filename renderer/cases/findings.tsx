// The findings of a case: every annotation of its exhibits, filtered by words, severity, tag and exhibit, with the chosen one in full. A
// finding leads to its moment.

import { useMemo, useRef, useState } from 'react';
import type { Annotation, CaseDetail } from '../../shared/api/case-shapes.ts';
import { parseMarkdown } from '../../shared/evidence/markdown.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { AnnotationCard, AnnotationFilterBar, AnnotationLine } from '../ui/annotation.tsx';
import { AnnotationForm } from '../ui/annotation-form.tsx';
import { fitsFilter, NO_FILTER, SEVERITIES, SEVERITY_WORDS, tagsInUse, targetText } from '../ui/annotation-text.ts';
import { Button } from '../ui/button.tsx';
import { formatDuration, formatOffset, formatSome } from '../ui/format.ts';
import { Empty } from '../ui/notice.tsx';
import { NoteText } from '../ui/note-text.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { exhibitOf, type Row } from './case-data.ts';

const ROW = 48;

export interface FindingsProps {
  readonly detail: CaseDetail;
  readonly rows: readonly Row[];
  readonly annotations: readonly Annotation[];
  readonly closed: boolean;
  readonly onOpen: (session: string, atUs: number) => void;
  /** Buttons about all of them. */
  readonly children: React.ReactNode;
}

/** By exhibit, then by time, as they are read. */
function inOrder(annotations: readonly Annotation[], rows: readonly Row[]): readonly Annotation[] {
  const place = new Map(rows.map(({ exhibit }, i) => [exhibit.session, i] as const).toReversed());
  const of = ({ anchor }: Annotation): number => place.get(anchor.session) ?? rows.length;
  return annotations.toSorted((a, b) => of(a) - of(b) || a.anchor.fromUs - b.anchor.fromUs);
}

const rendered = (note: string): React.ReactNode => <NoteText blocks={parseMarkdown(note)} />;

export function Findings({ detail, rows, annotations, closed, onOpen, children }: FindingsProps): React.JSX.Element {
  const api = useApi();
  const [filter, setFilter] = useState(NO_FILTER);
  const [exhibit, setExhibit] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<'change' | 'retract' | null>(null);
  const words = useRef<HTMLInputElement>(null);
  const ordered = useMemo(() => inOrder(annotations, rows), [annotations, rows]);
  const shown = useMemo(
    () => ordered.filter((one) => fitsFilter(one, filter) && (exhibit === '' || exhibitOf(rows, one)?.id === exhibit)),
    [ordered, filter, exhibit, rows],
  );
  const one = annotations.find(({ id }) => id === chosen) ?? shown[0];
  const open = ({ anchor }: Annotation): void => onOpen(anchor.session, anchor.fromUs);
  const can = one !== undefined && !closed && !one.retracted;
  useActions([
    { id: 'finding.filter', group: 'Case', label: 'Filter the annotations', keys: ['/'], run: () => words.current?.select() },
    {
      id: 'finding.open',
      group: 'Case',
      label: 'Open the annotation in the player',
      keys: ['o'],
      enabled: one !== undefined,
      run: one === undefined ? null : () => open(one),
    },
    {
      id: 'finding.change',
      group: 'Case',
      label: 'Change the annotation …',
      keys: ['e'],
      enabled: can,
      run: () => setAsked('change'),
    },
    { id: 'finding.retract', group: 'Case', label: 'Retract the annotation …', enabled: can, run: () => setAsked('retract') },
  ]);
  if (annotations.length === 0)
    return (
      <Empty icon="note" title="No annotation yet" actions={children}>
        <p>Open an exhibit and press M to mark a moment, or N to write a note: choose this case in the player’s heading first.</p>
      </Empty>
    );
  const close = (): void => setAsked(null);
  return (
    <div className="findings">
      <AnnotationFilterBar filter={filter} onFilter={setFilter} tags={tagsInUse(annotations)} inputRef={words}>
        <select className="field" aria-label="Exhibit" value={exhibit} onChange={(event) => setExhibit(event.target.value)}>
          <option value="">Every exhibit</option>
          {rows.map((row) => (
            <option key={row.exhibit.id} value={row.exhibit.id}>
              {row.exhibit.number}
            </option>
          ))}
        </select>
        <span className="faint" role="status">
          <Counts annotations={shown} />
        </span>
        {children}
      </AnnotationFilterBar>
      <div className="beside">
        {shown.length === 0 ? (
          <p className="faint none">No annotation fits.</p>
        ) : (
          <VirtualList
            label="Annotations"
            className="finding-list"
            items={shown}
            height={() => ROW}
            current={shown.findIndex(({ id }) => id === one?.id)}
            onChoose={({ id }) => setChosen(id)}
            rowClass={({ retracted }) => (retracted ? 'retracted' : '')}
            row={(annotation) => <FindingRow annotation={annotation} number={exhibitOf(rows, annotation)?.number ?? ''} />}
          />
        )}
        {one === undefined ? null : (
          // It scrolls: the keyboard must reach it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          <div className="finding-detail" tabIndex={0} role="region" aria-label="The chosen annotation">
            <AnnotationCard
              annotation={one}
              where={
                <>
                  <button type="button" className="link" onClick={() => open(one)}>
                    {`${exhibitOf(rows, one)?.number ?? 'Not an exhibit'}, ${targetText(one.anchor)}`}
                  </button>
                  {one.anchor.text === null ? null : (
                    <code>
                      <Recorded text={one.anchor.text} />
                    </code>
                  )}
                </>
              }
              rendered={rendered}
              links={annotations.filter(({ id }) => one.links.includes(id))}
              onLink={setChosen}
              actions={
                <>
                  <Button icon="play" onClick={() => open(one)}>
                    Open in the player
                  </Button>
                  {can ? <Button onClick={() => setAsked('change')}>Change …</Button> : null}
                  {can ? <Button onClick={() => setAsked('retract')}>Retract …</Button> : null}
                </>
              }
            />
          </div>
        )}
      </div>
      {asked === null || one === undefined ? null : asked === 'retract' ? (
        <ReasonDialog
          title="Retract the annotation"
          act="Retract"
          danger
          onAct={(reason) => api.call('annotations.retract', { id: one.id, reason })}
          onDone={close}
          onClose={close}
        >
          <p>
            <strong>
              <Recorded text={one.title} />
            </strong>
            {' is no longer in force then. It stays readable with all of its versions, and is marked as retracted.'}
          </p>
        </ReasonDialog>
      ) : (
        <AnnotationForm
          title="Change the annotation"
          change
          first={one}
          where={<span>{targetText(one.anchor)}</span>}
          kept={`case ${detail.number}`}
          knownTags={tagsInUse(annotations)}
          others={annotations.filter(({ id, retracted }) => id !== one.id && !retracted)}
          rendered={rendered}
          onSave={(body, reason) =>
            api.call('annotations.change', {
              id: one.id,
              change: { ...body, tags: [...body.tags], links: [...body.links] },
              reason,
            })
          }
          onDone={close}
          onClose={close}
        />
      )}
    </div>
  );
}

/** How many there are, and how many of each severity from the top. */
function Counts({ annotations }: { readonly annotations: readonly Annotation[] }): React.JSX.Element {
  const inForce = annotations.filter(({ retracted }) => !retracted);
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = inForce.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${String(count)} ${SEVERITY_WORDS[severity].toLowerCase()}`];
  });
  return <>{`${formatSome(inForce.length, 'annotation')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`}</>;
}

function FindingRow({ annotation, number }: { readonly annotation: Annotation; readonly number: string }): React.JSX.Element {
  const { title, severity, tags, anchor, retracted, author } = annotation;
  return (
    <AnnotationLine {...{ title, severity, tags, retracted, author }}>
      <span className="number">{number}</span>
      <span>{`${formatOffset(anchor.fromUs)}${anchor.toUs > anchor.fromUs ? ` for ${formatDuration(anchor.toUs - anchor.fromUs)}` : ''}`}</span>
    </AnnotationLine>
  );
}
