// The command line's grammar: a table of commands, each with its positional arguments and options. Parsing, help and shell
// completion all come from the table.

import { parseArgs } from 'node:util';
import { ExhibitError } from '../../../shared/api/errors.ts';
import { parseInstant } from '../../../shared/recording/time.ts';

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
  /** A moment (RFC 3339); a date alone is the first or the last microsecond of that day in UTC. Throws kind `usage` for anything else. */
  instant(option: string, ofDay: 'first' | 'last'): string | undefined;
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

/** `--flag=true` and `--flag=false`, and `-f=true`, in the forms that node:util knows. Throws kind `usage`. */
function plainFlags(words: readonly string[], options: readonly Option[], path: readonly string[]): string[] {
  const flags = options.filter(({ value }) => value === undefined);
  const end = words.indexOf('--');
  return words.map((word, i) => {
    const equals = word.indexOf('=');
    if (equals < 0) return word;
    const [form, value] = [word.slice(0, equals), word.slice(equals + 1)];
    const flag = flags.find(({ name, short }) => form === `--${name}` || form === `-${short ?? name}`);
    if (flag === undefined || (end >= 0 && i > end)) return word;
    if (value === 'true') return `--${flag.name}`;
    if (value === 'false') return `--no-${flag.name}`;
    throw usage(`${form} takes true or false, not ${JSON.stringify(value)}`, path);
  });
}

/** Letters to insert, leave out or replace to make one word of another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let y = 1; y <= a.length; y++) {
    const next = [y];
    for (let x = 1; x <= b.length; x++)
      next.push(Math.min(row[x]! + 1, next[x - 1]! + 1, row[x - 1]! + (a[y - 1] === b[x - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The name that a mistyped one is nearest to, or that it begins; undefined where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, far: name.startsWith(word) ? 1 : distance(word, name) }))
    .filter(({ far }) => far <= 2);
  return near.toSorted((a, b) => a.far - b.far)[0]?.name;
}

/** What is wrong with options, as node:util found it, in one sentence. */
function wrongOption(error: unknown, options: readonly Option[]): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const [, form = ''] = /'(--?[^' ]+)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const meant = nearest(
      form.replace(/^-+(no-)?/, ''),
      options.map(({ name }) => name),
    );
    return `there is no option ${form}${meant === undefined ? '' : `; --${meant} may be meant`}`;
  }
  if (message.includes('ambiguous')) return `${form} takes a value; one that begins with a dash is written ${form}=-…`;
  if (message.includes('argument missing')) return `${form} takes a value`;
  return message.replaceAll('\n', ' ');
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
  const args = plainFlags(words, options, path);
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args,
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
    throw usage(wrongOption(error, options), path);
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
    instant: (option, ofDay) => {
      const text = values[option] as string | undefined;
      if (text === undefined) return undefined;
      const day = ofDay === 'first' ? 'T00:00:00Z' : 'T23:59:59.999999Z';
      const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? text + day : text;
      if (parseInstant(instant) !== null) return instant;
      throw usage(`--${option} takes a date or a moment (2026-11-21, 2026-11-21T03:40:00Z), not ${JSON.stringify(text)}`, path);
    },
  };
}
