// Ways in which a text gets onto a screen or into a recording without standing there in one piece. Each gives the events of one of them.

import type { RecordingEvent, StreamName } from '../../../../../shared/recording/event.ts';
import { micros } from '../../../../../shared/recording/time.ts';
import type { Random } from '../../../../support/random.ts';

/** An event without its numbers. */
export type Step =
  | { readonly stream: StreamName; readonly bytes: string | Uint8Array }
  | { readonly marker: string }
  | { readonly other: string }
  | { readonly size: readonly [number, number] };

export interface Stage {
  readonly cols: number;
  readonly rows: number;
  readonly random: Random;
}

const out = (...texts: readonly (string | Uint8Array)[]): Step[] => texts.map((bytes) => ({ stream: 'stdout', bytes }));
const typed = (...texts: readonly string[]): Step[] => texts.map((bytes) => ({ stream: 'stdin', bytes }));
const at = (row: number, col: number): string => `\u001b[${String(row)};${String(col)}H`;
const chars = (text: string): string[] => Array.from(text);
const wide = (text: string): string =>
  chars(text)
    .map((char) => (char >= '!' && char <= '~' ? String.fromCodePoint(char.charCodeAt(0) + 0xfee0) : char))
    .join('');

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const middle = (text: string): number => Math.floor(text.length / 2);

