// One case: its exhibits on one clock, what was found in them, notes, what is withheld, its part of the custody log, and how it came about.

import { useMemo, useState } from 'react';
import type { Annotation, CaseDetail } from '../../shared/api/case-shapes.ts';
import type { Job } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { SendAnnotations, TakeAnnotations, madeHere } from './annotation-files.tsx';
import { BundleDialog } from './bundle-dialog.tsx';
import { caseRows, closedText, type Row } from './case-data.ts';
import { CaseForm } from './case-form.tsx';
import { CaseAbout, CaseNotes } from './case-notes.tsx';
import { CaseStatus } from './cases.tsx';
import { Custody } from './custody.tsx';
import { Exhibits } from './exhibits.tsx';
import { Findings } from './findings.tsx';
import { Redactions } from './redactions.tsx';
import { useCase, type CaseFile } from './use-case.ts';
import './cases.css';

export interface CasePageProps {
  readonly id: string;
  readonly jobs: readonly Job[];
  /** Opens a recording at a moment, with this case as the one that annotations go to. */
  readonly onOpen: (session: string, atUs: number) => void;
  /** Leads to where recordings are chosen. */
  readonly onAdd: () => void;
  /** Leads to the list of sessions, narrowed to this case. */
  readonly onList: (number: string) => void;
  /** A bundle's job is shown here, or none any more. */
  readonly onBundle: (job: string | null) => void;
  /** Places a legal hold on every exhibit of it. */
  readonly onHold: (detail: CaseDetail) => void;
  /** Which of its recordings can be read without a network. */
  readonly readiness: (id: string) => React.ReactNode;
}

export function CasePage(props: CasePageProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useCase(api, props.id);
  if (value === null) {
    return (
      <div className="case-page wait">
        <h1 className="unseen">Case</h1>
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={8} /> : null}
      </div>
    );
  }
  return (
    <>
      <Shown {...props} file={value} />
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
    </>
  );
}

type Part = 'exhibits' | 'findings' | 'notes' | 'redactions' | 'ready' | 'custody' | 'about';

type Asked =
  | { readonly kind: 'change' | 'close' | 'reopen' | 'bundle' | 'send' | 'take' }
  | { readonly kind: 'withdraw'; readonly row: Row };

