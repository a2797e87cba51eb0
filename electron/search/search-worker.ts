// The program of a thread that scans sessions: opens the library that its parent has open, and reads.

import { parentPort, workerData } from 'node:worker_threads';
import { joinLibrary } from '../library/library.ts';
import { planOf, type Plan } from './plan.ts';
import { scanSession } from './scan.ts';
import type { FromSearcher, SearcherData, Task, ToSearcher } from './threads.ts';

const library = joinLibrary(workerData as SearcherData);
const say = (message: FromSearcher): void => parentPort!.postMessage(message);

let planned: { readonly search: number; readonly plan: Plan } | null = null;
let isStopped = false;

async function scan({ search, question, session, wanted }: Task): Promise<void> {
  isStopped = false;
  try {
    if (planned?.search !== search) planned = { search, plan: planOf(library, question.meaning, question.wholeLibrary) };
    say({ kind: 'scanned', scanned: await scanSession(library, planned.plan, session, wanted, () => isStopped) });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

parentPort!.on('message', (message: ToSearcher) => {
  if (message === null) isStopped = true;
  else void scan(message);
});
say({ kind: 'ready' });
