// The shortcuts of marking and annotating, in one list.

import { useActions } from '../../ui/actions.tsx';
import type { Marking } from './use-marking.tsx';

export interface NoteActions {
  readonly marking: Marking;
  /** To the next or the previous annotation. */
  readonly onHop: (step: 1 | -1) => void;
  /** To the next or the previous stretch that is unseen. */
  readonly onUnseen: (step: 1 | -1) => void;
  readonly onList: () => void;
  readonly onFilter: () => void;
  readonly onCase: () => void;
}

const GROUP = 'Annotations';

export function useNoteActions({ marking, onHop, onUnseen, onList, onFilter, onCase }: NoteActions): void {
  const pending = marking.pendingUs !== null;
  useActions([
    {
      id: 'note.mark',
      group: GROUP,
      label: pending ? 'End the mark here' : 'Mark this moment; again: end of a range',
      keys: ['m'],
      run: marking.mark,
    },
    { id: 'note.write', group: GROUP, label: 'Write the note of the newest mark', keys: ['n'], run: marking.write },
    { id: 'note.text', group: GROUP, label: 'Annotate the selected text', keys: ['t'], run: marking.annotateSelection },
    { id: 'note.region', group: GROUP, label: 'Annotate a region of the screen', keys: ['r'], run: marking.pickRegion },
    { id: 'note.on', group: GROUP, label: 'Next annotation', keys: ['j'], run: () => onHop(1) },
    { id: 'note.back', group: GROUP, label: 'Previous annotation', keys: ['Shift+J'], run: () => onHop(-1) },
    { id: 'note.unseen-on', group: GROUP, label: 'Next unseen stretch', keys: ['o'], run: () => onUnseen(1) },
    { id: 'note.unseen-back', group: GROUP, label: 'Previous unseen stretch', keys: ['Shift+O'], run: () => onUnseen(-1) },
    { id: 'note.list', group: GROUP, label: 'List the annotations', keys: ['w'], run: onList },
    { id: 'note.filter', group: GROUP, label: 'Filter the annotations', keys: ['Shift+W'], run: onFilter },
    { id: 'note.case', group: GROUP, label: 'Choose the case for annotations', keys: ['y'], run: onCase },
    { id: 'note.review', group: GROUP, label: 'Mark as reviewed …', keys: ['Shift+R'], run: marking.review },
    {
      id: 'note.keep',
      group: GROUP,
      label: 'Keep the mark as a moment',
      keys: ['Enter'],
      enabled: pending,
      run: marking.keep,
    },
    { id: 'note.drop', group: GROUP, label: 'Drop the mark', keys: ['Escape'], enabled: pending, run: marking.drop },
  ]);
}
