// Below a list: how many more there are than it holds.

import { formatCount } from '../ui/format.ts';

export interface CutNoteProps {
  readonly count: number;
}

export function CutNote({ count }: CutNoteProps): React.JSX.Element | null {
  return count === 0 ? null : <p className="cut-note faint">{`${formatCount(count)} more are not listed.`}</p>;
}
