// Dates and lengths of time as a query gives them. A date without a zone is in UTC. Microseconds, since 1970-01-01 UTC for dates.

/** From `from` on and before `to`; null where it is open. */
export interface TimeSpan {
  readonly from: number | null;
  readonly to: number | null;
}

const SECOND = 1_000_000;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1000,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
};

/** `30s`, `5m`, `1h30m`, `250ms`; null for anything else. */
export function parseLength(text: string): number | null {
  if (!/^(?:\d{1,9}(?:ms|[smhd]))+$/.test(text) || text.length > 40) return null;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhd])/g)) sum += Number(count) * UNITS[unit!]!;
  return Number.isSafeInteger(sum) ? sum : null;
}

const DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?)?)?$/;

/** The span that a date names: a year, a month, a day, a minute, a second, or less. Null when there is no such date. */
export function parseDate(text: string): { readonly from: number; readonly to: number } | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const [y, mo, d, h, mi, s] = [year, month ?? 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const start = new Date(Date.UTC(y, mo - 1, d, h, mi, s));
  const exists = start.getUTCMonth() === mo - 1 && start.getUTCDate() === d && h <= 23 && mi <= 59 && s <= 59 && y >= 100;
  if (!exists) return null;
  const offset = zone === undefined || zone === 'Z' ? 0 : zoneOffset(zone);
  const from = start.getTime() * 1000 - offset + Number((fraction ?? '').padEnd(6, '0'));
  if (month === undefined) return { from, to: Date.UTC(y + 1, 0, 1) * 1000 };
  if (day === undefined) return { from, to: Date.UTC(y, mo, 1) * 1000 };
  const length = hour === undefined ? 86_400 * SECOND : second === undefined ? 60 * SECOND : 10 ** (6 - (fraction ?? '').length);
  return { from, to: from + length };
}

function zoneOffset(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60 * SECOND;
}

/** `2026-11-21` or `2026-11-20/2026-11-21T12:00`; both ends are meant whole. */
export function parseDuring(text: string): TimeSpan | null {
  const [first, last, more] = text.split('/');
  const from = parseDate(first ?? '');
  const to = last === undefined ? from : parseDate(last);
  return more !== undefined || from === null || to === null || to.to <= from.from ? null : { from: from.from, to: to.to };
}
