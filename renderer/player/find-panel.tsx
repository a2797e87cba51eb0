// Find in the recording, while its question is typed: it is asked when typing pauses and the question is whole. Enter asks at once,
// and goes on to the next hit when the question is the same; Shift with Enter goes back.

import { useEffect, useState } from 'react';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import { parseQuery } from '../../shared/query/parser.ts';
import { IconButton } from '../ui/button.tsx';
import { formatCount, formatOffset, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { EVERYWHERE, sameQuery, type FindQuery, type FindState } from './find.ts';
import type { Playback } from './playback.ts';
import type { Find } from './use-find.ts';

const LABELS: Readonly<Record<SearchHit['in'], string>> = {
  visible: 'Visible',
  printed: 'Printed',
  typed: 'Typed',
  hidden: 'Hidden',
  command: 'Commands',
  history: 'History',
  note: 'Annotations',
};

/** Which hits are listed, where not all are: others are fetched as one goes on. */
const listed = ({ hits, first, total }: FindState): string =>
  hits.length < total ? `, ${formatCount(first + 1)} to ${formatCount(first + hits.length)} listed` : '';

const wrap = ({ wrapped }: FindState): string =>
  wrapped === null ? '' : wrapped === 'end' ? ', from the beginning again' : ', from the end again';

const ROW = 40;

/** Milliseconds without a key after which the recording is searched: each search is entered in the custody log. */
const PAUSE = 400;

export interface FindPanelProps {
  readonly find: Find;
  readonly playback: Playback;
  readonly inputRef: React.Ref<HTMLInputElement>;
}

export function FindPanel({ find, playback, inputRef }: FindPanelProps): React.JSX.Element {
  const { state } = find;
  const [query, setQuery] = useState<FindQuery>(state.query ?? { text: '', fields: EVERYWHERE, lines: true });
  const { text, fields, lines } = query;
  const asked = sameQuery(state.query, query);
  const { run } = find;
  useEffect(() => {
    if (asked || text.trim() === '' || fields.length === 0 || parseQuery(text).kind === 'wrong') return;
    const timer = setTimeout(() => run({ text, fields, lines }, playback.state().atUs), PAUSE);
    return () => clearTimeout(timer);
  }, [asked, text, fields, lines, run, playback]);
  const enter = (step: 1 | -1): void => {
    if (text.trim() === '' || fields.length === 0) return;
    if (asked && state.failure === null) find.step(step);
    else find.run(query, playback.state().atUs);
  };
  return (
    <div className="find">
      <div className="ask" role="search" aria-label="Find in the recording">
        <div className="field">
          <Icon name="search" />
          <input
            ref={inputRef}
            type="search"
            aria-label="Find in the recording"
            placeholder="Find in this recording"
            maxLength={2000}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => setQuery({ ...query, text: event.target.value, lines: true })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              enter(event.shiftKey ? -1 : 1);
            }}
          />
          <IconButton
            icon="up"
            label="Previous hit"
            keys="Shift+N"
            disabled={state.hits.length === 0}
            onClick={() => find.step(-1)}
          />
          <IconButton icon="down" label="Next hit" keys="n" disabled={state.hits.length === 0} onClick={() => find.step(1)} />
        </div>
        <div className="fields" role="group" aria-label="Where to search">
          {EVERYWHERE.map((field) => (
            <button
              key={field}
              type="button"
              className="button quiet"
              aria-pressed={fields.includes(field)}
              onClick={() =>
                setQuery({
                  text,
                  lines: true,
                  fields: EVERYWHERE.filter((one) => (one === field ? !fields.includes(one) : fields.includes(one))),
                })
              }
            >
              {LABELS[field]}
            </button>
          ))}
        </div>
        <p className="sum soft" role="status">
          {state.busy
            ? 'Searching …'
            : state.query === null || state.failure !== null
              ? ''
              : state.meant === -1
                ? formatSome(state.total, 'hit')
                : `${formatCount(state.first + state.meant + 1)} of ${formatSome(state.total, 'hit')}${listed(state)}${wrap(state)}`}
        </p>
      </div>
      {state.failure === null ? null : <FailureNotice failure={state.failure} />}
      {state.busy ? (
        <Skeleton lines={5} />
      ) : state.query === null ? (
        <Empty icon="search" title="Find in this recording">
          <p>Enter searches and goes to the next hit, Shift and Enter to the one before.</p>
        </Empty>
      ) : state.notSearched !== '' ? (
        <Empty icon="warning" title="This recording could not be searched">
          <p>
            <Recorded text={state.notSearched} />
          </p>
        </Empty>
      ) : state.hits.length === 0 ? (
        state.failure === null ? (
          <Empty icon="search" title="Nothing found" />
        ) : null
      ) : (
        <VirtualList
          label="Hits"
          className="find-list"
          items={state.hits}
          height={() => ROW}
          current={state.meant}
          onChoose={(_, index) => find.mean(index)}
          row={(hit) => (
            <>
              <span className="mono cut">
                <Recorded text={hit.text} mark={{ start: hit.matchStart, length: hit.matchLength }} />
              </span>
              <span className="faint">
                <span className="at">{formatOffset(hit.fromUs)}</span>
                {LABELS[hit.in].toLowerCase()}
              </span>
            </>
          )}
        />
      )}
    </div>
  );
}
