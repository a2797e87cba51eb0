// The command line: arguments to the contract, answers to tables, JSON, CSV, YAML and an exit code. It runs the same services
// as the window, with no window.

import { installedDeps, openCore } from '../../core.ts';
import { ExhibitError, asExhibitError, exitCode } from '../../../shared/api/errors.ts';
import { ANNOTATE_COMMANDS } from './annotate-commands.ts';
import { findCommand, nearest, optionsBefore, parseCall, usage, type Command, type Option } from './arguments.ts';
import { BUNDLE_COMMANDS } from './bundle-commands.ts';
import { CASE_COMMANDS } from './case-commands.ts';
import { OUTPUTS, createContext, type Context } from './context.ts';
import { DEVICE_COMMANDS } from './device-commands.ts';
import { GROUP_COMMANDS } from './group-commands.ts';
import { SHELLS, commandHelp, completionScript, groupHelp, overview } from './help.ts';
import { HISTORY_COMMANDS } from './history-commands.ts';
import { LIBRARY_COMMANDS } from './library-commands.ts';
import { LIVE_COMMANDS } from './live-commands.ts';
import { READY_COMMAND } from './ready-command.ts';
import { RETENTION_COMMANDS } from './retention-commands.ts';
import { RIGHTS_COMMANDS } from './rights-commands.ts';
import { SCREEN_COMMANDS } from './screen-commands.ts';
import { SEARCH_COMMAND } from './search-command.ts';
import { visible } from '../../../shared/recording/safe-text.ts';
import { SESSION_COMMANDS } from './session-commands.ts';
import { SOURCE_COMMANDS } from './source-commands.ts';
import { SYNC_COMMANDS } from './sync-commands.ts';
import { WATCH_COMMANDS } from './watch-commands.ts';
import { VERIFY_COMMANDS } from './verify-command.ts';

const SHARED: readonly Option[] = [
  { name: 'library', value: 'DIR', help: 'folder of the library (or EXHIBIT_LIBRARY; else the data folder of this system)' },
  { name: 'passphrase-file', value: 'F', help: 'passphrase of the library, on the first line of this file; - is standard input' },
  { name: 'output', short: 'o', value: 'FORMAT', choices: OUTPUTS, help: 'form of lists and answers' },
  { name: 'progress', value: 'MODE', choices: ['auto', 'json', 'none'], help: 'how long work is shown on standard error' },
  { name: 'help', short: 'h', help: 'show this help' },
];

const COMPLETION: Command<Context> = {
  path: ['completion'],
  operands: ['bash|zsh|fish'],
  options: [],
  summary: 'Print the completion script of a shell',
  examples: ['exhibit completion bash > ~/.local/share/bash-completion/completions/exhibit'],
  run: async (context, call) => {
    const shell = SHELLS.find((name) => name === call.operands[0]);
    if (shell === undefined) throw usage(`${JSON.stringify(call.operands[0])} is no shell that is known`, ['completion']);
    await context.write(completionScript(shell, COMMANDS, SHARED));
  },
};

const COMMANDS: readonly Command<Context>[] = [
  ...LIBRARY_COMMANDS,
  READY_COMMAND,
  ...RETENTION_COMMANDS,
  SEARCH_COMMAND,
  ...WATCH_COMMANDS,
  ...SESSION_COMMANDS,
  ...SCREEN_COMMANDS,
  ...GROUP_COMMANDS,
  ...HISTORY_COMMANDS,
  ...CASE_COMMANDS,
  ...BUNDLE_COMMANDS,
  ...ANNOTATE_COMMANDS,
  ...SOURCE_COMMANDS,
  ...RIGHTS_COMMANDS,
  ...SYNC_COMMANDS,
  ...LIVE_COMMANDS,
  ...DEVICE_COMMANDS,
  ...VERIFY_COMMANDS,
  COMPLETION,
];

/** What the user took for a command. */
function wordsBeforeOptions(words: readonly string[]): string {
  const option = words.findIndex((word) => word.startsWith('-'));
  return words.slice(0, option < 0 ? 2 : Math.min(option, 2)).join(' ') || 'arguments';
}

/** Runs the command that the words name. Resolves with the exit code. */
async function run(context: Context, options: readonly string[], words: readonly string[], version: string): Promise<number> {
  const first = words[0];
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    await context.write(overview(COMMANDS, SHARED, version));
    return first === undefined ? 2 : 0;
  }
  if (first === '--version' || first === '-V') {
    await context.write(`${version}\n`);
    return 0;
  }
  if (first.startsWith('-')) throw usage(`${first} does not stand before a command`, []);
  const found = findCommand(COMMANDS, words);
  if (found === null) {
    const group = COMMANDS.filter(({ path }) => path[0] === first);
    const asked = words[1] === '--help' || words[1] === '-h';
    if (group.length > 0 && (words.length === 1 || asked)) {
      await context.write(groupHelp(first, group));
      return asked ? 0 : 2;
    }
    const place = group.length > 0 ? 1 : 0;
    const names = (group.length > 0 ? group : COMMANDS).flatMap(({ path }) => path[place] ?? []);
    const meant = nearest(words[place]!, names);
    const why = `there is no such command${meant === undefined ? '' : `; ${[...words.slice(0, place), meant].join(' ')} may be meant`}`;
    throw new ExhibitError(
      'usage',
      wordsBeforeOptions(words),
      why,
      `\`exhibit ${place === 1 ? `${first} ` : ''}--help\` lists them`,
    );
  }
  const call = parseCall(found.command, SHARED, [...options, ...found.rest]);
  if (call.flag('help') === true) {
    await context.write(commandHelp(found.command, SHARED));
    return 0;
  }
  await found.command.run(context, call);
  return 0;
}

async function main(given: readonly string[]): Promise<number> {
  const { options, rest: words } = optionsBefore(SHARED, given);
  const { stdout, stderr } = process;
  const deps = (library: string | undefined): ReturnType<typeof installedDeps> =>
    installedDeps(import.meta.url, 'command', library);
  const { version } = deps(undefined);
  const context = createContext({ stdout, stderr, openCore: (library) => openCore(deps(library)) });
  const tell = (error: unknown): number => {
    const failure = asExhibitError(error, 'exhibit');
    stderr.write(`exhibit: ${visible(failure.message)}\n`);
    return exitCode(failure.kind);
  };
  let isInterrupted = false;
  const interrupted = (): void => {
    isInterrupted = true;
    const todo = 'what is in the library stays: run it again to go on';
    tell(new ExhibitError('cancelled', wordsBeforeOptions(words), 'it was interrupted', todo));
    context.close().then(
      () => process.exit(130),
      (error: unknown) => process.exit(tell(error)),
    );
  };
  // Whoever reads a pipe may have seen enough: the write itself reports it.
  stdout.on('error', () => undefined);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  let code: number;
  try {
    code = await run(context, options, words, version);
  } catch (error) {
    if (isInterrupted) return 130;
    code = (error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : tell(error);
  }
  process.off('SIGINT', interrupted);
  process.off('SIGTERM', interrupted);
  try {
    await context.close();
  } catch (error) {
    // What failed before often fails again: one line more, and the first one's code.
    code ||= tell(error);
  }
  return code;
}

process.exitCode = await main(process.argv.slice(2));
