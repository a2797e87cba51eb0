// The program of an index thread: opens the library that its parent has open, makes one index at a time, and says how it ended.

import { parentPort, workerData } from 'node:worker_threads';
import { joinLibrary } from '../library/library.ts';
import type { FromWorker, ToWorker, WorkerData } from './indexing.ts';
import { indexRecording } from './pass.ts';

const { folder, key } = workerData as WorkerData;
const library = joinLibrary({
  folder,
  key,
  now: () => ({ wall: new Date().toISOString(), monotonic_ms: Math.round(performance.now()) }),
});
const say = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', ({ session: sessionKey }: ToWorker) => {
  try {
    const session = library.sessions.byKey(sessionKey);
    if (session !== null) indexRecording(library, session, (outputBytes) => say({ kind: 'progress', outputBytes }));
    say({ kind: 'done' });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});
