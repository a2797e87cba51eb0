// A library with three recordings of 3000 lines each, `user N at work`, that are indexed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexRecording } from '../../electron/indexing/pass.ts';
import type { Library } from '../../electron/library/library.ts';
import { importFiles } from './file-import.ts';
import { temporaryLibrary } from './library.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Closed and removed when the test ends. */
export async function indexedLibrary(): Promise<{ readonly library: Library; readonly folder: string; readonly key: Buffer }> {
  const { library, folder, key } = temporaryLibrary();
  const files = temporaryFolder();
  for (let i = 0; i < 3; i++) {
    const file = join(files, `${String(i)}.cast`);
    const events = Array.from({ length: 3000 }, (_, line) =>
      JSON.stringify([line, 'o', `user ${String(line * (i + 1))} at work\r\n`]),
    );
    writeFileSync(file, ['{"version":2,"width":40,"height":9,"timestamp":1790000000}', ...events].join('\n'));
    await importFiles(library, [file]);
  }
  for (const { key } of library.searched.sessions({}, null))
    indexRecording(library, library.sessions.byKey(key)!, null, () => undefined);
  return { library, folder, key };
}
