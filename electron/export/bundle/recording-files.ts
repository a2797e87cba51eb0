// The files that a bundle has for one recording (docs/bundle.md). Each is made while it is written; nothing is held but the recording's
// own few documents.

import { AsciicastWriter } from '../../../shared/recording/asciicast-writer.ts';
import { writeEventLine } from '../../../shared/recording/event-lines.ts';
import { JsonBytes } from '../../../shared/recording/json-bytes.ts';
import { toHex } from '../../../shared/evidence/custody.ts';
import { ClearFinder } from '../../../shared/terminal/text-log.ts';
import { TEXT_LOG_DEFAULTS, type Proof } from '../../../shared/api/shapes.ts';
import type { Library, SessionRow, StoredPart } from '../../library/library.ts';
import { isPiped, textLog, type EventSource } from '../../replay/replay.ts';
import type { Pieces } from './bag-writer.ts';
import { recordLines } from './records.ts';

/** How much of a recording a bundle shows. */
export interface ShownRecording {
  readonly session: SessionRow;
  /** What the bundle calls it: its own id, or another one where that would tell something of what is withheld. */
  readonly id: string;
  /** In the words of `sessions show`. */
  readonly proof: readonly Proof[];
  /** Whether its files as acquired may be shown: they may hold several recordings, and nothing of any of them is withheld. */
  readonly originals: boolean;
  /** Whether the digest of one of those files could tell something that is withheld. */
  readonly guessable: boolean;
  /** What is shown of its events; null where nothing is, or no key opens it. */
  readonly source: EventSource | null;
  readonly withheld: Withheld;
  /** A text about the recording without anything that is withheld. */
  readonly clean: (text: string) => string;
}

/** Records that may not be shown. */
export interface Withheld {
  readonly count: number;
  /** Number of what withholds a record, or null where it is shown. */
  why(record: number): string | null;
  /** Whether something is withheld that the digest of a part could tell: text of a redaction, in a recording that came in clear. */
  readonly guessable: boolean;
  /** What redactions.json says of it. */
  readonly reasons: readonly WithheldReason[];
}

export interface WithheldReason {
  /** `R-0003`, or `plaintext`. */
  readonly number: string;
  readonly what: string;
  readonly reason: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A file that is made when its turn comes; null: there is none after all. */
export interface PlannedFile {
  readonly path: string;
  readonly content: () => Content | Promise<Content>;
}

type Content = Pieces | Uint8Array | string | null;

/** A part with fewer bytes than this could be guessed from its digest. */
const GUESSABLE_BYTES = 64;

/** Longest name of a file of an original, beside its number. */
const NAME_LENGTH = 80;

export const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A name of letters that no system reads in a way of its own. */
export const safeName = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/\.+$/, '-');

/** Own name of a part under the recording's folder. */
const originalFile = ({ part, name }: StoredPart, clean: (text: string) => string): string =>
  `original/${String(part)}-${safeName(clean(name.slice(name.lastIndexOf('/') + 1))).slice(-NAME_LENGTH)}`;

/** JSON of a source, of which the names of members are cleaned as well. */
const cleanJson = (text: string, clean: (text: string) => string): unknown => cleaned(JSON.parse(text) as unknown, clean, clean);

/** A JSON value of which every text was cleaned; names of members are the house's own, unless `name` cleans them. */
export function cleaned<T>(value: T, clean: (text: string) => string, name = (own: string): string => own): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item, clean, name)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([own, member]) => [name(own), cleaned(member, clean, name)])) as T;
}

function acquisition({ content }: Library, { session, id, originals, guessable, clean }: ShownRecording): string {
  const { cols, rows } = session;
  // Where it lay on the machine that imported it is that library's own.
  const { given: _, ...provenance } = JSON.parse(content.provenance(session.acquisition)) as Readonly<Record<string, unknown>>;
  const parts = content.storedParts(session.acquisition).map((stored) => {
    const { part, role, of, size, sha256, received } = stored;
    const included = originals && role === 'original';
    const tells = guessable || (!originals && size < GUESSABLE_BYTES);
    return {
      part,
      name: clean(stored.name),
      role,
      of,
      size,
      sha256: tells ? null : toHex(sha256),
      received: received === null ? null : cleanJson(received, clean),
      included,
      file: included ? originalFile(stored, clean) : null,
    };
  });
  return jsonFile({
    schema: 'exhibit-acquisition/1',
    id,
    nativeId: session.nativeId === null ? null : clean(session.nativeId),
    source: clean(session.source),
    format: session.format,
    acquiredAt: session.acquiredAt,
    provenance: cleaned(provenance, clean, clean),
    records: session.records,
    root: toHex(session.root),
    ordinal: session.ordinal,
    screen: { cols, rows, piped: isPiped(session) },
    parts,
  });
}

