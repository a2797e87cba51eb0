// Changes what guards the library's key.

import { useState } from 'react';
import type { VaultStatus } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { NewPassphrase, PassphraseField } from './passphrase.tsx';

export function ProtectionDialog({
  status,
  onClose,
}: {
  readonly status: VaultStatus;
  readonly onClose: () => void;
}): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const [protection, setProtection] = useState(status.protection ?? 'passphrase');
  const [current, setCurrent] = useState('');
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const { busy, failure, ask } = useRequest(() => {
    announcer.toast({ tone: 'good', text: 'The protection of the library was changed.' });
    onClose();
  });
  const needsCurrent = status.protection === 'passphrase';
  const changes = protection === 'passphrase' ? first !== '' && first === second : status.protection !== 'keychain';
  const ready = changes && (!needsCurrent || current !== '');
  const change = (): void =>
    ask(() =>
      api.call('vault.change', {
        protection,
        ...(protection === 'passphrase' ? { passphrase: first } : {}),
        ...(needsCurrent ? { current } : {}),
      }),
    );
  return (
    <Dialog
      title="Change the protection"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready || busy} onClick={change}>
            {busy ? 'Changing …' : 'Change'}
          </Button>
        </>
      }
    >
      <div className="protection">
        <fieldset>
          <legend>Key guarded by</legend>
          <label className="check">
            <input
              type="radio"
              name="guard"
              disabled={!status.keychain.available}
              checked={protection === 'keychain'}
              onChange={() => setProtection('keychain')}
            />
            {status.keychain.available
              ? 'This computer’s keychain'
              : `This computer’s keychain (not available: ${status.keychain.why})`}
          </label>
          <label className="check">
            <input type="radio" name="guard" checked={protection === 'passphrase'} onChange={() => setProtection('passphrase')} />
            A passphrase
          </label>
        </fieldset>
        {needsCurrent ? <PassphraseField label="Current passphrase" value={current} onValue={setCurrent} /> : null}
        {protection === 'passphrase' ? (
          <NewPassphrase first={first} second={second} onFirst={setFirst} onSecond={setSecond} />
        ) : null}
        {failure === null ? null : <FailureNotice failure={failure} />}
      </div>
    </Dialog>
  );
}
