// Adds a statement of whoever sits here to a bundle that was verified: as what, what for, by whom. What such a signature proves and what not
// is said before it is made. The bundle with the statement is a new file.

import { useState } from 'react';
import type { Countersigning } from '../../shared/api/bundle-shapes.ts';
import type { Output } from '../../shared/api/contract.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Claims, type Claim } from '../ui/evidence.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { plainRecorded } from '../ui/recorded.tsx';
import { offerBundle, signingMoment, useOfferedWork, type OfferedBy } from './offered-bundle.ts';
import { OfferedProgress } from './offered-progress.tsx';

/** Something that is added to a bundle that was verified. */
export interface AddingProps extends OfferedBy {
  readonly file: File;
  readonly report: Output<'bundle.verified'>;
  /** The job that wrote the new bundle. */
  readonly onMade: (job: string) => void;
  /** Leads back to what was verified. */
  readonly onBack: () => void;
  readonly onClose: () => void;
}

type Role = Countersigning['role'];

const ROLES: readonly { readonly role: Role; readonly label: string; readonly note: string }[] = [
  { role: 'reviewer', label: 'Reviewer', note: 'you looked into what is in it' },
  { role: 'recipient', label: 'Recipient', note: 'it was handed over to you, as it stands' },
];

const CLAIMS: readonly Claim[] = [
  {
    name: 'What was signed',
    verdict: 'proven',
    reason: 'The key of this library signed this very bundle, every file of it, in that role and for that purpose.',
  },
  {
    name: 'Whose key it is',
    verdict: 'not-proven',
    reason: 'The name is what you write. People know the key by its fingerprint: give them that by another way.',
  },
  {
    name: 'When',
    verdict: 'not-proven',
    reason: 'The time is the one of this computer, until a time stamp is joined to your signature.',
  },
  {
    name: 'That it stays',
    verdict: 'not-proven',
    reason: 'The last statement can be taken out of a bundle again without a trace. Keep the new file, or its digest.',
  },
];

export function Countersign({ file, report, supply, onJob, onMade, onBack, onClose }: AddingProps): React.JSX.Element {
  const api = useApi();
  const [role, setRole] = useState<Role>('reviewer');
  const [signer, setSigner] = useState('');
  const [intent, setIntent] = useState('');
  const { reached, failure, run, stop } = useOfferedWork({ supply, onJob });
  const ready = reached === null && signer.trim() !== '';
  const sign = (): void => {
    if (!ready) return;
    const said = { role, signer: signer.trim(), intent: intent.trim(), signedAt: signingMoment() };
    run(async (offering) => {
      const job = await offerBundle(api, file, (of) => api.call('bundle.countersignOffered', { ...of, ...said }), offering);
      await api.call('bundle.made', { job });
      return job;
    }, onMade);
  };
  return (
    <Dialog
      title={`Countersign ${plainRecorded(file.name)}`}
      onClose={onClose}
      className="bundle"
      footer={
        <>
          <span className="note">Signed with the key of this library, and entered in the custody log.</span>
          {reached === null ? <Button onClick={onBack}>Back</Button> : <Button onClick={stop}>Cancel</Button>}
          <Button look="primary" icon="note" disabled={!ready} onClick={sign}>
            Countersign
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={sign}>
        <fieldset className="ways">
          <legend>You sign as</legend>
          {ROLES.map((one) => (
            <label key={one.role} className="check">
              <input type="radio" name="role" checked={role === one.role} onChange={() => setRole(one.role)} />
              <span>
                {one.label}
                <span className="soft">{one.note}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <TextField label="Signer" value={signer} onValue={setSigner} hint="Your name, as it stands in the statement." />
        <TextField
          label="Intent"
          value={intent}
          onValue={setIntent}
          hint="What you sign it for, in your words."
          placeholder="Looked through for the data protection officer"
        />
        {report.verdict === 'TRUSTED' ? null : (
          <Notice tone="caution">
            You do not know every key that signed it. Your statement vouches for none of them: it says what you saw.
          </Notice>
        )}
        <section>
          <h3>What your signature proves, and what not</h3>
          <Claims claims={CLAIMS} />
        </section>
      </Form>
      {reached === null ? null : <OfferedProgress reached={reached} label="Countersigning" />}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
