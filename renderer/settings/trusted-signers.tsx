// The signers whose bundles this library trusts, beside itself: fingerprints that somebody compared by another way.

import { useCallback, useState } from 'react';
import { isFingerprint, trustedSigners, TRUSTED_SIGNERS, withoutSigner, withSigner } from '../../shared/api/trusted-signers.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';

export function TrustedSigners(): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const { value, failure, again } = useAnswer(useCallback(() => api.call('settings.get', null), [api]));
  const [fingerprint, setFingerprint] = useState('');
  const [name, setName] = useState('');
  const signers = value === null ? [] : trustedSigners(value);
  const given = fingerprint.trim();
  const keep = (setting: string): void => {
    api.call('settings.set', { key: TRUSTED_SIGNERS, value: setting }).then(again, announcer.fail);
  };
  const add = (): void => {
    keep(withSigner(signers, { fingerprint: given, name }));
    setFingerprint('');
    setName('');
  };
  return (
    <section aria-labelledby="settings-signers">
      <h2 id="settings-signers">Trusted signers</h2>
      <p className="soft">Their bundles verify as trusted here. Compare a fingerprint by another way than the bundle itself.</p>
      {failure === null ? null : <FailureNotice failure={failure} again={again} />}
      {signers.length === 0 ? (
        <p className="faint">None beside this library itself.</p>
      ) : (
        <ul className="trusted-signers">
          {signers.map((signer) => (
            <li key={signer.fingerprint}>
              <span>
                {signer.name === '' ? null : <Recorded text={signer.name} />}
                <span className="mono hash">{signer.fingerprint}</span>
              </span>
              <IconButton
                icon="close"
                label={`Trust ${signer.name === '' ? signer.fingerprint : signer.name} no longer`}
                onClick={() => keep(withoutSigner(signers, signer.fingerprint))}
              />
            </li>
          ))}
        </ul>
      )}
      <Form ready={isFingerprint(given)} onSubmit={add}>
        <TextField
          label="Fingerprint"
          value={fingerprint}
          onValue={setFingerprint}
          placeholder="SHA256:…"
          wrong={given !== '' && !isFingerprint(given)}
        />
        <TextField label="Whose it is" value={name} onValue={setName} />
        <div className="buttons">
          <Button disabled={!isFingerprint(given)} onClick={add}>
            Trust this signer
          </Button>
        </div>
      </Form>
    </section>
  );
}
