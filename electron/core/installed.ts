// What a core is opened with, and what the installed programs open theirs with.

import { readFileSync } from 'node:fs';
import { availableParallelism, homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machineUptime, type Uptime } from './retention-clock.ts';

export interface CoreDeps {
  /** Folder of the library. */
  readonly library: string;
  /** Names this program where another one finds the library in use. */
  readonly program: string;
  /** How far its heap may grow between two collections, in per cent of what is in use. */
  readonly heapGrowth: number;
  readonly version: string;
  /** Programs of the index threads, and of the thread that packs what is synchronised. */
  readonly indexWorker: URL;
  readonly packWorker: URL;
  readonly indexThreads: number;
  /** Threads that search beside the one that answers: their program, and how many of them there may be. */
  readonly searchThreads: { readonly program: URL; readonly most: number };
  /** Threads that verify large bundles: their program, and how many of them there may be. */
  readonly verifyWorker: URL;
  readonly verifyThreads: number;
  /** Folder of the sample case, or null where it is not installed. */
  readonly sample: string | null;
  /** Folder of the player that reports get (build/bundle.ts). */
  readonly report: string;
  /** Folder of the verifier that bundles carry. */
  readonly verifier: string;
  /** Who acts, for the custody log. */
  readonly actor: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallClock: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** How this machine tells that time went by, for retention. */
  readonly uptime: Uptime;
  /** Home folder and environment: where rstream's own tools keep their settings and keys. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

function dataFolder(): string {
  const home = homedir();
  switch (process.platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Exhibit');
    case 'win32':
      return join(process.env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Exhibit');
    default:
      return join(process.env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'exhibit');
  }
}

/**
 * The window answers people: its core keeps a processor for that, and collecting twice as often would make a seek a sixth slower. A command
 * works through much with nobody to answer, and is to stay small.
 */
const PROGRAMS = {
  window: { program: 'the window', heapGrowth: 100, ownProcessors: 1 },
  command: { program: 'the command line', heapGrowth: 50, ownProcessors: 0 },
} as const;

/** What the built programs use: their own folder has the threads' program, the sample case and the reports' player. `entry` is their import.meta.url. */
export function installedDeps(entry: string, program: keyof typeof PROGRAMS, library: string | undefined): CoreDeps {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8')) as { version: string };
  const { ownProcessors, ...own } = PROGRAMS[program];
  const started = performance.now();
  return {
    library: library ?? process.env['EXHIBIT_LIBRARY'] ?? join(dataFolder(), 'library'),
    ...own,
    version: manifest.version,
    indexWorker: new URL('./index-worker.js', entry),
    packWorker: new URL('./pack-worker.js', entry),
    indexThreads: Math.max(1, Math.min(4, availableParallelism() - ownProcessors)),
    searchThreads: { program: new URL('./search-worker.js', entry), most: Math.min(3, availableParallelism() - 1) },
    verifyWorker: new URL('./verify-worker.js', entry),
    verifyThreads: Math.min(4, availableParallelism()),
    sample: fileURLToPath(new URL('./sample', entry)),
    report: fileURLToPath(new URL('./report', entry)),
    verifier: fileURLToPath(new URL('./verify', entry)),
    actor: `${userInfo().username}@${hostname()}`,
    wallClock: () => Date.now(),
    monotonic: () => performance.now() - started,
    uptime: machineUptime(),
    home: homedir(),
    environment: process.env,
  };
}
