// Marking while one watches: a key begins and ends a mark, a key opens the note on the newest one, text or a region of the screen is
// annotated in place. A mark that was begun is never lost: it is kept as a moment when the player is left.

import { useEffect, useRef, useState } from 'react';
import type { Annotation, AnnotationTarget } from '../../../shared/api/case-shapes.ts';
import { parseMarkdown } from '../../../shared/evidence/markdown.ts';
import { useApi } from '../../api.ts';
import type { Region } from '../../screen/screen.ts';
import { AnnotationForm, type AnnotationBody } from '../../ui/annotation-form.tsx';
import { firstTitle, tagsInUse, targetText } from '../../ui/annotation-text.ts';
import { formatOffset } from '../../ui/format.ts';
import { NoteText } from '../../ui/note-text.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Recorded } from '../../ui/recorded.tsx';
import { useAnnouncer } from '../../ui/toasts.tsx';
import type { Deck } from '../use-playback.ts';
import { endedMark, momentTarget, targetInput } from './marking.ts';
import { caseProblem } from './notebook-data.ts';
import { ReviewDialog } from './review-dialog.tsx';
import type { Notebook } from './use-notebook.ts';

export interface Marking {
  /** Where a mark was begun that is not ended yet. */
  readonly pendingUs: number | null;
  /** A region is being chosen. */
  readonly picking: boolean;
  mark(): void;
  /** Keeps the mark that was begun as a moment. */
  keep(): void;
  drop(): void;
  /** Opens the note on the newest mark; without one, on the present moment. */
  write(): void;
  annotateSelection(): void;
  pickRegion(): void;
  leaveRegion(): void;
  takeRegion(region: Region): void;
  edit(annotation: Annotation): void;
  retract(annotation: Annotation): void;
  review(): void;
  readonly dialogs: React.ReactNode;
}

type Asked =
  | { readonly kind: 'new'; readonly target: AnnotationTarget }
  | { readonly kind: 'edit'; readonly annotation: Annotation }
  | { readonly kind: 'retract'; readonly annotation: Annotation }
  | { readonly kind: 'review' };

export interface MarkingOptions {
  readonly session: string;
  readonly durationUs: number;
  readonly deck: Deck;
  readonly notebook: Notebook;
  readonly onNote: (text: string) => void;
}

export const renderedNote = (note: string): React.ReactNode => <NoteText blocks={parseMarkdown(note)} />;

