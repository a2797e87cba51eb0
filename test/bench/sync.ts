// Synchronisation of one session from an engine in another process, against a loop that only inserts the same events into an encrypted
// table: one row an event, a transaction a thousand rows, the library's own cipher and settings.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../electron/library/database.ts';
import { openLibrary, openPacker, type Library } from '../../electron/library/library.ts';
import { parsePage } from '../../shared/recording/rstream-page.ts';
import { impatientClient, synchronise } from '../support/syncing.ts';

const PAGE = 1000;

export interface BenchEngine {
  readonly url: string;
  readonly token: string;
  close(): void;
}

/** Starts the engine with one session of so many events. */
export async function benchEngine(events: number): Promise<BenchEngine> {
  const program = new URL('engine-program.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [program, `s=${String(events)}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<Buffer>((resolve, reject) => {
    child.stdout!.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the engine ended with ${String(code)}`)));
  });
  const { url, token } = JSON.parse(line.toString()) as { url: string; token: string };
  return { url, token, close: () => child.kill() };
}

/** The bytes of every event, as the engine sends them. */
export async function eventBytes(engine: BenchEngine): Promise<readonly Buffer[]> {
  const client = impatientClient(engine);
  const signal = new AbortController().signal;
  const all: Buffer[] = [];
  for (;;) {
    const { bytes } = await client.events('s', String(all.length + 1), PAGE, signal);
    const elements = parsePage(bytes);
    if (elements.length === 0) break;
    for (const { offset, length } of elements) all.push(Buffer.from(bytes.subarray(offset, offset + length)));
  }
  client.close();
  return all;
}

/** A library that waits for what is synchronised. */
export function newLibrary(folder: string): Library {
  return openLibrary({
    folder,
    key: randomBytes(32),
    now: () => ({ wall: '2026-11-21T10:00:00Z', monotonic_ms: 0 }),
    program: 'bench',
  });
}

/** With the thread that was built, as the programs have it: from its sources it starts a tenth of a second later. */
export async function syncInto(library: Library, engine: BenchEngine): Promise<void> {
  const packer = openPacker(new URL('../../dist/pack-worker.js', import.meta.url));
  const { sessions, failure } = await synchronise(library, engine, { packer });
  await packer.close();
  if (failure !== null || sessions[0]?.outcome !== 'new')
    throw new Error(`the synchronisation failed: ${JSON.stringify(sessions)}`);
}

/** A database that waits for bare inserts. */
export function newTable(file: string): Database {
  const database = openDatabase(file, randomBytes(32), { create: true });
  // As pages of a session that nobody sees yet are written.
  database.pragma('synchronous=NORMAL');
  database.exec('CREATE TABLE event (key INTEGER PRIMARY KEY, bytes BLOB)');
  return database;
}

export function bareInserts(database: Database, events: readonly Buffer[]): void {
  const insert = database.prepare('INSERT INTO event (bytes) VALUES (?)');
  const page = database.transaction((rows: readonly Buffer[]) => {
    for (const row of rows) insert.run(row);
  });
  for (let at = 0; at < events.length; at += PAGE) page(events.slice(at, at + PAGE));
}

/** Largest resident memory, in bytes, of a process that does nothing but synchronise a session of so many events. */
export async function peakMemory(folder: string, events: number): Promise<number> {
  const engine = await benchEngine(events);
  try {
    const program = new URL('sync-program.ts', import.meta.url).pathname;
    const args = [program, join(folder, `memory-${String(events)}`), engine.url, engine.token];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<Buffer>((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', (code) => reject(new Error(`the synchronisation ended with ${String(code)}`)));
    });
    return Number(line.toString());
  } finally {
    engine.close();
  }
}
