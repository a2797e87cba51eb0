// A small recording for tests that need events and not their content.

import { micros } from '../../../shared/recording/time.ts';
import { makeRecording, seededRandom, type MadeRecording, type Plan, type Step } from '../../engine/recordings.ts';
import { keyPair, recipientKeyId, type KeyPair, type SuitePair } from '../../engine/sealing.ts';

export const SAMPLE_STEPS: readonly Step[] = [
  { after: micros(1_000), cols: 80, rows: 24 },
  { after: micros(2_000), stream: 'stdout', bytes: Buffer.from('$ ') },
  { after: micros(3_000), stream: 'stdin', bytes: Buffer.from('ls\r') },
  { after: micros(4_500), stream: 'stdout', bytes: Buffer.from('ls\r\nnotes.txt\r\n') },
  { after: micros(4_600), stream: 'stderr', bytes: Buffer.alloc(0) },
];

/** Number of events in {@link sampleRecording}, numbered from 1: open, the steps, close. */
export const SAMPLE_EVENTS = SAMPLE_STEPS.length + 2;

export function sampleKeys(pair: SuitePair): KeyPair {
  return keyPair(pair, seededRandom(`keys of ${pair}`)(32));
}

export function sampleRecording(id: string, plan: Partial<Plan> = {}): MadeRecording {
  const sealing = plan.sealing ?? 'x25519';
  const publicKey = sealing === 'managed' ? null : sampleKeys(sealing).publicKey;
  return makeRecording({
    id,
    startedAt: '2026-06-10T08:00:00Z',
    sealing,
    recipients:
      publicKey === null ? [] : [{ publicKey, kind: 'public_key', id: recipientKeyId(publicKey).toString('base64url') }],
    steps: SAMPLE_STEPS,
    random: seededRandom(id),
    ...plan,
  });
}
