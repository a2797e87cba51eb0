// What the first bytes of a file are, whatever its name says.

import { readHeader, readVersion, type AsciicastVersion } from './asciicast-header.ts';
import type { DiscrepancyKind, Fault } from './discrepancy.ts';
import { looksLikeHistory } from './history-reader.ts';
import { JsonScanner } from './json-scanner.ts';
import { isObject, parseJson, shownAs } from './json-text.ts';
import { isBlank, LineReader } from './line-reader.ts';
import { parseTimingLine, STARTED } from './script-timing.ts';
import { isTeleportContainer, readTeleportPart } from './teleport-container.ts';
import { readProtoEvent } from './teleport-event.ts';
import { MAX_TELEPORT_RECORD } from './teleport.ts';
import { readTlogLine } from './tlog-message.ts';
import { readFrameHead, TTYREC_HEAD_BYTES } from './ttyrec.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Bytes at the start of a file that are looked at. */
export const HEAD_BYTES = 65_536;

/** Members that say which version of a format it is. */
const VERSIONS = new Set(['version', 'export_version']);

export type Content =
  | { readonly kind: 'asciicast'; readonly version: AsciicastVersion }
  | { readonly kind: 'ttyrec' | 'tlog' | 'rstream-json' | 'teleport' }
  | { readonly kind: 'script-log' | 'sudo-info' }
  | SudoTiming
  | TimingContent
  | { readonly kind: 'teleport-events' | 'teleport-index' }
  /** What a source told of sessions (history-reader.ts): no recording. */
  | { readonly kind: 'history' }
  /** No recording by itself, and why. */
  | { readonly kind: 'none'; readonly refusal: Fault; readonly line?: number; readonly timing?: TimingContent | SudoTiming };

/** A timing file of a sudo I/O log. Of a file that is `none`, damaged at its start: what it is where the log lies beside it. */
interface SudoTiming {
  readonly kind: 'sudo-timing';
}

/** A timing file of script; of a file that is `none` likewise. */
export interface TimingContent {
  readonly kind: 'script-timing';
  readonly advanced: boolean;
  readonly headers: ReadonlyMap<string, string>;
}

export const KINDS_READ =
  'what is read: asciicast (versions 1 to 3), ttyrec, script with its timing file, tlog JSON, sudo I/O log folders, Teleport recordings, JSON exports of rstream, and session histories (CSV, JSON)';

const none = (kind: DiscrepancyKind, message: string, line?: number): Content => ({
  kind: 'none',
  refusal: { kind, message },
  ...(line === undefined ? {} : { line }),
});

const startsWith = (head: Uint8Array, ...bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);

/** `size` is that of the whole file, where known; a head shorter than {@link HEAD_BYTES} is the whole file. */
export function contentOf(head: Uint8Array, size = head.length < HEAD_BYTES ? head.length : Infinity): Content {
  if (head.length === 0) return none('empty-file', 'the file is empty');
  if (startsWith(head, 0x1f, 0x8b)) {
    return none('not-a-recording', 'this is gzip data, which must be unpacked first');
  }
  if ((startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) && looksLikeHistory(head)) return { kind: 'history' };
  const isBigEndian = startsWith(head, 0xfe, 0xff) || startsWith(head, 0, 0x7b);
  if (isBigEndian || startsWith(head, 0xff, 0xfe) || startsWith(head, 0x7b, 0)) {
    const text = encodeUtf8(new TextDecoder(isBigEndian ? 'utf-16be' : 'utf-16le').decode(head));
    const content = textContent(text, firstLines(text, false), false);
    return content.kind === 'none' && content.refusal.kind === 'not-a-recording'
      ? content
      : none('encoding', 'this is UTF-16 text; recordings are UTF-8, so convert it first and keep the original');
  }
  if (isTeleportContainer(head)) {
    return readTeleportPart(head)?.encrypted === true
      ? none('not-decrypted', 'this is a Teleport recording that is encrypted for the keys of its cluster; export it there first')
      : none('not-a-recording', 'this is a Teleport container that was not unpacked');
  }
  if (isTeleportRecords(head)) return { kind: 'teleport' };
  if (isTtyrec(head, size)) return { kind: 'ttyrec' };
  const whole = head.length >= size;
  const lines = firstLines(head, whole);
  const content = textContent(head, lines, whole);
  if (content.kind !== 'none' || content.timing !== undefined || !lines.some(({ text }) => SUDO_TIMING.test(text)))
    return content;
  return { ...content, timing: { kind: 'sudo-timing' } };
}

