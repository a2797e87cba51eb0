// A library in a temporary folder, for tests: real SQLite, a random key, removed afterwards.

import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { CustodyMoment } from '../../shared/evidence/custody.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A clock that goes on by a second at each look. */
export function testMoments(): () => CustodyMoment {
  let ticks = 0;
  return () => {
    ticks += 1;
    return { wall: new Date(Date.UTC(2026, 10, 21) + ticks * 1000).toISOString(), monotonic_ms: ticks * 1000 };
  };
}

export interface TestLibrary {
  readonly folder: string;
  readonly key: Buffer;
  readonly library: Library;
  /** Closes and opens again, as another start of the program does. */
  reopen(): Library;
}

export function temporaryLibrary(folder: string = temporaryFolder()): TestLibrary {
  const key = randomBytes(32);
  const now = testMoments();
  const open = (): Library => openLibrary({ folder, key, now, program: 'test' });
  let library = open();
  onTestFinished(() => {
    library.close();
  });
  return {
    folder,
    key,
    get library() {
      return library;
    },
    reopen: () => {
      library.close();
      library = open();
      return library;
    },
  };
}
