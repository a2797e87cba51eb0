// A synchronisation with options: which source, whether live sessions are followed, whether what is here is read again, which sessions.

import { useId, useState } from 'react';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/fields.tsx';
import { FailureNotice } from '../ui/notice.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { useZone } from '../ui/zone.tsx';
import { choiceProblem, syncRequest, type SyncChoice } from './sync-text.ts';

export interface SyncOptionsProps {
  readonly first: SyncChoice;
  readonly sources: readonly string[];
  readonly onClose: () => void;
}

const STATUSES = ['opening', 'active', 'closing', 'closed', 'errored'];
const ORIGINS = ['human', 'codex', 'api', 'automation', 'ci', 'scheduled-job'];

export function SyncOptions({ first, sources, onClose }: SyncOptionsProps): React.JSX.Element {
  const api = useApi();
  const zone = useZone();
  const announcer = useAnnouncer();
  const [choice, setChoice] = useState(first);
  const { busy, failure, ask } = useRequest(() => {
    announcer.say('The synchronisation has begun');
    onClose();
  });
  const problem = choiceProblem(choice);
  const set = (change: Partial<SyncChoice>): void => setChoice({ ...choice, ...change });
  const start = (): void => ask(() => api.call('sync.start', syncRequest(choice, zone)));
  return (
    <Dialog
      title="Synchronise"
      onClose={onClose}
      className="sync-options"
      footer={
        <>
          <span className="note">{problem}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon="sync" disabled={busy || problem !== ''} onClick={start}>
            {busy ? 'Beginning …' : 'Synchronise'}
          </Button>
        </>
      }
    >
      <div className="form">
        <label className="label">
          Source
          <select
            className="field"
            value={choice.source ?? ''}
            onChange={(event) => set({ source: event.target.value === '' ? null : event.target.value })}
          >
            {sources.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            <option value="">Every source</option>
          </select>
        </label>
        <Check
          label="Follow live sessions until they end"
          note="Without it, rstream’s are read as far as they are now and StackShift’s are left; the next run goes on from there."
          checked={choice.follow}
          onChecked={(follow) => set({ follow })}
        />
        <Check
          label="Check again what is in the library"
          note="Every page is read once more and compared, record by record. What differs is a discrepancy; nothing kept is changed."
          checked={choice.recheck}
          onChecked={(recheck) => set({ recheck })}
        />
        <details open={Object.keys(syncRequest(choice, zone).filter ?? {}).length > 0}>
          <summary>Only some sessions</summary>
          <div className="filters">
            <DayField
              label={`Started from (${zone === 'utc' ? 'UTC' : 'local'})`}
              value={choice.from}
              onValue={(from) => set({ from })}
            />
            <DayField
              label={`Started to (${zone === 'utc' ? 'UTC' : 'local'})`}
              value={choice.to}
              onValue={(to) => set({ to })}
            />
            <Chosen label="Status" options={STATUSES} value={choice.status} onValue={(status) => set({ status })} />
            <Chosen label="Origin" options={ORIGINS} value={choice.origin} onValue={(origin) => set({ origin })} />
            <TextField label="Server’s ID" value={choice.serverId} onValue={(serverId) => set({ serverId })} />
            <TextField label="User’s ID" value={choice.userId} onValue={(userId) => set({ userId })} />
            <TextField label="Session group’s ID" value={choice.groupId} onValue={(groupId) => set({ groupId })} />
            <TextField
              label="Most sessions"
              placeholder="all"
              value={choice.limit}
              onValue={(limit) => set({ limit: limit.trim() })}
            />
          </div>
        </details>
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

interface CheckProps {
  readonly label: string;
  readonly note: string;
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
}

function Check({ label, note, checked, onChecked }: CheckProps): React.JSX.Element {
  return (
    <label className="option wide">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.target.checked)} />
      <span>
        <span className="name">{label}</span>
        <span className="faint">{note}</span>
      </span>
    </label>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function DayField({ label, value, onValue }: FieldProps): React.JSX.Element {
  return (
    <label className="label">
      {label}
      <span className="field">
        <input type="date" value={value} onChange={(event) => onValue(event.target.value)} />
      </span>
    </label>
  );
}

/** Values that the source defines; another one can be typed. */
function Chosen({ label, options, value, onValue }: FieldProps & { readonly options: readonly string[] }): React.JSX.Element {
  const id = useId();
  return (
    <label className="label">
      {label}
      <span className="field">
        <input list={id} value={value} autoComplete="off" spellCheck={false} onChange={(event) => onValue(event.target.value)} />
      </span>
      <datalist id={id}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </label>
  );
}
