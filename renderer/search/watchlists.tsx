// Watchlists: what there is, what each of them found. They are run over each session when it is indexed; the button runs one over what it was
// not run over yet, as after a crash or before that is done by itself.

import { useCallback, useEffect, useState } from 'react';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { Watchlist } from '../../shared/api/watch-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { Picker } from '../ui/picker.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { WatchEditor, type WatchEditorProps } from './watch-editor.tsx';
import { WatchReport } from './watch-report.tsx';

export interface WatchlistsProps {
  /** A search to be saved: the editor begins with it. */
  readonly saving: string | null;
  readonly onOpen: (hit: SearchHit) => void;
  readonly onBack: () => void;
}

const KIND_LABELS: Readonly<Record<Watchlist['kind'], string>> = {
  indicators: 'indicators',
  query: 'saved search',
  'built-in': 'built in',
};

type Asked = { readonly kind: 'edit'; readonly from: WatchEditorProps['from'] } | { readonly kind: 'remove' } | null;

const NEW: WatchEditorProps['from'] = { name: '', kind: 'indicators', text: '', isNew: true };

function state({ ended, fault, hits, sessions, pending }: Watchlist): string {
  if (ended) return 'off';
  if (fault !== null) return 'cannot be run';
  const found = hits === 0 ? 'no hits' : `${formatSome(hits, 'hit')} in ${formatSome(sessions, 'session')}`;
  return pending === 0 ? found : `${found}, ${formatSome(pending, 'session')} to go`;
}

export function Watchlists({ saving, onOpen, onBack }: WatchlistsProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState<Asked>(
    saving === null ? null : { kind: 'edit', from: { name: '', kind: 'query', text: saving, isNew: true } },
  );
  const [n, setN] = useState(0);
  const { value: all, failure, again } = useAnswer(useCallback(() => api.call('watch.list', null), [api]));
  const lists = all?.filter(({ ended, kind }) => !ended || kind === 'built-in') ?? [];
  const list = lists.find(({ name }) => name === chosen) ?? lists[0];
  const changed = useCallback(() => {
    again();
    setN((one) => one + 1);
  }, [again]);
  useEffect(
    () =>
      api.on('job', ({ kind, state: now }) => {
        if (kind === 'watch' && now !== 'running') changed();
      }),
    [api, changed],
  );
  const run = (anew: boolean): void => {
    if (list === undefined) return;
    api.call('watch.run', { name: list.name, anew }).then(
      ({ job }) =>
        api.call('jobs.wait', { job }).then(({ failure: why }) => {
          if (why !== null) announcer.fail(why);
          changed();
        }),
      (error: unknown) => announcer.fail(error),
    );
  };
  const edit = (name: string): void => {
    api.call('watch.show', { name }).then(
      ({ kind, text }) => {
        if (kind !== 'built-in') setAsked({ kind: 'edit', from: { name, kind, text, isNew: false } });
      },
      (error: unknown) => announcer.fail(error),
    );
  };
  const switchOn = (name: string): void => {
    api.call('watch.save', { name, kind: 'built-in', text: '' }).then(changed, (error: unknown) => announcer.fail(error));
  };
  useActions([
    { id: 'watch.new', group: 'Search', label: 'New watchlist', keys: [], run: () => setAsked({ kind: 'edit', from: NEW }) },
    { id: 'watch.back', group: 'Search', label: 'Back to the search', keys: [], run: onBack },
  ]);

  return (
    <div className="watchlists">
      <div className="bar">
        <h1>Watchlists</h1>
        <Button icon="plus" onClick={() => setAsked({ kind: 'edit', from: NEW })}>
          New watchlist
        </Button>
        <Button icon="search" onClick={onBack}>
          Search
        </Button>
      </div>
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      {all === null ? (
        <Skeleton lines={4} />
      ) : (
        <div className="columns">
          <Picker
            label="Watchlists"
            items={lists}
            keyOf={({ name }) => name}
            chosen={list?.name ?? ''}
            onChoose={setChosen}
            row={(one) => (
              <>
                <RecordedLine className="title" text={one.name} />
                <span className="faint">{`${KIND_LABELS[one.kind]}, ${state(one)}`}</span>
              </>
            )}
          />
          {list === undefined ? null : (
            <section aria-label={`Watchlist ${list.name}`}>
              <div className="bar">
                <p>
                  <strong>
                    <Recorded text={list.name} />
                  </strong>
                  <span className="faint">
                    {list.ended
                      ? ' switched off'
                      : ` version ${String(list.version)}, ${formatSome(list.indicators, 'indicator')}, run over ${formatSome(list.searched, 'session')}`}
                  </span>
                </p>
                {list.ended ? (
                  <Button onClick={() => switchOn(list.name)}>Switch on</Button>
                ) : (
                  <>
                    <Button icon="refresh" onClick={() => run(list.pending === 0)}>
                      {list.pending === 0 ? 'Run anew' : 'Run'}
                    </Button>
                    {list.kind === 'built-in' ? null : <Button onClick={() => edit(list.name)}>Edit</Button>}
                    <Button onClick={() => setAsked({ kind: 'remove' })}>
                      {list.kind === 'built-in' ? 'Switch off' : 'Remove'}
                    </Button>
                  </>
                )}
              </div>
              {list.fault === null ? null : (
                <Notice tone="caution">
                  <Icon name="warning" />
                  <Recorded text={`It cannot be run: ${list.fault}`} />
                </Notice>
              )}
              {list.ended ? null : <WatchReport key={list.name} list={list} n={n} onOpen={onOpen} />}
            </section>
          )}
        </div>
      )}
      {asked?.kind === 'edit' ? (
        <WatchEditor
          from={asked.from}
          taken={(all ?? []).filter(({ ended }) => !ended).map(({ name }) => name)}
          onClose={() => setAsked(null)}
          onSaved={({ name }) => {
            setAsked(null);
            setChosen(name);
            changed();
          }}
        />
      ) : null}
      {asked?.kind === 'remove' && list !== undefined ? (
        <Confirm
          title={list.kind === 'built-in' ? 'Switch the list of secrets off?' : `Remove the watchlist ${list.name}?`}
          act={list.kind === 'built-in' ? 'Switch off' : 'Remove'}
          onAct={() => api.call('watch.remove', { name: list.name })}
          onClose={() => {
            setAsked(null);
            changed();
          }}
        >
          <p>What it found is dropped, and it is run no more. Its versions and the runs in the custody log stay.</p>
        </Confirm>
      ) : null}
    </div>
  );
}
