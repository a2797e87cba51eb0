// Making a case, or changing what is said of one. A change needs a reason and is one more version.

import { useState } from 'react';
import type { CaseDetail, CaseFields } from '../../shared/api/case-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { FailureNotice } from '../ui/notice.tsx';

export interface CaseFormProps {
  /** Null: a new one. */
  readonly detail: CaseDetail | null;
  readonly onDone: (made: CaseDetail) => void;
  readonly onClose: () => void;
}

const FRESH: CaseFields = { number: '', title: '', authority: '', purpose: '', custodian: '', members: [] };

const fieldsOf = ({ number, title, authority, purpose, custodian, members }: CaseDetail): CaseFields => ({
  number,
  title,
  authority,
  purpose,
  custodian,
  members,
});

/** Names, one a line or separated by commas. */
export const membersOf = (typed: string): string[] =>
  typed
    .split(/[\n,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');

export function CaseForm({ detail, onDone, onClose }: CaseFormProps): React.JSX.Element {
  const api = useApi();
  const [fields, setFields] = useState<CaseFields>(detail === null ? FRESH : fieldsOf(detail));
  const [members, setMembers] = useState(fields.members.join('\n'));
  const [reason, setReason] = useState('');
  const { busy, failure, ask } = useRequest(onDone);
  const set = (some: Partial<CaseFields>): void => setFields({ ...fields, ...some });
  const ready = !busy && fields.number.trim() !== '' && fields.title.trim() !== '' && (detail === null || reason.trim() !== '');
  const save = (): void => {
    if (!ready) return;
    const given = { ...fields, members: membersOf(members) };
    ask(() =>
      detail === null
        ? api.call('cases.create', given)
        : api.call('cases.change', { case: detail.id, fields: given, reason: reason.trim() }),
    );
  };
  return (
    <Dialog
      title={detail === null ? 'New case' : 'Change the case'}
      onClose={onClose}
      className="case-form"
      footer={
        <>
          <span className="note">
            {detail === null ? 'It is entered in the custody log.' : 'What it said before stays readable.'}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={save}>
            {detail === null ? 'Create the case' : 'Save the change'}
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={save}>
        <div className="pair short-first">
          <TextField label="Number" value={fields.number} onValue={(number) => set({ number })} placeholder="2026-015" />
          <TextField label="Title" value={fields.title} onValue={(title) => set({ title })} />
        </div>
        <TextField
          label="Authority"
          value={fields.authority}
          onValue={(authority) => set({ authority })}
          hint="By whose order, or under which rule, the recordings are looked at."
        />
        <TextArea label="Purpose" rows={2} value={fields.purpose} onValue={(purpose) => set({ purpose })} />
        <div className="pair">
          <TextField
            label="Custodian"
            value={fields.custodian}
            onValue={(custodian) => set({ custodian })}
            hint="Who answers for the evidence."
          />
          <TextArea label="Members" rows={2} value={members} onValue={setMembers} hint="One name a line." />
        </div>
        {detail === null ? null : <TextField label="Reason of the change" value={reason} onValue={setReason} />}
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
