// The kinds of text that are searched, in the order in which they are offered.

import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { IconName } from '../ui/icon.tsx';

export type Field = SearchHit['in'];

export const FIELDS: Readonly<Record<Field, { readonly label: string; readonly icon: IconName; readonly note: string }>> = {
  visible: { label: 'Visible', icon: 'visible', note: 'stood on the screen' },
  printed: { label: 'Printed', icon: 'printed', note: 'was sent to the terminal, seen or not' },
  typed: { label: 'Typed', icon: 'keyboard', note: 'was typed' },
  hidden: { label: 'Hidden', icon: 'hidden', note: 'was sent but could not be read on the screen' },
  command: { label: 'Commands', icon: 'commands', note: 'was entered as a command' },
  history: { label: 'History', icon: 'history', note: 'was told by the source of the session' },
  note: { label: 'Annotations', icon: 'note', note: 'was said in an annotation' },
};

export const ORDER: readonly Field[] = ['visible', 'printed', 'typed', 'hidden', 'command'];