/** Lines are given out in pieces of about this many bytes, each good until the next one is asked for. */
const PIECE_BYTES = 256 * 1024;

/** `finder` sees all that belongs into the transcript. */
function* eventLines(source: EventSource, finder: ClearFinder): Generator<Uint8Array> {
  const lines = new JsonBytes();
  for (const { events } of source.runs(0)) {
    for (const event of events) {
      writeEventLine(lines, event);
      if (event.kind === 'data' && event.stream !== 'stdin') finder.push(event.bytes);
    }
    if (lines.length >= PIECE_BYTES) yield lines.take();
  }
  yield lines.take();
}

function* playback({ session, clean }: ShownRecording, source: EventSource): Generator<Uint8Array> {
  const writer = new AsciicastWriter(2);
  const lines = new JsonBytes();
  const { title, command, term, startedAt } = session;
  const header = writer.header({
    cols: source.cols,
    rows: source.rows,
    ...(title === null ? {} : { title: clean(title) }),
    ...(command === null ? {} : { command: clean(command) }),
    ...(term === null ? {} : { term: clean(term) }),
    ...(startedAt === null ? {} : { startedAt }),
  });
  lines.text(header);
  for (const { events } of source.runs(0)) {
    for (const event of events) writer.write(lines, event);
    if (lines.length >= PIECE_BYTES) yield lines.take();
  }
  lines.text(writer.end());
  yield lines.take();
}

/** The runs of records that are withheld for the same reason. */
function* withheldRuns(records: number, { why }: Withheld): Generator<{ first: number; last: number; why: string }> {
  let run: { first: number; last: number; why: string } | null = null;
  for (let record = 0; record < records; record++) {
    const found = why(record);
    if (run !== null && found === run.why) {
      run.last = record;
      continue;
    }
    if (run !== null) yield run;
    run = found === null ? null : { first: record, last: record, why: found };
  }
  if (run !== null) yield run;
}

function redactions({ session, withheld }: ShownRecording): string {
  return jsonFile({
    schema: 'exhibit-redactions/1',
    root: toHex(session.root),
    redactions: withheld.reasons.map(({ number, what, reason, author, at }) => ({ number, what, reason, author, at })),
    withheld: [...withheldRuns(session.records, withheld)],
  });
}

export const recordingFolder = (id: string): string => `data/recordings/${id}/`;

/** The files of one recording. The transcript is made after decrypted.jsonl, as their names have it. */
export function recordingFiles(library: Library, shown: ShownRecording): PlannedFile[] {
  const { session, id, source, withheld, clean } = shown;
  const folder = recordingFolder(id);
  const file = (name: string, content: PlannedFile['content']): PlannedFile => ({ path: `${folder}${name}`, content });
  const finder = new ClearFinder();
  const originals = shown.originals
    ? library.content.storedParts(session.acquisition).filter(({ role }) => role === 'original')
    : [];
  return [
    file('acquisition.json', () => acquisition(library, shown)),
    file('proof.json', () => jsonFile({ schema: 'exhibit-proof/1', session: id, proof: shown.proof })),
    file('records.jsonl', () => recordLines(library, session, withheld.why)),
    file('tree.json', () =>
      jsonFile({ schema: 'exhibit-tree/1', count: session.records, root: toHex(session.root), withheld: withheld.count }),
    ),
    ...originals.map((part) => file(originalFile(part, clean), () => library.content.partBytes(session.acquisition, part.part))),
    ...(source === null
      ? []
      : [
          file('decrypted.jsonl', () => eventLines(source, finder)),
          file('playback.cast', () => playback(shown, source)),
          file('transcript.txt', () => textLog(source, TEXT_LOG_DEFAULTS, { fromSeq: null, maxEvents: 0 }, finder.found)),
        ]),
    ...(withheld.count === 0 ? [] : [file('redactions.json', () => redactions(shown))]),
  ];
}
