// What a shell writes into its marks (OSC 133, OSC 633) besides their letter: which prompt it is, the command line, the exit status.

/** Whether a prompt (A) is the one for the rest of a command. */
export const isSecondary = (parameters: readonly string[]): boolean =>
  parameters.some((text) => text === 'k=s' || text === 'k=c');

/** The exit status with which a command has ended (D); null where none is told. */
export const statusOf = ([status]: readonly string[]): number | null =>
  status !== undefined && /^-?\d{1,10}$/.test(status) ? Number(status) : null;

/** OSC 633 E: `;` and control characters as `\xHH`, a backslash twice. */
export function unescapeCommand(text: string): string {
  return text.replaceAll(/\\(?:\\|x([0-9a-fA-F]{2}))/g, (_match, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The parameters of OSC 133 C: `cmdline_url`, percent-encoded (fish, kitty), or `cmdline`, quoted as by `printf %q` (kitty); null where neither is. */
export function commandOf(parameters: readonly string[]): string | null {
  for (const [i, parameter] of parameters.entries()) {
    if (parameter.startsWith('cmdline_url=')) return decodePercent(parameter.slice('cmdline_url='.length));
    // Quoting leaves `;` as it is.
    if (parameter.startsWith('cmdline=')) return unquote(parameters.slice(i).join(';').slice('cmdline='.length));
  }
  return null;
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  v: '\v',
};

function unquote(text: string): string {
  return text.replaceAll(
    /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|\\(.)/gs,
    (_match, ansi: string | undefined, plain: string | undefined, one: string | undefined) =>
      ansi?.replaceAll(/\\(?:([0-7]{3})|(.))/gs, (_escape, octal: string | undefined, sign: string | undefined) =>
        octal === undefined ? (CONTROLS[sign!] ?? sign!) : String.fromCharCode(Number.parseInt(octal, 8)),
      ) ??
      plain ??
      one!,
  );
}
