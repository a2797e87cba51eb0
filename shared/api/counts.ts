// Counts in sentences, grouped as the window groups them: `1 record`, `100,001 records`.

/** Digits in groups of three. */
export const grouped = (n: number | bigint): string => String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

export const some = (n: number | bigint, one: string, many = `${one}s`): string =>
  `${grouped(n)} ${n === 1 || n === 1n ? one : many}`;
