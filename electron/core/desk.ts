// What every group of calls works with, and the shape of a call's handler. A row whose act is not null must say what it was done
// to: core.ts writes the custody entry before the answer leaves.

import type { CallName, Contract, EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import type { JsonValue } from '../../shared/evidence/canonical-json.ts';
import type { VerifyFile } from '../export/export.ts';
import type { Indexer } from '../indexing/indexing.ts';
import type { SearchThreads } from '../search/search.ts';
import type { Library, SessionRow } from '../library/library.ts';
import type { Custodian } from './custodian.ts';
import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';
import type { Offers } from './offers.ts';
import type { Recordings } from './recordings.ts';
import type { Retention } from './retention.ts';
import type { Rights } from './rights.ts';
import type { Tickets } from './tickets.ts';
import type { Watcher } from './watcher.ts';

export interface Desk {
  readonly custodian: Custodian;
  readonly jobs: Jobs;
  readonly version: string;
  /** Folder of the sample case, where this installation has it. */
  readonly sample: string | null;
  /** Folder of the player that reports get. */
  readonly report: string;
  /** Folder of the verifier that bundles carry. */
  readonly verifier: string;
  /** RFC 3339, UTC. */
  readonly now: () => string;
  readonly actor: string;
  readonly home: string;
  /** Program of the thread that packs what is synchronised. */
  readonly packWorker: URL;
  /** Verifies bundles that are files, with all that the machine has for it. */
  readonly verifyFile: VerifyFile;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly wallClock: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** Why the library is used, as the user set it. */
  readonly purpose: () => string;
  readonly emit: <E extends EventName>(name: E, value: EventValue<E>) => void;
  /** The open library. Throws kinds `absent`, `locked`. */
  readonly library: () => Library;
  readonly indexer: () => Indexer;
  /** Null where no library is open. */
  readonly searchThreads: () => SearchThreads | null;
  /** What the sources of the open library let be done: every call that shows or hands out something asks. */
  readonly rights: () => Rights;
  /** What opens the encrypted sessions of the open library. */
  readonly keys: () => Keys;
  readonly recordings: () => Recordings;
  /** The clock, the policies and the sweep of the open library. */
  readonly retention: () => Retention;
  readonly watcher: () => Watcher;
  /** Files of the page that jobs read. */
  readonly offers: Offers;
  /** What is being handed out. */
  readonly tickets: Tickets;
}

export interface Acted<T> {
  readonly output: T;
  /** What the act was done to; null where the entry is written by the work itself, when it is done. */
  readonly subject: string | null;
  readonly details: { readonly [key: string]: JsonValue };
}

export type Handler<K extends CallName> = Contract[K]['act'] extends null
  ? (input: Input<K>) => Output<K> | Promise<Output<K>>
  : (input: Input<K>) => Acted<Output<K>> | Promise<Acted<Output<K>>>;

export type Handlers<K extends CallName> = { readonly [N in K]: Handler<N> };

/** The session that an id means. Throws kind `not-found`. */
export function findSession(library: Library, id: string): SessionRow {
  const found = library.sessions.find(id);
  if (found === null)
    throw new ExhibitError(
      'not-found',
      `session ${id}`,
      'there is no such session in the library',
      '`exhibit sessions list` shows them',
    );
  if (found === 'ambiguous')
    throw new ExhibitError('not-found', `session ${id}`, 'more than one session fits', 'give more of the id');
  return found;
}
