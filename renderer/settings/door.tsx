// What stands between the user and the library: none yet, locked, in use elsewhere, damaged.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { VaultStatus } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Brand } from '../ui/brand.tsx';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { NewPassphrase, PassphraseField } from './passphrase.tsx';

export interface DoorProps {
  /** Null while it is not known, with the failure that keeps it so. */
  readonly status: VaultStatus | null;
  readonly failure: FailureText | null;
  readonly onStatus: (status: VaultStatus) => void;
  readonly onAgain: () => void;
}

export function Door({ status, failure, onStatus, onAgain }: DoorProps): React.JSX.Element {
  return (
    <main className="door" id="content" tabIndex={-1}>
      <div className="card">
        <p className="brand">
          <Brand />
          Exhibit
        </p>
        {failure !== null ? (
          <Trouble failure={failure} onAgain={onAgain} />
        ) : status === null ? (
          <p className="soft">Opening the library …</p>
        ) : status.state === 'absent' ? (
          <Create status={status} onStatus={onStatus} />
        ) : (
          <Unlock status={status} onStatus={onStatus} />
        )}
      </div>
    </main>
  );
}

const TROUBLES: Readonly<Record<string, { readonly title: string; readonly icon: IconName; readonly advice: string }>> = {
  'in-use': {
    title: 'The library is in use',
    icon: 'lock',
    advice: 'Another window or command of Exhibit has this library open. Close it there, then try again.',
  },
  damaged: {
    title: 'The library is damaged',
    icon: 'warning',
    advice:
      'Nothing has been changed. Restore a backup with `exhibit library restore`, or see what is left with `exhibit library verify`.',
  },
  schema: {
    title: 'The library is newer than this Exhibit',
    icon: 'warning',
    advice: 'Install the newer Exhibit that wrote it. Nothing has been changed.',
  },
  disk: {
    title: 'The library cannot be read',
    icon: 'warning',
    advice: 'Check that its folder is there, may be written to, and has room.',
  },
};

function Trouble({ failure, onAgain }: { readonly failure: FailureText; readonly onAgain: () => void }): React.JSX.Element {
  const known = TROUBLES[failure.kind];
  return (
    <>
      <Title icon={known?.icon ?? 'warning'} text={known?.title ?? 'The library cannot be opened'} />
      <FailureNotice failure={failure} />
      {known === undefined ? null : <p className="soft">{known.advice}</p>}
      <div className="buttons">
        <Button look="primary" large icon="refresh" onClick={onAgain}>
          Try again
        </Button>
      </div>
    </>
  );
}

function Title({ icon, text }: { readonly icon: IconName; readonly text: string }): React.JSX.Element {
  return (
    <h1>
      <Icon name={icon} />
      {text}
    </h1>
  );
}

function Where({ status }: { readonly status: VaultStatus }): React.JSX.Element {
  return (
    <p className="where faint">
      <Icon name="folder" />
      <span>{status.library}</span>
    </p>
  );
}

type DoorForm = Pick<DoorProps, 'onStatus'> & { readonly status: VaultStatus };

function Create({ status, onStatus }: DoorForm): React.JSX.Element {
  const api = useApi();
  const { keychain } = status;
  const [protection, setProtection] = useState<'keychain' | 'passphrase'>(keychain.available ? 'keychain' : 'passphrase');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const ready = protection === 'keychain' || (first !== '' && first === second);
  const create = (event: React.FormEvent): void => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    api
      .call('vault.create', protection === 'keychain' ? { protection } : { protection, passphrase: first })
      .then(onStatus, (error: unknown) => setFailure(failureOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={create}>
      <Title icon="key" text="Create your library" />
      <p className="soft">
        Recordings are kept in an encrypted library on this computer. Its key never leaves it; choose what guards the key.
      </p>
      <fieldset>
        <legend className="unseen">What guards the key</legend>
        <label className={`way ${keychain.available ? '' : 'off'}`}>
          <input
            type="radio"
            name="protection"
            disabled={!keychain.available}
            checked={protection === 'keychain'}
            onChange={() => setProtection('keychain')}
          />
          <span>
            <strong>This computer’s keychain</strong>
            <span className="soft">
              {keychain.available ? 'Unlocks by itself when you are signed in.' : `Not available here: ${keychain.why}.`}
            </span>
          </span>
        </label>
        <label className="way">
          <input
            type="radio"
            name="protection"
            checked={protection === 'passphrase'}
            onChange={() => setProtection('passphrase')}
          />
          <span>
            <strong>A passphrase</strong>
            <span className="soft">Asked for at every start. Works on any computer.</span>
          </span>
        </label>
      </fieldset>
      {protection === 'passphrase' ? (
        <NewPassphrase first={first} second={second} onFirst={setFirst} onSecond={setSecond} />
      ) : null}
      {failure === null ? null : <FailureNotice failure={failure} />}
      <div className="buttons">
        <button type="submit" className="button primary large" disabled={!ready || busy}>
          {busy ? 'Creating …' : 'Create the library'}
        </button>
      </div>
      <Where status={status} />
    </form>
  );
}

function Unlock({ status, onStatus }: DoorForm): React.JSX.Element {
  const api = useApi();
  const byKeychain = status.protection === 'keychain';
  const [passphrase, setPassphrase] = useState('');
  const [busy, setBusy] = useState(byKeychain);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const unlock = useCallback(
    (given: string | null) => {
      setBusy(true);
      setFailure(null);
      api
        .call('vault.unlock', given === null ? {} : { passphrase: given })
        .then(onStatus, (error: unknown) => setFailure(failureOf(error)))
        .finally(() => {
          setBusy(false);
          setPassphrase('');
        });
    },
    [api, onStatus],
  );
  const tried = useRef(false);
  useEffect(() => {
    if (!byKeychain || tried.current || !autoUnlock.allowed) return;
    tried.current = true;
    unlock(null);
  }, [byKeychain, unlock]);

  if (byKeychain) {
    return (
      <div>
        <Title icon="lock" text="The library is locked" />
        {failure === null ? (
          <p className="soft">
            {busy && autoUnlock.allowed
              ? 'Asking this computer’s keychain for the key …'
              : 'Its key is in this computer’s keychain.'}
          </p>
        ) : (
          <FailureNotice failure={failure} />
        )}
        {status.keychain.available ? null : (
          <Notice tone="caution">{`The keychain is not available: ${status.keychain.why}.`}</Notice>
        )}
        <div className="buttons">
          <Button look="primary" large icon="unlock" disabled={busy && autoUnlock.allowed} onClick={() => unlock(null)}>
            Unlock with the keychain
          </Button>
        </div>
        <Where status={status} />
      </div>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (passphrase !== '' && !busy) unlock(passphrase);
      }}
    >
      <Title icon="lock" text="The library is locked" />
      <PassphraseField label="Passphrase" value={passphrase} onValue={setPassphrase} autoFocus />
      {failure === null ? null : <FailureNotice failure={failure} />}
      <div className="buttons">
        <button type="submit" className="button primary large" disabled={passphrase === '' || busy}>
          {busy ? 'Unlocking …' : 'Unlock'}
        </button>
      </div>
      <Where status={status} />
    </form>
  );
}

/** The keychain is asked by itself at the start, but not after the user has locked the library. */
export const autoUnlock = { allowed: true };
