// Verifies somebody's bundle, and opens it as a case where that is wanted: a file is dropped or chosen, and the core reads it range by range.
// The custody log says so, and the signers that the library trusts are known. Verifying alone imports nothing and keeps nothing.

import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import { isFingerprint, trustedSigners, TRUSTED_SIGNERS, withSigner } from '../../shared/api/trusted-signers.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/evidence.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { formatBytes, formatCount, formatSome } from '../ui/format.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice, Notice, Progress } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { offerBundle, type Supply } from './offered-bundle.ts';
import { LISTED, VerifiedReport } from './verified-report.tsx';

export interface VerifyBundleProps {
  /** A file that was dropped already; null where one is still to be chosen. */
  readonly first: File | null;
  readonly supply: Supply;
  readonly onJob: (job: string) => void;
  /** Leads to the case that a bundle was opened as. */
  readonly onCase: (id: string) => void;
  readonly onClose: () => void;
}

type Report = Output<'bundle.verified'>;

type Stage =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'running'; readonly file: File; readonly share: number; readonly opens: boolean }
  | { readonly kind: 'failed'; readonly file: File; readonly failure: FailureText }
  | { readonly kind: 'verified'; readonly file: File; readonly report: Report }
  | { readonly kind: 'opened'; readonly file: File; readonly opened: Output<'bundle.opened'> };

/** What holds, whoever signed it. */
const holds = ({ verdict }: Report): boolean => verdict === 'TRUSTED' || verdict === 'INTACT, SIGNER NOT TRUSTED';

