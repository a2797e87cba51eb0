// The program of an index thread: opens the library that its parent has open, makes one index at a time, and says how it ended.

import { parentPort, workerData } from 'node:worker_threads';
import { joinLibrary } from '../library/library.ts';
import { payloadOpener } from '../replay/replay.ts';
import type { FromWorker, ToWorker, WorkerData } from './indexing.ts';
import { indexRecording } from './pass.ts';

const library = joinLibrary(workerData as WorkerData);
const say = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on('message', ({ session: sessionKey, key: payloadKey, compact }: ToWorker) => {
  try {
    const session = library.sessions.byKey(sessionKey);
    const opener = payloadKey === null ? null : payloadOpener(payloadKey);
    if (session !== null) indexRecording(library, session, opener, (outputBytes) => say({ kind: 'progress', outputBytes }));
    if (compact) library.derived.text.compact();
    say({ kind: 'done' });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});
say({ kind: 'ready' });
