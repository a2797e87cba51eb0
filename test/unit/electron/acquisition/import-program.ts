// Imports paths into a library, as a process of its own that can be killed: folder, key in hex, paths. Says how far it is, one
// line for each piece of work, and what came of each recording.

import { writeSync } from 'node:fs';
import { importRecording } from '../../../../electron/acquisition/acquisition.ts';
import { findOnDisk } from '../../../../electron/source/source.ts';
import { fileImport } from '../../../support/file-import.ts';
import { openTicking } from '../../../support/ticking-library.ts';

const [folder, key, ...paths] = process.argv.slice(2) as [string, string, ...string[]];
const library = openTicking(folder, key);
let bytes = 0;
for await (const found of findOnDisk(paths)) {
  if (found.kind !== 'recording') throw new Error(found.kind === 'refused' ? found.refusal.message : found.kind);
  const outcome = await importRecording(found, {
    ...fileImport(library),
    // Written at once, so that whoever reads it knows it before the process goes on.
    progress: (more) => writeSync(1, `${String((bytes += more))}\n`),
  });
  writeSync(1, `${outcome.kind}\n`);
}
library.close();
