// Synchronises a library from the StackShift form of an engine, as a process of its own that can be killed: folder, key in hex, address and
// token. Says `+` each time something came, and how it ended.

import { writeSync } from 'node:fs';
import { openTicking } from '../../../support/ticking-library.ts';
import { synchroniseStackShift } from '../../../support/syncing-stackshift.ts';

const [folder, key, url, token] = process.argv.slice(2) as [string, string, string, string];
const library = openTicking(folder, key);
writeSync(1, '.');
const { sessions, failure, lacks } = await synchroniseStackShift(
  library,
  { url, stackshift: { token } },
  {
    progress: ({ bytes }) => {
      if (bytes !== undefined) writeSync(1, '+');
    },
  },
);
library.close();
const bad = failure ?? lacks[0] ?? sessions.find((session) => session.failure !== null)?.failure ?? null;
writeSync(1, bad === null ? 'done' : JSON.stringify(bad));
