// Opens a bundle of somebody else as a case of this library: its recordings are imported from their originals where these are there, else from
// their playback; what people wrote comes with it and cannot be changed here.

import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import {
  bundleAcquisition,
  bundleAnnotations,
  bundleCase,
  type BundleCase,
  type BundleOpened,
  type OpenedRecordingRow,
} from '../../shared/api/bundle-shapes.ts';
import type { Annotation, CaseSummary } from '../../shared/api/case-shapes.ts';
import { some } from '../../shared/api/counts.ts';
import { ExhibitError } from '../../shared/api/errors.ts';
import { recordingIds } from '../../shared/evidence/bundle/recordings.ts';
import { importRecording } from '../acquisition/acquisition.ts';
import {
  BUNDLE_DETAIL,
  firstFailure,
  readBundle,
  readStatement,
  statementDigest,
  verifyBundle,
  type BundleBytes,
  type ReadBundle,
} from '../export/export.ts';
import { findOffered, type InputFile } from '../source/source.ts';
import { committed } from './annotation-merge.ts';
import { annotationsOf } from './bundle-source.ts';
import type { Desk } from './desk.ts';
import type { JobContext } from './jobs.ts';

/** Source of what is imported from a playback: nothing that a recorder wrote. */
const PLAYBACK_SOURCE = 'bundle';

/** A JSON file of a bundle in its shape: whoever signed it may have written anything. */
async function document<T>(bundle: ReadBundle, path: string, shape: { safeParse(value: unknown): Parsed<T> }): Promise<T> {
  const read = shape.safeParse(JSON.parse(await bundle.text(path)));
  if (read.success) return read.data;
  throw new ExhibitError('refused', 'open bundle', `${path} has not the members that it should`, 'ask whoever made it');
}

type Parsed<T> = { readonly success: true; readonly data: T } | { readonly success: false };

function inputFile(bundle: ReadBundle, path: string, name: string): InputFile {
  const file = bundle.bag.files.get(path)!;
  return {
    name,
    size: file.size,
    read: (offset, length) => file.read(offset, Math.min(file.size, offset + length)),
  };
}

/** Imports one recording from these files. Returns its sessions, or why there are none. */
async function importFiles(
  desk: Desk,
  files: readonly InputFile[],
  source: string,
  { signal, progress }: JobContext,
): Promise<readonly string[] | string> {
  const library = desk.library();
  let why = 'nothing in it is a recording';
  for await (const found of findOffered(files)) {
    if (found.kind === 'history') continue;
    if (found.kind === 'refused') {
      why = found.refusal.message;
      continue;
    }
    progress({ detail: found.name });
    const { actor, now } = desk;
    const purpose = desk.purpose();
    const outcome = await importRecording(found, { library, source, now, actor, purpose, signal, progress: () => undefined });
    if (outcome.kind !== 'refused') return outcome.sessionIds;
    why = outcome.refusal.message;
  }
  return why;
}

async function openRecordingOf(desk: Desk, bundle: ReadBundle, id: string, context: JobContext): Promise<OpenedRecordingRow> {
  const folder = `data/recordings/${id}/`;
  const acquired = await document(bundle, `${folder}acquisition.json`, bundleAcquisition);
  const { source, records, root, ordinal, parts } = acquired;
  const originals = parts.flatMap(({ name, file }) => (file === null ? [] : [inputFile(bundle, `${folder}${file}`, name)]));
  let note = originals.length === 0 ? 'the bundle has no original of it' : '';
  if (originals.length > 0) {
    const sessions = await importFiles(desk, originals, source, context);
    const session = typeof sessions === 'string' ? undefined : sessions[ordinal];
    const row = session === undefined ? null : desk.library().sessions.find(session);
    if (row !== null && row !== 'ambiguous' && row.records === records)
      return { id, root, session: row.id, from: 'original', note: `${some(records, 'record')}, read from the original again` };
    note = typeof sessions === 'string' ? sessions : 'read from its original, it has other records';
  }
  const playback = `${folder}playback.cast`;
  if (!bundle.bag.files.has(playback)) return { id, root, session: null, from: null, note: `${note}, and no playback` };
  const sessions = await importFiles(desk, [inputFile(bundle, playback, `${id}.cast`)], PLAYBACK_SOURCE, context);
  if (typeof sessions === 'string') return { id, root, session: null, from: null, note: `${note}; its playback: ${sessions}` };
  return { id, root, session: sessions[0]!, from: 'playback', note: `${note}: what is shown is its playback` };
}

/** The case that was made from this bundle before, or null. */
function openedBefore({ cases }: ReturnType<Desk['library']>, digest: string): CaseSummary | null {
  return cases.list().find(({ openedFrom }) => openedFrom?.bundle === digest) ?? null;
}

