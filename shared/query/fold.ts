// The form in which text is compared: compatibility composition (full-width and half-width, composed and decomposed characters
// are the same) and folded case (ς is σ, ß is ss). The index and the matcher use this one function, or they would disagree.
// Unicode Standard Annex 15, form NFKC, and its full case folding (section 3.13 of the standard), cluster by cluster, so that each folded
// unit knows the text that it came from. İ is i beside that: its dot is the one that an i has.

/** A character with the marks that may compose with it; conjoining Hangul letters together. */
const CLUSTER = /[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]+|[^][\p{M}\uff9e\uff9f]*/gu;

const ASCII = /^[\u0000-\u007f]*$/;

/**
 * Characters whose case folding is more than one lower-case letter, among them all of polytonic Greek, and the dot above, of which an i loses
 * its own.
 */
const LONGER = /[\u00df\u0130\u01f0\u0307\u0345\u0390\u03b0\u1c80-\u1c88\u1e96-\u1e99\u1e9e\u1f50-\u1fff]/g;

/** What joins the character before it when text is folded: what stood there before is found no more. */
export const JOINS = /[\p{M}\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7fb]/u;

export function fold(text: string): string {
  return foldInPlace(text) ?? text.replaceAll(CLUSTER, (cluster) => foldComposed(cluster.normalize('NFKC')));
}

/** The case folding of a composed cluster: what no letter case changes. */
function foldComposed(cluster: string): string {
  const lower = cluster.toLowerCase().replaceAll('ς', 'σ');
  if (lower.search(LONGER) < 0) return lower;
  return lower.replaceAll('i\u0307', 'i').replaceAll(LONGER, (point) => point.toUpperCase().normalize('NFC').toLowerCase());
}

/**
 * The folded form of a text, of each part of which the folded form stands where that part does; null where there is none such, since
 * folding composes, moves or lengthens something.
 */
export function foldInPlace(text: string): string | null {
  if (ASCII.test(text)) return text.toLowerCase();
  if (text.search(LONGER) >= 0 || text.normalize('NFKC') !== text) return null;
  // The lower case of a capital sigma depends on what follows it; that of all others stands by itself.
  return text.replaceAll(/[Σς]/g, 'σ').toLowerCase();
}

/** The form with its letter case: what a regular expression sees. */
export function composed(text: string): string {
  return ASCII.test(text) ? text : text.replaceAll(CLUSTER, (cluster) => cluster.normalize('NFKC'));
}

export interface Folded {
  readonly text: string;
  /** Where in the original the folded unit at an offset begins; one more entry gives the end. UTF-16 units. */
  readonly starts: readonly number[] | null;
}

/** Folds, or only composes, and remembers positions. `starts` is null where both texts have the same positions. */
export function foldWithPositions(text: string, foldsCase = true): Folded {
  if (ASCII.test(text)) return { text: foldsCase ? text.toLowerCase() : text, starts: null };
  let folded = '';
  const starts: number[] = [];
  for (const match of text.matchAll(CLUSTER)) {
    const whole = match[0].normalize('NFKC');
    const piece = foldsCase ? foldComposed(whole) : whole;
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
