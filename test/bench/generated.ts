// Recordings for benchmarks: a shell's life, made from a seed alone, so that each run measures the same bytes.

/** Numbers from 0 to below `n`, the same for the same seed (mulberry32). */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const WORDS =
  'connection accepted worker listening on port statement select from orders where status pending retry after cache miss needle'.split(
    ' ',
  );

/** An asciicast v2 of `events` output events: log lines, progress lines, coloured text, cursor movements. */
export function generateCast(events: number, seed: number): string {
  const pick = numbers(seed);
  const word = (): string => WORDS[pick(WORDS.length)]!;
  const line = (): string => Array.from({ length: 6 + pick(10) }, word).join(' ');
  const one = (i: number): string => {
    switch (pick(8)) {
      case 0:
        return `\r\u001b[K[${'#'.repeat(pick(40)).padEnd(40)}] ${String(pick(100))} %`;
      case 1:
        return `\u001b[1;3${String(pick(8))}m${line()}\u001b[0m\r\n`;
      case 2:
        return `\u001b[${String(1 + pick(36))};${String(1 + pick(80))}H${word()}\u001b[36;1H`;
      case 3:
        return `needle ${String(pick(100_000))} ${line()}\r\n`;
      default:
        return `2026-11-21T0${String(pick(10))}:00:00Z ${String(i)} ${line()}\r\n`;
    }
  };
  const lines = Array.from({ length: events }, (_, i) => JSON.stringify([i / 50, 'o', one(i)]));
  return `${JSON.stringify({ version: 2, width: 120, height: 36 })}\n${lines.join('\n')}\n`;
}

/** The output of each event, as bytes. */
export function outputOf(cast: string): Buffer[] {
  return cast
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => Buffer.from((JSON.parse(line) as [number, string, string])[2]));
}
