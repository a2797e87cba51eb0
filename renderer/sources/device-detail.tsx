// One key of this device. Where a device waits for approval, its code comes first, and how it stands is asked until somebody has decided;
// the window may be left meanwhile: all of it is read from the key itself.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Facts } from '../ui/evidence.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { Instant } from '../ui/zone.tsx';
import { KINDS, KIND_NOTES, PLACES, SUITES, codeGroups, isWaiting, keySign, spokenCode } from './device-text.ts';
import { SignText } from './sign.tsx';

export interface DeviceDetailProps {
  readonly device: DeviceKey;
  readonly onChanged: () => void;
  readonly onEnrol: () => void;
  readonly onExport: () => void;
}

/** Between two questions about a device that waits, in milliseconds. */
const POLL = 5000;

interface Status {
  readonly asking: boolean;
  readonly askedAt: string | null;
  readonly failure: FailureText | null;
  readonly ask: () => void;
}

/** Asks how a device stands: by hand, and by itself while it waits. A failure ends the asking until somebody asks again. */
function useStatus(device: DeviceKey, onChanged: () => void): Status {
  const api = useApi();
  const announcer = useAnnouncer();
  const [asking, setAsking] = useState(false);
  const [askedAt, setAskedAt] = useState<string | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const latest = useRef(device);
  latest.current = device;
  const { id } = device;
  const ask = useCallback(() => {
    setAsking(true);
    api
      .call('device.status', { id })
      .then(
        (keys) => {
          setFailure(null);
          setAskedAt(new Date().toISOString());
          const now = keys.find((key) => key.id === id);
          const { status, trusted } = latest.current;
          if (now === undefined || (now.status === status && now.trusted === trusted)) return;
          announcer.say(keySign(now).word);
          onChanged();
        },
        (error: unknown) => setFailure(failureOf(error)),
      )
      .finally(() => setAsking(false));
  }, [api, id, announcer, onChanged]);
  const waits = isWaiting(device) && failure === null;
  useEffect(() => {
    if (!waits) return;
    ask();
    const timer = setInterval(ask, POLL);
    return () => clearInterval(timer);
  }, [waits, ask]);
  return { asking, askedAt, failure, ask };
}

export function DeviceDetail({ device, onChanged, onEnrol, onExport }: DeviceDetailProps): React.JSX.Element {
  const api = useApi();
  const [removing, setRemoving] = useState(false);
  const status = useStatus(device, onChanged);
  const own = device.place === 'keychain';
  const enrolled = device.kind === 'workspace-device' && device.status !== 'new' && device.status !== null;
  const name = device.label === '' ? (device.keyId ?? device.id) : device.label;
  return (
    // It scrolls: the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="detail" tabIndex={0} role="region" aria-label={`Key ${name}`}>
      <header>
        <h2>
          <Recorded text={name} />
        </h2>
        <div className="buttons">
          {device.kind === 'workspace-device' && device.status === 'new' ? (
            <Button look="primary" icon="device" onClick={onEnrol}>
              Enrol …
            </Button>
          ) : null}
          {enrolled ? (
            <Button icon="refresh" disabled={status.asking} onClick={status.ask}>
              Refresh the status
            </Button>
          ) : null}
          <Button icon="export" onClick={onExport}>
            Public key …
          </Button>
          {own ? (
            <Button icon="remove" onClick={() => setRemoving(true)}>
              Remove …
            </Button>
          ) : null}
        </div>
      </header>
      {status.failure === null ? null : <FailureNotice failure={status.failure} again={status.ask} />}
      <Standing device={device} status={status} />
      <section aria-labelledby="device-about">
        <h3 id="device-about">About this key</h3>
        <About device={device} />
        <p className="soft">{KIND_NOTES[device.kind]}</p>
      </section>
      {removing ? (
        <Confirm
          title="Remove the key"
          act="Remove the key"
          onClose={() => setRemoving(false)}
          onAct={async () => {
            await api.call('device.remove', { id: device.id });
            onChanged();
          }}
        >
          <p>
            {'The private key of '}
            <strong>
              <Recorded text={name} />
            </strong>
            {' is deleted. It cannot be brought back.'}
          </p>
          <p className="soft">
            Sessions that only this key opens become locked here; what was acquired stays.
            {enrolled ? ' The workspace still lists the device: have it revoked there.' : ''}
          </p>
        </Confirm>
      ) : null}
    </div>
  );
}

