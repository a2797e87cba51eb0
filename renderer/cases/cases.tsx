// The list of cases: number, title, status, what is in each and who keeps it. A new one is made here, a bundle verified or opened.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CaseSummary } from '../../shared/api/case-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { RecordedLine } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { WallClock, useZone, zonedLabel } from '../ui/zone.tsx';
import { CaseForm } from './case-form.tsx';
import './cases.css';

const ROW = 40;

export interface CasesProps {
  readonly onOpen: (id: string) => void;
  /** Asks for a bundle to be verified; with a file where one was dropped. */
  readonly onVerify: (file: File | null) => void;
}

type Shown = 'open' | 'closed' | 'all';

export const fitsCase = (
  { number, title, custodian, members, status }: Pick<CaseSummary, 'number' | 'title' | 'custodian' | 'members' | 'status'>,
  text: string,
  shown: Shown,
): boolean =>
  (shown === 'all' || status === shown) &&
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => [number, title, custodian, ...members].join('\n').toLowerCase().includes(word));

export function Cases({ onOpen, onVerify }: CasesProps): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('cases.list', null), [api]));
  useEffect(() => api.on('cases', again), [api, again]);
  const [text, setText] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  const [making, setMaking] = useState(false);
  const filter = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const fitting = useMemo(() => (value ?? []).filter((one) => fitsCase(one, text, shown)), [value, text, shown]);
  const make = (): void => setMaking(true);
  useActions([
    { id: 'cases.new', group: 'Cases', label: 'New case …', keys: ['n'], run: make },
    { id: 'cases.filter', group: 'Cases', label: 'Filter the cases', keys: ['/'], run: () => filter.current?.select() },
    { id: 'cases.move', group: 'Cases', label: 'Choose a case', keys: ['ArrowUp', 'ArrowDown'], run: null },
    { id: 'cases.open', group: 'Cases', label: 'Open the chosen case', keys: ['Enter'], run: null },
    { id: 'cases.verify', group: 'Cases', label: 'Verify a bundle …', keys: ['v'], run: () => onVerify(null) },
  ]);
  const drop = bundleDrop(onVerify);
  const dialog = making ? (
    <CaseForm
      detail={null}
      onClose={() => setMaking(false)}
      onDone={(made) => {
        setMaking(false);
        onOpen(made.id);
      }}
    />
  ) : null;
  if (value === null) {
    return (
      <div className="cases wait">
        <h1 className="unseen">Cases</h1>
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={8} /> : null}
      </div>
    );
  }
  if (value.length === 0) {
    return (
      <div className="cases" {...drop}>
        <h1 className="unseen">Cases</h1>
        <NoCase onMake={make} onVerify={() => onVerify(null)} />
        {dialog}
      </div>
    );
  }
  return (
    <div ref={page} className="cases" {...drop}>
      <div className="toolbar">
        <h1 className="unseen">Cases</h1>
        <span className="field">
          <Icon name="filter" />
          <input
            ref={filter}
            type="search"
            aria-label="Filter the cases"
            placeholder="Number, title, custodian, member"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
              event.preventDefault();
              page.current?.querySelector<HTMLElement>('.case-list')?.focus();
            }}
          />
        </span>
        <select className="field" aria-label="Status" value={shown} onChange={(event) => setShown(event.target.value as Shown)}>
          <option value="all">Open and closed</option>
          <option value="open">Open</option>
          <option value="closed">Closed</option>
        </select>
        <span className="room" />
        <Button icon="bundle" title="Verify a bundle (V)" onClick={() => onVerify(null)}>
          Verify a bundle …
        </Button>
        <Button look="primary" icon="plus" title="New case (N)" onClick={make}>
          New case …
        </Button>
      </div>
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      <div className="case-head" aria-hidden="true">
        <span>Number</span>
        <span>Title</span>
        <span>Status</span>
        <span className="end">Exhibits</span>
        <span className="end">Reviewed</span>
        <span className="end">Annotations</span>
        <span>Custodian</span>
        <span>{zonedLabel('Changed', zone)}</span>
      </div>
      {fitting.length === 0 ? (
        <Empty
          icon="filter"
          title="No case fits"
          actions={
            <Button
              onClick={() => {
                setText('');
                setShown('all');
              }}
            >
              Clear the filter
            </Button>
          }
        />
      ) : (
        <VirtualList
          label="Cases"
          className="case-list"
          items={fitting}
          height={() => ROW}
          takesFocus
          onChoose={({ id }) => onOpen(id)}
          row={(one) => <CaseRow one={one} />}
        />
      )}
      <footer className="status">
        <span role="status">{formatSome(fitting.length, 'case')}</span>
      </footer>
      {dialog}
    </div>
  );
}

function NoCase({ onMake, onVerify }: { readonly onMake: () => void; readonly onVerify: () => void }): React.JSX.Element {
  return (
    <Empty
      icon="case"
      title="No case yet"
      actions={
        <>
          <Button look="primary" large icon="plus" onClick={onMake}>
            New case …
          </Button>
          <Button large icon="bundle" onClick={onVerify}>
            Verify a bundle …
          </Button>
        </>
      }
    >
      <p>
        A case holds recordings as numbered exhibits, annotations on them, who has seen how much, and what is redacted. A bundle
        of it can be verified by anybody.
      </p>
      <p className="faint">Somebody else’s bundle can be dropped here.</p>
    </Empty>
  );
}

/** Files dropped here are bundles to be verified, not recordings to be imported. */
function bundleDrop(
  onFile: (file: File) => void,
): Pick<React.DOMAttributes<HTMLElement>, 'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop'> {
  const own = (event: React.DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    onDragEnter: own,
    onDragOver: own,
    onDragLeave: own,
    onDrop: (event) => {
      own(event);
      const file = event.dataTransfer.files.item(0);
      if (file !== null) onFile(file);
    },
  };
}

export function CaseStatus({ status, openedFrom }: Pick<CaseSummary, 'status' | 'openedFrom'>): React.JSX.Element {
  if (openedFrom !== null)
    return (
      <span className="badge caution" title={`From ${openedFrom.bundle}, signed by ${openedFrom.signer}: ${openedFrom.verdict}`}>
        <Icon name="bundle" />
        From a bundle
      </span>
    );
  return status === 'open' ? (
    <span className="badge good">Open</span>
  ) : (
    <span className="badge">
      <Icon name="lock" />
      Closed
    </span>
  );
}

function CaseRow({ one }: { readonly one: CaseSummary }): React.JSX.Element {
  const { number, title, status, openedFrom, exhibits, reviewed, annotations, custodian, changedAt } = one;
  return (
    <>
      <RecordedLine className="number" text={number} />
      <RecordedLine text={title} />
      <span>
        <CaseStatus status={status} openedFrom={openedFrom} />
      </span>
      <span className="end">
        {formatCount(exhibits)}
        <span className="unseen">{exhibits === 1 ? ' exhibit' : ' exhibits'}</span>
      </span>
      <span className="end">
        {exhibits === 0 ? (
          <span className="faint">–</span>
        ) : reviewed === exhibits ? (
          <span className="badge good">All</span>
        ) : (
          `${formatCount(reviewed)} of ${formatCount(exhibits)}`
        )}
        <span className="unseen"> reviewed</span>
      </span>
      <span className="end">
        {formatCount(annotations)}
        <span className="unseen">{annotations === 1 ? ' annotation' : ' annotations'}</span>
      </span>
      <RecordedLine className="soft" text={custodian} />
      <span className="cut soft">
        <WallClock at={changedAt} />
      </span>
    </>
  );
}
