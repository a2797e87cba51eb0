// What the user can do, as a list that the command palette, the shortcut sheet and the keyboard share. Each part of the window
// registers its own actions while it is shown; the one registered last wins a shortcut.

import { createContext, use, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { focusContent } from './focus.ts';
import { isMac, isTyped, matches } from './keys.ts';

export interface Action {
  readonly id: string;
  readonly label: string;
  /** Heading under which it is listed. */
  readonly group: string;
  readonly keys?: readonly string[];
  /** False: listed in the shortcut sheet, but not done now. */
  readonly enabled?: boolean;
  /** False: what the keys do is already clear from the place (moving in a list); left out of the palette. */
  readonly inPalette?: boolean;
  /** Null: the part handles the keys itself; listed only. */
  readonly run: (() => void) | null;
}

export interface ActionRegistry {
  register(actions: readonly Action[]): () => void;
  /** All registered actions, in order of registration. The same array until something changes. */
  list(): readonly Action[];
  subscribe(listener: () => void): () => void;
}

export function createActionRegistry(): ActionRegistry {
  const sets = new Set<readonly Action[]>();
  const listeners = new Set<() => void>();
  let all: readonly Action[] = [];
  const changed = (): void => {
    all = [...sets].flat();
    for (const listener of listeners) listener();
  };
  return {
    register: (actions) => {
      sets.add(actions);
      changed();
      return () => {
        sets.delete(actions);
        changed();
      };
    },
    list: () => all,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const Registry = createContext<ActionRegistry>(createActionRegistry());

/** Where typing means text. */
const takesText = (element: Element | null): boolean =>
  element instanceof HTMLElement &&
  (element.isContentEditable ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(element.type)));

/** Where Space and Enter press what has the focus. */
const isPressed = (element: Element | null): boolean =>
  element instanceof HTMLElement && (element.matches('button, a[href], summary, input, select') || element.role === 'button');

/** Keys that mean no text even where text is typed. Alt prints on a Mac, and with the numeric pad on Windows. */
const isCommand = ({ ctrlKey, metaKey, altKey, location }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || (altKey && !isMac() && location !== KeyboardEvent.DOM_KEY_LOCATION_NUMPAD);

/** The action that a key press means, or null. */
export function actionFor(actions: readonly Action[], event: KeyboardEvent, singleKeys: boolean): Action | null {
  const focused = document.activeElement;
  for (const action of actions.toReversed()) {
    if (action.run === null || action.enabled === false) continue;
    for (const keys of action.keys ?? []) {
      if (!matches(keys, event, isMac())) continue;
      if (isTyped(keys) && (!singleKeys || takesText(focused))) continue;
      if (takesText(focused) && !isCommand(event)) continue;
      if ((event.key === ' ' || event.key === 'Enter') && isPressed(focused)) continue;
      return action;
    }
  }
  return null;
}

/** Whether Escape has work before it is a command: it closes the menu that is open, empties a search field, then leaves the field. */
function escapes(event: KeyboardEvent): boolean {
  const focused = document.activeElement;
  if (document.querySelector(':popover-open') !== null) return true;
  if (!takesText(focused)) return false;
  // A search field with text is emptied by the browser.
  if (focused instanceof HTMLInputElement && focused.type === 'search' && focused.value !== '') return true;
  event.preventDefault();
  focusContent();
  return true;
}

export interface ActionsProps {
  readonly children: React.ReactNode;
  /** Whether single characters are shortcuts (WCAG 2.1.4 asks for a way to turn them off). */
  readonly singleKeys: boolean;
}

export function Actions({ children, singleKeys }: ActionsProps): React.JSX.Element {
  const registry = useMemo(() => createActionRegistry(), []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      // What had the focus has answered, or a dialog is open: then its own keys are the only ones.
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog:modal') !== null) return;
      if (event.key === 'Escape' && escapes(event)) return;
      const action = actionFor(registry.list(), event, singleKeys);
      if (action?.run === null || action === null) return;
      event.preventDefault();
      action.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [registry, singleKeys]);
  return <Registry value={registry}>{children}</Registry>;
}

/** Registers actions while the component is shown. `run` may change from render to render; labels and keys too. */
export function useActions(actions: readonly Action[]): void {
  const registry = use(Registry);
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const signature = JSON.stringify(actions.map(({ run: _run, ...rest }) => rest));
  useEffect(() => {
    const stable = latest.current.map((action, i) => ({
      ...action,
      run: action.run === null ? null : (): void => latest.current[i]?.run?.(),
    }));
    return registry.register(stable);
  }, [registry, signature]);
}

export function useActionList(): readonly Action[] {
  const registry = use(Registry);
  return useSyncExternalStore(registry.subscribe, registry.list);
}
