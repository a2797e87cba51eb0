// `utilityProcess`: a Node process with a port to its parent, over Node's own channel with V8's serialization.

import type { ForkOptions, UtilityProcess } from 'electron';
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { program } from './program.ts';

const CHILD = fileURLToPath(new URL('./utility-child.ts', import.meta.url));

class Utility extends EventEmitter implements Pick<UtilityProcess, 'pid' | 'postMessage' | 'kill'> {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.once('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.once('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? 0 : 128)));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork: (module: string, args: string[] = [], { env }: ForkOptions = {}): Utility => {
    if (!program.ready) throw new Error('utilityProcess cannot be created before app is ready.');
    return new Utility(
      fork(CHILD, [module, ...args], {
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, ...(env as NodeJS.ProcessEnv | undefined) },
      }),
    );
  },
};
