// The recordings server as a program: `npm run -s engine -- --port 0 --vectors DIR`. It speaks rstream and StackShift on one port. Its first
// line on standard output is `{"url":…,"token":…,"stackshift_token":…}`, with TLS also `"ca"`. Ends on SIGTERM and SIGINT.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { parseMisbehaviour } from './faults.ts';
import { OWN_USER } from './stackshift-api.ts';
import { liveSample, stackShiftSample } from './stackshift-sample.ts';
import { startEngine, type Engine } from './start-engine.ts';
import { VECTORS } from './vectors.ts';

const USAGE = `usage: engine [--port N] [--vectors DIR] [--tls] [--retention SECONDS] [--live ID]... [--every MS] [--fault JSON]...

  --port N             port on 127.0.0.1; 0, the default, takes a free one
  --vectors DIR        folder of recordings (*.json, *.json.gz); by default those of the tests
  --tls                answer over TLS, with a certificate made for this run
  --retention SECONDS  a recording is gone so long after its end
  --live ID            this session is live: it has its first event, and gets the next one every --every milliseconds (default 1000)
  --stackshift N       so many sample sessions of StackShift, one an hour; 24 by default
  --permission NAME    what the StackShift token may do, as terminal.view_history; everything by default
  --retention-days P,N StackShift keeps recordings so many days, production and other ones; 90,30 by default
  --stackshift-live S  so many seconds after the start, the three live sessions of StackShift end: by its user, dropped, by its user
  --fault JSON         misbehave, as {"at":"events","fault":{"kind":"status","status":503}}; the kinds are in test/engine/faults.ts
`;

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}

/** Ends the live sessions of the sample: the first and the last by their user, the second is dropped. */
function endLater({ stackshift: { store } }: Engine, afterMs: number): void {
  const timer = setTimeout(() => {
    const [first, second, third] = store.sessions({ status: 'active' }).map(({ id }) => String(id));
    if (first !== undefined) store.end(first, 'user_exit');
    if (second !== undefined) store.drop(second);
    if (third !== undefined) store.end(third, 'user_exit');
  }, afterMs);
  timer.unref();
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
      stackshift: { type: 'string', default: '24' },
      permission: { type: 'string', multiple: true },
      'retention-days': { type: 'string', default: '90,30' },
      'stackshift-live': { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
    },
  });
  const every = wholeNumber(values.every, 'every');
  const rules = values.fault.map(parseMisbehaviour);
  const [production, other] = values['retention-days'].split(',').map((days) => wholeNumber(days, 'retention-days'));
  if (production === undefined || other === undefined) throw new Error('--retention-days needs two numbers, as 90,30');
  const live = values['stackshift-live'];
  const sample = stackShiftSample(wholeNumber(values.stackshift, 'stackshift'), Date.now());
  const permissions = values.permission;
  const engine = await startEngine({
    stackshift: {
      sessions: [...sample.sessions, ...(live === undefined ? [] : liveSample(Date.now()))],
      events: sample.events,
      policy: { production_retention_days: production, nonproduction_retention_days: other },
      ...(permissions === undefined
        ? {}
        : { tokens: [{ token: `sspat_${randomBytes(24).toString('base64url')}`, permissions, user: OWN_USER }] }),
    },
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
  if (live !== undefined) endLater(engine, wholeNumber(live, 'stackshift-live') * 1000);
  for (const rule of rules) engine.misbehave(rule);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void engine.close());
  const { url, token, ca } = engine;
  const said = { url, token, stackshift_token: engine.stackshift.token };
  process.stdout.write(`${JSON.stringify(ca === null ? said : { ...said, ca })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
