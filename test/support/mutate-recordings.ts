// Runs many mutated inputs through detection and decoding, and prints what came of it as JSON.
//   node test/support/mutate-recordings.ts [count] [seed]

import { examine, random, seeds, trial } from './mutation.ts';

const [count = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const all = seeds();
const next = random(seed);
let slowest = 0;
let bytes = 0;
const failures: string[] = [];
const started = performance.now();
const memory = process.memoryUsage().rss;
let peak = memory;
for (let i = 0; i < count; i++) {
  const input = trial(all, next);
  const size = next(3) === 0 ? 1 + next(64) : 1 << 20;
  const from = performance.now();
  try {
    examine(input, () => size);
  } catch (error) {
    const shown = input.files.map((file) => `${file.name}: ${Buffer.from(file.bytes).toString('base64')}`).join(' ');
    failures.push(`${String(i)}: ${String(error)} ${shown}`);
    if (failures.length > 10) break;
  }
  slowest = Math.max(slowest, performance.now() - from);
  for (const file of input.files) bytes += file.bytes.length;
  if (i % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${JSON.stringify({ count, seed, bytes, seconds, slowestMs: slowest, residentAtStart: memory, residentPeak: peak, failures }, null, 1)}\n`,
);
process.exitCode = failures.length > 0 ? 1 : 0;
