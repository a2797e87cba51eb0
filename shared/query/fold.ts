// The form in which text is compared: compatibility composition (full-width and half-width, composed and decomposed characters
// are the same) and lower case. The index and the matcher use this one function, or they would disagree.
// Unicode Standard Annex 15, form NFKC, cluster by cluster, so that each folded unit knows the text that it came from.

/** A character with the marks that may compose with it; conjoining Hangul letters together. */
const CLUSTER = /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+|[^][\p{M}\uff9e\uff9f]*/gu;

const ASCII = /^[\u0000-\u007f]*$/;

export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // The lower case of a capital sigma depends on what follows it; that of all others stands by itself.
  if (!text.includes('Σ') && text.normalize('NFKC') === text) return text.toLowerCase();
  return text.replaceAll(CLUSTER, (cluster) => cluster.normalize('NFKC').toLowerCase());
}

/**
 * The folded form of a text, of each part of which the folded form stands where that part does; null where there is none such, since
 * folding composes or moves something.
 */
export function foldInPlace(text: string): string | null {
  if (ASCII.test(text)) return text.toLowerCase();
  // The one capital whose lower case is longer.
  if (text.includes('İ') || text.normalize('NFKC') !== text) return null;
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

/** The form without lower case: what a regular expression sees. */
export function composed(text: string): string {
  return ASCII.test(text) ? text : text.replaceAll(CLUSTER, (cluster) => cluster.normalize('NFKC'));
}

export interface Folded {
  readonly text: string;
  /** Where in the original the folded unit at an offset begins; one more entry gives the end. UTF-16 units. */
  readonly starts: readonly number[] | null;
}

/** Folds, or only composes, and remembers positions. `starts` is null where both texts have the same positions. */
export function foldWithPositions(text: string, lowerCase = true): Folded {
  if (ASCII.test(text)) return { text: lowerCase ? text.toLowerCase() : text, starts: null };
  let folded = '';
  const starts: number[] = [];
  for (const match of text.matchAll(CLUSTER)) {
    const whole = match[0].normalize('NFKC');
    const piece = lowerCase ? whole.toLowerCase() : whole;
    for (let i = 0; i < piece.length; i++) starts.push(match.index);
    folded += piece;
  }
  starts.push(text.length);
  return { text: folded, starts };
}

/** The original range of a folded range: whole clusters. */
export function originalRange(folded: Folded, start: number, end: number): { readonly start: number; readonly end: number } {
  const { starts } = folded;
  if (starts === null) return { start, end };
  let after = end;
  while (after < starts.length - 1 && starts[after] === starts[end - 1]) after += 1;
  return { start: starts[start]!, end: starts[after]! };
}
