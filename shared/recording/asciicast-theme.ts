// The colours of the terminal in which an asciicast was recorded, as its header may give them.
// https://docs.asciinema.org/manual/asciicast/v2/ and /v3/

import { isObject, parseJson } from './json-text.ts';
import { encodeUtf8 } from './utf8.ts';

/** Colours as `#rrggbb`, as far as they are known. */
export interface Theme {
  readonly foreground?: string;
  readonly background?: string;
  /** The 16 that have names. */
  readonly colours?: readonly string[];
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** What a header says of its colours; what stands there in another form says nothing. */
export function themeOf(header: string): Theme {
  const parsed = parseJson(encodeUtf8(header));
  if (parsed.kind === 'fault' || !isObject(parsed.value)) return {};
  const { term, theme } = parsed.value;
  const given = isObject(theme) ? theme : isObject(term) ? term['theme'] : undefined;
  if (!isObject(given)) return {};
  const colour = (value: unknown): string | undefined => (typeof value === 'string' && COLOUR.test(value) ? value : undefined);
  const foreground = colour(given['fg']);
  const background = colour(given['bg']);
  const colours = paletteOf(given['palette']);
  return {
    ...(foreground === undefined ? {} : { foreground }),
    ...(background === undefined ? {} : { background }),
    ...(colours === null ? {} : { colours }),
  };
}

/** 8 or 16 colours with colons between: the bright ones are the others where there are 8. */
function paletteOf(value: unknown): readonly string[] | null {
  const colours = typeof value === 'string' ? value.split(':', 17) : [];
  if (!colours.every((colour) => COLOUR.test(colour))) return null;
  if (colours.length === 8) return [...colours, ...colours];
  return colours.length === 16 ? colours : null;
}
