// Which workspace a device is enrolled with: chosen from those that the control plane lists, or given by its id where the list cannot be
// had.

import { useCallback } from 'react';
import type { Workspace } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer, type FailureText } from '../ui/answer.ts';
import { TextField } from '../ui/fields.tsx';
import { Recorded, plainRecorded } from '../ui/recorded.tsx';

export type Workspaces =
  | { readonly kind: 'awaited' }
  | { readonly kind: 'listed'; readonly list: readonly Workspace[] }
  | { readonly kind: 'failed'; readonly failure: FailureText };

/** The workspaces of a source; of none, while its name is empty. */
export function useWorkspaces(source: string): Workspaces {
  const api = useApi();
  const { value, failure, waiting } = useAnswer(
    useCallback(async () => {
      const list = source === '' ? [] : await api.call('sources.workspaces', { name: source });
      return { source, list };
    }, [api, source]),
  );
  // What became of another source's question stays until this one's answer is there.
  if (value?.source === source) return { kind: 'listed', list: value.list };
  return failure === null || waiting ? { kind: 'awaited' } : { kind: 'failed', failure };
}

/** What a workspace is called in a list: its name, its kind, and the id that tells it from others. */
export function workspaceText({ id, name, type }: Workspace): string {
  const more = [type, name === null || name === id ? null : id].filter((part) => part !== null && part !== '');
  return plainRecorded(`${name ?? id}${more.length === 0 ? '' : ` (${more.join(', ')})`}`);
}

export interface WorkspaceFieldProps {
  readonly workspaces: Workspaces;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

export function WorkspaceField({ workspaces, value, onValue }: WorkspaceFieldProps): React.JSX.Element {
  if (workspaces.kind === 'listed' && workspaces.list.length > 0) {
    const { list } = workspaces;
    return (
      <label className="label">
        Workspace
        <select className="field" value={value} onChange={(event) => onValue(event.target.value)}>
          {list.length === 1 ? null : <option value="">Choose one …</option>}
          {list.map((one) => (
            <option key={one.id} value={list.length === 1 ? '' : one.id}>
              {workspaceText(one)}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (workspaces.kind === 'awaited') {
    return (
      <label className="label">
        Workspace
        <select className="field" disabled>
          <option>Asking for the list …</option>
        </select>
      </label>
    );
  }
  return (
    <>
      <TextField label="Workspace" value={value} onValue={onValue} placeholder="ID of the workspace" />
      <p className="faint">
        {workspaces.kind === 'listed' ? (
          'The control plane lists no workspace that the token belongs to.'
        ) : (
          <>
            {'The workspaces could not be listed: '}
            <Recorded text={workspaces.failure.why} />.
          </>
        )}
      </p>
    </>
  );
}
