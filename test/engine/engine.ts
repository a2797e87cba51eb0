// The recordings server as a program: `npm run -s engine -- --port 0 --vectors DIR`. Its first line on standard output is
// `{"url":…,"token":…}`, with TLS also `"ca"`. Ends on SIGTERM and SIGINT.

import { parseArgs } from 'node:util';
import { parseMisbehaviour } from './faults.ts';
import { startEngine } from './start-engine.ts';
import { VECTORS } from './vectors.ts';

const USAGE = `usage: engine [--port N] [--vectors DIR] [--tls] [--retention SECONDS] [--live ID]... [--every MS] [--fault JSON]...

  --port N             port on 127.0.0.1; 0, the default, takes a free one
  --vectors DIR        folder of recordings (*.json, *.json.gz); by default those of the tests
  --tls                answer over TLS, with a certificate made for this run
  --retention SECONDS  a recording is gone so long after its end
  --live ID            this session is live: it has its first event, and gets the next one every --every milliseconds (default 1000)
  --fault JSON         misbehave, as {"at":"events","fault":{"kind":"status","status":503}}; the kinds are in test/engine/faults.ts
`;

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      vectors: { type: 'string', default: VECTORS },
      tls: { type: 'boolean', default: false },
      retention: { type: 'string' },
      live: { type: 'string', multiple: true, default: [] },
      every: { type: 'string', default: '1000' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const every = wholeNumber(values.every, 'every');
  const rules = values.fault.map(parseMisbehaviour);
  const engine = await startEngine({
    port: wholeNumber(values.port, 'port'),
    vectors: values.vectors,
    tls: values.tls,
    ...(values.retention === undefined ? {} : { retentionMs: wholeNumber(values.retention, 'retention') * 1000 }),
  });
  try {
    for (const id of values.live) {
      engine.hold(id, 1);
      engine.releaseEvery(id, every);
    }
  } catch (error) {
    await engine.close();
    throw error;
  }
  for (const rule of rules) engine.misbehave(rule);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void engine.close());
  const { url, token, ca } = engine;
  process.stdout.write(`${JSON.stringify(ca === null ? { url, token } : { url, token, ca })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
