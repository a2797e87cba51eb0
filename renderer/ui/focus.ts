// Where the keyboard goes when nothing else has it: to the content of the window. Without the focus somewhere, keys would begin anew at the
// top of the page.

/** Puts the focus into the content of the window, without moving what is seen of it. */
export const focusContent = (): void => document.getElementById('content')?.focus({ preventScroll: true });

/** The same, where what had the focus has gone. */
export function keepFocus(): void {
  if (document.activeElement === null || document.activeElement === document.body) focusContent();
}
