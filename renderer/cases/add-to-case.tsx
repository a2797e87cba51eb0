// Adds sessions to a case as exhibits: one of the open cases is chosen, or a new one made.

import { useCallback, useState } from 'react';
import type { CaseSummary } from '../../shared/api/case-shapes.ts';
import type { Session } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { SelectField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { CaseForm } from './case-form.tsx';
import { sessionName } from '../ui/session-name.ts';

export interface AddToCaseProps {
  readonly sessions: readonly Session[];
  /** The case that was chosen last. */
  readonly current: string;
  readonly onDone: (id: string, number: string, added: number) => void;
  readonly onClose: () => void;
}

/** Sessions that are named. */
const NAMED = 6;

export function AddToCase({ sessions, current, onDone, onClose }: AddToCaseProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('cases.list', null), [api]));
  const [making, setMaking] = useState(false);
  const open = (value ?? []).filter(({ status, openedFrom }) => status === 'open' && openedFrom === null);
  if (making || (value !== null && open.length === 0))
    return (
      <CaseForm
        detail={null}
        onClose={onClose}
        onDone={({ id, number }) => {
          api.call('cases.addExhibits', { case: id, sessions: sessions.map((one) => one.id) }).then(
            (added) => onDone(id, number, added.length),
            () => setMaking(false),
          );
        }}
      />
    );
  if (value === null)
    return (
      <Dialog title="Add to a case" onClose={onClose}>
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={4} /> : null}
      </Dialog>
    );
  return (
    <Choose sessions={sessions} cases={open} current={current} onNew={() => setMaking(true)} onDone={onDone} onClose={onClose} />
  );
}

interface ChooseProps extends AddToCaseProps {
  readonly cases: readonly CaseSummary[];
  readonly onNew: () => void;
}

function Choose({ sessions, cases, current, onNew, onDone, onClose }: ChooseProps): React.JSX.Element {
  const api = useApi();
  const [id, setId] = useState(cases.find((one) => one.id === current)?.id ?? cases[0]!.id);
  const number = cases.find((one) => one.id === id)!.number;
  const { busy, failure, ask } = useRequest((added: number) => onDone(id, number, added));
  const locked = sessions.filter(({ lock }) => lock.state === 'locked').length;
  const add = (): void =>
    ask(async () => (await api.call('cases.addExhibits', { case: id, sessions: sessions.map((one) => one.id) })).length);
  return (
    <Dialog
      title={sessions.length === 1 ? 'Add the session to a case' : `Add ${formatSome(sessions.length, 'session')} to a case`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onNew}>New case …</Button>
          <span className="note" />
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="plus" disabled={busy} onClick={add}>
            Add
          </Button>
        </>
      }
    >
      <Form ready={!busy} onSubmit={add}>
        <SelectField
          label="Case"
          value={id}
          onValue={setId}
          options={cases.map((one) => [one.id, plainRecorded(`${one.number} ${one.title}`)] as const)}
        />
        <ul className="named">
          {sessions.slice(0, NAMED).map((session) => (
            <li key={session.id} className="cut">
              <Recorded text={sessionName(session)} />
            </li>
          ))}
          {sessions.length > NAMED ? <li className="faint">{`and ${formatSome(sessions.length - NAMED, 'other')}`}</li> : null}
        </ul>
        {locked === 0 ? null : (
          <Notice tone="plain">{`${formatSome(locked, 'session')} of them cannot be opened on this machine now: they become exhibits as they are, sealed.`}</Notice>
        )}
        <p className="faint">Each gets the next exhibit number. Sessions that stand in the case already are passed over.</p>
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