export function useMarking({ session, durationUs, deck, notebook, onNote }: MarkingOptions): Marking {
  const api = useApi();
  const announcer = useAnnouncer();
  const { playback, screen } = deck;
  const { current, annotations, again } = notebook;
  const [pendingUs, setPending] = useState<number | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [picking, setPicking] = useState(false);
  /** The annotation that was made last since the player was opened. */
  const newest = useRef<string | null>(null);

  const add = async (target: AnnotationTarget, body: Partial<AnnotationBody>): Promise<void> => {
    const made = await api.call('annotations.add', {
      session,
      ...(current === null ? {} : { case: current.id }),
      ...targetInput(target),
      body: {
        title: firstTitle(target),
        ...body,
        ...(body.tags === undefined ? {} : { tags: [...body.tags] }),
        ...(body.links === undefined ? {} : { links: [...body.links] }),
      } as { title: string },
    });
    newest.current = made.id;
    again();
  };
  /** Whether something can be written now; says why not. */
  const allowed = (): boolean => {
    const problem = caseProblem(current);
    if (problem !== null) onNote(problem);
    return problem === null;
  };
  const save = (target: AnnotationTarget): void => {
    setPending(null);
    add(target, {}).then(() => onNote(`Marked ${targetText(target)}. N writes its note`), announcer.fail);
  };
  const stop = (): void => {
    const { phase, resume } = playback.state();
    if (phase === 'playing' || phase === 'starved' || resume) playback.toggle();
  };
  const ask = (next: Asked): void => {
    stop();
    setAsked(next);
  };
  const askNew = (target: AnnotationTarget): void => {
    if (allowed()) ask({ kind: 'new', target });
  };

  const leaving = useRef<() => void>(() => undefined);
  useEffect(() => {
    leaving.current = () => {
      if (pendingUs !== null) add(momentTarget(pendingUs), {}).catch(announcer.fail);
    };
  });
  useEffect(() => () => leaving.current(), []);

  const atUs = (): number => playback.state().atUs;
  const close = (): void => setAsked(null);
  const done = (): void => {
    setAsked(null);
    again();
  };

  const dialogs =
    asked === null ? null : asked.kind === 'review' ? (
      <ReviewDialog
        session={session}
        durationUs={durationUs}
        notebook={notebook}
        onSeek={(us) => playback.seek(us)}
        onDone={done}
        onClose={close}
      />
    ) : asked.kind === 'retract' ? (
      <ReasonDialog
        title="Retract the annotation"
        act="Retract"
        danger
        onAct={(reason) => api.call('annotations.retract', { id: asked.annotation.id, reason })}
        onDone={done}
        onClose={close}
      >
        <p>
          <strong>
            <Recorded text={asked.annotation.title} />
          </strong>
          {' is no longer in force then. It stays readable with all of its versions, and is marked as retracted.'}
        </p>
      </ReasonDialog>
    ) : (
      <AnnotationForm
        key={asked.kind === 'new' ? 'new' : asked.annotation.id}
        title={asked.kind === 'new' ? 'New annotation' : 'Change the annotation'}
        change={asked.kind === 'edit'}
        first={
          asked.kind === 'edit'
            ? asked.annotation
            : { title: firstTitle(asked.target), note: '', tags: [], severity: 'info', links: [] }
        }
        where={<TargetLine target={asked.kind === 'new' ? asked.target : asked.annotation.anchor} />}
        kept={current === null ? 'the library, in no case' : `case ${current.number}`}
        knownTags={tagsInUse(annotations)}
        others={annotations.filter((one) => !one.retracted && (asked.kind === 'new' || one.id !== asked.annotation.id))}
        rendered={renderedNote}
        onSave={async (body, reason) => {
          if (asked.kind === 'new') {
            await add(asked.target, body);
            setPending(null);
            return;
          }
          newest.current = asked.annotation.id;
          await api.call('annotations.change', {
            id: asked.annotation.id,
            change: { ...body, tags: [...body.tags], links: [...body.links] },
            reason,
          });
        }}
        onDone={done}
        onClose={close}
      />
    );

  return {
    pendingUs,
    picking,
    mark: () => {
      if (!allowed()) return;
      if (pendingUs === null) {
        setPending(atUs());
        announcer.say(`Mark begun at ${formatOffset(atUs())}`);
      } else save(endedMark(pendingUs, atUs()));
    },
    keep: () => {
      if (pendingUs !== null) save(momentTarget(pendingUs));
    },
    drop: () => setPending(null),
    write: () => {
      const last = annotations.find(({ id, retracted }) => id === newest.current && !retracted);
      if (pendingUs !== null) askNew(momentTarget(pendingUs));
      else if (last !== undefined && allowed()) ask({ kind: 'edit', annotation: last });
      else askNew(momentTarget(atUs()));
    },
    annotateSelection: () => {
      const selection = screen.selection();
      if (selection === null) {
        onNote('No text is selected: drag over it on the screen');
        return;
      }
      const at = atUs();
      askNew({ kind: 'text', fromUs: at, toUs: at, region: selection.region, text: selection.text.slice(0, 10_000) });
    },
    pickRegion: () => {
      if (!allowed()) return;
      stop();
      setPicking(true);
    },
    leaveRegion: () => setPicking(false),
    takeRegion: (region) => {
      setPicking(false);
      const at = atUs();
      askNew({ kind: 'region', fromUs: at, toUs: at, region, text: null });
    },
    edit: (annotation) => {
      if (allowed()) ask({ kind: 'edit', annotation });
    },
    retract: (annotation) => {
      if (allowed()) ask({ kind: 'retract', annotation });
    },
    review: () => {
      // What was watched just now counts too.
      void playback.report().then(again);
      ask({ kind: 'review' });
    },
    dialogs,
  };
}

function TargetLine({ target }: { readonly target: AnnotationTarget }): React.JSX.Element {
  return (
    <>
      <span>{targetText(target)}</span>
      {target.text === null ? null : (
        <code className="cut">
          <Recorded text={target.text.slice(0, 300)} />
        </code>
      )}
    </>
  );
}
