// A time stamp on a signature of a bundle that was verified (RFC 3161): a request leaves as a file, whoever has a network takes it to an
// authority, and the response that comes back is joined. The bundle with it is a new file. Nothing is asked over a network here.

import { useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { saveExport, useApi } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Claims, type Claim } from '../ui/evidence.tsx';
import { HandedFile } from '../ui/export-parts.tsx';
import { SelectField } from '../ui/fields.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';
import type { AddingProps } from './countersign.tsx';
import { offerBundle, useOfferedWork } from './offered-bundle.ts';
import { OfferedProgress } from './offered-progress.tsx';

/** Largest response that is read, in bytes: authorities send a few thousand. */
const LARGEST = 1024 * 1024;

const CLAIMS: readonly Claim[] = [
  {
    name: 'That it was there by then',
    verdict: 'proven',
    reason:
      'The signature, and with it every byte that it signs, was there at the time that the authority gives: for whoever trusts it.',
  },
  {
    name: 'Whose time stamp it is',
    verdict: 'not-proven',
    reason:
      'People see that when they verify the new file with the certificate of the authority. Until then the time is claimed, not attested.',
  },
  {
    name: 'Who signed, and that it is true',
    verdict: 'not-proven',
    reason: 'The authority sees a digest and nothing else. How long before then it was signed is not said either.',
  },
];

/** `signatures/02-reviewer.json`: `02-reviewer`. */
const nameOf = (file: string): string => file.replace(/^signatures\//, '').replace(/\.json$/, '');

export function TimeStamp({ file, report, supply, onJob, onMade, onBack, onClose }: AddingProps): React.JSX.Element {
  const api = useApi();
  const { signers } = report;
  const [statement, setStatement] = useState(nameOf(signers.at(-1)!.file));
  const [asked, setAsked] = useState<Output<'bundle.timeRequested'> | null>(null);
  const [joins, setJoins] = useState(false);
  const { reached, failure, run, stop } = useOfferedWork({ supply, onJob });

  const request = (): void => {
    setJoins(false);
    setAsked(null);
    run(
      async (offering) => {
        const begin = (of: { name: string; size: number }) => api.call('bundle.timeRequestOffered', { ...of, statement });
        return api.call('bundle.timeRequested', { job: await offerBundle(api, file, begin, offering) });
      },
      (made) => {
        saveExport(made.ticket, made.fileName);
        setAsked(made);
      },
    );
  };
  const join = (answer: File): void => {
    setJoins(true);
    run(async (offering) => {
      if (answer.size > LARGEST) throw tooLarge();
      const response = new Uint8Array(await answer.arrayBuffer());
      const begin = (of: { name: string; size: number }) => api.call('bundle.timestampOffered', { ...of, response });
      const job = await offerBundle(api, file, begin, offering);
      await api.call('bundle.made', { job });
      return job;
    }, onMade);
  };

  const [only] = signers;
  return (
    <Dialog
      title={`Time stamp for ${plainRecorded(file.name)}`}
      onClose={onClose}
      className="bundle"
      footer={
        <>
          <span className="note">Nothing goes over a network from here. The custody log says that a stamp was joined.</span>
          {reached === null ? <Button onClick={onBack}>Back</Button> : <Button onClick={stop}>Cancel</Button>}
        </>
      }
    >
      <div className="form">
        <section>
          <h3>1. Ask an authority</h3>
          {signers.length === 1 ? (
            <p>
              For the signature of <Recorded text={`${only!.name}, ${only!.role}`} />.
            </p>
          ) : (
            <SelectField
              label="For the signature of"
              value={statement}
              onValue={setStatement}
              options={signers.map((one) => [nameOf(one.file), `${plainRecorded(one.name)}, ${one.role}`])}
            />
          )}
          <p className="soft">
            The request holds a digest of that signature. Send it to a time-stamping authority as its own pages say, or as
            application/timestamp-query; what comes back is a file, too.
          </p>
          <div className="act">
            <Button icon="export" data-first onClick={request}>
              Save the request …
            </Button>
          </div>
          {asked === null ? null : (
            <HandedFile text="The request was handed to your downloads." fileName={asked.fileName} warnings={[]} />
          )}
          {failure === null || joins ? null : <FailureNotice failure={failure} />}
        </section>
        <section>
          <h3>2. Join its response</h3>
          <p className="soft">
            It is taken only where it answers the request for a signature of this bundle, and its own signature holds.
          </p>
          <div className="act">
            <FileButton what="Response of the authority" accept=".tsr" icon="file" onFile={join}>
              Choose the response …
            </FileButton>
          </div>
          {reached === null || !joins ? null : <OfferedProgress reached={reached} label="Joining the time stamp" />}
          {failure === null || !joins ? null : <FailureNotice failure={failure} />}
        </section>
        <section>
          <h3>What a time stamp proves, and what not</h3>
          <Claims claims={CLAIMS} />
        </section>
      </div>
    </Dialog>
  );
}

const tooLarge = (): ExhibitError =>
  new ExhibitError(
    'refused',
    'time stamp',
    'the file is larger than any response of an authority',
    'choose the file that the authority sent',
  );