function Shown({
  file,
  jobs,
  onOpen,
  onAdd,
  onList,
  onBundle,
  onHold,
  readiness,
}: CasePageProps & { readonly file: CaseFile }): React.JSX.Element {
  const api = useApi();
  const { detail, annotations, redactions } = file;
  const rows = useMemo(() => caseRows(file), [file]);
  const [part, setPart] = useState<Part>('exhibits');
  const [asked, setAsked] = useState<Asked | null>(null);
  const problem = closedText(detail);
  const closed = problem !== null;
  const own = detail.openedFrom === null;
  const inForce = annotations.filter(({ retracted }) => !retracted).length;
  const withheld = redactions.filter(({ withdrawn }) => withdrawn === null).length;
  const subjects = useMemo(
    (): readonly (readonly [string, string])[] => [
      [detail.id, 'The case itself'],
      ...new Map(rows.map((row) => [row.exhibit.session, `${row.exhibit.number} ${row.name}`] as const)),
    ],
    [detail.id, rows],
  );
  const group = 'Case';
  const show = (name: Part, label: string, keys: readonly string[]) => ({
    id: `case.${name}`,
    group,
    label,
    keys,
    run: () => setPart(name),
  });
  useActions([
    show('exhibits', 'Show the exhibits', ['x']),
    show('findings', 'Show the annotations', ['f']),
    show('notes', 'Show the notes', ['t']),
    show('redactions', 'Show the redactions', ['r']),
    show('ready', 'Show what can be read offline', ['k']),
    { id: 'case.hold', group, label: 'Place a legal hold on the case …', keys: ['h'], run: () => onHold(detail) },
    show('custody', 'Show the case’s custody log', ['c']),
    show('about', 'Show how the case came about', ['d']),
    { id: 'case.bundle', group, label: 'Make a bundle …', keys: ['b'], run: () => setAsked({ kind: 'bundle' }) },
    {
      id: 'case.send',
      group,
      label: 'Save my annotations as a signed file …',
      enabled: madeHere(annotations) > 0,
      run: () => setAsked({ kind: 'send' }),
    },
    {
      id: 'case.take',
      group,
      label: 'Take in somebody’s annotations …',
      enabled: detail.status === 'open',
      run: () => setAsked({ kind: 'take' }),
    },
    { id: 'case.change', group, label: 'Change the case …', enabled: !closed, run: () => setAsked({ kind: 'change' }) },
    { id: 'case.add', group, label: 'Add recordings to the case', keys: ['a'], enabled: !closed, run: onAdd },
    { id: 'case.list', group, label: 'List the case’s sessions', keys: ['l'], run: () => onList(detail.number) },
    {
      id: 'case.close',
      group,
      label: detail.status === 'open' ? 'Close the case …' : 'Reopen the case …',
      enabled: own,
      run: () => setAsked({ kind: detail.status === 'open' ? 'close' : 'reopen' }),
    },
  ]);
  return (
    <div className="case-page">
      <Heading detail={detail}>
        {closed ? null : (
          <Button icon="plus" title="Add recordings to the case (A)" onClick={onAdd}>
            Add
          </Button>
        )}
        <Button icon="hold" title="Place a legal hold on the case (H)" onClick={() => onHold(detail)}>
          Hold …
        </Button>
        {closed ? null : <Button onClick={() => setAsked({ kind: 'change' })}>Change …</Button>}
        {own ? (
          <Button onClick={() => setAsked({ kind: detail.status === 'open' ? 'close' : 'reopen' })}>
            {detail.status === 'open' ? 'Close …' : 'Reopen …'}
          </Button>
        ) : null}
        <Button look="primary" icon="bundle" title="Make a bundle (B)" onClick={() => setAsked({ kind: 'bundle' })}>
          Bundle …
        </Button>
      </Heading>
      {problem === null ? null : (
        <div className="case-problem">
          <Notice tone={own ? 'plain' : 'caution'}>
            {problem}
            {detail.openedFrom === null ? null : (
              <p className="soft">
                <Recorded
                  text={`${detail.openedFrom.bundle}, signed by ${detail.openedFrom.signer}: ${detail.openedFrom.verdict}`}
                />
              </p>
            )}
          </Notice>
        </div>
      )}
      <Tabs
        label="Parts of the case"
        chosen={part}
        onChoose={setPart}
        tabs={[
          { name: 'exhibits', label: 'Exhibits', count: detail.exhibits },
          { name: 'findings', label: 'Annotations', count: inForce },
          { name: 'notes', label: 'Notes', count: detail.notes.length },
          { name: 'redactions', label: 'Redactions', count: withheld },
          { name: 'ready', label: 'Offline' },
          { name: 'custody', label: 'Custody' },
          { name: 'about', label: 'About' },
        ]}
      >
        {part === 'exhibits' ? (
          <Exhibits
            rows={rows}
            closed={closed}
            onOpen={onOpen}
            onWithdraw={(row) => setAsked({ kind: 'withdraw', row })}
            onAdd={onAdd}
          />
        ) : part === 'findings' ? (
          <Findings detail={detail} rows={rows} annotations={annotations} closed={closed && own} onOpen={onOpen}>
            {detail.status === 'open' ? <Button onClick={() => setAsked({ kind: 'take' })}>Take in …</Button> : null}
            {madeHere(annotations) > 0 ? <Button onClick={() => setAsked({ kind: 'send' })}>Send mine …</Button> : null}
          </Findings>
        ) : part === 'notes' ? (
          <CaseNotes detail={detail} closed={closed} />
        ) : part === 'redactions' ? (
          <Redactions detail={detail} rows={rows} redactions={redactions} closed={closed} />
        ) : part === 'ready' ? (
          readiness(detail.id)
        ) : part === 'custody' ? (
          <Custody subjects={subjects} onOpen={(session) => onOpen(session, 0)} />
        ) : (
          <CaseAbout detail={detail} />
        )}
      </Tabs>
      {asked === null ? null : (
        <Dialogs
          asked={asked}
          detail={detail}
          annotations={annotations}
          withheld={withheld}
          jobs={jobs}
          onBundle={onBundle}
          onClose={() => setAsked(null)}
          call={api.call}
        />
      )}
    </div>
  );
}

