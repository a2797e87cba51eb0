// Files imported into a library as the core does it, for tests.

import { importRecording, type ImportDeps } from '../../electron/acquisition/acquisition.ts';
import type { Library } from '../../electron/library/library.ts';
import { findOnDisk } from '../../electron/source/source.ts';

/** What the import of a file wants. */
export function fileImport(library: Library, signal = new AbortController().signal): ImportDeps {
  return {
    library,
    source: 'files',
    now: () => '2026-11-21T10:00:00Z',
    actor: 'tester@here',
    purpose: 'test',
    signal,
    progress: () => undefined,
  };
}

/** Imports files, and gives the ids of their sessions. Throws where one is refused or no recording. */
export async function importFiles(library: Library, paths: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const found of findOnDisk(paths)) {
    if (found.kind !== 'recording') throw new Error(found.kind === 'refused' ? found.refusal.message : found.kind);
    const outcome = await importRecording(found, fileImport(library));
    if (outcome.kind === 'refused') throw new Error(outcome.refusal.message);
    ids.push(...outcome.sessionIds);
  }
  return ids;
}
