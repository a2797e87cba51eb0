// A sequence in words: its name with its parameters, and what it asks for. Sources: see sequence-names.ts.

import {
  ANSI_MODES,
  ATTRIBUTES,
  CHARSETS,
  CHARSET_SLOTS,
  COLOUR_NAMES,
  CSI,
  DCS,
  ESCAPES,
  LETTER_KEYS,
  OSC,
  PARAMETERS,
  PRIVATE_MODES,
  SHELL_MARKS,
  TILDE_KEYS,
  UNDERLINES,
} from './sequence-names.ts';

export interface Words {
  readonly name: string;
  readonly meaning: string;
}

/** Parameters that are put into words; more are left out. */
const MAX_PARAMETERS = 32;

const own = <T>(table: Readonly<Record<string | number, T>>, key: string | number): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** `31`, `38:2::1:2:3`: parameters with their parts; an empty one is null. */
const parameters = (text: string): (number | null)[][] =>
  text
    .split(';')
    .slice(0, MAX_PARAMETERS)
    .map((one) => one.split(':').map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : null)));

const GROUNDS: Readonly<Record<number, string>> = { 38: 'foreground', 48: 'background', 58: 'underline colour' };

/** `foreground red`, or null where the number names no colour. */
function simpleColour(number: number): string | null {
  const named = (from: number, ground: string, bright: string): string | null => {
    const name = COLOUR_NAMES[number - from];
    return name === undefined ? null : `${ground} ${bright}${name}`;
  };
  return (
    named(30, 'foreground', '') ??
    named(40, 'background', '') ??
    named(90, 'foreground', 'bright ') ??
    named(100, 'background', 'bright ')
  );
}

