// Calls that bring recordings in: paths of this machine, files that the page holds, the sample case.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ExhibitError, asExhibitError, type Failure } from '../../shared/api/errors.ts';
import type { ImportResult, Job } from '../../shared/api/shapes.ts';
import type { SessionHeader } from '../../shared/recording/decoder.ts';
import { describePlace, type Refusal } from '../../shared/recording/discrepancy.ts';
import { parseInstant } from '../../shared/recording/time.ts';
import { goesOn, importHistory, importRecording, type FileAcquirer } from '../acquisition/acquisition.ts';
import { findOffered, findOnDisk, type Found, type FoundHistory, type FoundRecording } from '../source/source.ts';
import { findSession, type Desk, type Handlers } from './desk.ts';
import type { JobContext } from './jobs.ts';
import { createOffer } from './offers.ts';

type Calls = 'import.paths' | 'import.offer' | 'import.next' | 'import.sample' | 'import.results';

const DEFAULT_SOURCE = 'files';

/** Discrepancies of one known session that a result repeats. */
const TOLD_DISCREPANCIES = 1000;

function refusalFailure(name: string, refusal: Refusal): Failure {
  const place = describePlace(refusal.place);
  const why = place === '' || place === name ? refusal.message : `${place}: ${refusal.message}`;
  return { kind: 'refused', what: `import of ${name}`, why, todo: '' };
}

/** One recording of a case file (schema `sample-case/1`). */
interface CaseSession {
  readonly file: string;
  readonly session: string;
  readonly workflow: string;
  readonly actor: string;
  readonly kind: string;
  readonly host: string;
  readonly command: string;
  readonly started: string;
  readonly exit_status: number;
}

function sampleCase(folder: string): { readonly paths: string[]; readonly beside: (name: string) => Partial<SessionHeader> } {
  const { sessions } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as { sessions: readonly CaseSession[] };
  const known = new Map(sessions.map((session) => [session.file, session]));
  return {
    paths: sessions.map(({ file }) => join(folder, file)),
    beside: (name) => {
      const session = known.get(basename(name));
      if (session === undefined) return {};
      const started = parseInstant(session.started);
      return {
        nativeId: session.session,
        group: session.workflow,
        user: session.actor,
        server: session.host,
        command: session.command,
        origin: session.kind === 'interactive' ? 'human' : session.actor.startsWith('agent/') ? 'agent' : 'ci',
        exitStatus: session.exit_status,
        ...(started === null ? {} : { startedAt: started }),
      };
    },
  };
}

/** What an import came to, so that one that ends early can say what it did not. */
class Course {
  readonly #begun = new Set<string>();
  #last: Found | null = null;
  #isDone = true;

  begin(item: Found): void {
    this.#last = item;
    this.#isDone = false;
    this.#begun.add(item.path);
    if (item.kind === 'recording') for (const { name } of item.parts) this.#begun.add(name);
  }

  end(): void {
    this.#isDone = true;
  }

