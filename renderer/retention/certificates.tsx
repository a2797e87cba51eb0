// A purge certificate: read, checked, saved with its signature; and the check of one that came from anywhere. A check that fails is never
// shown as less than that.

import { Fragment, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { Purge } from '../../shared/api/retention-shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Command } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Facts } from '../ui/evidence.tsx';
import { TextArea } from '../ui/fields.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { FailureNotice, Notice, sentence } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { Instant } from '../ui/zone.tsx';

type Check = Output<'purges.verify'>;

/** A name for a file that every system takes. */
export const fileNameOf = (session: string): string => `purge-${session.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80)}.json`;

/** Members on lines of their own, to be read; what is signed and saved stays as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text.trimEnd();
  }
}

export interface SignedTextProps {
  readonly title: string;
  /** `the certificate`. */
  readonly what: string;
  /** File name of the text; its signature's is the same with `.sig`. */
  readonly name: string;
  readonly text: string;
  readonly signature: string;
  /** Of the OpenSSH signature. */
  readonly namespace: string;
  readonly onClose: () => void;
  /** First in the footer. */
  readonly act?: React.ReactNode;
  readonly children: React.ReactNode;
}

/** A text and its signature, to be read, saved as two files, and checked without Exhibit. */
export function SignedText(props: SignedTextProps): React.JSX.Element {
  const { title, what, name, text, signature, namespace, onClose, act, children } = props;
  const api = useApi();
  const announcer = useAnnouncer();
  const save = (fileName: string, saved: string): void => {
    api.call('export.text', { fileName, text: saved }).then((made) => saveExport(made.ticket, made.fileName), announcer.fail);
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      className="certificate"
      footer={
        <>
          {act}
          <Button icon="export" onClick={() => save(`${name}.sig`, signature)}>
            Save the signature …
          </Button>
          <Button look="primary" icon="export" onClick={() => save(name, text)}>
            {`Save ${what} …`}
          </Button>
        </>
      }
    >
      <div className="said">
        {children}
        {/* It scrolls: the keyboard must reach it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre className="text" tabIndex={0} role="region" aria-label={title}>
          {readable(text)
            .split('\n')
            .map((line, i) => (
              <Fragment key={i}>
                {i === 0 ? '' : '\n'}
                <Recorded text={line} />
              </Fragment>
            ))}
        </pre>
        <div className="by-hand">
          <p className="soft">
            It is saved byte for byte as it was signed, and shown here line by line. With both files, anybody can check it without
            Exhibit.
          </p>
          <Command text={`ssh-keygen -Y check-novalidate -n ${namespace} -s ${name}.sig < ${name}`} />
        </div>
      </div>
    </Dialog>
  );
}

export function CertificateDialog({
  purge,
  onClose,
}: {
  readonly purge: Purge;
  readonly onClose: () => void;
}): React.JSX.Element {
  const api = useApi();
  const [check, setCheck] = useState<Check | null>(null);
  const { busy, failure, ask } = useRequest(setCheck);
  const { session, nativeId, source, at, until, certificate, signature } = purge;
  return (
    <SignedText
      title="Purge certificate"
      what="the certificate"
      name={fileNameOf(session)}
      text={certificate}
      signature={signature}
      namespace="exhibit-purge"
      onClose={onClose}
      act={
        <Button icon="proven" disabled={busy} onClick={() => ask(() => api.call('purges.verify', { certificate, signature }))}>
          Check it
        </Button>
      }
    >
      {failure === null ? null : <FailureNotice failure={failure} />}
      {check === null ? null : <Checked check={check} />}
      <Facts
        facts={[
          [
            'Session',
            <span key="session" className="mono">
              <Recorded text={nativeId ?? session} />
            </span>,
          ],
          ['Source', <Recorded key="source" text={source} />],
          ['Its retention ended', <Instant key="until" at={until} />],
          ['Purged', <Instant key="at" at={at} />],
        ]}
      />
    </SignedText>
  );
}

function Checked({ check }: { readonly check: Check }): React.JSX.Element {
  const { valid, own, fingerprint, why } = check;
  return (
    <div role={valid ? 'status' : 'alert'}>
      <Notice tone={!valid ? 'bad' : own ? 'good' : 'caution'}>
        <p>
          <strong>
            {!valid
              ? 'It does not hold.'
              : own
                ? 'It holds, signed by this library.'
                : 'It holds, signed by a key that is not this library’s.'}
          </strong>{' '}
          <Recorded text={sentence(why)} />
        </p>
        {fingerprint === null ? null : (
          <p className="mono hash">
            <Recorded text={fingerprint} />
          </p>
        )}
        {valid && !own ? (
          <p className="soft">Compare the fingerprint with the one that its signer told you by another way.</p>
        ) : null}
      </Notice>
    </div>
  );
}

/** The most that a certificate or a signature is long. Bytes. */
const MOST = 100_000;

/** Checks a certificate of anybody: chosen as files, or pasted. */
export function CheckCertificate({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [certificate, setCertificate] = useState('');
  const [signature, setSignature] = useState('');
  const [check, setCheck] = useState<Check | null>(null);
  const { busy, failure, ask } = useRequest(setCheck);
  const ready = certificate.trim() !== '' && signature.trim() !== '' && !busy;
  const change = (set: (text: string) => void) => (text: string) => {
    setCheck(null);
    set(text);
  };
  const take = (file: File): void => {
    if (file.size > MOST) {
      announcer.toast({ tone: 'bad', text: `${file.name} is too large to be a certificate.` });
      return;
    }
    file
      .text()
      .then((text) => change(text.includes('BEGIN SSH SIGNATURE') ? setSignature : setCertificate)(text), announcer.fail);
  };
  return (
    <Dialog
      title="Check a purge certificate"
      onClose={onClose}
      className="certificate"
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            icon="proven"
            disabled={!ready}
            onClick={() => ask(() => api.call('purges.verify', { certificate, signature }))}
          >
            Check it
          </Button>
        </>
      }
    >
      <div className="form">
        <p>
          <FileButton what="Certificate and signature as files" accept=".json,.sig" multiple icon="file" onFile={take}>
            Choose both files …
          </FileButton>
        </p>
        <TextArea label="Certificate, byte for byte" mono rows={6} value={certificate} onValue={change(setCertificate)} />
        <TextArea
          label="Signature"
          mono
          rows={4}
          value={signature}
          onValue={change(setSignature)}
          placeholder="-----BEGIN SSH SIGNATURE-----"
        />
        {failure === null ? null : <FailureNotice failure={failure} />}
        {check === null ? null : <Checked check={check} />}
      </div>
    </Dialog>
  );
}
