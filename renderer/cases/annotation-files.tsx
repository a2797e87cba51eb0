// Annotations that travel between two libraries: those made here in a case as one file that this library's key signs, and such a file
// taken in. What a file brings is added under the key that signed it; nothing that is here is changed, and every conflict is shown.

import { useState } from 'react';
import type { Annotation, CaseDetail } from '../../shared/api/case-shapes.ts';
import type { Output } from '../../shared/api/contract.ts';
import { saveExport, useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/evidence.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { signingMoment } from './offered-bundle.ts';

export interface AnnotationFileProps {
  readonly detail: CaseDetail;
  /** Of the case, retracted ones too. */
  readonly annotations: readonly Annotation[];
  readonly onClose: () => void;
}

/** Made here: what came in somebody's file is theirs to send. */
export const madeHere = (annotations: readonly Annotation[]): number => annotations.filter(({ from }) => from === null).length;

export function SendAnnotations({ detail, annotations, onClose }: AnnotationFileProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [signer, setSigner] = useState(detail.openedFrom === null ? detail.custodian : '');
  const count = madeHere(annotations);
  const { busy, failure, ask } = useRequest(({ ticket, fileName, annotations: sent }: Output<'annotations.export'>) => {
    saveExport(ticket, fileName);
    announcer.toast({ tone: 'good', text: `${formatSome(sent, 'annotation')}, signed, handed to your downloads.` });
    onClose();
  });
  const ready = !busy && count > 0 && signer.trim() !== '';
  const send = (): void => {
    if (!ready) return;
    ask(() => api.call('annotations.export', { case: detail.id, signer: signer.trim(), signedAt: signingMoment() }));
  };
  return (
    <Dialog
      title={`Annotations of case ${detail.number} as a file`}
      onClose={onClose}
      className="bundle"
      footer={
        <>
          <span className="note">Signed with the key of this library, and entered in the custody log.</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="export" disabled={!ready} onClick={send}>
            Save the file …
          </Button>
        </>
      }
    >
      <Form ready={ready} onSubmit={send}>
        <p>
          {count === 0
            ? 'Nothing was annotated here in this case yet.'
            : `The file has what was annotated here, with every version: ${formatSome(count, 'annotation')}. Nothing of a recording is in it but the texts that were marked.`}
        </p>
        <TextField label="Signer" value={signer} onValue={setSigner} hint="Your name, as it stands in the file." />
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

/** Characters that such a file may have (shared/api/contract.ts). */
const LONGEST = 50_000_000;

export function TakeAnnotations({ detail, annotations, onClose }: AnnotationFileProps): React.JSX.Element {
  const api = useApi();
  const [report, setReport] = useState<Output<'annotations.merge'> | null>(null);
  const { busy, failure, ask } = useRequest(setReport);
  const take = (file: File): void =>
    ask(async () => {
      // The longest text of that many characters has four bytes for each.
      if (file.size > 4 * LONGEST) throw new Error('It is too large for a file of annotations.');
      return api.call('annotations.merge', { text: await file.text(), case: detail.id });
    });
  return (
    <Dialog
      title={report === null ? `Take annotations into case ${detail.number}` : 'What the file brought'}
      onClose={onClose}
      className="bundle"
      footer={
        <Button look={report === null ? 'plain' : 'primary'} onClick={onClose}>
          {report === null ? 'Cancel' : 'Close'}
        </Button>
      }
    >
      {report !== null ? (
        <Merged report={report} annotations={annotations} />
      ) : (
        <div className="form">
          <p>
            A file that somebody saved from a copy of this case. Its signature is checked; what it says is added under the key
            that signed it, and nothing that is here is changed.
          </p>
          <label className="label">
            <span>File of annotations</span>
            <input
              type="file"
              accept=".json"
              disabled={busy}
              onChange={(event) => {
                const file = event.target.files?.item(0);
                if (file != null) take(file);
                event.target.value = '';
              }}
            />
          </label>
        </div>
      )}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

/** Annotations that are listed of each kind. */
const LISTED = 100;

interface MergedProps {
  readonly report: Output<'annotations.merge'>;
  readonly annotations: readonly Annotation[];
}

/** What became of each annotation of a file. */
export function Merged({ report, annotations }: MergedProps): React.JSX.Element {
  const { signer, fingerprint, added, known, conflicts, refused } = report;
  const titles = new Map(annotations.map(({ id, title }) => [id, title]));
  const nameOf = (id: string): string => titles.get(id) ?? id;
  return (
    <div className="verified">
      <Notice tone={conflicts.length + refused.length === 0 ? 'good' : 'caution'}>
        <p>
          <strong>
            {[
              `${formatCount(added.length)} added`,
              `${formatCount(known.length)} known already`,
              formatSome(conflicts.length, 'conflict'),
              `${formatCount(refused.length)} refused`,
            ].join(', ')}
          </strong>
        </p>
      </Notice>
      <Facts
        facts={[
          ['Signer', <Recorded key="signer" text={signer} />],
          [
            'Fingerprint',
            <span key="fingerprint" className="mono hash">
              <Recorded text={fingerprint} />
            </span>,
          ],
        ]}
      />
      <Listed title="Conflicts: what is here stayed as it is" of={conflicts}>
        {({ id, here, there }) => (
          <li key={id}>
            <p>
              <Recorded text={`Here: ${here}`} />
            </p>
            <p className="soft">
              <Recorded text={`In the file: ${there}`} />
            </p>
          </li>
        )}
      </Listed>
      <Listed title="Refused" of={refused}>
        {({ id, reason }) => (
          <li key={id}>
            <Recorded text={`${nameOf(id)}: ${reason}`} />
          </li>
        )}
      </Listed>
      <Listed title="Added" of={added}>
        {(id) => (
          <li key={id}>
            <Recorded text={nameOf(id)} />
          </li>
        )}
      </Listed>
      <Listed title="Known already" of={known}>
        {(id) => (
          <li key={id}>
            <Recorded text={nameOf(id)} />
          </li>
        )}
      </Listed>
    </div>
  );
}

interface ListedProps<T> {
  readonly title: string;
  readonly of: readonly T[];
  readonly children: (one: T) => React.JSX.Element;
}

function Listed<T>({ title, of, children }: ListedProps<T>): React.JSX.Element | null {
  if (of.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul className="signers">{of.slice(0, LISTED).map(children)}</ul>
      {of.length > LISTED ? <p className="faint">{`The first ${formatCount(LISTED)} are listed.`}</p> : null}
    </section>
  );
}
