// Step 9 of docs/bundle.md: one recording of a bundle. Every line of records.jsonl gives a leaf; the root over all of them must be the one
// that acquisition, tree.json, custody and statement name. A record that is shown is compared with the original's bytes, one that is
// withheld must have its reason. Files are read once, in order, with memory that does not grow with them.

import { isRecordOf } from '../record.ts';
import { MAX_LINE_BYTES, NotLines, lineRuns, type Bag, type BagFile, type Effects, type Line } from './bag.ts';
import type { CustodyRoot } from './custody-lines.ts';
import { documentIn } from './documents.ts';
import { RangeReader } from './range-reader.ts';
import { RecordLeaves } from './record-leaves.ts';
import { RecordReader, type ShownRecord } from './record-line.ts';
import type { Findings, Place, StepName, VerifiedRecording } from './report.ts';
import type { StatedRecording } from './statements.ts';
import { isCount, isHex, isText, members, object, type JsonObject } from './strict-json.ts';

const STEP: StepName = 'Recordings';
export const RECORDINGS = 'data/recordings/';

export interface RecordingCheck extends VerifiedRecording {
  /** Records that were compared with the original's bytes. */
  readonly compared: number;
}

/** Ids of the recordings in a bag, by their folders. */
export function recordingIds(bag: Bag): readonly string[] {
  const ids = new Set<string>();
  for (const path of bag.files.keys()) if (path.startsWith(RECORDINGS)) ids.add(path.split('/')[2]!);
  return [...ids];
}

/** What came of comparing a record; the place of a fault is in the original, or null: in its line. */
interface Compared {
  readonly isCompared: boolean;
  readonly fault: {
    readonly reason: string;
    readonly place: { readonly name: string; readonly bytes: readonly [number, number] } | null;
  } | null;
}

const RIGHT: Compared = { isCompared: true, fault: null };
const NOT_COMPARED: Compared = { isCompared: false, fault: null };
const wrong = (reason: string): Compared => ({ isCompared: false, fault: { reason, place: null } });

interface Original {
  readonly size: number;
  readonly reader: RangeReader | null;
}

class RecordingVerifier {
  readonly id: string;
  readonly #bag: Bag;
  readonly #effects: Effects;
  readonly #findings: Findings;
  readonly #before: number;
  readonly #blocks = new Set<RangeReader>();
  readonly #digests: ReadonlyMap<string, string>;

  constructor(id: string, bag: Bag, digests: ReadonlyMap<string, string>, effects: Effects, findings: Findings) {
    this.id = id;
    this.#bag = bag;
    this.#digests = digests;
    this.#effects = effects;
    this.#findings = findings;
    this.#before = findings.count;
  }

