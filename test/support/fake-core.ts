// A core without a library: an Api made from the contract table, with plausible data for every row. The contract suite and the tests of
// the window run on it. A few settings steer it from a test (see `steer`), so that a test in another process can do it too.

import type { Api, CallName, EventName, EventValue, Input, Output } from '../../shared/api/contract.ts';
import { ERROR_KINDS, ExhibitError, type ErrorKind } from '../../shared/api/errors.ts';
import type { ImportResult, Job, Moment, Session, VaultStatus } from '../../shared/api/shapes.ts';
import { checkedCall } from '../../shared/api/wire.ts';
import { completeAt } from '../../shared/query/completion.ts';
import { parseQuery } from '../../shared/query/parser.ts';
import { parseInstant } from '../../shared/recording/time.ts';
import { fakeTimeline } from './fake-timeline.ts';
import { ME } from './fake-case-data.ts';
import { fakeCases } from './fake-cases.ts';
import { fakeCustody } from './fake-custody.ts';
import { fakeDevice, type FakeKeys } from './fake-device.ts';
import { fakeGroups } from './fake-groups.ts';
import { WITHHELD, fakeHistory } from './fake-history.ts';
import { fakeParticipants } from './fake-presence.ts';
import { COLS, ROWS, eventRows, fakeRecording, run, screenAfter, type FakeRecording } from './fake-recordings.ts';
import { fakeRetention } from './fake-retention.ts';
import { FAKE_SOURCES, fakeSources } from './fake-sources.ts';
import { fakeWatch } from './fake-watch.ts';

export interface FakeCoreOptions {
  readonly sessions?: number;
  readonly vault?: VaultStatus['state'];
  readonly keychain?: boolean;
  readonly protection?: 'keychain' | 'passphrase';
  /** Real recordings beside the made ones (fake-showcase.ts), in front of them. */
  readonly showcase?: readonly FakeRecording[];
  readonly sources?: boolean;
  readonly keys?: FakeKeys;
  /** Synchronisations stand still in their middle. */
  readonly heldSync?: boolean;
  /** Every session is still live. */
  readonly live?: boolean;
  readonly cases?: 'some' | 'none';
  /** Bundles stay in their middle. */
  readonly heldBundle?: boolean;
  /** How the custody log stands to what was signed. */
  readonly custody?: 'intact' | 'rolled-back' | 'broken';
  /** A source whose history may not be seen. */
  readonly withheld?: boolean;
  /** Policies and holds. */
  readonly retention?: 'some' | 'none';
  /** This machine's clock is ahead of what can be confirmed. */
  readonly clockAhead?: boolean;
  /** Whether the sources of live sessions answer. */
  readonly network?: boolean;
  /** Sweeps, and what makes a case ready, stay in their middle. */
  readonly heldWork?: boolean;
  /** Recordings that were purged before. */
  readonly purged?: readonly string[];
}

/** Files of the page that a job asks for, and how far it is. */
interface Offered {
  readonly files: Input<'import.offer'>['files'];
  readonly onEnd: (head: Uint8Array) => void;
  file: number;
  offset: number;
  head: Uint8Array | null;
}

type Handlers = { readonly [K in CallName]: (input: Input<K>) => Output<K> | Promise<Output<K>> };

const NOW = '2026-11-21T10:00:00Z';
const CUSTODY_HASH = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
const OPENED_WITH = {
  suite: 'x25519',
  recipientKind: 'workspace_device',
  recipientId: 'dvk_91c2a7',
  grant: 'grt_5512e0',
} as const;
/** What the fake asks of offered files at a time. */
const RANGE = 1024 * 1024;
const EXPORT_PIECE = 1024 * 1024;
/** Bytes of an export as JSON: more than one piece. */
const JSON_EXPORT = 2_500_000;

const EXTENSIONS = { text: 'txt', json: 'json', 'asciicast-v2': 'cast', 'asciicast-v3': 'cast', html: 'html' };

