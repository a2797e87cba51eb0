// Answers as people and scripts take them: tables, JSON, CSV, YAML. JSON members are in snake_case; times are seconds as decimal
// numbers, exact to the microsecond, under the contract's name without its unit (docs/command-line.md).

import { Document, visit } from 'yaml';
import { formatSeconds, micros } from '../../../shared/recording/time.ts';
import { csvCell, harmlessJson, visible } from '../../../shared/recording/safe-text.ts';

export const OUTPUTS = ['table', 'json', 'csv', 'yaml'] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

export interface Column<T> {
  readonly head: string;
  readonly value: (row: T) => string | number | boolean | null;
  /** How the table says it, where people read it in another way than programs. */
  readonly told?: (row: T) => string | number | null;
  readonly right?: boolean;
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** JSON text of a source or a signed entry: its names and numbers are its own, and are shown as they are. */
export class GivenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** How a number is shown that JavaScript would round, by its text. */
type ExactNumber = (source: string) => unknown;

function given({ text }: GivenJson, exact: ExactNumber): unknown {
  const keep = (_: string, value: unknown, { source }: { readonly source?: string }): unknown =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exact(source) : value;
  return JSON.parse(text, keep as (name: string, value: unknown) => unknown) as unknown;
}

/** The contract's shape as scripts see it. */
function scriptShape(value: unknown, exact: ExactNumber): unknown {
  if (Array.isArray(value)) return value.map((member) => scriptShape(member, exact));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof GivenJson) return given(value, exact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      name.endsWith('Us')
        ? [snake(name.slice(0, -2)), seconds(member as number | null)]
        : [snake(name), scriptShape(member, exact)],
    ),
  );
}

/** Microseconds as seconds: the shortest decimal that means exactly them. */
export function seconds(us: number | null): number | null {
  return us === null ? null : Number(formatSeconds(micros(us)));
}

/** Terminal columns of a text whose hostile characters were made visible. */
function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

export function table<T>(rows: readonly T[], shown: readonly Column<T>[]): string {
  const cells = rows.map((row) => shown.map(({ value, told = value }) => visible(String(told(row) ?? '-'))));
  const widths = shown.map(({ head }, i) => Math.max(columns(head), ...cells.map((line) => columns(line[i]!))));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => {
        const blanks = ' '.repeat(Math.max(0, widths[i]! - columns(text)));
        return shown[i]!.right === true ? blanks + text : text + blanks;
      })
      .join('  ')
      .trimEnd();
  return [line(shown.map(({ head }) => head)), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

export function csv<T>(rows: readonly T[], shown: readonly Column<T>[]): string {
  const lines = [shown.map(({ head }) => csvCell(head)), ...rows.map((row) => shown.map(({ value }) => csvCell(value(row))))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** A value in one line, as it is. */
export const jsonLine = (value: unknown): string => `${harmlessJson(JSON.stringify(value))}\n`;

/** Text of a JSON number that is written as it is (ECMA-262, JSON.rawJSON). */
const { rawJSON } = JSON as unknown as { rawJSON: ExactNumber };

export const json = (value: unknown): string => `${harmlessJson(JSON.stringify(scriptShape(value, rawJSON), null, 2))}\n`;

export function yaml(value: unknown): string {
  const document = new Document(scriptShape(value, (source) => (/^-?\d+$/.test(source) ? BigInt(source) : Number(source))));
  visit(document, {
    Scalar: (_, node) => {
      // Quoted, the escapes mean the same text.
      if (typeof node.value === 'string' && harmlessJson(node.value) !== node.value) node.type = 'QUOTE_DOUBLE';
    },
  });
  return harmlessJson(document.toString());
}

/** A list in the format asked for; `whole` is what JSON and YAML show when it is more than the rows. */
export function list<T>(format: OutputFormat, rows: readonly T[], shown: readonly Column<T>[], whole: unknown = rows): string {
  switch (format) {
    case 'table':
      return table(rows, shown);
    case 'csv':
      return csv(rows, shown);
    case 'json':
      return json(whole);
    case 'yaml':
      return yaml(whole);
  }
}

/** `1 recording`, `2 recordings`. */
export function some(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