  #path(name: string): string {
    return `${RECORDINGS}${this.id}/${name}`;
  }

  #fail(name: string, reason: string, place: Place = {}): void {
    this.#findings.fail(STEP, 'ALTERED', this.#path(name), reason, { recording: this.id, ...place });
  }

  get isClean(): boolean {
    return this.#findings.count === this.#before;
  }

  /** A file that is missing is said once, here: the manifests have it or not. */
  file(name: string): BagFile | null {
    const found = this.#bag.files.get(this.#path(name));
    if (found === undefined) this.#findings.fail(STEP, 'INCOMPLETE', this.#path(name), 'it is not there', { recording: this.id });
    return found ?? null;
  }

  async document(name: string): Promise<JsonObject | null> {
    if (this.file(name) === null) return null;
    const found = await documentIn(this.#bag, this.#path(name));
    if (found === null) this.#fail(name, 'it is not JSON in the form of a bundle');
    return found;
  }

  async tree(): Promise<{ readonly count: number; readonly root: string; readonly withheld: number } | null> {
    const document = await this.document('tree.json');
    if (document === null) return null;
    const { schema, count, root, withheld } = members(document, ['schema', 'count', 'root', 'withheld']) ?? {};
    if (schema === 'exhibit-tree/1' && isCount(count) && isHex(root, 64) && isCount(withheld)) return { count, root, withheld };
    this.#fail('tree.json', 'it has not the members of a tree');
    return null;
  }

  /** The parts of the original, by their numbers, and what acquisition.json says of the tree. */
  async acquisition(): Promise<{
    readonly records: unknown;
    readonly root: unknown;
    readonly acquiredAt: unknown;
    readonly parts: ReadonlyMap<number, Original>;
  } | null> {
    const document = await this.document('acquisition.json');
    if (document === null) return null;
    const parts = new Map<number, Original>();
    const named = new Set<string>();
    for (const value of Array.isArray(document['parts']) ? document['parts'] : []) {
      const one = object(value);
      if (one === null || !isCount(one['part']) || !isCount(one['size'])) {
        this.#fail('acquisition.json', 'a part is none');
        return null;
      }
      const { part, size, sha256 } = one as { part: number; size: number; sha256: unknown };
      const file = isText(one['file']) ? this.file(one['file']) : null;
      if (file !== null) named.add(file.name);
      if (file !== null && file.size !== size)
        this.#fail(String(one['file']), `it has ${String(file.size)} bytes, ${String(size)} were acquired`);
      if (file !== null && sha256 !== this.#digests.get(file.name))
        this.#fail(String(one['file']), 'its SHA-256 is not that of the bytes acquired');
      parts.set(part, { size: file?.size ?? size, reader: file === null ? null : new RangeReader(file, this.#blocks) });
    }
    for (const name of this.#digests.keys())
      if (name.startsWith(this.#path('original/')) && !named.has(name))
        this.#fail(name.slice(this.#path('').length), 'acquisition.json does not name it');
    const { records, root, acquiredAt } = document;
    return { records, root, acquiredAt, parts };
  }

  /** What redactions.json says is withheld, and why: the runs of records, each with the number of a redaction that is listed. */
  async reasons(isNeeded: boolean): Promise<readonly WithheldRun[]> {
    const document = isNeeded ? await this.document('redactions.json') : null;
    if (document === null) return [];
    const { redactions, withheld } = document;
    const numbers = new Set(Array.isArray(redactions) ? redactions.map((one) => object(one)?.['number']) : []);
    const runs = Array.isArray(withheld) ? withheld.map(withheldRun) : [null];
    const isRight = runs.every((run) => run !== null && numbers.has(run.why));
    if (!isRight) this.#fail('redactions.json', 'what is withheld has no reason in it');
    return runs.filter((run) => run !== null);
  }

  async records(
    file: BagFile,
    reasons: readonly WithheldRun[],
    parts: ReadonlyMap<number, Original>,
  ): Promise<{ readonly count: number; readonly root: string; readonly withheld: number; readonly compared: number }> {
    const leaves = new RecordLeaves(this.#effects);
    const reader = new RecordReader();
    let withheld = 0;
    let compared = 0;
    /** All of the record at hand so far. */
    let isWhole = true;
    /** The run of redactions.json at hand. */
    let run = 0;
    const fail = ({ from, bytes }: Line, reason: string): void =>
      this.#fail('records.jsonl', reason, { record: leaves.count, bytes: [from, from + bytes.length] });
    try {
      for await (const lines of lineRuns(file)) {
        for (const line of lines) {
          const record = reader.read(line.bytes);
          if (!leaves.goesOn(record)) fail(line, 'the record before it should go on here, and does not');
          if (record === null) fail(line, 'its line is none');
          else if (record.index !== leaves.count) fail(line, `its line says that it is record ${String(record.index)}`);
          if (record === null) {
            leaves.leaf(this.#effects.sha256());
          } else if (record.kind === 'withheld') {
            withheld += 1;
            while (run < reasons.length && reasons[run]!.last < leaves.count) run += 1;
            const { first = Infinity, why = '' } = reasons[run] ?? {};
            if (leaves.count < first || why !== record.why)
              fail(line, `it is withheld for ${record.why}, which redactions.json does not say of it`);
            leaves.leaf(record.leaf);
          } else {
            const verdict = this.#compare(record, parts);
            const { isCompared, fault } = verdict instanceof Promise ? await verdict : verdict;
            isWhole &&= isCompared;
            if (isWhole && !record.more) compared += 1;
            if (!record.more) isWhole = true;
            if (fault !== null) {
              const { reason, place } = fault;
              if (place === null) fail(line, reason);
              else this.#fail(place.name, reason, { record: leaves.count, bytes: place.bytes });
            }
            leaves.shown(record);
          }
        }
      }
    } catch (error) {
      if (!(error instanceof NotLines)) throw error;
      this.#fail('records.jsonl', error.message, { record: leaves.count, bytes: [error.at, file.size] });
    }
    if (!leaves.goesOn(null)) this.#fail('records.jsonl', 'its last record does not end', { bytes: [file.size, file.size] });
    return { count: leaves.count, root: leaves.root, withheld, compared };
  }

  /**
   * Compares a record with the bytes it was acquired as. Only where these must be read first is it a promise: a million promises would
   * cost more than all hashes.
   */
  #compare(record: ShownRecord, parts: ReadonlyMap<number, Original>): Compared | Promise<Compared> {
    const { ranges, bytes } = record;
    const [first] = ranges;
    // Metadata of a format that has none in its files: nothing, hashed as nothing.
    if (first === undefined) return bytes.length > 0 ? wrong('it names no bytes of the original') : NOT_COMPARED;
    let total = 0;
    for (const [part, offset, length] of ranges) {
      const original = parts.get(part);
      total += length;
      if (total > MAX_LINE_BYTES) return wrong('it names more bytes than a record has');
      if (original === undefined || offset + length > original.size)
        return wrong(
          `it names bytes ${String(offset)} to ${String(offset + length)} of part ${String(part)}, which has them not`,
        );
      if (original.reader === null) return NOT_COMPARED;
    }
    const { reader } = parts.get(first[0])!;
    const held = ranges.length === 1 ? reader!.held(first[1], first[2]) : null;
    if (held !== null) return this.#judge(record, held, reader!);
    return Promise.all(ranges.map(([part, offset, length]) => parts.get(part)!.reader!.read(offset, length))).then((pieces) =>
      this.#judge(record, pieces.length === 1 ? pieces[0]! : concat(pieces), reader!),
    );
  }

  /** `reader`: of the part in which the record begins. */
  #judge({ form, bytes, ranges }: ShownRecord, original: Uint8Array, reader: RangeReader): Compared {
    if (isRecordOf(form, original, bytes)) return RIGHT;
    const [, offset, length] = ranges[0]!;
    const place = { name: reader.file.name.slice(this.#path('').length), bytes: [offset, offset + length] as const };
    return { isCompared: true, fault: { reason: 'the bytes there are not those of its record', place } };
  }

  mismatch(name: string, reason: string): void {
    this.#fail(name, reason);
  }

  /** A statement, which lies outside of the recording's folder, says another thing. */
  misstated(statement: string, reason: string): void {
    this.#findings.fail(STEP, 'ALTERED', statement, reason, { recording: this.id });
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

interface WithheldRun {
  /** Records, both included. */
  readonly first: number;
  readonly last: number;
  readonly why: string;
}

function withheldRun(value: unknown): WithheldRun | null {
  const { first, last, why } = members(value, ['first', 'last', 'why']) ?? {};
  return isCount(first) && isCount(last) && first <= last && isText(why) ? { first, last, why } : null;
}

/** What must be known to check one recording, as data. */
export interface RecordingTask {
  readonly id: string;
  /** What the statements say of it, or null where there are none. */
  readonly stated: (StatedRecording & { readonly statement: string }) | null;
  readonly inCustody: CustodyRoot | null;
  /** SHA-256 of its files by path, as step 5 computed them. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Checks one recording. */
export async function checkRecording(
  { id, stated, inCustody, digests }: RecordingTask,
  bag: Bag,
  effects: Effects,
  findings: Findings,
): Promise<RecordingCheck> {
  const check = new RecordingVerifier(id, bag, digests, effects, findings);
  const tree = await check.tree();
  const acquisition = await check.acquisition();
  const proof = check.file('proof.json');
  const file = check.file('records.jsonl');
  const reasons = await check.reasons((tree?.withheld ?? 0) > 0);
  const found = file === null ? null : await check.records(file, reasons, acquisition?.parts ?? new Map());
  if (found !== null) {
    const compare = (root: unknown, records: unknown, say: (reason: string) => void): void => {
      if (root !== found.root) say('the root over the records is not the one that it gives');
      if (records !== found.count) say(`${String(found.count)} records are there, not ${String(records)}`);
    };
    if (tree !== null) compare(tree.root, tree.count, (reason) => check.mismatch('tree.json', reason));
    if (acquisition !== null)
      compare(acquisition.root, acquisition.records, (reason) => check.mismatch('acquisition.json', reason));
    if (stated !== null) compare(stated.root, stated.records, (reason) => check.misstated(stated.statement, reason));
    if (inCustody !== null && (inCustody.root !== found.root || inCustody.records !== found.count))
      check.mismatch('tree.json', `entry ${String(inCustody.seq)} of the custody log acquired another root`);
    const listed = reasons.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    for (const withheld of [tree?.withheld, stated?.withheld, reasons.length === 0 ? undefined : listed])
      if (withheld !== undefined && withheld !== found.withheld)
        check.mismatch('records.jsonl', `${String(found.withheld)} records are withheld, not ${String(withheld)}`);
  }
  const at = inCustody?.acquiredAt ?? null;
  if (acquisition !== null && at !== null && acquisition.acquiredAt !== at)
    check.mismatch('acquisition.json', `entry ${String(inCustody!.seq)} of the custody log says that it was acquired at ${at}`);
  if (stated !== null && proof !== null && digests.get(proof.name) !== stated.proof)
    check.mismatch('proof.json', 'it is not the proof card that was signed');
  return {
    id,
    root: found?.root ?? '',
    records: found?.count ?? 0,
    withheld: found?.withheld ?? 0,
    verified: check.isClean,
    compared: found?.compared ?? 0,
  };
}
