// Calls about what sources allow: as they were last told, and asked anew.

import type { Desk, Handlers } from './desk.ts';
import { askRights } from './rights-ask.ts';
import { sourceAccess } from './source-access.ts';

type Calls = 'rights.list' | 'rights.check';

export function rightsCalls(desk: Desk, sources = sourceAccess(desk)): Handlers<Calls> {
  return {
    'rights.list': () => desk.rights().list(),
    'rights.check': async ({ source }) => {
      const opened = await sources.open(source);
      try {
        return await askRights(desk, opened, new AbortController().signal);
      } finally {
        opened.client.close();
      }
    },
  };
}
