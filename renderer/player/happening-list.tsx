// Markers, resizes, titles and whatever else happened, by time, with a choice of kinds.

import { useMemo, useState } from 'react';
import type { Timeline } from '../../shared/api/shapes.ts';
import { formatCount, formatDuration, formatOffset } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Empty } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import type { Around } from './around.ts';
import { CutNote } from './cut-note.tsx';
import type { Playback } from './playback.ts';
import { happenings, lastAt, notListed, type Happening } from './recording-data.ts';
import { usePlaybackPart } from './use-playback.ts';

type Kind = Happening['kind'];

const KINDS: Readonly<Record<Kind, { readonly label: string; readonly many: string; readonly icon: IconName }>> = {
  marker: { label: 'Marker', many: 'Markers', icon: 'marker' },
  resize: { label: 'Resize', many: 'Resizes', icon: 'fit' },
  title: { label: 'Title', many: 'Titles', icon: 'sessions' },
  alternate: { label: 'Alternate screen', many: 'Alternate screen', icon: 'details' },
  bell: { label: 'Bell', many: 'Bells', icon: 'info' },
  other: { label: 'Other', many: 'Others', icon: 'info' },
  discrepancy: { label: 'Discrepancy', many: 'Discrepancies', icon: 'warning' },
  idle: { label: 'Idle', many: 'Idle', icon: 'idle' },
  exit: { label: 'Exit', many: 'Exit', icon: 'end' },
  command: { label: 'Explicit command', many: 'Explicit commands', icon: 'commands' },
  runbook: { label: 'Runbook', many: 'Runbooks', icon: 'note' },
  'terminal-audit': { label: 'Terminal audit', many: 'Terminal audit', icon: 'device' },
  'database-audit': { label: 'Database audit', many: 'Database audit', icon: 'sources' },
  participant: { label: 'Participant', many: 'Participants', icon: 'group' },
  control: { label: 'Control', many: 'Control', icon: 'keyboard' },
};

const ROW = 28;

export interface HappeningListProps {
  readonly timeline: Timeline;
  readonly around: Around;
  readonly playback: Playback;
  readonly onSeek: (atUs: number) => void;
}

export function HappeningList({ timeline, around, playback, onSeek }: HappeningListProps): React.JSX.Element {
  const all = useMemo(() => happenings(timeline, around), [timeline, around]);
  const [without, setWithout] = useState<readonly Kind[]>(['idle']);
  const counts = useMemo(() => Map.groupBy(all, ({ kind }) => kind), [all]);
  const shown = useMemo(() => all.filter(({ kind }) => !without.includes(kind)), [all, without]);
  const current = usePlaybackPart(playback, ({ atUs }) => lastAt(shown, atUs, (one) => one.atUs));
  if (all.length === 0) return <Empty icon="marker" title="No events beside the data" />;
  return (
    <>
      <div className="kinds" role="group" aria-label="Kinds">
        {(Object.keys(KINDS) as Kind[])
          .filter((kind) => counts.has(kind))
          .map((kind) => (
            <button
              key={kind}
              type="button"
              className="button quiet"
              aria-pressed={!without.includes(kind)}
              onClick={() => setWithout(without.includes(kind) ? without.filter((one) => one !== kind) : [...without, kind])}
            >
              {KINDS[kind].many}
              <span className="faint">{formatCount(counts.get(kind)!.length)}</span>
            </button>
          ))}
      </div>
      <VirtualList
        label="Markers and events"
        className="happening-list"
        items={shown}
        height={() => ROW}
        current={current}
        onChoose={({ atUs }) => onSeek(Math.max(0, atUs))}
        row={(one) => <Row one={one} />}
      />
      <CutNote count={notListed(timeline)} />
    </>
  );
}

function Row({ one }: { readonly one: Happening }): React.JSX.Element {
  const { label, icon } = KINDS[one.kind];
  return (
    <>
      <Icon name={icon} />
      <span className="at">{formatOffset(one.atUs)}</span>
      <span className="cut" title={plainRecorded(one.text)}>
        <span className="soft">{label}</span>{' '}
        {one.kind === 'title' ? (
          <q>
            <Recorded text={one.text} />
          </q>
        ) : (
          <Recorded text={one.text} />
        )}
        {one.untilUs === null ? null : <span className="faint">{` ${formatDuration(one.untilUs - one.atUs)}`}</span>}
      </span>
    </>
  );
}
