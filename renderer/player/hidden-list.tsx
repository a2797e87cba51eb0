// Text that was transmitted and could not be read at the screen: what, how it was hidden, when. Each row leads to its moment.

import type { HiddenFinding, Timeline } from '../../shared/api/shapes.ts';
import { formatOffset, formatSome } from '../ui/format.ts';
import { Empty } from '../ui/notice.tsx';
import { plainRecorded, Recorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { CutNote } from './cut-note.tsx';
import type { Playback } from './playback.ts';
import { HIDDEN_CAUSE_NAMES, lastAt } from './recording-data.ts';
import { usePlaybackPart } from './use-playback.ts';

const ROW = 56;

export interface HiddenListProps {
  readonly timeline: Timeline;
  readonly playback: Playback;
}

export function HiddenList({ timeline, playback }: HiddenListProps): React.JSX.Element {
  const { hidden, index, cut } = timeline;
  const current = usePlaybackPart(playback, ({ atUs }) => lastAt(hidden, atUs, ({ fromUs }) => fromUs));
  if (hidden.length === 0)
    return (
      <Empty icon="hidden" title={index === 'done' ? 'No hidden text' : 'Not indexed yet'}>
        <p>
          {index === 'done'
            ? 'All text that this recording transmitted could be read at the screen.'
            : 'Hidden text is found when the recording is indexed.'}
        </p>
      </Empty>
    );
  return (
    <>
      <VirtualList
        label="Hidden text"
        className="hidden-list"
        items={hidden}
        height={() => ROW}
        current={current}
        onChoose={({ fromUs }) => playback.seek(fromUs)}
        row={(finding) => <Row finding={finding} />}
      />
      <CutNote count={cut['hidden'] ?? 0} />
    </>
  );
}

function Row({ finding }: { readonly finding: HiddenFinding }): React.JSX.Element {
  const { cause, text, fromUs, toUs, note, times, stream } = finding;
  return (
    <>
      <span className="line mono cut">{text === '' ? <span className="faint">no text</span> : <Recorded text={text} />}</span>
      <span className="about cut">
        <span className="at">{formatOffset(fromUs)}</span>
        {HIDDEN_CAUSE_NAMES[cause]}
        {stream === 'stdin' ? ', input' : ''}
        {times > 1 ? `, ${formatSome(times, 'time')} until ${formatOffset(toUs)}` : ''}
      </span>
      <span className="about faint cut" title={plainRecorded(note)}>
        <Recorded text={note} />
      </span>
    </>
  );
}
