// Keys that a terminal sends as sequences begin as the Escape key does. What follows belongs to it when it comes with it or at once, as
// terminal programs judge it by the same time: what is typed after that is typed by itself.

/** The longest time between two events with bytes of one sequence, in microseconds: most are one event, and a slow line may cut them. */
export const ESCAPE_TIME = 50_000;

/** A line without its last character, as backspace leaves it. */
export function withoutLast(line: string): string {
  return line.slice(0, /[\ud800-\udbff][\udc00-\udfff]$/.test(line.slice(-2)) ? -2 : -1);
}

/** A line without its last word and the blanks behind it, as ^W leaves it. From behind: an expression would begin at each sign of the line. */
export function withoutLastWord(line: string): string {
  let end = line.trimEnd().length;
  while (end > 0 && line[end - 1]!.trim() !== '') end -= 1;
  return line.slice(0, end);
}
