// Verifies somebody's bundle, and leads on from there: opened as a case, countersigned, given a time stamp. A file is dropped or chosen, and
// the core reads it range by range. The custody log says so, and the signers that the library trusts are known. Verifying alone imports nothing
// and keeps nothing.

import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import { isFingerprint, trustedSigners, TRUSTED_SIGNERS, withSigner } from '../../shared/api/trusted-signers.ts';
import { useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/evidence.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { formatBytes, formatCount, formatSome } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice, Notice, Progress } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import { Made } from './bundle-dialog.tsx';
import { Countersign } from './countersign.tsx';
import { offerBundle, useOfferedWork, type OfferedBy } from './offered-bundle.ts';
import { TimeStamp } from './time-stamp.tsx';
import { Told, type ToldByAnotherWay } from './told.tsx';
import { LISTED, VerifiedReport } from './verified-report.tsx';

export interface VerifyBundleProps extends OfferedBy {
  /** A file that was dropped already; null where one is still to be chosen. */
  readonly first: File | null;
  /** Leads to the case that a bundle was opened as. */
  readonly onCase: (id: string) => void;
  readonly onClose: () => void;
}

type Report = Output<'bundle.verified'>;

type Stage =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'verified'; readonly file: File; readonly report: Report }
  | { readonly kind: 'opened'; readonly file: File; readonly opened: Output<'bundle.opened'> }
  | { readonly kind: 'countersigning' | 'stamping'; readonly file: File; readonly report: Report }
  | { readonly kind: 'made'; readonly job: string };

/** What holds, whoever signed it. */
const holds = ({ verdict }: Report): boolean => verdict === 'TRUSTED' || verdict === 'INTACT, SIGNER NOT TRUSTED';

const NOTHING_TOLD: ToldByAnotherWay = { fingerprint: '', remember: false, name: '', authority: null };

