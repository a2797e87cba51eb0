// The queue of the indexer, with a thread that does nothing but say that it is done.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { importRecording } from '../../../../electron/acquisition/acquisition.ts';
import { createIndexer, INDEX_VERSION } from '../../../../electron/indexing/indexing.ts';
import type { SessionRow } from '../../../../electron/library/library.ts';
import { findOnDisk } from '../../../../electron/source/source.ts';
import { temporaryLibrary } from '../../../support/library.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const IDLE_THREAD = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => parentPort.postMessage({ kind: 'done' }));
`;

test('a session that grew while it was indexed is indexed once more', async () => {
  const folder = temporaryFolder();
  const { library, key } = temporaryLibrary(join(folder, 'library'));
  writeFileSync(join(folder, 'one.cast'), '{"version":2,"width":20,"height":4}\n[1.0,"o","a"]\n');
  for await (const found of findOnDisk([join(folder, 'one.cast')])) {
    if (found.kind === 'refused') throw new Error(found.refusal.message);
    await importRecording(found, {
      library,
      source: 'files',
      now: () => '2026-11-21T00:00:00Z',
      actor: 'tester@bench',
      purpose: '',
      signal: new AbortController().signal,
      progress: () => undefined,
    });
  }
  const session = (): SessionRow => library.sessions.byKey(library.derived.unindexed(INDEX_VERSION + 1, 1)[0]!)!;
  const worker = join(folder, 'thread.mjs');
  writeFileSync(worker, IDLE_THREAD);
  const states: string[] = [];
  const indexer = createIndexer({
    library,
    key,
    folder: join(folder, 'library'),
    worker: new URL(`file://${worker}`),
    threads: 1,
    payloadKey: () => Promise.resolve(null),
    progress: () => undefined,
    busy: () => undefined,
    changed: () => {
      states.push(session().indexState);
      library.derived.setIndexState(session(), 'done', INDEX_VERSION, null);
    },
  });
  onTestFinished(() => indexer.close());
  indexer.enqueue();
  await indexer.idle();
  expect(states).toEqual(['waiting', 'done']);
});