  /** What was left of the inputs that were given, after `error`. */
  left(given: readonly string[], error: ExhibitError): ImportResult[] {
    const ended = error.kind === 'cancelled' ? 'the import was cancelled' : 'the import failed';
    const result = (path: string, why: string): ImportResult => ({
      path,
      sessionIds: [],
      format: null,
      discrepancies: [],
      known: false,
      asked: true,
      failure: { kind: error.kind, what: `import of ${path}`, why: `${ended} ${why}`, todo: '' },
    });
    const last = this.#last;
    return [
      ...(last === null || this.#isDone ? [] : [result(last.name, 'in the middle of it')]),
      ...(last === null || last.path === last.name ? [] : [result(last.path, 'before all in it was looked at')]),
      ...given.filter((name) => !this.#begun.has(name)).map((name) => result(name, 'before it')),
    ];
  }
}

/** Refusals of what is no recording, as most files of a folder may be. */
const NO_RECORDING: ReadonlySet<string> = new Set(['not-a-recording', 'empty-file', 'unsafe-path']);

export function importCalls(desk: Desk): Handlers<Calls> {
  const { jobs, library } = desk;
  const results = new Map<string, ImportResult[]>();

  const discrepanciesOf = (id: string): ImportResult['discrepancies'] =>
    library()
      .sessions.discrepancies(findSession(library(), id), TOLD_DISCREPANCIES)
      .map((discrepancy) => ({ ...discrepancy }));

  const acquirer = (source: string, { signal, progress }: JobContext, counted: { bytes: number }): FileAcquirer => ({
    library: library(),
    source,
    now: desk.now,
    actor: desk.actor,
    purpose: desk.purpose(),
    signal,
    progress: (bytes) => {
      counted.bytes += bytes;
      progress({ done: counted.bytes });
    },
  });

  const importOne = async (
    recording: FoundRecording,
    source: string,
    context: JobContext,
    counted: { bytes: number },
    beside?: (name: string) => Partial<SessionHeader>,
  ): Promise<ImportResult> => {
    const { name: path, format } = recording;
    const asked = recording.found === 'named';
    context.progress({ detail: path });
    const outcome = await importRecording(recording, {
      ...acquirer(source, context, counted),
      ...(beside === undefined ? {} : { beside }),
    });
    if (outcome.kind === 'refused') {
      return {
        path,
        sessionIds: [],
        format,
        discrepancies: [...outcome.discrepancies],
        known: false,
        asked,
        failure: refusalFailure(path, outcome.refusal),
      };
    }
    const sessionIds = [...outcome.sessionIds];
    if (outcome.kind === 'imported') {
      desk.emit('library', { sessions: sessionIds });
      const { sessions } = library();
      const keys = sessionIds.map((id) => sessions.find(id)).filter((row) => row !== null && row !== 'ambiguous');
      await desk.keys().evaluateLocks(keys.map(({ key }) => key));
      desk.indexer().enqueue();
    }
    // A recording that was here already has the discrepancies of its first import.
    const known = outcome.kind === 'known' ? sessionIds.flatMap((id) => discrepanciesOf(id)) : [];
    return {
      path,
      sessionIds,
      format,
      discrepancies: [...known, ...outcome.discrepancies],
      known: outcome.kind === 'known',
      asked,
      failure: null,
    };
  };

  const importHistoryFile = async (
    found: FoundHistory,
    source: string,
    context: JobContext,
    counted: { bytes: number },
  ): Promise<ImportResult> => {
    context.progress({ detail: found.name });
    const outcome = await importHistory(found, acquirer(source, context, counted));
    desk.emit('history', {});
    const result = {
      path: found.name,
      sessionIds: [],
      format: 'history',
      discrepancies: [...outcome.discrepancies],
      asked: found.found === 'named',
    };
    if (outcome.kind === 'refused') return { ...result, known: false, failure: refusalFailure(found.name, outcome.refusal) };
    return { ...result, known: outcome.kind === 'known', failure: null, history: outcome.brought };
  };

  const startImport = (
    kind: Job['kind'],
    given: readonly string[],
    found: (signal: AbortSignal) => AsyncIterable<Found>,
    source: string,
    total: number | null,
    beside?: (name: string) => Partial<SessionHeader>,
    after?: () => void,
  ): Job => {
    library();
    const kept: ImportResult[] = [];
    const job = jobs.start({
      kind,
      title: kind,
      unit: 'bytes',
      run: async (context) => {
        const counted = { bytes: 0 };
        const course = new Course();
        context.progress({ total });
        try {
          for await (const item of found(context.signal)) {
            goesOn(context.signal);
            course.begin(item);
            if (item.kind === 'refused') {
              const failure = refusalFailure(item.name, item.refusal);
              kept.push({
                path: item.name,
                sessionIds: [],
                format: null,
                discrepancies: [],
                known: false,
                // What was come upon and is a recording that cannot be read, or was one, is told like what the user named.
                asked: item.found === 'named' || !NO_RECORDING.has(item.refusal.kind),
                failure,
              });
            } else if (item.kind === 'history') kept.push(await importHistoryFile(item, source, context, counted));
            else kept.push(await importOne(item, source, context, counted, beside));
            course.end();
          }
        } catch (error) {
          const failure = asExhibitError(error, 'import');
          kept.push(...course.left(given, failure));
          throw failure;
        } finally {
          after?.();
        }
      },
    });
    results.set(job.id, kept);
    return job;
  };

  return {
    'import.paths': ({ paths, source }) => {
      const job = startImport('import', paths, () => findOnDisk(paths), source ?? DEFAULT_SOURCE, null);
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'import.offer': ({ files, source }) => {
      const offer = createOffer(files);
      // Every file is read to look into it, to know it, and to keep it.
      const total = files.reduce((sum, { size }) => sum + 2 * size, 0);
      const names = files.map(({ name }) => name);
      const found = (signal: AbortSignal): AsyncIterable<Found> => {
        signal.addEventListener('abort', () => offer.close());
        return findOffered(offer.files);
      };
      const job = startImport('import', names, found, source ?? DEFAULT_SOURCE, total, undefined, () => offer.close());
      desk.offers.keep(job.id, offer);
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'import.next': async ({ job, supply }) => ({ want: await desk.offers.next(job, supply) }),

    'import.sample': () => {
      if (desk.sample === null) throw new ExhibitError('not-found', 'sample case', 'this installation has none');
      const { paths, beside } = sampleCase(desk.sample);
      const job = startImport('sample', paths, () => findOnDisk(paths), 'sample', null, beside);
      return { output: { job: job.id }, subject: null, details: {} };
    },

    'import.results': ({ job }) => {
      const kept = results.get(job);
      if (kept === undefined) throw new ExhibitError('not-found', `import ${job}`, 'there is no such import');
      return kept;
    },
  };
}
