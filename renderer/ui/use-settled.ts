// A value that changes fast, as it stood when it last rested: what follows from it is asked for then.

import { useEffect, useState } from 'react';

/** `pause`: how long it must rest, in milliseconds. Second: takes it as it stands, at once. */
export function useSettled<T extends string | number | null | undefined>(value: T, pause: number): readonly [T, () => void] {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return [settled, () => setSettled(value)];
}
