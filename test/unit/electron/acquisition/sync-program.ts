// Synchronises a library from an engine, as a process of its own that can be killed: folder, key in hex, address and token of the
// engine. Says `+` each time something came, and how it ended.

import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTicking } from '../../../support/ticking-library.ts';
import { synchronise } from '../../../support/syncing.ts';

const [folder, key, url, token] = process.argv.slice(2) as [string, string, string, string];
const library = openTicking(folder, key);
writeSync(1, '.');
const { sessions, failure } = await synchronise(
  library,
  { url, token },
  {
    follow: true,
    sleep: async (_, signal) => sleep(5, undefined, { signal }),
    progress: ({ bytes }) => {
      if (bytes !== undefined) writeSync(1, '+');
    },
  },
);
library.close();
const bad = failure ?? sessions.find((session) => session.failure !== null)?.failure ?? null;
writeSync(1, bad === null ? 'done' : JSON.stringify(bad));
