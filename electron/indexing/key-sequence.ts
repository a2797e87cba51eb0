// Keys that a terminal sends as sequences begin as the Escape key does. What follows belongs to it when it comes with it or at once, as
// terminal programs judge it by the same time: what is typed after that is typed by itself.

/** The longest time between two events with bytes of one sequence, in microseconds: most are one event, and a slow line may cut them. */
export const ESCAPE_TIME = 50_000;
