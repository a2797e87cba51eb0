// Numbers for people: offsets, lengths of time, instants in a zone, bytes, counts. Times are whole microseconds; nothing here rounds
// up, so that a shown time never lies after the thing that it names.

export type Zone = 'utc' | 'local';

const SECOND = 1_000_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** `1:02:03.456`; `02:03.456` below an hour, `40 d 00:00:03.456` from a day on. `digits` of the second, 0 to 6, cut off. */
export function formatOffset(us: number, digits = 3): string {
  const total = Math.abs(us);
  const seconds = Math.floor(total / SECOND);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const before = days > 0 ? `${String(days)} d ${two(hours)}:` : hours > 0 ? `${String(hours)}:` : '';
  const clock = `${before}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = String(total % SECOND)
    .padStart(6, '0')
    .slice(0, digits);
  return `${us < 0 ? '−' : ''}${clock}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A length of time as people say it: `7 min 33 s`, `3.5 s`, `850 ms`, `1 d 2 h`. At most two units. */
export function formatDuration(us: number): string {
  if (us < 1000) return us === 0 ? '0 s' : `${String(us)} µs`;
  if (us < SECOND) return `${String(Math.floor(us / 1000))} ms`;
  const seconds = Math.floor(us / SECOND);
  if (seconds < 10) return `${String(Math.floor(us / 100_000) / 10)} s`;
  if (seconds < 60) return `${String(seconds)} s`;
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  const [size, name] = units[first]!;
  const [below, belowName] = units[first + 1]!;
  const rest = Math.floor((seconds % size) / below);
  return `${String(Math.floor(seconds / size))} ${name}${rest === 0 ? '' : ` ${String(rest)} ${belowName}`}`;
}

/** How long a session lasted. One whose events have no times says nothing of it. */
export const formatLasted = (us: number): string => (us === 0 ? 'not known' : formatDuration(us));

/** The same in words, for speech: `7 minutes 33 seconds`. */
export function spokenDuration(us: number): string {
  const words: Readonly<Record<string, string>> = {
    d: 'day',
    h: 'hour',
    min: 'minute',
    s: 'second',
    ms: 'millisecond',
    µs: 'microsecond',
  };
  return formatDuration(us).replaceAll(
    /([\d.]+) (\S+)/g,
    (_, n: string, unit: string) => `${n} ${words[unit] ?? unit}${n === '1' ? '' : 's'}`,
  );
}

const grouped = new Intl.NumberFormat('en-US');

export const formatCount = (n: number): string => grouped.format(n);

/** `1 session`, `48,211 sessions`. */
export const formatSome = (n: number, one: string, many = `${one}s`): string => `${formatCount(n)} ${n === 1 ? one : many}`;

/** Decimal units, as storage is sold and files are listed: `20.4 kB`. */
export function formatBytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 ? String(value) : value < 100 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value));
  return `${text} ${units[unit]!}`;
}

/** `+01:00` of a moment at this place; what the system says, summer time and all. */
function localOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2026-11-21 03:38:57`, with `digits` of the second, in the zone, without its name. `epochUs`: microseconds since 1970 UTC. */
export function formatWall(epochUs: number, zone: Zone, digits = 0): string {
  const date = new Date(Math.floor(epochUs / 1000));
  const local = zone === 'local';
  const year = local ? date.getFullYear() : date.getUTCFullYear();
  const month = local ? date.getMonth() : date.getUTCMonth();
  const day = local ? date.getDate() : date.getUTCDate();
  const hours = local ? date.getHours() : date.getUTCHours();
  const minutes = local ? date.getMinutes() : date.getUTCMinutes();
  const seconds = local ? date.getSeconds() : date.getUTCSeconds();
  const fraction = String(((epochUs % SECOND) + SECOND) % SECOND)
    .padStart(6, '0')
    .slice(0, digits);
  return `${String(year)}-${two(month + 1)}-${two(day)} ${two(hours)}:${two(minutes)}:${two(seconds)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The name of the zone at that moment: `UTC`, or `UTC+01:00` for local time. */
export const zoneName = (epochUs: number, zone: Zone): string =>
  zone === 'utc' ? 'UTC' : `UTC${localOffset(new Date(Math.floor(epochUs / 1000)))}`;

/** What is left when RFC 3339 text cannot be read: never NaN on screen. */
export const UNKNOWN_TIME = 'unknown';

/** RFC 3339 text as microseconds since 1970 UTC, or null. Digits below a microsecond are cut off. */
export function epochOf(instant: string): number | null {
  const millis = Date.parse(instant);
  if (Number.isNaN(millis)) return null;
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  return Math.floor(millis / 1000) * SECOND + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** RFC 3339 text as wall time with its zone: `2026-11-21 03:38:57 UTC`. */
export function formatInstant(instant: string | null, zone: Zone, digits = 0): string {
  const epoch = instant === null ? null : epochOf(instant);
  return epoch === null ? UNKNOWN_TIME : `${formatWall(epoch, zone, digits)} ${zoneName(epoch, zone)}`;
}

/** The instants of a sentence that Exhibit wrote, RFC 3339 in UTC, as wall times of the zone; digits of the second as they were. */
export const zonedSentence = (text: string, zone: Zone): string =>
  text.replaceAll(/(?<![\w-])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,6}))?Z(?!\w)/g, (instant, fraction: string | undefined) =>
    epochOf(instant) === null ? instant : formatInstant(instant, zone, fraction?.length ?? 0),
  );
