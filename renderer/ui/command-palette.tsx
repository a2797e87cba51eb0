// Every action by name (Ctrl or Command with K): type some letters, arrows, Enter. A combobox by the ARIA pattern.

import { useId, useRef, useState } from 'react';
import { useActionList } from './actions.tsx';
import { Icon } from './icon.tsx';
import { Keys } from './shortcut-sheet.tsx';
import { fitting } from './palette.ts';
import { useModal } from './use-modal.ts';

export function CommandPalette({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const actions = useActionList();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useModal(dialog);
  const found = fitting(actions, typed);
  const chosen = Math.min(active, found.length - 1);
  const move = (to: number): void => {
    setActive(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const run = (index: number): void => {
    const action = found[index];
    if (action === undefined) return;
    onClose();
    // After the dialog has closed and given the focus back: the action may move it.
    setTimeout(() => action.run?.(), 0);
  };
  const press = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') move(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') move(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label="Command palette"
      onCancel={onClose}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="field">
        <Icon name="commands" />
        <input
          role="combobox"
          aria-label="Search commands"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length === 0 ? undefined : `${id}-${String(chosen)}`}
          aria-autocomplete="list"
          placeholder="What do you want to do?"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </div>
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label="Commands">
        {found.map((action, i) => (
          // The keyboard works through the combobox above.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={action.id}
            id={`${id}-${String(i)}`}
            role="option"
            aria-selected={i === chosen}
            onMouseMove={() => setActive(i)}
            onClick={() => run(i)}
          >
            <span className="cut">{action.label}</span>
            <span className="faint">{action.group}</span>
            <Keys keys={action.keys?.[0]} />
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="none">No command fits.</p> : null}
    </dialog>
  );
}
