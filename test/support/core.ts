// The real core on a library of its own, under a passphrase, for tests: real files, real index threads, nothing faked but the clock's start.

import { openCore, type Core } from '../../electron/core.ts';
import type { Api } from '../../shared/api/contract.ts';
import type { ImportResult } from '../../shared/api/shapes.ts';

export const PASSPHRASE = 'mossy lantern quarry';

export interface TestCore extends Core {
  /** Imports paths, waits until they are kept and indexed, and gives the results. */
  import(paths: readonly string[], source?: string): Promise<readonly ImportResult[]>;
}

/** Resolves when no job is running. */
export async function settled(api: Api): Promise<void> {
  for (;;) {
    const running = (await api.call('jobs.list', null)).find(({ state }) => state === 'running');
    if (running === undefined) return;
    await api.call('jobs.wait', { job: running.id });
  }
}

/** Opens the core on a folder; makes a library there unless told otherwise. Closed by `close`. */
export async function openTestCore(folder: string, options: { readonly create?: boolean } = {}): Promise<TestCore> {
  const started = performance.now();
  const core = await openCore({
    library: folder,
    program: 'test',
    heapGrowth: 100,
    version: '0.0.0',
    indexWorker: new URL('../../electron/indexing/index-worker.ts', import.meta.url),
    packWorker: new URL('../../electron/library/pack-worker.ts', import.meta.url),
    indexThreads: 1,
    searchThreads: { program: new URL('../../electron/search/search-worker.ts', import.meta.url), most: 1 },
    verifyWorker: new URL('../../electron/export/verify/verify-worker.ts', import.meta.url),
    verifyThreads: 2,
    sample: new URL('../../build/sample', import.meta.url).pathname,
    verifier: new URL('./bundle-verifier', import.meta.url).pathname,
    report: new URL('./report-player', import.meta.url).pathname,
    actor: 'tester@bench',
    wallClock: () => Date.UTC(2026, 10, 21) + Math.round(performance.now() - started),
    monotonic: () => performance.now() - started,
    uptime: { seconds: () => (performance.now() - started) / 1000, machine: () => 'bench', boot: () => 'first' },
    home: `${folder}-home`,
    environment: {},
  });
  const { api } = core;
  if (options.create !== false) await api.call('vault.create', { protection: 'passphrase', passphrase: PASSPHRASE });
  return {
    ...core,
    import: async (paths, source) => {
      const { job } = await api.call('import.paths', { paths: [...paths], ...(source === undefined ? {} : { source }) });
      const { failure } = await api.call('jobs.wait', { job });
      if (failure !== null) throw new Error(`${failure.what}: ${failure.why}`);
      await settled(api);
      return api.call('import.results', { job });
    },
  };
}