function textContent(head: Uint8Array, lines: readonly HeadLine[], whole: boolean): Content {
  const first = lines.find(({ text }) => !text.startsWith('#')) ?? lines[0];
  if (first === undefined) {
    return none(
      'empty-file',
      whole ? 'there is no recording in this file: it has only blank lines' : `the first ${String(HEAD_BYTES)} bytes are blank`,
    );
  }
  const start = first.text.trimStart();
  if (start.startsWith('{')) return objectContent(head.subarray(first.offset), first, lines, head, whole);
  if (start.startsWith('[') && looksLikeHistory(head)) return { kind: 'history' };
  if (start.startsWith('[')) {
    const verdict = first.whole && valueOf(encodeUtf8(first.text)) !== undefined ? readHeader(encodeUtf8(first.text)) : null;
    if (verdict?.kind === 'refused') return none(verdict.refusal.kind, verdict.refusal.message, first.number);
  }
  if (lines[0]!.text.startsWith(STARTED)) return { kind: 'script-log' };
  const timing = timingContent(lines);
  if (timing?.sure === true) return timing.content;
  if (looksLikeHistory(head)) return { kind: 'history' };
  const other = none('not-a-recording', `this is not a recording; ${KINDS_READ}`);
  return other.kind === 'none' && timing !== null ? { ...other, timing: timing.content } : other;
}

interface HeadLine {
  readonly text: string;
  readonly number: number;
  readonly offset: number;
  /** False where the head ends inside the line. */
  readonly whole: boolean;
}

/** The lines of the head that are not blank. */
function firstLines(head: Uint8Array, whole: boolean): HeadLine[] {
  const lines: HeadLine[] = [];
  const reader = new LineReader();
  const take = (ended: boolean) => (line: { bytes: Uint8Array | null; number: number; offset: number }) => {
    if (line.bytes === null || isBlank(line.bytes)) return;
    lines.push({ text: decodeUtf8(line.bytes).text, number: line.number, offset: line.offset, whole: ended });
  };
  reader.push(head, take(true));
  reader.end(take(whole));
  return lines;
}

const valueOf = (bytes: Uint8Array): unknown => {
  const parsed = parseJson(bytes);
  return parsed.kind === 'value' ? parsed.value : undefined;
};

function objectContent(
  bytes: Uint8Array,
  first: HeadLine,
  lines: readonly HeadLine[],
  head: Uint8Array,
  whole: boolean,
): Content {
  const values = new Map<string, unknown>();
  /** Their JSON, for versions to their last digit. */
  const texts = new Map<string, string>();
  let firstEvent: unknown;
  const scanner = new JsonScanner('stdout', 'events');
  scanner.push(bytes, {
    member: (name, value) => {
      if (name === null) return;
      values.set(name, value.bytes === null ? undefined : valueOf(value.bytes));
      if (value.bytes !== null && VERSIONS.has(name)) texts.set(name, decodeUtf8(value.bytes).text);
    },
    arrayStart: (_, name) => values.set(name, []),
    element: ({ bytes: element }) => {
      firstEvent ??= element === null ? undefined : valueOf(element);
    },
  });
  const has = (...names: readonly string[]): boolean => names.every((name) => values.has(name));
  const isEvent = isObject(firstEvent) && 'seq' in firstEvent && 'created_at' in firstEvent;
  const isOfRecording =
    has('stdout') || has('term') || has('width', 'height') || has('session', 'events') || isEvent || has('ver', 'rec');
  if (!isOfRecording && !has('ei') && !has('sid') && looksLikeHistory(head)) return { kind: 'history' };
  if (has('export_version') || isEvent) {
    const version = values.get('export_version');
    if (version === undefined || version === 1) return { kind: 'rstream-json' };
    return none(
      'unsupported-version',
      `export_version ${shownAs(version, texts.get('export_version'))} of an rstream export is not read; version 1 is`,
      first.number,
    );
  }
  if (has('ver', 'rec') || has('MESSAGE')) {
    const journal = !has('ver', 'rec') && !lines.some((line) => readTlogLine(encodeUtf8(line.text)).kind === 'message');
    return journal ? none('not-a-recording', 'this is a journal, and no message of tlog is at its start') : { kind: 'tlog' };
  }
  if (has('stdout')) {
    const version = has('version') ? readVersion(values.get('version'), texts.get('version')) : 1;
    return typeof version === 'number' ? { kind: 'asciicast', version: 1 } : none(version.kind, version.message, first.number);
  }
  // The version may stand behind all that the head has; only a header of version 1 is as large as its file.
  const goesOn = !whole && !scanner.done && !scanner.broken;
  if (goesOn && has('width', 'height') && !has('version')) return { kind: 'asciicast', version: 1 };
  if (has('version') || has('width', 'height') || has('term'))
    return castContent(values.get('version'), texts.get('version'), first);
  if (typeof values.get('event') === 'string' && (has('ei') || has('sid') || has('time'))) return { kind: 'teleport-events' };
  if (has('file_name', 'type')) return { kind: 'teleport-index' };
  if (isObject(values.get('timestamp')) && (has('runargv') || has('submituser'))) return { kind: 'sudo-info' };
  return none('not-a-recording', `this is JSON and not a recording; ${KINDS_READ}`);
}