/** By name. Each takes a text of at least four characters, none of which is a control. */
export const HIDING_PLACES: Readonly<Record<string, (text: string, stage: Stage) => Step[]>> = {
  plain: (text) => out(`before ${text} after\r\n`),
  'a character an event': (text) => out(...chars(text), '\r\n'),
  'a byte an event': (text) => out(...Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte)), '\r\n'),
  'colours between': (text) => out(chars(text).join('\u001b[31m'), '\u001b[0m\r\n'),
  'a sequence cut by events': (text) => out(`${text.slice(0, 2)}\u001b[3`, `2m${text.slice(2)}\r\n`),
  'wrapped at the edge': (text, { cols }) => out(`\r${'.'.repeat(cols - middle(text))}${text}\r\n`),
  'wrapped by the program': (text, { cols }) =>
    out(`\r${'.'.repeat(cols - middle(text))}${text.slice(0, middle(text))}\r\n${text.slice(middle(text))}\r\n`),
  'corrected by backspace': (text) => out(`${text.slice(0, 3)}#`, `\b${text.slice(3)}\r\n`),
  'carriage return over it': (text) =>
    out(`\r${'#'.repeat(middle(text))}${text.slice(middle(text))}`, `\r${text.slice(0, middle(text))}`, '\r\n'),
  'placed out of order': (text, { random, cols, rows }) => {
    const row = 1 + random.below(rows);
    const col = 1 + random.below(cols - text.length);
    return out(
      ...shuffled(
        chars(text).map((char, i) => `${at(row, col + i)}${char}`),
        random,
      ),
      at(rows, 1),
    );
  },
  'out of order in one event and erased': (text, { random, rows }) =>
    out(
      `${shuffled(
        chars(text).map((char, i) => `${at(1, 3 + i)}${char}`),
        random,
      ).join('')}\u001b[2K${at(rows, 1)}`,
    ),
  'deleted between': (text) => out(`\r\u001b[K${text.slice(0, 2)}##${text.slice(2)}`, `\r\u001b[2C\u001b[2P\r\n`),
  inserted: (text) => out(`\r\u001b[K${text.slice(0, 1)}${text.slice(3)}`, `\r\u001b[1C\u001b[2@${text.slice(1, 3)}\r\n`),
  'insert mode': (text) => out(`\r\u001b[K${text.slice(2)}\r\u001b[4h${text.slice(0, 2)}\u001b[4l`, '\r\n'),
  'painted over': (text) => out(`\r\u001b[K#${text.slice(1)} `, `\r${text.slice(0, 1)}`, '\r\n'),
  'in the title': (text) => out(`\u001b]0;at ${text}\u0007ok\r\n`),
  'in a title cut by events': (text) => out(`\u001b]2;${text.slice(0, 2)}`, `${text.slice(2)}\u001b\\ok\r\n`),
  'on the clipboard': (text) => out(`\u001b]52;c;${base64(`x${text}yz`)}\u0007ok\r\n`),
  'in a control string': (text) =>
    out(`\u001bP${text}\u001b\\ok`, `\u001b_${text}\u001b\\`, `\u001b^${text}\u001b\\`, `\u001bX${text}\u0018`),
  'in a control string in hex': (text) => out(`\u001bP+q${hex(text)}\u001b\\ok\r\n`),
  'in a string that never ends': (text) => out(`\u001b]9;${text}`, 'x'),
  'in a link': (text) => out(`\u001b]8;;http://x/${encodeURIComponent(text)}\u0007link\u001b]8;;\u0007\r\n`),
  'in a string broken off': (text) => out(`\u001b]0;${text}\u001b[1mbold\u001b[0m\r\n`),
  typed: (text) => typed(...chars(text), '\r'),
  'typed and corrected': (text) => typed(text.slice(0, 2), '#', '\u007f', text.slice(2), '\r'),
  'typed out of order': (text) => typed(text.slice(1), '\u001b[H', text.slice(0, 1), '\u001b[F', '\r'),
  'typed with arrows': (text) =>
    typed(text.slice(0, 1), text.slice(2), ...chars(text.slice(2)).map(() => '\u001b[D'), text.slice(1, 2), '\r'),
  pasted: (text) => typed(`\u001b[200~${text}\u001b[201~\r`),
  'on stderr': (text) => [{ stream: 'stderr', bytes: `${text}\r\n` }],
  'on both streams': (text) => [
    { stream: 'stdout', bytes: text.slice(0, 2) },
    { stream: 'stderr', bytes: `${text.slice(2)}\r\n` },
  ],
  'between the streams': (text) => [
    { stream: 'stdout', bytes: text.slice(0, 2) },
    { stream: 'stderr', bytes: 'warning' },
    { stream: 'stdout', bytes: `${text.slice(2)}\r\n` },
  ],
  'of full width': (text) => out(`${wide(text)}\r\n`),
  'with combining marks': (text) =>
    out(
      `${chars(text)
        .map((char) => `${char}\u0336`)
        .join('')}\r\n`,
    ),
  'with invisible characters': (text) => out(`${chars(text).join('\u200b')}\r\n`, `${chars(text).join('\u00ad')}\r\n`),
  'in base64': (text) => out(`${base64(`k=${text}&x`)}\r\n`),
  'in hex': (text) => out(`${hex(text)}\r\n`, `${hex(text).toUpperCase()}\r\n`),
  'as JSON': (text) =>
    out(
      `{"k":"${chars(text)
        .map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join('')}"}\r\n`,
    ),
  'on the alternate screen': (text) => out('\u001b[?1049h', `${at(2, 2)}${text}`, '\u001b[?1049l'),
  'in a scroll region': (text, { rows }) =>
    out(
      `\u001b[2;${String(rows - 1)}r${at(2, 1)}${text.slice(0, 2)}`,
      `${at(rows - 1, 1)}\n${at(1, 3)}${text.slice(2)}`,
      `${at(1, 1)}${text.slice(0, 2)}\u001b[r${at(rows, 1)}`,
    ),
  concealed: (text) => out(`\u001b[8m${text}\u001b[0m\r\n`),
  repeated: (text) =>
    out(
      `${chars(text)
        .map((char) => `${char}\u001b[b\b`)
        .join('')} \r\n`,
    ),
  'in a marker': (text) => [{ marker: `see ${text}` }],
  'in another event': (text) => [{ other: JSON.stringify({ note: [text] }) }],
  'joined by a resize': (text, { cols, rows }) => [
    ...out(`\r${'.'.repeat(cols - middle(text))}${text}\r\n`),
    { size: [cols + 7, rows] as const },
    { size: [cols, rows] as const },
  ],
};

/** Events at a steady pace; each is of a record of its own. */
export function eventsOf(steps: readonly Step[]): RecordingEvent[] {
  return steps.map((step, i): RecordingEvent => {
    const base = { seq: String(i + 1), at: micros(i * 10_000), record: i + 1 };
    if ('marker' in step) return { ...base, kind: 'marker', label: step.marker };
    if ('other' in step) return { ...base, kind: 'other', code: 'note', text: step.other };
    if ('size' in step) return { ...base, kind: 'resize', cols: step.size[0], rows: step.size[1] };
    return { ...base, kind: 'data', stream: step.stream, bytes: Buffer.from(step.bytes) };
  });
}
