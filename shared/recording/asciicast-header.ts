// The header of an asciicast, versions 1 to 3: from whatever stands there to a session header, or to a refusal that says why.
// https://docs.asciinema.org/manual/asciicast/v1/ (also /v2/ and /v3/)

import type { SessionHeader } from './decoder.ts';
import type { DiscrepancyKind, Fault } from './discrepancy.ts';
import {
  eachMember,
  isObject,
  memberText,
  notUtf8,
  parseJson,
  shown,
  shownAs,
  textFault,
  textOf,
  timeFault,
  type JsonObject,
} from './json-text.ts';
import { startSize, type StartSize } from './screen-size.ts';
import { parseSeconds, type Micros } from './time.ts';
import { encodeUtf8 } from './utf8.ts';

export type AsciicastVersion = 1 | 2 | 3;

export type HeaderVerdict =
  | {
      readonly kind: 'header';
      readonly version: AsciicastVersion;
      readonly header: SessionHeader;
      /** The duration that the header states, if any. */
      readonly duration: Micros | null;
      readonly faults: readonly Fault[];
      /** True where a used name stands twice: a canonical form would keep the last alone. */
      readonly repeats: boolean;
    }
  | { readonly kind: 'refused'; readonly refusal: Fault };

/** Judges the bytes of a header: the first line of versions 2 and 3, or an object with the members of version 1 save its events. */
export function readHeader(bytes: Uint8Array): HeaderVerdict {
  const parsed = parseJson(bytes);
  if (parsed.kind === 'fault') return refused('missing-header', `the header of an asciicast is expected here: ${parsed.fault}`);
  const { value, text, exact } = parsed;
  if (!isObject(value)) {
    return looksLikeEvent(value)
      ? refused(
          'missing-header',
          'this line is not a header but an event; an asciicast begins with a header that gives its version and size',
        )
      : refused('bad-header', `the header must be an object, and is ${shown(value)}`);
  }
  const { repeated, texts } = lookAtMembers(bytes);
  const version = readVersion(value['version'], texts.get('version'));
  if (typeof version !== 'number') return { kind: 'refused', refusal: version };
  const term = value['term'];
  if (version === 3 && (!isObject(term) || (term['cols'] === undefined && term['rows'] === undefined))) {
    return refused('bad-header', 'the header of an asciicast version 3 needs term.cols and term.rows, and they are missing');
  }
  const v3 = version === 3 && isObject(term) ? term : null;
  const sizeOf = (cols: unknown, rows: unknown, names: readonly [string, string]): StartSize =>
    startSize(cols, rows, names, [shownAs(cols, texts.get(names[0])), shownAs(rows, texts.get(names[1]))]);
  const size =
    v3 === null
      ? sizeOf(value['width'], value['height'], ['width', 'height'])
      : sizeOf(v3['cols'], v3['rows'], ['term.cols', 'term.rows']);
  const faults: Fault[] = repeated.map((name) => ({
    kind: SIZES.has(name) ? 'bad-size' : 'bad-header',
    message: `the header gives ${name} more than once; the last value is used everywhere`,
  }));
  if (size.fault !== undefined) faults.push({ kind: 'bad-size', message: size.fault });
  if (!exact) faults.push(notUtf8('the header'));
  const timeOf = (name: 'timestamp' | 'duration', effect: string): Micros | null => {
    const stated = value[name] ?? null;
    if (stated === null) return null;
    const text = texts.get(name)!;
    const time = typeof stated === 'number' ? parseSeconds(text) : null;
    if (time !== null) return time.micros;
    faults.push(timeFault(name, shownAs(stated, text), effect));
    return null;
  };
  const startedAt = timeOf('timestamp', 'the start is not known');
  const duration = timeOf('duration', 'the events are not compared with it');
  faults.push(...textFaults(value, v3, texts));
  const header = { ...sessionHeader(value, v3, size, text), ...(startedAt === null ? {} : { startedAt }) };
  return { kind: 'header', version, header, duration, faults, repeats: repeated.length > 0 };
}

/** The version, or why there is none that is read. `text` is its own JSON. */
export function readVersion(version: unknown, text: string | undefined): AsciicastVersion | Fault {
  if (version === 1 || version === 2 || version === 3) return version;
  if (version === undefined) return { kind: 'bad-header', message: 'the version is missing from the header' };
  if (typeof version !== 'number') {
    return { kind: 'bad-header', message: `the version must be a number, and is ${shown(version)}` };
  }
  return {
    kind: 'unsupported-version',
    message: `asciicast version ${shownAs(version, text)} is not read; versions 1, 2 and 3 are`,
  };
}

const refused = (kind: DiscrepancyKind, message: string): HeaderVerdict => ({ kind: 'refused', refusal: { kind, message } });

const looksLikeEvent = (value: unknown): boolean =>
  Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';

function sessionHeader(value: JsonObject, term: JsonObject | null, size: StartSize, text: string): SessionHeader {
  const env = value['env'];
  const title = textOf(value, 'title');
  const command = textOf(value, 'command');
  const kind = term === null ? (isObject(env) ? textOf(env, 'TERM') : undefined) : textOf(term, 'type');
  return {
    ...(title === undefined ? {} : { title }),
    ...(command === undefined ? {} : { command }),
    ...(kind === undefined ? {} : { term: kind }),
    cols: size.cols,
    rows: size.rows,
    sizeAssumed: size.sizeAssumed,
    metadata: text,
  };
}

/** What is wrong with the texts that {@link sessionHeader} takes. */
function textFaults(value: JsonObject, term: JsonObject | null, texts: ReadonlyMap<string, string>): Fault[] {
  const env = value['env'];
  const faults = [textFault(value, 'title', texts.get('title')), textFault(value, 'command', texts.get('command'))];
  if (term !== null) faults.push(textFault(term, 'type', texts.get('term.type')));
  else if (isObject(env)) faults.push(textFault(env, 'TERM', memberText(encodeUtf8(texts.get('env')!), 'TERM')));
  return faults.filter((fault) => fault !== null);
}

const SIZES = new Set(['width', 'height', 'term', 'term.cols', 'term.rows']);
const USED = new Set([...SIZES, 'version', 'timestamp', 'duration', 'title', 'command', 'env', 'term.type']);

/** What only the text of the members tells: names that stand twice, and numbers to their last digit. Of two texts the last counts. */
function lookAtMembers(bytes: Uint8Array): { repeated: readonly string[]; texts: ReadonlyMap<string, string> } {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const texts = new Map<string, string>();
  const look =
    (inside: string) =>
    (member: string | null, text: () => string): void => {
      const name = `${inside}${String(member)}`;
      if (!USED.has(name)) return;
      if (seen.has(name)) repeated.add(name);
      seen.add(name);
      texts.set(name, text());
      if (name === 'term') eachMember(encodeUtf8(text()), look('term.'));
    };
  eachMember(bytes, look(''));
  return { repeated: [...repeated], texts };
}
