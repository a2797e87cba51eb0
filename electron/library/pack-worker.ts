// The program of the thread that packs the steps of a synchronisation.

import { parentPort } from 'node:worker_threads';
import { packStep, type FromPacker, type ToPacker } from './step-packing.ts';

const say = (message: FromPacker): void => parentPort!.postMessage(message);

parentPort!.on('message', ({ number, step }: ToPacker) => {
  try {
    say({ number, packed: packStep(step) });
  } catch (error) {
    say({ number, packed: null, reason: error instanceof Error ? error.message : String(error) });
  }
});
say({ number: null });
