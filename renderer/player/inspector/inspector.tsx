// The event that was applied last, byte by byte: what it asked of the terminal, sequence by sequence, its bytes in hex, and as escaped text.
// While playing it follows a few times a second.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { DataEvent, RecordingEvent } from '../../../shared/recording/event.ts';
import { decodeSequences, NO_HEAD, type Piece } from '../../../shared/terminal/sequences.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { formatBytes, formatCount, formatOffset } from '../../ui/format.ts';
import { Empty, Notice, Skeleton } from '../../ui/notice.tsx';
import { Recorded } from '../../ui/recorded.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { EventBlocks } from '../event-blocks.ts';
import { useEventBlocks } from '../use-event-blocks.ts';
import type { Playback } from '../playback.ts';
import { aboutEvent } from '../sealed-list.tsx';
import { asciiBytes, beforeEvent, escapedText, hexBytes, offsetText, ROW_BYTES } from './event-bytes.ts';
import './inspector.css';

export interface InspectorProps {
  readonly id: string;
  readonly events: number;
  readonly playback: Playback;
}

/** While playing, the inspector changes at most this often. Milliseconds. */
const CALM = 250;

/** Bytes that are shown as escaped text. */
const ESCAPED = 16 * 1024;

const PIECE_ROW = 40;
const HEX_ROW = 22;

const KINDS: Readonly<Record<Piece['kind'], string>> = {
  text: 'Text',
  control: 'C0',
  escape: 'ESC',
  csi: 'CSI',
  osc: 'OSC',
  dcs: 'DCS',
  string: 'String',
  invalid: 'Bytes',
};

/** Position of the event applied last, -1 before the first: at once while the screen stands, now and then while it plays. */
function usePosition(playback: Playback): number {
  const subscribe = useMemo(
    () =>
      (listener: () => void): (() => void) => {
        let timer: ReturnType<typeof setTimeout> | null = null;
        const stop = playback.subscribe(() => {
          const runs = playback.state().phase === 'playing';
          if (!runs) listener();
          else
            timer ??= setTimeout(() => {
              timer = null;
              listener();
            }, CALM);
        });
        return () => {
          stop();
          if (timer !== null) clearTimeout(timer);
        };
      },
    [playback],
  );
  return useSyncExternalStore(subscribe, () => playback.state().index) - 1;
}

export function Inspector({ id, events, playback }: InspectorProps): React.JSX.Element {
  const index = usePosition(playback);
  const blocks = useEventBlocks(id);
  const event = index < 0 ? undefined : blocks.at(index);
  const wanted = index >= 0 && event === undefined ? index : null;
  useEffect(() => {
    if (wanted !== null) blocks.want(wanted);
  });
  if (index < 0)
    return (
      <Empty icon="bytes" title="Nothing has happened yet">
        <p>This is the moment before the first event. Step on to see its bytes.</p>
      </Empty>
    );
  return (
    <div className="inspector">
      <header>
        <div className="which">
          <h2 className="small">{`Event ${formatCount(index + 1)} of ${formatCount(events)}`}</h2>
          <IconButton icon="event-back" label="Previous event" keys="Alt+ArrowLeft" onClick={() => playback.stepEvent(-1)} />
          <IconButton icon="event-on" label="Next event" keys="Alt+ArrowRight" onClick={() => playback.stepEvent(1)} />
        </div>
        {event === undefined ? null : <Facts event={event} />}
      </header>
      {event === undefined ? (
        <Skeleton lines={6} />
      ) : event.kind === 'data' ? (
        <Bytes key={index} index={index} event={event} blocks={blocks} />
      ) : (
        <Without event={event} />
      )}
    </div>
  );
}

const STREAMS = { stdin: 'input (stdin)', stdout: 'output (stdout)', stderr: 'error output (stderr)' } as const;

