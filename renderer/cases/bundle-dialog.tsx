// Making a bundle of a case: what for, by whom, with or without plaintext and redactions; then its progress; then what was made, with the
// digest and the fingerprint that are told by another way. The file leaves as a download.

import { useCallback, useEffect, useState } from 'react';
import type { CaseDetail } from '../../shared/api/case-shapes.ts';
import type { Output } from '../../shared/api/contract.ts';
import type { Job } from '../../shared/api/shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { useAnswer, useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/evidence.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { formatBytes, formatCount, formatSome } from '../ui/format.ts';
import { JobDialog } from '../ui/job-dialog.tsx';
import { FailureNotice, Notice, Progress, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { signingMoment } from './offered-bundle.ts';
import { STEPS } from './offered-progress.tsx';

export interface BundleDialogProps {
  readonly detail: CaseDetail;
  /** Redactions in force. */
  readonly redactions: number;
  readonly jobs: readonly Job[];
  /** The job that is shown here: its end needs no other notice. */
  readonly onShown: (job: string | null) => void;
  readonly onClose: () => void;
}

export function BundleDialog({ detail, redactions, jobs, onShown, onClose }: BundleDialogProps): React.JSX.Element {
  const [id, setId] = useState<string | null>(null);
  useEffect(() => {
    onShown(id);
    return () => onShown(null);
  }, [id, onShown]);
  const job = jobs.find((one) => one.id === id);
  if (id === null) return <Ask detail={detail} redactions={redactions} onJob={setId} onClose={onClose} />;
  if (job?.state === 'done') return <Made job={id} onClose={onClose} />;
  return <UnderWay job={job ?? null} id={id} onAgain={() => setId(null)} onClose={onClose} />;
}

interface AskProps extends Omit<BundleDialogProps, 'jobs' | 'onShown'> {
  readonly onJob: (job: string) => void;
}

const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

function Ask({ detail, redactions, onJob, onClose }: AskProps): React.JSX.Element {
  const api = useApi();
  const [intent, setIntent] = useState('');
  const [signer, setSigner] = useState(detail.custodian);
  const [plaintext, setPlaintext] = useState(true);
  const [redacted, setRedacted] = useState(redactions > 0);
  const [supersedes, setSupersedes] = useState('');
  const { busy, failure, ask } = useRequest(onJob);
  const digest = supersedes.trim().toLowerCase();
  const ready = !busy && signer.trim() !== '' && (digest === '' || isDigest(digest));
  const make = (): void => {
    if (!ready) return;
    ask(async () => {
      const { job } = await api.call('bundle.make', {
        case: detail.id,
        intent: intent.trim(),
        signer: signer.trim(),
        plaintext,
        redacted,
        signedAt: signingMoment(),
        supersedes: digest === '' ? null : digest,
      });
      return job;
    });
  };
  return (
    <Dialog
      title={`Bundle of case ${detail.number}`}
      onClose={onClose}
      className="bundle"
      footer={
        <>
          <span className="note">Signed with the key of this library, and entered in the custody log.</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="bundle" disabled={!ready} onClick={make}>
            Make the bundle
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={make}>
        <TextField label="Signer" value={signer} onValue={setSigner} hint="Your name, as it stands in the statement." />
        <TextField
          label="Intent"
          value={intent}
          onValue={setIntent}
          hint="What the bundle is for, in your words."
          placeholder="Handed to the data protection officer"
        />
        <fieldset className="ways">
          <legend>What is in it</legend>
          <label className="check">
            <input type="checkbox" checked={plaintext} onChange={(event) => setPlaintext(event.target.checked)} />
            <span>
              Plaintext
              <span className="soft">playback, transcript, frames, report; without it, sealed recordings stay sealed</span>
            </span>
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={redacted}
              disabled={redactions === 0}
              onChange={(event) => setRedacted(event.target.checked)}
            />
            <span>
              Redacted
              <span className="soft">
                {redactions === 0 ? 'this case has no redaction' : `${formatSome(redactions, 'redaction')} in force`}
              </span>
            </span>
          </label>
        </fieldset>
        {redactions > 0 && !redacted ? (
          <Notice tone="caution">What the case redacts will be in this bundle, readable by everybody who has it.</Notice>
        ) : null}
        <details>
          <summary>It takes the place of another bundle</summary>
          <TextField
            label="SHA-256 of the other bundle’s statement"
            value={supersedes}
            onValue={setSupersedes}
            wrong={digest !== '' && !isDigest(digest)}
          />
        </details>
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

interface UnderWayProps {
  readonly id: string;
  readonly job: Job | null;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

function UnderWay({ id, job, onAgain, onClose }: UnderWayProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const running = job === null || job.state === 'running';
  const share = job === null || job.total === null || job.total === 0 ? null : job.done / job.total;
  const amount = (n: number): string => (job?.unit === 'bytes' ? formatBytes(n) : formatCount(n));
  return (
    <JobDialog
      onCancel={() => void api.call('jobs.cancel', { job: id }).catch(announcer.fail)}
      running={running}
      title={running ? 'Making the bundle' : 'The bundle was not made'}
      onClose={onClose}
      className="bundle"
      note="Closing this does not stop it: it stays in the jobs."
      cancel="Cancel the bundle"
      ended={<Button onClick={onAgain}>Back</Button>}
    >
      {running ? (
        <div className="under-way">
          <p className="cut">
            {job === null || job.detail === '' ? 'Beginning …' : (STEPS[job.detail] ?? <Recorded text={job.detail} />)}
          </p>
          <Progress share={share} label="Bundle" />
          <p className="soft">
            {job === null ? '' : `${amount(job.done)}${job.total === null ? '' : ` of ${amount(job.total)}`}`}
          </p>
        </div>
      ) : job.failure !== null ? (
        <FailureNotice failure={job.failure} />
      ) : (
        <p>It was cancelled. Nothing half-made is left.</p>
      )}
    </JobDialog>
  );
}

type BundleMade = Output<'bundle.made'>;

/** The statement of whoever makes a bundle: what is added to one has another. */
const PRODUCED = 'signatures/01-producer.json';

const doneTo = ({ stampedAt, statement }: BundleMade): 'stamped' | 'made' | 'countersigned' =>
  stampedAt !== null ? 'stamped' : statement.file === PRODUCED ? 'made' : 'countersigned';

const TITLES = {
  made: 'The bundle is made',
  countersigned: 'The bundle is countersigned',
  stamped: 'The time stamp is joined',
} as const;

/** What was made, or added to. */
export function Made({ job, onClose }: { readonly job: string; readonly onClose: () => void }): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useAnswer(useCallback(() => api.call('bundle.made', { job }), [api, job]));
  /** A ticket is good for one download. */
  const [saved, setSaved] = useState(false);
  const ticket = value?.ticket ?? null;
  return (
    <Dialog
      title={value === null ? 'The bundle' : TITLES[doneTo(value)]}
      onClose={onClose}
      className="bundle"
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {value === null || ticket === null ? null : (
            <Button
              look="primary"
              icon={saved ? 'check' : 'export'}
              disabled={saved}
              onClick={() => {
                saveExport(ticket, value.fileName);
                setSaved(true);
              }}
            >
              {saved ? 'Handed to your downloads' : 'Save the bundle …'}
            </Button>
          )}
        </>
      }
    >
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        slow ? (
          <Skeleton lines={6} />
        ) : null
      ) : (
        <MadeBundle made={value} />
      )}
    </Dialog>
  );
}

function MadeBundle({ made }: { readonly made: BundleMade }): React.JSX.Element {
  const { fileName, bytes, sha256, statement, stampedAt, recordings, verdict, warnings } = made;
  const isNew = doneTo(made) === 'made';
  const withheld = recordings.reduce((sum, one) => sum + one.withheld, 0);
  const copied = (text: string, what: string): React.JSX.Element => (
    <span className="copied">
      <span className="mono hash">{text}</span>
      <CopyButton text={text} what={what} />
    </span>
  );
  return (
    <div className="made">
      <Notice tone="good">
        <p>
          <strong>It was read again and verified.</strong>
          {isNew ? null : ' It is a new file: the one that you gave stays as it was.'}
        </p>
        {stampedAt === null ? (
          <>
            <p className="soft">
              Give the fingerprint to the receiver by another way than the bundle: by telephone, or on paper. It is what tells
              that the signature is yours.
            </p>
            <p className="soft">
              The time is claimed until a time stamp is joined: verify the saved file, and ask for one from there.
            </p>
          </>
        ) : (
          <p className="soft">
            Whether the time stamp is of an authority that people trust is not looked at yet: verify the saved file with the
            certificate of the authority.
          </p>
        )}
      </Notice>
      <Facts
        facts={[
          ['File', <Recorded key="file" text={`${fileName}, ${formatBytes(bytes)}`} />],
          ['Time stamp', stampedAt === null ? null : `${stampedAt}, as the authority gives it`],
          ['Fingerprint', copied(statement.fingerprint, 'the fingerprint')],
          ['Signer', <Recorded key="signer" text={statement.signer} />],
          ['SHA-256 of the file', copied(sha256, 'the digest of the file')],
          ['SHA-256 of the statement', copied(statement.sha256, 'the digest of the statement')],
          [
            'Recordings',
            `${formatCount(recordings.length)}${withheld === 0 ? '' : `, ${formatSome(withheld, 'record')} withheld`}`,
          ],
          [
            'Verdict',
            verdict === 'TRUSTED'
              ? verdict
              : isNew
                ? 'intact; a stranger does not know the signer yet'
                : 'intact; this library does not know every signer',
          ],
        ]}
      />
      {warnings.length === 0 ? null : (
        <Notice tone="caution">
          {warnings.map((warning) => (
            <p key={warning}>
              <Recorded text={warning} />
            </p>
          ))}
        </Notice>
      )}
    </div>
  );
}
