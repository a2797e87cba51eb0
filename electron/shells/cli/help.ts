// Help and shell completion, made from the table of commands.

import type { Command, Option } from './arguments.ts';

const WIDTH = 30;

function optionLine({ name, short, value, choices, help }: Option): string {
  const form = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${choices?.join('|') ?? value}`}`;
  const text = value === undefined ? `${help} (also =true, =false)` : help;
  return form.length > WIDTH ? `  ${form}\n  ${' '.repeat(WIDTH)}  ${text}` : `  ${form.padEnd(WIDTH)}  ${text}`;
}

export function commandHelp<C>(command: Command<C>, shared: readonly Option[]): string {
  const usage = ['exhibit', ...command.path, ...command.operands, '[options]'].join(' ');
  const sections = [
    `${command.summary}\n\nUsage: ${usage}\n`,
    command.options.length === 0 ? '' : `\nOptions\n${command.options.map(optionLine).join('\n')}\n`,
    `\nGeneral options\n${shared.map(optionLine).join('\n')}\n`,
    command.examples.length === 0 ? '' : `\nExamples\n${command.examples.map((example) => `  ${example}`).join('\n')}\n`,
  ];
  return sections.join('');
}

function commandList<C>(commands: readonly Command<C>[]): string {
  const lines = commands.map(({ path, operands, summary }) => {
    const form = [...path, ...operands].join(' ');
    return form.length > WIDTH ? `  ${form}\n  ${' '.repeat(WIDTH)}  ${summary}` : `  ${form.padEnd(WIDTH)}  ${summary}`;
  });
  return `Commands\n${lines.join('\n')}\n`;
}

/** Help on the commands that begin with one word, such as `cases`. */
export function groupHelp<C>(word: string, commands: readonly Command<C>[]): string {
  return [
    `Usage: exhibit ${word} COMMAND [options]\n`,
    commandList(commands),
    `\`exhibit ${word} COMMAND --help\` shows the options of one.\n`,
  ].join('\n');
}

export function overview<C>(commands: readonly Command<C>[], shared: readonly Option[], version: string): string {
  return [
    `Exhibit ${version}: forensic viewer for terminal session recordings\n`,
    'Usage: exhibit COMMAND [options]\n',
    commandList(commands),
    `General options\n${shared.map(optionLine).join('\n')}\n`,
    'Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a verification failed; 4 intact, but the signer is not known.\n',
    'Examples\n  exhibit import ~/recordings\n  exhibit sessions list --user-id ops\n  exhibit search \'"drop table"\'\n  exhibit COMMAND --help\n',
  ].join('\n');
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** For each beginning of a command, the words that may come next. */
function nextWords<C>(commands: readonly Command<C>[], shared: readonly Option[]): Map<string, string[]> {
  const words = new Map<string, Set<string>>();
  const add = (before: readonly string[], word: string): void => {
    const key = before.join(' ');
    words.set(key, (words.get(key) ?? new Set()).add(word));
  };
  for (const { path, options } of commands) {
    path.forEach((word, i) => {
      add(path.slice(0, i), word);
    });
    for (const { name } of [...options, ...shared]) add(path, `--${name}`);
  }
  return new Map(Array.from(words, ([key, set]) => [key, [...set]]));
}

export function completionScript<C>(
  shell: (typeof SHELLS)[number],
  commands: readonly Command<C>[],
  shared: readonly Option[],
): string {
  const words = nextWords(commands, shared);
  if (shell === 'fish') {
    const lines = Array.from(words, ([before, next]) => {
      const condition = `test (string join ' ' (commandline -opc)[2..-1] | string replace -r ' -.*' '') = '${before}'`;
      return `complete -c exhibit -n "${condition}" -a '${next.join(' ')}'`;
    });
    return `${lines.join('\n')}\n`;
  }
  const cases = Array.from(words, ([before, next]) => `    '${before}') words='${next.join(' ')}' ;;`).join('\n');
  const script = `_exhibit() {
  local before='' word words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) break ;; esac
    before="\${before:+$before }$word"
  done
  while :; do
    case "$before" in
${cases}
    esac
    [ -n "$words" ] && break
    case "$before" in *' '*) before="\${before% *}" ;; *) break ;; esac
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _exhibit exhibit
`;
  return shell === 'zsh' ? `autoload -Uz bashcompinit && bashcompinit\n${script}` : script;
}
