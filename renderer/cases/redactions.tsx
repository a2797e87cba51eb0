// What is to be withheld from a redacted bundle, with who decided it and why. A redaction is withdrawn with a reason and stays listed. The
// recordings themselves are never touched.

import { useState } from 'react';
import type { CaseDetail, Redaction } from '../../shared/api/case-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { formatOffset } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Empty } from '../ui/notice.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import type { Row } from './case-data.ts';
import { RedactionForm } from './redaction-form.tsx';

export interface RedactionsProps {
  readonly detail: CaseDetail;
  readonly rows: readonly Row[];
  readonly redactions: readonly Redaction[];
  readonly closed: boolean;
}

/** What a rule withholds, in words. */
export function ruleWords({ rule }: Pick<Redaction, 'rule'>): { readonly name: string; readonly what: string } {
  switch (rule.kind) {
    case 'text':
      return { name: 'Text', what: `${rule.text}${rule.matchCase ? '' : ' (any letter case)'}` };
    case 'pattern':
      return { name: 'Pattern', what: `/${rule.pattern}/${rule.flags}` };
    case 'secrets':
      return { name: 'Secrets', what: 'everything that the built-in list of secrets finds' };
    case 'range':
      return { name: 'Time', what: `${formatOffset(rule.fromUs)} to ${formatOffset(rule.toUs)}` };
    case 'stream':
      return { name: 'Stream', what: { stdin: 'all input', stdout: 'all output', stderr: 'all error output' }[rule.stream] };
    case 'region': {
      const { row, col, rows, cols } = rule.region;
      const place = `row ${String(row + 1)}, column ${String(col + 1)}, ${String(rows)} × ${String(cols)} cells`;
      return { name: 'Screen', what: `${place}, ${formatOffset(rule.fromUs)} to ${formatOffset(rule.toUs)}` };
    }
  }
}

export function Redactions({ detail, rows, redactions, closed }: RedactionsProps): React.JSX.Element {
  const api = useApi();
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Redaction | null>(null);
  useActions([
    {
      id: 'redaction.add',
      group: 'Case',
      label: 'Redact something …',
      keys: ['n'],
      enabled: !closed,
      run: () => setAdding(true),
    },
  ]);
  const add = (
    <Button look="primary" icon="redact" title="Redact something (N)" onClick={() => setAdding(true)}>
      Redact …
    </Button>
  );
  const nameOf = (session: string | null): string => {
    if (session === null) return 'every exhibit';
    const row = rows.find(({ exhibit }) => exhibit.session === session);
    return row === undefined ? session : `${row.exhibit.number} ${row.name}`;
  };
  return (
    <div className="redactions">
      {redactions.length === 0 ? (
        <Empty icon="redact" title="No redaction yet" actions={closed ? undefined : add}>
          <p>
            What is redacted here is withheld: left out of a redacted bundle, of its playback, transcript, frames and report. The
            recordings themselves stay as they are, and each withheld record is still covered by its recording’s root.
          </p>
        </Empty>
      ) : (
        <>
          <div className="bar">
            <p className="soft">
              Left out of a redacted bundle and of all that is derived for it. The recordings themselves are never touched.
            </p>
            {closed ? null : add}
          </div>
          <table className="redaction-table">
            <thead>
              <tr>
                <th scope="col">Number</th>
                <th scope="col">What</th>
                <th scope="col">Where</th>
                <th scope="col">Why</th>
                <th scope="col">Who, when</th>
                <th scope="col">
                  <span className="unseen">Withdraw</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {redactions.map((one) => {
                const { name, what } = ruleWords(one);
                const { withdrawn } = one;
                return (
                  <tr key={one.id} className={withdrawn === null ? '' : 'withdrawn'}>
                    <td className="number">{one.number}</td>
                    <td className="what">
                      <span className="badge">{name}</span>
                      <span className={one.rule.kind === 'text' || one.rule.kind === 'pattern' ? 'mono' : ''}>
                        <Recorded text={what} />
                      </span>
                    </td>
                    <td className="where">
                      <RecordedLine text={nameOf(one.session)} />
                    </td>
                    <td className="why">
                      <Recorded text={one.reason} />
                      {withdrawn === null ? null : (
                        <p className="end-of-it">
                          <Icon name="revoked" />
                          <span>
                            <Recorded text={`Withdrawn by ${withdrawn.by}: ${withdrawn.reason}`} />
                          </span>
                        </p>
                      )}
                    </td>
                    <td className="who soft">
                      <Recorded text={one.author} />
                      <br />
                      <Instant at={one.at} />
                    </td>
                    <td>
                      {closed || withdrawn !== null ? null : (
                        <Button look="quiet" aria-label={`Withdraw ${one.number}`} onClick={() => setLeaving(one)}>
                          Withdraw …
                        </Button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
      {adding ? <RedactionForm detail={detail} rows={rows} onClose={() => setAdding(false)} /> : null}
      {leaving === null ? null : (
        <ReasonDialog
          title={`Withdraw ${leaving.number}`}
          act="Withdraw"
          onAct={(reason) => api.call('redactions.withdraw', { case: detail.id, redaction: leaving.id, reason })}
          onDone={() => setLeaving(null)}
          onClose={() => setLeaving(null)}
        >
          <p>The next redacted bundle will show what this one withholds. Bundles that were made before stay as they are.</p>
        </ReasonDialog>
      )}
    </div>
  );
}
