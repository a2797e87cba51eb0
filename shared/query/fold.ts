// The form in which text is compared: compatibility composition (so that full-width and half-width, composed and decomposed
// characters are the same) and lower case. The index and the matcher use this one function, or they would disagree.
// Unicode Standard Annex 15, form NFKC.

export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
