// The program of a thread that does parts of a verification (pool.ts): it reads the same open file, and does one part at a time.

import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { deriveRecording } from '../../../shared/derive/derive.ts';
import { openZip } from '../../../shared/evidence/bundle/open-zip.ts';
import { thisThread } from '../../../shared/evidence/bundle/workers.ts';
import { NODE_EFFECTS } from './node-effects.ts';
import type { Answer, FromVerifier, Part, ToVerifier, VerifierData } from './pool.ts';
import { createTerminal } from './terminal.ts';

const { handle, size } = workerData as VerifierData;
const say = (message: FromVerifier): void => parentPort!.postMessage(message);

const opened = await openZip(size, (from, to) => {
  const bytes = Buffer.allocUnsafeSlow(to - from);
  for (let at = 0; at < bytes.length;) {
    const got = readSync(handle, bytes, at, bytes.length - at, from + at);
    if (got === 0) throw new Error(`it ends before byte ${String(to)}`);
    at += got;
  }
  say({ kind: 'alive' });
  return Promise.resolve(bytes);
});
if (opened.kind === 'fault') throw new Error(`the file is another one now: ${opened.fault.reason}`);
const { bag } = opened;
const workers = thisThread(bag, NODE_EFFECTS);

/** Thrown where a recording is derived with what a key opens: keys stay in the thread that has them. */
class KeyWanted extends Error {}

async function answer(part: Part): Promise<Answer> {
  switch (part.kind) {
    case 'digests':
      return { kind: 'digests', digests: await workers.digests(part.path, (bytes) => say({ kind: 'hashed', bytes })) };
    case 'check':
      return { kind: 'check', checked: await workers.check(part.task) };
    case 'derive': {
      const opened = part.hasKeys ? () => Promise.reject(new KeyWanted()) : undefined;
      const derive = deriveRecording({ createTerminal, ...(opened === undefined ? {} : { opened }) });
      try {
        return { kind: 'derive', derived: await derive(bag, part.recording) };
      } catch (error) {
        if (error instanceof KeyWanted) return { kind: 'derive', derived: null };
        throw error;
      }
    }
  }
}

parentPort!.on('message', (part: ToVerifier) => {
  answer(part).then(
    (made) => say({ kind: 'answer', answer: made }),
    (error: unknown) => {
      const { message, code = null } = error as NodeJS.ErrnoException;
      say({ kind: 'failed', reason: message, code });
    },
  );
});
