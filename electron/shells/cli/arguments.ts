// The command line's grammar: a table of commands, each with its positional arguments and options. Parsing, help and shell
// completion all come from the table.

import { parseArgs } from 'node:util';
import { ExhibitError } from '../../../shared/api/errors.ts';

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** Without a value name the option is a yes or no. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly repeat?: boolean;
  readonly help: string;
}

export interface Command<Context> {
  /** Words that name it: `sessions list`. */
  readonly path: readonly string[];
  /** Positional arguments as they stand in the help: `ID`, `PATH...`, `[NAME]`. */
  readonly operands: readonly string[];
  readonly options: readonly Option[];
  readonly summary: string;
  readonly examples: readonly string[];
  readonly run: (context: Context, call: Call) => Promise<void>;
}

export interface Call {
  readonly operands: readonly string[];
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  /** Undefined when the option was not given. */
  flag(option: string): boolean | undefined;
  /** Throws kind `usage` when it is no whole number of at least `least`. */
  number(option: string, least: number): number | undefined;
}

export function usage(why: string, path: readonly string[]): ExhibitError {
  return new ExhibitError('usage', path.join(' ') || 'arguments', why, `see \`${['exhibit', ...path, '--help'].join(' ')}\``);
}

/** The command that the words begin with (the longest that fits) and the words after its name. */
export function findCommand<C>(
  commands: readonly Command<C>[],
  words: readonly string[],
): { readonly command: Command<C>; readonly rest: readonly string[] } | null {
  const fitting = commands.filter(({ path }) => path.every((word, i) => words[i] === word));
  const command = fitting.toSorted((a, b) => b.path.length - a.path.length)[0];
  return command === undefined ? null : { command, rest: words.slice(command.path.length) };
}

/** Options of every command that stand before its name, as `--library DIR sessions list` has them, and the words behind them. */
export function optionsBefore(
  shared: readonly Option[],
  words: readonly string[],
): { readonly options: readonly string[]; readonly rest: readonly string[] } {
  let end = 0;
  for (let word = words[0]; word?.startsWith('-') === true; word = words[end]) {
    const option = shared.find(({ name, short, value }) =>
      [`--${name}`, `-${short ?? name}`].some((form) => word === form || (value !== undefined && word.startsWith(`${form}=`))),
    );
    if (option?.value === undefined) break;
    end += word.includes('=') ? 1 : 2;
  }
  return { options: words.slice(0, end), rest: words.slice(end) };
}

/** `--flag=true` and `--flag=false` in the forms that node:util knows. */
function plainFlags(words: readonly string[], options: readonly Option[], path: readonly string[]): string[] {
  const flags = new Set(options.filter(({ value }) => value === undefined).map(({ name }) => name));
  const end = words.indexOf('--');
  return words.map((word, i) => {
    const match = /^--([a-z][a-z0-9-]*)=(.*)$/.exec(word);
    if (match === null || (end >= 0 && i > end) || !flags.has(match[1]!)) return word;
    if (match[2] === 'true') return `--${match[1]!}`;
    if (match[2] === 'false') return `--no-${match[1]!}`;
    throw usage(`--${match[1]!} takes true or false, not ${JSON.stringify(match[2])}`, path);
  });
}

function checkOperands(operands: readonly string[], given: readonly string[], path: readonly string[]): void {
  const needed = operands.filter((operand) => !operand.startsWith('['));
  if (given.length < needed.length) throw usage(`${needed[given.length]!.replace('...', '')} is missing`, path);
  const many = operands.some((operand) => operand.endsWith('...') || operand.endsWith('...]'));
  if (!many && given.length > operands.length)
    throw usage(`${JSON.stringify(given[operands.length])} is one argument too many`, path);
}

/** Throws kind `usage`: unknown option, missing value, wrong number of arguments, value that is none of the choices. */
export function parseCall<C>(command: Command<C>, shared: readonly Option[], words: readonly string[]): Call {
  const { path } = command;
  const options = [...command.options, ...shared];
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: plainFlags(words, options, path),
      options: Object.fromEntries(
        options.map(({ name, short, value, repeat }) => [
          name,
          {
            type: value === undefined ? 'boolean' : 'string',
            ...(short === undefined ? {} : { short }),
            ...(repeat === true ? { multiple: true } : {}),
          } as const,
        ]),
      ),
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
  } catch (error) {
    // An error is one line.
    throw usage((error as Error).message.replace(/\. To specify a positional.*$/s, '').replaceAll('\n', ' '), path);
  }
  const { values, positionals } = parsed;
  for (const { name, choices } of options) {
    const value = values[name];
    if (choices === undefined || value === undefined) continue;
    for (const given of [value].flat() as string[]) {
      if (!choices.includes(given)) throw usage(`--${name} takes ${choices.join(', ')}, not ${JSON.stringify(given)}`, path);
    }
  }
  if (values['help'] !== true) checkOperands(command.operands, positionals, path);
  return {
    operands: positionals,
    text: (option) => values[option] as string | undefined,
    texts: (option) => (values[option] as string[] | undefined) ?? [],
    flag: (option) => values[option] as boolean | undefined,
    number: (option, least) => {
      const text = values[option] as string | undefined;
      if (text === undefined) return undefined;
      const number = Number(text);
      if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
        throw usage(`--${option} takes a whole number from ${String(least)}, not ${JSON.stringify(text)}`, path);
      }
      return number;
    },
  };
}
