// The keys of this device: which there are, how they stand, and what is done with them. Private keys never pass through the page: key files
// are imported on the command line.

import { useEffect, useState } from 'react';
import type { DeviceKey, DeviceList } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { Command, CopyButton } from '../ui/copy.tsx';
import { Icon } from '../ui/icon.tsx';
import { IMPORT_COMMAND } from '../ui/lock.tsx';
import { Empty, FailureNotice, Skeleton, sentence } from '../ui/notice.tsx';
import { Picker } from '../ui/picker.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { DeviceDetail } from './device-detail.tsx';
import { KINDS, keySign, sortedKeys } from './device-text.ts';
import { CreateKey, Enrol, PublicExport } from './device-dialogs.tsx';
import { SignBadge } from './sign.tsx';
import { useDevices } from './use-sources.ts';

export interface DevicesProps {
  /** Counts up when somebody wants this device to be enrolled. */
  readonly enrol: number;
  readonly onSources: () => void;
}

type Asked =
  | { readonly kind: 'create' }
  | { readonly kind: 'enrol'; readonly key: string | null }
  | { readonly kind: 'export'; readonly key: string | null };

export function Devices({ enrol, onSources }: DevicesProps): React.JSX.Element {
  const api = useApi();
  const { value, failure, slow, again } = useDevices(api);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [answered, setAnswered] = useState(0);
  useEffect(() => {
    if (enrol === answered) return;
    setAnswered(enrol);
    setAsked({ kind: 'enrol', key: null });
  }, [enrol, answered]);

  useActions([
    {
      id: 'device.enrol',
      group: 'This device',
      label: 'Enrol this device …',
      keys: ['n'],
      run: () => setAsked({ kind: 'enrol', key: null }),
    },
    { id: 'device.create', group: 'This device', label: 'Create a key …', run: () => setAsked({ kind: 'create' }) },
    {
      id: 'device.export',
      group: 'This device',
      label: 'Export the public keys …',
      run: () => setAsked({ kind: 'export', key: null }),
    },
  ]);

  const done = (key: DeviceKey): void => {
    setAsked(null);
    setChosen(key.id);
    again();
  };
  const keys = sortedKeys(value?.keys ?? []);
  const key = keys.find(({ id }) => id === chosen) ?? keys[0];
  const close = (): void => setAsked(null);
  const dialog =
    asked === null ? null : asked.kind === 'create' ? (
      <CreateKey onDone={done} onClose={close} />
    ) : asked.kind === 'enrol' ? (
      <Enrol
        keys={keys.filter(({ kind, status, place }) => kind === 'workspace-device' && place === 'keychain' && status === 'new')}
        first={asked.key}
        onDone={done}
        onClose={close}
        onSources={onSources}
      />
    ) : (
      <PublicExport id={asked.key} onClose={close} />
    );

  if (value === null) {
    return (
      <div className="part-wait">
        {failure !== null ? <FailureNotice failure={failure} again={again} /> : slow ? <Skeleton lines={8} /> : null}
        {dialog}
      </div>
    );
  }
  return (
    <div className="master">
      <div className="list">
        <div className="bar">
          <Button
            look="primary"
            icon="device"
            title="Enrol this device (N)"
            onClick={() => setAsked({ kind: 'enrol', key: null })}
          >
            Enrol …
          </Button>
          <Button icon="plus" onClick={() => setAsked({ kind: 'create' })}>
            Create a key …
          </Button>
        </div>
        {failure === null ? null : <FailureNotice failure={failure} again={again} />}
        {keys.length === 0 ? (
          <p className="soft none">No key on this device opens recordings yet.</p>
        ) : (
          <Picker
            label="Keys of this device"
            items={keys}
            keyOf={({ id }) => id}
            chosen={key?.id ?? ''}
            onChoose={setChosen}
            row={(one) => <KeyRow one={one} />}
          />
        )}
        <Foot list={value} onExport={() => setAsked({ kind: 'export', key: null })} />
      </div>
      {key === undefined ? (
        <NoKey onEnrol={() => setAsked({ kind: 'enrol', key: null })} />
      ) : (
        <DeviceDetail
          key={key.id}
          device={key}
          onChanged={again}
          onEnrol={() => setAsked({ kind: 'enrol', key: key.id })}
          onExport={() => setAsked({ kind: 'export', key: key.id })}
        />
      )}
      {dialog}
    </div>
  );
}

function KeyRow({ one }: { readonly one: DeviceKey }): React.JSX.Element {
  return (
    <>
      <strong className="cut">
        <Recorded text={one.label === '' ? (one.keyId ?? one.id) : one.label} />
      </strong>
      <SignBadge sign={keySign(one)} />
      <span className="faint cut">{KINDS[one.kind]}</span>
      <span className="faint">{one.suite === null ? '' : one.suite === 'p256' ? 'P-256' : 'X25519'}</span>
    </>
  );
}

/** What belongs to the device and to no key of the list. */
function Foot({ list, onExport }: { readonly list: DeviceList; readonly onExport: () => void }): React.JSX.Element {
  return (
    <div className="foot">
      {list.faults.length === 0 ? null : (
        <section aria-label="Files that could not be used">
          <h2 className="small">Not usable</h2>
          <ul className="faults">
            {list.faults.map((fault, i) => (
              <li key={i}>
                <Icon name="warning" />
                <div>
                  <p>
                    <Recorded text={`${fault.what}: ${fault.why}`} />
                  </p>
                  {fault.todo === '' ? null : <p className="soft">{sentence(fault.todo)}</p>}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Import of key files">
        <h2 className="small">Key files</h2>
        <p className="soft">Private keys never pass through this window. Import a file of rstream with:</p>
        <Command text={IMPORT_COMMAND} />
      </section>
      <section aria-label="Signing key">
        <h2 className="small">Signs evidence as</h2>
        <p className="fingerprint">
          <span className="mono">{list.signingFingerprint}</span>
          <CopyButton text={list.signingFingerprint} what="the signing fingerprint" />
        </p>
      </section>
      <Button icon="export" onClick={onExport}>
        Public keys …
      </Button>
    </div>
  );
}

function NoKey({ onEnrol }: { readonly onEnrol: () => void }): React.JSX.Element {
  return (
    <div className="detail empty-detail">
      <Empty
        icon="device"
        title="This device has no keys"
        actions={
          <Button look="primary" large icon="device" onClick={onEnrol}>
            Enrol this device …
          </Button>
        }
      >
        <p>
          Encrypted sessions open with a key of this device. Enrol it with the workspace: somebody there compares a code and
          approves, and sessions that are granted to this device open here.
        </p>
        <p className="faint">Keys that rstream’s own tools made on this machine are found by themselves.</p>
      </Empty>
    </div>
  );
}