function Facts({ event }: { readonly event: RecordingEvent }): React.JSX.Element {
  const bytes = event.kind === 'data' ? event.bytes.length : event.kind === 'sealed' ? event.length : null;
  return (
    <dl className="event-facts">
      <dt>Time</dt>
      <dd>{formatOffset(event.at, 6)}</dd>
      <dt>Sequence number</dt>
      <dd>{`#${event.seq}`}</dd>
      <dt>Kind</dt>
      <dd>{event.kind === 'data' || event.kind === 'sealed' ? STREAMS[event.stream] : aboutEvent(event).name.toLowerCase()}</dd>
      <dt>Length</dt>
      <dd>{bytes === null ? '–' : bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} B)`}</dd>
    </dl>
  );
}

/** Events that hold no bytes of a stream, or sealed ones. */
function Without({ event }: { readonly event: Exclude<RecordingEvent, DataEvent> }): React.JSX.Element {
  if (event.kind === 'sealed')
    return (
      <Empty icon="lock" title="These bytes are sealed">
        <p>
          {event.refusal === undefined ? (
            'No key on this machine opens them.'
          ) : (
            <Recorded text={`They do not open: ${event.refusal}.`} />
          )}
        </p>
      </Empty>
    );
  const { name, text } = aboutEvent(event);
  return (
    <Empty icon={aboutEvent(event).icon} title={name}>
      <p>{text === '' ? 'The event says no more than that.' : <Recorded text={text} />}</p>
    </Empty>
  );
}

type View = 'sequences' | 'hex' | 'escaped';

const VIEWS: readonly (readonly [View, string])[] = [
  ['sequences', 'Sequences'],
  ['hex', 'Hex'],
  ['escaped', 'Escaped'],
];

/** Kept while the recording is open: whoever reads hex reads it event after event. */
let lastView: View = 'sequences';

function Bytes({
  index,
  event,
  blocks,
}: {
  readonly index: number;
  readonly event: DataEvent;
  readonly blocks: EventBlocks;
}): React.JSX.Element {
  const [view, setView] = useState<View>(lastView);
  const [marked, setMarked] = useState<{ readonly from: number; readonly to: number } | null>(null);
  const before = beforeEvent((at) => blocks.at(at), index);
  const missing = before.kind === 'missing' ? before.index : null;
  useEffect(() => {
    if (missing !== null) blocks.want(missing);
  });
  const head = before.kind === 'known' ? before.head : NO_HEAD;
  const { pieces, rest } = useMemo(
    () => decodeSequences(event.bytes, head, event.stream === 'stdin'),
    // The head is told by what comes before this event, which does not change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [event, before.kind],
  );
  const choose = (next: View): void => {
    lastView = next;
    setView(next);
  };
  return (
    <>
      <div className="views">
        <div className="kinds" role="group" aria-label="Show the bytes as">
          {VIEWS.map(([name, label]) => (
            <button key={name} type="button" className="button quiet" aria-pressed={view === name} onClick={() => choose(name)}>
              {label}
            </button>
          ))}
        </div>
        <CopyButton
          text={view === 'escaped' ? escapedText(event.bytes, ESCAPED) : hexBytes(event.bytes.subarray(0, ESCAPED)).join(' ')}
          what={view === 'escaped' ? 'the escaped text' : 'the bytes in hex'}
        />
      </div>
      {before.kind === 'unknown' ? (
        <Notice tone="plain">
          <p>No earlier byte near tells whether a sequence was open. The bytes are read as if none was.</p>
        </Notice>
      ) : null}
      {event.bytes.length === 0 ? (
        <Empty icon="bytes" title="The event is empty" />
      ) : view === 'sequences' ? (
        <VirtualList
          label="Sequences of the event"
          className="piece-list"
          items={pieces}
          height={() => PIECE_ROW}
          current={marked === null ? -1 : pieces.findIndex(({ from }) => from === marked.from)}
          onChoose={({ from, to }) => {
            setMarked({ from, to });
            choose('hex');
          }}
          row={(piece) => <PieceRow piece={piece} length={event.bytes.length} />}
        />
      ) : view === 'hex' ? (
        <Hex
          bytes={event.bytes}
          marked={marked}
          onChoose={(offset) => {
            const piece = pieces.find(({ to }) => to > offset);
            if (piece !== undefined) setMarked({ from: piece.from, to: piece.to });
            choose('sequences');
          }}
        />
      ) : (
        // It scrolls: the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="escaped mono" tabIndex={0} aria-label="Escaped text" role="region">
          {escapedText(event.bytes, ESCAPED)}
        </pre>
      )}
      {view === 'sequences' && rest > 0 ? (
        <p className="cut-note faint">{`${formatBytes(rest)} more are in the hex dump.`}</p>
      ) : null}
      {view === 'escaped' && event.bytes.length > ESCAPED ? (
        <p className="cut-note faint">{`${formatBytes(event.bytes.length - ESCAPED)} more are in the hex dump.`}</p>
      ) : null}
    </>
  );
}

function PieceRow({ piece, length }: { readonly piece: Piece; readonly length: number }): React.JSX.Element {
  const { kind, from, name, meaning, earlier, open } = piece;
  const parts = [
    meaning,
    earlier > 0 ? `continued: ${formatCount(earlier)} ${earlier === 1 ? 'byte' : 'bytes'} came in earlier events` : '',
    open ? 'not ended in this event' : '',
  ].filter((part) => part !== '');
  return (
    <>
      <span className="at mono faint">{offsetText(from, length)}</span>
      <span className={`kind ${kind}`}>{KINDS[kind]}</span>
      <span className="mono cut name">
        <Recorded text={name === '' ? '…' : name} />
      </span>
      <span className="about soft cut" title={parts.join('; ')}>
        <Recorded text={parts.join('; ')} />
      </span>
    </>
  );
}

interface HexProps {
  readonly bytes: Uint8Array;
  readonly marked: { readonly from: number; readonly to: number } | null;
  readonly onChoose: (offset: number) => void;
}

function Hex({ bytes, marked, onChoose }: HexProps): React.JSX.Element {
  const rows = useMemo(() => Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, i) => i * ROW_BYTES), [bytes]);
  const look = (offset: number): string => (marked !== null && offset >= marked.from && offset < marked.to ? 'meant' : '');
  return (
    <VirtualList
      label="Bytes of the event in hex"
      className="hex-list"
      items={rows}
      height={() => HEX_ROW}
      current={marked === null ? -1 : Math.floor(marked.from / ROW_BYTES)}
      onChoose={onChoose}
      row={(offset) => {
        const part = bytes.subarray(offset, offset + ROW_BYTES);
        return (
          <>
            <span className="faint">{offsetText(offset, bytes.length)}</span>
            <span className="hex">
              {hexBytes(part).map((byte, i) => (
                <span key={i} className={look(offset + i)}>
                  {byte}
                </span>
              ))}
            </span>
            <span className="ascii" aria-hidden="true">
              {asciiBytes(part).map((byte, i) => (
                <span key={i} className={look(offset + i)}>
                  {byte}
                </span>
              ))}
            </span>
          </>
        );
      }}
    />
  );
}
