// A recordings server as a process of its own, with sessions of as many events as it is told: names and numbers of events as
// `name=number`. Says its address and token in one line of JSON.

import { makeRecording, seededRandom, type Step } from '../engine/recordings.ts';
import { startEngine } from '../engine/start-engine.ts';
import { micros } from '../../shared/recording/time.ts';

/** Bytes of output in one event. */
const PAYLOAD = 200;

/** Events made at a time: objects are far larger than the texts that the server keeps. */
const BATCH = 10_000;

const engine = await startEngine();
for (const asked of process.argv.slice(2)) {
  const [id, count] = asked.split('=') as [string, string];
  const random = seededRandom(id);
  const words = random(PAYLOAD * 64);
  const step = (n: number): Step => ({
    after: micros(n * 1000),
    stream: 'stdout',
    bytes: Buffer.from(`${words.subarray((n % 64) * 150, (n % 64) * 150 + 90).toString('hex')} line ${String(n)}\r\n`),
  });
  const plan = {
    id,
    startedAt: '2026-06-10T08:00:00Z',
    recipients: [],
    random: seededRandom(`${id} ids`),
    sealing: 'managed',
  } as const;
  const made = makeRecording({ ...plan, steps: [], open: true });
  engine.put(made);
  for (let n = 1; n < Number(count); n += BATCH) {
    const size = Math.min(BATCH, Number(count) - n);
    engine.append(id, ...Array.from({ length: size }, (_, i) => made.next(step(n + i))));
  }
  engine.update(id, { status: 'closed', ended_at: '2026-06-10T09:00:00Z', exit_code: 0 });
}
process.stdout.write(`${JSON.stringify({ url: engine.url, token: engine.token })}\n`);
