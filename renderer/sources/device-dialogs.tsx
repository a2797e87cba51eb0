// Making a key, enrolling this device, handing out its public keys.

import { useCallback, useState } from 'react';
import type { DeviceKey } from '../../shared/api/source-shapes.ts';
import { saveExport, useApi } from '../api.ts';
import { failureOf, useAnswer, useRequest, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { SUITES } from './device-text.ts';
import { WorkspaceField, useWorkspaces } from './workspace-field.tsx';

type Suite = NonNullable<DeviceKey['suite']>;

export interface CreateKeyProps {
  readonly onDone: (key: DeviceKey) => void;
  readonly onClose: () => void;
}

export function CreateKey({ onDone, onClose }: CreateKeyProps): React.JSX.Element {
  const api = useApi();
  const [label, setLabel] = useState('');
  const [suite, setSuite] = useState<Suite>('x25519');
  const { busy, failure, ask } = useRequest(onDone);
  const create = (): void =>
    ask(() => api.call('device.create', { suite, ...(label.trim() === '' ? {} : { label: label.trim() }) }));
  return (
    <Dialog
      title="Create a key"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={busy} onClick={create}>
            {busy ? 'Creating …' : 'Create'}
          </Button>
        </>
      }
    >
      <Form ready={!busy} onSubmit={create}>
        <TextField
          label="Label"
          value={label}
          onValue={setLabel}
          placeholder="the name of this machine"
          hint="How the workspace’s administrator sees this device."
        />
        <fieldset className="ways">
          <legend>Suite</legend>
          {(Object.keys(SUITES) as Suite[]).map((one) => (
            <label key={one} className="check">
              <input type="radio" name="suite" checked={suite === one} onChange={() => setSuite(one)} />
              {SUITES[one]}
            </label>
          ))}
        </fieldset>
        <p className="faint">The private key is made here, stays on this machine, and is guarded like the library’s key.</p>
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

export interface EnrolProps extends CreateKeyProps {
  /** Keys that were made and are not enrolled. */
  readonly keys: readonly DeviceKey[];
  /** The one that is meant; null: a new one. */
  readonly first: string | null;
  readonly onSources: () => void;
}

export function Enrol({ keys, first, onDone, onClose, onSources }: EnrolProps): React.JSX.Element {
  const api = useApi();
  const sources = useAnswer(useCallback(() => api.call('sources.list', null), [api]));
  const [source, setSource] = useState('');
  const [workspace, setWorkspace] = useState('');
  const [key, setKey] = useState(first ?? keys[0]?.id ?? '');
  const { busy, failure, ask } = useRequest(onDone);
  const names = (sources.value ?? []).map(({ name }) => name);
  const chosen = source === '' ? (names[0] ?? '') : source;
  const workspaces = useWorkspaces(chosen);
  const mustChoose = workspaces.kind === 'listed' ? workspaces.list.length > 1 : workspaces.kind === 'failed';
  const ready = chosen !== '' && workspaces.kind !== 'awaited' && !(mustChoose && workspace.trim() === '');
  const enrol = (): void =>
    ask(() =>
      api.call('device.enroll', {
        source: chosen,
        ...(workspace.trim() === '' ? {} : { workspace: workspace.trim() }),
        ...(key === '' ? {} : { id: key }),
      }),
    );
  const none = sources.value !== null && names.length === 0;
  return (
    <Dialog
      title="Enrol this device"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {none ? (
            <Button
              look="primary"
              icon="sources"
              onClick={() => {
                onClose();
                onSources();
              }}
            >
              Go to the sources
            </Button>
          ) : (
            <Button look="primary" icon="device" disabled={busy || !ready} onClick={enrol}>
              {busy ? 'Enrolling …' : 'Enrol'}
            </Button>
          )}
        </>
      }
    >
      {sources.failure !== null ? (
        <FailureNotice failure={sources.failure} again={sources.again} />
      ) : none ? (
        <Notice tone="plain">
          A device is enrolled with the workspace of a source, and there is no source yet. Add one first.
        </Notice>
      ) : (
        <Form ready={ready && !busy} onSubmit={enrol}>
          <p>
            The public keys of this device are registered with the workspace. Then somebody compares a code in a browser that is
            trusted already, and approves.
          </p>
          <label className="label">
            Source
            <select
              className="field"
              value={chosen}
              onChange={(event) => {
                setSource(event.target.value);
                setWorkspace('');
              }}
            >
              {names.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <WorkspaceField workspaces={workspaces} value={workspace} onValue={setWorkspace} />
          {keys.length === 0 ? null : (
            <label className="label">
              Key
              <select className="field" value={key} onChange={(event) => setKey(event.target.value)}>
                {keys.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.label === '' ? one.id : one.label}
                  </option>
                ))}
                <option value="">A new key</option>
              </select>
            </label>
          )}
        </Form>
      )}
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

export function PublicExport({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }): React.JSX.Element {
  const api = useApi();
  const ask = useCallback(() => api.call('device.exportPublic', id === null ? {} : { id }), [api, id]);
  const { value, failure, slow, again } = useAnswer(ask);
  const [unsaved, setUnsaved] = useState<FailureText | null>(null);
  // Asked for again, because a ticket is good for one download.
  const save = (): void => {
    ask().then(
      ({ ticket, fileName }) => {
        saveExport(ticket, fileName);
        setUnsaved(null);
      },
      (error: unknown) => setUnsaved(failureOf(error)),
    );
  };
  return (
    <Dialog
      title={id === null ? 'Public keys of this device' : 'Public key'}
      onClose={onClose}
      className="public-export"
      footer={
        <>
          <span className="note">No private key is in it.</span>
          {value === null ? null : (
            <>
              <CopyButton label="Copy" what="the public keys" text={value.text} />
              <Button icon="export" onClick={save}>
                Save …
              </Button>
            </>
          )}
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <p className="soft">For the administrator of the workspace, or for whoever makes sessions for this key.</p>
      {failure !== null ? (
        <FailureNotice failure={failure} again={again} />
      ) : value === null ? (
        slow ? (
          <Skeleton lines={6} />
        ) : null
      ) : (
        // It scrolls: the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="text" tabIndex={0} role="region" aria-label="Public keys">
          {value.text}
        </pre>
      )}
      {unsaved === null ? null : <FailureNotice failure={unsaved} />}
    </Dialog>
  );
}
