// The search by halves that moments, events and lines are found with: whatever stands in order, asked by position and not by value.

/** The first of `length` positions where `test` holds, for a test that does not go back to false; `length` where none does. */
export function firstWhere(length: number, test: (position: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