function Standing({ device, status }: { readonly device: DeviceKey; readonly status: Status }): React.JSX.Element | null {
  if (device.kind !== 'workspace-device') return null;
  switch (device.status) {
    case 'pending':
      return <Pending device={device} status={status} />;
    case 'active':
      return device.trusted === true ? (
        <Notice tone="good">
          <p>
            <strong>The workspace trusts this device.</strong> Sessions that are granted to it open here.
          </p>
          <p className="soft">
            Trust is no grant: a session opens on the browsers and devices that opened or joined it, and those it was granted to.
          </p>
        </Notice>
      ) : (
        <Notice tone="caution">
          <p>
            <strong>Approved, but not trusted yet.</strong> The workspace has not given this device its envelope. That happens in
            a trusted browser; until then no session is granted to it.
          </p>
          <Checked status={status} />
        </Notice>
      );
    case 'lost':
    case 'revoked':
      return (
        <Notice tone="bad">
          <p>
            <strong>{device.status === 'lost' ? 'This device was reported lost.' : 'This device was revoked.'}</strong> The
            workspace grants it nothing any more. Enrol a new key to be trusted again, and remove this one.
          </p>
        </Notice>
      );
    case 'new':
    case null:
      return (
        <Notice tone="plain">
          <p>This key was made and is not enrolled: no workspace knows of it, and no session is granted to it.</p>
        </Notice>
      );
  }
}

function Checked({ status }: { readonly status: Status }): React.JSX.Element {
  return (
    <p className="faint checked">
      {status.failure !== null ? (
        'Not asking any more: see above.'
      ) : status.askedAt === null ? (
        'Asking how it stands …'
      ) : (
        <>
          {'Asked last at '}
          <Instant at={status.askedAt} />, and every 5 seconds while this is shown. It may be left: the code stays here.
        </>
      )}
    </p>
  );
}

function Pending({ device, status }: { readonly device: DeviceKey; readonly status: Status }): React.JSX.Element {
  const code = device.verificationCode;
  return (
    <section className="enrolment" aria-labelledby="device-enrolment">
      <h3 id="device-enrolment">Waits for approval</h3>
      {code === null ? (
        <Notice tone="caution">The verification code is not known on this machine. Enrol again to get one.</Notice>
      ) : (
        <div className="code">
          <p className="faint">Verification code</p>
          <p className="groups">
            <span className="unseen">{spokenCode(code)}</span>
            {codeGroups(code).map((group, i) => (
              <span key={i} aria-hidden="true">
                {group}
              </span>
            ))}
          </p>
          {device.fingerprint === null ? null : (
            <p className="fingerprint">
              <span className="faint">Fingerprint</span>
              <span className="mono">{device.fingerprint}</span>
            </p>
          )}
          <CopyButton
            label="Copy as a message"
            what="the message"
            text={`Please approve the device “${device.label}” in the workspace ${device.workspaceId ?? ''}.\nVerification code: ${code}\nFingerprint: ${device.fingerprint ?? ''}\nApprove it only if both are the same in your trusted browser.`}
          />
        </div>
      )}
      <Steps device={device} />
      <Checked status={status} />
    </section>
  );
}

/** The steps of an enrolment, for whoever approves it. */
function Steps({ device }: { readonly device: DeviceKey }): React.JSX.Element {
  return (
    <Notice tone="plain">
      <p>
        <strong>Tell the administrator of the workspace:</strong>
      </p>
      <ol className="steps">
        <li>Open the workspace’s devices in a browser that it trusts already.</li>
        <li>
          {'Find the device '}
          <q>
            <Recorded text={device.label} />
          </q>
          , and compare its code with the one above, all twelve characters.
        </li>
        <li>Approve it only if they are the same. If they differ, refuse it: somebody else asks.</li>
      </ol>
    </Notice>
  );
}

function About({ device }: { readonly device: DeviceKey }): React.JSX.Element {
  const mono = (text: string | null, what?: string): React.ReactNode =>
    text === null ? null : (
      <span className="fingerprint">
        <span className="mono">
          <Recorded text={text} />
        </span>
        {what === undefined ? null : <CopyButton text={text} what={what} />}
      </span>
    );
  return (
    <Facts
      facts={[
        ['Kind', KINDS[device.kind]],
        ['Status', <SignText key="status" sign={keySign(device)} />],
        ['Place', PLACES[device.place]],
        ['Suite', device.suite === null ? 'no terminal key' : SUITES[device.suite]],
        ['Workspace', mono(device.workspaceId)],
        ['Device key ID', mono(device.deviceKeyId)],
        ['Key ID', mono(device.keyId)],
        ['Fingerprint', mono(device.fingerprint, 'the fingerprint')],
        ['Created', device.createdAt === null ? null : <Instant key="created" at={device.createdAt} />],
      ]}
    />
  );
}