const hex = (parts: readonly (number | null)[]): string =>
  `#${parts
    .map((part) =>
      Math.min(255, part ?? 0)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

function attributes(text: string): string {
  const given = parameters(text);
  const words: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const [number, ...parts] = given[i]!;
    const which = number ?? 0;
    const ground = own(GROUNDS, which);
    if (ground !== undefined) {
      // With colons all of it is one parameter (and may name a colour space), with semicolons the following ones.
      const joined = parts.length > 0;
      const rest = joined ? parts : given.slice(i + 1, i + 5).map(([one]) => one ?? null);
      const kind = rest[0];
      if (kind === 5) words.push(`${ground} ${String(rest[1] ?? 0)}`);
      else if (kind === 2) words.push(`${ground} ${hex(joined && rest.length > 4 ? rest.slice(2, 5) : rest.slice(1, 4))}`);
      else words.push(`${ground}: not understood`);
      if (!joined) i += kind === 5 ? 2 : kind === 2 ? 4 : 1;
    } else if (which === 4 && parts.length > 0) words.push(UNDERLINES[parts[0] ?? 0] ?? 'underline');
    else words.push(own(ATTRIBUTES, which) ?? simpleColour(which) ?? `unknown attribute ${String(which)}`);
  }
  return words.join(', ');
}

const modes = (text: string, table: Readonly<Record<number, string>>): string =>
  parameters(text)
    .map(([number]) => own(table, number ?? 0) ?? `unknown mode ${String(number ?? 0)}`)
    .join(', ');

const MODIFIERS = ['Shift', 'Alt', 'Ctrl', 'Meta'];

/** `key: Ctrl+Left`, or null where these are the parameters of no key. */
function keyWords(text: string, final: string): string | null {
  const [[first = null] = [], [modifier = null] = []] = parameters(text);
  const key = final === '~' ? own(TILDE_KEYS, first ?? 0) : own(LETTER_KEYS, final);
  if (key === undefined) return null;
  const held = MODIFIERS.filter((_, bit) => (((modifier ?? 1) - 1) & (1 << bit)) !== 0);
  return `key: ${[...held, key].join('+')}`;
}

function numberWords(name: string, meaning: string, numbers: string, text: string): string {
  const given = parameters(text).map(([number]) => number);
  const first = given[0] ?? null;
  switch (numbers) {
    case 'n':
      return `${meaning}: ${String(first === null || first === 0 ? 1 : first)}`;
    case 'column':
    case 'row':
      return `${meaning} ${String(first === null || first === 0 ? 1 : first)}`;
    case 'at':
      return `${meaning} row ${String(first || 1)}, column ${String(given[1] || 1)}`;
    case 'list':
      return text === '' ? meaning : `${meaning}: ${text.replaceAll(';', ', ')}`;
    default: {
      const said = own(own(PARAMETERS, name) ?? {}, first ?? 0);
      return said === undefined ? meaning : `${meaning}: ${said}`;
    }
  }
}

/** A control sequence. `body`: what stands between CSI and its final byte. */
export function describeCsi(body: string, final: string, typed: boolean): Words {
  const [, prefix = '', text = '', intermediates = ''] = /^([<=>?]?)([0-9:;<=>?]*)([ -/]*)$/.exec(body) ?? ['', '', body, ''];
  const known = own(CSI, prefix + intermediates + final);
  const spelled = ['CSI', prefix, text, intermediates === ' ' ? 'SP' : intermediates, final]
    .filter((part) => part !== '')
    .join(' ');
  const key = typed && prefix === '' && intermediates === '' ? keyWords(text, final) : null;
  if (key !== null) return { name: spelled, meaning: key };
  if (known === undefined) return { name: spelled, meaning: 'not known' };
  const [short, meaning, numbers] = known;
  const name = short === '' ? spelled : text === '' ? short : `${short} ${text}`;
  switch (short) {
    case 'SGR':
      return { name, meaning: attributes(text) };
    case 'SM':
    case 'RM':
      return { name, meaning: `${meaning}: ${modes(text, ANSI_MODES)}` };
    case 'DECSET':
    case 'DECRST':
      return { name, meaning: `${meaning}: ${modes(text, PRIVATE_MODES)}` };
    default:
      return { name, meaning: numberWords(short, meaning, numbers, text) };
  }
}

export function describeEscape(intermediates: string, final: string, typed: boolean): Words {
  const spelled = ['ESC', ...Array.from(intermediates), ...Array.from(final)].join(' ').replace('ESC  ', 'ESC SP ');
  if (typed && intermediates === '') {
    const key = final.startsWith('O') && final.length === 2 ? own(LETTER_KEYS, final[1]!) : undefined;
    return { name: spelled, meaning: key === undefined ? `key: Alt+${final}` : `key: ${key}` };
  }
  const slot = own(CHARSET_SLOTS, intermediates);
  if (slot !== undefined) return { name: spelled, meaning: `character set ${slot}: ${own(CHARSETS, final) ?? 'unknown'}` };
  const known = own(ESCAPES, intermediates + final);
  if (known === undefined) return { name: spelled, meaning: 'not known' };
  return { name: known[0] === '' ? spelled : known[0], meaning: known[1] };
}

/** An operating system command: what stands between OSC and its terminator. */
export function describeOsc(text: string): Words {
  const number = /^\d{1,6}(?=;|$)/.exec(text)?.[0];
  if (number === undefined) return { name: `OSC ${text}`, meaning: 'not known' };
  const content = text.slice(number.length + 1);
  const name = `OSC ${number}`;
  const known = own(OSC, Number(number));
  if (known === undefined) return { name, meaning: `not known: ${content}` };
  switch (Number(number)) {
    case 8: {
      const address = content.slice(content.indexOf(';') + 1);
      return { name, meaning: address === '' ? 'link ends' : `link to ${address}` };
    }
    case 133:
    case 633: {
      const mark = own(SHELL_MARKS, content.slice(0, 1));
      return { name: `${name} ${content}`, meaning: mark === undefined ? known : `${known}: ${mark}` };
    }
    case 52:
      return { name, meaning: content.endsWith('?') ? 'asks for the clipboard' : `to the clipboard (Base64): ${content}` };
    default:
      return { name, meaning: content === '' ? known : `${known}: ${content}` };
  }
}

/** A device control string: what stands between DCS and its terminator. */
export function describeDcs(text: string): Words {
  const [whole = '', prefix = '', numbers = '', intermediates = '', final = ''] =
    /^([<=>?]?)([0-9:;]*)([ -/]*)([@-~])/.exec(text) ?? [];
  const content = text.slice(whole.length);
  const name = ['DCS', prefix, numbers, intermediates, final].filter((part) => part !== '').join(' ');
  const known = own(DCS, prefix + intermediates + final);
  if (known === undefined) return { name, meaning: content === '' ? 'not known' : `not known: ${content}` };
  const said = known[0] === '' ? known[1] : `${known[0]}, ${known[1]}`;
  return { name, meaning: content === '' ? said : `${said}: ${content}` };
}
