// `npm run bench`: ratios against a peer that does only the bare part of the same work, side by side in one run; medians of five. Prints a
// table, or with `--json` one JSON object. A ratio is the peer's time by ours: 1 is as fast as the peer, 0.5 takes twice as long.

import headless from '@xterm/headless';
import Sqlite from 'better-sqlite3';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestCore, type TestCore } from '../support/core.ts';
import { generateCast, outputOf } from './generated.ts';
import { payloadLoops } from './payloads.ts';
import { seeks as seeksOnScreen } from './seek.ts';
import { bareInserts as insertEvents, benchEngine, eventBytes, newLibrary, newTable, peakMemory, syncInto } from './sync.ts';

const ROUNDS = 5;
const EVENTS = 40_000;

/** Of one long session: what a synchronisation needs to begin and to end weighs little in it. */
const SYNCED_EVENTS = 200_000;

interface Measured {
  readonly work: string;
  readonly peer: string;
  /** Medians, in milliseconds. */
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Runs both in turn, so that whatever else the machine does meets both alike. */
async function pair(
  work: string,
  ours: (round: number) => unknown,
  peer: string,
  theirs: (round: number) => unknown,
): Promise<Measured> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(await timed(() => ours(round)));
    times.theirs.push(await timed(() => theirs(round)));
  }
  const medians = { ours: median(times.ours), theirs: median(times.theirs) };
  return { work, peer, ...medians, ratio: medians.theirs / medians.ours };
}

const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const results: Measured[] = [];
// First, as the program that synchronises does nothing else: what other work leaves in the heap would weigh on it.
const engine = await benchEngine(SYNCED_EVENTS);
const sent = await eventBytes(engine);
const libraries = Array.from({ length: ROUNDS }, (_, round) => newLibrary(join(folder, `synced-${String(round)}`)));
const tables = Array.from({ length: ROUNDS }, (_, round) => newTable(join(folder, `inserted-${String(round)}.db`)));
results.push(
  await pair(
    `synchronisation of ${String(SYNCED_EVENTS)} events`,
    (round) => syncInto(libraries[round]!, engine),
    'encrypted inserts of the same events, one row each',
    (round) => insertEvents(tables[round]!, sent),
  ),
);
for (const opened of [...libraries, ...tables]) opened.close();
engine.close();

const recordings = Array.from({ length: ROUNDS }, (_, round) => generateCast(EVENTS, round + 1));
const paths = recordings.map((text, round) => {
  const path = join(folder, `${String(round)}.cast`);
  writeFileSync(path, text);
  return path;
});
const outputs = recordings.map(outputOf);
const bytes = Buffer.byteLength(recordings[0]!);

const core: TestCore = await openTestCore(join(folder, 'library'));
const ids: string[] = [];

/** The same bytes into a bare encrypted table, a mebibyte a row, one transaction a row, hashed once. */
function bareInserts(round: number): void {
  const database = new Sqlite(join(folder, `bare-${String(round)}.db`));
  database.pragma(`key="x'${randomBytes(32).toString('hex')}'"`);
  database.pragma('journal_mode=WAL');
  database.pragma('synchronous=FULL');
  database.exec('CREATE TABLE part (bytes BLOB)');
  const insert = database.prepare('INSERT INTO part VALUES (?)');
  const content = Buffer.from(recordings[round]!);
  createHash('sha256').update(content).digest();
  for (let at = 0; at < content.length; at += 1024 * 1024) insert.run(content.subarray(at, at + 1024 * 1024));
  database.close();
}

async function importAndIndex(round: number): Promise<void> {
  const [result] = await core.import([paths[round]!]);
  ids.push(result!.sessionIds[0]!);
}

/** The output through a bare terminal, event by event. */
function bareTerminal(round: number): Promise<void> {
  const terminal = new headless.Terminal({ cols: 120, rows: 36, scrollback: 1000, allowProposedApi: true });
  const events = outputs[round]!;
  return new Promise((resolve) => {
    events.forEach((event, i) => terminal.write(event, i === events.length - 1 ? resolve : undefined));
  });
}

