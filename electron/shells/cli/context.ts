// What a command works with: the core (opened when first needed, its library unlocked or made), the streams, the output format.

import { ExhibitError } from '../../../shared/api/errors.ts';
import type { Api, EventValue, Input, Output } from '../../../shared/api/contract.ts';
import type { Core } from '../../core.ts';
import type { Call } from './arguments.ts';
import { OUTPUTS, list, type Column, type OutputFormat } from './output.ts';
import { progressView } from './progress.ts';
import { readSecret } from './prompt.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { readBytes } from './read-file.ts';

export interface Context {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The core with its library open. Throws kinds `absent`, `keychain`, `passphrase`, `in-use`. */
  api(call: Call): Promise<Api>;
  /** The same, but a library is made where there is none. */
  apiForWriting(call: Call): Promise<Api>;
  /** The core as it is: its library may be absent or locked. */
  bareApi(call: Call): Promise<Api>;
  format(call: Call): OutputFormat;
  write(text: string | Uint8Array): Promise<void>;
  printList<T>(call: Call, rows: readonly T[], columns: readonly Column<T>[], whole?: unknown): Promise<void>;
  /** One line on standard error. */
  note(text: string): void;
  /** Waits for a job, showing its progress. Throws its failure. Cancels it when the user interrupts. */
  finish(call: Call, api: Api, job: string): Promise<void>;
  passphrase(call: Call, option?: string): string | undefined;
  onInterrupt(listener: () => void): () => void;
  close(): Promise<void>;
}

function fileLine(path: string): string {
  // Whatever its bytes are: a library that was made with this file opens with it.
  const line = readBytes(path)
    .toString('utf8')
    .replace(/\r?\n[^]*$/, '');
  if (line === '')
    throw new ExhibitError('passphrase', 'read passphrase', `${path} is empty`, 'put the passphrase on its first line');
  return line;
}

export interface ContextDeps {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly openCore: (library: string | undefined) => Promise<Core>;
}

export function createContext(deps: ContextDeps): Context {
  const { stdout, stderr } = deps;
  let core: Promise<Core> | null = null;
  const interrupts = new Set<() => void>();

  const bareApi = async (call: Call): Promise<Api> => {
    core ??= deps.openCore(call.text('library'));
    return (await core).api;
  };

  const passphrase = (call: Call, option = 'passphrase-file'): string | undefined => {
    const file = call.text(option);
    return file === undefined ? undefined : fileLine(file);
  };

  const unlock = async (api: Api, call: Call): Promise<void> => {
    const { state, protection } = await api.call('vault.status', null);
    if (state !== 'locked') return;
    const given = protection === 'passphrase' ? (passphrase(call) ?? (await readSecret('Passphrase: '))) : undefined;
    await api.call('vault.unlock', given === undefined ? {} : { passphrase: given });
  };

  let warned = false;
  /** What every command says where the custody log is not what was signed. */
  const warn = async (api: Api): Promise<Api> => {
    const { custody } = await api.call('vault.status', null);
    if (warned || custody === null || custody.state === 'intact') return api;
    warned = true;
    const todo = custody.state === 'broken' ? 'exhibit custody verify' : 'exhibit custody verify, exhibit custody accept';
    stderr.write(`exhibit: WARNING: the custody log is ${custody.state}: ${visible(custody.why)} (${todo})\n`);
    return api;
  };

  const create = async (api: Api, call: Call): Promise<void> => {
    const status = await api.call('vault.status', null);
    const given = passphrase(call);
    if (given !== undefined) {
      await api.call('vault.create', { protection: 'passphrase', passphrase: given });
      return;
    }
    if (status.keychain.available) {
      await api.call('vault.create', { protection: 'keychain' });
      return;
    }
    stderr.write(`No OS keychain here (${status.keychain.why}): a passphrase will protect the library.\n`);
    const chosen = await readSecret('New passphrase: ');
    if ((await readSecret('The same again: ')) !== chosen)
      throw new ExhibitError('passphrase', 'create library', 'the two do not agree', 'try again');
    await api.call('vault.create', { protection: 'passphrase', passphrase: chosen });
  };

  const write = (text: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });

  const format = (call: Call): OutputFormat => (call.text('output') as OutputFormat | undefined) ?? 'table';

  return {
    stdout,
    stderr,
    bareApi,
    passphrase,
    format,
    write,
    api: async (call) => {
      const api = await bareApi(call);
      await unlock(api, call);
      return warn(api);
    },
    apiForWriting: async (call) => {
      const api = await bareApi(call);
      if ((await api.call('vault.status', null)).state === 'absent') await create(api, call);
      else await unlock(api, call);
      return warn(api);
    },
    printList: (call, rows, columns, whole = rows) => write(list(format(call), rows, columns, whole)),
    note: (text) => {
      stderr.write(`${text}\n`);
    },
    finish: async (call, api, job) => {
      const mode = call.text('progress') ?? 'auto';
      const view = progressView(mode as 'auto' | 'json' | 'none', stderr);
      const stop = api.on('job', (state: EventValue<'job'>) => {
        if (state.id === job) view.show(state);
      });
      const interrupted = (): void => {
        void api.call('jobs.cancel', { job });
      };
      interrupts.add(interrupted);
      try {
        const { failure } = await api.call('jobs.wait', { job });
        view.end();
        if (failure !== null)
          throw new ExhibitError(failure.kind as ExhibitError['kind'], failure.what, failure.why, failure.todo);
      } finally {
        stop();
        interrupts.delete(interrupted);
      }
    },
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
    close: async () => {
      for (const listener of interrupts) listener();
      const opened = core;
      core = null;
      await (await opened)?.close();
    },
  };
}

export { OUTPUTS };
export type { Input, Output };