const CUSTODY_WHY = {
  'rolled-back': 'the head that was signed on 2026-11-20 is entry 4,112; this log ends at entry 3,987',
  broken: 'entry 3,204 does not link to the one before it',
};

const missing = (what: string): ExhibitError => new ExhibitError('not-found', what, 'there is none of that name');

export function openFakeCore({
  sessions: count = 60,
  vault = 'unlocked',
  keychain = true,
  protection = 'keychain',
  showcase = [],
  sources: hasSources = true,
  keys = 'some',
  heldSync = false,
  live = false,
  cases: hasCases = 'some',
  heldBundle = false,
  custody = 'intact',
  withheld = false,
  retention: hasRetention = 'some',
  clockAhead = false,
  network = true,
  heldWork = false,
  purged = [],
}: FakeCoreOptions = {}): Api {
  const recordings = new Map<string, FakeRecording>();
  const jobs = new Map<string, Job>();
  const results = new Map<string, ImportResult[]>();
  const offers = new Map<string, Offered>();
  const exports = new Map<string, Uint8Array[]>();
  const settings = new Map<string, string>();
  const listeners = new Map<EventName, Set<(value: unknown) => void>>();
  const failing = new Map<string, ErrorKind>();
  const hanging = new Set<string>();
  let lastTicket = 0;
  let status: VaultStatus = {
    state: vault,
    library: '/home/ana/.local/share/exhibit/library',
    protection: vault === 'absent' ? null : protection,
    keychain: keychain
      ? { available: true, why: '' }
      : { available: false, why: 'no secret service answers on this session’s bus' },
    custody: vault === 'unlocked' ? { state: custody, why: custody === 'intact' ? '' : CUSTODY_WHY[custody] } : null,
  };

  /** Counts up with each event: what was known of the sessions may be old. */
  let changes = 0;
  const emit = <E extends EventName>(name: E, value: EventValue<E>): void => {
    changes += 1;
    for (const listener of listeners.get(name) ?? []) listener(value);
  };

  const add = (source: string): string => {
    const recording = fakeRecording(recordings.size, source);
    recordings.set(recording.session.id, recording);
    return recording.session.id;
  };
  for (const recording of showcase) recordings.set(recording.session.id, recording);
  for (let i = 0; i < count; i++) add('files');

  const find = (id: string): FakeRecording => {
    const found = recordings.get(id);
    if (found === undefined) throw missing(`session ${id}`);
    return found;
  };
  const open = (id: string): FakeRecording => {
    const found = find(id);
    const { state, reason, todo } = found.session.lock;
    if (state === 'locked') throw new ExhibitError('no-key', `session ${id}`, reason, todo);
    return found;
  };
  const findJob = (id: string): Job => {
    const found = jobs.get(id);
    if (found === undefined) throw missing(`job ${id}`);
    return found;
  };
  const setJob = (job: Job): Job => {
    jobs.set(job.id, job);
    emit('job', job);
    return job;
  };
  const newJob = (): string => `job-${String(jobs.size + 1)}`;
  const startJob = (kind: Job['kind'], title: string): string => {
    const id = newJob();
    setJob({ id, kind, title, state: 'running', done: 0, total: 4, unit: 'steps', detail: '', startedAt: NOW, failure: null });
    return id;
  };
  const openTicket = (text: string): string => {
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / EXPORT_PIECE) }, (_, i) =>
      bytes.subarray(i * EXPORT_PIECE, (i + 1) * EXPORT_PIECE),
    );
    const ticket = `ticket-${String(++lastTicket)}`;
    exports.set(ticket, pieces);
    return ticket;
  };
  const setVault = (change: Partial<VaultStatus>): VaultStatus => {
    status = { ...status, ...change };
    status = { ...status, custody: status.state === 'unlocked' ? (status.custody ?? { state: 'intact', why: '' }) : null };
    emit('vault', status);
    return status;
  };

  /** Events to apply to stand at a moment. */
  const eventsUpTo = ({ events, session }: FakeRecording, at: Moment): number => {
    switch (at.kind) {
      case 'end':
        return events.length;
      case 'seq':
        return events.filter(({ seq }) => BigInt(seq) <= BigInt(at.seq)).length;
      case 'offset':
        return events.filter((event) => event.at <= at.atUs).length;
      case 'instant': {
        const offset = (parseInstant(at.at) ?? 0) - (parseInstant(session.startedAt!) ?? 0);
        return events.filter((event) => event.at <= offset).length;
      }
    }
  };
  const timeAt = ({ events }: FakeRecording, applied: number): number => events[applied - 1]?.at ?? 0;

  const imported = (job: string, source: string, names: readonly string[]): void => {
    const ids = names.map(() => add(source));
    results.set(
      job,
      names.map((path, i) => ({
        path,
        sessionIds: [ids[i]!],
        format: 'asciicast-v2',
        discrepancies: [],
        known: false,
        asked: true,
        failure: null,
      })),
    );
    setJob({ ...findJob(job), state: 'done', done: 4 });
    emit('library', { sessions: ids });
  };

  const matches = (session: Session, filter: Input<'sessions.list'>['filter']): boolean =>
    (filter.text ?? '')
      .toLowerCase()
      .split(/\s+/)
      .every((word) => [session.title, session.user, session.server, session.id].join(' ').toLowerCase().includes(word)) &&
    (['source', 'user', 'server', 'origin', 'group', 'environment', 'format', 'status'] as const).every(
      (name) => filter[name] === undefined || session[name] === filter[name],
    ) &&
    (filter.case === undefined || casework.inCase(session.id, filter.case)) &&
    (filter.tag === undefined || casework.tagged(session.id, filter.tag)) &&
    (filter.startedFrom === undefined || (session.startedAt ?? '') >= filter.startedFrom) &&
    (filter.startedTo === undefined || (session.startedAt ?? '~') <= filter.startedTo);
  const sortKey = (session: Session, sort: Input<'sessions.list'>['sort']): string | number => {
    switch (sort) {
      case 'duration':
        return session.durationUs;
      case 'events':
      case 'discrepancies':
        return session[sort];
      case 'title':
      case 'user':
      case 'server':
      case 'source':
        return session[sort] ?? '';
      case 'acquired':
        return session.acquiredAt;
      case 'sourceUntil':
      case 'libraryUntil': {
        const mark = retention.mark(session);
        return (mark.purgedAt === null ? mark[sort] : null) ?? '~';
      }
      case 'started':
      case undefined:
        return session.startedAt ?? '';
    }
  };

  /** The list last asked for: pages of the same one follow each other. */
  let lastList = { key: '', found: [] as readonly Session[] };
  const sorted = (
    filter: Input<'sessions.list'>['filter'],
    sort: Input<'sessions.list'>['sort'],
    descending: boolean,
  ): readonly Session[] => {
    const isByEnd = sort === 'sourceUntil' || sort === 'libraryUntil';
    const key = JSON.stringify([filter, sort, descending, recordings.size, isByEnd ? changes : 0]);
    if (lastList.key !== key) {
      const found = [...recordings.values()]
        .filter(({ session }) => matches(session, filter))
        .map(({ session }) => ({ session, value: sortKey(session, sort) }))
        .toSorted(
          (a, b) =>
            (a.value < b.value ? -1 : Number(a.value > b.value) || a.session.id.localeCompare(b.session.id)) *
            (descending ? -1 : 1),
        )
        .map(({ session }) => session);
      lastList = { key, found };
    }
    return lastList.found;
  };

  /** `fake.fail`: "name kind", the next such call fails. `fake.hang`: a call that never answers. `fake.emit`: an event, as JSON; others: fake-retention.ts. */
  const steer = (key: string, value: string): void => {
    if (key === 'fake.fail') {
      const [name = '', kind] = value.split(' ');
      failing.set(name, ERROR_KINDS.find((known) => known === kind) ?? 'bug');
    } else if (key === 'fake.hang') {
      hanging.add(value);
    } else if (key === 'fake.emit') {
      const { name, value: content } = JSON.parse(value) as { name: EventName; value: never };
      emit(name, content);
    }
    retention.steer(key, value);
  };

  const allSessions = (): Session[] => [...recordings.values()].map(({ session }) => session);
  const sources = fakeSources({
    emit,
    setJob,
    findJob,
    newJob,
    sessions: allSessions,
    held: heldSync,
    first: hasSources ? FAKE_SOURCES : [],
  });

  const casework = fakeCases({
    emit,
    sessions: allSessions,
    startJob,
    setJob,
    findJob,
    openTicket,
    offer: (job, file, onEnd) => {
      const end = (head: Uint8Array): void => {
        onEnd(head);
        setJob({ ...findJob(job), state: 'done', done: file.size });
      };
      offers.set(job, { files: [file], onEnd: end, file: 0, offset: 0, head: null });
    },
    some: hasCases === 'some',
    held: heldBundle,
  });

  const retention = fakeRetention({
    emit,
    sessions: allSessions,
    matches,
    caseOf: (ref) => {
      const { number, exhibitList } = casework.handlers['cases.show']({ case: ref });
      return { number, sessions: exhibitList.filter(({ withdrawn }) => withdrawn === null).map(({ session }) => session) };
    },
    startJob,
    setJob,
    findJob,
    openTicket,
    purge: (id) => {
      const { session } = find(id);
      const lock = {
        state: 'locked',
        code: 'purged',
        reason: 'its retention had ended, and no hold kept it',
        todo: 'its certificate says when, under which policy, and which bytes it was',
      } as const;
      const empty = { events: [], commands: [], hidden: [], discrepancies: [] };
      recordings.set(id, { ...empty, session: { ...session, lock, index: 'locked' } });
    },
    some: hasRetention === 'some',
    heldCase: hasCases === 'some' ? 'c1' : null,
    clockAhead,
    network,
    heldWork,
  });
  for (const id of purged) retention.steer('fake.purge', id);

  const withMarks = (session: Session): Session => ({
    ...session,
    reviewedBy: casework.reviewedBy(session.id),
    retention: retention.mark(session),
  });

  const handlers: Handlers = {
    ...casework.handlers,
    ...fakeCustody(allSessions()),
    ...sources.handlers,
    ...fakeDevice(emit, keys, openTicket),
    ...fakeGroups(allSessions, openTicket),
    ...fakeHistory({
      sessions: () => allSessions().map(withMarks),
      changes: () => changes,
      openTicket,
      inCase: casework.inCase,
      emit,
      withheld,
    }),
    ...retention.handlers,
    ...fakeWatch(
      () => [...recordings.keys()],
      () => startJob('watch', 'watchlists'),
    ),

    'app.info': () => ({ name: 'Exhibit', version: '0.1.0', emulator: '@xterm/headless 6.0.0', sample: true, actor: ME }),

    'vault.status': () => status,
    'vault.create': ({ protection }) => setVault({ state: 'unlocked', protection }),
    'vault.unlock': ({ passphrase }) => {
      if (passphrase === 'wrong') throw new ExhibitError('passphrase', 'unlock library', 'the passphrase is wrong', 'try again');
      return setVault({ state: 'unlocked' });
    },
    'vault.lock': () => setVault({ state: 'locked' }),
    'vault.change': ({ protection }) => setVault({ protection }),

    'library.stats': () => ({
      folder: status.library,
      sessions: recordings.size,
      events: [...recordings.values()].reduce((sum, { events }) => sum + events.length, 0),
      originalBytes: 1_200_000,
      fileBytes: 480_000,
      discrepancies: 6,
      notIndexed: 0,
      locked: 3,
      schema: 1,
      custodyEntries: 3,
    }),
    'library.verify': () => ({ job: startJob('verify', 'verify library') }),
    'library.rekey': () => null,
    'library.backup': ({ path }) => ({ job: startJob('backup', `backup to ${path}`) }),
    'library.restore': () => null,

    'import.paths': ({ paths, source = 'files' }) => {
      const job = startJob('import', `import ${paths[0]!}`);
      imported(job, source, paths);
      return { job };
    },
    'import.offer': ({ files, source = 'files' }) => {
      const job = startJob('import', `import ${files[0]!.name}`);
      const names = files.map(({ name }) => name);
      offers.set(job, { files, onEnd: () => imported(job, source, names), file: 0, offset: 0, head: null });
      return { job };
    },
    'import.next': ({ job, supply }) => {
      findJob(job);
      const offer = offers.get(job);
      if (offer === undefined) return { want: null };
      if (supply !== null) {
        offer.head ??= supply.bytes;
        offer.offset += supply.bytes.length;
      }
      while (offer.file < offer.files.length && offer.offset >= offer.files[offer.file]!.size) {
        offer.file += 1;
        offer.offset = 0;
      }
      const file = offer.files[offer.file];
      if (file === undefined) {
        offers.delete(job);
        offer.onEnd(offer.head ?? new Uint8Array());
        return { want: null };
      }
      const { file: index, offset } = offer;
      return { want: { request: (supply?.request ?? 0) + 1, file: index, offset, length: Math.min(RANGE, file.size - offset) } };
    },
    'import.sample': () => {
      const job = startJob('sample', 'open the sample case');
      imported(job, 'sample', ['sample/server.cast']);
      return { job };
    },
    'import.results': ({ job }) => results.get(findJob(job).id) ?? [],

    'jobs.list': () => [...jobs.values()],
    'jobs.wait': ({ job }) => {
      sources.finish(job);
      casework.finish(job);
      retention.finish(job);
      const found = findJob(job);
      return found.state === 'running' ? setJob({ ...found, state: 'done', done: 4 }) : found;
    },
    'jobs.cancel': ({ job }) => {
      const found = findJob(job);
      return found.state === 'running' ? setJob({ ...found, state: 'cancelled' }) : found;
    },
    'jobs.report': ({ job }) => {
      findJob(job);
      return {
        sessions: recordings.size,
        records: 9_000,
        bytes: 1_200_000,
        failures: [],
        custodyEntries: 3,
        custodyHead: CUSTODY_HASH,
      };
    },

    'sessions.list': ({ filter, sort, descending = false, cursor, limit = 100 }) => {
      const found = sorted(filter, sort, descending);
      const from = Number(cursor ?? 0);
      const next = from + limit < found.length ? String(from + limit) : null;
      return {
        total: found.length,
        sessions: found.slice(from, from + limit).map(withMarks),
        next,
        withheld: withheld ? [WITHHELD] : [],
      };
    },
    'sessions.show': ({ id }) => {
      const { session, events, discrepancies } = find(id);
      return {
        ...withMarks(session),
        metadata: JSON.stringify({ version: 2, width: COLS, height: ROWS, title: session.title }),
        discrepancyList: [...discrepancies],
        proof: [
          { property: 'content', verdict: 'not-proven', reason: 'plain text from the source' },
          { property: 'order', verdict: 'proven', reason: `${String(events.length)} events, none missing or repeated` },
          { property: 'uniqueness', verdict: 'not-proven', reason: 'nothing is encrypted' },
          { property: 'time', verdict: 'not-proven', reason: 'the source claims its own clock' },
          { property: 'completeness', verdict: 'proven', reason: 'the session ended with status 0' },
          { property: 'custody', verdict: 'proven', reason: 'unchanged since it was acquired' },
        ],
        parts: [{ name: 'server.cast', role: 'original', size: 20_480, sha256: CUSTODY_HASH }],
        openedWith: session.format === 'rstream' && session.lock.state === 'open' ? OPENED_WITH : null,
        records: events.length + 1,
        root: CUSTODY_HASH,
        growing: live || retention.isLive(id),
        piped: false,
      };
    },
    'sessions.events': ({ id, from = 0, limit = 1000, data = false }) => {
      const recording = find(id);
      const to = Math.min(recording.events.length, from + limit);
      return { events: eventRows(recording, from, to, data), next: to < recording.events.length ? to : null };
    },
    'sessions.commands': ({ id }) => ({ commands: [...open(id).commands], next: null }),
    'sessions.hidden': ({ id }) => [...open(id).hidden],
    'sessions.participants': ({ id }) => fakeParticipants(find(id).session),
    'sessions.screen': ({ id, at }) => {
      const recording = open(id);
      const applied = eventsUpTo(recording, at);
      const screen = screenAfter(recording, applied);
      const cursorRow = screen.findLastIndex((line) => line !== '');
      return {
        atUs: timeAt(recording, applied),
        seq: recording.events[applied - 1]?.seq ?? null,
        events: applied,
        cols: COLS,
        rows: ROWS,
        cursorRow: Math.max(0, cursorRow),
        cursorCol: screen[cursorRow]?.length ?? 0,
        cursorVisible: true,
        pendingWrap: false,
        alternate: false,
        title: '',
        modes: {},
        screen,
      };
    },
    'sessions.still': ({ id, at }) => {
      const recording = open(id);
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="480"><rect width="800" height="480"/></svg>';
      return {
        atUs: timeAt(recording, eventsUpTo(recording, at)),
        mediaType: 'image/svg+xml',
        bytes: new TextEncoder().encode(svg),
      };
    },
    'frames.certificate': ({ id }) => {
      open(id);
      return { text: '{\n  "schema": "exhibit-frame/1"\n}\n' };
    },
    'frames.check': ({ id }) => {
      open(id);
      return { holds: true, steps: [{ what: 'event', holds: true, detail: '41' }] };
    },

    'replay.timeline': ({ id }) => fakeTimeline(find(id)),
    'replay.activity': ({ id, fromUs, toUs, buckets }) => {
      const sums = (stream: 'stdin' | 'stdout'): number[] => {
        const bytes = Array.from({ length: buckets }, () => 0);
        for (const event of find(id).events) {
          const bucket = Math.floor(((event.at - fromUs) * buckets) / Math.max(1, toUs - fromUs));
          const length = event.kind === 'data' ? event.bytes.length : event.kind === 'sealed' ? event.length : 0;
          if ((event.kind === 'data' || event.kind === 'sealed') && event.stream === stream && bucket in bytes)
            bytes[bucket]! += length;
        }
        return bytes;
      };
      const output = sums('stdout');
      return { fromUs, toUs, output, input: sums('stdin'), change: output.map((bytes) => Math.min(COLS * ROWS, bytes)) };
    },
    'replay.window': ({ id, at }) => {
      const recording = find(id);
      const target = eventsUpTo(recording, at);
      const atUs = at.kind === 'offset' ? Math.min(at.atUs, recording.session.durationUs) : timeAt(recording, target);
      return { keyframe: null, runs: [run(recording, 0, target)], target, atUs };
    },
    'replay.events': ({ id, from }) => {
      const recording = find(id);
      const to = Math.min(recording.events.length, from + 50);
      return { runs: [run(recording, from, to)], next: to < recording.events.length ? to : null };
    },
    'replay.viewed': ({ id }) => {
      find(id);
      return null;
    },

    'search.assist': ({ query, cursor }) => {
      const parsed = parseQuery(query);
      const completion = completeAt(query, cursor, () => []);
      return {
        faults: parsed.kind === 'wrong' ? [...parsed.faults] : [],
        completion: { ...completion, choices: [...completion.choices] },
      };
    },
    'search.run': ({ query, sessionId, course, offset = 0, limit = 100 }) => {
      const scope = sessionId === undefined ? [...recordings.values()] : [find(sessionId)];
      const locked = scope.filter(({ session }) => session.lock.state === 'locked');
      const searched = scope.filter(({ session }) => session.lock.state === 'open');
      const hits = searched.flatMap(({ session, events }) =>
        events.flatMap((event, index) => {
          const text = event.kind === 'data' && event.stream === 'stdout' ? new TextDecoder().decode(event.bytes) : '';
          const line = text.split('\r\n').find((part) => part.includes(query));
          if (line === undefined) return [];
          const place = { fromUs: event.at, toUs: session.durationUs, index, row: null, col: null };
          const match = { text: line, matchStart: line.indexOf(query), matchLength: query.length };
          return [{ sessionId: session.id, in: 'printed' as const, ...place, ...match }];
        }),
      );
      const onward = hits.filter(({ fromUs }) => fromUs >= (course?.fromUs ?? 0));
      const counts = Map.groupBy(hits, ({ sessionId: id }) => id);
      return {
        total: hits.length,
        complete: true,
        before: hits.length - onward.length,
        hits: onward.slice(offset, offset + limit),
        sessions: [...counts].map(([id, found]) => ({ id, hits: found.length })),
        sessionCount: counts.size,
        facets: [],
        histogram: null,
        notSearched: locked.map(({ session }) => ({ id: session.id, reason: session.lock.reason })),
        notSearchedCount: locked.length,
        withheld: [],
      };
    },

    'export.open': ({ id, format }) => {
      const recording = format === 'json' ? find(id) : open(id);
      const text = `${screenAfter(recording, recording.events.length).join('\n').trimEnd()}\n`;
      const ticket = openTicket(format === 'json' ? text.padEnd(JSON_EXPORT) : text);
      return { ticket, fileName: `${id}.${EXTENSIONS[format]}`, mediaType: 'text/plain', warnings: [] };
    },
    'export.openSessions': ({ ids }) => ({
      ticket: openTicket(ids.map((id) => `${find(id).session.id}\n`).join('')),
      fileName: 'sessions-2026-11-23.zip',
      mediaType: 'application/zip',
      warnings: [],
    }),
    'export.text': ({ fileName, text }) => ({ ticket: openTicket(text), fileName }),
    'export.read': ({ ticket }) => {
      const pieces = exports.get(ticket);
      if (pieces === undefined) throw missing('export');
      return { bytes: pieces.shift() ?? null };
    },
    'export.close': ({ ticket }) => {
      exports.delete(ticket);
      return null;
    },

    'custody.accept': () => setVault({ custody: { state: 'intact', why: '' } }),
    'custody.verify': () => ({
      intact: true,
      entries: 1,
      head: CUSTODY_HASH,
      brokenAt: null,
      reason: 'every entry links to the one before',
      pinned: 'matches',
    }),

    'settings.get': () => Object.fromEntries(settings),
    'settings.set': ({ key, value }) => {
      if (key.startsWith('fake.')) steer(key, value);
      else settings.set(key, value);
      return null;
    },
  };

  const unchecked: Api = {
    call: async <K extends CallName>(name: K, input: Input<K>): Promise<Output<K>> => {
      const kind = failing.get(name);
      failing.delete(name);
      if (kind !== undefined) throw new ExhibitError(kind, name, 'the fake was told to fail', 'try again');
      if (hanging.has(name)) return new Promise(() => undefined);
      const handler = handlers[name] as (given: Input<K>) => Output<K> | Promise<Output<K>>;
      return handler(input);
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (value: unknown) => void);
      return () => set.delete(listener as (value: unknown) => void);
    },
  };
  return {
    on: unchecked.on,
    call: <K extends CallName>(name: K, input: Input<K>) => checkedCall(unchecked, name, input) as Promise<Output<K>>,
  };
}
