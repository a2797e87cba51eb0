// Shows the browser's own modal dialog for as long as its part of the window is shown, and gives the focus back to what had it before.

import { useEffect, useLayoutEffect, useRef } from 'react';
import { keepFocus } from './focus.ts';

/** `begin` says where the dialog begins; without it, the browser does. */
export function useModal(dialog: React.RefObject<HTMLDialogElement | null>, begin?: (shown: HTMLDialogElement) => void): void {
  // Where it begins is settled when it is shown.
  const first = useRef(begin);
  useLayoutEffect(() => {
    const shown = dialog.current!;
    // The browser closes the menu that the dialog was asked for in, and the focus with it: it goes to the menu's button first.
    const menu = document.activeElement?.closest<HTMLElement>('[popover]');
    if (menu?.contains(shown) === false) menu.hidePopover();
    shown.showModal();
    first.current?.(shown);
    // While it is still in the document: once it is taken out, it gives no focus back.
    return () => shown.close();
  }, [dialog]);
  // What had the focus may have gone meanwhile, by what the dialog has done.
  useEffect(() => keepFocus, []);
}
