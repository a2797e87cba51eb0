// Time inside a recording: integer microseconds of their own type, exact from the source's decimal text.
// Floats never carry a time: 0.1 + 0.2 seconds would move an event across another one.

declare const microsBrand: unique symbol;

/** Whole microseconds: an offset from the start of a recording, a length of time, or (where said) since 1970-01-01 UTC. */
export type Micros = number & { readonly [microsBrand]: true };

export const MICROS_PER_SECOND = 1_000_000;

/** Longest offset that is believed: 100 years. Anything beyond is a damaged or hostile time, not a recording. */
export const MAX_OFFSET = (100 * 366 * 86_400 * MICROS_PER_SECOND) as Micros;

export const ZERO = 0 as Micros;

/** Brands an integer as microseconds. Throws a RangeError when it is not a safe integer: that is a bug of the caller. */
export function micros(value: number): Micros {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not whole microseconds: ${String(value)}`);
  return value as Micros;
}

/** A decimal number of seconds, exact to the nanosecond: `micros` truncated towards zero and the `nanos` left over, of the same sign. */
export interface ExactSeconds {
  readonly micros: Micros;
  readonly nanos: number;
}

const DECIMAL = /^(-?)(\d+)(?:[.,](\d+))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Reads decimal seconds as written by a source (`12.5`, `1e-3`, also with a locale's comma), without going through a float.
 * Digits below a nanosecond are dropped. Returns null when the text is no number or the time is beyond {@link MAX_OFFSET}.
 */
export function parseSeconds(text: string): ExactSeconds | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent] = match;
  let digits = whole + fraction;
  let point = whole.length;
  if (exponent !== undefined) {
    point += Number(exponent);
    if (point > 20) {
      if (/[1-9]/.test(digits)) return null;
      point = 1;
    }
    if (point < 0) {
      digits = '0'.repeat(Math.min(-point, 20)) + digits;
      point = 0;
    }
  }
  const seconds = Number(digits.slice(0, point).padEnd(point, '0') || '0');
  const nanos = Number(digits.slice(point, point + 9).padEnd(9, '0'));
  const total = seconds * MICROS_PER_SECOND + Math.floor(nanos / 1000);
  if (total > MAX_OFFSET) return null;
  const signed = (value: number): number => (sign === '-' && value !== 0 ? -value : value);
  return { micros: signed(total) as Micros, nanos: signed(nanos % 1000) };
}

/** Adds intervals without losing what lies below a microsecond, as relative formats need. */
export class IntervalClock {
  #micros = 0;
  #nanos = 0;

  get now(): Micros {
    return this.#micros as Micros;
  }

  add(interval: ExactSeconds): Micros {
    this.#nanos += interval.nanos;
    const carry = Math.floor(this.#nanos / 1000);
    this.#nanos -= carry * 1000;
    this.#micros += interval.micros + carry;
    return this.now;
  }
}

/** `00:01:23.456789`: hours grow as needed; a negative offset has a leading minus. */
export function formatClock(at: Micros): string {
  const total = Math.abs(at);
  const seconds = Math.floor(total / MICROS_PER_SECOND);
  const two = (n: number): string => String(n).padStart(2, '0');
  const fraction = String(total % MICROS_PER_SECOND).padStart(6, '0');
  return `${at < 0 ? '-' : ''}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`;
}

const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

/** A clock for people: `00:01:23.4`, from a day on `40 d 00:00:03`; with `digits` of the second, 1 to 6, cut off, or as few as say it. */
export function tellClock(at: Micros, digits?: number): string {
  const days = Math.floor(Math.abs(at) / MICROS_PER_DAY);
  const clock = formatClock((Math.abs(at) - days * MICROS_PER_DAY) as Micros);
  const shown = digits === undefined ? clock.replace(/\.?0+$/, '') : clock.slice(0, clock.length - 6 + digits);
  return `${at < 0 ? '-' : ''}${days === 0 ? '' : `${String(days)} d `}${shown}`;
}

/** Decimal seconds without trailing zeros: `12.5`, `0`, `-3.000001`. Exact, so that it can be read back. */
export function formatSeconds(at: Micros): string {
  const total = Math.abs(at);
  const fraction = String(total % MICROS_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(total / MICROS_PER_SECOND));
  return `${at < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const CLOCK = /^(-?)(?:(\d{1,6}) d )?(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2}(?:[.,]\d+)?)$/;

/** Reads an offset as people write it: seconds (`12.5`) or a clock (`1:23.4`, `00:01:23.4`, `40 d 00:00:03`). Null where it is neither. */
export function parseOffset(text: string): Micros | null {
  const [, sign, days = '0', hours = '0', minutes = '0', rest] = CLOCK.exec(text) ?? [];
  const seconds = parseSeconds(rest ?? text);
  if (seconds === null || rest === undefined) return seconds?.micros ?? null;
  const whole = (Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60) * MICROS_PER_SECOND + seconds.micros;
  return !Number.isSafeInteger(whole) ? null : ((sign === '-' ? -whole : whole) as Micros);
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;

/** Whether a text has the form of an RFC 3339 date and time, believable or not. */
export const isInstant = (text: string): boolean => RFC3339.test(text);

/** The second in UTC that was parsed last: the times of a recording mostly share theirs with the one before. */
let lastSecond = { text: '1970-01-01T00:00:00', at: 0 };

/** Microseconds in `.ffffffZ` at the end of a time, behind its 19 characters up to the second; -1 where there is something else. */
function fractionIn(text: string): number {
  const end = text.length - 1;
  if (text.charCodeAt(19) !== 0x2e || text.charCodeAt(end) !== 0x5a || end === 20) return -1;
  let fraction = 0;
  for (let at = 20; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    if (at < 26) fraction = fraction * 10 + digit;
  }
  for (let at = end; at < 26; at++) fraction *= 10;
  return fraction;
}

/** Microseconds since 1970-01-01 UTC of an RFC 3339 date and time, or null (also outside the years 1685 to 2255). Digits below a microsecond are dropped. */
export function parseInstant(text: string): Micros | null {
  if (text.startsWith(lastSecond.text)) {
    const fraction = fractionIn(text);
    if (fraction !== -1) return (lastSecond.at + fraction) as Micros;
  }
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, offsetHour, offsetMinute] = match;
  const parts = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  // Date.UTC takes the years before 100 for ours; the zero time of Go is in the year 1.
  if (parts[0] < 100 || parts[1] < 1 || parts[1] > 12 || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) return null;
  const millis = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  if (new Date(Date.UTC(parts[0], parts[1] - 1, parts[2])).getUTCDate() !== parts[2]) return null;
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  const at = millis * 1000 - offset * 60 * MICROS_PER_SECOND + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (!Number.isSafeInteger(at)) return null;
  if (sign === undefined) lastSecond = { text: text.slice(0, 19), at: millis * 1000 };
  return at as Micros;
}

/** RFC 3339 in UTC with six fraction digits, from microseconds since 1970-01-01 UTC. */
export function formatInstant(at: Micros): string {
  const date = new Date(Math.floor(at / 1000));
  const below = ((at % 1000) + 1000) % 1000;
  return `${date.toISOString().slice(0, -1)}${String(below).padStart(3, '0')}Z`;
}
