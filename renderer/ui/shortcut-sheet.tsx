// All shortcuts that work here and now, by group.

import { useActionList, type Action } from './actions.tsx';
import { Dialog } from './dialog.tsx';
import { keyNames } from './keys.ts';

export function Keys({ keys }: { readonly keys: string | undefined }): React.JSX.Element | null {
  if (keys === undefined) return null;
  return (
    <span className="keys">
      {keyNames(keys).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const actions = useActionList().filter(({ keys }) => keys !== undefined && keys.length > 0);
  const groups = Map.groupBy(actions, ({ group }: Action) => group);
  return (
    <Dialog title="Shortcuts" onClose={onClose} className="sheet">
      <div className="groups">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members.map(({ id, label, keys }) => (
                <div key={id}>
                  <dt>{label}</dt>
                  <dd>
                    {keys!.map((combination) => (
                      <Keys key={combination} keys={combination} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
