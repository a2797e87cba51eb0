// Every event of a locked recording: when, in which direction, how much. What it says stays sealed.

import { useEffect, useMemo, useRef, useState } from 'react';
import type { RecordingEvent } from '../../shared/recording/event.ts';
import { useApi } from '../api.ts';
import { formatBytes, formatOffset } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import type { EventBlocks } from './event-blocks.ts';
import { useEventBlocks } from './use-event-blocks.ts';
import type { TimelineClock } from './timeline/timeline.tsx';

const ROW = 26;

export interface SealedListProps {
  readonly id: string;
  readonly events: number;
  readonly clock: TimelineClock;
}

const STREAMS = { stdin: 'Input', stdout: 'Output', stderr: 'Error output' } as const;

interface About {
  readonly icon: IconName;
  readonly name: string;
  readonly text: string;
}

/** What is told of an event without opening it. */
export function aboutEvent(event: RecordingEvent): About {
  switch (event.kind) {
    case 'sealed':
      return {
        icon: event.stream === 'stdin' ? 'keyboard' : 'printed',
        name: STREAMS[event.stream],
        text: formatBytes(event.length),
      };
    case 'data':
      return { icon: 'printed', name: STREAMS[event.stream], text: formatBytes(event.bytes.length) };
    case 'resize':
      return { icon: 'fit', name: 'Resize', text: `${String(event.cols)} × ${String(event.rows)}` };
    case 'marker':
      return { icon: 'marker', name: 'Marker', text: event.label };
    case 'exit':
      return { icon: 'end', name: 'Exit', text: event.text };
    case 'other':
      return { icon: 'info', name: event.code, text: '' };
  }
}

/** While the position is being moved, wait for its end. Milliseconds. */
const SETTLE = 80;

/** The event at which the clock stands, asked of the core: it knows them all. */
function useCurrent(id: string, clock: TimelineClock): readonly [number, (index: number) => void] {
  const api = useApi();
  const announcer = useAnnouncer();
  const [current, setCurrent] = useState(-1);
  /** Where the list itself has put the clock: that needs no question. */
  const own = useRef<number | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let generation = 0;
    const follow = (): void => {
      clearTimeout(timer);
      const mine = ++generation;
      if (own.current !== null) {
        own.current = null;
        return;
      }
      timer = setTimeout(() => {
        api.call('replay.window', { id, at: { kind: 'offset', atUs: clock.state().atUs } }).then(({ target }) => {
          if (mine === generation) setCurrent(Math.max(0, target - 1));
        }, announcer.fail);
      }, SETTLE);
    };
    follow();
    const stop = clock.subscribe(follow);
    return () => {
      clearTimeout(timer);
      generation++;
      stop();
    };
  }, [api, announcer, id, clock]);
  return [
    current,
    (index) => {
      own.current = index;
      setCurrent(index);
    },
  ];
}

export function SealedList({ id, events, clock }: SealedListProps): React.JSX.Element {
  const blocks = useEventBlocks(id);
  const [current, stand] = useCurrent(id, clock);
  const indexes = useMemo(() => Array.from({ length: events }, (_, i) => i), [events]);
  return (
    <VirtualList
      label="Events, sealed"
      className="sealed-list"
      items={indexes}
      height={() => ROW}
      current={current}
      onChoose={(index) => {
        const event = blocks.at(index);
        if (event === undefined) return;
        stand(index);
        clock.seek(event.at);
      }}
      row={(index) => <Row index={index} blocks={blocks} event={blocks.at(index)} />}
    />
  );
}

interface RowProps {
  readonly index: number;
  readonly blocks: EventBlocks;
  readonly event: RecordingEvent | undefined;
}

function Row({ index, blocks, event }: RowProps): React.JSX.Element {
  const missing = event === undefined;
  useEffect(() => {
    if (missing) blocks.want(index);
  });
  if (event === undefined) return <span className="skeleton" aria-label="Loading" />;
  const { icon, name, text } = aboutEvent(event);
  return (
    <>
      <Icon name={icon} />
      <span className="at">{formatOffset(event.at)}</span>
      <span className="cut">
        <Recorded text={name} />
      </span>
      <span className="size">
        <Recorded text={text} />
      </span>
      <span className="seq faint">{`#${event.seq}`}</span>
    </>
  );
}
