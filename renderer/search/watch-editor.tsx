// Writes a watchlist: its name, whether it is a list of indicators or a saved search, and its text. What is wrong is told while it is written,
// each fault with its line and column; chosen, it marks its place in the text.

import { useEffect, useId, useRef, useState } from 'react';
import { BUILT_IN_LIST, watchName, type WatchDetail, type WatchFault } from '../../shared/api/watch-shapes.ts';
import { useApi } from '../api.ts';
import { useRequest } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/fields.tsx';
import { formatSome } from '../ui/format.ts';
import { FailureNotice } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { placeOfFault } from './watch-text.ts';

type Kind = 'indicators' | 'query';

export interface WatchEditorProps {
  /** The list that gets a new version, or what a new one begins with. */
  readonly from: { readonly name: string; readonly kind: Kind; readonly text: string; readonly isNew: boolean };
  /** Names that are in use. */
  readonly taken: readonly string[];
  readonly onSaved: (list: WatchDetail) => void;
  readonly onClose: () => void;
}

/** Milliseconds without a key after which the text is checked. */
const PAUSE = 200;

/** Faults that are shown. */
const SHOWN = 20;

const KINDS = [
  ['indicators', 'Indicators, one a line'],
  ['query', 'A saved search'],
] as const;

interface Checked {
  readonly of: string;
  readonly indicators: number;
  readonly faults: readonly WatchFault[];
}

export function WatchEditor({ from, taken, onSaved, onClose }: WatchEditorProps): React.JSX.Element {
  const api = useApi();
  const id = useId();
  const [name, setName] = useState(from.name);
  const [kind, setKind] = useState<Kind>(from.kind);
  const [text, setText] = useState(from.text);
  const [checked, setChecked] = useState<Checked>({ of: '', indicators: 0, faults: [] });
  const area = useRef<HTMLTextAreaElement>(null);
  const { busy, failure, ask } = useRequest(onSaved);
  const key = `${kind} ${text}`;

  useEffect(() => {
    if (text.trim() === '') return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.call('watch.check', { kind, text }).then(
        (answer) => {
          if (current) setChecked({ of: `${kind} ${text}`, ...answer });
        },
        () => {
          // Saving says what is wrong.
        },
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, kind, text]);

  const isTaken = from.isNew && taken.some((one) => one.toLowerCase() === name.trim().toLowerCase());
  const problem =
    name.trim() === '' || watchName.safeParse(name).success
      ? isTaken || name.trim().toLowerCase() === BUILT_IN_LIST
        ? 'There is a list of that name.'
        : ''
      : 'A name has at most 100 characters, all of them visible.';
  const faults = checked.of === key ? checked.faults : [];
  const ready = name.trim() !== '' && problem === '' && text.trim() !== '' && faults.length === 0 && !busy;
  const show = (fault: WatchFault): void => {
    const { start, end } = placeOfFault(text, fault);
    area.current?.focus();
    area.current?.setSelectionRange(start, end);
  };
  return (
    <Dialog
      title={from.isNew ? 'New watchlist' : `Watchlist ${from.name}`}
      className="watch-editor"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={!ready}
            onClick={() => ask(() => api.call('watch.save', { name: name.trim(), kind, text }))}
          >
            {from.isNew ? 'Add' : 'Save as a new version'}
          </Button>
        </>
      }
    >
      {from.isNew ? (
        <TextField
          label="Name"
          value={name}
          onValue={setName}
          wrong={problem !== ''}
          {...(problem === '' ? {} : { hint: problem })}
        />
      ) : null}
      <SelectField label="What it is" value={kind} onValue={(value) => setKind(value as Kind)} options={KINDS} />
      <div className="label">
        <label htmlFor={id}>{kind === 'query' ? 'Search' : 'Indicators'}</label>
        <textarea
          ref={area}
          id={id}
          className="field mono"
          rows={kind === 'query' ? 3 : 14}
          value={text}
          spellCheck={false}
          aria-invalid={faults.length > 0}
          aria-describedby={`${id}-state`}
          onChange={(event) => setText(event.target.value)}
        />
        {kind === 'indicators' ? (
          <span className="faint">
            A text, <code>/an expression/i</code>, <code>all of (a, b)</code>, <code>any of (…)</code> or <code>2 of (…)</code> in
            a line, with a <code>[name]</code> before it if it has one; lines with # are comments.
          </span>
        ) : null}
      </div>
      <div id={`${id}-state`} role="status" className="watch-state">
        {faults.length === 0 ? (
          <p className="faint">
            {checked.of === key && kind === 'indicators' ? formatSome(checked.indicators, 'indicator') : ''}
          </p>
        ) : (
          <ul className="faults bad">
            {faults.slice(0, SHOWN).map((fault) => (
              <li key={`${String(fault.line)} ${String(fault.column)} ${fault.why}`}>
                <button type="button" className="button quiet" onClick={() => show(fault)}>
                  {kind === 'query'
                    ? `Column ${String(fault.column)}`
                    : `Line ${String(fault.line)}, column ${String(fault.column)}`}
                </button>
                <Recorded text={` ${fault.why}; ${fault.todo}`} />
              </li>
            ))}
            {faults.length > SHOWN ? <li>{`and ${formatSome(faults.length - SHOWN, 'more', 'more')}`}</li> : null}
          </ul>
        )}
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
    </Dialog>
  );
}
