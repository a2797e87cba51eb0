// The library of programs that tests run as processes of their own.

import { openLibrary, type Library } from '../../electron/library/library.ts';

/** `key` in hex. Its clock goes on by a second at each look. */
export function openTicking(folder: string, key: string): Library {
  let ticks = 0;
  const now = (): { wall: string; monotonic_ms: number } => {
    ticks += 1;
    return { wall: new Date(Date.UTC(2026, 10, 21) + ticks * 1000).toISOString(), monotonic_ms: ticks * 1000 };
  };
  return openLibrary({ folder, key: Buffer.from(key, 'hex'), now, program: 'test' });
}