export function VerifyBundle({ first, supply, onJob, onCase, onClose }: VerifyBundleProps): React.JSX.Element {
  const api = useApi();
  const [stage, setStage] = useState<Stage>({ kind: 'choosing' });
  /** What is being worked on, or was when it failed. */
  const [given, setGiven] = useState<{ readonly file: File; readonly opens: boolean } | null>(null);
  const [told, setTold] = useState(NOTHING_TOLD);
  const { reached, failure, run, stop } = useOfferedWork({ supply, onJob });

  const trust = async (): Promise<string[]> => {
    const fingerprint = told.fingerprint.trim();
    if (!isFingerprint(fingerprint)) return [];
    if (told.remember) {
      const signers = trustedSigners(await api.call('settings.get', null));
      await api.call('settings.set', { key: TRUSTED_SIGNERS, value: withSigner(signers, { fingerprint, name: told.name }) });
    }
    return [fingerprint];
  };
  const verify = (file: File, { authority }: ToldByAnotherWay = told): void => {
    setGiven({ file, opens: false });
    run(
      async (offering) => {
        const trusted = await trust();
        const authorities = authority === null ? [] : [await authority.text()];
        const begin = (of: { name: string; size: number }) =>
          api.call('bundle.verifyOffered', { ...of, trust: trusted, authorities });
        return api.call('bundle.verified', { job: await offerBundle(api, file, begin, offering) });
      },
      (report) => setStage({ kind: 'verified', file, report }),
    );
  };
  const openAsCase = (file: File): void => {
    setGiven({ file, opens: true });
    run(
      async (offering) => {
        const trusted = await trust();
        const begin = (of: { name: string; size: number }) => api.call('bundle.openOffered', { ...of, trust: trusted });
        return api.call('bundle.opened', { job: await offerBundle(api, file, begin, offering) });
      },
      (opened) => setStage({ kind: 'opened', file, opened }),
    );
  };

  const begun = useRef(false);
  useEffect(() => {
    if (first === null || begun.current) return;
    begun.current = true;
    verify(first);
    // The file that was dropped is verified once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [first]);

  const chooser = (
    <FileButton what="Bundle to verify" accept=".zip" className="apart" onFile={(file) => verify(file)}>
      Another bundle …
    </FileButton>
  );

  if (given !== null && reached !== null) {
    const { file, opens } = given;
    return (
      <Dialog
        key="running"
        title={`${opens ? 'Opening' : 'Verifying'} ${plainRecorded(file.name)}`}
        onClose={onClose}
        className="verify"
        footer={<Button onClick={stop}>Cancel</Button>}
      >
        <div className="under-way">
          <p>{`${opens ? 'Opening' : 'Reading'} ${formatBytes(file.size)} …`}</p>
          <Progress share={reached.share} label={opens ? 'Opening the bundle' : 'Verification'} />
        </div>
      </Dialog>
    );
  }
  if (given !== null && failure !== null)
    return (
      <Dialog
        key="failed"
        title={`${plainRecorded(given.file.name)} could not be ${given.opens ? 'opened' : 'verified'}`}
        onClose={onClose}
        className="verify"
        footer={
          <>
            {chooser}
            <Button look="primary" onClick={onClose}>
              Close
            </Button>
          </>
        }
      >
        <FailureNotice failure={failure} />
      </Dialog>
    );

  switch (stage.kind) {
    case 'choosing':
      return (
        <Dialog
          key="choosing"
          title="Verify a bundle"
          onClose={onClose}
          className="verify"
          footer={<Button onClick={onClose}>Close</Button>}
        >
          <Drop onFile={(file) => verify(file)} />
        </Dialog>
      );
    case 'verified': {
      const { file, report } = stage;
      return (
        <Dialog
          key="verified"
          reads
          title={`Verification of ${plainRecorded(file.name)}`}
          onClose={onClose}
          className="verify"
          footer={
            <>
              {chooser}
              {holds(report) ? (
                <>
                  <Button icon="note" onClick={() => setStage({ kind: 'countersigning', file, report })}>
                    Countersign …
                  </Button>
                  <Button icon="clock" onClick={() => setStage({ kind: 'stamping', file, report })}>
                    Time stamp …
                  </Button>
                  <Button icon="case" onClick={() => openAsCase(file)}>
                    Open as a case
                  </Button>
                </>
              ) : null}
              <Button look="primary" onClick={onClose}>
                Close
              </Button>
            </>
          }
        >
          <VerifiedReport report={report} />
          <Told
            report={report}
            value={told}
            onValue={setTold}
            onAgain={(value) => {
              setTold(value);
              verify(file, value);
            }}
          />
        </Dialog>
      );
    }
    case 'opened':
      return (
        <Dialog
          key="opened"
          title={`Opened ${plainRecorded(stage.file.name)}`}
          onClose={onClose}
          className="verify"
          footer={
            <>
              {chooser}
              <Button onClick={onClose}>Close</Button>
              <Button look="primary" icon="case" onClick={() => onCase(stage.opened.case)}>
                Show the case
              </Button>
            </>
          }
        >
          <Opened opened={stage.opened} />
        </Dialog>
      );
    case 'countersigning':
    case 'stamping': {
      const { kind, file, report } = stage;
      const Part = kind === 'countersigning' ? Countersign : TimeStamp;
      return (
        <Part
          file={file}
          report={report}
          supply={supply}
          onJob={onJob}
          onMade={(job) => setStage({ kind: 'made', job })}
          onBack={() => setStage({ kind: 'verified', file, report })}
          onClose={onClose}
        />
      );
    }
    case 'made':
      return <Made job={stage.job} onClose={onClose} />;
  }
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
          ['Annotations', formatCount(annotations)],
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

function Drop({ onFile }: { readonly onFile: (file: File) => void }): React.JSX.Element {
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
      <FileButton what="Bundle to verify" accept=".zip" look="primary" icon="file" data-first onFile={onFile}>
        Choose a file …
      </FileButton>
    </div>
  );
}