async function exportText(round: number): Promise<void> {
  const { ticket } = await core.api.call('export.open', { id: ids[round]!, format: 'text' });
  while ((await core.api.call('export.read', { ticket })).bytes !== null);
}

async function seeks(round: number): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const seq = String(1 + Math.floor(((i * 7 + round) % 20) * (EVENTS / 20)));
    await core.api.call('sessions.screen', { id: ids[round]!, at: { kind: 'seq', seq } });
  }
}

results.push(
  await pair(
    'import and index',
    importAndIndex,
    'encrypted inserts of the same bytes, and bare xterm.js over the output',
    async (round) => {
      bareInserts(round);
      await bareTerminal(round);
    },
  ),
);
results.push(await pair('text export', exportText, 'bare xterm.js over the output', bareTerminal));
results.push(await pair('20 seeks to a screen', seeks, 'bare xterm.js over the output, once', bareTerminal));
const search = (query: string) => (): Promise<unknown> => core.api.call('search.run', { query, in: ['printed'], limit: 100 });
const text = outputs.map((events) => Buffer.concat(events).toString('utf8'));
results.push(
  await pair(
    'search of a rare phrase in all recordings',
    search('"needle 777"'),
    'a scan of the same text in memory',
    () => text.filter((all) => all.toLowerCase().includes('needle 777')).length,
  ),
);
await core.close();
for (const suite of ['x25519', 'p256'] as const) {
  const { ours, bare } = payloadLoops(suite, 20_000);
  results.push(await pair(`20,000 payloads of 200 bytes, suite ${suite}`, ours, 'bare AES-256-GCM of node:crypto', bare));
}
/** With `--seek`, for which Chromium is needed: milliseconds of seeks to random moments of a recording of a million events. */
async function seekTimes(): Promise<Record<'ours' | 'theirs', readonly number[]> | null> {
  if (!process.argv.includes('--seek')) return null;
  const cast = join(folder, 'seek.cast');
  writeFileSync(cast, generateCast(1_000_000, 7));
  const library = join(folder, 'seek');
  const own = await openTestCore(library);
  await own.import([cast]);
  await own.close();
  // Evenly spread in a shuffled order: forth and back.
  const moments = Array.from({ length: 40 }, (_, i) => (((i * 17) % 40) + 0.5) * (1_000_000 / 50 / 40));
  return seeksOnScreen(library, cast, moments);
}

const p95 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1]!;

const sought = await seekTimes();

/** With `--memory`, which takes minutes: bytes that a process takes at most which synchronises one session, by its events. */
const memory: Record<string, number> = {};
if (process.argv.includes('--memory')) {
  for (const events of [10_000, 1_000_000]) memory[String(events)] = await peakMemory(folder, events);
}

if (process.argv.includes('--json'))
  process.stdout.write(`${JSON.stringify({ events: EVENTS, bytes, results, seeks: sought, memory })}\n`);
else {
  process.stdout.write(
    `Recordings of ${String(EVENTS)} events and ${(bytes / 1e6).toFixed(1)} MB; medians of ${String(ROUNDS)}.\n\n`,
  );
  for (const { work, peer, ours, theirs, ratio } of results) {
    process.stdout.write(`${work}\n  ${ours.toFixed(1)} ms; ${peer}: ${theirs.toFixed(1)} ms; ratio ${ratio.toFixed(2)}\n`);
  }
  if (sought !== null) {
    const [ours, theirs] = [p95(sought.ours), p95(sought.theirs)];
    process.stdout.write(
      `seeks in a recording of a million events, on screen, p95\n  ${ours.toFixed(1)} ms; asciinema-player: ${theirs.toFixed(1)} ms; ratio ${(theirs / ours).toFixed(1)}\n`,
    );
  }
  for (const [events, most] of Object.entries(memory)) {
    process.stdout.write(`synchronisation of ${events} events\n  ${(most / 1e6).toFixed(0)} MB of memory at most\n`);
  }
}
process.exit(0);
