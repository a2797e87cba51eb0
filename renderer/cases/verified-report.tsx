// What a verification found: the verdict as nobody can miss it, by whom it is signed, every step, every failure with its place.

import { failureText, keyOfAnother, signedText, verdictSentence } from '../../shared/evidence/bundle/report-text.ts';
import type { BundleReport, Verdict } from '../../shared/evidence/bundle/report.ts';
import { formatCount, formatInstant, formatSome, zonedSentence } from '../ui/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useZone } from '../ui/zone.tsx';

interface Look {
  readonly tone: 'good' | 'caution' | 'bad';
  readonly icon: IconName;
}

/** An unsigned bundle is never shown as a pass. */
const LOOKS: Readonly<Record<Verdict, Look>> = {
  TRUSTED: { tone: 'good', icon: 'proven' },
  'INTACT, SIGNER NOT TRUSTED': { tone: 'caution', icon: 'unproven' },
  'INTACT, UNSIGNED': { tone: 'bad', icon: 'warning' },
  INCOMPLETE: { tone: 'bad', icon: 'failed' },
  ALTERED: { tone: 'bad', icon: 'failed' },
  UNREADABLE: { tone: 'bad', icon: 'failed' },
};

const STEP_ICONS: Readonly<Record<BundleReport['steps'][number]['outcome'], IconName>> = {
  passed: 'proven',
  failed: 'failed',
  'not checked': 'unproven',
};

/** Failures and recordings that are listed. */
export const LISTED = 100;

export function VerifiedReport({ report }: { readonly report: BundleReport }): React.JSX.Element {
  const zone = useZone();
  const { verdict, signers, failures, recordings, steps } = report;
  const { tone, icon } = LOOKS[verdict];
  return (
    <div className="verified">
      <div className={`verdict-box ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
        <Icon name={icon} />
        <strong>{verdict}</strong>
        <p>{zonedSentence(verdictSentence(report), zone)}</p>
      </div>
      {failures.length === 0 ? null : (
        <section>
          <h3>{formatSome(failures.length, 'failure')}</h3>
          <ul className="failures">
            {failures.slice(0, LISTED).map((failure, i) => (
              <li key={i}>
                <Recorded text={zonedSentence(failureText(failure), zone)} />
              </li>
            ))}
          </ul>
          {failures.length > LISTED ? <p className="faint">{`The first ${formatCount(LISTED)} are listed.`}</p> : null}
        </section>
      )}
      {signers.length === 0 ? null : (
        <section>
          <h3>Signed</h3>
          <ul className="signers">
            {signers.map((one) => (
              <li key={one.file}>
                <p>
                  <Recorded text={`${one.name}, ${one.role}`} />{' '}
                  <span className={`badge ${one.trusted ? 'good' : 'caution'}`}>
                    {one.trusted ? 'trusted' : 'not known to you'}
                  </span>
                  {keyOfAnother(one, report) === null ? null : (
                    <>
                      {' '}
                      <span className="badge caution">{keyOfAnother(one, report)}</span>
                    </>
                  )}
                </p>
                <p className="mono hash">
                  <Recorded text={one.fingerprint} />
                </p>
                <p className="soft">
                  <Recorded text={signedText(one, (moment) => formatInstant(moment, zone))} />
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>What was looked at</h3>
        <ol className="steps">
          {steps.map(({ step, outcome, detail }) => (
            <li key={step} className={outcome.replace(' ', '-')}>
              <Icon name={STEP_ICONS[outcome]} />
              <span>
                {step}
                {outcome === 'passed' ? <span className="unseen">, passed</span> : <strong>{`, ${outcome}`}</strong>}
              </span>
              {detail === '' ? null : (
                <span className="soft">
                  <Recorded text={zonedSentence(detail, zone)} />
                </span>
              )}
            </li>
          ))}
        </ol>
      </section>
      {recordings.length === 0 ? null : (
        <section>
          <h3>{formatSome(recordings.length, 'recording')}</h3>
          <ul className="signers">
            {recordings.slice(0, LISTED).map((one) => (
              <li key={one.id}>
                <p>
                  <Recorded text={one.id} />
                  <span className="soft">
                    {`, ${formatSome(one.records, 'record')}${one.withheld === 0 ? '' : `, ${formatCount(one.withheld)} withheld`} `}
                  </span>
                  <span className={`badge ${one.verified ? 'good' : 'bad'}`}>{one.verified ? 'holds' : 'failed'}</span>
                </p>
                <p className="mono hash">{one.root}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