/** Versions 2 and 3 (their header is the first line), or 1 without events. */
function castContent(version: unknown, text: string | undefined, first: HeadLine): Content {
  if (version === 1) return { kind: 'asciicast', version: 1 };
  if (!first.whole) {
    const read = readVersion(version, text);
    return typeof read === 'number' ? { kind: 'asciicast', version: read } : none(read.kind, read.message, first.number);
  }
  const verdict = readHeader(encodeUtf8(first.text));
  if (verdict.kind === 'header') return { kind: 'asciicast', version: verdict.version };
  return none(verdict.refusal.kind, verdict.refusal.message, first.number);
}

/** Timing files: surely where their first three lines are timing lines, perhaps where one of them is. */
function timingContent(
  lines: readonly HeadLine[],
): { readonly sure: boolean; readonly content: TimingContent | SudoTiming } | null {
  const whole = lines.filter((line) => line.whole || lines.length === 1);
  if (whole[0] === undefined) return null;
  if (SUDO_TIMING.test(whole[0].text)) return { sure: true, content: { kind: 'sudo-timing' } };
  const first = whole.slice(0, 3);
  const good = first.filter(({ text }) => isTimingLine(text));
  if (good[0] === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of whole) {
    const header = parseTimingLine(line.text);
    if (header.kind !== 'header') break;
    headers.set(header.name, header.value.trimEnd());
  }
  const advanced = /^[A-Za-z]/.test(good[0].text);
  return { sure: good.length === first.length, content: { kind: 'script-timing', advanced, headers } };
}

const SUDO_TIMING = /^[0-7] [+-]?\d+[.,]\d+ \S/;

function isTimingLine(text: string): boolean {
  const line = parseTimingLine(text);
  if (line.kind === 'fault' || line.kind === 'unknown' || line.delay === null) return false;
  return /^(?:[A-Za-z] |[+-]?\d+[.,]\d)/.test(text);
}

/** The first frame must be whole and hold something, and the one behind it must be no nonsense. */
function isTtyrec(head: Uint8Array, size: number): boolean {
  const plausible = (at: number): boolean => {
    const { micros, length } = readFrameHead(head, at);
    return micros < 1_000_000 && length < 2 ** 31;
  };
  if (head.length < TTYREC_HEAD_BYTES || !plausible(0)) return false;
  const { length } = readFrameHead(head);
  const next = TTYREC_HEAD_BYTES + length;
  if (length === 0 || next > size) return false;
  return next + TTYREC_HEAD_BYTES > head.length || plausible(next);
}

/** The first record must have a believable length and be one event that says what and when it is. */
function isTeleportRecords(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  if (length === 0 || length > MAX_TELEPORT_RECORD || 4 + length > head.length) return false;
  try {
    const event = readProtoEvent(head.subarray(4, 4 + length));
    return event.time !== null;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
