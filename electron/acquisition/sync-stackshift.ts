// Synchronises a StackShift source: keeps the pages of its history byte for byte, then reads the recordings of sessions that are over, those
// first that the source purges first, then the audit events. A live session is left until it ends. What is refused, purged or lost at the
// source is told as such and loses nothing that is here. docs/stackshift.md

import { createHash } from 'node:crypto';
import { ExhibitError } from '../../shared/api/errors.ts';
import { toHex } from '../../shared/evidence/custody.ts';
import type { SessionHeader } from '../../shared/recording/decoder.ts';
import type { Library, SessionRow } from '../library/library.ts';
import {
  findInDownload,
  SourceError,
  STACKSHIFT_RIGHTS,
  type Enveloped,
  type HistoryFilter,
  type StackShift,
} from '../source/source.ts';
import { keepHistoryAnswer } from './history-keep.ts';
import { importRecording, type ImportOutcome } from './import-recording.ts';
import { byLoss } from './sync-order.ts';
import { NOTHING, SyncRun, type RunDeps, type SyncResult } from './sync-run.ts';
import { readRecord, type RetentionDays, type StackShiftRecord } from './stackshift-record.ts';

/** How often a recording is asked for whose answer breaks off. */
const ATTEMPTS = 3;

const BROKEN: readonly SourceError['fault'][] = ['cut', 'timeout', 'connection'];

export interface StackShiftSyncDeps extends RunDeps {
  readonly client: StackShift;
  readonly filter: HistoryFilter;
  /** What the source's policy says, for the order; null where it does not say. */
  readonly days: RetentionDays | null;
}

/** What a recording of a session is known by. */
export function recordingFingerprint(nativeId: string): string {
  return createHash('sha256').update(`stackshift recording\n${nativeId}`).digest('hex');
}

/** Throws where the history cannot be had. */
export async function syncStackShift(deps: StackShiftSyncDeps): Promise<SyncResult> {
  return new StackShiftSync(deps).all();
}

class StackShiftSync {
  readonly #deps: StackShiftSyncDeps;
  readonly #run: SyncRun;
  /** Live sessions that ended while they were followed. */
  #ended = 0;

  constructor(deps: StackShiftSyncDeps) {
    this.#deps = deps;
    this.#run = new SyncRun(deps);
  }

  async all(): Promise<SyncResult> {
    const { filter, only, progress } = this.#deps;
    const listed = only === undefined ? await this.#listed() : await this.#named(only);
    progress({ total: listed.length });
    await this.#run.each(
      listed.toSorted((a, b) => byLoss(a.loss, b.loss)),
      (record) => this.#session(record),
    );
    const isAll = only === undefined && Object.values(filter).every((value) => value === undefined);
    if (isAll) await this.#events();
    await this.#run.followed();
    if (isAll && this.#ended > 0) await this.#events();
    return this.#run.result();
  }

  #keep(kind: 'sessions' | 'events', answer: Enveloped): void {
    keepHistoryAnswer(this.#deps, kind, answer);
    this.#deps.progress({ bytes: answer.bytes.length });
  }

  /** The newest record of each session that the source lists. */
  async #listed(): Promise<StackShiftRecord[]> {
    const { client, filter, days } = this.#deps;
    const found = new Map<string, StackShiftRecord>();
    for await (const page of client.historyPages(filter, this.#run.signal)) {
      this.#keep('sessions', page);
      for (const item of page.items) {
        const record = readRecord(item, days);
        if (record !== null) found.set(record.id, record);
      }
    }
    return [...found.values()];
  }

