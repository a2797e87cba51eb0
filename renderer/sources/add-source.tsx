// Adds a source: rstream by its address and a token or from the configuration that rstream's own tools use, StackShift by a token, and by
// paths where the usual ones are not right. The core keeps the token where it keeps its other secrets; the page forgets it when the dialog closes.

import { useId, useState } from 'react';
import { sourceName, type Source } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { FailureNotice, Notice } from '../ui/notice.tsx';

/** Which system, and where address and token come from. */
type From = 'address' | 'rstream' | 'stackshift';

const STACKSHIFT = 'https://api.stackshift.cloud';

/** Paths as the user writes them, a line each: `sessions=/api/v1/terminal/sessions`. Null where a line is none. */
export function readPaths(text: string): Readonly<Record<string, string>> | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line) => /^([a-z_]+)\s*=\s*(\/\S*)$/.exec(line));
  return pairs.some((pair) => pair === null) ? null : Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]));
}

export interface AddSourceProps {
  readonly from: From;
  /** Names that are in use. */
  readonly taken: readonly string[];
  readonly onAdded: (source: Source) => void;
  readonly onClose: () => void;
}

/** What keeps a name from being used, in words; empty when nothing does. */
export function nameProblem(name: string, taken: readonly string[]): string {
  if (name === '') return '';
  if (!sourceName.safeParse(name).success)
    return 'A name has letters, digits, dot, underscore and hyphen, begins with a letter or digit, and has 64 at most.';
  return taken.includes(name) ? 'There is a source of that name.' : '';
}

export function AddSource({ from: first, taken, onAdded, onClose }: AddSourceProps): React.JSX.Element {
  const api = useApi();
  const [from, setFrom] = useState<From>(first);
  const [name, setName] = useState('');
  const [engine, setEngine] = useState('');
  const [apiUrl, setApiUrl] = useState('');
  const [token, setToken] = useState('');
  const [context, setContext] = useState('');
  const [address, setAddress] = useState(STACKSHIFT);
  const [paths, setPaths] = useState('');
  const { busy, failure, ask } = useRequest(onAdded);
  const problem = nameProblem(name, taken);
  const own = readPaths(paths);
  const reached: Readonly<Record<From, boolean>> = {
    address: engine.trim() !== '' && token.trim() !== '',
    rstream: true,
    stackshift: address.trim() !== '' && token.trim() !== '' && own !== null,
  };
  const ready = name !== '' && problem === '' && reached[from];
  const add = (): void => {
    if (!ready || busy) return;
    ask(() => {
      switch (from) {
        case 'rstream':
          return api.call('sources.addFromRstream', { name, ...(context.trim() === '' ? {} : { context: context.trim() }) });
        case 'address': {
          const plane = apiUrl.trim() === '' ? {} : { apiUrl: apiUrl.trim() };
          return api.call('sources.add', { name, kind: 'rstream', engine: engine.trim(), token: token.trim(), ...plane });
        }
        case 'stackshift': {
          const changed = own === null || Object.keys(own).length === 0 ? {} : { paths: own };
          return api.call('sources.add', { name, kind: 'stackshift', engine: address.trim(), token: token.trim(), ...changed });
        }
      }
    });
  };
  return (
    <Dialog
      title="Add a source"
      onClose={onClose}
      className="add-source"
      footer={
        <>
          <span className="note">
            {problem === '' && from === 'stackshift' && own === null ? 'A line of the paths is not name=path.' : problem}
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready || busy} onClick={add}>
            {busy ? 'Adding …' : 'Add the source'}
          </Button>
        </>
      }
    >
      <Form ready={ready && !busy} onSubmit={add}>
        <TextField
          label="Name"
          value={name}
          onValue={(value) => setName(value.trim())}
          hint="Yours to choose; sessions are listed under it."
          placeholder="production"
          wrong={problem !== ''}
        />
        <fieldset className="ways">
          <legend>System</legend>
          {(
            [
              ['address', 'rstream, by address and token'],
              ['rstream', 'rstream, from its own configuration'],
              ['stackshift', 'StackShift'],
            ] as const
          ).map(([value, label]) => (
            <label key={value} className="check">
              <input type="radio" name="from" checked={from === value} onChange={() => setFrom(value)} />
              {label}
            </label>
          ))}
        </fieldset>
        {from === 'address' ? (
          <>
            <TextField
              label="Engine address"
              value={engine}
              onValue={setEngine}
              placeholder="edge-7f3a.example.net:443"
              hint="host:port of the project’s engine; always encrypted, but for this machine itself."
            />
            <TokenField kind="rstream" value={token} onValue={setToken} />
            <details>
              <summary>Control plane</summary>
              <TextField
                label="Address of the control plane"
                value={apiUrl}
                onValue={setApiUrl}
                placeholder="https://rstream.io"
                hint="Where workspaces and devices are. Leave it empty for the usual one."
              />
            </details>
          </>
        ) : from === 'stackshift' ? (
          <>
            <TextField
              label="Address"
              value={address}
              onValue={setAddress}
              placeholder={STACKSHIFT}
              hint="Base address of StackShift’s interface; always encrypted, but for this machine itself."
            />
            <TokenField kind="stackshift" value={token} onValue={setToken} />
            <details>
              <summary>Paths of its interface</summary>
              <TextArea
                label="Paths that differ"
                value={paths}
                onValue={setPaths}
                placeholder="sessions=/api/v1/terminal/sessions"
                hint="The paths of StackShift’s terminal interface are not public. Where a usual one is wrong, write name=path, a line each; testing the source shows all of them."
                wrong={own === null}
                mono
              />
            </details>
          </>
        ) : (
          <>
            <TextField
              label="Context"
              value={context}
              onValue={setContext}
              placeholder="the default one"
              hint="Name of a context in ~/.rstream/config.yaml."
            />
            <Notice tone="plain">
              <p>Address and token are read once and kept by Exhibit. A later change of that file changes nothing here.</p>
            </Notice>
          </>
        )}
      </Form>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}

/** The right without which a token is of little use. */
const NEEDED: Readonly<Record<Source['kind'], string>> = {
  rstream: 'It must have webtty.logs.read-only to read recordings.',
  stackshift: 'It begins with sspat_, and needs terminal.view_history, and terminal.view_recording to read recordings.',
};

export function TokenField({
  kind,
  value,
  onValue,
}: {
  readonly kind: Source['kind'];
  readonly value: string;
  readonly onValue: (value: string) => void;
}): React.JSX.Element {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="label">
      <label htmlFor={id}>Token</label>
      <span className="field">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          autoComplete="off"
          spellCheck={false}
          maxLength={20_000}
          aria-describedby={`${id}-hint`}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
        <IconButton
          icon={shown ? 'hidden' : 'visible'}
          label={shown ? 'Hide the token' : 'Show the token'}
          onClick={() => setShown(!shown)}
        />
      </span>
      <span id={`${id}-hint`} className="faint">
        {`${NEEDED[kind]} It stays on this machine, guarded like the library’s key.`}
      </span>
    </div>
  );
}
