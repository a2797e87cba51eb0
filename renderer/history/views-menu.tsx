// Views: questions that are asked often, by their names, and those that were saved here. The button names the view that is shown.

import { useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { RecordedLine, plainRecorded } from '../ui/recorded.tsx';
import { USUAL_VIEWS, sameView, savedViews, storedView, type View } from './view.ts';

export interface ViewsMenuProps {
  readonly view: View;
  /** Columns as they are shown now: a saved view keeps them. */
  readonly columns: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly onView: (view: View) => void;
  readonly onSetting: (key: string, value: string) => void;
  readonly buttonRef: React.Ref<HTMLButtonElement>;
}

export function ViewsMenu({ view, columns, settings, onView, onSetting, buttonRef }: ViewsMenuProps): React.JSX.Element {
  const saved = savedViews(settings);
  const current = [...saved, ...USUAL_VIEWS].find((one) => sameView(one.view, view));
  return (
    <Menu
      label="Views"
      icon="history"
      className="views-button"
      buttonRef={buttonRef}
      text={
        <>
          <span className="cut">{current === undefined ? 'Unsaved view' : plainRecorded(current.name)}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <div className="views">
          {USUAL_VIEWS.map((one) => (
            <ViewButton key={one.name} name={one.name} current={one === current} onChoose={() => (onView(one.view), close())} />
          ))}
          {saved.length === 0 ? null : <h2 className="small">Saved</h2>}
          {saved.map((one) => (
            <div key={one.key} className="saved">
              <ViewButton
                name={one.name}
                current={one.key === (current as { readonly key?: string } | undefined)?.key}
                onChoose={() => (onView(one.view), close())}
              />
              <IconButton
                icon="remove"
                label={`Remove the view ${plainRecorded(one.name)}`}
                onClick={() => onSetting(one.key, '')}
              />
            </div>
          ))}
          <SaveForm
            names={saved.map(({ name }) => name)}
            onSave={(name) => {
              const stored = storedView(name, { ...view, columns }, settings);
              if (stored === null) return false;
              onSetting(stored.key, stored.value);
              close();
              return true;
            }}
          />
        </div>
      )}
    </Menu>
  );
}

interface ViewButtonProps {
  readonly name: string;
  readonly current: boolean;
  readonly onChoose: () => void;
}

function ViewButton({ name, current, onChoose }: ViewButtonProps): React.JSX.Element {
  return (
    <button type="button" className="choice" aria-current={current ? 'true' : undefined} onClick={onChoose}>
      <RecordedLine text={name} />
      {current ? <Icon name="check" /> : null}
    </button>
  );
}

const MOST_NAME = 80;

interface SaveFormProps {
  readonly names: readonly string[];
  /** False: it is too large to be kept. */
  readonly onSave: (name: string) => boolean;
}

function SaveForm({ names, onSave }: SaveFormProps): React.JSX.Element {
  const [name, setName] = useState('');
  const [large, setLarge] = useState(false);
  const trimmed = name.trim();
  const again = names.includes(trimmed);
  return (
    <form
      className="save"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== '') setLarge(!onSave(trimmed));
      }}
    >
      <label className="label">
        Save this view as
        <span className="field">
          <input value={name} maxLength={MOST_NAME} autoComplete="off" onChange={(event) => setName(event.target.value)} />
        </span>
      </label>
      <Button look="primary" disabled={trimmed === ''} onClick={(event) => event.currentTarget.form?.requestSubmit()}>
        {again ? 'Replace' : 'Save'}
      </Button>
      {large ? <p className="wide bad">Too many values are chosen for a view to keep.</p> : null}
    </form>
  );
}
