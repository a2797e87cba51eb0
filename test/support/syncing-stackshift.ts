// Synchronisation from the StackShift form of the engine as tests run it: a real library, no waiting between attempts.

import { syncStackShift, type StackShiftSyncDeps, type SyncResult } from '../../electron/acquisition/acquisition.ts';
import type { Library } from '../../electron/library/library.ts';
import { openStackShift, STACKSHIFT_PATHS, type StackShift } from '../../electron/source/source.ts';
import type { Engine } from '../engine/start-engine.ts';
import { run } from './syncing.ts';

export type StackShiftAt = Pick<Engine, 'url'> & { readonly stackshift: Pick<Engine['stackshift'], 'token'> };

/** A client that gives up at once where nothing comes, and repeats without pause. */
export function impatientStackShift({ url, stackshift }: StackShiftAt): StackShift {
  return openStackShift(
    { engine: url, token: stackshift.token, paths: STACKSHIFT_PATHS },
    {
      wallClock: () => Date.UTC(2026, 10, 21),
      random: () => 0,
      sleep: () => Promise.resolve(),
      limits: { attempts: 2, headersMs: 1000, paceMs: 1000, bodyBytes: 8 * 1024 * 1024, recordingBytes: 8 * 1024 * 1024 },
    },
  );
}

export async function synchroniseStackShift(
  library: Library,
  engine: StackShiftAt,
  deps: Partial<StackShiftSyncDeps> = {},
): Promise<SyncResult> {
  const client = impatientStackShift(engine);
  try {
    return await syncStackShift({
      library,
      source: 'platform',
      client,
      filter: {},
      days: null,
      ...run(),
      ...deps,
    });
  } finally {
    client.close();
  }
}
