// The part of the window about where recordings come from: the sources with their health and their synchronisation, and the keys of this
// device that open what comes from them.

import { useState } from 'react';
import type { Job } from '../../shared/api/shapes.ts';
import type { Source } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Picker } from '../ui/picker.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { AddSource, type AddSourceProps } from './add-source.tsx';
import { Devices } from './devices.tsx';
import { ReplaceToken } from './replace-token.tsx';
import { SourceDetail, type Tested } from './source-detail.tsx';
import { SourceRow } from './source-row.tsx';
import { SyncOptions } from './sync-options.tsx';
import { SyncStrip } from './sync-strip.tsx';
import { firstChoice, type SyncChoice } from './sync-text.ts';
import { useSources } from './use-sources.ts';
import './part.css';

export type SourcesTab = 'sources' | 'device';

export interface SourcesProps {
  readonly tab: SourcesTab;
  readonly onTab: (tab: SourcesTab) => void;
  readonly jobs: readonly Job[];
  /** Counts up when somebody wants this device to be enrolled. */
  readonly enrol: number;
  readonly onShowJob: (job: Job) => void;
  /** Leads to the sessions of a source. */
  readonly onSessions: (source: string) => void;
}

export function Sources({ tab, onTab, jobs, enrol, onShowJob, onSessions }: SourcesProps): React.JSX.Element {
  return (
    <div className="sources-part">
      <h1 className="unseen">Sources</h1>
      <Tabs
        label="Sources and keys"
        chosen={tab}
        onChoose={onTab}
        tabs={[
          { name: 'sources', label: 'Sources' },
          { name: 'device', label: 'This device' },
        ]}
      >
        {tab === 'sources' ? (
          <SourceList jobs={jobs} onShowJob={onShowJob} onSessions={onSessions} />
        ) : (
          <Devices enrol={enrol} onSources={() => onTab('sources')} />
        )}
      </Tabs>
    </div>
  );
}

type Asked =
  | { readonly kind: 'add'; readonly from: AddSourceProps['from'] }
  | { readonly kind: 'sync'; readonly choice: SyncChoice }
  | { readonly kind: 'token'; readonly source: Source };

function SourceList({ jobs, onShowJob, onSessions }: Pick<SourcesProps, 'jobs' | 'onShowJob' | 'onSessions'>): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const { value, failure, slow, again } = useSources(api, jobs);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [tests, setTests] = useState<ReadonlyMap<string, Tested>>(new Map());
  const sources = value ?? [];
  const source = sources.find(({ name }) => name === chosen) ?? sources[0];

  const sync = (name: string | null): void => {
    api
      .call('sync.start', name === null ? {} : { source: name })
      .then(() => announcer.say('The synchronisation has begun'), announcer.fail);
  };
  const test = (name: string): void => {
    const set = (tested: Tested): void => setTests((all) => new Map(all).set(name, tested));
    set({ state: 'running' });
    api.call('sources.test', { name }).then(
      (result) => set({ state: 'done', result }),
      (error: unknown) => set({ state: 'failed', error }),
    );
  };
  const add = (from: AddSourceProps['from']): void => setAsked({ kind: 'add', from });
  const replaceToken = (of: Source): void => setAsked({ kind: 'token', source: of });
  const options = (name: string | null): void => setAsked({ kind: 'sync', choice: firstChoice(name) });

  useActions([
    { id: 'sources.add', group: 'Sources', label: 'Add a source …', keys: ['n'], run: () => add('address') },
    {
      id: 'sources.sync',
      group: 'Sources',
      label: 'Synchronise the source',
      keys: ['y'],
      enabled: source !== undefined,
      run: source === undefined ? null : () => sync(source.name),
    },
    {
      id: 'sources.sync-all',
      group: 'Sources',
      label: 'Synchronise every source',
      keys: ['Shift+Y'],
      enabled: sources.length > 0,
      run: () => sync(null),
    },
    {
      id: 'sources.options',
      group: 'Sources',
      label: 'Synchronise with options …',
      keys: ['o'],
      enabled: source !== undefined,
      run: source === undefined ? null : () => options(source.name),
    },
    {
      id: 'sources.test',
      group: 'Sources',
      label: 'Test the source',
      keys: ['t'],
      enabled: source !== undefined,
      run: source === undefined ? null : () => test(source.name),
    },
    {
      id: 'sources.token',
      group: 'Sources',
      label: 'Replace the token of the source …',
      enabled: source !== undefined,
      run: source === undefined ? null : () => replaceToken(source),
    },
  ]);

  const dialogs =
    asked === null ? null : asked.kind === 'add' ? (
      <AddSource
        from={asked.from}
        taken={sources.map(({ name }) => name)}
        onClose={() => setAsked(null)}
        onAdded={(added) => {
          setAsked(null);
          setChosen(added.name);
          again();
          test(added.name);
        }}
      />
    ) : asked.kind === 'token' ? (
      <ReplaceToken
        source={asked.source}
        onClose={() => setAsked(null)}
        onReplaced={() => {
          setAsked(null);
          again();
          test(asked.source.name);
        }}
      />
    ) : (
      <SyncOptions first={asked.choice} sources={sources.map(({ name }) => name)} onClose={() => setAsked(null)} />
    );

  if (value === null) {
    return (
      <div className="part-wait">
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={8} /> : null}
      </div>
    );
  }
  if (source === undefined) {
    return (
      <>
        <NoSource onAdd={add} />
        {dialogs}
      </>
    );
  }
  return (
    <div className="master">
      <SyncStrip jobs={jobs} onShow={onShowJob} />
      <div className="list">
        <div className="bar">
          <Button look="primary" icon="sync" title="Synchronise every source (Shift+Y)" onClick={() => sync(null)}>
            Sync all
          </Button>
          <Button icon="plus" title="Add a source (N)" onClick={() => add('address')}>
            Add …
          </Button>
        </div>
        {failure === null ? null : <FailureNotice failure={failure} again={again} />}
        <Picker
          label="Sources"
          items={sources}
          keyOf={({ name }) => name}
          chosen={source.name}
          onChoose={setChosen}
          row={(one) => <SourceRow source={one} />}
        />
      </div>
      <SourceDetail
        key={source.name}
        source={source}
        tested={tests.get(source.name) ?? null}
        onTest={() => test(source.name)}
        onSync={() => sync(source.name)}
        onOptions={() => options(source.name)}
        onSessions={() => onSessions(source.name)}
        onRemoved={again}
        onToken={() => replaceToken(source)}
      />
      {dialogs}
    </div>
  );
}

function NoSource({ onAdd }: { readonly onAdd: (from: AddSourceProps['from']) => void }): React.JSX.Element {
  return (
    <div className="first-steps">
      <Empty
        icon="sources"
        title="No source yet"
        actions={
          <>
            <Button look="primary" large icon="plus" onClick={() => onAdd('address')}>
              Add a source …
            </Button>
            <Button large icon="file" onClick={() => onAdd('rstream')}>
              From rstream’s configuration …
            </Button>
            <Button large icon="sources" onClick={() => onAdd('stackshift')}>
              StackShift …
            </Button>
          </>
        }
      >
        <p>
          A source is an rstream engine, or a StackShift account, whose recorded sessions you may read. Exhibit fetches them as
          they are stored, encrypted ones still encrypted, and opens them on this machine alone.
        </p>
        <p className="faint">Recordings in files need no source: import them from the list of sessions.</p>
      </Empty>
    </div>
  );
}
