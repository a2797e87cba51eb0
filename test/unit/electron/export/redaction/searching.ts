// Looks for a text in everything that is made from a stream, the slow and obvious way: in the bytes of every output in every encoding, in
// the playback without its escape sequences, and on every screen of a terminal that plays it.

import { TEXT_LOG_DEFAULTS } from '../../../../../shared/api/shapes.ts';
import { AsciicastWriter } from '../../../../../shared/recording/asciicast-writer.ts';
import type { RecordingEvent } from '../../../../../shared/recording/event.ts';
import { feedBytes, resizeTerminal } from '../../../../../shared/terminal/feed.ts';
import { rowText } from '../../../../../shared/terminal/text.ts';
import { withheldTextForms } from '../../../../../electron/export/redaction/redaction.ts';
import { createTerminal, textLog, type EventSource } from '../../../../../electron/replay/replay.ts';

/** A text as people read it. */
export const legible = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}\s]/gu, '')
    .toLowerCase();

export function allEvents(source: EventSource): RecordingEvent[] {
  return Array.from(source.runs(0)).flatMap(({ events }) => events);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as programs write it that escape all, or as little as they must. */
function writings(text: string): Record<string, string> {
  const digits = (value: number, count: number): string => value.toString(16).padStart(count, '0');
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  const bytes = Array.from(Buffer.from(text));
  const json = JSON.stringify(text).slice(1, -1);
  return {
    json,
    'json in json': JSON.stringify(json).slice(1, -1),
    '\\u': units.map((unit) => `\\u${digits(unit, 4)}`).join(''),
    '\\x': bytes.map((byte) => `\\x${digits(byte, 2)}`).join(''),
    html: text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!),
    'html numbers': points.map((point) => `&#${String(point)};`).join(''),
    url: encodeURIComponent(text),
    form: encodeURIComponent(text).replaceAll('%20', '+'),
    percent: bytes.map((byte) => `%${digits(byte, 2)}`).join(''),
  };
}

function outputs(source: EventSource): Record<string, string> {
  const files: Record<string, string> = {};
  for (const version of [2, 3] as const) {
    const writer = new AsciicastWriter(version);
    const lines = [
      writer.header({ cols: source.cols, rows: source.rows }),
      ...allEvents(source).map((event) => writer.event(event)),
      writer.end(),
    ];
    files[`version ${String(version)}`] = lines.join('');
  }
  const range = { fromSeq: null, maxEvents: 0 };
  files['text log'] = Array.from(textLog(source, TEXT_LOG_DEFAULTS, range)).join('');
  files['text log with times'] = Array.from(textLog(source, { ...TEXT_LOG_DEFAULTS, includeTimestamps: true }, range)).join('');
  files['events'] = allEvents(source)
    .map((event) =>
      JSON.stringify(
        event.kind === 'data'
          ? { ...event, bytes: Buffer.from(event.bytes).toString('base64'), text: Buffer.from(event.bytes).toString() }
          : event,
      ),
    )
    .join('\n');
  const streams = (names: readonly string[]): Buffer =>
    Buffer.concat(
      allEvents(source).flatMap((event) => (event.kind === 'data' && names.includes(event.stream) ? [event.bytes] : [])),
    );
  for (const names of [['stdin'], ['stdout'], ['stderr'], ['stdout', 'stderr']])
    files[`bytes of ${names.join(' and ')}`] = streams(names).toString('latin1');
  return files;
}

/** Everything but strings and sequences. */
// oxlint-disable-next-line no-control-regex
const SEQUENCES =
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])/g;

function screens(source: EventSource): string[] {
  const emulator = createTerminal(source.cols, source.rows, { piped: source.piped });
  const titles = new Set<string>();
  const shown = new Set<string>();
  const look = (): void => {
    const { lines } = emulator.inner.buffers.active;
    let text = '';
    for (let i = 0; i < lines.length; i++) text += `${i > 0 && !lines.get(i)!.isWrapped ? '\n' : ''}${rowText(lines.get(i)!)}`;
    shown.add(text);
    titles.add(emulator.own.title);
  };
  for (const event of allEvents(source)) {
    if (event.kind === 'resize') resizeTerminal(emulator, event.cols, event.rows);
    // Byte by byte: what a terminal shows for a moment only was shown.
    if (event.kind === 'data' && event.stream !== 'stdin') {
      for (const byte of event.bytes) {
        feedBytes(emulator, event.stream, Uint8Array.of(byte));
        if (byte < 0x20 || event.bytes.length < 60) look();
      }
    }
    look();
  }
  return [...shown, ...titles];
}

/** Lines that the keys of simple editing make, as they stand after each key. */
function typedLines(source: EventSource): string[] {
  const text = allEvents(source)
    .flatMap((event) => (event.kind === 'data' && event.stream === 'stdin' ? [Buffer.from(event.bytes).toString()] : []))
    .join('');
  const lines: string[] = [];
  let line: string[] = [];
  let at = 0;
  // oxlint-disable-next-line no-control-regex
  for (const [key] of text.matchAll(/\u001b\[[0-9;]*[~A-Z]|[^]/gu)) {
    if (key === '\r') {
      line = [];
      at = 0;
    } else if (key === '\u007f') line.splice(Math.max(0, (at = Math.max(0, at - 1))), 1);
    else if (key === '\u001b[D') at = Math.max(0, at - 1);
    else if (key === '\u001b[H') at = 0;
    else if (key === '\u001b[F') at = line.length;
    else if (key >= ' ' && key.length <= 2) line.splice(at++, 0, key);
    lines.push(line.join(''));
  }
  return lines;
}

/** Where a text still is. Empty: nowhere. */
export function whereIs(text: string, source: EventSource): string[] {
  const places: string[] = [];
  const forms = [
    ...withheldTextForms(text).map(({ encoding, bytes }) => [encoding, Buffer.from(bytes)] as const),
    ...Object.entries(writings(text)).map(([encoding, written]) => [encoding, Buffer.from(written)] as const),
  ];
  for (const [name, file] of Object.entries(outputs(source))) {
    const bytes = Buffer.from(file, name.startsWith('bytes') ? 'latin1' : 'utf8');
    for (const [encoding, form] of forms) if (bytes.includes(form)) places.push(`${name}: ${encoding}`);
    const plain = name.startsWith('bytes') ? bytes.toString().replaceAll(SEQUENCES, '') : file;
    // oxlint-disable-next-line no-control-regex
    if (legible(plain.replaceAll(/[\u0000-\u001f]/g, '')).includes(legible(text))) places.push(`${name}: without sequences`);
  }
  const wanted = legible(text);
  if (screens(source).some((screen) => screen.split('\n').some((line) => legible(line).includes(wanted))))
    places.push('on a screen');
  if (typedLines(source).some((line) => legible(line).includes(wanted))) places.push('in a typed line');
  return places;
}
