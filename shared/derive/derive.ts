// Step 10 of docs/bundle.md: what a bundle says that a recording holds is made again, and must be the same bytes. decrypted.jsonl from the
// original, from the records, or from what a key at hand opens; playback.cast and transcript.txt from the events. What cannot be made
// again here is named with its reason, so that no reader takes it for checked.

import type { Bag, BagFile } from '../evidence/bundle/bag.ts';
import { documentIn } from '../evidence/bundle/documents.ts';
import { RECORDINGS, type RecordingCheck } from '../evidence/bundle/recordings.ts';
import type { Place } from '../evidence/bundle/report.ts';
import type { Derive } from '../evidence/bundle/verify-bundle.ts';
import { inTurn } from '../evidence/bundle/workers.ts';
import { AsciicastWriter } from '../recording/asciicast-writer.ts';
import { writeEventLine } from '../recording/event-lines.ts';
import type { RecordingEvent } from '../recording/event.ts';
import type { MakeTerminal } from '../terminal/create-terminal.ts';
import { EMULATOR } from '../terminal/rules.ts';
import { acquired, playbackStart, saysAlike, type Acquired, type PlaybackStart } from './acquired.ts';
import { LineCheck, type LineFault } from './line-check.ts';
import { OpenedCheck } from './opened-check.ts';
import { RecordCheck } from './record-check.ts';
import { BadLine, NotDerivable, lineEvents, originalEvents, type Events } from './sources.ts';
import { TranscriptCheck } from './transcript-check.ts';

/** Raised whenever decrypted.jsonl, playback.cast or transcript.txt are made in another way from the same events. */
export const DERIVED = 1;

/** Of one recording, as data. */
export interface DerivedRecording {
  /** Null where it has no events that are derived. */
  readonly origin: Origin | null;
  readonly failures: readonly DerivedFailure[];
}

interface DerivedFailure {
  readonly file: string;
  readonly reason: string;
  readonly place: Place & { readonly recording: string };
}

/** What deriving goes by: what was found of the recording's records. */
export type CheckedRecords = Pick<RecordingCheck, 'id' | 'root' | 'withheld'>;

/** Derives one recording again. */
export type DeriveRecording = (bag: Bag, recording: CheckedRecords) => Promise<DerivedRecording>;

export interface DeriveTools {
  readonly createTerminal: MakeTerminal;
  /** The events of this very recording, as far as they open here; null where it is not here or no key is at hand. */
  readonly opened?: (recording: CheckedRecords) => Promise<Iterable<readonly RecordingEvent[]> | null>;
}

const NAMES = ['decrypted.jsonl', 'playback.cast', 'transcript.txt'] as const;
type DerivedFiles = Readonly<Record<(typeof NAMES)[number], BagFile>>;

/** What the events of a recording were derived from, or why they were not. */
type Origin = { readonly from: string } | { readonly not: string };

type Fail = (name: string, reason: string, place?: Place) => void;

class RecordingDeriver {
  readonly #recording: CheckedRecords;
  readonly #files: DerivedFiles;
  readonly #records: BagFile | undefined;
  readonly #acquired: Acquired;
  readonly #tools: DeriveTools;
  readonly #fail: Fail;
  readonly #made: Made;
  /** The events as the original has them, where some of them are sealed there. */
  #sealed: Events | null = null;

  constructor(
    recording: CheckedRecords,
    files: DerivedFiles,
    records: BagFile | undefined,
    of: Acquired,
    tools: DeriveTools,
    fail: Fail,
    made: Made,
  ) {
    this.#recording = recording;
    this.#files = files;
    this.#records = records;
    this.#acquired = of;
    this.#tools = tools;
    this.#fail = fail;
    this.#made = made;
  }

