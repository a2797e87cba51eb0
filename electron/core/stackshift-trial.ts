// Tries a StackShift source: what its token may do, and whether its paths answer. They are not public, so each is shown with what came of it;
// those that would change something are not tried.

import type { SourceTest } from '../../shared/api/source-shapes.ts';
import { isObject, textOf, type JsonObject } from '../../shared/recording/json-text.ts';
import type { SourceRow } from '../library/library.ts';
import {
  ownPaths,
  pathsOf,
  SourceError,
  STACKSHIFT_PATH_NAMES,
  STACKSHIFT_RIGHTS,
  type Enveloped,
  type StackShift,
  type StackShiftPath,
} from '../source/source.ts';
import { clockOffset } from './rstream-trial.ts';

type Ability = SourceTest['abilities'][number];
type Tried = { readonly tried: 'yes' | 'no' | 'failed'; readonly answer: string };

const WOULD_ACT: Tried = { tried: 'no', answer: 'trying it would change something at the source' };

/** What is asked of the source, and the right that it needs. */
const OPERATIONS: readonly (readonly [operation: string, needs: string, path: StackShiftPath])[] = [
  ['read the history', STACKSHIFT_RIGHTS.history, 'sessions'],
  ['read recordings', STACKSHIFT_RIGHTS.recording, 'recording'],
  ['hand out recordings', STACKSHIFT_RIGHTS.download, 'recording'],
  ['end live sessions', STACKSHIFT_RIGHTS.policy, 'revoke'],
];

class Trial {
  readonly #found = new Map<StackShiftPath, Tried>();
  /** The first answer: its date tells the source's clock. */
  first: Enveloped | null = null;

  /** Runs a harmless request. Faults that say something of the path or the token are answers; every other failure is thrown. */
  async ask<T extends Enveloped>(path: StackShiftPath, request: Promise<T>, said: (answer: T) => string): Promise<T | null> {
    try {
      const answer = await request;
      this.first ??= answer;
      this.#found.set(path, { tried: 'yes', answer: said(answer) });
      return answer;
    } catch (error) {
      this.#failed(path, error);
      return null;
    }
  }

  /** Begins to read a recording, and lets it be. */
  async begin(client: StackShift, id: string, signal: AbortSignal): Promise<void> {
    try {
      const { bytes } = await client.recording(id, signal);
      const pieces = bytes[Symbol.asyncIterator]();
      const { done } = await pieces.next();
      await pieces.return?.();
      this.#found.set('recording', {
        tried: 'yes',
        answer: done === true ? 'an empty recording' : 'the beginning of a recording',
      });
    } catch (error) {
      this.#failed('recording', error);
    }
  }

  not(path: StackShiftPath, answer: string): void {
    this.#found.set(path, { tried: 'no', answer });
  }

  of(path: StackShiftPath): Tried {
    return this.#found.get(path) ?? WOULD_ACT;
  }

  #failed(path: StackShiftPath, error: unknown): void {
    const isAnswer = error instanceof SourceError && error.status !== null && error.fault !== 'unauthorized';
    if (!isAnswer) throw error;
    this.#found.set(path, { tried: 'failed', answer: error.why });
  }
}

function allowed(
  needs: string,
  path: StackShiftPath,
  permissions: readonly unknown[] | null,
  trial: Trial,
): Omit<Ability, 'operation'> {
  const verdict = (yes: Ability['allowed'], why: string): Omit<Ability, 'operation'> => ({ needs: [needs], allowed: yes, why });
  if (permissions !== null)
    return permissions.includes(needs) ? verdict('yes', `the token has ${needs}`) : verdict('no', `the token has no ${needs}`);
  const { tried, answer } = trial.of(path);
  if (needs === STACKSHIFT_RIGHTS.download || tried === 'no')
    return verdict('unknown', 'the source does not say what the token may do');
  return verdict(tried === 'yes' ? 'yes' : 'unknown', answer);
}

const count = (items: readonly unknown[], one: string): string =>
  `${String(items.length)} ${one}${items.length === 1 ? '' : 's'} on a first page`;

export async function tryStackShift(
  client: StackShift,
  { engine, paths: kept }: Pick<SourceRow, 'engine' | 'paths'>,
  wallClock: () => number,
  signal: AbortSignal,
): Promise<SourceTest> {
  const trial = new Trial();
  const permitted = await trial.ask('permissions', client.permissions(signal), () => 'the permissions of the token');
  const policy = await trial.ask('policy', client.policy(signal), () => 'the terminal policy');
  const firstOf = async <T>(pages: AsyncIterable<T>): Promise<T> => {
    for await (const page of pages) return page;
    throw new Error('a list has at least one page');
  };
  const listed = await trial.ask('sessions', firstOf(client.historyPages({ limit: 20 }, signal)), ({ items }) =>
    count(items, 'session'),
  );
  await trial.ask('events', firstOf(client.eventPages(signal)), ({ items }) => count(items, 'event'));
  const records: readonly JsonObject[] = (listed?.items ?? []).filter(isObject);
  const id = textOf(records[0] ?? {}, 'id');
  if (id === undefined) trial.not('session', 'no session is known');
  else await trial.ask('session', client.session(id, signal), () => 'a session');
  const recorded = records.find(({ recording }) => isObject(recording) && recording['status'] === 'available');
  if (recorded === undefined) trial.not('recording', 'no session with a recording is known');
  else await trial.begin(client, textOf(recorded, 'id') ?? '', signal);

  const permissions = (permitted?.data['permissions'] ?? null) as readonly unknown[] | null;
  const table = pathsOf(kept);
  const own = ownPaths(kept);
  return {
    engine,
    clockOffsetMs: trial.first === null ? null : clockOffset(trial.first, wallClock),
    identity: null,
    abilities: OPERATIONS.map(([operation, needs, path]) => ({ operation, ...allowed(needs, path, permissions, trial) })),
    capabilities: JSON.stringify({ permissions, policy: policy?.data ?? null }),
    paths: STACKSHIFT_PATH_NAMES.map((name) => ({ name, path: table[name], own: name in own, ...trial.of(name) })),
  };
}