export function VerifyBundle({ first, supply, onJob, onCase, onClose }: VerifyBundleProps): React.JSX.Element {
  const api = useApi();
  const [stage, setStage] = useState<Stage>({ kind: 'choosing' });
  const [trusted, setTrusted] = useState<Told>({ fingerprint: '', remember: false, name: '' });
  const chooser = useRef<HTMLInputElement>(null);
  /** Ends the run under way, if any. */
  const ending = useRef(new AbortController());
  useEffect(() => () => ending.current.abort(), []);
  const run = (file: File, opens: boolean): void => {
    ending.current.abort();
    const mine = new AbortController();
    ending.current = mine;
    const show = (next: Stage): void => {
      if (!mine.signal.aborted) setStage(next);
    };
    const { remember, name } = trusted;
    const fingerprint = trusted.fingerprint.trim();
    const offering = {
      supply,
      onJob,
      progress: (share: number) => show({ kind: 'running', file, share, opens }),
      signal: mine.signal,
    };
    const work = async (): Promise<Stage> => {
      const trust = isFingerprint(fingerprint) ? [fingerprint] : [];
      if (remember && trust.length > 0) {
        const signers = trustedSigners(await api.call('settings.get', null));
        await api.call('settings.set', { key: TRUSTED_SIGNERS, value: withSigner(signers, { fingerprint, name }) });
      }
      const job = await offerBundle(api, opens ? 'bundle.openOffered' : 'bundle.verifyOffered', file, trust, offering);
      return opens
        ? { kind: 'opened', file, opened: await api.call('bundle.opened', { job }) }
        : { kind: 'verified', file, report: await api.call('bundle.verified', { job }) };
    };
    setStage({ kind: 'running', file, share: 0, opens });
    work().then(show, (error: unknown) => show({ kind: 'failed', file, failure: failureOf(error) }));
  };
  const begun = useRef(false);
  useEffect(() => {
    if (first === null || begun.current) return;
    begun.current = true;
    run(first, false);
    // The file that was dropped is verified once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [first]);
  const cancel = (): void => {
    ending.current.abort();
    setStage({ kind: 'choosing' });
  };
  const choose = (): void => chooser.current?.click();
  return (
    <Dialog
      title={
        stage.kind === 'choosing' ? 'Verify a bundle' : `${stage.kind === 'opened' ? 'Opened' : 'Verify'} ${stage.file.name}`
      }
      onClose={onClose}
      className="verify"
      footer={
        stage.kind === 'running' ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <>
            {stage.kind === 'choosing' ? null : <Button onClick={choose}>Another bundle …</Button>}
            {stage.kind === 'verified' && holds(stage.report) ? (
              <Button icon="case" onClick={() => run(stage.file, true)}>
                Open as a case
              </Button>
            ) : null}
            {stage.kind === 'opened' ? (
              <Button look="primary" icon="case" onClick={() => onCase(stage.opened.case)}>
                Show the case
              </Button>
            ) : null}
            <Button {...(stage.kind === 'opened' ? {} : { look: 'primary' })} onClick={onClose}>
              Close
            </Button>
          </>
        )
      }
    >
      <input
        ref={chooser}
        type="file"
        accept=".zip"
        hidden
        disabled={stage.kind === 'running'}
        aria-label="Bundle to verify"
        onChange={(event) => {
          const file = event.target.files?.item(0);
          if (file != null) run(file, false);
          event.target.value = '';
        }}
      />
      {stage.kind === 'choosing' ? (
        <Drop onFile={(file) => run(file, false)} onChoose={choose} />
      ) : stage.kind === 'running' ? (
        <div className="under-way">
          <p>{`${stage.opens ? 'Opening' : 'Reading'} ${formatBytes(stage.file.size)} …`}</p>
          <Progress share={stage.share} label={stage.opens ? 'Opening the bundle' : 'Verification'} />
        </div>
      ) : stage.kind === 'failed' ? (
        <FailureNotice failure={stage.failure} />
      ) : stage.kind === 'opened' ? (
        <Opened opened={stage.opened} />
      ) : (
        <>
          <VerifiedReport report={stage.report} />
          <Trust
            value={trusted}
            onValue={setTrusted}
            shown={stage.report.signers.some((one) => !one.trusted)}
            onAgain={() => run(stage.file, false)}
          />
        </>
      )}
    </Dialog>
  );
}

/** What became of a bundle that was opened: whose it is, and from what each recording was read. */
function Opened({ opened }: { readonly opened: Output<'bundle.opened'> }): React.JSX.Element {
  const { verdict, signer, fingerprint, recordings, annotations } = opened;
  return (
    <div className="verified">
      <Notice tone={verdict === 'TRUSTED' ? 'good' : 'caution'}>
        <p>
          <strong>It is a case of this library now.</strong> Only comments can be added to it, and they can be sent back as a
          signed file.
        </p>
      </Notice>
      <Facts
        facts={[
          ['Verdict', verdict],
          ['Signer', <Recorded key="signer" text={signer} />],
          [
            'Fingerprint',
            <span key="fingerprint" className="mono hash">
              <Recorded text={fingerprint} />
            </span>,
          ],
          ['Findings', formatCount(annotations)],
        ]}
      />
      <section>
        <h3>{formatSome(recordings.length, 'recording')}</h3>
        <ul className="signers">
          {recordings.slice(0, LISTED).map(({ id, from, note }) => (
            <li key={id}>
              <p>
                <Recorded text={id} />{' '}
                <span className={`badge ${from === 'original' ? 'good' : from === 'playback' ? 'caution' : 'bad'}`}>
                  {from === 'original' ? 'from its original' : from === 'playback' ? 'its playback only' : 'not here'}
                </span>
              </p>
              <p className="soft">
                <Recorded text={note} />
              </p>
            </li>
          ))}
        </ul>
        {recordings.length > LISTED ? <p className="faint">{`The first ${formatCount(LISTED)} are listed.`}</p> : null}
      </section>
    </div>
  );
}

function Drop({ onFile, onChoose }: { readonly onFile: (file: File) => void; readonly onChoose: () => void }): React.JSX.Element {
  const [over, setOver] = useState(false);
  return (
    // The button does the same for the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={`bundle-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files.item(0);
        if (file !== null) onFile(file);
      }}
    >
      <Icon name="bundle" />
      <p>Drop a bundle here. It is read and checked; nothing of it is imported before you open it as a case.</p>
      <Button look="primary" icon="file" onClick={onChoose}>
        Choose a file …
      </Button>
    </div>
  );
}

/** A fingerprint as its signer told it by another way, and whether this library trusts it from now on. */
interface Told {
  readonly fingerprint: string;
  readonly remember: boolean;
  readonly name: string;
}

interface TrustProps {
  readonly value: Told;
  readonly onValue: (value: Told) => void;
  readonly shown: boolean;
  readonly onAgain: () => void;
}

function Trust({ value, onValue, shown, onAgain }: TrustProps): React.JSX.Element | null {
  if (!shown) return null;
  const given = value.fingerprint.trim();
  const usable = isFingerprint(given);
  return (
    <Form ready={usable} onSubmit={onAgain} className="trust">
      <TextField
        label="Fingerprint that the signer told you by another way"
        value={value.fingerprint}
        onValue={(fingerprint) => onValue({ ...value, fingerprint })}
        wrong={given !== '' && !usable}
        placeholder="SHA256:…"
        hint="A key inside of a bundle proves nothing: ask its signer by telephone, or look at paper."
      />
      <label className="check">
        <input
          type="checkbox"
          checked={value.remember}
          onChange={(event) => onValue({ ...value, remember: event.target.checked })}
        />
        <span>Trust this signer from now on</span>
      </label>
      {value.remember ? (
        <TextField label="Whose it is" value={value.name} onValue={(name) => onValue({ ...value, name })} />
      ) : null}
      <div className="row-end">
        <Button disabled={!usable} onClick={onAgain}>
          Verify again with it
        </Button>
      </div>
    </Form>
  );
}
