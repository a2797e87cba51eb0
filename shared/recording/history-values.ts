// Values of a history as they are written: moments, lengths of time, exit codes. What cannot be read is null, and its text stays beside.

import { MAX_OFFSET, MICROS_PER_SECOND, parseInstant, parseSeconds, type Micros } from './time.ts';

export interface ReadInstant {
  readonly at: Micros;
  /** Written without a zone: it was read as UTC. */
  readonly assumed: boolean;
}

const PLAIN = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[Tt ]+(\d{2}):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,12}))?)?$/;
const ZONED = /^(.{10,32}?)\s*(?:([Zz]|UTC|GMT|utc)|([+-])(\d{2}):?(\d{2})?(?:\s*(?:UTC|GMT))?)$/;

/** A moment: RFC 3339, the same with a blank or without seconds, or a number of seconds, milli-, micro- or nanoseconds since 1970. */
export function readInstant(text: string): ReadInstant | null {
  const bare = text.trim();
  const exact = parseInstant(bare);
  if (exact !== null) return { at: exact, assumed: false };
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(bare)) return since1970(bare);
  const plain = plainInstant(bare);
  if (plain !== null) return { at: plain, assumed: true };
  const zoned = ZONED.exec(bare);
  const local = zoned === null ? null : plainInstant(zoned[1]!);
  if (zoned === null || local === null) return null;
  const minutes = (zoned[3] === '-' ? -1 : 1) * (Number(zoned[4] ?? 0) * 60 + Number(zoned[5] ?? 0));
  return { at: (local - minutes * 60 * MICROS_PER_SECOND) as Micros, assumed: false };
}

function plainInstant(text: string): Micros | null {
  const match = PLAIN.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction] = match;
  return parseInstant(`${year!}-${month!}-${day!}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}Z`);
}

/** By its size: a number of seconds has up to 11 digits, of milliseconds up to 14, of microseconds up to 17. */
function since1970(text: string): ReadInstant | null {
  const [whole = '', fraction = ''] = text.split('.');
  const power = whole.length <= 11 ? 6 : whole.length <= 14 ? 3 : whole.length <= 17 ? 0 : -3;
  const digits = power >= 0 ? whole + fraction.slice(0, power).padEnd(power, '0') : whole.slice(0, power);
  const at = Number(digits);
  return Number.isSafeInteger(at) && at < 9_007_199_254_740_000 ? { at: at as Micros, assumed: false } : null;
}

/** How the names of lengths of time end. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/(?:duration|elapsed|length|runtime)(?:ns|nanos|nanoseconds)$/, 0.001],
  [/(?:duration|elapsed|length|runtime)(?:us|micros|microseconds)$/, 1],
  [/(?:duration|elapsed|length|runtime)(?:ms|msec|millis|milliseconds)$/, 1000],
  [/(?:duration|elapsed|length|runtime)(?:minutes|mins|min)$/, 60_000_000],
  [/(?:duration|elapsed|length|runtime)hours$/, 3_600_000_000],
];

/** Characters of a length of time: the forms of a longer text are not tried, which takes time for each way to read its blanks. */
const MAX_DURATION = 64;

/** A length of time: `name` (letters and digits only) may end in its unit, which is a second otherwise. */
export function readDuration(text: string, name: string): Micros | null {
  const bare = text.trim();
  if (bare.length > MAX_DURATION) return null;
  const number = parseSeconds(bare.replace(/\s*s(?:ec(?:onds?)?)?$/i, ''));
  if (number !== null) {
    const scale = UNITS.find(([unit]) => unit.test(name))?.[1] ?? MICROS_PER_SECOND;
    return inRange(Math.round((number.micros + number.nanos / 1000) * (scale / MICROS_PER_SECOND)));
  }
  const clock = /^(?:(\d{1,6}) days?,? )?(?:(\d{1,6}):)?(\d{1,6}):(\d{2}(?:[.,]\d{1,9})?)$/.exec(bare);
  if (clock !== null) return sum([clock[1], 86_400], [clock[2], 3600], [clock[3], 60], [clock[4], 1]);
  const words =
    /^P?(?:(\d{1,6})\s*d(?:ays?)?)?[\s,T]*(?:(\d{1,6})\s*h(?:(?:ou)?rs?)?)?[\s,]*(?:(\d{1,6})\s*m(?:in(?:ute)?s?)?)?[\s,]*(?:(\d{1,9}(?:\.\d{1,9})?)\s*s(?:ec(?:ond)?s?)?)?$/i.exec(
      bare,
    );
  if (words !== null && words.slice(1).some((part) => part !== undefined))
    return sum([words[1], 86_400], [words[2], 3600], [words[3], 60], [words[4], 1]);
  const millis = /^(\d{1,15})\s*ms$/i.exec(bare);
  return millis === null ? null : inRange(Number(millis[1]) * 1000);
}

function sum(...parts: readonly (readonly [string | undefined, number])[]): Micros | null {
  let total = 0;
  for (const [text, seconds] of parts) {
    const read = text === undefined ? null : parseSeconds(text);
    if (read !== null) total += read.micros * seconds;
  }
  return inRange(total);
}

const inRange = (value: number): Micros | null =>
  Number.isSafeInteger(value) && value >= 0 && value <= MAX_OFFSET ? (value as Micros) : null;

/** An exit code: a whole number of 32 bits. */
export function readExit(text: string): number | null {
  const match = /^(?:exit(?:ed)?(?: (?:code|status))?:? ?)?(-?\d{1,10})(?:\.0)?$/i.exec(text.trim());
  const code = match === null ? null : Number(match[1]);
  return code !== null && code >= -2_147_483_648 && code <= 4_294_967_295 ? code : null;
}

const YES = /^(?:true|yes|y|1)$/i;
const NO = /^(?:false|no|n|0)$/i;

/** What a cell of yes and no says, or null. */
export function readTruth(text: string): boolean | null {
  return YES.test(text.trim()) ? true : NO.test(text.trim()) ? false : null;
}
