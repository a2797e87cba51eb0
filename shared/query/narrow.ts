// What every line that matches must hold: literals, joined by AND and OR. The index is asked with it; a line that it lets through
// is looked at in full, so it may say too little, never too much. Literals are folded (fold.ts).
// The syntax of expressions: https://github.com/google/re2/wiki/Syntax

/** Null: nothing is known. */
export type Narrow =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'all' | 'any'; readonly items: readonly Narrow[] }
  | null;

export function allOf(items: readonly Narrow[]): Narrow {
  const known = items.filter((item) => item !== null);
  return known.length <= 1 ? (known[0] ?? null) : { kind: 'all', items: known };
}

export function anyOf(items: readonly Narrow[]): Narrow {
  if (items.length === 0 || items.includes(null)) return null;
  return items.length === 1 ? items[0]! : { kind: 'any', items };
}

/** The literal without blanks at its ends: an indexed line has none. */
export function literal(text: string): Narrow {
  const bare = text.trim();
  return bare === '' ? null : { kind: 'literal', text: bare };
}

/** Characters whose folded form is the same for every character that an expression takes them for, `i` or not. A dot above may go. */
const steady = (point: string): boolean =>
  point <= '\u007f' || (point.toLowerCase() === point && point.toUpperCase() === point && point !== '\u0307');

/** A class of plain characters: signs that mean something in one are not among them. */
const PLAIN_CLASS = /^(?:[0-9A-Za-z]-[0-9A-Za-z]|\\d|[0-9A-Za-z .,:;/=@#%+_])+$/;

/** What a place that has one of these characters may be once it is folded. Null: it is not known. `inner`: what stands in the brackets. */
function choicesIn(inner: string): readonly string[] | null {
  if (!PLAIN_CLASS.test(inner)) return null;
  const spans = inner.replaceAll('\\d', '0-9').match(/.-.|./g)!;
  const choices = spans.flatMap((span) => {
    const first = span.charCodeAt(0);
    return Array.from({ length: span.charCodeAt(span.length - 1) - first + 1 }, (_, i) => String.fromCharCode(first + i));
  });
  return [...new Set(choices.map((choice) => choice.toLowerCase()))];
}

const DIGITS = choicesIn('\\d');

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/;

/** One character: each that it may be. */
type Choice = readonly string[];

const isChoice = (atom: Choice | Narrow): atom is Choice => Array.isArray(atom);

class Reader {
  readonly #source: string;
  readonly #most: number;
  #at = 0;

  constructor(source: string, most: number) {
    this.#source = source;
    this.#most = most;
  }

  alternatives(): Narrow {
    const items = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      items.push(this.#sequence());
    }
    return anyOf(items);
  }

  /** The least number of times of what was just read, its quantifier read too; 1 and `exactly` where there is none. */
  #times(): { readonly least: number; readonly exactly: boolean } {
    const match = QUANTIFIER.exec(this.#source.slice(this.#at, this.#at + 16));
    if (match === null) return { least: 1, exactly: true };
    this.#at += match[0].length;
    const sign = match[0][0]!;
    return { least: sign === '+' ? 1 : sign === '{' ? Number(match[1]) : 0, exactly: false };
  }

  #sequence(): Narrow {
    const parts: Narrow[] = [];
    /** What characters side by side may be. */
    let runs: readonly string[] = [''];
    const end = (): void => {
      parts.push(anyOf(runs.map(literal)));
      runs = [''];
    };
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      const atom = this.#atom();
      const { least, exactly } = this.#times();
      if (isChoice(atom) && least > 0 && atom.length <= this.#most) {
        if (runs.length * atom.length > this.#most) end();
        runs = runs.flatMap((run) => atom.map((choice) => run + choice));
        if (!exactly) end();
      } else {
        end();
        if (!isChoice(atom) && least > 0) parts.push(atom);
      }
    }
    end();
    return allOf(parts);
  }

  /** What one character may be, folded, or what else an atom demands. */
  #atom(): Choice | Narrow {
    const sign = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    this.#at += sign.length;
    switch (sign) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
      case '^':
      case '$':
        return null;
      default:
        return steady(sign) ? [sign.toLowerCase()] : null;
    }
  }

  #group(): Narrow {
    const head = /^\?(?:P?<[^>]*>|[a-zA-Z-]*:|[a-zA-Z-]*(?=\)))/.exec(this.#source.slice(this.#at, this.#at + 200));
    this.#at += head?.[0].length ?? 0;
    const inner = this.alternatives();
    this.#at += 1;
    return inner;
  }

  #class(): Choice | null {
    const from = this.#at;
    if (this.#source[this.#at] === '^') this.#at += 1;
    if (this.#source[this.#at] === ']') this.#at += 1;
    for (; this.#at < this.#source.length && this.#source[this.#at] !== ']'; this.#at++) {
      if (this.#source[this.#at] === '\\') this.#at += 1;
      else if (this.#source.startsWith('[:', this.#at)) this.#at = Math.max(this.#at, this.#source.indexOf(':]', this.#at) + 1);
    }
    this.#at += 1;
    return choicesIn(this.#source.slice(from, this.#at - 1));
  }

  #escape(): Choice | null {
    const sign = this.#source[this.#at] ?? '';
    this.#at += 1;
    if (/[^\sa-zA-Z0-9]/.test(sign) && sign <= '\u007f') return [sign];
    if (sign === 'd') return DIGITS;
    if (sign === 'p' || sign === 'P' || sign === 'x') {
      if (this.#source[this.#at] === '{') this.#at = Math.max(this.#at, this.#source.indexOf('}', this.#at)) + 1;
      else this.#at += sign === 'x' ? 2 : 1;
    }
    return null;
  }
}

/**
 * What an expression demands of a line. The expression is valid and its text composed as fold.ts composes lines. Where a place may have one of
 * few characters, literals are written out with each, up to `most` in place of one: they narrow better, and are more to look for.
 */
export function narrowOf(source: string, most: number): Narrow {
  // Quoted runs and octal numbers are rare, and their reading is long.
  return /\\[Q0-9]/.test(source) ? null : new Reader(source, most).alternatives();
}

/** Whether a folded text holds what is demanded of it. */
export function holds(text: string, narrow: Narrow): boolean {
  if (narrow === null) return true;
  if (narrow.kind === 'literal') return text.includes(narrow.text);
  return narrow.kind === 'all' ? narrow.items.every((item) => holds(text, item)) : narrow.items.some((item) => holds(text, item));
}
