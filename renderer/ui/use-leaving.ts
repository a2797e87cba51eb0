// From the line that filters a list into the list: only once that is the list of what was typed, so that nothing is done to a row of another one.

import { useEffect, useState, type RefObject } from 'react';

/**
 * `isCurrent`: the list is that of `text`. Returns what asks to leave; whoever types on or goes elsewhere meanwhile stays there.
 */
export function useLeaving(
  text: string,
  isCurrent: boolean,
  input: RefObject<HTMLInputElement | null>,
  list: RefObject<HTMLElement | null>,
): () => void {
  const [leaving, setLeaving] = useState<string | null>(null);
  useEffect(() => {
    if (leaving === null || (leaving === text && !isCurrent)) return;
    if (leaving === text && document.activeElement === input.current) list.current?.focus();
    setLeaving(null);
  }, [leaving, text, isCurrent, input, list]);
  return () => setLeaving(text);
}
