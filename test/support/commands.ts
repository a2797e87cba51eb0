// Runs commands of the command line inside the test, over a core that stays open between them.

import { Writable } from 'node:stream';
import type { Core } from '../../electron/core.ts';
import { parseCall, type Command } from '../../electron/shells/cli/arguments.ts';
import { createContext, OUTPUTS, type Context } from '../../electron/shells/cli/context.ts';

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly failure: unknown;
}

const SHARED = [
  { name: 'output', short: 'o', value: 'FORMAT', choices: OUTPUTS, help: '' },
  { name: 'passphrase-file', value: 'F', help: '' },
];

function stream(take: (text: string) => void): NodeJS.WriteStream {
  const write: ConstructorParameters<typeof Writable>[0] = {
    write: (chunk: Buffer, _encoding, done) => {
      take(chunk.toString());
      done();
    },
  };
  return new Writable(write) as unknown as NodeJS.WriteStream;
}

/** The command whose name the words begin with; resolves with what it printed and what it failed with. */
export async function runCommand(core: Core, commands: readonly Command<Context>[], words: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const context = createContext({
    stdout: stream((text) => (out += text)),
    stderr: stream((text) => (err += text)),
    openCore: () => Promise.resolve({ ...core, close: () => Promise.resolve() }),
  });
  const command = commands.find(({ path }) => path.every((word, i) => words[i] === word))!;
  let failure: unknown = null;
  try {
    await command.run(context, parseCall(command, SHARED, words.slice(command.path.length)));
  } catch (error) {
    failure = error;
  }
  return { out, err, failure };
}
