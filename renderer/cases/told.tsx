// What the verifier of a bundle knows by another way than the bundle: the fingerprint that its signer told, and the certificate of the
// authority whose time stamp is in it. Neither can be taken from the bundle: it would prove itself.

import { isFingerprint } from '../../shared/api/trusted-signers.ts';
import type { BundleReport, StepName } from '../../shared/evidence/bundle/report.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/fields.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { Form } from '../ui/form.tsx';
import { Recorded } from '../ui/recorded.tsx';

const TIME_STAMPS: StepName = 'Time stamps';

export interface ToldByAnotherWay {
  readonly fingerprint: string;
  /** This library trusts it from now on, under this name. */
  readonly remember: boolean;
  readonly name: string;
  /** Certificates of a time-stamping authority, PEM. */
  readonly authority: File | null;
}

/** A time stamp is in it, and no authority that the verifier named attests one. */
const hasOpenStamp = ({ signers, steps }: BundleReport): boolean =>
  signers.every(({ time }) => time === 'CLAIMED') &&
  steps.some(({ step, outcome }) => step === TIME_STAMPS && outcome === 'passed');

export interface ToldProps {
  readonly report: BundleReport;
  readonly value: ToldByAnotherWay;
  readonly onValue: (value: ToldByAnotherWay) => void;
  /** Verifies again with it. */
  readonly onAgain: (value: ToldByAnotherWay) => void;
}

export function Told({ report, value, onValue, onAgain }: ToldProps): React.JSX.Element | null {
  const asksSigner = report.signers.some((one) => !one.trusted);
  const asksAuthority = hasOpenStamp(report);
  if (!asksSigner && !asksAuthority) return null;
  const given = value.fingerprint.trim();
  const usable = isFingerprint(given);
  return (
    <section className="told">
      <h3>What you know by another way</h3>
      {asksSigner ? (
        <Form ready={usable} onSubmit={() => onAgain(value)} className="trust">
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
            <Button disabled={!usable} onClick={() => onAgain(value)}>
              Verify again with it
            </Button>
          </div>
        </Form>
      ) : null}
      {asksAuthority ? (
        <div className="authority">
          <p>
            {value.authority === null ? (
              'A time stamp is in it. Whether it is of an authority that you trust is found with the authority’s own certificate (PEM).'
            ) : (
              <>
                Nothing in <Recorded text={value.authority.name} /> certifies the time stamp that is in it.
              </>
            )}
          </p>
          <FileButton
            what="Certificate of the time-stamping authority"
            accept=".pem,.crt,.cer"
            icon="certificate"
            onFile={(authority) => onAgain({ ...value, authority })}
          >
            Choose a certificate …
          </FileButton>
        </div>
      ) : null}
    </section>
  );
}