function keepCase(
  desk: Desk,
  file: BundleCase,
  annotations: readonly Annotation[],
  recordings: readonly OpenedRecordingRow[],
  from: { readonly bundle: string; readonly signer: string; readonly fingerprint: string; readonly verdict: string },
): string {
  const library = desk.library();
  const { cases } = library;
  const id = randomBytes(10).toString('hex');
  const local = new Map(recordings.flatMap((one) => (one.session === null ? [] : [[one.id, one.session] as const])));
  const known = recordings.map(({ id: recording, root, session, from: how }) => ({ id: recording, root, session, from: how }));
  library.atomically(() => {
    const [first, ...later] = file.versions;
    cases.create(id, { ...from, recordings: known }, first!);
    for (const version of later) cases.addVersion(id, version);
    for (const note of file.notes) cases.addNote(id, { ...note, id: randomBytes(10).toString('hex') });
    for (const exhibit of file.exhibits) {
      const own = randomBytes(10).toString('hex');
      cases.addExhibits(id, [{ ...exhibit, id: own, session: local.get(exhibit.session) ?? exhibit.session }]);
      if (exhibit.withdrawn !== null) cases.withdrawExhibit(own, exhibit.withdrawn);
    }
    for (const annotation of annotations) {
      const { anchor, versions } = annotation;
      library.annotations.add({
        // A library that knows the annotation already has it in another case.
        id: library.annotations.find(annotation.id) === null ? annotation.id : randomBytes(10).toString('hex'),
        case: id,
        anchor: { ...anchor, session: local.get(anchor.session) ?? anchor.session },
        from: annotation.from ?? from.fingerprint,
        versions,
      });
    }
  });
  return id;
}

/**
 * `name` is its file's, `trusted` the fingerprints of trusted signers. Throws kinds `altered` for a bundle that does not verify, `refused`,
 * `disk`, `cancelled`.
 */
export async function openBundleAsCase(
  desk: Desk,
  file: BundleBytes,
  name: string,
  trusted: ReadonlySet<string>,
  context: JobContext,
): Promise<BundleOpened> {
  const { signal, progress } = context;
  const report = await verifyBundle(file, {
    trusted,
    signal,
    quick: false,
    verify: desk.verifyFile,
    progress: (done, total) => progress({ done, total, detail: 'verify' }),
  });
  if (report.verdict !== 'TRUSTED' && report.verdict !== 'INTACT, SIGNER NOT TRUSTED')
    throw new ExhibitError(
      'altered',
      `open ${name}`,
      firstFailure(report),
      'ask for the bundle again: it is not what was signed',
    );
  const bundle = await readBundle(file, name);
  const statement = await bundle.text(bundle.statements[0]!);
  const { signer, supersedes } = readStatement(statement).predicate;
  const digest = statementDigest(statement);
  // Whatever is wrong with these is found before anything is imported.
  const { annotations } = await document(bundle, 'data/annotations.json', bundleAnnotations);
  const caseFile = await document(bundle, 'data/case.json', bundleCase);
  const before = openedBefore(desk.library(), digest);
  const recordings: OpenedRecordingRow[] = [];
  for (const id of recordingIds(bundle.bag)) recordings.push(await openRecordingOf(desk, bundle, id, context));
  const from = { bundle: digest, signer: signer.name, fingerprint: signer.fingerprint, verdict: report.verdict };
  const id = before?.id ?? keepCase(desk, caseFile, annotations, recordings, from);
  const versions = before === null ? annotationsOf(desk.library(), id).flatMap(committed) : [];
  const sessions = recordings.flatMap(({ session }) => (session === null ? [] : [session]));
  desk.library().custody.append({
    actor: desk.actor,
    action: 'acquire',
    subject: id,
    purpose: desk.purpose(),
    details: {
      [BUNDLE_DETAIL]: { statement: digest },
      what: 'bundle opened',
      file: basename(name),
      signer: signer.name,
      fingerprint: signer.fingerprint,
      verdict: report.verdict,
      supersedes,
      recordings: recordings.map((one) => ({ ...one })),
      versions,
    },
  });
  const rows = sessions.map((one) => desk.library().sessions.find(one)).filter((row) => row !== null && row !== 'ambiguous');
  await desk.keys().evaluateLocks(rows.map(({ key }) => key));
  desk.indexer().enqueue();
  desk.emit('library', { sessions });
  desk.emit('cases', { cases: [id], sessions });
  return {
    case: id,
    verdict: report.verdict,
    signer: signer.name,
    fingerprint: signer.fingerprint,
    recordings,
    annotations: annotations.length,
  };
}
