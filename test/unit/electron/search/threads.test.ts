// Threads bring what this thread would, know nothing any more once they are retired, and end when the library is closed.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Library, SearchedSession } from '../../../../electron/library/library.ts';
import { planOf } from '../../../../electron/search/plan.ts';
import { meaningFor } from '../../../../electron/search/question.ts';
import { scanSession, type Scanned, type Wanted } from '../../../../electron/search/scan.ts';
import { createSearchThreads, type Question, type SearchThreads } from '../../../../electron/search/threads.ts';
import { indexedLibrary } from '../../../support/indexed-library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PROGRAM = new URL('../../../../electron/search/search-worker.ts', import.meta.url);

const wanted: Wanted = { skip: 2, keep: 5, counts: true, course: null };
const never = (): boolean => false;

interface Searched {
  readonly library: Library;
  readonly threads: SearchThreads;
  readonly sessions: readonly SearchedSession[];
  readonly question: (query: string) => Question;
  /** Gives the library another key. */
  readonly rekey: () => void;
}

async function searched(program = PROGRAM): Promise<Searched> {
  const { library, folder, key } = await indexedLibrary();
  let current = key;
  const sessions = library.searched.sessions({}, null);
  const threads = createSearchThreads({ program, most: 1, folder, key: () => current });
  onTestFinished(() => threads.close());
  const question = (query: string): Question => ({
    meaning: meaningFor(library, query, false, ['printed', 'visible']),
    wholeLibrary: true,
  });
  const rekey = (): void => {
    current = randomBytes(32);
    library.rekey(current);
  };
  return { library, threads, sessions, question, rekey };
}

/** Asks until a thread is free. */
async function byThread({ threads }: Searched, ...asked: Parameters<SearchThreads['scan']>): Promise<Scanned> {
  for (;;) {
    const scanning = threads.scan(...asked);
    if (scanning !== null) return scanning;
    await setTimeout(5);
  }
}

test('a thread brings of each session what this one would, for one question and for the next', { timeout: 60_000 }, async () => {
  const all = await searched();
  expect(all.sessions).toHaveLength(3);
  let hits = 0;
  for (const query of ['/user [0-9]*77 at/', 'user -nobody', '"user 4002"', 'nobody']) {
    const question = all.question(query);
    const plan = planOf(all.library, question.meaning, question.wholeLibrary);
    for (const session of all.sessions) {
      const expected = await scanSession(all.library, plan, session, wanted, never);
      expect(await byThread(all, question, session, wanted, never)).toEqual(expected);
      hits += expected.total;
    }
  }
  expect(hits).toBeGreaterThan(10_000);
});

test('a thread is told when nobody wants its scan any more', { timeout: 60_000 }, async () => {
  const program = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
     const stopped = { kind: 'scanned', scanned: { hits: [], total: 77, histogram: null } };
     parentPort.on('message', (message) => { if (message === null) parentPort.postMessage(stopped); });
     parentPort.postMessage({ kind: 'ready' });`,
  );
  const all = await searched(new URL(`file://${program}`));
  let isStopped = false;
  const scanning = byThread(all, all.question('user'), all.sessions[0]!, wanted, () => isStopped);
  await setTimeout(100);
  isStopped = true;
  expect((await scanning).total).toBe(77);
});

test('a retired thread does what is under way, and another one takes its place', { timeout: 60_000 }, async () => {
  const all = await searched();
  const question = all.question('user');
  const session = all.sessions[0]!;
  const before = await byThread(all, question, session, wanted, never);
  const scanning = byThread(all, question, session, wanted, never);
  all.threads.retire();
  expect(all.threads.scan(question, session, wanted, never)).toBe(null);
  expect(await scanning).toEqual(before);
  expect(await byThread(all, question, session, wanted, never)).toEqual(before);
});

test('a thread that fails says so to who waits for it', { timeout: 60_000 }, async () => {
  const program = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', () => { throw new Error('no more'); });
     parentPort.postMessage({ kind: 'ready' });`,
  );
  const all = await searched(new URL(`file://${program}`));
  await expect(byThread(all, all.question('user'), all.sessions[0]!, wanted, never)).rejects.toThrow('no more');
});

test('what is under way when the library is closed is not waited for', { timeout: 60_000 }, async () => {
  const all = await searched();
  const question = all.question('user');
  await byThread(all, question, all.sessions[0]!, wanted, never);
  const scanning = byThread(all, question, all.sessions[0]!, { skip: 0, keep: 1e6, counts: true, course: null }, never);
  const ended = expect(scanning).rejects.toThrow('it ended');
  await all.threads.close();
  await ended;
});

test('a library that has another key is read with that one', { timeout: 60_000 }, async () => {
  const all = await searched();
  const question = all.question('user');
  const before = await byThread(all, question, all.sessions[0]!, wanted, never);
  await all.threads.close();
  all.rekey();
  expect(await byThread(all, question, all.sessions[0]!, wanted, never)).toEqual(before);
});

test('a thread that cannot start is not started again and again', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'thread.mjs');
  writeFileSync(join(folder, 'starts'), '');
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs';
     appendFileSync(new URL('starts', import.meta.url), '1');
     throw new Error('no');`,
  );
  const all = await searched(new URL(`file://${program}`));
  for (let i = 0; i < 100; i++) {
    expect(all.threads.scan(all.question('user'), all.sessions[0]!, wanted, never)).toBe(null);
    await setTimeout(10);
  }
  expect(readFileSync(join(folder, 'starts'), 'utf8')).toBe('1');
});
