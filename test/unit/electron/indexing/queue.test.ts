// The queue of the indexer, with a thread that does nothing but say that it is done.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { createIndexer, INDEX_VERSION, type Indexer } from '../../../../electron/indexing/indexing.ts';
import type { Library, SessionRow } from '../../../../electron/library/library.ts';
import { importFiles } from '../../../support/file-import.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const IDLE_THREAD = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => parentPort.postMessage({ kind: 'done' }));
parentPort.postMessage({ kind: 'ready' });
`;

/** Takes a while to load, and says in a file that it did. */
const SLOW_THREAD = `import { writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
writeFileSync(new URL('loaded', import.meta.url), '');
parentPort.postMessage({ kind: 'ready' });
`;

/** An indexer over a library with one recording, whose thread is this program. */
async function indexerOf(
  program: string,
  changed: (library: Library) => void,
): Promise<{ readonly indexer: Indexer; readonly folder: string }> {
  const folder = temporaryFolder();
  const { library, key } = temporaryLibrary(join(folder, 'library'));
  writeFileSync(join(folder, 'one.cast'), '{"version":2,"width":20,"height":4}\n[1.0,"o","a"]\n');
  await importFiles(library, [join(folder, 'one.cast')]);
  const worker = join(folder, 'thread.mjs');
  writeFileSync(worker, program);
  const indexer = createIndexer({
    library,
    key: () => key,
    folder: join(folder, 'library'),
    worker: new URL(`file://${worker}`),
    threads: 1,
    payloadKey: () => Promise.resolve(null),
    progress: () => undefined,
    busy: () => undefined,
    changed: () => changed(library),
  });
  onTestFinished(() => indexer.close());
  return { indexer, folder };
}

test('a session that grew while it was indexed is indexed once more', async () => {
  const states: string[] = [];
  const { indexer } = await indexerOf(IDLE_THREAD, ({ sessions, derived }) => {
    const session = (): SessionRow => sessions.byKey(derived.unindexed(INDEX_VERSION + 1, 1)[0]!)!;
    states.push(session().indexState);
    derived.setIndexState(session(), 'done', INDEX_VERSION, null);
  });
  indexer.enqueue();
  await indexer.idle();
  expect(states).toEqual(['waiting', 'done']);
});

test('a thread that is still loading is not ended before it has loaded', async () => {
  const { indexer, folder } = await indexerOf(SLOW_THREAD, () => undefined);
  indexer.enqueue();
  await indexer.close();
  expect(existsSync(join(folder, 'loaded'))).toBe(true);
});