function Heading({ detail, children }: { readonly detail: CaseDetail; readonly children: React.ReactNode }): React.JSX.Element {
  const { number, title, status, openedFrom, custodian, exhibits, annotations } = detail;
  return (
    <header>
      <div className="names">
        <h1>
          <span className="number">
            <Recorded text={number} />
          </span>
          <RecordedLine text={title} />
          <CaseStatus status={status} openedFrom={openedFrom} />
        </h1>
        <p className="soft cut">
          {`${formatSome(exhibits, 'exhibit')}, ${formatSome(annotations, 'annotation')}`}
          {custodian === '' ? null : (
            <>
              {', custodian '}
              <Recorded text={custodian} />
            </>
          )}
        </p>
      </div>
      {children}
    </header>
  );
}

interface DialogsProps {
  readonly asked: Asked;
  readonly detail: CaseDetail;
  readonly annotations: readonly Annotation[];
  readonly withheld: number;
  readonly jobs: readonly Job[];
  readonly onBundle: (job: string | null) => void;
  readonly onClose: () => void;
  readonly call: ReturnType<typeof useApi>['call'];
}

function Dialogs({ asked, detail, annotations, withheld, jobs, onBundle, onClose, call }: DialogsProps): React.JSX.Element {
  switch (asked.kind) {
    case 'change':
      return <CaseForm detail={detail} onDone={onClose} onClose={onClose} />;
    case 'bundle':
      return <BundleDialog detail={detail} redactions={withheld} jobs={jobs} onShown={onBundle} onClose={onClose} />;
    case 'send':
      return <SendAnnotations detail={detail} annotations={annotations} onClose={onClose} />;
    case 'take':
      return <TakeAnnotations detail={detail} annotations={annotations} onClose={onClose} />;
    case 'close':
      return (
        <ReasonDialog
          title={`Close case ${detail.number}`}
          act="Close the case"
          onAct={(reason) => call('cases.close', { case: detail.id, reason })}
          onDone={onClose}
          onClose={onClose}
        >
          <p>Nothing can be added to a closed case or changed in it. It can be reopened, with a reason.</p>
        </ReasonDialog>
      );
    case 'reopen':
      return (
        <ReasonDialog
          title={`Reopen case ${detail.number}`}
          act="Reopen the case"
          onAct={(reason) => call('cases.reopen', { case: detail.id, reason })}
          onDone={onClose}
          onClose={onClose}
        >
          <p>That it was closed, when and why, stays readable.</p>
        </ReasonDialog>
      );
    case 'withdraw': {
      const { exhibit, name } = asked.row;
      return (
        <ReasonDialog
          title={`Withdraw ${exhibit.number}`}
          act="Withdraw the exhibit"
          danger
          onAct={(reason) => call('cases.withdrawExhibit', { case: detail.id, exhibit: exhibit.id, reason })}
          onDone={onClose}
          onClose={onClose}
        >
          <p>
            <strong>
              <Recorded text={name} />
            </strong>
            {' is no longer part of the case then. The recording stays in the library, and the number is not given again.'}
          </p>
        </ReasonDialog>
      );
    }
  }
}