  /** Null where decrypted.jsonl holds no events. */
  async run(): Promise<Origin | null> {
    const start = await playbackStart(this.#files['playback.cast'], this.#acquired.screen);
    if (start === null) this.#fail('playback.cast', 'its first line is not that of a playback of this screen', { bytes: [0, 0] });
    try {
      return (await this.#fromOriginal(start)) ?? (await this.#fromLines(start));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      this.#fail('decrypted.jsonl', error.message, { bytes: error.bytes });
      return null;
    }
  }

  /** Compares what follows from the original; null where it is not at hand, is not read here, or holds ciphertext. */
  async #fromOriginal(start: PlaybackStart | null): Promise<Origin | null> {
    const { parts, format, ordinal, screen } = this.#acquired;
    try {
      const events = parts === null ? null : await originalEvents(parts, format, ordinal);
      if (events === null) return null;
      const lines = new LineCheck(this.#files['decrypted.jsonl'], 0, writeEventLine);
      const following = this.#following(start);
      for await (const run of events.runs()) {
        if (run.some(({ kind }) => kind === 'sealed')) {
          this.#sealed = events;
          return null;
        }
        await lines.push(run);
        await following.push(run);
      }
      await lines.end();
      this.#tell('decrypted.jsonl', lines.fault, 'it is not the event that the original gives');
      await following.end(events);
      const own = events.start();
      if (own?.cols !== screen.cols || own.rows !== screen.rows || own.piped !== screen.piped)
        this.#fail('acquisition.json', 'its screen is not the one that the original gives');
      const header = events.header();
      if (start !== null && header !== null && !saysAlike(start.said, header, this.#made.isRedacted))
        this.#fail('playback.cast', 'its first line is not the one that the original gives', { bytes: [0, start.end] });
      return { from: 'the original' };
    } catch (error) {
      if (error instanceof NotDerivable) return null;
      throw error;
    }
  }

  /** Takes the events from decrypted.jsonl, and compares them with the records and with what a key opens. */
  async #fromLines(start: PlaybackStart | null): Promise<Origin> {
    const isRstream = this.#acquired.format === 'rstream';
    const records = isRstream && this.#records !== undefined ? new RecordCheck(this.#records) : null;
    const runs = this.#recording.withheld > 0 ? null : ((await this.#tools.opened?.(this.#recording)) ?? null);
    const own = runs ?? this.#sealed?.runs() ?? null;
    const opened = own === null ? null : new OpenedCheck(own);
    const following = this.#following(start);
    const events = lineEvents(this.#files['decrypted.jsonl']);
    for await (const run of events.runs()) {
      await records?.push(run);
      await opened?.push(run);
      await following.push(run);
    }
    await following.end(events);
    await records?.end();
    await opened?.end();
    for (const fault of [records?.fault, opened?.fault])
      if (fault !== undefined && fault !== null) this.#fail('decrypted.jsonl', fault.reason, { record: fault.record });
    return this.#origin(records, runs === null ? null : opened);
  }

  #origin(records: RecordCheck | null, opened: OpenedCheck | null): Origin {
    if (opened !== null) return { from: opened.unopened === 0 ? 'a key at hand' : 'a key at hand, as far as it opens' };
    if (this.#recording.withheld > 0) return { not: 'records are withheld' };
    if (records !== null && records.sealed === 0) return { from: 'the records' };
    return { not: records === null && this.#sealed === null ? 'its original is not read here' : 'no key is at hand' };
  }

  /** Compares what is made of events with them, as they come: the playback and the transcript. */
  #following(start: PlaybackStart | null): {
    push(events: readonly RecordingEvent[]): Promise<void>;
    end(events: Events): Promise<void>;
  } {
    const { 'playback.cast': cast, 'transcript.txt': text } = this.#files;
    const writer = new AsciicastWriter(2);
    const playback = start === null ? null : new LineCheck(cast, start.end, (into, event) => writer.write(into, event));
    const transcript = this.#made.drawsAlike
      ? new TranscriptCheck(text, this.#acquired.screen, this.#tools.createTerminal)
      : null;
    return {
      push: async (events) => {
        await playback?.push(events);
        await transcript?.push(events);
      },
      end: async (events) => {
        await playback?.end(writer.end());
        this.#tell('playback.cast', playback?.fault ?? null, 'it is not the line that the event gives');
        const at = (await transcript?.end(events)) ?? null;
        if (at !== null)
          this.#fail('transcript.txt', 'from there it is not the text that the events give', { bytes: [at, text.size] });
      },
    };
  }

  #tell(name: string, fault: LineFault | null, reason: string): void {
    if (fault === null) return;
    const { record, bytes } = fault;
    if (record === null) this.#fail(name, 'it does not end where the events do', { bytes });
    else this.#fail(name, reason, { record, bytes });
  }
}

/** How the files were made, by exhibit/bundle.json. */
interface Made {
  /** Version of these rules. */
  readonly derived: unknown;
  readonly emulator: unknown;
  /** The transcript was made by the emulator that is here. */
  readonly drawsAlike: boolean;
  readonly isRedacted: boolean;
}

async function madeBy(bag: Bag): Promise<Made> {
  const { derived, emulator, redaction } = (await documentIn(bag, 'exhibit/bundle.json')) ?? {};
  return { derived, emulator, drawsAlike: emulator === EMULATOR, isRedacted: redaction !== 'none' };
}

const some = (n: number): string => `${String(n)} ${n === 1 ? 'recording' : 'recordings'}`;

/** How often each text comes, in the order of their first. */
function counted(texts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Array.from(counts);
}

/** The files of a recording that are derived; null where it has none of them. Tells of those that lack. */
function derivedFiles(bag: Bag, folder: string, fail: Fail): Partial<DerivedFiles> | null {
  const found = NAMES.flatMap((name) => {
    const file = bag.files.get(`${folder}${name}`);
    return file === undefined ? [] : [[name, file] as const];
  });
  if (found.length === 0) return null;
  const files: Partial<DerivedFiles> = Object.fromEntries(found);
  for (const name of NAMES) if (files[name] === undefined) fail(name, 'it is not there');
  return files;
}

const isAll = (files: Partial<DerivedFiles>): files is DerivedFiles => NAMES.every((name) => files[name] !== undefined);

async function acquiredIn(bag: Bag, folder: string, fail: Fail): Promise<Acquired | null> {
  const document = await documentIn(bag, `${folder}acquisition.json`);
  const found = document === null ? null : acquired(document, folder, bag);
  if (found === null) fail('acquisition.json', 'it does not say how the recording is read');
  return found;
}

/** What was derived of these recordings, and what was not, in words. */
function inWords(origins: readonly Origin[], { drawsAlike, emulator }: Made): string {
  const from = origins.flatMap((origin) => ('from' in origin ? [origin.from] : []));
  const not = origins.flatMap((origin) => ('not' in origin ? [origin.not] : []));
  return [
    `playback${drawsAlike ? ' and transcript' : ''} of ${some(origins.length)} from the events`,
    ...(drawsAlike ? [] : [`transcripts not derived again here: they were drawn by ${String(emulator)}`]),
    ...(from.length === 0
      ? []
      : [
          `events ${counted(from)
            .map(([text, n]) => `of ${String(n)} from ${text}`)
            .join(', ')}`,
        ]),
    ...counted(not).map(([why, n]) => `events of ${some(n)} not derived again here: ${why}`),
  ].join('; ');
}

/** Derives one recording again, in this thread. */
export function deriveRecording(tools: DeriveTools): DeriveRecording {
  return async (bag, recording) => {
    const folder = `${RECORDINGS}${recording.id}/`;
    const failures: DerivedFailure[] = [];
    const fail: Fail = (name, reason, place = {}) =>
      void failures.push({ file: `${folder}${name}`, reason, place: { recording: recording.id, ...place } });
    const files = derivedFiles(bag, folder, fail);
    const of = files === null ? null : await acquiredIn(bag, folder, fail);
    if (files === null || of === null || !isAll(files)) return { origin: null, failures };
    const records = bag.files.get(`${folder}records.jsonl`);
    const deriver = new RecordingDeriver(recording, files, records, of, tools, fail, await madeBy(bag));
    return { origin: await deriver.run(), failures };
  };
}

/** Derives all recordings of a bundle again, asking for some at a time. */
export function deriveAgain(derive: DeriveRecording, atOnce = 1): Derive {
  return async (bag, recordings, fail, done) => {
    const made = await madeBy(bag);
    const folders = recordings.map(({ id }) => `${RECORDINGS}${id}/`);
    if (!folders.some((folder) => NAMES.some((name) => bag.files.has(`${folder}${name}`))))
      return { isChecked: false, detail: 'nothing in it is derived' };
    if (made.derived !== DERIVED) return { isChecked: false, detail: 'it was made by rules that this verifier does not have' };
    const origins: Origin[] = [];
    const one = async (recording: CheckedRecords): Promise<DerivedRecording> => {
      const found = await derive(bag, recording);
      done(recording.id);
      return found;
    };
    for await (const { origin, failures } of inTurn(recordings, atOnce, one)) {
      for (const { file, reason, place } of failures) fail(file, reason, place);
      if (origin !== null) origins.push(origin);
    }
    return { isChecked: true, detail: inWords(origins, made) };
  };
}
