// The custody log of a bundle (docs/bundle.md, "custody.jsonl" and step 8): every entry up to the head that was signed, in full or by its
// hash, each in full naming the one before.

import { FIRST_PREV, custodyHash, custodyText, toHex, type CustodyEntry } from '../custody.ts';
import { NotCanonical } from '../canonical-json.ts';
import { NotLines, lineRuns, type BagFile, type Effects, type Line } from './bag.ts';
import type { Findings, StepName } from './report.ts';
import { isCount, isHex, isText, members, object, strictLine, type JsonObject } from './strict-json.ts';

const STEP: StepName = 'Custody';

/** What the log says of a recording when it was acquired or had grown: the last entry that names it. */
export interface CustodyRoot {
  readonly root: string;
  readonly records: number;
  /** When it was acquired first, RFC 3339; null where the entry does not say it. */
  readonly acquiredAt: string | null;
  readonly seq: number;
}

/** What the log says that one version of an annotation was. */
export interface CommittedVersion {
  readonly annotation: string;
  readonly version: number;
  readonly digest: string;
  /** Entry that says it. */
  readonly seq: number;
  /** Id of the case, or null. */
  readonly case: string | null;
}

export interface CustodyRead {
  readonly seq: number;
  readonly hash: string;
  readonly hidden: number;
  /** The latest moment of an entry that is shown in full, RFC 3339, or null. */
  readonly latest: string | null;
  readonly roots: ReadonlyMap<string, CustodyRoot>;
  readonly annotations: readonly CommittedVersion[];
}

function parsedEntry(text: string): JsonObject | null {
  try {
    return object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Why the text of an entry is not one that belongs there, or null. */
function textFault(text: string, seq: number, hash: string, prev: string, effects: Effects): string | null {
  const entry = parsedEntry(text);
  if (entry === null) return 'its text is not JSON';
  try {
    if (custodyText(entry as unknown as CustodyEntry) !== text) return 'its text is not in canonical form';
  } catch (error) {
    if (error instanceof NotCanonical) return 'its text has no canonical form';
    throw error;
  }
  if (entry['seq'] !== seq) return `its text says that it is entry ${String(entry['seq'])}`;
  if (entry['prev'] !== prev) return 'it does not name the hash of the entry before';
  return toHex(custodyHash(effects.sha256, text)) === hash ? null : 'its hash is not that of its text';
}

function noteRoots(entry: JsonObject, seq: number, roots: Map<string, CustodyRoot>): void {
  const details = object(entry['details']);
  if (entry['action'] !== 'acquire' || details === null) return;
  const { acquired_at: at } = details;
  const acquiredAt = isText(at) ? at : null;
  const note = (id: unknown, from: JsonObject): void => {
    const { root, records } = from;
    if (isText(id) && isText(root) && typeof records === 'number') roots.set(id, { root, records, acquiredAt, seq });
  };
  note(entry['subject'], details);
  for (const one of Array.isArray(details['sessions']) ? details['sessions'] : []) {
    const session = object(one);
    if (session !== null) note(session['id'], session);
  }
}

function noteAnnotations(entry: JsonObject, seq: number, annotations: CommittedVersion[]): void {
  const details = object(entry['details']);
  if (entry['action'] !== 'annotate' || details === null) return;
  const of = isText(details['case']) ? details['case'] : null;
  for (const one of Array.isArray(details['versions']) ? details['versions'] : [details]) {
    const { annotation, version, digest } = object(one) ?? {};
    if (!isText(annotation) || !isCount(version) || !isHex(digest, 64)) continue;
    annotations.push({ annotation, version, digest, seq, case: of });
  }
}

/** Recomputes the log. Returns its end, for the statements to be compared with. */
export async function readCustody(file: BagFile, effects: Effects, findings: Findings): Promise<CustodyRead> {
  const roots = new Map<string, CustodyRoot>();
  const annotations: CommittedVersion[] = [];
  let seq = 0;
  let prev = FIRST_PREV;
  let hidden = 0;
  let latest: string | null = null;
  const read = ({ from, bytes }: Line): void => {
    seq += 1;
    const fail = (reason: string): void => {
      const place = { bytes: [from, from + bytes.length] as const };
      findings.fail(STEP, 'ALTERED', file.name, `entry ${String(seq)}: ${reason}`, place);
    };
    const line = strictLine(bytes);
    const inFull = members(line, ['seq', 'hash', 'text']);
    const entry = inFull ?? members(line, ['seq', 'hash', 'why']);
    if (entry === null) return fail('its line is none');
    const { hash, text } = entry;
    if (!isHex(hash, 64)) return fail('its hash is none');
    if (entry['seq'] !== seq) fail(`its line says that it is entry ${String(entry['seq'])}`);
    if (inFull === null) hidden += 1;
    else if (!isText(text)) fail('its text is none');
    else {
      const fault = textFault(text, seq, hash, prev, effects);
      if (fault !== null) fail(fault);
      else {
        const said = parsedEntry(text)!;
        noteRoots(said, seq, roots);
        noteAnnotations(said, seq, annotations);
        const wall = object(said['at'])?.['wall'];
        if (isText(wall) && !(Date.parse(wall) <= Date.parse(latest ?? ''))) latest = wall;
      }
    }
    prev = hash;
  };
  try {
    for await (const run of lineRuns(file)) for (const line of run) read(line);
  } catch (error) {
    if (!(error instanceof NotLines)) throw error;
    findings.fail(STEP, 'ALTERED', file.name, error.message, { bytes: [error.at, file.size] });
  }
  return { seq, hash: prev, hidden, latest, roots, annotations };
}
