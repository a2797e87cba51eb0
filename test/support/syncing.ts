// Synchronisation as tests run it: a real engine on loopback, a real library, no waiting between attempts.

import { syncSource, type RunDeps, type SyncDeps, type SyncResult } from '../../electron/acquisition/acquisition.ts';
import { openPacker, verifyRecording, type Library, type SessionRow } from '../../electron/library/library.ts';
import { openRstream, type Rstream } from '../../electron/source/source.ts';
import { micros } from '../../shared/recording/time.ts';
import type { Engine } from '../engine/start-engine.ts';
import { makeRecording, seededRandom, type MadeRecording, type Plan, type Step } from '../engine/recordings.ts';

/** A managed recording of so many events with the open and the close, each with its own text. */
export function longRecording(id: string, events: number, plan: Partial<Plan> = {}): MadeRecording {
  const step = (_: unknown, n: number): Step => ({
    after: micros((n + 1) * 1000),
    stream: 'stdout',
    bytes: Buffer.from(`line ${String(n)} of ${id}\r\n`),
  });
  const count = events - (plan.open === true ? 1 : 2);
  return makeRecording({
    id,
    startedAt: '2026-06-10T08:00:00Z',
    sealing: 'managed',
    recipients: [],
    steps: Array.from({ length: count }, step),
    random: seededRandom(id),
    ...plan,
  });
}

/** A client that gives up at once where nothing comes, and repeats without pause. */
export function impatientClient(engine: Pick<Engine, 'url' | 'token'>): Rstream {
  return openRstream(
    { engine: engine.url, apiUrl: null, credential: { kind: 'token', token: engine.token } },
    {
      wallClock: () => Date.UTC(2026, 10, 21),
      random: () => 0,
      sleep: () => Promise.resolve(),
      limits: { attempts: 2, headersMs: 400, paceMs: 400, bodyBytes: 8 * 1024 * 1024 },
    },
  );
}

/** What every synchronisation of tests has in common. */
export const run = (): Omit<RunDeps, 'library' | 'source'> => ({
  follow: false,
  recheck: false,
  now: () => '2026-11-21T10:00:00Z',
  actor: 'tester@here',
  purpose: 'test',
  signal: new AbortController().signal,
  sleep: () => Promise.resolve(),
  progress: () => undefined,
  changed: () => undefined,
});

export async function synchronise(
  library: Library,
  engine: Pick<Engine, 'url' | 'token'>,
  deps: Partial<SyncDeps> = {},
): Promise<SyncResult> {
  const client = impatientClient(engine);
  const packer = deps.packer ?? openPacker(new URL('../../electron/library/pack-worker.ts', import.meta.url));
  try {
    return await syncSource({
      library,
      source: 'engine',
      client,
      filter: {},
      recipients: () => [],
      ...run(),
      ...deps,
      packer,
    });
  } finally {
    client.close();
    await packer.close();
  }
}

export function sessionOf(library: Library, nativeId: string): SessionRow {
  return library.sessions.withNativeId(nativeId)[0]!;
}

/** What a library has of a session, in a form that two libraries can be compared by: salts differ, and with them roots and keys. */
export function contentOf(library: Library, nativeId: string): unknown {
  const row = sessionOf(library, nativeId);
  const { content, sessions, documents } = library;
  const events = content.eventChunks(row).flatMap((info) => content.events(row, info));
  return {
    row: { ...row, key: 0, acquisition: 0, root: null, acquiredAt: '', indexState: '', indexVersion: 0 },
    events: events.map((event) => ('bytes' in event ? { ...event, bytes: Buffer.from(event.bytes).toString('latin1') } : event)),
    records: [...content.records(row)].length,
    discrepancies: sessions.discrepancies(row, 5000),
    metadata: sessions.metadata(row),
    participants: sessions.participants(row),
    grants: documents.all(row, 'key-grants').map((document) => document.bytes().toString()),
    verified: verifyRecording(library, row).failures,
  };
}
