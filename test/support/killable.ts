// Programs of tests that work on a library as processes of their own, and are killed at any moment: how they are run, and
// what must hold of a library that was left behind.

import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { verifyRecording, type Library } from '../../electron/library/library.ts';
import { openTicking } from './ticking-library.ts';

/** When nobody is to be killed. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Runs a program that gives signs of life on its standard output and says `done` in the end; kills it after so many signs and, counted
 * from the last of these, so many milliseconds. Returns whether it was killed.
 */
export function isKilled(program: URL, args: readonly string[], signs: number, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program.pathname, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    let armed = false;
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (armed || said.length <= signs) return;
      armed = true;
      void sleep(ms).then(() => child.kill('SIGKILL'));
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' && !said.endsWith('done')) resolve(true);
      else if (said.endsWith('done')) resolve(false);
      else reject(new Error(`${program.pathname} ended with ${String(code)}: ${said}`));
    });
  });
}

/** Opens a library between two such programs. */
export function lookingInto(folder: string, key: Buffer, look: (library: Library) => void): void {
  const library = openTicking(folder, key.toString('hex'));
  try {
    look(library);
  } finally {
    library.close();
  }
}

/** Fails unless the library is sound and its custody log has at least so many entries. Returns how many it has. */
export function expectSound(library: Library, entries: number): number {
  expect(library.custody.verify()).toMatchObject({ kind: 'intact' });
  const { seq } = library.custody.head();
  expect(seq).toBeGreaterThanOrEqual(entries);
  for (const session of library.sessions.keys({}))
    expect(verifyRecording(library, library.sessions.byKey(session)!).failures).toEqual([]);
  expect(library.checkPages()).toEqual([]);
  return seq;
}
