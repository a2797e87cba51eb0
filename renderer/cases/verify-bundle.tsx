// Verifies somebody's bundle: a file is dropped or chosen, read in this window piece by piece, and judged by the same code as the command line
// and the verifier inside of the bundle. Nothing of it leaves the window, and nothing is imported.

import { useEffect, useRef, useState } from 'react';
import type { BundleReport } from '../../shared/evidence/bundle/report.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { formatBytes } from '../ui/format.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Icon } from '../ui/icon.tsx';
import { FailureNotice, Progress } from '../ui/notice.tsx';
import type { CheckBundle } from './check-bundle.ts';
import { VerifiedReport } from './verified-report.tsx';

export interface VerifyBundleProps {
  /** A file that was dropped already; null where one is still to be chosen. */
  readonly first: File | null;
  readonly check: CheckBundle;
  readonly onClose: () => void;
}

type Stage =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'running'; readonly file: File; readonly share: number }
  | { readonly kind: 'failed'; readonly file: File; readonly failure: FailureText }
  | { readonly kind: 'done'; readonly file: File; readonly report: BundleReport };

/** `SHA256:` and 43 characters, as ssh-keygen and Exhibit print it. */
export const isFingerprint = (text: string): boolean => /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);

export function VerifyBundle({ first, check, onClose }: VerifyBundleProps): React.JSX.Element {
  const [stage, setStage] = useState<Stage>({ kind: 'choosing' });
  const [trusted, setTrusted] = useState('');
  const chooser = useRef<HTMLInputElement>(null);
  /** Ends the run under way, if any. */
  const ending = useRef<() => void>(() => undefined);
  useEffect(() => () => ending.current(), []);
  const run = (file: File, fingerprint: string): void => {
    ending.current();
    let wanted = true;
    ending.current = () => {
      wanted = false;
    };
    setStage({ kind: 'running', file, share: 0 });
    check(file, {
      trusted: isFingerprint(fingerprint) ? [fingerprint] : [],
      progress: (share) => {
        if (wanted) setStage({ kind: 'running', file, share });
      },
      isCancelled: () => !wanted,
    }).then(
      (report) => {
        if (wanted) setStage({ kind: 'done', file, report });
      },
      (error: unknown) => {
        if (wanted) setStage({ kind: 'failed', file, failure: failureOf(error) });
      },
    );
  };
  const begun = useRef(false);
  useEffect(() => {
    if (first === null || begun.current) return;
    begun.current = true;
    run(first, '');
    // The file that was dropped is verified once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [first]);
  const cancel = (): void => {
    ending.current();
    setStage({ kind: 'choosing' });
  };
  return (
    <Dialog
      title={stage.kind === 'choosing' ? 'Verify a bundle' : `Verify ${stage.file.name}`}
      onClose={onClose}
      className="verify"
      footer={
        stage.kind === 'running' ? (
          <Button onClick={cancel}>Cancel</Button>
        ) : (
          <>
            {stage.kind === 'choosing' ? null : <Button onClick={() => chooser.current?.click()}>Another bundle …</Button>}
            <Button look="primary" onClick={onClose}>
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
          if (file != null) run(file, trusted.trim());
          event.target.value = '';
        }}
      />
      {stage.kind === 'choosing' ? (
        <Drop onFile={(file) => run(file, trusted.trim())} onChoose={() => chooser.current?.click()} />
      ) : stage.kind === 'running' ? (
        <div className="under-way">
          <p>{`Reading ${formatBytes(stage.file.size)} …`}</p>
          <Progress share={stage.share} label="Verification" />
        </div>
      ) : stage.kind === 'failed' ? (
        <FailureNotice failure={stage.failure} />
      ) : (
        <>
          <VerifiedReport report={stage.report} />
          <Trust
            value={trusted}
            onValue={setTrusted}
            shown={stage.report.signers.some((one) => !one.trusted)}
            onAgain={() => run(stage.file, trusted.trim())}
          />
        </>
      )}
    </Dialog>
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
      <p>Drop a bundle here. It is read in this window, checked, and not imported.</p>
      <Button look="primary" icon="file" onClick={onChoose}>
        Choose a file …
      </Button>
    </div>
  );
}

interface TrustProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly shown: boolean;
  readonly onAgain: () => void;
}

/** The signer's fingerprint, as it was told by another way. */
function Trust({ value, onValue, shown, onAgain }: TrustProps): React.JSX.Element | null {
  if (!shown) return null;
  const wrong = value.trim() !== '' && !isFingerprint(value.trim());
  return (
    <form
      className="form trust"
      onSubmit={(event) => {
        event.preventDefault();
        if (isFingerprint(value.trim())) onAgain();
      }}
    >
      <TextField
        label="Fingerprint that the signer told you by another way"
        value={value}
        onValue={onValue}
        wrong={wrong}
        placeholder="SHA256:…"
        hint="A key inside of a bundle proves nothing: ask its signer by telephone, or look at paper."
      />
      <div className="row-end">
        <Button disabled={!isFingerprint(value.trim())} onClick={onAgain}>
          Verify again with it
        </Button>
      </div>
    </form>
  );
}