  async #named(ids: readonly string[]): Promise<StackShiftRecord[]> {
    const found: StackShiftRecord[] = [];
    await this.#run.each([...new Set(ids)], async (id) => {
      try {
        found.push(await this.#ask(id));
      } catch (error) {
        this.#run.fail(id, { ...NOTHING, id: null }, error);
      }
    });
    return found;
  }

  /** What the source says of a session now, which is kept. */
  async #ask(id: string): Promise<StackShiftRecord> {
    const answer = await this.#deps.client.session(id, this.#run.signal);
    this.#run.answered();
    const record = readRecord(answer.data, this.#deps.days);
    if (record?.id !== id)
      throw new SourceError('wrong-shape', answer.request, 'the answer is about another session', 'tell whoever runs the source');
    this.#keep('sessions', answer);
    return record;
  }

  /** Commands and audit events; a source that refuses them refuses nothing else. */
  async #events(): Promise<void> {
    if (this.#run.signal.aborted) return;
    try {
      for await (const page of this.#deps.client.eventPages(this.#run.signal)) this.#keep('events', page);
    } catch (error) {
      if (this.#run.signal.aborted) return;
      if (!(error instanceof ExhibitError) || error.kind === 'disk' || error.kind === 'damaged') throw error;
      this.#run.lack(error);
    }
  }

  async #session(record: StackShiftRecord): Promise<void> {
    const { follow, progress } = this.#deps;
    try {
      if (!record.isOver && this.#known(record.id)?.state !== 'complete') {
        this.#tellWithout(record.id);
        if (follow) this.#follow(record.id);
      } else await this.#recording(record);
    } catch (error) {
      this.#run.fail(record.id, { ...NOTHING, id: this.#known(record.id)?.sessionIds[0] ?? null }, error);
    } finally {
      progress({ sessions: 1 });
    }
  }

  #follow(id: string): void {
    const look = async (): Promise<{ over: boolean; news: boolean }> => {
      const record = await this.#ask(id);
      if (record.isOver) {
        await this.#recording(record);
        this.#ended += 1;
      }
      return { over: record.isOver, news: false };
    };
    this.#run.follow(id, look, () => ({ ...NOTHING, id: null }));
  }

  #known(id: string): ReturnType<Library['acquisitions']['find']> {
    return this.#deps.library.acquisitions.find(this.#deps.source, recordingFingerprint(id));
  }

  /** Only the history of a session came. */
  #tellWithout(nativeId: string): void {
    this.#run.tell({ ...NOTHING, nativeId, id: null, outcome: 'history' });
  }

  async #recording(record: StackShiftRecord): Promise<void> {
    const { library, recheck } = this.#deps;
    const { id, recording } = record;
    const known = this.#known(id);
    const isHad = recording.status !== 'none' && recording.status !== 'purged';
    if (known !== null && known.state !== 'partial') {
      const session = known.sessionIds[0] ?? null;
      if (recheck && isHad && known.state === 'complete' && session !== null && !this.#isRefused())
        await this.#recheck(record, known.key, session);
      else this.#run.tell({ ...NOTHING, nativeId: id, id: session, outcome: 'unchanged' });
      return;
    }
    if (!isHad || this.#isRefused()) {
      // What an interrupted reading left cannot be had any more.
      if (known !== null) library.acquisitions.abandon(known.key);
      this.#tellWithout(id);
      return;
    }
    let outcome: ImportOutcome;
    try {
      outcome = await this.#asked(record, () => this.#import(record));
    } catch (error) {
      // A source that does not say what was recorded says it now.
      if (recording.status !== 'unknown' || !(error instanceof SourceError) || error.fault !== 'not-found') throw error;
      this.#tellWithout(id);
      return;
    }
    this.#run.answered();
    if (outcome.kind === 'refused')
      throw new ExhibitError('refused', `recording of session ${id}`, outcome.refusal.message, 'tell whoever runs the source');
    const session = library.sessions.find(outcome.sessionIds[0]!) as SessionRow;
    const { events } = session;
    this.#deps.progress({ events });
    this.#run.tell({
      nativeId: id,
      id: session.id,
      outcome: 'new',
      events,
      discrepancies: outcome.discrepancies.length,
      failure: null,
    });
  }

  /** Whether the source refuses all recordings; one that it refused alone is asked for again. */
  #isRefused(): boolean {
    const { library, source } = this.#deps;
    const refusal = library.rights.refusal({ source, nativeId: null, governed: 1 }, 'recording');
    if (refusal === null) return false;
    this.#run.lack(
      new ExhibitError(
        'permission',
        `recordings of source ${source}`,
        `${refusal.name} is missing: ${refusal.why}`,
        `their history is here; a token with ${refusal.name} gives them`,
      ),
    );
    return true;
  }

  /** Asks for something of a recording, again where the answer breaks off; keeps what the source says where it gives nothing. */
  async #asked<T>({ id, recording }: StackShiftRecord, ask: () => Promise<T>): Promise<T> {
    const { library, source, now } = this.#deps;
    const name = STACKSHIFT_RIGHTS.recording;
    const told = (allowed: 'yes' | 'no', why: string): boolean =>
      library.rights.tell(source, now(), [{ right: 'recording', session: id, name, allowed, why }]);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const given = await ask();
        told('yes', 'it gave the recording');
        return given;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (BROKEN.includes(error.fault) && attempt < ATTEMPTS) continue;
        if (error.fault === 'forbidden') {
          told('no', error.why);
          library.history.withoutRecording(source, id, 'forbidden');
        }
        if (error.fault === 'gone' || (error.fault === 'not-found' && recording.status === 'available')) await this.#askAfter(id);
        throw error;
      }
    }
  }

  /** A recording that was listed is gone: what the source says of the session now is kept, where it says anything. */
  async #askAfter(id: string): Promise<void> {
    const { library, source } = this.#deps;
    const now = await this.#ask(id).catch((error: unknown) => {
      if (error instanceof SourceError) return null;
      throw error;
    });
    if (now === null || now.recording.status === 'available' || now.recording.status === 'unknown')
      library.history.withoutRecording(source, id, 'purged');
  }

  async #import({ id, recording, header }: StackShiftRecord): Promise<ImportOutcome> {
    const { library, source, client, now, actor, purpose, progress } = this.#deps;
    const { signal } = this.#run;
    const download = await client.recording(id, signal);
    const found = await findInDownload(download, 'recording.cast', recording.size);
    if (found.kind === 'refused') return { kind: 'refused', refusal: found.refusal, discrepancies: [] };
    return importRecording(found, {
      library,
      source,
      now,
      actor,
      purpose,
      signal,
      progress: (bytes) => progress({ bytes }),
      beside: (_name, own) => completed(own, header),
      origin: {
        fingerprint: recordingFingerprint(id),
        rights: library.rights.inForce(source),
        facts: { session: id, source_date: download.date },
      },
    });
  }

  /** Reads a recording that is kept once more and compares its bytes. */
  async #recheck(record: StackShiftRecord, acquisition: number, session: string): Promise<void> {
    const { library, client, actor, purpose, progress } = this.#deps;
    const { id: nativeId } = record;
    const [kept] = library.content.storedParts(acquisition);
    const sha256 = await this.#asked(record, async () => {
      const hash = createHash('sha256');
      for await (const piece of (await client.recording(nativeId, this.#run.signal)).bytes) {
        hash.update(piece);
        progress({ bytes: piece.length });
      }
      return hash.digest('hex');
    });
    this.#run.answered();
    const same = kept !== undefined && toHex(kept.sha256) === sha256;
    library.custody.append({
      actor,
      action: 'verify',
      subject: session,
      purpose,
      details: { source: this.#deps.source, session: nativeId, read_again: same ? 'the same bytes' : 'other bytes', sha256 },
    });
    if (!same)
      throw new ExhibitError(
        'refused',
        `recording of session ${nativeId}`,
        'read again, the source gives other bytes; what was received first is kept',
        'ask whoever runs the source',
      );
    this.#run.tell({ ...NOTHING, nativeId, id: session, outcome: 'unchanged' });
  }
}

/** What the history says of a session, joined to what its recording says: the recording's own clock and size stay. */
function completed(own: SessionHeader, told: Partial<SessionHeader>): Partial<SessionHeader> {
  const { startedAt, title, command, exitStatus, ...rest } = told;
  const missing = { startedAt, title, command, exitStatus };
  const filled = Object.entries(missing).filter(
    ([name, value]) => value !== undefined && own[name as keyof typeof missing] === undefined,
  );
  return { ...rest, ...Object.fromEntries(filled) };
}
