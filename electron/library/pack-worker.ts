// The program of the thread that packs the steps of a synchronisation.

import { parentPort } from 'node:worker_threads';
import { ownMemory, packStep, type FromPacker, type PackedStep, type ToPacker } from './step-packing.ts';

const say = (message: FromPacker, given: readonly Uint8Array[] = []): void => parentPort!.postMessage(message, ownMemory(given));

const made = ({ parts, records, events }: PackedStep): Uint8Array[] =>
  [...parts.flatMap(({ chunks }) => chunks), ...records, ...events].map(({ bytes }) => bytes);

parentPort!.on('message', ({ number, step }: ToPacker) => {
  try {
    const packed = packStep(step);
    say({ number, packed }, made(packed));
  } catch (error) {
    say({ number, packed: null, reason: error instanceof Error ? error.message : String(error) });
  }
});
say({ number: null });
